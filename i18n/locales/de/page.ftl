# Texte, die jemanden aus dem Schlaf holen. Erst Kennung und Problem, dann wo und seit wann, dann wie man
# übernimmt. SMS und Pager sind GSM-7: gerade Anführungszeichen, Bindestriche, drei Punkte.
page-push-title = { $code } { $summary }
page-push-body =
    { $code }: { $summary }
    { $service }, { $severity }, seit { $when }
    Zum Übernehmen unten „{ page-push-link }“ antippen.
page-push-link = Ich übernehme
page-mail-subject = [{ $code }] { $severity }: { $summary }
page-mail-subject-plain = [{ $code }] { $summary }
page-sms =
    { $code } { $summary }
    { $service }, seit { $when }
    Ich übernehme: { $link }
page-sms-reply = Oder antworten: OK { $reply }
page-pager = { $code } { $summary } / { $service } seit { $when } / OK: { $link }
page-pager-take = Ich habs
page-pager-escalate = Weiter

page-digest = { $count } Alarme: { $list }
page-digest-more = +{ $count } weitere
page-digest-body =
    { $lines }
    Um { $code } zu übernehmen, unten „{ page-push-link }“ antippen.
page-digest-sms =
    { $count } Alarme: { $list }
    { $code } übernehme ich: { $link }
page-digest-pager = { $count } Alarme: { $list } / OK { $code }: { $link }
page-repeat = Wiederholung: Ob die erste Alarmierung ankam, ist nicht bekannt.
page-late = Diese Alarmierung kommt { $span } zu spät.
page-repeat-short = Wiederholung
page-late-short = { $span } zu spät
page-work-yours = Fällt in die eigenen geplanten Arbeiten „{ $what }“, bis { $until }.
page-work-on = Geplante Arbeiten laufen: „{ $what }“ ({ $worker }), bis { $until }. Von dort hat niemand übernommen.
page-work-over = Geplante Arbeiten beendet, die Störung bleibt: „{ $what }“ ({ $worker }).
page-work-yours-short = eigene Arbeiten
page-work-on-short = Arbeiten laufen
page-work-over-short = Arbeiten beendet
page-test = Probealarm
page-test-summary = Probealarm. Es liegt keine Störung vor, bitte nur übernehmen.
page-test-body =
    { $code }: { page-test-summary }
    Gesendet: { $when }
    Zum Übernehmen unten „{ page-push-link }“ antippen.
page-test-sms =
    { $code } { page-test-summary }
    Gesendet: { $when }
    Ich übernehme: { $link }
page-test-pager = { $code } { page-test-summary } / Gesendet: { $when } / OK: { $link }

page-reference-only = { $code } Alarm für { $service }
page-reference-only-body =
    { $code }: Alarm für { $service }
    Seit { $when }
    Einzelheiten und „{ page-push-link }“ unten.
page-reference-only-sms =
    { $code } Alarm für { $service }
    Seit { $when }
    Ich übernehme: { $link }
page-reference-only-pager = { $code } { $service } seit { $when } / OK: { $link }

# Was das Haus jemandem mitteilt. Keine Störung, nichts klingelt.
page-message-title = { $code } Hot Potato
page-message-body =
    { $text }
    Gelesen: unten „{ page-push-link }“ antippen.
page-message-sms =
    { $code } { $text }
    { $link }
page-message-pager = { $code } { $text } / { $link }
page-shift-begins = Bereitschaft in { $rota } beginnt jetzt, bis { $until }.
page-shift-begins-after = Bereitschaft in { $rota } beginnt jetzt, bis { $until }. Vorher: { $others }.
page-shift-begins-asked = Bereitschaft in { $rota } beginnt jetzt, bis { $until }. Bis zur Bestätigung bleibt auch { $others } in Bereitschaft.
page-shift-stays = Bereitschaft in { $rota } wäre zu Ende, läuft aber weiter, bis die Nachfolge sie bestätigt hat.
page-shift-ends = Bereitschaft in { $rota } ist zu Ende. Jetzt: { $others }.
page-shift-ends-nobody = Bereitschaft in { $rota } ist zu Ende, und danach hat niemand Bereitschaft.
page-work-ends = Geplante Arbeiten "{ $what }" enden um { $until }. Was dann noch gestört ist, geht an die Bereitschaft. Dauert es länger: hotpotato work extend { $id } --by 30m
page-work-taken = Geplante Arbeiten "{ $what }" ({ $worker }) sind beendet. { $count ->
    [one] 1 Alarm ging
   *[other] { $count } Alarme gingen
 } dorthin.
page-still-open = Offen: { $codes }.
page-nothing-open = Nichts ist offen.
page-contact-broken = Ihr Kontaktweg { $contact } geht nicht: { $why }. Er wird übersprungen, bis er wieder geht. Bitte prüfen, dann: hotpotato contact verify
page-contact-broken-of = Kontaktweg { $contact } von { $person } geht nicht: { $why }. Er wird übersprungen, bis er wieder geht.
page-contact-unanswered = Der Probealarm über Ihren Kontaktweg { $contact } blieb ohne Antwort. Falls er nie ankam: bitte prüfen, dann: hotpotato contact verify
page-contact-unknown = der Anbieter kennt die Adresse nicht
page-contact-refused = der Anbieter lehnt ihn ab
page-contact-undelivered = nichts davon kam an
page-contact-code = { $code } ist der Code für Ihren Kontaktweg { $contact }, bis { $until }. Bestätigen: hotpotato contact confirm

page-house-alarm-title = [NO-LOG] Hot Potato braucht Hilfe
page-no-log = [NO-LOG] Das Ereignisprotokoll nimmt nichts an, Alarme werden nicht aufgezeichnet. Grund: { $reason }. Bitte sofort den Server prüfen.
page-quarantine = [NO-LOG] Alarm { $code } lässt sich nicht mehr einlesen und wurde beiseitegelegt. Dafür wird sonst niemand alarmiert: bitte selbst darum kümmern.
page-nobody-to-page = [NO-LOG] Alarm { $code } hat niemanden zu alarmieren, auch keinen Ersatz. Bitte selbst übernehmen und die Eskalation berichtigen.
page-unaccounted = [NO-LOG] Die Bilanz stimmt nicht: Der Verbleib von { $count ->
        [one] { $count } angenommenen Störung
       *[other] { $count } angenommenen Störungen
    } ist unklar. "hotpotato ledger" nennt sie: bitte selbst darum kümmern.
page-no-route = [NO-LOG] Meldungen von { $source } führen nirgendwohin: keine Route passt. Bis dahin werden sie abgelehnt. Bitte eine letzte Route eintragen.
page-provider-ill = [NO-LOG] Der Kanal { $channel } würde keine Alarmierung annehmen: { $detail }. Bis das behoben ist, wird nur über andere Kanäle alarmiert.
page-certificate-ends = [NO-LOG] Das Zertifikat des Kanals { $channel } läuft ab: { $when } (UTC). Danach geht dort keine Alarmierung mehr hinaus. Bitte beim Anbieter für ein neues sorgen.
page-operators-contact = Kontaktweg { $contact } von { $person } geht nicht und wird übersprungen, bis er wieder geht. Alle, die nicht gehen: hotpotato contact list --broken
page-operators-unanswered = Der Probealarm über Kontaktweg { $contact } von { $person } blieb ohne Antwort. Er wird weiter benutzt; ob er jemanden erreicht, ist offen. Die Person weiß davon, sofern sie einen anderen Kontaktweg hat.
page-configuration-unreadable = [NO-LOG] Ein Teil der Konfiguration ist nicht aus dem Protokoll lesbar. Der Betrieb geht ohne ihn weiter: bitte jetzt nach dem Server sehen.

# A provider's account runs low: told over another channel.
page-account-low-title = Hot Potato braucht Hilfe
page-account-low = Kanal { $channel }: nur noch { $left } von { $limit } Nachrichten bis { $until }. Danach wird darüber niemand mehr alarmiert. Bitte aufstocken, oder die Kontaktfolgen mit einem anderen Kanal beginnen.

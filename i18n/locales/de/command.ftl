# Was die Kommandozeile antwortet. Gerade Anführungszeichen, damit sich das Zitierte kopieren lässt.
command-acknowledged = Alarm { $code } übernommen.
command-acknowledged-until = Alarm { $code } übernommen, bis { $until }.
command-resolved = Alarm { $code } ist behoben.
command-noted = Die Notiz steht im Verlauf von Alarm { $code }.
command-escalated = Alarm { $code } ist jetzt auf der nächsten Stufe.
command-held = Alarm { $code } ist zurückgestellt bis { $until }; bis dahin wird niemand alarmiert, außer er wird kritisch.
command-held-unless-joined = Alarm { $code } ist zurückgestellt bis { $until } oder bis { $count ->
        [one] eine weitere Störung dazukommt
       *[other] { $count } weitere Störungen dazukommen
    }; bis dahin wird niemand alarmiert, außer er wird kritisch.
command-unheld = Alarm { $code } ist nicht mehr zurückgestellt; es wird jetzt wieder alarmiert.
command-not-held = Alarm { $code } ist nicht zurückgestellt.
command-held-by-work = Geplante Arbeiten halten Alarm { $code } zurück. "hotpotato work list" zeigt welche; beenden mit "hotpotato work end".
command-held-state = { $state } bis { $until }
command-column-hold = ZURÜCKGESTELLT VON
command-hold-terms = { $person }, außer der Alarm wird kritisch
command-hold-terms-unless-joined = { $person }, außer der Alarm wird kritisch oder { $count ->
        [one] eine weitere Störung kommt dazu
       *[other] { $count } weitere Störungen kommen dazu
    }
command-already-acknowledged = { $person } hat Alarm { $code } bereits übernommen.
command-already-resolved = Alarm { $code } ist schon behoben; es ist nichts mehr zu tun.
command-unknown-alert = Einen Alarm { $id } gibt es nicht. "hotpotato alerts" zeigt die offenen.
command-code-shared = Mehrere offene Alarme haben die Kennung { $code }. Bitte die ID des gemeinten angeben: { $ids }.
command-unknown-person = Eine Person { $person } gibt es nicht. "hotpotato export" zeigt alle.
command-person-unreachable = Für { $person } gibt es keinen nutzbaren Kontaktweg. Bitte einen mit "hotpotato apply" eintragen.
command-contact-unreachable = Für { $person } gibt es keinen nutzbaren Kontaktweg { $contact }. "hotpotato export" zeigt die vorhandenen.
command-server-unreachable = Der Server unter { $url } ist nicht erreichbar. Bitte prüfen, ob er läuft, oder HOTPOTATO_URL auf die richtige Adresse setzen.
command-token-refused = Der Server akzeptiert das Token nicht. Bitte HOTPOTATO_TOKEN_FILE oder HOTPOTATO_TOKEN setzen; das erste Token liegt als owner.token im Datenverzeichnis des Servers.
command-url-invalid = { $url } ist keine Serveradresse. Bitte HOTPOTATO_URL auf eine wie http://127.0.0.1:8080 setzen.
command-token-file-unreadable = Das Token in { $file } lässt sich nicht lesen: { $why }. Bitte HOTPOTATO_TOKEN_FILE auf eine lesbare Datei setzen.
command-server-strange = Unter { $url } antwortet kein Hot-Potato-Server (Status { $number }). Bitte HOTPOTATO_URL auf die richtige Adresse setzen.
command-server-refused = Der Server lehnt ab: { $reason }
command-not-yet-raised = Alarm { $code } war zu diesem Zeitpunkt noch nicht ausgelöst. Bitte nach einem späteren fragen.

command-plan-added = + neu: { $kind } { $name }
command-plan-changed = ~ geändert: { $kind } { $name }
command-plan-removed = - gelöscht: { $kind } { $name }
command-plan-empty = Nichts zu tun: Das Haus entspricht bereits den Dateien.
command-plan-summary =
    Plan: { $added ->
        [one] { $added } neuer Eintrag
       *[other] { $added } neue Einträge
    }, { $changed ->
        [one] { $changed } Änderung
       *[other] { $changed } Änderungen
    }, { $removed ->
        [one] { $removed } Löschung
       *[other] { $removed } Löschungen
    }
command-dry-run = Probelauf: Es wurde nichts geändert. Ohne --dry-run wird der Plan ausgeführt.
command-applied = Übernommen und schon in Kraft.
command-check-ok =
    { $warnings ->
        [0] Keine Fehler.
        [one] Keine Fehler, { $warnings } Warnung.
       *[other] Keine Fehler, { $warnings } Warnungen.
    }
command-check-failed =
    { $mistakes ->
        [one] { $mistakes } Fehler. Bitte berichtigen und erneut prüfen; es wurde nichts geändert.
       *[other] { $mistakes } Fehler. Bitte berichtigen und erneut prüfen; es wurde nichts geändert.
    }

command-verify-ok =
    Das Ereignisprotokoll ist unversehrt: { $records ->
        [one] { $records } Eintrag
       *[other] { $records } Einträge
    } in { $streams ->
        [one] { $streams } Verlauf
       *[other] { $streams } Verläufen
    }.
command-verify-broken = Das Ereignisprotokoll ist beschädigt, Position { $position }, Verlauf { $stream }: { $what }. Bitte zuerst eine Kopie des Datenverzeichnisses sichern.
command-verify-damaged = Die Dateien sind beschädigt: { $what }. Bitte zuerst eine Kopie des Datenverzeichnisses sichern.

command-test-page-sent = Probealarm an { $person } ist unterwegs.
command-test-page-result = { $channel } ({ $contact }): { $result }
command-test-page-not-taken = Kein Anbieter hat den Probealarm an { $person } angenommen. Die Zeilen darüber sagen, warum; bitte die Kontaktwege und die Kanäle in hotpotato.toml prüfen.
command-test-page-later = Wie es weitergeht: hotpotato alert show { $code }

command-who = { $person }: { $reason }
command-why-named = in Stufe { $step } genannt
command-why-rota = in Bereitschaft nach Plan { $rota } (Ebene { $layer }, Schicht von { $from } bis { $until })
command-why-override = Vertretung im Plan { $rota } (von { $from } bis { $until })
command-why-for = vertritt { $of } im Plan { $rota } (Vertretung { $id }, von { $from } bis { $until })
command-why-also = zusätzlich in Bereitschaft nach Plan { $rota } (Vertretung { $id }, von { $from } bis { $until })
command-why-all-hands = ganzes Team { $team } bis { $until } (Vertretung { $id })
command-why-team = Mitglied im Team { $team }
command-why-fallback = Rückfallebene nach der letzten Stufe
command-why-next =
    { $number ->
        [one] als Nächstes an der Reihe im Plan { $rota }
       *[other] { $number } Schichten später im Plan { $rota }
    }
command-fallback = Rückfallebene
command-nobody-on-call = Niemand ist in Bereitschaft.

command-alerts-empty = Keine offenen Alarme.
command-replay-at = Offene Alarme, Stand { $when }
command-column-code = Kennung
command-column-summary = Was
command-column-service = Dienst
command-column-severity = Schweregrad
command-column-state = Stand
command-column-since = Seit
command-column-person = Person
command-column-rota = Plan
command-column-from = Von
command-column-until = Bis
command-column-layer = Ebene
command-column-step = Stufe
command-unknown-rota = Einen Bereitschaftsplan { $rota } gibt es in diesen Dateien nicht.
command-unknown-override = Eine Vertretung { $id } gibt es nicht. "hotpotato override list" zeigt sie.
command-shifts-backwards = Das Ende muss nach dem Anfang liegen.
command-shifts-too-long = Höchstens zwei Jahre auf einmal.
command-shift-override = Vertretung { $id }
command-shift-layer = Ebene { $layer }
command-overrides-empty = Keine laufende oder kommende Vertretung.
command-override-asked = wartet auf { $person }
command-override-in-force = gilt
command-override-over = beendet
command-override-for = { $by } für { $of } in { $rota }
command-override-nobody = niemand für { $of } in { $rota }
command-override-also = zusätzlich { $person } in { $rota }
command-override-all-hands = alle aus { $team }
command-override-reason = { $id }: { $text }
command-override-overruled = { $id }: Bei Überschneidung gilt die spätere Entscheidung: { $ids }
command-column-override = Vertretung
command-column-what = Was
command-column-why = Warum
command-column-wait = Warten
command-column-id = ID
command-column-runbook = Runbook
command-column-changes = Zuvor geändert
command-column-paged = Alarmiert
command-column-labels = Labels

command-why-work = führt bis { $until } geplante Arbeiten durch ({ $id })
command-unknown-work = Geplante Arbeiten { $id } gibt es nicht. „hotpotato work list“ zeigt sie.
command-work-empty = Keine laufenden oder kommenden geplanten Arbeiten.
command-work-unsaid = Geplante Arbeiten
command-work-on = laufen
command-work-holds = laufen, Alarme zurückgestellt
command-work-planned = geplant
command-work-over = beendet
command-work-repeats = { $id }: { $count ->
    [one] noch ein Mal
   *[other] noch { $count } Mal
 }, bis { $until }
command-work-taken = { $count ->
    [one] 1 Alarm ging dorthin.
   *[other] { $count } Alarme gingen dorthin.
 } Noch offen: { $open }
command-work-preview = In den letzten { $days } Tagen wären { $count ->
    [one] 1 Alarm
   *[other] { $count } Alarme
 } dorthin gegangen; bei { $acted } hatte jemand eingegriffen.
command-who-hand-over = weiter mit Eskalation { $policy }
command-who-wanted = bis { $wanted } übernommen haben
command-who-work = Geplante Arbeiten { $id } bis { $until }: „{ $what }“. Zuerst wird { $person } alarmiert.
command-who-hold = Geplante Arbeiten { $id } bis { $until }: „{ $what }“ ({ $person }). Vor ihrem Ende wird niemand alarmiert, außer ein Alarm ist kritisch.
command-who-work-only = Nur Alarme mit { $scope }.
command-handed-over = { $code } ist weitergegeben.
command-nobody-there = Eine Eskalation oder ein Team { $name }, das jemanden erreichen könnte, gibt es nicht. „hotpotato export“ zeigt sie.
command-column-work = Arbeiten
command-column-worker = Wer
command-column-scope = Alarme
command-column-acted = Eingegriffen

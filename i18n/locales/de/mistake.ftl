# Was an Konfigurationsdateien nicht stimmt. Gerade Anführungszeichen, damit sich das Zitierte kopieren lässt.
mistake-warning = Warnung
mistake-did-you-mean = Ist "{ $near }" gemeint?

mistake-file-unreadable = Die Datei lässt sich nicht lesen: { $why }.
mistake-file-not-text = Das ist keine Textdatei in UTF-8. Bitte als UTF-8 speichern oder eine andere Datei angeben.
mistake-file-too-large = Die Datei hat mehr als { $max } Bytes. Bitte auf mehrere Dateien verteilen und alle angeben.
mistake-syntax = Die Datei ist hier nicht wohlgeformt: { $why }. Bitte Einrückung, Anführungszeichen und Klammern an dieser Stelle und kurz davor prüfen.
mistake-too-deep = Mehr als { $max } Ebenen ineinander. Die Konfiguration braucht weit weniger; bitte die Klammern prüfen.
mistake-alias-refused = Verweise ("*name") werden nicht unterstützt, weil sie eine Datei ins Riesige wachsen lassen können. Bitte den Wert hier ausschreiben.
mistake-tag-refused = Typangaben ("{ $tag }") werden nicht unterstützt. Bitte weglassen und Text in Anführungszeichen setzen.
mistake-several-documents = Hier beginnt ein zweites Dokument. Bitte in eine eigene Datei legen und beide angeben, oder das "---" entfernen.
mistake-nothing-defined = Die Dateien definieren gar nichts. Bitte die Dateien mit Personen, Bereitschaftsplänen, Eskalationsregeln und Diensten angeben.
mistake-key-not-text = Ein Schlüssel muss Text sein. Bitte als Namen in Anführungszeichen schreiben.
mistake-duplicate-key = "{ $key }" steht hier zweimal, zuerst in { $place }. Bitte nur eines von beiden behalten.
mistake-defined-twice = { $kind } "{ $name }" ist schon definiert, in { $place }. Bitte nur eine Definition behalten oder eine umbenennen.
mistake-unknown-key = "{ $key }" bedeutet hier nichts. Möglich: { $known }.
mistake-missing = "{ $field }" fehlt. Bitte ergänzen, zum Beispiel: { $field }: { $example }
mistake-wrong-type = Erwartet: { $expected }; gefunden: { $found }. Bitte zum Beispiel schreiben: { $example }
mistake-shape-map = Schlüssel mit Werten
mistake-shape-list = eine Liste
mistake-shape-text = Text
mistake-shape-number = eine ganze Zahl
mistake-shape-yes-no = true oder false
mistake-shape-nothing = nichts
mistake-bad-span = "{ $text }" ist keine Zeitspanne. Bitte Zahlen mit w, d, h, m, s oder ms schreiben, etwa 90s, 2m oder 1h30m.
mistake-bad-turn = "{ $text }" sagt nicht, wann die Übergabe ist. Bitte eine Zahl von Stunden, Tagen, Wochen oder Monaten schreiben, etwa 12h, 1d, 1w oder 1mo.
mistake-bad-hours = "{ $text }" sagt keine Zeiten der Woche. Bitte Tage und Uhrzeiten in Anführungszeichen schreiben, etwa "Mon-Fri 18:00-08:00" oder "Sat-Sun 00:00-24:00".
mistake-one-way = In den nächsten 14 Tagen hängt diese Stufe zeitweise von Personen ab, die nur über einen Kanal erreichbar sind: Fällt er aus, erreicht sie niemanden. Bitte einen zweiten Kontaktweg über einen anderen Kanal in ihre Kontaktfolge aufnehmen.
mistake-gaps =
    { $count ->
        [one] In den nächsten 60 Tagen erreicht diese Stufe von { $from } bis { $until } ({ $zone }) niemanden. Der Alarm geht dann sofort an die nächste.
       *[other] In den nächsten 60 Tagen erreicht diese Stufe { $count } Mal niemanden, zuerst von { $from } bis { $until } ({ $zone }). Ein Alarm geht dann sofort an die nächste.
    }
mistake-handover-skipped = Die Übergabe am { $planned } ({ $zone }) fällt in die Stunde, die bei der Zeitumstellung ausfällt: Sie ist am { $shown }.
mistake-handover-repeated = Die Übergabe am { $planned } ({ $zone }) fällt in die Stunde, die es bei der Zeitumstellung zweimal gibt: Es gilt das erste Mal ({ $first }), nicht das zweite ({ $again }).
mistake-member-dates = Das Ende liegt vor dem Anfang: `until` muss später sein als `from`.
mistake-handover-year = Die erste Übergabe liegt im Jahr { $year }. Möglich sind die Jahre { $min } bis { $max }: Bitte den Zeitpunkt schreiben, ab dem der Bereitschaftsplan gilt, oder eine Übergabe aus jüngerer Zeit.
mistake-bad-local-time = "{ $text }" ist keine Ortszeit mit Datum. Bitte in der Zeitzone des Bereitschaftsplans schreiben, etwa "2026-11-02T09:00".
mistake-bad-choice = "{ $text }" ist hier nicht möglich. Möglich: { $known }.
mistake-out-of-range = { $number } liegt außerhalb des Möglichen. Bitte eine Zahl von { $min } bis { $max } schreiben.
mistake-span-too-long = Das ist zu lang. Möglich ist höchstens { $span }.
mistake-contact-form = Ein Kontaktweg hat genau einen Kanal. Bitte eines von pushover, sms und pager behalten und den anderen eigene Namen geben.
mistake-target-form = Ein Ziel nennt genau einen Bereitschaftsplan, eine Person oder ein Team. Bitte für jedes einen eigenen Eintrag schreiben.
mistake-offset-without-rota = "offset" meint die Nächsten in einem Bereitschaftsplan, und hier ist keiner. Bitte entfernen oder einen Plan nennen.

mistake-overrides-not-built = Vertretungen stehen nicht in den Dateien: Menschen legen sie an, und `apply` lässt sie in Ruhe. Bitte `hotpotato override add` verwenden.
mistake-work-not-built = Geplante Arbeiten stehen nicht in den Dateien: Menschen legen sie an, und `apply` lässt sie in Ruhe. Bitte `hotpotato work start` verwenden.
mistake-matcher-not-built = Zuordnungen können nicht nach "{ $name }" fragen. Bitte davor eine Zuordnung setzen, die das nimmt, was hier nicht gemeint ist; ohne die Bedingung würde diese hier zu viel treffen.
mistake-channel-not-built = Der Kanal "{ $name }" wird noch nicht unterstützt. Es gibt: { $known }.

mistake-key-file-unreadable = Der Schlüssel lässt sich nicht aus { $file } lesen: { $why }. Der Pfad zählt ab der Datei, die ihn nennt.
mistake-key-file-empty = { $file } enthält keinen Schlüssel. Bitte einen langen zufälligen hineinschreiben.
mistake-key-file-too-large = { $file } hat mehr als { $max } Bytes; das ist kein Schlüssel. Bitte den Pfad prüfen.
mistake-key-short = Der Schlüssel in { $file } hat nur { $count } Zeichen und lässt sich womöglich erraten. Bitte mindestens { $min } zufällige verwenden.
mistake-key-not-for-address = Der Schlüssel in { $file } hat Zeichen, die so nicht in einer Adresse stehen können. Bitte Buchstaben, Ziffern, "-", "_", "." und "~" verwenden, oder der Absender maskiert sie.
mistake-key-shared = Die Quelle "{ $source }" hat denselben Schlüssel. Bitte jeder Quelle einen eigenen geben; sonst lassen sich ihre Meldungen nicht unterscheiden.

mistake-default-time-zone = "time_zone" fehlt; Zeiten werden in UTC genannt. Bitte die eigene der Person ergänzen, zum Beispiel: time_zone: Europe/Berlin
mistake-bad-name = "{ $name }" kann hier kein Name sein. Bitte bis zu 63 Zeichen aus a-z, 0-9, "-" und "_" verwenden, am Anfang ein Buchstabe oder eine Ziffer.
mistake-text-empty = Hier steht nichts. Bitte Text schreiben oder den Schlüssel entfernen.
mistake-text-too-long = Der Text ist zu lang. Möglich sind bis zu { $max } Zeichen.
mistake-control-character = Der Text enthält einen Zeilenumbruch oder ein anderes unsichtbares Zeichen. Bitte auf einer Zeile und ohne Steuerzeichen schreiben.
mistake-too-many = Das sind zu viele Einträge. Möglich sind bis zu { $max }.
mistake-unknown = { $kind } "{ $name }" ist nirgends definiert.
mistake-unknown-contact = Diese Person hat keinen Kontaktweg "{ $contact }". Bitte einen von denen unter "contacts" nennen.
mistake-section-absent = Die Dateien enthalten kein "{ $section }"; die Namen daraus wurden nicht geprüft.
mistake-unknown-time-zone = "{ $name }" ist keine Zeitzone. Bitte einen IANA-Namen schreiben, etwa Europe/Berlin.
mistake-phone-form = "{ $address }" ist keine Telefonnummer in internationaler Form. Bitte "+", Landesvorwahl und Nummer ohne Leerzeichen schreiben, etwa "+393331234567".
mistake-pushover-form = Das sieht nicht wie ein Pushover-Benutzerschlüssel aus; der hat 30 Buchstaben und Ziffern. Bitte von der Pushover-Seite der Person kopieren.
mistake-pager-form = "{ $address }" kann keine Pager-Nummer sein. Bitte bis zu 63 sichtbare Zeichen ohne Leerzeichen schreiben, etwa "7311".
mistake-address-form = "{ $address }" kann keine Adresse für den Kanal { $channel } sein. Bitte so schreiben: { $example }.
mistake-empty-members = Hier steht niemand. Bitte mindestens eine Person nennen.
mistake-empty-layers = Der Bereitschaftsplan hat keine Ebenen, also wäre nie jemand in Bereitschaft. Bitte mindestens eine ergänzen.
mistake-empty-hours = Die Ebene nennt keine Zeiten, zu denen jemand Bereitschaft hat. Bitte mindestens eine nennen, etwa "Mon-Fri 18:00-08:00", oder "hours" weglassen: Dann gilt sie immer.
mistake-empty-steps = Die Eskalationsregel hat keine Stufen. Bitte mindestens eine ergänzen.
mistake-empty-targets = Die Stufe alarmiert niemanden. Bitte einen Bereitschaftsplan, eine Person oder ein Team nennen oder die Stufe entfernen.
mistake-contact-unused = Die Kontaktfolge verwendet "{ $contact }" nie. Bitte dort ergänzen oder den Kontaktweg entfernen.
mistake-zero = "{ $field }" muss mehr als nichts sein. Bitte zum Beispiel schreiben: { $field }: { $example }
mistake-zero-wait = Hier hat niemand Zeit zu antworten: Die nächste Stufe folgt sofort. Bitte länger warten, etwa 10m, falls das nicht so gemeint ist.
mistake-policy-reaches-nobody = Diese Eskalationsregel kann niemanden erreichen: Keine der genannten Personen hat einen Kontaktweg. Bitte einen unter "contacts" ergänzen oder jemand anderen nennen.
mistake-step-reaches-nobody = Diese Stufe kann niemanden erreichen: Keine der genannten Personen hat einen Kontaktweg.
mistake-person-without-contacts = Die Eskalationsregel "{ $name }" kann diese Person alarmieren, aber sie hat keinen Kontaktweg. Bitte einen unter "contacts" ergänzen.
mistake-fallback-empty = "fallback" fehlt: Nach der letzten Stufe werden alle aus den Stufen immer wieder alarmiert. Bitte jemanden nennen, falls das nicht so gemeint ist.
mistake-offset-wraps = Ein "offset" von { $offset } führt um den Bereitschaftsplan herum: Nur { $count } wechseln sich ab, also wird womöglich jemand alarmiert, der es schon wurde.
mistake-step-after-hand-over = Diese Stufe wird nie erreicht: Die davor gibt den Alarm weiter. Bitte entfernen oder davor setzen.
mistake-step-form = Eine Stufe alarmiert entweder ("page" und "wait") oder gibt den Alarm weiter ("hand_over"), nicht beides.
mistake-too-few-people = { $wanted } Personen sollen übernehmen, aber diese Stufe kann nur { $count } meinen. Bitte weniger verlangen oder mehr alarmieren.
mistake-handed-round = Alarme würden im Kreis weitergegeben: { $chain }. Bitte in einer dieser Eskalationen stattdessen jemanden alarmieren.
mistake-no-default-route = Manche Meldungen passen zu keiner Zuordnung, also würde für sie niemand alarmiert. Bitte die Liste mit einer ohne "when" beenden, zum Beispiel: - service: shop
mistake-route-never-matches = Diese Zuordnung trifft nie zu: Nummer { $number } nimmt alles, was sie treffen könnte. Bitte weiter nach oben setzen oder entfernen.
mistake-bad-pattern = "{ $text }" ist kein regulärer Ausdruck, der hier gilt: { $why }. Bitte einen wie "db-[0-9]+" schreiben; bei einem Label muss er auf den ganzen Wert passen.
mistake-pattern-too-large = Dieser reguläre Ausdruck bräuchte zu viel Speicher. Bitte kürzer fassen, mit weniger oder kleineren Wiederholungen.
mistake-too-many-patterns = Alle Zuordnungen zusammen dürfen nach höchstens { $max } regulären Ausdrücken und Texten fragen. Bitte einige zusammenfassen, etwa "db|web", oder nach dem Wert der Labels fragen.
mistake-condition-empty = "{ $field }" ist eine leere Liste. Bitte mindestens einen Eintrag nennen oder den Schlüssel entfernen: Dann ist alles recht.
mistake-condition-twice = Nach "{ $field }" wird auf zwei Arten gefragt. Bitte eine davon behalten.
mistake-zone-without-hours = "time_zone" sagt, in welcher Zone "hours" gemeint ist, und das fehlt hier. Bitte ergänzen oder "time_zone" entfernen.
mistake-only-for-heartbeat = "{ $field }" gilt für Quellen der Art heartbeat und bewirkt hier nichts. Bitte entfernen.
mistake-runbook-form = Das Runbook ist kein Link und lässt sich daher nicht aus einer Alarmierung öffnen. Bitte eine Adresse schreiben, die mit https:// beginnt.
mistake-more =
    { $count ->
        [one] Ein weiterer Fehler steht nicht hier. Bitte zuerst diese beheben.
       *[other] { $count } weitere Fehler stehen nicht hier. Bitte zuerst diese beheben.
    }

# Die Webseiten. Typografische Anführungszeichen und Striche.

# Die Seite hinter dem Link in einer Alarmierung.
web-alert-title = Alarm { $code }
web-open-link-or-log-in = Öffnen Sie diese Seite über den Link in Ihrer Alarmierung, oder melden Sie sich an.
web-token-label = Ihr Token
web-log-in = Anmelden
web-log-in-refused = Dieses Token ist hier nicht bekannt. Bitte prüfen Sie, ob es vollständig kopiert wurde.
web-log-in-ended = Dieses Token gilt nicht mehr: Es ist abgelaufen oder wurde widerrufen. Bitte lassen Sie sich vom Eigentümer ein neues ausstellen.
web-not-allowed-title = Ihr Token erlaubt das nicht
web-not-allowed-text = Es hat sich nichts geändert. Bitte lassen Sie sich vom Eigentümer ein Token mit der Rolle respond ausstellen und melden Sie sich damit an.
web-log-out = Abmelden
web-take = Ich übernehme
web-what = Was
web-where = Wo
web-since = Seit
web-severity = Schweregrad
web-runbook = Runbook
web-changed-before = Geändert in den zwei Stunden davor
web-state = Stand
web-you-have-it = Sie haben übernommen, bis { $until }.
web-you-have-it-no-lapse = Sie haben übernommen.
web-person-has-it = { $person } hat bereits übernommen: { $when }.
web-over = Es ist vorbei. Behoben: { $when }.
web-earlier-round = Dieser Link stammt aus einer früheren Runde. Bitte öffnen Sie die neueste Alarmierung.
web-link-invalid = Dieser Link ist ungültig. Öffnen Sie ihn noch einmal vollständig aus der Alarmierung, oder melden Sie sich an.
web-too-many-attempts = Zu viele Versuche. Bitte warten Sie eine Minute und versuchen Sie es dann erneut.
web-show = Alarm anzeigen
web-link-label = Der Link aus Ihrer Alarmierung
web-link-help = Der ganze Link, oder nur was darin nach dem # steht.
web-take-over = Ich übernehme von { $person }
web-paged = Alarmiert
web-details = Einzelheiten
web-ago = vor { $span }
web-in = in { $span }
web-next-step = Nächste Stufe: { $when }
web-held-until = Zurückgestellt bis { $until }; vorher wird niemand alarmiert.
web-held-by = Zurückgestellt bis { $until } von { $person }; vorher wird niemand alarmiert, außer der Alarm wird kritisch.
web-held-by-unless-joined = Zurückgestellt von { $person } bis { $until } oder bis { $count ->
        [one] eine weitere Störung dazukommt
       *[other] { $count } weitere Störungen dazukommen
    }; vorher wird niemand alarmiert, außer der Alarm wird kritisch.
web-held-short = bis { $until } oder kritisch
web-held-short-unless-joined = bis { $until }, kritisch oder { $count } mehr
web-stale = Keine Verbindung zum Server. Diese Seite zeigt den Stand von { $when }.
web-unsent = Keine Verbindung zum Server: Vielleicht ist es nicht angekommen. Bitte drücken Sie noch einmal.

# Die Übersicht.
web-board-title = Offene Alarme
web-board-empty = Keine offenen Alarme. Sobald eine Quelle einen meldet, erscheint er hier.
web-column-code = Kennung
web-column-what = Was
web-column-service = Dienst
web-column-severity = Schweregrad
web-column-state = Stand
web-column-since = Seit
web-column-who = Wer
web-next = als Nächstes: { $person }, { $when }
web-filter = Filtern
web-filter-all = alle
web-filter-clear = Alle anzeigen
web-board-no-match = Kein offener Alarm passt zu diesem Filter.
web-board-more =
    { $count ->
        [one] Ein weiterer wird nicht gezeigt. Mit einem engeren Filter wird er sichtbar.
       *[other] { $count } weitere werden nicht gezeigt. Mit einem engeren Filter werden sie sichtbar.
    }
web-owner-token-help = Das Token des Eigentümers steht in der Datei owner.token im Datenverzeichnis des Servers.
web-scheme = Hell oder dunkel

# Die Seite eines Alarms.
web-timeline = Verlauf
web-notes = Notizen
web-notes-empty = Noch keine Notizen.
web-back-to-board = Alle offenen Alarme
web-lines-earlier =
    { $count ->
        [one] Ein früherer Eintrag wird nicht gezeigt.
       *[other] { $count } frühere Einträge werden nicht gezeigt.
    }
web-pass-on-or-end = Weitergeben oder beenden
web-escalate = Nächste Stufe jetzt alarmieren
web-resolve = Als behoben markieren und nicht weiter alarmieren
web-note-label = Notiz
web-note-add = Notiz hinzufügen
web-note-empty = Die Notiz ist leer. Schreiben Sie auf, was Sie festhalten möchten.

# Wenn etwas schiefgeht.
web-error-title = Diese Seite konnte nicht erstellt werden
web-error-text = Der Server hatte mit dieser Anfrage ein Problem ({ $id }). Es ist nichts verloren, und die Alarmierung läuft weiter. Laden Sie die Seite neu; hilft das nicht, suchen Sie nach dieser Nummer im Log des Servers.
web-not-found-title = Hier ist nichts
web-not-found-text = Unter dieser Adresse gibt es keine Seite. Die Seite eines Alarms öffnet sich aus der Liste der offenen Alarme.
web-not-recorded-title = Vielleicht wurde das nicht festgehalten
web-not-recorded-text = Der Server kann es gerade nicht festhalten. Die Alarmierung läuft weiter, bis jemand übernimmt. Sehen Sie gleich noch einmal nach dem Alarm, und wiederholen Sie es, falls es dort fehlt.
web-foreign-form-title = Das kam von einer fremden Seite
web-foreign-form-text = Es hat sich nichts geändert. Öffnen Sie die Seite hier und drücken Sie noch einmal.

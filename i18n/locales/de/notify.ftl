# Was „hotpotato notify“ sagt. Gerade Anführungszeichen, damit man Zitiertes kopieren kann.
notify-kept = Kein Server hat die Meldung angenommen ({ $why }). Sie liegt in { $folder } und wird später gesendet.
notify-kept-for-key = Der Server akzeptiert den Schlüssel der Quelle nicht ({ $why }). Die Meldung liegt einen Tag lang in { $folder }: Schlüssel korrigieren, oder die Quelle in der Konfiguration.
notify-kept-behind =
    { $number ->
        [one] { $number } frühere Meldung geht vor
       *[other] { $number } frühere Meldungen gehen vor
    }, und die Zeit war um. Diese liegt in { $folder } und wird danach gesendet.
notify-refused = Der Server versteht diese Meldung nicht: { $why }. Für sie wird niemand alarmiert. Sie liegt in { $file }.
notify-refused-earlier = Der Server hat eine frühere Meldung nicht verstanden: { $why }. Für sie wird niemand alarmiert. Sie liegt in { $file }.
notify-lost = Die Meldung ist verloren: Kein Server hat sie angenommen ({ $why }), und in { $folder } konnte sie nicht abgelegt werden ({ $kept }). Bitte noch einmal senden.
notify-unkept = Die Meldung wurde angenommen. Wäre der Server weg gewesen, wäre sie verloren: In { $folder } lässt sich nichts ablegen ({ $kept }). Platz schaffen, oder mit --spool ein anderes Verzeichnis wählen.
notify-full =
    { $number ->
        [one] { $number } Meldung wartet dort
       *[other] { $number } Meldungen warten dort
    }, mehr haben nicht Platz
notify-unreadable = { $file } ist nicht lesbar und bleibt liegen: { $why }. Jeder Benutzer, der "hotpotato notify" aufruft, braucht ein eigenes Verzeichnis.
notify-refused-ones-removed =
    { $number ->
        [one] Die älteste abgelehnte Meldung in { $folder } wurde gelöscht, um Platz zu schaffen.
       *[other] Die { $number } ältesten abgelehnten Meldungen in { $folder } wurden gelöscht, um Platz zu schaffen.
    }
notify-nothing-said = Es gibt nichts zu senden. Nötig ist --summary, oder --key mit --status resolved, oder --nagios oder --icinga; Beispiele zeigt "hotpotato notify --help".
notify-unclear = Das lässt sich nicht senden: { $why }.
notify-no-host = Kein Makro sagt, um welchen Host es geht. --macro HOSTNAME=… angeben, oder Nagios die Makros exportieren lassen (enable_environment_macros=1).
notify-no-key = Der Schlüssel der Quelle fehlt. Die Datei mit --key-file oder HOTPOTATO_KEY_FILE angeben.
notify-no-folder = kein Verzeichnis angegeben: --spool oder HOTPOTATO_SPOOL setzen
notify-alone = Was liegen bleibt, sendet niemand von selbst ({ $why }). Jede Minute "hotpotato notify --flush" ausführen.
notify-flushed =
    { $number ->
        [0] Es wartete nichts.
        [one] { $number } Meldung wurde gesendet.
       *[other] { $number } Meldungen wurden gesendet.
    }
notify-still-waiting =
    { $number ->
        [one] { $number } Meldung wartet noch in { $folder }: { $why }
       *[other] { $number } Meldungen warten noch in { $folder }: { $why }
    }
notify-busy = ein anderer Prozess sendet gerade
notify-silent = keine Antwort in der verfügbaren Zeit

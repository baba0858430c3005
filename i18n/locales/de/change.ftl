# Was die Befehlszeile über früheres Wissen antwortet, und darüber, wer was geändert hat. Was jemand getan hat, steht neben dem Namen.
change-known-at = Kenntnisstand vom { $when }:
change-column-when = Wann
change-column-who = Wer
change-column-details = Im Einzelnen
change-kind-token = Token
change-kind-calendar = Kalenderfeed
change-added = hat { $thing } angelegt
change-changed = hat { $thing } geändert
change-removed = hat { $thing } entfernt
change-made = hat { $thing } eingetragen
change-accepted = hat { $thing } angenommen
change-declined = hat { $thing } abgelehnt
change-planned = hat { $thing } angelegt
change-moved = hat das Ende verschoben: { $thing }
change-ended = hat { $thing } beendet
change-cancelled = hat { $thing } abgesagt
change-issued = hat { $thing } ausgestellt
change-revoked = hat { $thing } widerrufen
change-opened = hat { $thing } geöffnet
change-closed = hat { $thing } geschlossen
change-during = { $what }, von { $from } bis { $until }
change-until = bis { $until }
change-role = Rolle { $role }
change-empty = In dieser Zeit wurde nichts geändert.
change-more = Es gibt ältere Änderungen: mehr davon mit --limit, oder mit --to ein früheres Ende angeben.
change-unreadable =
    { $count ->
        [one] Ein Eintrag der Konfiguration ist nicht lesbar und fehlt hier. "hotpotato verify" sagt, was daran nicht stimmt.
       *[other] { $count } Einträge der Konfiguration sind nicht lesbar und fehlen hier. "hotpotato verify" sagt, was daran nicht stimmt.
    }

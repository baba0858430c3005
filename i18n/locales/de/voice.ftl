# Was ein Anruf einem schlafenden Menschen sagt. Es wird gehört, nicht gelesen: kurze Sätze, keine Klammern, keine
# Abkürzungen.
voice-alert = Hier ist Hot Potato. Alarm { $code }. { $summary }. Dienst { $service }, Schweregrad { $severity }, seit { $when }.
voice-reference-only = Hier ist Hot Potato. Alarm { $code } für { $service }, seit { $when }.
voice-test = Hier ist Hot Potato. Das ist ein Probeanruf, Code { $code }. Es liegt keine Störung vor, bitte nur übernehmen.
voice-message = Hier ist Hot Potato. { $text }
voice-keys = Zum Übernehmen die { $take } drücken. Zum Weitergeben die { $pass } drücken. Um es noch einmal zu hören, die { $again } drücken.
voice-keys-confirm = Zum Bestätigen die { $take } drücken. Um es noch einmal zu hören, die { $again } drücken.
voice-goodbye = Es wurde keine Taste gedrückt, darum geht es an andere weiter. Auf Wiederhören.
voice-unconfirmed = Es wurde keine Taste gedrückt. Auf Wiederhören.
voice-taken = Alarm { $code } ist übernommen. Auf Wiederhören.
voice-confirmed = Vielen Dank. Auf Wiederhören.
voice-passed-on = Der Alarm wird weitergegeben. Auf Wiederhören.
voice-taken-before = Alarm { $code } ist schon übernommen. Auf Wiederhören.
voice-over = Alarm { $code } ist vorbei. Es ist nichts mehr zu tun. Auf Wiederhören.
voice-unrecorded = Das konnte nicht gespeichert werden. Bitte die Taste noch einmal drücken.
# Für einen Anrufbeantworter, den jeder abhören könnte.
voice-machine = Hier ist Hot Potato. Es gibt einen Alarm. Bitte die anderen Nachrichten ansehen.
voice-unknown = Hier ist Hot Potato. Dieser Anruf gehört zu keinem Alarm mehr. Auf Wiederhören.
voice-unreadable = Hier ist Hot Potato. Es gibt einen Alarm, er ist aber gerade nicht lesbar. Bitte die anderen Nachrichten ansehen. Auf Wiederhören.
# Statt einer Adresse.
voice-link = Link
voice-minute = { $hour } Uhr { $minute }
voice-hour = { $hour } Uhr
voice-day = { $day }. { $month }, { $time }
voice-month =
    { $number ->
        [1] Januar
        [2] Februar
        [3] März
        [4] April
        [5] Mai
        [6] Juni
        [7] Juli
        [8] August
        [9] September
        [10] Oktober
        [11] November
       *[12] Dezember
    }

# What a call says to a sleeping person. It is heard, not read: short sentences, no brackets, no abbreviations.
voice-alert = This is Hot Potato. Alert { $code }. { $summary }. Service { $service }, severity { $severity }, since { $when }.
voice-reference-only = This is Hot Potato. Alert { $code } for { $service }, since { $when }.
voice-test = This is Hot Potato. This is a test call, code { $code }. Nothing is wrong, please take it.
voice-message = This is Hot Potato. { $text }
voice-keys = To take it, press { $take }. To pass it on, press { $pass }. To hear this again, press { $again }.
voice-keys-confirm = To confirm, press { $take }. To hear this again, press { $again }.
voice-goodbye = No key was pressed, so this goes on to others. Goodbye.
voice-unconfirmed = No key was pressed. Goodbye.
voice-taken = You have alert { $code }. Goodbye.
voice-confirmed = Thank you. Goodbye.
voice-passed-on = The alert is passed on. Goodbye.
voice-taken-before = Somebody already has alert { $code }. Goodbye.
voice-over = Alert { $code } is over. There is nothing left to do. Goodbye.
voice-unrecorded = That could not be recorded. Please press the key again.
# For an answering machine, where anybody may listen.
voice-machine = This is Hot Potato. There is an alert for you. Please look at your other messages.
voice-unknown = This is Hot Potato. This call belongs to no alert any more. Goodbye.
voice-unreadable = This is Hot Potato. There is an alert for you, but it cannot be read right now. Please look at your other messages. Goodbye.
# In place of an address.
voice-link = link
voice-minute = { $hour }:{ $minute }
voice-hour = { $hour }:00
voice-day = { $month } { $day }, { $time }
voice-month =
    { $number ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }

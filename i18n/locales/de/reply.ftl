# Antworten auf SMS, die uns jemand geschickt hat. GSM-7, je ein Segment; $codes nennt Alarme.
reply-taken = { $codes }: Sie haben übernommen. Niemand sonst wird alarmiert.
reply-joined = { $codes }: notiert, Sie sind dabei. Andere werden alarmiert, bis es genug sind.
reply-escalated = { $codes }: weitergegeben, die nächste Stufe wird alarmiert.
reply-resolved = { $codes }: als behoben vermerkt.
reply-extended = Ihre geplanten Arbeiten enden jetzt um { $until }.
reply-over = { $codes } ist schon vorbei. Nichts zu tun.
reply-earlier = { $codes }: Seit dieser SMS wird neu alarmiert. Bitte auf die letzte antworten oder deren Link nutzen.
reply-impossible = { $codes }: Das geht bei dieser SMS nicht. Ihr Link zeigt, was geht.
reply-no-work = Gerade laufen keine geplanten Arbeiten von Ihnen, nichts wurde verlängert.
reply-work-refused = So weit lassen sich Ihre geplanten Arbeiten nicht verlängern. Nichts wurde geändert.
reply-failed = Das ließ sich gerade nicht aufzeichnen. Bitte nochmals senden oder den Link nutzen.
reply-wrong-code = Keine SMS an Sie hat diesen Code. Nichts wurde getan. Bitte den Link in der SMS nutzen.
reply-ambiguous = Zwei SMS an Sie haben diesen Code. Nichts wurde getan. Bitte den Link in der SMS nutzen.
reply-without-code = Nichts wurde getan: Bitte die vier Ziffern am Ende der SMS mitsenden, zum Beispiel OK 1234.
reply-help = Mit den vier Ziffern der SMS: JA 1234 übernimmt, WEITER 1234 gibt weiter, FERTIG 1234 beendet, PLUS 30 1234: 30 min mehr für geplante Arbeiten.

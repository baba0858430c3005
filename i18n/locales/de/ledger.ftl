# Die Bilanz: was angenommen wurde, und was daraus geworden ist.

ledger-column-became = Was daraus geworden ist
ledger-column-count = Störungen
ledger-column-problems = Störungen
ledger-accepted = Angenommen, seit es das Protokoll gibt
ledger-paged = alarmiert
ledger-joined = in einem anderen Alarm aufgegangen
ledger-rerouted = bei der Person, die geplante Arbeiten macht
ledger-held-for-work = zurückgestellt wegen geplanter Arbeiten
ledger-held = zurückgestellt
ledger-acknowledged = übernommen, bevor eine Alarmierung hinausging
ledger-over = behoben, bevor jemand alarmiert wurde
ledger-nobody = niemand zu alarmieren, Betreiber verständigt
ledger-set-aside = beiseitegelegt, Betreiber verständigt
ledger-waiting = wartet auf die erste Alarmierung
ledger-under-way = wird gerade geschrieben
ledger-difference = Verbleib unklar
ledger-longest-wait = Wartet am längsten: { $code } "{ $summary }", seit { $since }.
ledger-agrees = Die Bilanz stimmt: Der Verbleib jeder angenommenen Störung ist bekannt.
ledger-differs =
    Die Bilanz stimmt nicht: Der Verbleib von { $count ->
        [one] { $count } Störung
       *[other] { $count } Störungen
    } ist unklar. Bitte selbst darum kümmern und die Logdatei des Servers aufheben.
ledger-not-written = { $source } bekam um { $at } die Antwort, dass "{ $key }" angenommen ist, und das Protokoll hat es nicht.
ledger-not-acted-on = Alarm { $code } steht im Protokoll, und nichts kümmert sich darum.
ledger-acted-on-only = Alarm { $code } wird bearbeitet, steht aber nicht vollständig im Protokoll.
ledger-empty = Dort zählt kein offener Alarm.

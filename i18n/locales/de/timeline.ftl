# Der Verlauf eines Alarms: ein Satz für jedes Ereignis. Davor steht die Uhrzeit.
# Zeiten kommen mit oder ohne Datum; nach einem Doppelpunkt passt beides.
timeline-raised = Ausgelöst von { $source } für { $service }, { $severity }: { $summary }
timeline-raised-test = Probealarm für { $person }, angefordert von { $by }
timeline-raised-message = Mitteilung an { $person }: { $text }
timeline-repeated = Von der Quelle erneut gemeldet
timeline-severity-changed = Schweregrad geändert: bisher { $from }, jetzt { $to }
timeline-symptom-joined = Störung { $number } kam dazu, gemeldet von { $source }, { $severity }: { $summary }
timeline-severity-said = die Quelle nennt es "{ $text }"
timeline-symptom-changed = Störung { $number }, Schweregrad jetzt: { $severity }
timeline-symptom-cleared = Störung { $number } ist behoben, andere noch nicht
timeline-grown = Jetzt { $count ->
    [one] eine Störung
   *[other] { $count } Störungen
}, höchster Schweregrad: { $severity }; die Alarmierung beginnt von vorn
timeline-held-unless-joined = Zurückgestellt von { $person } bis { $until } oder bis { $count ->
        [one] eine weitere Störung dazukommt
       *[other] { $count } weitere Störungen dazukommen
    }; bis dahin wird niemand alarmiert, außer der Alarm wird kritisch
timeline-held = Zurückgestellt von { $person } bis { $until }; bis dahin wird niemand alarmiert, außer der Alarm wird kritisch
timeline-hold-ended = Die Zurückstellung ist abgelaufen
timeline-hold-ended-by = { $person } hat die Zurückstellung beendet
timeline-step-entered = Stufe { $step }, Runde { $round }: Alarmierung von { $people }; nächste Stufe: { $until }
timeline-step-empty = Stufe { $step }: niemand in Bereitschaft, sofort weiter
timeline-step-late = Nach einem Ausfall { $span } zu spät; damit ist alles nachgeholt, was inzwischen fällig war
timeline-fallback-entered = Auch nach der letzten Stufe hat niemand übernommen: Alarmierung der Rückfallebene ({ $people }), Wiederholung alle { $every }
timeline-fallback-empty = Auch nach der letzten Stufe hat niemand übernommen, und in der Rückfallebene ist niemand erreichbar; neuer Versuch alle { $every }
timeline-called-named = { $person } (in der Stufe genannt)
timeline-called-on-call = { $person } (in Bereitschaft laut { $rota } bis { $until })
timeline-called-next =
    { $person } ({ $number ->
        [one] als Nächstes an der Reihe laut { $rota }
       *[other] { $number } Schichten später laut { $rota }
    })
timeline-called-for = { $person } (vertritt { $of } in { $rota } bis { $until })
timeline-called-also = { $person } (zusätzlich in Bereitschaft laut { $rota } bis { $until })
timeline-called-all-hands = { $person } (ganzes Team { $team } bis { $until })
timeline-called-member = { $person } (Team { $team })
timeline-page-ordered = Alarmierung von { $person } beginnt
timeline-page-skips = Ausgelassen, weil es nicht geht: { $contacts }

timeline-channel-by = { $channel } über { $provider }
timeline-attempt-started = { $channel } an { $person } ({ $contact }), Versuch { $number }
timeline-attempt-repeated = { $channel } an { $person } ({ $contact }), Versuch { $number }: erneut gesendet, weil der Ausgang des ersten unbekannt ist
timeline-attempt-late = nach einem Ausfall { $span } zu spät
timeline-attempt-accepted = { $channel } an { $person }: vom Anbieter angenommen
timeline-attempt-delivered = { $channel } an { $person }: zugestellt
timeline-attempt-refused = { $channel } an { $person }: abgelehnt, { $reason }
timeline-attempt-failed = { $channel } an { $person }: fehlgeschlagen, { $reason }
timeline-attempt-unknown = { $channel } an { $person }: Ausgang unbekannt, { $reason }
timeline-attempt-interrupted = { $channel } an { $person }: durch einen Neustart des Servers unterbrochen, Ausgang unbekannt
timeline-attempt-not-sent = { $channel } an { $person }: nicht gesendet, { $reason }
timeline-attempt-held = { $channel } an { $person }: zurückgestellt bis { $until }, mehr als { $count } in { $span } kommen nicht durch
timeline-attempt-accepted-with = { $channel } an { $person }: vom Anbieter angenommen, in einer Nachricht mit { $codes }
timeline-status-reported = { $channel } an { $person }: der Anbieter meldet „{ $status }“
timeline-report-overdue = { $channel } an { $person }: keine Zustellmeldung in der erwarteten Zeit, gilt als nicht zugestellt

timeline-acknowledged = { $person } hat übernommen bis { $until } ({ $way })
timeline-acknowledged-no-lapse = { $person } hat übernommen ({ $way })
timeline-acknowledgement-lapsed = Seit der Übernahme durch { $person } kam keine Rückmeldung: Alarmierung beginnt wieder bei Stufe 1
timeline-escalated = An die nächste Stufe eskaliert von { $person }
timeline-noted = { $person }: { $text }
timeline-resolved-by-source = Behoben: { $source } meldet, dass es vorbei ist
timeline-resolved-by-person = Behoben, gemeldet von { $person }
timeline-resolved-by-house = Der Probealarm ist beendet
timeline-recall-started = { $channel } an { $person }: wird gestoppt
timeline-recall-ended = { $channel } an { $person }: gestoppt
timeline-recall-failed = { $channel } an { $person }: ließ sich nicht stoppen, { $reason }; klingelt womöglich noch eine Weile weiter

timeline-clock-corrected = Die Uhr ging { $span } vor und wurde gestellt; alle Fristen wurden angepasst
timeline-reconsidered = Die Konfiguration hat sich geändert: zusätzliche Alarmierung von { $people }
timeline-reconsidered-nobody = Die Konfiguration hat sich geändert: niemand zusätzlich zu alarmieren
timeline-page-withdrawn = Alarmierung von { $person } beendet

timeline-work-entered = Geplante Arbeiten „{ $what }“ laufen: zuerst wird { $people } alarmiert, die Bereitschaft um { $until }
timeline-work-empty = Geplante Arbeiten „{ $what }“ laufen, aber dort ist niemand erreichbar: sofort weiter an die Bereitschaft
timeline-held-for-work = Zurückgestellt wegen geplanter Arbeiten „{ $what }“ ({ $worker }) bis { $until }; bis dahin wird niemand alarmiert, außer der Alarm wird kritisch
timeline-work-moved = Die geplanten Arbeiten enden nun um { $until }
timeline-work-left = Die geplanten Arbeiten sind beendet, die Störung bleibt: sofort weiter an die Bereitschaft
timeline-joined = Übernommen von { $person } ({ $way }); { $missing ->
    [one] eine weitere Person wird
   *[other] { $missing } weitere Personen werden
 } gebraucht, die anderen werden weiter alarmiert
timeline-handed-over = Weitergegeben an { $to } von { $person }
timeline-handed-on = Weitergegeben an { $to }, wie es die Stufe vorsieht
timeline-called-work = { $person } (geplante Arbeiten, bis { $until })

# La cronologia di un allarme: una frase per ogni fatto. L’ora sta davanti.
# Gli orari arrivano con o senza il giorno; "scadenza" e i due punti vanno bene davanti a entrambi.
timeline-raised = Segnalato da { $source } per { $service }, { $severity }: { $summary }
timeline-raised-test = Chiamata di prova per { $person }, richiesta da { $by }
timeline-raised-message = Messaggio per { $person }: { $text }
timeline-repeated = Segnalato di nuovo dalla sorgente
timeline-severity-changed = Gravità cambiata: prima { $from }, ora { $to }
timeline-symptom-joined = Si aggiunge il problema { $number }, segnalato da { $source }, { $severity }: { $summary }
timeline-severity-said = la sorgente dice "{ $text }"
timeline-symptom-changed = Problema { $number }, gravità ora: { $severity }
timeline-symptom-cleared = Il problema { $number } è risolto, altri no
timeline-grown = Ora { $count ->
    [one] un problema
   *[other] { $count } problemi
}, gravità massima: { $severity }; le chiamate ricominciano
timeline-held-unless-joined = Rimandato da { $person }, scadenza { $until } o finché { $count ->
        [one] non si aggiunge un altro problema
       *[other] non si aggiungono altri { $count } problemi
    }; fino ad allora nessuna chiamata, a meno che diventi critico
timeline-held = Rimandato da { $person }, scadenza { $until }; fino ad allora nessuna chiamata, a meno che diventi critico
timeline-hold-ended = Il rinvio è scaduto
timeline-hold-ended-by = { $person } ha annullato il rinvio
timeline-step-entered = Livello { $step }, giro { $round }: chiamata per { $people }; prossimo livello: { $until }
timeline-step-empty = Livello { $step }: nessuno è reperibile, si passa subito al successivo
timeline-step-late = In ritardo di { $span } dopo un’interruzione; così si recupera in una volta tutto quanto è scaduto nel frattempo
timeline-fallback-entered = Nessuno ha preso in carico, nemmeno dopo l’ultimo livello: chiamata di riserva per { $people }, ripetuta ogni { $every }
timeline-fallback-empty = Nessuno ha preso in carico, nemmeno dopo l’ultimo livello, e nessuna riserva è raggiungibile; nuovo tentativo ogni { $every }
timeline-called-named = { $person } (per nome)
timeline-called-on-call = { $person } (di reperibilità in { $rota }, scadenza { $until })
timeline-called-next =
    { $person } ({ $number ->
        [one] prossimo turno in { $rota }
       *[other] { $number } turni dopo in { $rota }
    })
timeline-called-for = { $person } (sostituisce { $of } in { $rota }, scadenza { $until })
timeline-called-also = { $person } (in aggiunta, di reperibilità in { $rota }, scadenza { $until })
timeline-called-all-hands = { $person } (tutto il gruppo { $team }, scadenza { $until })
timeline-called-member = { $person } (gruppo { $team })
timeline-page-ordered = Inizia la chiamata per { $person }
timeline-page-skips = Saltati perché non funzionano: { $contacts }

timeline-channel-by = { $channel } tramite { $provider }
timeline-attempt-started = { $channel } per { $person } ({ $contact }), tentativo { $number }
timeline-attempt-repeated = { $channel } per { $person } ({ $contact }), tentativo { $number }: nuovo invio, perché l’esito del primo non è noto
timeline-attempt-late = in ritardo di { $span } dopo un’interruzione
timeline-attempt-accepted = { $channel } per { $person }: accettato dal fornitore
timeline-attempt-delivered = { $channel } per { $person }: recapitato
timeline-attempt-refused = { $channel } per { $person }: rifiutato, { $reason }
timeline-attempt-failed = { $channel } per { $person }: non riuscito, { $reason }
timeline-attempt-unknown = { $channel } per { $person }: esito non noto, { $reason }
timeline-attempt-interrupted = { $channel } per { $person }: interrotto da un riavvio del server, esito non noto
timeline-attempt-not-sent = { $channel } per { $person }: non inviato, { $reason }
timeline-attempt-held = { $channel } per { $person }: rinviato, prossimo invio { $until }; più di { $count } in { $span } non ne passano
timeline-attempt-accepted-with = { $channel } per { $person }: accettato dal fornitore, in un unico messaggio con { $codes }
timeline-status-reported = { $channel } per { $person }: il fornitore riferisce «{ $status }»
timeline-report-overdue = { $channel } per { $person }: nessuna conferma di recapito nel tempo previsto, vale come non recapitato

timeline-acknowledged = Preso in carico da { $person }, scadenza { $until } ({ $way })
timeline-acknowledged-no-lapse = Preso in carico da { $person } ({ $way })
timeline-acknowledgement-lapsed = Nessuna notizia da { $person } dopo la presa in carico: si ricomincia dal livello 1
timeline-escalated = Inoltrato al livello successivo da { $person }
timeline-noted = { $person }: { $text }
timeline-resolved-by-source = Risolto: { $source } segnala il rientro
timeline-resolved-by-person = Risolto da { $person }
timeline-resolved-by-house = La chiamata di prova è terminata
timeline-recall-started = { $channel } per { $person }: arresto in corso
timeline-recall-ended = { $channel } per { $person }: fermato
timeline-recall-failed = { $channel } per { $person }: non si è riusciti a fermarlo, { $reason }; potrebbe suonare ancora per un po’

timeline-clock-corrected = L’orologio era avanti di { $span } ed è stato corretto; tutte le scadenze sono state adeguate
timeline-reconsidered = La configurazione è cambiata: chiamata anche per { $people }
timeline-reconsidered-nobody = La configurazione è cambiata: nessun altro da chiamare
timeline-page-withdrawn = Chiamata per { $person } terminata

timeline-work-entered = Lavori programmati «{ $what }» in corso: prima si chiama { $people }; reperibile chiamato alle { $until }
timeline-work-empty = Lavori programmati «{ $what }» in corso, ma chi li esegue non è raggiungibile: si passa subito al reperibile
timeline-held-for-work = Sospeso per i lavori programmati «{ $what }» ({ $worker }), scadenza { $until }; fino ad allora non si chiama nessuno, a meno che diventi critico
timeline-work-moved = Nuova scadenza dei lavori programmati: { $until }
timeline-work-left = I lavori programmati sono finiti e il guasto c’è ancora: si passa subito al reperibile
timeline-joined = Preso in carico da { $person } ({ $way }); { $missing ->
    [one] serve ancora una persona
   *[other] servono ancora { $missing } persone
 }, e gli altri vengono chiamati ancora
timeline-handed-over = Passato a { $to } da { $person }
timeline-handed-on = Passato a { $to }, come previsto dal livello
timeline-called-work = { $person } (lavori programmati, scadenza { $until })

# Le risposte della riga di comando. Virgolette dritte, così quello che contengono si può copiare.
command-acknowledged = Allarme { $code } preso in carico.
command-acknowledged-until = Allarme { $code } preso in carico, scadenza { $until }.
command-resolved = Allarme { $code } risolto.
command-noted = La nota è nella cronologia dell'allarme { $code }.
command-escalated = Allarme { $code } inoltrato al livello successivo.
command-held = Allarme { $code } rimandato, scadenza { $until }; fino ad allora nessuna chiamata, a meno che diventi critico.
command-held-unless-joined = Allarme { $code } rimandato, scadenza { $until } o se { $count ->
        [one] si aggiunge un altro problema
       *[other] si aggiungono altri { $count } problemi
    }; fino ad allora nessuna chiamata, a meno che diventi critico.
command-unheld = Allarme { $code } non più rimandato; le chiamate ripartono adesso.
command-not-held = L'allarme { $code } non è rimandato.
command-held-by-work = L'allarme { $code } è sospeso per lavori programmati. "hotpotato work list" mostra quali; per terminarli: "hotpotato work end".
command-held-state = { $state }, scadenza { $until }
command-column-hold = RIMANDATO DA
command-hold-terms = { $person }, a meno che diventi critico
command-hold-terms-unless-joined = { $person }, a meno che diventi critico o { $count ->
        [one] si aggiunge un altro problema
       *[other] si aggiungono altri { $count } problemi
    }
command-already-acknowledged = All'allarme { $code } ci pensa già { $person }.
command-already-resolved = L'allarme { $code } è già risolto; non resta nulla da fare.
command-unknown-alert = Nessun allarme { $id }. "hotpotato alerts" elenca quelli aperti.
command-code-shared = Più allarmi aperti hanno il codice { $code }. Indica l'id di quello giusto: { $ids }.
command-unknown-person = Nessuna persona { $person }. "hotpotato export" le elenca tutte.
command-person-unreachable = { $person } non ha contatti utilizzabili. Aggiungine uno con "hotpotato apply".
command-contact-unreachable = { $person } non ha un contatto { $contact } utilizzabile. "hotpotato export" mostra quelli che ci sono.
command-server-unreachable = Il server { $url } non è raggiungibile. Controlla che sia in funzione, oppure imposta HOTPOTATO_URL con l'indirizzo giusto.
command-token-refused = Il server non accetta il token. Imposta HOTPOTATO_TOKEN_FILE o HOTPOTATO_TOKEN; il primo token si trova in owner.token, nella cartella dei dati del server.
command-url-invalid = { $url } non è l'indirizzo di un server. Imposta HOTPOTATO_URL, per esempio con http://127.0.0.1:8080.
command-token-file-unreadable = Il token in { $file } non si può leggere: { $why }. Imposta HOTPOTATO_TOKEN_FILE con un file leggibile.
command-server-strange = A { $url } non risponde un server Hot Potato (stato { $number }). Imposta HOTPOTATO_URL con l'indirizzo giusto.
command-server-refused = Il server rifiuta: { $reason }
command-not-yet-raised = In quel momento l'allarme { $code } non era ancora stato segnalato. Chiedi di un momento successivo.

command-plan-added = + aggiunta: { $kind } { $name }
command-plan-changed = ~ modifica: { $kind } { $name }
command-plan-removed = - rimozione: { $kind } { $name }
command-plan-empty = Nulla da fare: la casa corrisponde già ai file.
command-plan-summary =
    Piano: { $added ->
        [one] { $added } aggiunta
       *[other] { $added } aggiunte
    }, { $changed ->
        [one] { $changed } modifica
       *[other] { $changed } modifiche
    }, { $removed ->
        [one] { $removed } rimozione
       *[other] { $removed } rimozioni
    }
command-dry-run = Simulazione: nulla è stato modificato. Senza --dry-run il piano viene eseguito.
command-applied = Applicato, già in vigore.
command-check-ok =
    { $warnings ->
        [0] Nessun errore.
        [one] Nessun errore, { $warnings } avviso.
       *[other] Nessun errore, { $warnings } avvisi.
    }
command-check-failed =
    { $mistakes ->
        [one] { $mistakes } errore. Correggilo e ricontrolla; nulla è stato modificato.
       *[other] { $mistakes } errori. Correggili e ricontrolla; nulla è stato modificato.
    }

command-verify-ok =
    Il registro è integro: { $records ->
        [one] { $records } voce
       *[other] { $records } voci
    } in { $streams ->
        [one] { $streams } flusso
       *[other] { $streams } flussi
    }.
command-verify-broken = Il registro è danneggiato alla posizione { $position }, flusso { $stream }: { $what }. Prima di tutto, fai una copia della cartella dei dati.
command-verify-damaged = I file sono danneggiati: { $what }. Prima di tutto, fai una copia della cartella dei dati.

command-test-page-sent = Chiamata di prova per { $person } in partenza.
command-test-page-result = { $channel } ({ $contact }): { $result }
command-test-page-not-taken = Nessun fornitore ha accettato la chiamata di prova per { $person }. Le righe sopra dicono perché; controlla i contatti e i canali in hotpotato.toml.
command-test-page-later = Per il seguito: hotpotato alert show { $code }

command-who = { $person }: { $reason }
command-why-named = per nome, al livello { $step }
command-why-rota = di reperibilità secondo il piano { $rota } (strato { $layer }, turno { $from } - { $until })
command-why-override = in sostituzione nel piano { $rota } ({ $from } - { $until })
command-why-for = sostituisce { $of } nel piano { $rota } (sostituzione { $id }, { $from } - { $until })
command-why-also = in aggiunta, di reperibilità secondo il piano { $rota } (sostituzione { $id }, { $from } - { $until })
command-why-all-hands = tutto il gruppo { $team } fino al termine: { $until } (sostituzione { $id })
command-why-team = nel gruppo { $team }
command-why-fallback = di riserva, dopo l'ultimo livello
command-why-next =
    { $number ->
        [one] prossimo turno secondo il piano { $rota }
       *[other] { $number } turni dopo secondo il piano { $rota }
    }
command-fallback = Riserva
command-nobody-on-call = Nessuno è reperibile.

command-alerts-empty = Nessun allarme aperto.
command-replay-at = Allarmi aperti, situazione di { $when }
command-column-code = Codice
command-column-summary = Che cosa
command-column-service = Servizio
command-column-severity = Gravità
command-column-state = Stato
command-column-since = Inizio
command-column-person = Persona
command-column-rota = Piano
command-column-from = Dal
command-column-until = Al
command-column-layer = Strato
command-column-step = Livello
command-unknown-rota = In questi file non c'è un piano { $rota }.
command-unknown-override = Nessuna sostituzione { $id }. "hotpotato override list" le elenca.
command-shifts-backwards = La fine deve venire dopo l'inizio.
command-shifts-too-long = Al massimo due anni per volta.
command-shift-override = sostituzione { $id }
command-shift-layer = strato { $layer }
command-overrides-empty = Nessuna sostituzione in corso o in arrivo.
command-override-asked = in attesa di { $person }
command-override-in-force = in vigore
command-override-over = finita
command-override-for = { $by } al posto di { $of } in { $rota }
command-override-nobody = nessuno al posto di { $of } in { $rota }
command-override-also = in aggiunta { $person } in { $rota }
command-override-all-hands = tutto il gruppo { $team }
command-override-reason = { $id }: { $text }
command-override-overruled = { $id }: dove si sovrappongono vale la decisione successiva: { $ids }
command-column-override = Sostituzione
command-column-what = Che cosa
command-column-why = Perché
command-column-wait = Attesa
command-column-id = Id
command-column-runbook = Runbook
command-column-changes = Cambiato prima
command-column-paged = Chiamati
command-column-labels = Etichette

command-why-work = esegue i lavori programmati { $id }, scadenza { $until }
command-unknown-work = Non ci sono lavori programmati { $id }. «hotpotato work list» li elenca.
command-work-empty = Nessun lavoro programmato in corso o futuro.
command-work-unsaid = Lavori programmati
command-work-on = in corso
command-work-holds = in corso, allarmi sospesi
command-work-planned = previsti
command-work-over = finiti
command-work-repeats = { $id }: { $count ->
    [one] ancora una volta
   *[other] ancora { $count } volte
 }, fino al termine: { $until }
command-work-taken = { $count ->
    [one] Ha ricevuto 1 allarme.
   *[other] Hanno ricevuto { $count } allarmi.
 } Ancora aperti: { $open }
command-work-preview = Negli ultimi { $days } giorni avrebbero ricevuto { $count ->
    [one] 1 allarme
   *[other] { $count } allarmi
 }; qualcuno era intervenuto su { $acted }.
command-who-hand-over = prosegue con la regola { $policy }
command-who-wanted = finché non prendono in carico in { $wanted }
command-who-work = Lavori programmati { $id }, scadenza { $until }: «{ $what }». Prima si chiama { $person }.
command-who-hold = Lavori programmati { $id }, scadenza { $until }: «{ $what }» ({ $person }). Prima della fine non si chiama nessuno, a meno che un allarme sia critico.
command-who-work-only = Solo allarmi con { $scope }.
command-handed-over = { $code } è stato passato.
command-nobody-there = Non c’è una regola di escalation o un gruppo { $name } che possa raggiungere qualcuno. «hotpotato export» li elenca.
command-column-work = Lavori
command-column-worker = Chi
command-column-scope = Allarmi
command-column-acted = Intervenuto

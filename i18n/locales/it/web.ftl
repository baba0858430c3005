# Le pagine web. Virgolette e trattini tipografici.

# La pagina dietro al link di una chiamata.
web-alert-title = Allarme { $code }
web-open-link-or-log-in = Apri questa pagina dal link nella chiamata, oppure accedi.
web-token-label = Il tuo token
web-log-in = Accedi
web-log-in-refused = Questo token qui non risulta. Controlla di averlo copiato per intero.
web-log-in-ended = Questo token non vale più: è scaduto o è stato revocato. Chiedine uno nuovo a un proprietario.
web-not-allowed-title = Il tuo token non lo permette
web-not-allowed-text = Non è cambiato nulla. Chiedi a un proprietario un token con il ruolo respond e accedi con quello.
web-log-out = Esci
web-take = Ci penso io
web-what = Che cosa
web-where = Dove
web-since = Inizio
web-severity = Gravità
web-runbook = Runbook
web-changed-before = Cambiato nelle due ore precedenti
web-state = Stato
web-you-have-it = Ci pensi tu. Scadenza: { $until }.
web-you-have-it-no-lapse = Ci pensi tu.
web-person-has-it = Ci pensa già { $person }. Preso in carico: { $when }.
web-over = Tutto rientrato. Risolto: { $when }.
web-earlier-round = Questo link viene da un giro precedente. Apri la chiamata più recente che hai ricevuto.
web-link-invalid = Questo link non è valido. Riaprilo per intero dalla chiamata, oppure accedi.
web-too-many-attempts = Troppi tentativi. Aspetta un minuto e riprova.
web-show = Mostra l’allarme
web-link-label = Il link della chiamata
web-link-help = Il link intero, oppure solo quello che segue il #.
web-take-over = Ci penso io al posto di { $person }
web-paged = Allertati
web-details = Dettagli
web-ago = { $span } fa
web-in = tra { $span }
web-next-step = Prossimo livello: { $when }
web-held-until = Rimandato fino a: { $until }. Prima di allora non parte nessuna chiamata.
web-held-by = Rimandato da { $person }, scadenza { $until }. Prima di allora non parte nessuna chiamata, a meno che diventi critico.
web-held-by-unless-joined = Rimandato da { $person }, scadenza { $until } o se { $count ->
        [one] si aggiunge un altro problema
       *[other] si aggiungono altri { $count } problemi
    }. Prima di allora non parte nessuna chiamata, a meno che diventi critico.
web-held-short = scadenza { $until }, o se critico
web-held-short-unless-joined = scadenza { $until }, o se critico, o altri { $count }
web-stale = Nessuna connessione con il server. Questa pagina mostra la situazione delle { $when }.
web-unsent = Nessuna connessione con il server: la richiesta forse non è arrivata. Premi di nuovo il pulsante.

# Il quadro.
web-board-title = Allarmi aperti
web-board-empty = Nessun allarme aperto. Appena una sorgente ne segnala uno, compare qui.
web-column-code = Codice
web-column-what = Che cosa
web-column-service = Servizio
web-column-severity = Gravità
web-column-state = Stato
web-column-since = Inizio
web-column-who = Chi
web-next = poi: { $person }, { $when }
web-filter = Filtra
web-filter-all = tutti
web-filter-clear = Mostra tutti
web-board-no-match = Nessun allarme aperto corrisponde a questo filtro.
web-board-more =
    { $count ->
        [one] Un altro non è mostrato. Restringi il filtro per vederlo.
       *[other] Altri { $count } non sono mostrati. Restringi il filtro per vederli.
    }
web-owner-token-help = Il token del proprietario si trova nel file owner.token, nella cartella dei dati del server.
web-scheme = Chiaro o scuro

# La pagina di un allarme.
web-timeline = Cronologia
web-notes = Note
web-notes-empty = Ancora nessuna nota.
web-back-to-board = Tutti gli allarmi aperti
web-lines-earlier =
    { $count ->
        [one] Una voce precedente non è mostrata.
       *[other] { $count } voci precedenti non sono mostrate.
    }
web-pass-on-or-end = Inoltra o chiudi
web-escalate = Allerta subito il livello successivo
web-resolve = Segna come risolto e ferma le chiamate
web-note-label = Nota
web-note-add = Aggiungi la nota
web-note-empty = La nota è vuota. Scrivi che cosa vuoi annotare.

# Quando qualcosa va storto.
web-error-title = Non si è potuto preparare questa pagina
web-error-text = Il server ha avuto un problema con questa richiesta ({ $id }). Nulla è andato perso e le chiamate proseguono. Ricarica la pagina; se non basta, cerca questo numero nel log del server.
web-not-found-title = Qui non c’è nulla
web-not-found-text = A questo indirizzo non c’è nessuna pagina. La pagina di un allarme si apre dall’elenco degli allarmi aperti.
web-not-recorded-title = Forse non è stato registrato
web-not-recorded-text = In questo momento il server non riesce a registrarlo. Le chiamate proseguono finché qualcuno non prende in carico. Riguarda l’allarme tra un attimo e ripeti, se lì non risulta.
web-foreign-form-title = La richiesta viene da un altro sito
web-foreign-form-text = Non è cambiato nulla. Apri la pagina da qui e premi di nuovo il pulsante.

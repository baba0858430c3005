# Le pagine web. Virgolette e trattini tipografici.

# La pagina dietro al link di una chiamata.
web-alert-title = Allarme { $code }
web-open-link-or-log-in = Apri questa pagina dal link nella chiamata, oppure accedi.
web-token-label = Il tuo token
web-log-in = Accedi
web-log-in-refused = Questo token qui non risulta. Controlla di averlo copiato per intero.
web-log-out = Esci
web-take = Ci penso io
web-what = Che cosa
web-where = Dove
web-since = Inizio
web-severity = Gravità
web-runbook = Runbook
web-state = Stato
web-you-have-it = Ci pensi tu. Scadenza: { $until }.
web-you-have-it-no-lapse = Ci pensi tu.
web-person-has-it = Ci pensa già { $person }. Preso in carico: { $when }.
web-over = Tutto rientrato. Risolto: { $when }.
web-earlier-round = Questo link viene da un giro precedente. Apri la chiamata più recente che hai ricevuto.
web-link-invalid = Questo link non è valido. Riaprilo per intero dalla chiamata, oppure accedi.
web-too-many-attempts = Troppi tentativi. Aspetta un minuto e riprova.

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

# La pagina di un allarme.
web-timeline = Cronologia
web-notes = Note
web-notes-empty = Ancora nessuna nota.
web-back-to-board = Tutti gli allarmi aperti

# Quando qualcosa va storto.
web-error-title = Non si è potuto preparare questa pagina
web-error-text = Il server ha avuto un problema con questa richiesta ({ $id }). Nulla è andato perso e le chiamate proseguono. Ricarica la pagina; se non basta, cerca questo numero nel log del server.
web-not-found-title = Qui non c’è nulla
web-not-found-text = A questo indirizzo non c’è nessuna pagina. La pagina di un allarme si apre dall’elenco degli allarmi aperti.

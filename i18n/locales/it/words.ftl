# Parole che riempiono altri testi. Compaiono anche negli SMS: solo GSM-7.
severity-critical = critico
severity-error = errore
severity-warning = avviso
severity-info = informazione

state-open = ancora da prendere in carico
state-held = rimandato
state-acknowledged = preso in carico
state-resolved = risolto

channel-pushover = Pushover
channel-sms = SMS
channel-voice = Telefonata
channel-pager = Cercapersone
channel-mail = e-mail

way-link = link nella chiamata
way-web = pagina web
way-command = riga di comando
way-api = API
way-terminal = terminale
way-pushover = Pushover
way-sms = risposta all'SMS
way-call = tasto durante la chiamata
way-pager = risposta dal cercapersone
way-source = nel sistema di monitoraggio
problems = { $count } problemi: { $summary }
finding-flood = { $source } segnala più di { $count } nuovi problemi al minuto
finding-silence = { $source } tace: atteso un segnale di vita ogni { $every }

status-queued = in coda
status-sent = inviato
status-delivered = recapitato
status-read = letto
status-answered = risposto
status-undelivered = non recapitato
status-failed = non riuscito

reason-timeout = il fornitore non ha risposto in tempo
reason-connection = nessuna connessione con il fornitore
reason-refused = il fornitore rifiuta: { $detail }
reason-rejected = il fornitore rifiuta
reason-fault = il fornitore ha un guasto
reason-nonsense = la risposta del fornitore non ha senso
reason-interrupted = interrotto da un riavvio del server
reason-breaker-open = il fornitore ha avuto più errori di fila ed è stato saltato
reason-provider = il fornitore segnala un guasto: { $detail }
reason-rate-limited = troppi messaggi tutti insieme
reason-number-invalid = il numero non è valido
reason-address-unknown = il fornitore non conosce questo indirizzo
reason-user-unknown = il fornitore non conosce il destinatario
reason-credentials = il fornitore non accetta le nostre credenziali
reason-expired = troppo tempo in coda
reason-no-channel = questo canale non è configurato
reason-disk-full = il disco è pieno
reason-log-unavailable = l'archivio del registro non risponde

text-erased = (testo cancellato)

kind-person = persona
kind-team = gruppo
kind-rota = turno di reperibilità
kind-policy = regola di escalation
kind-service = servizio
kind-source = sorgente
kind-routes = instradamento
kind-override = sostituzione
kind-work = lavori programmati

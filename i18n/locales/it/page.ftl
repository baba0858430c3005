# Testi che svegliano qualcuno. Prima il codice e il problema, poi dove e da quando, poi come prendere in carico.
# SMS e cercapersone sono in GSM-7: virgolette dritte, trattini semplici, tre punti, nessuna maiuscola accentata.
# Gli orari arrivano con o senza il giorno: "inizio" e "scadenza" vanno bene davanti a entrambi.
page-push-title = { $code } { $summary }
page-push-body =
    { $code }: { $summary }
    { $service }, { $severity }, inizio { $when }
    Per prendere in carico: «{ page-push-link }» qui sotto.
page-push-link = Ci penso io
page-mail-subject = [{ $code }] { $severity }: { $summary }
page-mail-subject-plain = [{ $code }] { $summary }
page-sms =
    { $code } { $summary }
    { $service }, inizio { $when }
    Ci penso io: { $link }
page-sms-reply = Oppure rispondi OK { $reply }
page-pager = { $code } { $summary } / { $service }, inizio { $when } / OK: { $link }
page-pager-take = Ci penso io
page-pager-escalate = Avanti

page-digest = { $count } allarmi: { $list }
page-digest-more = +{ $count } altri
page-digest-body =
    { $lines }
    Per prendere in carico { $code }: «{ page-push-link }» qui sotto.
page-digest-sms =
    { $count } allarmi: { $list }
    Di { $code } mi occupo io: { $link }
page-digest-pager = { $count } allarmi: { $list } / OK { $code }: { $link }
page-repeat = Ripetizione: non si sa se la prima chiamata sia arrivata.
page-late = Questa chiamata arriva con { $span } di ritardo.
page-repeat-short = ripetizione
page-late-short = { $span } di ritardo
page-work-yours = Durante i lavori programmati «{ $what }», scadenza { $until }.
page-work-on = Lavori programmati in corso: «{ $what }» ({ $worker }), scadenza { $until }. Non presi in carico da chi li esegue.
page-work-over = Lavori programmati finiti, ma l’allarme c’è ancora: «{ $what }» ({ $worker }).
page-work-yours-short = lavori programmati
page-work-on-short = lavori in corso
page-work-over-short = lavori finiti
page-test = Chiamata di prova
page-test-summary = Chiamata di prova. Nessun guasto, basta prenderla in carico.
page-test-body =
    { $code }: { page-test-summary }
    Inviata: { $when }
    Per prendere in carico: «{ page-push-link }» qui sotto.
page-test-sms =
    { $code } { page-test-summary }
    Inviata: { $when }
    Ci penso io: { $link }
page-test-pager = { $code } { page-test-summary } / Inviata: { $when } / OK: { $link }

page-reference-only = { $code } Allarme per { $service }
page-reference-only-body =
    { $code }: allarme per { $service }
    Inizio { $when }
    Dettagli e «{ page-push-link }» qui sotto.
page-reference-only-sms =
    { $code } Allarme per { $service }
    Inizio { $when }
    Ci penso io: { $link }
page-reference-only-pager = { $code } { $service }, inizio { $when } / OK: { $link }

# Quello che il sistema comunica a qualcuno. Nessun guasto, niente suona.
page-message-title = { $code } Hot Potato
page-message-body =
    { $text }
    Letto: «{ page-push-link }» qui sotto.
page-message-sms =
    { $code } { $text }
    { $link }
page-message-pager = { $code } { $text } / { $link }
page-shift-begins = Inizia la tua reperibilità in { $rota }, scadenza { $until }.
page-shift-begins-after = Inizia la tua reperibilità in { $rota }, scadenza { $until }. Prima di te: { $others }.
page-shift-begins-asked = Inizia la tua reperibilità in { $rota }, scadenza { $until }. Fino alla tua conferma resta reperibile anche { $others }.
page-shift-stays = La tua reperibilità in { $rota } sarebbe finita, ma continua finché chi segue non la conferma.
page-shift-ends = La tua reperibilità in { $rota } è finita. Ora: { $others }.
page-shift-ends-nobody = La tua reperibilità in { $rota } è finita, e dopo di te non c'è nessuno.
page-work-ends = I lavori programmati "{ $what }" finiscono: { $until }. Quello che allora è ancora guasto passa al reperibile. Se serve più tempo: hotpotato work extend { $id } --by 30m
page-work-taken = I lavori programmati "{ $what }" ({ $worker }) sono finiti: { $count ->
    [one] ricevuto 1 allarme
   *[other] ricevuti { $count } allarmi
 }.
page-still-open = Aperti: { $codes }.
page-nothing-open = Niente di aperto.
page-contact-broken = Il tuo contatto { $contact } non funziona: { $why }. Viene saltato finché non torna a funzionare. Da controllare, poi: hotpotato contact verify
page-contact-broken-of = Il contatto { $contact } di { $person } non funziona: { $why }. Viene saltato finché non torna a funzionare.
page-contact-unanswered = Nessuno ha risposto alla chiamata di prova sul tuo contatto { $contact }. Se non è mai arrivata, controlla il contatto, poi: hotpotato contact verify
page-contact-unknown = il gestore non conosce l'indirizzo
page-contact-refused = il gestore lo rifiuta
page-contact-undelivered = nulla di quanto inviato arriva
page-contact-code = { $code } è il codice per il tuo contatto { $contact }, fino a { $until }. Per confermare: hotpotato contact confirm

page-house-alarm-title = [NO-LOG] Hot Potato richiede un intervento
page-no-log = [NO-LOG] Il registro rifiuta le scritture: gli allarmi non vengono registrati. Motivo: { $reason }. Controllare subito il server.
page-quarantine = [NO-LOG] Impossibile rileggere l'allarme { $code }: è stato messo da parte. Nessun altro viene chiamato per questo: intervenire a mano.
page-nobody-to-page = [NO-LOG] L'allarme { $code } non ha nessuno da allertare, nemmeno di riserva. Prenderlo in carico e correggere la regola di escalation.
page-unaccounted = [NO-LOG] Il bilancio non torna: di { $count ->
        [one] { $count } problema accettato
       *[other] { $count } problemi accettati
    } non si sa che fine abbia fatto. "hotpotato ledger" ne dà i nomi: occuparsene a mano.
page-no-route = [NO-LOG] Le segnalazioni di { $source } non portano da nessuna parte: nessuna rotta corrisponde. Intanto sono rifiutate. Aggiungere una rotta finale.
page-provider-ill = [NO-LOG] Il canale { $channel } non accetterebbe una chiamata: { $detail }. Finché non è risolto, le chiamate partono solo dagli altri canali.
page-certificate-ends = [NO-LOG] Il certificato del canale { $channel } scade: { $when } (UTC). Dopo, da lì non partirà più nessuna chiamata. Chiedere al fornitore di rinnovarlo.
page-operators-contact = Il contatto { $contact } di { $person } non funziona e viene saltato finché non torna a funzionare. Tutti quelli guasti: hotpotato contact list --broken
page-operators-unanswered = Nessuno ha risposto alla chiamata di prova sul contatto { $contact } di { $person }. Resta in uso, ma non si sa se raggiunge qualcuno. La persona è stata avvisata, se ha un altro contatto.
page-configuration-unreadable = [NO-LOG] Una parte della configurazione non si può leggere dal registro. Il sistema continua senza: controllare subito il server.

# A provider's account runs low: told over another channel.
page-account-low-title = Hot Potato richiede un intervento
page-account-low = Canale { $channel }: restano solo { $left } messaggi su { $limit } fino al { $until }. Poi nessuno viene più allertato su questo canale. Aumentare il limite, o iniziare le sequenze di contatto da un altro canale.

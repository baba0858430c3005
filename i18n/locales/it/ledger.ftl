# Il bilancio: che cosa è stato accettato, e che fine ha fatto.

ledger-column-became = Che fine ha fatto
ledger-column-count = Problemi
ledger-column-problems = Problemi
ledger-accepted = Accettati da quando esiste il registro
ledger-paged = allertati
ledger-joined = confluiti in un altro allarme
ledger-rerouted = da chi fa lavori programmati
ledger-held-for-work = sospesi per lavori programmati
ledger-held = rimandati
ledger-acknowledged = presi in carico prima che partisse una chiamata
ledger-over = risolti prima che fosse allertato qualcuno
ledger-nobody = nessuno da allertare, gestori avvisati
ledger-set-aside = messi da parte, gestori avvisati
ledger-waiting = in attesa della prima chiamata
ledger-under-way = in corso di scrittura
ledger-difference = Non si sa dove siano
ledger-longest-wait = Attende da più tempo: { $code } "{ $summary }", da { $since }.
ledger-agrees = Il bilancio torna: di ogni problema accettato si sa che fine ha fatto.
ledger-differs =
    Il bilancio non torna: di { $count ->
        [one] { $count } problema
       *[other] { $count } problemi
    } non si sa che fine abbia fatto. Occuparsene a mano e conservare il file di log del server.
ledger-not-written = A { $source } è stato risposto ({ $at }) che "{ $key }" è accettato, ma il registro non ce l'ha.
ledger-not-acted-on = L'allarme { $code } è nel registro, ma nessuno se ne occupa.
ledger-acted-on-only = L'allarme { $code } è in lavorazione, ma nel registro non c'è tutto.
ledger-empty = Nessun allarme aperto si trova lì.

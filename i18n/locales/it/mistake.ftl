# Che cosa non va nei file di configurazione. Virgolette dritte, così quello che contengono si può copiare.
mistake-warning = avviso
mistake-did-you-mean = Forse "{ $near }"?

mistake-file-unreadable = Il file non si può leggere: { $why }.
mistake-file-not-text = Non si tratta di un file di testo in UTF-8. Salvalo in UTF-8, o indica un altro file.
mistake-file-too-large = Il file supera { $max } byte. Dividilo in più file e indicali tutti.
mistake-syntax = Il file qui non è ben formato: { $why }. Controlla rientri, virgolette e parentesi in questo punto e subito prima.
mistake-too-deep = Più di { $max } livelli uno dentro l'altro. La configurazione ne richiede molti meno; controlla le parentesi.
mistake-alias-refused = Gli alias ("*nome") non sono supportati, perché possono far esplodere un file. Scrivi qui il valore per esteso.
mistake-tag-refused = I tag ("{ $tag }") non sono supportati. Toglilo, e metti il testo tra virgolette.
mistake-several-documents = Qui comincia un secondo documento. Mettilo in un file a parte e indicali entrambi, oppure togli "---".
mistake-nothing-defined = I file non definiscono nulla. Indica i file con persone, turni, regole di escalation e servizi.
mistake-key-not-text = Una chiave deve essere testo. Scrivila come nome tra virgolette.
mistake-duplicate-key = "{ $key }" compare due volte, la prima in { $place }. Tieni una sola delle due.
mistake-defined-twice = Doppia definizione: { $kind } "{ $name }", già in { $place }. Tienine una sola, o cambia un nome.
mistake-unknown-key = "{ $key }" qui non ha significato. Possibili: { $known }.
mistake-missing = Manca "{ $field }". Aggiungi, per esempio: { $field }: { $example }
mistake-wrong-type = Atteso: { $expected }; trovato: { $found }. Scrivi, per esempio: { $example }
mistake-shape-map = chiavi con valori
mistake-shape-list = un elenco
mistake-shape-text = testo
mistake-shape-number = un numero intero
mistake-shape-yes-no = true o false
mistake-shape-nothing = nulla
mistake-bad-span = "{ $text }" non è una durata. Scrivi numeri con w, d, h, m, s o ms, come 90s, 2m o 1h30m.
mistake-bad-turn = "{ $text }" non dice quando avviene il passaggio di consegne. Scrivi un numero di ore, giorni, settimane o mesi, come 12h, 1d, 1w o 1mo.
mistake-bad-hours = "{ $text }" non indica orari della settimana. Scrivi giorni e ore tra virgolette, come "Mon-Fri 18:00-08:00" o "Sat-Sun 00:00-24:00".
mistake-one-way = Nei prossimi 14 giorni questo livello dipende a tratti da persone raggiungibili tramite un solo canale: se quello manca, il livello non raggiunge nessuno. Aggiungere alla loro sequenza un secondo contatto su un altro canale.
mistake-gaps =
    { $count ->
        [one] Nei prossimi 60 giorni questo livello non raggiunge nessuno, inizio { $from }, fine { $until } ({ $zone }). In quel periodo l'allarme passa subito al livello successivo.
       *[other] Nei prossimi 60 giorni questo livello resta scoperto { $count } volte; la prima: inizio { $from }, fine { $until } ({ $zone }). In quei periodi l'allarme passa subito al livello successivo.
    }
mistake-handover-skipped = Il passaggio di consegne previsto per { $planned } ({ $zone }) cade nell'ora che il cambio dell'ora salta: avviene { $shown }.
mistake-handover-repeated = Il passaggio di consegne previsto per { $planned } ({ $zone }) cade nell'ora che con il cambio dell'ora si ripete: vale la prima volta ({ $first }), non la seconda ({ $again }).
mistake-member-dates = La fine viene prima dell'inizio: `until` deve essere successivo a `from`.
mistake-handover-year = Il primo passaggio di consegne cade nell'anno { $year }. Può cadere negli anni dal { $min } al { $max }: scrivi il momento da cui vale il turno, o un passaggio recente.
mistake-bad-local-time = "{ $text }" non è una data con ora locale. Scrivila nel fuso orario del turno, come "2026-11-02T09:00".
mistake-bad-choice = "{ $text }" qui non è possibile. Possibili: { $known }.
mistake-out-of-range = { $number } è fuori dai limiti. Scrivi un numero da { $min } a { $max }.
mistake-span-too-long = Durata troppo lunga. Il massimo possibile: { $span }.
mistake-contact-form = Un contatto ha esattamente un canale. Tieni uno tra pushover, sms e pager, e dai agli altri un nome proprio.
mistake-target-form = Una destinazione indica esattamente un turno, una persona o un gruppo. Scrivi una voce per ciascuno.
mistake-offset-without-rota = "offset" indica chi segue in un turno, e qui non c'è un turno. Toglilo, o indica un turno.

mistake-overrides-not-built = Le sostituzioni non stanno nei file: le decidono le persone, e `apply` non le tocca. Usa `hotpotato override add`.
mistake-work-not-built = I lavori programmati non stanno nei file: li decidono le persone, e `apply` non li tocca. Usa `hotpotato work start`.
mistake-matcher-not-built = L'instradamento non può chiedere "{ $name }". Prima di questa metti una voce che prende quello che non intendi; senza la condizione, questa varrebbe per troppi segnali.
mistake-channel-not-built = Il canale "{ $name }" non è ancora supportato. Ci sono: { $known }.

mistake-key-file-unreadable = La chiave non si può leggere da { $file }: { $why }. Il percorso parte dal file che lo indica.
mistake-key-file-empty = { $file } non contiene una chiave. Scrivici una chiave lunga e casuale.
mistake-key-file-too-large = { $file } supera { $max } byte; non può essere una chiave. Controlla il percorso.
mistake-key-short = La chiave in { $file } ha solo { $count } caratteri e si potrebbe indovinare. Usane almeno { $min }, casuali.
mistake-key-not-for-address = La chiave in { $file } ha caratteri che non possono stare così in un indirizzo. Usa lettere, cifre, "-", "_", "." e "~", oppure falli codificare da chi invia.
mistake-key-shared = La sorgente "{ $source }" ha la stessa chiave. Dai a ogni sorgente una chiave propria, o i loro segnali non si distinguono.

mistake-default-time-zone = Manca "time_zone"; le ore saranno in UTC. Aggiungi quello della persona, per esempio: time_zone: Europe/Rome
mistake-bad-name = "{ $name }" qui non può essere un nome. Usa fino a 63 caratteri tra a-z, 0-9, "-" e "_", con una lettera o una cifra all'inizio.
mistake-text-empty = Qui non c'è nulla. Scrivi del testo, o togli la chiave.
mistake-text-too-long = Il testo è troppo lungo. Il massimo: { $max } caratteri.
mistake-control-character = Il testo contiene un a capo o un altro carattere invisibile. Scrivilo su una riga, senza caratteri di controllo.
mistake-too-many = Troppe voci. Il massimo: { $max }.
mistake-unknown = Nessuna definizione per: { $kind } "{ $name }".
mistake-unknown-contact = Questa persona non ha un contatto "{ $contact }". Indicane uno tra quelli sotto "contacts".
mistake-section-absent = I file non contengono "{ $section }"; i relativi nomi non sono stati controllati.
mistake-unknown-time-zone = "{ $name }" non è un fuso orario. Scrivi un nome IANA, come Europe/Rome.
mistake-phone-form = "{ $address }" non è un numero di telefono in forma internazionale. Scrivi "+", prefisso del paese e numero senza spazi, come "+393331234567".
mistake-pushover-form = Non sembra una chiave utente di Pushover, che ha 30 tra lettere e cifre. Copiala dalla pagina Pushover della persona.
mistake-pager-form = "{ $address }" non può essere il numero di un cercapersone. Scrivi fino a 63 caratteri visibili senza spazi, come "7311".
mistake-address-form = "{ $address }" non può essere un indirizzo del canale { $channel }. Scrivilo come { $example }.
mistake-empty-members = Qui non c'è nessuno. Indica almeno una persona.
mistake-empty-layers = Il turno non ha strati: nessuno sarebbe mai reperibile. Aggiungine almeno uno.
mistake-empty-hours = Lo strato non indica orari in cui qualcuno è reperibile. Indicane almeno uno, come "Mon-Fri 18:00-08:00", oppure togli "hours": in quel caso vale sempre.
mistake-empty-steps = La regola non ha livelli. Aggiungine almeno uno.
mistake-empty-targets = Il livello non chiama nessuno. Indica un turno, una persona o un gruppo, o togli il livello.
mistake-contact-unused = La sequenza di contatto non usa mai "{ $contact }". Aggiungilo, o togli il contatto.
mistake-zero = "{ $field }" deve essere più di nulla. Scrivi, per esempio: { $field }: { $example }
mistake-zero-wait = Qui nessuno ha il tempo di rispondere: il livello successivo parte subito. Scrivi un'attesa più lunga, come 10m, se non è voluto.
mistake-policy-reaches-nobody = Questa regola non può raggiungere nessuno: nessuna delle persone indicate ha un contatto. Aggiungine uno sotto "contacts", o indica qualcun altro.
mistake-step-reaches-nobody = Questo livello non può raggiungere nessuno: nessuna delle persone indicate ha un contatto.
mistake-person-without-contacts = La regola "{ $name }" può chiamare questa persona, che non ha un contatto. Aggiungine uno sotto "contacts".
mistake-fallback-empty = Manca "fallback": dopo l'ultimo livello, tutte le persone dei livelli vengono chiamate ancora e ancora. Indica qualcuno, se non è voluto.
mistake-offset-wraps = Un "offset" di { $offset } fa il giro del turno: si alternano solo in { $count }, e potrebbe essere chiamato di nuovo chi lo è già stato.
mistake-step-after-hand-over = A questo livello non si arriva mai: quello precedente passa l'allarme ad altri. Toglilo, o mettilo prima.
mistake-step-form = Un livello chiama delle persone ("page" e "wait") oppure passa l'allarme ad altri ("hand_over"), non entrambe le cose.
mistake-too-few-people = Devono prendere in carico in { $wanted }, ma questo livello può indicarne solo { $count }. Chiedine di meno, o chiama più persone.
mistake-handed-round = Gli allarmi girerebbero in tondo: { $chain }. In una di queste regole di escalation chiama invece qualcuno.
mistake-no-default-route = Alcuni segnali non trovano una voce, e nessuno sarebbe chiamato. Chiudi l'elenco con una voce senza "when", per esempio: - service: shop
mistake-route-never-matches = Questa voce non vale mai: la numero { $number } prende tutto quello che potrebbe prendere. Spostala più in alto, o toglila.
mistake-bad-pattern = "{ $text }" non è un'espressione regolare utilizzabile qui: { $why }. Scrivine una come "db-[0-9]+"; per un'etichetta deve corrispondere a tutto il valore.
mistake-pattern-too-large = Questa espressione regolare richiederebbe troppa memoria. Scrivila più corta, con ripetizioni meno numerose o più piccole.
mistake-too-many-patterns = Tutte le voci insieme possono chiedere fino a { $max } espressioni regolari e testi. Uniscine alcune, come "db|web", o chiedi il valore delle etichette.
mistake-condition-empty = "{ $field }" è un elenco vuoto. Indica almeno una voce, o togli la chiave: così vanno bene tutte.
mistake-condition-twice = "{ $field }" è chiesto in due modi. Tienine uno.
mistake-zone-without-hours = "time_zone" dice in quale fuso vale "hours", che qui manca. Aggiungilo, o togli "time_zone".
mistake-only-for-heartbeat = "{ $field }" vale per le sorgenti di tipo heartbeat, e qui non ha effetto. Toglilo.
mistake-runbook-form = Il runbook non è un link, e da una chiamata non si può aprire. Scrivi un indirizzo che comincia con https://.
mistake-more =
    { $count ->
        [one] Un altro errore non compare qui. Prima correggi questi.
       *[other] Altri { $count } errori non compaiono qui. Prima correggi questi.
    }

# Quello che dice "hotpotato notify". Virgolette diritte, così si può copiare.
notify-kept = Nessun server ha preso la segnalazione ({ $why }). Si trova in { $folder } e verrà inviata più tardi.
notify-kept-for-key = Il server non accetta la chiave della sorgente ({ $why }). La segnalazione resta un giorno in { $folder }: correggi la chiave, o la sorgente nella configurazione.
notify-kept-behind =
    { $number ->
        [one] Prima va inviata { $number } segnalazione precedente
       *[other] Prima vanno inviate { $number } segnalazioni precedenti
    }, e il tempo è scaduto. Questa si trova in { $folder } e verrà inviata dopo.
notify-refused = Il server non capisce questa segnalazione: { $why }. Per questa nessuno viene avvisato. Si trova in { $file }.
notify-refused-earlier = Il server non ha capito una segnalazione precedente: { $why }. Per quella nessuno viene avvisato. Si trova in { $file }.
notify-lost = Segnalazione persa: nessun server l'ha presa ({ $why }), e non è stato possibile conservarla in { $folder } ({ $kept }). Inviala di nuovo.
notify-unkept = La segnalazione è stata presa, ma con il server spento sarebbe andata persa: in { $folder } non si può conservare niente ({ $kept }). Fai spazio, o scegli un'altra directory con --spool.
notify-full =
    { $number ->
        [one] { $number } segnalazione è già in attesa
       *[other] { $number } segnalazioni sono già in attesa
    }, e non c'è più posto
notify-unreadable = { $file } non si può leggere e resta dov'è: { $why }. Serve una directory per ogni utente che chiama "hotpotato notify".
notify-refused-ones-removed =
    { $number ->
        [one] La più vecchia segnalazione rifiutata in { $folder } è stata eliminata per fare posto.
       *[other] Le { $number } segnalazioni rifiutate più vecchie in { $folder } sono state eliminate per fare posto.
    }
notify-nothing-said = Non c'è niente da inviare. Serve --summary, o --key con --status resolved, o --nagios o --icinga; gli esempi sono in "hotpotato notify --help".
notify-unclear = Questo non si può inviare: { $why }.
notify-no-host = Nessuna macro dice di quale host si tratta. Passa --macro HOSTNAME=…, o fai esportare le macro a Nagios (enable_environment_macros=1).
notify-no-key = Manca la chiave della sorgente. Indica il suo file con --key-file o HOTPOTATO_KEY_FILE.
notify-no-folder = nessuna directory indicata: imposta --spool o HOTPOTATO_SPOOL
notify-alone = Nessuno invierà da solo ciò che è in attesa ({ $why }). Esegui "hotpotato notify --flush" ogni minuto.
notify-flushed =
    { $number ->
        [0] Non c'era niente in attesa.
        [one] { $number } segnalazione è stata inviata.
       *[other] { $number } segnalazioni sono state inviate.
    }
notify-still-waiting =
    { $number ->
        [one] { $number } segnalazione è ancora in attesa in { $folder }: { $why }
       *[other] { $number } segnalazioni sono ancora in attesa in { $folder }: { $why }
    }
notify-busy = un altro processo sta inviando
notify-silent = nessuna risposta in tempo

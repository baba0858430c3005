# Quello che una telefonata dice a chi dorme. Si ascolta, non si legge: frasi brevi, niente parentesi, niente
# abbreviazioni.
voice-alert = Qui Hot Potato. Allarme { $code }. { $summary }. Servizio { $service }, gravità: { $severity }, inizio: { $when }.
voice-reference-only = Qui Hot Potato. Allarme { $code } per { $service }, inizio: { $when }.
voice-test = Qui Hot Potato. Questa è una telefonata di prova, codice { $code }. Nessun guasto, basta prenderla in carico.
voice-message = Qui Hot Potato. { $text }
voice-keys = Per prendere in carico, premi { $take }. Per inoltrare, premi { $pass }. Per riascoltare, premi { $again }.
voice-keys-confirm = Per confermare, premi { $take }. Per riascoltare, premi { $again }.
voice-goodbye = Nessun tasto premuto: la chiamata passa ad altri. Arrivederci.
voice-unconfirmed = Nessun tasto premuto. Arrivederci.
voice-taken = Allarme { $code } preso in carico. Arrivederci.
voice-confirmed = Grazie. Arrivederci.
voice-passed-on = L’allarme viene inoltrato. Arrivederci.
voice-taken-before = L’allarme { $code } è già stato preso in carico. Arrivederci.
voice-over = L’allarme { $code } è finito. Non c’è più niente da fare. Arrivederci.
voice-unrecorded = Non è stato possibile registrarlo. Premi di nuovo il tasto.
# Per una segreteria telefonica, che chiunque potrebbe ascoltare.
voice-machine = Qui Hot Potato. C’è un allarme per te. Guarda gli altri messaggi.
voice-unknown = Qui Hot Potato. Questa telefonata non riguarda più nessun allarme. Arrivederci.
voice-unreadable = Qui Hot Potato. C’è un allarme per te, ma in questo momento non si può leggere. Guarda gli altri messaggi. Arrivederci.
# Al posto di un indirizzo.
voice-link = link
voice-minute = ore { $hour } e { $minute }
voice-hour = ore { $hour }
voice-day = { $day } { $month }, { $time }
voice-month =
    { $number ->
        [1] gennaio
        [2] febbraio
        [3] marzo
        [4] aprile
        [5] maggio
        [6] giugno
        [7] luglio
        [8] agosto
        [9] settembre
        [10] ottobre
        [11] novembre
       *[12] dicembre
    }

# Calendari: che cosa contengono, che cosa se ne dice e che cosa non va in quelli che si leggono.

calendar-of-person = Reperibilità: { $person }
calendar-of-rota = Reperibilità: { $rota }
calendar-on-call = Reperibilità: { $rota }
calendar-by-override = Per la sostituzione { $id }.

calendar-opened = { $id }: { $url }
calendar-keep-secret = Chi ha questo indirizzo vede questi turni. Viene mostrato solo adesso; riaprendo il calendario se ne ottiene uno nuovo e questo non vale più.
calendar-closed = Il calendario { $id } è chiuso; il suo indirizzo non porta più a nulla.
calendar-empty = Nessun calendario è aperto. "hotpotato calendar open" ne apre uno.
calendar-unknown = Non c'è un calendario aperto { $id }. "hotpotato calendar list" li elenca.
calendar-column-calendar = Calendario
calendar-column-of = Di
calendar-column-since = Aperto dal
calendar-of-a-rota = turnazione { $rota }
calendar-of-a-person = { $person }

calendar-import-for = + { $by } al posto di { $of }, dal { $from } al { $until }
calendar-import-also = + { $by }, dove non c'è nessuno di reperibilità, dal { $from } al { $until }
calendar-import-known = = { $by } già adesso, dal { $from } al { $until }
calendar-import-summary = { $overrides ->
        [one] 1 sostituzione da inserire
       *[other] { $overrides } sostituzioni da inserire
    }, { $known } già presenti; tralasciati: { $over } già passati, { $later } che iniziano tra più di un anno.
calendar-imported = { $overrides ->
        [0] Non c'era nulla da fare.
        [one] 1 sostituzione inserita.
       *[other] { $overrides } sostituzioni inserite.
    }
calendar-import-broken = { $done } sostituzioni su { $total } sono inserite; poi: { $reason } Importare di nuovo lo stesso calendario: ciò che c'è già viene saltato.
calendar-import-reason = Da un calendario: { $uid }
calendar-import-nobody = Riga { $line }: nessuno si chiama «{ $summary }». Il titolo dell'evento deve essere il nome di una persona, come lo mostra "hotpotato export".
calendar-import-several = Riga { $line }: «{ $summary }» può essere { $people }. Usare come titolo il nome che sta nella configurazione.
calendar-import-shared = Riga { $line }: dal { $from } sono di reperibilità insieme { $people }. Indicare al posto di chi con --for.
calendar-import-overlap = Riga { $line }: { $by } si sovrappone a { $earlier } (riga { $other }). Far finire uno dei due eventi prima che inizi l'altro.
calendar-import-too-long = Riga { $line }: l'evento { $uid } dura più di 366 giorni. Per ciò che deve durare di più, cambiare la turnazione.
calendar-import-refused = { $mistakes ->
        [one] 1 evento non si può importare; nulla è stato cambiato.
       *[other] { $mistakes } eventi non si possono importare; nulla è stato cambiato.
    }
calendar-file-unreadable = { $file } non si può leggere: { $why }
calendar-address-invalid = Questo non è l'indirizzo di un calendario: inizia con https://, http:// o webcal://.
calendar-address-unreachable = { $host } non risponde: { $why }. Riprovare, oppure salvare il calendario come file e importare quello.
calendar-address-refused = { $host } risponde con lo stato { $number } e non con un calendario. Controllare l'indirizzo nel browser.

calendar-too-large = Il calendario supera i { $kilobytes } KB. Esportare solo la parte da importare.
calendar-not-text = Il calendario non è in UTF-8. Salvarlo di nuovo come file iCalendar.
calendar-too-many-lines = Il calendario ha più di { $count } righe. Esportare solo la parte da importare.
calendar-not-a-calendar = Questo non è un file iCalendar: non inizia con BEGIN:VCALENDAR.
calendar-no-line = La riga { $line } non è una riga di calendario, cioè NOME:VALORE. Esportare di nuovo il calendario.
calendar-unbalanced = Riga { $line }: qualcosa inizia e non finisce, o finisce senza inizio. Il file è tronco o danneggiato: esportare di nuovo il calendario.
calendar-too-many-events = Riga { $line }: il calendario ha più di { $count } eventi. Esportare solo la parte da importare.
calendar-too-much-happens = Riga { $line }: gli eventi ricorrono più di { $count } volte, o sono iniziati troppo tempo fa. Far finire prima l'evento, o farlo iniziare dopo.
calendar-bad-value = Riga { $line }: «{ $value }» non è un valore di { $name }. Correggere l'evento, o esportare di nuovo il calendario.
calendar-unknown-zone = Riga { $line }: il fuso orario «{ $zone }» non è nel file e non è noto. Dare all'evento un fuso come Europe/Berlin.
calendar-no-start = Riga { $line }: l'evento { $uid } non dice quando inizia (DTSTART).
calendar-backwards = Riga { $line }: l'evento { $uid } non finisce dopo il suo inizio. Correggerne la fine.
calendar-not-read = Riga { $line }: { $what } qui non viene capito. Inserire questi eventi uno per uno.

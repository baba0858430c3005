# Le risposte della riga di comando su ciò che era noto prima, e su chi ha cambiato che cosa. L'azione sta accanto al nome di chi l'ha fatta.
change-known-at = Come risultava alla data { $when }:
change-column-when = Quando
change-column-who = Chi
change-column-details = In dettaglio
change-kind-token = token
change-kind-calendar = calendario
change-added = ha aggiunto { $thing }
change-changed = ha modificato { $thing }
change-removed = ha tolto { $thing }
change-made = ha inserito { $thing }
change-accepted = ha accettato { $thing }
change-declined = ha rifiutato { $thing }
change-planned = ha inserito { $thing }
change-moved = ha spostato la fine: { $thing }
change-ended = ha concluso { $thing }
change-cancelled = ha annullato { $thing }
change-issued = ha emesso { $thing }
change-revoked = ha revocato { $thing }
change-opened = ha aperto { $thing }
change-closed = ha chiuso { $thing }
change-during = { $what }, da { $from } a { $until }
change-until = fino a { $until }
change-role = ruolo { $role }
change-empty = In questo periodo nulla è stato cambiato.
change-more = Ci sono modifiche più vecchie: per vederne altre usare --limit, oppure indicare con --to una fine precedente.
change-unreadable =
    { $count ->
        [one] Una voce della configurazione non si può leggere e qui manca. "hotpotato verify" dice che cosa non va.
       *[other] { $count } voci della configurazione non si possono leggere e qui mancano. "hotpotato verify" dice che cosa non va.
    }

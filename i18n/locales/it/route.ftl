# Perché un segnale va dove va.

route-column-route = Voce
route-column-when = Chiede
route-column-answer = Risposta
route-everything = tutto
route-taken = lo prende
route-not-asked = non interpellata
route-service-gone = lo prenderebbe, ma il suo servizio non c'è più
route-missed-source = la sorgente è { $found }, non { $wanted }
route-missed-severity = la gravità è { $found }, non { $wanted }
route-missed-label = { $label } è "{ $found }", non "{ $wanted }"
route-missed-label-absent = { $label } manca, dovrebbe essere "{ $wanted }"
route-missed-hours = lì sono { $found }, non { $wanted }
route-missed-text = il testo non dice "{ $wanted }"
route-severity-steps = Gravità: { $severity }
route-goes = Va al servizio { $service }, escalation { $policy }, come { $severity }.
route-goes-somehow = Va al servizio { $service }, come { $severity }. I file non dicono quale escalation segue.
route-goes-own = Nessuna voce interpellata: la sorgente ha un servizio suo.
route-over = Dice che "{ $key }" è finito: chiude quel problema, in qualunque allarme sia. Se si presentasse:
route-nowhere = Non va da nessuna parte: nessuna voce porta a un servizio. Chiudi l'elenco con una voce senza "when".
route-nothing = Il testo non parla di nessun problema: non c'è niente da instradare.
route-unknown-source = Non c'è nessuna sorgente "{ $source }". Ci sono: { $known }.
route-body-unreadable = Il testo non si può leggere da { $file }: { $why }.
route-body-wrong = { $source } non potrebbe mandarlo: { $why }.
route-bad-label = "{ $text }" non è un'etichetta. Scrivila come nome=valore.

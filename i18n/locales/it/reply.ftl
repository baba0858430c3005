# Risposte agli SMS che qualcuno ci ha mandato. GSM-7, un segmento ciascuna; $codes sono codici di allarmi.
reply-taken = { $codes }: preso in carico. Nessun altro viene allertato.
reply-joined = { $codes }: registrato, ci sei. Altri vengono allertati finché non siete abbastanza.
reply-escalated = { $codes }: inoltrato, viene allertato il prossimo livello.
reply-resolved = { $codes }: registrato come risolto.
reply-extended = I tuoi lavori programmati ora finiscono alle { $until }.
reply-over = { $codes }: già risolto. Niente da fare.
reply-earlier = { $codes }: dopo quell'SMS le chiamate sono ricominciate. Rispondi all'ultimo, o usa il suo link.
reply-impossible = { $codes }: con questo SMS non si può. Il link mostra cosa si può fare.
reply-no-work = Non ci sono tuoi lavori programmati in corso: nulla da prolungare.
reply-work-refused = I tuoi lavori programmati non si possono prolungare tanto. Non è cambiato nulla.
reply-failed = Ora non si riesce a registrarlo. Manda di nuovo l'SMS, o usa il link.
reply-wrong-code = Nessun SMS per te ha questo codice. Non è stato fatto nulla. Usa il link nell'SMS.
reply-ambiguous = Due SMS per te hanno questo codice. Non è stato fatto nulla. Usa il link nell'SMS.
reply-without-code = Non è stato fatto nulla: aggiungi le quattro cifre in fondo all'SMS, per esempio OK 1234.
reply-help = Con le quattro cifre dell'SMS: SI 1234 prende in carico, AVANTI 1234 inoltra, FATTO 1234 chiude, PLUS 30 1234: 30 min in più ai lavori programmati.

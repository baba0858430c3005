# Contatti: quali raggiungono qualcuno, e i codici che lo provano.

contact-none = Nessuno ha un contatto. I contatti stanno nella configurazione, poi: hotpotato apply
contact-none-broken = Tutti i contatti funzionano.
contact-column-person = Persona
contact-column-contact = Contatto
contact-column-channel = Canale
contact-column-verified = Verificato
contact-column-proved = Ultima prova
contact-column-state = Stato
contact-state-proved = provato
contact-state-unproved = non provato
contact-state-broken = non funziona dal { $since }: { $why }

contact-code-sent = Un codice è in arrivo a { $person } tramite { $contact }; vale fino a { $until }. Poi: hotpotato contact confirm { $person } { $contact } CODICE
contact-confirmed = Il contatto { $contact } di { $person } è provato.
contact-unknown = { $person } non ha un contatto { $contact }. "hotpotato contact list" li elenca tutti.
contact-mistaken = Questo non è l'ultimo codice inviato. Ricontrollare, o farne inviare un altro: hotpotato contact verify { $person } { $contact }
contact-no-code = Qui non si aspetta nessun codice, o questo non lo è: un codice ha sei cifre e vale dieci minuti, una volta sola. Per averne un altro: hotpotato contact verify { $person } { $contact }
contact-too-many-codes = Tramite questo contatto sono già stati inviati tre codici in un'ora. Aspettare che passi l'ora e vedere con "hotpotato contact list" perché non arrivano.
contact-too-many-mistakes = Questo codice è stato sbagliato troppe volte e non vale più. Per averne un altro: hotpotato contact verify { $person } { $contact }

contact-covered = Nei prossimi 14 giorni ogni livello ha qualcuno con due contatti provati presso gestori diversi.
contact-thin = In questi livelli nessuno ha due contatti provati presso gestori diversi. Se uno manca, il livello non raggiunge nessuno. "hotpotato contact verify" ne prova altri.
contact-column-step = Livello
contact-column-from = Dal
contact-column-to = Al
contact-column-people = Dipende da

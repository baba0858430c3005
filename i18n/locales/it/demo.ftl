# Quello che la dimostrazione racconta nel terminale.
demo-title = Hot Potato · dimostrazione
demo-intro = Una casa con tre persone: Anna (italiano), Bernd (tedesco), Callum (inglese). I loro telefoni sono simulati, tutto il resto funziona davvero.
demo-short-waits = Qui le attese sono brevi: il primo livello dura { $span }; di norma, minuti.
demo-port-taken = La porta consueta è occupata su questa macchina; questa casa è su { $url }
demo-plan = Se nessuno risponde:
demo-everybody = tutti nel team { $team }
demo-language-name = Italiano

demo-signal-taken = Inviato come fa Alertmanager: prima su disco, poi la risposta 200
demo-alert-fired = Allarme { $code } per { $service }: { $summary }
demo-phone-rings = Squilla il telefono di { $person } (Pushover)
demo-sms-arrives = SMS per { $person }
demo-pager-beeps = Suona il cercapersone di { $person }
demo-same-text = di nuovo lo stesso testo
demo-web-page = Per prendere in carico dal browser: { $url }

demo-press-enter = Invio: ci pensa { $person }
demo-next-contact = { $channel } per { $person } tra { $span }
demo-next-step = livello { $step } ({ $person }) tra { $span }
demo-next-step-crowd = livello { $step } ({ $number } persone) tra { $span }
demo-next-fallback = riserva ({ $people }) tra { $span }

demo-takes-soon = Senza tastiera: tra { $span } la dimostrazione prende in carico da sola, come { $person }
demo-takes-now = La dimostrazione prende in carico ora come { $person }
demo-not-taken = Non preso in carico: { $reason }
demo-stops-ringing = Il telefono di { $person } smette di squillare: annullato presso Pushover
demo-silenced = Tutto il resto ora tace

demo-timeline = Quello che la casa ha annotato
demo-closing = Per l'uso vero: prepara hotpotato.toml e le tue persone, poi avvia "hotpotato serve --config hotpotato.toml". docs/running.md spiega come.
demo-still-there = La pagina web resta su { $url }
demo-leave = Invio o Ctrl-C chiude la dimostrazione
demo-ended = La dimostrazione è finita; su questa macchina non ne resta nulla.

# Quello che la dimostrazione racconta nel terminale.
demo-intro = Una casa con tre persone: Anna (italiano), Bernd (tedesco) e Callum (inglese). I loro telefoni sono simulati su questa macchina, tutto il resto funziona davvero.
demo-short-waits = Qui le attese sono brevi: un livello dura { $span }. In una casa vera sono minuti.
demo-web-page = Per guardare e prendere in carico: { $url }
demo-alert-fired = Allarme { $code } per { $service }: { $summary }
demo-press-enter = Premi Invio per prendere in carico come { $person }.
demo-phone-rings = Squilla il telefono di { $person } (Pushover)
demo-sms-arrives = SMS per { $person }
demo-pager-beeps = Suona il cercapersone di { $person }
demo-next-step = Nessuno ha risposto; prossimo livello tra { $span }
demo-has-it = Ci pensa { $person }
demo-silenced = Tutto il resto ora tace
demo-leave = Ctrl-C chiude la dimostrazione.
demo-closing = Per l'uso vero: prepara hotpotato.toml e le tue persone, poi avvia "hotpotato serve --config hotpotato.toml". Il README spiega come.

# What the demo tells in the terminal.
demo-intro = A house with three people: Anna (Italian), Bernd (German) and Callum (English). Their phones are stand-ins on this machine; everything else is real.
demo-short-waits = Waits are short here: a step lasts { $span }. In a real house it is minutes.
demo-web-page = Watch, and take the alert, at { $url }
demo-alert-fired = Alert { $code } for { $service }: { $summary }
demo-press-enter = Press Enter to acknowledge as { $person }.
demo-phone-rings = { $person }'s phone rings (Pushover)
demo-sms-arrives = SMS to { $person }
demo-pager-beeps = { $person }'s pager beeps
demo-next-step = Nobody has answered; next step in { $span }
demo-has-it = { $person } has it
demo-silenced = Everything else has been silenced
demo-leave = Ctrl-C ends the demo.
demo-closing = For real: write hotpotato.toml and your people, then run "hotpotato serve --config hotpotato.toml". The README shows how.

# What the demo tells in the terminal.
demo-title = Hot Potato · demo
demo-intro = A house with three people: Anna (Italian), Bernd (German), Callum (English). Their phones are stand-ins on this machine; everything else is real.
demo-short-waits = Waits are short here: the first step lasts { $span }; in a real house, minutes.
demo-port-taken = The usual port is taken on this machine; this house is at { $url }
demo-plan = If nobody answers:
demo-everybody = everybody in { $team }
demo-language-name = English

demo-signal-taken = Posted as Alertmanager does it: on disk first, then answered 200
demo-alert-fired = Alert { $code } for { $service }: { $summary }
demo-phone-rings = { $person }'s phone rings (Pushover)
demo-sms-arrives = SMS to { $person }
demo-pager-beeps = { $person }'s pager beeps
demo-same-text = the same text again
demo-web-page = To take it in the browser: { $url }

demo-press-enter = Enter: take it as { $person }
demo-next-contact = { $channel } to { $person } in { $span }
demo-next-step = step { $step } ({ $person }) in { $span }
demo-next-step-crowd = step { $step } ({ $number } people) in { $span }
demo-next-fallback = fallback ({ $people }) in { $span }

demo-takes-soon = No keyboard here: in { $span } the demo itself takes the alert as { $person }
demo-takes-now = The demo now takes the alert as { $person }
demo-not-taken = Not taken: { $reason }
demo-stops-ringing = { $person }'s phone stops ringing: Pushover was told to cancel it
demo-silenced = Everything else has fallen silent

demo-timeline = What the house wrote down
demo-closing = For real: write hotpotato.toml and your people, then run "hotpotato serve --config hotpotato.toml". docs/running.md shows how.
demo-still-there = The web page stays at { $url }
demo-leave = Enter or Ctrl-C ends the demo
demo-ended = The demo is over; nothing of it is left on this machine.

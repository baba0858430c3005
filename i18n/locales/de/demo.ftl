# Was die Vorführung im Terminal erzählt.
demo-title = Hot Potato · Vorführung
demo-intro = Ein Haus mit drei Leuten: Anna (Italienisch), Bernd (Deutsch), Callum (Englisch). Ihre Telefone sind hier nachgebildet, alles andere ist echt.
demo-short-waits = Die Wartezeiten sind kurz: Die erste Stufe dauert { $span }, sonst Minuten.
demo-port-taken = Der übliche Port ist auf diesem Rechner belegt; dieses Haus steht unter { $url }
demo-plan = Wenn niemand reagiert:
demo-everybody = alle im Team { $team }
demo-language-name = Deutsch

demo-signal-taken = Gemeldet, wie Alertmanager es tut: erst auf die Platte, dann 200
demo-alert-fired = Alarm { $code } für { $service }: { $summary }
demo-phone-rings = Das Telefon von { $person } klingelt (Pushover)
demo-sms-arrives = SMS an { $person }
demo-pager-beeps = Der Pager von { $person } piept
demo-same-text = noch einmal derselbe Text
demo-web-page = Im Browser übernehmen: { $url }

demo-press-enter = Enter: als { $person } übernehmen
demo-next-contact = { $channel } an { $person } in { $span }
demo-next-step = Stufe { $step } ({ $person }) in { $span }
demo-next-step-crowd = Stufe { $step } ({ $number } Personen) in { $span }
demo-next-fallback = Rückfallebene ({ $people }) in { $span }

demo-takes-soon = Ohne Tastatur: In { $span } übernimmt die Vorführung selbst, als { $person }
demo-takes-now = Die Vorführung übernimmt jetzt als { $person }
demo-not-taken = Nicht übernommen: { $reason }
demo-stops-ringing = Das Telefon von { $person } verstummt: bei Pushover gestoppt
demo-silenced = Alles andere ist jetzt still

demo-timeline = Was das Haus aufgeschrieben hat
demo-closing = Im Ernst: hotpotato.toml und die eigenen Leute anlegen, dann "hotpotato serve --config hotpotato.toml" starten. Wie das geht, steht in docs/running.md.
demo-still-there = Die Webseite bleibt unter { $url }
demo-leave = Enter oder Strg-C beendet die Vorführung
demo-ended = Die Vorführung ist zu Ende; auf diesem Rechner bleibt nichts davon zurück.

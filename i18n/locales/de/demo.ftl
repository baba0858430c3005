# Was die Vorführung im Terminal erzählt.
demo-intro = Ein Haus mit drei Leuten: Anna (Italienisch), Bernd (Deutsch) und Callum (Englisch). Ihre Telefone sind auf diesem Rechner nachgebildet, alles andere ist echt.
demo-short-waits = Die Wartezeiten sind hier kurz: Eine Stufe dauert { $span }. In einem echten Haus sind es Minuten.
demo-web-page = Zuschauen und übernehmen: { $url }
demo-alert-fired = Alarm { $code } für { $service }: { $summary }
demo-press-enter = Eingabetaste: als { $person } übernehmen
demo-phone-rings = Das Telefon von { $person } klingelt (Pushover)
demo-sms-arrives = SMS an { $person }
demo-pager-beeps = Der Pager von { $person } piept
demo-next-step = Niemand hat reagiert; nächste Stufe in { $span }
demo-has-it = { $person } hat übernommen
demo-silenced = Alles andere ist jetzt still
demo-leave = Strg-C beendet die Vorführung.
demo-closing = Im Ernst: hotpotato.toml und die eigenen Leute anlegen, dann "hotpotato serve --config hotpotato.toml" starten. Wie das geht, steht im README.

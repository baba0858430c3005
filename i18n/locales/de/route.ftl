# Warum eine Meldung dorthin geht, wohin sie geht.

route-column-route = Zuordnung
route-column-when = Fragt nach
route-column-answer = Antwort
route-everything = allem
route-taken = nimmt sie
route-not-asked = nicht gefragt
route-service-gone = nähme sie, aber ihren Dienst gibt es nicht mehr
route-missed-source = Quelle ist { $found }, nicht { $wanted }
route-missed-severity = Schwere ist { $found }, nicht { $wanted }
route-missed-label = { $label } ist "{ $found }", nicht "{ $wanted }"
route-missed-label-absent = { $label } fehlt, verlangt ist "{ $wanted }"
route-missed-hours = dort ist es { $found }, nicht { $wanted }
route-missed-text = im Text steht nicht "{ $wanted }"
route-severity-steps = Schwere: { $severity }
route-goes = Geht an den Dienst { $service }, Eskalation { $policy }, als { $severity }.
route-goes-somehow = Geht an den Dienst { $service }, als { $severity }. Wie der eskaliert, sagen die Dateien nicht.
route-goes-own = Keine Zuordnung wird gefragt: Die Quelle hat einen eigenen Dienst.
route-over = Das sagt, dass "{ $key }" vorbei ist: Das Problem endet, in welchem Alarm auch immer es steht. Wenn es aufträte:
route-nowhere = Das geht nirgendwohin: Keine Zuordnung führt zu einem Dienst. Bitte die Liste mit einer ohne "when" beenden.
route-nothing = Der Inhalt berichtet von keinem Problem, also gibt es nichts zuzuordnen.
route-unknown-source = Es gibt keine Quelle "{ $source }". Es gibt: { $known }.
route-body-unreadable = Der Inhalt lässt sich nicht aus { $file } lesen: { $why }.
route-body-wrong = { $source } könnte das nicht senden: { $why }.
route-bad-label = "{ $text }" ist kein Label. Bitte als name=wert schreiben.

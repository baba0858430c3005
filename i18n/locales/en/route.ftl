# Why a signal goes where it goes.

route-column-route = Route
route-column-when = Asks for
route-column-answer = Answer
route-everything = everything
route-taken = takes it
route-not-asked = not asked
route-service-gone = would take it, but its service is gone
route-missed-source = source is { $found }, not { $wanted }
route-missed-severity = severity is { $found }, not { $wanted }
route-missed-label = { $label } is "{ $found }", not "{ $wanted }"
route-missed-label-absent = { $label } is missing, should be "{ $wanted }"
route-missed-hours = it is { $found } there, not { $wanted }
route-missed-text = text does not say "{ $wanted }"
route-severity-steps = Severity: { $severity }
route-goes = Goes to service { $service }, policy { $policy }, as { $severity }.
route-goes-somehow = Goes to service { $service }, as { $severity }. The files do not say how that escalates.
route-goes-own = No route is asked: the source has a service of its own.
route-over = This says that "{ $key }" is over: it ends that problem in whatever alert it is. If it fired:
route-nowhere = This goes nowhere: no route leads to a service. End the list with a route without "when".
route-nothing = The body tells of no problem, so there is nothing to route.
route-unknown-source = There is no source "{ $source }". There are: { $known }.
route-body-unreadable = The body cannot be read from { $file }: { $why }.
route-body-wrong = { $source } could not send this: { $why }.
route-bad-label = "{ $text }" is no label. Write it as name=value.

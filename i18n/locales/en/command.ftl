# What the command line answers. Straight quotes, so that what is quoted can be copied.
command-acknowledged = You have alert { $code }.
command-acknowledged-until = You have alert { $code }, until { $until }.
command-resolved = Alert { $code } is resolved.
command-noted = Your note is in the timeline of alert { $code }.
command-escalated = Alert { $code } has gone to its next step.
command-held = Alert { $code } is on hold until { $until }; nobody is paged before then.
command-already-acknowledged = { $person } already has alert { $code }.
command-already-resolved = Alert { $code } is already resolved; there is nothing left to do.
command-unknown-alert = There is no alert { $id }. "hotpotato alerts" lists the open ones.
command-code-shared = Several open alerts have the code { $code }. Give the id of the one you mean: { $ids }.
command-server-unreachable = The server at { $url } cannot be reached. Check that it is running, or set HOTPOTATO_URL to the right address.
command-token-refused = The server does not accept the token. Set HOTPOTATO_TOKEN_FILE or HOTPOTATO_TOKEN; the first owner's token is in owner.token in the server's data directory.

command-plan-added = + add { $kind } { $name }
command-plan-changed = ~ change { $kind } { $name }
command-plan-removed = - remove { $kind } { $name }
command-plan-empty = Nothing to do: the house already matches the files.
command-plan-summary =
    Plan: { $added ->
        [one] { $added } addition
       *[other] { $added } additions
    }, { $changed ->
        [one] { $changed } change
       *[other] { $changed } changes
    }, { $removed ->
        [one] { $removed } removal
       *[other] { $removed } removals
    }
command-dry-run = Dry run: nothing was changed. Run it without --dry-run to carry out the plan.
command-applied = Applied. It is already in use.

command-verify-ok =
    The log is unbroken: { $records ->
        [one] { $records } record
       *[other] { $records } records
    } in { $streams ->
        [one] { $streams } stream
       *[other] { $streams } streams
    }.
command-verify-broken = The log is broken at position { $position } in stream { $stream }: { $what }. Keep a copy of the data directory before anything else.

command-test-page-sent = Test page to { $person } is on its way.
command-test-page-result = { $channel } ({ $contact }): { $result }

command-who = { $person }: { $reason }
command-why-named = named in step { $step }
command-why-rota = on call by rota { $rota } (layer { $layer }, shift from { $from } until { $until })
command-why-override = stands in on rota { $rota } (from { $from } until { $until })
command-why-team = member of team { $team }
command-why-fallback = fallback, after the last step
command-nobody-on-call = Nobody is on call.

command-alerts-empty = No open alerts.
command-column-code = Code
command-column-summary = What
command-column-service = Service
command-column-severity = Severity
command-column-state = State
command-column-since = Since
command-column-person = Person
command-column-rota = Rota
command-column-from = From
command-column-until = Until
command-column-layer = Layer

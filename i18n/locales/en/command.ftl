# What the command line answers. Straight quotes, so that what is quoted can be copied.
command-acknowledged = You have alert { $code }.
command-acknowledged-until = You have alert { $code }, until { $until }.
command-resolved = Alert { $code } is resolved.
command-noted = Your note is in the timeline of alert { $code }.
command-escalated = Alert { $code } has gone to its next step.
command-held = Alert { $code } is on hold until { $until }; nobody is paged before then unless it becomes critical.
command-held-unless-joined = Alert { $code } is on hold until { $until }, or until { $count ->
        [one] one more problem joins
       *[other] { $count } more problems join
    }; nobody is paged before then unless it becomes critical.
command-unheld = Alert { $code } is on hold no more; paging begins again now.
command-not-held = Alert { $code } is not on hold.
command-held-by-work = Planned work holds alert { $code }. "hotpotato work list" shows which; end it with "hotpotato work end".
command-held-state = { $state } until { $until }
command-column-hold = HELD BY
command-hold-terms = { $person }, unless it becomes critical
command-hold-terms-unless-joined = { $person }, unless it becomes critical or { $count ->
        [one] one more problem joins
       *[other] { $count } more problems join
    }
command-already-acknowledged = { $person } already has alert { $code }.
command-already-resolved = Alert { $code } is already resolved; there is nothing left to do.
command-unknown-alert = There is no alert { $id }. "hotpotato alerts" lists the open ones.
command-code-shared = Several open alerts have the code { $code }. Give the id of the one you mean: { $ids }.
command-unknown-person = There is no person { $person }. "hotpotato export" shows everybody.
command-person-unreachable = { $person } has no contact method that can be used. Give them one with "hotpotato apply".
command-contact-unreachable = { $person } has no contact method { $contact } that can be used. "hotpotato export" shows those there are.
command-server-unreachable = The server at { $url } cannot be reached. Check that it is running, or set HOTPOTATO_URL to the right address.
command-token-refused = The server does not accept the token. Set HOTPOTATO_TOKEN_FILE or HOTPOTATO_TOKEN; the first owner's token is in owner.token in the server's data directory.
command-url-invalid = { $url } is no address of a server. Set HOTPOTATO_URL to one such as http://127.0.0.1:8080.
command-token-file-unreadable = The token in { $file } cannot be read: { $why }. Set HOTPOTATO_TOKEN_FILE to a file that you may read.
command-server-strange = What answers at { $url } is no Hot Potato server (status { $number }). Set HOTPOTATO_URL to the right address.
command-server-refused = The server says no: { $reason }
command-not-yet-raised = Alert { $code } had not been raised by then. Ask for a later moment.

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
command-check-ok =
    { $warnings ->
        [0] No mistakes.
        [one] No mistakes, { $warnings } warning.
       *[other] No mistakes, { $warnings } warnings.
    }
command-check-failed =
    { $mistakes ->
        [one] { $mistakes } mistake. Correct it and check again; nothing was changed.
       *[other] { $mistakes } mistakes. Correct them and check again; nothing was changed.
    }

command-verify-ok =
    The log is unbroken: { $records ->
        [one] { $records } record
       *[other] { $records } records
    } in { $streams ->
        [one] { $streams } stream
       *[other] { $streams } streams
    }.
command-verify-broken = The log is broken at position { $position } in stream { $stream }: { $what }. Keep a copy of the data directory before anything else.
command-verify-damaged = The files are damaged: { $what }. Keep a copy of the data directory before anything else.

command-test-page-sent = Test page to { $person } is on its way.
command-test-page-result = { $channel } ({ $contact }): { $result }
command-test-page-not-taken = No provider took the test page to { $person }. The lines above say why; check the contact methods and the channels in hotpotato.toml.
command-test-page-later = What comes later: hotpotato alert show { $code }

command-who = { $person }: { $reason }
command-why-named = named in step { $step }
command-why-rota = on call by rota { $rota } (layer { $layer }, shift from { $from } until { $until })
command-why-override = stands in on rota { $rota } (from { $from } until { $until })
command-why-for = stands in for { $of } in rota { $rota } (override { $id }, from { $from } until { $until })
command-why-also = on call as well in rota { $rota } (override { $id }, from { $from } until { $until })
command-why-all-hands = all hands of team { $team } until { $until } (override { $id })
command-why-team = member of team { $team }
command-why-fallback = fallback, after the last step
command-why-next =
    { $number ->
        [one] next in turn on rota { $rota }
       *[other] { $number } turns later on rota { $rota }
    }
command-fallback = Fallback
command-nobody-on-call = Nobody is on call.

command-alerts-empty = No open alerts.
command-replay-at = Open alerts at { $when }
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
command-column-step = Step
command-unknown-rota = There is no rota { $rota } in these files.
command-unknown-override = There is no override { $id }. "hotpotato override list" shows them.
command-shifts-backwards = The end must be later than the beginning.
command-shifts-too-long = Ask for two years at most.
command-shift-override = override { $id }
command-shift-layer = layer { $layer }
command-overrides-empty = No present or coming override.
command-override-asked = waits for { $person }
command-override-in-force = in force
command-override-over = over
command-override-for = { $by } for { $of } in { $rota }
command-override-nobody = nobody for { $of } in { $rota }
command-override-also = { $person } as well in { $rota }
command-override-all-hands = everybody in { $team }
command-override-reason = { $id }: { $text }
command-override-overruled = { $id }: where they overlap, a later decision counts: { $ids }
command-column-override = Override
command-column-what = What
command-column-why = Why
command-column-wait = Wait
command-column-id = Id
command-column-runbook = Runbook
command-column-changes = Changed before
command-column-paged = Paged
command-column-labels = Labels

command-why-work = doing planned work { $id } until { $until }
command-unknown-work = There is no planned work { $id }. "hotpotato work list" shows it.
command-work-empty = No planned work now or to come.
command-work-unsaid = Planned work
command-work-on = on
command-work-holds = on, holds alerts
command-work-planned = planned
command-work-over = over
command-work-repeats = { $id }: { $count ->
    [one] once more
   *[other] { $count } more times
 }, until { $until }
command-work-taken = { $count ->
    [one] It has taken 1 alert.
   *[other] It has taken { $count } alerts.
 } Still open: { $open }
command-work-preview = In the last { $days } days it would have taken { $count ->
    [one] 1 alert
   *[other] { $count } alerts
 }; somebody had acted on { $acted }.
command-who-hand-over = goes on with policy { $policy }
command-who-wanted = until { $wanted } have it
command-who-work = Planned work { $id } until { $until }: “{ $what }”. { $person } is paged first.
command-who-hold = Planned work { $id } until { $until }: “{ $what }” by { $person }. Nobody is paged before its end, unless an alert is critical.
command-who-work-only = Only alerts with { $scope }.
command-handed-over = { $code } is handed over.
command-nobody-there = There is no policy or team { $name } that could reach anybody. "hotpotato export" shows them.
command-column-work = Work
command-column-worker = Worker
command-column-scope = Alerts
command-column-acted = Acted

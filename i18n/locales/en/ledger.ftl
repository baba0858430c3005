# The conservation ledger: what was accepted, and what became of it.

ledger-column-became = What became of it
ledger-column-count = Problems
ledger-column-problems = Problems
ledger-accepted = Accepted since the log began
ledger-paged = paged
ledger-joined = joined another alert
ledger-rerouted = with whoever does planned work
ledger-held-for-work = held by planned work
ledger-held = on hold
ledger-acknowledged = taken before a page had gone out
ledger-over = over before anybody was paged
ledger-nobody = nobody to page, operators told
ledger-set-aside = set aside, operators told
ledger-waiting = waiting for its first page
ledger-under-way = just being written
ledger-difference = Unaccounted for
ledger-longest-wait = Waiting longest: { $code } "{ $summary }", since { $since }.
ledger-agrees = The ledger agrees: every problem that was accepted is accounted for.
ledger-differs =
    The ledger does not agree: { $count ->
        [one] { $count } problem is
       *[other] { $count } problems are
    } unaccounted for. Please look after them yourself, and keep the server's log file.
ledger-not-written = { $source } was told at { $at } that "{ $key }" is taken, and the log does not have it.
ledger-not-acted-on = Alert { $code } stands in the log, and nobody acts on it.
ledger-acted-on-only = Alert { $code } is acted on, and the log does not have all of it.
ledger-empty = No open alert is counted there.

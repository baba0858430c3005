# The web pages. Typographic quotes and dashes.

# The page behind the link in a page.
web-alert-title = Alert { $code }
web-open-link-or-log-in = Open this page from the link in your page, or log in.
web-token-label = Your token
web-log-in = Log in
web-log-in-refused = This token is not known here. Check that you copied all of it.
web-log-in-ended = This token no longer lets anybody in: it has expired or was revoked. Ask an owner for a new one.
web-not-allowed-title = Your token does not allow this
web-not-allowed-text = Nothing has changed. Ask an owner for a token with the role respond, and log in with that.
web-log-out = Log out
web-take = I have it
web-what = What
web-where = Where
web-since = Since
web-severity = Severity
web-runbook = Runbook
web-changed-before = Changed in the two hours before
web-state = State
web-you-have-it = You have it, until { $until }.
web-you-have-it-no-lapse = You have it.
web-person-has-it = { $person } already has it, since { $when }.
web-over = It is over: resolved at { $when }.
web-earlier-round = This link is from an earlier round. Open the newest page you got.
web-link-invalid = This link is not valid. Open it again from your page, whole, or log in.
web-too-many-attempts = Too many attempts. Wait a minute, then try again.
web-show = Show the alert
web-link-label = The link from your page
web-link-help = All of it, or only what follows the # in it.
web-take-over = I take over from { $person }
web-paged = Paged
web-details = Details
web-ago = { $span } ago
web-in = in { $span }
web-next-step = Next step at { $when }
web-held-until = On hold until { $until }; nobody is paged before then.
web-held-by = On hold until { $until }, by { $person }; nobody is paged before then unless it becomes critical.
web-held-by-unless-joined = On hold until { $until }, by { $person }, or until { $count ->
        [one] one more problem joins
       *[other] { $count } more problems join
    }; nobody is paged before then unless it becomes critical.
web-held-short = until { $until }, or critical
web-held-short-unless-joined = until { $until }, or critical, or { $count } more
web-stale = No connection to the server. This page shows how things stood at { $when }.
web-unsent = No connection to the server: this may not have arrived. Please press the button again.

# The board.
web-board-title = Open alerts
web-board-empty = No open alerts. As soon as a source reports one, it appears here.
web-column-code = Code
web-column-what = What
web-column-service = Service
web-column-severity = Severity
web-column-state = State
web-column-since = Since
web-column-who = Who
web-next = next: { $person } at { $when }
web-filter = Filter
web-filter-all = all
web-filter-clear = Show all
web-board-no-match = No open alert matches this filter.
web-board-more =
    { $count ->
        [one] One more is not shown. Narrow the filter to see it.
       *[other] { $count } more are not shown. Narrow the filter to see them.
    }
web-owner-token-help = The owner’s token stands in the file owner.token in the server’s data directory.
web-scheme = Light or dark

# The page of an alert.
web-timeline = Timeline
web-notes = Notes
web-notes-empty = No notes yet.
web-back-to-board = All open alerts
web-lines-earlier =
    { $count ->
        [one] One earlier entry is not shown.
       *[other] { $count } earlier entries are not shown.
    }
web-pass-on-or-end = Pass on or end
web-escalate = Page the next step now
web-resolve = Mark as resolved and stop paging
web-note-label = Note
web-note-add = Add the note
web-note-empty = The note is empty. Write down what you want to add.

# When something goes wrong.
web-error-title = This page could not be made
web-error-text = The server had a problem with this request ({ $id }). Nothing is lost and paging goes on. Load the page again; if that does not help, look for this number in the server’s log.
web-not-found-title = Nothing here
web-not-found-text = There is no page at this address. An alert’s page opens from the list of open alerts.
web-not-recorded-title = This may not have been recorded
web-not-recorded-text = The server cannot write it down just now. Paging goes on until somebody has the alert. Look at the alert again in a moment, and repeat it if it is missing there.
web-foreign-form-title = This came from another site
web-foreign-form-text = Nothing has changed. Open the page here and press the button again.

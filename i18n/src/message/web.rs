//! The web pages: the one behind the link in a page, the board of open alerts, the page of an alert.
//!
//! What the fields hold is in the table at [`Message`](crate::Message).

super::messages! {
    /// Title of the page behind the link in a page.
    AlertTitle = "web-alert-title" <'a> { code: &'a str };
    /// For somebody without a token or a session.
    OpenLinkOrLogIn = "web-open-link-or-log-in";
    /// Label of the field for the personal token in the login.
    TokenLabel = "web-token-label";
    /// The button that logs in.
    LogIn = "web-log-in";
    /// The token in the login is not known.
    LogInRefused = "web-log-in-refused";
    /// The token in the login lets nobody in any more.
    LogInEnded = "web-log-in-ended";
    /// Title: the reader's token does not allow this.
    NotAllowedTitle = "web-not-allowed-title";
    /// What to do about it.
    NotAllowedText = "web-not-allowed-text";
    /// The button that logs out.
    LogOut = "web-log-out";
    /// The button that acknowledges.
    Take = "web-take";
    /// Heading: what is wrong.
    What = "web-what";
    /// Heading: the service.
    Where = "web-where";
    /// Heading: when it began.
    Since = "web-since";
    /// Heading: the severity.
    Severity = "web-severity";
    /// Heading: the runbook.
    Runbook = "web-runbook";
    /// Heading: what was changed elsewhere before.
    ChangedBefore = "web-changed-before";
    /// Heading: the state.
    State = "web-state";
    /// The reader has the alert for a while.
    YouHaveIt = "web-you-have-it" <'a> { until: &'a str };
    /// The reader has the alert for as long as it lasts.
    YouHaveItNoLapse = "web-you-have-it-no-lapse";
    /// Somebody else has the alert.
    PersonHasIt = "web-person-has-it" <'a> { person: &'a str, when: &'a str };
    /// The alert is over.
    Over = "web-over" <'a> { when: &'a str };
    /// The link was sent before the alert was raised again.
    EarlierRound = "web-earlier-round";
    /// The token in the link is not the one that was sent.
    LinkInvalid = "web-link-invalid";
    /// The address has been asked too often.
    TooManyAttempts = "web-too-many-attempts";
    /// The button that shows the alert to whoever typed the link's token.
    Show = "web-show";
    /// Label of the field for the link.
    LinkLabel = "web-link-label";
    /// What the field for the link takes.
    LinkHelp = "web-link-help";
    /// The button that takes the alert from somebody else.
    TakeOver = "web-take-over" <'a> { person: &'a str };
    /// Heading: who was paged.
    Paged = "web-paged";
    /// Heading: what else the source says.
    Details = "web-details";
    /// How long ago something was.
    Ago = "web-ago" <'a> { span: &'a str };
    /// How long it is until something.
    In = "web-in" <'a> { span: &'a str };
    /// When the next step of the policy is due.
    NextStep = "web-next-step" <'a> { when: &'a str };
    /// Nobody is paged for a while.
    HeldUntil = "web-held-until" <'a> { until: &'a str };
    /// Somebody wants to hear of it later; it goes on when it becomes critical.
    HeldBy = "web-held-by" <'a> { until: &'a str, person: &'a str };
    /// The same, and when so many more problems have joined.
    HeldByUnlessJoined = "web-held-by-unless-joined" <'a> { until: &'a str, person: &'a str, count: i64 };
    /// On the board, where an alert is that is on hold.
    HeldShort = "web-held-short" <'a> { until: &'a str };
    /// The same, and goes on when so many more problems have joined.
    HeldShortUnlessJoined = "web-held-short-unless-joined" <'a> { until: &'a str, count: i64 };
    /// The server cannot be reached, so the page is as old as it says.
    Stale = "web-stale" <'a> { when: &'a str };
    /// The server could not be reached when a button was pressed.
    Unsent = "web-unsent";

    /// Title of the board.
    BoardTitle = "web-board-title";
    /// The board without open alerts.
    BoardEmpty = "web-board-empty";
    /// Column: the code.
    ColumnCode = "web-column-code";
    /// Column: what is wrong.
    ColumnWhat = "web-column-what";
    /// Column: the service.
    ColumnService = "web-column-service";
    /// Column: the severity.
    ColumnSeverity = "web-column-severity";
    /// Column: the state.
    ColumnState = "web-column-state";
    /// Column: when it began.
    ColumnSince = "web-column-since";
    /// Column: who has it, or who is next.
    ColumnWho = "web-column-who";
    /// Who is paged next, and when.
    Next = "web-next" <'a> { person: &'a str, when: &'a str };
    /// The button that filters the board.
    Filter = "web-filter";
    /// The choice in a filter that lets everything through.
    FilterAll = "web-filter-all";
    /// The link that takes the filter away.
    FilterClear = "web-filter-clear";
    /// The board with a filter that lets nothing through.
    BoardNoMatch = "web-board-no-match";
    /// How many rows the board leaves out.
    BoardMore = "web-board-more" { count: i64 };
    /// Where the owner finds the token for the login.
    OwnerTokenHelp = "web-owner-token-help";
    /// The button that changes between the light and the dark page.
    Scheme = "web-scheme";

    /// Heading of the timeline.
    Timeline = "web-timeline";
    /// Heading of the notes.
    Notes = "web-notes";
    /// No notes yet.
    NotesEmpty = "web-notes-empty";
    /// The link back to the board.
    BackToBoard = "web-back-to-board";
    /// How many entries of the timeline are left out.
    LinesEarlier = "web-lines-earlier" { count: i64 };
    /// What unfolds the buttons that begin the next step or resolve.
    PassOnOrEnd = "web-pass-on-or-end";
    /// The button that begins the next step.
    Escalate = "web-escalate";
    /// The button that resolves.
    Resolve = "web-resolve";
    /// Label of the field for a note.
    NoteLabel = "web-note-label";
    /// The button that adds a note.
    NoteAdd = "web-note-add";
    /// A note without text.
    NoteEmpty = "web-note-empty";

    /// Title of the page for a failure of ours.
    ErrorTitle = "web-error-title";
    /// Text of the page for a failure of ours; `id` names the request in the log lines.
    ErrorText = "web-error-text" <'a> { id: &'a str };
    /// Title of the page for an address that leads nowhere.
    NotFoundTitle = "web-not-found-title";
    /// Text of the page for an address that leads nowhere.
    NotFoundText = "web-not-found-text";
    /// Title of the page when something may not have been written down.
    NotRecordedTitle = "web-not-recorded-title";
    /// Text of the page when something may not have been written down.
    NotRecordedText = "web-not-recorded-text";
    /// Title of the page for a form that another site sent.
    ForeignFormTitle = "web-foreign-form-title";
    /// Text of the page for a form that another site sent.
    ForeignFormText = "web-foreign-form-text";
}

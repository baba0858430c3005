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

    /// Heading of the timeline.
    Timeline = "web-timeline";
    /// Heading of the notes.
    Notes = "web-notes";
    /// No notes yet.
    NotesEmpty = "web-notes-empty";
    /// The link back to the board.
    BackToBoard = "web-back-to-board";

    /// Title of the page for a failure of ours.
    ErrorTitle = "web-error-title";
    /// Text of the page for a failure of ours; `id` names the request in the log lines.
    ErrorText = "web-error-text" <'a> { id: &'a str };
    /// Title of the page for an address that leads nowhere.
    NotFoundTitle = "web-not-found-title";
    /// Text of the page for an address that leads nowhere.
    NotFoundText = "web-not-found-text";
}

//! The conservation ledger: what was accepted, and what became of it.

super::messages! {
    /// Head: what became of it.
    ColumnBecame = "ledger-column-became";
    /// Head: of how many.
    ColumnCount = "ledger-column-count";
    /// Head: how many problems an alert is about.
    ColumnProblems = "ledger-column-problems";
    /// All that was accepted.
    Accepted = "ledger-accepted";
    /// Somebody on call was sent a page.
    Paged = "ledger-paged";
    /// Belongs to another problem's alert.
    Joined = "ledger-joined";
    /// Planned work has sent it to whoever does the work.
    Rerouted = "ledger-rerouted";
    /// Planned work holds it, or did until it was over.
    HeldForWork = "ledger-held-for-work";
    /// Somebody put it off.
    Held = "ledger-held";
    /// Somebody took it before a page had gone out.
    Acknowledged = "ledger-acknowledged";
    /// It was over before anybody was paged.
    Over = "ledger-over";
    /// It has nobody to page.
    Nobody = "ledger-nobody";
    /// It cannot be replayed.
    SetAside = "ledger-set-aside";
    /// No page has gone out yet.
    Waiting = "ledger-waiting";
    /// Not everybody in the house knows of it yet.
    UnderWay = "ledger-under-way";
    /// What is unaccounted for.
    Difference = "ledger-difference";
    /// What waits longest; `since` with its date.
    LongestWait = "ledger-longest-wait" <'a> { code: &'a str, summary: &'a str, since: &'a str };
    /// All is accounted for.
    Agrees = "ledger-agrees";
    /// Something is not.
    Differs = "ledger-differs" { count: i64 };
    /// A source was told that it is taken, and it is not in the log.
    NotWritten = "ledger-not-written" <'a> { source: &'a str, key: &'a str, at: &'a str };
    /// The log has it, and nobody acts on it.
    NotActedOn = "ledger-not-acted-on" <'a> { code: &'a str };
    /// It is acted on, and the log does not have it.
    ActedOnOnly = "ledger-acted-on-only" <'a> { code: &'a str };
    /// No alert is counted so.
    Empty = "ledger-empty";
}

//! What the command line answers about earlier knowledge, and about who changed what.
//!
//! `thing` is a kind from [`words`](super::words) or from here, and a name; `what` says what an override changes. What
//! the other fields hold is in the table at [`Message`](crate::Message).

super::messages! {
    /// Above an answer about the past: it is what was known then.
    KnownAt = "change-known-at" <'a> { when: &'a str };
    /// Table head: when it was changed.
    ColumnWhen = "change-column-when";
    /// Table head: by whom.
    ColumnWho = "change-column-who";
    /// Table head: what differs from before.
    ColumnDetails = "change-column-details";
    /// Kind of thing: a token.
    KindToken = "change-kind-token";
    /// Kind of thing: a calendar feed.
    KindCalendar = "change-kind-calendar";
    /// What somebody did: it is new.
    Added = "change-added" <'a> { thing: &'a str };
    /// What somebody did: it was there, and is different.
    Changed = "change-changed" <'a> { thing: &'a str };
    /// What somebody did: it is gone, or does not count any more.
    Removed = "change-removed" <'a> { thing: &'a str };
    /// What somebody did: an override.
    Made = "change-made" <'a> { thing: &'a str };
    /// What somebody did: whoever was asked about it agreed.
    Accepted = "change-accepted" <'a> { thing: &'a str };
    /// What somebody did: whoever was asked about it said no.
    Declined = "change-declined" <'a> { thing: &'a str };
    /// What somebody did: planned work.
    Planned = "change-planned" <'a> { thing: &'a str };
    /// What somebody did: the work ends at another moment.
    Moved = "change-moved" <'a> { thing: &'a str };
    /// What somebody did: the work is over.
    Ended = "change-ended" <'a> { thing: &'a str };
    /// What somebody did: the work is over, and none is to come.
    Cancelled = "change-cancelled" <'a> { thing: &'a str };
    /// What somebody did: a token lets somebody in.
    Issued = "change-issued" <'a> { thing: &'a str };
    /// What somebody did: a token lets nobody in any more.
    Revoked = "change-revoked" <'a> { thing: &'a str };
    /// What somebody did: a calendar has an address.
    Opened = "change-opened" <'a> { thing: &'a str };
    /// What somebody did: a calendar has none any more.
    Closed = "change-closed" <'a> { thing: &'a str };
    /// Something that holds for a span of time.
    During = "change-during" <'a> { what: &'a str, from: &'a str, until: &'a str };
    /// The moment at which it ends now.
    Until = "change-until" <'a> { until: &'a str };
    /// What a token allows.
    Role = "change-role" <'a> { role: &'a str };
    /// Nothing was changed in the span that was asked about.
    Empty = "change-empty";
    /// More was changed before that.
    More = "change-more";
    /// Some records cannot be read.
    Unreadable = "change-unreadable" { count: i64 };
}

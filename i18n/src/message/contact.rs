//! Contact methods: which reach somebody, and the codes that prove it.
//!
//! What the fields hold is in the table at [`Message`](crate::Message); besides, `contact` is a contact method's name.

super::messages! {
    /// Nobody has a contact method.
    None = "contact-none";
    /// None is broken.
    NoneBroken = "contact-none-broken";
    /// Table head: whose.
    ColumnPerson = "contact-column-person";
    /// Table head: which.
    ColumnContact = "contact-column-contact";
    /// Table head: over which kind of channel.
    ColumnChannel = "contact-column-channel";
    /// Table head: since when it is known to be the person's.
    ColumnVerified = "contact-column-verified";
    /// Table head: when it last reached them.
    ColumnProved = "contact-column-proved";
    /// Table head: how it stands.
    ColumnState = "contact-column-state";
    /// It counts.
    StateProved = "contact-state-proved";
    /// It is paged, and counts for nothing yet, or no more.
    StateUnproved = "contact-state-unproved";
    /// It does not work; `why` in a few words.
    StateBroken = "contact-state-broken" <'a> { since: &'a str, why: &'a str };
    /// A code is on its way.
    CodeSent = "contact-code-sent" <'a> { person: &'a str, contact: &'a str, until: &'a str };
    /// The code was right.
    Confirmed = "contact-confirmed" <'a> { person: &'a str, contact: &'a str };
    /// Refused: no such contact method.
    Unknown = "contact-unknown" <'a> { person: &'a str, contact: &'a str };
    /// Refused: the code is wrong.
    Mistaken = "contact-mistaken" <'a> { person: &'a str, contact: &'a str };
    /// Refused: no code is awaited, or this is none.
    NoCode = "contact-no-code" <'a> { person: &'a str, contact: &'a str };
    /// Refused: too many codes within an hour.
    TooManyCodes = "contact-too-many-codes";
    /// Refused: too many mistakes.
    TooManyMistakes = "contact-too-many-mistakes" <'a> { person: &'a str, contact: &'a str };
    /// Nothing hangs by a thread.
    Covered = "contact-covered";
    /// What the table below says.
    Thin = "contact-thin";
    /// Table head: of which policy which step.
    ColumnStep = "contact-column-step";
    /// Table head: from when.
    ColumnFrom = "contact-column-from";
    /// Table head: until when.
    ColumnTo = "contact-column-to";
    /// Table head: on whom it depends.
    ColumnPeople = "contact-column-people";
}

//! What the command line answers about tokens. A `role` is written as on the command line, in every language.
//!
//! What the fields hold is in the table at [`Message`](crate::Message).

super::messages! {
    /// A token is issued.
    Issued = "token-issued" <'a> { id: &'a str, label: &'a str, role: &'a str };
    /// What it does counts as done by a person.
    IssuedFor = "token-issued-for" <'a> { person: &'a str };
    /// It expires.
    IssuedUntil = "token-issued-until" <'a> { until: &'a str };
    /// It does not expire.
    IssuedForGood = "token-issued-for-good" <'a> { id: &'a str };
    /// The secret is shown this once.
    ShownOnce = "token-shown-once";
    /// A token is revoked.
    Revoked = "token-revoked" <'a> { id: &'a str, label: &'a str };
    /// Refused: no such token.
    Unknown = "token-unknown" <'a> { id: &'a str };
    /// No token is in force but the first owner's.
    Empty = "token-empty";
    /// It lets somebody in.
    StateInForce = "token-state-in-force";
    /// It was revoked.
    StateRevoked = "token-state-revoked";
    /// It has expired.
    StateExpired = "token-state-expired";
    /// Its person has left.
    StatePersonGone = "token-state-person-gone";
    /// Table head: a token's name.
    ColumnToken = "token-column-token";
    /// Table head: what it allows.
    ColumnRole = "token-column-role";
    /// Table head: what it is for.
    ColumnLabel = "token-column-label";
    /// Refused: the reader's token has expired.
    RefusedExpired = "token-refused-expired";
    /// Refused: the reader's token was revoked.
    RefusedRevoked = "token-refused-revoked";
    /// Refused: the reader's token was somebody's who has left.
    RefusedPersonGone = "token-refused-person-gone";
    /// Refused: the reader's token has too small a role; `needs` is the least that would do.
    RefusedRole = "token-refused-role" <'a> { needs: &'a str, role: &'a str };
    /// Refused: the reader's token would have to be bound to a person.
    RefusedNobody = "token-refused-nobody" <'a> { role: &'a str };
}

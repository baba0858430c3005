//! What a call says. It is heard and not read, by a voice that takes every sign for what it looks like: `code` is
//! spelled, `when` and `time` are said with the words of the hour.

super::messages! {
    /// An alert.
    Alert = "voice-alert" <'a> {
        code: &'a str, summary: &'a str, service: &'a str, severity: &'a str, when: &'a str,
    };
    /// An alert of a service that wants no alert text in the clear.
    ReferenceOnly = "voice-reference-only" <'a> { code: &'a str, service: &'a str, when: &'a str };
    /// A test.
    Test = "voice-test" <'a> { code: &'a str };
    /// What the house tells somebody; `text` is a sentence of [`page`](crate::page).
    Told = "voice-message" <'a> { text: &'a str };
    /// Which keys there are.
    Keys = "voice-keys" <'a> { take: &'a str, pass: &'a str, again: &'a str };
    /// Which keys there are where there is nothing to pass on.
    KeysConfirm = "voice-keys-confirm" <'a> { take: &'a str, again: &'a str };
    /// Nobody pressed a key.
    Goodbye = "voice-goodbye";
    /// Nobody pressed a key, and there is nothing to pass on.
    Unconfirmed = "voice-unconfirmed";
    /// The person has it now.
    Taken = "voice-taken" <'a> { code: &'a str };
    /// The person has confirmed a test or a message.
    Confirmed = "voice-confirmed";
    /// The alert escalates.
    PassedOn = "voice-passed-on";
    /// Somebody else was faster.
    TakenBefore = "voice-taken-before" <'a> { code: &'a str };
    /// It is over.
    Over = "voice-over" <'a> { code: &'a str };
    /// A key was pressed, and the log refuses.
    Unrecorded = "voice-unrecorded";
    /// For an answering machine: neither code nor text.
    Machine = "voice-machine";
    /// The call is about nothing that the house knows.
    Unknown = "voice-unknown";
    /// The log cannot be read.
    Unreadable = "voice-unreadable";
    /// In place of an address.
    Link = "voice-link";
    /// A time of day.
    Minute = "voice-minute" <'a> { hour: &'a str, minute: &'a str };
    /// A time of day, on the hour.
    Hour = "voice-hour" <'a> { hour: &'a str };
    /// A day and a time of day.
    Day = "voice-day" <'a> { day: &'a str, month: &'a str, time: &'a str };
    /// A month; 1 is January.
    Month = "voice-month" { number: i64 };
}

//! Calendars: what stands in them, what is said about them, and what is wrong with those that are read.
//!
//! What the fields hold is in the table at [`Message`](crate::Message). `line` is counted from 1; `uid` names an event.

super::messages! {
    /// What a person's calendar is called.
    CalendarOfPerson = "calendar-of-person" <'a> { person: &'a str };
    /// What a rota's calendar is called.
    CalendarOfRota = "calendar-of-rota" <'a> { rota: &'a str };
    /// An event in a person's calendar.
    OnCall = "calendar-on-call" <'a> { rota: &'a str };
    /// More about an event: it is there because of an override.
    ByOverride = "calendar-by-override" <'a> { id: &'a str };

    /// A calendar has an address now.
    Opened = "calendar-opened" <'a> { id: &'a str, url: &'a str };
    /// What to know about the address.
    KeepSecret = "calendar-keep-secret";
    /// A calendar has none any more.
    Closed = "calendar-closed" <'a> { id: &'a str };
    /// There is no calendar.
    Empty = "calendar-empty";
    /// Refused: no such calendar.
    Unknown = "calendar-unknown" <'a> { id: &'a str };
    /// Table head: a calendar's name.
    ColumnCalendar = "calendar-column-calendar";
    /// Table head: whose shifts.
    ColumnOf = "calendar-column-of";
    /// Table head: since when.
    ColumnSince = "calendar-column-since";
    /// Whose shifts: a rota's.
    OfRota = "calendar-of-a-rota" <'a> { rota: &'a str };
    /// Whose shifts: a person's.
    OfPerson = "calendar-of-a-person" <'a> { person: &'a str };

    /// A line of an import's plan: somebody stands in.
    ImportFor = "calendar-import-for" <'a> { by: &'a str, of: &'a str, from: &'a str, until: &'a str };
    /// A line of an import's plan: somebody is on call where nobody would be.
    ImportAlso = "calendar-import-also" <'a> { by: &'a str, from: &'a str, until: &'a str };
    /// A line of an import's plan: nothing to be done.
    ImportKnown = "calendar-import-known" <'a> { by: &'a str, from: &'a str, until: &'a str };
    /// An import in numbers.
    ImportSummary = "calendar-import-summary" { overrides: i64, known: i64, over: i64, later: i64 };
    /// The overrides are made.
    Imported = "calendar-imported" { overrides: i64 };
    /// Some overrides are made, then something failed; `reason` in the words of the server.
    ImportBroken = "calendar-import-broken" <'a> { done: i64, total: i64, reason: &'a str };
    /// Why an override was made.
    ImportReason = "calendar-import-reason" <'a> { uid: &'a str };
    /// Refused: nobody is called so.
    ImportNobody = "calendar-import-nobody" <'a> { line: i64, summary: &'a str };
    /// Refused: several people are called so; `people` is a list.
    ImportSeveral = "calendar-import-several" <'a> { line: i64, summary: &'a str, people: &'a str };
    /// Refused: several people are on call at once.
    ImportShared = "calendar-import-shared" <'a> { line: i64, from: &'a str, people: &'a str };
    /// Refused: two people at the same time.
    ImportOverlap = "calendar-import-overlap" <'a> { line: i64, other: i64, by: &'a str, earlier: &'a str };
    /// Refused: it would be too long.
    ImportTooLong = "calendar-import-too-long" <'a> { line: i64, uid: &'a str };
    /// Nothing is imported; the reason was said before.
    ImportRefused = "calendar-import-refused" { mistakes: i64 };
    /// The file cannot be read; `why` in the words of the system.
    FileUnreadable = "calendar-file-unreadable" <'a> { file: &'a str, why: &'a str };
    /// The address is none.
    AddressInvalid = "calendar-address-invalid";
    /// Nobody answers at the address; `why` in the words of the system.
    AddressUnreachable = "calendar-address-unreachable" <'a> { host: &'a str, why: &'a str };
    /// The answer is no calendar.
    AddressRefused = "calendar-address-refused" <'a> { host: &'a str, number: i64 };

    /// Mistake: too large.
    TooLarge = "calendar-too-large" { kilobytes: i64 };
    /// Mistake: no text.
    NotText = "calendar-not-text";
    /// Mistake: too many lines.
    TooManyLines = "calendar-too-many-lines" { count: i64 };
    /// Mistake: no calendar.
    NotACalendar = "calendar-not-a-calendar";
    /// Mistake: no line.
    NoLine = "calendar-no-line" { line: i64 };
    /// Mistake: a beginning without an end, or the other way round.
    Unbalanced = "calendar-unbalanced" { line: i64 };
    /// Mistake: too many events.
    TooManyEvents = "calendar-too-many-events" { line: i64, count: i64 };
    /// Mistake: too much happens.
    TooMuchHappens = "calendar-too-much-happens" { line: i64, count: i64 };
    /// Mistake: a value that is none.
    BadValue = "calendar-bad-value" <'a> { line: i64, name: &'a str, value: &'a str };
    /// Mistake: an unknown zone.
    UnknownZone = "calendar-unknown-zone" <'a> { line: i64, zone: &'a str };
    /// Mistake: an event without a beginning.
    NoStart = "calendar-no-start" <'a> { line: i64, uid: &'a str };
    /// Mistake: an event that ends before it begins.
    Backwards = "calendar-backwards" <'a> { line: i64, uid: &'a str };
    /// Mistake: something that is not read.
    NotRead = "calendar-not-read" <'a> { line: i64, what: &'a str };
}

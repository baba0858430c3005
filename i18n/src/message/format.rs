//! The pieces that times, spans and lists are made of; see [`crate::format`].

super::messages! {
    /// A time of day.
    Time = "format-time" <'a> { hour: &'a str, minute: &'a str };
    /// A day and a time of day.
    DateTime = "format-date-time" <'a> { weekday: &'a str, day: &'a str, month: &'a str, time: &'a str };
    /// A day of the week, short; 1 is Monday.
    Weekday = "format-weekday" { number: i64 };
    /// A month, short; 1 is January.
    Month = "format-month" { number: i64 };
    /// Seconds.
    Seconds = "format-seconds" { count: i64 };
    /// Minutes.
    Minutes = "format-minutes" { count: i64 };
    /// Hours.
    Hours = "format-hours" { count: i64 };
    /// Days of 24 hours.
    Days = "format-days" { count: i64 };
    /// The last two things of a list.
    ListEnd = "format-list-end" <'a> { before: &'a str, last: &'a str };
    /// The last two things of a list, where the last one begins with e.
    ListEndBeforeE = "format-list-end-before-e" <'a> { before: &'a str, last: &'a str };
}

//! Why a calendar cannot be read.

use i18n::{Locale, Message as _, calendar as message};

use super::content::LINES_COUNT_MAX;
use super::read::{CALENDAR_BYTES_MAX, EVENTS_MAX, HAPPENINGS_MAX};

/// What is wrong with a calendar, and where: a line is counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// It is larger than [`CALENDAR_BYTES_MAX`].
    #[error("too large")]
    TooLarge,
    /// It is no text in UTF-8.
    #[error("not UTF-8")]
    NotText,
    /// It has more lines than [`LINES_COUNT_MAX`].
    #[error("too many lines")]
    TooManyLines,
    /// It does not begin as a calendar begins.
    #[error("not a calendar")]
    NotACalendar,
    /// The line has not the form `NAME:VALUE`.
    #[error("line {0}: not a line of a calendar")]
    NoLine(usize),
    /// What begins does not end, or ends without having begun.
    #[error("line {0}: a beginning without an end, or an end without a beginning")]
    Unbalanced(usize),
    /// It has more events than [`EVENTS_MAX`].
    #[error("line {0}: too many events")]
    TooManyEvents(usize),
    /// More happens than [`HAPPENINGS_MAX`], or it recurs for so long that it cannot be gone through.
    #[error("line {0}: too much happens")]
    TooMuchHappens(usize),
    /// A value is not what its name promises.
    #[error("line {line}: {value:?} is no value of {name}")]
    Value {
        /// Where.
        line: usize,
        /// Of what.
        name: String,
        /// What is written there.
        value: String,
    },
    /// A time zone that is neither in the calendar nor known by its name.
    #[error("line {line}: no zone {zone:?}")]
    UnknownZone {
        /// Where.
        line: usize,
        /// Which.
        zone: String,
    },
    /// An event that does not say when it begins.
    #[error("line {line}: no beginning of {uid}")]
    NoStart {
        /// Where the event begins in the file.
        line: usize,
        /// Its UID.
        uid: String,
    },
    /// An event that does not end after its beginning.
    #[error("line {line}: {uid} ends before it begins")]
    Backwards {
        /// Where the event begins in the file.
        line: usize,
        /// Its UID.
        uid: String,
    },
    /// Something that is allowed, and that we do not read.
    #[error("line {line}: {what} is not read")]
    NotRead {
        /// Where.
        line: usize,
        /// What.
        what: &'static str,
    },
}

impl Mistake {
    /// The same for people, in one sentence or two.
    pub fn say(&self, locale: Locale) -> String {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        match self {
            Self::TooLarge => {
                message::TooLarge { kilobytes: count(CALENDAR_BYTES_MAX / 1024) }.render(locale)
            }
            Self::NotText => message::NotText.render(locale),
            Self::TooManyLines => message::TooManyLines { count: count(LINES_COUNT_MAX) }.render(locale),
            Self::NotACalendar => message::NotACalendar.render(locale),
            Self::NoLine(line) => message::NoLine { line: count(*line) }.render(locale),
            Self::Unbalanced(line) => message::Unbalanced { line: count(*line) }.render(locale),
            Self::TooManyEvents(line) => {
                message::TooManyEvents { line: count(*line), count: count(EVENTS_MAX) }.render(locale)
            }
            Self::TooMuchHappens(line) => {
                message::TooMuchHappens { line: count(*line), count: count(HAPPENINGS_MAX) }.render(locale)
            }
            Self::Value { line, name, value } => {
                message::BadValue { line: count(*line), name, value }.render(locale)
            }
            Self::UnknownZone { line, zone } => {
                message::UnknownZone { line: count(*line), zone }.render(locale)
            }
            Self::NoStart { line, uid } => message::NoStart { line: count(*line), uid }.render(locale),
            Self::Backwards { line, uid } => message::Backwards { line: count(*line), uid }.render(locale),
            Self::NotRead { line, what } => message::NotRead { line: count(*line), what }.render(locale),
        }
    }
}

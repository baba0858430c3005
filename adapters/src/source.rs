//! What monitoring systems say, read into signals.
//!
//! Each source has a file here with one function, `read`: bytes in, a [`Delivery`] or a [`SourceError`] out; it
//! touches nothing else. Reading is liberal, because what is refused may never be sent again: Alertmanager drops
//! a notification that is answered with 4xx. So a field of the wrong type is read as text or left out, what is too
//! long is shortened with a `…`, and what nobody knows is ignored. A body is refused only when it cannot be
//! understood as a whole, or when one of its entries says nothing at all.
//!
//! To add a source: a file with a `read`, which opens the body as a `json::Document`, picks the fields it knows and
//! builds each [`Signal`] with `Texts` and `meaning`; then its real bodies in `tests/fixtures` and a test with what
//! they mean.

pub mod alertmanager;
pub mod generic;
pub mod goalert;
mod json;
mod meaning;
pub mod nagios;
pub mod oncall;
pub mod opsgenie;
pub mod pagerduty;
mod text;

use events::event::signal::Signal;
use events::event::source::SourceKind;
use events::id::DedupKey;
use events::time::Timestamp;

pub use domain::alert::limit::NOTE_CHARS_MAX;

/// A body is at most this many bytes long: Alertmanager drops what is answered with 413, so it is more than ten thousand
/// alerts of one group have.
pub const BODY_BYTES_MAX: usize = 32 * 1_024 * 1_024;
/// Objects and lists stand at most this many deep in each other.
pub const DEPTH_MAX: usize = 128;
/// At most this many signals are read of a body at once. What a longer list has is read after these.
pub const SIGNALS_PER_DELIVERY_MAX: usize = 10_000;
/// A summary is at most this many characters long.
pub const SUMMARY_CHARS_MAX: usize = 1_024;
/// A signal has at most this many labels.
pub const LABELS_COUNT_MAX: usize = 128;
/// A label's value is at most this many characters long.
pub const LABEL_CHARS_MAX: usize = 1_024;
/// All labels of a signal together, names and values, are at most this many characters long.
pub const LABELS_CHARS_MAX: usize = 16_384;
/// A signal has at most this many details.
pub const DETAILS_COUNT_MAX: usize = 64;
/// A detail is at most this many characters long.
pub const DETAIL_CHARS_MAX: usize = 8_192;
/// All details of a signal together, names and texts, are at most this many characters long.
pub const DETAILS_CHARS_MAX: usize = 32_768;
/// What a sender calls a severity is kept up to this many characters.
pub const SEVERITY_CHARS_MAX: usize = 64;
/// The name of a label or a detail is at most this many characters long.
pub const NAME_CHARS_MAX: usize = 256;
/// A dedup key is at most this many bytes long; a longer one is replaced by the SHA-256 of itself.
pub const DEDUP_KEY_BYTES_MAX: usize = 512;

/// What a source said about one symptom, and which symptom that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// What the source calls the symptom; 1 to [`DEDUP_KEY_BYTES_MAX`] bytes without control characters.
    pub dedup_key: DedupKey,
    /// What it said.
    pub signal: Signal,
}

/// What the people of a source did about a symptom, beside of whether it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What the source calls the symptom, as in [`Received`].
    pub dedup_key: DedupKey,
    /// What they did.
    pub deed: Deed,
}

/// What the people of a source did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// They have it.
    Acknowledged,
    /// They wrote something down; 1 to [`NOTE_CHARS_MAX`] characters.
    Noted(String),
    /// They want to hear of it later.
    Held {
        /// When it goes on.
        until: Timestamp,
    },
}

/// What one body said, or a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// In the order of the body. May be empty, and may name one symptom twice: then the later one is the newer.
    pub signals: Vec<Received>,
    /// In the order of the body; they count after the signals. What is said of a symptom that no open alert is about is
    /// no news.
    pub remarks: Vec<Remark>,
    /// How many more alerts the source had and left out. When not 0, somebody should be told.
    pub truncated_count: u64,
    /// The body's list is longer: it goes on at this place of it.
    pub goes_on_at: Option<usize>,
}

/// Reads one body of a source of this kind. A heartbeat's body says nothing.
///
/// # Errors
///
/// Any [`SourceError`].
pub fn read(kind: SourceKind, body: &[u8]) -> Result<Delivery, SourceError> {
    match kind {
        SourceKind::Alertmanager | SourceKind::Grafana => alertmanager::read(body),
        SourceKind::Pagerduty => pagerduty::read(body).map(|event| event.delivery),
        SourceKind::Opsgenie => opsgenie::read(body).map(|created| created.delivery),
        SourceKind::Generic => generic::read(body),
        SourceKind::Goalert => goalert::read(body),
        SourceKind::Oncall => oncall::read(body),
        SourceKind::Nagios => nagios::read(body),
        SourceKind::Heartbeat => Ok(Delivery::default()),
    }
}

/// Why a body was refused. The message names the field and what to send instead; it never repeats the body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Nothing was sent, or only white space.
    #[error("the body is empty: send JSON")]
    Empty,
    /// It is longer than [`BODY_BYTES_MAX`].
    #[error(
        "the body has {bytes_count} bytes: send at most {BODY_BYTES_MAX}, the rest in bodies of their own"
    )]
    TooLarge {
        /// How long it is.
        bytes_count: usize,
    },
    /// It is in another character set.
    #[error("the body is not UTF-8 at byte {at}: send JSON in UTF-8")]
    NotUtf8 {
        /// The first wrong byte, counted from 0.
        at: usize,
    },
    /// It is not JSON.
    #[error("the body is not JSON: {reason}; send JSON")]
    NotJson {
        /// What is wrong, with line and column.
        reason: String,
        /// The line, counted from 1.
        line: usize,
        /// The byte in the line, counted from 1; 0 before the first.
        column: usize,
    },
    /// Objects and lists stand more than [`DEPTH_MAX`] deep in each other.
    #[error(
        "the body is nested deeper than {DEPTH_MAX} at byte {at}: send it flatter, or the inner part as text"
    )]
    TooDeep {
        /// The bracket that is one too many, counted from 0.
        at: usize,
    },
    /// It is JSON of another shape.
    #[error("the body is {found}: send {expected}")]
    NotAnObject {
        /// What it is, such as `a number`.
        found: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A field is missing, or cannot be understood.
    #[error("`{field}` is {found}: send {expected}")]
    FieldWrong {
        /// Which, such as `alerts[3]` or `summary`.
        field: String,
        /// What it is, such as `missing`.
        found: &'static str,
        /// What it should be.
        expected: &'static str,
    },
}

impl SourceError {
    /// The field that is wrong, such as `alerts[3]`; `body` when it is the whole.
    pub fn field(&self) -> &str {
        match self {
            Self::FieldWrong { field, .. } => field,
            Self::Empty
            | Self::TooLarge { .. }
            | Self::NotUtf8 { .. }
            | Self::NotJson { .. }
            | Self::TooDeep { .. }
            | Self::NotAnObject { .. } => "body",
        }
    }
}

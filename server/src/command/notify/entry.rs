//! One signal as it is kept until a server has taken it.

use std::path::PathBuf;

use adapters::channel::Secret;
use events::Timestamp;
use serde::{Deserialize, Serialize};

/// A key is at most this many bytes long; a larger file holds something else.
const KEY_BYTES_MAX: u64 = 4_096;

/// What a source speaks, as its address names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tongue {
    /// The house's own shape.
    Generic,
    /// Macros.
    Nagios,
}

impl Tongue {
    /// The part of the address.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::Nagios => "nagios",
        }
    }
}

/// How the source proves itself. A file is read when it is needed, so that a new key counts for what is kept, too.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Key {
    /// The key is in this file.
    File(PathBuf),
    /// The key itself: kept in a file that only its owner reads.
    Text(String),
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(file) => formatter.debug_tuple("File").field(file).finish(),
            Self::Text(_) => formatter.write_str("Text(…)"),
        }
    }
}

impl Key {
    /// The key.
    ///
    /// # Errors
    /// When its file cannot be read, or holds no key.
    pub(super) fn read(&self) -> std::io::Result<Secret> {
        use std::io::{Error, ErrorKind, Read as _};
        let text = match self {
            Self::Text(text) => text.clone(),
            Self::File(file) => {
                let mut text = String::new();
                std::fs::File::open(file)?.take(KEY_BYTES_MAX + 1).read_to_string(&mut text)?;
                text
            }
        };
        let text = text.trim();
        let fits = u64::try_from(text.len()).is_ok_and(|length| (1..=KEY_BYTES_MAX).contains(&length));
        if fits && !text.contains(char::is_control) {
            return Ok(Secret::new(text));
        }
        Err(Error::new(ErrorKind::InvalidData, "it holds no key in one line"))
    }
}

impl Key {
    /// Why there is no key, with the file that should hold it.
    pub(super) fn say(&self, error: &std::io::Error) -> String {
        match self {
            Self::File(file) => format!("{}: {error}", file.display()),
            Self::Text(_) => error.to_string(),
        }
    }
}

/// Signals of one source. They go in order; those of another source need not wait for them.
pub(super) type Lane = (Tongue, Key);

/// One signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Whom it is for.
    pub(super) tongue: Tongue,
    /// Whose it is.
    pub(super) key: Key,
    /// When it was to be sent, in microseconds since 1970.
    pub(super) noticed_at: Timestamp,
    /// The body, as it is posted.
    pub(super) body: String,
}

impl Entry {
    /// With whose signals it stays in order.
    pub(super) fn lane(&self) -> Lane {
        (self.tongue, self.key.clone())
    }
}

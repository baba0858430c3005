//! What happens to a calendar: a secret address at which calendar programs read somebody's or a rota's shifts.

use serde::{Deserialize, Serialize};

use crate::id::{PersonId, RotaId};

/// Something happened to a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarEvent {
    /// It has an address from now on; one that it had before ends.
    Opened(CalendarOpened),
    /// It has none any more.
    Closed,
}

impl CalendarEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Opened(_) => "calendar.opened",
            Self::Closed => "calendar.closed",
        }
    }
}

/// Which shifts are shown, and at which address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarOpened {
    /// Whose shifts.
    pub of: CalendarOf,
    /// The SHA-256 of the address's secret part, as 64 hexadecimal digits. The secret itself is kept nowhere.
    pub secret_sha256: String,
}

/// Whose shifts a calendar shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarOf {
    /// Everybody's in this rota.
    Rota(RotaId),
    /// This person's in every rota.
    Person(PersonId),
}

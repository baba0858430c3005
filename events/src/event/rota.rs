//! What happens to a rota in the configuration.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::id::{PersonId, TeamId};

/// Something happened to a rota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RotaEvent {
    /// The rota is as written here from now on.
    Defined(RotaDefined),
    /// There is no such rota any more.
    Removed,
}

impl RotaEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Defined(_) => "rota.defined",
            Self::Removed => "rota.removed",
        }
    }
}

/// Who is on call in turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotaDefined {
    /// Whose rota it is, if a team's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// The IANA name of the zone that its handovers are in.
    pub time_zone: String,
    /// Stacks of turns; a later one wins where it has somebody.
    pub layers: Vec<Layer>,
}

/// One stack of turns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// Who takes turns, in order.
    pub members: Vec<PersonId>,
    /// When one takes over from another.
    pub handover: Handover,
}

/// The moments between turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// How many units lie between two handovers; 1 or more.
    pub every: u32,
    /// Of which unit.
    pub unit: TurnUnit,
    /// The wall-clock time in the rota's zone at which the first member's first shift starts.
    pub from: NaiveDateTime,
}

/// What turns are counted in, on the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnUnit {
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months; one without that day hands over on its last.
    Months,
}

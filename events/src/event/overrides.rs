//! What happens to an override: somebody stands in for somebody, or is on call as well, for a span of time.

use serde::{Deserialize, Serialize};

use crate::id::{PersonId, RotaId, TeamId};
use crate::sealed::Sealed;
use crate::time::Timestamp;

/// Something happened to an override.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverrideEvent {
    /// Somebody decided so. It is in force at once unless somebody is asked.
    Made(OverrideMade),
    /// Whoever was asked agreed: it is in force from now on.
    Accepted,
    /// Whoever was asked said no.
    Declined,
    /// It is over from now on; what was before stays as it was.
    Removed,
}

impl OverrideEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Made(_) => "override.made",
            Self::Accepted => "override.accepted",
            Self::Declined => "override.declined",
            Self::Removed => "override.removed",
        }
    }
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideMade {
    /// What is different, and when: one leg, or the two of a swap.
    pub legs: Vec<Leg>,
    /// Who must agree first; nobody when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<PersonId>,
    /// Why, in somebody's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Sealed<String>>,
}

/// One thing that is different for a span of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// What.
    pub change: LegChange,
}

/// What is different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegChange {
    /// Somebody is on call for somebody, or nobody is.
    Instead {
        /// In which rota.
        rota: RotaId,
        /// Who would be on call.
        of: PersonId,
        /// Who is; nobody when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonId>,
    },
    /// Somebody is on call as well.
    Also {
        /// In which rota.
        rota: RotaId,
        /// Who.
        person: PersonId,
    },
    /// Everybody in the team is on call as well, in each of its rotas.
    AllHands {
        /// Which team.
        team: TeamId,
    },
}

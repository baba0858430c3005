//! What happens to an escalation policy in the configuration.

use serde::{Deserialize, Serialize};

use crate::id::{PersonId, PolicyId, RotaId, TeamId};
use crate::time::Span;

/// Something happened to a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyEvent {
    /// The policy is as written here from now on.
    Defined(PolicyDefined),
    /// There is no such policy any more.
    Removed,
}

impl PolicyEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Defined(_) => "policy.defined",
            Self::Removed => "policy.removed",
        }
    }
}

/// Ordered steps: whom to page, how long to wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyDefined {
    /// The steps in order; at least one.
    pub steps: Vec<Step>,
    /// How many more times the steps run after the first.
    pub repeat: u32,
    /// Who is paged again and again when the steps are through; everybody of the steps when it is empty.
    pub fallback: Vec<Target>,
    /// After how long an acknowledgement runs out; never when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledgement_lapses: Option<Span>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Whom to page; nobody when the alert is handed over.
    pub page: Vec<Target>,
    /// How long to wait before the next step.
    pub wait: Span,
    /// How many people must take the alert; the others are paged on until they do.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub acknowledgements: u32,
    /// The policy by which the alert escalates from here on, from its first step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand_over: Option<PolicyId>,
}

pub(crate) const fn one() -> u32 {
    1
}

/// For fields that older records do not have, and that say nothing at 1.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(crate) const fn is_one(count: &u32) -> bool {
    *count == 1
}

/// Whom a step means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// This person.
    Person(PersonId),
    /// Whoever is on call in this rota, or so many turns after them.
    Rota {
        /// The rota.
        rota: RotaId,
        /// 0 for whoever is on call, 1 for the next in turn.
        #[serde(default)]
        offset: u32,
    },
    /// Everybody in this team.
    Team(TeamId),
}

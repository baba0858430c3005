//! What happens to a service in the configuration.

use serde::{Deserialize, Serialize};

use crate::id::PolicyId;
use crate::time::Span;

/// Something happened to a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceEvent {
    /// The service is as written here from now on.
    Defined(ServiceDefined),
    /// There is no such service any more.
    Removed,
}

impl ServiceEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Defined(_) => "service.defined",
            Self::Removed => "service.removed",
        }
    }
}

/// What is watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceDefined {
    /// The name for people.
    pub name: String,
    /// How its alerts escalate.
    pub policy: PolicyId,
    /// Where it is written what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runbook: Option<String>,
    /// Pages carry code and service only, no alert text in the clear.
    #[serde(default)]
    pub reference_only: bool,
    /// Problems that come within so long of one another become one alert; each is one of its own when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_within: Option<Span>,
    /// Once somebody has it, they are paged again when so many more have come; see `symptom::Gathers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_again_after: Option<u32>,
}

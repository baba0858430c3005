//! What happens to a team in the configuration.

use serde::{Deserialize, Serialize};

use crate::id::PersonId;
use crate::time::Span;

/// Something happened to a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamEvent {
    /// The team is as written here from now on.
    Defined(TeamDefined),
    /// There is no such team any more.
    Removed,
}

impl TeamEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Defined(_) => "team.defined",
            Self::Removed => "team.removed",
        }
    }
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamDefined {
    /// The name for people.
    pub name: String,
    /// Who belongs to it.
    pub members: Vec<PersonId>,
    /// The IANA name of the team's time zone; none when each member's own is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Whether people are told when a turn in one of the team's rotas begins or ends.
    #[serde(default, skip_serializing_if = "Handovers::is_silent")]
    pub handovers: Handovers,
    /// Who is told when a member cannot be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<PersonId>,
    /// How long a member's contact method may go unproved before a test page goes out over it by day; none when no
    /// test pages are wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_pages: Option<Span>,
}

/// Whether people are told of handovers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handovers {
    /// They are not.
    #[default]
    Silent,
    /// Whoever goes and whoever comes gets a message.
    Announced,
    /// The same, and whoever goes stays on call as well until whoever comes has said that they have it.
    Accepted,
}

impl Handovers {
    /// For records from before teams could ask for it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_silent(&self) -> bool {
        *self == Self::Silent
    }
}

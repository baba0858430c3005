//! What happens to a token: somebody lets a person or a program in, and takes that back.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{PersonId, TeamId};
use crate::sealed::Sealed;
use crate::time::Timestamp;

/// Something happened to a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenEvent {
    /// Whoever knows the secret is let in from now on.
    Issued(TokenIssued),
    /// Nobody is, from now on.
    Revoked,
}

impl TokenEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Issued(_) => "token.issued",
            Self::Revoked => "token.revoked",
        }
    }
}

/// Who is let in, as what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenIssued {
    /// The SHA-256 of the secret, as 64 hexadecimal digits. The secret itself is kept nowhere.
    pub secret_sha256: String,
    /// What it allows.
    pub role: Role,
    /// What it is for, in somebody's words.
    pub label: Sealed<String>,
    /// Whose it is: then what it does counts as done by that person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// From when on it lets nobody in any more; never when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// What a token allows; each more than the one before. Written for people as `read`, `respond`, `team:NAME`, `owner`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// To look.
    Read,
    /// To work with alerts as well.
    Respond,
    /// To arrange who of this team is on call as well.
    Team(TeamId),
    /// Everything.
    Owner,
}

impl Role {
    /// The role without its team: `read`, `respond`, `team` or `owner`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Respond => "respond",
            Self::Team(_) => "team",
            Self::Owner => "owner",
        }
    }

    /// The role that is written so; none when there is no such role.
    pub fn read(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None => match text {
                "read" => Some(Self::Read),
                "respond" => Some(Self::Respond),
                "owner" => Some(Self::Owner),
                _ => None,
            },
            Some(("team", team)) if !team.is_empty() => Some(Self::Team(team.into())),
            Some(_) => None,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Team(team) => write!(f, "team:{team}"),
            Self::Read | Self::Respond | Self::Owner => f.write_str(self.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_reads_back_as_it_is_written_and_nothing_else_is_one() {
        for role in [Role::Read, Role::Respond, Role::Team("sysadmin".into()), Role::Owner] {
            assert_eq!(Role::read(&role.to_string()), Some(role));
        }
        for text in ["", "Read", "team", "team:", "owner:sysadmin", "admin", " read"] {
            assert_eq!(Role::read(text), None, "{text:?}");
        }
    }
}

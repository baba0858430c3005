//! What a source said, in one shape for all sources.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::time::{Span, Timestamp};

/// How bad a problem is, mildest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Will need somebody.
    Warning,
    /// Something does not work. What is meant when a source says nothing.
    #[default]
    Error,
    /// People are hurt by it now.
    Critical,
}

impl Severity {
    /// As it is written: `info`, `warning`, `error` or `critical`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }
}

/// Whether a problem is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It is there.
    Firing,
    /// It is over.
    Resolved,
}

/// What a source said about one symptom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Whether the problem is there.
    pub status: Status,
    /// What is wrong, in one line; 1 to 1,024 characters.
    pub summary: String,
    /// How bad it is.
    pub severity: Severity,
    /// What the source called that, in one line, where it is not the name of `severity`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity_said: Option<String>,
    /// What routes match on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// What helps the reader: descriptions, links, a runbook.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
    /// When the problem began, as the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// What the house itself has found out about the source; none when the source speaks. Then it is told in the words
    /// of whoever reads it, and `summary` is the source's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<Finding>,
}

/// What the house finds out about a source by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// It says more than anybody could look at.
    Flood {
        /// So many new problems within a minute are one too many.
        at: u32,
    },
    /// It should give a sign of life, and does not.
    Silence {
        /// When it did last; never when nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_at: Option<Timestamp>,
        /// How often it should.
        every: Span,
    },
}

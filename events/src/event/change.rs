//! What people changed elsewhere, as their tools tell us: a deployment, a new setting. It pages nobody.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::SourceId;
use crate::time::Timestamp;

/// Something was changed elsewhere. One history holds what one source told on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeEvent {
    /// A source told of it.
    Told(ChangeTold),
}

impl ChangeEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Told(_) => "change.told",
        }
    }
}

/// What was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeTold {
    /// Who told of it.
    pub source: SourceId,
    /// What, in one line.
    pub summary: String,
    /// What helps the reader: where, links.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
    /// When, as the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
}

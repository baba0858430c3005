//! What happens to the routes in the configuration.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::event::signal::Severity;
use crate::id::{ServiceId, SourceId};

/// Something happened to the routes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutesEvent {
    /// The routes are these from now on; the first that matches wins.
    Defined(Vec<Route>),
}

impl RoutesEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Defined(_) => "routes.defined",
        }
    }
}

/// Signals that match belong to a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// What must match; empty matches everything.
    #[serde(default)]
    pub when: When,
    /// Whose alert it becomes.
    pub service: ServiceId,
}

/// What a signal must have; all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// It came from this source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// Its labels have these values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// It is at least this severe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
}

impl When {
    /// True when it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.source.is_none() && self.labels.is_empty() && self.severity.is_none()
    }
}

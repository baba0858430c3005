//! What happens to a source in the configuration.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::event::signal::Severity;
use crate::id::ServiceId;
use crate::time::Span;

/// Something happened to a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceEvent {
    /// The source is as written here from now on.
    Defined(SourceDefined),
    /// There is no such source any more.
    Removed,
}

impl SourceEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Defined(_) => "source.defined",
            Self::Removed => "source.removed",
        }
    }
}

/// What speaks to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Prometheus' Alertmanager, webhook version 4.
    Alertmanager,
    /// Grafana's webhook.
    Grafana,
    /// Whatever speaks `PagerDuty`'s Events API v2.
    Pagerduty,
    /// Whatever speaks Opsgenie's Alert API v2.
    Opsgenie,
    /// Any JSON in our own shape.
    Generic,
    /// `GoAlert`'s generic API.
    Goalert,
    /// Grafana `OnCall`'s formatted webhook.
    Oncall,
    /// Nagios.
    Nagios,
    /// Regular signs of life.
    Heartbeat,
}

/// Where signals come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceDefined {
    /// What it speaks.
    pub kind: SourceKind,
    /// SHA-256 of its integration key, as 64 hexadecimal digits.
    pub key_sha256: String,
    /// The file that the key was read from, as the configuration names it.
    pub key_file: String,
    /// How often a heartbeat comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Span>,
    /// How much longer a heartbeat may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<Span>,
    /// The service that a heartbeat stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    /// From so many new problems within a minute on, those of one service become one alert; a default when nothing is
    /// said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flood_at: Option<u32>,
    /// How bad something is, by what the source calls it, in small letters, or else by how we read that.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub severities: BTreeMap<String, Severity>,
}

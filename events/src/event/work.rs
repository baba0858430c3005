//! What happens to planned work: a span in which alerts go first to the person who is doing the work.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{PersonId, ServiceId, SourceId};
use crate::sealed::Sealed;
use crate::time::{Span, Timestamp};

/// Something happened to planned work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkEvent {
    /// Somebody planned it.
    Planned(WorkPlanned),
    /// The span that lasts, or comes next, ends at another moment.
    Moved {
        /// Which span, by its beginning.
        from: Timestamp,
        /// When it ends now.
        until: Timestamp,
    },
    /// The span that lasts is over from now on; those that are still to come stay.
    Ended,
    /// It is over from now on, and nothing of it is still to come.
    Cancelled,
}

impl WorkEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Planned(_) => "work.planned",
            Self::Moved { .. } => "work.moved",
            Self::Ended => "work.ended",
            Self::Cancelled => "work.cancelled",
        }
    }
}

/// What was planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkPlanned {
    /// Who does it.
    pub worker: PersonId,
    /// What becomes of the alerts that it takes.
    pub kind: WorkKind,
    /// Which alerts it takes.
    pub scope: Scope,
    /// When: one span, or as many as a rule of repetition gave when it was planned. In order, none overlapping.
    pub spans: Vec<WorkSpan>,
    /// How the spans came about: an RFC 5545 recurrence rule as somebody wrote it; none for a single span.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// How long the worker has before on call is paged as well.
    pub wait: Span,
    /// What is being done, in somebody's words.
    pub what: Sealed<String>,
}

/// One span of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkSpan {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// What becomes of the alerts that work takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// They go to the worker first, and to on call when the worker does not take them.
    #[default]
    Route,
    /// Nobody is paged until the work ends, unless an alert is critical.
    Hold,
}

/// Which alerts work takes: those that fit everything said here. What is empty says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Of one of these services.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceId>,
    /// From one of these sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceId>,
    /// With these labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, LabelMatch>,
}

/// What a label must be. In a pattern, `*` stands for any text, also none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelMatch {
    /// Like this pattern.
    Like(String),
    /// Not like this pattern; a label that is not there is not.
    Unlike(String),
}

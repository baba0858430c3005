//! What happens to the problems that one alert is about, when it is about several.

use serde::{Deserialize, Serialize};

use crate::event::signal::{Severity, Signal};
use crate::id::{DedupKey, SourceId};
use crate::sealed::Sealed;
use crate::time::Span;

/// An alert takes in more problems of its service, as was decided when it was raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gathers {
    /// Those that come within so long after the last one.
    pub within: Span,
    /// Once somebody has it, they are paged again when so many more have come, and at least as many as they knew of.
    pub again_after: u32,
    /// Why.
    pub why: Gathering,
}

/// Why an alert takes in more problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gathering {
    /// Its service wants it so.
    Service,
    /// Its source floods us.
    Flood,
}

/// One more problem, or one that is back, belongs to the alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SymptomJoined {
    /// Which of the alert's problems it is, from 1: the one that raised it. One that is back keeps its number.
    pub symptom: u32,
    /// Who said so.
    pub source: SourceId,
    /// What the source calls it.
    pub dedup_key: DedupKey,
    /// How bad it is.
    pub severity: Severity,
    /// What was said, as normalised.
    pub signal: Sealed<Signal>,
    /// Which route matched, from 1.
    pub route: u32,
}

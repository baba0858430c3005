//! What came of one fault.

use serde::Serialize;

use super::point::Point;

/// How a house took a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Course {
    /// The run was over before this call: nothing failed.
    NotReached,
    /// It went on as if nothing had happened.
    Unnoticed,
    /// It turned something away, and went on.
    TurnedAway,
    /// It ended by itself.
    Ended,
    /// It did not start.
    NotStarted,
}

/// What must never come of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// Something was answered 2xx and is not there after the next start, or nobody was paged for it.
    False2xx,
    /// Something was turned away without saying so: with another answer than 503, or none from a house that goes on.
    SilentLoss,
    /// A start, an answer or an end that never came.
    Hang,
    /// It panicked.
    Panic,
    /// After a clean start `verify` is not content, or the house does not work.
    Unsound,
    /// The operators were not paged within 15 s.
    NoAlarm,
    /// The log refused, and `/healthz` said that all is well.
    SaidWell,
    /// It ended without an error, or without saying which file and what to do.
    Unexplained,
}

/// One thing that went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// What sort of thing.
    pub wrong: Wrong,
    /// What exactly.
    pub what: String,
}

/// What came of one fault.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// The fault.
    pub point: Point,
    /// What strace says of the call that failed.
    pub injected: Option<String>,
    /// How the house took it.
    pub course: Course,
    /// From the first thing that failed to the page of the operators, in milliseconds.
    pub alarm_ms: Option<u64>,
    /// What went wrong; nothing, it is hoped.
    pub defects: Vec<Defect>,
    /// The end of what the house printed, when something went wrong.
    pub printed: Option<String>,
}

//! What must be true of the house whatever happens, by number, as `ARCHITECTURE.md` states it. One file for each; each
//! says what it looks at, and returns what it found wrong.

use std::fmt;

use super::agenda::Moment;

pub mod ack_stops;
pub mod bounded;
pub mod bounded_duplicates;
pub mod conserved;
pub mod durable;
pub mod explicit;
pub mod failover;
pub mod grouped;
pub mod heard;
pub mod intent_first;
pub mod no_lost_rung;
pub mod nobody_forgets;
pub mod nothing_overdue;
pub mod paced;
pub mod planned_work;
pub mod replay_is_truth;
pub mod right_person;
pub mod silent;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invariant {
    /// 1: what was answered 2xx is in the log, or is a repeat that changes nothing.
    Durable = 1,
    /// 2: no provider is called without a durable attempt.
    IntentFirst,
    /// 3: every open alert has a deadline, and gets somewhere.
    NobodyForgets,
    /// 4: an attempt whose outcome is unknown is tried again.
    NoLostRung,
    /// 5: a send comes twice only when it may not have arrived, and says so.
    BoundedDuplicates,
    /// 6: nothing starts after an acknowledgement, and what rings is stopped.
    AckStops,
    /// 7: whoever was paged was on call then.
    RightPerson,
    /// 8: folding the log gives the live state.
    ReplayIsTruth,
    /// 9: after a step the next deadline lies in the future.
    NothingOverdue,
    /// 10: every accepted signal is accounted for.
    Conserved,
    /// 11: everything stays under its limit.
    Bounded,
    /// 12: what is not sent is said.
    Explicit,
    /// 13: no number gets more than carriers let through, the first page never waits, and what was put off comes.
    Paced,
    /// 14: problems join an alert only while they may, and it is over only when all are.
    Grouped,
    /// 15: a heartbeat's silence is told, and nobody is paged for the house's own.
    Heard,
}

impl Invariant {
    /// All of them, in order.
    pub const ALL: [Self; 15] = [
        Self::Durable,
        Self::IntentFirst,
        Self::NobodyForgets,
        Self::NoLostRung,
        Self::BoundedDuplicates,
        Self::AckStops,
        Self::RightPerson,
        Self::ReplayIsTruth,
        Self::NothingOverdue,
        Self::Conserved,
        Self::Bounded,
        Self::Explicit,
        Self::Paced,
        Self::Grouped,
        Self::Heard,
    ];

    /// As `ARCHITECTURE.md` calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Durable => "durable",
            Self::IntentFirst => "intent first",
            Self::NobodyForgets => "nobody forgets",
            Self::NoLostRung => "no lost rung",
            Self::BoundedDuplicates => "bounded duplicates",
            Self::AckStops => "ack stops",
            Self::RightPerson => "right person",
            Self::ReplayIsTruth => "replay is truth",
            Self::NothingOverdue => "nothing overdue",
            Self::Conserved => "conserved",
            Self::Bounded => "bounded",
            Self::Explicit => "explicit",
            Self::Paced => "paced",
            Self::Grouped => "grouped",
            Self::Heard => "heard",
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", *self as u8, self.name())
    }
}

/// An invariant that did not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invariant {invariant} does not hold: {what}")]
pub struct Violation {
    /// Which.
    pub invariant: Invariant,
    /// How.
    pub what: String,
    /// When it was found.
    pub moment: Moment,
}

/// What a check found wrong, in words.
pub type Found = Result<(), String>;

/// How long the house may take for what is due, once it can do something: the longest that one round of its retries
/// and its queues take.
pub const GRACE: events::Span = events::Span::from_seconds(60);

/// The house's clock may run so much faster or slower than time passes while it follows the wall clock.
pub fn drift(span: events::Span) -> events::Span {
    events::Span::from_micros(span.as_micros() / 50)
}

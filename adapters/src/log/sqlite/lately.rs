//! What was appended last, in memory: whoever follows the log need not read back what this process has just written.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use events::{Position, Recorded};

/// So many records are kept for the follower, who reads the file again when it falls behind by more.
pub(super) const LATELY_RECORDS_MAX: usize = 8_192;

/// The last records of the log, all of them durable, without a gap.
#[derive(Debug, Default)]
pub(super) struct Lately(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    records: VecDeque<Recorded>,
    /// Where the log ends; not known before the first append.
    end: Option<Position>,
}

impl Lately {
    /// These records are durable now, in the log's order.
    pub(super) fn committed(&self, records: impl Iterator<Item = Recorded>) {
        let mut kept = self.kept();
        kept.records.extend(records);
        let surplus = kept.records.len().saturating_sub(LATELY_RECORDS_MAX);
        kept.records.drain(..surplus);
        kept.end = kept.records.back().map(|last| last.position).or(kept.end);
    }

    /// It is not certain any more where the log ends.
    pub(super) fn doubt(&self) {
        self.kept().end = None;
    }

    /// Takes out what stands right after `after`; none when that is not known here.
    pub(super) fn take(&self, after: Position, count_max: usize) -> Option<Vec<Recorded>> {
        let mut kept = self.kept();
        let known = kept.records.partition_point(|recorded| recorded.position <= after);
        kept.records.drain(..known);
        let is_end = kept.end == Some(after);
        let is_next = |first: &Recorded| first.position.earlier_by(1) == after;
        if !is_end && !kept.records.front().is_some_and(is_next) {
            return None;
        }
        let count = kept.records.len().min(count_max);
        let taken = kept.records.drain(..count).collect();
        if kept.records.is_empty() {
            // After a storm its room is given back.
            kept.records = VecDeque::new();
        }
        Some(taken)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! The reference log, in memory: what every other log must behave like. Its positions are sparse on purpose, as
//! `EventStoreDB`'s are, so that nobody counts on the next one.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::id::StreamId;
use crate::log::{AppendError, Appended, Batch, EventLog, ReadError};
use crate::record::{Position, Recorded, Version};

/// Positions grow by one to this many.
const POSITION_STEP_MAX: u64 = 7;

/// A log that lives as long as its value.
#[derive(Debug, Default)]
pub struct MemoryLog(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    log: BTreeMap<Position, Recorded>,
    histories: BTreeMap<StreamId, Vec<Position>>,
}

impl MemoryLog {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventLog for MemoryLog {
    async fn append(
        &self,
        stream: &StreamId,
        expected: Version,
        batch: Batch,
    ) -> Result<Appended, AppendError> {
        self.kept().append(stream, expected, &batch)
    }

    async fn read(&self, stream: &StreamId, after: Version) -> Result<Vec<Recorded>, ReadError> {
        let kept = self.kept();
        let skipped = usize::try_from(after.0).unwrap_or(usize::MAX);
        let places = kept.histories.get(stream).map(Vec::as_slice).unwrap_or_default();
        Ok(places.iter().skip(skipped).map(|place| kept.log[place].clone()).collect())
    }

    async fn tail(&self, after: Position, count_max: u32) -> Result<Vec<Recorded>, ReadError> {
        let count_max = usize::try_from(count_max).unwrap_or(usize::MAX);
        let next = Position::from_raw(after.as_raw().saturating_add(1));
        Ok(self.kept().log.range(next..).take(count_max).map(|(_, recorded)| recorded.clone()).collect())
    }
}

impl Kept {
    fn append(
        &mut self,
        stream: &StreamId,
        expected: Version,
        batch: &Batch,
    ) -> Result<Appended, AppendError> {
        let places = self.histories.get(stream).map(Vec::as_slice).unwrap_or_default();
        let actual = Version::NONE.plus(places.len());
        if actual != expected {
            let start = usize::try_from(expected.0).unwrap_or(usize::MAX);
            let already = places.get(start..start.saturating_add(batch.records().len())).unwrap_or_default();
            let same = already.len() == batch.records().len()
                && already
                    .iter()
                    .zip(batch.records())
                    .all(|(place, new)| self.log[place].record.id == new.id);
            return match already.last() {
                Some(&position) if same => Ok(Appended { version: expected.plus(already.len()), position }),
                _ => Err(AppendError::WrongVersion { actual }),
            };
        }
        let mut version = expected;
        let mut position = self.log.last_key_value().map_or(Position::START, |(&last, _)| last);
        for record in batch.records() {
            version = version.plus(1);
            let step = 1 + u64::from(record.id.0[0]) % POSITION_STEP_MAX;
            position = Position::from_raw(position.as_raw() + step);
            let recorded = Recorded { position, stream: stream.clone(), version, record: record.clone() };
            self.log.insert(position, recorded);
            self.histories.entry(stream.clone()).or_default().push(position);
        }
        Ok(Appended { version, position })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_reference_log_conforms() {
        crate::conformance::check_all(MemoryLog::new).await;
    }
}

//! Proves histories unbroken: each record carries the hash of the one before it, and its own number is a hash of
//! what it says.

use std::collections::BTreeMap;

use crate::id::StreamId;
use crate::record::{Position, RecordHash, Recorded, Version};

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// The record does not say what it said when it was written.
    #[error("the record was changed")]
    Changed,
    /// The record before it is not the one it was written after.
    #[error("the record before it was changed or replaced")]
    Unchained,
    /// Records before it are missing.
    #[error("records before it are missing: version {} was expected", .expected.0)]
    Missing {
        /// The version that should stand here.
        expected: Version,
    },
    /// It stands before a record that is older in the log.
    #[error("it stands out of order")]
    OutOfOrder,
    /// Records of other histories before it are missing.
    #[error("records before it are missing from the log: position {expected} was expected")]
    Gap {
        /// The position that should stand here.
        expected: Position,
    },
}

/// The first bad record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("position {position}, history {stream}, version {}: {what}", .version.0)]
pub struct Broken {
    /// Where it stands in the log.
    pub position: Position,
    /// Its history.
    pub stream: StreamId,
    /// Its place there.
    pub version: Version,
    /// What is wrong with it.
    pub what: Break,
}

/// Walks a log from its first record on. Memory grows with the number of histories, not of records.
#[derive(Debug, Default)]
pub struct Verifier {
    position: Position,
    is_gapless: bool,
    ends: BTreeMap<StreamId, (Version, RecordHash)>,
    records_count: u64,
}

impl Verifier {
    /// For a log whose positions are 1, 2, 3, …: there, a history's cut tail shows as a gap as long as anything
    /// stands behind it.
    pub fn gapless() -> Self {
        Self { is_gapless: true, ..Self::default() }
    }

    /// Checks the next record in log order.
    ///
    /// # Errors
    /// When the record is not what it was, where it was.
    pub fn check(&mut self, recorded: &Recorded) -> Result<(), Broken> {
        let broken = |what| Broken {
            position: recorded.position,
            stream: recorded.stream.clone(),
            version: recorded.version,
            what,
        };
        let (version, hash) = self.ends.get(&recorded.stream).copied().unwrap_or_default();
        if recorded.position <= self.position {
            return Err(broken(Break::OutOfOrder));
        }
        if recorded.version != version.plus(1) {
            return Err(broken(Break::Missing { expected: version.plus(1) }));
        }
        if !recorded.is_intact() {
            return Err(broken(Break::Changed));
        }
        if recorded.record.previous != hash {
            return Err(broken(Break::Unchained));
        }
        let expected = Position::from_raw(self.position.as_raw().saturating_add(1));
        if self.is_gapless && recorded.position != expected {
            return Err(broken(Break::Gap { expected }));
        }
        self.position = recorded.position;
        self.records_count += 1;
        self.ends.insert(recorded.stream.clone(), (recorded.version, recorded.hash()));
        Ok(())
    }

    /// How many records were right so far.
    pub const fn records_count(&self) -> u64 {
        self.records_count
    }

    /// How many histories they belong to.
    pub fn streams_count(&self) -> usize {
        self.ends.len()
    }

    /// Where the last right record stands.
    pub const fn position(&self) -> Position {
        self.position
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::batch;
    use crate::log::EventLog;
    use crate::memory::MemoryLog;

    async fn log() -> Vec<Recorded> {
        let log = MemoryLog::new();
        for name in ["alert-a", "alert-b"] {
            let stream = StreamId::from(name);
            let written = batch(&stream, Version::NONE, &["one", "two", "three"]);
            log.append(&stream, Version::NONE, written).await.expect("an append");
        }
        log.tail(Position::START, 100).await.expect("a tail")
    }

    fn first_break(records: &[Recorded]) -> Option<(u64, Break)> {
        let mut verifier = Verifier::default();
        records.iter().find_map(|recorded| verifier.check(recorded).err()).map(|b| (b.version.0, b.what))
    }

    #[tokio::test]
    async fn an_untouched_log_is_whole() {
        assert_eq!(first_break(&log().await), None);
    }

    #[tokio::test]
    async fn a_changed_record_is_named() {
        for at in 0..6 {
            let mut records = log().await;
            records[at].record.body = b"forged".as_slice().into();
            let version = records[at].version.0;
            assert_eq!(first_break(&records), Some((version, Break::Changed)));
        }
    }

    #[tokio::test]
    async fn a_record_forged_with_a_fitting_number_breaks_the_next() {
        let mut records = log().await;
        records[0].record.body = b"forged".as_slice().into();
        records[0].record.id = records[0].record.derive_id(&records[0].stream, records[0].version);
        assert_eq!(first_break(&records), Some((2, Break::Unchained)));
    }

    #[tokio::test]
    async fn a_removed_record_is_noticed_at_the_next() {
        let mut records = log().await;
        records.remove(1);
        assert_eq!(first_break(&records), Some((3, Break::Missing { expected: Version(2) })));
    }

    #[tokio::test]
    async fn every_part_of_a_record_is_covered_even_of_the_last() {
        let changes: [fn(&mut Recorded); 8] = [
            |last| last.record.schema += 1,
            |last| last.record.kind = "test.other".into(),
            |last| last.record.at = crate::time::Timestamp::from_micros(7),
            |last| last.record.boot.0 += 1,
            |last| last.record.by = crate::record::Author::Token("other".into()),
            |last| last.record.cause = crate::record::Cause::Request("other".into()),
            |last| last.record.directory = Position::from_raw(9),
            |last| last.record.previous.0[31] ^= 1,
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut records = log().await;
            change(records.last_mut().expect("there are some"));
            assert_eq!(first_break(&records), Some((3, Break::Changed)), "change {number}");
        }
    }

    #[tokio::test]
    async fn the_cut_tail_of_a_history_is_a_gap_but_that_of_the_log_is_nothing() {
        let first_gap = |records: &[Recorded]| {
            let mut verifier = Verifier::gapless();
            records.iter().find_map(|recorded| verifier.check(recorded).err()).map(|broken| broken.what)
        };
        let mut records = log().await;
        for (recorded, position) in records.iter_mut().zip(1..) {
            recorded.position = Position::from_raw(position);
        }
        assert_eq!(first_gap(&records), None);
        let cut = records.split_off(4);
        assert_eq!(first_gap(&records), None, "only a checkpoint outside the log can tell");
        records.extend(cut);
        records.remove(2);
        assert_eq!(first_break(&records), None, "each history is unbroken");
        assert_eq!(first_gap(&records), Some(Break::Gap { expected: Position::from_raw(3) }));
    }

    #[tokio::test]
    async fn a_record_in_the_wrong_place_is_noticed() {
        let mut records = log().await;
        records.swap(0, 3);
        assert!(first_break(&records).is_some());
    }
}

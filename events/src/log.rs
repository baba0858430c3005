//! The contract of every log: where records are kept.
//!
//! A log keeps records it does not understand, in histories that it does not interpret. Every implementation
//! passes [`crate::conformance`].

use std::future::Future;

use crate::id::StreamId;
use crate::record::{Position, Record, Recorded, Version};

/// At most this many records in one append.
pub const BATCH_RECORDS_MAX: usize = 1_024;

/// The records of one append, kept whole or not at all; 1 to [`BATCH_RECORDS_MAX`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch(Vec<Record>);

impl Batch {
    /// A batch of these records; `None` when there are none or more than [`BATCH_RECORDS_MAX`].
    pub fn new(records: Vec<Record>) -> Option<Self> {
        (1..=BATCH_RECORDS_MAX).contains(&records.len()).then_some(Self(records))
    }

    /// The records in order; at least one.
    pub fn records(&self) -> &[Record] {
        &self.0
    }
}

/// What an append led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The history's version after it.
    pub version: Version,
    /// Where its last record stands in the whole log.
    pub position: Position,
}

/// Why an append was not done, told apart by what the caller does next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Somebody else wrote first: read the history again and decide the same command again.
    #[error("the history is at version {}, not where this append expected it", .actual.0)]
    WrongVersion {
        /// Where the history really is.
        actual: Version,
    },
    /// It may have been done or not: append the identical batch again before anything else.
    #[error("it is not known whether the append was done: {reason}")]
    Unknown {
        /// What went wrong.
        reason: String,
    },
    /// There is no room; nothing was written. It may work again once somebody has made room.
    #[error("the log's storage is full: {reason}")]
    StorageFull {
        /// What the storage said.
        reason: String,
    },
    /// The log is closed or cannot be reached; nothing was written.
    #[error("the log is not available: {reason}")]
    Unavailable {
        /// What went wrong.
        reason: String,
    },
}

/// Why something could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The log is closed or cannot be reached.
    #[error("the log is not available: {reason}")]
    Unavailable {
        /// What went wrong.
        reason: String,
    },
    /// What was read is no record.
    #[error("the log is damaged at position {position}: {reason}")]
    Damaged {
        /// Where.
        position: Position,
        /// What is wrong there.
        reason: String,
    },
}

/// An append-only log of histories.
pub trait EventLog: Send + Sync + 'static {
    /// Appends all or nothing, durably, if the history is still at `expected`. Appending the identical batch
    /// (same event ids) again is Ok and changes nothing.
    ///
    /// # Errors
    /// See [`AppendError`]: each variant asks for something else.
    fn append(
        &self,
        stream: &StreamId,
        expected: Version,
        batch: Batch,
    ) -> impl Future<Output = Result<Appended, AppendError>> + Send;

    /// One history after `after`, in order; empty when there is none.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn read(
        &self,
        stream: &StreamId,
        after: Version,
    ) -> impl Future<Output = Result<Vec<Recorded>, ReadError>> + Send;

    /// All histories in log order after `after`, at most `count_max` records. Gap-free: what is not returned and
    /// stands before what is returned will never appear.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn tail(
        &self,
        after: Position,
        count_max: u32,
    ) -> impl Future<Output = Result<Vec<Recorded>, ReadError>> + Send;

    /// Hands over what was appended here right after `after`, at most `count_max` records in log order, if a log still has
    /// them in memory: the same that [`EventLog::tail`] would read. Empty when nothing is there yet; none when only
    /// `tail` can tell. It is for the one follower of a log: what was handed over is not kept.
    fn hand_over(&self, _after: Position, _count_max: u32) -> Option<Vec<Recorded>> {
        None
    }
}

impl<L: EventLog> EventLog for std::sync::Arc<L> {
    fn append(
        &self,
        stream: &StreamId,
        expected: Version,
        batch: Batch,
    ) -> impl Future<Output = Result<Appended, AppendError>> + Send {
        (**self).append(stream, expected, batch)
    }

    fn read(
        &self,
        stream: &StreamId,
        after: Version,
    ) -> impl Future<Output = Result<Vec<Recorded>, ReadError>> + Send {
        (**self).read(stream, after)
    }

    fn tail(
        &self,
        after: Position,
        count_max: u32,
    ) -> impl Future<Output = Result<Vec<Recorded>, ReadError>> + Send {
        (**self).tail(after, count_max)
    }

    fn hand_over(&self, after: Position, count_max: u32) -> Option<Vec<Recorded>> {
        (**self).hand_over(after, count_max)
    }
}

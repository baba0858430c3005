//! The embedded log: one file, `log.sqlite`, in the data directory. What an append answers with Ok has survived an
//! fsync; what readers see, too.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let log = adapters::log::SqliteLog::open("/var/lib/hotpotato".as_ref())?;
//! let mut health = log.health();
//! // … append, read, tail; sound the house alarm when `health` changes …
//! log.close().await;
//! # Ok(()) }
//! ```

mod names;
mod reader;
mod schema;
mod writer;

use std::path::Path;

use events::{AppendError, Appended, Batch, EventLog, Position, ReadError, Recorded, StreamId, Version};
use tokio::sync::watch;

use self::reader::Reader;
use self::writer::{Append, Records};
use crate::sqlite::{Failure, Group, Readers, open_reader, open_writer};
pub use crate::sqlite::{Health as LogHealth, LATENCY_BOUNDS, Latency, OpenError};

/// A log in one `SQLite` file.
///
/// Positions are 1, 2, 3, …. Dropping it ends its thread as [`SqliteLog::close`] does, and waits for that.
#[derive(Debug)]
pub struct SqliteLog {
    // Before the writer: with the readers gone, the writer leaves nothing beside the file.
    readers: Readers<Reader>,
    writer: Group<Records>,
}

/// What the log did since it was opened, for metrics.
#[derive(Clone, Copy, Debug)]
pub struct LogStats {
    /// Transactions that were written: one fsync each. Less than the appends when many come at once.
    pub commits: u64,
    /// Appends that were answered, those with a wrong version included.
    pub appends: u64,
    /// Appends that failed: for lack of room, or because the log is closed.
    pub failures: u64,
    /// Appends that are with the writer now.
    pub waiting: usize,
    /// How long the answered appends took.
    pub latency: Latency,
}

impl SqliteLog {
    /// Opens the log in this directory, or makes it. Blocks for some milliseconds.
    ///
    /// # Errors
    /// See [`OpenError`]: each message says what to do.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        let (file, connection) = open_writer(directory, &schema::LAYOUT)?;
        let readers = Readers::new(|| open_reader(&file).map(Reader::new))?;
        let writer = Group::start("log-writer", connection, Records::new())
            .map_err(|error| OpenError::Unwritable { file, reason: error.to_string() })?;
        Ok(Self { readers, writer })
    }

    /// Whether appends are kept; changes while the log is open.
    pub fn health(&self) -> watch::Receiver<LogHealth> {
        self.writer.health()
    }

    /// What the log did since it was opened.
    pub fn stats(&self) -> LogStats {
        let stats = self.writer.stats();
        LogStats {
            commits: stats.commits,
            appends: stats.done,
            failures: stats.failed,
            waiting: stats.waiting,
            latency: stats.latency,
        }
    }

    /// Does what was asked for before, leaves everything in the one file, and closes it. Later appends and reads
    /// are unavailable.
    pub async fn close(&self) {
        self.readers.close();
        self.writer.close().await;
    }

    fn read_with(
        &self,
        read: impl FnOnce(&mut Reader) -> Result<Vec<Recorded>, ReadError>,
    ) -> Result<Vec<Recorded>, ReadError> {
        self.readers
            .with(read)
            .unwrap_or_else(|| Err(ReadError::Unavailable { reason: "it was closed".to_owned() }))
    }
}

impl EventLog for SqliteLog {
    async fn append(
        &self,
        stream: &StreamId,
        expected: Version,
        batch: Batch,
    ) -> Result<Appended, AppendError> {
        match self.writer.submit(Append { stream: stream.clone(), expected, batch }).await {
            Ok(answer) => answer,
            Err(Failure::Full(reason)) => Err(AppendError::StorageFull { reason }),
            Err(Failure::Unknown(reason)) => Err(AppendError::Unknown { reason }),
            Err(Failure::Unavailable(reason)) => Err(AppendError::Unavailable { reason }),
        }
    }

    async fn read(&self, stream: &StreamId, after: Version) -> Result<Vec<Recorded>, ReadError> {
        self.read_with(|reader| reader.read(stream, after))
    }

    async fn tail(&self, after: Position, count_max: u32) -> Result<Vec<Recorded>, ReadError> {
        self.read_with(|reader| reader.tail(after, count_max))
    }
}

#[cfg(test)]
mod tests;

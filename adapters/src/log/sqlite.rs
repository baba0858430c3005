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

mod lately;
mod names;
mod reader;
mod schema;
mod whole;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use events::{AppendError, Appended, Batch, EventLog, Position, ReadError, Recorded, StreamId, Version};
use tokio::sync::watch;

use self::lately::Lately;
use self::reader::Reader;
use self::writer::{Append, Records};
use crate::sqlite::{Failure, Group, Readers, open_reader, open_writer, reason};
pub use crate::sqlite::{Health as LogHealth, LATENCY_BOUNDS, Latency, OpenError};

/// The file's name in the data directory.
pub(super) const FILE: &str = schema::LAYOUT.file;

/// A log in one `SQLite` file.
///
/// Positions are 1, 2, 3, …. Dropping it ends its thread as [`SqliteLog::close`] does, and waits for that.
#[derive(Debug)]
pub struct SqliteLog {
    // Before the writer: with the readers gone, the writer leaves nothing beside the file.
    readers: Readers<Reader>,
    writer: Group<Records>,
    lately: Arc<Lately>,
    file: PathBuf,
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
        let fault = match whole::fault(&connection) {
            Ok(fault) => fault,
            Err(error) => Some(reason(&error)),
        };
        if let Some(reason) = fault {
            return Err(OpenError::Damaged { file, reason });
        }
        let readers = Readers::new(|| open_reader(&file).map(Reader::new))?;
        let lately = Arc::new(Lately::default());
        let writer = Group::start("log-writer", connection, Records::new(Arc::clone(&lately)))
            .map_err(|error| OpenError::Unwritable { file: file.clone(), reason: error.to_string() })?;
        Ok(Self { readers, writer, lately, file })
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

    /// What is wrong with the file as a whole, and shows in no record: its structure, its indexes, histories that
    /// have a name and no records. Empty when all is well. Reads the whole file, and blocks for as long.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn examine(&self) -> Result<Vec<String>, ReadError> {
        let found = self.readers.with(|reader| reader.examine());
        let closed = || Err(ReadError::Unavailable { reason: "it was closed".to_owned() });
        found.unwrap_or_else(closed).map_err(|error| self.named(error))
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
        let read = self.readers.with(read);
        let read = read.unwrap_or_else(|| Err(ReadError::Unavailable { reason: "it was closed".to_owned() }));
        read.map_err(|error| self.named(error))
    }

    /// An error that says which file it is about, and what to do.
    fn named(&self, error: ReadError) -> ReadError {
        let file = self.file.display();
        match error {
            ReadError::Unavailable { reason } => {
                ReadError::Unavailable { reason: format!("{file}: {reason}") }
            }
            ReadError::Damaged { position, reason } => ReadError::Damaged {
                position,
                reason: format!("{file}: {reason}. Keep it for examination, and restore a backup"),
            },
        }
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

    fn hand_over(&self, after: Position, count_max: u32) -> Option<Vec<Recorded>> {
        self.lately.take(after, usize::try_from(count_max).unwrap_or(usize::MAX))
    }
}

#[cfg(test)]
mod tests;

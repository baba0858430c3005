//! What the files said before they were damaged.

use std::collections::BTreeMap;
use std::path::Path;

use adapters::keys::SqliteKeys;
use adapters::log::{SqliteLog, open_with_keys};
use events::codec::Texts;
use events::{BootId, Entry, EventLog, Journal, NodeId, Position, Recorded, StreamId};

use super::harm::Files;
use crate::disk::DiskError;

/// What the house reads with.
pub(super) type Reading = Journal<SqliteLog, SqliteKeys>;

/// Everything, sealed and open, by position and by history.
#[derive(Debug)]
pub(super) struct Truth {
    records: Vec<Recorded>,
    entries: BTreeMap<Position, Entry>,
    histories: BTreeMap<StreamId, Vec<Entry>>,
}

/// Opens the files in `folder`, as a start does.
pub(super) fn open(folder: &Path) -> Result<Reading, String> {
    let (log, keys) = open_with_keys(folder).map_err(|error| error.to_string())?;
    Ok(Journal::new(log, keys, NodeId::from("a"), BootId(1)))
}

impl Truth {
    /// Reads a copy of the files in `folder`.
    pub(super) async fn read(files: &Files, folder: &Path) -> Result<Self, DiskError> {
        files.write(folder)?;
        let clean = |what: String| DiskError::Clean(what);
        let journal = open(folder).map_err(clean)?;
        let tail = journal.log().tail(Position::START, u32::MAX).await;
        let records = tail.map_err(|error| clean(error.to_string()))?;
        let mut entries = BTreeMap::new();
        let mut histories = BTreeMap::new();
        for recorded in &records {
            let entry = journal.open(recorded, Texts::Open).map_err(|error| clean(error.to_string()))?;
            entries.insert(recorded.position, entry);
            if recorded.version.0 == 1 {
                let history = journal.read(&recorded.stream).await;
                let (history, _) = history.map_err(|error| clean(error.to_string()))?;
                histories.insert(recorded.stream.clone(), history);
            }
        }
        Ok(Self { records, entries, histories })
    }

    pub(super) fn records_count(&self) -> usize {
        self.records.len()
    }

    pub(super) fn streams_count(&self) -> i64 {
        i64::try_from(self.histories.len()).unwrap_or(i64::MAX)
    }

    pub(super) fn records(&self) -> &[Recorded] {
        &self.records
    }

    pub(super) fn entry(&self, position: Position) -> Option<&Entry> {
        self.entries.get(&position)
    }

    pub(super) const fn histories(&self) -> &BTreeMap<StreamId, Vec<Entry>> {
        &self.histories
    }
}

//! Keys in one file, `keys.sqlite`, in the data directory. A destroyed key leaves a row without a key, so that its
//! owner never gets another, and its bytes are overwritten in the file and gone from the write-ahead log.

mod cache;
mod table;

use std::path::Path;
use std::sync::Arc;

use events::{Key, KeyOwner, KeyStore, KeyStoreError};
use rusqlite::Connection;
use tokio::sync::watch;

use self::cache::Cache;
use self::table::{Change, Table};
use crate::sqlite::{Failure, Group, Readers, faults, open_reader, open_writer, reason};
pub use crate::sqlite::{Health as KeysHealth, OpenError};

/// Keys in one `SQLite` file.
///
/// Dropping it ends its thread as [`SqliteKeys::close`] does, and waits for that.
#[derive(Debug)]
pub struct SqliteKeys {
    cache: Arc<Cache>,
    readers: Readers<Connection>,
    writer: Group<Table>,
}

impl SqliteKeys {
    /// Opens the keys in this directory, or makes the file. Blocks for some milliseconds.
    ///
    /// # Errors
    /// See [`OpenError`]: each message says what to do.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        let (file, connection) = open_writer(directory, &table::LAYOUT)?;
        let readers = Readers::new(|| open_reader(&file))?;
        let cache = Arc::new(Cache::new());
        let writer = Group::start("keys-writer", connection, Table::new(Arc::clone(&cache)))
            .map_err(|error| OpenError::Unwritable { file, reason: error.to_string() })?;
        Ok(Self { cache, readers, writer })
    }

    /// Whether new keys are kept; changes while the store is open.
    pub fn health(&self) -> watch::Receiver<KeysHealth> {
        self.writer.health()
    }

    /// Does what was asked for before, leaves everything in the one file, and closes it. Later, only what is
    /// remembered can be read.
    pub async fn close(&self) {
        self.readers.close();
        self.writer.close().await;
    }

    /// Whether anybody ever had a key here.
    pub(crate) fn is_used(&self) -> Result<bool, OpenError> {
        let damaged = |reason| OpenError::Damaged { file: table::LAYOUT.file.into(), reason };
        let used = self.readers.with(|connection| {
            connection.query_row("SELECT EXISTS (SELECT 1 FROM keys)", [], |row| row.get(0))
        });
        used.unwrap_or(Ok(false)).map_err(|error| damaged(reason(&error)))
    }

    /// What is wrong with the file as a whole. Empty when all is well. Reads all of it, and blocks for as long.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn examine(&self) -> Result<Vec<String>, KeyStoreError> {
        let closed = || KeyStoreError::Unavailable { reason: "it was closed".to_owned() };
        let found = self.readers.with(|connection| faults(connection)).ok_or_else(closed)?;
        found.map_err(|error| KeyStoreError::Unavailable { reason: reason(&error) })
    }

    async fn change(&self, change: Change) -> Result<(), KeyStoreError> {
        self.writer.submit(change).await.map_err(|failure| match failure {
            Failure::Full(reason) | Failure::Unknown(reason) | Failure::Unavailable(reason) => {
                KeyStoreError::Unavailable { reason }
            }
        })
    }
}

impl KeyStore for SqliteKeys {
    async fn ensure(&self, owners: &[KeyOwner]) -> Result<(), KeyStoreError> {
        let missing = self.cache.unknown(owners);
        if missing.is_empty() {
            return Ok(());
        }
        let fresh = missing.into_iter().map(|owner| Ok((owner, random()?))).collect::<Result<_, _>>()?;
        self.change(Change::Ensure(fresh)).await
    }

    fn key(&self, owner: &KeyOwner) -> Result<Option<Key>, KeyStoreError> {
        let epoch = match self.cache.get(owner) {
            Ok(known) => return Ok(known.into_key()),
            Err(epoch) => epoch,
        };
        let known = self
            .readers
            .with(|connection| table::find(connection, owner))
            .ok_or_else(|| KeyStoreError::Unavailable { reason: "it was closed".to_owned() })?
            .map_err(|error| match error.sqlite_error() {
                Some(_) => KeyStoreError::Unavailable { reason: reason(&error) },
                // What stands there is no key: it is lost like one that does not stand there at all.
                None => KeyStoreError::Missing { owner: owner.clone() },
            })?;
        let known = known.ok_or(KeyStoreError::Missing { owner: owner.clone() })?;
        self.cache.remember(owner, &known, epoch);
        Ok(known.into_key())
    }

    async fn destroy(&self, owner: &KeyOwner) -> Result<(), KeyStoreError> {
        self.change(Change::Destroy(owner.clone())).await
    }
}

fn random() -> Result<Key, KeyStoreError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| KeyStoreError::Unavailable {
        reason: format!("the system gives no random bytes: {error}"),
    })?;
    Ok(Key::from_bytes(bytes))
}

#[cfg(test)]
mod tests;

//! The table of keys, and how it changes.

use std::sync::Arc;

use events::{Key, KeyOwner};
use rusqlite::{Connection, OptionalExtension};

use super::cache::{Cache, Known};
use crate::sqlite::{Layout, Store};

/// `keys.sqlite`.
pub(super) const LAYOUT: Layout = Layout {
    file: "keys.sqlite",
    what: "keys",
    schema: 1,
    erases: true,
    tables: "
-- No key: it was destroyed.
CREATE TABLE keys (owner TEXT PRIMARY KEY, key BLOB) STRICT, WITHOUT ROWID;
",
};

const SELECT: &str = "SELECT key FROM keys WHERE owner = ?1";
const INSERT: &str = "INSERT INTO keys (owner, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
const DESTROY: &str = "INSERT INTO keys (owner, key) VALUES (?1, NULL) \
     ON CONFLICT DO UPDATE SET key = NULL WHERE key IS NOT NULL";

/// What is asked of the writer.
pub(super) enum Change {
    /// Keep these keys for those owners that never had one.
    Ensure(Vec<(KeyOwner, Key)>),
    /// Destroy the owner's key.
    Destroy(KeyOwner),
}

/// What the writer found or wrote since the last commit.
#[derive(Debug)]
pub(super) struct Table {
    cache: Arc<Cache>,
    met: Vec<(KeyOwner, Known)>,
    /// A key was destroyed in this transaction, which is not yet gone from the write-ahead log.
    erased: bool,
}

impl Table {
    pub(super) fn new(cache: Arc<Cache>) -> Self {
        Self { cache, met: Vec::new(), erased: false }
    }
}

impl Store for Table {
    type Request = Change;
    type Answer = ();

    fn apply(&mut self, connection: &Connection, change: &Change) -> rusqlite::Result<()> {
        match change {
            Change::Ensure(fresh) => {
                for (owner, key) in fresh {
                    let known = ensure(connection, owner, key)?;
                    self.met.push((owner.clone(), known));
                }
            }
            Change::Destroy(owner) => {
                connection.prepare_cached(DESTROY)?.execute([owner.to_string()])?;
                self.met.push((owner.clone(), Known::Destroyed));
                self.erased = true;
            }
        }
        Ok(())
    }

    fn committed(&mut self) {
        self.cache.committed(self.met.drain(..));
    }

    fn rolled_back(&mut self) {
        self.met.clear();
        self.erased = false;
    }

    fn bytes(change: &Change) -> usize {
        match change {
            Change::Ensure(fresh) => fresh.len() * size_of::<(KeyOwner, Key)>(),
            Change::Destroy(_) => size_of::<KeyOwner>(),
        }
    }

    fn erased(&mut self) -> bool {
        std::mem::take(&mut self.erased)
    }
}

fn ensure(connection: &Connection, owner: &KeyOwner, key: &Key) -> rusqlite::Result<Known> {
    let made = connection.prepare_cached(INSERT)?.execute((owner.to_string(), key.expose()))?;
    let found = if made == 0 { find(connection, owner)? } else { None };
    Ok(found.unwrap_or_else(|| Known::Key(key.clone())))
}

/// What the table says of this owner; `None` when they never had a key.
pub(super) fn find(connection: &Connection, owner: &KeyOwner) -> rusqlite::Result<Option<Known>> {
    let found: Option<Option<[u8; 32]>> =
        connection.prepare_cached(SELECT)?.query_row([owner.to_string()], |row| row.get(0)).optional()?;
    Ok(found.map(|key| key.map_or(Known::Destroyed, |bytes| Known::Key(Key::from_bytes(bytes)))))
}

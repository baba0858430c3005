//! What the numbers in records stand for, in both directions, remembered.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use events::{Author, BootId, NodeId, StreamId};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::sqlite::Recent;

/// At most this many names of one sort are remembered; others are looked up again.
const NAMES_REMEMBERED_MAX: usize = 16_384;

/// One sort of names: a table of (`id`, name).
pub(super) trait Name: Clone + Eq + Hash {
    const SELECT_ID: &'static str;
    const SELECT_NAME: &'static str;
    const INSERT: &'static str;

    /// Runs `run` with the columns of this name.
    fn bind<T>(&self, run: impl FnOnce(&[&dyn rusqlite::ToSql]) -> T) -> T;
    /// The name in this row; `None` when it is none.
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Option<Self>>;
}

/// A kind of event.
pub(super) type Kind = Arc<str>;
/// A start of a node.
pub(super) type Writer = (NodeId, BootId);

impl Name for StreamId {
    const SELECT_ID: &'static str = "SELECT id FROM streams WHERE name = ?1";
    const SELECT_NAME: &'static str = "SELECT name FROM streams WHERE id = ?1";
    const INSERT: &'static str = "INSERT INTO streams (name) VALUES (?1)";

    fn bind<T>(&self, run: impl FnOnce(&[&dyn rusqlite::ToSql]) -> T) -> T {
        run(&[&self.as_str()])
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Option<Self>> {
        Ok(Some(Self::from(row.get_ref(0)?.as_str()?)))
    }
}

impl Name for Kind {
    const SELECT_ID: &'static str = "SELECT id FROM kinds WHERE name = ?1";
    const SELECT_NAME: &'static str = "SELECT name FROM kinds WHERE id = ?1";
    const INSERT: &'static str = "INSERT INTO kinds (name) VALUES (?1)";

    fn bind<T>(&self, run: impl FnOnce(&[&dyn rusqlite::ToSql]) -> T) -> T {
        run(&[self])
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Option<Self>> {
        row.get(0).map(Some)
    }
}

impl Name for Writer {
    const SELECT_ID: &'static str = "SELECT id FROM writers WHERE node = ?1 AND boot = ?2";
    const SELECT_NAME: &'static str = "SELECT node, boot FROM writers WHERE id = ?1";
    const INSERT: &'static str = "INSERT INTO writers (node, boot) VALUES (?1, ?2)";

    fn bind<T>(&self, run: impl FnOnce(&[&dyn rusqlite::ToSql]) -> T) -> T {
        run(&[&self.0.as_str(), &self.1.0.cast_signed()])
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Option<Self>> {
        let boot: i64 = row.get(1)?;
        Ok(Some((NodeId::from(row.get_ref(0)?.as_str()?), BootId(boot.cast_unsigned()))))
    }
}

impl Name for Author {
    const SELECT_ID: &'static str = "SELECT id FROM authors WHERE name = ?1";
    const SELECT_NAME: &'static str = "SELECT name FROM authors WHERE id = ?1";
    const INSERT: &'static str = "INSERT INTO authors (name) VALUES (?1)";

    fn bind<T>(&self, run: impl FnOnce(&[&dyn rusqlite::ToSql]) -> T) -> T {
        run(&[&self.to_string()])
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Option<Self>> {
        Ok(row.get_ref(0)?.as_str()?.parse().ok())
    }
}

/// The numbers of names, for the writer, which makes new ones.
#[derive(Debug)]
pub(super) struct Numbers<N>(Recent<N, i64>);

impl<N: Name> Numbers<N> {
    pub(super) fn new() -> Self {
        Self(Recent::new(NAMES_REMEMBERED_MAX))
    }

    /// The number of `name`; a new one when it has none.
    pub(super) fn of(&mut self, connection: &Connection, name: &N) -> rusqlite::Result<i64> {
        if let Some(&number) = self.0.get(name) {
            return Ok(number);
        }
        let number = match find(connection, name)? {
            Some(number) => number,
            None => make(connection, name)?,
        };
        self.0.insert(name.clone(), number);
        Ok(number)
    }
}

/// The number of `name`, if it has one.
pub(super) fn find<N: Name>(connection: &Connection, name: &N) -> rusqlite::Result<Option<i64>> {
    name.bind(|columns| {
        connection.prepare_cached(N::SELECT_ID)?.query_row(columns, |row| row.get(0)).optional()
    })
}

/// Gives `name`, which has none, a number.
pub(super) fn make<N: Name>(connection: &Connection, name: &N) -> rusqlite::Result<i64> {
    name.bind(|columns| connection.prepare_cached(N::INSERT)?.insert(columns))
}

/// The names of numbers, for a reader.
#[derive(Debug)]
pub(super) struct Names<N>(HashMap<i64, N>);

impl<N: Name> Names<N> {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    /// What `number` stands for; `None` when it stands for nothing.
    pub(super) fn of(&mut self, connection: &Connection, number: i64) -> rusqlite::Result<Option<N>> {
        if let Some(name) = self.0.get(&number) {
            return Ok(Some(name.clone()));
        }
        let name = connection
            .prepare_cached(N::SELECT_NAME)?
            .query_row([number], |row| N::from_row(row))
            .optional()?
            .flatten();
        if let Some(name) = &name {
            if self.0.len() >= NAMES_REMEMBERED_MAX {
                self.0.clear();
            }
            self.0.insert(number, name.clone());
        }
        Ok(name)
    }
}

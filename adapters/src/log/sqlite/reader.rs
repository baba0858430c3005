//! Reading records back.

use events::{
    Author, EventId, Position, ReadError, Record, RecordHash, Recorded, StreamId, Timestamp, Version,
};
use rusqlite::{CachedStatement, Connection, Row};

use super::names::{self, Kind, Name, Names, Writer};
use super::schema::{COLUMNS, CauseColumn};
use crate::sqlite::{faults, is_damage, reason};

/// A connection that reads, and the names that it met.
#[derive(Debug)]
pub(super) struct Reader {
    connection: Connection,
    known: Known,
    read: String,
    tail: String,
}

#[derive(Debug)]
struct Known {
    streams: Names<StreamId>,
    kinds: Names<Kind>,
    writers: Names<Writer>,
    authors: Names<Author>,
}

/// Why a row gave no record.
enum RowError {
    /// `SQLite` could not read it.
    Sqlite(rusqlite::Error),
    /// What it says is no record.
    Damaged(String),
}

impl From<rusqlite::Error> for RowError {
    fn from(error: rusqlite::Error) -> Self {
        if error.sqlite_error().is_some() { Self::Sqlite(error) } else { Self::Damaged(error.to_string()) }
    }
}

impl Reader {
    pub(super) fn new(connection: Connection) -> Self {
        Self {
            connection,
            known: Known {
                streams: Names::new(),
                kinds: Names::new(),
                writers: Names::new(),
                authors: Names::new(),
            },
            read: format!(
                "SELECT {COLUMNS} FROM records WHERE stream = ?1 AND version > ?2 ORDER BY version"
            ),
            tail: format!("SELECT {COLUMNS} FROM records WHERE position > ?1 ORDER BY position LIMIT ?2"),
        }
    }

    pub(super) fn read(&mut self, stream: &StreamId, after: Version) -> Result<Vec<Recorded>, ReadError> {
        let unavailable = |error| unreadable(&error, Position::START);
        let Some(number) = names::find(&self.connection, stream).map_err(unavailable)? else {
            return Ok(Vec::new());
        };
        let statement = self.connection.prepare_cached(&self.read).map_err(unavailable)?;
        self.known.records(&self.connection, statement, [number, clamped(after.0)], Position::START)
    }

    /// What is wrong with the file, and shows in no record.
    pub(super) fn examine(&self) -> Result<Vec<String>, ReadError> {
        let unavailable = |error| unreadable(&error, Position::START);
        let mut found = faults(&self.connection).map_err(unavailable)?;
        found.extend(self.histories_without_records().map_err(unavailable)?);
        Ok(found)
    }

    /// A history is named in the append that writes its first record: a name alone is what a removal leaves behind.
    fn histories_without_records(&self) -> rusqlite::Result<Vec<String>> {
        let mut statement = self.connection.prepare(
            "SELECT name FROM streams WHERE NOT EXISTS (SELECT 1 FROM records WHERE stream = streams.id) \
             ORDER BY id LIMIT 10",
        )?;
        let names = statement.query_map([], |row| row.get::<_, String>(0))?;
        names.map(|name| Ok(format!("history {} has no records any more", name?))).collect()
    }

    pub(super) fn tail(&mut self, after: Position, count_max: u32) -> Result<Vec<Recorded>, ReadError> {
        let statement =
            self.connection.prepare_cached(&self.tail).map_err(|error| unreadable(&error, after))?;
        self.known.records(
            &self.connection,
            statement,
            [clamped(after.as_raw()), i64::from(count_max)],
            after,
        )
    }
}

impl Known {
    /// All rows of `statement`; `after` is the place that damage is reported at when not even a position is left.
    fn records(
        &mut self,
        connection: &Connection,
        mut statement: CachedStatement<'_>,
        arguments: [i64; 2],
        after: Position,
    ) -> Result<Vec<Recorded>, ReadError> {
        let mut records: Vec<Recorded> = Vec::new();
        let mut rows = statement.query(arguments).map_err(|error| unreadable(&error, after))?;
        loop {
            let before = records.last().map_or(after, |record| record.position);
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(records),
                Err(error) => return Err(unreadable(&error, before)),
            };
            let position = Position::from_raw(row.get::<_, i64>(0).map_or(0, i64::cast_unsigned));
            records.push(self.recorded(connection, row, position).map_err(|error| match error {
                RowError::Sqlite(error) => unreadable(&error, position),
                RowError::Damaged(reason) => ReadError::Damaged { position, reason },
            })?);
        }
    }

    fn recorded(
        &mut self,
        connection: &Connection,
        row: &Row<'_>,
        position: Position,
    ) -> Result<Recorded, RowError> {
        let version: i64 = row.get(1)?;
        let (node, boot) = named(&mut self.writers, connection, row, 6, "writer")?;
        let directory: i64 = row.get(9)?;
        Ok(Recorded {
            position,
            stream: named(&mut self.streams, connection, row, 12, "history")?,
            version: Version(version.cast_unsigned()),
            record: Record {
                id: EventId(row.get(2)?),
                kind: named(&mut self.kinds, connection, row, 3, "kind")?,
                schema: row.get(4)?,
                at: Timestamp::from_micros(row.get(5)?),
                node,
                boot,
                by: named(&mut self.authors, connection, row, 7, "author")?,
                cause: row.get::<_, CauseColumn<_>>(8)?.0,
                directory: Position::from_raw(directory.cast_unsigned()),
                previous: RecordHash(row.get(10)?),
                body: row.get(11)?,
            },
        })
    }
}

fn named<N: Name>(
    names: &mut Names<N>,
    connection: &Connection,
    row: &Row<'_>,
    column: usize,
    what: &str,
) -> Result<N, RowError> {
    let number: i64 = row.get(column)?;
    names
        .of(connection, number)?
        .ok_or_else(|| RowError::Damaged(format!("its {what} has number {number}, which stands for none")))
}

fn unreadable(error: &rusqlite::Error, position: Position) -> ReadError {
    let reason = reason(error);
    if is_damage(error) { ReadError::Damaged { position, reason } } else { ReadError::Unavailable { reason } }
}

/// `SQLite`'s numbers end earlier; nothing stands beyond.
fn clamped(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

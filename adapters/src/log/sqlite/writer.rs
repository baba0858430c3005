//! One append in the writer's open transaction.

use std::sync::Arc;

use events::{AppendError, Appended, Author, Batch, Position, Record, Recorded, StreamId, Version};
use rusqlite::{Connection, params};

use super::lately::Lately;
use super::names::{self, Kind, Numbers, Writer};
use super::schema::CauseColumn;
use crate::sqlite::{Recent, Store};

/// The ends of at most this many histories are remembered; others are looked up again.
const ENDS_REMEMBERED_MAX: usize = 65_536;

/// What a record costs beside its body, about.
const RECORD_BYTES: usize = 128;

/// Finds the last position; one step down the tree of the table's own key.
const SELECT_LAST: &str = "SELECT ifnull(max(position), 0) FROM records";

const SELECT_VERSION: &str = "SELECT ifnull(max(version), 0) FROM records WHERE stream = ?1";

const SELECT_IDS: &str = "SELECT position, id FROM records \
     WHERE stream = ?1 AND version > ?2 AND version <= ?3 ORDER BY version";

const INSERT: &str = "INSERT INTO records \
     (position, stream, version, id, kind, schema, at, writer, author, cause, directory, previous, body) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

/// What is asked of the writer.
pub(super) struct Append {
    pub(super) stream: StreamId,
    pub(super) expected: Version,
    pub(super) batch: Batch,
}

/// Where a history ends.
#[derive(Clone, Copy, Debug)]
struct End {
    stream: i64,
    version: i64,
}

/// The records, as the writer knows them without asking the file.
#[derive(Debug)]
pub(super) struct Records {
    /// The last position; `None` when it must be looked up.
    last: Option<i64>,
    ends: Recent<StreamId, End>,
    kinds: Numbers<Kind>,
    writers: Numbers<Writer>,
    authors: Numbers<Author>,
    /// What was written since the last commit.
    fresh: Vec<Recorded>,
    lately: Arc<Lately>,
}

impl Records {
    pub(super) fn new(lately: Arc<Lately>) -> Self {
        Self {
            last: None,
            ends: Recent::new(ENDS_REMEMBERED_MAX),
            kinds: Numbers::new(),
            writers: Numbers::new(),
            authors: Numbers::new(),
            fresh: Vec::new(),
            lately,
        }
    }
}

impl Store for Records {
    type Request = Append;
    type Answer = Result<Appended, AppendError>;

    /// Checks the version before it writes anything, so that a refused append leaves its group untouched.
    fn apply(&mut self, connection: &Connection, append: &Append) -> rusqlite::Result<Self::Answer> {
        let end = self.end(connection, &append.stream)?;
        let actual = Version(end.map_or(0, |end| end.version.cast_unsigned()));
        if actual == append.expected {
            return self.insert(connection, append, end).map(Ok);
        }
        let repeated = match end {
            Some(end) if append.expected < actual => repeated(connection, append, end)?,
            _ => None,
        };
        Ok(repeated.ok_or(AppendError::WrongVersion { actual }))
    }

    fn committed(&mut self) {
        self.lately.committed(self.fresh.drain(..));
    }

    fn rolled_back(&mut self) {
        self.lately.doubt();
        *self = Self::new(Arc::clone(&self.lately));
    }

    fn bytes(append: &Append) -> usize {
        append.batch.records().iter().map(|record| record.body.len() + RECORD_BYTES).sum()
    }
}

impl Records {
    fn end(&mut self, connection: &Connection, stream: &StreamId) -> rusqlite::Result<Option<End>> {
        if let Some(&end) = self.ends.get(stream) {
            return Ok(Some(end));
        }
        let Some(number) = names::find(connection, stream)? else { return Ok(None) };
        let version = connection.prepare_cached(SELECT_VERSION)?.query_row([number], |row| row.get(0))?;
        let end = End { stream: number, version };
        self.ends.insert(stream.clone(), end);
        Ok(Some(end))
    }

    fn insert(
        &mut self,
        connection: &Connection,
        append: &Append,
        end: Option<End>,
    ) -> rusqlite::Result<Appended> {
        let mut end = match end {
            Some(end) => end,
            None => End { stream: names::make(connection, &append.stream)?, version: 0 },
        };
        let mut position = match self.last {
            Some(last) => last,
            None => connection.prepare_cached(SELECT_LAST)?.query_row([], |row| row.get(0))?,
        };
        for record in append.batch.records() {
            position += 1;
            end.version += 1;
            self.insert_record(connection, position, end, record)?;
            self.fresh.push(Recorded {
                position: Position::from_raw(position.cast_unsigned()),
                stream: append.stream.clone(),
                version: Version(end.version.cast_unsigned()),
                record: record.clone(),
            });
        }
        self.last = Some(position);
        self.ends.insert(append.stream.clone(), end);
        Ok(appended(end.version, position))
    }

    fn insert_record(
        &mut self,
        connection: &Connection,
        position: i64,
        end: End,
        record: &Record,
    ) -> rusqlite::Result<()> {
        let writer = (record.node.clone(), record.boot);
        connection.prepare_cached(INSERT)?.execute(params![
            position,
            end.stream,
            end.version,
            record.id.0,
            self.kinds.of(connection, &record.kind)?,
            record.schema,
            record.at.as_micros(),
            self.writers.of(connection, &writer)?,
            self.authors.of(connection, &record.by)?,
            CauseColumn(&record.cause),
            record.directory.as_raw().cast_signed(),
            record.previous.0,
            &*record.body,
        ])?;
        Ok(())
    }
}

/// What the identical append was answered the first time; `None` when there was none.
fn repeated(connection: &Connection, append: &Append, end: End) -> rusqlite::Result<Option<Appended>> {
    let expected = append.expected.0.cast_signed();
    let records = append.batch.records();
    let last = append.expected.plus(records.len()).0.cast_signed();
    if last > end.version {
        return Ok(None);
    }
    let mut statement = connection.prepare_cached(SELECT_IDS)?;
    let kept = statement
        .query_map([end.stream, expected, last], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(i64, [u8; 16])>>>()?;
    let same = kept.len() == records.len() && kept.iter().zip(records).all(|(kept, new)| kept.1 == new.id.0);
    Ok(kept.last().filter(|_| same).map(|&(position, _)| appended(last, position)))
}

fn appended(version: i64, position: i64) -> Appended {
    Appended {
        version: Version(version.cast_unsigned()),
        position: Position::from_raw(position.cast_unsigned()),
    }
}

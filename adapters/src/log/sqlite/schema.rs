//! The tables. What repeats in many records (names of histories, kinds, writers, authors) is kept once and named
//! by a number, so that a record costs some 150 bytes beside its body, indexes included.

use events::{Cause, EventId};
use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

use crate::sqlite::Layout;

/// `log.sqlite`.
pub(super) const LAYOUT: Layout = Layout {
    file: "log.sqlite",
    what: "log",
    schema: 1,
    erases: false,
    tables: "
CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE kinds (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
-- A start of a node. Its boot is the same 64 bits, signed.
CREATE TABLE writers (
    id INTEGER PRIMARY KEY,
    node TEXT NOT NULL,
    boot INTEGER NOT NULL,
    UNIQUE (node, boot)
) STRICT;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE records (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    version INTEGER NOT NULL,
    id BLOB NOT NULL,
    kind INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    at INTEGER NOT NULL, -- microseconds since 1970, UTC
    writer INTEGER NOT NULL,
    author INTEGER NOT NULL,
    cause ANY, -- none: a deadline; a blob: the id of an earlier record; text: the number of a request
    directory INTEGER NOT NULL,
    previous BLOB NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (stream, version)
) STRICT;
",
};

/// The columns of `records` but for `stream`, in the order in which readers take them.
pub(super) const COLUMNS: &str =
    "position, version, id, kind, schema, at, writer, author, cause, directory, previous, body, stream";

/// A cause as it stands in its column.
pub(super) struct CauseColumn<C>(pub(super) C);

impl ToSql for CauseColumn<&Cause> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Cause::Deadline => ValueRef::Null,
            Cause::Record(id) => ValueRef::Blob(&id.0),
            Cause::Request(number) => ValueRef::Text(number.as_bytes()),
        }))
    }
}

impl FromSql for CauseColumn<Cause> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(match value {
            ValueRef::Null => Cause::Deadline,
            ValueRef::Blob(_) => Cause::Record(EventId(FromSql::column_result(value)?)),
            ValueRef::Text(_) => Cause::Request(FromSql::column_result(value)?),
            ValueRef::Integer(_) | ValueRef::Real(_) => return Err(FromSqlError::InvalidType),
        }))
    }
}

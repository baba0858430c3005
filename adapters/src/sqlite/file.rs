//! Opening a file so that what it says is durable is durable, or saying loudly why it is not.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use super::fault::{is_damage, reason};
use super::frames::damaged_frame;

/// How long to wait for another program, such as an operator's `sqlite3`, to let go of the file.
const BUSY_WAIT_MAX: Duration = Duration::from_secs(2);

/// Prepared statements kept by each connection; more than there are.
const STATEMENTS_CACHED_MAX: usize = 32;

/// How much of the file a reader keeps in memory, in KiB: every commit makes it forget all of it, so more helps nobody.
const READER_CACHE_KIB: i64 = 256;

/// Only this user reads and writes the files; `SQLite` gives the files beside it the same mode.
const FILE_MODE: u32 = 0o600;

/// What a file is called and what is in it.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The file's name in the data directory.
    pub(crate) file: &'static str,
    /// What is in it, as it stands in the file: `log` or `keys`.
    pub(crate) what: &'static str,
    /// The version of `tables`, from 1.
    pub(crate) schema: i64,
    /// SQL that makes them.
    pub(crate) tables: &'static str,
    /// Whether what is deleted is overwritten with zeros.
    pub(crate) erases: bool,
}

/// Why a file cannot be used. Each message says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It cannot be opened, or a trial write failed.
    #[error(
        "{} cannot be written: {reason}. Its directory must exist, belong to the user that hotpotato runs as, and \
         lie on a file system that is mounted for writing and has room", .file.display()
    )]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// It is no database, or its structure is wrong.
    #[error("{} is damaged: {reason}. Keep it for examination, and restore a backup", .file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What `SQLite` said.
        reason: String,
    },
    /// It holds something else.
    #[error("{} holds no {what} of hotpotato. Move it away, or choose another data directory", .file.display())]
    Foreign {
        /// The file.
        file: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
    /// A newer version has written it.
    #[error(
        "{} has schema {found}, and this hotpotato knows up to {known}: a newer version has written it. Run that \
         version, or restore the backup from before the upgrade", .file.display()
    )]
    Newer {
        /// The file.
        file: PathBuf,
        /// The version found in it.
        found: i64,
        /// The newest version that is understood.
        known: i64,
    },
    /// `SQLite` did not take a setting without which writes are not durable.
    #[error(
        "{}: SQLite answers {found:?} for `PRAGMA {pragma}`, not {wanted:?}, so what is written would not be \
         safe. Use a local file system", .file.display()
    )]
    Unsafe {
        /// The file.
        file: PathBuf,
        /// The setting.
        pragma: &'static str,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: String,
    },
}

/// Opens the file in `directory`, makes it when it is missing, and proves that it can be written: with one small
/// commit.
pub(crate) fn open_writer(directory: &Path, layout: &Layout) -> Result<(PathBuf, Connection), OpenError> {
    let file = directory.join(layout.file);
    let unwritable =
        |error: std::io::Error| OpenError::Unwritable { file: file.clone(), reason: error.to_string() };
    make(&file).map_err(unwritable)?;
    check_write_ahead_log(&file)?;
    let connection = connect(&file, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(error_in(&file))?;
    checkpoint_on_close(&connection, false).map_err(error_in(&file))?;
    let is_new = check_content(&connection, &file, layout)?;
    set(&connection, &file, layout)?;
    write_start(&connection, layout, is_new).map_err(error_in(&file))?;
    Ok((file, connection))
}

/// Makes an empty file, which `SQLite` would make readable by everybody. Never opens one that is there: closing it
/// would let go of the locks that `SQLite` holds on it elsewhere in this process.
fn make(file: &Path) -> std::io::Result<()> {
    match OpenOptions::new().create_new(true).write(true).mode(FILE_MODE).open(file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Refuses a file whose write-ahead log would be read only in part although more of it is durable.
fn check_write_ahead_log(file: &Path) -> Result<(), OpenError> {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    let file = PathBuf::from(name);
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(OpenError::Unwritable { file, reason: error.to_string() }),
    };
    match damaged_frame(&bytes) {
        None => Ok(()),
        Some(frame) => {
            let reason = format!("frame {frame} was changed, and what was written after it would be lost");
            Err(OpenError::Damaged { file, reason })
        }
    }
}

/// Opens the file for reading only; it must have been opened for writing before. Reads something at once: `SQLite`
/// opens the write-ahead log with the first read, which must not fail later for want of a file descriptor.
pub(crate) fn open_reader(file: &Path) -> Result<Connection, OpenError> {
    let open = || {
        let connection = connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
        connection.query_row("SELECT count(*) FROM meta", [], |_| Ok(()))?;
        Ok(connection)
    };
    open().map_err(error_in(file))
}

/// Whether closing the connection moves the write-ahead log into the file. Off but for a graceful end: after a
/// failed write it would be one more write to the same file.
pub(super) fn checkpoint_on_close(connection: &Connection, on: bool) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !on).map(drop)
}

fn connect(file: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(file, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_WAIT_MAX)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED_MAX);
    // Plans do not depend on what is bound: without this, SQLite compiles range queries anew for every new value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

fn error_in(file: &Path) -> impl FnOnce(rusqlite::Error) -> OpenError + '_ {
    |error| {
        let (file, reason) = (file.to_owned(), reason(&error));
        if is_damage(&error) {
            OpenError::Damaged { file, reason }
        } else {
            OpenError::Unwritable { file, reason }
        }
    }
}

/// True when the file is new. Changes nothing in it: it may be somebody else's.
fn check_content(connection: &Connection, file: &Path, layout: &Layout) -> Result<bool, OpenError> {
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(error_in(file))?;
    if tables == 0 {
        return Ok(true);
    }
    let meta = |key: &str| {
        connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get::<_, Value>(0))
    };
    match (meta("what"), meta("schema")) {
        (Ok(Value::Text(what)), Ok(Value::Integer(found))) if what == layout.what => {
            if found > layout.schema {
                Err(OpenError::Newer { file: file.to_owned(), found, known: layout.schema })
            } else {
                Ok(false)
            }
        }
        (Err(error), _) | (_, Err(error)) if is_damage(&error) => Err(error_in(file)(error)),
        _ => Err(OpenError::Foreign { file: file.to_owned(), what: layout.what }),
    }
}

/// Settings that durability rests on, each read back.
fn set(connection: &Connection, file: &Path, layout: &Layout) -> Result<(), OpenError> {
    let settings = [
        ("journal_mode", "wal"),
        // FULL: with NORMAL the last commits are lost when the power fails.
        ("synchronous", "2"),
        ("fullfsync", "1"),
        ("checkpoint_fullfsync", "1"),
        // The writer does it when nobody waits.
        ("wal_autocheckpoint", "0"),
        ("secure_delete", if layout.erases { "1" } else { "0" }),
        ("trusted_schema", "0"),
    ];
    for (pragma, wanted) in settings {
        let found = set_pragma(connection, pragma, wanted).map_err(error_in(file))?;
        if found != wanted {
            return Err(OpenError::Unsafe { file: file.to_owned(), pragma, wanted, found });
        }
    }
    Ok(())
}

fn set_pragma(connection: &Connection, pragma: &str, wanted: &str) -> rusqlite::Result<String> {
    connection.execute_batch(&format!("PRAGMA {pragma} = {wanted}"))?;
    connection.query_row(&format!("PRAGMA {pragma}"), [], |row| {
        Ok(match row.get(0)? {
            Value::Text(text) => text,
            Value::Integer(number) => number.to_string(),
            other => format!("{other:?}"),
        })
    })
}

/// A real commit at each start, so that an unwritable file shows at once.
fn write_start(connection: &Connection, layout: &Layout, is_new: bool) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    if is_new {
        transaction.execute_batch("CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT")?;
        transaction.execute_batch(layout.tables)?;
        let rows: [(&str, &dyn rusqlite::ToSql); 3] =
            [("what", &layout.what), ("schema", &layout.schema), ("starts_count", &0_i64)];
        for (key, value) in rows {
            transaction.execute("INSERT INTO meta VALUES (?1, ?2)", rusqlite::params![key, value])?;
        }
    }
    transaction.execute("UPDATE meta SET value = value + 1 WHERE key = 'starts_count'", [])?;
    transaction.commit()
}

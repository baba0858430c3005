//! What a failed write means: whether something may have been written all the same, and whether the file may be
//! written again.

use rusqlite::{Error, ErrorCode, ffi};

/// Why a write was not answered, told apart by what the caller does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// There was no room, and nothing was written.
    Full(String),
    /// It may have been written.
    Unknown(String),
    /// Nothing was written.
    Unavailable(String),
}

/// What to do with the file after a failed write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Try again later: somebody may make room.
    Full,
    /// Never write it again. After a failed fsync the kernel may report success without having written.
    Broken,
    /// Only this transaction failed, as when another program holds the file's lock.
    Passing,
}

/// A failed transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: Kind,
    /// True when the transaction may turn out to have been written, after a restart.
    pub(super) unknown: bool,
    pub(super) reason: String,
}

impl Fault {
    /// `SQLite` failed before the commit: nothing of the transaction counts.
    pub(super) fn before_commit(error: &Error) -> Self {
        Self { kind: kind(error), unknown: false, reason: reason(error) }
    }

    /// `SQLite` failed in the commit. It did not write the commit's last frame when there was no room for it, nor
    /// without the lock; it may have written it whenever something else failed. The index over the write-ahead log
    /// is extended after that frame is durable.
    pub(super) fn in_commit(error: &Error) -> Self {
        let (kind, unknown) = match (kind(error), code(error)) {
            (Kind::Full, Some(ErrorCode::DiskFull)) => (Kind::Full, false),
            (Kind::Full, _) => (Kind::Full, true),
            (_, Some(ErrorCode::DatabaseBusy)) => (Kind::Passing, false),
            (Kind::Broken | Kind::Passing, _) => (Kind::Broken, true),
        };
        Self { kind, unknown, reason: reason(error) }
    }

    pub(super) fn failure(&self) -> Failure {
        let reason = self.reason.clone();
        match self.kind {
            _ if self.unknown => Failure::Unknown(reason),
            Kind::Full => Failure::Full(reason),
            Kind::Broken | Kind::Passing => Failure::Unavailable(reason),
        }
    }
}

fn kind(error: &Error) -> Kind {
    let extended = error.sqlite_error().map(|failure| failure.extended_code);
    match code(error) {
        Some(ErrorCode::DiskFull) => Kind::Full,
        // The index over the write-ahead log could not grow. It lies in no file that must last.
        Some(ErrorCode::SystemIoFailure) if extended == Some(ffi::SQLITE_IOERR_SHMSIZE) => Kind::Full,
        Some(
            ErrorCode::SystemIoFailure
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::NoLargeFileSupport
            | ErrorCode::InternalMalfunction,
        ) => Kind::Broken,
        _ => Kind::Passing,
    }
}

fn code(error: &Error) -> Option<ErrorCode> {
    error.sqlite_error().map(|failure| failure.code)
}

/// True when the file's own structure is wrong.
pub(crate) fn is_damage(error: &Error) -> bool {
    matches!(code(error), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

/// What `SQLite` said, with its number, which people search for.
pub(crate) fn reason(error: &Error) -> String {
    match error.sqlite_error() {
        Some(failure) => format!("{error} (SQLite's code {})", failure.extended_code),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(extended: i32) -> Error {
        Error::SqliteFailure(ffi::Error::new(extended), None)
    }

    #[test]
    fn each_fault_says_whether_it_was_written_and_whether_to_go_on() {
        let table = [
            (ffi::SQLITE_FULL, (Kind::Full, false), (Kind::Full, false)),
            (ffi::SQLITE_IOERR_SHMSIZE, (Kind::Full, false), (Kind::Full, true)),
            (ffi::SQLITE_IOERR_FSYNC, (Kind::Broken, false), (Kind::Broken, true)),
            (ffi::SQLITE_IOERR_WRITE, (Kind::Broken, false), (Kind::Broken, true)),
            (ffi::SQLITE_CORRUPT, (Kind::Broken, false), (Kind::Broken, true)),
            (ffi::SQLITE_NOTADB, (Kind::Broken, false), (Kind::Broken, true)),
            (ffi::SQLITE_CANTOPEN, (Kind::Broken, false), (Kind::Broken, true)),
            (ffi::SQLITE_READONLY, (Kind::Broken, false), (Kind::Broken, true)),
            (ffi::SQLITE_BUSY, (Kind::Passing, false), (Kind::Passing, false)),
            (ffi::SQLITE_CONSTRAINT, (Kind::Passing, false), (Kind::Broken, true)),
            (ffi::SQLITE_NOMEM, (Kind::Passing, false), (Kind::Broken, true)),
        ];
        for (extended, before, within) in table {
            let fault = Fault::before_commit(&error(extended));
            assert_eq!((fault.kind, fault.unknown), before, "{extended} before the commit");
            let fault = Fault::in_commit(&error(extended));
            assert_eq!((fault.kind, fault.unknown), within, "{extended} in the commit");
        }
    }
}

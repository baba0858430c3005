//! System calls that a disk answers, and the errors that it answers with.

use std::fmt;

use serde::Serialize;

/// A system call through which the house meets its disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Call {
    /// Opens or makes a file.
    Openat,
    /// Writes where the file stands.
    Write,
    /// Writes at a place: all that `SQLite` writes.
    Pwrite64,
    /// Makes what was written durable.
    Fsync,
    /// The same, without times. `SQLite` uses it unless `fullfsync` is on, which the house turns on.
    Fdatasync,
    /// Reads at a place.
    Pread64,
    /// Cuts or extends a file.
    Ftruncate,
    /// Puts a file in another's place.
    Rename,
    /// Removes a file.
    Unlink,
}

impl Call {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Openat,
        Self::Write,
        Self::Pwrite64,
        Self::Fsync,
        Self::Fdatasync,
        Self::Pread64,
        Self::Ftruncate,
        Self::Rename,
        Self::Unlink,
    ];

    /// As the system and strace call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Openat => "openat",
            Self::Write => "write",
            Self::Pwrite64 => "pwrite64",
            Self::Fsync => "fsync",
            Self::Fdatasync => "fdatasync",
            Self::Pread64 => "pread64",
            Self::Ftruncate => "ftruncate",
            Self::Rename => "rename",
            Self::Unlink => "unlink",
        }
    }

    /// The errors that it is made to fail with. A read or a removal needs no room.
    pub const fn errors(self) -> &'static [Errno] {
        match self {
            Self::Pread64 | Self::Unlink => &[Errno::Eio],
            _ => &[Errno::Eio, Errno::Enospc],
        }
    }
}

/// What a disk says when it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Errno {
    /// It is broken.
    Eio,
    /// It is full.
    Enospc,
}

impl Errno {
    /// As strace calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eio => "EIO",
            Self::Enospc => "ENOSPC",
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

//! One damage.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde::Serialize;

use super::region::Region;
use crate::disk::DiskError;

/// The files that hold records and keys; the index over a write-ahead log is made anew at each start.
const NAMES: [&str; 4] = ["log.sqlite", "log.sqlite-wal", "keys.sqlite", "keys.sqlite-wal"];

/// The content of a data directory, as far as it is damaged.
#[derive(Debug)]
pub(super) struct Files(BTreeMap<&'static str, Vec<u8>>);

impl Files {
    /// Reads those that are there.
    pub(super) fn read(data: &Path) -> Result<Self, DiskError> {
        let read = |name: &'static str| match fs::read(data.join(name)) {
            Ok(bytes) => Some(Ok((name, bytes))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => Some(Err(DiskError::system("a file cannot be read")(error))),
        };
        Ok(Self(NAMES.into_iter().filter_map(read).collect::<Result<_, _>>()?))
    }

    /// Writes them all into a new folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), DiskError> {
        let failed = DiskError::system("a copy cannot be written");
        let write = || {
            fs::create_dir_all(folder)?;
            self.0.iter().try_for_each(|(name, bytes)| fs::write(folder.join(name), bytes))
        };
        write().map_err(failed)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.0.iter().map(|(name, bytes)| (*name, bytes.as_slice()))
    }

    pub(super) fn get(&self, name: &str) -> &[u8] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

/// One damage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Harm {
    /// One bit is the other one.
    Flip {
        /// Of which file.
        file: &'static str,
        /// In which byte, from 0.
        at: usize,
        /// Which bit, from 0.
        bit: u8,
    },
    /// One byte is another one.
    Overwrite {
        /// Of which file.
        file: &'static str,
        /// Which byte, from 0.
        at: usize,
        /// What it becomes.
        byte: u8,
    },
    /// A sector is lost: 512 zeros.
    Sector {
        /// Of which file.
        file: &'static str,
        /// The first byte.
        at: usize,
    },
    /// The file ends early.
    Truncate {
        /// Which.
        file: &'static str,
        /// How long it is then.
        length: usize,
    },
    /// The last records of one history are removed, as by somebody who knows SQL.
    CutHistory {
        /// Its number in the file.
        stream: i64,
        /// So many.
        count: u32,
    },
    /// The last records of the log are removed.
    CutLog {
        /// So many.
        count: u32,
    },
    /// The last records are removed, and the names of histories that have none any more.
    CutLogAndNames {
        /// So many.
        count: u32,
    },
}

impl Harm {
    /// What stands at the place that is damaged.
    pub(super) fn region(&self, files: &Files) -> Region {
        match *self {
            Self::Flip { file, at, .. } | Self::Overwrite { file, at, .. } | Self::Sector { file, at } => {
                Region::of(file, files.get(file), at)
            }
            Self::Truncate { file, .. } if file.ends_with("-wal") => Region::CutWriteAheadLog,
            Self::Truncate { .. } => Region::CutFile,
            Self::CutHistory { .. } => Region::CutHistory,
            Self::CutLog { .. } => Region::CutLog,
            Self::CutLogAndNames { .. } => Region::CutLogAndNames,
        }
    }

    /// Damages the copy in `folder`.
    pub(super) fn apply(&self, files: &Files, folder: &Path) -> Result<(), DiskError> {
        let cut = |sql: &str| {
            let connection = Connection::open(folder.join("log.sqlite"));
            let cut = connection.and_then(|connection| connection.execute_batch(sql));
            cut.map_err(|error| DiskError::system("records cannot be removed")(std::io::Error::other(error)))
        };
        let log_cut = |count: &u32| {
            format!("DELETE FROM records WHERE position > (SELECT max(position) FROM records) - {count};")
        };
        match self {
            Self::CutHistory { stream, count } => cut(&format!(
                "DELETE FROM records WHERE stream = {stream} AND version > \
                 (SELECT max(version) FROM records WHERE stream = {stream}) - {count};"
            )),
            Self::CutLog { count } => cut(&log_cut(count)),
            Self::CutLogAndNames { count } => cut(&format!(
                "{} DELETE FROM streams WHERE id NOT IN (SELECT stream FROM records);",
                log_cut(count)
            )),
            Self::Flip { file, .. }
            | Self::Overwrite { file, .. }
            | Self::Sector { file, .. }
            | Self::Truncate { file, .. } => {
                let mut bytes = files.get(file).to_vec();
                self.change(&mut bytes);
                fs::write(folder.join(file), bytes).map_err(DiskError::system("a copy cannot be damaged"))
            }
        }
    }

    fn change(&self, bytes: &mut Vec<u8>) {
        match *self {
            Self::Flip { at, bit, .. } => bytes[at] ^= 1 << bit,
            Self::Overwrite { at, byte, .. } => bytes[at] = byte,
            Self::Sector { at, .. } => bytes.iter_mut().skip(at).take(512).for_each(|byte| *byte = 0),
            Self::Truncate { length, .. } => bytes.truncate(length),
            Self::CutHistory { .. } | Self::CutLog { .. } | Self::CutLogAndNames { .. } => {}
        }
    }
}

//! The directory that everything durable lies in. One process owns it at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Error, ErrorKind, Read, Result as IoResult, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

const DIRECTORY_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
const LOCK: &str = "lock";

/// A data directory that is ours for as long as this value lives.
#[derive(Debug)]
pub struct DataDirectory {
    path: PathBuf,
    /// Held, and let go by the system when the process ends, however it ends.
    _lock: File,
    /// One file is replaced at a time.
    replacing: Mutex<()>,
}

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirectoryError {
    /// Another process owns it.
    #[error(
        "another hotpotato already runs on this data directory{}: {}. Stop that one, or choose another directory",
        .pid.map_or_else(String::new, |pid| format!(" (pid {pid})")), .path.display()
    )]
    Taken {
        /// The directory.
        path: PathBuf,
        /// The other process, if it said.
        pid: Option<u32>,
    },
    /// It cannot be made, or written.
    #[error(
        "the data directory {} cannot be used: {error}. It must be a directory that the user whom hotpotato runs \
         as can write to", .path.display()
    )]
    Unusable {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        error: Error,
    },
}

impl DataDirectory {
    /// Takes the directory for this process; makes it, for this user only, when it is missing.
    ///
    /// # Errors
    /// See [`DataDirectoryError`].
    pub fn open(path: &Path) -> Result<Self, DataDirectoryError> {
        let unusable = |error| DataDirectoryError::Unusable { path: path.to_owned(), error };
        DirBuilder::new().recursive(true).mode(DIRECTORY_MODE).create(path).map_err(unusable)?;
        let mut lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(FILE_MODE)
            .open(path.join(LOCK))
            .map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(DataDirectoryError::Taken { path: path.to_owned(), pid: read_pid(&mut lock) });
            }
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        write_pid(&mut lock).map_err(unusable)?;
        Ok(Self { path: path.to_owned(), _lock: lock, replacing: Mutex::new(()) })
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.path
    }

    /// Where the file or directory `name` lies in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The secret in the file `name`: `bytes_count` bytes, drawn at random the first time, durable when this
    /// returns.
    ///
    /// # Errors
    /// When the file cannot be read or written, or has another length: then it is no such secret, and it is left
    /// alone.
    pub fn secret(&self, name: &str, bytes_count: usize) -> IoResult<Vec<u8>> {
        let path = self.file(name)?;
        let _replacing = self.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        let secret = match std::fs::read(&path) {
            Ok(secret) => secret,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let mut secret = vec![0; bytes_count];
                getrandom::fill(&mut secret).map_err(Error::other)?;
                self.replace(name, &secret)?;
                return Ok(secret);
            }
            Err(error) => return Err(error),
        };
        if secret.len() == bytes_count {
            return Ok(secret);
        }
        Err(Error::new(
            ErrorKind::InvalidData,
            format!(
                "{} has {} bytes, not {bytes_count}: restore it from a backup, or move it away for a new one",
                path.display(),
                secret.len()
            ),
        ))
    }

    /// Puts `content` into the file `name`, readable by this user only, in place of what it held. Durable when
    /// this returns; after a crash the file holds the old content or the new, whole.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, name: &str, content: &[u8]) -> IoResult<()> {
        self.file(name)?;
        let _replacing = self.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        self.replace(name, content)
    }

    fn replace(&self, name: &str, content: &[u8]) -> IoResult<()> {
        let new = self.path.join(format!(".{name}.new"));
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(&new)?;
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&new, self.path.join(name))?;
        File::open(&self.path)?.sync_all()
    }

    /// The path of `name`, which must be a bare file name.
    fn file(&self, name: &str) -> IoResult<PathBuf> {
        let mut components = Path::new(name).components();
        match (components.next(), components.next()) {
            (Some(Component::Normal(only)), None) if only == name && name != LOCK => Ok(self.path.join(name)),
            _ => Err(Error::new(ErrorKind::InvalidInput, format!("{name:?} is no name of a file here"))),
        }
    }
}

fn read_pid(lock: &mut File) -> Option<u32> {
    let mut text = String::new();
    lock.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn write_pid(lock: &mut File) -> IoResult<()> {
    lock.set_len(0)?;
    lock.seek(SeekFrom::Start(0))?;
    writeln!(lock, "{}", std::process::id())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).expect("it exists").permissions().mode() & 0o777
    }

    #[test]
    fn a_second_instance_is_told_who_has_the_directory() {
        let parent = tempfile::tempdir().expect("a directory");
        let path = parent.path().join("deep/data");
        let first = DataDirectory::open(&path).expect("the first");
        assert_eq!(mode(&path), 0o700);
        let refused = DataDirectory::open(&path).expect_err("the second");
        let wanted =
            format!("another hotpotato already runs on this data directory (pid {})", std::process::id());
        assert!(refused.to_string().starts_with(&wanted), "{refused}");
        drop(first);
        DataDirectory::open(&path).expect("the first is gone");
    }

    #[test]
    fn a_path_below_a_file_is_unusable() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let refused = DataDirectory::open(&file.path().join("data")).expect_err("no directory");
        assert!(matches!(refused, DataDirectoryError::Unusable { .. }), "{refused}");
    }

    #[test]
    fn a_secret_is_drawn_once() {
        let parent = tempfile::tempdir().expect("a directory");
        let directory = DataDirectory::open(parent.path()).expect("ours");
        let secret = directory.secret("links.key", 32).expect("a secret");
        assert_eq!(secret.len(), 32);
        assert_ne!(secret, [0; 32]);
        assert_ne!(secret, directory.secret("other.key", 32).expect("another"));
        assert_eq!(mode(&directory.path("links.key")), 0o600);
        drop(directory);
        let directory = DataDirectory::open(parent.path()).expect("ours again");
        assert_eq!(directory.secret("links.key", 32).expect("the same"), secret);
        let refused = directory.secret("links.key", 16).expect_err("another length");
        assert_eq!(refused.kind(), ErrorKind::InvalidData);
        assert_eq!(directory.secret("links.key", 32).expect("left alone"), secret);
    }

    #[test]
    fn a_file_is_replaced_whole_and_stays_in_the_directory() {
        let parent = tempfile::tempdir().expect("a directory");
        let directory = DataDirectory::open(parent.path()).expect("ours");
        directory.write("note", b"long content").expect("written");
        directory.write("note", b"new").expect("replaced");
        assert_eq!(std::fs::read(directory.path("note")).expect("there"), b"new");
        assert_eq!(mode(&directory.path("note")), 0o600);
        for name in ["../note", "a/b", "", ".", "..", "/etc/x", "lock", "a/"] {
            assert!(directory.write(name, b"x").is_err(), "{name:?}");
            assert!(directory.secret(name, 8).is_err(), "{name:?}");
        }
    }
}

//! A folder for one run, gone in the end.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::BenchError;
use crate::moment;

/// A folder that is removed when it is dropped.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    next: AtomicU32,
    is_kept: bool,
}

impl Scratch {
    /// Makes a new folder in `parent`.
    pub fn make(parent: &Path) -> Result<Self, BenchError> {
        let path = parent.join(format!("hotpotato-bench-{}-{}", std::process::id(), moment::unix_ms()));
        fs::create_dir(&path).map_err(BenchError::system(format!("{} cannot be made", path.display())))?;
        Ok(Self { path, next: AtomicU32::new(1), is_kept: false })
    }

    /// Returns where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves it where it is, for whoever looks into a failure.
    pub const fn keep(&mut self) {
        self.is_kept = true;
    }

    /// Makes one more empty folder inside.
    pub fn folder(&self, name: &str) -> Result<PathBuf, BenchError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let path = self.path.join(format!("{number:02}-{name}"));
        fs::create_dir(&path).map_err(BenchError::system(format!("{} cannot be made", path.display())))?;
        Ok(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!(%error, path = %self.path.display(), "the folder of the benchmark is left behind");
        }
    }
}

/// Writes a file into a folder of the run.
pub fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, BenchError> {
    let path = folder.join(name);
    fs::write(&path, text).map_err(BenchError::system(format!("{} cannot be written", path.display())))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_behind() {
        let scratch = Scratch::make(&std::env::temp_dir()).expect("a folder");
        let path = scratch.path().to_owned();
        let (one, two) = (scratch.folder("x").expect("a folder"), scratch.folder("x").expect("a folder"));
        assert_ne!(one, two);
        write(&one, "file", "text").expect("a file");
        drop(scratch);
        assert!(!path.exists());
    }
}

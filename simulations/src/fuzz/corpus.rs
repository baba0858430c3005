//! The inputs that are kept: seeds from fixtures, what long runs found interesting, and what was ever found wrong.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder of all corpora in a checkout of this workspace.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join("corpus")
}

/// The inputs in a folder, in the order of their files' names.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn read(folder: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut inputs = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        inputs.push((entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?));
    }
    inputs.sort();
    Ok(inputs)
}

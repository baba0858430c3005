//! The half that touches the disk: configuration files, and the keys that they name.

use std::io;
use std::path::{Path, PathBuf};

use domain::blueprint::mistake::{Mistake, What, locate};
use domain::directory::key_sha256;

use super::decode::Decoder;
use super::{ConfigurationFile, FILE_BYTES_MAX, Reading, finish, key, read_file, source_path};
use crate::bounded_file;

/// Reads files as one configuration, with the keys of its sources. What is wrong with the files is in the reading;
/// see [`super::read`].
pub fn load(paths: &[PathBuf]) -> Reading {
    let mut decoder = Decoder::default();
    for path in paths {
        let name = path.display().to_string();
        decoder.open(&name);
        match text(path) {
            Ok(text) => read_file(&mut decoder, &ConfigurationFile { name, text }),
            Err(what) => decoder.refuse(what),
        }
    }
    let mut reading = finish(decoder);
    read_keys(&mut reading);
    reading
}

/// The file's text, or why there is none.
fn text(path: &Path) -> Result<String, What> {
    let unreadable = |error: io::Error| What::FileUnreadable { why: error.to_string() };
    let bytes = bounded_file::read(path, FILE_BYTES_MAX).map_err(unreadable)?;
    let bytes = bytes.ok_or(What::FileTooLarge { bytes_max: FILE_BYTES_MAX })?;
    String::from_utf8(bytes).map_err(|_| What::FileNotText)
}

/// Reads every source's key, beside the file that names it.
fn read_keys(reading: &mut Reading) {
    let mut mistakes: Vec<Mistake> = Vec::new();
    for (name, source) in &mut reading.blueprint.sources {
        let path = source_path(name, "key_file");
        if source.key_file.trim().is_empty() {
            continue;
        }
        let beside = reading.places.find(&path).and_then(|place| Path::new(&*place.file).parent());
        let file = beside.unwrap_or(Path::new("")).join(&source.key_file);
        match key::read(&file) {
            Ok(read) => {
                source.key_sha256 = Some(key_sha256(&read));
                mistakes.extend(
                    key::doubts(&read, &file).into_iter().map(|what| Mistake::new(path.clone(), what)),
                );
            }
            Err(what) => mistakes.push(Mistake::new(path, what)),
        }
    }
    reading.mistakes.extend(mistakes);
    locate(&mut reading.mistakes, &reading.places);
}

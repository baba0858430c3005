//! Which time-zone data a house used before, in a file of its data directory, and which the system has.
//!
//! Nothing depends on the file: without it, nobody is told which handovers another edition of the data moves.

use std::io;

use domain::rota::moved::Memory;
use serde::{Deserialize, Serialize};

use crate::bounded_file;
use crate::data_directory::DataDirectory;

pub mod system;

/// The file, in the data directory.
pub const FILE: &str = "time-zones.json";
/// It has no more bytes: several times what it has.
pub const FILE_BYTES_MAX: u64 = 1_048_576;

/// The shape of the file. Another shape gets another number.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Written<M> {
    format: u32,
    #[serde(flatten)]
    memory: M,
}

/// Why nothing is known of an earlier start.
#[derive(Debug, thiserror::Error)]
pub enum Forgotten {
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// It is too long to be what a house has written.
    #[error("it has more than {FILE_BYTES_MAX} bytes")]
    TooLong,
    /// It says something else.
    #[error("it is damaged, or of another version of hotpotato")]
    Strange,
}

/// What was known at the last start; none when there was none.
///
/// # Errors
/// See [`Forgotten`].
pub fn recall(data: &DataDirectory) -> Result<Option<Memory>, Forgotten> {
    let bytes = match bounded_file::read(&data.path(FILE), FILE_BYTES_MAX) {
        Ok(bytes) => bytes.ok_or(Forgotten::TooLong)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let written: Written<Memory> = serde_json::from_slice(&bytes).map_err(|_| Forgotten::Strange)?;
    let memory = written.memory;
    let is_sound = written.format == FORMAT && memory.is_sound();
    if is_sound { Ok(Some(memory)) } else { Err(Forgotten::Strange) }
}

/// Writes down what is known, for the next start.
///
/// # Errors
/// When the file cannot be written. What it held is then as it was.
pub fn remember(data: &DataDirectory, memory: &Memory) -> io::Result<()> {
    let written = serde_json::to_vec(&Written { format: FORMAT, memory })?;
    data.write(FILE, &written)
}

#[cfg(test)]
mod tests {
    use events::Timestamp;

    use super::*;

    fn memory() -> Memory {
        let at = |text| Timestamp::parse_rfc3339(text).expect("RFC 3339");
        let mut known = Memory::renewed(None, at("2026-03-01T12:00:00Z"));
        known.present.version = "2001a".to_owned();
        known.present.zones.retain(|name, _| name != "Europe/Berlin");
        Memory::renewed(Some(known), at("2026-03-02T12:00:00Z"))
    }

    #[test]
    fn what_is_written_down_is_known_at_the_next_start() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = DataDirectory::open(folder.path()).expect("a data directory");
        assert!(recall(&data).expect("nothing yet").is_none());
        remember(&data, &memory()).expect("written");
        assert_eq!(recall(&data).expect("read"), Some(memory()));
        let bytes = std::fs::metadata(data.path(FILE)).expect("a file").len();
        assert!(bytes * 4 < FILE_BYTES_MAX, "{bytes}");
    }

    #[test]
    fn a_file_that_no_house_wrote_is_refused_and_one_that_cannot_be_read_as_well() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = DataDirectory::open(folder.path()).expect("a data directory");
        remember(&data, &memory()).expect("written");
        let good = std::fs::read_to_string(data.path(FILE)).expect("text");
        let long = " ".repeat(usize::try_from(FILE_BYTES_MAX).expect("small") + 1);
        for (bad, says) in [
            (String::new(), "damaged"),
            (good[..good.len() / 2].to_owned(), "damaged"),
            (good.replacen("\"format\":1", "\"format\":2", 1), "another version"),
            (good.replacen("\"zones\":{", "\"zones\":{\"Nowhere\":[[5,0],[4,0]],", 1), "damaged"),
            ("[]".to_owned(), "damaged"),
            (format!("{good}{long}"), "more than 1048576 bytes"),
        ] {
            std::fs::write(data.path(FILE), &bad).expect("a file can be written");
            let refused = recall(&data).err().map(|refused| refused.to_string()).unwrap_or_default();
            assert!(refused.contains(says), "{says}: {refused}");
        }
        std::fs::remove_file(data.path(FILE)).expect("a file can be removed");
        std::fs::create_dir(data.path(FILE)).expect("a folder in its place");
        assert!(matches!(recall(&data), Err(Forgotten::Unreadable(_))));
        assert!(remember(&data, &memory()).is_err());
    }
}

//! Logs: where records are kept. Each passes `events::conformance`.

pub mod sqlite;

use std::path::Path;

pub use sqlite::{LogHealth, LogStats, SqliteLog};

use crate::keys::SqliteKeys;
use crate::sqlite::OpenError;

/// Opens the log and its keys in this directory, or makes both. Blocks for some milliseconds, more for a long log.
///
/// # Errors
/// See [`OpenError`]. A log that is empty beside keys that are not was cut, or belongs to somebody else: a key is made
/// before the record that needs it, but after the log's file.
pub fn open_with_keys(directory: &Path) -> Result<(SqliteLog, SqliteKeys), OpenError> {
    let keys = SqliteKeys::open(directory)?;
    let file = directory.join(sqlite::FILE);
    let is_missing = std::fs::metadata(&file).map_or(true, |known| known.len() == 0);
    if is_missing && keys.is_used()? {
        let reason = "it is empty, and the keys beside it are in use: it was cut or taken away".to_owned();
        return Err(OpenError::Damaged { file, reason });
    }
    Ok((SqliteLog::open(directory)?, keys))
}

#[cfg(test)]
mod tests {
    use events::{EventLog as _, KeyOwner, KeyStore as _, PersonId, Position};

    use super::*;

    #[tokio::test]
    async fn an_empty_log_beside_used_keys_is_refused_and_left_alone() {
        let directory = tempfile::tempdir().expect("a directory");
        let (log, keys) = open_with_keys(directory.path()).expect("both are new");
        drop((log, keys));
        let (log, keys) = open_with_keys(directory.path()).expect("nothing is in them yet");
        keys.ensure(&[KeyOwner::Person(PersonId::from_bytes([1; 16]))]).await.expect("a key");
        drop((log, keys));
        let (log, keys) = open_with_keys(directory.path()).expect("the first record was not written yet");
        assert_eq!(log.tail(Position::START, 1).await, Ok(Vec::new()));
        drop((log, keys));
        let file = directory.path().join(sqlite::FILE);
        for _ in 0..2 {
            std::fs::write(&file, b"").expect("cut");
            let refused = open_with_keys(directory.path()).expect_err("it was cut");
            assert!(refused.to_string().contains("it was cut or taken away"), "{refused}");
            assert_eq!(std::fs::read(&file).expect("it is there"), b"");
        }
        std::fs::remove_file(&file).expect("taken away");
        open_with_keys(directory.path()).expect_err("it was taken away");
        assert!(!file.exists());
    }
}

//! What is wrong with a file as a whole, and shows in no row: its structure and its indexes.

use rusqlite::Connection;

/// So many faults are told.
const FAULTS_TOLD_MAX: usize = 10;

/// What `SQLite` finds wrong with the structure of the file and its indexes; nothing when all is well. Reads all of
/// it.
pub(crate) fn faults(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("PRAGMA integrity_check({FAULTS_TOLD_MAX})"))?;
    let said: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(said.into_iter().filter(|line| line != "ok").collect())
}

//! Whether a log is all there, as far as can be told in less time than it takes to read it.
//!
//! A record that was changed shows when it is read. One that is not found does not: its history only looks shorter.
//! So a start makes sure that the indexes lead to every record, and that no position is missing. `verify` looks at
//! everything.

use rusqlite::Connection;

/// Sums over every record, once as the table has them, once as the index does.
const SUMS: &str = "SELECT count(*), ifnull(max(position), 0), \
     ifnull(sum((position * 31 + stream * 1000003 + version * 7919) % 1000000007), 0) FROM records";
const OF_TABLE: &str = "NOT INDEXED";
const OF_INDEX: &str = "INDEXED BY sqlite_autoindex_records_1";

/// Histories that are not found by their name, and names that lead to no history.
const STRAY_NAMES: &str = "SELECT (SELECT count(*) FROM streams AS kept NOT INDEXED WHERE NOT EXISTS \
         (SELECT 1 FROM streams INDEXED BY sqlite_autoindex_streams_1 WHERE name = kept.name AND id = kept.id)) \
     + abs((SELECT count(*) FROM streams NOT INDEXED) \
         - (SELECT count(*) FROM streams INDEXED BY sqlite_autoindex_streams_1 WHERE name >= ''))";

/// What is wrong with the log as a whole; nothing, it is hoped.
pub(super) fn fault(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let sums = |how: &str| {
        connection.query_row(&format!("{SUMS} {how}"), [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        })
    };
    let (count, last, sum) = sums(OF_TABLE)?;
    if sums(OF_INDEX)? != (count, last, sum) {
        return Ok(Some("its index does not lead to every record".to_owned()));
    }
    if count != last {
        return Ok(Some(format!(
            "it has {count} records, and the last one is number {last}: some were removed"
        )));
    }
    let stray: i64 = connection.query_row(STRAY_NAMES, [], |row| row.get(0))?;
    Ok((stray > 0).then(|| "its index does not lead to every history".to_owned()))
}

use std::path::Path;
use std::sync::{Arc, Mutex};

use events::chain::{Break, Verifier};
use events::conformance::{self, batch};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::*;

/// So many pages that a few small appends fit and a large one does not.
const PAGES_FEW: u32 = 40;

fn directory() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

fn open(directory: &TempDir) -> SqliteLog {
    SqliteLog::open(directory.path()).expect("a log")
}

fn raw(directory: &Path) -> Connection {
    Connection::open(directory.join("log.sqlite")).expect("the file")
}

async fn append(
    log: &SqliteLog,
    stream: &str,
    expected: u64,
    bodies: &[&str],
) -> Result<Appended, AppendError> {
    let (stream, expected) = (StreamId::from(stream), Version(expected));
    log.append(&stream, expected, batch(&stream, expected, bodies)).await
}

async fn all(log: &SqliteLog) -> Vec<Recorded> {
    log.tail(Position::START, u32::MAX).await.expect("a tail")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_log_conforms() {
    let parent = directory();
    let count = Mutex::new(0);
    conformance::check_all(|| {
        let mut count = count.lock().expect("a number");
        *count += 1;
        let path = parent.path().join(count.to_string());
        std::fs::create_dir(&path).expect("a directory");
        SqliteLog::open(&path).expect("a log")
    })
    .await;
}

#[tokio::test]
async fn every_field_reads_back_after_it_was_opened_again() {
    let directory = directory();
    let log = open(&directory);
    let stream = StreamId::from("alert-a");
    let first = batch(&stream, Version::NONE, &["one"]).records()[0].clone();
    let earlier = first.id;
    let mut records = vec![first];
    for (by, cause) in [
        (events::Author::Source("prometheus".into()), events::Cause::Request("r:1\u{0}ä".into())),
        (events::Author::Token("ci:deploy".into()), events::Cause::Record(earlier)),
        (events::Author::Person(events::PersonId::from_bytes([9; 16])), events::Cause::Deadline),
    ] {
        let mut record = records[0].clone();
        record.id = events::EventId([by.to_string().len().to_le_bytes()[0]; 16]);
        record.kind = "test.else".into();
        record.schema = u16::MAX;
        record.at = events::Timestamp::from_micros(-1);
        record.node = "näde".into();
        record.boot = events::BootId(u64::MAX);
        record.directory = Position::from_raw(u64::MAX);
        record.previous = events::RecordHash([255; 32]);
        record.body = [].as_slice().into();
        (record.by, record.cause) = (by, cause);
        records.push(record);
    }
    let written = Batch::new(records.clone()).expect("a batch");
    log.append(&stream, Version::NONE, written).await.expect("an append");
    let before = all(&log).await;
    assert!(before.iter().map(|recorded| &recorded.record).eq(&records));
    drop(log);
    let log = open(&directory);
    assert_eq!(all(&log).await, before);
    assert_eq!(log.read(&stream, Version(1)).await.expect("a history"), before[1..]);
    let next = append(&log, "alert-a", 4, &["five"]).await.expect("it goes on");
    assert_eq!(next.position, Position::from_raw(5), "positions have no gaps");
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_kill() {
    let directory = directory();
    let log = open(&directory);
    for version in 0..20 {
        append(&log, "alert-a", version, &["one"]).await.expect("an append");
    }
    // The files as a killed process leaves them.
    let left = self::directory();
    for name in ["log.sqlite", "log.sqlite-wal"] {
        std::fs::copy(directory.path().join(name), left.path().join(name)).expect("a copy");
    }
    assert!(std::fs::metadata(left.path().join("log.sqlite-wal")).expect("it exists").len() > 0);
    assert_eq!(all(&open(&left)).await, all(&log).await);
}

#[tokio::test]
async fn closing_leaves_one_file_and_refuses_what_comes_later() {
    let directory = directory();
    let log = open(&directory);
    append(&log, "alert-a", 0, &["one"]).await.expect("an append");
    log.close().await;
    log.close().await;
    let names: Vec<_> = std::fs::read_dir(directory.path())
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["log.sqlite"]);
    assert!(matches!(append(&log, "alert-a", 1, &["two"]).await, Err(AppendError::Unavailable { .. })));
    assert!(matches!(log.tail(Position::START, 1).await, Err(ReadError::Unavailable { .. })));
}

#[tokio::test]
async fn appends_that_wait_together_share_a_commit() {
    let directory = directory();
    let log = Arc::new(open(&directory));
    let mut appends = JoinSet::new();
    for history in 0..1_000 {
        let log = Arc::clone(&log);
        appends.spawn(async move { append(&log, &format!("alert-{history}"), 0, &["one"]).await });
    }
    let results = log.writer.grouped(1_000, appends.join_all()).await;
    assert!(results.iter().all(Result::is_ok));
    let stats = log.stats();
    assert_eq!((stats.appends, stats.failures, stats.waiting), (1_000, 0, 0));
    assert_eq!(stats.commits, 1);
    assert_eq!(stats.latency.counts.iter().sum::<u64>(), 1_000);
    let positions: Vec<u64> = all(&log).await.iter().map(|recorded| recorded.position.as_raw()).collect();
    assert_eq!(positions, (1..=1_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_refused_append_leaves_its_group_untouched() {
    let directory = directory();
    let log = open(&directory);
    append(&log, "alert-a", 0, &["one"]).await.expect("an append");
    let commits = log.stats().commits;
    let (before, stale, early, after, again) = log
        .writer
        .grouped(5, async {
            tokio::join!(
                append(&log, "alert-b", 0, &["b"]),
                append(&log, "alert-a", 0, &["rival"]),
                append(&log, "alert-new", 3, &["c"]),
                append(&log, "alert-a", 1, &["two"]),
                append(&log, "alert-b", 0, &["b"]),
            )
        })
        .await;
    assert_eq!(log.stats().commits, commits + 1, "they were one group");
    assert_eq!(stale, Err(AppendError::WrongVersion { actual: Version(1) }));
    assert_eq!(early, Err(AppendError::WrongVersion { actual: Version::NONE }));
    assert_eq!(after.map(|appended| appended.version), Ok(Version(2)));
    assert_eq!(before, again, "the identical append in the same group is a repeat");
    assert_eq!(all(&log).await.len(), 3);
}

#[tokio::test]
async fn a_full_disk_refuses_and_heals() {
    let directory = directory();
    let log = open(&directory);
    let health = log.health();
    append(&log, "alert-a", 0, &["one"]).await.expect("room");
    log.writer.run_on_writer(|connection| {
        connection.pragma_update(None, "max_page_count", PAGES_FEW).expect("a limit");
    });
    let large = "x".repeat(1 << 20);
    let (small, refused) = log
        .writer
        .grouped(2, async {
            let large = [large.as_str()];
            tokio::join!(append(&log, "alert-b", 0, &["b"]), append(&log, "alert-a", 1, &large))
        })
        .await;
    assert!(matches!(refused, Err(AppendError::StorageFull { .. })), "{refused:?}");
    assert!(matches!(small, Err(AppendError::StorageFull { .. })), "its group shares its fate: {small:?}");
    assert!(matches!(&*health.borrow(), LogHealth::Full { .. }));
    assert_eq!(all(&log).await.len(), 1, "nothing was written");
    append(&log, "alert-b", 0, &["b"]).await.expect("a small one still fits");
    assert_eq!(*health.borrow(), LogHealth::Healthy);
    assert!(append(&log, "alert-a", 1, &[&large]).await.is_err());
    log.writer.run_on_writer(|connection| {
        connection.pragma_update(None, "max_page_count", 1_000_000).expect("no limit");
    });
    let appended = append(&log, "alert-a", 1, &[&large]).await.expect("room again");
    assert_eq!(appended.position, Position::from_raw(3), "failed appends leave no gap");
    assert_eq!(*health.borrow(), LogHealth::Healthy);
}

#[tokio::test]
async fn a_broken_file_is_never_written_again() {
    let directory = directory();
    let log = open(&directory);
    let health = log.health();
    append(&log, "alert-a", 0, &["one"]).await.expect("an append");
    let read_only = |on: bool| {
        move |connection: &Connection| {
            connection.pragma_update(None, "query_only", on).expect("a setting");
        }
    };
    log.writer.run_on_writer(read_only(true));
    let refused = append(&log, "alert-a", 1, &["two"]).await;
    assert!(matches!(refused, Err(AppendError::Unavailable { .. })), "{refused:?}");
    assert!(matches!(&*health.borrow(), LogHealth::Closed { .. }));
    log.writer.run_on_writer(read_only(false));
    let refused = append(&log, "alert-a", 1, &["two"]).await;
    assert!(matches!(refused, Err(AppendError::Unavailable { .. })), "it stays closed: {refused:?}");
    assert_eq!(all(&log).await.len(), 1, "what is there can be read");
    assert_eq!(log.stats().failures, 2);
    drop(log);
    let log = open(&directory);
    append(&log, "alert-a", 1, &["two"]).await.expect("it works after a start");
}

#[tokio::test]
async fn a_changed_row_breaks_the_chain() {
    let directory = directory();
    let log = open(&directory);
    append(&log, "alert-a", 0, &["one", "two", "three"]).await.expect("an append");
    log.close().await;
    raw(directory.path())
        .execute("UPDATE records SET body = CAST('forged' AS BLOB) WHERE version = 2", [])
        .expect("an edit");
    let mut verifier = Verifier::default();
    let broken = all(&open(&directory)).await.iter().find_map(|recorded| verifier.check(recorded).err());
    let broken = broken.expect("the chain is broken");
    assert_eq!((broken.version, broken.what), (Version(2), Break::Changed));
}

#[tokio::test]
async fn a_changed_row_is_never_read_as_an_event() {
    let directory = directory();
    let stream = StreamId::from("alert-a");
    let context = events::Context {
        at: events::Timestamp::from_micros(7),
        by: events::Author::House,
        cause: events::Cause::Deadline,
        directory: Position::START,
    };
    let happened = events::event::alert::AlertEvent::AcknowledgementLapsed;
    let happened = [happened.clone().into(), happened.into()];
    let journal =
        |log| events::Journal::new(log, events::DerivedKeys::default(), "a".into(), events::BootId(1));
    let written = journal(open(&directory));
    let head = events::journal::Head::default();
    written.append(&stream, head, &context, &happened).await.expect("an append");
    written.log().close().await;
    for edit in [
        // What is not sealed is plain JSON: changed, it is still an event.
        "UPDATE records SET at = at + 1 WHERE version = 2",
        "UPDATE records SET body = CAST(CAST(body AS TEXT) || ' ' AS BLOB) WHERE version = 1",
        "UPDATE records SET schema = 2 WHERE version = 2",
        "UPDATE records SET previous = zeroblob(32) WHERE version = 2",
    ] {
        raw(directory.path()).execute_batch("CREATE TABLE kept AS SELECT * FROM records").expect("kept");
        raw(directory.path()).execute_batch(edit).expect("an edit");
        let read = journal(open(&directory));
        let refused = read.read(&stream).await.expect_err(edit);
        assert!(refused.to_string().contains("the record was changed"), "{edit}: {refused}");
        let opened = all(read.log()).await;
        let opened = opened.iter().map(|recorded| read.open(recorded, events::codec::Texts::Open));
        assert_eq!(opened.filter(Result::is_err).count(), 1, "{edit}");
        read.log().close().await;
        let mend = "DELETE FROM records; INSERT INTO records SELECT * FROM kept; DROP TABLE kept";
        raw(directory.path()).execute_batch(mend).expect("mended");
    }
    assert_eq!(journal(open(&directory)).read(&stream).await.expect("mended").0.len(), 2);
}

#[tokio::test]
async fn a_log_that_is_not_all_there_is_refused() {
    // The index is told to be of another table's shape, and the table stays as it was: so one of them is older.
    let index = "PRAGMA writable_schema = 1; \
         UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'empty') \
         WHERE name = 'sqlite_autoindex_records_1'";
    for (edit, expected) in [
        ("DELETE FROM records WHERE stream = 1 AND version = 2", "some were removed"),
        (
            &*format!(
                "CREATE TABLE empty (a, b, UNIQUE (a, b)); {}",
                index.replace("'empty'", "'sqlite_autoindex_empty_1'")
            ),
            "its index does not lead to every record",
        ),
    ] {
        let directory = directory();
        let log = open(&directory);
        append(&log, "alert-a", 0, &["one", "two"]).await.expect("an append");
        append(&log, "alert-b", 0, &["one"]).await.expect("an append");
        log.close().await;
        raw(directory.path()).execute_batch(edit).expect("an edit");
        let refused = SqliteLog::open(directory.path()).expect_err(edit);
        assert!(matches!(refused, OpenError::Damaged { .. }), "{edit}: {refused}");
        assert!(refused.to_string().contains(expected), "{edit}: {refused}");
    }
}

#[tokio::test]
async fn removed_records_at_the_end_show_only_in_the_names_they_leave() {
    let directory = directory();
    let log = open(&directory);
    append(&log, "alert-a", 0, &["one", "two"]).await.expect("an append");
    append(&log, "alert-b", 0, &["one"]).await.expect("an append");
    assert_eq!(log.examine(), Ok(Vec::new()));
    log.close().await;
    raw(directory.path()).execute_batch("DELETE FROM records WHERE position = 3").expect("an edit");
    let log = open(&directory);
    assert_eq!(log.examine(), Ok(vec!["history alert-b has no records any more".to_owned()]));
    log.close().await;
    // Nothing in the file tells of this: it takes a checkpoint that is kept elsewhere.
    raw(directory.path()).execute_batch("DELETE FROM streams WHERE name = 'alert-b'").expect("an edit");
    assert_eq!(open(&directory).examine(), Ok(Vec::new()));
}

#[tokio::test]
async fn a_row_that_is_no_record_is_named() {
    for edit in [
        "UPDATE records SET kind = 99 WHERE position = 2",
        "UPDATE records SET id = x'00' WHERE position = 2",
        "UPDATE records SET schema = 70000 WHERE position = 2",
        "UPDATE records SET cause = 7 WHERE position = 2",
        "UPDATE records SET previous = x'' WHERE position = 2",
        "INSERT INTO authors VALUES (9, 'nobody'); UPDATE records SET author = 9 WHERE position = 2",
    ] {
        let directory = directory();
        let log = open(&directory);
        append(&log, "alert-a", 0, &["one", "two", "three"]).await.expect("an append");
        log.close().await;
        raw(directory.path()).execute_batch(edit).expect("an edit");
        let log = open(&directory);
        for read in [log.tail(Position::START, 9).await, log.read(&"alert-a".into(), Version(1)).await] {
            let Err(ReadError::Damaged { position, .. }) = read else { panic!("{edit}: {read:?}") };
            assert_eq!(position, Position::from_raw(2), "{edit}");
        }
        assert_eq!(log.tail(Position::from_raw(2), 9).await.expect("what follows").len(), 1);
    }
}

#[tokio::test]
async fn another_program_that_holds_the_file_is_no_fault_of_the_file() {
    let directory = directory();
    let log = open(&directory);
    append(&log, "alert-a", 0, &["one"]).await.expect("an append");
    let other = raw(directory.path());
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let refused = append(&log, "alert-a", 1, &["two"]).await;
    assert!(matches!(refused, Err(AppendError::Unavailable { .. })), "{refused:?}");
    other.execute_batch("ROLLBACK").expect("unlocked");
    append(&log, "alert-a", 1, &["two"]).await.expect("an append");
    assert_eq!(*log.health().borrow(), LogHealth::Healthy);
}

#[test]
fn a_place_that_cannot_be_written_is_refused_at_the_start() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let refused = SqliteLog::open(&file.path().join("data")).expect_err("no directory");
    assert!(matches!(refused, OpenError::Unwritable { .. }), "{refused}");
    assert!(refused.to_string().contains("mounted for writing"), "it says what to do: {refused}");
}

#[test]
fn a_file_of_somebody_else_is_left_alone() {
    let directory = directory();
    raw(directory.path()).execute_batch("CREATE TABLE recipes (name TEXT)").expect("a table");
    let before = std::fs::read(directory.path().join("log.sqlite")).expect("the file");
    let refused = SqliteLog::open(directory.path()).expect_err("not ours");
    assert!(matches!(refused, OpenError::Foreign { what: "log", .. }), "{refused}");
    assert_eq!(std::fs::read(directory.path().join("log.sqlite")).expect("the file"), before);

    std::fs::write(
        directory.path().join("log.sqlite"),
        "no database at all, but quite a long text".repeat(99),
    )
    .expect("written");
    let refused = SqliteLog::open(directory.path()).expect_err("no database");
    assert!(matches!(refused, OpenError::Damaged { .. }), "{refused}");
}

#[test]
fn a_newer_file_is_refused() {
    let directory = directory();
    drop(open(&directory));
    raw(directory.path()).execute("UPDATE meta SET value = 2 WHERE key = 'schema'", []).expect("an edit");
    let refused = SqliteLog::open(directory.path()).expect_err("newer");
    assert!(matches!(refused, OpenError::Newer { found: 2, known: 1, .. }), "{refused}");
}

#[tokio::test]
async fn the_write_ahead_log_is_started_over_when_it_is_large() {
    let directory = directory();
    let log = open(&directory);
    let stream = StreamId::from("alert-a");
    let mut record = batch(&stream, Version::NONE, &["one"]).records()[0].clone();
    record.body = vec![b'x'; 1 << 20].into();
    for version in 0..100 {
        let one = Batch::new(vec![record.clone()]).expect("a batch");
        log.append(&stream, Version(version), one).await.expect("an append");
    }
    let wal = std::fs::metadata(directory.path().join("log.sqlite-wal")).expect("it exists").len();
    assert!(wal < 70 << 20, "{wal} bytes, of 100 MiB that were written");
}

#[tokio::test]
async fn the_write_ahead_log_is_moved_into_the_file_when_the_writer_is_idle() {
    let directory = directory();
    let log = open(&directory);
    append(&log, "alert-a", 0, &["x".repeat(2 << 20).as_str()]).await.expect("an append");
    let file = directory.path().join("log.sqlite");
    let moved = async {
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(20));
        while std::fs::metadata(&file).expect("it exists").len() < 2 << 20 {
            tick.tick().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), moved).await.expect("soon");
    append(&log, "alert-a", 1, &["two"]).await.expect("it goes on");
    assert_eq!(all(&log).await.len(), 2);
}

#[test]
fn only_this_user_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let directory = directory();
    let _log = open(&directory);
    for name in ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm"] {
        let mode = std::fs::metadata(directory.path().join(name)).expect(name).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn who_follows_the_log_is_handed_what_was_written_and_reads_only_when_that_is_not_all() {
    let directory = directory();
    let log = open(&directory);
    assert_eq!(log.hand_over(Position::START, 10), None, "before the first append only the file knows");
    for version in 0..3 {
        append(&log, "alert-a", version, &["one"]).await.expect("an append");
        append(&log, "alert-b", version, &["two"]).await.expect("an append");
    }
    let written = all(&log).await;
    assert_eq!(log.hand_over(Position::START, 4).as_deref(), Some(&written[..4]));
    assert_eq!(log.hand_over(written[3].position, 10).as_deref(), Some(&written[4..]));
    assert_eq!(log.hand_over(written[5].position, 10), Some(Vec::new()), "that is the end");
    assert_eq!(log.hand_over(Position::START, 10), None, "what was handed over is not kept");
    append(&log, "alert-a", 9, &["no"]).await.expect_err("a wrong version");
    assert_eq!(log.hand_over(written[5].position, 10), Some(Vec::new()), "a refused append is none");

    let many: Vec<&str> = std::iter::repeat_n("m", 1_000).collect();
    for version in 0..9 {
        append(&log, "alert-c", version * 1_000, &many).await.expect("an append");
    }
    assert_eq!(log.hand_over(written[5].position, 10), None, "too far behind");
    let behind = log.tail(Position::from_raw(9_000), u32::MAX).await.expect("a tail");
    assert_eq!(log.hand_over(Position::from_raw(9_000), 10_000), Some(behind), "what is left has no gap");
}

#[tokio::test]
async fn what_was_rolled_back_is_handed_to_nobody() {
    let directory = directory();
    let log = open(&directory);
    let kept = append(&log, "alert-a", 0, &["one"]).await.expect("an append");
    log.writer.run_on_writer(|connection| {
        connection.pragma_update(None, "max_page_count", PAGES_FEW).expect("a limit");
    });
    let large = "x".repeat(1 << 20);
    append(&log, "alert-a", 1, &[&large]).await.expect_err("no room");
    assert_eq!(log.hand_over(kept.position, 10), None, "only the file knows where the log ends now");
    assert_eq!(log.tail(kept.position, 10).await, Ok(Vec::new()));
    let next = append(&log, "alert-b", 0, &["two"]).await.expect("there is room for that");
    let handed = log.hand_over(kept.position, 10).expect("without a gap");
    assert_eq!(handed.iter().map(|recorded| recorded.position).collect::<Vec<_>>(), [next.position]);
}

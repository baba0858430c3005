//! One suite that every log must pass. Each check gets a log of its own, panics with what is wrong, and needs no
//! particular runtime.

use futures_util::future::join_all;

use crate::id::{BootId, NodeId, StreamId};
use crate::log::{AppendError, Batch, EventLog};
use crate::record::{Author, Cause, Position, Record, RecordHash, Recorded, Version};
use crate::time::Timestamp;

/// Runs every check, each on a fresh log from `make`.
///
/// # Panics
/// When a check fails, with what was expected.
pub async fn check_all<L: EventLog>(make: impl Fn() -> L) {
    a_history_reads_back_as_it_was_written(&make()).await;
    a_missing_history_is_empty(&make()).await;
    a_wrong_version_is_refused_and_writes_nothing(&make()).await;
    the_identical_batch_again_changes_nothing(&make()).await;
    half_of_a_batch_again_is_no_repeat(&make()).await;
    of_concurrent_appends_one_wins_each_version(&make()).await;
    the_tail_shows_everything_once_and_in_order(&make()).await;
    a_large_batch_is_kept_whole(&make()).await;
    hostile_names_and_bytes_are_kept_apart(&make()).await;
}

/// A history comes back in order, byte for byte, from any version on.
pub async fn a_history_reads_back_as_it_was_written(log: &impl EventLog) {
    let stream = StreamId::from("alert-a");
    let first = batch(&stream, Version::NONE, &["one", "two"]);
    let appended =
        log.append(&stream, Version::NONE, first.clone()).await.expect("an append to a new history");
    assert_eq!(appended.version, Version(2));
    let second = batch(&stream, Version(2), &["three"]);
    log.append(&stream, Version(2), second.clone()).await.expect("an append at the right version");
    let read = log.read(&stream, Version::NONE).await.expect("a history");
    let written: Vec<&Record> = first.records().iter().chain(second.records()).collect();
    assert_eq!(read.iter().map(|recorded| &recorded.record).collect::<Vec<_>>(), written);
    assert_eq!(versions(&read), [1, 2, 3]);
    assert!(read.iter().all(|recorded| recorded.stream == stream), "each record names its history");
    assert_eq!(versions(&log.read(&stream, Version(2)).await.expect("the rest")), [3]);
    assert_eq!(read[1].position, appended.position, "an append tells the position of its last record");
}

/// Reading what was never written is no error.
pub async fn a_missing_history_is_empty(log: &impl EventLog) {
    assert_eq!(log.read(&"alert-none".into(), Version::NONE).await, Ok(Vec::new()));
    assert_eq!(log.tail(Position::START, 10).await, Ok(Vec::new()));
}

/// Too low, too high: refused with the real version, and nothing is written.
pub async fn a_wrong_version_is_refused_and_writes_nothing(log: &impl EventLog) {
    let stream = StreamId::from("alert-a");
    log.append(&stream, Version::NONE, batch(&stream, Version::NONE, &["one"])).await.expect("the first");
    for wrong in [Version::NONE, Version(2), Version(u64::MAX >> 1)] {
        let refused = log.append(&stream, wrong, batch(&stream, wrong, &["other"])).await;
        assert_eq!(refused, Err(AppendError::WrongVersion { actual: Version(1) }), "expected {wrong:?}");
    }
    assert_eq!(log.read(&stream, Version::NONE).await.expect("a history").len(), 1);
    assert_eq!(log.tail(Position::START, 10).await.expect("a tail").len(), 1);
}

/// After an unknown outcome the same batch is appended again: Ok, and no second copy.
pub async fn the_identical_batch_again_changes_nothing(log: &impl EventLog) {
    let stream = StreamId::from("alert-a");
    let same = batch(&stream, Version::NONE, &["one", "two"]);
    let first = log.append(&stream, Version::NONE, same.clone()).await.expect("the first");
    let again = log.append(&stream, Version::NONE, same.clone()).await.expect("the same again");
    assert_eq!(first, again);
    log.append(&stream, Version(2), batch(&stream, Version(2), &["three"])).await.expect("one more");
    let later = log.append(&stream, Version::NONE, same).await.expect("the same, after others");
    assert_eq!(first, later);
    assert_eq!(log.tail(Position::START, 10).await.expect("a tail").len(), 3);
}

/// A batch that overlaps in part is another batch.
pub async fn half_of_a_batch_again_is_no_repeat(log: &impl EventLog) {
    let stream = StreamId::from("alert-a");
    let first = batch(&stream, Version::NONE, &["one"]);
    log.append(&stream, Version::NONE, first.clone()).await.expect("the first");
    let mut records = first.records().to_vec();
    records.extend_from_slice(batch(&stream, Version(1), &["two"]).records());
    let longer = Batch::new(records).expect("two records");
    let refused = log.append(&stream, Version::NONE, longer).await;
    assert_eq!(refused, Err(AppendError::WrongVersion { actual: Version(1) }));
}

/// Many at once for the same version: one is kept, the others are told.
pub async fn of_concurrent_appends_one_wins_each_version(log: &impl EventLog) {
    let stream = StreamId::from("alert-race");
    for round in 0..4 {
        let expected = Version(round);
        let attempts = (0..16).map(|rival| {
            let stream = stream.clone();
            let batch = batch(&stream, expected, &[format!("round {round} rival {rival}").as_str()]);
            async move { log.append(&stream, expected, batch).await }
        });
        let results = join_all(attempts).await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "one winner a version");
        let told = Err(AppendError::WrongVersion { actual: expected.plus(1) });
        assert_eq!(results.iter().filter(|&result| *result == told).count(), 15, "the others are told");
    }
    assert_eq!(versions(&log.read(&stream, Version::NONE).await.expect("a history")), [1, 2, 3, 4]);
}

/// Following the tail in small pages, while others append, shows every record exactly once.
pub async fn the_tail_shows_everything_once_and_in_order(log: &impl EventLog) {
    let mut seen: Vec<Recorded> = Vec::new();
    for round in 0..5_u64 {
        let appends = (0..10).map(|history| {
            let stream = StreamId::from(format!("alert-{history}").as_str());
            let batch = batch(&stream, Version(round * 2), &["a", "b"]);
            async move { log.append(&stream, Version(round * 2), batch).await.expect("no rival") }
        });
        join_all(appends).await;
        while seen.len() < usize::try_from(round * 20 + 13).expect("small") {
            let after = seen.last().map_or(Position::START, |recorded| recorded.position);
            seen.extend(log.tail(after, 7).await.expect("a page"));
        }
    }
    loop {
        let after = seen.last().map_or(Position::START, |recorded| recorded.position);
        let page = log.tail(after, 7).await.expect("a page");
        assert!(page.len() <= 7, "a page has at most what was asked for");
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    assert_eq!(seen.len(), 100);
    assert!(seen.is_sorted_by(|one, next| one.position < next.position), "positions only grow");
    for history in 0..10 {
        let stream = StreamId::from(format!("alert-{history}").as_str());
        let versions: Vec<u64> = seen
            .iter()
            .filter(|recorded| recorded.stream == stream)
            .map(|recorded| recorded.version.0)
            .collect();
        assert_eq!(versions, (1..=10).collect::<Vec<u64>>(), "each history in its own order");
    }
}

/// The largest batch, with large bodies, is kept whole.
pub async fn a_large_batch_is_kept_whole(log: &impl EventLog) {
    let stream = StreamId::from("alert-large");
    let body = "x".repeat(10_000);
    let bodies = vec![body.as_str(); crate::log::BATCH_RECORDS_MAX];
    let large = batch(&stream, Version::NONE, &bodies);
    log.append(&stream, Version::NONE, large.clone()).await.expect("a large append");
    let read = log.read(&stream, Version::NONE).await.expect("a history");
    assert!(read.iter().map(|recorded| &recorded.record).eq(large.records()));
    assert!(Batch::new(Vec::new()).is_none(), "an empty batch cannot be made");
}

/// Names that look like one another, like patterns or like queries are different histories.
pub async fn hostile_names_and_bytes_are_kept_apart(log: &impl EventLog) {
    let names = [
        "alert-a",
        "ALERT-A",
        "alert-a ",
        "alert-%",
        "alert-'; drop table records; --",
        "alert-ä",
        "-",
        "alert-\u{0}x",
    ];
    for name in names {
        let stream = StreamId::from(name);
        log.append(&stream, Version::NONE, batch(&stream, Version::NONE, &["\u{0}\u{fffd}'\"\\", name]))
            .await
            .expect("any name");
    }
    for name in names {
        let read = log.read(&name.into(), Version::NONE).await.expect("a history");
        assert_eq!(versions(&read), [1, 2], "history {name:?}");
        assert_eq!(&*read[1].record.body, name.as_bytes());
    }
}

/// A batch of one record a body, chained and numbered as the journal does it. For the tests of logs.
///
/// # Panics
/// When there are no bodies, or more than a batch holds.
pub fn batch(stream: &StreamId, expected: Version, bodies: &[&str]) -> Batch {
    let mut previous = RecordHash::default();
    let records = bodies.iter().enumerate().map(|(at, body)| {
        let version = expected.plus(at + 1);
        let mut record = Record {
            id: crate::id::EventId([0; 16]),
            kind: "test.happened".into(),
            schema: 1,
            at: Timestamp::from_micros(1_000_000),
            node: NodeId::from("a"),
            boot: BootId(7),
            by: Author::House,
            cause: Cause::Deadline,
            directory: Position::START,
            previous,
            body: body.as_bytes().into(),
        };
        record.id = record.derive_id(stream, version);
        previous = record.hash(stream, version);
        record
    });
    Batch::new(records.collect()).expect("1 to BATCH_RECORDS_MAX bodies")
}

fn versions(read: &[Recorded]) -> Vec<u64> {
    read.iter().map(|recorded| recorded.version.0).collect()
}

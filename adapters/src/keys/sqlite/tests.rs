use events::PersonId;
use rusqlite::Connection;
use tempfile::TempDir;

use super::*;

fn directory() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

fn open(directory: &TempDir) -> SqliteKeys {
    SqliteKeys::open(directory.path()).expect("keys")
}

fn person(number: u16) -> KeyOwner {
    let mut bytes = [0; 16];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    KeyOwner::Person(PersonId::from_bytes(bytes))
}

fn contains(directory: &TempDir, key: &Key) -> bool {
    std::fs::read_dir(directory.path()).expect("a directory").any(|entry| {
        let content = std::fs::read(entry.expect("an entry").path()).expect("a file");
        content.windows(32).any(|window| window == key.expose())
    })
}

#[tokio::test]
async fn a_key_is_made_once_and_is_durable() {
    let directory = directory();
    let keys = open(&directory);
    assert_eq!(keys.key(&person(1)), Err(KeyStoreError::Missing { owner: person(1) }));
    keys.ensure(&[person(1), person(2), person(1)]).await.expect("keys");
    let first = keys.key(&person(1)).expect("readable").expect("a key");
    assert_ne!(Ok(Some(first.clone())), keys.key(&person(2)), "each has their own");
    keys.ensure(&[person(1)]).await.expect("known");
    // Without what is remembered, and without a graceful end.
    let again = open(&directory);
    assert_eq!(again.key(&person(1)), Ok(Some(first.clone())));
    again.ensure(&[person(1), person(3)]).await.expect("one old, one new");
    assert_eq!(again.key(&person(1)), Ok(Some(first)));
    assert_eq!(keys.key(&person(3)), again.key(&person(3)));
}

#[tokio::test]
async fn a_destroyed_key_stays_destroyed_and_leaves_no_trace() {
    let directory = directory();
    let keys = open(&directory);
    keys.ensure(&[person(1), person(2)]).await.expect("keys");
    let key = keys.key(&person(1)).expect("readable").expect("a key");
    let other = keys.key(&person(2)).expect("readable").expect("a key");
    assert!(contains(&directory, &key));
    keys.destroy(&person(1)).await.expect("destroyed");
    keys.destroy(&person(9)).await.expect("one that never had a key");
    for owner in [person(1), person(9)] {
        keys.ensure(std::slice::from_ref(&owner)).await.expect("no error");
        assert_eq!(keys.key(&owner), Ok(None));
    }
    keys.writer.run_on_writer(|_| {});
    assert!(!contains(&directory, &key), "not in the write-ahead log either");
    assert!(contains(&directory, &other));
    drop(keys);
    let keys = open(&directory);
    for owner in [person(1), person(9)] {
        keys.ensure(std::slice::from_ref(&owner)).await.expect("no error");
        assert_eq!(keys.key(&owner), Ok(None));
    }
    assert_eq!(keys.key(&person(2)), Ok(Some(other)));
}

#[tokio::test]
async fn keys_asked_for_together_share_a_commit() {
    let directory = directory();
    let keys = Arc::new(open(&directory));
    let mut asked = tokio::task::JoinSet::new();
    for number in 0..500 {
        let keys = Arc::clone(&keys);
        asked.spawn(async move { keys.ensure(&[person(number), person(number / 2)]).await });
    }
    assert!(keys.writer.grouped(500, asked.join_all()).await.iter().all(Result::is_ok));
    assert_eq!(keys.writer.stats().commits, 1);
    for number in 0..500 {
        assert!(keys.key(&person(number)).expect("readable").is_some());
    }
}

#[tokio::test]
async fn a_full_disk_refuses_and_heals() {
    let directory = directory();
    let keys = open(&directory);
    keys.writer.run_on_writer(|connection| {
        connection.pragma_update(None, "max_page_count", 8).expect("a limit");
    });
    let many: Vec<KeyOwner> = (0..2_000).map(person).collect();
    keys.ensure(&many).await.expect_err("no room");
    assert!(matches!(&*keys.health().borrow(), KeysHealth::Full { .. }));
    keys.key(&person(1)).expect_err("what was not kept is not remembered");
    keys.writer.run_on_writer(|connection| {
        connection.pragma_update(None, "max_page_count", 100_000).expect("no limit");
    });
    keys.ensure(&many).await.expect("room");
    assert_eq!(*keys.health().borrow(), KeysHealth::Healthy);
}

#[tokio::test]
async fn closed_keys_are_refused_not_forgotten() {
    let directory = directory();
    let keys = open(&directory);
    keys.ensure(&[person(1)]).await.expect("a key");
    keys.close().await;
    assert!(keys.key(&person(1)).expect("remembered").is_some());
    keys.key(&person(2)).expect_err("closed: nobody can say that there is none");
    keys.ensure(&[person(2)]).await.expect_err("closed");
}

#[test]
fn a_log_is_no_key_store() {
    let directory = directory();
    let file = directory.path().join("keys.sqlite");
    let other = Connection::open(file).expect("a file");
    other.execute_batch("CREATE TABLE meta (key TEXT, value TEXT)").expect("a table");
    let refused = SqliteKeys::open(directory.path()).expect_err("not ours");
    assert!(matches!(refused, OpenError::Foreign { what: "keys", .. }), "{refused}");
}

//! The log: whose it is, what happens when it cannot be written, and that nobody can change it unseen.

use std::collections::BTreeSet;

use reqwest::Method;
use rusqlite::Connection;
use serde_json::json;
use tests::house::House;
use tests::household::{ANNA, BERND, Household, OPERATORS_PAGER, OPERATORS_PUSH};
use tests::mount::Mount;
use tests::plan::Plan;
use tests::{address, wait};

/// The operators are told, over every channel, that the log is in trouble.
async fn operators_are_told(house: &mut House) {
    let push = house.page(OPERATORS_PUSH).await;
    assert!(push.words().contains("[NO-LOG]"), "{push:#?}");
    assert_eq!(push.field("priority"), "2", "it rings until somebody acts");
    let pager = house.page(OPERATORS_PAGER).await;
    assert!(pager.text.starts_with("[NO-LOG]"), "{pager:#?}");
}

#[tokio::test]
async fn a_second_instance_is_told_so_and_ends_and_the_first_goes_on() {
    let mut house = House::with(Household::default()).await;
    let elsewhere = format!("{}:8080", address::take());
    let config = house.path("hotpotato.toml").display().to_string();
    let second = house.cli_with(&[("HOTPOTATO_LISTEN", &elsewhere)], &["serve", "--config", &config]).await;
    assert!(second.refused(1).contains("another hotpotato already runs"), "{second:#?}");
    house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.finish().await;
}

#[tokio::test]
async fn a_start_on_a_log_that_cannot_be_written_pages_the_operators_and_ends() {
    for put_in_its_place in [make_folder, write_garbage] {
        let mut house = House::built(&Plan::from(Household::default()));
        std::fs::create_dir(house.data_dir()).expect("a folder can be made");
        put_in_its_place(&house.data_dir().join("log.sqlite"));
        house.spawn();
        let status = house.ended().await;
        assert!(!status.success(), "it ended with {status}");
        operators_are_told(&mut house).await;
        house.finish_dead().await;
    }
}

fn make_folder(path: &std::path::Path) {
    std::fs::create_dir(path).expect("a folder can be made");
}

fn write_garbage(path: &std::path::Path) {
    std::fs::write(path, "this is no log\n".repeat(1_000)).expect("a file can be written");
}

#[tokio::test]
async fn a_start_on_a_disk_that_went_read_only_pages_the_operators_and_ends() {
    let Some(mount) = Mount::of_mib(32) else { return };
    let plan = Plan { data_dir: Some(mount.path().join("data")), ..Plan::from(Household::default()) };
    let mut house = House::with(plan).await;
    house.terminate().await;
    mount.make_read_only();
    house.spawn();
    let status = house.ended().await;
    assert!(!status.success(), "it ended with {status}");
    operators_are_told(&mut house).await;
    house.finish_dead().await;
}

#[tokio::test]
async fn a_full_disk_turns_signals_away_tells_the_operators_and_mends_without_a_restart() {
    let Some(mount) = Mount::of_mib(16) else { return };
    let plan = Plan { data_dir: Some(mount.path().join("data")), ..Plan::from(Household::default()) };
    let mut house = House::with(plan).await;
    let ballast = mount.fill();

    let mut accepted = BTreeSet::new();
    let mut number = 0;
    let turned_away = wait::until("a signal to be turned away", async || {
        number += 1;
        let summary = format!("disk {number} full");
        let answer = house.post_generic(&json!({ "summary": summary, "severity": "warning" })).await;
        if answer.is_ok() {
            accepted.insert(summary);
            return None;
        }
        Some(answer)
    })
    .await;
    assert_eq!(turned_away.status, 503, "{turned_away:?}");
    assert!(turned_away.retry_after.is_some(), "{turned_away:?}");
    operators_are_told(&mut house).await;
    let health = house.request(Method::GET, "/healthz").await.expect("an answer");
    assert_eq!(health.status, 503, "{health:?}");

    std::fs::remove_file(ballast).expect("room can be made");
    wait::until("the house to be well again", async || {
        let answer = house.request(Method::GET, "/healthz").await.expect("an answer");
        let again = house.post_generic(&json!({ "summary": "room again", "severity": "warning" })).await;
        (answer.is_ok() && again.is_ok()).then_some(())
    })
    .await;
    let listed: BTreeSet<String> = house.alerts().await.into_iter().map(|alert| alert.summary).collect();
    accepted.insert("room again".to_owned());
    assert!(listed.is_superset(&accepted), "accepted: {accepted:?}; listed: {listed:?}");
    wait::until("a page about every alert", async || {
        let pages = house.claim_all(ANNA.push).await;
        let told =
            |summary: &String| pages.iter().any(|page| page.field("title").ends_with(summary.as_str()));
        listed.iter().all(told).then_some(())
    })
    .await;
    house.finish().await;
}

/// A way to change the history of an alert behind the house's back, and how to undo it.
struct Change {
    what: &'static str,
    sql: &'static str,
}

/// What is done to the record that says that the first attempt began.
const CHANGES: [Change; 4] = [
    Change {
        what: "a byte of what it says",
        sql: "UPDATE records SET body = CAST(replace(CAST(body AS TEXT), '\"send\":1', '\"send\":2') AS BLOB)",
    },
    Change { what: "its time", sql: "UPDATE records SET at = at + 1" },
    Change { what: "what it follows", sql: "UPDATE records SET previous = zeroblob(length(previous))" },
    Change { what: "that it is there", sql: "DELETE FROM records" },
];

const RECORD: &str = " WHERE kind = (SELECT id FROM kinds WHERE name = 'alert.attempt_started')";

#[tokio::test]
async fn verify_names_the_record_that_was_changed_or_removed() {
    let mut house = House::with(Household::default()).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    let whole = house.cli(&["verify", "--format", "json"]).await.json();
    assert!(whole["broken"].is_null(), "{whole}");

    let log = Connection::open(house.data_dir().join("log.sqlite")).expect("the log opens");
    let position: i64 = log
        .query_row(&format!("SELECT position FROM records{RECORD}"), (), |row| row.get(0))
        .expect("there is one such record");
    log.execute_batch("CREATE TEMP TABLE kept AS SELECT * FROM records").expect("it can be kept");
    for Change { what, sql } in CHANGES {
        let changed = log.execute(&format!("{sql}{RECORD}"), ()).expect("it can be changed");
        assert_eq!(changed, 1, "{what}");
        let said = house.cli(&["verify"]).await;
        let sentence = said.refused(1);
        // Where one is missing, the one after it shows that.
        let named = if sql.starts_with("DELETE") { position + 1 } else { position };
        assert!(sentence.contains(&format!("position {named} ")), "{what}: {said:#?}");
        assert!(sentence.contains(&alert.id), "{what}: {said:#?}");
        assert_eq!(house.cli(&["verify", "--format", "json"]).await.code, Some(1), "{what}");
        log.execute_batch("DELETE FROM records; INSERT INTO records SELECT * FROM kept")
            .expect("it can be mended");
        house.cli(&["verify"]).await.done();
    }
    log.close().expect("the log closes");
    house.finish().await;
}

#[tokio::test]
async fn an_alert_whose_history_cannot_be_read_is_set_aside_and_the_operators_and_all_others_go_on() {
    let mut house = House::with(Household::default()).await;
    let damaged = house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.recorded(&damaged.id, "accepted by the provider", 1).await;
    house.terminate().await;
    let log = Connection::open(house.data_dir().join("log.sqlite")).expect("the log opens");
    log.execute(&format!("UPDATE records SET body = x'00'{RECORD}"), ()).expect("it can be damaged");
    log.close().expect("the log closes");

    house.start().await;
    let push = house.page(OPERATORS_PUSH).await;
    assert!(push.words().contains("[NO-LOG]") && push.words().contains(&damaged.code), "{push:#?}");
    house.page(OPERATORS_PAGER).await;
    let health = house.request(Method::GET, "/healthz").await.expect("an answer");
    assert!(health.status == 503 && health.body.contains(&damaged.id), "{health:?}");
    house.fire("fan broken").await;
    house.page(ANNA.push).await;
    house.cli(&["verify"]).await.refused(1);
    house.terminate().await;
    house.finish_dead().await;
}

#[tokio::test]
async fn replay_tells_the_story_in_the_language_and_zone_of_whoever_asks() {
    let mut house = House::with(
        Household::default()
            .ladder(ANNA, &["{ contact: push, after: 0s }", "{ contact: sms, after: 1s }"])
            .steps(&["{ page: [{ person: anna }], wait: 2s }", "{ page: [{ person: bernd }], wait: 1h }"]),
    )
    .await;
    let alert = house.fire("disk full").await;
    for destination in [ANNA.push, ANNA.sms, BERND.push] {
        house.page(destination).await;
    }
    house.recorded(&alert.id, "accepted by the provider", 3).await;
    let before =
        chrono::DateTime::from_timestamp_millis(wait::wall_clock_ms()).expect("a moment").to_rfc3339();
    house.cli(&["alert", "note", &alert.code, "looked", "at", "it"]).await.done();
    house.cli(&["alert", "ack", &alert.code]).await.done();

    for (language, words) in [
        ("en", ["Step 1", "accepted", "has it"]),
        ("de", ["Stufe 1", "angenommen", "übernommen"]),
        ("it", ["Livello 1", "accettato", "in carico"]),
    ] {
        let told = house.cli(&["replay", "--alert", &alert.id, "--lang", language]).await;
        for word in words.iter().chain(&["disk full", ANNA.name, BERND.name, "looked at it"]) {
            assert!(told.done().contains(word), "{language}: {word:?} is missing: {told:#?}");
        }
    }
    let rome = house.cli(&["replay", "--alert", &alert.id, "--zone", "Europe/Rome"]).await;
    let utc = house.cli(&["replay", "--alert", &alert.id]).await;
    assert_ne!(rome.done(), utc.done(), "the times are in the zone that was asked for");

    let earlier =
        house.cli(&["replay", "--alert", &alert.id, "--at", &before, "--format", "json"]).await.json();
    assert_eq!(earlier["state"], "open", "{earlier}");
    let now = house.cli(&["replay", "--alert", &alert.id, "--format", "json"]).await.json();
    assert_eq!(now["state"], "acknowledged", "{now}");
    let board = house.cli(&["replay", "--at", &before, "--format", "json"]).await.json();
    assert_eq!(board["alerts"][0]["state"], "open", "{board}");
    house.finish().await;
}

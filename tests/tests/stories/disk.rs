//! The disk: calls that fail, files that are damaged, a file system that turns read-only.

use std::process::{Command, Stdio};

use reqwest::Method;
use rusqlite::Connection;
use serde_json::json;
use tests::house::House;
use tests::household::{ANNA, GENERIC_KEY, Household, OPERATORS_PAGER, OPERATORS_PUSH};
use tests::image::Image;
use tests::mount::Mount;
use tests::plan::Plan;
use tests::{binary, wait};

/// The operators must be paged so soon after something was turned away, in milliseconds.
const ALARM_MS_MAX: i64 = 15_000;

#[test]
fn a_lot_of_failing_calls_and_damaged_places_do_no_harm() {
    // Says where it is missing, before the program does.
    binary::of_debian("strace", "strace");
    for half in ["calls", "files"] {
        let mut command = Command::new(binary::disk());
        command.args(["--quick", "--only", half, "--hotpotato"]).arg(binary::hotpotato());
        let output = command.stdin(Stdio::null()).output().expect("it can be started");
        let said = String::from_utf8_lossy(&output.stdout);
        let progress = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{half}: {said}\n{progress}");
    }
}

#[tokio::test]
async fn a_disk_that_turns_read_only_ends_the_house_tells_the_operators_and_loses_nothing() {
    let Some(image) = Image::of_mib(48) else { return };
    let plan = Plan { data_dir: Some(image.path().join("data")), ..Plan::from(Household::default()) };
    let mut house = House::with(plan).await;
    let before = house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.recorded(&before.id, "accepted by the provider", 1).await;

    image.fail();
    let turned_away_at = wait::wall_clock_ms();
    let signal = json!({ "summary": "fan broken", "dedup_key": "fan", "severity": "warning" });
    let path = format!("/integrations/generic/{GENERIC_KEY}");
    let answer = house.try_post(&path, signal.to_string().into()).await;
    // Without an answer the source knows as well that it must say it again.
    assert!(answer.as_ref().map_or(true, |answer| answer.status == 503), "{answer:?}");
    let status = house.ended().await;
    assert!(!status.success(), "it ends for good, and was {status}");
    let push = house.page(OPERATORS_PUSH).await;
    assert!(push.words().contains("[NO-LOG]"), "{push:#?}");
    assert!(push.at_ms - turned_away_at < ALARM_MS_MAX, "{push:#?}");
    house.page(OPERATORS_PAGER).await;
    // The last page before the end does not rely on an earlier one that may still be under way.
    house.claim_all(OPERATORS_PUSH).await;
    house.claim_all(OPERATORS_PAGER).await;
    // The day's texts of its service have a key already.
    assert!(house.logged().contains("log.sqlite is closed"), "{}", house.logged());

    image.mend();
    house.start().await;
    house.listed(&before.summary).await;
    let health = house.request(Method::GET, "/healthz").await.expect("an answer");
    assert_eq!(health.status, 200, "{health:?}");
    assert!(house.post_generic(&signal).await.is_ok());
    house.page(ANNA.push).await;
    house.finish().await;
}

#[tokio::test]
async fn a_full_disk_that_turns_away_only_a_configuration_is_told_to_the_operators_too() {
    let Some(mount) = Mount::of_mib(16) else { return };
    let plan = Plan { data_dir: Some(mount.path().join("data")), ..Plan::from(Household::default()) };
    let mut house = House::built(&plan);
    house.start().await;
    let ballast = mount.fill();
    let asked_at = wait::wall_clock_ms();
    house.apply().await.refused(1);
    let push = house.page(OPERATORS_PUSH).await;
    assert!(push.words().contains("[NO-LOG]") && push.at_ms - asked_at < ALARM_MS_MAX, "{push:#?}");
    house.page(OPERATORS_PAGER).await;
    let health = house.request(Method::GET, "/healthz").await.expect("an answer");
    assert_eq!(health.status, 503, "{health:?}");

    std::fs::remove_file(ballast).expect("room can be made");
    house.apply().await.done();
    let health = house.request(Method::GET, "/healthz").await.expect("an answer");
    assert_eq!(health.status, 200, "{health:?}");
    house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.finish().await;
}

#[tokio::test]
async fn a_key_that_was_lost_is_named_and_its_alert_is_set_aside() {
    let mut house = House::with(Household::default()).await;
    let lost = house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.recorded(&lost.id, "accepted by the provider", 1).await;
    house.terminate().await;
    let keys = Connection::open(house.data_dir().join("keys.sqlite")).expect("the keys open");
    let removed = keys.execute("DELETE FROM keys WHERE owner LIKE 'texts:%'", ()).expect("it can be removed");
    assert_eq!(removed, 1);
    keys.close().expect("the keys close");

    house.start().await;
    let push = house.page(OPERATORS_PUSH).await;
    assert!(push.words().contains("[NO-LOG]") && push.words().contains(&lost.code), "{push:#?}");
    house.page(OPERATORS_PAGER).await;
    let said = house.cli(&["verify"]).await;
    assert!(said.refused(1).contains("is missing from the key store"), "{said:#?}");
    assert!(!house.timeline(&lost.id).await.is_empty(), "what is left can be looked at");
    house.terminate().await;
    house.finish_dead().await;
}

#[tokio::test]
async fn damage_that_no_record_shows_is_found_by_verify() {
    let mut house = House::with(Household::default()).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    let log = Connection::open(house.data_dir().join("log.sqlite")).expect("the log opens");
    log.execute("INSERT INTO streams (name) VALUES ('alert-of-which-nothing-is-left')", ()).expect("a name");
    let said = house.cli(&["verify"]).await;
    assert!(said.refused(1).contains("alert-of-which-nothing-is-left has no records any more"), "{said:#?}");
    log.execute("DELETE FROM streams WHERE name LIKE '%left'", ()).expect("it can be mended");
    log.close().expect("the log closes");
    house.finish().await;
}

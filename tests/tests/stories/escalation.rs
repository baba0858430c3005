//! The main job: an alert gets a person out of bed, whatever happens to the process meanwhile.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tests::fixture;
use tests::house::House;
use tests::household::{ANNA, BERND, CALLUM, Household};
use tests::stand_ins::Provider::Pushover;
use tests::stand_ins::once;
use tests::wait;

/// How much later than planned a page may come, on a machine that is busy with other stories.
const LATE_MAX_MS: i64 = 4_000;

/// How much earlier: the clock of the house is slewed, and milliseconds are rounded.
const EARLY_MAX_MS: i64 = 150;

#[track_caller]
fn assert_at(what: &str, at_ms: i64, planned_ms: i64) {
    let late = at_ms - planned_ms;
    assert!((-EARLY_MAX_MS..=LATE_MAX_MS).contains(&late), "{what} came {late} ms after it was planned");
}

#[tokio::test]
async fn an_alert_climbs_survives_kill_9_and_goes_silent_when_acknowledged() {
    let mut house = House::with(
        Household::default()
            .ladder(
                ANNA,
                &[
                    "{ contact: push, after: 0s }",
                    "{ contact: sms, after: 2s }",
                    "{ contact: pager, after: 5s }",
                ],
            )
            .ladder(BERND, &["{ contact: push, after: 0s }", "{ contact: sms, after: 4s }"])
            .steps(&["{ page: [{ person: anna }], wait: 8s }", "{ page: [{ person: bernd }], wait: 10m }"]),
    )
    .await;
    house.post_alertmanager(&fixture::body("am-webhook-001-hook.json")).await.ok();
    let alert = house.listed("disk /var at 5%").await;
    assert_eq!(
        (alert.service.as_str(), alert.severity.as_str(), alert.state.as_str()),
        ("shop", "critical", "open")
    );

    let push = house.page(ANNA.push).await;
    assert_at("the push", push.at_ms, alert.raised_at_ms);
    assert!(push.words().contains(&alert.code) && push.words().contains("disk /var at 5%"), "{push:#?}");
    assert_eq!(push.field("priority"), "2", "a critical alert rings until somebody acts");
    let sms = house.page(ANNA.sms).await;
    assert_at("the SMS", sms.at_ms, alert.raised_at_ms + 2_000);
    house.recorded(&alert.id, "accepted by the provider", 2).await;

    house.kill9_and_restart().await;

    let pager = house.page(ANNA.pager).await;
    assert_at("the pager", pager.at_ms, alert.raised_at_ms + 5_000);
    let next = house.page(BERND.push).await;
    assert_at("the next step", next.at_ms, alert.raised_at_ms + 8_000);
    assert_eq!(house.stand_ins().ringing().await.len(), 2, "both emergencies ring");
    house.recorded(&alert.id, "accepted by the provider", 4).await;

    house.cli(&["alert", "ack", &alert.code]).await.done();

    for receipt in [push.receipt, next.receipt] {
        house.stand_ins().call("cancel", |call| Some(&call.destination) == receipt.as_ref()).await;
    }
    assert_eq!(house.stand_ins().ringing().await.len(), 0, "nothing rings any more");
    assert_eq!(house.alerts().await[0].state, "acknowledged");
    // Bernd's SMS would have come after four seconds.
    house.silent_for(Duration::from_secs(5)).await;
    house.finish().await;
}

#[tokio::test]
async fn a_policy_that_is_through_runs_again_and_then_pages_its_fallback() {
    let mut house = House::with(
        Household::default()
            .steps(&["{ page: [{ person: anna }], wait: 1s }", "{ page: [{ person: bernd }], wait: 1s }"])
            .policy("repeat: 1\nfallback: [{ person: callum }]"),
    )
    .await;
    let alert = house.fire("disk full").await;
    let mut pages = Vec::new();
    for person in [ANNA, BERND, ANNA, BERND, CALLUM] {
        pages.push(house.page(person.push).await);
    }
    for (page, planned) in pages.iter().zip([0, 1_000, 2_000, 3_000, 4_000]) {
        assert_at("a step", page.at_ms, alert.raised_at_ms + planned);
        assert!(!page.is_repeat(), "a page of a later round is no repeat: {page:#?}");
    }
    house.cli(&["alert", "ack", &alert.code]).await.done();
    house.finish().await;
}

#[tokio::test]
async fn a_rung_is_sent_as_often_as_it_says_until_somebody_acts() {
    let mut house = House::with(
        Household::default().ladder(ANNA, &["{ contact: sms, after: 0s, attempts: 3, every: 1s }"]),
    )
    .await;
    let alert = house.fire("disk full").await;
    for number in 0..3 {
        let page = house.page(ANNA.sms).await;
        assert_at("an SMS", page.at_ms, alert.raised_at_ms + number * 1_000);
        assert!(!page.is_repeat(), "{page:#?}");
    }
    house.silent_for(Duration::from_secs(2)).await;
    house.finish().await;
}

#[tokio::test]
async fn an_alert_that_is_over_pages_nobody_any_more() {
    let mut house = House::with(
        Household::default()
            .ladder(ANNA, &["{ contact: push, after: 0s }", "{ contact: sms, after: 2s }"])
            .steps(&["{ page: [{ person: anna }], wait: 2s }", "{ page: [{ person: bernd }], wait: 1h }"]),
    )
    .await;
    let alert = house.fire("disk full").await;
    let push = house.page(ANNA.push).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    house.post_generic(&json!({ "dedup_key": "disk full", "status": "resolved" })).await.ok();
    house.stand_ins().call("cancel", |call| Some(&call.destination) == push.receipt.as_ref()).await;
    assert_eq!(house.alerts().await, []);
    house.silent_for(Duration::from_secs(3)).await;
    house.finish().await;
}

#[tokio::test]
async fn an_emergency_that_is_taken_after_the_acknowledgement_is_cancelled_at_once() {
    let mut house = House::with(Household::default()).await;
    house.stand_ins().behave(Pushover, once(&json!({ "kind": "slow", "ms": 2_000 }))).await;
    let alert = house.fire("disk full").await;
    let push = house.page(ANNA.push).await;
    house.cli(&["alert", "ack", &alert.code]).await.done();
    house.stand_ins().call("cancel", |call| Some(&call.destination) == push.receipt.as_ref()).await;
    assert_eq!(house.stand_ins().ringing().await.len(), 0);
    house.finish().await;
}

#[tokio::test]
async fn a_held_alert_pages_nobody_until_the_hold_is_over() {
    let mut house = House::with(Household::default()).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.cli(&["alert", "hold", &alert.code, "--for", "3s"]).await.done();
    assert_eq!(house.alerts().await[0].state, "held");
    house.page(ANNA.push).await;
    assert_eq!(house.alerts().await[0].state, "open");
    house.finish().await;
}

#[tokio::test]
async fn severity_decides_how_loud_a_push_is_and_metrics_count_what_was_done() {
    let mut house = House::with(Household::default()).await;
    for (severity, priority) in [("critical", "2"), ("error", "2"), ("warning", "1"), ("info", "0")] {
        let body = json!({ "summary": severity, "dedup_key": severity, "severity": severity });
        house.post_generic(&body).await.ok();
        let push = house.page(ANNA.push).await;
        assert_eq!(push.field("priority"), priority, "{severity}: {push:#?}");
        let alert = house.listed(severity).await;
        house.recorded(&alert.id, "accepted by the provider", 1).await;
    }
    let metrics = house.metrics().await;
    for (name, count) in [
        ("signals_accepted_total", 4.0),
        ("alerts_open", 4.0),
        ("first_attempt_seconds_count", 4.0),
        ("attempts_total{channel=\"pushover\",outcome=\"accepted\"}", 4.0),
    ] {
        let counted = metrics.get(&format!("hotpotato_{name}")).copied().unwrap_or_default();
        assert!((counted - count).abs() < 0.5, "{name} is {counted}, not {count}: {metrics:#?}");
    }
    for path in ["/healthz", "/readyz"] {
        assert_eq!(house.request(Method::GET, path).await.expect("an answer").status, 200, "{path}");
    }
    house.finish().await;
}

#[tokio::test]
async fn a_contact_whose_channel_is_not_set_up_climbs_at_once() {
    let mut house = House::with(
        Household::default().ladder(ANNA, &["{ contact: pager, after: 0s }", "{ contact: sms, after: 1h }"]),
    )
    .await;
    let yaml = std::fs::read_to_string(house.path("house.yaml")).expect("it was written");
    std::fs::write(house.path("house.yaml"), yaml.replace("via: snpp-main", "via: elsewhere"))
        .expect("a file");
    house.apply().await.done();
    house.fire("disk full").await;
    house.page(ANNA.sms).await;
    house.finish().await;
}

#[tokio::test]
async fn a_page_that_a_story_does_not_claim_is_found() {
    let mut house = House::with(Household::default()).await;
    house.fire("disk full").await;
    wait::until("a page that nobody claims", async || (house.unexpected().await.len() == 1).then_some(()))
        .await;
    house.page(ANNA.push).await;
    assert!(house.unexpected().await.is_empty());
    house.finish().await;
}

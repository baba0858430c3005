//! SIGSTOP and SIGCONT: the process stands still while the world goes on, as in a frozen virtual machine. Nothing is
//! lost, and nothing old is sent as if it were new.

use std::time::Duration;

use serde_json::json;
use tests::house::House;
use tests::household::{ANNA, BERND, CALLUM, Household};
use tests::plan::Plan;
use tests::stand_ins::Provider::Pushover;
use tests::stand_ins::once;
use tests::wait;

/// After the process goes on, what is due comes within this.
const AT_ONCE_MS: i64 = 4_000;

fn plan() -> Plan {
    let household = Household::default()
        .ladder(
            ANNA,
            &["{ contact: push, after: 0s }", "{ contact: sms, after: 3s }", "{ contact: pager, after: 5s }"],
        )
        .steps(&[
            "{ page: [{ person: anna }], wait: 7s }",
            "{ page: [{ person: bernd }], wait: 9s }",
            "{ page: [{ person: callum }], wait: 1h }",
        ]);
    Plan::from(household).without_reports()
}

/// Freezes the node until so long after `from_ms`, and returns when it went on.
async fn frozen_until(house: &House, from_ms: i64, after: Duration) -> i64 {
    house.freeze();
    let until_ms = from_ms + i64::try_from(after.as_millis()).expect("some seconds");
    wait::pause_until(until_ms).await;
    house.thaw();
    wait::wall_clock_ms()
}

#[tokio::test]
async fn sends_that_came_due_while_the_process_stood_still_go_out_once_it_goes_on() {
    let mut house = House::with(plan()).await;
    let alert = house.fire("disk full").await;
    let push = house.page(ANNA.push).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    let went_on_ms = frozen_until(&house, push.at_ms, Duration::from_secs(10)).await;
    for destination in [ANNA.sms, ANNA.pager, BERND.push] {
        let page = house.page(destination).await;
        let after = page.at_ms - went_on_ms;
        assert!((-100..AT_ONCE_MS).contains(&after), "{after} ms after it went on: {page:#?}");
        assert!(!page.is_repeat(), "{page:#?}");
    }
    house.recorded(&alert.id, "accepted by the provider", 4).await;
    house.cli(&["alert", "ack", &alert.id]).await.done();
    house.finish().await;
}

#[tokio::test]
async fn what_is_more_than_a_minute_late_collapses_and_says_how_late_it_is() {
    let mut house = House::with(plan()).await;
    let alert = house.fire("disk full").await;
    let push = house.page(ANNA.push).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    frozen_until(&house, push.at_ms, Duration::from_secs(80)).await;
    // The highest rung stands for both that were missed, and the present step for the one whose time went by.
    let pager = house.page(ANNA.pager).await;
    assert!(pager.is_late() && !pager.is_repeat(), "{pager:#?}");
    house.page(CALLUM.push).await;
    house.recorded(&alert.id, "accepted by the provider", 3).await;
    house.cli(&["alert", "ack", &alert.id]).await.done();
    // Neither the SMS nor Bernd.
    house.finish().await;
}

#[tokio::test]
async fn an_answer_that_waited_longer_than_its_attempt_may_leads_to_a_repeat_that_says_so_or_to_none() {
    let household = Household::default().ladder(ANNA, &["{ contact: push, after: 0s }"]);
    let mut house = House::with(Plan::from(household).without_reports()).await;
    house.stand_ins().behave(Pushover, once(&json!({ "kind": "slow", "ms": 2_000 }))).await;
    let alert = house.fire("disk full").await;
    let push = house.page(ANNA.push).await;
    // An attempt has fifteen seconds.
    frozen_until(&house, push.at_ms, Duration::from_secs(20)).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    if let Some(repeat) = house.repeat_if_any(ANNA.push).await {
        assert!(repeat.is_repeat(), "{repeat:#?}");
    }
    house.cli(&["alert", "ack", &alert.id]).await.done();
    assert_eq!(house.alerts().await[0].state, "acknowledged");
    house.finish().await;
}

#[tokio::test]
async fn a_signal_that_came_while_the_process_stood_still_is_taken_when_it_goes_on() {
    let mut house = House::with(Household::default()).await;
    let now_ms = wait::wall_clock_ms();
    house.freeze();
    let body = json!({ "summary": "disk full", "dedup_key": "disk", "severity": "critical" });
    let posting = house.post_generic(&body);
    let going_on = async {
        wait::pause_until(now_ms + 5_000).await;
        house.thaw();
    };
    let (answer, ()) = tokio::join!(posting, going_on);
    answer.ok();
    let alert = house.listed("disk full").await;
    house.page(ANNA.push).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    house.cli(&["alert", "ack", &alert.id]).await.done();
    house.finish().await;
}

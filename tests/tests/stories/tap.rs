//! Acknowledging in the Pushover app: by a tap, without logging in.

use reqwest::Method;
use serde_json::json;
use tests::house::House;
use tests::household::{ANNA, BERND, Household, OPERATORS_PAGER};
use tests::page::Page;
use tests::plan::Plan;
use tests::stand_ins::Provider::Pushover;
use tests::stand_ins::once;
use tests::wait;
use tests::web::Answer;

/// Pushover lets nobody ask about one receipt more often. Source: <https://pushover.net/api/receipts>.
const ASK_EVERY_MIN_MS: i64 = 5_000;

/// Anna is paged by push; nobody else would be for an hour.
async fn rings(plan: impl Into<Plan>) -> (House, String, String) {
    let mut house = House::with(plan).await;
    let alert = house.fire("disk full").await;
    let page = house.page(ANNA.push).await;
    assert_eq!(page.field("callback"), house.url("/callbacks/pushover"));
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    (house, alert.id, page.receipt.expect("an emergency has a receipt"))
}

async fn is_acknowledged(house: &House) {
    wait::until("the alert to be acknowledged", async || {
        (house.listed("disk full").await.state == "acknowledged").then_some(())
    })
    .await;
}

/// Nobody asks more often than Pushover allows.
async fn asked(house: &House, receipt: &str) -> Vec<Page> {
    let mut asked = house.stand_ins().ledger().await;
    asked.retain(|call| call.call == "status" && call.destination == receipt);
    let mut pairs = asked.windows(2);
    assert!(pairs.all(|pair| pair[1].at_ms - pair[0].at_ms >= ASK_EVERY_MIN_MS - 500), "{asked:#?}");
    asked
}

/// Whoever may call calls: nobody has to log in for it.
async fn call(house: &House, form: &[(&str, &str)]) -> Answer {
    Answer::to(house.http(Method::POST, "/callbacks/pushover").form(form)).await.expect("the house answers")
}

#[tokio::test]
async fn a_tap_in_the_app_acknowledges() {
    let (house, alert, receipt) = rings(Household::default()).await;
    house.stand_ins().tap(&receipt, None).await;
    let called = house.stand_ins().call("report", |call| call.field("receipt") == receipt).await;
    assert_eq!(called.answer.code.map(|code| code / 100), Some(2), "{called:#?}");
    is_acknowledged(&house).await;
    house.recorded(&alert, "Anna Rossi", 1).await;
    house.recorded(&alert, "read (pixel)", 1).await;
    assert!(!asked(&house, &receipt).await.is_empty(), "the call alone is not believed");
    house.finish().await;
}

#[tokio::test]
async fn a_tap_counts_although_pushover_never_calls() {
    let plan = Plan::from(Household::default());
    let mut house = House::with(plan).await;
    house.stand_ins().behave(Pushover, once(&json!({ "kind": "report_missing" }))).await;
    let alert = house.fire("disk full").await;
    let receipt = house.page(ANNA.push).await.receipt.expect("an emergency has a receipt");
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    // What rings is known from the log: also to a house that has just started.
    house.kill9_and_restart().await;
    house.stand_ins().tap(&receipt, None).await;
    is_acknowledged(&house).await;
    assert!(!asked(&house, &receipt).await.is_empty());
    house.finish().await;
}

#[tokio::test]
async fn a_call_that_pushover_does_not_confirm_changes_nothing() {
    let (house, alert, receipt) = rings(Household::default()).await;
    let unknown = "rUnknownUnknownUnknownUnknown9";
    for known in [unknown, &receipt, ""] {
        let form = [("receipt", known), ("acknowledged", "1"), ("acknowledged_by", ANNA.push)];
        assert_eq!(call(&house, &form).await.status, 204, "nobody learns what rings: {known:?}");
    }
    assert_eq!(call(&house, &[("acknowledged", "1")]).await.status, 422);
    assert_eq!(call(&house, &[("receipt", &"r".repeat(10_000))]).await.status, 413);
    wait::until("Pushover to be asked", async || (!asked(&house, &receipt).await.is_empty()).then_some(()))
        .await;
    // The answer has said that it was delivered, and nothing of an acknowledgement.
    house.recorded(&alert, "delivered", 1).await;
    assert_eq!(house.listed("disk full").await.state, "open");
    assert!(asked(&house, unknown).await.is_empty(), "what nobody sent costs no question");
    house.finish().await;
}

#[tokio::test]
async fn a_member_of_a_group_acknowledges_as_who_they_are() {
    let (house, alert, receipt) = rings(Household::default()).await;
    house.stand_ins().tap(&receipt, Some(BERND.push)).await;
    is_acknowledged(&house).await;
    house.recorded(&alert, BERND.name, 1).await;
    house.finish().await;
}

#[tokio::test]
async fn what_somebody_else_has_taken_rings_no_more_and_is_not_asked_about() {
    let (house, alert, receipt) = rings(Household::default()).await;
    house.cli(&["alert", "ack", &alert]).await.done();
    house.stand_ins().call("cancel", |call| call.destination == receipt).await;
    assert!(house.stand_ins().ringing().await.is_empty());
    assert!(call(&house, &[("receipt", &receipt)]).await.is_ok());
    let before = asked(&house, &receipt).await.len();
    wait::pause_until(wait::wall_clock_ms() + ASK_EVERY_MIN_MS * 3).await;
    assert!(asked(&house, &receipt).await.len() <= before + 1, "one question may have been under way");
    house.finish().await;
}

#[tokio::test]
async fn operators_hear_over_another_channel_that_an_account_runs_low() {
    let mut plan = Plan::from(Household::default());
    plan.stand_ins.extend(["--pushover-quota".to_owned(), "11".to_owned()]);
    let mut house = House::with(plan).await;
    for number in 0..10 {
        house.fire(&format!("disk {number} full")).await;
        house.page(ANNA.push).await;
    }
    let told = house.page(OPERATORS_PAGER).await;
    assert!(told.text.contains("1 of 11"), "{told:#?}");
    let metrics = house.metrics().await;
    let of = |name: &str| metrics[&format!("hotpotato_channel_account_{name}{{channel=\"pushover\"}}")];
    assert!((of("limit") - 11.0).abs() < 0.1 && (of("remaining") - 1.0).abs() < 0.1, "{metrics:#?}");
    // The last one is used up, and the next one is refused.
    house.fire("disk 10 full").await;
    house.page(ANNA.push).await;
    assert!(house.page(OPERATORS_PAGER).await.text.contains("0 of 11"));
    house.finish().await;
}

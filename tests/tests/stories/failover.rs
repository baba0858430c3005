//! Two providers of SMS behind one contact method: when one refuses, is down or stays silent, the other has it at once.

use std::net::SocketAddrV4;

use reqwest::Method;
use serde_json::json;
use tests::address;
use tests::house::House;
use tests::household::{ANNA, Household};
use tests::open_alert::OpenAlert;
use tests::plan::Plan;
use tests::stand_ins::Provider::Twilio;
use tests::stand_ins::once;

/// What is at once for whoever waits for a page.
const AT_ONCE_MS: i64 = 2_500;

/// Anna has nothing but SMS, over two accounts.
fn plan() -> Plan {
    let household = Household::default().ladder(ANNA, &["{ contact: sms, after: 0s }"]);
    Plan { has_second_sms: true, ..Plan::from(household) }
}

/// `alert show` tells this, in this order.
async fn told(house: &House, alert: &OpenAlert, expected: &[&str]) {
    let last = expected.last().expect("something is expected");
    house.recorded(&alert.id, last, 1).await;
    let shown = house.cli(&["alert", "show", &alert.code]).await;
    let mut rest = shown.done();
    for words in expected {
        let found = rest.find(words);
        let at = found.unwrap_or_else(|| panic!("{words:?} does not come next: {shown:#?}"));
        rest = &rest[at + words.len()..];
    }
}

async fn over(house: House, alert: &OpenAlert) {
    house.api(Method::POST, &format!("/alerts/{}/resolve", alert.id), None).await.ok();
    house.finish().await;
}

#[tokio::test]
async fn what_one_provider_refuses_the_other_sends_at_once() {
    let mut house = House::with(plan()).await;
    house.stand_ins().behave(Twilio, once(&json!({ "kind": "refuse", "code": 21_614 }))).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.sms).await;
    let second = house.page(ANNA.sms).await;
    assert!(!second.is_repeat(), "the first one was never sent: {second:#?}");
    assert!(second.at_ms - alert.raised_at_ms < AT_ONCE_MS, "{second:#?}");
    let expected = [
        "SMS by twilio-main to Anna Rossi (sms), attempt 1",
        "SMS by twilio-main to Anna Rossi: refused",
        "SMS by twilio-second to Anna Rossi (sms), attempt 2",
        "SMS by twilio-second to Anna Rossi: accepted by the provider",
        "SMS by twilio-second to Anna Rossi: delivered",
    ];
    told(&house, &alert, &expected).await;
    over(house, &alert).await;
}

#[tokio::test]
async fn while_one_provider_is_down_the_other_sends_and_nobody_waits_for_the_breaker() {
    // Nobody listens there.
    let elsewhere = SocketAddrV4::new(address::take(), 4_102);
    let mut house = House::with(Plan { elsewhere: Some((Twilio, elsewhere)), ..plan() }).await;
    for number in 1..=8 {
        let alert = house.fire(&format!("disk {number} full")).await;
        let page = house.page(ANNA.sms).await;
        assert!(!page.is_repeat(), "{page:#?}");
        assert!(page.at_ms - alert.raised_at_ms < AT_ONCE_MS, "alert {number}: {page:#?}");
        let first = if number <= 5 { "failed, no connection" } else { "not sent, the provider has failed" };
        let first = format!("SMS by twilio-main to Anna Rossi: {first}");
        let second = "SMS by twilio-second to Anna Rossi (sms), attempt 2";
        // After two seconds one page tries whether it is over.
        let is_certain = number <= 5;
        told(&house, &alert, &[if is_certain { first.as_str() } else { "twilio-main" }, second]).await;
    }
    let open = house.metrics().await;
    let is_open = |channel: &str| {
        open.get(&format!("hotpotato_channel_breaker_open{{channel=\"{channel}\"}}")).copied()
    };
    assert_eq!(is_open("twilio-main"), Some(1.0), "{open:#?}");
    assert_eq!(is_open("twilio-second"), Some(0.0), "{open:#?}");
    house.finish().await;
}

#[tokio::test]
async fn a_provider_that_never_says_whether_it_arrived_counts_as_not_arrived() {
    let plan = Plan { sms: "reports_within = \"5s\"\n".to_owned(), ..plan() };
    let mut house = House::with(plan).await;
    house.stand_ins().behave(Twilio, once(&json!({ "kind": "report_missing" }))).await;
    let alert = house.fire("disk full").await;
    let first = house.page(ANNA.sms).await;
    let second = house.page(ANNA.sms).await;
    assert!(second.is_repeat(), "the first one may have arrived: {second:#?}");
    let waited = second.at_ms - first.at_ms;
    assert!((4_900..5_000 + AT_ONCE_MS).contains(&waited), "sent again after {waited} ms");
    let expected = [
        "SMS by twilio-main to Anna Rossi: accepted by the provider",
        "SMS by twilio-main to Anna Rossi: no report that it arrived in time",
        "SMS by twilio-second to Anna Rossi (sms), attempt 2: sent again",
        "SMS by twilio-second to Anna Rossi: delivered",
    ];
    told(&house, &alert, &expected).await;
    over(house, &alert).await;
}

#[tokio::test]
async fn what_one_provider_could_not_deliver_the_other_sends_at_once() {
    let mut house = House::with(plan()).await;
    house.stand_ins().behave(Twilio, once(&json!({ "kind": "report_failed" }))).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.sms).await;
    let second = house.page(ANNA.sms).await;
    assert!(!second.is_repeat(), "the first one did not arrive: {second:#?}");
    let expected = [
        "SMS by twilio-main to Anna Rossi: the provider reports “undelivered",
        "SMS by twilio-second to Anna Rossi (sms), attempt 2",
        "SMS by twilio-second to Anna Rossi: delivered",
    ];
    told(&house, &alert, &expected).await;
    over(house, &alert).await;
}

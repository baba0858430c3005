//! Carriers let only so much through to one number: the first page goes at once, what comes too fast goes out together
//! later, and nothing is lost.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tests::house::House;
use tests::household::{ANNA, Household};
use tests::plan::Plan;

/// Anna by SMS, and by pager much later.
fn by_sms(pace: &str) -> Plan {
    let ladder = ["{ contact: sms, after: 0s }", "{ contact: pager, after: 1h }"];
    Plan::from(Household::default().ladder(ANNA, &ladder)).pace(pace)
}

#[tokio::test]
async fn five_alerts_are_one_message_at_once_and_one_about_those_that_are_left() {
    let mut house = House::with(by_sms("[\"1/10s\"]")).await;
    let first = house.fire("Checkout answers 500").await;
    let sms = house.page(ANNA.sms).await;
    assert!(sms.words().contains(&first.code) && !sms.words().contains("allarmi:"), "{sms:#?}");
    let severities = ["warning", "critical", "error", "warning"];
    for (number, severity) in severities.iter().enumerate() {
        let summary = format!("disk {number} full");
        let body = json!({ "summary": summary, "dedup_key": summary, "severity": severity });
        house.post_generic(&body).await.ok();
    }
    let mut alerts = Vec::new();
    for number in 0..4 {
        let alert = house.listed(&format!("disk {number} full")).await;
        house.recorded(&alert.id, "put off until", 1).await;
        alerts.push(alert);
    }
    house.api(Method::POST, &format!("/alerts/{}/acknowledge", alerts[3].id), None).await.ok();

    let digest = house.page(ANNA.sms).await;
    let waited_ms = digest.at_ms - sms.at_ms;
    assert!((9_800..=20_000).contains(&waited_ms), "{waited_ms} ms after the first");
    let words = digest.words();
    assert!(words.contains(&format!("3 allarmi: {} disk 1 full; ", alerts[1].code)), "the worst: {words}");
    assert!(!words.contains(&alerts[3].code), "somebody has it: {words}");
    assert!(words.contains(&format!("Di {} mi occupo io: ", alerts[1].code)), "{words}");
    assert_eq!(digest.link().code, alerts[1].code, "the link takes the worst");
    // Each of them knows that it went out, and that it arrived.
    house
        .recorded(
            &alerts[1].id,
            &format!("in one message with {}", codes(&alerts[0].code, &alerts[2].code)),
            1,
        )
        .await;
    for alert in [&alerts[0], &alerts[2]] {
        house.recorded(&alert.id, &format!("in one message with {}", alerts[1].code), 1).await;
        house.recorded(&alert.id, ": delivered", 1).await;
    }
    let metrics = house.metrics().await;
    assert_eq!((metrics["hotpotato_pages_held_total"], metrics["hotpotato_digests_total"]), (4.0, 1.0));
    house.silent_for(Duration::from_secs(12)).await;
    house.finish().await;
}

fn codes(one: &str, other: &str) -> String {
    let mut codes = [one, other];
    codes.sort_unstable();
    codes.join(", ")
}

#[tokio::test]
async fn what_was_sent_before_a_restart_counts_and_what_was_put_off_comes_after_it() {
    let mut house = House::with(by_sms("[\"1/20s\"]")).await;
    let first = house.fire("Checkout answers 500").await;
    let sms = house.page(ANNA.sms).await;
    house.recorded(&first.id, "accepted by the provider", 1).await;
    let second = house.fire("disk full").await;
    house.recorded(&second.id, "put off until", 1).await;
    house.kill9_and_restart().await;
    let third = house.fire("fan broken").await;
    house.recorded(&third.id, "put off until", 1).await;
    let digest = house.page(ANNA.sms).await;
    assert!(digest.at_ms - sms.at_ms >= 19_800, "{} ms after the first", digest.at_ms - sms.at_ms);
    let rest = if digest.words().contains("2 allarmi: ") { None } else { Some(house.page(ANNA.sms).await) };
    let words = digest.words() + &rest.map(|rest| rest.words()).unwrap_or_default();
    assert!(words.contains(&second.code) && words.contains(&third.code), "{words}");
    house.finish().await;
}

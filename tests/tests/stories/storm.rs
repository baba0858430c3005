//! Problems that come together are one page, and a source that says too much is told of.

use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

use tests::house::House;
use tests::household::{ANNA, Household};
use tests::wait;

/// Problems of the shop that come within ten minutes of one another are one alert.
fn grouping() -> Household {
    Household::default().service("group_within: 10m, group_again_after: 3")
}

fn problem(key: &str, severity: &str) -> Value {
    json!({ "summary": format!("{key} is down"), "dedup_key": key, "severity": severity })
}

fn over(key: &str) -> Value {
    json!({ "dedup_key": key, "status": "resolved" })
}

/// How many problems each open alert is about.
async fn problems(house: &House) -> Vec<u64> {
    let listed = house.cli(&["alerts", "--format", "json"]).await.json();
    let alerts = listed.as_array().expect("a list").iter();
    alerts.map(|alert| alert["problems"].as_u64().expect("a number")).collect()
}

#[tokio::test]
async fn fifty_problems_in_one_body_are_one_alert_one_page_and_over_together() {
    let mut house = House::with(grouping()).await;
    let names: Vec<String> = (0..50).map(|number| format!("db{number}")).collect();
    let body: Vec<Value> = names.iter().map(|name| problem(name, "error")).collect();
    house.post_generic(&Value::from(body)).await.ok();
    assert_eq!(problems(&house).await, [50]);
    let page = house.page(ANNA.push).await;
    let [alert] = &house.alerts().await[..] else { panic!("one alert is open") };
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    let shown = house.cli(&["alert", "show", &alert.id]).await.done().to_owned();
    assert!(shown.contains("Problem 50 joined"), "{shown}");

    let body: Vec<Value> = names[1..].iter().map(|name| over(name)).collect();
    house.post_generic(&Value::from(body)).await.ok();
    assert_eq!(problems(&house).await, [1]);
    house.post_generic(&over("db0")).await.ok();
    assert_eq!(problems(&house).await, [0; 0]);
    house.stand_ins().call("cancel", |call| Some(&call.destination) == page.receipt.as_ref()).await;
    house.finish().await;
}

#[tokio::test]
async fn whoever_has_a_group_hears_of_worse_and_of_many_more_and_of_nothing_else() {
    let mut house = House::with(grouping()).await;
    house.post_generic(&problem("db", "warning")).await.ok();
    house.page(ANNA.push).await;
    let id = house.listed("db is down").await.id;
    house.recorded(&id, "accepted by the provider", 1).await;
    house.cli(&["alert", "ack", &id]).await.done();
    house.post_generic(&problem("web", "warning")).await.ok();
    house.post_generic(&problem("cache", "warning")).await.ok();
    // Late-comers are silent.
    house.silent_for(Duration::from_millis(300)).await;

    house.post_generic(&problem("shop", "critical")).await.ok();
    let again = house.page(ANNA.push).await;
    assert!(again.words().contains("4 problemi: shop is down"), "{again:?}");
    house.recorded(&id, "accepted by the provider", 2).await;
    house.cli(&["alert", "ack", &id]).await.done();
    for number in 0..3 {
        house.post_generic(&problem(&format!("node{number}"), "warning")).await.ok();
    }
    // Seven are not twice four.
    house.silent_for(Duration::from_millis(300)).await;
    house.post_generic(&problem("node3", "warning")).await.ok();
    let more = house.page(ANNA.push).await;
    assert!(more.words().contains("8 problemi: shop is down"), "{more:?}");
    house.recorded(&id, "accepted by the provider", 3).await;
    house.finish().await;
}

#[tokio::test]
async fn a_problem_still_belongs_to_its_alert_after_a_crash() {
    let mut house = House::with(grouping()).await;
    for key in ["db", "web"] {
        house.post_generic(&problem(key, "error")).await.ok();
    }
    house.page(ANNA.push).await;
    let id = house.listed("db is down").await.id;
    house.recorded(&id, "accepted by the provider", 1).await;
    house.kill9_and_restart().await;
    house.post_generic(&problem("cache", "error")).await.ok();
    assert_eq!(problems(&house).await, [3]);
    for key in ["db", "web", "cache"] {
        house.post_generic(&over(key)).await.ok();
    }
    wait::until("the alert to be over", async || house.open().await.is_empty().then_some(())).await;
    house.finish().await;
}

#[tokio::test]
async fn a_hold_until_one_more_problem_joins_says_so_and_ends_then() {
    let mut house = House::with(grouping()).await;
    house.post_generic(&problem("db", "warning")).await.ok();
    house.page(ANNA.push).await;
    let id = house.listed("db is down").await.id;
    house.recorded(&id, "accepted by the provider", 1).await;
    let hold = json!({ "for_seconds": 3_600, "unless_joined": true });
    house.api(Method::POST, &format!("/alerts/{id}/hold"), Some(hold)).await.ok();
    let shown = house.cli(&["alert", "show", &id]).await.done().to_owned();
    assert!(shown.contains("or until one more problem joins"), "{shown}");
    house.post_generic(&problem("web", "warning")).await.ok();
    let page = house.page(ANNA.push).await;
    assert!(page.words().contains("2 problemi: db is down"), "{page:?}");
    house.recorded(&id, "accepted by the provider", 2).await;
    house.finish().await;
}

#[tokio::test]
async fn a_source_that_floods_becomes_one_alert_for_the_service_and_one_about_itself() {
    let mut house = House::with(Household::default().flood_at(5)).await;
    let body: Vec<Value> = (0..100).map(|number| problem(&format!("node{number}"), "error")).collect();
    house.post_generic(&Value::from(body)).await.ok();
    wait::until("six alerts", async || (house.alerts().await.len() == 6).then_some(())).await;
    let mut counts = problems(&house).await;
    counts.sort_unstable();
    assert_eq!(counts, [1, 1, 1, 1, 1, 96]);
    let flood = house.listed("scripts reports more than 5 new problems a minute").await;
    assert_eq!(flood.severity, "warning");
    for _ in 0..6 {
        house.page(ANNA.push).await;
    }
    wait::until("every page to be recorded", async || {
        let metrics = house.metrics().await;
        (metrics["hotpotato_alert_actors"] < 1.0).then_some(())
    })
    .await;
    house.finish().await;
}

//! Providers are asked at the start whether they would take a page; whoever runs the house hears of it when one would not,
//! by another.

use reqwest::Method;
use serde_json::json;
use tests::house::House;
use tests::household::{Household, OPERATORS_PAGER, OPERATORS_PUSH};
use tests::plan::Plan;
use tests::wait;

/// What the house says of its channels, once every provider was asked.
async fn channels(house: &House) -> Vec<serde_json::Value> {
    wait::until("every provider to be asked", async || {
        let all = house.api(Method::GET, "/channels", None).await.json();
        let all = all.as_array()?.clone();
        all.iter().all(|channel| channel["asked_at"].is_string()).then_some(all)
    })
    .await
}

#[tokio::test]
async fn providers_that_would_take_a_page_are_said_to_and_nobody_is_told() {
    let house = House::with(Plan::from(Household::default()).with_probes()).await;
    let channels = channels(&house).await;
    let names: Vec<_> = channels.iter().map(|channel| channel["channel"].as_str()).collect();
    assert_eq!(names, [Some("pushover"), Some("twilio-main"), Some("snpp-main")]);
    assert!(channels.iter().all(|channel| channel["sound"] == true), "{channels:#?}");
    let table = house.cli(&["channels", "--lang", "it"]).await;
    assert_eq!(table.done().matches("accetta chiamate").count(), 3, "{table:#?}");
    let metrics = house.metrics().await;
    assert_eq!(metrics.get("hotpotato_channel_sound{channel=\"twilio-main\"}"), Some(&1.0), "{metrics:?}");
    house.finish().await;
}

#[tokio::test]
async fn credentials_that_are_not_taken_any_more_are_told_to_the_operators_at_the_start() {
    let mut house = House::with(Plan::from(Household::default()).with_probes()).await;
    house.terminate().await;
    std::fs::write(house.path("keys/twilio"), "revoked").expect("a file can be written");
    house.start().await;
    for operator in [OPERATORS_PUSH, OPERATORS_PAGER] {
        let page = house.page(operator).await;
        assert!(page.text.contains("twilio-main") && page.text.contains("401"), "{page:#?}");
        assert!(!page.text.contains("revoked"), "{page:#?}");
    }
    let channels = channels(&house).await;
    assert_eq!((&channels[1]["sound"], &channels[1]["why"]), (&json!(false), &json!("unauthorized")));
    house.finish().await;
}

#[tokio::test]
async fn a_provider_that_is_ill_is_told_by_another() {
    let mut house = House::with(Plan::from(Household::default()).with_probes()).await;
    house.terminate().await;
    std::fs::write(house.path("keys/pushover"), "azGDORePK8gMaC0Q").expect("a file can be written");
    house.start().await;
    let page = house.page(OPERATORS_PAGER).await;
    assert!(page.text.contains("channel pushover would not take a page"), "{page:#?}");
    house.finish().await;
}

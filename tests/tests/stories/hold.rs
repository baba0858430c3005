//! Putting an alert off from the command line: until a time of day, unless it gets worse or more join, and taking that
//! back.

use reqwest::Method;
use serde_json::{Value, json};
use tests::house::House;
use tests::household::{ANNA, Household};

fn problem(key: &str, severity: &str) -> Value {
    json!({ "summary": format!("{key} is down"), "dedup_key": key, "severity": severity })
}

/// A house with an alert of which Anna was paged, and its code. Problems of the shop join it.
async fn paged() -> (House, String) {
    let mut house = House::with(Household::default().service("group_within: 10m")).await;
    house.post_generic(&problem("db", "warning")).await.ok();
    house.page(ANNA.push).await;
    let alert = house.listed("db is down").await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    (house, alert.code)
}

#[tokio::test]
async fn an_alert_is_put_off_until_a_time_of_day_and_everybody_sees_by_whom_and_unless_what() {
    let (house, code) = paged().await;
    let hold = ["alert", "hold", &code, "--until", "07:30", "--unless-joined", "--zone", "Europe/Rome"];
    let said = house.cli(&hold).await;
    assert!(said.done().contains("07:30 CET") || said.done().contains("07:30 CEST"), "{said:#?}");
    assert!(said.done().contains("until one more problem joins"), "{said:#?}");
    assert!(said.done().contains("unless it becomes critical"), "{said:#?}");

    for line in [&["alerts"][..], &["alert", "show", &code]] {
        let shown = house.cli(&[line, &["--zone", "Europe/Rome"]].concat()).await;
        let shown = shown.done();
        assert!(shown.contains("07:30 CE") && shown.contains("owner"), "{shown}");
        assert!(shown.contains("one more problem joins"), "{shown}");
    }
    let listed = house.cli(&["alerts", "--format", "json"]).await.json();
    assert_eq!(listed[0]["hold"]["unless_joined"], 1, "{listed:#}");
    assert!(listed[0]["until"].is_string(), "{listed:#}");
    for (language, words) in
        [("de", "eine weitere Störung kommt dazu"), ("it", "si aggiunge un altro problema")]
    {
        let shown = house.cli(&["alerts", "--lang", language]).await;
        assert!(shown.done().contains(words), "{shown:#?}");
    }
    house.finish().await;
}

#[tokio::test]
async fn what_is_put_off_pages_again_when_somebody_ends_that_when_it_is_critical_and_when_enough_join() {
    let (mut house, code) = paged().await;
    let alert = house.listed("db is down").await;
    house.cli(&["alert", "hold", &code, "--for", "1h", "--unless-joined", "2"]).await.done();
    house.post_generic(&problem("web", "warning")).await.ok();
    assert_eq!(house.listed("db is down").await.state, "held");
    house.post_generic(&problem("cache", "warning")).await.ok();
    house.page(ANNA.push).await;
    house.recorded(&alert.id, "accepted by the provider", 2).await;

    house.cli(&["alert", "unhold", &code]).await.refused(1);
    house.cli(&["alert", "hold", &code, "--for", "1h"]).await.done();
    house.cli(&["alert", "unhold", &code]).await.done();
    house.page(ANNA.push).await;
    house.recorded(&alert.id, "accepted by the provider", 3).await;
    let shown = house.cli(&["alert", "show", &code]).await;
    assert!(shown.done().contains("has ended the hold"), "{shown:#?}");

    house.cli(&["alert", "hold", &code, "--for", "1h"]).await.done();
    house.post_generic(&problem("db", "critical")).await.ok();
    let page = house.page(ANNA.push).await;
    house.recorded(&alert.id, "accepted by the provider", 4).await;
    house.cli(&["alert", "resolve", &code]).await.done();
    house.stand_ins().call("cancel", |call| Some(&call.destination) == page.receipt.as_ref()).await;
    house.finish().await;
}

#[tokio::test]
async fn holds_that_cannot_be_are_refused_with_what_to_do() {
    let (house, code) = paged().await;
    let wrong: [&[&str]; 4] = [
        &[],
        &["--until", "25:00"],
        &["--for", "1h", "--until", "07:30"],
        &["--for", "1h", "--unless-joined", "0"],
    ];
    for more in wrong {
        house.cli(&[&["alert", "hold", &code][..], more].concat()).await.refused(2);
    }
    let past = house.cli(&["alert", "hold", &code, "--until", "2001-01-01T00:00"]).await;
    assert!(past.refused(1).contains("over already"), "{past:#?}");
    let long = house.cli(&["alert", "hold", &code, "--for", "26h"]).await;
    assert!(long.refused(1).contains("a day at most"), "{long:#?}");
    let body = json!({ "for_seconds": 9, "unless_joined": "x" });
    let nonsense = house.api(Method::POST, &format!("/alerts/{code}/hold"), Some(body)).await;
    assert_eq!(nonsense.status, 422);

    let line = ["work", "start", "x", "--worker", "callum", "--source", "scripts", "--for", "1h", "--hold"];
    house.cli(&line).await.done();
    house.post_generic(&problem("web", "warning")).await.ok();
    let held = house.listed("web is down").await;
    let refused = house.cli(&["alert", "unhold", &held.code]).await;
    assert!(refused.refused(1).contains("work end"), "{refused:#?}");
    house.finish().await;
}

//! The conservation ledger: every problem that was accepted is somewhere, and is still there after a crash.

use serde_json::{Value, json};
use tests::house::House;
use tests::household::{ANNA, CALLUM, Household};
use tests::stand_ins::Provider;
use tests::wait;

/// A warning about this host.
fn problem(host: &str) -> Value {
    json!({
        "summary": format!("{host} is slow"), "dedup_key": host, "severity": "warning", "labels": { "host": host },
    })
}

async fn ledger(house: &House) -> Value {
    house.cli(&["ledger", "--format", "json"]).await.json()
}

/// Waits until so many were accepted, and says what became of them, without what nothing became.
async fn settled(house: &House, accepted: u64, waiting: u64) -> Value {
    wait::until("the ledger is settled", async || {
        let told = ledger(house).await;
        let is_settled = told["accepted"] == accepted && told["whereabouts"]["waiting"] == waiting;
        (is_settled && told["under_way"] == 0).then_some(told)
    })
    .await
}

async fn start_work(house: &House, host: &str, more: &[&str]) -> String {
    let scope = format!("host={host}");
    let line = ["work", "start", "new disks", "--worker", "callum", "--label", &scope, "--for", "2h"];
    let line = [&line[..], &["--format", "json"], more].concat();
    house.cli(&line).await.json()["id"].as_str().expect("a name").to_owned()
}

#[tokio::test]
async fn one_is_paged_one_joins_one_is_held_one_goes_to_who_works_and_all_are_still_so_after_a_crash() {
    let mut house = House::with(Household::default().service("group_within: 10m")).await;
    let said = house.cli(&["ledger"]).await;
    assert!(said.done().contains("The ledger agrees"), "{said:#?}");

    let routes = start_work(&house, "web", &["--wait", "50m"]).await;
    let holds = start_work(&house, "old", &["--hold"]).await;
    house.post_generic(&problem("db1")).await.ok();
    house.page(ANNA.push).await;
    house.post_generic(&problem("db2")).await.ok();
    house.post_generic(&problem("db2")).await.ok();
    house.post_generic(&problem("web")).await.ok();
    house.page(CALLUM.push).await;
    house.post_generic(&problem("old")).await.ok();

    let told = settled(&house, 4, 0).await;
    let became = json!({
        "paged": 1, "joined": 1, "rerouted": 1, "held_for_work": 1, "held": 0, "acknowledged": 0, "over": 0,
        "nobody": 0, "set_aside": 0, "waiting": 0,
    });
    assert_eq!(told["whereabouts"], became, "{told:#}");
    assert_eq!((&told["difference"], &told["agrees"]), (&json!(0), &json!(true)), "{told:#}");

    for (bucket, work, summary) in
        [("held-for-work", &holds, "old is slow"), ("rerouted", &routes, "web is slow")]
    {
        let said = house.cli(&["ledger", "--in", bucket]).await;
        assert!(said.done().contains(summary) && said.done().contains(work.as_str()), "{said:#?}");
    }
    let host = house.listed("db1 is slow").await;
    let joined = house.cli(&["ledger", "--in", "joined", "--format", "json"]).await.json();
    assert_eq!((&joined["alerts"][0]["id"], &joined["alerts"][0]["problems"]), (&json!(host.id), &json!(2)));
    let paged = house.cli(&["ledger", "--in", "paged"]).await;
    assert!(paged.done().contains(&host.code) && !paged.done().contains("old is slow"), "{paged:#?}");
    let german = house.cli(&["ledger", "--lang", "de"]).await;
    assert!(german.done().contains("Die Bilanz stimmt:"), "{german:#?}");
    let metrics = house.metrics().await;
    assert!((metrics["hotpotato_ledger_accepted_total"] - 4.0).abs() < 0.1, "{metrics:#?}");
    assert!(metrics["hotpotato_ledger_difference"].abs() < 0.1, "{metrics:#?}");
    assert!(
        (metrics["hotpotato_ledger_problems{whereabouts=\"rerouted\"}"] - 1.0).abs() < 0.1,
        "{metrics:#?}"
    );

    house.kill9_and_restart().await;
    let told = settled(&house, 4, 0).await;
    assert_eq!(told["whereabouts"], became, "{told:#}");

    for alert in house.open().await {
        house.cli(&["alert", "resolve", &alert.code]).await.done();
    }
    let told = settled(&house, 4, 0).await;
    let (rerouted, over) = (&told["whereabouts"]["rerouted"], &told["whereabouts"]["over"]);
    assert_eq!((rerouted, over), (&json!(1), &json!(1)), "what was held was over before anybody was paged");
    assert_eq!(told["difference"], 0);
    house.finish().await;
}

#[tokio::test]
async fn what_waits_for_its_first_page_is_named_with_since_when() {
    let mut house = House::with(Household::default()).await;
    let fails = json!([{ "behaviour": { "kind": "fail", "status": 429 } }]);
    house.stand_ins().behave(Provider::Pushover, fails).await;
    house.post_generic(&problem("db1")).await.ok();
    let told = settled(&house, 1, 1).await;
    let alert = house.listed("db1 is slow").await;
    assert_eq!(told["longest_wait"]["id"], json!(alert.id), "{told:#}");
    let said = house.cli(&["ledger"]).await;
    assert!(said.done().contains("Waiting longest: ") && said.done().contains(&alert.code), "{said:#?}");
    let wrong = house.cli(&["ledger", "--in", "nowhere"]).await;
    wrong.refused(2);
    house.cli(&["alert", "resolve", &alert.code]).await.done();
    // As often as it was tried.
    assert!(!house.claim_all(ANNA.push).await.is_empty());
    house.finish().await;
}

//! Pagers that answer: whoever was paged presses a key there, and the alert is theirs, or goes on to the next.

use std::time::Duration;

use serde_json::json;
use tests::house::House;
use tests::household::{ANNA, BERND, Household};
use tests::plan::Plan;
use tests::stand_ins::Provider;

/// Anna has a pager that can be answered, then Bernd is paged by push.
async fn paged_by_pager() -> House {
    let household = Household::default()
        .ladder(ANNA, &["{ contact: pager, after: 0s }"])
        .steps(&["{ page: [{ person: anna }], wait: 1h }", "{ page: [{ person: bernd }], wait: 1h }"]);
    let mut plan = Plan { pager: "two_way = true\n".to_owned(), ..Plan::from(household) };
    plan.stand_ins.extend(["--snpp-level", "3"].map(str::to_owned));
    House::with(plan).await
}

#[tokio::test]
async fn whoever_answers_on_the_pager_has_the_alert() {
    let mut house = paged_by_pager().await;
    let alert = house.fire("disk full").await;
    let page = house.page(ANNA.pager).await;
    assert_eq!(
        ["MCRE 01", "MCRE 02"].map(|choice| page.field(choice)),
        ["Ci penso io", "Avanti"],
        "{page:#?}"
    );
    assert_eq!(page.receipt.as_deref(), Some("32001 4001"));
    house.recorded(&alert.id, "accepted by the provider", 1).await;

    house.stand_ins().pager(ANNA.pager, json!("delivered")).await;
    house.recorded(&alert.id, "delivered", 1).await;
    house.stand_ins().pager(ANNA.pager, json!("read")).await;
    house.recorded(&alert.id, "“read”", 1).await;
    assert_eq!(house.listed("disk full").await.state, "open", "to read it is not to have it");
    // The house that asks is another one than that which paged.
    house.kill9_and_restart().await;
    house.stand_ins().pager(ANNA.pager, json!({ "chosen": "01" })).await;
    house.recorded(&alert.id, "(answer on the pager)", 1).await;
    house.recorded(&alert.id, "“answered”", 1).await;
    assert_eq!(house.listed("disk full").await.state, "acknowledged");
    house.finish().await;
}

#[tokio::test]
async fn whoever_passes_it_on_at_the_pager_does_so_once() {
    let mut house = paged_by_pager().await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.pager).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    house.stand_ins().pager(ANNA.pager, json!({ "chosen": "02" })).await;
    house.page(BERND.push).await;
    house.recorded(&alert.id, "“answered”", 1).await;
    assert_eq!(house.listed("disk full").await.state, "open");
    // Longer than until the next question: it is not asked any more, also after a restart.
    let asked = house.stand_ins().count(Provider::Snpp, "status").await;
    house.kill9_and_restart().await;
    house.silent_for(Duration::from_secs(16)).await;
    assert_eq!(house.stand_ins().count(Provider::Snpp, "status").await, asked);
    house.finish().await;
}

#[tokio::test]
async fn words_from_a_pager_are_kept_and_a_gateway_in_trouble_does_no_harm() {
    let mut house = paged_by_pager().await;
    let rule = json!([{ "behaviour": { "kind": "drop_before" }, "on": "status", "times": 1 }]);
    house.stand_ins().behave(Provider::Snpp, rule).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.pager).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    house.stand_ins().pager(ANNA.pager, json!({ "written": "chi ha le chiavi? \"OK\" ." })).await;
    house.recorded(&alert.id, "“answered (chi ha le chiavi? \"OK\" .)”", 1).await;
    assert_eq!(house.listed("disk full").await.state, "open");
    house.cli(&["alert", "ack", &alert.id]).await.done();
    house.finish().await;
}

#[tokio::test]
async fn what_expired_before_it_reached_the_pager_climbs_at_once() {
    let household =
        Household::default().ladder(ANNA, &["{ contact: pager, after: 0s }", "{ contact: push, after: 1h }"]);
    let mut plan = Plan { pager: "two_way = true\n".to_owned(), ..Plan::from(household) };
    plan.stand_ins.extend(["--snpp-level", "3"].map(str::to_owned));
    let mut house = House::with(plan).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.pager).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    house.stand_ins().pager(ANNA.pager, json!("expired")).await;
    house.page(ANNA.push).await;
    house.recorded(&alert.id, "MESSAGE EXPIRED Before Delivery", 1).await;
    house.cli(&["alert", "ack", &alert.id]).await.done();
    house.finish_telling().await;
}

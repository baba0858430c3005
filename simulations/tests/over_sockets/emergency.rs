//! Pushover's emergencies: <https://pushover.net/api/receipts>.

use std::time::Duration;

use serde_json::json;
use simulations::behaviour::{Behaviour, Rule};
use simulations::ledger::Call;
use simulations::stand_in::pushover::{PushoverOptions, Ringing};
use simulations::stand_ins::StandInsOptions;

use crate::product::Product;
use crate::pushover::{ANNA, BERND, TOKEN, receipt, ring};
use crate::{SOON, answered, client, stand_ins, stand_ins_with};

#[tokio::test]
async fn an_emergency_rings_until_it_is_acknowledged_and_calls_back() {
    let product = Product::start(&[500]).await;
    let callback_retry = Duration::from_millis(20);
    let options = PushoverOptions { callback_retry, ..PushoverOptions::default() };
    let house = stand_ins_with(StandInsOptions { pushover: options, ..StandInsOptions::default() }).await;
    let client = client();
    let callback = format!("{}/callbacks/pushover", product.url);
    let handle = ring(&house, &client, &[("callback", &callback)]).await;
    assert_eq!(handle.len(), 30);
    assert!(handle.bytes().all(|byte| byte.is_ascii_alphanumeric()));

    let before = receipt(&house, &client, &handle).await.body;
    assert_eq!(
        (&before["acknowledged"], &before["expired"], &before["called_back"]),
        (&json!(0), &json!(0), &json!(0))
    );
    assert_eq!(
        before["expires_at"].as_u64().zip(before["last_delivered_at"].as_u64()).map(|(a, b)| a - b),
        Some(10_800)
    );
    assert_eq!(house.pushover().ringing().len(), 1);

    let acknowledged = house.pushover().acknowledge(&Ringing::User(ANNA), "pixel");
    assert_eq!(acknowledged, std::slice::from_ref(&handle));
    assert!(house.pushover().ringing().is_empty());
    assert!(house.pushover().acknowledge(&Ringing::Receipt(&handle), "pixel").is_empty(), "only once");

    let received = product.wait_for(2).await;
    assert_eq!(received[0].path, "/callbacks/pushover");
    assert_eq!(received[1].fields, received[0].fields, "sent again, because the first was answered 500");
    assert_eq!(received[1].fields["receipt"], handle);
    assert_eq!(received[1].fields["acknowledged"], "1");
    assert_eq!(received[1].fields["acknowledged_by"], ANNA);
    assert_eq!(received[1].fields["acknowledged_by_device"], "pixel");

    let reported = house.ledger().wait_for(SOON, |entry| entry.call == Call::Report && entry.processed).await;
    assert_eq!(reported.expect("a report that was answered").receipt, Some(handle.clone()));
    let after = receipt(&house, &client, &handle).await.body;
    assert_eq!((&after["acknowledged"], &after["acknowledged_by"]), (&json!(1), &json!(ANNA)));
    assert_eq!(after["acknowledged_by_device"], "pixel");
    assert!(after["acknowledged_at"].as_u64().is_some_and(|at| at > 0));
}

#[tokio::test]
async fn the_callback_that_was_answered_shows_in_the_receipt() {
    let product = Product::start(&[]).await;
    let (house, client) = (stand_ins().await, client());
    let handle = ring(&house, &client, &[("callback", &product.url)]).await;
    house.pushover().acknowledge(&Ringing::Receipt(&handle), "phone");
    product.wait_for(1).await;
    let called_back = async {
        loop {
            let status = receipt(&house, &client, &handle).await.body;
            if status["called_back"] == 1 {
                return status["called_back_at"].clone();
            }
        }
    };
    let at = tokio::time::timeout(SOON, called_back).await.expect("the answer is noted");
    assert_ne!(at, json!(0));
}

#[tokio::test]
async fn a_cancelled_emergency_rings_no_more() {
    let (house, client) = (stand_ins().await, client());
    let base = &house.addresses().pushover;
    let first = ring(&house, &client, &[]).await;
    let second = ring(&house, &client, &[("tags", "shop, alert-7KQ2M")]).await;
    let third = ring(&house, &client, &[("tags", "alert-7KQ2M")]).await;

    let url = format!("{base}/1/receipts/{first}/cancel.json");
    let cancelled = answered(client.post(&url).form(&[("token", TOKEN)])).await;
    assert_eq!((cancelled.status, &cancelled.body["status"]), (200, &json!(1)));
    assert_eq!(receipt(&house, &client, &first).await.body["expired"], 1);

    let url = format!("{base}/1/receipts/cancel_by_tag/alert-7KQ2M.json");
    let cancelled = answered(client.post(&url).form(&[("token", TOKEN)])).await;
    assert_eq!(cancelled.body["canceled"], 2);
    assert!(house.pushover().ringing().is_empty());
    assert!(house.pushover().acknowledge(&Ringing::Receipt(&second), "phone").is_empty());
    assert_eq!(receipt(&house, &client, &third).await.body["acknowledged"], 0);
    let cancels = house.ledger().entries().into_iter().filter(|entry| entry.call == Call::Cancel).count();
    assert_eq!(cancels, 2);
}

#[tokio::test]
async fn receipts_belong_to_their_application() {
    let (house, client) = (stand_ins().await, client());
    let handle = ring(&house, &client, &[]).await;
    let base = &house.addresses().pushover;
    let foreign = answered(client.get(format!("{base}/1/receipts/{handle}.json?token={BERND}"))).await;
    assert_eq!((foreign.status, &foreign.body["receipt"]), (404, &json!("invalid")));
    let tokenless = answered(client.get(format!("{base}/1/receipts/{handle}.json"))).await;
    assert_eq!((tokenless.status, &tokenless.body["token"]), (400, &json!("invalid")));
    let unknown =
        answered(client.post(format!("{base}/1/receipts/none/cancel.json")).form(&[("token", TOKEN)])).await;
    assert_eq!(unknown.status, 404);
    let nowhere = answered(client.get(format!("{base}/1/messages.json"))).await;
    assert_eq!(nowhere.status, 404);
    let last = house.ledger().entries().pop().expect("an entry");
    assert_eq!(
        (last.call, last.destination.as_str(), last.text.as_str()),
        (Call::Unknown, "/1/messages.json", "GET")
    );
}

#[tokio::test]
async fn callbacks_can_be_missing_or_twofold() {
    let product = Product::start(&[]).await;
    let (house, client) = (stand_ins().await, client());
    let first = format!("{}/missing", product.url);
    let second = format!("{}/twice", product.url);
    house.pushover().script().set(vec![
        Rule::new(Behaviour::ReportMissing).times(1),
        Rule::new(Behaviour::ReportDuplicated { copies: 2 }).times(1),
        Rule::new(Behaviour::ReportLate { ms: 10 }).times(1),
    ]);
    let silent = ring(&house, &client, &[("callback", &first)]).await;
    let twofold = ring(&house, &client, &[("callback", &second)]).await;
    let late = ring(&house, &client, &[("callback", &second)]).await;
    for handle in [&silent, &twofold, &late] {
        house.pushover().acknowledge(&Ringing::Receipt(handle), "phone");
    }
    let received = product.wait_for(3).await;
    assert!(received.iter().all(|report| report.path == "/twice"));
    let of = |handle: &str| received.iter().filter(|report| report.fields["receipt"] == handle).count();
    assert_eq!((of(&silent), of(&twofold), of(&late)), (0, 2, 1));
    assert_eq!(
        receipt(&house, &client, &silent).await.body["acknowledged"],
        1,
        "a poll finds it all the same"
    );
}

#[tokio::test]
async fn reports_never_leave_this_machine() {
    let (house, client) = (stand_ins().await, client());
    let handle = ring(&house, &client, &[("callback", "https://pager.example/callbacks/pushover")]).await;
    house.pushover().acknowledge(&Ringing::Receipt(&handle), "phone");
    let report = house.ledger().wait_for(SOON, |entry| entry.call == Call::Report).await.expect("an entry");
    assert_eq!(report.answer.body, "not sent: pager.example is not on this machine");
    assert!(!report.processed);
}

#[tokio::test]
async fn a_member_of_a_group_acknowledges_with_their_own_key() {
    let (house, client) = (stand_ins().await, client());
    let handle = ring(&house, &client, &[]).await;
    let tapped = house.pushover().acknowledge(&Ringing::Member { receipt: &handle, by: BERND }, "tablet");
    assert_eq!(tapped, std::slice::from_ref(&handle));
    assert_eq!(receipt(&house, &client, &handle).await.body["acknowledged_by"], BERND);
}

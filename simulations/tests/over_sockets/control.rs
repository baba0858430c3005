//! The control API and the ledger.

use serde_json::{Value, json};
use simulations::ledger::{Call, Entry};
use simulations::stand_ins::StandIns;

use crate::product::Product;
use crate::{MOMENT, SOON, answered, client, stand_ins};

const TOKEN: &str = "azGDORePK8gMaC0QOYAMyEEuzJnyUi";
const ANNA: &str = "uQiRzpo4DXghDmr9QzzfQu27cmVRsG";

async fn ring(house: &StandIns) -> Value {
    let url = format!("{}/1/messages.json", house.addresses().pushover);
    let body =
        json!({ "token": TOKEN, "user": ANNA, "message": "m", "priority": 2, "retry": 30, "expire": 60 });
    answered(client().post(url).json(&body)).await.body
}

#[tokio::test]
async fn the_ledger_is_read_filtered_and_cleared() {
    let (house, client) = (stand_ins().await, client());
    let control = house.addresses().control.clone();
    assert_eq!(
        answered(client.get(format!("{control}/addresses"))).await.body["snpp"],
        house.addresses().snpp
    );
    assert_eq!(answered(client.get(format!("{control}/ledger"))).await.body, json!([]));
    ring(&house).await;
    ring(&house).await;
    let all = answered(client.get(format!("{control}/ledger"))).await.body;
    let entries: Vec<Entry> = serde_json::from_value(all.clone()).expect("entries");
    assert_eq!(entries, house.ledger().entries());
    assert_eq!(
        (&all[0]["provider"], &all[0]["call"], &all[0]["seq"]),
        (&json!("pushover"), &json!("send"), &json!(1))
    );
    let after = answered(client.get(format!("{control}/ledger?after=1"))).await.body;
    assert_eq!(after.as_array().map(Vec::len), Some(1));
    let others = answered(client.get(format!("{control}/ledger?provider=snpp&call=send"))).await.body;
    assert_eq!(others, json!([]));
    assert_eq!(answered(client.delete(format!("{control}/ledger"))).await.status, 204);
    assert!(house.ledger().entries().is_empty());
    ring(&house).await;
    assert_eq!(house.ledger().entries()[0].seq, 3, "numbers go on");
}

#[tokio::test]
async fn a_reader_can_wait_for_what_comes() {
    let (house, client) = (stand_ins().await, client());
    let url = format!("{}/ledger?call=send&wait_ms=10000", house.addresses().control);
    let reader = tokio::spawn(async move { answered(client.get(url)).await.body });
    let mut subscription = house.ledger().subscribe();
    ring(&house).await;
    assert_eq!(reader.await.expect("a reader")[0]["destination"], ANNA);
    assert_eq!(subscription.next().await.seq, 1);
    assert!(tokio::time::timeout(MOMENT, subscription.next()).await.is_err());
    let missing =
        house.ledger().wait_for(MOMENT, |entry| entry.call == Call::Cancel).await.expect_err("no cancel");
    assert_eq!(missing.seen.len(), 1);
}

#[tokio::test]
async fn behaviour_is_set_read_and_reset() {
    let (house, client) = (stand_ins().await, client());
    let control = &house.addresses().control;
    let url = format!("{control}/behaviour/pushover");
    let one = json!({ "behaviour": { "kind": "fail" }, "destination": ANNA, "times": 1 });
    assert_eq!(answered(client.put(&url).json(&one)).await.status, 204);
    assert_eq!(ring(&house).await["status"], 0);
    assert_eq!(ring(&house).await["status"], 1);
    let left = answered(client.get(&url)).await.body;
    assert_eq!((&left[0]["times"], &left[0]["on"]), (&json!(0), &json!("send")));
    let two = json!([{ "behaviour": { "kind": "nonsense", "shape": "huge_reply" } },
                     { "behaviour": { "kind": "slow", "ms": 5 }, "on": "status" }]);
    assert_eq!(answered(client.put(&url).json(&two)).await.status, 204);
    assert_eq!(answered(client.delete(format!("{control}/behaviour"))).await.status, 204);
    assert_eq!(answered(client.get(&url)).await.body, json!([]));
    let wrong = answered(client.put(&url).json(&json!({ "behaviour": { "kind": "explode" } }))).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.body["error"].as_str().is_some_and(|error| error.contains("explode")));
    assert_eq!(answered(client.put(format!("{control}/behaviour/nobody")).json(&one)).await.status, 400);
}

#[tokio::test]
async fn a_person_acknowledges_from_outside() {
    let (house, client) = (stand_ins().await, client());
    let control = &house.addresses().control;
    let receipt = ring(&house).await["receipt"].clone();
    let ringing = answered(client.get(format!("{control}/pushover/ringing"))).await.body;
    assert_eq!((&ringing[0]["receipt"], &ringing[0]["users"]), (&receipt, &json!([ANNA])));
    let url = format!("{control}/pushover/acknowledge");
    let done = answered(client.post(&url).json(&json!({ "receipt": receipt }))).await;
    assert_eq!((done.status, &done.body["acknowledged"]), (200, &json!([receipt])));
    assert_eq!(answered(client.post(&url).json(&json!({ "user": ANNA }))).await.status, 404);
    assert_eq!(answered(client.post(&url).json(&json!({}))).await.status, 400);
    house.ledger().wait_for(SOON, |entry| entry.call == Call::Acknowledge).await.expect("an entry");
}

#[tokio::test]
async fn a_person_answers_by_sms_from_outside() {
    let product = Product::start(&[]).await;
    let (house, client) = (stand_ins().await, client());
    let sms = json!({ "url": product.url, "from": "+393331234567", "to": "+4930123456", "body": "OK 4821" });
    let answer =
        answered(client.post(format!("{}/twilio/reply", house.addresses().control)).json(&sms)).await;
    assert_eq!(answer.body, json!({ "code": 200, "body": "<Response/>" }));
    assert_eq!(product.received()[0].fields["Body"], "OK 4821");
}

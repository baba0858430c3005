//! ntfy, and whoever takes webhooks.

use reqwest::header::HeaderName;
use serde_json::json;
use simulations::behaviour::{Behaviour, Rule};
use simulations::ledger::{Call, Provider};
use simulations::stand_in::ntfy::NtfyOptions;
use simulations::stand_ins::StandInsOptions;

use crate::{answered, client, stand_ins, stand_ins_with};

#[tokio::test]
async fn ntfy_takes_a_message_of_whoever_may_publish_and_gives_it_a_number() {
    let ntfy = NtfyOptions { token: Some("tk_good".to_owned()) };
    let house = stand_ins_with(StandInsOptions { ntfy, ..StandInsOptions::default() }).await;
    let publish = |token: &str, topic: &str| {
        let message =
            json!({ "topic": topic, "title": "K7M2Q Disk full", "message": "on db1", "priority": 5 });
        client().post(&house.addresses().ntfy).bearer_auth(token).body(message.to_string())
    };
    let taken = answered(publish("tk_good", "anna-Qx7vT2kM")).await;
    assert_eq!((taken.status, &taken.body["event"]), (200, &json!("message")));
    assert_eq!(taken.body["id"].as_str().map(str::len), Some(12));
    let stranger = answered(publish("tk_bad", "anna-Qx7vT2kM")).await;
    assert_eq!((stranger.status, &stranger.body["code"]), (401, &json!(40_101)));
    let nowhere = answered(publish("tk_good", "no topic")).await;
    assert_eq!((nowhere.status, &nowhere.body["code"]), (400, &json!(40_009)));

    house.ntfy().script().set(vec![Rule::new(Behaviour::Throttle { retry_after_seconds: Some(7) })]);
    let throttled = answered(publish("tk_good", "anna-Qx7vT2kM")).await;
    assert_eq!((throttled.status, &throttled.headers["retry-after"]), (429, &"7".parse().expect("a header")));
    let taken: Vec<bool> = house.ledger().entries().iter().map(|entry| entry.processed).collect();
    assert_eq!(taken, [true, false, false, false]);
    let first = house.ledger().entries().remove(0);
    assert_eq!((first.provider, first.text.as_str()), (Provider::Ntfy, "K7M2Q Disk full\non db1"));
}

#[tokio::test]
async fn a_webhook_without_a_signature_is_not_believed() {
    let house = stand_ins().await;
    let url = format!("{}/hooks/pages", house.addresses().webhook);
    let header = |name: &'static str| HeaderName::from_static(name);
    let unsigned = client().post(&url).header(header("webhook-id"), "a_1").body("{}");
    assert_eq!(answered(unsigned).await.status, 401);
    assert_eq!(answered(client().get(&url)).await.status, 405);
    let entries = house.ledger().entries();
    assert!(
        entries.iter().all(|entry| entry.provider == Provider::Webhook && !entry.processed),
        "{entries:?}"
    );
    assert_eq!((entries[0].call, entries[0].destination.as_str()), (Call::Send, "/hooks/pages"));
    house.webhook().script().set(vec![Rule::new(Behaviour::Refuse { status: None, code: None })]);
    assert_eq!(answered(client().post(&url).body("{}")).await.status, 410);
}

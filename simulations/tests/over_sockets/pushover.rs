//! Pushover: <https://pushover.net/api>, <https://pushover.net/api/receipts>.

use reqwest::Client;
use serde_json::{Value, json};
use simulations::behaviour::{Behaviour, NonsenseShape, On, Rule};
use simulations::ledger::{Call, Provider};
use simulations::stand_in::pushover::PushoverOptions;
use simulations::stand_ins::{StandIns, StandInsOptions};

use crate::{Answered, MOMENT, SOON, answered, client, stand_ins, stand_ins_with};

pub const TOKEN: &str = "azGDORePK8gMaC0QOYAMyEEuzJnyUi";
pub const ANNA: &str = "uQiRzpo4DXghDmr9QzzfQu27cmVRsG";
pub const BERND: &str = "gznej3rKEVAvPUxu9vvNnqpmZpokzF";

fn form<'a>(extra: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![("token", TOKEN), ("user", ANNA), ("message", "7KQ2M disk /var at 5%")];
    for &(name, value) in extra {
        form.retain(|(other, _)| *other != name);
        form.push((name, value));
    }
    form
}

const EMERGENCY: &[(&str, &str)] = &[("priority", "2"), ("retry", "30"), ("expire", "10800")];

async fn send(house: &StandIns, client: &Client, extra: &[(&str, &str)]) -> Answered {
    let url = format!("{}/1/messages.json", house.addresses().pushover);
    answered(client.post(url).form(&form(extra))).await
}

pub async fn ring(house: &StandIns, client: &Client, extra: &[(&str, &str)]) -> String {
    let answer = send(house, client, &[EMERGENCY, extra].concat()).await;
    answer.body["receipt"].as_str().expect("a receipt").to_owned()
}

pub async fn receipt(house: &StandIns, client: &Client, receipt: &str) -> Answered {
    let url = format!("{}/1/receipts/{receipt}.json?token={TOKEN}", house.addresses().pushover);
    answered(client.get(url)).await
}

#[tokio::test]
async fn a_form_is_accepted_and_written_down() {
    let house = stand_ins().await;
    let answer = send(&house, &client(), &[("title", "Größe & Maß")]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["status"], 1);
    assert_eq!(answer.body["request"].as_str().map(str::len), Some(36));
    assert!(answer.body.get("receipt").is_none(), "only emergencies have a receipt");
    assert_eq!(answer.headers["x-limit-app-limit"], "10000");
    assert_eq!(answer.headers["x-limit-app-remaining"], "9999");
    assert!(answer.headers.contains_key("x-limit-app-reset"));

    let entries = house.ledger().entries();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].seq, entries[0].provider, entries[0].call), (1, Provider::Pushover, Call::Send));
    assert_eq!(entries[0].destination, ANNA);
    assert_eq!(entries[0].text, "7KQ2M disk /var at 5%");
    assert_eq!(entries[0].fields["title"], "Größe & Maß");
    assert_eq!(entries[0].answer.code, Some(200));
    assert!(entries[0].processed);
}

#[tokio::test]
async fn json_and_query_strings_are_accepted_too() {
    let (house, client) = (stand_ins().await, client());
    let url = format!("{}/1/messages.json", house.addresses().pushover);
    let body = json!({ "token": TOKEN, "user": ANNA, "message": "json", "priority": 1 });
    assert_eq!(answered(client.post(&url).json(&body)).await.status, 200);
    // As Alertmanager sends it: everything in the query string, the body empty.
    let query = client.post(&url).query(&form(&[("message", "query & string")]));
    assert_eq!(answered(query.header("content-type", "text/plain")).await.status, 200);
    let texts: Vec<String> = house.ledger().entries().into_iter().map(|entry| entry.text).collect();
    assert_eq!(texts, ["json", "query & string"]);
    assert_eq!(house.ledger().entries()[0].fields["priority"], "1");
}

#[tokio::test]
async fn what_the_documentation_forbids_is_refused() {
    let (house, client) = (stand_ins().await, client());
    let long = |count: usize| "ü".repeat(count);
    let cases: Vec<(Vec<(&str, String)>, &str)> = vec![
        (vec![("token", "short".into())], "token"),
        (vec![("token", String::new())], "token"),
        (vec![("user", "not-a-key".into())], "user"),
        (vec![("user", format!("{}!", &ANNA[1..]))], "user"),
        (vec![("message", String::new())], "message"),
        (vec![("message", long(1025))], "message"),
        (vec![("title", long(251))], "title"),
        (vec![("url", long(513))], "url"),
        (vec![("url_title", long(101))], "url_title"),
        (vec![("priority", "3".into())], "priority"),
        (vec![("priority", "-3".into())], "priority"),
        (vec![("priority", "high".into())], "priority"),
        (vec![("priority", "2".into()), ("expire", "60".into())], "retry"),
        (vec![("priority", "2".into()), ("retry", "29".into()), ("expire", "60".into())], "retry"),
        (vec![("priority", "2".into()), ("retry", "30".into())], "expire"),
        (vec![("priority", "2".into()), ("retry", "30".into()), ("expire", "10801".into())], "expire"),
        (vec![("html", "1".into()), ("monospace", "1".into())], "html"),
    ];
    for (extra, field) in cases {
        let extra: Vec<(&str, &str)> = extra.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = send(&house, &client, &extra).await;
        assert_eq!(answer.status, 400, "{extra:?}");
        assert_eq!(answer.body["status"], 0);
        assert_eq!(answer.body[field], "invalid", "{extra:?}: {}", answer.body);
        assert_eq!(answer.body["errors"].as_array().map(Vec::len), Some(1));
        assert!(answer.body["request"].is_string());
    }
    assert!(house.ledger().entries().iter().all(|entry| !entry.processed));

    let limits =
        [("message", long(1024)), ("title", long(250)), ("url", long(512)), ("url_title", long(100))];
    let limits: Vec<(&str, &str)> = limits.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(send(&house, &client, &limits).await.status, 200, "limits count characters, not bytes");
}

#[tokio::test]
async fn only_the_named_application_and_users_are_known() {
    let options = PushoverOptions {
        app_token: Some(TOKEN.to_owned()),
        users: Some([ANNA.to_owned()].into()),
        ..PushoverOptions::default()
    };
    let house = stand_ins_with(StandInsOptions { pushover: options, ..StandInsOptions::default() }).await;
    let client = client();
    assert_eq!(send(&house, &client, &[]).await.status, 200);
    assert_eq!(send(&house, &client, &[("token", BERND)]).await.body["token"], "invalid");
    assert_eq!(send(&house, &client, &[("user", BERND)]).await.body["user"], "invalid");

    let url = format!("{}/1/users/validate.json", house.addresses().pushover);
    let valid = answered(client.post(&url).form(&[("token", TOKEN), ("user", ANNA)])).await;
    assert_eq!((valid.status, &valid.body["status"]), (200, &json!(1)));
    assert_eq!(valid.body["devices"], json!(["phone"]));
    let invalid = answered(client.post(&url).form(&[("token", TOKEN), ("user", BERND)])).await;
    assert_eq!((invalid.status, &invalid.body["user"]), (400, &json!("invalid")));
}

#[tokio::test]
async fn beyond_the_quota_is_429() {
    let options = PushoverOptions { quota: 1, ..PushoverOptions::default() };
    let house = stand_ins_with(StandInsOptions { pushover: options, ..StandInsOptions::default() }).await;
    let client = client();
    assert_eq!(send(&house, &client, &[]).await.headers["x-limit-app-remaining"], "0");
    let over = send(&house, &client, &[]).await;
    assert_eq!((over.status, &over.body["status"]), (429, &json!(0)));
    assert_eq!(over.body["errors"], json!(["application has exceeded current limit of 1 messages"]));
    let url = format!("{}/1/apps/limits.json?token={TOKEN}", house.addresses().pushover);
    let limits = answered(client.get(url)).await.body;
    assert_eq!(
        (&limits["limit"], &limits["remaining"], &limits["status"]),
        (&json!(1), &json!(0), &json!(1))
    );
}

#[tokio::test]
async fn refusing_failing_and_throttling_are_worded_as_pushover_words_them() {
    let (house, client) = (stand_ins().await, client());
    house.pushover().script().set(vec![
        Rule::new(Behaviour::Refuse { status: None, code: None }).times(1),
        Rule::new(Behaviour::Fail { status: None }).times(1),
        Rule::new(Behaviour::Fail { status: Some(502) }).times(1),
        Rule::new(Behaviour::Throttle { retry_after_seconds: Some(7) }).times(1),
    ]);
    let refused = send(&house, &client, &[]).await;
    assert_eq!((refused.status, &refused.body["user"]), (400, &json!("invalid")));
    assert_eq!(send(&house, &client, &[]).await.status, 500);
    assert_eq!(send(&house, &client, &[]).await.status, 502);
    let throttled = send(&house, &client, &[]).await;
    assert_eq!((throttled.status, &throttled.headers["retry-after"]), (429, &"7".parse().expect("a value")));
    assert_eq!(send(&house, &client, &[]).await.status, 200);
    let processed: Vec<bool> = house.ledger().entries().iter().map(|entry| entry.processed).collect();
    assert_eq!(processed, [false, false, false, false, true]);
}

#[tokio::test]
async fn dropped_connections_leave_no_answer() {
    let (house, client) = (stand_ins().await, client());
    house.pushover().script().set(vec![
        Rule::new(Behaviour::DropBefore).times(1),
        Rule::new(Behaviour::DropAfter).times(1),
        Rule::new(Behaviour::Nonsense { shape: NonsenseShape::GarbageLine }).times(1),
    ]);
    for _ in 0..3 {
        let url = format!("{}/1/messages.json", house.addresses().pushover);
        let error = client.post(url).form(&form(EMERGENCY)).send().await.expect_err("no answer");
        assert!(error.is_request(), "{error:?}");
    }
    let processed: Vec<bool> = house.ledger().entries().iter().map(|entry| entry.processed).collect();
    assert_eq!(processed, [false, true, true]);
    assert!(house.ledger().entries().iter().all(|entry| entry.answer.code.is_none()));
    assert_eq!(house.pushover().ringing().len(), 2, "what was processed rings, answered or not");
    assert_eq!(send(&house, &client, &[]).await.status, 200);
}

#[tokio::test]
async fn hanging_and_slow_calls_are_in_the_ledger_at_once() {
    let (house, client) = (stand_ins().await, client());
    house.pushover().script().set(vec![
        Rule::new(Behaviour::Hang { processed: true }).to(ANNA),
        Rule::new(Behaviour::Slow { ms: 60_000 }).to(BERND),
    ]);
    let url = format!("{}/1/messages.json", house.addresses().pushover);
    for user in [ANNA, BERND] {
        let sending = tokio::spawn(client.post(&url).form(&form(&[("user", user)])).send());
        let entry = house.ledger().wait_for(SOON, |entry| entry.destination == user).await.expect("an entry");
        assert!(entry.processed);
        assert_eq!(entry.answer.code, (user == BERND).then_some(200));
        assert!(tokio::time::timeout(MOMENT, sending).await.is_err(), "no answer yet");
    }
    house.pushover().script().set(vec![Rule::new(Behaviour::Slow { ms: 30 })]);
    assert_eq!(send(&house, &client, &[]).await.status, 200);
}

#[tokio::test]
async fn nonsense_is_no_json_or_endless() {
    let (house, client) = (stand_ins().await, client());
    house.pushover().script().set(vec![
        Rule::new(Behaviour::Nonsense { shape: NonsenseShape::NotJson }).times(1),
        Rule::new(Behaviour::Nonsense { shape: NonsenseShape::HugeReply }).times(1),
    ]);
    let page = send(&house, &client, &[]).await;
    assert_eq!((page.status, page.body), (200, Value::Null));
    let url = format!("{}/1/messages.json", house.addresses().pushover);
    let huge = client.post(url).form(&form(&[])).send().await.expect("an answer");
    assert_eq!(huge.content_length(), Some(16 * 1024 * 1024));
}

#[tokio::test]
async fn a_script_can_be_for_polls_and_cancels_only() {
    let (house, client) = (stand_ins().await, client());
    house.pushover().script().set(vec![
        Rule::new(Behaviour::Fail { status: None }).on(On::Status).times(1),
        Rule::new(Behaviour::Fail { status: Some(503) }).on(On::Cancel),
    ]);
    let handle = ring(&house, &client, &[]).await;
    assert_eq!(receipt(&house, &client, &handle).await.status, 500);
    assert_eq!(receipt(&house, &client, &handle).await.status, 200);
    let url = format!("{}/1/receipts/{handle}/cancel.json", house.addresses().pushover);
    assert_eq!(answered(client.post(url).form(&[("token", TOKEN)])).await.status, 503);
    assert_eq!(house.pushover().ringing().len(), 1, "a cancel that failed changes nothing");
}

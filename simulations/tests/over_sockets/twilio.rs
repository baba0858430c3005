//! Twilio: <https://www.twilio.com/docs/messaging/api/message-resource>.

use reqwest::Client;
use serde_json::{Value, json};
use simulations::behaviour::{Behaviour, FailedState, NonsenseShape, On, Rule};
use simulations::ledger::{Call, Provider};
use simulations::stand_in::twilio::{IncomingSms, signature};
use simulations::stand_ins::StandIns;

use crate::product::{Product, Received};
use crate::{Answered, MOMENT, SOON, answered, client, stand_ins};

const ANNA: &str = "+393331234567";
const FROM: &str = "+4930123456";

/// A field that is set, or left out.
type Change<'a> = (&'a str, Option<&'a str>);

fn messages_url(house: &StandIns) -> String {
    let account = &house.twilio().options().account_sid;
    format!("{}/2010-04-01/Accounts/{account}/Messages.json", house.addresses().twilio)
}

async fn send(house: &StandIns, client: &Client, changes: &[Change<'_>]) -> Answered {
    let mut form =
        vec![("To", ANNA), ("From", FROM), ("Body", "7KQ2M disk /var at 5%"), ("ValidityPeriod", "120")];
    for &(name, value) in changes {
        form.retain(|(other, _)| *other != name);
        form.extend(value.map(|value| (name, value)));
    }
    let options = house.twilio().options();
    let request =
        client.post(messages_url(house)).basic_auth(&options.account_sid, Some(&options.auth_token));
    answered(request.form(&form)).await
}

async fn fetch(house: &StandIns, client: &Client, sid: &str) -> Answered {
    let options = house.twilio().options();
    let url = messages_url(house).replace("Messages.json", &format!("Messages/{sid}.json"));
    answered(client.get(url).basic_auth(&options.account_sid, Some(&options.auth_token))).await
}

fn statuses(received: &[Received]) -> Vec<&str> {
    received.iter().map(|report| report.fields["MessageStatus"].as_str()).collect()
}

#[tokio::test]
async fn an_accepted_message_is_shown_in_full() {
    let house = stand_ins().await;
    let answer = send(&house, &client(), &[]).await;
    assert_eq!(answer.status, 201);
    let body = answer.body;
    let sid = body["sid"].as_str().expect("a SID");
    assert_eq!(sid.len(), 34);
    assert!(sid.starts_with("SM") && sid[2..].bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(body["status"], "queued");
    assert_eq!(body["error_code"], Value::Null);
    assert_eq!(body["num_segments"], "1");
    assert_eq!((&body["to"], &body["from"]), (&json!(ANNA), &json!(FROM)));
    assert_eq!(body["direction"], "outbound-api");
    let account = &house.twilio().options().account_sid;
    assert_eq!(body["uri"], format!("/2010-04-01/Accounts/{account}/Messages/{sid}.json"));
    let created = body["date_created"].as_str().expect("a date");
    assert!(chrono::DateTime::parse_from_rfc2822(created).is_ok() && created.ends_with("+0000"), "{created}");

    let entry = house.ledger().entries().remove(0);
    assert_eq!(
        (entry.provider, entry.call, entry.destination.as_str()),
        (Provider::Twilio, Call::Send, ANNA)
    );
    assert_eq!(entry.text, "7KQ2M disk /var at 5%");
    assert_eq!(entry.receipt.as_deref(), Some(sid));
    assert_eq!(entry.fields["ValidityPeriod"], "120");
}

#[tokio::test]
async fn a_messaging_service_accepts_before_it_queues() {
    let house = stand_ins().await;
    let service = format!("MG{}", "0".repeat(32));
    let changes = [("From", None), ("MessagingServiceSid", Some(service.as_str()))];
    let answer = send(&house, &client(), &changes).await;
    assert_eq!((answer.status, &answer.body["status"]), (201, &json!("accepted")));
    assert_eq!((&answer.body["from"], &answer.body["num_segments"]), (&Value::Null, &json!("0")));
    assert_eq!(answer.body["messaging_service_sid"], service);
}

#[tokio::test]
async fn errors_have_twilio_codes() {
    let (house, client) = (stand_ins().await, client());
    let long = "x".repeat(1601);
    let cases: &[(&[Change<'_>], u32)] = &[
        (&[("To", None)], 21604),
        (&[("To", Some("0049123"))], 21211),
        (&[("To", Some("+0123456789"))], 21211),
        (&[("Body", None)], 21602),
        (&[("Body", Some(""))], 21602),
        (&[("Body", Some(&long))], 21617),
        (&[("From", None)], 21603),
        (&[("From", Some(ANNA))], 21266),
        (&[("ValidityPeriod", Some("0"))], 21624),
        (&[("StatusCallback", Some("not a url"))], 21609),
    ];
    for (changes, code) in cases {
        let answer = send(&house, &client, changes).await;
        assert_eq!(answer.status, 400, "{changes:?}");
        assert_eq!(answer.body["code"], *code, "{changes:?}");
        assert_eq!(answer.body["status"], 400);
        assert_eq!(answer.body["more_info"], format!("https://www.twilio.com/docs/errors/{code}"));
        assert!(answer.body["message"].is_string());
    }
    let fits = "x".repeat(1600);
    let answer = send(&house, &client, &[("Body", Some(&fits))]).await;
    assert_eq!((answer.status, &answer.body["num_segments"]), (201, &json!("11")));
}

#[tokio::test]
async fn strangers_are_not_served() {
    let (house, client) = (stand_ins().await, client());
    let form = [("To", ANNA), ("From", FROM), ("Body", "x")];
    let url = messages_url(&house);
    let sid = house.twilio().options().account_sid.clone();
    let requests = [
        client.post(&url).form(&form),
        client.post(&url).basic_auth(&sid, Some("wrong")).form(&form),
        client.post(&url).bearer_auth("token").form(&form),
    ];
    for request in requests {
        let answer = answered(request).await;
        assert_eq!((answer.status, &answer.body["code"]), (401, &json!(20003)));
        assert_eq!(answer.headers["www-authenticate"], "Basic realm=\"Twilio API\"");
    }
    assert_eq!(
        answered(client.get(format!("{}/nowhere", house.addresses().twilio))).await.body["code"],
        20404
    );
    assert!(house.ledger().entries().iter().all(|entry| !entry.processed));
}

#[tokio::test]
async fn progress_is_reported_and_signed() {
    let product = Product::start(&[]).await;
    let (house, client) = (stand_ins().await, client());
    let callback = format!("{}/callbacks/twilio/message-status?attempt=a%2F1&x=1", product.url);
    let answer = send(&house, &client, &[("StatusCallback", Some(&callback))]).await;
    let sid = answer.body["sid"].as_str().expect("a SID");
    let received = product.wait_for(2).await;
    assert_eq!(statuses(&received), ["sent", "delivered"]);
    let options = house.twilio().options();
    for report in &received {
        assert_eq!(report.path, "/callbacks/twilio/message-status?attempt=a%2F1&x=1");
        assert_eq!(report.fields["MessageSid"], sid);
        assert_eq!(report.fields["AccountSid"], options.account_sid);
        assert_eq!((report.fields["To"].as_str(), report.fields["From"].as_str()), (ANNA, FROM));
        assert_eq!(report.fields["ApiVersion"], "2010-04-01");
        assert!(!report.fields.contains_key("ErrorCode"));
        let wanted = signature::sign(&callback, &report.fields, &options.auth_token);
        assert_eq!(report.headers["x-twilio-signature"], wanted);
        assert_ne!(report.headers["x-twilio-signature"], signature::sign(&callback, &report.fields, "other"));
    }
    let message = fetch(&house, &client, sid).await;
    assert_eq!((message.status, &message.body["status"]), (200, &json!("delivered")));
    assert!(message.body["date_sent"].is_string());
    let calls: Vec<Call> = house.ledger().entries().iter().map(|entry| entry.call).collect();
    assert_eq!(calls[0], Call::Send, "the send is in the ledger before its reports");
    assert_eq!(fetch(&house, &client, "SM0").await.body["code"], 20404);
}

#[tokio::test]
async fn failures_are_reported_with_their_code() {
    let product = Product::start(&[]).await;
    let (house, client) = (stand_ins().await, client());
    let failed = |state, error_code| Rule::new(Behaviour::ReportFailed { state, error_code }).times(1);
    house
        .twilio()
        .script()
        .set(vec![failed(FailedState::Undelivered, None), failed(FailedState::Failed, Some(30006))]);
    let first = send(&house, &client, &[("StatusCallback", Some(&product.url))]).await;
    assert_eq!(first.status, 201);
    let received = product.wait_for(2).await;
    assert_eq!(statuses(&received), ["sent", "undelivered"]);
    assert_eq!(received[1].fields["ErrorCode"], "30003");
    send(&house, &client, &[("StatusCallback", Some(&product.url))]).await;
    let received = product.wait_for(3).await;
    assert_eq!(statuses(&received)[2], "failed");
    assert_eq!(received[2].fields["ErrorCode"], "30006");
    let sid = first.body["sid"].as_str().expect("a SID");
    assert_eq!(fetch(&house, &client, sid).await.body["error_code"], 30003);
}

#[tokio::test]
async fn reports_can_be_missing_late_or_duplicated() {
    let product = Product::start(&[]).await;
    let (house, client) = (stand_ins().await, client());
    house.twilio().script().set(vec![
        Rule::new(Behaviour::ReportMissing).times(1),
        Rule::new(Behaviour::ReportLate { ms: 40 }).times(1),
        Rule::new(Behaviour::ReportDuplicated { copies: 3 }).times(1),
    ]);
    let mut sids = Vec::new();
    for _ in 0..3 {
        let answer = send(&house, &client, &[("StatusCallback", Some(&product.url))]).await;
        sids.push(answer.body["sid"].as_str().expect("a SID").to_owned());
    }
    let received = product.wait_for(2 + 6).await;
    let of = |sid: &String| received.iter().filter(|report| &report.fields["MessageSid"] == sid).count();
    assert_eq!(sids.iter().map(of).collect::<Vec<_>>(), [0, 2, 6]);
}

#[tokio::test]
async fn misbehaviour_is_worded_as_twilio_words_it() {
    let (house, client) = (stand_ins().await, client());
    house.twilio().script().set(vec![
        Rule::new(Behaviour::Refuse { status: None, code: None }).to(ANNA).times(1),
        Rule::new(Behaviour::Refuse { status: Some(403), code: Some(21610) }).times(1),
        Rule::new(Behaviour::Fail { status: None }).times(1),
        Rule::new(Behaviour::Throttle { retry_after_seconds: Some(2) }).times(1),
        Rule::new(Behaviour::Nonsense { shape: NonsenseShape::NotJson }).times(1),
        Rule::new(Behaviour::Fail { status: Some(503) }).on(On::Status),
    ]);
    let refused = send(&house, &client, &[]).await;
    assert_eq!((refused.status, &refused.body["code"]), (400, &json!(21211)));
    let refused = send(&house, &client, &[]).await;
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!(21610)));
    let failed = send(&house, &client, &[]).await;
    assert_eq!((failed.status, &failed.body["code"]), (500, &json!(20500)));
    let throttled = send(&house, &client, &[]).await;
    assert_eq!((throttled.status, &throttled.body["code"]), (429, &json!(20429)));
    assert_eq!(throttled.headers["retry-after"], "2");
    assert_eq!(send(&house, &client, &[]).await.body, Value::Null);
    let sent = send(&house, &client, &[]).await;
    assert_eq!(sent.status, 201);
    assert_eq!(fetch(&house, &client, sent.body["sid"].as_str().expect("a SID")).await.status, 503);
    assert_eq!(house.twilio().messages().len(), 2, "nonsense was processed, the others were not");
}

#[tokio::test]
async fn lost_answers_are_lost() {
    let (house, client) = (stand_ins().await, client());
    house.twilio().script().set(vec![
        Rule::new(Behaviour::DropBefore).times(1),
        Rule::new(Behaviour::DropAfter).times(1),
        Rule::new(Behaviour::Hang { processed: false }).times(1),
    ]);
    let options = house.twilio().options();
    let form = [("To", ANNA), ("From", FROM), ("Body", "x")];
    let request = || {
        let request = client.post(messages_url(&house));
        request.basic_auth(&options.account_sid, Some(&options.auth_token)).form(&form).send()
    };
    request().await.expect_err("no answer");
    request().await.expect_err("no answer");
    let hanging = tokio::spawn(request());
    house.ledger().wait_for(SOON, |entry| entry.seq == 3).await.expect("an entry");
    assert!(tokio::time::timeout(MOMENT, hanging).await.is_err(), "no answer yet");
    let processed: Vec<bool> = house.ledger().sends_to(ANNA).iter().map(|entry| entry.processed).collect();
    assert_eq!(processed, [false, true, false]);
}

#[tokio::test]
async fn a_person_answers_by_sms() {
    let product = Product::start(&[]).await;
    let house = stand_ins().await;
    let url = format!("{}/callbacks/twilio/sms", product.url);
    let sms = IncomingSms { url: url.clone(), from: ANNA.into(), to: FROM.into(), body: "OK 4821".into() };
    let answer = house.twilio().receive(sms).await;
    assert_eq!((answer.code, answer.body.as_str()), (Some(200), "<Response/>"));
    let received = product.received().remove(0);
    assert_eq!((received.fields["Body"].as_str(), received.fields["From"].as_str()), ("OK 4821", ANNA));
    let wanted = signature::sign(&url, &received.fields, &house.twilio().options().auth_token);
    assert_eq!(received.headers["x-twilio-signature"], wanted);
    let entry = house.ledger().wait_for(SOON, |entry| entry.call == Call::Reply).await.expect("an entry");
    assert_eq!(entry.text, "OK 4821");
}

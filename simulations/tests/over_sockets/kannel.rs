//! Kannel: its user guide 1.4.5, "Using the HTTP interface to send SMS messages" and "SMS Delivery Reports".

use reqwest::Client;
use simulations::behaviour::{Behaviour, FailedState, NonsenseShape, Rule};
use simulations::ledger::{Call, Provider};
use simulations::stand_in::twilio::IncomingSms;
use simulations::stand_ins::StandIns;

use crate::product::{Product, Received};
use crate::{SOON, client, stand_ins};

const ANNA: &str = "+393331234567";

/// Asks as our user does, with these fields changed, and returns status and body.
async fn send(house: &StandIns, client: &Client, changes: &[(&str, Option<&str>)]) -> (u16, String) {
    let options = house.kannel().options();
    let mut query = vec![
        ("username", options.username.as_str()),
        ("password", &options.password),
        ("to", ANNA),
        ("text", "7KQ2M Größe – 5 €"),
        ("charset", "UTF-8"),
        ("coding", "0"),
        ("dlr-mask", "31"),
    ];
    for &(name, value) in changes {
        query.retain(|(other, _)| *other != name);
        query.extend(value.map(|value| (name, value)));
    }
    let response = client.get(&house.addresses().kannel).query(&query).send().await.expect("an answer");
    (response.status().as_u16(), response.text().await.expect("a body"))
}

fn kinds(received: &[Received]) -> Vec<String> {
    let kind = |report: &Received| {
        let (_, after) = report.path.split_once("type=").expect("a type");
        after.split('&').next().unwrap_or_default().to_owned()
    };
    received.iter().map(kind).collect()
}

#[tokio::test]
async fn messages_are_taken_and_reported() {
    let product = Product::start(&[]).await;
    let (house, client) = (stand_ins().await, client());
    let url = format!("{}/r?a=b.1&type=%d&answer=%A&p=%p&P=%P&%%41", product.url);
    let taken = send(&house, &client, &[("dlr-url", Some(&url)), ("from", Some("4711"))]).await;
    assert_eq!(taken, (202, "0: Accepted for delivery".to_owned()));
    let received = product.wait_for(2).await;
    assert_eq!(received[0].path, "/r?a=b.1&type=8&answer=ACK%2F&p=4711&P=%2B393331234567&%41");
    assert_eq!(kinds(&received), ["8", "1"]);
    let sent = &house.ledger().sends_to(ANNA)[0];
    assert_eq!((sent.provider, sent.processed), (Provider::Kannel, true));
    assert_eq!(sent.text, "7KQ2M Größe ? 5 €", "the GSM alphabet has no dash");
    send(&house, &client, &[("coding", Some("2"))]).await;
    assert_eq!(house.ledger().sends_to(ANNA)[1].text, "7KQ2M Größe – 5 €");
}

#[tokio::test]
async fn only_the_reports_that_were_asked_for_come() {
    let product = Product::start(&[]).await;
    let (house, client) = (stand_ins().await, client());
    let url = format!("{}/?type=%d", product.url);
    let failed = |state| Rule::new(Behaviour::ReportFailed { state, error_code: None }).times(1);
    house.kannel().script().set(vec![
        failed(FailedState::Undelivered),
        failed(FailedState::Failed),
        Rule::new(Behaviour::ReportMissing).times(1),
        Rule::new(Behaviour::ReportDuplicated { copies: 3 }).times(1),
    ]);
    let mut count = 0;
    for (mask, expected) in [
        ("31", &["8", "2"][..]),
        ("31", &["16"]),
        ("31", &[]),
        ("8", &["8", "8", "8"]),
        ("0", &[]),
        ("1", &["1"]),
    ] {
        send(&house, &client, &[("dlr-url", Some(&url)), ("dlr-mask", Some(mask))]).await;
        count += expected.len();
        let received = product.wait_for(count).await;
        assert_eq!(kinds(&received[count - expected.len()..]), expected, "{mask}");
    }
}

#[tokio::test]
async fn mistakes_are_refused_in_kannels_words() {
    let (house, client) = (stand_ins().await, client());
    for (changes, status, words) in [
        (("password", Some("x")), 403, "Authorization failed for sendsms"),
        (("username", None), 403, "Authorization failed for sendsms"),
        (("to", None), 400, "Missing receiver number, rejected"),
        (("to", Some("")), 400, "Empty receiver number not allowed, rejected"),
        (("to", Some("anna")), 400, "Number(s) has/have been denied by white- and/or black-lists."),
        (("coding", Some("3")), 400, "Coding field misformed, rejected"),
        (("validity", Some("x")), 400, "Validity field misformed, rejected"),
        (("dlr-mask", Some("64")), 400, "DLR-Mask field misformed, rejected"),
        (("dlr-url", Some("ftp://x/y")), 400, "DLR-URL field misformed, rejected"),
    ] {
        assert_eq!(send(&house, &client, &[changes]).await, (status, words.to_owned()), "{changes:?}");
    }
    let posted = client.post(&house.addresses().kannel).body("text=x").send().await.expect("an answer");
    assert_eq!(posted.status(), 404, "a form is not taken");
    assert!(house.ledger().entries().iter().all(|entry| !entry.processed));
}

#[tokio::test]
async fn misbehaviour_is_worded_as_kannel_words_it() {
    let (house, client) = (stand_ins().await, client());
    let temporal = "Temporal failure, try again later.";
    for (behaviour, status, words) in [
        (Behaviour::Refuse { status: None, code: None }, 403, "Not routable. Do not try again."),
        (Behaviour::Refuse { status: Some(400), code: None }, 400, "Request rejected"),
        (Behaviour::Fail { status: None }, 503, temporal),
        (Behaviour::Fail { status: Some(500) }, 500, temporal),
        (Behaviour::Throttle { retry_after_seconds: Some(2) }, 503, temporal),
    ] {
        house.kannel().script().set(vec![Rule::new(behaviour.clone()).times(1)]);
        assert_eq!(send(&house, &client, &[]).await, (status, words.to_owned()), "{behaviour:?}");
    }
    house.kannel().script().set(vec![Rule::new(Behaviour::Nonsense { shape: NonsenseShape::NotJson })]);
    let (status, words) = send(&house, &client, &[]).await;
    assert!(status == 200 && words.starts_with("<html>"), "{status} {words}");
}

#[tokio::test]
async fn a_person_can_answer() {
    let product = Product::start(&[]).await;
    let house = stand_ins().await;
    let sms = IncomingSms {
        url: format!("{}/in?key=k&from=%p&to=%P&text=%b&short=%a&charset=%C", product.url),
        from: ANNA.to_owned(),
        to: "4321".to_owned(),
        body: "OK  4821 ü".to_owned(),
    };
    let answer = house.kannel().receive(sms).await;
    assert_eq!((answer.code, answer.body.as_str()), (Some(200), "<Response/>"));
    let path = &product.wait_for(1).await[0].path;
    let expected =
        "/in?key=k&from=%2B393331234567&to=4321&text=OK++4821+%C3%BC&short=OK+4821+%C3%BC&charset=UTF-8";
    assert_eq!(path, expected);
    let reply = house.ledger().wait_for(SOON, |entry| entry.call == Call::Reply).await.expect("a reply");
    assert_eq!((reply.provider, reply.text.as_str()), (Provider::Kannel, "OK  4821 ü"));
}

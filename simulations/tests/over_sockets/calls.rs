//! Twilio's calls: <https://www.twilio.com/docs/voice/api/call-resource>.

use reqwest::Client;
use serde_json::json;
use simulations::ledger::Call;
use simulations::stand_in::twilio::call::Phone;
use simulations::stand_in::twilio::{PhoneRequest, signature};
use simulations::stand_ins::StandIns;

use crate::product::{Product, Received};
use crate::{Answered, SOON, answered, client, stand_ins};

const ANNA: &str = "+393331234567";
const FROM: &str = "+4930123456";
const SAY: &str =
    r#"<Response><Say language="it-IT" voice="Polly.Carla">Disco pieno</Say><Hangup/></Response>"#;
const EVENTS: [(&str, &str); 4] = [
    ("StatusCallbackEvent", "initiated"),
    ("StatusCallbackEvent", "ringing"),
    ("StatusCallbackEvent", "answered"),
    ("StatusCallbackEvent", "completed"),
];

async fn post(house: &StandIns, client: &Client, resource: &str, form: &[(&str, &str)]) -> Answered {
    let options = house.twilio().options();
    let url =
        format!("{}/2010-04-01/Accounts/{}/{resource}.json", house.addresses().twilio, options.account_sid);
    answered(client.post(url).basic_auth(&options.account_sid, Some(&options.auth_token)).form(form)).await
}

fn set(house: &StandIns, phone: Phone, reports_backwards: bool) {
    house.twilio().set_phone(PhoneRequest { number: ANNA.to_owned(), phone, reports_backwards });
}

fn statuses(received: &[Received]) -> Vec<&str> {
    received.iter().map(|report| report.fields["CallStatus"].as_str()).collect()
}

#[tokio::test]
async fn a_call_is_answered_and_hears_what_it_was_given() {
    let (house, client) = (stand_ins().await, client());
    let answer = post(&house, &client, "Calls", &[("To", ANNA), ("From", FROM), ("Twiml", SAY)]).await;
    assert_eq!((answer.status, &answer.body["status"]), (201, &json!("queued")));
    let sid = answer.body["sid"].as_str().expect("a SID");
    assert!(sid.len() == 34 && sid.starts_with("CA"), "{sid}");
    let heard = house.ledger().wait_for(SOON, |entry| entry.call == Call::Heard).await.expect("an entry");
    assert_eq!((heard.destination.as_str(), heard.text.as_str()), (ANNA, "[it-IT] Disco pieno"));
    assert_eq!(heard.receipt.as_deref(), Some(sid));
}

#[tokio::test]
async fn mistakes_have_twilio_codes() {
    let (house, client) = (stand_ins().await, client());
    let good = [("To", ANNA), ("From", FROM), ("Twiml", SAY)];
    let long = SAY.replace("Disco", &"x".repeat(4_000));
    for (name, value, code) in [
        ("To", "", 21201),
        ("To", "0049123", 21211),
        ("From", "", 21213),
        ("From", "Hot Potato", 21212),
        ("Twiml", "", 21205),
        ("Twiml", "<Response><Say>x</Say></Response>", 12100),
        ("Twiml", &long, 32018),
        ("Url", "nowhere", 20001),
        ("Timeout", "601", 21208),
        ("StatusCallback", "nowhere", 21609),
        ("StatusCallbackEvent", "busy", 21626),
        ("MachineDetection", "Perhaps", 20001),
    ] {
        let mut form: Vec<(&str, &str)> = good.iter().copied().filter(|(other, _)| *other != name).collect();
        form.push((name, value));
        let answer = post(&house, &client, "Calls", &form).await;
        assert_eq!((answer.status, &answer.body["code"]), (400, &json!(code)), "{name} {value}");
    }
    assert!(house.ledger().entries().iter().all(|entry| !entry.processed));
}

#[tokio::test]
async fn progress_is_reported_in_order_or_backwards_and_the_product_is_asked() {
    for backwards in [false, true] {
        let product = Product::start(&[]).await;
        let (house, client) = (stand_ins().await, client());
        set(&house, Phone::Person { keys: Vec::new(), silent: false }, backwards);
        let (url, status) = (format!("{}/ask?a=1", product.url), format!("{}/status?a=1", product.url));
        let mut form = vec![("To", ANNA), ("From", FROM), ("Url", &url), ("StatusCallback", &status)];
        form.push(("MachineDetection", "Enable"));
        form.extend(EVENTS);
        post(&house, &client, "Calls", &form).await;
        let received = product.wait_for(5).await;
        let (asked, reported): (Vec<Received>, Vec<Received>) =
            received.into_iter().partition(|request| request.path == "/ask?a=1");
        assert_eq!(asked[0].fields["AnsweredBy"], "human");
        let wanted = signature::sign(&url, &asked[0].fields, &house.twilio().options().auth_token);
        assert_eq!(asked[0].headers["x-twilio-signature"], wanted);
        let mut expected = ["initiated", "ringing", "in-progress", "completed"];
        if backwards {
            expected.reverse();
        }
        assert_eq!(statuses(&reported), expected);
        let heard = house.ledger().wait_for(SOON, |entry| entry.call == Call::Heard).await.expect("an entry");
        assert!(heard.text.is_empty() && heard.processed, "the product says nothing: {heard:?}");
    }
}

#[tokio::test]
async fn a_call_is_stopped_while_it_rings_and_not_afterwards() {
    let product = Product::start(&[]).await;
    let (house, client) = (stand_ins().await, client());
    set(&house, Phone::Nobody, false);
    let status = format!("{}/status", product.url);
    let mut form = vec![("To", ANNA), ("From", FROM), ("Twiml", SAY), ("StatusCallback", &status)];
    form.extend(EVENTS);
    let placed = post(&house, &client, "Calls", &form).await;
    let resource = format!("Calls/{}", placed.body["sid"].as_str().expect("a SID"));
    product.wait_for(2).await;
    let stopped = post(&house, &client, &resource, &[("Status", "canceled")]).await;
    assert_eq!((stopped.status, &stopped.body["status"]), (200, &json!("canceled")));
    assert_eq!(statuses(&product.wait_for(3).await), ["initiated", "ringing", "canceled"]);
    let again = post(&house, &client, &resource, &[("Status", "canceled")]).await;
    assert_eq!((again.status, &again.body["code"]), (400, &json!(21220)));
    let nowhere = post(&house, &client, "Calls/CA0", &[("Status", "canceled")]).await;
    assert_eq!((nowhere.status, &nowhere.body["code"]), (404, &json!(20404)));
}

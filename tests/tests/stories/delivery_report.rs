//! What Twilio reports after it took a message.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tests::house::House;
use tests::household::{ANNA, Household};
use tests::page::Page;
use tests::plan::Plan;
use tests::stand_ins::Provider::Twilio;
use tests::stand_ins::once;
use tests::web::Answer;

const SIGNATURE: &str = "X-Twilio-Signature";

/// SMS first; the pager would follow only after an hour.
fn household() -> Household {
    Household::default().ladder(ANNA, &["{ contact: sms, after: 0s }", "{ contact: pager, after: 1h }"])
}

/// Posts a report about an SMS to the address that it was given for it.
async fn report(house: &House, sms: &Page, form: &[(&str, &str)], signature: Option<&str>) -> Answer {
    let address = sms.field("StatusCallback");
    let path = address.strip_prefix(&house.url("")).expect("the report goes to the house");
    let request = house.http(Method::POST, path).form(form);
    let request =
        if let Some(signature) = signature { request.header(SIGNATURE, signature) } else { request };
    Answer::to(request).await.expect("the house answers")
}

#[tokio::test]
async fn a_delivered_sms_is_recorded() {
    let mut house = House::with(household()).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.sms).await;
    let is_delivery = |call: &Page| call.field("MessageStatus") == "delivered";
    let report = house.stand_ins().call("report", is_delivery).await;
    assert_eq!(report.answer.code.map(|code| code / 100), Some(2), "{report:#?}");
    house.recorded(&alert.id, "delivered", 1).await;
    house.finish().await;
}

#[tokio::test]
async fn an_undelivered_sms_climbs_at_once() {
    let mut house = House::with(household()).await;
    house.stand_ins().behave(Twilio, once(&json!({ "kind": "report_failed" }))).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.sms).await;
    house.page(ANNA.pager).await;
    house.recorded(&alert.id, "undelivered", 1).await;
    house.finish().await;
}

#[tokio::test]
async fn a_report_that_overtakes_the_answer_counts_all_the_same() {
    let mut house = House::with(Plan::from(household()).without_reports()).await;
    // The carrier says no while Twilio's own answer to us is still on its way.
    house.stand_ins().behave(Twilio, once(&json!({ "kind": "slow", "ms": 2_000 }))).await;
    house.fire("disk full").await;
    let sms = house.page(ANNA.sms).await;
    let form = [("MessageSid", "SM0"), ("MessageStatus", "undelivered"), ("ErrorCode", "30003")];
    let signature = house.stand_ins().twilio_signature(sms.field("StatusCallback"), &form);
    let answer = report(&house, &sms, &form, Some(&signature)).await;
    assert!(answer.status < 500, "{answer:?}");
    house.page(ANNA.pager).await;
    house.finish().await;
}

#[tokio::test]
async fn a_report_proves_that_an_sms_whose_answer_was_lost_needs_no_repeat() {
    let ladder = ["{ contact: sms, after: 0s }", "{ contact: pager, after: 8s }"];
    let mut house = House::with(Plan::from(Household::default().ladder(ANNA, &ladder)).timeout("2s")).await;
    house.stand_ins().behave(Twilio, once(&json!({ "kind": "hang", "processed": true }))).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.sms).await;
    house.recorded(&alert.id, "delivered", 1).await;
    // A repeat would have come before the pager.
    house.page(ANNA.pager).await;
    house.finish().await;
}

#[tokio::test]
async fn an_sms_that_was_reported_undelivered_is_not_sent_again_when_its_answer_is_lost() {
    let mut house = House::with(Plan::from(household()).timeout("2s").without_reports()).await;
    house.stand_ins().behave(Twilio, once(&json!({ "kind": "hang", "processed": true }))).await;
    let alert = house.fire("disk full").await;
    let sms = house.page(ANNA.sms).await;
    let form = [("MessageSid", "SM0"), ("MessageStatus", "undelivered"), ("ErrorCode", "30003")];
    let signature = house.stand_ins().twilio_signature(sms.field("StatusCallback"), &form);
    report(&house, &sms, &form, Some(&signature)).await.ok();
    house.page(ANNA.pager).await;
    house.recorded(&alert.id, "outcome unknown", 1).await;
    // A retry would come after two or three seconds.
    house.silent_for(Duration::from_secs(4)).await;
    house.finish().await;
}

#[tokio::test]
async fn a_forged_report_is_refused_and_changes_nothing() {
    let mut house = House::with(household()).await;
    house.stand_ins().behave(Twilio, once(&json!({ "kind": "report_missing" }))).await;
    let alert = house.fire("disk full").await;
    let sms = house.page(ANNA.sms).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    let before = house.timeline(&alert.id).await;
    let form = [("MessageSid", "SM0"), ("MessageStatus", "undelivered")];
    let right = house.stand_ins().twilio_signature(sms.field("StatusCallback"), &form);
    let of_another_form = house.stand_ins().twilio_signature(sms.field("StatusCallback"), &form[..1]);
    let of_another_address = house.stand_ins().twilio_signature(&house.url("/"), &form);
    for signature in
        [None, Some(""), Some("c2lnbmF0dXJl"), Some(&*of_another_form), Some(&*of_another_address)]
    {
        let answer = report(&house, &sms, &form, signature).await;
        assert_eq!(answer.status, 403, "{signature:?}: {answer:?}");
    }
    assert_eq!(house.timeline(&alert.id).await, before, "what is not signed changes nothing");
    let answer = report(&house, &sms, &form, Some(&right)).await;
    assert!(answer.is_ok(), "{answer:?}");
    house.page(ANNA.pager).await;
    house.finish().await;
}

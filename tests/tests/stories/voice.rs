//! Calls: an alert is heard in the person's language and taken by a key. A machine takes nothing, and a call that
//! nobody hears climbs at once.

use std::net::SocketAddrV4;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tests::address;
use tests::house::House;
use tests::household::{ANNA, BERND, CALLUM, Household};
use tests::open_alert::OpenAlert;
use tests::page::Page;
use tests::plan::Plan;
use tests::stand_ins::{Provider::Twilio, once};
use tests::together::side_by_side;
use tests::web::Answer;

const SIGNATURE: &str = "X-Twilio-Signature";

/// A call first; the pager would follow only after an hour.
const CALL_THEN_PAGER: [&str; 2] = ["{ contact: voice, after: 0s }", "{ contact: pager, after: 1h }"];

async fn house(rungs: &[&str]) -> House {
    House::with(Household::default().calls().ladder(ANNA, rungs)).await
}

/// What happens when Anna is called.
async fn anna_has(house: &House, phone: Value) {
    house.stand_ins().phone(ANNA.sms, phone).await;
}

fn person(keys: &[&str]) -> Value {
    json!({ "kind": "person", "keys": keys })
}

/// What somebody heard, once it contains these words.
async fn heard(house: &House, words: &str) -> Page {
    house.stand_ins().call("heard", |call| call.text.contains(words)).await
}

/// The alert's code as it is spelled.
fn spelled(alert: &OpenAlert) -> String {
    let letters: Vec<String> = alert.code.chars().map(String::from).collect();
    letters.join(", ")
}

async fn resolve(house: &House, alert: &OpenAlert) {
    house.api(Method::POST, &format!("/alerts/{}/resolve", alert.id), None).await.ok();
}

#[tokio::test]
async fn a_call_in_italian_is_taken_by_a_key() {
    let mut house = house(&CALL_THEN_PAGER).await;
    anna_has(&house, person(&["4"])).await;
    let alert = house.fire("Checkout answers 500").await;
    let call = house.page(ANNA.sms).await;
    assert_eq!((call.field("MachineDetection"), call.field("Method")), ("Enable", "POST"));
    let asked = heard(&house, "[it-IT] Qui Hot Potato.").await;
    let begins = format!(
        "[it-IT] Qui Hot Potato. Allarme {}. Checkout answers 500. Servizio Web shop, ",
        spelled(&alert)
    );
    assert_eq!(asked.text.matches(&begins).count(), 2, "{asked:#?}");
    assert!(asked.text.contains("premi 4") && !asked.text.contains("://"), "{asked:#?}");
    let taken = heard(&house, "preso in carico").await;
    assert!(taken.text.contains(&spelled(&alert)), "{taken:#?}");
    house.recorded(&alert.id, "(key during the call)", 1).await;
    house.recorded(&alert.id, "the provider reports “read”", 1).await;
    house.silent_for(Duration::from_secs(1)).await;
    house.finish().await;
}

#[tokio::test]
async fn everybody_is_called_in_their_own_language() {
    side_by_side(
        [
            (ANNA, "it-IT", "preso in carico"),
            (BERND, "de-DE", "ist übernommen"),
            (CALLUM, "en-GB", "You have alert"),
        ]
        .map(|(who, language, taken)| async move {
            let step = format!("{{ page: [{{ person: {} }}], wait: 1h }}", who.id);
            let household = Household::default().calls().ladder(who, &CALL_THEN_PAGER).steps(&[&step]);
            let mut house = House::with(household).await;
            // A wrong key and the one that repeats say it again.
            house.stand_ins().phone(who.sms, person(&["0", "#", "4"])).await;
            let summary = "Disk <1> & \"2\"\r\n</Say><Dial>+1900</Dial>\u{1}";
            let signal = json!({ "summary": summary, "dedup_key": "disk", "severity": "critical" });
            house.post_generic(&signal).await.ok();
            house.page(who.sms).await;
            let said = heard(&house, taken).await;
            assert!(said.text.starts_with(&format!("[{language}] ")), "{said:#?}");
            let before: Vec<Page> =
                all_heard(&house).await.into_iter().filter(|call| call.seq < said.seq).collect();
            assert_eq!(before.len(), 3, "{before:#?}");
            let words = "Disk <1> & \"2\" </Say><Dial>+1900</Dial>.";
            assert!(before.iter().all(|call| call.processed && call.text.contains(words)), "{before:#?}");
            let alert = house.open().await.remove(0);
            house.recorded(&alert.id, "(key during the call)", 1).await;
            house.finish().await;
        }),
    )
    .await;
}

async fn all_heard(house: &House) -> Vec<Page> {
    house.stand_ins().ledger().await.into_iter().filter(|call| call.call == "heard").collect()
}

#[tokio::test]
async fn a_machine_is_no_acknowledgement_and_the_ladder_climbs_at_once() {
    side_by_side(["machine", "fax"].map(|kind| async move {
        let mut house = house(&CALL_THEN_PAGER).await;
        anna_has(&house, json!({ "kind": kind })).await;
        let alert = house.fire("Checkout answers 500").await;
        house.page(ANNA.sms).await;
        house.page(ANNA.pager).await;
        house.recorded(&alert.id, "undelivered (a machine answered)", 1).await;
        for call in all_heard(&house).await {
            assert!(call.processed && !call.text.contains("premi"), "{call:#?}");
            for secret in ["Checkout", "Web shop", &spelled(&alert), &alert.code, "://"] {
                assert!(!call.text.contains(secret), "{secret}: {call:#?}");
            }
        }
        assert_eq!(house.listed("Checkout answers 500").await.state, "open");
        house.finish().await;
    }))
    .await;
}

#[tokio::test]
async fn a_key_passes_it_on_to_the_next_step() {
    let steps = ["{ page: [{ person: anna }], wait: 1h }", "{ page: [{ person: bernd }], wait: 1h }"];
    let household = Household::default().calls().ladder(ANNA, &CALL_THEN_PAGER).steps(&steps);
    let mut house = House::with(household).await;
    anna_has(&house, person(&["8"])).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.sms).await;
    house.page(BERND.push).await;
    heard(&house, "L’allarme viene inoltrato.").await;
    house.recorded(&alert.id, "Passed on to the next step by Anna Rossi", 1).await;
    house.finish().await;
}

#[tokio::test]
async fn a_call_that_nobody_hears_climbs_at_once_whatever_the_order_of_its_reports() {
    let cases = [
        (json!({ "kind": "busy" }), "the line was busy"),
        (json!({ "kind": "failed" }), "the call failed"),
        (json!({ "kind": "nobody" }), "nobody answered"),
        // Twilio cannot tell a silent person from a silent machine.
        (json!({ "kind": "person", "silent": true }), "the call ended, and nobody pressed a key"),
    ];
    let cases = cases.into_iter().flat_map(|case| [(case.clone(), false), (case, true)]);
    side_by_side(cases.map(|((phone, words), backwards)| async move {
        let plan = Plan { voice: "ring = \"5s\"\n".to_owned(), ..called().into() };
        let mut house = House::with(plan).await;
        house.stand_ins().phone_with(ANNA.sms, phone, backwards).await;
        let alert = house.fire("disk full").await;
        house.page(ANNA.sms).await;
        house.page(ANNA.pager).await;
        house.recorded(&alert.id, &format!("undelivered ({words})"), 1).await;
        house.finish().await;
    }))
    .await;
}

fn called() -> Household {
    Household::default().calls().ladder(ANNA, &CALL_THEN_PAGER)
}

#[tokio::test]
async fn what_a_person_has_heard_has_arrived_and_the_ladder_goes_on_in_its_time() {
    side_by_side([false, true].map(|backwards| async move {
        let mut house = house(&["{ contact: voice, after: 0s }", "{ contact: pager, after: 4s }"]).await;
        house.stand_ins().phone_with(ANNA.sms, person(&[]), backwards).await;
        let alert = house.fire("disk full").await;
        house.page(ANNA.sms).await;
        heard(&house, "Nessun tasto premuto").await;
        let pager = house.page(ANNA.pager).await;
        let after = pager.at_ms - alert.raised_at_ms;
        assert!(after >= 3_850, "backwards {backwards}: it climbed after {after} ms");
        house.recorded(&alert.id, "Call to Anna Rossi: delivered", 1).await;
        let lines = house.timeline(&alert.id).await;
        assert!(lines.iter().all(|(_, text)| !text.contains("undelivered")), "{lines:#?}");
        house.finish().await;
    }))
    .await;
}

#[tokio::test]
async fn a_call_that_rings_stops_once_somebody_else_has_it() {
    let mut house = house(&CALL_THEN_PAGER).await;
    anna_has(&house, json!({ "kind": "nobody" })).await;
    let alert = house.fire("disk full").await;
    let call = house.page(ANNA.sms).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    house.cli(&["alert", "ack", &alert.code]).await.done();
    let stopped =
        house.stand_ins().call("cancel", |stop| Some(&stop.destination) == call.receipt.as_ref()).await;
    assert_eq!((stopped.field("Status"), stopped.answer.code), ("canceled", Some(200)), "{stopped:#?}");
    house.stand_ins().call("report", |report| report.field("CallStatus") == "canceled").await;
    house.recorded(&alert.id, "Call to Anna Rossi: stopped", 1).await;
    house.finish().await;
}

#[tokio::test]
async fn whoever_answers_after_it_was_taken_hears_that() {
    let slowly = ["--twilio-step-ms".to_owned(), "1500".to_owned()].to_vec();
    let mut house = House::with(Plan { stand_ins: slowly, ..called().into() }).await;
    // The answer to our request is lost, so that the call cannot be stopped.
    house.stand_ins().behave(Twilio, once(&json!({ "kind": "drop_after" }))).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.sms).await;
    house.cli(&["alert", "ack", &alert.code]).await.done();
    let said = heard(&house, "è già stato preso in carico").await;
    assert!(!said.text.contains("disk full"), "{said:#?}");
    house.claim_all(ANNA.sms).await;
    house.finish().await;
}

#[tokio::test]
async fn a_call_whose_answer_was_lost_can_be_taken_all_the_same_and_is_not_made_twice() {
    let mut house = House::with(Plan::from(called()).timeout("2s")).await;
    house.stand_ins().behave(Twilio, once(&json!({ "kind": "hang", "processed": true }))).await;
    anna_has(&house, person(&["4"])).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.sms).await;
    house.recorded(&alert.id, "(key during the call)", 1).await;
    house.recorded(&alert.id, "outcome unknown", 1).await;
    house.silent_for(Duration::from_secs(4)).await;
    house.finish().await;
}

#[tokio::test]
async fn a_call_goes_on_after_a_crash() {
    let slowly = ["--twilio-step-ms".to_owned(), "3000".to_owned()].to_vec();
    let mut house = House::with(Plan { stand_ins: slowly, ..called().into() }).await;
    anna_has(&house, person(&["4"])).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.sms).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    house.kill9_and_restart().await;
    heard(&house, "disk full").await;
    house.recorded(&alert.id, "(key during the call)", 1).await;
    house.finish().await;
}

#[tokio::test]
async fn twilio_misbehaves() {
    let cases = [
        // It is certain that nobody was called: the same call again.
        (json!({ "kind": "throttle", "retry_after_seconds": 1 }), true),
        (json!({ "kind": "refuse", "code": 21_215 }), false),
        (json!({ "kind": "refuse", "code": 21_211 }), false),
        (json!({ "kind": "refuse", "status": 401, "code": 20_003 }), false),
    ];
    let story = |(behaviour, again): (serde_json::Value, bool)| async move {
        let mut house = house(&CALL_THEN_PAGER).await;
        house.stand_ins().behave(Twilio, once(&behaviour)).await;
        anna_has(&house, person(&["4"])).await;
        let alert = house.fire("disk full").await;
        house.page(ANNA.sms).await;
        if again {
            house.page(ANNA.sms).await;
            house.recorded(&alert.id, "(key during the call)", 1).await;
        } else {
            house.page(ANNA.pager).await;
            house.recorded(&alert.id, "Call to Anna Rossi: refused", 1).await;
        }
        // A number that nobody has is told to its person and the operators.
        house.finish_telling().await;
    };
    side_by_side(cases.map(|case| Box::pin(story(case)))).await;
}

#[tokio::test]
async fn while_twilio_is_down_the_ladder_goes_on() {
    let elsewhere = SocketAddrV4::new(address::take(), 4_102);
    let household = Household::default()
        .calls()
        .ladder(ANNA, &["{ contact: voice, after: 0s }", "{ contact: pager, after: 1s }"]);
    let mut house = House::with(Plan { elsewhere: Some((Twilio, elsewhere)), ..household.into() }).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.pager).await;
    house.recorded(&alert.id, "Call to Anna Rossi: failed", 1).await;
    resolve(&house, &alert).await;
    house.finish().await;
}

/// Posts a callback about a call.
async fn post(house: &House, path: &str, form: &[(&str, &str)], signature: Option<&str>) -> Answer {
    let request = house.http(Method::POST, path).form(form);
    let request =
        if let Some(signature) = signature { request.header(SIGNATURE, signature) } else { request };
    Answer::to(request).await.expect("the house answers")
}

#[tokio::test]
async fn what_is_not_signed_is_refused_and_changes_nothing() {
    let mut house = House::with(Plan::from(called()).without_reports()).await;
    let alert = house.fire("disk full").await;
    let call = house.page(ANNA.sms).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    house.recorded(&alert.id, "queued", 1).await;
    let before = house.timeline(&alert.id).await;
    let answered = call.field("Url").strip_prefix(&house.url("")).expect("our address").to_owned();
    let query = answered.split_once('?').expect("it names the attempt").1;
    let key = format!("/callbacks/twilio/voice/key?{query}");
    let status = format!("/callbacks/twilio/voice/status?{query}");
    for (path, form) in [
        (&answered, [("CallSid", "CA0"), ("AnsweredBy", "human")]),
        (&key, [("CallSid", "CA0"), ("Digits", "4")]),
        (&status, [("CallSid", "CA0"), ("CallStatus", "busy")]),
    ] {
        let of_another_form = house.stand_ins().twilio_signature(&house.url(path), &form[..1]);
        let of_another_address = house.stand_ins().twilio_signature(&house.url("/"), &form);
        for signature in [None, Some(""), Some("c2ln"), Some(&*of_another_form), Some(&*of_another_address)] {
            let answer = post(&house, path, &form, signature).await;
            assert_eq!(answer.status, 403, "{path} {signature:?}: {answer:?}");
            assert!(!answer.body.contains("disk full"), "{answer:?}");
        }
    }
    assert_eq!(house.timeline(&alert.id).await, before, "what is not signed changes nothing");

    for attempt in ["nonsense", &query["attempt=".len()..].replace(".1.1", ".1.9")] {
        for path in ["voice", "voice/key"] {
            let path = format!("/callbacks/twilio/{path}?attempt={attempt}");
            let form = [("Digits", "4")];
            let signature = house.stand_ins().twilio_signature(&house.url(&path), &form);
            let answer = post(&house, &path, &form, Some(&signature)).await;
            assert!(answer.is_ok() && answer.body.contains("no alert any more"), "{path}: {answer:?}");
        }
    }
    assert_eq!(house.timeline(&alert.id).await, before, "what is unknown changes nothing");
    resolve(&house, &alert).await;
    house.finish().await;
}

#[tokio::test]
async fn a_key_that_is_posted_twice_counts_once() {
    let steps = [
        "{ page: [{ person: anna }], wait: 1h }",
        "{ page: [{ person: bernd }], wait: 1h }",
        "{ page: [{ person: callum }], wait: 1h }",
    ];
    let plan = Plan::from(called().steps(&steps)).without_reports();
    let mut house = House::with(plan).await;
    let alert = house.fire("disk full").await;
    let call = house.page(ANNA.sms).await;
    let query = call.field("Url").split_once('?').expect("it names the attempt").1;
    let path = format!("/callbacks/twilio/voice/key?{query}");
    let form = [("CallSid", "CA0"), ("Digits", "8")];
    let signature = house.stand_ins().twilio_signature(&house.url(&path), &form);
    let again = || post(&house, &path, &form, Some(&signature));
    let (first, second, third) = tokio::join!(again(), again(), again());
    for answer in [first, second, third] {
        assert!(answer.is_ok() && answer.body.contains("viene inoltrato"), "{answer:?}");
    }
    house.page(BERND.push).await;
    house.silent_for(Duration::from_secs(1)).await;
    house.recorded(&alert.id, "Passed on to the next step", 1).await;
    resolve(&house, &alert).await;
    house.finish().await;
}

#[tokio::test]
async fn a_key_of_an_earlier_round_takes_nothing() {
    let household = called().policy("repeat: 0\nacknowledgement_lapses: 2s");
    let mut house = House::with(Plan::from(household).without_reports()).await;
    let alert = house.fire("disk full").await;
    let call = house.page(ANNA.sms).await;
    let query = call.field("Url").split_once('?').expect("it names the attempt").1;
    let path = format!("/callbacks/twilio/voice/key?{query}");
    let form = [("CallSid", "CA0"), ("Digits", "4")];
    let signature = house.stand_ins().twilio_signature(&house.url(&path), &form);
    let taken = post(&house, &path, &form, Some(&signature)).await;
    assert!(taken.is_ok() && taken.body.contains("preso in carico"), "{taken:?}");
    house.recorded(&alert.id, "has not been heard from since taking it", 1).await;
    house.page(ANNA.sms).await;
    let again = post(&house, &path, &form, Some(&signature)).await;
    assert!(again.is_ok() && again.body.contains("non riguarda più nessun allarme"), "{again:?}");
    assert_eq!(house.listed("disk full").await.state, "open");
    resolve(&house, &alert).await;
    house.finish().await;
}

#[tokio::test]
async fn a_line_that_was_busy_is_called_again_as_planned_while_the_ladder_climbs() {
    let rungs = ["{ contact: voice, after: 0s, attempts: 2, every: 4s }", "{ contact: pager, after: 1h }"];
    let mut house = house(&rungs).await;
    anna_has(&house, json!({ "kind": "busy" })).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.sms).await;
    let pager = house.page(ANNA.pager).await;
    anna_has(&house, person(&["4"])).await;
    let second = house.page(ANNA.sms).await;
    assert!(
        pager.at_ms < second.at_ms && second.at_ms - alert.raised_at_ms >= 3_850,
        "{pager:#?} {second:#?}"
    );
    house.recorded(&alert.id, "(key during the call)", 1).await;
    house.finish().await;
}

#[tokio::test]
async fn a_test_call_is_confirmed_by_a_key() {
    let mut house = house(&["{ contact: voice, after: 0s }"]).await;
    anna_has(&house, person(&["8", "4"])).await;
    house.cli(&["send-test-page", "anna"]).await.done();
    house.page(ANNA.sms).await;
    let asked = heard(&house, "telefonata di prova").await;
    assert!(
        asked.text.contains("Per confermare, premi 4") && !asked.text.contains("inoltrare"),
        "{asked:#?}"
    );
    heard(&house, "Grazie. Arrivederci.").await;
    house.silent_for(Duration::from_secs(1)).await;
    house.finish().await;
}

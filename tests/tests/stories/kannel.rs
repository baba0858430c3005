//! SMS through a gateway in the style of Kannel: what it reports, who may report it, and a real one.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tests::house::House;
use tests::household::{ANNA, Household, SENDER};
use tests::kannel::{Kannel, PASSWORD};
use tests::page::Page;
use tests::plan::{Plan, SmsBy};
use tests::stand_ins::{Provider, once};
use tests::web::Answer;

/// SMS first; the pager would follow only after an hour.
fn household() -> Household {
    Household::default().ladder(ANNA, &["{ contact: sms, after: 0s }", "{ contact: pager, after: 1h }"])
}

fn by(sms_by: SmsBy) -> Plan {
    Plan::from(household()).sms_by(sms_by)
}

/// Asks for the address that the house gave with an SMS, after this was done to it.
async fn report(house: &House, sms: &Page, change: impl Fn(&str) -> String) -> Answer {
    let address = change(sms.field("dlr-url"));
    let path = address.strip_prefix(&house.url("")).expect("the report goes to the house");
    Answer::to(house.http(Method::GET, path)).await.expect("the house answers")
}

#[tokio::test]
async fn an_sms_is_asked_for_as_the_user_guide_says_and_its_delivery_is_recorded() {
    let mut house = House::with(by(SmsBy::Kannel)).await;
    let alert = house.fire("disk full &to=+1900 \"'%d#;").await;
    let sms = house.page(ANNA.sms).await;
    assert!(sms.processed, "{sms:#?}");
    assert!(sms.words().contains("disk full &to=+1900 \"'%d#;"), "{sms:#?}");
    for (name, value) in
        [("to", ANNA.sms), ("from", SENDER), ("charset", "UTF-8"), ("coding", "0"), ("validity", "5")]
    {
        assert_eq!(sms.field(name), value, "{sms:#?}");
    }
    house.recorded(&alert.id, "delivered", 1).await;
    let told = house.stand_ins().call("report", |call| call.field("type") == "1").await;
    assert_eq!((told.answer.code, told.answer.body.as_str()), (Some(200), ""), "{told:#?}");
    house.finish().await;
}

#[tokio::test]
async fn what_the_gateway_reports_undelivered_climbs_at_once_with_the_networks_words() {
    for (state, words) in [
        ("undelivered", "undelivered (id:7 sub:001 dlvrd:000 stat:UNDELIV"),
        ("failed", "undelivered (NACK/0x0"),
    ] {
        let mut house = House::with(by(SmsBy::Kannel)).await;
        let rule = once(&json!({ "kind": "report_failed", "state": state }));
        house.stand_ins().behave(Provider::Kannel, rule).await;
        let alert = house.fire("disk full").await;
        house.page(ANNA.sms).await;
        house.page(ANNA.pager).await;
        house.recorded(&alert.id, words, 1).await;
        house.finish().await;
    }
}

#[tokio::test]
async fn a_report_proves_that_an_sms_whose_answer_was_lost_needs_no_repeat() {
    let ladder = ["{ contact: sms, after: 0s }", "{ contact: pager, after: 8s }"];
    let plan = Plan::from(Household::default().ladder(ANNA, &ladder)).timeout("2s").sms_by(SmsBy::Kannel);
    let mut house = House::with(plan).await;
    let rule = once(&json!({ "kind": "hang", "processed": true }));
    house.stand_ins().behave(Provider::Kannel, rule).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.sms).await;
    house.recorded(&alert.id, "delivered", 1).await;
    // A repeat would have come before the pager.
    house.page(ANNA.pager).await;
    house.finish().await;
}

#[tokio::test]
async fn a_forged_report_is_refused_and_a_replayed_one_changes_nothing() {
    let mut house = House::with(by(SmsBy::Kannel).without_reports()).await;
    let alert = house.fire("disk full").await;
    let sms = house.page(ANNA.sms).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    let before = house.timeline(&alert.id).await;
    let key = sms.field("dlr-url").split(['?', '&']).find(|part| part.starts_with("key=")).expect("a key");
    let failed = |url: &str| url.replace("%d", "2").replace("%A", "stat%3AUNDELIV");
    for (other, status) in [
        ("key=", 403),
        ("key=AAAAAAAAAAAAAAAAAAAAAA", 403),
        ("nokey=1", 403),
        (&*key.to_lowercase(), 403),
        (&*format!("{key}A"), 403),
        (&*format!("key=x&{key}"), 403),
    ] {
        let answer = report(&house, &sms, |url| failed(url).replace(key, other)).await;
        assert_eq!(answer.status, status, "{other}: {answer:?}");
    }
    for (from, to, status) in [
        ("/modem/", "/other/", 403),
        (".1&key", ".2&key", 403),
        ("attempt=", "attempt=x", 400),
        ("attempt=", "of=", 400),
    ] {
        let answer = report(&house, &sms, |url| failed(url).replace(from, to)).await;
        assert_eq!(answer.status, status, "{to}: {answer:?}");
    }
    let long = report(&house, &sms, |url| format!("{}{}", failed(url), "x".repeat(9_000))).await;
    assert_eq!(long.status, 414, "{long:?}");
    let unknown = report(&house, &sms, |url| url.replace("%d", "32").replace("%A", "")).await;
    assert_eq!((unknown.status, unknown.body.as_str()), (200, ""), "no report that we know");
    assert_eq!(house.timeline(&alert.id).await, before, "what is not believed changes nothing");

    let answer = report(&house, &sms, failed).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    house.page(ANNA.pager).await;
    house.recorded(&alert.id, "undelivered (stat:UNDELIV)", 1).await;
    house.recorded(&alert.id, "accepted by the provider", 2).await;
    let before = house.timeline(&alert.id).await;
    for kind in ["2", "8", "4", "16"] {
        let answer = report(&house, &sms, |url| url.replace("%d", kind).replace("%A", "again")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(house.timeline(&alert.id).await, before, "a status never goes back, and once is enough");
    house.finish().await;
}

async fn with_a_real_kannel(password: &'static str, ladder: &[&str]) -> (House, Kannel) {
    let household = Household::default().ladder(ANNA, ladder);
    // A message that can be answered has less room for what it is about.
    let plan = Plan { incoming_key: None, ..Plan::from(household).sms_by(SmsBy::RealKannel(password)) };
    let mut house = House::built(&plan);
    let kannel = start_kannel(&house).await;
    house.start().await;
    house.apply().await.done();
    (house, kannel)
}

async fn start_kannel(house: &House) -> Kannel {
    Kannel::start(&house.path(""), house.address(), &house.url("")).await
}

const SMS_THEN_PAGER: [&str; 2] = ["{ contact: sms, after: 0s }", "{ contact: pager, after: 1h }"];

#[tokio::test]
async fn a_real_kannel_sends_a_page_and_reports_its_delivery() {
    let (house, kannel) = with_a_real_kannel(PASSWORD, &SMS_THEN_PAGER).await;
    let alert = house.fire("Größe läuft über: [5 €] ^{}\\~|").await;
    let sms = kannel.sms(ANNA.sms, &alert.code).await;
    assert_eq!(sms.from, SENDER);
    let first = format!("{} Größe läuft über: [5 €] ^{{}}\\~|\nWeb shop, inizio ", alert.code);
    assert!(sms.text.starts_with(&first), "{sms:?}");
    assert!(
        sms.text.contains(&format!("\nCi penso io: {}#", house.url(&format!("/a/{}", alert.code)))),
        "{sms:?}"
    );
    house.recorded(&alert.id, "delivered", 1).await;

    // More than one UCS-2 message.
    let alert = house.fire("Диск полон 🔥").await;
    let sms = kannel.sms(ANNA.sms, "Диск полон 🔥\n").await;
    assert!(sms.text.contains("\nWeb shop, inizio ") && sms.text.contains("/a/"), "{sms:?}");
    house.recorded(&alert.id, "delivered", 1).await;
    assert_eq!(kannel.sent().len(), 2, "nothing was sent twice: {:?}", kannel.sent());
    assert!(!house.logged().contains(PASSWORD), "{}", house.logged());
    drop(kannel);
    house.finish().await;
}

#[tokio::test]
async fn a_real_kannel_that_does_not_know_our_password_refuses_and_the_ladder_climbs_at_once() {
    let (mut house, kannel) = with_a_real_kannel("wr0ng & secret", &SMS_THEN_PAGER).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.pager).await;
    house.recorded(&alert.id, "refused, the provider does not accept our credentials", 1).await;
    assert_eq!(kannel.sent(), []);
    assert!(!house.logged().contains("wr0ng"), "{}", house.logged());
    drop(kannel);
    house.finish().await;
}

#[tokio::test]
async fn a_number_that_a_real_kannel_has_no_route_to_is_refused_in_its_words() {
    let household = household().steps(&["{ page: [{ person: bernd }], wait: 1h }"]);
    let household = household.ladder(tests::household::BERND, &SMS_THEN_PAGER);
    let mut house = House::built(&Plan::from(household).sms_by(SmsBy::RealKannel(PASSWORD)));
    let kannel = start_kannel(&house).await;
    house.start().await;
    house.apply().await.done();
    let alert = house.fire("disk full").await;
    house.page(tests::household::BERND.pager).await;
    house.recorded(&alert.id, "refused, status 403: Not routable. Do not try again.", 1).await;
    assert_eq!(kannel.sent(), []);
    drop(kannel);
    house.finish().await;
}

#[tokio::test]
async fn a_real_kannel_that_is_killed_fails_and_gets_the_page_when_it_is_back() {
    let ladder = ["{ contact: sms, after: 0s }", "{ contact: pager, after: 2s }"];
    let (mut house, mut kannel) = with_a_real_kannel(PASSWORD, &ladder).await;
    kannel.kill();
    let alert = house.fire("disk full").await;
    house.recorded(&alert.id, "failed, no connection to the provider", 1).await;
    house.page(ANNA.pager).await;
    drop(kannel);
    let kannel = start_kannel(&house).await;
    let sms = kannel.sms(ANNA.sms, &alert.code).await;
    assert!(!sms.text.contains("(ripetizione"), "it had certainly not come: {sms:?}");
    house.recorded(&alert.id, "delivered", 1).await;
    house.silent_for(Duration::from_secs(1)).await;
    assert_eq!(kannel.sent().len(), 1);
    drop(kannel);
    house.finish().await;
}

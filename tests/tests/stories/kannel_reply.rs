//! Answering a text message that went through a gateway in the style of Kannel: over a real one, and who may say that
//! somebody wrote.

use std::time::Duration;

use reqwest::Method;
use tests::house::House;
use tests::household::{ANNA, BERND, CALLUM, Household};
use tests::kannel::{INCOMING_KEY, Kannel, NUMBER, PASSWORD, Sms};
use tests::plan::{Plan, SmsBy};
use tests::web::Answer;

/// Everybody is paged by SMS: first Anna, then Callum.
fn household() -> Household {
    let sms = ["{ contact: sms, after: 0s }"];
    let house = Household::default().ladder(ANNA, &sms).ladder(BERND, &sms).ladder(CALLUM, &sms);
    house.steps(&["{ page: [{ person: anna }], wait: 1h }", "{ page: [{ person: callum }], wait: 1h }"])
}

async fn with_a_real_kannel() -> (House, Kannel) {
    let mut house = House::built(&Plan::from(household()).sms_by(SmsBy::RealKannel(PASSWORD)));
    let kannel = Kannel::start(&house.path(""), house.address(), &house.url("")).await;
    house.start().await;
    house.apply().await.done();
    (house, kannel)
}

/// The code with which a message is answered: the four digits at its end.
fn reply_code(text: &str) -> &str {
    let code = text.rsplit(' ').next().unwrap_or_default();
    assert!(code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit()), "{text}");
    code
}

fn other_than(code: &str) -> String {
    format!("{:04}", (code.parse::<u32>().expect("digits") + 1) % 10_000)
}

#[tokio::test]
async fn an_answer_through_a_real_kannel_passes_on_and_takes_the_alert() {
    let (house, mut kannel) = with_a_real_kannel().await;
    let alert = house.fire("disk full").await;
    let sms = kannel.sms(ANNA.sms, "Oppure rispondi OK ").await;
    let code = reply_code(&sms.text).to_owned();

    // What nobody understands, and what is not theirs, does nothing.
    kannel.receives(ANNA.sms, "che cosa è? ß € {x} 100% +1 &key=x#").await;
    let help = kannel.sms(ANNA.sms, "Con le quattro cifre").await;
    assert_eq!(help.from, NUMBER, "{help:?}");
    kannel.receives(ANNA.sms, &format!("OK {}", other_than(&code))).await;
    kannel.sms(ANNA.sms, "Nessun SMS per te").await;
    kannel.receives(CALLUM.sms, &format!("OK {code}")).await;
    kannel.sms(CALLUM.sms, "No message to you").await;
    kannel.receives("+393330000000", &format!("OK {code}")).await;
    assert_eq!(house.listed("disk full").await.state, "open");

    // The network leaves the plus out.
    let number = ANNA.sms.trim_start_matches('+');
    kannel.receives(number, &format!("{code} avanti!")).await;
    kannel.sms(number, &format!("{}: inoltrato", alert.code)).await;
    let sms = kannel.sms(CALLUM.sms, "Or reply OK ").await;
    kannel.receives(CALLUM.sms, &format!("ok, got it {}", reply_code(&sms.text))).await;
    kannel.sms(CALLUM.sms, &format!("{}: you have it.", alert.code)).await;
    assert_eq!(house.listed("disk full").await.state, "acknowledged");
    house.recorded(&alert.id, "(reply to the SMS)", 1).await;
    let told = kannel.sent().into_iter().filter(|Sms { to, .. }| to == "+393330000000");
    assert_eq!(told.count(), 0, "who is not known is not answered");
    for secret in [INCOMING_KEY, &code] {
        assert!(!house.logged().contains(secret), "{}", house.logged());
    }
    drop(kannel);
    house.finish().await;
}

#[tokio::test]
async fn a_machine_behind_a_real_kannel_is_told_five_times_what_to_write() {
    let (house, mut kannel) = with_a_real_kannel().await;
    let alert = house.fire("disk full").await;
    let sms = kannel.sms(ANNA.sms, "Oppure rispondi OK ").await;
    for _ in 0..9 {
        kannel.receives(ANNA.sms, &format!("Sono in ferie. > {}", sms.text.replace('\n', " "))).await;
    }
    let helps = || kannel.sent().into_iter().filter(|sms| sms.text.starts_with("Con le quattro")).count();
    tests::wait::until("five answers", async || (helps() == 5).then_some(())).await;
    kannel.receives(ANNA.sms, &format!("SI {}", reply_code(&sms.text))).await;
    kannel.sms(ANNA.sms, "preso in carico").await;
    assert_eq!(kannel.sent().len(), 7, "the page, five helps, one answer: {:?}", kannel.sent());
    house.recorded(&alert.id, "Anna Rossi", 1).await;
    drop(kannel);
    house.finish().await;
}

/// Asks as a gateway does.
async fn written(house: &House, path: &str, query: &[(&str, &str)]) -> Answer {
    Answer::to(house.http(Method::GET, path).query(query)).await.expect("the house answers")
}

const PATH: &str = "/callbacks/kannel/modem/sms";

#[tokio::test]
async fn who_does_not_know_the_key_is_not_heard_and_what_comes_twice_is_heard_once() {
    let mut house = House::with(Plan::from(household()).sms_by(SmsBy::Kannel).without_reports()).await;
    let alert = house.fire("disk full").await;
    let sms = house.page(ANNA.sms).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    let before = house.timeline(&alert.id).await;
    let ok = format!("OK {}", sms.reply_code());
    let answer = [("from", ANNA.sms), ("id", "7"), ("charset", "UTF-8"), ("text", ok.as_str())];
    let with = |key: &'static str| [&[("key", key)], &answer[..]].concat();

    for wrong in ["", "x", "0F5A2C8E9B7D41630F5A2C8E9B7D4163", "0f5a2c8e9b7d41630f5a2c8e9b7d4163 "] {
        let refused = written(&house, PATH, &with(wrong)).await;
        assert_eq!(refused.status, 403, "{wrong:?}: {refused:?}");
        assert!(!refused.body.contains("0f5a"), "{refused:?}");
    }
    assert_eq!(written(&house, PATH, &answer).await.status, 403, "no key at all");
    for path in
        ["/callbacks/kannel/other/sms", "/callbacks/kannel/snpp-main/sms", "/callbacks/kannel/%00/sms"]
    {
        let refused = written(&house, path, &with(INCOMING_KEY)).await;
        assert!(refused.status == 404 && refused.body.contains("incoming_key_file"), "{refused:?}");
    }
    let nobody = written(&house, PATH, &[("key", INCOMING_KEY), ("text", &ok)]).await;
    assert_eq!(nobody.status, 400, "{nobody:?}");
    let long = written(&house, PATH, &[("key", INCOMING_KEY), ("text", &"x".repeat(9_000))]).await;
    assert_eq!(long.status, 414, "{long:?}");
    assert_eq!(house.timeline(&alert.id).await, before, "what is not believed changes nothing");

    // Line ends and other letters in a number, a text or an id make nothing else of them.
    for (from, text) in [
        (&*format!("{}\r\nX: y", ANNA.sms), &*ok),
        (&*format!("{}\0", BERND.sms), &*ok),
        (ANNA.sms, &*format!("{ok}\r\n.\r\nDONE {}", sms.reply_code())),
        (ANNA.sms, &*format!("{ok}\0\"'`$(x)")),
    ] {
        let query = [("key", INCOMING_KEY), ("from", from), ("id", "1\r\n2\0\"'"), ("text", text)];
        let answer = written(&house, PATH, &query).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(!answer.body.contains("preso in carico"), "{answer:?}");
    }
    assert_eq!(house.listed("disk full").await.state, "open");

    let first = written(&house, PATH, &with(INCOMING_KEY)).await;
    assert!(first.status == 200 && first.body.contains("preso in carico"), "{first:?}");
    let again = written(&house, PATH, &with(INCOMING_KEY)).await;
    assert_eq!((again.status, again.body.as_str()), (200, ""), "heard once");
    house.silent_for(Duration::from_millis(500)).await;
    house.finish().await;
}

#[tokio::test]
async fn a_gateway_without_a_key_hears_nobody_and_offers_no_code() {
    let plan = Plan { incoming_key: None, ..Plan::from(household()).sms_by(SmsBy::Kannel) };
    let mut house = House::with(plan).await;
    let alert = house.fire("disk full").await;
    let sms = house.page(ANNA.sms).await;
    assert!(!sms.text.contains("rispondi"), "{sms:#?}");
    let refused =
        written(&house, PATH, &[("key", INCOMING_KEY), ("from", ANNA.sms), ("text", "OK 1234")]).await;
    assert_eq!(refused.status, 404, "{refused:?}");
    house.cli(&["alert", "ack", &alert.id]).await.done();
    house.finish().await;
}

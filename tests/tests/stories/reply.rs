//! Answering a text message: with the code that stands in that message only.

use reqwest::Method;
use tests::house::House;
use tests::household::{ANNA, BERND, CALLUM, Household, Person};
use tests::page::Page;
use tests::wait;
use tests::web::Answer;

/// Everybody is paged by SMS: first Anna, then Bernd.
fn household() -> Household {
    let sms = ["{ contact: sms, after: 0s }"];
    let house = Household::default().ladder(ANNA, &sms).ladder(BERND, &sms).ladder(CALLUM, &sms);
    house.steps(&["{ page: [{ person: anna }], wait: 1h }", "{ page: [{ person: bernd }], wait: 1h }"])
}

/// A code that is not this one.
fn other_than(code: &str, by: u32) -> String {
    format!("{:04}", (code.parse::<u32>().expect("digits") + by) % 10_000)
}

async fn answer(house: &House, person: Person, text: &str) -> Option<String> {
    house.stand_ins().text_from(person.sms, text, &house.url("/callbacks/twilio/sms")).await
}

async fn state(house: &House) -> String {
    house.listed("disk full").await.state
}

/// The answer is there, and says this.
fn says(answer: Option<&str>, words: &str) {
    assert!(answer.is_some_and(|answer| answer.contains(words)), "{words:?} in {answer:?}");
}

async fn paged(house: &mut House) -> (String, Page) {
    let alert = house.fire("disk full").await;
    (alert.id, house.page(ANNA.sms).await)
}

#[tokio::test]
async fn an_answer_with_the_code_acknowledges_also_after_a_restart() {
    let mut house = House::with(household()).await;
    let (alert, sms) = paged(&mut house).await;
    assert!(sms.text.contains("Oppure rispondi OK "), "{sms:#?}");
    let shown = house.timeline(&alert).await;
    assert!(!format!("{shown:?}").contains(sms.reply_code()), "a code has no place in a history: {shown:?}");
    house.kill9_and_restart().await;
    let answer = answer(&house, ANNA, &format!("Prendo {}", sms.reply_code())).await;
    says(answer.as_deref(), "preso in carico");
    assert_eq!(state(&house).await, "acknowledged");
    house.recorded(&alert, "(reply to the SMS)", 1).await;
    house.recorded(&alert, "“read”", 1).await;
    house.finish().await;
}

#[tokio::test]
async fn answers_pass_on_and_end_in_the_words_of_their_language() {
    let mut house = House::with(household()).await;
    let (_, sms) = paged(&mut house).await;
    says(answer(&house, ANNA, &format!("{} avanti!", sms.reply_code())).await.as_deref(), "inoltrato");
    let sms = house.page(BERND.sms).await;
    says(answer(&house, BERND, &format!("Erledigt: {}", sms.reply_code())).await.as_deref(), "als behoben");
    wait::until("nothing to be open", async || house.open().await.is_empty().then_some(())).await;
    let again = answer(&house, BERND, &format!("OK {}", sms.reply_code())).await;
    says(again.as_deref(), "ist schon vorbei");
    house.finish().await;
}

#[tokio::test]
async fn only_the_code_of_a_message_to_that_number_counts() {
    let mut house = House::with(household()).await;
    let (alert, sms) = paged(&mut house).await;
    let code = sms.reply_code();
    let label = sms.link().code;
    says(answer(&house, BERND, &format!("OK {code}")).await.as_deref(), "Keine SMS an Sie");
    says(answer(&house, ANNA, &format!("OK {label}")).await.as_deref(), "Con le quattro cifre");
    says(answer(&house, ANNA, "OK").await.as_deref(), "aggiungi le quattro cifre");
    says(answer(&house, ANNA, &format!("non ok {code}")).await.as_deref(), "Con le quattro cifre");
    let url = house.url("/callbacks/twilio/sms");
    let stranger = house.stand_ins().text_from("+4915100000000", "OK", &url).await;
    assert_eq!(stranger, None, "who is not known is not answered");
    assert_eq!(state(&house).await, "open");
    house.cli(&["alert", "ack", &alert]).await.done();
    house.finish().await;
}

#[tokio::test]
async fn who_offers_five_wrong_codes_is_not_heard_any_more() {
    let mut house = House::with(household()).await;
    let (alert, sms) = paged(&mut house).await;
    for by in 1..=5 {
        let wrong = other_than(sms.reply_code(), by);
        says(answer(&house, ANNA, &format!("OK {wrong}")).await.as_deref(), "Nessun SMS");
    }
    assert_eq!(answer(&house, ANNA, &format!("OK {}", sms.reply_code())).await, None);
    assert_eq!(state(&house).await, "open", "guessing leads nowhere");
    says(answer(&house, BERND, "Hilfe").await.as_deref(), "JA 1234");
    house.cli(&["alert", "ack", &alert]).await.done();
    house.finish().await;
}

#[tokio::test]
async fn two_machines_do_not_talk_to_each_other_for_ever() {
    let mut house = House::with(household()).await;
    let (alert, sms) = paged(&mut house).await;
    let mut answers = 0;
    for _ in 0..9 {
        let away = format!("Sono in ferie. > {}", sms.text);
        answers += usize::from(answer(&house, ANNA, &away).await.is_some());
    }
    assert_eq!(answers, 5);
    assert_eq!(state(&house).await, "open", "a quoted code is no answer");
    says(answer(&house, ANNA, &format!("OK {}", sms.reply_code())).await.as_deref(), "preso in carico");
    house.recorded(&alert, "Anna Rossi", 1).await;
    house.finish().await;
}

#[tokio::test]
async fn a_code_from_before_paging_began_anew_is_void() {
    let mut house = House::with(household().policy("repeat: 0\nacknowledgement_lapses: 2s")).await;
    let (_, first) = paged(&mut house).await;
    says(answer(&house, ANNA, &format!("OK {}", first.reply_code())).await.as_deref(), "preso in carico");
    let second = house.page(ANNA.sms).await;
    says(answer(&house, ANNA, &format!("OK {}", first.reply_code())).await.as_deref(), "ricominciate");
    says(answer(&house, ANNA, &format!("FATTO {}", second.reply_code())).await.as_deref(), "risolto");
    house.finish().await;
}

#[tokio::test]
async fn planned_work_is_extended_by_an_answer() {
    let mut house = House::with(household()).await;
    let line = ["work", "start", "new disks", "--worker", "callum", "--format", "json", "--service", "shop"];
    let line = [&line[..], &["--for", "2h", "--wait", "50m"]].concat();
    let work = house.cli(&line).await.json();
    let id = work["id"].as_str().expect("a name");
    house.fire("disk full").await;
    let sms = house.page(CALLUM.sms).await;
    let before = work["to"].as_str().expect("an end").to_owned();
    says(answer(&house, CALLUM, &format!("extend 30 {}", sms.reply_code())).await.as_deref(), "now ends at");
    let shown = house.cli(&["work", "show", id, "--format", "json"]).await.json();
    let moment = |text: &str| chrono::DateTime::parse_from_rfc3339(text).expect("a moment");
    let longer = moment(shown["to"].as_str().expect("an end")) - moment(&before);
    assert_eq!(longer.num_minutes(), 30, "{shown:#}");
    let far = answer(&house, CALLUM, &format!("plus 999 {}", sms.reply_code())).await;
    says(far.as_deref(), "now ends at");
    says(answer(&house, CALLUM, &format!("done {}", sms.reply_code())).await.as_deref(), "recorded as over");
    house.finish().await;
}

#[tokio::test]
async fn what_twilio_has_not_signed_is_not_heard_and_what_comes_twice_is_heard_once() {
    let mut house = House::with(household()).await;
    let (alert, sms) = paged(&mut house).await;
    let url = house.url("/callbacks/twilio/sms");
    let text = format!("OK {}", other_than(sms.reply_code(), 1));
    let form = [("MessageSid", "SM0"), ("From", ANNA.sms), ("Body", &text)];
    let post = async |signature: Option<&str>| {
        let request = house.http(Method::POST, "/callbacks/twilio/sms").form(&form);
        let request = match signature {
            Some(signature) => request.header("X-Twilio-Signature", signature),
            None => request,
        };
        Answer::to(request).await.expect("the house answers")
    };
    let right = house.stand_ins().twilio_signature(&url, &form);
    let of_another = house.stand_ins().twilio_signature(&url, &form[..2]);
    for forged in [None, Some(""), Some(&*of_another)] {
        assert_eq!(post(forged).await.status, 403, "{forged:?}");
    }
    assert!(post(Some(&right)).await.ok().body.contains("<Message>Nessun SMS"));
    let again = post(Some(&right)).await;
    assert!(again.ok().body.ends_with("<Response></Response>"), "{again:?}");
    house.cli(&["alert", "ack", &alert]).await.done();
    house.finish().await;
}

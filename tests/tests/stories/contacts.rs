//! Contact methods: a dead number is skipped and told, and comes back once it works; a code proves one; and when a
//! step depends on too few of them, that is told as well.

use reqwest::Method;
use serde_json::{Value, json};
use tests::house::House;
use tests::household::{ANNA, BERND, Household, OPERATORS_PAGER, OPERATORS_PUSH};
use tests::page::Page;
use tests::plan::Plan;
use tests::stand_ins::Provider::Twilio;
use tests::stand_ins::once;
use tests::wait::{self, wall_clock_ms};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// A house that has started says what it has to say within this time.
const LOOK_MS: i64 = 2_500;

/// SMS first; the pager would follow only after an hour. Bernd leads the team.
fn household() -> Household {
    Household::default()
        .ladder(ANNA, &["{ contact: sms, after: 0s }", "{ contact: pager, after: 1h }"])
        .team("lead: bernd")
}

/// The six digits in a page.
fn code_in(page: &Page) -> String {
    let words = page.words();
    let mut numbers = words.split(|letter: char| !letter.is_ascii_digit()).map(str::to_owned);
    numbers.find(|digits| digits.len() == 6).unwrap_or_else(|| panic!("a code in {page:#?}"))
}

/// How one of Anna's contact methods stands.
async fn contact(house: &House, name: &str) -> Value {
    let list = house.cli(&["contact", "list", "anna", "--format", "json"]).await.json();
    let found = list.as_array().and_then(|list| list.iter().find(|contact| contact["contact"] == name));
    found.unwrap_or_else(|| panic!("{name} in {list:#}")).clone()
}

/// Proves one of Anna's contact methods by a code.
async fn prove(house: &mut House, name: &str, destination: &str) {
    house.cli(&["contact", "verify", "anna", name]).await.done();
    let code = code_in(&house.page(destination).await);
    house.cli(&["contact", "confirm", "anna", name, &code]).await.done();
}

#[tokio::test]
async fn a_dead_number_is_skipped_and_told_and_comes_back_once_it_works() {
    let mut house = House::with(household()).await;
    house.stand_ins().behave(Twilio, once(&json!({ "kind": "refuse" }))).await;
    let first = house.fire("disk full").await;
    house.page(ANNA.sms).await;
    // One is the alert, which has climbed; the other says that the number is dead.
    let pages = [house.page(ANNA.pager).await, house.page(ANNA.pager).await];
    let told = pages.iter().filter(|page| page.words().contains("non funziona")).count();
    assert_eq!(told, 1, "{pages:#?}");
    let lead = house.page(BERND.push).await.words();
    assert!(lead.contains("Kontaktweg sms von Anna Rossi geht nicht"), "{lead}");
    for operators in [OPERATORS_PUSH, OPERATORS_PAGER] {
        let words = house.page(operators).await.words();
        assert!(words.contains("sms of anna does not work"), "{words}");
    }
    let broken = contact(&house, "sms").await;
    assert_eq!((&broken["state"], &broken["broken_why"]), (&json!("broken"), &json!("unknown_address")));
    let listed = house.cli(&["contact", "list", "--broken"]).await;
    assert!(listed.done().contains("the provider does not know the address"), "{listed:#?}");
    house.cli(&["alert", "resolve", &first.code]).await.done();

    let second = house.fire("disk full again").await;
    let page = house.page(ANNA.pager).await;
    assert!(page.at_ms - second.raised_at_ms < 4_000, "the next rung, at once: {page:#?}");
    house.recorded(&second.id, "Left out, since it does not work: sms", 1).await;
    house.cli(&["alert", "resolve", &second.code]).await.done();

    // It stays so when the process dies.
    house.kill9_and_restart().await;
    assert_eq!(contact(&house, "sms").await["state"], "broken");

    prove(&mut house, "sms", ANNA.sms).await;
    let proved = contact(&house, "sms").await;
    assert_eq!((&proved["state"], &proved["proved_by"]), (&json!("proved"), &json!("code")));
    let third = house.fire("disk full once more").await;
    house.page(ANNA.sms).await;
    house.cli(&["alert", "ack", &third.code]).await.done();
    house.finish().await;
}

#[tokio::test]
async fn a_code_is_the_persons_own_and_counts_once() {
    let mut house = House::with(household()).await;
    let refused = house.cli(&["contact", "confirm", "anna", "sms", "123456"]).await;
    assert!(refused.refused(1).contains("No code is awaited"), "{refused:#?}");
    house.cli(&["contact", "verify", "anna", "sms"]).await.done();
    let page = house.page(ANNA.sms).await;
    let code = code_in(&page);
    let wrong = if code == "123456" { "654321" } else { "123456" };
    let refused = house.cli(&["contact", "confirm", "anna", "sms", wrong]).await;
    assert!(refused.refused(1).contains("not the code"), "{refused:#?}");

    let issued = ["token", "issue", "--role", "respond", "--person", "bernd", "--format", "json", "phone"];
    let issued = house.cli(&issued).await.json();
    let bernd = [("HOTPOTATO_TOKEN", issued["secret"].as_str().expect("a secret"))];
    house.cli_with(&bernd, &["contact", "confirm", "anna", "sms", &code]).await.refused(1);
    house.cli_with(&bernd, &["contact", "verify", "anna", "sms"]).await.refused(1);

    // Whoever reads what was sent reads no code there.
    let alert = &page.link().code;
    let shown = house.cli(&["alert", "show", alert, "--format", "json"]).await;
    assert!(!shown.done().contains(&code), "{shown:#?}");
    let raw = house.api(Method::GET, &format!("/alerts/{alert}"), None).await;
    assert!(!raw.json().to_string().contains(&code), "{raw:#?}");

    house.cli(&["contact", "confirm", "anna", "sms", &code]).await.done();
    assert_eq!(contact(&house, "sms").await["state"], "proved");
    house.cli(&["contact", "confirm", "anna", "sms", &code]).await.refused(1);
    house.cli(&["contact", "verify", "anna", "fax"]).await.refused(1);
    house.finish().await;
}

#[tokio::test]
async fn a_step_hangs_by_a_thread_until_somebody_in_it_has_two_proved_ways() {
    let mut house = House::with(household()).await;
    let thin = async |house: &House| house.api(Method::GET, "/coverage", None).await.json()["thin"].clone();
    let found = thin(&house).await;
    assert_eq!((&found[0]["step"], &found[0]["people"]), (&json!(1), &json!(["anna"])), "{found:#}");
    prove(&mut house, "sms", ANNA.sms).await;
    assert_eq!(thin(&house).await.as_array().map(Vec::len), Some(1), "one way is not two");
    prove(&mut house, "pager", ANNA.pager).await;
    assert_eq!(thin(&house).await, json!([]));
    house.cli(&["contact", "coverage"]).await.done();
    house.finish().await;
}

/// Seconds until the next Monday at eight in the morning, in Greenwich.
fn until_monday() -> i64 {
    let now = wall_clock_ms() / 1_000;
    // The first of January 1970 was a Thursday.
    let monday = (now / DAY + 4) / 7 * 7 + 4;
    monday * DAY + 8 * HOUR - now
}

#[tokio::test]
async fn a_test_page_that_nobody_answers_is_told_over_another_contact_and_to_the_operators() {
    let household = household().team("test_pages: 30d");
    let mut house = House::with(Plan::from(household).with_own_wall_clock()).await;
    let sent_to_anna = async |house: &House| {
        let mut pages = house.stand_ins().pages().await;
        pages.retain(|page| [ANNA.sms, ANNA.pager].contains(&page.destination.as_str()));
        pages
    };
    // When Anna is tested is her own time between ten and four: the house looks every half an hour.
    let mut ahead = until_monday();
    let test = loop {
        house.step_wall_clock(ahead);
        house.kill9_and_restart().await;
        let wait_ms = wall_clock_ms() + LOOK_MS;
        while sent_to_anna(&house).await.is_empty() && wall_clock_ms() < wait_ms {
            wait::pause_until(wall_clock_ms() + 100).await;
        }
        if let Some(page) = sent_to_anna(&house).await.pop() {
            break page;
        }
        ahead += HOUR / 2;
        assert!(ahead < until_monday() + 10 * HOUR, "no test page all day");
    };
    house.step_wall_clock(ahead + HOUR / 2);
    house.kill9_and_restart().await;
    let (tested, other, name) = if test.destination == ANNA.sms {
        (ANNA.sms, ANNA.pager, "sms")
    } else {
        (ANNA.pager, ANNA.sms, "pager")
    };
    let told = wait::until("Anna to be told over the other contact", async || {
        sent_to_anna(&house).await.into_iter().find(|page| page.destination == other)
    })
    .await;
    let expected = format!("Nessuno ha risposto alla chiamata di prova sul tuo contatto {name}");
    assert!(told.words().contains(&expected), "{told:#?}");
    for operators in [OPERATORS_PUSH, OPERATORS_PAGER] {
        let about = format!("test page over contact {name} of anna");
        wait::until("the operators to be told", async || {
            let pages = house.stand_ins().pages().await;
            pages
                .iter()
                .find(|page| page.destination == operators && page.words().contains(&about))
                .map(|_| ())
        })
        .await;
    }
    assert!(contact(&house, name).await["unanswered_since"].is_string());

    // It is told once, also to a house that starts again.
    house.kill9_and_restart().await;
    wait::pause_until(wall_clock_ms() + LOOK_MS).await;
    let pages = sent_to_anna(&house).await;
    assert_eq!(pages.iter().filter(|page| page.destination == tested).count(), 1, "{pages:#?}");
    assert_eq!(pages.iter().filter(|page| page.destination == other).count(), 1, "{pages:#?}");
    house.finish_telling().await;
}

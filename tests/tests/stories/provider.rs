//! A provider that is down, slow, hanging, broken, overrun or talks nonsense, and one that refuses the address: what
//! certainly failed is sent again, what may have arrived is sent again and says so, what is refused climbs at once.
//! The other channels go on as if nothing had happened.

use std::net::SocketAddrV4;

use reqwest::Method;
use serde_json::{Value, json};
use tests::house::House;
use tests::household::{ANNA, Household, OPERATORS_PAGER, OPERATORS_PUSH};
use tests::plan::{Plan, SmsBy};
use tests::stand_ins::{Provider, StandIns, once};
use tests::together::side_by_side;
use tests::{address, wait};

/// When the next rung comes by itself: later than any retry that is expected here.
const NEXT_RUNG_MS: i64 = 8_000;

/// The fastest a failed send is tried again.
const RETRY_MIN_MS: i64 = 1_900;

/// A page that comes for another reason than its rung's own time comes this much before that.
const WELL_BEFORE_MS: i64 = 1_500;

/// What becomes of a page whose provider misbehaves once.
#[derive(Debug, Clone, Copy)]
enum Then {
    /// It was sent, and that is that.
    Sent,
    /// It is sent again after so many milliseconds at least, and does not call itself a repeat.
    SentAgain { at_least_ms: i64 },
    /// It is sent again, and says that it may have come before.
    Repeated,
    /// The next rung starts at once.
    Climbs,
}

#[derive(Debug, Clone)]
struct Case {
    behaviour: Value,
    then: Then,
}

fn case(behaviour: Value, then: Then) -> Case {
    Case { behaviour, then }
}

/// One provider misbehaves; the next rung is another provider's.
async fn misbehaves(provider: Provider, case: Case) {
    let (contact, destination, next, next_destination) = contacts(provider);
    let first = format!("{{ contact: {contact}, after: 0s }}");
    let second = format!("{{ contact: {next}, after: {NEXT_RUNG_MS}ms }}");
    let household = Household::default().with_terminal().ladder(ANNA, &[&first, &second]);
    let plan = Plan::from(household).timeout("3s").without_reports().sms_by(sms_by(provider));
    let mut house = House::with(plan).await;
    let rule =
        if case.behaviour["kind"].is_string() { once(&case.behaviour) } else { case.behaviour.clone() };
    house.stand_ins().behave(provider, rule).await;
    let alert = house.fire("disk full").await;

    let page = house.page(destination).await;
    assert!(!page.is_repeat(), "{case:?}: {page:#?}");
    match case.then {
        Then::Sent | Then::Climbs => {}
        Then::SentAgain { at_least_ms } => {
            let again = house.page(destination).await;
            assert!(!again.is_repeat(), "{case:?}: it had certainly not come: {again:#?}");
            let waited = again.at_ms - page.at_ms;
            assert!(waited >= at_least_ms, "{case:?}: sent again after {waited} ms");
        }
        Then::Repeated => {
            let again = house.page(destination).await;
            assert!(again.is_repeat(), "{case:?}: it may have come before: {again:#?}");
        }
    }
    let next = house.page(next_destination).await;
    let after = next.at_ms - alert.raised_at_ms;
    match case.then {
        Then::Climbs => {
            assert!(after < NEXT_RUNG_MS - WELL_BEFORE_MS, "{case:?}: climbed after {after} ms");
            // An address that nobody knows is told over the next one, and to the operators. Kannel has only no way there.
            let told = [next_destination, OPERATORS_PUSH, OPERATORS_PAGER];
            for told in told.into_iter().filter(|_| provider != Provider::Kannel) {
                house.page(told).await;
            }
        }
        Then::Sent | Then::SentAgain { .. } | Then::Repeated => {
            assert!(after >= NEXT_RUNG_MS - 150, "{case:?}: the next rung came after {after} ms");
        }
    }
    house.api(Method::POST, &format!("/alerts/{}/resolve", alert.id), None).await.ok();
    house.finish().await;
}

async fn all_misbehave(provider: Provider, cases: Vec<Case>) {
    side_by_side(cases.into_iter().map(|case| misbehaves(provider, case))).await;
}

#[tokio::test]
async fn pushover_misbehaves() {
    let cases = vec![
        case(json!({ "kind": "slow", "ms": 1_000 }), Then::Sent),
        case(json!({ "kind": "fail" }), Then::SentAgain { at_least_ms: 4_900 }),
        case(json!({ "kind": "throttle", "retry_after_seconds": 4 }), Then::SentAgain { at_least_ms: 3_900 }),
        case(json!({ "kind": "throttle" }), Then::SentAgain { at_least_ms: RETRY_MIN_MS }),
        case(json!({ "kind": "hang" }), Then::Repeated),
        case(json!({ "kind": "drop_after" }), Then::Repeated),
        case(json!({ "kind": "nonsense" }), Then::Repeated),
        case(json!({ "kind": "nonsense", "shape": "huge_reply" }), Then::Repeated),
        case(json!({ "kind": "nonsense", "shape": "garbage_line" }), Then::Repeated),
        case(json!({ "kind": "refuse" }), Then::Climbs),
    ];
    all_misbehave(Provider::Pushover, cases).await;
}

#[tokio::test]
async fn twilio_misbehaves() {
    let cases = vec![
        case(json!({ "kind": "slow", "ms": 1_000 }), Then::Sent),
        case(json!({ "kind": "fail" }), Then::Repeated),
        case(json!({ "kind": "throttle", "retry_after_seconds": 4 }), Then::SentAgain { at_least_ms: 3_900 }),
        case(json!({ "kind": "hang", "processed": true }), Then::Repeated),
        case(json!({ "kind": "drop_before" }), Then::Repeated),
        case(json!({ "kind": "nonsense" }), Then::Repeated),
        case(json!({ "kind": "refuse", "code": 21_614 }), Then::Climbs),
    ];
    all_misbehave(Provider::Twilio, cases).await;
}

#[tokio::test]
async fn kannel_misbehaves() {
    let cases = vec![
        case(json!({ "kind": "slow", "ms": 1_000 }), Then::Sent),
        case(json!({ "kind": "fail" }), Then::SentAgain { at_least_ms: RETRY_MIN_MS }),
        case(json!({ "kind": "fail", "status": 500 }), Then::Repeated),
        case(json!({ "kind": "throttle", "retry_after_seconds": 4 }), Then::SentAgain { at_least_ms: 3_900 }),
        case(json!({ "kind": "hang", "processed": true }), Then::Repeated),
        case(json!({ "kind": "drop_before" }), Then::Repeated),
        case(json!({ "kind": "nonsense" }), Then::Repeated),
        case(json!({ "kind": "nonsense", "shape": "huge_reply" }), Then::Repeated),
        case(json!({ "kind": "refuse" }), Then::Climbs),
    ];
    all_misbehave(Provider::Kannel, cases).await;
}

#[tokio::test]
async fn the_pager_gateway_misbehaves() {
    let cases = vec![
        case(json!({ "kind": "slow", "ms": 1_000 }), Then::Sent),
        case(json!({ "kind": "fail" }), Then::SentAgain { at_least_ms: RETRY_MIN_MS }),
        case(json!({ "kind": "throttle" }), Then::SentAgain { at_least_ms: RETRY_MIN_MS }),
        case(json!({ "kind": "hang" }), Then::Repeated),
        case(json!({ "kind": "drop_after" }), Then::Repeated),
        case(json!({ "kind": "nonsense" }), Then::Repeated),
        case(json!({ "kind": "nonsense", "shape": "huge_reply" }), Then::Repeated),
        case(json!({ "kind": "refuse" }), Then::Climbs),
    ];
    all_misbehave(Provider::Snpp, cases).await;
}

#[tokio::test]
async fn the_paging_terminal_misbehaves() {
    let cases = vec![
        case(json!({ "kind": "slow", "ms": 1_000 }), Then::Sent),
        case(json!({ "kind": "fail" }), Then::SentAgain { at_least_ms: RETRY_MIN_MS }),
        case(json!({ "kind": "throttle" }), Then::SentAgain { at_least_ms: RETRY_MIN_MS }),
        case(json!({ "kind": "hang" }), Then::Repeated),
        case(json!({ "kind": "drop_after" }), Then::Repeated),
        case(json!({ "kind": "nonsense" }), Then::Repeated),
        case(json!({ "kind": "nonsense", "shape": "huge_reply" }), Then::Repeated),
        case(json!({ "kind": "refuse" }), Then::Climbs),
    ];
    all_misbehave(Provider::Tap, cases).await;
}

#[tokio::test]
async fn a_gateway_that_hangs_before_it_greets_has_certainly_sent_nothing() {
    let household = Household::default().ladder(ANNA, &["{ contact: pager, after: 0s }"]);
    let mut house = House::with(Plan::from(household).timeout("2s")).await;
    let rules = json!([{ "behaviour": { "kind": "hang" }, "on": "connect", "times": 2 }]);
    house.stand_ins().behave(Provider::Snpp, rules).await;
    house.fire("disk full").await;
    let page = house.page(ANNA.pager).await;
    assert!(!page.is_repeat(), "{page:#?}");
    house.finish().await;
}

#[tokio::test]
async fn a_provider_that_is_down_gets_the_page_when_it_is_back_and_the_ladder_goes_on_meanwhile() {
    let all = [Provider::Pushover, Provider::Twilio, Provider::Kannel, Provider::Snpp, Provider::Tap];
    side_by_side(all.into_iter().map(|provider| Box::pin(is_down(provider)))).await;
}

async fn is_down(provider: Provider) {
    let (contact, destination, next, next_destination) = contacts(provider);
    let first = format!("{{ contact: {contact}, after: 0s }}");
    let second = format!("{{ contact: {next}, after: 1s }}");
    // Nobody listens there yet.
    let elsewhere = SocketAddrV4::new(address::take(), 4_101);
    let household = Household::default().with_terminal().ladder(ANNA, &[&first, &second]);
    let plan = Plan { elsewhere: Some((provider, elsewhere)), ..Plan::from(household) };
    let plan = plan.sms_by(sms_by(provider));
    let mut house = House::with(plan).await;
    let alert = house.fire("disk full").await;
    let page = house.page(next_destination).await;
    let after = page.at_ms - alert.raised_at_ms;
    assert!((850..5_000).contains(&after), "{provider:?}: the next rung came after {after} ms");
    house.recorded(&alert.id, "failed", 2).await;

    let arguments = [format!("--{}-port", provider.name()), elsewhere.port().to_string()];
    let back = StandIns::start(*elsewhere.ip(), &arguments, &house.path("back.log"));
    let pages = wait::until("the page, now that the provider is back", async || {
        Some(back.pages_to(destination, 0).await).filter(|pages| !pages.is_empty())
    })
    .await;
    assert!(!pages[0].is_repeat(), "{provider:?}: it had certainly not come: {pages:#?}");
    house.recorded(&alert.id, "accepted by the provider", 2).await;
    house.api(Method::POST, &format!("/alerts/{}/acknowledge", alert.id), None).await.ok();
    if provider == Provider::Pushover {
        back.call("cancel", |call| Some(&call.destination) == pages[0].receipt.as_ref()).await;
    }
    assert_eq!(back.pages().await.len(), 1, "{provider:?}");
    house.finish().await;
}

/// A contact over this provider, and the next one over another: each with its destination.
const fn contacts(provider: Provider) -> (&'static str, &'static str, &'static str, &'static str) {
    match provider {
        Provider::Pushover => ("push", ANNA.push, "sms", ANNA.sms),
        Provider::Twilio | Provider::Kannel => ("sms", ANNA.sms, "pager", ANNA.pager),
        Provider::Snpp => ("pager", ANNA.pager, "push", ANNA.push),
        Provider::Tap => ("terminal", ANNA.pager, "push", ANNA.push),
    }
}

/// Who takes the SMS of a house in which this provider is tried.
const fn sms_by(provider: Provider) -> SmsBy {
    match provider {
        Provider::Kannel => SmsBy::Kannel,
        Provider::Pushover | Provider::Twilio | Provider::Snpp | Provider::Tap => SmsBy::Twilio,
    }
}

#[tokio::test]
async fn a_channel_that_only_hangs_holds_up_nobody_else() {
    let household = Household::default().ladder(
        ANNA,
        &["{ contact: push, after: 0s }", "{ contact: sms, after: 0s }", "{ contact: pager, after: 0s }"],
    );
    let mut house = House::with(household).await;
    house.stand_ins().behave(Provider::Pushover, json!([{ "behaviour": { "kind": "hang" } }])).await;
    // More alerts than Pushover takes connections.
    for number in 1..=4 {
        let alert = house.fire(&format!("disk {number} full")).await;
        for destination in [ANNA.sms, ANNA.pager] {
            let page = house.page(destination).await;
            let after = page.at_ms - alert.raised_at_ms;
            assert!(page.words().contains(&alert.code) && after < 5_000, "after {after} ms: {page:#?}");
        }
        house.api(Method::POST, &format!("/alerts/{}/acknowledge", alert.id), None).await.ok();
    }
    house.claim_all(ANNA.push).await;
    house.kill9();
    house.claim_all(ANNA.push).await;
    house.finish_dead().await;
}

#[tokio::test]
async fn an_emergency_whose_answer_was_lost_is_cancelled_too() {
    let mut house = House::with(Plan::from(Household::default()).timeout("2s")).await;
    let rule = once(&json!({ "kind": "hang", "processed": true }));
    house.stand_ins().behave(Provider::Pushover, rule).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.push).await;
    let repeat = house.page(ANNA.push).await;
    assert!(repeat.is_repeat(), "{repeat:#?}");
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    assert_eq!(house.stand_ins().ringing().await.len(), 2, "both ring on Anna's phone");
    house.cli(&["alert", "ack", &alert.code]).await.done();
    wait::until("silence on Anna's phone", async || {
        house.stand_ins().ringing().await.is_empty().then_some(())
    })
    .await;
    house.finish().await;
}

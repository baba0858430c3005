use domain::alert::Order;
use events::event::Language;
use events::event::person::{ContactMethod, PersonDefined, PersonEvent};
use events::{AttemptId, Cause, Entry, EventId, KeyOwner, Position, Sealed, Version};

use super::*;

const ANNA: PersonId = PersonId::from_bytes([1; 16]);
const BERND: PersonId = PersonId::from_bytes([2; 16]);

fn at(seconds: u64) -> Timestamp {
    events::event::sample::at(seconds)
}

fn ringing(attempt: u32) -> Ringing {
    let attempt = AttemptId { alert: events::event::sample::alert(), page: 1, attempt };
    Ringing {
        attempt,
        lead: attempt,
        handle: "r".into(),
        person: ANNA,
        channel: ChannelKind::PUSHOVER,
        via: None,
        until: at(3_600),
    }
}

fn asked(desk: &mut Desk, receipts: &[&str], seconds: u64) -> Vec<String> {
    let attempts = [ringing(1)];
    let rings = receipts.iter().map(|receipt| (*receipt, &attempts[..]));
    desk.look(rings, at(seconds)).into_iter().map(|ask| ask.receipt).collect()
}

fn directory() -> Directory {
    let mut directory = Directory::default();
    for (number, (person, key)) in [(ANNA, "uAnna"), (BERND, "uBernd")].into_iter().enumerate() {
        let sealed = |text: &str| Sealed::new(KeyOwner::Person(person), text.to_owned());
        let (channel, via, address) = (ChannelKind::PUSHOVER, None, sealed(key));
        let defined = PersonDefined {
            slug: sealed(key),
            name: sealed(key),
            language: Language::En,
            time_zone: "UTC".to_owned(),
            contacts: [("push".into(), ContactMethod { channel, via, address })].into(),
            ladder: Vec::new(),
        };
        directory.apply(&Entry {
            position: Position::from_raw(u64::try_from(number).expect("few") + 1),
            stream: person.stream(),
            version: Version(1),
            id: EventId([0; 16]),
            at: at(0),
            by: Author::House,
            cause: Cause::Deadline,
            directory: Position::START,
            event: PersonEvent::Defined(defined).into(),
        });
    }
    directory
}

fn tapped(by: &str) -> News {
    let tap = Tap { at: at(9), by: by.to_owned(), device: "pixel".to_owned() };
    News { acknowledged: Some(tap), status: Some(DeliveryStatus::Delivered), ..News::default() }
}

#[test]
fn what_rings_is_asked_about_every_ten_seconds_and_every_thirty_after_five_minutes() {
    let mut desk = Desk::default();
    let mut asked_at = Vec::new();
    for seconds in 0..=420 {
        if !asked(&mut desk, &["r"], seconds).is_empty() {
            asked_at.push(seconds);
            desk.heard("r", Some(News::default()), &[], &Directory::default());
        }
    }
    let early: Vec<u64> = (1..=30).map(|times| times * 10).collect();
    assert_eq!(asked_at[..30], early);
    assert_eq!(asked_at[30..], [330, 360, 390, 420]);
}

#[test]
fn a_call_brings_the_question_forward_but_never_below_what_the_provider_allows() {
    let mut desk = Desk::default();
    assert!(asked(&mut desk, &["r"], 0).is_empty());
    desk.called("r");
    assert_eq!(asked(&mut desk, &["r"], 1), ["r"]);
    desk.heard("r", Some(News::default()), &[], &Directory::default());
    for seconds in 2..6 {
        desk.called("r");
        desk.called("nothing such rings");
        assert!(asked(&mut desk, &["r"], seconds).is_empty(), "{seconds}");
    }
    assert_eq!(asked(&mut desk, &["r"], 6), ["r"]);
}

#[test]
fn one_question_at_a_time_is_under_way_and_a_lost_one_holds_nothing_up() {
    let mut desk = Desk::default();
    asked(&mut desk, &["a", "b"], 0);
    assert_eq!(asked(&mut desk, &["a", "b"], 10), ["a"]);
    assert!(asked(&mut desk, &["a", "b"], 11).is_empty());
    desk.heard("a", Some(News::default()), &[], &Directory::default());
    assert_eq!(asked(&mut desk, &["a", "b"], 12), ["b"], "the one that is due longest");
    assert_eq!(asked(&mut desk, &["a", "b"], 60), ["a"], "no answer about b ever came");
}

#[test]
fn a_provider_that_does_not_answer_is_asked_more_rarely() {
    let mut desk = Desk::default();
    let mut asked_at = Vec::new();
    for seconds in 0..=300 {
        if !asked(&mut desk, &["r"], seconds).is_empty() {
            asked_at.push(seconds);
            desk.heard("r", None, &[], &Directory::default());
        }
    }
    assert_eq!(asked_at, [10, 30, 70, 150, 270]);
}

#[test]
fn what_rings_no_more_is_not_asked_about() {
    let mut desk = Desk::default();
    asked(&mut desk, &["r"], 0);
    assert!(asked(&mut desk, &[], 10).is_empty());
    assert!(
        desk.heard("r", Some(tapped("uAnna")), &[ringing(1)], &directory()).is_empty(),
        "nobody waits for it"
    );
    asked(&mut desk, &["r"], 20);
    assert_eq!(asked(&mut desk, &["r"], 30), ["r"]);
    desk.heard("r", Some(News { expired: true, ..News::default() }), &[], &Directory::default());
    assert!(asked(&mut desk, &["r"], 600).is_empty(), "it has expired there");
}

#[test]
fn a_tap_acknowledges_as_whoever_tapped() {
    for (by, person, noted) in [
        ("uAnna", ANNA, "pixel"),
        ("", ANNA, "pixel"),
        ("uBernd", BERND, "pixel"),
        ("uCarl", ANNA, "pixel (uCarl)"),
    ] {
        let mut desk = Desk::default();
        asked(&mut desk, &["r"], 0);
        let orders = desk.heard("r", Some(tapped(by)), &[ringing(1), ringing(2)], &directory());
        let acknowledged = Order::Acknowledge { by: Author::Person(person), way: Way::Pushover };
        let read =
            |attempt| Order::ReportStatus { attempt, status: DeliveryStatus::Read, detail: noted.to_owned() };
        let orders: Vec<Order> = orders.into_iter().map(|(_, order)| order).collect();
        assert_eq!(orders, [acknowledged.clone(), read(1), acknowledged, read(2)], "{by}");
    }
}

#[test]
fn that_it_arrived_is_told_once_and_a_tap_as_often_as_it_is_heard() {
    let mut desk = Desk::default();
    asked(&mut desk, &["r"], 0);
    let delivered = || Some(News { status: Some(DeliveryStatus::Delivered), ..News::default() });
    let mut hear = |news| desk.heard("r", news, &[ringing(1)], &directory()).len();
    assert_eq!([hear(delivered()), hear(delivered())], [1, 0]);
    // The log may have refused the first one.
    assert_eq!([hear(Some(tapped("uAnna"))), hear(Some(tapped("uAnna")))], [2, 2]);
}

#[test]
fn an_answer_is_brought_until_the_alert_has_it_and_how_far_it_is_once() {
    let mut desk = Desk::default();
    asked(&mut desk, &["r"], 0);
    let mut hear = |news: News| {
        let orders = desk.heard("r", Some(news), &[ringing(1), ringing(2)], &directory());
        orders.into_iter().map(|(_, order)| order).collect::<Vec<Order>>()
    };
    let far = |status| News { status: Some(status), ..News::default() };
    let told = |attempt, status| Order::ReportStatus { attempt, status, detail: String::new() };
    for status in [DeliveryStatus::Queued, DeliveryStatus::Delivered, DeliveryStatus::Read] {
        assert_eq!(hear(far(status)), [told(1, status), told(2, status)]);
        assert_eq!(hear(far(status)), [], "once");
    }
    assert_eq!(hear(far(DeliveryStatus::Delivered)), [], "nothing goes back");
    for answer in [domain::port::Answer::Escalate, domain::port::Answer::Take] {
        let given =
            |attempt| Order::Answer { attempt, by: Author::Person(ANNA), answer, detail: "ok".to_owned() };
        let news = || News { answer: Some(answer), detail: "ok".to_owned(), ..News::default() };
        assert_eq!(hear(news()), [given(1), given(2)]);
        // The log may have refused the first one.
        assert_eq!(hear(news()), [given(1), given(2)]);
    }
}

#[test]
fn operators_hear_of_an_account_once_for_each_mark() {
    let mut desk = Desk::default();
    let mut left = |remaining| {
        let limits = AccountLimits { limit: 10_000, remaining, resets_at: at(0) };
        desk.account(&"pushover".into(), Some(limits)).is_some()
    };
    let told: Vec<bool> =
        [5_000, 1_000, 999, 998, 200, 199, 0, 10_000, 900].into_iter().map(&mut left).collect();
    assert_eq!(told, [false, false, true, false, false, true, false, false, true]);
    assert_eq!(desk.account(&"pushover".into(), None), None);
    let nothing = AccountLimits { limit: 0, remaining: 0, resets_at: at(0) };
    assert_eq!(desk.account(&"other".into(), Some(nothing)), None, "an account without a limit");
}

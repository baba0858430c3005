//! What alerts learn of contact methods, and what becomes of those that do not work.

use std::sync::Arc;

use std::collections::BTreeMap;

use events::event::alert::{About, AlertEvent, Skipped, Way};
use events::event::contact::{ContactEvent, Failure, Proof};
use events::event::outcome::{DeliveryStatus, Outcome, Reason};
use events::event::person::{PersonDefined, PersonEvent};
use events::event::signal::{Severity, Status};
use events::{AlertId, Author, KeyOwner, PersonId, Sealed, Span, SymptomId};

use super::super::{Alert, Command, Order, Phase, Telling};
use super::house::{ANNA, BERND, House, acknowledge, defined, signal};
use crate::aggregate::Aggregate;
use crate::port::{Errand, Report};
use crate::standing::{ContactCommand, Contacts};

const UNKNOWN: Outcome = Outcome::Refused(Reason::UnknownAddress);
const REJECTED: Outcome = Outcome::Refused(Reason::Rejected);

/// A house in which what alerts see of contact methods is written down.
struct Watched {
    house: House,
    contacts: BTreeMap<PersonId, Contacts>,
    alerts: u8,
    /// What the page of the last alert leaves out.
    skipped: Option<Vec<Skipped>>,
}

impl Watched {
    fn new() -> Self {
        Self { house: House::new(), contacts: BTreeMap::new(), alerts: 0, skipped: None }
    }

    /// Another problem, about which Anna is paged.
    fn raise(&mut self) {
        self.house.alert = Alert::default();
        self.house.sent.clear();
        self.alerts += 1;
        let Order::Signal(mut order) = signal(Status::Firing, Severity::Critical, None) else { return };
        let key = format!("problem {}", self.alerts);
        order.alert =
            AlertId { symptom: SymptomId::derive(&"prometheus".into(), &key.as_str().into()), ordinal: 1 };
        let here = self.house.here.clone();
        let command = Command { here, providers: Arc::default(), order: Order::Signal(order.clone()) };
        let events = self.house.alert.decide(&command, &self.house.directory, self.house.now);
        self.skipped = events.expect("no refusal").into_iter().find_map(|event| {
            if let AlertEvent::PageOrdered(page) = event { Some(page.skipped) } else { None }
        });
        self.ask(Order::Signal(order));
    }

    fn ask(&mut self, order: Order) -> Vec<&'static str> {
        let (seen, unanswered) = (self.house.alert.seen(&order), self.house.alert.unanswered());
        self.house.ask(order);
        let is_over = matches!(self.house.alert.phase(), Phase::Resolved { .. });
        let Some(seen) = seen.or(unanswered.filter(|_| is_over)) else { return Vec::new() };
        let person = seen.person;
        let contacts = self.contacts.entry(person).or_default();
        let decided =
            contacts.decide(&ContactCommand::See(Box::new(seen)), &self.house.directory, self.house.now);
        let events = decided.expect("no refusal");
        for event in &events {
            contacts.evolve(event, self.house.now);
            self.house.define(&Contacts::stream(person), event.clone());
        }
        events.iter().map(ContactEvent::kind).collect()
    }

    fn answer(&mut self, outcome: Outcome) -> Vec<&'static str> {
        let attempt = self.house.in_flight()[0];
        self.ask(Order::ReportAttempt { attempt, report: Report::bare(outcome) })
    }

    fn report(&mut self, attempt: u32, status: DeliveryStatus) -> Vec<&'static str> {
        self.ask(Order::ReportStatus { attempt, status, detail: String::new() })
    }

    /// Whom the first page of this alert reaches how and after how many minutes, and what it leaves out.
    fn page(&self) -> (Vec<(String, u64)>, Vec<String>) {
        let page = &self.house.alert.pages[0];
        let rungs =
            page.rungs.iter().map(|rung| (rung.rung.contact.to_string(), rung.rung.after.as_seconds() / 60));
        (rungs.collect(), self.skipped.iter().flatten().map(|skipped| skipped.contact.to_string()).collect())
    }

    fn is_broken(&self, contact: &str) -> bool {
        self.house.directory.is_broken(ANNA, &contact.into())
    }
}

fn rungs(rungs: &[(&str, u64)]) -> Vec<(String, u64)> {
    rungs.iter().map(|(contact, after)| ((*contact).to_owned(), *after)).collect()
}

#[test]
fn an_unknown_address_breaks_at_once_and_the_next_page_begins_with_the_next_rung() {
    let mut watched = Watched::new();
    watched.raise();
    assert_eq!(watched.answer(UNKNOWN), ["contact.failed", "contact.broke"]);
    watched.raise();
    assert_eq!(watched.page(), (rungs(&[("sms", 0), ("pager", 6)]), vec!["push".to_owned()]));
    assert_eq!(watched.house.pages(), ["anna sms"], "at once");
}

#[test]
fn a_rung_in_the_middle_that_is_left_out_lets_the_one_above_begin_when_it_would_have() {
    let mut watched = Watched::new();
    watched.raise();
    watched.answer(Outcome::Accepted);
    watched.house.pass(120);
    assert_eq!(watched.answer(UNKNOWN), ["contact.failed", "contact.broke"]);
    watched.raise();
    assert_eq!(watched.page(), (rungs(&[("push", 0), ("pager", 2)]), vec!["sms".to_owned()]));
}

#[test]
fn the_last_way_to_somebody_is_never_left_out() {
    let mut watched = Watched::new();
    watched.raise();
    for _ in ["push", "sms", "pager"] {
        watched.answer(UNKNOWN);
    }
    assert!(["push", "sms", "pager"].iter().all(|contact| watched.is_broken(contact)));
    watched.raise();
    assert_eq!(watched.page(), (rungs(&[("push", 0), ("sms", 2), ("pager", 6)]), Vec::new()));
    let attempt = watched.house.in_flight()[0];
    watched.answer(Outcome::Accepted);
    assert_eq!(watched.report(attempt, DeliveryStatus::Delivered), ["contact.proved", "contact.mended"]);
    assert!(!watched.is_broken("push"), "what works again is used again");
}

#[test]
fn failures_break_it_when_three_come_in_a_row_and_not_all_from_one_alert() {
    let mut watched = Watched::new();
    watched.raise();
    assert_eq!(watched.answer(REJECTED), ["contact.failed"]);
    watched.raise();
    let attempt = watched.house.in_flight()[0];
    watched.answer(Outcome::Accepted);
    assert_eq!(watched.report(attempt, DeliveryStatus::Undelivered), ["contact.failed"]);
    assert!(!watched.is_broken("push"));
    watched.raise();
    assert_eq!(watched.answer(REJECTED), ["contact.failed", "contact.broke"]);
}

#[test]
fn one_alert_alone_does_not_break_a_phone_that_is_off_for_a_while() {
    let mut watched = Watched::new();
    watched.raise();
    let mut written = 0;
    for _ in 0..8 {
        for attempt in watched.house.in_flight() {
            if watched.house.alert.seen(&refused(attempt)).is_some_and(|seen| seen.person == ANNA) {
                written += watched.ask(refused(attempt)).len();
            } else {
                watched.house.answer(attempt, Outcome::Accepted);
            }
        }
        watched.house.pass(600);
    }
    assert!(!watched.is_broken("push") && !watched.is_broken("sms") && !watched.is_broken("pager"));
    assert!((3..=6).contains(&written), "and it is not written down again and again: {written}");
}

fn refused(attempt: u32) -> Order {
    Order::ReportAttempt { attempt, report: Report::bare(REJECTED) }
}

#[test]
fn a_proof_between_failures_lets_them_count_no_more_and_so_does_time() {
    let mut watched = Watched::new();
    for _ in 0..2 {
        watched.raise();
        watched.answer(REJECTED);
    }
    watched.raise();
    let attempt = watched.house.in_flight()[0];
    watched.answer(Outcome::Accepted);
    assert_eq!(watched.report(attempt, DeliveryStatus::Delivered), ["contact.proved"]);
    watched.raise();
    watched.answer(REJECTED);
    watched.raise();
    watched.answer(REJECTED);
    assert!(!watched.is_broken("push"));
    watched.house.now = watched.house.now + Span::from_seconds(8 * 86_400);
    watched.raise();
    assert_eq!(watched.answer(REJECTED), ["contact.failed"], "the others were a week ago");
}

#[test]
fn what_is_the_providers_fault_or_ours_says_nothing_against_a_contact_method() {
    for reason in [
        Reason::Unauthorized,
        Reason::NoChannel,
        Reason::Connection,
        Reason::Timeout,
        Reason::Throttled,
        Reason::ProviderFault,
        Reason::Nonsense,
        Reason::Expired,
        Reason::Interrupted,
    ] {
        let mut watched = Watched::new();
        for _ in 0..4 {
            watched.raise();
            assert_eq!(watched.answer(Outcome::Refused(reason)), Vec::<&str>::new(), "{reason:?}");
        }
        assert!(!watched.is_broken("push"));
    }
}

#[test]
fn an_acknowledgement_proves_what_alone_can_have_reached_the_person() {
    let mut watched = Watched::new();
    watched.raise();
    watched.answer(Outcome::Accepted);
    assert_eq!(watched.ask(acknowledge(BERND)), Vec::<&str>::new(), "nothing reached Bernd");
    watched.raise();
    watched.answer(Outcome::Accepted);
    assert_eq!(watched.ask(acknowledge(ANNA)), ["contact.proved"]);
    let standing = watched.house.directory.standing(ANNA, &"push".into()).expect("a standing");
    assert_eq!(standing.proved(), Some((watched.house.now, Proof::Acknowledged)));
    assert_eq!(standing.verified_at(), Some(watched.house.now), "she holds what came over it");

    let both = |way| {
        let mut watched = Watched::new();
        watched.raise();
        watched.answer(Outcome::Accepted);
        watched.house.pass(120);
        watched.answer(Outcome::Accepted);
        watched.ask(Order::Acknowledge { by: Author::Person(ANNA), way })
    };
    assert_eq!(both(Way::Link), Vec::<&str>::new(), "push or text: nobody knows which");
    assert_eq!(both(Way::Reply), ["contact.proved"], "an answer to the text");
    assert_eq!(both(Way::Api), Vec::<&str>::new(), "at the desk");
}

#[test]
fn that_it_works_is_written_down_once_a_day() {
    let mut watched = Watched::new();
    let mut proved = |after: u64| {
        watched.house.now = watched.house.now + Span::from_seconds(after);
        watched.raise();
        let attempt = watched.house.in_flight()[0];
        watched.answer(Outcome::Accepted);
        watched.report(attempt, DeliveryStatus::Delivered).len()
    };
    assert_eq!([proved(0), proved(3_600), proved(80_000), proved(4_000)], [1, 0, 0, 1]);
}

#[test]
fn another_address_begins_anew_and_what_is_said_of_the_old_one_says_nothing() {
    let mut watched = Watched::new();
    watched.raise();
    watched.answer(UNKNOWN);
    assert!(watched.is_broken("push"));
    watched.raise();
    let before = watched.house.in_flight()[0];
    let known = defined(ANNA, "anna");
    let mut contacts = known.contacts.clone();
    for contact in ["push", "sms"] {
        let method = contacts.get_mut(contact).expect("a contact");
        method.address = Sealed::new(KeyOwner::Person(ANNA), format!("new {contact}"));
    }
    watched.house.define(&ANNA.stream(), PersonEvent::Defined(PersonDefined { contacts, ..known }));
    assert!(!watched.is_broken("push"));
    let report = Report::bare(UNKNOWN);
    assert_eq!(watched.ask(Order::ReportAttempt { attempt: before, report }), Vec::<&str>::new());
    assert!(!watched.is_broken("sms"));
    watched.raise();
    assert_eq!(watched.page(), (rungs(&[("push", 0), ("sms", 2), ("pager", 6)]), Vec::new()));
}

#[test]
fn a_code_goes_over_its_contact_method_even_when_that_is_broken_and_stands_in_no_timeline() {
    let mut watched = Watched::new();
    watched.raise();
    watched.answer(UNKNOWN);
    let tell = |watched: &mut Watched, about| {
        watched.house.alert = Alert::default();
        watched.house.sent.clear();
        let telling = Telling { alert: super::house::alert(), key: "k".into(), person: ANNA, about };
        watched.ask(Order::Tell(Box::new(telling)));
    };
    let code = Sealed::new(KeyOwner::Person(ANNA), "482193".to_owned());
    let expires_at = watched.house.now + Span::from_minutes(10);
    tell(&mut watched, About::ContactCode { contact: "push".into(), code, expires_at });
    let sent = watched.house.sent.pop().expect("a dispatch");
    assert_eq!(sent.address, "anna push");
    let Errand::Page(notice) = sent.errand else { panic!("a page") };
    assert!(matches!(notice.message, Some(About::ContactCode { code, .. }) if code.open().is_some()));
    let text = "Your code is 482193.".to_owned();
    let report = Report { text, ..Report::bare(Outcome::Accepted) };
    let command = Command {
        here: watched.house.here.clone(),
        providers: Arc::default(),
        order: Order::ReportAttempt { attempt: watched.house.in_flight()[0], report },
    };
    let events = watched.house.alert.decide(&command, &watched.house.directory, watched.house.now);
    let events = events.expect("no refusal");
    let [AlertEvent::AttemptEnded(ended)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(ended.text.open().map(String::as_str), Some("Your code is ******."));

    let (contact, channel) = ("push".into(), events::event::person::ChannelKind::PUSHOVER);
    let why = Failure::Refused(Reason::UnknownAddress);
    tell(&mut watched, About::ContactBroken { of: None, contact, channel, why });
    assert_eq!(
        watched.house.sent[0].address, "anna sms",
        "that it is broken is not told over what is broken"
    );
}

#[test]
fn a_test_page_of_the_house_that_nobody_answers_is_told_over_another_contact() {
    let test = |by: Author| Order::Test {
        alert: super::house::alert(),
        person: ANNA,
        contact: Some("push".into()),
        by,
    };
    let over = |watched: &mut Watched| {
        let mut seen = Vec::new();
        for _ in 0..60 {
            watched.house.now = watched.house.now + Span::from_seconds(60);
            seen.extend(watched.ask(Order::Tick));
        }
        assert!(watched.house.alert.is_at_rest());
        seen
    };
    let mut watched = Watched::new();
    watched.house.ask(test(Author::House));
    assert_eq!(watched.answer(Outcome::Accepted), Vec::<&str>::new());
    assert_eq!(over(&mut watched), ["contact.unanswered"]);

    watched.house.alert = Alert::default();
    watched.house.sent.clear();
    let about = About::ContactUnanswered { contact: "push".into() };
    let telling = Telling { alert: super::house::alert(), key: "k".into(), person: ANNA, about };
    watched.ask(Order::Tell(Box::new(telling)));
    assert_eq!(watched.house.sent[0].address, "anna sms");

    let mut watched = Watched::new();
    watched.house.ask(test(Author::House));
    watched.answer(Outcome::Accepted);
    assert_eq!(watched.ask(acknowledge(ANNA)), ["contact.proved"], "it was answered");
    assert_eq!(over(&mut watched), Vec::<&str>::new());

    let mut watched = Watched::new();
    watched.house.ask(test(Author::Token("owner".into())));
    watched.answer(Outcome::Accepted);
    assert_eq!(over(&mut watched), Vec::<&str>::new(), "whoever has sent it watches it");
}

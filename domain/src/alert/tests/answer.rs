//! A page is answered where it arrived: once, and only while it is about the present paging.

use events::event::alert::{AlertEvent, Receipt, Way};
use events::event::outcome::{DeliveryStatus, Outcome};
use events::event::person::PersonEvent;
use events::{Author, Span};

use super::house::{ANNA, BERND, House, acknowledge, defined};
use crate::aggregate::Aggregate;
use crate::alert::{Command, Order, Phase, Refusal};
use crate::port::{Answer, Report};

/// A house in which Anna was just paged by a pager that can be answered for an hour.
fn paged() -> House {
    let mut house = House::new();
    let mut anna = defined(ANNA, "anna");
    anna.ladder.drain(..2);
    anna.ladder[0].after = Span::ZERO;
    house.define(&ANNA.stream(), PersonEvent::Defined(anna));
    house.ask(super::signal(super::Status::Firing, super::Severity::Critical, None));
    let asked_until = Some(house.now + Span::from_minutes(60));
    let receipt = Some(Receipt { asked_until, ..Receipt::of("32199 4391".to_owned()) });
    house.ask(Order::ReportAttempt {
        attempt: 1,
        report: Report { receipt, ..Report::bare(Outcome::Accepted) },
    });
    assert_eq!(asked(&house), [1]);
    house.pages();
    house
}

/// Which attempts are asked about.
fn asked(house: &House) -> Vec<u32> {
    let known = house.reached.ringing(house.now).flat_map(|(_, attempts)| attempts);
    known.map(|ringing| ringing.attempt.attempt).collect()
}

fn answer(answer: Answer) -> Order {
    Order::Answer { attempt: 1, by: Author::Person(ANNA), answer, detail: "ok".to_owned() }
}

#[test]
fn an_answer_takes_the_alert_and_is_taken_once() {
    let mut house = paged();
    assert_eq!(house.ask(answer(Answer::Take)), ["status_reported", "acknowledged"]);
    assert!(matches!(house.alert.phase(), Phase::Acknowledged { by, .. } if *by == Author::Person(ANNA)));
    assert_eq!(asked(&house), [0; 0], "what is known is not asked any more");
    for again in [Answer::Take, Answer::Escalate, Answer::Words] {
        assert_eq!(house.try_ask(answer(again)), Err(Refusal::NotAwaited), "{again:?}");
    }
}

#[test]
fn an_answer_says_how_and_in_which_words() {
    let house = paged();
    let command =
        Command { here: house.here.clone(), providers: house.providers.clone(), order: answer(Answer::Take) };
    let events = house.alert.decide(&command, &house.directory, house.now).expect("no refusal");
    let AlertEvent::StatusReported { attempt: 1, status: DeliveryStatus::Answered, detail } = &events[0]
    else {
        panic!("the answer comes first: {events:?}")
    };
    assert_eq!(detail.as_ref().and_then(|detail| detail.open()).map(String::as_str), Some("ok"));
    assert!(matches!(&events[1], AlertEvent::Acknowledged { way: Way::Pager, .. }), "{events:?}");
}

#[test]
fn an_answer_passes_the_alert_on_once_however_often_it_is_heard() {
    let mut house = paged();
    let passed_on = ["status_reported", "escalated", "step_entered", "page_ordered", "attempt_started"];
    assert_eq!(house.ask(answer(Answer::Escalate)), passed_on);
    assert_eq!(house.pages(), ["bernd push"]);
    assert_eq!(house.try_ask(answer(Answer::Escalate)), Err(Refusal::NotAwaited));
    assert_eq!(house.pages(), [""; 0], "nobody else");
}

#[test]
fn words_that_nobody_understands_are_kept_and_do_nothing() {
    let mut house = paged();
    assert_eq!(house.ask(answer(Answer::Words)), ["status_reported"]);
    assert!(matches!(house.alert.phase(), Phase::Open { .. }));
    assert_eq!(house.try_ask(answer(Answer::Take)), Err(Refusal::NotAwaited), "a pager answers once");
}

#[test]
fn what_was_read_can_still_be_answered() {
    let mut house = paged();
    let read = Order::ReportStatus { attempt: 1, status: DeliveryStatus::Read, detail: String::new() };
    assert_eq!(house.ask(read.clone()), ["status_reported"]);
    assert_eq!(asked(&house), [1]);
    assert_eq!(house.ask(answer(Answer::Take)), ["status_reported", "acknowledged"]);
    assert_eq!(house.ask(read), [""; 0], "a status never goes back");
}

#[test]
fn an_answer_to_an_earlier_paging_counts_no_more() {
    let mut house = paged();
    house.ask(acknowledge(BERND));
    assert_eq!(asked(&house), [1], "whoever comes later may say so");
    house.pass(30 * 60);
    assert_eq!(asked(&house), [0; 0], "the acknowledgement has lapsed");
    assert_eq!(house.try_ask(answer(Answer::Take)), Err(Refusal::NotAwaited));
    assert!(matches!(house.alert.phase(), Phase::Open { .. }), "somebody is still looked for");
}

#[test]
fn nothing_is_taken_of_what_is_over_or_was_never_sent() {
    let mut house = paged();
    let never =
        Order::Answer { attempt: 7, by: Author::Person(ANNA), answer: Answer::Take, detail: String::new() };
    assert_eq!(house.try_ask(never), Err(Refusal::NotAwaited));
    house.ask(Order::Resolve { by: Author::Person(BERND) });
    assert_eq!(house.try_ask(answer(Answer::Escalate)), Err(Refusal::AlreadyResolved));
    assert_eq!(asked(&house), [0; 0]);
}

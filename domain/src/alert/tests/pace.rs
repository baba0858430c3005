//! What carriers' limits put off.

use events::Span;
use events::event::alert::PaceLimit;
use events::event::outcome::{DeliveryStatus, Outcome};
use events::event::signal::{Severity, Status};

use super::super::limit::{ATTEMPT_TIMEOUT, HELD_MAX};
use super::super::{Order, Refusal};
use super::house::{ANNA, House, acknowledge, signal};
use crate::port::Hold;

/// A channel puts an attempt off for so long.
fn hold(house: &House, attempt: u32, seconds: u64) -> Order {
    let limit = PaceLimit { count: 1, span: Span::from_seconds(60) };
    Order::ReportHeld { attempt, hold: Hold { until: house.now + Span::from_seconds(seconds), limit } }
}

#[test]
fn what_is_put_off_comes_again_and_is_no_repeat() {
    let mut house = House::raised();
    house.pages();
    assert_eq!(house.ask(hold(&house, 1, 40)), ["attempt_held"]);
    assert_eq!(house.pass(39), Vec::<&str>::new());
    assert_eq!(house.pass(1), ["attempt_started"]);
    assert_eq!(house.pages(), ["anna push"]);
    house.answer(2, Outcome::Accepted);
    house.live(120);
    assert_eq!(house.pages(), ["anna sms"], "the ladder goes on at its times");
}

#[test]
fn what_is_put_off_again_and_again_uses_up_no_try() {
    let mut house = House::raised();
    for attempt in 1..=12 {
        house.ask(hold(&house, attempt, 5));
        assert_eq!(house.pass(5), ["attempt_started"]);
    }
    house.pages();
    assert_eq!(house.answer(13, Outcome::Accepted), ["attempt_ended"]);
}

#[test]
fn what_is_put_off_for_long_starts_the_next_rung_and_comes_all_the_same() {
    let mut house = House::raised();
    house.pages();
    assert_eq!(house.ask(hold(&house, 1, 61)), ["attempt_held", "attempt_started"]);
    assert_eq!(house.pages(), ["anna sms"]);
    house.live(61);
    assert_eq!(house.pages(), ["anna push"]);
}

#[test]
fn what_somebody_has_meanwhile_does_not_come() {
    for order in [acknowledge(ANNA), signal(Status::Resolved, Severity::Critical, None)] {
        let mut house = House::raised();
        house.ask(hold(&house, 1, 40));
        house.ask(order);
        house.pages();
        house.live(15 * 60);
        assert_eq!(house.pages(), Vec::<String>::new());
    }
}

#[test]
fn a_channel_whose_clock_is_behind_is_not_asked_again_in_the_same_moment() {
    let mut house = House::raised();
    house.pages();
    let order = hold(&house, 1, 0);
    house.now = house.now + Span::from_seconds(1);
    assert_eq!(house.ask(order), ["attempt_held"]);
    assert_eq!(house.pages(), Vec::<String>::new());
    assert_eq!(house.pass(1), ["attempt_started"]);
}

#[test]
fn it_is_put_off_for_an_hour_at_most() {
    let mut house = House::raised();
    house.ask(hold(&house, 1, 24 * 60 * 60));
    let page = &house.alert.pages[0];
    assert_eq!(page.rungs[0].retry.map(|retry| retry.at), Some(house.now + HELD_MAX));
}

#[test]
fn the_next_send_of_a_rung_keeps_its_distance_from_what_was_put_off() {
    // Anna's second text is planned 2 min after the first, which waits until 10 s before.
    let mut house = House::raised();
    house.answer(1, Outcome::Accepted);
    house.pass(120);
    house.ask(hold(&house, 2, 110));
    house.pages();
    house.live(169);
    assert_eq!(house.pages(), ["anna sms"]);
    house.live(1);
    assert_eq!(house.pages(), ["anna sms"], "a minute after the first, and not 10 s");
}

#[test]
fn what_was_put_off_comes_although_one_before_it_did_not_arrive() {
    let mut house = House::raised();
    house.answer(1, Outcome::Accepted);
    house.pass(120);
    house.answer(2, Outcome::Accepted);
    house.pass(120);
    house.ask(hold(&house, 3, 30));
    let status = DeliveryStatus::Undelivered;
    house.ask(Order::ReportStatus { attempt: 2, status, detail: String::new() });
    house.answer_all(Outcome::Accepted);
    house.pages();
    house.live(60);
    assert_eq!(house.pages(), ["anna sms"]);
}

#[test]
fn nobody_waits_for_what_has_ended() {
    let mut house = House::raised();
    house.answer(1, Outcome::Accepted);
    assert_eq!(house.try_ask(hold(&house, 1, 40)), Err(Refusal::NotAwaited));
    assert_eq!(house.try_ask(hold(&house, 7, 40)), Err(Refusal::NotAwaited));
    let mut silent = House::raised();
    silent.pass(ATTEMPT_TIMEOUT.as_seconds());
    assert_eq!(silent.try_ask(hold(&silent, 1, 40)), Err(Refusal::NotAwaited));
}

//! Given a house, when something is asked of an alert at a moment, then these events follow.

mod answer;
mod contacts;
mod failover;
mod house;
mod pace;
mod symptoms;
mod texts;
mod together;
mod work;

use events::event::alert::Receipt;
use events::event::outcome::{DeliveryStatus, Outcome, Reason};
use events::event::person::PersonEvent;
use events::event::policy::{PolicyDefined, PolicyEvent, Target};
use events::event::routes::RoutesEvent;
use events::event::signal::{Severity, Status};
use events::{Author, BootId, Span};

use super::limit::ATTEMPT_TIMEOUT;
use super::{Alert, Command, Here, Order, Phase, Refusal};
use crate::aggregate::Aggregate;
use crate::port::Report;
use house::{
    ANNA, BERND, CALLUM, CONNECTION, House, REJECTED, TIMEOUT, acknowledge, alert, defined, signal, step,
};

#[test]
fn a_signal_raises_enters_step_one_and_starts_the_first_attempt_in_one_decision() {
    let mut house = House::new();
    let events = house.ask(signal(Status::Firing, Severity::Critical, None));
    assert_eq!(events, ["raised", "step_entered", "page_ordered", "attempt_started"]);
    assert_eq!(house.pages(), ["anna push"]);
}

#[test]
fn the_ladder_is_climbed_at_its_times_and_the_next_step_starts_beside_it() {
    let mut house = House::raised();
    house.live(119);
    assert_eq!(house.pages(), ["anna push"]);
    house.live(1);
    assert_eq!(house.pages(), ["anna sms"]);
    house.live(120);
    assert_eq!(house.pages(), ["anna sms"]);
    house.live(120);
    assert_eq!(house.pages(), ["anna pager"]);
    house.live(240);
    assert_eq!(house.pages(), ["bernd push"]);
    house.live(600);
    assert_eq!(house.pages(), ["anna push", "bernd push", "callum push"]);
}

#[test]
fn after_the_last_round_the_fallback_is_paged_until_somebody_acts() {
    let mut house = House::raised();
    house.live(70 * 60 - 1);
    house.pages();
    house.live(1);
    assert_eq!(house.pages(), ["callum push"]);
    for _ in 0..20 {
        house.live(600);
        assert_eq!(house.pages(), ["callum push"]);
    }
    house.ask(acknowledge(CALLUM));
    house.live(29 * 60);
    assert_eq!(house.pages(), Vec::<String>::new());
}

#[test]
fn a_policy_without_a_fallback_pages_everybody_of_its_steps_again() {
    let mut house = House::new();
    let steps = vec![step(vec![Target::Person(ANNA)], 10), step(vec![Target::Person(BERND)], 10)];
    let policy = PolicyDefined { steps, repeat: 0, fallback: Vec::new(), acknowledgement_lapses: None };
    house.define(&"policy-default".into(), PolicyEvent::Defined(policy));
    house.ask(signal(Status::Firing, Severity::Critical, None));
    house.live(20 * 60 - 1);
    house.pages();
    house.live(1);
    assert_eq!(house.pages(), ["anna push", "bernd push"]);
}

#[test]
fn a_refused_contact_climbs_at_once_and_moves_no_other() {
    let mut house = House::raised();
    house.pass(5);
    assert_eq!(house.answer(1, REJECTED), ["attempt_ended", "attempt_started"]);
    assert_eq!(house.pages(), ["anna push", "anna sms"]);
    house.live(119);
    assert_eq!(house.pages(), Vec::<String>::new());
    house.live(1);
    assert_eq!(house.pages(), ["anna sms"], "the second send two minutes after the first");
    house.live(6 * 60 - 125);
    assert_eq!(house.pages(), ["anna pager"], "six minutes after the page's start, as ever");
}

#[test]
fn a_failed_attempt_is_tried_again_with_growing_waits_and_is_no_repeat() {
    let mut house = House::raised();
    let mut waits = Vec::new();
    for attempt in 1..=4 {
        assert_eq!(house.answer(attempt, CONNECTION), ["attempt_ended"]);
        let next = house.alert.next_deadline().expect("a retry");
        waits.push(next.since(house.now).as_seconds());
        house.now = next;
        house.ask(Order::Tick);
    }
    assert_eq!(house.pages(), vec!["anna push"; 5]);
    let fits = |(&wait, doubled): (&u64, u64)| (doubled..=doubled + doubled / 4).contains(&wait);
    assert!(waits.iter().zip([2, 4, 8, 16]).all(fits), "doubling, spread by up to a quarter: {waits:?}");
}

#[test]
fn a_provider_that_asks_for_patience_gets_it() {
    let mut house = House::raised();
    let throttled = Outcome::Failed { reason: Reason::Throttled, retry_after: Some(Span::from_seconds(30)) };
    house.answer(1, throttled);
    assert_eq!(house.alert.next_deadline(), Some(house.now + Span::from_seconds(30)));
}

#[test]
fn an_unknown_outcome_is_tried_again_and_says_that_it_is_a_repeat() {
    let mut house = House::raised();
    assert_eq!(house.pass(15), ["attempt_ended"], "nobody reported: it timed out");
    house.pass(3);
    assert_eq!(house.pages(), ["anna push", "anna push repeat"]);
    house.answer(2, CONNECTION);
    house.pass(5);
    assert_eq!(house.pages(), ["anna push repeat"], "it stays a repeat when the retry fails");
}

/// A house in which Anna's second SMS has begun while the first one is still in flight, as attempts 3 and 2.
fn overtaken() -> House {
    let mut house = House::new();
    let mut anna = defined(ANNA, "anna");
    anna.ladder[1].every = Span::from_seconds(3);
    house.define(&ANNA.stream(), PersonEvent::Defined(anna));
    house.ask(signal(Status::Firing, Severity::Critical, None));
    house.answer(1, Outcome::Accepted);
    house.pass(120);
    house.pass(3);
    assert_eq!(house.in_flight(), [2, 3]);
    house.pages();
    house
}

#[test]
fn a_send_that_the_next_one_has_overtaken_is_not_tried_again_in_its_place() {
    let mut house = overtaken();
    house.answer(3, Outcome::Accepted);
    house.answer(2, Outcome::Unknown(Reason::Timeout));
    house.pass(30);
    assert_eq!(house.pages(), [""; 0], "the second one has arrived and needs no repeat");
}

#[test]
fn a_send_that_failed_is_tried_again_even_when_the_one_before_it_is_accepted_late() {
    let mut house = overtaken();
    house.answer(3, CONNECTION);
    house.answer(2, Outcome::Accepted);
    house.pass(3);
    assert_eq!(house.pages(), ["anna sms"]);
}

#[test]
fn a_send_that_was_tried_too_often_climbs() {
    let mut house = House::raised();
    let start = house.now;
    let mut told = house.pages();
    while !told.contains(&"anna pager".to_owned()) {
        for attempt in house.in_flight() {
            let rung = house.alert.attempts.iter().find(|known| known.started.attempt == attempt);
            let is_push = rung.is_some_and(|known| known.started.rung == 1);
            house.answer(attempt, if is_push { CONNECTION } else { Outcome::Accepted });
        }
        told.extend(house.pages());
        if !told.contains(&"anna pager".to_owned()) {
            house.now = house.alert.next_deadline().expect("open");
            house.ask(Order::Tick);
            told.extend(house.pages());
        }
    }
    assert_eq!(told.iter().filter(|&page| page == "anna push").count(), 9, "once, and eight retries");
    assert!(house.now < start + Span::from_minutes(6), "the pager does not wait for its time");
}

#[test]
fn what_an_earlier_start_had_in_flight_ends_at_once_and_is_sent_again() {
    let mut house = House::raised();
    house.pages();
    house.here.boot = BootId(2);
    assert!(house.alert.next_deadline_at(&house.here).is_some_and(|deadline| deadline <= house.now));
    assert_eq!(house.ask(Order::Tick), ["attempt_ended", "attempt_started"]);
    assert_eq!(house.pages(), ["anna push repeat"]);
}

#[test]
fn what_another_node_has_in_flight_is_left_to_it_until_its_timeout() {
    let mut house = House::raised();
    house.here = Here { node: "b".into(), boot: BootId(9) };
    assert_eq!(house.ask(Order::Tick), Vec::<&str>::new());
    assert_eq!(house.pass(15), ["attempt_ended"]);
}

#[test]
fn an_acknowledgement_stops_everything() {
    let mut house = House::raised();
    house.answer(1, Outcome::Accepted);
    house.pages();
    assert_eq!(house.ask(acknowledge(ANNA)), ["acknowledged"]);
    house.live(29 * 60);
    assert_eq!(house.pages(), Vec::<String>::new());
}

#[test]
fn the_same_acknowledgement_again_changes_nothing_and_another_person_takes_over() {
    let mut house = House::raised();
    house.ask(acknowledge(ANNA));
    assert_eq!(house.ask(acknowledge(ANNA)), Vec::<&str>::new());
    assert_eq!(house.ask(acknowledge(BERND)), ["acknowledged"]);
}

#[test]
fn an_acknowledgement_lapses_and_starts_again_at_step_one_as_a_new_generation() {
    let mut house = House::raised();
    house.live(11 * 60);
    house.pages();
    house.ask(acknowledge(BERND));
    assert_eq!(house.alert.generation(), 1);
    assert_eq!(
        house.pass(30 * 60),
        ["acknowledgement_lapsed", "step_entered", "page_ordered", "attempt_started"]
    );
    assert_eq!(house.pages(), ["anna push"]);
    assert_eq!(house.alert.generation(), 2);
}

#[test]
fn what_still_rings_is_recalled_once_somebody_has_it() {
    let mut house = House::raised();
    let receipt = Receipt::ringing("r1".into(), house.now + Span::from_minutes(60));
    let report = Report { receipt: Some(receipt), ..Report::bare(Outcome::Accepted) };
    house.ask(Order::ReportAttempt { attempt: 1, report });
    house.pages();
    assert_eq!(house.ask(acknowledge(BERND)), ["acknowledged", "recall_started"]);
    assert_eq!(house.pages(), ["anna push recall r1"]);
    house.ask(Order::ReportRecall {
        attempt: 1,
        timeout_at: house.now + ATTEMPT_TIMEOUT,
        report: Report::bare(CONNECTION),
    });
    house.pass(10);
    assert_eq!(house.pages(), ["anna push recall r1"], "a recall that failed is tried again");
    house.ask(Order::ReportRecall {
        attempt: 1,
        timeout_at: house.now,
        report: Report::bare(Outcome::Accepted),
    });
    assert_eq!(house.ask(signal(Status::Resolved, Severity::Critical, None)), ["resolved"], "and only once");
}

#[test]
fn what_is_reported_of_an_earlier_recall_does_not_end_the_present_one() {
    let mut house = House::raised();
    let receipt = Receipt::ringing("r1".into(), house.now + Span::from_minutes(60));
    let report = Report { receipt: Some(receipt), ..Report::bare(Outcome::Accepted) };
    house.ask(Order::ReportAttempt { attempt: 1, report });
    house.ask(acknowledge(BERND));
    let first = house.now + ATTEMPT_TIMEOUT;
    house.pages();
    house.pass(15);
    house.pass(10);
    assert_eq!(house.pages(), ["anna push recall r1"], "the first timed out");
    let late = |outcome| Order::ReportRecall { attempt: 1, timeout_at: first, report: Report::bare(outcome) };
    assert_eq!(house.try_ask(late(CONNECTION)), Err(Refusal::NotAwaited));
    assert_eq!(house.ask(late(Outcome::Accepted)), ["recall_ended"], "but that it rings no more is welcome");
}

#[test]
fn what_was_in_flight_when_somebody_took_it_is_recalled_when_it_turns_out_to_ring() {
    let mut house = House::raised();
    house.ask(acknowledge(BERND));
    house.pages();
    let receipt = Receipt::ringing("r1".into(), house.now + Span::from_minutes(60));
    let report = Report { receipt: Some(receipt), ..Report::bare(Outcome::Accepted) };
    assert_eq!(house.ask(Order::ReportAttempt { attempt: 1, report }), ["attempt_ended", "recall_started"]);
    assert_eq!(house.pages(), ["anna push recall r1"]);
}

#[test]
fn repeats_are_recorded_at_most_every_thirty_seconds() {
    let mut house = House::raised();
    let again = || signal(Status::Firing, Severity::Critical, None);
    assert_eq!(house.ask(again()), Vec::<&str>::new());
    house.pass(29);
    assert_eq!(house.ask(again()), Vec::<&str>::new());
    house.pass(1);
    assert_eq!(house.ask(again()), ["repeated"]);
    assert_eq!(house.ask(again()), Vec::<&str>::new());
}

#[test]
fn a_changed_severity_is_always_recorded() {
    let mut house = House::raised();
    assert_eq!(house.ask(signal(Status::Firing, Severity::Warning, None)), ["severity_changed"]);
    assert_eq!(house.ask(signal(Status::Firing, Severity::Critical, None)), ["severity_changed"]);
}

#[test]
fn a_firing_that_began_no_later_than_what_was_resolved_changes_nothing() {
    let mut house = House::new();
    let began = house.now;
    let mut late = signal(Status::Firing, Severity::Critical, Some(began));
    let Order::Signal(order) = &mut late else { panic!("a signal") };
    order.resolved_start = Some(began);
    assert_eq!(house.ask(late.clone()), Vec::<&str>::new());
    let Order::Signal(order) = &mut late else { panic!("a signal") };
    order.signal.started_at = Some(began + Span::from_seconds(1));
    assert_eq!(house.ask(late)[0], "raised");
}

#[test]
fn a_resolve_ends_it_and_a_late_resolve_of_nothing_changes_nothing() {
    let mut house = House::new();
    assert_eq!(house.ask(signal(Status::Resolved, Severity::Critical, None)), Vec::<&str>::new());
    let mut house = House::raised();
    assert_eq!(house.ask(signal(Status::Resolved, Severity::Critical, None)), ["resolved"]);
    assert_eq!(house.ask(signal(Status::Resolved, Severity::Critical, None)), Vec::<&str>::new());
    let firing = house.try_ask(signal(Status::Firing, Severity::Critical, None));
    assert_eq!(firing, Err(Refusal::AlreadyResolved), "the next problem is the next alert");
    assert_eq!(house.try_ask(acknowledge(ANNA)), Err(Refusal::AlreadyResolved));
    house.answer(1, Outcome::Accepted);
    assert!(house.alert.is_at_rest());
}

#[test]
fn a_step_with_nobody_is_recorded_and_left_at_once() {
    let mut house = House::new();
    house.policy(vec![step(vec![Target::Team("none".into())], 10), step(vec![Target::Person(BERND)], 10)]);
    let events = house.ask(signal(Status::Firing, Severity::Critical, None));
    assert_eq!(events, ["raised", "step_empty", "step_entered", "page_ordered", "attempt_started"]);
    assert_eq!(house.pages(), ["bernd push"]);
}

#[test]
fn when_every_step_is_empty_the_fallback_is_paged_at_once() {
    let mut house = House::new();
    house.policy(vec![step(vec![Target::Team("none".into())], 10)]);
    let events = house.ask(signal(Status::Firing, Severity::Critical, None));
    assert_eq!(
        events,
        ["raised", "step_empty", "step_empty", "fallback_entered", "page_ordered", "attempt_started"]
    );
}

#[test]
fn after_an_hour_of_outage_there_is_one_late_send_a_person_and_the_present_step() {
    let mut house = House::raised();
    house.answer(1, Outcome::Accepted);
    house.pages();
    let events = house.pass(60 * 60);
    assert_eq!(events.iter().filter(|&&event| event == "step_entered").count(), 1, "{events:?}");
    assert_eq!(house.pages(), ["anna pager late 58m", "anna push", "bernd push", "callum push"]);
    let Phase::Open { until } = *house.alert.phase() else { panic!("open") };
    assert_eq!(until, house.now + Span::from_minutes(15), "who is paged late has the whole wait");
}

#[test]
fn after_a_short_outage_every_send_is_still_made() {
    let mut house = House::raised();
    house.answer(1, Outcome::Accepted);
    house.pages();
    house.pass(6 * 60 - 1);
    assert_eq!(house.pages(), ["anna sms late 3m59s"]);
    house.answer_all(Outcome::Accepted);
    house.pass(30);
    assert_eq!(house.pages(), ["anna pager"]);
}

#[test]
fn escalating_enters_the_next_step_now_even_when_somebody_has_it() {
    let mut house = House::raised();
    house.ask(acknowledge(ANNA));
    house.pages();
    let events = house.ask(Order::Escalate { by: Author::Person(ANNA) });
    assert_eq!(events, ["escalated", "step_entered", "page_ordered", "attempt_started"]);
    assert_eq!(house.pages(), ["bernd push"]);
}

#[test]
fn a_hold_is_quiet_until_it_ends_or_the_problem_becomes_critical() {
    let hold = |house: &House| Order::Hold {
        by: Author::Person(ANNA),
        until: house.now + Span::from_minutes(20),
        unless_joined: 0,
    };
    let mut house = House::new();
    house.ask(signal(Status::Firing, Severity::Warning, None));
    house.answer_all(Outcome::Accepted);
    house.pages();
    let order = hold(&house);
    assert_eq!(house.ask(order), ["held"]);
    house.live(20 * 60 - 1);
    assert_eq!(house.pages(), Vec::<String>::new());
    house.live(1);
    assert_eq!(house.pages(), ["anna push"]);
    let order = hold(&house);
    house.ask(order);
    let events = house.ask(signal(Status::Firing, Severity::Critical, None));
    assert_eq!(events[..3], ["severity_changed", "hold_ended", "step_entered"]);
    let too_long = Order::Hold {
        by: Author::House,
        until: house.now + Span::from_minutes(25 * 60 + 1),
        unless_joined: 0,
    };
    assert_eq!(house.try_ask(too_long), Err(Refusal::HoldTooLong));
}

#[test]
fn a_hold_can_be_ended_before_its_time_and_then_paging_begins_again() {
    let mut house = House::new();
    house.ask(signal(Status::Firing, Severity::Warning, None));
    house.answer_all(Outcome::Accepted);
    house.pages();
    assert_eq!(house.try_ask(Order::EndHold), Err(Refusal::NotHeld));
    let until = house.now + Span::from_minutes(20);
    house.ask(Order::Hold { by: Author::Person(ANNA), until, unless_joined: 0 });
    let events = house.ask(Order::EndHold);
    assert_eq!(events, ["hold_ended", "step_entered", "page_ordered", "attempt_started"]);
    assert_eq!(house.pages(), ["anna push"]);
    assert_eq!(house.try_ask(Order::EndHold), Err(Refusal::NotHeld));
}

#[test]
fn a_message_that_did_not_arrive_climbs_and_its_status_never_goes_back() {
    let mut house = House::raised();
    house.answer(1, Outcome::Accepted);
    house.pages();
    let status = |status| Order::ReportStatus { attempt: 1, status, detail: String::new() };
    assert_eq!(house.ask(status(DeliveryStatus::Sent)), ["status_reported"]);
    assert_eq!(house.ask(status(DeliveryStatus::Queued)), Vec::<&str>::new());
    assert_eq!(house.ask(status(DeliveryStatus::Sent)), Vec::<&str>::new(), "the same again says nothing");
    assert_eq!(house.ask(status(DeliveryStatus::Undelivered)), ["status_reported", "attempt_started"]);
    assert_eq!(house.pages(), ["anna sms"]);
    assert_eq!(
        house.try_ask(Order::ReportStatus {
            attempt: 99,
            status: DeliveryStatus::Sent,
            detail: String::new()
        }),
        Err(Refusal::NotAwaited)
    );
}

#[test]
fn a_changed_configuration_pages_who_is_meant_now_and_lets_go_who_is_gone() {
    let mut house = House::raised();
    house.answer(1, Outcome::Accepted);
    house.pages();
    assert_eq!(house.ask(Order::Reconsider), Vec::<&str>::new());
    house.policy(vec![step(vec![Target::Person(ANNA), Target::Person(BERND)], 10)]);
    assert_eq!(house.ask(Order::Reconsider), ["reconsidered", "page_ordered", "attempt_started"]);
    assert_eq!(house.pages(), ["bernd push"]);
    assert_eq!(house.ask(Order::Reconsider), Vec::<&str>::new());
    house.define(&ANNA.stream(), PersonEvent::Removed);
    assert_eq!(house.ask(Order::Reconsider), ["page_withdrawn"]);
    house.live(9 * 60);
    assert_eq!(house.pages(), Vec::<String>::new(), "Anna's ladder is let go");
}

#[test]
fn after_the_clock_was_corrected_a_page_of_an_earlier_step_is_still_one_of_an_earlier_step() {
    let mut house = House::raised();
    house.live(11 * 60);
    house.now = house.now - Span::from_minutes(24 * 60);
    assert_eq!(house.ask(Order::Tick), ["clock_corrected"]);
    // The second step, in which Bernd is paged, means Anna as well from now on: her page of the first does not count.
    house.policy(vec![
        step(vec![Target::Person(ANNA)], 10),
        step(vec![Target::Person(BERND), Target::Person(ANNA)], 10),
    ]);
    let said = house.ask(Order::Reconsider);
    assert!(said.starts_with(&["reconsidered", "page_ordered"]), "{said:?}");
}

#[test]
fn a_history_ahead_of_the_clock_has_its_deadlines_moved_back() {
    let mut house = House::raised();
    house.answer(1, Outcome::Accepted);
    house.pages();
    house.now = house.now - Span::from_minutes(60);
    assert_eq!(house.ask(Order::Tick), ["clock_corrected"]);
    house.live(120);
    assert_eq!(house.pages(), ["anna sms"]);
}

#[test]
fn a_test_page_uses_one_contact_and_ends_when_acknowledged_or_by_itself() {
    let test = |contact: Option<&str>| Order::Test {
        alert: alert(),
        person: ANNA,
        contact: contact.map(Into::into),
        by: Author::Token("owner".into()),
    };
    let mut house = House::new();
    assert_eq!(house.ask(test(Some("sms"))), ["raised", "page_ordered", "attempt_started"]);
    assert_eq!(house.pages(), ["anna sms"]);
    assert_eq!(house.ask(acknowledge(ANNA)), ["acknowledged", "resolved"]);
    let mut house = House::new();
    house.ask(test(None));
    house.live(6 * 60);
    assert_eq!(house.pages(), ["anna push", "anna sms", "anna sms", "anna pager"]);
    house.live(13 * 60);
    assert!(house.alert.is_at_rest());
    assert_eq!(House::new().try_ask(test(Some("fax"))), Err(Refusal::Unreachable));
}

#[test]
fn a_signal_that_no_route_matches_is_refused_and_nothing_is_raised() {
    let mut house = House::new();
    house.define(&"routes-all".into(), RoutesEvent::Defined(Vec::new()));
    assert_eq!(house.try_ask(signal(Status::Firing, Severity::Error, None)), Err(Refusal::NoRoute));
}

#[test]
fn folding_the_events_again_gives_the_same_deadlines() {
    let mut house = House::new();
    let mut replay = Alert::default();
    let mut follow = |house: &mut House, order: Order| {
        let command = Command { here: house.here.clone(), providers: house.providers.clone(), order };
        for event in house.alert.decide(&command, &house.directory, house.now).expect("no refusal") {
            house.alert.evolve(&event, house.now);
            replay.evolve(&event, house.now);
        }
        assert_eq!(replay.next_deadline(), house.alert.next_deadline());
        assert_eq!(replay.phase(), house.alert.phase());
    };
    follow(&mut house, signal(Status::Firing, Severity::Critical, None));
    for outcome in [CONNECTION, TIMEOUT, Outcome::Accepted] {
        for attempt in house.in_flight() {
            follow(&mut house, Order::ReportAttempt { attempt, report: Report::bare(outcome) });
        }
        house.now = house.alert.next_deadline().expect("open");
        follow(&mut house, Order::Tick);
    }
    follow(&mut house, acknowledge(ANNA));
}

#[test]
fn a_house_that_dies_again_and_again_goes_on_stopping_what_rings() {
    let mut house = House::raised();
    house.answer(1, TIMEOUT);
    house.ask(acknowledge(BERND));
    for boot in 2..20 {
        house.pages();
        house.here.boot = BootId(boot);
        house.ask(Order::Tick);
        house.pass(5);
        assert_eq!(house.pages(), ["anna push recall by attempt"], "start {boot}");
    }
}

#[test]
fn what_was_lost_on_the_way_may_ring_and_is_recalled_too() {
    let mut house = House::raised();
    house.answer(1, TIMEOUT);
    house.pass(3);
    house.answer(2, Outcome::Accepted);
    house.pages();
    assert_eq!(house.ask(acknowledge(BERND)), ["acknowledged", "recall_started"]);
    assert_eq!(house.pages(), ["anna push recall by attempt"]);
    house.ask(Order::ReportRecall {
        attempt: 1,
        timeout_at: house.now,
        report: Report::bare(Outcome::Accepted),
    });
    assert_eq!(house.ask(signal(Status::Resolved, Severity::Critical, None)), ["resolved"], "and only once");
}

#[test]
fn a_report_that_overtakes_the_answer_counts() {
    let mut house = House::raised();
    house.pages();
    let status = |status| Order::ReportStatus { attempt: 1, status, detail: String::new() };
    assert_eq!(house.ask(status(DeliveryStatus::Delivered)), ["status_reported"]);
    assert_eq!(house.pass(15), ["attempt_ended"]);
    house.pass(60);
    assert_eq!(house.pages(), Vec::<String>::new(), "it has arrived: nothing is repeated");
    let mut house = House::raised();
    house.pages();
    assert_eq!(house.ask(status(DeliveryStatus::Undelivered)), ["status_reported", "attempt_started"]);
    assert_eq!(house.pages(), ["anna sms"]);
    assert_eq!(house.answer(1, TIMEOUT), ["attempt_ended"]);
    house.answer(2, Outcome::Accepted);
    house.pass(60);
    assert_eq!(house.pages(), Vec::<String>::new(), "it will not arrive: it is not sent again");
}

#[test]
fn a_report_on_what_was_lost_saves_the_repeat() {
    let mut house = House::raised();
    house.answer(1, REJECTED);
    house.answer(2, TIMEOUT);
    house.pages();
    let status = |status| Order::ReportStatus { attempt: 2, status, detail: String::new() };
    assert_eq!(house.ask(status(DeliveryStatus::Delivered)), ["status_reported"]);
    house.pass(60);
    assert_eq!(house.pages(), Vec::<String>::new(), "it has arrived: nothing is repeated");
    assert_eq!(house.ask(status(DeliveryStatus::Sent)), Vec::<&str>::new(), "and never goes back");
}

#[test]
fn a_test_is_no_problem_that_could_be_held_passed_on_or_handed_over() {
    let mut house = House::new();
    let by = Author::Person(ANNA);
    house.ask(Order::Test { alert: alert(), person: ANNA, contact: None, by: by.clone() });
    let to = events::event::alert::Handed::Team("all".into());
    let until = house.now + Span::from_minutes(5);
    for order in [
        Order::Hold { by: by.clone(), until, unless_joined: 0 },
        Order::Escalate { by: by.clone() },
        Order::HandOver { by: by.clone(), to },
    ] {
        assert_eq!(house.try_ask(order.clone()), Err(Refusal::NoProblem), "{order:?}");
    }
    assert_eq!(house.ask(acknowledge(ANNA)), ["acknowledged", "resolved"]);
}

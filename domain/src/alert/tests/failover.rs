//! Several providers reach one address: what one does not take, or does not report on, goes to the next at once.

use events::ChannelId;
use events::event::alert::AlertEvent;
use events::event::outcome::{DeliveryStatus, Outcome, Reason};
use events::event::person::{ChannelKind, PersonEvent};
use events::{BootId, Span};

use super::house::{ANNA, BERND, CONNECTION, House, REJECTED, TIMEOUT, acknowledge, alert, defined};
use crate::aggregate::Aggregate;
use crate::alert::limit::RETRIES_PER_SEND_MAX;
use crate::alert::{Order, Refusal};
use crate::port::Report;
use crate::providers::Providers;

/// A house with these providers of SMS, and the pager of two terminals, in which Anna was just paged by SMS.
fn paged(providers: &[&str]) -> House {
    let mut house = House::new();
    let mut known = Providers::default();
    for id in providers {
        known.add(ChannelKind::SMS, (*id).into());
    }
    known.add(ChannelKind::PAGER, "north".into());
    known.add(ChannelKind::PAGER, "south".into());
    house.providers = known.into();
    let mut anna = defined(ANNA, "anna");
    anna.ladder.remove(0);
    anna.ladder[0].after = Span::ZERO;
    house.define(&ANNA.stream(), PersonEvent::Defined(anna));
    house.ask(super::signal(super::Status::Firing, super::Severity::Critical, None));
    house
}

/// Over which providers what was sent, since the last time somebody asked: `sms a`, `sms b repeat`, …
fn sent(house: &mut House) -> Vec<String> {
    let vias: Vec<ChannelId> =
        house.sent.iter().map(|dispatch| dispatch.via.clone().unwrap_or_else(|| "-".into())).collect();
    let pages = house.pages().into_iter().map(|page| page.trim_start_matches("anna ").to_owned());
    pages
        .zip(vias)
        .map(|(page, via)| match page.split_once(' ') {
            Some((way, how)) => format!("{way} {via} {how}"),
            None => format!("{page} {via}"),
        })
        .collect()
}

fn accepted(house: &mut House, attempt: u32, within: u64) {
    let report_by = Some(house.now + Span::from_seconds(within));
    let report = Report { report_by, ..Report::bare(Outcome::Accepted) };
    house.ask(Order::ReportAttempt { attempt, report });
}

fn status(house: &mut House, attempt: u32, status: DeliveryStatus) -> Vec<&'static str> {
    house.ask(Order::ReportStatus { attempt, status, detail: String::new() })
}

const THROTTLED: Outcome =
    Outcome::Failed { reason: Reason::Throttled, retry_after: Some(Span::from_minutes(3)) };
const PASSED_OVER: Outcome = Outcome::Failed { reason: Reason::BreakerOpen, retry_after: None };

#[test]
fn what_one_provider_does_not_take_goes_to_the_next_at_once() {
    for (outcome, expected) in [
        (REJECTED, "sms b"),
        (Outcome::Refused(Reason::UnknownAddress), "sms b"),
        (CONNECTION, "sms b"),
        (THROTTLED, "sms b"),
        (PASSED_OVER, "sms b"),
        (TIMEOUT, "sms b repeat"),
        (Outcome::Unknown(Reason::ProviderFault), "sms b repeat"),
    ] {
        let mut house = paged(&["a", "b"]);
        assert_eq!(sent(&mut house), ["sms a"]);
        assert_eq!(house.answer(1, outcome), ["attempt_ended", "attempt_started"], "{outcome:?}");
        assert_eq!(sent(&mut house), [expected], "{outcome:?}");
        house.answer(2, Outcome::Accepted);
        house.live(119);
        assert_eq!(sent(&mut house), [""; 0], "{outcome:?}: the other one has it");
        house.live(1);
        assert_eq!(
            sent(&mut house),
            ["sms b"],
            "{outcome:?}: its next send begins with whoever took the last"
        );
    }
}

#[test]
fn a_provider_that_does_not_answer_is_followed_when_its_time_is_up() {
    let mut house = paged(&["a", "b"]);
    house.pages();
    assert_eq!(house.pass(15), ["attempt_ended", "attempt_started"]);
    assert_eq!(sent(&mut house), ["sms b repeat"]);
}

#[test]
fn the_one_that_a_contact_names_comes_first_and_a_pager_has_no_other() {
    let mut house = House::new();
    house.providers = paged(&["a", "b", "c"]).providers;
    let mut anna = defined(ANNA, "anna");
    anna.ladder.remove(0);
    for rung in &mut anna.ladder {
        rung.after = Span::ZERO;
    }
    for contact in anna.contacts.values_mut() {
        contact.via = Some(if contact.channel == ChannelKind::SMS { "b".into() } else { "south".into() });
    }
    house.define(&ANNA.stream(), PersonEvent::Defined(anna));
    house.ask(super::signal(super::Status::Firing, super::Severity::Critical, None));
    assert_eq!(sent(&mut house), ["sms b", "pager south"]);
    house.answer(1, CONNECTION);
    house.answer(2, CONNECTION);
    assert_eq!(sent(&mut house), ["sms a"]);
    house.answer(3, CONNECTION);
    assert_eq!(sent(&mut house), ["sms c"]);
    house.pass(3);
    assert_eq!(sent(&mut house), ["pager south"], "again over the same, as ever");
}

#[test]
fn only_when_all_have_refused_the_rung_is_given_up() {
    let mut house = paged(&["a", "b"]);
    house.answer(1, REJECTED);
    assert_eq!(sent(&mut house), ["sms a", "sms b"]);
    assert_eq!(house.answer(2, REJECTED), ["attempt_ended", "attempt_started"]);
    assert_eq!(sent(&mut house), ["pager north"]);
    house.live(5 * 60);
    assert_eq!(sent(&mut house), [""; 0], "the second text is not sent any more");
}

#[test]
fn when_all_were_tried_it_waits_and_begins_with_the_first_that_has_not_refused() {
    let mut house = paged(&["a", "b", "c"]);
    house.answer(1, CONNECTION);
    house.answer(2, REJECTED);
    assert_eq!(house.answer(3, CONNECTION), ["attempt_ended"], "now it waits");
    assert_eq!(sent(&mut house), ["sms a", "sms b", "sms c"]);
    house.pass(3);
    house.answer(4, CONNECTION);
    assert_eq!(sent(&mut house), ["sms a", "sms c"]);
}

#[test]
fn a_round_of_all_providers_counts_as_one_retry_and_then_the_page_climbs() {
    let mut house = paged(&["a", "b"]);
    let start = house.now;
    let mut told = sent(&mut house);
    while !told.contains(&"pager north".to_owned()) {
        for attempt in house.in_flight() {
            house.answer(attempt, CONNECTION);
        }
        told.extend(sent(&mut house));
        if house.in_flight().is_empty() {
            house.now = house.alert.next_deadline().expect("open");
            house.ask(Order::Tick);
            told.extend(sent(&mut house));
        }
    }
    let count = |page: &str| told.iter().filter(|told| *told == page).count();
    // The second send of the rung comes between, two minutes after the first.
    assert!(count("sms a") > 1 && count("sms b") > 1, "{told:?}");
    assert!(told.len() <= 4 * (usize::try_from(RETRIES_PER_SEND_MAX).unwrap_or_default() + 1), "{told:?}");
    assert!(house.now <= start + Span::from_minutes(6));
}

#[test]
fn with_one_provider_what_fails_waits_as_ever() {
    let mut house = paged(&["a"]);
    assert_eq!(house.answer(1, CONNECTION), ["attempt_ended"]);
    house.pass(3);
    assert_eq!(sent(&mut house), ["sms a", "sms a"]);
}

#[test]
fn what_was_to_be_reported_and_was_not_goes_to_the_next_as_a_repeat() {
    let mut house = paged(&["a", "b"]);
    accepted(&mut house, 1, 90);
    assert_eq!(status(&mut house, 1, DeliveryStatus::Sent), ["status_reported"]);
    house.pages();
    assert_eq!(house.pass(89), [""; 0]);
    assert_eq!(house.pass(1), ["report_overdue", "attempt_started"]);
    assert_eq!(sent(&mut house), ["sms b repeat"]);
    accepted(&mut house, 2, 20);
    assert_eq!(
        house.pass(20),
        ["report_overdue", "attempt_started"],
        "all were tried: the next rung at once"
    );
    assert_eq!(sent(&mut house), ["pager north"]);
    house.answer(3, Outcome::Accepted);
    house.pass(10);
    assert_eq!(sent(&mut house), ["sms b"], "the rung's second send comes when it was planned");
}

#[test]
fn one_silent_provider_alone_lets_the_next_rung_begin() {
    let mut house = paged(&["a"]);
    accepted(&mut house, 1, 90);
    house.pages();
    assert_eq!(house.pass(90), ["report_overdue", "attempt_started"]);
    assert_eq!(sent(&mut house), ["pager north"]);
}

#[test]
fn what_was_reported_in_time_or_needs_no_report_is_not_overdue() {
    for said in [DeliveryStatus::Delivered, DeliveryStatus::Read] {
        let mut house = paged(&["a", "b"]);
        accepted(&mut house, 1, 90);
        house.pages();
        status(&mut house, 1, said);
        assert_eq!(house.pass(119), [""; 0], "{said:?}");
    }
    let mut house = paged(&["a", "b"]);
    house.answer(1, Outcome::Accepted);
    assert_eq!(house.pass(119), [""; 0], "this provider never promised a report");
    let mut house = paged(&["a", "b"]);
    accepted(&mut house, 1, 90);
    house.ask(acknowledge(BERND));
    assert_eq!(house.pass(90), [""; 0], "somebody has it");
}

#[test]
fn a_report_that_comes_after_all_ends_it() {
    let mut house = paged(&["a", "b"]);
    accepted(&mut house, 1, 60);
    house.pass(60);
    let waits = house.answer(2, CONNECTION);
    assert_eq!(
        waits,
        ["attempt_ended", "attempt_started"],
        "both were tried: it waits, and the pager begins"
    );
    house.answer(3, Outcome::Accepted);
    house.pages();
    assert_eq!(status(&mut house, 1, DeliveryStatus::Delivered), ["status_reported"]);
    assert_eq!(house.pass(30), [""; 0], "it has arrived after all");
    let mut house = paged(&["a", "b"]);
    accepted(&mut house, 1, 60);
    house.pass(60);
    status(&mut house, 1, DeliveryStatus::Delivered);
    house.pages();
    assert_eq!(house.answer(2, CONNECTION), ["attempt_ended"]);
    assert_eq!(house.pass(30), [""; 0], "what fails then needs no other try");
}

#[test]
fn what_did_not_arrive_goes_to_the_next_and_climbs_only_when_no_provider_is_left() {
    let mut house = paged(&["a", "b"]);
    house.answer(1, Outcome::Accepted);
    house.pages();
    assert_eq!(status(&mut house, 1, DeliveryStatus::Undelivered), ["status_reported", "attempt_started"]);
    assert_eq!(sent(&mut house), ["sms b"], "it is no repeat: the first one has not arrived");
    house.answer(2, Outcome::Accepted);
    assert_eq!(status(&mut house, 2, DeliveryStatus::Undelivered), ["status_reported", "attempt_started"]);
    assert_eq!(sent(&mut house), ["pager north"]);
}

#[test]
fn when_the_last_one_is_silent_and_the_first_only_failed_the_first_is_tried_again_after_a_wait() {
    let mut house = paged(&["a", "b"]);
    house.answer(1, CONNECTION);
    accepted(&mut house, 2, 60);
    house.pages();
    assert_eq!(house.pass(60), ["report_overdue", "attempt_started"]);
    assert_eq!(sent(&mut house), ["pager north"], "the next rung begins at once");
    house.answer(3, Outcome::Accepted);
    house.pass(3);
    assert_eq!(
        sent(&mut house),
        ["sms a repeat"],
        "and the one that had only failed has its turn after a wait"
    );
    house.answer(4, Outcome::Accepted);
    house.live(40);
    assert_eq!(sent(&mut house), [""; 0]);
    house.live(30);
    assert_eq!(sent(&mut house), ["sms a"], "what was planned comes as well");
}

#[test]
fn what_waited_too_long_or_was_passed_over_is_tried_again_when_the_other_one_did_not_deliver() {
    let expired = Outcome::Failed { reason: Reason::Expired, retry_after: None };
    for outcome in [expired, PASSED_OVER, CONNECTION] {
        let mut house = paged(&["a", "b"]);
        house.answer(1, outcome);
        house.answer(2, Outcome::Accepted);
        house.pages();
        status(&mut house, 2, DeliveryStatus::Undelivered);
        assert_eq!(sent(&mut house), ["pager north"], "{outcome:?}");
        house.answer(3, Outcome::Accepted);
        house.pass(3);
        assert_eq!(sent(&mut house), ["sms a"], "{outcome:?}");
        assert!(!house.sent.iter().any(|dispatch| dispatch.has_alternative), "the other one let it down");
    }
}

#[test]
fn what_seemed_to_have_been_taken_after_all_and_did_not_arrive_is_tried_over_the_others_again() {
    let mut house = paged(&["a", "b"]);
    house.answer(1, CONNECTION);
    house.answer(2, TIMEOUT);
    status(&mut house, 2, DeliveryStatus::Sent);
    house.pages();
    status(&mut house, 2, DeliveryStatus::Undelivered);
    assert_eq!(sent(&mut house), ["pager north"], "the next rung at once");
    house.answer(3, Outcome::Accepted);
    house.pass(6);
    assert_eq!(sent(&mut house), ["sms a"]);
}

#[test]
fn when_all_refused_or_did_not_deliver_nothing_is_tried_before_what_is_planned() {
    for first in [REJECTED, Outcome::Accepted] {
        let mut house = paged(&["a", "b"]);
        house.answer(1, first);
        if first == Outcome::Accepted {
            status(&mut house, 1, DeliveryStatus::Undelivered);
        }
        house.answer(2, Outcome::Accepted);
        status(&mut house, 2, DeliveryStatus::Undelivered);
        house.answer(3, Outcome::Accepted);
        house.pages();
        house.live(119);
        assert_eq!(sent(&mut house), [""; 0], "{first:?}");
        house.live(1);
        assert_eq!(sent(&mut house), ["sms b"], "{first:?}");
    }
}

#[test]
fn one_that_was_silent_before_the_last_one_failed_lets_the_next_rung_begin_and_comes_last_afterwards() {
    let mut house = paged(&["a", "b"]);
    accepted(&mut house, 1, 30);
    house.pages();
    house.pass(30);
    assert_eq!(house.answer(2, CONNECTION), ["attempt_ended", "attempt_started"]);
    assert_eq!(sent(&mut house), ["sms b repeat", "pager north"]);
    house.answer(3, Outcome::Accepted);
    house.pass(3);
    assert_eq!(sent(&mut house), ["sms b repeat"]);
    assert_eq!(house.answer(4, CONNECTION), ["attempt_ended", "attempt_started"]);
    assert_eq!(sent(&mut house), ["sms a repeat"]);
}

#[test]
fn a_report_of_failure_that_comes_while_the_next_try_waits_goes_to_the_next_at_once() {
    let mut house = paged(&["a", "b"]);
    house.answer(1, TIMEOUT);
    house.answer(2, CONNECTION);
    house.pages();
    assert_eq!(status(&mut house, 1, DeliveryStatus::Undelivered), ["status_reported", "attempt_started"]);
    assert_eq!(sent(&mut house), ["sms b repeat"], "and not over the one that did not reach it");
}

#[test]
fn what_is_under_way_when_one_before_it_did_not_arrive_is_tried_again_all_the_same() {
    let mut house = paged(&["a"]);
    house.answer(1, Outcome::Accepted);
    house.pass(120);
    assert_eq!(status(&mut house, 1, DeliveryStatus::Undelivered), ["status_reported", "attempt_started"]);
    assert_eq!(sent(&mut house), ["sms a", "sms a", "pager north"]);
    assert_eq!(house.answer(2, CONNECTION), ["attempt_ended"]);
    house.answer(3, Outcome::Accepted);
    assert_eq!(house.pass(3), ["attempt_started"]);
    assert_eq!(sent(&mut house), ["sms a"]);
}

#[test]
fn a_report_of_failure_that_overtakes_the_answer_counts_once() {
    for answer in [Outcome::Accepted, TIMEOUT, CONNECTION, REJECTED] {
        let mut house = paged(&["a", "b"]);
        status(&mut house, 1, DeliveryStatus::Undelivered);
        assert_eq!(sent(&mut house), ["sms a", "sms b"]);
        assert_eq!(house.answer(1, answer), ["attempt_ended"], "{answer:?}");
        house.answer(2, Outcome::Accepted);
        assert_eq!(house.pass(60), [""; 0], "{answer:?}");
    }
}

#[test]
fn what_another_start_had_in_flight_goes_to_the_next_at_once() {
    let mut house = paged(&["a", "b"]);
    house.pages();
    house.here.boot = BootId(2);
    assert_eq!(house.ask(Order::Tick), ["attempt_ended", "attempt_started"]);
    assert_eq!(sent(&mut house), ["sms b repeat"]);
}

#[test]
fn a_provider_that_has_another_name_after_a_start_is_found_all_the_same() {
    let mut house = paged(&["a"]);
    let mut renamed = Providers::default();
    renamed.add(ChannelKind::SMS, "main".into());
    house.providers = renamed.into();
    house.answer(1, CONNECTION);
    house.pass(3);
    assert_eq!(sent(&mut house), ["sms a", "sms main"]);
}

#[test]
fn a_dispatch_says_whether_somebody_else_can_be_tried() {
    let mut house = paged(&["a", "b"]);
    house.answer(1, CONNECTION);
    house.answer(2, CONNECTION);
    house.pass(3);
    let said: Vec<bool> = house.sent.iter().map(|dispatch| dispatch.has_alternative).collect();
    assert_eq!(said, [true, false, true], "each round has a last one, which has to wait for its turn");
}

#[test]
fn a_silent_send_that_a_later_one_stands_for_lets_the_next_rung_begin() {
    let mut house = paged(&["a", "b"]);
    accepted(&mut house, 1, 130);
    house.pass(120);
    accepted(&mut house, 2, 130);
    assert_eq!(sent(&mut house), ["sms a", "sms a"]);
    assert_eq!(house.pass(10), ["report_overdue", "attempt_started"]);
    assert_eq!(sent(&mut house), ["pager north"]);
    house.answer(3, Outcome::Accepted);
    assert_eq!(house.pass(120), ["report_overdue", "attempt_started"]);
    assert_eq!(sent(&mut house), ["sms b repeat"]);
}

#[test]
fn what_was_ordered_and_where_it_went_stands_in_the_events() {
    let house = paged(&["a", "b"]);
    let command = crate::alert::Command {
        here: house.here.clone(),
        providers: house.providers.clone(),
        order: Order::Test {
            alert: alert(),
            person: ANNA,
            contact: Some("sms".into()),
            by: super::Author::House,
        },
    };
    let fresh = crate::alert::Alert::default();
    let events = fresh.decide(&command, &house.directory, house.now);
    let events = events.unwrap_or_else(|refusal: Refusal| panic!("{refusal}"));
    let ordered = events.iter().find_map(|event| match event {
        AlertEvent::PageOrdered(ordered) => Some(ordered.ladder[0].providers.clone()),
        _ => None,
    });
    assert_eq!(ordered, Some(vec!["a".into(), "b".into()]));
    let via = events.iter().find_map(|event| match event {
        AlertEvent::AttemptStarted(started) => started.via.clone(),
        _ => None,
    });
    assert_eq!(via, Some("a".into()));
}

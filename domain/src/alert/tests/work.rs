//! Planned work: Callum does it, on the shop; without it Anna would be paged first.

use events::event::signal::{Severity, Status};
use events::event::work::{LabelMatch, Scope, WorkEvent, WorkKind, WorkPlanned, WorkSpan};
use events::{Author, KeyOwner, PersonId, Sealed, Span, Timestamp};

use super::super::{Order, Phase};
use super::house::{ANNA, BERND, CALLUM, House, acknowledge, signal};

const MINUTE: u64 = 60;

fn planned(worker: PersonId, kind: WorkKind, from: Timestamp, minutes: u64) -> WorkEvent {
    WorkEvent::Planned(WorkPlanned {
        worker,
        kind,
        scope: Scope { services: vec!["shop".into()], ..Scope::default() },
        spans: vec![WorkSpan { from, until: from + Span::from_minutes(minutes) }],
        rule: None,
        wait: Span::from_minutes(5),
        what: Sealed::new(KeyOwner::Person(worker), "new disks".into()),
    })
}

/// A house in which Callum works on the shop for an hour from now on.
fn at_work(kind: WorkKind) -> House {
    let mut house = House::new();
    let from = house.now;
    house.define(&"work-disks".into(), planned(CALLUM, kind, from, 60));
    house
}

fn fires(house: &mut House, severity: Severity) -> Vec<&'static str> {
    house.ask(signal(Status::Firing, severity, None))
}

#[test]
fn whoever_does_the_work_is_paged_first_and_on_call_when_they_do_not_take_it() {
    let mut house = at_work(WorkKind::Route);
    let events = fires(&mut house, Severity::Critical);
    assert_eq!(events, ["raised", "work_entered", "page_ordered", "attempt_started"]);
    assert_eq!(house.pages(), ["callum push"]);
    house.live(5 * MINUTE - 1);
    assert_eq!(house.pages(), Vec::<String>::new(), "on call waits");
    house.live(1);
    assert_eq!(house.pages(), ["anna push"]);
    house.live(10 * MINUTE);
    assert_eq!(house.pages(), ["anna sms", "anna sms", "anna pager", "bernd push"], "and then as ever");
}

#[test]
fn an_alert_that_the_work_does_not_name_goes_to_on_call() {
    let mut house = House::new();
    let from = house.now;
    let WorkEvent::Planned(mut planned) = planned(CALLUM, WorkKind::Route, from, 60) else { return };
    planned.scope.labels = [("host".to_owned(), LabelMatch::Like("web-*".into()))].into();
    house.define(&"work-disks".into(), WorkEvent::Planned(planned));
    fires(&mut house, Severity::Critical);
    assert_eq!(house.pages(), ["anna push"]);
}

#[test]
fn what_the_worker_has_taken_goes_to_on_call_when_the_work_ends_and_it_still_fires() {
    let mut house = at_work(WorkKind::Route);
    fires(&mut house, Severity::Warning);
    house.live(MINUTE);
    house.ask(acknowledge(CALLUM));
    house.pages();
    house.live(29 * MINUTE);
    assert_eq!(house.pages(), Vec::<String>::new());
    // The acknowledgement lapses after 30 minutes, as every one does: the worker is asked again.
    house.live(MINUTE);
    assert_eq!(house.pages(), ["callum push"]);
    house.ask(acknowledge(CALLUM));
    house.live(29 * MINUTE - 1);
    assert_eq!(house.pages(), Vec::<String>::new());
    house.live(1);
    assert_eq!(house.pages(), ["anna push"], "the work is over");
    assert!(matches!(house.alert.phase(), Phase::Open { .. }));
}

#[test]
fn the_end_of_the_work_does_not_wait_for_the_worker() {
    let mut house = House::new();
    let from = house.now;
    house.define(&"work-disks".into(), planned(CALLUM, WorkKind::Route, from, 2));
    fires(&mut house, Severity::Warning);
    house.pages();
    house.live(2 * MINUTE - 1);
    assert_eq!(house.pages(), Vec::<String>::new());
    house.live(1);
    assert_eq!(house.pages(), ["anna push"], "after two minutes, not after five");
}

#[test]
fn what_somebody_on_call_has_stays_theirs_when_the_work_ends() {
    let mut house = at_work(WorkKind::Route);
    fires(&mut house, Severity::Warning);
    house.live(40 * MINUTE);
    house.ask(acknowledge(ANNA));
    house.pages();
    house.live(25 * MINUTE);
    assert_eq!(house.pages(), Vec::<String>::new());
}

#[test]
fn work_that_is_extended_at_the_last_moment_keeps_what_it_has() {
    for kind in [WorkKind::Route, WorkKind::Hold] {
        let mut house = at_work(kind);
        let (from, ends_at) = (house.now, house.now + Span::from_minutes(60));
        house.live(59 * MINUTE);
        fires(&mut house, Severity::Warning);
        house.pages();
        house.now = ends_at - Span::from_micros(1);
        let until = ends_at + Span::from_minutes(60);
        house.define(&"work-disks".into(), WorkEvent::Moved { from, until });
        // The alert has not heard of it when its own deadline comes: it asks.
        house.now = ends_at;
        assert_eq!(
            house.ask(Order::Tick),
            ["attempt_ended", "work_moved"][usize::from(kind == WorkKind::Hold)..]
        );
        assert!(house.pages().iter().all(|page| page.starts_with("callum")), "{kind:?}");
    }
}

#[test]
fn work_that_ends_early_hands_over_at_once() {
    for kind in [WorkKind::Route, WorkKind::Hold] {
        let mut house = at_work(kind);
        fires(&mut house, Severity::Warning);
        house.live(MINUTE);
        house.pages();
        house.define(&"work-disks".into(), WorkEvent::Ended);
        let events = house.ask(Order::Reconsider);
        assert_eq!(events[..2], ["work_left", "step_entered"], "{kind:?}");
        assert_eq!(house.pages(), ["anna push"]);
        assert_eq!(house.alert.generation(), 2);
    }
}

#[test]
fn held_alerts_page_nobody_before_the_work_ends_unless_one_becomes_critical() {
    let mut house = at_work(WorkKind::Hold);
    assert_eq!(fires(&mut house, Severity::Warning), ["raised", "held_for_work"]);
    house.live(30 * MINUTE);
    assert_eq!(house.pages(), Vec::<String>::new());
    let events = fires(&mut house, Severity::Critical);
    assert_eq!(events[..3], ["severity_changed", "hold_ended", "step_entered"]);
    assert_eq!(house.pages(), ["anna push"]);

    let mut house = at_work(WorkKind::Hold);
    fires(&mut house, Severity::Warning);
    house.live(60 * MINUTE - 1);
    assert_eq!(house.pages(), Vec::<String>::new());
    house.live(1);
    assert_eq!(house.pages(), ["anna push"]);

    let mut house = at_work(WorkKind::Hold);
    fires(&mut house, Severity::Critical);
    assert_eq!(house.pages(), ["anna push"], "what is critical is never held");
}

#[test]
fn of_overlapping_work_all_workers_are_paged_at_once_and_nothing_is_held() {
    let mut house = at_work(WorkKind::Hold);
    let from = house.now;
    house.define(&"work-cables".into(), planned(BERND, WorkKind::Route, from, 30));
    house.define(&"work-power".into(), planned(CALLUM, WorkKind::Route, from, 30));
    fires(&mut house, Severity::Warning);
    assert_eq!(house.pages(), ["bernd push", "callum push"]);
}

#[test]
fn an_escalation_under_way_follows_when_work_begins_in_its_middle() {
    let mut house = House::raised();
    house.live(8 * MINUTE);
    assert_eq!(house.pages(), ["anna push", "anna sms", "anna sms", "anna pager"]);
    let from = house.now;
    house.define(&"work-disks".into(), planned(CALLUM, WorkKind::Route, from, 60));
    assert_eq!(house.ask(Order::Reconsider), ["work_entered", "page_ordered", "attempt_started"]);
    assert_eq!(house.pages(), ["callum push"]);
    house.live(5 * MINUTE - 1);
    assert_eq!(house.pages(), Vec::<String>::new(), "the next step was due after two minutes, and waits");
    assert_eq!(house.ask(Order::Reconsider), Vec::<&str>::new(), "it is asked once");
    house.live(1);
    assert_eq!(house.pages(), ["bernd push"]);
}

#[test]
fn an_escalation_under_way_is_held_when_such_work_begins_and_goes_on_from_step_one() {
    let mut house = House::new();
    fires(&mut house, Severity::Warning);
    house.live(11 * MINUTE);
    house.pages();
    let from = house.now;
    house.define(&"work-disks".into(), planned(CALLUM, WorkKind::Hold, from, 60));
    assert_eq!(house.ask(Order::Reconsider), ["held_for_work"]);
    house.live(60 * MINUTE - 1);
    assert_eq!(house.pages(), Vec::<String>::new());
    house.live(1);
    assert_eq!(house.pages(), ["anna push"]);
}

#[test]
fn a_worker_who_is_gone_keeps_nobody_waiting() {
    let mut house = at_work(WorkKind::Route);
    house.define(&CALLUM.stream(), events::event::person::PersonEvent::Removed);
    let events = fires(&mut house, Severity::Warning);
    assert_eq!(events[..3], ["raised", "work_entered", "step_entered"], "and the history says so");
    assert_eq!(house.pages(), ["anna push"]);
}

#[test]
fn somebody_who_wants_the_next_step_now_gets_on_call() {
    let mut house = at_work(WorkKind::Route);
    fires(&mut house, Severity::Warning);
    house.pages();
    house.ask(Order::Escalate { by: Author::Person(CALLUM) });
    assert_eq!(house.pages(), ["anna push"]);
}

#[test]
fn an_outage_that_spans_the_end_of_the_work_leads_to_on_call_at_once() {
    for kind in [WorkKind::Route, WorkKind::Hold] {
        let mut house = at_work(kind);
        fires(&mut house, Severity::Warning);
        house.pages();
        house.now = house.now + Span::from_minutes(90);
        house.ask(Order::Tick);
        assert!(house.pages().contains(&"anna push".to_owned()), "{kind:?}");
    }
}

#[test]
fn what_is_held_and_taken_all_the_same_is_theirs_who_took_it_but_for_the_worker() {
    for (person, pages) in [(ANNA, Vec::new()), (CALLUM, vec!["anna push"])] {
        let mut house = at_work(WorkKind::Hold);
        fires(&mut house, Severity::Warning);
        house.live(50 * MINUTE);
        house.ask(acknowledge(person));
        house.live(10 * MINUTE);
        assert_eq!(house.pages(), pages, "at the end of the work");
    }
}

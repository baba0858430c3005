//! An alert that takes in more problems of its service.

use std::collections::BTreeMap;

use events::event::routes::{Route, RoutesEvent, When};
use events::event::service::{ServiceDefined, ServiceEvent};
use events::event::signal::{Severity, Status};
use events::event::source::{SourceDefined, SourceEvent, SourceKind};
use events::event::symptom::{Gathering, Gathers};
use events::{Author, Span, Timestamp};

use super::house::{ANNA, BERND, House, acknowledge, signal};
use crate::alert::limit::SYMPTOMS_MAX;
use crate::alert::{Order, Phase, Refusal};
use crate::port::Errand;

const WITHIN: Span = Span::from_minutes(5);
const AGAIN_AFTER: u32 = 3;

/// What is said of the problem with this key, in a group.
fn said(key: &str, status: Status, severity: Severity) -> Order {
    said_of(key, status, severity, None)
}

fn said_of(key: &str, status: Status, severity: Severity, started_at: Option<Timestamp>) -> Order {
    let Order::Signal(mut order) = signal(status, severity, started_at) else { unreachable!("a signal") };
    order.dedup_key = key.into();
    order.signal.summary = format!("{key} is wrong");
    order.gathers = Some(Gathers { within: WITHIN, again_after: AGAIN_AFTER, why: Gathering::Service });
    Order::Signal(order)
}

/// A house in which the problem `k` has raised an alert that takes in more.
fn gathering() -> House {
    let mut house = House::new();
    house.ask(said("k", Status::Firing, Severity::Warning));
    house.pages();
    house
}

/// The same with so many more, each as bad as the first.
fn with_more(count: u32) -> House {
    let mut house = gathering();
    for number in 0..count {
        house.ask(said(&number.to_string(), Status::Firing, Severity::Warning));
    }
    house
}

#[test]
fn a_problem_that_comes_soon_after_joins_and_pages_nobody_anew() {
    let mut house = gathering();
    assert_eq!(house.ask(said("b", Status::Firing, Severity::Warning)), ["symptom_joined"]);
    house.live(WITHIN.as_seconds());
    house.pages();
    assert_eq!(house.ask(said("c", Status::Firing, Severity::Warning)), ["symptom_joined"]);
    assert_eq!(house.alert.problems_count(), 3);
}

#[test]
fn what_is_sent_next_tells_how_many_there_are_and_the_worst_of_them() {
    let mut house = gathering();
    house.ask(said("b", Status::Firing, Severity::Critical));
    house.ask(said("c", Status::Firing, Severity::Error));
    house.sent.clear();
    house.live(120);
    let Errand::Page(notice) = &house.sent[0].errand else { panic!("{:?}", house.sent) };
    assert_eq!((notice.problems, notice.summary.as_str()), (3, "b is wrong"));
    assert_eq!(notice.severity, Severity::Critical);
}

#[test]
fn it_is_over_when_the_last_of_its_problems_is() {
    let mut house = with_more(2);
    assert_eq!(house.ask(said("k", Status::Resolved, Severity::Warning)), ["symptom_cleared"]);
    assert_eq!(house.ask(said("k", Status::Resolved, Severity::Warning)), [""; 0]);
    assert_eq!(house.ask(said("0", Status::Resolved, Severity::Warning)), ["symptom_cleared"]);
    assert_eq!(house.ask(said("nobody", Status::Resolved, Severity::Warning)), [""; 0]);
    let events = house.ask(said("1", Status::Resolved, Severity::Warning));
    assert_eq!(events.first(), Some(&"resolved"));
    assert!(matches!(house.alert.phase(), Phase::Resolved { .. }));
}

#[test]
fn it_is_as_bad_as_the_worst_of_its_problems_that_is_not_over() {
    let mut house = with_more(1);
    assert_eq!(house.ask(said("0", Status::Firing, Severity::Critical)), ["symptom_changed"]);
    assert_eq!(house.alert.severity(), Severity::Critical);
    house.ask(said("0", Status::Resolved, Severity::Critical));
    assert_eq!(house.alert.severity(), Severity::Warning);
}

#[test]
fn a_problem_that_is_back_joins_anew_and_one_that_arrives_late_does_not() {
    let mut house = with_more(1);
    let began = house.now;
    house.ask(said_of("0", Status::Resolved, Severity::Warning, Some(began)));
    let late = said_of("0", Status::Firing, Severity::Warning, Some(began));
    assert_eq!(house.ask(late), [""; 0]);
    let back = said_of("0", Status::Firing, Severity::Warning, Some(began + Span::from_seconds(1)));
    assert_eq!(house.ask(back), ["symptom_joined"]);
    assert_eq!(house.alert.problems_count(), 2);
    assert_eq!(house.alert.joined_symptoms().count(), 1, "it keeps its number");
}

#[test]
fn acknowledging_it_acknowledges_all_and_late_comers_leave_whoever_has_it_alone() {
    let mut house = with_more(2);
    house.ask(acknowledge(ANNA));
    house.pages();
    for key in ["x", "y"] {
        assert_eq!(house.ask(said(key, Status::Firing, Severity::Warning)), ["symptom_joined"]);
    }
    assert!(matches!(house.alert.phase(), Phase::Acknowledged { .. }));
}

#[test]
fn whoever_has_it_is_paged_again_when_so_many_more_have_come() {
    let mut house = with_more(2);
    house.ask(acknowledge(ANNA));
    house.pages();
    for key in ["x", "y"] {
        house.ask(said(key, Status::Firing, Severity::Warning));
    }
    let events = house.ask(said("z", Status::Firing, Severity::Warning));
    assert_eq!(events[..2], ["symptom_joined", "grown"]);
    assert_eq!(house.pages(), ["anna push"]);
    // They know of six now: three more are not as many again.
    house.ask(acknowledge(ANNA));
    for key in ["u", "v", "w", "q", "r"] {
        assert_eq!(house.ask(said(key, Status::Firing, Severity::Warning)), ["symptom_joined"]);
    }
    assert_eq!(house.ask(said("s", Status::Firing, Severity::Warning))[..2], ["symptom_joined", "grown"]);
}

#[test]
fn whoever_has_it_is_paged_again_when_it_gets_worse() {
    for worse in [said("0", Status::Firing, Severity::Error), said("new", Status::Firing, Severity::Error)] {
        let mut house = with_more(1);
        house.ask(acknowledge(ANNA));
        house.pages();
        assert_eq!(house.ask(worse)[1], "grown");
        assert_eq!(house.pages(), ["anna push"]);
    }
}

#[test]
fn a_problem_that_comes_too_late_or_finds_no_room_is_another_alerts() {
    let mut house = gathering();
    house.live(WITHIN.as_seconds() + 1);
    let refused = house.try_ask(said("b", Status::Firing, Severity::Warning));
    assert_eq!(refused, Err(Refusal::GroupClosed));

    let room = u32::try_from(SYMPTOMS_MAX).expect("a small number") - 1;
    let mut house = with_more(room);
    let refused = house.try_ask(said("b", Status::Firing, Severity::Warning));
    assert_eq!(refused, Err(Refusal::GroupClosed));
    assert_eq!(house.alert.open_group(), None);
}

#[test]
fn what_somebody_put_off_or_gave_away_takes_in_no_new_problem() {
    let by = Author::Person(BERND);
    let until = |house: &House| house.now + Span::from_minutes(20);
    let mut house = gathering();
    let hold = Order::Hold { by: by.clone(), until: until(&house), unless_joined: 0 };
    house.ask(hold);
    let refused = house.try_ask(said("b", Status::Firing, Severity::Warning));
    assert_eq!(refused, Err(Refusal::GroupClosed));

    let mut house = gathering();
    house.ask(Order::HandOver { by, to: events::event::alert::Handed::Team("all".into()) });
    let refused = house.try_ask(said("b", Status::Firing, Severity::Warning));
    assert_eq!(refused, Err(Refusal::GroupClosed));
}

#[test]
fn a_hold_that_says_so_ends_when_one_more_problem_joins() {
    let mut house = gathering();
    let until = house.now + Span::from_minutes(20);
    house.ask(Order::Hold { by: Author::Person(BERND), until, unless_joined: 1 });
    house.pages();
    let events = house.ask(said("b", Status::Firing, Severity::Warning));
    assert_eq!(events[..2], ["symptom_joined", "hold_ended"]);
    assert_eq!(house.pages(), ["anna push"]);
}

#[test]
fn a_hold_may_wait_for_several_more() {
    let mut house = gathering();
    let until = house.now + Span::from_minutes(20);
    house.ask(Order::Hold { by: Author::Person(BERND), until, unless_joined: 2 });
    house.pages();
    assert_eq!(house.ask(said("b", Status::Firing, Severity::Warning)), ["symptom_joined"]);
    assert_eq!(house.alert.hold_terms().map(|hold| (hold.unless_joined, hold.joined)), Some((2, 1)));
    let events = house.ask(said("c", Status::Firing, Severity::Warning));
    assert_eq!(events[..2], ["symptom_joined", "hold_ended"]);
    assert_eq!(house.alert.hold_terms(), None);
}

#[test]
fn a_problem_that_is_routed_elsewhere_by_now_goes_alone() {
    let mut house = gathering();
    let other = ServiceDefined {
        name: "Mail".into(),
        policy: "default".into(),
        runbook: None,
        reference_only: false,
        group_within: None,
        group_again_after: None,
    };
    house.define(&"service-mail".into(), ServiceEvent::Defined(other));
    let route = Route {
        when: When::default(),
        service: "mail".into(),
        severities: std::collections::BTreeMap::new(),
    };
    house.define(&"routes-all".into(), RoutesEvent::Defined(vec![route]));
    let refused = house.try_ask(said("b", Status::Firing, Severity::Warning));
    assert_eq!(refused, Err(Refusal::GoesAlone));
    assert_eq!(house.ask(said("k", Status::Resolved, Severity::Warning)).first(), Some(&"resolved"));
}

#[test]
fn the_problem_that_raised_the_alert_comes_back_to_it_wherever_it_is_routed_by_now() {
    let mut house = with_more(1);
    assert_eq!(house.ask(said("k", Status::Resolved, Severity::Warning)), ["symptom_cleared"]);
    let other = ServiceDefined {
        name: "Mail".into(),
        policy: "default".into(),
        runbook: None,
        reference_only: false,
        group_within: None,
        group_again_after: None,
    };
    house.define(&"service-mail".into(), ServiceEvent::Defined(other));
    let route = Route { when: When::default(), service: "mail".into(), severities: BTreeMap::new() };
    house.define(&"routes-all".into(), RoutesEvent::Defined(vec![route]));
    assert_eq!(house.ask(said("k", Status::Firing, Severity::Warning)), ["symptom_joined"]);
}

#[test]
fn the_maps_of_its_source_and_its_route_say_how_bad_it_is() {
    let mut house = House::new();
    let source = SourceDefined {
        kind: SourceKind::Alertmanager,
        key_sha256: String::new(),
        key_file: "keys/a".into(),
        every: None,
        grace: None,
        service: None,
        flood_at: None,
        severities: [("info".to_owned(), Severity::Warning)].into(),
    };
    house.define(&"source-prometheus".into(), SourceEvent::Defined(source));
    let route = Route {
        when: When::default(),
        service: "shop".into(),
        severities: [("error".to_owned(), Severity::Critical)].into(),
    };
    house.define(&"routes-all".into(), RoutesEvent::Defined(vec![route]));
    house.ask(said("k", Status::Firing, Severity::Error));
    let raised = house.alert.subject().expect("a problem");
    let signal = raised.signal.open().expect("not erased");
    assert_eq!((house.alert.severity(), signal.severity), (Severity::Critical, Severity::Critical));
    assert_eq!(signal.severity_said.as_deref(), Some("error"), "what it was stands in the event");
    // The same again is no news, and as bad as before.
    assert_eq!(house.ask(said("k", Status::Firing, Severity::Error)), [""; 0]);
    assert_eq!(house.ask(said("k", Status::Firing, Severity::Info)), ["symptom_changed"]);
    assert_eq!(house.alert.severity(), Severity::Warning);
    // What is decided stays so when the maps change.
    let route = Route { when: When::default(), service: "shop".into(), severities: BTreeMap::new() };
    house.define(&"routes-all".into(), RoutesEvent::Defined(vec![route]));
    assert_eq!(house.alert.severity(), Severity::Warning);
}

#[test]
fn an_alert_about_one_problem_alone_takes_no_other() {
    let mut house = House::raised();
    let refused = house.try_ask(said("b", Status::Firing, Severity::Warning));
    assert_eq!(refused, Err(Refusal::GroupClosed));
    assert_eq!((house.alert.problems_count(), house.alert.open_group()), (1, None));
}

#[test]
fn repeats_of_all_its_problems_together_are_written_twice_a_minute_at_most() {
    let mut house = with_more(2);
    house.ask(acknowledge(ANNA));
    let mut written = 0;
    for second in 0..300 {
        house.live(1);
        let again = house.ask(said(&(second % 2).to_string(), Status::Firing, Severity::Warning));
        written += again.iter().filter(|kind| **kind == "repeated").count();
    }
    assert_eq!(written, 10);
}

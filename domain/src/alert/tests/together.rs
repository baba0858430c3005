//! Several people who are to take one alert, and alerts that are handed over to others.

use events::event::alert::Handed;
use events::event::outcome::Outcome;
use events::event::policy::{PolicyDefined, PolicyEvent, Step, Target};
use events::event::signal::{Severity, Status};
use events::event::team::{Handovers, TeamDefined, TeamEvent};
use events::{Author, Span};

use super::super::{Order, Phase, Refusal};
use super::house::{ANNA, BERND, CALLUM, House, acknowledge, signal, step};

const MINUTE: u64 = 60;

/// Everybody is paged at once, and two of them are to take it.
fn for_two() -> House {
    let mut house = House::new();
    let all = vec![Target::Team("all".into())];
    house.policy(vec![
        Step { acknowledgements: 2, ..step(all.clone(), 10) },
        step(vec![Target::Person(BERND)], 10),
    ]);
    house.ask(signal(Status::Firing, Severity::Critical, None));
    assert_eq!(house.pages(), ["anna push", "bernd push", "callum push"]);
    house
}

#[test]
fn the_others_are_paged_on_until_as_many_have_it_as_are_wanted() {
    let mut house = for_two();
    house.live(MINUTE);
    assert_eq!(house.ask(acknowledge(BERND)), ["joined"]);
    assert_eq!(house.ask(acknowledge(BERND)), Vec::<&str>::new(), "one person is one person");
    house.live(5 * MINUTE + 59);
    assert_eq!(house.pages(), ["anna sms", "anna sms", "anna pager"], "Bernd is left alone");
    assert_eq!(house.ask(acknowledge(CALLUM)), ["acknowledged"]);
    house.live(20 * MINUTE);
    assert_eq!(house.pages(), Vec::<String>::new());
}

#[test]
fn a_step_that_means_only_whoever_has_it_already_is_left_at_once() {
    let mut house = for_two();
    house.ask(acknowledge(BERND));
    house.live(10 * MINUTE);
    house.pages();
    // Step 2 means Bernd only: the second round's first step follows at once.
    house.live(1);
    assert!(!house.pages().contains(&"bernd push".to_owned()));
    assert!(matches!(house.alert.phase(), Phase::Open { .. }));
}

#[test]
fn when_the_steps_are_through_whoever_comes_is_enough() {
    let mut house = for_two();
    house.ask(acknowledge(BERND));
    house.live(120 * MINUTE);
    house.pages();
    assert_eq!(house.ask(acknowledge(ANNA)), ["acknowledged"]);
}

#[test]
fn when_the_taking_lapses_as_many_are_wanted_as_before() {
    let mut house = for_two();
    house.ask(acknowledge(BERND));
    house.ask(acknowledge(CALLUM));
    house.pages();
    house.live(30 * MINUTE);
    assert_eq!(house.pages(), ["anna push", "bernd push", "callum push"]);
    assert_eq!(house.ask(acknowledge(BERND)), ["joined"]);
}

/// The service's policy, and one of the network team that pages Callum and then Bernd.
fn with_network(steps: Vec<Step>) -> House {
    let mut house = House::new();
    house.policy(steps);
    let network = PolicyDefined {
        steps: vec![step(vec![Target::Person(CALLUM)], 5), step(vec![Target::Person(BERND)], 5)],
        repeat: 0,
        fallback: vec![Target::Person(BERND)],
        acknowledgement_lapses: None,
    };
    house.define(&"policy-network".into(), PolicyEvent::Defined(network));
    house
}

#[test]
fn a_step_hands_over_to_another_policy_and_earlier_ladders_go_on() {
    let hand_over = Step { hand_over: Some("network".into()), ..step(Vec::new(), 0) };
    let mut house = with_network(vec![step(vec![Target::Person(ANNA)], 3), hand_over]);
    house.ask(signal(Status::Firing, Severity::Critical, None));
    house.live(3 * MINUTE);
    assert_eq!(house.pages(), ["anna push", "anna sms", "callum push"]);
    house.live(3 * MINUTE);
    assert_eq!(house.pages(), ["anna sms", "anna pager"], "her ladder goes on");
    house.live(2 * MINUTE);
    assert_eq!(house.pages(), ["bernd push"]);
    house.live(5 * MINUTE);
    assert_eq!(house.pages(), ["bernd push"], "the other policy's fallback");
}

#[test]
fn a_policy_that_is_gone_leaves_its_step_empty() {
    let hand_over = Step { hand_over: Some("gone".into()), ..step(Vec::new(), 0) };
    let mut house = with_network(vec![hand_over, step(vec![Target::Person(ANNA)], 3)]);
    let events = house.ask(signal(Status::Firing, Severity::Critical, None));
    assert_eq!(events[..3], ["raised", "step_empty", "step_entered"]);
}

#[test]
fn policies_that_hand_round_in_a_circle_still_reach_the_fallback() {
    let hand_over = |to: &str| Step { hand_over: Some(to.into()), ..step(Vec::new(), 0) };
    let mut house = with_network(vec![hand_over("network")]);
    let network = PolicyDefined {
        steps: vec![hand_over("default")],
        repeat: 0,
        fallback: vec![Target::Person(BERND)],
        acknowledgement_lapses: None,
    };
    house.define(&"policy-network".into(), PolicyEvent::Defined(network));
    house.ask(signal(Status::Firing, Severity::Critical, None));
    assert_eq!(house.pages().len(), 1, "somebody is paged");
}

#[test]
fn a_person_hands_over_and_whoever_was_paged_before_is_left_alone() {
    let mut house = with_network(vec![step(vec![Target::Person(ANNA)], 10)]);
    house.ask(signal(Status::Firing, Severity::Critical, None));
    house.answer_all(Outcome::Accepted);
    house.pages();
    let by = Author::Person(ANNA);
    let events = house.ask(Order::HandOver { by: by.clone(), to: Handed::Policy("network".into()) });
    assert_eq!(events, ["handed_over", "step_entered", "page_ordered", "attempt_started"]);
    assert_eq!(house.pages(), ["callum push"]);
    house.live(4 * MINUTE);
    assert_eq!(house.pages(), Vec::<String>::new(), "no text to Anna");

    house.define(
        &"team-two".into(),
        TeamEvent::Defined(TeamDefined {
            name: "Two".into(),
            members: vec![ANNA, BERND],
            time_zone: None,
            handovers: Handovers::Silent,
            lead: None,
            test_pages: None,
        }),
    );
    house.ask(Order::HandOver { by: by.clone(), to: Handed::Team("two".into()) });
    assert_eq!(house.pages(), ["anna push", "bernd push"]);
    house.ask(acknowledge(BERND));
    let until = Some(house.now + Span::from_minutes(30));
    let taken = Phase::Acknowledged { by: Author::Person(BERND), until };
    assert_eq!(*house.alert.phase(), taken, "lapsing as the service's policy has it");

    let to = Handed::Team("nobody".into());
    assert_eq!(house.try_ask(Order::HandOver { by, to }), Err(Refusal::NobodyThere));
}

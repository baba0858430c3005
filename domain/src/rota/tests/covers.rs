//! What people decided, laid over the turns, and an unchangeable past.

use events::{OverrideId, Position, Span};

use super::super::cover::{Change, Cover};
use super::super::{Reason, shift};
use super::*;

const ANNA: u8 = 1;
const BERND: u8 = 2;
const CALLUM: u8 = 3;

fn cover(order: u64, from: &str, until: &str, change: Change) -> Cover {
    let id = OverrideId::from(order.to_string().as_str());
    Cover { id, order, from: at(from), until: at(until), since: Timestamp::default(), over: None, change }
}

fn instead(of: u8, by: Option<u8>) -> Change {
    Change::Instead { of: person(of), by: by.map(person) }
}

/// Anna's week, and these decisions.
fn week(covers: Vec<Cover>) -> Roster {
    let mut roster = Roster::of(rota("UTC", 1, TurnUnit::Weeks, "2026-11-02T00:00:00"));
    for cover in covers {
        roster.cover(&cover.id.clone(), [cover]);
    }
    roster
}

#[track_caller]
fn assert_on_call(roster: &Roster, moment: &str, expected: &[u8]) {
    let found: Vec<PersonId> = roster.on_call(at(moment), 0).iter().map(|duty| duty.person).collect();
    assert_eq!(found, expected.iter().map(|&number| person(number)).collect::<Vec<_>>(), "at {moment}");
}

#[test]
fn somebody_stands_in_exactly_from_the_beginning_until_the_end() {
    let roster =
        week(vec![cover(1, "2026-11-03T08:00:00Z", "2026-11-03T12:00:00Z", instead(ANNA, Some(BERND)))]);
    assert_on_call(&roster, "2026-11-03T07:59:59Z", &[ANNA]);
    assert_on_call(&roster, "2026-11-03T08:00:00Z", &[BERND]);
    assert_on_call(&roster, "2026-11-03T11:59:59Z", &[BERND]);
    assert_on_call(&roster, "2026-11-03T12:00:00Z", &[ANNA]);
    let duty = &roster.on_call(at("2026-11-03T09:00:00Z"), 0)[0];
    assert_eq!(duty.reason, Reason::Override { id: "1".into(), of: Some(person(ANNA)) });
    assert_eq!((duty.from, duty.until), (at("2026-11-03T08:00:00Z"), at("2026-11-03T12:00:00Z")));
}

#[test]
fn of_two_decisions_about_the_same_person_the_later_counts() {
    let long = cover(1, "2026-11-03T00:00:00Z", "2026-11-05T00:00:00Z", instead(ANNA, Some(BERND)));
    let short = cover(2, "2026-11-03T12:00:00Z", "2026-11-03T18:00:00Z", instead(ANNA, Some(CALLUM)));
    for covers in [vec![long.clone(), short.clone()], vec![short, long]] {
        let roster = week(covers);
        assert_on_call(&roster, "2026-11-03T11:00:00Z", &[BERND]);
        assert_on_call(&roster, "2026-11-03T13:00:00Z", &[CALLUM]);
        assert_on_call(&roster, "2026-11-03T19:00:00Z", &[BERND]);
    }
}

#[test]
fn whoever_stands_in_can_be_stood_in_for_by_a_later_decision_and_not_by_an_earlier_one() {
    let day = ("2026-11-03T00:00:00Z", "2026-11-04T00:00:00Z");
    let bernd_for_anna = |order| cover(order, day.0, day.1, instead(ANNA, Some(BERND)));
    let callum_for_bernd = |order| cover(order, day.0, day.1, instead(BERND, Some(CALLUM)));
    assert_on_call(&week(vec![bernd_for_anna(1), callum_for_bernd(2)]), "2026-11-03T12:00:00Z", &[CALLUM]);
    assert_on_call(&week(vec![callum_for_bernd(1), bernd_for_anna(2)]), "2026-11-03T12:00:00Z", &[BERND]);
    // Two who stand in for each other do not turn in a circle.
    let back = cover(3, day.0, day.1, instead(BERND, Some(ANNA)));
    assert_on_call(&week(vec![bernd_for_anna(1), back]), "2026-11-03T12:00:00Z", &[ANNA]);
}

#[test]
fn nobody_for_somebody_leaves_a_gap_that_is_listed() {
    let roster = week(vec![cover(1, "2026-11-03T08:00:00Z", "2026-11-03T12:00:00Z", instead(ANNA, None))]);
    assert_on_call(&roster, "2026-11-03T09:00:00Z", &[]);
    let shifts = shift::between(&roster, at("2026-11-03T00:00:00Z"), at("2026-11-04T00:00:00Z"));
    let people: Vec<usize> = shifts.iter().map(|shift| shift.duties.len()).collect();
    assert_eq!(people, [1, 0, 1]);
}

#[test]
fn somebody_in_addition_does_not_take_the_place_of_whoever_has_the_turn() {
    let also = |number| Change::Also(person(number));
    let day = ("2026-11-03T00:00:00Z", "2026-11-04T00:00:00Z");
    let roster = week(vec![cover(1, day.0, day.1, also(CALLUM)), cover(2, day.0, day.1, also(ANNA))]);
    assert_on_call(&roster, "2026-11-03T09:00:00Z", &[ANNA, CALLUM]);
    let next = roster.on_call(at("2026-11-03T09:00:00Z"), 1);
    assert_eq!(next.len(), 1, "the next in turn is one person");
    let team =
        Change::AllHands { team: "ops".into(), people: vec![person(ANNA), person(BERND), person(CALLUM)] };
    let all = week(vec![cover(1, day.0, day.1, team)]);
    assert_on_call(&all, "2026-11-03T09:00:00Z", &[ANNA, BERND, CALLUM]);
}

#[test]
fn a_decision_changes_nothing_that_was_before_it_and_taking_it_back_nothing_either() {
    let mut decision = cover(1, "2026-11-03T00:00:00Z", "2026-11-06T00:00:00Z", instead(ANNA, Some(BERND)));
    decision.since = at("2026-11-04T00:00:00Z");
    decision.over = Some(at("2026-11-05T00:00:00Z"));
    let roster = week(vec![decision]);
    assert_on_call(&roster, "2026-11-03T12:00:00Z", &[ANNA]);
    assert_on_call(&roster, "2026-11-04T12:00:00Z", &[BERND]);
    assert_on_call(&roster, "2026-11-05T12:00:00Z", &[ANNA]);
}

#[test]
fn a_rota_that_changes_does_not_change_who_was_on_call_before() {
    let weekly = rota("UTC", 1, TurnUnit::Weeks, "2026-11-02T00:00:00");
    let mut other = weekly.clone();
    other.layers[0].members.rotate_left(1);
    let mut roster = Roster::of(weekly);
    roster.define(Position::from_raw(7), at("2026-11-04T00:00:00Z"), Some(other));
    assert_on_call(&roster, "2026-11-03T23:59:59Z", &[ANNA]);
    assert_on_call(&roster, "2026-11-04T00:00:00Z", &[BERND]);
    let duty = &roster.on_call(at("2026-11-03T00:00:00Z"), 0)[0];
    assert_eq!(duty.until, at("2026-11-04T00:00:00Z"), "until the change");
    roster.define(Position::from_raw(8), at("2026-11-05T00:00:00Z"), None);
    assert_on_call(&roster, "2026-11-04T12:00:00Z", &[BERND]);
    assert_on_call(&roster, "2026-11-05T00:00:00Z", &[]);
    // Reading the same record again changes nothing.
    roster.define(Position::from_raw(8), at("2026-11-09T00:00:00Z"), None);
    assert_on_call(&roster, "2026-11-06T00:00:00Z", &[]);
}

#[test]
fn after_the_clock_was_set_back_the_present_rota_and_the_present_decisions_count() {
    let weekly = rota("UTC", 1, TurnUnit::Weeks, "2026-11-02T00:00:00");
    let mut other = weekly.clone();
    other.layers[0].members.rotate_left(1);
    let mut roster = Roster::of(weekly);
    roster.define(Position::from_raw(7), at("2026-11-04T00:00:00Z"), Some(other));
    let now = at("2026-11-04T00:00:00Z") - Span::from_minutes(60);
    let people =
        |roster: &Roster| roster.on_call_now(now, 0).iter().map(|duty| duty.person).collect::<Vec<_>>();
    assert_eq!(people(&roster), [person(BERND)]);
    let mut decision = cover(1, "2026-11-03T00:00:00Z", "2026-11-06T00:00:00Z", instead(BERND, Some(CALLUM)));
    decision.since = at("2026-11-04T00:00:00Z");
    roster.cover(&decision.id.clone(), [decision.clone()]);
    assert_eq!(people(&roster), [person(CALLUM)]);
    decision.over = Some(at("2026-11-04T00:30:00Z"));
    roster.cover(&decision.id.clone(), [decision]);
    assert_eq!(people(&roster), [person(BERND)]);
}

//! When turns begin and end, whose they are, and at which times of the week.

use events::Span;

use super::super::Reason;
use super::*;

#[track_caller]
fn assert_shift(rota: &RotaDefined, moment: &str, number: u8, from: &str, until: &str) {
    let shift = on_call(rota, at(moment), 0).expect("somebody");
    assert_eq!((shift.person, shift.from, shift.until), (person(number), at(from), at(until)), "at {moment}");
}

#[test]
fn before_the_first_handover_nobody_is_on_call() {
    let rota = rota("Europe/Berlin", 1, TurnUnit::Weeks, "2026-11-02T09:00:00");
    assert_eq!(on_call(&rota, at("2026-11-02T07:59:59Z"), 0), None);
    assert_shift(&rota, "2026-11-02T08:00:00Z", 1, "2026-11-02T08:00:00Z", "2026-11-09T08:00:00Z");
}

#[test]
fn a_weekly_handover_keeps_its_wall_clock_time_across_both_changes() {
    let rota = rota("Europe/Berlin", 1, TurnUnit::Weeks, "2026-03-23T09:00:00");
    assert_shift(&rota, "2026-03-30T06:59:59Z", 1, "2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z");
    assert_shift(&rota, "2026-10-26T07:59:59Z", 1, "2026-10-19T07:00:00Z", "2026-10-26T08:00:00Z");
    assert_shift(&rota, "2026-10-26T08:00:00Z", 2, "2026-10-26T08:00:00Z", "2026-11-02T08:00:00Z");
}

#[test]
fn a_skipped_handover_is_at_the_first_valid_instant() {
    let rota = rota("Europe/Berlin", 1, TurnUnit::Days, "2026-03-28T02:30:00");
    assert_shift(&rota, "2026-03-29T01:00:00Z", 2, "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    assert_shift(&rota, "2026-03-29T00:59:59Z", 1, "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z");
}

#[test]
fn a_repeated_handover_is_at_the_first_of_the_two() {
    let rota = rota("Europe/Berlin", 1, TurnUnit::Days, "2026-10-24T02:30:00");
    assert_shift(&rota, "2026-10-25T00:30:00Z", 2, "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    assert_shift(&rota, "2026-10-25T01:30:00Z", 2, "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
}

#[test]
fn an_hour_that_is_lived_twice_belongs_to_one_shift() {
    let rota = rota("Europe/Berlin", 1, TurnUnit::Hours, "2026-10-25T00:00:00");
    assert_shift(&rota, "2026-10-25T00:10:00Z", 3, "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z");
    assert_shift(&rota, "2026-10-25T01:10:00Z", 3, "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z");
}

#[test]
fn a_day_that_never_was_hands_over_when_the_next_begins() {
    let rota = rota("Pacific/Apia", 1, TurnUnit::Days, "2011-12-29T12:00:00");
    assert_shift(&rota, "2011-12-30T10:00:00Z", 2, "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z");
    assert_shift(&rota, "2011-12-30T22:00:00Z", 3, "2011-12-30T22:00:00Z", "2011-12-31T22:00:00Z");
}

#[test]
fn half_an_hour_of_change_moves_the_handover_by_half_an_hour() {
    let rota = rota("Australia/Lord_Howe", 1, TurnUnit::Days, "2026-10-03T02:15:00");
    assert_shift(&rota, "2026-10-03T15:30:00Z", 2, "2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z");
}

#[test]
fn a_month_without_that_day_hands_over_on_its_last() {
    let rota = rota("UTC", 1, TurnUnit::Months, "2026-01-31T09:00:00");
    assert_shift(&rota, "2026-02-28T09:00:00Z", 2, "2026-02-28T09:00:00Z", "2026-03-31T09:00:00Z");
    assert_shift(&rota, "2026-03-31T08:59:59Z", 2, "2026-02-28T09:00:00Z", "2026-03-31T09:00:00Z");
}

#[test]
fn twenty_four_hours_and_a_day_are_the_same() {
    let hours = rota("America/Chicago", 24, TurnUnit::Hours, "2026-03-01T08:00:00");
    let days = rota("America/Chicago", 1, TurnUnit::Days, "2026-03-01T08:00:00");
    for day in 0..400_u64 {
        let moment = at("2026-03-01T14:30:00Z") + Span::from_minutes(day * 24 * 60 + day);
        assert_eq!(on_call(&hours, moment, 0), on_call(&days, moment, 0));
    }
}

#[test]
fn an_offset_is_the_next_in_turn() {
    let rota = rota("Europe/Berlin", 1, TurnUnit::Weeks, "2026-11-02T09:00:00");
    let next = |offset| on_call(&rota, at("2026-11-03T00:00:00Z"), offset).map(|shift| shift.person);
    assert_eq!([next(0), next(1), next(2), next(3)], [1, 2, 3, 1].map(|number| Some(person(number))));
}

#[test]
fn a_later_layer_wins_where_it_has_somebody() {
    let mut rota = rota("UTC", 1, TurnUnit::Weeks, "2026-11-02T09:00:00");
    let from = "2026-11-10T00:00:00".parse().expect("a wall-clock time");
    rota.layers.push(Layer {
        members: vec![Member::always(person(9))],
        handover: Handover { every: 1, unit: TurnUnit::Days, from },
        hours: Vec::new(),
    });
    let layer_at = |moment| on_call(&rota, at(moment), 0).map(|duty| duty.reason);
    assert_eq!(layer_at("2026-11-09T23:59:59Z"), Some(Reason::Turn { layer: 1 }));
    assert_eq!(layer_at("2026-11-10T00:00:00Z"), Some(Reason::Turn { layer: 2 }));
}

#[test]
fn shifts_are_contiguous_in_every_zone_around_every_change() {
    for zone in [
        "Europe/Berlin",
        "Africa/Casablanca",
        "America/Chicago",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Pacific/Apia",
    ] {
        let rota = rota(zone, 5, TurnUnit::Hours, "2011-11-01T02:30:00");
        let mut moment = at("2011-11-05T00:00:00Z");
        let mut last = on_call(&rota, moment, 0).expect("somebody");
        while moment < at("2012-11-05T00:00:00Z") {
            let shift = on_call(&rota, moment, 0).expect("somebody");
            assert!(shift.from <= moment && moment < shift.until, "{zone} {moment}");
            assert!(shift == last || shift.from == last.until, "{zone} {moment}");
            last = shift.clone();
            moment = shift.until.min(moment + Span::from_minutes(90));
        }
    }
}

#[test]
fn a_layer_with_hours_has_somebody_at_these_times_only_and_its_shifts_end_with_them() {
    let mut nights = rota("Europe/Berlin", 1, TurnUnit::Weeks, "2026-11-02T00:00:00");
    nights.layers[0].hours =
        ["Mon-Fri 18:00-08:00", "Sat-Sun 00:00-24:00"].map(|text| text.parse().expect("times")).into();
    let bounds = |moment: &str| on_call(&nights, at(moment), 0).map(|duty| (duty.from, duty.until));
    assert_eq!(bounds("2026-11-03T12:00:00Z"), None, "by day");
    let night = (at("2026-11-03T17:00:00Z"), at("2026-11-04T07:00:00Z"));
    assert_eq!(bounds("2026-11-03T17:00:00Z"), Some(night), "from the first moment");
    assert_eq!(bounds("2026-11-04T06:59:59Z"), Some(night), "until the last");
    assert_eq!(bounds("2026-11-04T07:00:00Z"), None, "and no longer");
    let weekend = (at("2026-11-06T17:00:00Z"), at("2026-11-08T23:00:00Z"));
    assert_eq!(
        bounds("2026-11-07T12:00:00Z"),
        Some(weekend),
        "from Friday evening until the week's turn ends"
    );
}

#[test]
fn hours_cover_a_time_that_is_lived_twice_wholly_and_one_that_is_skipped_not_at_all() {
    let mut early = rota("Europe/Berlin", 1, TurnUnit::Weeks, "2026-01-05T00:00:00");
    let hours = |text: &str| vec![text.parse().expect("times of the week")];
    early.layers[0].hours = hours("Sun 00:00-02:30");
    let until = |rota: &RotaDefined, moment| on_call(rota, at(moment), 0).map(|duty| duty.until);
    // 02:30 comes at 00:30 UTC and again at 01:30 UTC.
    assert_eq!(until(&early, "2026-10-25T00:00:00Z"), Some(at("2026-10-25T01:30:00Z")));
    early.layers[0].hours = hours("Sun 02:30-04:00");
    let from = on_call(&early, at("2026-10-25T02:00:00Z"), 0).map(|duty| duty.from);
    assert_eq!(from, Some(at("2026-10-25T00:30:00Z")), "from the first of the two");
    early.layers[0].hours = hours("Sun 02:00-03:00");
    for minute in 0..240 {
        let moment = at("2026-03-29T00:00:00Z") + Span::from_minutes(minute);
        assert_eq!(on_call(&early, moment, 0), None, "clocks go from 02:00 to 03:00");
    }
}

#[test]
fn members_join_and_leave_at_a_handover_and_nobody_elses_earlier_turn_changes() {
    let mut weekly = rota("UTC", 1, TurnUnit::Weeks, "2026-11-02T09:00:00");
    let before = weekly.clone();
    let wall = |text: &str| Some(text.parse().expect("a wall-clock time"));
    // 2 leaves within the fifth week, in a turn of their own, which they finish; 4 joins from the eighth week on.
    weekly.layers[0].members[1].until = wall("2026-12-01T00:00:00");
    let joins = Member { from: wall("2026-12-18T00:00:00"), ..Member::always(person(4)) };
    weekly.layers[0].members.insert(1, joins);
    let week = |rota: &RotaDefined, number: u64| {
        let moment = at("2026-11-02T09:00:00Z") + Span::from_minutes(number * 7 * 24 * 60);
        on_call(rota, moment, 0).map(|duty| duty.person.to_string().bytes().last())
    };
    let number = |number: u8| Some(person(number).to_string().bytes().last());
    for turn in 0..5 {
        assert_eq!(week(&weekly, turn), week(&before, turn), "turn {turn}");
    }
    let expected = [1, 2, 3, 1, 2, 3, 1, 4, 3, 1, 4, 3].map(number);
    let found: Vec<_> = (0..12).map(|turn| week(&weekly, turn)).collect();
    assert_eq!(found, expected);
}

#[test]
fn several_people_take_one_turn_together() {
    let mut pairs = rota("UTC", 1, TurnUnit::Weeks, "2026-11-02T09:00:00");
    pairs.layers[0].members[1].people.push(person(9));
    let people = |moment| -> Vec<PersonId> {
        Roster::of(pairs.clone()).on_call(at(moment), 0).iter().map(|duty| duty.person).collect()
    };
    assert_eq!(people("2026-11-03T00:00:00Z"), [person(1)]);
    assert_eq!(people("2026-11-10T00:00:00Z"), [person(2), person(9)]);
}

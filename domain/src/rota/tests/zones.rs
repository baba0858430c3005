//! All zones, from 2000 to 2040: whatever is changed there, shifts stand side by side.
//!
//! Weeks and months are tried in every zone, hours and days, of which there are many, in every third; how many of them
//! and at which time of day differs from zone to zone.

use chrono_tz::TZ_VARIANTS;
use events::Span;

use super::super::shift;
use super::super::wall::shown;
use super::*;

/// Times of day at which clocks are changed somewhere, and times in what they skip or show twice.
const TIMES: [&str; 8] = ["00:00", "00:30", "01:15", "01:30", "02:00", "02:30", "03:00", "23:45"];

/// In every `each`-th zone shifts have no gap, do not overlap, are one where they adjoin, and are no longer than so many
/// turns and a day; and each begins when the wall clock first shows the time of its handover, or what comes after it.
fn assert_side_by_side(unit: TurnUnit, each: usize, longest: Span, everies: [u32; 3]) {
    let from = at("2000-01-01T00:00:00Z");
    let until = at("2041-01-01T00:00:00Z");
    for (number, zone) in TZ_VARIANTS.iter().enumerate().filter(|(number, _)| number % each == 0) {
        let (every, time) = (everies[number / each % everies.len()], TIMES[number % TIMES.len()]);
        let rota = rota(zone.name(), every, unit, &format!("1999-12-29T{time}:00"));
        let what = format!("{zone}, every {every} {unit:?} at {time}");
        let shifts = shift::between(&Roster::of(rota), from, until);
        assert_eq!(shifts.first().map(|shift| shift.from), Some(from), "{what}");
        assert_eq!(shifts.last().map(|shift| shift.until), Some(until), "{what}");
        // A zone that changed its mind about the date line may have a day more or less.
        let longest = (0..every).fold(Span::from_minutes(25 * 60), |all, _| all + longest);
        for pair in shifts.windows(2) {
            assert_eq!(pair[0].until, pair[1].from, "{what}");
            assert_ne!(pair[0].duties[0].person, pair[1].duties[0].person, "{what}");
            let length = pair[0].until.since(pair[0].from);
            assert!(length <= longest, "{what}: {length:?} from {}", pair[0].from);
        }
        for shift in &shifts[1..] {
            let before = shown(*zone, Timestamp::from_micros(shift.from.as_micros() - 1));
            let begins = shown(*zone, shift.from);
            let says = |wall: chrono::NaiveDateTime| wall.format("%H:%M").to_string();
            // On the hour of its handover, or in the moment in which clocks were set forward over it.
            let is_set_forward = (begins - before).num_seconds() > 1;
            let is_on_time = match unit {
                TurnUnit::Hours => says(begins)[3..] == time[3..],
                TurnUnit::Days | TurnUnit::Weeks | TurnUnit::Months => says(begins) == time,
            };
            assert!(is_on_time || is_set_forward, "{what}: {begins}");
        }
    }
}

const HOUR: Span = Span::from_minutes(60);
const DAY: Span = Span::from_minutes(24 * 60);

#[test]
fn in_no_zone_and_no_year_do_shifts_of_hours_leave_a_gap_or_overlap_or_fail_to_merge() {
    assert_side_by_side(TurnUnit::Hours, 3, HOUR, [97, 100, 240]);
}

#[test]
fn in_no_zone_and_no_year_do_shifts_of_days_leave_a_gap_or_overlap_or_fail_to_merge() {
    assert_side_by_side(TurnUnit::Days, 3, DAY, [3, 4, 5]);
}

#[test]
fn in_no_zone_and_no_year_do_shifts_of_weeks_leave_a_gap_or_overlap_or_fail_to_merge() {
    assert_side_by_side(TurnUnit::Weeks, 1, Span::from_minutes(7 * 24 * 60), [1, 2, 3]);
}

#[test]
fn in_no_zone_and_no_year_do_shifts_of_months_leave_a_gap_or_overlap_or_fail_to_merge() {
    assert_side_by_side(TurnUnit::Months, 1, Span::from_minutes(31 * 24 * 60), [1, 1, 2]);
}

//! Who is on call: wall-clock turns, resolved to instants.
//!
//! The n-th handover of a layer is `from` plus n turns *on the wall clock* of the rota's zone. Where a
//! daylight-saving change skips that time, the handover is at the first valid instant after it; where it repeats
//! it, at the first of the two. So shifts are contiguous, and an hour that is lived twice belongs to one shift.

use chrono::{Days, LocalResult, Months, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use events::event::rota::{Handover, Layer, RotaDefined, TurnUnit};
use events::mutant::{self, Mutant};
use events::{PersonId, Span, Timestamp};

/// One turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Who is on call.
    pub person: PersonId,
    /// By which layer, from 1.
    pub layer: u32,
    /// When the turn begins.
    pub from: Timestamp,
    /// When it ends.
    pub until: Timestamp,
}

/// The turn at `at`, or the one `offset` turns further in the same layer with the bounds of the present one.
/// `None` when no layer has anybody then, or the zone is not known.
pub fn on_call(rota: &RotaDefined, at: Timestamp, offset: u32) -> Option<Shift> {
    let zone: Tz = rota.time_zone.parse().ok()?;
    rota.layers.iter().enumerate().rev().find_map(|(index, layer)| {
        let number = u32::try_from(index + 1).ok()?;
        turn(layer, number, zone, at, offset)
    })
}

fn turn(layer: &Layer, number: u32, zone: Tz, at: Timestamp, offset: u32) -> Option<Shift> {
    let handovers = Handovers { handover: layer.handover, zone };
    let late = if mutant::is_on(Mutant::HandOverLate) { Span::from_minutes(60) } else { Span::ZERO };
    let turn = handovers.turn_at(at - late)?;
    let members = u64::try_from(layer.members.len()).ok().filter(|&count| count > 0)?;
    let member = turn.wrapping_add(u64::from(offset)) % members;
    Some(Shift {
        person: *layer.members.get(usize::try_from(member).ok()?)?,
        layer: number,
        from: handovers.instant(turn)?,
        until: handovers.instant(turn + 1)?,
    })
}

/// The handovers of one layer, as instants.
#[derive(Clone, Copy, Debug)]
struct Handovers {
    handover: Handover,
    zone: Tz,
}

impl Handovers {
    /// The largest n whose handover is not after `at`; `None` before the first.
    fn turn_at(&self, at: Timestamp) -> Option<u64> {
        let wall = self.zone.from_utc_datetime(&at.to_utc().naive_utc()).naive_local();
        let mut turn = self.estimate(wall);
        while turn > 0 && self.instant(turn)? > at {
            turn -= 1;
        }
        while self.instant(turn + 1)? <= at {
            turn += 1;
        }
        (self.instant(turn)? <= at).then_some(turn)
    }

    /// About how many turns lie between the first handover and a wall-clock time: at most a few off.
    fn estimate(&self, wall: NaiveDateTime) -> u64 {
        let passed = (wall - self.handover.from).num_hours();
        let hours = match self.handover.unit {
            TurnUnit::Hours => 1,
            TurnUnit::Days => 24,
            TurnUnit::Weeks => 7 * 24,
            TurnUnit::Months => 31 * 24,
        };
        u64::try_from(passed / (hours * i64::from(self.handover.every.max(1)))).unwrap_or(0)
    }

    fn instant(&self, turn: u64) -> Option<Timestamp> {
        let units = turn.checked_mul(u64::from(self.handover.every.max(1)))?;
        let from = self.handover.from;
        let wall = match self.handover.unit {
            TurnUnit::Hours => from.checked_add_signed(TimeDelta::try_hours(i64::try_from(units).ok()?)?)?,
            TurnUnit::Days => from.checked_add_days(Days::new(units))?,
            TurnUnit::Weeks => from.checked_add_days(Days::new(units.checked_mul(7)?))?,
            TurnUnit::Months => from.checked_add_months(Months::new(u32::try_from(units).ok()?))?,
        };
        first_instant(self.zone, wall)
    }
}

/// The first instant at which clocks in `zone` show `wall` or, where they skip it, the first after it.
pub fn first_instant(zone: Tz, wall: NaiveDateTime) -> Option<Timestamp> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => {
            Some(Timestamp::from_utc(instant.with_timezone(&Utc)))
        }
        LocalResult::None => after_gap(zone, wall),
    }
}

/// The end of the gap that swallows `wall`: clocks before it show less, from it on they show more. Offsets lie
/// between -12 h and +14 h, so it is found between 15 h before and 13 h after the same digits in UTC.
fn after_gap(zone: Tz, wall: NaiveDateTime) -> Option<Timestamp> {
    let shown = |seconds: i64| {
        let utc = chrono::DateTime::from_timestamp(seconds, 0)?.naive_utc();
        Some(utc + TimeDelta::seconds(i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc())))
    };
    let digits = wall.and_utc().timestamp();
    let (mut before, mut after) = (digits - 15 * 3_600, digits + 13 * 3_600);
    while after - before > 1 {
        let middle = before.midpoint(after);
        if shown(middle)? < wall { before = middle } else { after = middle }
    }
    Some(Timestamp::from_micros(after.checked_mul(1_000_000)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(number: u8) -> PersonId {
        PersonId::from_bytes([number; 16])
    }

    fn rota(zone: &str, every: u32, unit: TurnUnit, from: &str) -> RotaDefined {
        let from = from.parse().expect("a wall-clock time");
        let members = vec![person(1), person(2), person(3)];
        let layers = vec![Layer { members, handover: Handover { every, unit, from } }];
        RotaDefined { team: None, time_zone: zone.into(), layers }
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).expect("RFC 3339")
    }

    #[track_caller]
    fn assert_shift(rota: &RotaDefined, moment: &str, number: u8, from: &str, until: &str) {
        let shift = on_call(rota, at(moment), 0).expect("somebody");
        assert_eq!(
            (shift.person, shift.from, shift.until),
            (person(number), at(from), at(until)),
            "at {moment}"
        );
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
            let moment = at("2026-03-01T14:30:00Z") + events::Span::from_minutes(day * 24 * 60 + day);
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
            members: vec![person(9)],
            handover: Handover { every: 1, unit: TurnUnit::Days, from },
        });
        let layer_at = |moment| on_call(&rota, at(moment), 0).map(|shift| shift.layer);
        assert_eq!(layer_at("2026-11-09T23:59:59Z"), Some(1));
        assert_eq!(layer_at("2026-11-10T00:00:00Z"), Some(2));
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
                last = shift;
                moment = shift.until.min(moment + events::Span::from_minutes(90));
            }
        }
    }
}

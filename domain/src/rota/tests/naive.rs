//! Generated rotas against a reference that looks at every minute of some days on a clock on the wall, and knows no
//! arithmetic of time zones.

use chrono::{DateTime, Datelike, Months, NaiveDateTime, Offset, TimeDelta, TimeZone, Weekday};
use chrono_tz::Tz;
use events::OverrideId;
use events::event::hours::Hours;

use super::super::cover::{Change, Cover};
use super::super::shift;
use super::*;

/// What the clock shows in each minute of some days.
struct Calendar {
    begins: i64,
    shown: Vec<NaiveDateTime>,
}

impl Calendar {
    fn of(zone: Tz, begins: NaiveDateTime, days: i64) -> Self {
        let begins = begins.and_utc().timestamp() / 60;
        let shown = (0..days * 24 * 60).map(|minute| {
            let utc = DateTime::from_timestamp((begins + minute) * 60, 0).expect("a moment").naive_utc();
            let ahead = zone.offset_from_utc_datetime(&utc).fix().local_minus_utc();
            utc + TimeDelta::seconds(i64::from(ahead))
        });
        Self { begins, shown: shown.collect() }
    }

    /// The first minute that shows it, else the first that shows more.
    fn first(&self, wall: NaiveDateTime) -> usize {
        let exact = self.shown.iter().position(|shown| *shown == wall);
        exact.or_else(|| self.shown.iter().position(|shown| *shown > wall)).unwrap_or(self.shown.len())
    }

    /// The last minute that shows it, else the first that shows more.
    fn last(&self, wall: NaiveDateTime) -> usize {
        let exact = self.shown.iter().rposition(|shown| *shown == wall);
        exact.or_else(|| self.shown.iter().position(|shown| *shown > wall)).unwrap_or(self.shown.len())
    }

    fn moment(&self, minute: usize) -> Timestamp {
        let minute = self.begins + i64::try_from(minute).expect("a few days");
        Timestamp::from_micros(minute * 60_000_000)
    }

    /// Whoever has a turn in each minute.
    fn turns(&self, layer: &Layer) -> Vec<Vec<PersonId>> {
        let open = self.open(&layer.hours);
        let mut on_call = vec![Vec::new(); self.shown.len()];
        let mut taker = layer.members.len() - 1;
        for turn in 0..10_000 {
            let (begins, ends) = (wall(layer.handover, turn), wall(layer.handover, turn + 1));
            let (first, end) = (self.first(begins), self.first(ends));
            if first >= self.shown.len() {
                break;
            }
            let around = (1..=layer.members.len()).map(|step| (taker + step) % layer.members.len());
            let next = around.into_iter().find(|&place| layer.members[place].takes_turn_at(begins));
            let Some(next) = next else { continue };
            taker = next;
            for minute in (first..end).filter(|&minute| open[minute]) {
                on_call[minute].clone_from(&layer.members[taker].people);
            }
        }
        on_call
    }

    fn open(&self, hours: &[Hours]) -> Vec<bool> {
        let mut open = vec![hours.is_empty(); self.shown.len()];
        let mut day = self.shown[0].date() - TimeDelta::days(2);
        while day <= self.shown.iter().max().expect("minutes").date() {
            for hours in hours.iter().filter(|hours| hours.days().any(|on| on == day.weekday())) {
                let at = |minute: u16| {
                    day.and_hms_opt(0, 0, 0).expect("midnight") + TimeDelta::minutes(i64::from(minute))
                };
                let ends = at(hours.from) + TimeDelta::minutes(i64::from(hours.minutes()));
                // What begins before the first day or ends after the last is not of interest.
                let known = |wall: NaiveDateTime| self.shown[0] <= wall;
                let first = if known(at(hours.from)) { self.first(at(hours.from)) } else { 0 };
                let end = if known(ends) { self.last(ends) } else { 0 };
                (first..end).for_each(|minute| open[minute] = true);
            }
            day += TimeDelta::days(1);
        }
        open
    }
}

fn wall(handover: Handover, turn: u32) -> NaiveDateTime {
    let units = turn * handover.every;
    match handover.unit {
        TurnUnit::Hours => handover.from + TimeDelta::hours(i64::from(units)),
        TurnUnit::Days => handover.from + TimeDelta::days(i64::from(units)),
        TurnUnit::Weeks => handover.from + TimeDelta::weeks(i64::from(units)),
        TurnUnit::Months => handover.from + Months::new(units),
    }
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).expect("a place")]
    }
}

const PLACES: [(&str, &str); 9] = [
    ("Europe/Berlin", "2026-03-27T00:00:00"),
    ("Europe/Rome", "2026-10-23T00:00:00"),
    ("America/Chicago", "2026-03-06T00:00:00"),
    ("America/Chicago", "2026-10-30T00:00:00"),
    ("Australia/Lord_Howe", "2026-04-03T00:00:00"),
    ("Australia/Lord_Howe", "2026-10-02T00:00:00"),
    ("Africa/Casablanca", "2026-02-13T00:00:00"),
    ("Asia/Kolkata", "2026-06-01T00:00:00"),
    ("Pacific/Apia", "2011-12-28T00:00:00"),
];

fn generated(chance: &mut Chance, zone: &str, begins: NaiveDateTime) -> RotaDefined {
    let layers = (0..=chance.below(3)).map(|_| {
        let members = (0..=chance.below(4)).map(|number| {
            let person = person(u8::try_from(number + 10 * chance.below(3) + 1).expect("small"));
            let mut member = Member::always(person);
            if chance.below(5) == 0 {
                member.people.push(self::person(99));
            }
            let mut date =
                || Some(begins + TimeDelta::hours(i64::try_from(chance.below(150)).expect("small")));
            match number % 7 {
                2 => member.from = date(),
                3 => member.until = date(),
                _ => {}
            }
            member
        });
        let members = members.collect();
        let (unit, every) = chance.pick(&[
            (TurnUnit::Hours, 1),
            (TurnUnit::Hours, 5),
            (TurnUnit::Hours, 24),
            (TurnUnit::Days, 1),
            (TurnUnit::Days, 2),
            (TurnUnit::Weeks, 1),
            (TurnUnit::Months, 1),
        ]);
        let minutes = i64::try_from(chance.below(48 * 4) * 15).expect("small");
        let handover = Handover { every, unit, from: begins + TimeDelta::minutes(12 * 60 + minutes) };
        let days = [Weekday::Mon, Weekday::Wed, Weekday::Fri, Weekday::Sat, Weekday::Sun];
        let hours = (0..chance.below(3)).map(|_| {
            let from = u16::try_from(chance.below(96) * 15).expect("a minute of the day");
            let until = u16::try_from((chance.below(96) + 1) * 15).expect("a minute of the day");
            Hours { first: chance.pick(&days), last: chance.pick(&days), from, until }
        });
        Layer { members, handover, hours: hours.collect() }
    });
    RotaDefined { team: None, time_zone: zone.into(), layers: layers.collect() }
}

fn decisions(chance: &mut Chance, calendar: &Calendar) -> Vec<Cover> {
    let cover = |order: u64, chance: &mut Chance| {
        let minute = |chance: &mut Chance| usize::try_from(chance.below(7_000)).expect("small");
        let (one, other, since) = (minute(chance), minute(chance), minute(chance));
        let person = |chance: &mut Chance| person(u8::try_from(chance.below(4) + 1).expect("small"));
        let decided = match chance.below(4) {
            0 => Change::Also(person(chance)),
            1 => Change::Instead { of: person(chance), by: None },
            _ => Change::Instead { of: person(chance), by: Some(person(chance)) },
        };
        Cover {
            id: OverrideId::from(order.to_string().as_str()),
            order,
            from: calendar.moment(one.min(other)),
            until: calendar.moment(one.max(other) + 1),
            since: calendar.moment(since / 4),
            over: (chance.below(4) == 0).then(|| calendar.moment(minute(chance))),
            change: decided,
        }
    };
    (1..=chance.below(6)).map(|order| cover(order, chance)).collect()
}

/// Applies the rule of the later decision, word for word.
fn decided(turn: &[PersonId], covers: &[Cover], at: Timestamp) -> Vec<PersonId> {
    let holds = |cover: &&Cover| {
        cover.since <= at && cover.from <= at && at < cover.until && cover.over.is_none_or(|over| at < over)
    };
    let extra = covers.iter().filter(holds).filter_map(|cover| match cover.change {
        Change::Also(person) => Some((person, cover.order)),
        _ => None,
    });
    let mut on_call = Vec::new();
    for (mut person, mut decided_at) in turn.iter().map(|&person| (person, 0)).chain(extra) {
        let stands = loop {
            let later = covers.iter().rev().filter(holds).find_map(|cover| match cover.change {
                Change::Instead { of, by } if of == person && cover.order > decided_at => {
                    Some((by, cover.order))
                }
                _ => None,
            });
            match later {
                None => break true,
                Some((None, _)) => break false,
                Some((Some(by), order)) => (person, decided_at) = (by, order),
            }
        };
        if stands && !on_call.contains(&person) {
            on_call.push(person);
        }
    }
    on_call
}

#[test]
fn every_minute_of_generated_rotas_is_as_a_clock_on_the_wall_says_it() {
    let mut chance = Chance(2_026);
    for round in 0..90 {
        let (name, begins) = PLACES[round % PLACES.len()];
        let (zone, begins): (Tz, NaiveDateTime) =
            (name.parse().expect("a zone"), begins.parse().expect("a day"));
        let calendar = Calendar::of(zone, begins, 6);
        let rota = generated(&mut chance, name, begins);
        let covers = decisions(&mut chance, &calendar);
        let mut roster = Roster::of(rota.clone());
        for cover in &covers {
            roster.cover(&cover.id, [cover.clone()]);
        }
        let layers: Vec<_> = rota.layers.iter().map(|layer| calendar.turns(layer)).collect();
        // The last day is there to see where what begins before ends.
        let minutes = 24 * 60..5 * 24 * 60;
        let shifts = shift::between(&roster, calendar.moment(minutes.start), calendar.moment(minutes.end));
        let mut shift = shifts.iter().peekable();
        for minute in minutes {
            let moment = calendar.moment(minute);
            let turn = layers.iter().rev().map(|layer| &layer[minute]).find(|people| !people.is_empty());
            let expected = decided(turn.map_or(&[], Vec::as_slice), &covers, moment);
            let people = |duties: &[Duty]| duties.iter().map(|duty| duty.person).collect::<Vec<_>>();
            let duties = roster.on_call(moment, 0);
            let shown = calendar.shown[minute];
            assert_eq!(people(&duties), expected, "round {round}, {name} {shown}: {rota:?} {covers:?}");
            assert!(duties.iter().all(|duty| duty.from <= moment && moment < duty.until), "{duties:?}");
            while shift.peek().is_some_and(|shift| shift.until <= moment) {
                shift.next();
            }
            let listed = shift.peek().map(|shift| people(&shift.duties));
            assert_eq!(listed.as_ref(), Some(&expected), "listed, round {round}, {name} {shown}: {rota:?}");
        }
    }
}

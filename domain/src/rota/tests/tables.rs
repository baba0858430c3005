//! Shifts across both changes of the clock, zone by zone, as a calendar on the wall would have them.
//!
//! Each line says from when, with the offset that clocks have then, and who; `-` is nobody, and the last line says until
//! when. Anna, Bernd and Callum take turns, in this order.

use chrono::TimeZone as _;
use chrono_tz::Tz;

use super::super::shift;
use super::*;

struct Table {
    what: &'static str,
    zone: &'static str,
    /// How many, of which unit, from when.
    handover: (u32, TurnUnit, &'static str),
    /// At which times of the week, if not always.
    hours: &'static [&'static str],
    shifts: &'static [&'static str],
}

const EVERY_DAY_SPRING: &[Table] = &[
    Table {
        what: "the time is skipped: at the first valid instant after it, and the next day as ever",
        zone: "Europe/Berlin",
        handover: (1, TurnUnit::Days, "2026-03-27T02:30:00"),
        hours: &[],
        shifts: &[
            "2026-03-27T02:30+01:00 anna",
            "2026-03-28T02:30+01:00 bernd",
            "2026-03-29T03:00+02:00 callum",
            "2026-03-30T02:30+02:00 anna",
            "2026-03-31T02:30+02:00",
        ],
    },
    Table {
        what: "the very first moment that is skipped",
        zone: "America/Chicago",
        handover: (1, TurnUnit::Days, "2026-03-07T02:00:00"),
        hours: &[],
        shifts: &[
            "2026-03-07T02:00-06:00 anna",
            "2026-03-08T03:00-05:00 bernd",
            "2026-03-09T02:00-05:00 callum",
            "2026-03-10T02:00-05:00",
        ],
    },
    Table {
        what: "half an hour is skipped",
        zone: "Australia/Lord_Howe",
        handover: (1, TurnUnit::Days, "2026-10-03T02:15:00"),
        hours: &[],
        shifts: &[
            "2026-10-03T02:15+10:30 anna",
            "2026-10-04T02:30+11:00 bernd",
            "2026-10-05T02:15+11:00 callum",
            "2026-10-06T02:15+11:00",
        ],
    },
    Table {
        what: "after Ramadan",
        zone: "Africa/Casablanca",
        handover: (1, TurnUnit::Days, "2026-03-21T02:30:00"),
        hours: &[],
        shifts: &[
            "2026-03-21T02:30+00:00 anna",
            "2026-03-22T03:00+01:00 bernd",
            "2026-03-23T02:30+01:00 callum",
            "2026-03-24T02:30+01:00",
        ],
    },
    Table {
        what: "clocks that are never changed",
        zone: "Asia/Kolkata",
        handover: (1, TurnUnit::Days, "2026-03-28T02:30:00"),
        hours: &[],
        shifts: &[
            "2026-03-28T02:30+05:30 anna",
            "2026-03-29T02:30+05:30 bernd",
            "2026-03-30T02:30+05:30 callum",
            "2026-03-31T02:30+05:30",
        ],
    },
];

const EVERY_DAY_AUTUMN: &[Table] = &[
    Table {
        what: "the time comes twice: at the first of the two",
        zone: "Europe/Berlin",
        handover: (1, TurnUnit::Days, "2026-10-24T02:30:00"),
        hours: &[],
        shifts: &[
            "2026-10-24T02:30+02:00 anna",
            "2026-10-25T02:30+02:00 bernd",
            "2026-10-26T02:30+01:00 callum",
            "2026-10-27T02:30+01:00",
        ],
    },
    Table {
        what: "the time comes twice: at the first of the two",
        zone: "America/Chicago",
        handover: (1, TurnUnit::Days, "2026-10-31T01:30:00"),
        hours: &[],
        shifts: &[
            "2026-10-31T01:30-05:00 anna",
            "2026-11-01T01:30-05:00 bernd",
            "2026-11-02T01:30-06:00 callum",
            "2026-11-03T01:30-06:00",
        ],
    },
    Table {
        what: "half an hour comes twice",
        zone: "Australia/Lord_Howe",
        handover: (1, TurnUnit::Days, "2026-04-04T01:45:00"),
        hours: &[],
        shifts: &[
            "2026-04-04T01:45+11:00 anna",
            "2026-04-05T01:45+11:00 bernd",
            "2026-04-06T01:45+10:30 callum",
            "2026-04-07T01:45+10:30",
        ],
    },
    Table {
        what: "before Ramadan",
        zone: "Africa/Casablanca",
        handover: (1, TurnUnit::Days, "2026-02-14T02:30:00"),
        hours: &[],
        shifts: &[
            "2026-02-14T02:30+01:00 anna",
            "2026-02-15T02:30+01:00 bernd",
            "2026-02-16T02:30+00:00 callum",
            "2026-02-17T02:30+00:00",
        ],
    },
    Table {
        what: "the first handover itself comes twice",
        zone: "Europe/Rome",
        handover: (1, TurnUnit::Days, "2026-10-25T02:15:00"),
        hours: &[],
        shifts: &[
            "2026-10-25T02:00+02:00 -",
            "2026-10-25T02:15+02:00 anna",
            "2026-10-26T02:15+01:00 bernd",
            "2026-10-27T02:15+01:00",
        ],
    },
];

const HOUR_BY_HOUR: &[Table] = &[
    Table {
        what: "the hour that is lived twice is one shift",
        zone: "Europe/Berlin",
        handover: (1, TurnUnit::Hours, "2026-10-25T01:00:00"),
        hours: &[],
        shifts: &[
            "2026-10-25T01:00+02:00 anna",
            "2026-10-25T02:00+02:00 bernd",
            "2026-10-25T03:00+01:00 callum",
            "2026-10-25T04:00+01:00 anna",
            "2026-10-25T05:00+01:00",
        ],
    },
    Table {
        what: "the turn whose hour is skipped has no time, and is still a turn",
        zone: "Europe/Rome",
        handover: (1, TurnUnit::Hours, "2026-03-29T00:00:00"),
        hours: &[],
        shifts: &[
            "2026-03-29T00:00+01:00 anna",
            "2026-03-29T01:00+01:00 bernd",
            "2026-03-29T03:00+02:00 anna",
            "2026-03-29T04:00+02:00 bernd",
            "2026-03-29T05:00+02:00",
        ],
    },
    Table {
        what: "half past the hour: the handover within the gap is at its end",
        zone: "America/Chicago",
        handover: (1, TurnUnit::Hours, "2026-03-08T00:30:00"),
        hours: &[],
        shifts: &[
            "2026-03-08T00:30-06:00 anna",
            "2026-03-08T01:30-06:00 bernd",
            "2026-03-08T03:00-05:00 callum",
            "2026-03-08T03:30-05:00 anna",
            "2026-03-08T04:30-05:00",
        ],
    },
    Table {
        what: "an hour and a half, for half an hour comes twice",
        zone: "Australia/Lord_Howe",
        handover: (1, TurnUnit::Hours, "2026-04-05T00:30:00"),
        hours: &[],
        shifts: &[
            "2026-04-05T00:30+11:00 anna",
            "2026-04-05T01:30+11:00 bernd",
            "2026-04-05T02:30+10:30 callum",
            "2026-04-05T03:30+10:30",
        ],
    },
    Table {
        what: "counted on the wall clock from the beginning: still at noon and midnight",
        zone: "Europe/Berlin",
        handover: (12, TurnUnit::Hours, "2026-03-28T12:00:00"),
        hours: &[],
        shifts: &[
            "2026-03-28T12:00+01:00 anna",
            "2026-03-29T00:00+01:00 bernd",
            "2026-03-29T12:00+02:00 callum",
            "2026-03-30T00:00+02:00 anna",
            "2026-03-30T12:00+02:00",
        ],
    },
    Table {
        what: "no clock is changed",
        zone: "UTC",
        handover: (1, TurnUnit::Hours, "2026-03-29T00:30:00"),
        hours: &[],
        shifts: &[
            "2026-03-29T00:00+00:00 -",
            "2026-03-29T00:30+00:00 anna",
            "2026-03-29T01:30+00:00 bernd",
            "2026-03-29T02:30+00:00 callum",
            "2026-03-29T03:30+00:00",
        ],
    },
];

const WEEKS_AND_MONTHS: &[Table] = &[
    Table {
        what: "Mondays at nine, before and after",
        zone: "Europe/Rome",
        handover: (1, TurnUnit::Weeks, "2026-03-16T09:00:00"),
        hours: &[],
        shifts: &[
            "2026-03-16T09:00+01:00 anna",
            "2026-03-23T09:00+01:00 bernd",
            "2026-03-30T09:00+02:00 callum",
            "2026-04-06T09:00+02:00",
        ],
    },
    Table {
        what: "Mondays at nine, before and after",
        zone: "Europe/Berlin",
        handover: (1, TurnUnit::Weeks, "2026-10-12T09:00:00"),
        hours: &[],
        shifts: &[
            "2026-10-12T09:00+02:00 anna",
            "2026-10-19T09:00+02:00 bernd",
            "2026-10-26T09:00+01:00 callum",
            "2026-11-02T09:00+01:00",
        ],
    },
    Table {
        what: "Sundays within the hour that is skipped",
        zone: "America/Chicago",
        handover: (1, TurnUnit::Weeks, "2026-03-01T02:45:00"),
        hours: &[],
        shifts: &[
            "2026-03-01T02:45-06:00 anna",
            "2026-03-08T03:00-05:00 bernd",
            "2026-03-15T02:45-05:00 callum",
            "2026-03-22T02:45-05:00",
        ],
    },
    Table {
        what: "a month without that day on its last; the day comes back with the next month that has it",
        zone: "America/Chicago",
        handover: (1, TurnUnit::Months, "2026-01-31T02:30:00"),
        hours: &[],
        shifts: &[
            "2026-01-31T02:30-06:00 anna",
            "2026-02-28T02:30-06:00 bernd",
            "2026-03-31T02:30-05:00 callum",
            "2026-04-30T02:30-05:00 anna",
            "2026-05-31T02:30-05:00",
        ],
    },
    Table {
        what: "two months later clocks skip that time",
        zone: "Europe/Berlin",
        handover: (1, TurnUnit::Months, "2026-01-29T02:30:00"),
        hours: &[],
        shifts: &[
            "2026-01-29T02:30+01:00 anna",
            "2026-02-28T02:30+01:00 bernd",
            "2026-03-29T03:00+02:00 callum",
            "2026-04-29T02:30+02:00",
        ],
    },
    Table {
        what: "a leap day",
        zone: "UTC",
        handover: (1, TurnUnit::Months, "2027-12-31T00:00:00"),
        hours: &[],
        shifts: &[
            "2027-12-31T00:00+00:00 anna",
            "2028-01-31T00:00+00:00 bernd",
            "2028-02-29T00:00+00:00 callum",
            "2028-03-31T00:00+00:00 anna",
            "2028-04-30T00:00+00:00",
        ],
    },
];

/// Clocks in Samoa went from the end of the 29th of December 2011 to the beginning of the 31st.
const A_DAY_THAT_NEVER_WAS: &[Table] = &[
    Table {
        what: "the day's handover is when the next begins",
        zone: "Pacific/Apia",
        handover: (1, TurnUnit::Days, "2011-12-28T12:00:00"),
        hours: &[],
        shifts: &[
            "2011-12-28T12:00-10:00 anna",
            "2011-12-29T12:00-10:00 bernd",
            "2011-12-31T00:00+14:00 callum",
            "2011-12-31T12:00+14:00 anna",
            "2012-01-01T12:00+14:00",
        ],
    },
    Table {
        what: "the turn at midnight has no time, and is still a turn",
        zone: "Pacific/Apia",
        handover: (1, TurnUnit::Days, "2011-12-28T00:00:00"),
        hours: &[],
        shifts: &[
            "2011-12-28T00:00-10:00 anna",
            "2011-12-29T00:00-10:00 bernd",
            "2011-12-31T00:00+14:00 anna",
            "2012-01-01T00:00+14:00 bernd",
            "2012-01-02T00:00+14:00",
        ],
    },
    Table {
        what: "two turns of half a day are skipped",
        zone: "Pacific/Apia",
        handover: (12, TurnUnit::Hours, "2011-12-29T00:00:00"),
        hours: &[],
        shifts: &[
            "2011-12-29T00:00-10:00 anna",
            "2011-12-29T12:00-10:00 bernd",
            // Two turns in a row are Bernd's, for those of Callum and Anna between them have no time.
            "2011-12-31T12:00+14:00 callum",
            "2012-01-01T00:00+14:00 anna",
            "2012-01-01T12:00+14:00",
        ],
    },
    Table {
        what: "the Friday on which somebody takes over",
        zone: "Pacific/Apia",
        handover: (1, TurnUnit::Weeks, "2011-12-23T09:00:00"),
        hours: &[],
        shifts: &[
            "2011-12-23T09:00-10:00 anna",
            "2011-12-31T00:00+14:00 bernd",
            "2012-01-06T09:00+14:00 callum",
            "2012-01-13T09:00+14:00",
        ],
    },
    Table {
        what: "from Thursday night until Saturday morning there is no Friday; its own hours are nobody's",
        zone: "Pacific/Apia",
        handover: (1, TurnUnit::Weeks, "2011-12-26T00:00:00"),
        hours: &["Thu-Fri 22:00-06:00"],
        shifts: &[
            "2011-12-29T22:00-10:00 anna",
            "2011-12-31T06:00+14:00 -",
            "2012-01-05T22:00+14:00 bernd",
            "2012-01-06T06:00+14:00",
        ],
    },
];

const HOURS: &[Table] = &[
    Table {
        what: "a span that ends within the hour that comes twice ends at the last of the two",
        zone: "Europe/Rome",
        handover: (1, TurnUnit::Weeks, "2026-10-19T00:00:00"),
        hours: &["Sat 22:00-02:30"],
        shifts: &[
            "2026-10-24T00:00+02:00 -",
            "2026-10-24T22:00+02:00 anna",
            "2026-10-25T02:30+01:00 -",
            "2026-10-31T22:00+01:00 bernd",
            "2026-11-01T02:30+01:00",
        ],
    },
    Table {
        what: "one that begins within it begins at the first",
        zone: "America/Chicago",
        handover: (1, TurnUnit::Weeks, "2026-10-26T00:00:00"),
        hours: &["Sun 01:30-06:00"],
        shifts: &["2026-11-01T01:30-05:00 anna", "2026-11-01T06:00-06:00 -", "2026-11-02T00:00-06:00"],
    },
    Table {
        what: "one that begins within what is skipped begins after it",
        zone: "Europe/Berlin",
        handover: (1, TurnUnit::Weeks, "2026-03-23T00:00:00"),
        hours: &["Sun 02:30-06:00"],
        shifts: &["2026-03-29T00:00+01:00 -", "2026-03-29T03:00+02:00 anna", "2026-03-29T06:00+02:00"],
    },
    Table {
        what: "one that ends within what is skipped ends after it",
        zone: "Australia/Lord_Howe",
        handover: (1, TurnUnit::Weeks, "2026-09-28T00:00:00"),
        hours: &["Sat 20:00-02:15"],
        shifts: &["2026-10-03T20:00+10:30 anna", "2026-10-04T02:30+11:00 -", "2026-10-05T00:00+11:00"],
    },
    Table {
        what: "nights follow the wall clock",
        zone: "Africa/Casablanca",
        handover: (1, TurnUnit::Days, "2026-02-13T12:00:00"),
        hours: &["Mon-Sun 22:00-06:00"],
        shifts: &[
            "2026-02-13T22:00+01:00 anna",
            "2026-02-14T06:00+01:00 -",
            "2026-02-14T22:00+01:00 bernd",
            "2026-02-15T06:00+00:00 -",
            "2026-02-15T22:00+00:00 callum",
            "2026-02-16T06:00+00:00",
        ],
    },
];

const NAMES: [&str; 3] = ["anna", "bernd", "callum"];

fn shown(zone: Tz, at: Timestamp) -> String {
    zone.from_utc_datetime(&at.to_utc().naive_utc()).format("%Y-%m-%dT%H:%M%:z").to_string()
}

/// The moment that a line begins with.
fn moment(line: &str) -> Timestamp {
    let (wall, offset) = line.split(' ').next().unwrap_or(line).split_at("2026-10-25T02:30".len());
    at(&format!("{wall}:00{offset}"))
}

fn name(duties: &[Duty]) -> &'static str {
    let number = |duty: &Duty| (1_u8..).zip(NAMES).find(|(number, _)| person(*number) == duty.person);
    duties.first().and_then(number).map_or("-", |(_, name)| name)
}

#[track_caller]
fn assert_tables(tables: &[Table]) {
    for Table { what, zone, handover: (every, unit, from), hours, shifts } in tables {
        let mut rota = rota(zone, *every, *unit, from);
        rota.layers[0].hours = hours.iter().map(|hours| hours.parse().expect("times of the week")).collect();
        let zone: Tz = zone.parse().expect("a zone");
        let (first, last) = (moment(shifts[0]), moment(shifts[shifts.len() - 1]));
        let roster = Roster::of(rota);
        let found = shift::between(&roster, first, last);
        let mut lines: Vec<String> = found
            .iter()
            .map(|shift| format!("{} {}", shown(zone, shift.from), name(&shift.duties)))
            .collect();
        lines.push(shown(zone, last));
        assert_eq!(lines, *shifts, "{zone}: {what}");
        for shift in found {
            for moment in [shift.from, Timestamp::from_micros(shift.until.as_micros() - 1)] {
                let now = roster.on_call(moment, 0);
                assert_eq!(name(&now), name(&shift.duties), "{zone}: {what}: at {moment}");
            }
        }
    }
}

#[test]
fn every_day_when_clocks_skip_the_time_of_the_handover() {
    assert_tables(EVERY_DAY_SPRING);
}

#[test]
fn every_day_when_clocks_show_the_time_of_the_handover_twice() {
    assert_tables(EVERY_DAY_AUTUMN);
}

#[test]
fn hour_by_hour() {
    assert_tables(HOUR_BY_HOUR);
}

#[test]
fn week_by_week_and_month_by_month() {
    assert_tables(WEEKS_AND_MONTHS);
}

#[test]
fn across_the_day_that_never_was() {
    assert_tables(A_DAY_THAT_NEVER_WAS);
}

#[test]
fn at_times_of_the_week() {
    assert_tables(HOURS);
}

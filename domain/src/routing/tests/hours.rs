//! Times of the week on nights when clocks change, against a reference that looks at the clock every minute.

use chrono::{Datelike, Duration, NaiveDateTime, Timelike, Weekday};
use chrono_tz::Tz;
use events::event::hours::Hours;
use events::{Span, Timestamp};

use crate::rota::is_within;
use crate::rota::wall::shown;

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).expect("a moment")
}

fn later(from: Timestamp, minutes: u64) -> Timestamp {
    from + Span::from_minutes(minutes)
}

#[test]
fn windows_on_nights_when_clocks_change() {
    for (zone, hours, inside, outside) in [
        // 02:00 becomes 03:00: the night is an hour shorter.
        (
            "Europe/Berlin",
            "Sat 22:00-06:00",
            &["2026-03-28T21:00:00Z", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29T03:59:59Z"]
                [..],
            &["2026-03-28T20:59:59Z", "2026-03-29T04:00:00Z"][..],
        ),
        // What begins in the skipped hour begins after it.
        (
            "Europe/Berlin",
            "Sun 02:30-04:00",
            &["2026-03-29T01:00:00Z", "2026-03-29T01:59:59Z"],
            &["2026-03-29T00:59:59Z", "2026-03-29T02:00:00Z"],
        ),
        // What lies in the skipped hour is not.
        ("Europe/Berlin", "Sun 02:00-03:00", &[], &["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"]),
        // 03:00 becomes 02:00: from the first 02:30 until the last 02:45.
        (
            "Europe/Berlin",
            "Sun 02:30-02:45",
            &["2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:44:59Z"],
            &["2026-10-25T00:29:59Z", "2026-10-25T01:45:00Z"],
        ),
        (
            "America/New_York",
            "Sat-Sun 22:00-02:00",
            // 02:00 becomes 01:00 at 06:00 UTC.
            &["2026-11-01T02:00:00Z", "2026-11-01T06:59:59Z", "2026-11-02T03:00:00Z"],
            &["2026-11-01T01:59:59Z", "2026-11-01T07:00:00Z", "2026-11-02T02:59:59Z"],
        ),
        (
            "America/New_York",
            "Sun 01:00-04:00",
            // 02:00 becomes 03:00 at 07:00 UTC.
            &["2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:59:59Z"],
            &["2026-03-08T05:59:59Z", "2026-03-08T08:00:00Z"],
        ),
    ] {
        let (zone, hours): (Tz, Hours) = (zone.parse().expect("a zone"), hours.parse().expect("hours"));
        for (moments, expected) in [(inside, true), (outside, false)] {
            for moment in moments {
                assert_eq!(is_within(&[hours], zone, at(moment)), expected, "{hours} {zone} {moment}");
            }
        }
    }
}

/// Looks at the clock every minute of four days: the span is from the first minute that shows its beginning or later,
/// until after the last that shows less than its end.
fn reference(hours: Hours, zone: Tz, from: Timestamp, minutes: u64) -> Vec<bool> {
    let shows: Vec<NaiveDateTime> = (0..minutes).map(|minute| shown(zone, later(from, minute))).collect();
    let mut within = vec![false; shows.len()];
    let first = shows[0].date() - Duration::days(2);
    for day in 0..10 {
        let date = first + Duration::days(day);
        if !is_day(hours, date.weekday()) {
            continue;
        }
        let midnight = date.and_hms_opt(0, 0, 0).expect("midnight");
        let begins = midnight + Duration::minutes(i64::from(hours.from));
        let ends = begins + Duration::minutes(i64::from(hours.minutes()));
        let begins = shows.iter().position(|shown| *shown >= begins);
        let ends = shows.iter().rposition(|shown| *shown < ends);
        let (Some(begins), Some(ends)) = (begins, ends) else { continue };
        // Where it begins and ends in the skipped hour there is none of it.
        if let Some(minutes) = within.get_mut(begins..=ends) {
            minutes.fill(true);
        }
    }
    within
}

fn is_day(hours: Hours, day: Weekday) -> bool {
    let (first, last) = (hours.first.num_days_from_monday(), hours.last.num_days_from_monday());
    let day = day.num_days_from_monday();
    if first <= last { (first..=last).contains(&day) } else { day >= first || day <= last }
}

#[test]
fn every_minute_of_changing_nights_is_as_the_clock_on_the_wall_has_it() {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    for (zone, from) in [
        ("Europe/Berlin", "2026-03-27T12:00:00Z"),
        ("Europe/Berlin", "2026-10-23T12:00:00Z"),
        ("America/New_York", "2026-03-06T12:00:00Z"),
        ("America/New_York", "2026-10-30T12:00:00Z"),
        // By half an hour.
        ("Australia/Lord_Howe", "2026-04-03T12:00:00Z"),
        // At midnight.
        ("America/Santiago", "2026-09-04T12:00:00Z"),
    ] {
        let zone: Tz = zone.parse().expect("a zone");
        let (from, minutes) = (at(from), 4 * 24 * 60);
        for _ in 0..60 {
            let mut day = || days[usize::try_from(next(7)).expect("small")];
            let (first, last) = (day(), day());
            let (begins, ends) = (next(96) * 15, next(96) * 15 + 15);
            let clock = |minute: u64| format!("{:02}:{:02}", minute / 60, minute % 60);
            let text = format!("{first}-{last} {}-{}", clock(begins), clock(ends));
            let hours: Hours = text.parse().expect("hours");
            let expected = reference(hours, zone, from, minutes);
            // The reference knows nothing of what lies before and after.
            for minute in 26 * 60..minutes - 26 * 60 {
                let moment = later(from, minute);
                let is = is_within(&[hours], zone, moment);
                let place = usize::try_from(minute).expect("small");
                assert_eq!(is, expected[place], "{hours} {zone} {moment} ({})", shown(zone, moment).minute());
            }
        }
    }
}

//! A time zone as a `VTIMEZONE`: the offsets that hold in a span of time, and when they change. RFC 5545, section 3.6.5.

use chrono::{NaiveDateTime, Offset as _, TimeDelta, TimeZone as _};
use chrono_tz::{OffsetComponents as _, OffsetName as _, Tz};
use events::{Span, Timestamp};

use super::content::push;

/// Changes of the offset are looked for so far apart. Where there were two within a day, they are told as one.
const STEP: TimeDelta = TimeDelta::days(1);
/// The change that led to the first offset of a span is looked for so far back.
const LOOK_BACK: Span = Span::from_seconds(400 * 86_400);
/// Since when an offset holds whose beginning lies further back.
const LONG_AGO: &str = "19700101T000000";

/// What clocks show, and what that is called.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    offset_seconds: i32,
    is_daylight: bool,
    name: String,
}

/// An offset that holds from a moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Observance {
    /// On the wall clock as it was before; none when it was so long ago.
    from: Option<NaiveDateTime>,
    before_seconds: i32,
    shown: Shown,
}

/// Adds the `VTIMEZONE` of a zone with every offset that holds in a span of time.
pub fn push_zone(text: &mut String, zone: Tz, from: Timestamp, until: Timestamp) {
    push(text, "BEGIN:VTIMEZONE");
    push(text, &format!("TZID:{}", zone.name()));
    for observance in observances(zone, from, until) {
        let kind = if observance.shown.is_daylight { "DAYLIGHT" } else { "STANDARD" };
        let from = observance.from.map(|from| from.format("%Y%m%dT%H%M%S").to_string());
        push(text, &format!("BEGIN:{kind}"));
        push(text, &format!("DTSTART:{}", from.as_deref().unwrap_or(LONG_AGO)));
        push(text, &format!("TZOFFSETFROM:{}", offset(observance.before_seconds)));
        push(text, &format!("TZOFFSETTO:{}", offset(observance.shown.offset_seconds)));
        push(text, &format!("TZNAME:{}", observance.shown.name));
        push(text, &format!("END:{kind}"));
    }
    push(text, "END:VTIMEZONE");
}

fn observances(zone: Tz, from: Timestamp, until: Timestamp) -> Vec<Observance> {
    let changes = changes(zone, from - LOOK_BACK, until);
    let first = shown(zone, from.to_utc().naive_utc());
    let begun = changes.iter().rposition(|(at, _)| *at <= from.to_utc().naive_utc());
    // Some programs know what summer time is only from the standard time before it.
    let begun = begun.map(|at| if first.is_daylight { at.saturating_sub(1) } else { at });
    let mut observances = Vec::new();
    if begun.is_none() {
        observances.push(Observance { from: None, before_seconds: first.offset_seconds, shown: first });
    }
    for (at, before) in &changes[begun.unwrap_or(0)..] {
        observances.push(Observance {
            from: Some(*at + TimeDelta::seconds(i64::from(before.offset_seconds))),
            before_seconds: before.offset_seconds,
            shown: shown(zone, *at),
        });
    }
    observances
}

/// When what clocks show changes, and what they showed before.
fn changes(zone: Tz, from: Timestamp, until: Timestamp) -> Vec<(NaiveDateTime, Shown)> {
    let until = until.to_utc().naive_utc();
    let mut at = from.to_utc().naive_utc();
    let mut before = shown(zone, at);
    let mut changes = Vec::new();
    while at < until {
        let next = at + STEP;
        let after = shown(zone, next);
        if after != before {
            let (mut low, mut high) = (at, next);
            while high - low > TimeDelta::seconds(1) {
                let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
                if shown(zone, middle) == before { low = middle } else { high = middle }
            }
            changes.push((high, std::mem::replace(&mut before, after)));
        }
        at = next;
    }
    changes
}

fn shown(zone: Tz, utc: NaiveDateTime) -> Shown {
    let offset = zone.offset_from_utc_datetime(&utc);
    Shown {
        offset_seconds: offset.fix().local_minus_utc(),
        // A zone may call the smaller offset summer time's (Casablanca's in Ramadan): then that is told as it is.
        is_daylight: !offset.dst_offset().is_zero(),
        name: offset.abbreviation().map_or_else(|| numbers(offset.fix().local_minus_utc()), str::to_owned),
    }
}

/// The name of an offset that has none, as the time zone database writes it: `+11`, `+1030`.
fn numbers(seconds: i32) -> String {
    let digits = offset(seconds);
    digits.strip_suffix("00").filter(|hours| hours.len() == 3).unwrap_or(&digits).to_owned()
}

/// `+0100`, and `+001452` for what is no whole minute. Source: RFC 5545, section 3.3.14.
fn offset(seconds: i32) -> String {
    let (sign, rest) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let (hours, minutes, seconds) = (rest / 3_600, rest / 60 % 60, rest % 60);
    let odd = if seconds == 0 { String::new() } else { format!("{seconds:02}") };
    format!("{sign}{hours:02}{minutes:02}{odd}")
}

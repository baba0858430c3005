//! What a clock on the wall shows, and when it shows it.

use chrono::{LocalResult, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use events::Timestamp;

/// What clocks in `zone` show then.
pub fn shown(zone: Tz, at: Timestamp) -> NaiveDateTime {
    zone.from_utc_datetime(&at.to_utc().naive_utc()).naive_local()
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

/// The last instant at which clocks in `zone` show `wall` or, where they skip it, the first after it.
pub fn last_instant(zone: Tz, wall: NaiveDateTime) -> Option<Timestamp> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(_, instant) => {
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

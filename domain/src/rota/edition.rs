//! An edition of the time-zone data, written down as far as rotas are looked ahead: so that a later one can be compared.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::{IANA_TZDB_VERSION, TZ_VARIANTS, Tz};
use events::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// As far as an edition is written down: 400 days.
pub const WRITTEN_AHEAD: Span = Span::from_seconds(400 * 86_400);
/// What lies so near to the ends of what is written down is not compared: a time that clocks show twice may have come
/// before, or come again after.
pub const MARGIN: Span = Span::from_seconds(2 * 86_400);
/// One zone has no more changes of the clock in that time. The most that any ever had is a few a year.
pub const CHANGES_PER_ZONE_MAX: usize = 100;
/// There are no more zones. In 2025 there are about 600.
pub const ZONES_MAX: usize = 5_000;

/// What clocks do in every zone for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Such as `2025b`.
    pub version: String,
    /// From when it is written down.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// By the IANA name of the zone.
    pub zones: BTreeMap<String, Offsets>,
}

/// What clocks in one zone do for a while: from when they are how far ahead of UTC. Seconds since 1970, and seconds; in
/// order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Offsets(Vec<(i64, i32)>);

impl Edition {
    /// The edition that this program was compiled with, from now on.
    pub fn compiled(now: Timestamp) -> Self {
        let (from, until) = (now - MARGIN, now + WRITTEN_AHEAD);
        let of = |zone: &Tz| (zone.name().to_owned(), Offsets::of(*zone, from, until));
        Self {
            version: IANA_TZDB_VERSION.to_owned(),
            from,
            until,
            zones: TZ_VARIANTS.iter().map(of).collect(),
        }
    }

    /// True when it can be what a house has written.
    pub fn is_sound(&self) -> bool {
        let in_order = |offsets: &Offsets| offsets.0.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let is_sound = |offsets: &Offsets| offsets.0.len() <= CHANGES_PER_ZONE_MAX && in_order(offsets);
        self.from < self.until && self.zones.len() <= ZONES_MAX && self.zones.values().all(is_sound)
    }

    /// Only those zones in which clocks do something else than this program knows.
    #[must_use]
    pub fn without_known(mut self) -> Self {
        let (from, until) = (self.from, self.until);
        self.zones.retain(|name, offsets| {
            name.parse().is_ok_and(|zone: Tz| Offsets::of(zone, from, until) != *offsets)
        });
        self
    }
}

impl Offsets {
    /// What clocks in this zone do between two moments, as this program knows.
    fn of(zone: Tz, from: Timestamp, until: Timestamp) -> Self {
        const DAY: i64 = 86_400;
        let offset = |seconds: i64| {
            let utc = DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc();
            zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
        };
        let seconds = |at: Timestamp| at.to_utc().timestamp();
        let (mut at, end) = (seconds(from), seconds(until));
        let mut present = offset(at);
        let mut changes = vec![(at, present)];
        while at < end && changes.len() < CHANGES_PER_ZONE_MAX {
            let next = (at + DAY).min(end);
            if offset(next) == present {
                at = next;
                continue;
            }
            let (mut before, mut after) = (at, next);
            while after - before > 1 {
                let middle = before.midpoint(after);
                if offset(middle) == present { before = middle } else { after = middle }
            }
            (at, present) = (after, offset(after));
            changes.push((at, present));
        }
        Self(changes)
    }

    /// The first instant at which clocks show `wall` or, where they skip it, the first after it; none before what is
    /// written down.
    pub(super) fn first_instant(&self, wall: NaiveDateTime) -> Option<Timestamp> {
        let wall = wall.and_utc().timestamp();
        let shown = |(from, ahead): (i64, i32)| from.saturating_add(i64::from(ahead));
        let ends = self.0.iter().skip(1).map(|(next, _)| *next).chain([i64::MAX]);
        if self.0.first().is_none_or(|first| wall < shown(*first)) {
            return None;
        }
        let found = self.0.iter().zip(ends).find_map(|(&(from, ahead), ends)| {
            let at = wall.saturating_sub(i64::from(ahead)).max(from);
            (at < ends).then_some(at)
        })?;
        Some(Timestamp::from_micros(found.checked_mul(1_000_000)?))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::super::wall::{first_instant, shown};
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).expect("RFC 3339")
    }

    #[test]
    fn what_is_written_down_says_the_same_as_the_data_itself_in_every_zone() {
        for now in ["2011-06-01T00:00:00Z", "2026-01-15T07:30:00Z"] {
            let edition = Edition::compiled(at(now));
            assert!(edition.is_sound() && edition.zones.len() > 500);
            for (name, offsets) in &edition.zones {
                let zone: Tz = name.parse().expect("a zone");
                let mut wall = shown(zone, at(now)) + TimeDelta::days(1);
                while wall < shown(zone, at(now) + WRITTEN_AHEAD - MARGIN) {
                    assert_eq!(offsets.first_instant(wall), first_instant(zone, wall), "{name} {wall}");
                    wall += TimeDelta::minutes(255);
                }
            }
            assert_eq!(edition.without_known().zones.len(), 0);
        }
    }

    #[test]
    fn a_time_that_is_skipped_or_shown_twice_is_found_and_one_before_all_is_not() {
        let offsets = Offsets::of(Tz::Europe__Berlin, at("2026-03-01T00:00:00Z"), at("2026-12-01T00:00:00Z"));
        let first = |text: &str| offsets.first_instant(text.parse().expect("a wall-clock time"));
        assert_eq!(first("2026-03-29T02:30:00"), Some(at("2026-03-29T01:00:00Z")));
        assert_eq!(first("2026-10-25T02:30:00"), Some(at("2026-10-25T00:30:00Z")));
        assert_eq!(first("2026-03-01T00:59:59"), None);
        assert_eq!(offsets.0.len(), 3);
    }

    #[test]
    fn what_no_house_wrote_is_not_sound_and_never_panics() {
        let sound = Edition::compiled(at("2026-01-15T07:30:00Z"));
        let with = |changes: Vec<(i64, i32)>| {
            let mut edition = sound.clone();
            edition.zones.insert("Europe/Berlin".into(), Offsets(changes));
            edition
        };
        assert!(!with(vec![(5, 0), (5, 3_600)]).is_sound());
        assert!(!with((0..101).map(|second| (second, 0)).collect()).is_sound());
        assert!(!Edition { until: sound.from, ..sound.clone() }.is_sound());
        for changes in [vec![], vec![(i64::MAX, i32::MAX)], vec![(i64::MIN, i32::MIN), (i64::MAX, 0)]] {
            let offsets = Offsets(changes);
            for wall in ["2026-03-29T02:30:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59"] {
                // Whatever it says: it says something.
                let _ = offsets.first_instant(wall.parse().expect("a wall-clock time"));
            }
        }
    }
}

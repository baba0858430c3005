//! Times of the week, as spans of real time.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use events::event::hours::{DAY_MINUTES, Hours};
use events::mutant::{self, Mutant};
use events::{Span as Length, Timestamp};

use super::wall::{first_instant, last_instant, shown};

/// From when until when; the end is not part of it.
pub(super) type Span = (Timestamp, Timestamp);

/// The span that `at` lies in, with what adjoins it, as far as from `bounds.0` until `bounds.1`. `None` when it lies in
/// none. Without hours it is always.
pub(super) fn around(hours: &[Hours], zone: Tz, at: Timestamp, bounds: Span) -> Option<Span> {
    if hours.is_empty() {
        return Some(bounds);
    }
    let (mut from, mut until) = covering(hours, zone, at)?;
    while from > bounds.0
        && let Some((earlier, _)) = covering(hours, zone, Timestamp::from_micros(from.as_micros() - 1))
    {
        from = earlier;
    }
    while until < bounds.1
        && let Some((_, later)) = covering(hours, zone, until)
    {
        until = later;
    }
    Some((from.max(bounds.0), until.min(bounds.1)))
}

/// The earliest beginning and the latest end of the spans that `at` lies in.
fn covering(hours: &[Hours], zone: Tz, at: Timestamp) -> Option<Span> {
    let day = shown(zone, at).date();
    let days = [day.checked_sub_days(Days::new(1)), Some(day), day.checked_add_days(Days::new(1))];
    let spans = days.into_iter().flatten().flat_map(|day| on(hours, zone, day));
    let mut covering = spans.filter(|(from, until)| *from <= at && at < *until);
    let first = covering.next()?;
    Some(covering.fold(first, |(from, until), span| (from.min(span.0), until.max(span.1))))
}

/// True when `at` lies in one of the spans.
pub(crate) fn is_within(hours: &[Hours], zone: Tz, at: Timestamp) -> bool {
    covering(hours, zone, at).is_some()
}

/// Everything between two moments, in order, nothing twice.
pub(super) fn between(hours: &[Hours], zone: Tz, bounds: Span) -> Vec<Span> {
    if hours.is_empty() {
        return vec![bounds];
    }
    let mut spans = Vec::new();
    let mut day = shown(zone, bounds.0).date() - Days::new(2);
    let last = shown(zone, bounds.1).date() + Days::new(1);
    while day <= last {
        spans.extend(on(hours, zone, day));
        day = day + Days::new(1);
    }
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for (from, until) in spans {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => merged.push((from, until)),
        }
    }
    let clipped = merged.into_iter().map(|(from, until)| (from.max(bounds.0), until.min(bounds.1)));
    clipped.filter(|(from, until)| from < until).collect()
}

/// What begins on one day: at the first occurrence of its beginning, until the last of its end.
fn on(hours: &[Hours], zone: Tz, day: NaiveDate) -> impl Iterator<Item = Span> {
    let on_this_day = hours.iter().filter(move |hours| {
        let since_first = |of: chrono::Weekday| of.days_since(hours.first);
        since_first(day.weekday()) <= since_first(hours.last)
    });
    on_this_day.filter_map(move |hours| {
        let midnight = day.and_time(NaiveTime::MIN);
        let ends_next_day = hours.until <= hours.from;
        let until = hours.until + if ends_next_day { DAY_MINUTES } else { 0 };
        let from = first_instant(zone, midnight + TimeDelta::minutes(i64::from(hours.from)))?;
        let until = last_instant(zone, midnight + TimeDelta::minutes(i64::from(until)))?;
        let late = if mutant::is_on(Mutant::CloseLate) { Length::from_minutes(15) } else { Length::ZERO };
        (from < until).then_some((from, until + late))
    })
}

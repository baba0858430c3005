//! Shifts as calendars: of a rota, of a person. The same for a feed, for the API and from files.

use adapters::calendar::write::{Calendar, Shift};
use adapters::text;
use chrono::{Datelike as _, Months, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use domain::directory::Directory;
use domain::rota::shift::between;
use domain::rota::{Duty, Reason, Roster};
use events::{PersonId, RotaId, Span, Timestamp};
use i18n::{Locale, Message as _, calendar as message};

/// A feed tells what was so long ago.
const FEED_BACK: Span = Span::from_seconds(30 * 86_400);
/// A feed tells what will be so far ahead.
const FEED_AHEAD: Span = Span::from_seconds(365 * 86_400);

/// The span of a feed: whole months in UTC that hold at least what it tells. So it stays the same from one day to the
/// next, and a feed of which nothing has changed is the same text.
pub(crate) fn feed_span(now: Timestamp) -> (Timestamp, Timestamp) {
    let month = |at: Timestamp, months: u32| {
        let day = at.to_utc().date_naive().with_day(1);
        let begins = day.and_then(|day: NaiveDate| day.checked_add_months(Months::new(months)));
        begins.map_or(at, |day| Timestamp::from_utc(day.and_time(NaiveTime::MIN).and_utc()))
    };
    (month(now - FEED_BACK, 0), month(now + FEED_AHEAD, 1))
}

/// Everybody's shifts in a rota; none when there is no such rota.
pub(crate) fn of_rota(
    directory: &Directory,
    rota: &RotaId,
    locale: Locale,
    (from, until): (Timestamp, Timestamp),
) -> Option<Calendar> {
    let roster = directory.roster(rota)?;
    let zone = roster.present()?.time_zone.parse().unwrap_or(Tz::UTC);
    let mut shifts = Vec::new();
    for shift in between(roster, from, until) {
        for duty in &shift.duties {
            let summary = directory.name(duty.person).map(str::to_owned);
            shifts.push(event(directory, (rota, roster), locale, duty, summary));
        }
    }
    let name = message::CalendarOfRota { rota: rota.as_str() }.render(locale);
    Some(Calendar { name, zone, shifts })
}

/// A person's shifts in every rota, in the person's language and zone; none when there is no such person.
pub(crate) fn of_person(
    directory: &Directory,
    person: PersonId,
    (from, until): (Timestamp, Timestamp),
) -> Option<Calendar> {
    let defined = directory.people().get(&person)?;
    let locale = text::locale(defined.language);
    let name =
        message::CalendarOfPerson { person: directory.name(person).unwrap_or_default() }.render(locale);
    let mut calendar =
        Calendar { name, zone: defined.time_zone.parse().unwrap_or(Tz::UTC), shifts: Vec::new() };
    for rota in directory.rotas().keys() {
        let Some(roster) = directory.roster(rota) else { continue };
        let shifts = between(roster, from, until);
        for duty in shifts.iter().flat_map(|shift| &shift.duties).filter(|duty| duty.person == person) {
            let summary = message::OnCall { rota: rota.as_str() }.render(locale);
            calendar.shifts.push(event(directory, (rota, roster), locale, duty, Some(summary)));
        }
    }
    calendar.shifts.sort_by_key(|shift| shift.from);
    Some(calendar)
}

fn event(
    directory: &Directory,
    (rota, roster): (&RotaId, &Roster),
    locale: Locale,
    duty: &Duty,
    summary: Option<String>,
) -> Shift {
    let person = directory.slug(duty.person).map_or_else(|| duty.person.to_string(), str::to_owned);
    Shift {
        rota: rota.clone(),
        from: duty.from,
        until: duty.until,
        decided_at: roster.decided_at(),
        summary: summary.unwrap_or_else(|| person.clone()),
        person,
        description: match &duty.reason {
            Reason::Turn { .. } => None,
            Reason::Override { id, .. } | Reason::AllHands { id, .. } => {
                Some(message::ByOverride { id: id.as_str() }.render(locale))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_spans_whole_months_and_at_least_what_it_promises() {
        let at = |text: &str| Timestamp::parse_rfc3339(text).expect("RFC 3339");
        for (now, from, until) in [
            ("2026-11-22T20:00:00Z", "2026-10-01T00:00:00Z", "2027-12-01T00:00:00Z"),
            ("2026-11-30T23:59:59Z", "2026-10-01T00:00:00Z", "2027-12-01T00:00:00Z"),
            ("2026-12-01T00:00:00Z", "2026-11-01T00:00:00Z", "2028-01-01T00:00:00Z"),
        ] {
            assert_eq!(feed_span(at(now)), (at(from), at(until)), "{now}");
            assert!(at(from) <= at(now) - FEED_BACK && at(until) > at(now) + FEED_AHEAD);
        }
    }
}

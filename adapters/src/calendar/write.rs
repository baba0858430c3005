//! Shifts as one iCalendar text. The same shifts give the same text: it holds nothing of when it was written.

use std::fmt::Write as _;

use chrono::{LocalResult, NaiveDateTime, TimeZone as _};
use chrono_tz::Tz;
use events::{RotaId, Timestamp};
use sha2::{Digest as _, Sha256};

use super::content::{escaped, push};
use super::zone::push_zone;

/// The media type of a calendar.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";
/// How soon a calendar program should look again.
const REFRESH_EVERY: &str = "PT1H";
const PRODUCT: &str = "-//Hot Potato//Hot Potato//EN";
const UID_BYTES: usize = 16;

/// A calendar to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// What a calendar program calls it.
    pub name: String,
    /// The zone in which its times are written.
    pub zone: Tz,
    /// Its events, in the order in which they are written.
    pub shifts: Vec<Shift>,
}

/// One event: somebody is on call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// The rota.
    pub rota: RotaId,
    /// Who, as the configuration calls them.
    pub person: String,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// When anything about its rota was last decided; what programs compare to see which of two versions is newer.
    pub decided_at: Timestamp,
    /// What stands in the calendar.
    pub summary: String,
    /// More about it, if there is more.
    pub description: Option<String>,
}

impl Shift {
    /// What makes it the same event in every version of a calendar: the rota, the person and the moment at which it
    /// begins. So it stays the same when its end moves, such as where somebody stands in for the rest of it; when its
    /// beginning moves, or somebody else has it, it is another one. A rota's calendar, a person's and an exported file
    /// agree about it.
    pub fn uid(&self) -> String {
        let mut hash = Sha256::new();
        for text in [self.rota.as_str(), &self.person] {
            hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(text);
        }
        hash.update(seconds(self.from).to_be_bytes());
        let mut uid = String::with_capacity(2 * UID_BYTES + 10);
        for byte in hash.finalize().iter().take(UID_BYTES) {
            write!(uid, "{byte:02x}").expect("a string takes everything");
        }
        uid.push_str("@hotpotato");
        uid
    }
}

/// The calendar as text. A shift of less than a second is left out: the format has no words for it.
pub fn write(calendar: &Calendar) -> String {
    let mut text = String::new();
    let name = escaped(&calendar.name);
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"] {
        push(&mut text, line);
    }
    push(&mut text, &format!("PRODID:{PRODUCT}"));
    push(&mut text, &format!("NAME:{name}"));
    push(&mut text, &format!("X-WR-CALNAME:{name}"));
    push(&mut text, &format!("X-WR-TIMEZONE:{}", calendar.zone.name()));
    push(&mut text, &format!("REFRESH-INTERVAL;VALUE=DURATION:{REFRESH_EVERY}"));
    push(&mut text, &format!("X-PUBLISHED-TTL:{REFRESH_EVERY}"));
    let begins = calendar.shifts.iter().map(|shift| shift.from).min();
    let ends = calendar.shifts.iter().map(|shift| shift.until).max();
    // A calendar without anything in it is none: an empty one has its zone at least.
    let (from, until) = begins.zip(ends).unwrap_or_default();
    push_zone(&mut text, calendar.zone, from, until);
    for shift in calendar.shifts.iter().filter(|shift| seconds(shift.from) < seconds(shift.until)) {
        event(&mut text, calendar, shift);
    }
    push(&mut text, "END:VCALENDAR");
    text
}

fn event(text: &mut String, calendar: &Calendar, shift: &Shift) {
    push(text, "BEGIN:VEVENT");
    push(text, &format!("UID:{}", shift.uid()));
    push(text, &format!("DTSTAMP:{}Z", digits(whole(shift.decided_at.max(Timestamp::default())))));
    let (from, until) = (whole(shift.from), whole(shift.until));
    if let (Some(from), Some(until)) = (local(calendar.zone, from), local(calendar.zone, until)) {
        let zone = calendar.zone.name();
        push(text, &format!("DTSTART;TZID={zone}:{}", digits(from)));
        push(text, &format!("DTEND;TZID={zone}:{}", digits(until)));
    } else {
        push(text, &format!("DTSTART:{}Z", digits(from)));
        push(text, &format!("DTEND:{}Z", digits(until)));
    }
    push(text, &format!("SUMMARY:{}", escaped(&shift.summary)));
    if let Some(description) = &shift.description {
        push(text, &format!("DESCRIPTION:{}", escaped(description)));
    }
    // Being on call does not keep anybody from a meeting.
    push(text, "TRANSP:TRANSPARENT");
    push(text, "END:VEVENT");
}

/// The local time that means this moment; none for an hour that is lived a second time, since the format takes such a
/// time for the first. Source: RFC 5545, section 3.3.5.
fn local(zone: Tz, utc: NaiveDateTime) -> Option<NaiveDateTime> {
    let local = zone.from_utc_datetime(&utc);
    match zone.from_local_datetime(&local.naive_local()) {
        LocalResult::Ambiguous(first, _) if first != local => None,
        LocalResult::Single(_) | LocalResult::Ambiguous(..) | LocalResult::None => Some(local.naive_local()),
    }
}

const fn seconds(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(1_000_000)
}

fn whole(at: Timestamp) -> NaiveDateTime {
    Timestamp::from_micros(seconds(at) * 1_000_000).to_utc().naive_utc()
}

fn digits(time: NaiveDateTime) -> String {
    time.format("%Y%m%dT%H%M%S").to_string()
}

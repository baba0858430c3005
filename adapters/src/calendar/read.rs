//! What happens when, out of a calendar that anybody may have written.
//!
//! Times count in the zone that the calendar brings along, in one that is known by its name, or, where none is named, in
//! the one that the reader gives; whole days from midnight to midnight. What recurs keeps its times on the wall clock, also
//! its end, as calendar programs show it.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use events::Timestamp;

use super::content::{Line, lines, unescaped};
use super::mistake::Mistake;
use super::rules::{WrittenObservance, WrittenZone, Zone, Zones, failed, local_time, micros, wrong};
use crate::recurrence::Budget;

/// A calendar is no larger.
pub const CALENDAR_BYTES_MAX: usize = 2 * 1024 * 1024;
/// A calendar has no more events.
pub const EVENTS_MAX: usize = 2_000;
/// No more happens in the span that is asked for.
pub const HAPPENINGS_MAX: usize = 500;
/// A UID is cut after so many characters.
const UID_CHARS_MAX: usize = 200;

/// One event, one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// Where the event begins in the file.
    pub line: usize,
    /// What its program calls it.
    pub uid: String,
    /// What stands in the calendar.
    pub summary: String,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// What a calendar says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What happens in the span that was asked for, in order. Cancelled events are left out.
    pub happenings: Vec<Happening>,
    /// So much was over before that span.
    pub over: usize,
    /// So many events begin, or go on recurring, after it.
    pub later: usize,
}

/// Reads what a calendar says about a span of time. Where it names no zone, `zone` counts.
///
/// # Errors
/// The first [`Mistake`] in it.
pub fn read(bytes: &[u8], zone: Tz, from: Timestamp, until: Timestamp) -> Result<Reading, Mistake> {
    if bytes.len() > CALENDAR_BYTES_MAX {
        return Err(Mistake::TooLarge);
    }
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    // Before anything else: what is no calendar at all has other mistakes as well.
    let begins = text.trim_ascii_start().get(..15);
    if !begins.is_some_and(|begins| begins.eq_ignore_ascii_case(b"BEGIN:VCALENDAR")) {
        return Err(Mistake::NotACalendar);
    }
    let written = written(lines(text)?)?;
    let mut budget = Budget::default();
    // A day more than is asked for: clocks differ.
    let end = until.to_utc().naive_utc() + TimeDelta::days(1);
    let zones = Zones::new(&written.zones, zone, end, &mut budget)?;
    let mut reader = Reader { zones, budget, span: (from, until), reading: Reading::default() };
    for (event, moved) in with_moved(&written, &reader.zones)? {
        reader.take(event, &moved)?;
    }
    reader.reading.happenings.sort_by_key(|one| (one.from, one.line));
    Ok(reader.reading)
}

/// An event as it is written.
#[derive(Clone, Debug, Default)]
struct WrittenEvent {
    line: usize,
    lines: Vec<Line>,
}

impl WrittenEvent {
    fn find(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }

    fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Line> {
        self.lines.iter().filter(move |line| line.name == name)
    }

    fn uid(&self) -> String {
        let own = self.find("UID").map(|line| unescaped(&line.value).chars().take(UID_CHARS_MAX).collect());
        own.unwrap_or_else(|| format!("@{}", self.line))
    }

    fn is_cancelled(&self) -> bool {
        self.find("STATUS").is_some_and(|line| line.value.trim().eq_ignore_ascii_case("CANCELLED"))
    }
}

/// A calendar as it is written.
#[derive(Clone, Debug, Default)]
struct Written {
    zones: Vec<WrittenZone>,
    events: Vec<WrittenEvent>,
    /// The whole calendar takes back what it names.
    is_cancelled: bool,
}

fn written(lines: Vec<Line>) -> Result<Written, Mistake> {
    let mut written = Written::default();
    let mut within: Vec<(String, usize)> = Vec::new();
    for line in lines {
        let names: Vec<&str> = within.iter().map(|(name, _)| name.as_str()).collect();
        match line.name.as_str() {
            "BEGIN" => {
                let name = line.value.trim().to_ascii_uppercase();
                match (names.as_slice(), name.as_str()) {
                    (["VCALENDAR"], "VEVENT") if written.events.len() == EVENTS_MAX => {
                        return Err(Mistake::TooManyEvents(line.number));
                    }
                    (["VCALENDAR"], "VEVENT") => {
                        written.events.push(WrittenEvent { line: line.number, lines: Vec::new() });
                    }
                    (["VCALENDAR"], "VTIMEZONE") => {
                        written.zones.push(WrittenZone { line: line.number, ..WrittenZone::default() });
                    }
                    (["VCALENDAR", "VTIMEZONE"], "STANDARD" | "DAYLIGHT") => {
                        if let Some(zone) = written.zones.last_mut() {
                            zone.observances.push(WrittenObservance::default());
                        }
                    }
                    _ => {}
                }
                within.push((name, line.number));
            }
            "END" => {
                let ended = within.pop().filter(|(name, _)| line.value.trim().eq_ignore_ascii_case(name));
                ended.ok_or(Mistake::Unbalanced(line.number))?;
            }
            _ => match names.as_slice() {
                [] => return Err(Mistake::Unbalanced(line.number)),
                ["VCALENDAR"] if line.name == "METHOD" => {
                    written.is_cancelled = line.value.trim().eq_ignore_ascii_case("CANCEL");
                }
                ["VCALENDAR", "VEVENT"] => {
                    if let Some(event) = written.events.last_mut() {
                        event.lines.push(line);
                    }
                }
                ["VCALENDAR", "VTIMEZONE"] if line.name == "TZID" => {
                    if let Some(zone) = written.zones.last_mut() {
                        zone.id.clone_from(&line.value);
                    }
                }
                ["VCALENDAR", "VTIMEZONE", "STANDARD" | "DAYLIGHT"] => {
                    let observance = written.zones.last_mut().and_then(|zone| zone.observances.last_mut());
                    if let Some(observance) = observance {
                        observance.lines.push(line);
                    }
                }
                _ => {}
            },
        }
    }
    match within.pop() {
        Some((_, begun)) => Err(Mistake::Unbalanced(begun)),
        None => Ok(written),
    }
}

/// Each event with those of its recurrences, in UTC, that are told by an event of their own.
fn with_moved<'w>(
    written: &'w Written,
    zones: &Zones,
) -> Result<Vec<(&'w WrittenEvent, HashSet<NaiveDateTime>)>, Mistake> {
    if written.is_cancelled {
        return Ok(Vec::new());
    }
    let mut moved: HashMap<String, HashSet<NaiveDateTime>> = HashMap::new();
    for event in &written.events {
        let Some(line) = event.find("RECURRENCE-ID") else { continue };
        if line.parameter("RANGE").is_some() {
            return Err(Mistake::NotRead { line: line.number, what: "RECURRENCE-ID;RANGE" });
        }
        moved.entry(event.uid()).or_default().insert(Time::of(line, zones)?.to_utc(line)?);
    }
    let of = |event: &WrittenEvent| {
        let is_one_of_several = event.find("RECURRENCE-ID").is_some();
        let moved = if is_one_of_several { None } else { moved.get(&event.uid()) };
        moved.cloned().unwrap_or_default()
    };
    Ok(written.events.iter().filter(|event| !event.is_cancelled()).map(|event| (event, of(event))).collect())
}

/// A time as it is written.
#[derive(Clone, Debug)]
struct Time {
    local: NaiveDateTime,
    zone: Zone,
    is_date: bool,
    /// The name of the zone, to see whether two are the same.
    zone_name: String,
}

impl Time {
    fn of(line: &Line, zones: &Zones) -> Result<Self, Mistake> {
        let value = line.value.trim();
        if value.len() == 8 {
            let date = NaiveDate::parse_from_str(value, "%Y%m%d").map_err(|_| wrong(line))?;
            // A day has no zone: it counts where the reader is.
            let zone = zones.of(&Line { parameters: Vec::new(), ..line.clone() })?;
            let local = date.and_time(NaiveTime::MIN);
            return Ok(Self { local, zone, is_date: true, zone_name: String::new() });
        }
        if let Some(digits) = value.strip_suffix('Z') {
            let local = local_time(&Line { value: digits.to_owned(), ..line.clone() })?;
            return Ok(Self { local, zone: Zone::Named(Tz::UTC), is_date: false, zone_name: "Z".to_owned() });
        }
        let local = local_time(&Line { value: value.to_owned(), ..line.clone() })?;
        let zone_name = line.parameter("TZID").unwrap_or_default().to_owned();
        Ok(Self { local, zone: zones.of(line)?, is_date: false, zone_name })
    }

    fn to_utc(&self, line: &Line) -> Result<NaiveDateTime, Mistake> {
        self.zone.to_utc(self.local).ok_or_else(|| wrong(line))
    }
}

/// How long something takes: on the wall clock, then in seconds.
#[derive(Clone, Copy, Debug)]
struct Length {
    wall: TimeDelta,
    exact: TimeDelta,
}

struct Reader {
    zones: Zones,
    budget: Budget,
    span: (Timestamp, Timestamp),
    reading: Reading,
}

impl Reader {
    fn take(&mut self, event: &WrittenEvent, moved: &HashSet<NaiveDateTime>) -> Result<(), Mistake> {
        let uid = event.uid();
        let first = event.find("DTSTART");
        let first = first.ok_or_else(|| Mistake::NoStart { line: event.line, uid: uid.clone() })?;
        let start = Time::of(first, &self.zones)?;
        let length = self.length(event, &start)?;
        let is_moved = event.find("RECURRENCE-ID").is_some();
        let locals = if is_moved { BTreeSet::from([start.local]) } else { self.locals(event, &start)? };
        let mut left_out: HashSet<NaiveDateTime> = moved.clone();
        for line in event.all("EXDATE") {
            for time in self.times(line)? {
                left_out.insert(time.to_utc(line)?);
            }
        }
        let summary = event.find("SUMMARY").map(|line| unescaped(&line.value).trim().to_owned());
        for local in locals {
            let from = start.zone.to_utc(local).ok_or_else(|| wrong(first))?;
            let ends = || {
                let wall = local.checked_add_signed(length.wall)?;
                start.zone.to_utc(wall)?.checked_add_signed(length.exact)
            };
            let until = ends().ok_or_else(|| wrong(first))?;
            if left_out.contains(&from) {
                continue;
            }
            let (from, until) = (Timestamp::from_micros(micros(from)), Timestamp::from_micros(micros(until)));
            if from.max(until) <= self.span.0 {
                self.reading.over += 1;
            } else if until <= from {
                return Err(Mistake::Backwards { line: event.line, uid });
            } else if from >= self.span.1 {
                self.reading.later += 1;
            } else if self.reading.happenings.len() == HAPPENINGS_MAX {
                return Err(Mistake::TooMuchHappens(event.line));
            } else {
                let (uid, summary) = (uid.clone(), summary.clone().unwrap_or_default());
                self.reading.happenings.push(Happening { line: event.line, uid, summary, from, until });
            }
        }
        Ok(())
    }

    /// Every time at which it begins, on the wall clock of its zone.
    fn locals(&mut self, event: &WrittenEvent, start: &Time) -> Result<BTreeSet<NaiveDateTime>, Mistake> {
        let mut locals = BTreeSet::from([start.local]);
        let mut rules = event.all("RRULE");
        if let Some(line) = rules.next() {
            let end = start.zone.to_local(self.span.1.to_utc().naive_utc());
            let to_local = |utc| start.zone.to_local(utc);
            let found = self.budget.recurrences(&line.value, start.local, end, to_local);
            let (found, goes_on) = found.map_err(|failure| failed(failure, line))?;
            locals.extend(found);
            self.reading.later += usize::from(goes_on);
        }
        if let Some(line) = rules.next().or_else(|| event.find("EXRULE")) {
            return Err(Mistake::NotRead { line: line.number, what: "a second RRULE, or an EXRULE," });
        }
        for line in event.all("RDATE") {
            if line.parameter("VALUE").is_some_and(|value| value.eq_ignore_ascii_case("PERIOD")) {
                return Err(Mistake::NotRead { line: line.number, what: "RDATE;VALUE=PERIOD" });
            }
            for time in self.times(line)? {
                locals.insert(start.zone.to_local(time.to_utc(line)?));
            }
        }
        Ok(locals)
    }

    /// The times of a line that may hold several.
    fn times(&self, line: &Line) -> Result<Vec<Time>, Mistake> {
        let each = line.value.split(',');
        each.map(|value| Time::of(&Line { value: value.to_owned(), ..line.clone() }, &self.zones)).collect()
    }

    fn length(&self, event: &WrittenEvent, start: &Time) -> Result<Length, Mistake> {
        let none = TimeDelta::zero();
        if let Some(line) = event.find("DTEND") {
            let end = Time::of(line, &self.zones)?;
            let is_same_clock = end.zone_name == start.zone_name && end.is_date == start.is_date;
            return if is_same_clock {
                Ok(Length { wall: end.local - start.local, exact: none })
            } else {
                let begins = start.to_utc(line)?;
                Ok(Length { wall: none, exact: end.to_utc(line)? - begins })
            };
        }
        if let Some(line) = event.find("DURATION") {
            return duration(&line.value).ok_or_else(|| wrong(line));
        }
        // A day lasts a day; a time without an end lasts no time at all, which is told as such.
        Ok(Length { wall: if start.is_date { TimeDelta::days(1) } else { none }, exact: none })
    }
}

/// `P1W`, `P1DT12H`, `PT8H30M`. Source: RFC 5545, section 3.3.6.
fn duration(value: &str) -> Option<Length> {
    let value = value.trim();
    let rest = value.strip_prefix('+').unwrap_or(value).strip_prefix('P')?;
    let (days, time) = rest.split_once('T').unwrap_or((rest, ""));
    let sum = |text: &str, units: &[(char, i64)]| {
        let (mut sum, mut digits) = (0_i64, String::new());
        for letter in text.chars() {
            if letter.is_ascii_digit() && digits.len() < 6 {
                digits.push(letter);
            } else {
                let (_, seconds) = units.iter().find(|(unit, _)| *unit == letter)?;
                sum += digits.parse::<i64>().ok()? * seconds;
                digits.clear();
            }
        }
        digits.is_empty().then(|| TimeDelta::seconds(sum))
    };
    let wall = sum(days, &[('W', 7 * 86_400), ('D', 86_400)])?;
    Some(Length { wall, exact: sum(time, &[('H', 3_600), ('M', 60), ('S', 1)])? })
}

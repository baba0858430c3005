//! What a local time in a calendar means: by a zone that the calendar brings along, or by one that is known by name.

use std::collections::HashMap;
use std::rc::Rc;

use chrono::{DateTime, LocalResult, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _};
use chrono_tz::Tz;

use super::content::Line;
use super::mistake::Mistake;
use crate::recurrence::{Budget, Failure};

/// A zone's clocks are never further from UTC. Source: RFC 5545 leaves it open; the widest in use are -12 and +14 hours.
const OFFSET_SECONDS_MAX: i32 = 24 * 3_600 - 1;

/// A time zone.
#[derive(Clone, Debug)]
pub enum Zone {
    /// Known by its name.
    Named(Tz),
    /// The calendar's own: changes of the offset in order, at least one.
    Own(Rc<[Change]>),
}

/// A change of the offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// When, in UTC.
    at: NaiveDateTime,
    before_seconds: i32,
    after_seconds: i32,
}

impl Zone {
    /// The moment, in UTC, at which clocks show this time: the first of two; where they skip it, as far after the change
    /// as they would have shown it without. Source: RFC 5545, section 3.3.5.
    pub fn to_utc(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Self::Named(zone) => match zone.from_local_datetime(&local) {
                LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.naive_utc()),
                LocalResult::None => {
                    // No zone is further than 14 hours ahead: then it is surely before the change.
                    let before = local.checked_sub_signed(TimeDelta::hours(15))?;
                    let offset = zone.offset_from_utc_datetime(&before).fix().local_minus_utc();
                    local.checked_sub_signed(TimeDelta::seconds(i64::from(offset)))
                }
            },
            Self::Own(changes) => {
                let utc = |offset: i32| local.checked_sub_signed(TimeDelta::seconds(i64::from(offset)));
                for change in changes.iter() {
                    let before = utc(change.before_seconds)?;
                    // It is shown before the change, or skipped by it.
                    if before < change.at || utc(change.after_seconds)? < change.at {
                        return Some(before);
                    }
                }
                utc(changes.last()?.after_seconds)
            }
        }
    }

    /// What clocks show then.
    pub fn to_local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        match self {
            Self::Named(zone) => zone.from_utc_datetime(&utc).naive_local(),
            Self::Own(changes) => {
                let after = changes.iter().rev().find(|change| change.at <= utc);
                let seconds = after.map(|change| change.after_seconds);
                let seconds = seconds.or_else(|| Some(changes.first()?.before_seconds)).unwrap_or(0);
                utc.checked_add_signed(TimeDelta::seconds(i64::from(seconds))).unwrap_or(utc)
            }
        }
    }
}

/// A `STANDARD` or `DAYLIGHT` of a zone, as it is written.
#[derive(Clone, Debug, Default)]
pub struct WrittenObservance {
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A `VTIMEZONE`, as it is written.
#[derive(Clone, Debug, Default)]
pub struct WrittenZone {
    /// Where it begins in the file.
    pub line: usize,
    /// Its name within the file.
    pub id: String,
    /// Its offsets.
    pub observances: Vec<WrittenObservance>,
}

impl WrittenZone {
    /// The zone, as far as it matters before `end`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn understood(&self, end: NaiveDateTime, budget: &mut Budget) -> Result<Zone, Mistake> {
        let mut changes = Vec::new();
        for observance in &self.observances {
            changes.extend(self.changes(observance, end, budget)?);
        }
        changes.sort_unstable();
        let nothing =
            || Mistake::Value { line: self.line, name: "VTIMEZONE".to_owned(), value: self.id.clone() };
        if changes.is_empty() { Err(nothing()) } else { Ok(Zone::Own(changes.into())) }
    }

    fn changes(
        &self,
        observance: &WrittenObservance,
        end: NaiveDateTime,
        budget: &mut Budget,
    ) -> Result<Vec<Change>, Mistake> {
        let find = |name: &str| observance.lines.iter().find(|line| line.name == name);
        let needed = |name: &'static str| {
            let missing = || Mistake::Value { line: self.line, name: name.to_owned(), value: String::new() };
            find(name).ok_or_else(missing)
        };
        let before_seconds = offset(needed("TZOFFSETFROM")?)?;
        let after_seconds = offset(needed("TZOFFSETTO")?)?;
        let start = local_time(needed("DTSTART")?)?;
        let mut locals = vec![start];
        for line in &observance.lines {
            if line.name == "RRULE" {
                let to_local = |utc: NaiveDateTime| utc + TimeDelta::seconds(i64::from(before_seconds));
                let found = budget.recurrences(&line.value, start, end, to_local);
                locals.extend(found.map_err(|failure| failed(failure, line))?.0);
            } else if line.name == "RDATE" {
                for value in line.value.split(',') {
                    let line = Line { value: value.to_owned(), ..line.clone() };
                    locals.push(local_time(&line)?);
                }
            }
        }
        locals.sort_unstable();
        locals.dedup();
        let change = |local: NaiveDateTime| {
            let at = local.checked_sub_signed(TimeDelta::seconds(i64::from(before_seconds)))?;
            Some(Change { at, before_seconds, after_seconds })
        };
        Ok(locals.into_iter().filter_map(change).collect())
    }
}

/// What a rule that leads nowhere is called.
pub fn failed(failure: Failure, line: &Line) -> Mistake {
    match failure {
        Failure::NoRule => wrong(line),
        Failure::TooMany => Mistake::TooMuchHappens(line.number),
    }
}

/// The value of the line is none.
pub fn wrong(line: &Line) -> Mistake {
    Mistake::Value { line: line.number, name: line.name.clone(), value: line.value.clone() }
}

/// A local time, `20261122T031000`.
pub fn local_time(line: &Line) -> Result<NaiveDateTime, Mistake> {
    NaiveDateTime::parse_from_str(&line.value, "%Y%m%dT%H%M%S")
        .ok()
        .filter(|_| line.value.len() == 15)
        .ok_or_else(|| wrong(line))
}

/// `+0100` or `+001452`.
fn offset(line: &Line) -> Result<i32, Mistake> {
    let read = || {
        let sign = match line.value.chars().next()? {
            '+' => 1,
            '-' => -1,
            _ => return None,
        };
        let digits = &line.value[1..];
        if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let number = |at: usize| digits.get(at..at + 2).map_or(Some(0), |pair| pair.parse::<i32>().ok());
        let seconds = number(0)? * 3_600 + number(2)? * 60 + number(4)?;
        (seconds <= OFFSET_SECONDS_MAX).then_some(sign * seconds)
    };
    read().ok_or_else(|| wrong(line))
}

/// The zones of a calendar, by the names that it uses.
#[derive(Debug)]
pub struct Zones {
    own: HashMap<String, Zone>,
    default: Tz,
}

impl Zones {
    /// The zones that a calendar brings along, and the one that counts where none is named.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn new(
        written: &[WrittenZone],
        default: Tz,
        end: NaiveDateTime,
        budget: &mut Budget,
    ) -> Result<Self, Mistake> {
        let mut own = HashMap::new();
        for zone in written {
            own.insert(zone.id.clone(), zone.understood(end, budget)?);
        }
        Ok(Self { own, default })
    }

    /// The zone that a line names, or the one that counts where none is named. Some programs put a path before the
    /// name, such as `/freeassociation.sourceforge.net/Europe/Berlin`.
    ///
    /// # Errors
    /// When nobody knows it.
    pub fn of(&self, line: &Line) -> Result<Zone, Mistake> {
        let Some(name) = line.parameter("TZID") else { return Ok(Zone::Named(self.default)) };
        if let Some(own) = self.own.get(name) {
            return Ok(own.clone());
        }
        let mut ends = std::iter::once(name).chain(name.match_indices('/').map(|(at, _)| &name[at + 1..]));
        let named = ends.find_map(|end| end.parse::<Tz>().ok());
        let unknown = || Mistake::UnknownZone { line: line.number, zone: name.to_owned() };
        named.map(Zone::Named).ok_or_else(unknown)
    }
}

/// A moment in UTC in microseconds.
pub fn micros(utc: NaiveDateTime) -> i64 {
    DateTime::<chrono::Utc>::from_naive_utc_and_offset(utc, chrono::Utc).timestamp_micros()
}

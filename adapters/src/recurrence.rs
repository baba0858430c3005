//! What happens again and again: the local times that a recurrence rule means.
//!
//! Rules are gone through on the wall clock alone, so that nine in the morning stays nine in the morning; what the zone
//! makes of each time is asked afterwards.

use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc};
use rrule::{RRule, RRuleSet, Unvalidated};

pub mod spans;

/// So many recurrences are gone through in one calendar or for one rule, also those that are over.
pub const STEPS_MAX: usize = 100_000;
/// Rules begin in these years. Outlook lets its zones begin in 1601.
const YEARS: std::ops::RangeInclusive<i32> = 1_600..=2_200;
/// A rule has no more characters.
pub const RULE_CHARS_MAX: usize = 500;

/// Why a rule leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It is no rule.
    NoRule,
    /// There are too many recurrences.
    TooMany,
}

/// How many more recurrences are gone through.
#[derive(Clone, Copy, Debug)]
pub struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(STEPS_MAX)
    }
}

impl Budget {
    /// Every time that the rule means from `start` on, until the first that is not before `end`, which is left out;
    /// whether there is such a one is said beside them. `to_local` makes a moment in UTC a time on the same wall clock.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn recurrences(
        &mut self,
        rule: &str,
        start: NaiveDateTime,
        end: NaiveDateTime,
        to_local: impl Fn(NaiveDateTime) -> NaiveDateTime,
    ) -> Result<(Vec<NaiveDateTime>, bool), Failure> {
        let set = set(rule, start, to_local).ok_or(Failure::NoRule)?;
        let mut times = Vec::new();
        for time in &set {
            self.0 = self.0.checked_sub(1).ok_or(Failure::TooMany)?;
            let time = time.naive_utc();
            if time >= end {
                return Ok((times, true));
            }
            times.push(time);
        }
        Ok((times, false))
    }
}

/// The rule from a start on, as if that were in UTC.
fn set(
    rule: &str,
    start: NaiveDateTime,
    to_local: impl Fn(NaiveDateTime) -> NaiveDateTime,
) -> Option<RRuleSet> {
    let known =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '=' | ';' | ',' | '-' | '+');
    if rule.len() > RULE_CHARS_MAX || !rule.chars().all(known) || !YEARS.contains(&start.year()) {
        return None;
    }
    let mut parts = Vec::new();
    for part in rule.to_ascii_uppercase().split(';').filter(|part| !part.is_empty()) {
        match part.split_once('=')? {
            // Nobody is on call anew every minute, and going through that would take for ever.
            ("FREQ", "SECONDLY" | "MINUTELY") => return None,
            ("UNTIL", until) => parts.push(format!("UNTIL={}Z", last(until, &to_local)?)),
            _ => parts.push(part.to_owned()),
        }
    }
    let start = DateTime::<Utc>::from_naive_utc_and_offset(start, Utc).with_timezone(&rrule::Tz::UTC);
    let rule: RRule<Unvalidated> = parts.join(";").parse().ok()?;
    Some(RRuleSet::new(start).rrule(rule.validate(start).ok()?).limit())
}

/// The last moment of a rule on the wall clock: written in UTC, on the wall clock, or as a day, which counts whole.
fn last(until: &str, to_local: impl Fn(NaiveDateTime) -> NaiveDateTime) -> Option<String> {
    let parsed = |text: &str| NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok();
    let time = match until.strip_suffix('Z') {
        Some(utc) => to_local(parsed(utc)?),
        None if until.contains('T') => parsed(until)?,
        None => parsed(&format!("{until}T235959"))?,
    };
    YEARS.contains(&time.year()).then(|| time.format("%Y%m%dT%H%M%S").to_string())
}

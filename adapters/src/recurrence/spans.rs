//! A span of time that comes again and again by a rule, for planned work.

use chrono_tz::Tz;
use domain::rota::wall;
use domain::work::SPANS_MAX;
use events::event::work::WorkSpan;
use events::{Span, Timestamp};

use super::{Budget, Failure, RULE_CHARS_MAX, STEPS_MAX};

/// What begins later than this after the first time is not planned: a rule without an end would never end.
pub const AHEAD_MAX: Span = Span::from_seconds(2 * 366 * 86_400);

/// Why a rule gives no spans.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSpans {
    /// It is not a rule.
    #[error(
        "the rule of repetition cannot be read: write one like FREQ=WEEKLY;BYDAY=SU;COUNT=10, in {RULE_CHARS_MAX} characters at most and not oftener than HOURLY"
    )]
    NotARule,
    /// It would take too long to go through it.
    #[error(
        "the rule of repetition means more than {STEPS_MAX} times: let it end earlier, or happen less often"
    )]
    TooMany,
    /// It leads nowhere.
    #[error("the rule of repetition never happens within two years of its beginning")]
    Never,
    /// The next one begins before this one has ended.
    #[error("the span lasts longer than the time until its next repetition")]
    Overlaps,
}

/// The first span and its repetitions, in order: by the wall clock in `zone`, so that what lasts from 22:00 to 06:00
/// does so also in the night in which the clocks change. Times that clocks skip are at the first instant after them.
/// No more than [`SPANS_MAX`], none later than [`AHEAD_MAX`].
///
/// # Errors
/// When the rule cannot be read, or gives nothing, or spans that overlap.
pub fn spans(rule: &str, zone: Tz, first: WorkSpan) -> Result<Vec<WorkSpan>, NoSpans> {
    let (begins, ends) = (wall::shown(zone, first.from), wall::shown(zone, first.until));
    let length = ends - begins;
    let last = wall::shown(zone, first.from + AHEAD_MAX);
    let rule = rule.trim().trim_start_matches("RRULE:");
    let to_local = |utc: chrono::NaiveDateTime| wall::shown(zone, Timestamp::from_utc(utc.and_utc()));
    let times = Budget::default().recurrences(rule, begins, last, to_local);
    let (times, _) = times.map_err(|failure| match failure {
        Failure::NoRule => NoSpans::NotARule,
        Failure::TooMany => NoSpans::TooMany,
    })?;
    let mut spans: Vec<WorkSpan> = Vec::new();
    for time in times.into_iter().take(SPANS_MAX) {
        let from = if time == begins { Some(first.from) } else { wall::first_instant(zone, time) };
        let until = if time == begins { Some(first.until) } else { wall::last_instant(zone, time + length) };
        // Where the clocks swallow all of it, there is nothing to plan.
        let Some((from, until)) = from.zip(until).filter(|(from, until)| from < until) else { continue };
        if spans.last().is_some_and(|before| from < before.until) {
            return Err(NoSpans::Overlaps);
        }
        spans.push(WorkSpan { from, until });
    }
    if spans.is_empty() { Err(NoSpans::Never) } else { Ok(spans) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BERLIN: Tz = Tz::Europe__Berlin;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).expect("RFC 3339")
    }

    fn shown(rule: &str, from: &str, until: &str) -> Result<Vec<String>, NoSpans> {
        let spans = spans(rule, BERLIN, WorkSpan { from: at(from), until: at(until) })?;
        Ok(spans.iter().map(|span| format!("{} {}", span.from, span.until)).collect())
    }

    #[test]
    fn a_night_stays_a_night_when_the_clocks_change() {
        let nights =
            shown("FREQ=DAILY;COUNT=3", "2026-10-23T20:00:00Z", "2026-10-24T04:00:00Z").expect("a rule");
        assert_eq!(
            nights,
            [
                "2026-10-23T20:00:00Z 2026-10-24T04:00:00Z",
                // 22:00 to 06:00 once more: nine hours.
                "2026-10-24T20:00:00Z 2026-10-25T05:00:00Z",
                "2026-10-25T21:00:00Z 2026-10-26T05:00:00Z",
            ]
        );
    }

    #[test]
    fn a_beginning_that_the_clocks_skip_or_show_twice_happens_once() {
        let skipped =
            shown("FREQ=DAILY;COUNT=2", "2026-03-28T01:30:00Z", "2026-03-28T02:30:00Z").expect("a rule");
        assert_eq!(
            skipped[1], "2026-03-29T01:00:00Z 2026-03-29T01:30:00Z",
            "02:30 is none: from 03:00 to 03:30"
        );
        let twice = shown("RRULE:FREQ=DAILY;COUNT=2", "2026-10-24T00:30:00Z", "2026-10-24T01:30:00Z")
            .expect("a rule");
        assert_eq!(twice[1], "2026-10-25T00:30:00Z 2026-10-25T02:30:00Z", "from the first 02:30 to 03:30");
        // The first span itself begins in the hour that is lived twice.
        let second = shown("FREQ=DAILY;COUNT=1", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z");
        assert_eq!(second.expect("a rule"), ["2026-10-25T01:30:00Z 2026-10-25T02:00:00Z"]);
    }

    #[test]
    fn a_rule_without_an_end_is_planned_for_two_years() {
        let weeks = shown("FREQ=WEEKLY", "2026-11-22T20:00:00Z", "2026-11-22T22:00:00Z").expect("a rule");
        assert_eq!(weeks.len(), 105);
        let days = shown("FREQ=HOURLY", "2026-11-22T20:00:00Z", "2026-11-22T20:10:00Z").expect("a rule");
        assert_eq!(days.len(), SPANS_MAX);
    }

    #[test]
    fn what_is_no_rule_says_so() {
        let refused = |rule: &str| shown(rule, "2026-11-22T20:00:00Z", "2026-11-22T22:00:00Z");
        for rule in ["", "WEEKLY", "FREQ=SOMETIMES", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;BYDAY=XX"] {
            assert!(refused(rule) == Err(NoSpans::NotARule), "{rule}");
        }
        assert_eq!(refused(&"x".repeat(RULE_CHARS_MAX + 1)), Err(NoSpans::NotARule));
        assert_eq!(refused("FREQ=HOURLY"), Err(NoSpans::Overlaps));
        assert_eq!(refused("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), Err(NoSpans::Never));
    }
}

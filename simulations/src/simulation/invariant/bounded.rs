//! 11, bounded: records per alert, pages per person and hour, sends at once, and what waits in mailboxes stay under
//! their limits.

use std::collections::BTreeMap;

use actors::channel::Breaker;
use domain::alert::limit::LATE_MIN;
use events::event::alert::{AlertEvent, PageRung};
use events::{PersonId, Span};

use super::{Found, drift};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Evidence, Fact, History, Page};

/// Records of one alert in one simulated day.
pub const RECORDS_PER_ALERT_MAX: usize = 10_000;
/// Pages that one alert orders for one person in one hour: six by the fallback, and those of steps, of people who
/// escalate, and of acknowledgements that lapse.
pub const PAGES_PER_PERSON_AND_HOUR_MAX: usize = 40;
/// Letters that wait in all mailboxes at once.
pub const LETTERS_MAX: usize = 5_000;
/// What starts within this of each other is "at once".
const AT_ONCE: Span = Span::from_seconds(1);

/// An attempt began: what was missed is not made up for send by send.
pub fn append(history: &History, fact: &Fact) -> Found {
    let AlertEvent::AttemptStarted(started) = &fact.event else { return Ok(()) };
    let Some(page) = history.pages.get(&started.page) else { return Ok(()) };
    let first_of =
        |rung: u32, send: u32| history.tries(started.page, rung, send).next().map(|first| first.moment);
    let now = fact.moment;
    let mut at_once = 0;
    let mut planned_lately = 0;
    for (number, rung) in (1_u32..).zip(&page.ordered.ladder) {
        for send in 1..=rung.attempts {
            if first_of(number, send).is_some_and(|moment| now.since(moment) <= AT_ONCE) {
                at_once += 1;
            }
            let planned = planned(page, rung, send);
            let passed = now.since(page.moment);
            if now.since(planned) <= LATE_MIN + AT_ONCE + drift(passed) {
                planned_lately += 1;
            }
        }
    }
    // Each rung may have been climbed to early.
    if at_once > planned_lately + page.ordered.ladder.len() {
        return Err(format!(
            "{} sends {at_once} times at once, of which {planned_lately} were due",
            history.alert
        ));
    }
    Ok(())
}

/// A channel sends something: one dispatch at a time while its breaker is open after faults.
pub fn send(breaker: &Breaker, under_way: u32) -> Found {
    if breaker.has_faults() && under_way > 1 {
        return Err(format!(
            "{under_way} calls are under way at a provider whose breaker is open: {breaker:?}"
        ));
    }
    Ok(())
}

/// When a send was planned.
pub fn planned(page: &Page, rung: &PageRung, send: u32) -> Moment {
    page.moment.after(rung.after).after(rung.every.times(u64::from(send.saturating_sub(1))))
}

/// The end.
pub fn at_end(evidence: &Evidence) -> Found {
    for history in evidence.histories.values() {
        if history.facts.len() > RECORDS_PER_ALERT_MAX {
            return Err(format!("{} has {} records", history.alert, history.facts.len()));
        }
        let mut hours: BTreeMap<(PersonId, u64), usize> = BTreeMap::new();
        for page in history.pages.values() {
            *hours.entry((page.ordered.person, page.moment.0 / 3_600_000_000)).or_default() += 1;
        }
        if let Some(count) = hours.values().find(|count| **count > PAGES_PER_PERSON_AND_HOUR_MAX) {
            return Err(format!("{} pages one person {count} times in an hour", history.alert));
        }
    }
    if evidence.letters_max > LETTERS_MAX {
        return Err(format!("{} letters waited at once", evidence.letters_max));
    }
    Ok(())
}

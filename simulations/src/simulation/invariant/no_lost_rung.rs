//! 4, no lost rung: an attempt whose outcome is unknown is tried again, never written off; and what counts as accepted
//! was accepted.

use std::collections::BTreeMap;

use domain::alert::limit::{ATTEMPT_TIMEOUT, RETRIES_PER_SEND_MAX, RETRY_WAIT_MAX};
use events::event::outcome::Outcome;

use super::{Found, GRACE, drift};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Attempt, Evidence, History, pages_of};
use crate::simulation::provider::Call;

/// The end.
pub fn at_end(evidence: &Evidence, calls: &[Call], end: Moment) -> Found {
    for history in evidence.histories.values() {
        for attempt in history.attempts.values() {
            ended_truly(evidence, history, attempt, calls, end)?;
            tried_again(evidence, history, attempt, end)?;
        }
    }
    Ok(())
}

fn ended_truly(
    evidence: &Evidence,
    history: &History,
    attempt: &Attempt,
    calls: &[Call],
    end: Moment,
) -> Found {
    let (alert, number) = (history.alert, attempt.started.attempt);
    match attempt.ended {
        // It comes again: see `paced`.
        None if attempt.held.is_some() => {}
        None => {
            let overdue = attempt.moment.after(ATTEMPT_TIMEOUT).after(drift(ATTEMPT_TIMEOUT));
            if evidence.able(overdue, end) > GRACE {
                return Err(format!(
                    "attempt {number} of {alert} began at {:?} and never ended",
                    attempt.moment
                ));
            }
        }
        Some((Outcome::Accepted, _)) if !pages_of(calls, alert, number).any(|call| call.is_granted) => {
            return Err(format!(
                "attempt {number} of {alert} counts as accepted, and no provider accepted it"
            ));
        }
        Some(_) => {}
    }
    Ok(())
}

fn tried_again(evidence: &Evidence, history: &History, attempt: &Attempt, end: Moment) -> Found {
    let Some((Outcome::Unknown(_), ended)) = attempt.ended else { return Ok(()) };
    let started = &attempt.started;
    let tries = history.tries(started.page, started.rung, started.send);
    let mut counts: BTreeMap<_, u32> = BTreeMap::new();
    let (mut is_later, mut has_arrived) = (false, false);
    for other in tries {
        *counts.entry(&other.started.via).or_default() += u32::from(other.held.is_none());
        is_later |= other.started.attempt > started.attempt;
        // Its provider told in the end what became of this try or of one before it.
        has_arrived |= !other.statuses.is_empty();
    }
    let stopped = history.pages.get(&started.page).and_then(|page| page.stopped).unwrap_or(end);
    let longest = RETRY_WAIT_MAX.times(5);
    let due = ended.after(longest);
    // Its contact was given up: sends over each of its providers were refused, or did not arrive.
    let is_given_up = history.is_given_up(started.page, started.rung);
    let is_excused = is_later
        || is_given_up
        // Each round of retries goes to every provider that has not refused.
        || counts.values().any(|count| *count > RETRIES_PER_SEND_MAX)
        || has_arrived
        // The next send came before the retry was due, and is worth more.
        || history.attempts.values().any(|other| {
            let other = &other.started;
            let is_next = other.rung == started.rung && other.send > started.send;
            // One that says how late it is stands for all before it.
            let is_late = other.late.is_some() && other.attempt > started.attempt;
            other.page == started.page && (is_next || is_late)
        });
    if !is_excused && evidence.able(due, stopped) > GRACE {
        let id = started.attempt;
        return Err(format!("attempt {id} of {} ended as unknown and was not tried again", history.alert));
    }
    Ok(())
}

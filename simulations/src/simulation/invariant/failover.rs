//! 4 where several providers reach one address: what one of them does not take is tried over the next at once, what none
//! of them reports on counts as not arrived, and whoever can be reached over two providers is reached although one of
//! them is unplugged.

use std::collections::BTreeSet;

use domain::alert::limit::ATTEMPT_TIMEOUT;
use events::event::alert::AlertEvent;
use events::event::outcome::{DeliveryStatus, Outcome, Reason};
use events::{ChannelId, Span};

use super::{Found, GRACE, drift};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Attempt, Evidence, Fact, History, Page};
use crate::simulation::provider::{Call, REPORTS_WITHIN};

/// An attempt began: it goes over a provider that reaches its address and has not refused it.
pub fn append(history: &History, fact: &Fact) -> Found {
    let AlertEvent::AttemptStarted(started) = &fact.event else { return Ok(()) };
    let (alert, number) = (history.alert, started.attempt);
    let Some(rung) = history.rung(started.page, started.rung) else { return Ok(()) };
    match &started.via {
        Some(via) if rung.providers.contains(via) => {}
        via => {
            return Err(format!(
                "attempt {number} of {alert} goes over {via:?}, and not {:?}",
                rung.providers
            ));
        }
    }
    let same = |other: &&Attempt| {
        let other = &other.started;
        (other.page, other.rung, &other.via) == (started.page, started.rung, &started.via)
    };
    match history.attempts.values().filter(same).find(|other| other.is_refused()) {
        None => Ok(()),
        Some(other) => {
            let refused = other.started.attempt;
            Err(format!("attempt {number} of {alert} goes the way on which attempt {refused} was refused"))
        }
    }
}

/// The end. `unplugged` is the only provider that did not always work, where there is one.
pub fn at_end(evidence: &Evidence, calls: &[Call], unplugged: Option<&str>, end: Moment) -> Found {
    for history in evidence.histories.values() {
        for attempt in history.attempts.values() {
            let stopped = history.pages.get(&attempt.started.page).and_then(|page| page.stopped);
            let until = stopped.unwrap_or(end);
            is_followed(evidence, history, attempt, until)?;
            is_missed(evidence, history, attempt, until)?;
        }
        for page in history.pages.values() {
            if let Some(unplugged) = unplugged {
                is_reached(evidence, calls, history, page, &unplugged.into(), page.stopped.unwrap_or(end))?;
            }
        }
    }
    Ok(())
}

/// What one provider did not take is tried over another that was not tried yet, at once.
fn is_followed(evidence: &Evidence, history: &History, attempt: &Attempt, stopped: Moment) -> Found {
    let started = &attempt.started;
    let (Some((outcome, ended)), Some(rung)) = (attempt.ended, history.rung(started.page, started.rung))
    else {
        return Ok(());
    };
    let tries = || history.tries(started.page, started.rung, started.send);
    if outcome == Outcome::Accepted || tries().any(|other| !other.statuses.is_empty()) {
        return Ok(());
    }
    let before = tries().filter(|other| other.started.attempt <= started.attempt).map(via);
    let of_rung = history
        .attempts
        .values()
        .filter(|other| (other.started.page, other.started.rung) == (started.page, started.rung));
    let refused = of_rung.clone().filter(|other| other.is_refused()).map(via);
    let passed: BTreeSet<_> = before.chain(refused).collect();
    if rung.providers.iter().all(|provider| passed.contains(&Some(provider))) {
        return Ok(());
    }
    // Carriers' limits may put the next one off; invariant 13 sees that it comes.
    if of_rung.clone().any(|other| other.held.is_some()) {
        return Ok(());
    }
    // The next try of the send, the next send, or one that stands for all that were late.
    let is_next = |other: &&Attempt| other.started.attempt > started.attempt;
    let late = history
        .attempts
        .values()
        .filter(|other| other.started.page == started.page && other.started.late.is_some());
    let next = of_rung.filter(is_next).chain(late.filter(is_next)).map(|next| next.moment).min();
    if evidence.able(ended, next.unwrap_or(stopped).min(stopped)) > GRACE {
        let number = started.attempt;
        return Err(format!(
            "attempt {number} of {} was not followed by one over another provider",
            history.alert
        ));
    }
    Ok(())
}

fn via(attempt: &Attempt) -> Option<&ChannelId> {
    attempt.started.via.as_ref()
}

/// What was taken by a provider that promised a report, and was not reported, counts as not arrived.
fn is_missed(evidence: &Evidence, history: &History, attempt: &Attempt, stopped: Moment) -> Found {
    let Some(due) = attempt.report_due.filter(|_| attempt.overdue.is_none()) else { return Ok(()) };
    let is_settled = attempt.statuses.iter().any(|status| *status >= DeliveryStatus::Undelivered);
    let is_taken = matches!(attempt.ended, Some((Outcome::Accepted, _)));
    let due = due.after(drift(REPORTS_WITHIN));
    if is_taken && !is_settled && evidence.able(due, stopped) > GRACE {
        let number = attempt.started.attempt;
        return Err(format!("nobody missed the report on attempt {number} of {}", history.alert));
    }
    Ok(())
}

/// Whoever is paged over two providers is reached over one that works: at once over the next of the same rung, or by the
/// time of a rung that has another.
fn is_reached(
    evidence: &Evidence,
    calls: &[Call],
    history: &History,
    page: &Page,
    unplugged: &ChannelId,
    stopped: Moment,
) -> Found {
    let within = |rung: &events::event::alert::PageRung| {
        let has_other = rung.providers.iter().any(|provider| provider != unplugged);
        let loses =
            if rung.providers.contains(unplugged) { REPORTS_WITHIN + ATTEMPT_TIMEOUT } else { Span::ZERO };
        has_other.then(|| rung.after + loses)
    };
    let Some(within) = page.ordered.ladder.iter().filter_map(within).min() else { return Ok(()) };
    // What waited too long in the house's own queue went to the unplugged one next; the fallback comes again.
    let has_expired = |attempt: &Attempt| {
        matches!(attempt.ended, Some((Outcome::Failed { reason: Reason::Expired, .. }, _)))
    };
    if history.attempts.values().any(has_expired) {
        return Ok(());
    }
    // Carriers' limits may put a page off, or several go out in one message; invariant 13 sees that they come.
    if history.attempts.values().any(|attempt| attempt.held.is_some()) {
        return Ok(());
    }
    // A storm of texts waits for its turn.
    let within = within + drift(within) + GRACE + GRACE;
    let number = page.ordered.page;
    let taken = calls.iter().filter(|call| call.is_taken && !call.is_recall);
    let taken = taken.filter(|call| call.attempt.alert == history.alert && call.attempt.page == number);
    let until = taken.map(|call| call.moment).min().unwrap_or(stopped).min(stopped);
    if evidence.able(page.moment, until) > within {
        return Err(format!("page {number} of {} reached nobody: {unplugged} is unplugged", history.alert));
    }
    Ok(())
}

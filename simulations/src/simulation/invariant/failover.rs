//! 4 where several providers reach one address: what one of them does not take is tried over the next at once, what none
//! of them reports on counts as not arrived, those that had only failed are tried again when the last one did not
//! deliver, and whoever can be reached over two providers is reached although one of them is unplugged.

use std::collections::BTreeSet;

use domain::alert::limit::{ATTEMPT_TIMEOUT, RETRIES_PER_SEND_MAX, RETRY_WAIT_MAX};
use events::event::alert::{AlertEvent, PageRung};
use events::event::outcome::{DeliveryStatus, Outcome, Reason};
use events::{AttemptId, ChannelId, Span};

use super::{Found, GRACE, drift};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Attempt, Evidence, Fact, History, Page};
use crate::simulation::provider::{Call, Providers, REPORTS_WITHIN};

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

/// The end.
pub fn at_end(evidence: &Evidence, calls: &[Call], providers: &Providers, end: Moment) -> Found {
    for history in evidence.histories.values() {
        for attempt in history.attempts.values() {
            let stopped = history.pages.get(&attempt.started.page).and_then(|page| page.stopped);
            let until = stopped.unwrap_or(end);
            is_followed(evidence, history, attempt, until)?;
            is_missed(evidence, history, attempt, until)?;
            is_begun_again(evidence, history, attempt, until)?;
        }
        for page in history.pages.values() {
            if let Some(unplugged) = providers.only_fault() {
                is_reached(evidence, calls, history, page, (&unplugged.into(), providers), end)?;
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
    let refused = of_rung.filter(|other| other.is_refused()).map(via);
    let passed: BTreeSet<_> = before.chain(refused).collect();
    if rung.providers.iter().all(|provider| passed.contains(&Some(provider))) {
        return Ok(());
    }
    if evidence.able(ended, next(history, attempt).unwrap_or(stopped).min(stopped)) > GRACE {
        let number = started.attempt;
        return Err(format!(
            "attempt {number} of {} was not followed by one over another provider",
            history.alert
        ));
    }
    Ok(())
}

/// When the next one after an attempt began: the next try of the send, the next send, or one that stands for all that were
/// late.
fn next(history: &History, attempt: &Attempt) -> Option<Moment> {
    let started = &attempt.started;
    let stands_for_it = |other: &&Attempt| {
        let (other, is_later) = (&other.started, other.started.attempt > started.attempt);
        is_later && other.page == started.page && (other.rung == started.rung || other.late.is_some())
    };
    history.attempts.values().filter(stands_for_it).map(|next| next.began).min()
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

/// When the last one of a send did not deliver what it took, those that did not take it, or may not have, are tried again
/// soon.
fn is_begun_again(evidence: &Evidence, history: &History, attempt: &Attempt, stopped: Moment) -> Found {
    let started = &attempt.started;
    let (Some(missed), Some(rung)) = (attempt.missed, history.rung(started.page, started.rung)) else {
        return Ok(());
    };
    let tries = || history.tries(started.page, started.rung, started.send);
    let has_arrived =
        tries().any(|other| other.statuses.iter().any(|status| *status > DeliveryStatus::Undelivered));
    let of =
        |provider: &ChannelId| -> Vec<_> { tries().filter(|other| via(other) == Some(provider)).collect() };
    let is_refused = |provider: &ChannelId| {
        let of_rung = |other: &&Attempt| {
            (other.started.page, other.started.rung, via(other))
                == (started.page, started.rung, Some(provider))
        };
        history.attempts.values().filter(of_rung).any(Attempt::is_refused)
    };
    let let_down = |provider: &ChannelId| {
        let last = of(provider).into_iter().max_by_key(|other| other.started.attempt);
        last.is_some_and(|last| last.missed.is_some_and(|moment| moment <= missed))
    };
    let has_hope = rung.providers.iter().any(|provider| !is_refused(provider) && !let_down(provider));
    let many = usize::try_from(RETRIES_PER_SEND_MAX).unwrap_or(usize::MAX);
    let were_many = rung.providers.iter().any(|provider| of(provider).len() > many);
    if has_arrived || !has_hope || were_many {
        return Ok(());
    }
    let within = RETRY_MAX + drift(RETRY_MAX) + GRACE;
    if evidence.able(missed, next(history, attempt).unwrap_or(stopped).min(stopped)) > within {
        return Err(format!(
            "attempt {} of {} did not arrive, and nobody who had not taken it was tried again",
            started.attempt, history.alert
        ));
    }
    Ok(())
}

/// The longest wait before a round, with its spread.
const RETRY_MAX: Span = Span::from_micros(RETRY_WAIT_MAX.as_micros() / 4 * 5);

/// What one round may cost when the provider that works comes last in it.
const ROUND_MAX: Span = Span::from_micros(REPORTS_WITHIN.as_micros() + ATTEMPT_TIMEOUT.as_micros());

/// Whoever is paged over two providers is reached over one that works: at once over the next of the same rung, or by the
/// time of a rung that has another. What carriers' limits put off, and what waited too long in the house's own queue, is
/// as if it began then.
fn is_reached(
    evidence: &Evidence,
    calls: &[Call],
    history: &History,
    page: &Page,
    (unplugged, providers): (&ChannelId, &Providers),
    end: Moment,
) -> Found {
    let number = page.ordered.page;
    let is_dead = |place: u32, rung: &PageRung| {
        let address = evidence.address(history.alert, number, place);
        providers.dead().is_some_and(|(kind, dead)| *kind == rung.channel && address.as_ref() == Some(dead))
    };
    let within = |(place, rung): (u32, &PageRung)| {
        let has_other = rung.providers.iter().any(|provider| provider != unplugged);
        let loses = if rung.providers.contains(unplugged) { ROUND_MAX } else { Span::ZERO };
        (has_other && !is_dead(place, rung)).then(|| rung.after + loses)
    };
    let Some(mut within) = (1..).zip(&page.ordered.ladder).filter_map(within).min() else { return Ok(()) };
    let is_it = |id: &AttemptId| id.alert == history.alert && id.page == number;
    let taken = calls.iter().filter(|call| call.is_taken && !call.is_recall);
    let taken = taken.filter(|call| is_it(&call.attempt) || call.with.iter().any(is_it));
    let stopped = page.stopped.unwrap_or(end);
    let until = taken.map(|call| call.moment).min().unwrap_or(stopped).min(stopped);
    let mut from = page.moment;
    for attempt in history.attempts.values().filter(|attempt| attempt.started.page == number) {
        let Some((begin, over)) = hindrance(attempt).filter(|(begin, _)| *begin < until) else { continue };
        // A storm of texts waits for its turn.
        if evidence.able(from, begin) > within + drift(within) + GRACE + GRACE {
            break;
        }
        within = within.max(RETRY_MAX + ROUND_MAX);
        from = from.max(over);
    }
    if evidence.able(from, until) > within + drift(within) + GRACE + GRACE {
        return Err(format!("page {number} of {} reached nobody: {unplugged} is unplugged", history.alert));
    }
    Ok(())
}

/// From when to when nobody but the house kept an attempt from being sent.
fn hindrance(attempt: &Attempt) -> Option<(Moment, Moment)> {
    let put_off = attempt.held.map(|(_, due)| (attempt.began, due));
    let expired = match attempt.ended {
        Some((Outcome::Failed { reason: Reason::Expired, .. }, ended)) => Some((attempt.began, ended)),
        _ => None,
    };
    put_off.or(expired)
}

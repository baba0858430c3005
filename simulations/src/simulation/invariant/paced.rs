//! 13, paced: no number gets more over one provider than carriers let through, the first page to one never waits, and
//! what was put off comes.

use adapters::boot::pace::usual;
use domain::alert::limit::HELD_MAX;
use events::event::alert::AlertEvent;
use events::event::outcome::{DeliveryStatus, Outcome, Reason};
use events::{AlertId, AttemptId, Timestamp};

use super::{Found, GRACE, drift};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Attempt, Evidence, Fact, History, Page};
use crate::simulation::provider::Call;

/// A provider is called.
pub fn call(evidence: &Evidence, calls: &[Call], call: &Call) -> Found {
    let limits = usual(call.channel);
    if call.is_recall || limits.is_empty() {
        return Ok(());
    }
    // Each provider keeps to them alone, so that what goes to the next one never waits.
    let to_number = |other: &&Call| {
        (other.provider, &other.address) == (call.provider, &call.address) && !other.is_recall
    };
    let before = calls.iter().rev().skip(1).filter(to_number);
    let counted: Vec<&Call> = before
        .take_while(|other| call.moment.since(other.moment) <= HELD_MAX)
        .filter(|other| counts(evidence, other, call))
        .collect();
    for limit in limits {
        let Some(earlier) = usize::try_from(limit.count).ok().and_then(|count| counted.get(count - 1)) else {
            continue;
        };
        // The house goes by its own clock, which may be set meanwhile.
        if call.moment.since(earlier.moment) < limit.span && call.at.since(earlier.at) < limit.span {
            return Err(format!(
                "{} goes to {} {:?} after {}, and {} in {:?} are let through",
                call.attempt,
                call.address,
                call.moment.since(earlier.moment),
                earlier.attempt,
                limit.count,
                limit.span
            ));
        }
    }
    Ok(())
}

/// True when the house has to count an earlier call: it was not told that nothing was sent, and its own end did not
/// keep it from knowing.
fn counts(evidence: &Evidence, earlier: &Call, call: &Call) -> bool {
    let attempt = |id: AttemptId| {
        let history = evidence.histories.get(&id.alert)?;
        let attempt = history.attempts.get(&id.attempt)?;
        Some((history.pages.get(&attempt.started.page)?, attempt))
    };
    let (Some((page, before)), Some((_, now))) = (attempt(earlier.attempt), attempt(call.attempt)) else {
        return false;
    };
    if earlier.is_unspent {
        return false;
    }
    if before.started.boot == now.started.boot {
        return true;
    }
    // A start finds addresses by the people who have them now.
    let has_it = evidence.reference.always(earlier.moment, |settings| {
        settings.person(page.ordered.person).is_some_and(|person| {
            person.contacts.values().any(|contact| contact.address.open() == Some(&earlier.address))
        })
    });
    let was_heard = !matches!(before.ended, None | Some((Outcome::Unknown(Reason::Interrupted), _)));
    has_it && was_heard
}

/// Something happened to an alert: nothing is put off but behind something else that goes to the same number.
pub fn append(evidence: &Evidence, calls: &[Call], alert: AlertId, fact: &Fact) -> Found {
    let AlertEvent::AttemptHeld(held) = &fact.event else { return Ok(()) };
    let Some(history) = evidence.histories.get(&alert) else { return Ok(()) };
    let Some(attempt) = history.attempts.get(&held.attempt) else {
        return Err(format!("attempt {} of {alert} is put off and never began", held.attempt));
    };
    let started = &attempt.started;
    let Some(address) = evidence.address(alert, started.page, started.rung) else { return Ok(()) };
    let is_recent =
        |call: &&Call| fact.moment.since(call.moment) <= HELD_MAX || fact.at.since(call.at) <= HELD_MAX;
    let mut before = calls.iter().rev().filter(is_recent);
    let is_behind_call = before.any(|call| call.address == address);
    // What waits for a place in the channel counts as well.
    let waits = |(id, other): (&AlertId, &Attempt)| {
        let is_itself = *id == alert && other.started.attempt == held.attempt;
        let is_under_way = other.ended.is_none() && other.held.is_none();
        is_under_way
            && !is_itself
            && evidence.address(*id, other.started.page, other.started.rung).as_ref() == Some(&address)
    };
    let mut all = evidence
        .histories
        .iter()
        .flat_map(|(id, history)| history.attempts.values().map(move |attempt| (id, attempt)));
    if is_behind_call || all.any(waits) {
        return Ok(());
    }
    Err(format!("attempt {} of {alert} is put off, and nothing went to {address} before", held.attempt))
}

/// The end: what was put off came, unless somebody had it or it was worth nothing any more.
pub fn at_end(evidence: &Evidence, end: Moment, end_at: Timestamp) -> Found {
    for history in evidence.histories.values() {
        for attempt in history.attempts.values() {
            let page = history.pages.get(&attempt.started.page);
            if let (Some((until, due)), Some(page)) = (attempt.held, page) {
                came(evidence, history, page, attempt, (until, due), (end, end_at))?;
            }
        }
    }
    Ok(())
}

fn came(
    evidence: &Evidence,
    history: &History,
    page: &Page,
    held: &Attempt,
    (until, due): (Timestamp, Moment),
    (end, end_at): (Moment, Timestamp),
) -> Found {
    let started = &held.started;
    let stopped = page.stopped.unwrap_or(end);
    let stopped_at = page.stopped_at.unwrap_or(end_at);
    // Another try of it, a later send of its rung, or one that says how late it is and stands for all before it; or
    // its contact was given up.
    let stands_for_it = |other: &Attempt| {
        let is_later = other.started.attempt > started.attempt;
        let is_same = other.started.rung == started.rung;
        let is_given_up = matches!(other.ended, Some((Outcome::Refused(_), _)))
            || other.statuses.contains(&DeliveryStatus::Undelivered);
        // Its provider told in the end what became of an earlier try.
        let is_found = other.started.send == started.send && !other.statuses.is_empty();
        other.started.page == started.page
            && (is_later && (is_same || other.started.late.is_some())
                || is_same && (is_given_up || is_found || other.started.send > started.send))
    };
    if history.attempts.values().any(stands_for_it) || stopped_at.since(until) <= GRACE {
        return Ok(());
    }
    let due = due.after(drift(due.since(held.moment)));
    if evidence.able(due, stopped) > GRACE {
        let number = started.attempt;
        return Err(format!(
            "attempt {number} of {} was put off until {due:?} and did not come",
            history.alert
        ));
    }
    Ok(())
}

//! 3, nobody forgets: every open, unacknowledged alert has a deadline; once faults stop, it is acknowledged, resolved,
//! or has reached its fallback within its policy's bound.

use std::collections::BTreeMap;

use events::event::alert::AlertEvent;
use events::event::outcome::Outcome;
use events::{AttemptId, Span};

use super::{Found, GRACE, drift};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Evidence, Fact, History, Stand};
use crate::simulation::provider::Ringing;

/// A provider that had not answered for long is asked again within two minutes.
const ASKED_WITHIN: Span = Span::from_seconds(180);

/// Nothing is under way, and the house can do what it wants: it must know when each alert is due.
pub fn at_rest(evidence: &Evidence, index: &actors::switchboard::Index) -> Found {
    for history in evidence.histories.values().filter(|history| history.is_open()) {
        let standing = index.standing(history.alert);
        if standing.is_none_or(|standing| standing.deadline.is_none()) && !index.is_quarantined(history.alert)
        {
            return Err(format!("{} is open and has no deadline: {standing:?}", history.alert));
        }
    }
    Ok(())
}

/// The end. Since `calm`, everything worked.
pub fn at_end(evidence: &Evidence, calm: Moment, end: Moment) -> Found {
    for history in evidence.histories.values() {
        step_in_time(evidence, history, end)?;
        // What is no problem has no policy, and ends by itself.
        if history.is_open() && !history.is_fallback && history.assignment.is_some() {
            let bound = bound(evidence, history);
            let since = history.began.max(calm);
            if since.after(bound + drift(bound)) < end {
                let step = history.step;
                return Err(format!(
                    "{} stands at {step:?} since {since:?}, longer than its policy takes",
                    history.alert
                ));
            }
        }
    }
    Ok(())
}

/// The end. Whoever acknowledged in an app since `calm` has it: the house was called, or has asked.
pub fn taps(evidence: &Evidence, ringing: &BTreeMap<AttemptId, Ringing>, calm: Moment, end: Moment) -> Found {
    for rings in ringing.values() {
        let Some(tapped) = rings.tapped.filter(|tapped| *tapped > calm) else { continue };
        let Some(history) = evidence.histories.get(&rings.attempt.alert) else { continue };
        let Some(attempt) = history.attempts.get(&rings.attempt.attempt) else { continue };
        // Where the answer was lost there is no receipt to ask about.
        let is_known = matches!(attempt.ended, Some((Outcome::Accepted, ended)) if ended < tapped);
        let is_moot = !history.is_open() || history.began > tapped || attempt.recalls > 0;
        let is_heard = |fact: &Fact| {
            fact.moment > tapped
                && matches!(fact.event, AlertEvent::Acknowledged { .. } | AlertEvent::Joined { .. })
        };
        if is_known
            && !is_moot
            && !history.facts.iter().any(is_heard)
            && evidence.able(tapped, rings.until.min(end)) > ASKED_WITHIN
        {
            return Err(format!(
                "{} was acknowledged in the app at {tapped:?}, and nobody heard",
                rings.attempt
            ));
        }
    }
    Ok(())
}

/// What was due has happened.
fn step_in_time(evidence: &Evidence, history: &History, end: Moment) -> Found {
    let due = match history.stand {
        Stand::Open(due) | Stand::Acknowledged(due) => due,
        Stand::Held(due) => Some(due),
        Stand::Resolved => None,
    };
    let Some(due) = due else { return Ok(()) };
    let due = due.after(drift(due.since(history.since)));
    if evidence.able(due, end) > GRACE {
        return Err(format!("{} was due at {due:?} and stands still: {:?}", history.alert, history.stand));
    }
    Ok(())
}

/// How long the policy takes from its first step to its fallback.
fn bound(evidence: &Evidence, history: &History) -> Span {
    let settings = evidence.reference.last();
    let policy = history.assignment.as_ref().and_then(|assignment| settings.policy(assignment).cloned());
    let waits = policy.map_or(Span::ZERO, |policy| {
        let once = policy.steps.iter().fold(Span::ZERO, |sum, step| sum + step.wait);
        once.times(u64::from(policy.repeat) + 1)
    });
    // The step that it stood in when things calmed down may be a longer one of an earlier policy.
    waits + Span::from_minutes(20) + GRACE
}

//! 6, ack stops: no attempt starts after an acknowledgement until it lapses or the alert is raised again; and what
//! rings by itself is stopped.

use std::collections::BTreeMap;

use events::AttemptId;
use events::event::alert::AlertEvent;

use super::{Found, GRACE};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Evidence, Fact, History};
use crate::simulation::provider::Ringing;

/// Something happened to an alert that stands as `history` says.
pub fn append(history: &History, fact: &Fact) -> Found {
    match &fact.event {
        AlertEvent::AttemptStarted(started) if !history.is_open() => Err(format!(
            "attempt {} of {} began although it is {:?}",
            started.attempt, history.alert, history.stand
        )),
        _ => Ok(()),
    }
}

/// The end.
pub fn at_end(evidence: &Evidence, ringing: &BTreeMap<AttemptId, Ringing>, end: Moment) -> Found {
    for rings in ringing.values().filter(|rings| rings.stopped.is_none()) {
        let Some(history) = evidence.histories.get(&rings.attempt.alert) else { continue };
        let Some(attempt) = history.attempts.get(&rings.attempt.attempt) else { continue };
        let Some((_, ended)) = attempt.ended.filter(|_| !history.is_open() && attempt.recalls == 0) else {
            continue;
        };
        // When the wall clock was set forth while the house was down, the house thinks that it has rung long enough.
        let facts = history.facts.iter().filter(|fact| fact.moment >= history.since.max(ended));
        if facts.map(|fact| fact.at).min().is_none_or(|at| at + GRACE >= rings.until_at) {
            continue;
        }
        let quiet = history.since.max(ended);
        let until = rings.until.min(end);
        if evidence.able(quiet, until) > GRACE {
            return Err(format!("{} rings on, although somebody has it since {quiet:?}", rings.attempt));
        }
    }
    Ok(())
}

//! 1, durable: what was answered 2xx is in the log, or is a repeat that changes nothing. A changed severity always
//! changes something.

use actors::alert::Done;
use events::SymptomId;
use events::event::alert::AlertEvent;
use events::event::signal::{Signal, Status};

use super::Found;
use crate::simulation::evidence::{Evidence, History, Stand};

/// A source was told that its signal is taken.
pub fn signal(evidence: &Evidence, symptom: SymptomId, signal: &Signal, done: &Done) -> Found {
    // The end of what never began, or a firing that comes after its end: `conserved` looks whether that is true.
    let Some(alert) = done.alert else { return Ok(()) };
    let Some(history) = evidence.histories.get(&alert) else {
        return Err(format!("a signal of {alert} was taken and is not in the log"));
    };
    if let Some(position) = done.position {
        let stands = history.facts.iter().any(|fact| fact.position == position);
        return if stands {
            Ok(())
        } else {
            Err(format!("{alert} has no record at {position}, where its signal should be"))
        };
    }
    let one = history.problems.iter().find(|(_, problem)| problem.symptom == symptom);
    match signal.status {
        Status::Resolved
            if history.stand != Stand::Resolved
                && one.is_none_or(|(_, problem)| problem.over.is_none())
                && (one.is_some() || symptom == alert.symptom) =>
        {
            Err(format!("{alert} was said to be over and is not"))
        }
        // It came too late to be news.
        Status::Firing if evidence.was_over(symptom, signal.started_at) => Ok(()),
        // Between the decision and the answer it may have been resolved or changed by the next signal.
        Status::Firing if !was_ever(history, one.map(|(number, _)| *number), signal) => Err(format!(
            "{alert} was said to be {} and is {}",
            signal.severity.as_str(),
            history.severity.as_str()
        )),
        Status::Firing | Status::Resolved => Ok(()),
    }
}

/// True when the alert, or the problem of it with this number, was ever as bad as this.
fn was_ever(history: &History, number: Option<u32>, signal: &Signal) -> bool {
    history.facts.iter().any(|fact| {
        let severity = match &fact.event {
            AlertEvent::Raised(raised) if number.is_none_or(|number| number == 1) => raised.severity,
            AlertEvent::SeverityChanged { severity } => *severity,
            AlertEvent::SymptomJoined(joined) if Some(joined.symptom) == number => joined.severity,
            AlertEvent::SymptomChanged { symptom, severity } if Some(*symptom) == number => *severity,
            _ => return false,
        };
        severity == signal.severity
    })
}

/// Somebody was told that what they asked of an alert is done.
pub fn order(evidence: &Evidence, done: &Done) -> Found {
    let Some(alert) = done.alert else { return Err("an order was done to no alert".to_owned()) };
    let Some(position) = done.position else { return Ok(()) };
    let history = evidence.histories.get(&alert);
    let stands = history.is_some_and(|history| history.facts.iter().any(|fact| fact.position == position));
    if stands {
        Ok(())
    } else {
        Err(format!("{alert} has no record at {position}, where the order should be"))
    }
}

/// Somebody was told that they have an alert.
pub fn acknowledgement(evidence: &Evidence, done: &Done, by: &events::Author) -> Found {
    order(evidence, done)?;
    let history = done.alert.and_then(|alert| evidence.histories.get(&alert));
    let is_written = history.is_some_and(|history| {
        history
            .facts
            .iter()
            .any(|fact| matches!(&fact.event, AlertEvent::Acknowledged { by: who, .. } if who == by))
    });
    if is_written {
        Ok(())
    } else {
        Err(format!("{by} was told that they have the alert, and it is not in the log"))
    }
}

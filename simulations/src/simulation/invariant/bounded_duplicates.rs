//! 5, bounded duplicates: one planned send is tried again only when the try before it may not have arrived; one that
//! may have arrived makes the next say that it is a repeat, and nothing else does.

use events::event::alert::AlertEvent;
use events::event::outcome::{DeliveryStatus, Outcome};

use super::Found;
use crate::simulation::evidence::{Fact, History, pages_of};
use crate::simulation::provider::Call;

/// An attempt began.
pub fn append(history: &History, fact: &Fact) -> Found {
    let AlertEvent::AttemptStarted(started) = &fact.event else { return Ok(()) };
    let (alert, number) = (history.alert, started.attempt);
    let mut may_have_arrived = false;
    for other in history.tries(started.page, started.rung, started.send) {
        if other.started.attempt >= number {
            continue;
        }
        match other.ended {
            // Nothing was sent.
            None if other.held.is_some() => {}
            None => {
                return Err(format!(
                    "attempt {number} of {alert} began while one of the same send was under way"
                ));
            }
            Some((Outcome::Accepted, _)) if !other.statuses.contains(&DeliveryStatus::Undelivered) => {
                return Err(format!("attempt {number} of {alert} sends again what was accepted"));
            }
            Some((Outcome::Unknown(_), _)) => may_have_arrived = true,
            Some(_) => {}
        }
    }
    if may_have_arrived != started.repeat {
        let says = if started.repeat { "says" } else { "does not say" };
        return Err(format!("attempt {number} of {alert} {says} that it is a repeat"));
    }
    Ok(())
}

/// A provider is called.
pub fn call(calls: &[Call], call: &Call) -> Found {
    for id in std::iter::once(&call.attempt).chain(&call.with).filter(|_| !call.is_recall) {
        if pages_of(calls, id.alert, id.attempt).count() > 1 {
            return Err(format!("{id} was sent twice"));
        }
    }
    Ok(())
}

/// A provider is called with this text, which must say so when it is a repeat.
/// Of several that go out together only the worst are named, and one that is not named is not called a repeat.
pub fn words(call: &Call, labels: &[String], is_any_repeat: bool) -> Found {
    let Some(text) = &call.text else { return Ok(()) };
    let says = labels.iter().any(|label| text.contains(label.as_str()));
    if says == call.is_repeat || says && is_any_repeat {
        Ok(())
    } else {
        Err(format!("{} is a repeat: {}, and says: {text}", call.attempt, call.is_repeat))
    }
}

//! 2, intent first: no provider is called without a durable attempt that is still under way, for that address.

use events::AttemptId;

use super::Found;
use crate::simulation::evidence::Evidence;
use crate::simulation::provider::Call;

/// A provider is called, for one attempt or for several.
pub fn call(evidence: &Evidence, call: &Call) -> Found {
    let mut all = std::iter::once(call.attempt).chain(call.with.iter().copied());
    all.try_for_each(|id| call_for(evidence, call, id))
}

fn call_for(evidence: &Evidence, call: &Call, id: AttemptId) -> Found {
    let history = evidence.histories.get(&id.alert);
    let attempt = history.and_then(|history| history.attempts.get(&id.attempt));
    let (Some(history), Some(attempt)) = (history, attempt) else {
        return Err(format!("a provider is called for {id}, of which nothing is in the log"));
    };
    if call.is_recall {
        return if attempt.is_recalling {
            Ok(())
        } else {
            Err(format!("{id} is recalled, and the log says nothing of it"))
        };
    }
    if let Some((outcome, _)) = attempt.ended {
        return Err(format!("a provider is called for {id}, which has ended already: {outcome:?}"));
    }
    if attempt.held.is_some() {
        return Err(format!("a provider is called for {id}, which was put off"));
    }
    let rung = usize::try_from(attempt.started.rung).unwrap_or_default().saturating_sub(1);
    let ladder = history.pages.get(&attempt.started.page).map(|page| &page.ordered.ladder);
    if ladder.and_then(|ladder| ladder.get(rung)).is_some_and(|rung| rung.channel != call.channel) {
        return Err(format!("{id} goes over {:?}, which is not its rung's channel", call.channel));
    }
    let dialled = evidence.address(id.alert, attempt.started.page, attempt.started.rung);
    match dialled {
        Some(address) if address != call.address => {
            Err(format!("{id} goes to {}, and its rung says {address}", call.address))
        }
        _ => Ok(()),
    }
}

//! 10, conserved: every accepted signal is accounted for: it raised an alert that is paged, held, taken or over, or
//! that has nobody to page, which the operators were told; it joined a named alert; or it came too late to be news.

use events::event::signal::Status;

use super::{Found, GRACE};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Accepted, Evidence, History};

/// The end.
pub fn at_end(evidence: &Evidence, end: Moment) -> Found {
    for accepted in evidence.accepted.iter().filter(|accepted| accepted.status == Status::Firing) {
        match accepted.alert.map(|alert| (alert, evidence.histories.get(&alert))) {
            Some((_, Some(history))) => is_paged(evidence, history, end)?,
            None if is_late(evidence, accepted) => {}
            None => return Err("a firing signal was accepted and belongs to no alert".to_owned()),
            Some((alert, None)) => {
                return Err(format!("a signal of {alert} was accepted, and there is no such alert"));
            }
        }
    }
    Ok(())
}

fn is_paged(evidence: &Evidence, history: &History, end: Moment) -> Found {
    let is_accounted = !history.pages.is_empty()
        || !history.is_open()
        || evidence.nobody_to_page.contains(&history.alert)
        || evidence.able(history.began, end) <= GRACE;
    if is_accounted { Ok(()) } else { Err(format!("{} is open, and nobody was ever paged", history.alert)) }
}

/// True when the symptom was over already, with a problem that had not begun earlier than this one.
fn is_late(evidence: &Evidence, accepted: &Accepted) -> bool {
    evidence.was_over(accepted.symptom, accepted.started_at)
}

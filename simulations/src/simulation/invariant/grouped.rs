//! 14, grouped: a problem joins an alert only while it may, an alert is over only when all its problems are, and whoever
//! has it hears that it got worse.

use domain::alert::limit::SYMPTOMS_MAX;
use events::Author;
use events::event::alert::AlertEvent;

use super::Found;
use crate::simulation::evidence::{Evidence, Fact, History, Stand};

/// Something happened to an alert that stands as `history` says.
pub fn append(history: &History, fact: &Fact) -> Found {
    let alert = history.alert;
    match &fact.event {
        AlertEvent::SymptomJoined(joined) => {
            let Some(group) = history.group else { return Err(format!("a problem joined {alert} alone")) };
            let is_back = history.problems.get(&joined.symptom).is_some_and(|known| known.over.is_some());
            if history.stand == Stand::Resolved {
                return Err(format!("a problem joined {alert}, which is over"));
            }
            if !is_back && fact.at.since(group.last_at) > group.within {
                return Err(format!("problem {} joined {alert} too late", joined.symptom));
            }
            let next = u32::try_from(history.problems.len()).unwrap_or(u32::MAX).saturating_add(1);
            if !is_back && (joined.symptom != next || history.problems.len() >= SYMPTOMS_MAX) {
                return Err(format!("problem {} joined {alert} as its {next}th", joined.symptom));
            }
            Ok(())
        }
        AlertEvent::Resolved { by: Author::Source(_), .. } => {
            let open = history.problems.values().filter(|problem| problem.over.is_none()).count();
            if open > 1 {
                Err(format!("{alert} is over, and {open} of its problems were not"))
            } else {
                Ok(())
            }
        }
        _ => Ok(()),
    }
}

/// The end.
pub fn at_end(evidence: &Evidence) -> Found {
    for history in evidence.histories.values() {
        let Some(group) = history.group else { continue };
        if matches!(history.stand, Stand::Acknowledged(_)) && history.severity > group.known {
            return Err(format!("{} got worse, and nobody was paged again", history.alert));
        }
    }
    Ok(())
}

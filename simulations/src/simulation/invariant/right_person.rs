//! 7, right person: whoever was paged was meant by the step then, by an independent, naive reference.

use events::event::alert::{AlertEvent, Called};

use super::Found;
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Evidence, Fact, History};
use crate::simulation::reference::Reference;

/// Something happened to an alert that stood as `before` says.
pub fn append(reference: &mut Reference, before: &History, fact: &Fact) -> Found {
    let Some(assignment) = &before.assignment else { return Ok(()) };
    let settings = reference.at(fact.directory);
    match &fact.event {
        AlertEvent::StepEntered(entered) => {
            let targets = settings.step(assignment, entered.step);
            let expected = reference.called(&settings, &targets, fact.at);
            compare(before, "step", &entered.called, &expected)
        }
        AlertEvent::StepEmpty { step, .. } => {
            let targets = settings.step(assignment, *step);
            let expected = reference.called(&settings, &targets, fact.at);
            compare(before, "empty step", &[], &expected)
        }
        AlertEvent::FallbackEntered { called, .. } => {
            let targets = settings.fallback(assignment);
            let expected = reference.called(&settings, &targets, fact.at);
            compare(before, "fallback", called, &expected)
        }
        AlertEvent::Reconsidered { called, .. } => {
            let step = before.step.map(|(_, step)| step).unwrap_or_default();
            let targets = if before.is_fallback {
                settings.fallback(assignment)
            } else {
                settings.step(assignment, step)
            };
            let mut expected = reference.called(&settings, &targets, fact.at);
            expected.retain(|meant| called.iter().any(|called| called.person == meant.person));
            compare(before, "change", called, &expected)
        }
        AlertEvent::PageOrdered(ordered) => {
            let is_called = before.called.iter().any(|called| called.person == ordered.person);
            let known = settings.person(ordered.person).is_some();
            if is_called && known {
                Ok(())
            } else {
                Err(format!("{} pages somebody whom no step means", before.alert))
            }
        }
        _ => Ok(()),
    }
}

/// An attempt began: whoever has left is not paged any more, once the house has had time to look.
pub fn started(evidence: &Evidence, before: &History, fact: &Fact) -> Found {
    let AlertEvent::AttemptStarted(started) = &fact.event else { return Ok(()) };
    let Some(page) = before.pages.get(&started.page) else { return Ok(()) };
    let left = evidence.reference.left_since(page.ordered.person, fact.directory);
    match left {
        Some(left) if evidence.able(left, fact.moment) > super::GRACE => {
            let number = started.attempt;
            Err(format!("attempt {number} of {} pages somebody who left at {left:?}", before.alert))
        }
        _ => Ok(()),
    }
}

fn compare(history: &History, what: &str, called: &[Called], expected: &[Called]) -> Found {
    if called == expected {
        return Ok(());
    }
    Err(format!("a {what} of {} calls {called:?}, and should call {expected:?}", history.alert))
}

/// The end: since the configuration changed last, before `calm`, nobody was paged who is not part of it any more, and
/// whoever a present step means has a page.
pub fn at_end(evidence: &mut Evidence, calm: Moment, end: Moment, now: events::Timestamp) -> Found {
    let settings = evidence.reference.last();
    let settled = calm.after(super::GRACE);
    for history in evidence.histories.values() {
        for attempt in history.attempts.values().filter(|attempt| attempt.moment > settled) {
            let page = history.pages.get(&attempt.started.page);
            if page.is_some_and(|page| settings.person(page.ordered.person).is_none()) {
                let number = attempt.started.attempt;
                return Err(format!("attempt {number} of {} pages somebody who has left", history.alert));
            }
        }
    }
    let Evidence { histories, reference, .. } = evidence;
    for history in histories.values().filter(|history| history.is_open() && history.began < calm) {
        // A step that began since looked at the configuration as it is.
        let (Some(assignment), true) = (&history.assignment, history.since < calm && settled < end) else {
            continue;
        };
        let step = history.step.map(|(_, step)| step).unwrap_or_default();
        let targets =
            if history.is_fallback { settings.fallback(assignment) } else { settings.step(assignment, step) };
        for meant in reference.called(&settings, &targets, now) {
            let has_page = history.pages.values().any(|page| page.ordered.person == meant.person);
            if !has_page && matches!(meant.why, events::event::alert::Why::Named) {
                return Err(format!("{} pages nobody of whom its step means by name", history.alert));
            }
        }
    }
    Ok(())
}

//! 7 and 3 for planned work: what it takes goes to whoever does it before anybody else; and when it is over, whatever
//! it had goes to on call at once.

use events::Timestamp;
use events::event::alert::AlertEvent;

use super::{Found, GRACE, drift};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Evidence, Fact, History, Stand};

/// Something happened to an alert that stood as `before` says: on call is paged only where no work takes the alert that
/// has not had it.
pub fn append(evidence: &Evidence, before: &History, fact: &Fact) -> Found {
    let is_step = matches!(
        fact.event,
        AlertEvent::StepEntered(_) | AlertEvent::StepEmpty { .. } | AlertEvent::FallbackEntered { .. }
    );
    let Some(assignment) = before.assignment.as_ref().filter(|_| is_step) else { return Ok(()) };
    // Whoever escalates what somebody has wants the next step, whatever began meanwhile.
    let last = before.facts.last().map(|last| &last.event);
    if !before.is_open() && matches!(last, Some(AlertEvent::Escalated { .. })) {
        return Ok(());
    }
    let settings = evidence.reference.at(fact.directory);
    let had = |name: &str| {
        before.work.as_ref().is_some_and(|work| work.works.iter().any(|taken| taken.work.as_str() == name))
    };
    let is_first = before.step.is_none() && !before.is_fallback && before.work.is_none();
    for (name, work, span) in settings.works(&assignment.service, before.severity, fact.at) {
        // What begins in the middle of an escalation is the business of a turn of its own, which takes a moment.
        let lasted = fact.at.since(span.from.max(fact.at - fact.moment.since(work.changed)));
        let since = Moment(fact.moment.0.saturating_sub(lasted.as_micros()));
        if !had(name) && (is_first || evidence.able(since.max(before.since), fact.moment) > GRACE) {
            return Err(format!("{} pages on call, and work {name} was never asked", before.alert));
        }
    }
    Ok(())
}

/// The end, which the house's clock calls `end_at`: no work that is over has an alert still.
pub fn at_end(evidence: &Evidence, end: Moment, end_at: Timestamp) -> Found {
    let settings = evidence.reference.last();
    for history in evidence.histories.values().filter(|history| history.stand != Stand::Resolved) {
        let Some(work) = history.work.as_ref().filter(|work| work.has_it) else { continue };
        let names: Vec<&str> = work.works.iter().map(|taken| taken.work.as_str()).collect();
        let (Some(over_at), changed) = settings.works_over(&names, end_at) else { continue };
        let over = Moment(end.0.saturating_sub(end_at.since(over_at).as_micros()));
        if evidence.able(over.max(changed).max(history.since), end) > GRACE + drift(end_at.since(over_at)) {
            return Err(format!("{} is still with work {names:?}, which is over", history.alert));
        }
    }
    Ok(())
}

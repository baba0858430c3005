//! 7, right person: whoever was paged was meant by the step then, by an independent, naive reference.

use std::collections::BTreeSet;

use events::event::alert::{AlertEvent, Called, Why};
use events::event::work::WorkKind;
use events::{AlertId, PersonId};

use super::{Found, GRACE};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Evidence, Fact, History};
use crate::simulation::reference::{PlannedWork, Reference};

/// Somebody whom a step has meant by name since the configuration changed, and who was not called until it was over.
#[derive(Clone, Copy, Debug)]
pub struct Unseen {
    alert: AlertId,
    person: PersonId,
    since: Moment,
    until: Moment,
}

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
        AlertEvent::WorkEntered(entered) => {
            let works = settings.works(&assignment.service, before.severity, fact.at);
            let routed = works.iter().filter(|(_, work, _)| work.planned.kind == WorkKind::Route);
            let mut expected: Vec<Called> = Vec::new();
            for (name, work, span) in routed.clone() {
                let worker = work.planned.worker;
                let is_reached = settings.person(worker).is_some_and(|worker| !worker.ladder.is_empty());
                if is_reached && expected.iter().all(|known| known.person != worker) {
                    let why = Why::Work { work: (*name).into(), until: span.until };
                    expected.push(Called { person: worker, why });
                }
            }
            let known: Vec<&str> = entered.works.iter().map(|taken| taken.work.as_str()).collect();
            if !routed.map(|(name, ..)| *name).eq(known.iter().copied()) || known.is_empty() {
                return Err(format!("{} goes to workers of {known:?}, and not of {works:?}", before.alert));
            }
            compare(before, "work", &entered.called, &expected)
        }
        AlertEvent::HeldForWork(taken) => {
            let works = settings.works(&assignment.service, before.severity, fact.at);
            let holds = |(name, work, _): &(&str, &PlannedWork, _)| {
                work.planned.kind == WorkKind::Hold && *name == taken.work.as_str()
            };
            if works.iter().any(holds) {
                return Ok(());
            }
            Err(format!("{} is held for {}, and not for {works:?}", before.alert, taken.work))
        }
        AlertEvent::PageOrdered(ordered) => {
            let is_called = before.called.iter().any(|called| called.person == ordered.person);
            let known = settings.person(ordered.person).is_some();
            if !is_called || !known {
                return Err(format!("{} pages somebody whom no step means", before.alert));
            }
            let (ways, left_out) = settings.ways(ordered.person);
            let skipped: BTreeSet<_> = ordered.skipped.iter().map(|skipped| &skipped.contact).collect();
            if !ordered.ladder.iter().map(|rung| &rung.contact).eq(ways.iter().copied())
                || skipped != left_out
            {
                let alert = before.alert;
                return Err(format!("{alert} pages by {ordered:?}, not by {ways:?} without {left_out:?}"));
            }
            Ok(())
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
        Some(left) if evidence.able(left, fact.moment) > GRACE => {
            let number = started.attempt;
            Err(format!("attempt {number} of {} pages somebody who left at {left:?}", before.alert))
        }
        _ => Ok(()),
    }
}

/// A step is over: whom it has meant by name since the configuration changed, and did not call. Whether there was time
/// to is known at the end.
pub fn over(reference: &mut Reference, before: &History, fact: &Fact) -> Vec<Unseen> {
    let is_over = match &fact.event {
        AlertEvent::StepEntered(_)
        | AlertEvent::StepEmpty { .. }
        | AlertEvent::Acknowledged { .. }
        | AlertEvent::Held { .. }
        | AlertEvent::HeldForWork(_)
        | AlertEvent::WorkLeft { .. }
        | AlertEvent::Resolved { .. } => true,
        AlertEvent::FallbackEntered { .. } => !before.is_fallback,
        _ => false,
    };
    if is_over { unseen(reference, before, fact.moment, fact.at) } else { Vec::new() }
}

fn unseen(reference: &mut Reference, history: &History, until: Moment, at: events::Timestamp) -> Vec<Unseen> {
    let changed = reference.changed();
    let (Some(assignment), true) = (&history.assignment, history.is_open() && changed > history.since) else {
        return Vec::new();
    };
    let settings = reference.last();
    let targets = match history.step {
        _ if history.is_fallback => settings.fallback(assignment),
        Some((_, step)) => settings.step(assignment, step),
        None => return Vec::new(),
    };
    let mut meant = reference.called(&settings, &targets, at);
    // Who is on call changes with time as well, and then the step goes on with whom it has called.
    meant.retain(|meant| matches!(meant.why, Why::Named | Why::Member { .. }));
    meant.retain(|meant| !history.called.iter().any(|called| called.person == meant.person));
    // The step before may have paged them in the very moment in which this one began.
    let is_paged = |person| {
        let mut pages = history.pages.values();
        pages.any(|page| page.ordered.person == person && page.moment >= history.since)
    };
    meant.retain(|meant| !is_paged(meant.person));
    let unseen = |meant: Called| Unseen { alert: history.alert, person: meant.person, since: changed, until };
    meant.into_iter().map(unseen).collect()
}

fn compare(history: &History, what: &str, called: &[Called], expected: &[Called]) -> Found {
    if called == expected {
        return Ok(());
    }
    Err(format!("a {what} of {} calls {called:?}, and should call {expected:?}", history.alert))
}

/// The end: since the configuration changed last, before `calm`, nobody was paged who is not part of it any more; and
/// whoever a step has meant by name since it changed was called, if the house had time to.
pub fn at_end(evidence: &mut Evidence, calm: Moment, end: Moment, now: events::Timestamp) -> Found {
    let settings = evidence.reference.last();
    let settled = calm.after(GRACE);
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
    let open = histories.values().flat_map(|history| unseen(reference, history, end, now));
    let unseen: Vec<Unseen> = evidence.unseen.iter().copied().chain(open).collect();
    for Unseen { alert, person, since, until } in unseen {
        if evidence.able(since, until) > GRACE {
            return Err(format!(
                "a step of {alert} has meant {person} since {since:?} and did not call them until {until:?}"
            ));
        }
    }
    Ok(())
}

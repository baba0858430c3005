//! Whom to page next: the policy's steps and its fallback, resolved to people.

use events::event::alert::{AlertEvent, Called, PageOrdered, PageRung, StepEntered};
use events::event::person::{PersonDefined, Rung};
use events::event::policy::{PolicyDefined, Target};
use events::mutant::{self, Mutant};
use events::{ContactId, KeyOwner, PersonId, Sealed, Span, Timestamp};

use super::Alert;
use super::limit::{FALLBACK_EVERY, LATE_MIN};
use crate::aggregate::Draft;
use crate::directory::Directory;

/// Goes on to the next step that reaches somebody, or to the fallback. `due_at` is when it should have been: steps
/// whose whole time went by are passed over when that is long ago.
pub(super) fn advance(draft: &mut Draft<Alert>, directory: &Directory, due_at: Timestamp) {
    let late = Some(draft.at().since(due_at)).filter(|&late| late > LATE_MIN);
    let late = late.filter(|_| !mutant::is_on(Mutant::CollapseNothing));
    let mut due_at = due_at;
    let mut passed_over = 0;
    while let Some((round, step, wait, targets)) = next_step(draft.state(), directory, passed_over) {
        if late.is_some() && due_at + wait <= draft.at() {
            due_at = due_at + wait;
            passed_over += 1;
            continue;
        }
        let called = reachable(directory, targets, draft.at());
        if called.is_empty() && mutant::is_on(Mutant::PassOverEmptySteps) {
            passed_over += 1;
            continue;
        }
        if called.is_empty() {
            draft.push(AlertEvent::StepEmpty { round, step, passed_over });
            passed_over = 0;
            continue;
        }
        let until = draft.at() + wait;
        let entered = StepEntered { round, step, until, called: called.clone(), passed_over, late };
        draft.push(AlertEvent::StepEntered(entered));
        return order_pages(draft, directory, &called);
    }
    let called = reachable(directory, &fallback(draft.state(), directory), draft.at());
    let until = draft.at() + FALLBACK_EVERY;
    draft.push(AlertEvent::FallbackEntered { called: called.clone(), until, passed_over, late });
    order_pages(draft, directory, &called);
}

/// Who the present step means now and has not been paged in it.
pub(super) fn newly_called(alert: &Alert, directory: &Directory, now: Timestamp) -> Vec<Called> {
    let targets = if alert.cursor.fallback {
        fallback(alert, directory)
    } else {
        let step = usize::try_from(alert.cursor.step).ok().and_then(|step| step.checked_sub(1));
        let present = step.and_then(|step| policy(alert, directory)?.steps.get(step));
        present.map(|step| step.page.clone()).unwrap_or_default()
    };
    let paged = |called: &Called| {
        alert.pages.iter().any(|page| page.person == called.person && page.ordered_at >= alert.cursor.since)
    };
    let mut called = reachable(directory, &targets, now);
    called.retain(|candidate| !paged(candidate));
    called
}

/// Orders a page for each of these people.
pub(super) fn order_pages(draft: &mut Draft<Alert>, directory: &Directory, called: &[Called]) {
    for person in called.iter().map(|called| called.person) {
        if let Some(defined) = directory.people().get(&person) {
            order_page(draft, person, defined, None);
        }
    }
}

/// Orders a page for one person, by one contact method only or by the whole ladder.
pub(super) fn order_page(
    draft: &mut Draft<Alert>,
    person: PersonId,
    defined: &PersonDefined,
    only: Option<&ContactId>,
) {
    let at_once = only.map(|contact| Rung {
        contact: contact.clone(),
        after: Span::ZERO,
        attempts: 1,
        every: Span::ZERO,
    });
    let ladder = at_once.as_slice();
    let ladder = if only.is_some() { ladder } else { &defined.ladder };
    let rungs = ladder.iter().filter_map(|rung| {
        let contact = defined.contacts.get(&rung.contact)?;
        let address = contact.address.open()?;
        Some(PageRung {
            contact: rung.contact.clone(),
            channel: contact.channel,
            via: contact.via.clone(),
            address: Sealed::new(KeyOwner::Person(person), address.clone()),
            after: rung.after,
            attempts: rung.attempts,
            every: rung.every,
        })
    });
    let ordered = PageOrdered {
        page: draft.state().pages_count + 1,
        person,
        name: defined.name.clone(),
        language: defined.language,
        time_zone: defined.time_zone.clone(),
        ladder: rungs.collect(),
    };
    draft.push(AlertEvent::PageOrdered(Box::new(ordered)));
}

/// True when the person has a ladder whose contacts can still be read.
pub(crate) fn can_be_reached(person: &PersonDefined) -> bool {
    let readable = |rung: &Rung| {
        person.contacts.get(&rung.contact).is_some_and(|contact| contact.address.open().is_some())
    };
    person.ladder.iter().any(readable)
}

fn reachable(directory: &Directory, targets: &[Target], at: Timestamp) -> Vec<Called> {
    let mut called = directory.called(targets, at);
    called
        .retain(|called| directory.people().get(&called.person).is_some_and(|person| can_be_reached(person)));
    called
}

fn policy<'d>(alert: &Alert, directory: &'d Directory) -> Option<&'d PolicyDefined> {
    directory.policy_of(alert.subject()?.assignment.as_ref()?)
}

/// The step after the present one, `skipped` further: its round and number, its wait and its targets.
fn next_step<'d>(
    alert: &Alert,
    directory: &'d Directory,
    skipped: u32,
) -> Option<(u32, u32, Span, &'d [Target])> {
    let policy = policy(alert, directory)?;
    let steps = u32::try_from(policy.steps.len()).ok().filter(|&steps| steps > 0)?;
    if alert.cursor.fallback {
        return None;
    }
    let done = alert.cursor.round.saturating_sub(1) * steps + alert.cursor.step.min(steps) + skipped;
    let (round, step) = (done / steps + 1, done % steps + 1);
    if round > policy.repeat.saturating_add(1) {
        return None;
    }
    let next = policy.steps.get(usize::try_from(step).ok()? - 1)?;
    Some((round, step, next.wait, &next.page))
}

/// Who is paged when the steps are through: the policy's fallback, else everybody of its steps; everybody there is
/// when the policy is gone.
fn fallback(alert: &Alert, directory: &Directory) -> Vec<Target> {
    match policy(alert, directory) {
        None => directory.people().keys().copied().map(Target::Person).collect(),
        Some(policy) if policy.fallback.is_empty() => {
            policy.steps.iter().flat_map(|step| step.page.iter().cloned()).collect()
        }
        Some(policy) => policy.fallback.clone(),
    }
}

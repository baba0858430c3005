//! Whom to page next: the policy's steps and its fallback, resolved to people.

use std::borrow::Cow;

use events::event::alert::{AlertEvent, Called, Handed, PageOrdered, PageRung, Skipped, StepEntered};
use events::event::person::{PersonDefined, Rung};
use events::event::policy::{PolicyDefined, Step, Target};
use events::mutant::{self, Mutant};
use events::{Author, ContactId, KeyOwner, PersonId, Sealed, Span, Timestamp};

use super::limit::{FALLBACK_EVERY, HANDOVERS_MAX, LATE_MIN, TEAM_WAIT};
use super::{Alert, work};
use crate::aggregate::Draft;
use crate::directory::Directory;
use crate::providers::Providers;

/// What a decision about an alert reads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grounds<'a> {
    /// The configuration.
    pub(super) directory: &'a Directory,
    /// What this node sends over.
    pub(super) providers: &'a Providers,
}

/// Goes on to the next step that reaches somebody, or to the fallback. `due_at` is when it should have been: steps
/// whose whole time went by are passed over when that is long ago.
pub(super) fn advance(draft: &mut Draft<Alert>, grounds: Grounds<'_>, due_at: Timestamp) {
    let directory = grounds.directory;
    let late = Some(draft.at().since(due_at)).filter(|&late| late > LATE_MIN);
    let late = late.filter(|_| !mutant::is_on(Mutant::CollapseNothing));
    let cursor = draft.state().cursor;
    if cursor.is_at_start() && !cursor.with_worker && work::enter(draft, grounds, late) {
        return;
    }
    let mut due_at = due_at;
    let mut passed_over = 0;
    while let Some((round, step, next)) = next_step(draft.state(), directory, passed_over) {
        if let Some(policy) = &next.hand_over
            && is_there(directory, &Handed::Policy(policy.clone()))
            && draft.state().handovers < HANDOVERS_MAX
        {
            draft.push(AlertEvent::HandedOver { by: Author::House, to: Handed::Policy(policy.clone()) });
            passed_over = 0;
            continue;
        }
        if late.is_some() && due_at + next.wait <= draft.at() {
            due_at = due_at + next.wait;
            passed_over += 1;
            continue;
        }
        let mut called = reachable(directory, &next.page, draft.at());
        called.retain(|called| !draft.state().has_joined(called.person));
        if called.is_empty() && mutant::is_on(Mutant::PassOverEmptySteps) {
            passed_over += 1;
            continue;
        }
        if called.is_empty() {
            draft.push(AlertEvent::StepEmpty { round, step, passed_over });
            passed_over = 0;
            continue;
        }
        let until = draft.at() + next.wait;
        let acknowledgements = next.acknowledgements;
        let entered =
            StepEntered { round, step, until, called: called.clone(), passed_over, late, acknowledgements };
        draft.push(AlertEvent::StepEntered(entered));
        return order_pages(draft, grounds, &called);
    }
    let called = reachable(directory, &fallback(draft.state(), directory), draft.at());
    let until = draft.at() + FALLBACK_EVERY;
    draft.push(AlertEvent::FallbackEntered { called: called.clone(), until, passed_over, late });
    order_pages(draft, grounds, &called);
}

/// Who the present step means now and has not been paged in it.
pub(super) fn newly_called(alert: &Alert, directory: &Directory, now: Timestamp) -> Vec<Called> {
    if alert.cursor.with_worker && alert.cursor.is_at_start() {
        return Vec::new();
    }
    let targets = if alert.cursor.fallback {
        fallback(alert, directory)
    } else {
        let step = usize::try_from(alert.cursor.step).ok().and_then(|step| step.checked_sub(1));
        let present = step.and_then(|step| policy(alert, directory)?.steps.get(step).cloned());
        present.map(|step| step.page).unwrap_or_default()
    };
    let paged = |called: &Called| {
        alert.pages.iter().any(|page| page.person == called.person && page.ordered_at >= alert.cursor.since)
    };
    let mut called = reachable(directory, &targets, now);
    called.retain(|candidate| !paged(candidate) && !alert.has_joined(candidate.person));
    called
}

/// Orders a page for each of these people.
pub(super) fn order_pages(draft: &mut Draft<Alert>, grounds: Grounds<'_>, called: &[Called]) {
    for person in called.iter().map(|called| called.person) {
        if let Some(defined) = grounds.directory.people().get(&person) {
            order_page(draft, grounds, (person, defined), None);
        }
    }
}

/// Orders a page for one person, by one contact method only or by the whole ladder. What is broken is left out of the
/// ladder, unless nothing would remain; the rung after it begins when it would have, as if it had been refused.
pub(super) fn order_page(
    draft: &mut Draft<Alert>,
    grounds: Grounds<'_>,
    (person, defined): (PersonId, &PersonDefined),
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
            providers: grounds.providers.reaching(contact.channel, contact.via.as_ref()),
            address: Sealed::new(KeyOwner::Person(person), address.clone()),
            after: rung.after,
            attempts: rung.attempts,
            every: rung.every,
        })
    });
    let (ladder, skipped) = if only.is_some() {
        (rungs.collect(), Vec::new())
    } else {
        without_broken(rungs.collect(), |contact| {
            Some(grounds.directory.standing(person, contact)?.broken()?.since)
        })
    };
    let ordered = PageOrdered {
        page: draft.state().pages_count + 1,
        person,
        name: defined.name.clone(),
        language: defined.language,
        time_zone: defined.time_zone.clone(),
        ladder,
        skipped,
    };
    draft.push(AlertEvent::PageOrdered(Box::new(ordered)));
}

/// A ladder without its broken contact methods, and which these are. A ladder on which all are broken stays as it is.
fn without_broken(
    ladder: Vec<PageRung>,
    broken_since: impl Fn(&ContactId) -> Option<Timestamp>,
) -> (Vec<PageRung>, Vec<Skipped>) {
    if ladder.iter().all(|rung| broken_since(&rung.contact).is_some()) {
        return (ladder, Vec::new());
    }
    let (mut kept, mut skipped) = (Vec::new(), Vec::<Skipped>::new());
    // When the rung before this one would have begun, had it not been left out.
    let mut at_once = None;
    for mut rung in ladder {
        rung.after = at_once.map_or(rung.after, |at_once| rung.after.min(at_once));
        let Some(broken_since) = broken_since(&rung.contact) else {
            at_once = None;
            kept.push(rung);
            continue;
        };
        at_once = Some(rung.after);
        if skipped.iter().all(|known| known.contact != rung.contact) {
            skipped.push(Skipped { contact: rung.contact, channel: rung.channel, broken_since });
        }
    }
    (kept, skipped)
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

/// The policy by which the alert escalates: its service's, or the one that it was handed over to.
pub(super) fn policy<'d>(alert: &Alert, directory: &'d Directory) -> Option<Cow<'d, PolicyDefined>> {
    let own = || directory.policy_of(alert.subject()?.assignment.as_ref()?);
    match alert.handed() {
        None => own().map(Cow::Borrowed),
        Some(Handed::Policy(policy)) => {
            directory.policies().get(policy).map(|policy| &**policy).or_else(own).map(Cow::Borrowed)
        }
        Some(Handed::Team(team)) => {
            let everybody = Step {
                page: vec![Target::Team(team.clone())],
                wait: TEAM_WAIT,
                acknowledgements: 1,
                hand_over: None,
            };
            let own = own();
            Some(Cow::Owned(PolicyDefined {
                steps: vec![everybody],
                repeat: own.map_or(0, |own| own.repeat),
                fallback: own.map(|own| own.fallback.clone()).unwrap_or_default(),
                acknowledgement_lapses: own.and_then(|own| own.acknowledgement_lapses),
            }))
        }
    }
}

/// True when an alert can be handed over to them.
pub(super) fn is_there(directory: &Directory, to: &Handed) -> bool {
    match to {
        Handed::Policy(policy) => directory.policies().contains_key(policy),
        Handed::Team(team) => directory.teams().get(team).is_some_and(|team| !team.members.is_empty()),
    }
}

/// The step after the present one, `skipped` further: its round, its number, and what it says.
fn next_step(alert: &Alert, directory: &Directory, skipped: u32) -> Option<(u32, u32, Step)> {
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
    Some((round, step, policy.steps.get(usize::try_from(step).ok()? - 1)?.clone()))
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

//! What comes by itself, without anybody doing anything: work that begins or ends, and what people are to be told of
//! then and of turns that begin and end.

use std::collections::BTreeSet;

use events::event::alert::{About, Called, Handover};
use events::event::overrides::{Leg, LegChange, OverrideMade};
use events::event::policy::Target;
use events::event::team::Handovers;
use events::{
    AlertId, Author, DedupKey, OverrideId, PersonId, RotaId, Sealed, Span, SymptomId, Timestamp, WorkId,
};
use sha2::{Digest as _, Sha256};

use crate::alert::{MESSAGE_SOURCE, Telling, can_be_reached};
use crate::directory::{Directory, PlannedWork};
use crate::overrides::{LEGS_MAX, OverrideCommand, Stage};
use crate::rota::shift::{self, Shift};
use crate::rota::{Reason, Roster};
use crate::view::Board;

pub use contacts::{TestPage, tests as test_pages};

mod contacts;
#[cfg(test)]
mod tests;

/// Whoever does planned work is told so long before its end; half its length before, when it is shorter than twice that.
pub const WORK_ENDS_BEFORE: Span = Span::from_minutes(15);
/// What should have been told longer ago than this is not told any more.
pub const TOLD_WITHIN: Span = Span::from_minutes(60);
/// Whoever goes is put on call for longer so long before the handover, where whoever comes is to say that they have it.
pub const STAY_BEFORE: Span = Span::from_seconds(60);
/// As far as is looked ahead for turns that begin. When none does, it is looked again then.
pub const AHEAD: Span = Span::from_minutes(8 * 24 * 60);
/// A message names no more open alerts.
pub const OPEN_MAX: usize = 20;

/// The next moment after `now` at which something comes: what is open is to be looked at, or somebody is to be told.
pub fn next(directory: &Directory, now: Timestamp) -> Option<Timestamp> {
    let turns_of_work = directory.next_turn_of_work(now);
    let reminders = directory
        .works_to_come()
        .filter_map(|(_, work)| {
            let span = work.state.span_at(now).or_else(|| work.state.span_after(now))?;
            Some(reminded_at(span.from, span.until))
        })
        .filter(|&at| at > now);
    let announced: Vec<&Roster> = announced(directory).map(|(_, roster)| roster).collect();
    let handovers = announced.iter().filter_map(|roster| {
        let handover = shift::between(roster, now, now + AHEAD).into_iter().next()?.until;
        let before = handover - STAY_BEFORE;
        Some(if before > now { before } else { handover })
    });
    let tests = contacts::next_test(directory, now);
    turns_of_work.into_iter().chain(reminders).chain(handovers).chain(tests).min()
}

/// Whom to tell what: everything that came within [`TOLD_WITHIN`]. Each has an identity of its own, so that telling it
/// again is no second message.
pub fn tellings(directory: &Directory, board: &Board, now: Timestamp) -> Vec<Telling> {
    let mut tellings = Vec::new();
    for (id, work) in directory.works_to_come() {
        work_ends(&mut tellings, id, work, now);
        work_is_over(&mut tellings, directory, board, id, work, now);
    }
    for (rota, roster) in announced(directory) {
        shifts(&mut tellings, directory, board, rota, roster, now);
    }
    contacts::tell(&mut tellings, directory, now);
    let is_there = |person: &PersonId| directory.people().get(person).is_some_and(|who| can_be_reached(who));
    tellings.retain(|telling| is_there(&telling.person));
    tellings
}

/// Somebody stays on call beside whoever comes, or need not any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staying {
    /// The override that says so.
    pub id: OverrideId,
    /// What is to be decided about it.
    pub command: OverrideCommand,
    /// By whom: by the house, or by whoever has taken over.
    pub by: Author,
}

/// What is to be decided so that whoever goes stays on call until whoever comes has said that they have it.
pub fn staying(directory: &Directory, board: &Board, now: Timestamp) -> Vec<Staying> {
    let mut decisions = Vec::new();
    for (rota, roster) in announced(directory) {
        if wants(directory, rota) != Handovers::Accepted {
            continue;
        }
        for (before, after) in handovers(roster, now, STAY_BEFORE) {
            let id = stays_by(rota, after.from);
            let legs = people(&before).filter(|&person| !is_in(&after, person)).map(|person| Leg {
                from: after.from,
                until: after.until,
                change: LegChange::Also { rota: rota.clone(), person },
            });
            let legs: Vec<Leg> = legs.take(LEGS_MAX).collect();
            let is_new = !directory.overrides().contains_key(&id) && after.until > now;
            let comes = people(&after).any(|person| !is_in(&before, person));
            if is_new && comes && !legs.is_empty() {
                let command = OverrideCommand::Make(OverrideMade { legs, asks: None, reason: None });
                decisions.push(Staying { id, command, by: Author::House });
            }
        }
    }
    for (id, decided) in directory.overrides() {
        if let Some(by) = board.taken_over(id).filter(|_| decided.state.stage() == Stage::InForce) {
            decisions.push(Staying { id: id.clone(), command: OverrideCommand::Remove, by: by.clone() });
        }
    }
    decisions
}

/// The override by which whoever goes at this moment stays on call. Derived, so that it is made once.
fn stays_by(rota: &RotaId, at: Timestamp) -> OverrideId {
    let digest = Sha256::digest(format!("{rota} {}", at.as_micros()));
    OverrideId::from(events::base32::encode(&digest[..5], 8).as_str())
}

/// Handovers of a rota that came within [`TOLD_WITHIN`] or come within `ahead`: the shift before and the shift after.
fn handovers(roster: &Roster, now: Timestamp, ahead: Span) -> Vec<(Shift, Shift)> {
    // A turn that begins at the very edge has one before it.
    let edge = Span::from_seconds(1);
    let around = shift::between(roster, now - TOLD_WITHIN - edge, now + AHEAD);
    let pairs = around.windows(2).filter_map(|pair| Some((pair.first()?.clone(), pair.get(1)?.clone())));
    let is_near = |(_, after): &(Shift, Shift)| after.from <= now + ahead && after.from + TOLD_WITHIN > now;
    pairs.filter(is_near).collect()
}

fn is_in(shift: &Shift, person: PersonId) -> bool {
    people(shift).any(|known| known == person)
}

fn reminded_at(from: Timestamp, until: Timestamp) -> Timestamp {
    until - WORK_ENDS_BEFORE.min(until.since(from).half())
}

/// Rotas whose team wants handovers to be announced.
fn announced(directory: &Directory) -> impl Iterator<Item = (&RotaId, &Roster)> {
    let rotas = directory.rotas().keys().filter(|rota| wants(directory, rota) != Handovers::Silent);
    rotas.filter_map(|rota| Some((rota, directory.roster(rota)?)))
}

/// What a rota's team wants of handovers.
fn wants(directory: &Directory, rota: &RotaId) -> Handovers {
    let team = directory.rotas().get(rota).and_then(|rota| rota.team.as_ref());
    team.and_then(|team| directory.teams().get(team)).map(|team| team.handovers).unwrap_or_default()
}

fn telling(key: &str, person: PersonId, about: About) -> Telling {
    let key = DedupKey::from(key);
    let symptom = SymptomId::derive(&MESSAGE_SOURCE.into(), &key);
    Telling { alert: AlertId { symptom, ordinal: 1 }, key, person, about }
}

fn work_ends(tellings: &mut Vec<Telling>, id: &WorkId, work: &PlannedWork, now: Timestamp) {
    let Some((planned, span)) = work.state.planned().zip(work.state.span_at(now)) else { return };
    if reminded_at(span.from, span.until) > now {
        return;
    }
    let about = About::WorkEnds { work: id.clone(), what: planned.what.clone(), ends_at: span.until };
    let key = format!("work {id} ends {}", span.until.as_micros());
    tellings.push(telling(&key, planned.worker, about));
}

/// What work had taken and is still there: for whoever did it, and for whoever is on call about it.
fn work_is_over(
    tellings: &mut Vec<Telling>,
    directory: &Directory,
    board: &Board,
    id: &WorkId,
    work: &PlannedWork,
    now: Timestamp,
) {
    let Some(planned) = work.state.planned() else { return };
    let ended = work.state.spans().iter().filter(|span| span.until <= now && span.until + TOLD_WITHIN > now);
    for span in ended {
        let of_span = board.taken_by(id).filter(|(_, at)| *at >= span.from && *at <= span.until);
        let taken: Vec<AlertId> = of_span.map(|(alert, _)| alert).collect();
        let open: Vec<AlertId> = taken.iter().copied().filter(|alert| board.card(*alert).is_some()).collect();
        if open.is_empty() {
            continue;
        }
        let mut people = BTreeSet::from([planned.worker]);
        for alert in &open {
            people.extend(on_call_about(directory, board, *alert, now).iter().map(|called| called.person));
        }
        let name = directory.people().get(&planned.worker);
        let name = name.map_or(Sealed::Shut, |worker| worker.name.clone());
        for person in people {
            let about = About::WorkOver {
                work: id.clone(),
                name: name.clone(),
                what: planned.what.clone(),
                taken: u32::try_from(taken.len()).unwrap_or(u32::MAX),
                open: open.iter().copied().take(OPEN_MAX).collect(),
            };
            let key = format!("work {id} over {} {person}", span.until.as_micros());
            tellings.push(telling(&key, person, about));
        }
    }
}

/// Whom the first step of an alert's policy that means anybody means.
fn on_call_about(directory: &Directory, board: &Board, alert: AlertId, now: Timestamp) -> Vec<Called> {
    let service = board.card(alert).and_then(|card| card.service.as_ref());
    let service = service.and_then(|service| directory.services().get(service));
    let policy = service.and_then(|service| directory.policies().get(&service.policy));
    let mut steps = policy.iter().flat_map(|policy| &policy.steps);
    let called = steps.find_map(|step| {
        let called = directory.called(&step.page, now);
        (!called.is_empty()).then_some(called)
    });
    called.unwrap_or_default()
}

fn shifts(
    tellings: &mut Vec<Telling>,
    directory: &Directory,
    board: &Board,
    rota: &RotaId,
    roster: &Roster,
    now: Timestamp,
) {
    for (before, after) in handovers(roster, now, Span::ZERO) {
        let at = after.from;
        let id = stays_by(rota, at);
        let decided = directory.overrides().get(&id);
        let goes = |person: PersonId| !is_in(&after, person);
        let comes = people(&after).any(|person| !is_in(&before, person));
        if wants(directory, rota) == Handovers::Accepted
            && decided.is_none()
            && comes
            && people(&before).any(goes)
        {
            // It is told once it is decided who stays on.
            continue;
        }
        let asks = decided.filter(|decided| decided.state.stage() == Stage::InForce);
        let stays_on = |person: PersonId| {
            let made = decided.and_then(|decided| decided.state.made());
            let mut legs = made.into_iter().flat_map(|made| &made.legs);
            legs.any(|leg| matches!(leg.change, LegChange::Also { person: who, .. } if who == person))
        };
        let handover = |others: &Shift, asks: Option<&OverrideId>| Handover {
            rota: rota.clone(),
            at,
            until: after.until,
            others: people(others).filter_map(|person| name(directory, person)).collect(),
            open: open_in(directory, board, rota),
            asks: asks.cloned(),
        };
        // Whoever stays on for somebody else is no news to themselves as a turn that begins.
        let stays = |shift: &Shift, person| {
            let mut duties = shift.duties.iter().filter(|duty| duty.person == person);
            duties.any(|duty| matches!(&duty.reason, Reason::Override { id, of: None } if made_by_house(directory, id)))
        };
        for person in people(&after) {
            if stays(&after, person) && !stays(&before, person) {
                let key = format!("rota {rota} stays {} {person}", at.as_micros());
                tellings.push(telling(&key, person, About::ShiftStays(handover(&after, None))));
            } else if !is_in(&before, person) {
                let key = format!("rota {rota} begins {} {person}", at.as_micros());
                let handover = handover(&before, asks.map(|_| &id));
                tellings.push(telling(&key, person, About::ShiftBegins(handover)));
            }
        }
        for person in people(&before).filter(|&person| goes(person) && !stays_on(person)) {
            let key = format!("rota {rota} ends {} {person}", at.as_micros());
            tellings.push(telling(&key, person, About::ShiftEnds(handover(&after, None))));
        }
    }
}

fn made_by_house(directory: &Directory, id: &OverrideId) -> bool {
    directory.overrides().get(id).is_some_and(|decided| decided.by == Some(Author::House))
}

fn people(shift: &Shift) -> impl Iterator<Item = PersonId> {
    shift.duties.iter().map(|duty| duty.person)
}

fn name(directory: &Directory, person: PersonId) -> Option<Sealed<String>> {
    directory.people().get(&person).map(|person| person.name.clone())
}

/// The open alerts that this rota may be paged about, oldest first.
fn open_in(directory: &Directory, board: &Board, rota: &RotaId) -> Vec<AlertId> {
    let means_it = |target: &Target| matches!(target, Target::Rota { rota: of, .. } if of == rota);
    let concerns = |service: &events::ServiceId| {
        let policy = directory.services().get(service).map(|service| &service.policy);
        policy.and_then(|policy| directory.policies().get(policy)).is_some_and(|policy| {
            let steps = policy.steps.iter().flat_map(|step| &step.page);
            steps.chain(&policy.fallback).any(means_it)
        })
    };
    let problems = board.problems().into_iter();
    let open = problems.filter(|(_, card)| card.service.as_ref().is_some_and(concerns));
    open.map(|(alert, _)| alert).take(OPEN_MAX).collect()
}

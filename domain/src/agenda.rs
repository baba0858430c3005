//! What comes by itself, without anybody doing anything: work that begins or ends, and what people are to be told of
//! then and of turns that begin and end.

use std::collections::BTreeSet;

use events::event::alert::{About, Called, Handover};
use events::event::policy::Target;
use events::event::team::Handovers;
use events::{AlertId, DedupKey, PersonId, RotaId, Sealed, Span, SymptomId, Timestamp, WorkId};

use crate::alert::{MESSAGE_SOURCE, Telling, can_be_reached};
use crate::directory::{Directory, PlannedWork};
use crate::rota::Roster;
use crate::rota::shift::{self, Shift};
use crate::view::Board;

/// Whoever does planned work is told so long before its end; half its length before, when it is shorter than twice that.
pub const WORK_ENDS_BEFORE: Span = Span::from_minutes(15);
/// What should have been told longer ago than this is not told any more.
pub const TOLD_WITHIN: Span = Span::from_minutes(60);
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
        let first = shift::between(roster, now, now + AHEAD).into_iter().next()?;
        Some(first.until)
    });
    turns_of_work.into_iter().chain(reminders).chain(handovers).min()
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
    let is_there = |person: &PersonId| directory.people().get(person).is_some_and(|who| can_be_reached(who));
    tellings.retain(|telling| is_there(&telling.person));
    tellings
}

fn reminded_at(from: Timestamp, until: Timestamp) -> Timestamp {
    until - WORK_ENDS_BEFORE.min(until.since(from).half())
}

/// Rotas whose team wants handovers to be announced.
fn announced(directory: &Directory) -> impl Iterator<Item = (&RotaId, &Roster)> {
    let is_announced = |team: &events::TeamId| {
        directory.teams().get(team).is_some_and(|team| team.handovers == Handovers::Announced)
    };
    let rotas =
        directory.rotas().iter().filter(move |(_, rota)| rota.team.as_ref().is_some_and(is_announced));
    rotas.filter_map(|(rota, _)| Some((rota, directory.roster(rota)?)))
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
    // A turn that begins at the very edge has one before it.
    let edge = Span::from_seconds(1);
    let around = shift::between(roster, now - TOLD_WITHIN - edge, now + AHEAD);
    for pair in around.windows(2) {
        let [before, after] = pair else { continue };
        let at = after.from;
        if at > now || at + TOLD_WITHIN <= now {
            continue;
        }
        let open = open_in(directory, board, rota);
        let handover = |others: &Shift| Handover {
            rota: rota.clone(),
            at,
            until: after.until,
            others: people(others).filter_map(|person| name(directory, person)).collect(),
            open: open.clone(),
        };
        let is_in = |shift: &Shift, person| people(shift).any(|known| known == person);
        for person in people(after).filter(|&person| !is_in(before, person)) {
            let key = format!("rota {rota} begins {} {person}", at.as_micros());
            tellings.push(telling(&key, person, About::ShiftBegins(handover(before))));
        }
        for person in people(before).filter(|&person| !is_in(after, person)) {
            let key = format!("rota {rota} ends {} {person}", at.as_micros());
            tellings.push(telling(&key, person, About::ShiftEnds(handover(after))));
        }
    }
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

//! The problems of an alert that takes in more than the one that raised it, and what follows when one joins, changes or
//! is over.
//!
//! A problem joins while the group is open: for as long as problems of the service come soon after one another, nobody
//! wants to hear of the alert later, no planned work has it and nobody gave it to another team. Whoever is being paged
//! hears of late-comers by what is sent next; whoever has it is left alone until there are worse or many more.

use std::sync::Arc;

use events::event::alert::AlertEvent;
use events::event::signal::{Severity, Signal, Status};
use events::event::symptom::{Gathers, SymptomJoined};
use events::mutant::{self, Mutant};
use events::{Author, Sealed, SymptomId, Timestamp};

use super::command::{Refusal, SignalOrder};
use super::decide::advance_now;
use super::limit::{REPEATS_EVERY, SYMPTOMS_MAX};
use super::reach::Grounds;
use super::{Alert, HoldTerms, Phase, Raised, work};
use crate::aggregate::Draft;
use crate::routing::as_severe;

/// All problems of an alert that gathers them.
#[derive(Clone, Debug)]
pub(super) struct Symptoms {
    gathers: Gathers,
    all: Vec<Symptom>,
    last_joined_at: Timestamp,
    /// What whoever has it knew when they took it, or whoever is paged when paging began.
    known: Known,
}

/// One of them.
#[derive(Clone, Debug)]
struct Symptom {
    id: SymptomId,
    said: Arc<SymptomJoined>,
    severity: Severity,
    is_over: bool,
    /// When it had begun, as its source said when it was over.
    began_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    problems: u32,
    severity: Severity,
}

impl Symptoms {
    fn begin(gathers: Gathers, first: SymptomJoined, at: Timestamp) -> Self {
        let known = Known { problems: 1, severity: first.severity };
        let mut symptoms = Self { gathers, all: Vec::new(), last_joined_at: at, known };
        symptoms.join(first, at);
        symptoms
    }

    fn join(&mut self, joined: SymptomJoined, at: Timestamp) {
        let symptom = Symptom {
            id: SymptomId::derive(&joined.source, &joined.dedup_key),
            severity: joined.severity,
            is_over: false,
            began_at: None,
            said: Arc::new(joined),
        };
        match self.numbered(symptom.said.symptom) {
            Some(known) => *known = symptom,
            None => self.all.push(symptom),
        }
        self.last_joined_at = at;
    }

    fn numbered(&mut self, number: u32) -> Option<&mut Symptom> {
        self.all.get_mut(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    fn find(&self, id: SymptomId) -> Option<&Symptom> {
        self.all.iter().find(|symptom| symptom.id == id)
    }

    fn open(&self) -> impl Iterator<Item = &Symptom> {
        self.all.iter().filter(|symptom| !symptom.is_over)
    }

    fn open_count(&self) -> u32 {
        u32::try_from(self.open().count()).unwrap_or(u32::MAX)
    }

    /// The worst that is not over; the first of several.
    fn worst(&self) -> Option<&Symptom> {
        self.open().min_by_key(|symptom| (std::cmp::Reverse(symptom.severity), symptom.said.symptom))
    }

    fn next_number(&self) -> u32 {
        u32::try_from(self.all.len()).map_or(u32::MAX, |count| count.saturating_add(1))
    }

    /// There is worse, or much more, than was known.
    fn has_grown(&self) -> bool {
        let more = self.known.problems.saturating_add(self.gathers.again_after.max(self.known.problems));
        self.worst().is_some_and(|worst| worst.severity > self.known.severity) || self.open_count() >= more
    }
}

impl Alert {
    pub(super) fn gather(&mut self, raised: &Raised, at: Timestamp) {
        let first = SymptomJoined {
            symptom: 1,
            source: raised.source.clone(),
            dedup_key: raised.dedup_key.clone(),
            severity: raised.severity,
            signal: raised.signal.clone(),
            route: raised.assignment.as_ref().map_or(0, |assignment| assignment.route),
        };
        self.symptoms = raised.gathers.clone().map(|gathers| Symptoms::begin(gathers, first, at));
    }

    pub(super) fn join_symptom(&mut self, joined: &SymptomJoined, at: Timestamp) {
        if let Some(symptoms) = &mut self.symptoms {
            symptoms.join(joined.clone(), at);
        }
        if let (Phase::Held { .. }, Some(hold)) = (&self.phase, &mut self.hold) {
            hold.joined = hold.joined.saturating_add(1);
        }
        self.weigh(at);
    }

    pub(super) fn change_symptom(&mut self, number: u32, severity: Severity, at: Timestamp) {
        if let Some(symptom) = self.symptoms.as_mut().and_then(|symptoms| symptoms.numbered(number)) {
            symptom.severity = severity;
        }
        self.weigh(at);
    }

    pub(super) fn clear_symptom(&mut self, number: u32, started_at: Option<Timestamp>, at: Timestamp) {
        if let Some(symptom) = self.symptoms.as_mut().and_then(|symptoms| symptoms.numbered(number)) {
            symptom.is_over = true;
            symptom.began_at = started_at;
        }
        self.weigh(at);
    }

    /// It is as bad as the worst of its problems.
    fn weigh(&mut self, at: Timestamp) {
        self.signal_recorded_at = at;
        if let Some(worst) = self.symptoms.as_ref().and_then(Symptoms::worst) {
            self.severity = worst.severity;
        }
    }

    /// Whoever is paged from now on, or has it, knows what there is.
    pub(super) fn know_symptoms(&mut self) {
        if let Some(symptoms) = &mut self.symptoms {
            symptoms.known = Known { problems: symptoms.open_count(), severity: self.severity };
        }
    }

    /// Lets go of what was said of its problems.
    pub(super) fn forget_symptoms(&mut self) {
        for symptom in self.symptoms.iter_mut().flat_map(|symptoms| &mut symptoms.all) {
            Arc::make_mut(&mut symptom.said).signal = Sealed::Shut;
        }
    }

    /// How many problems it is about that are not over; 1 where it is about one alone.
    pub fn problems_count(&self) -> u32 {
        self.symptoms.as_ref().map_or(1, |symptoms| symptoms.open_count().max(1))
    }

    /// What is said of the worst problem that is not over; of the one that raised it when all are.
    pub(super) fn worst_signal(&self) -> Option<&Signal> {
        let worst = self.symptoms.as_ref().and_then(Symptoms::worst);
        worst.map_or_else(|| self.subject()?.signal.open(), |worst| worst.said.signal.open())
    }

    /// Every problem that it is about besides the one that raised it, over or not.
    pub fn joined_symptoms(&self) -> impl Iterator<Item = SymptomId> {
        self.symptoms.iter().flat_map(|symptoms| symptoms.all.iter().skip(1).map(|symptom| symptom.id))
    }

    /// While problems of its service may join it: for how long after the last one, when that came, and how many there are.
    pub fn open_group(&self) -> Option<OpenGroup> {
        let symptoms = self.symptoms.as_ref()?;
        let (within, last_joined_at) = (symptoms.gathers.within, symptoms.last_joined_at);
        let group = OpenGroup { within, last_joined_at, count: symptoms.all.len() };
        self.takes_more().then_some(group)
    }

    fn takes_more(&self) -> bool {
        let is_on = match &self.phase {
            Phase::Open { .. } | Phase::Acknowledged { .. } => true,
            Phase::Held { .. } => self.hold.as_ref().is_some_and(|hold| hold.unless_joined > 0),
            Phase::Unraised | Phase::Resolved { .. } => false,
        };
        let has_room = self.symptoms.as_ref().is_some_and(|symptoms| symptoms.all.len() < SYMPTOMS_MAX);
        is_on && has_room && self.work.is_none() && self.handed.is_none()
    }
}

/// Problems of its service may join an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenGroup {
    /// For so long after the last one.
    pub within: events::Span,
    /// When the last one joined.
    pub last_joined_at: Timestamp,
    /// How many there are.
    pub count: usize,
}

/// A source said something about one of the alert's problems, or about one that may become one of them.
pub(super) fn take(
    draft: &mut Draft<Alert>,
    grounds: Grounds<'_>,
    order: &SignalOrder,
) -> Result<(), Refusal> {
    let at = draft.at();
    let Some(symptoms) = &draft.state().symptoms else { return Err(Refusal::GroupClosed) };
    let id = SymptomId::derive(&order.source, &order.dedup_key);
    let known = symptoms.find(id);
    let began_at = order.signal.started_at;
    let severity = grounds.directory.severity(&order.source, &order.signal, at);
    let stands = known.map(|symptom| (symptom.said.symptom, symptom.severity, symptom.is_over));
    match (stands, order.signal.status) {
        (Some((_, _, true)) | None, Status::Resolved) => {}
        (Some((symptom, _, false)), Status::Resolved) => {
            let started_at = began_at.or_else(|| known?.said.signal.open()?.started_at);
            let is_last = symptoms.open_count() == 1 || symptom == 1 && mutant::is_on(Mutant::EndWithFirst);
            if is_last {
                let started_at = if symptom == 1 { started_at } else { draft.state().started_at() };
                draft.push(AlertEvent::Resolved { by: Author::Source(order.source.clone()), started_at });
            } else {
                draft.push(AlertEvent::SymptomCleared { symptom, started_at });
            }
        }
        // It was over before this was said of it.
        (Some((_, _, true)), Status::Firing)
            if known
                .and_then(|known| known.began_at)
                .is_some_and(|over| began_at.is_some_and(|at| at <= over)) => {}
        (Some((symptom, _, true)), Status::Firing) => join(draft, grounds, order, symptom)?,
        (Some((symptom, before, false)), Status::Firing) if before != severity => {
            draft.push(AlertEvent::SymptomChanged { symptom, severity });
            follow(draft, grounds, false);
        }
        (Some((_, _, false)), Status::Firing) => {
            if at.since(draft.state().signal_recorded_at) >= REPEATS_EVERY {
                draft.push(AlertEvent::Repeated);
            }
        }
        (None, Status::Firing) => {
            let is_late = at.since(symptoms.last_joined_at) > symptoms.gathers.within;
            if is_late || !draft.state().takes_more() {
                return Err(Refusal::GroupClosed);
            }
            if order.arrives_late() {
                return Ok(());
            }
            let number = symptoms.next_number();
            join(draft, grounds, order, number)?;
        }
    }
    Ok(())
}

fn join(
    draft: &mut Draft<Alert>,
    grounds: Grounds<'_>,
    order: &SignalOrder,
    number: u32,
) -> Result<(), Refusal> {
    let assignment = grounds.directory.assignment(&order.source, &order.signal, draft.at());
    let (assignment, severity) = assignment.ok_or(Refusal::NoRoute)?;
    let subject = draft.state().subject().ok_or(Refusal::NotRaised)?;
    let own = subject.assignment.as_ref().map(|own| &own.service);
    // The problem that raised the alert has nowhere else to go: all that is said of it comes here.
    let is_own = number == 1;
    // Planned work may take it although it did not take the others.
    let would_go = own != Some(&assignment.service)
        || work::would_take(grounds.directory, &assignment.service, order, draft.at());
    if would_go && !is_own {
        return Err(Refusal::GoesAlone);
    }
    if mutant::is_on(Mutant::LoseJoined) {
        return Ok(());
    }
    let owner = subject.texts_owner();
    draft.push(AlertEvent::SymptomJoined(Box::new(SymptomJoined {
        symptom: number,
        source: order.source.clone(),
        dedup_key: order.dedup_key.clone(),
        severity,
        signal: Sealed::new(owner, as_severe(&order.signal, severity)),
        route: assignment.route,
    })));
    follow(draft, grounds, true);
    Ok(())
}

/// What follows when there is more, or worse.
fn follow(draft: &mut Draft<Alert>, grounds: Grounds<'_>, has_joined: bool) {
    let state = draft.state();
    match &state.phase {
        Phase::Held { .. } => {
            let enough = |hold: &HoldTerms| hold.unless_joined > 0 && hold.joined >= hold.unless_joined;
            let ends =
                has_joined && state.hold.as_ref().is_some_and(enough) || state.severity == Severity::Critical;
            if ends {
                draft.push(AlertEvent::HoldEnded);
                advance_now(draft, grounds);
            }
        }
        Phase::Acknowledged { .. } => {
            let has_grown = state.symptoms.as_ref().is_some_and(Symptoms::has_grown);
            if has_grown && !mutant::is_on(Mutant::GrowSilently) {
                let (problems, severity) = (state.problems_count(), state.severity);
                draft.push(AlertEvent::Grown { problems, severity });
                advance_now(draft, grounds);
            }
        }
        // What is sent next says how many there are.
        Phase::Open { .. } | Phase::Unraised | Phase::Resolved { .. } => {}
    }
}

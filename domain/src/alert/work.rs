//! How planned work has an alert: its workers are paged before anybody else, or nobody is; and then it lets go.
//!
//! ```text
//!          matching work is on                 nobody took it within the wait
//! begun ───────────────────────► with worker ───────────────────────────────► with on call
//!   ▲  └─► held, when the work holds    │ ends                                    │ ends, and the worker has it
//!   └───────────────────────────────────┴────────────────────────────────────────┘
//! ```

use events::event::alert::{AlertEvent, Called, Occasion, Taken, Why, WorkEntered};
use events::event::signal::Severity;
use events::event::work::WorkKind;
use events::mutant::{self, Mutant};
use events::{Author, Sealed, ServiceId, Span, Timestamp};

use super::reach::{Grounds, order_pages};
use super::{Alert, Phase, SignalOrder, can_be_reached};
use crate::aggregate::Draft;
use crate::directory::{Directory, WorkOn};
use crate::work::Taker;

/// Planned work that has, or had, the alert in its present generation.
#[derive(Clone, Debug)]
pub(super) struct AtWork {
    pub(super) works: Vec<Taken>,
    pub(super) stage: WorkStage,
}

/// Where an alert stands with the work that took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkStage {
    /// Nobody is paged before the work ends.
    Holding,
    /// Whoever does the work was paged, and nobody else because of it.
    WithWorker,
    /// Whoever does the work did not take it in time: on call was paged as well.
    WithOnCall,
    /// The work is over.
    Over,
}

impl AtWork {
    /// When all of it is over, as far as was known.
    fn ends_at(&self) -> Timestamp {
        self.works.iter().map(|taken| taken.ends_at).max().unwrap_or_default()
    }
}

impl Alert {
    /// The planned work that took it in its present generation, and where it stands with it.
    pub fn work(&self) -> Option<(&[Taken], WorkStage)> {
        self.work.as_ref().map(|work| (work.works.as_slice(), work.stage))
    }

    /// The work without which it would be with on call, or with somebody who is not doing the work.
    fn work_that_has_it(&self) -> Option<&AtWork> {
        let work = self.work.as_ref()?;
        let has_it = match (&self.phase, work.stage) {
            (Phase::Held { .. }, WorkStage::Holding)
            | (Phase::Open { .. } | Phase::Acknowledged { .. }, WorkStage::WithWorker) => true,
            (
                Phase::Acknowledged { by: Author::Person(by), .. },
                WorkStage::WithOnCall | WorkStage::Holding,
            ) => work.works.iter().any(|taken| taken.worker == *by),
            _ => false,
        };
        has_it.then_some(work)
    }

    /// True while planned work has it: a change of the work is its business, also when nobody is being paged.
    pub fn is_with_work(&self) -> bool {
        self.work_that_has_it().is_some()
    }

    /// When the work that has it ends.
    pub(super) fn work_deadline(&self) -> Option<Timestamp> {
        let held = matches!(self.phase, Phase::Held { .. });
        self.work_that_has_it()
            .filter(|_| !held && !mutant::is_on(Mutant::ForgetEndOfWork))
            .map(AtWork::ends_at)
    }

    pub(super) fn enter_work(&mut self, entered: &WorkEntered, at: Timestamp) {
        let is_reached = !entered.called.is_empty();
        let stage = if is_reached { WorkStage::WithWorker } else { WorkStage::WithOnCall };
        self.work = Some(AtWork { works: entered.works.clone(), stage });
        self.cursor.with_worker = true;
        if self.cursor.is_at_start() {
            self.cursor.since = at;
        }
        self.phase = Phase::Open { until: entered.until };
    }

    pub(super) fn hold_for_work(&mut self, taken: &Taken, at: Timestamp) {
        self.go_quiet(Phase::Held { until: taken.ends_at }, at);
        self.work = Some(AtWork { works: vec![taken.clone()], stage: WorkStage::Holding });
    }

    pub(super) fn move_work(&mut self, until: Timestamp) {
        let Some(work) = &mut self.work else { return };
        for taken in &mut work.works {
            taken.ends_at = until;
        }
        if let (Phase::Held { until: held }, WorkStage::Holding) = (&mut self.phase, work.stage) {
            *held = until;
        }
    }

    /// Whatever had it has it no more, in this way.
    pub(super) fn pass_work(&mut self, stage: WorkStage) {
        if let Some(work) = &mut self.work {
            work.stage = stage;
        }
    }

    /// What planned work is asked about it; nothing for what is no problem.
    fn taker(&self) -> Option<Taker<'_>> {
        let subject = self.subject()?;
        if subject.occasion != Occasion::Problem {
            return None;
        }
        let labels = subject.signal.open().map(|signal| &signal.labels);
        Some(Taker { service: &subject.assignment.as_ref()?.service, source: &subject.source, labels })
    }

    /// The work that is on now and takes it: all that sends it to a worker, else one that holds it. A critical alert is
    /// never held.
    fn works_that_take_it<'d>(&self, directory: &'d Directory, now: Timestamp) -> Vec<(WorkOn<'d>, Taken)> {
        let Some(taker) = self.taker() else { return Vec::new() };
        let matching = directory.works_on(now).filter(|on| on.takes(&taker));
        let mut works: Vec<_> = matching.filter_map(|on| Some((on, taken(directory, on)?))).collect();
        let routes = works.iter().any(|(_, taken)| taken.kind == WorkKind::Route);
        if routes {
            works.retain(|(_, taken)| taken.kind == WorkKind::Route);
        } else if self.severity == Severity::Critical {
            works.clear();
        } else {
            works.sort_by_key(|(_, taken)| std::cmp::Reverse(taken.ends_at));
            works.truncate(1);
        }
        works
    }
}

/// Planned work as an event says it; none when its worker's key was destroyed with all that was said of it.
fn taken(directory: &Directory, on: WorkOn<'_>) -> Option<Taken> {
    let planned = on.work.state.planned()?;
    let name = directory.people().get(&planned.worker).map_or(Sealed::Shut, |worker| worker.name.clone());
    Some(Taken {
        work: on.id.clone(),
        kind: planned.kind,
        worker: planned.worker,
        name,
        what: planned.what.clone(),
        ends_at: on.span.until,
    })
}

/// True when planned work that is on now would take an alert of this service about what is said.
pub(super) fn would_take(
    directory: &Directory,
    service: &ServiceId,
    order: &SignalOrder,
    now: Timestamp,
) -> bool {
    let taker = Taker { service, source: &order.source, labels: Some(&order.signal.labels) };
    directory.works_on(now).any(|on| on.takes(&taker))
}

/// Lets planned work take the alert if any matches. True when on call waits: somebody who does the work is paged, or
/// nobody is before its end.
pub(super) fn enter(draft: &mut Draft<Alert>, grounds: Grounds<'_>, late: Option<Span>) -> bool {
    let (now, directory) = (draft.at(), grounds.directory);
    let works = draft.state().works_that_take_it(directory, now);
    let Some((_, first)) = works.first() else { return false };
    if mutant::is_on(Mutant::IgnoreWork) {
        return false;
    }
    if first.kind == WorkKind::Hold {
        draft.push(AlertEvent::HeldForWork(Box::new(first.clone())));
        return true;
    }
    let mut called: Vec<Called> = Vec::new();
    let mut waits: Vec<Span> = Vec::new();
    for (on, taken) in &works {
        let is_reached = directory.people().get(&taken.worker).is_some_and(|worker| can_be_reached(worker));
        let wait = on.work.state.planned().map(|planned| planned.wait);
        if let Some(wait) = wait.filter(|_| is_reached) {
            waits.push(wait);
            if !called.iter().any(|known| known.person == taken.worker) {
                let why = Why::Work { work: taken.work.clone(), until: taken.ends_at };
                called.push(Called { person: taken.worker, why });
            }
        }
    }
    let state = draft.state();
    // An escalation that was under way keeps the time that its step still had.
    let step_until = match state.phase {
        Phase::Open { until } if state.cursor.round > 0 => until,
        _ => now,
    };
    // Whom the present step has paged already is not paged twice.
    let to_page: Vec<Called> = called
        .iter()
        .filter(|called| {
            let paged = |page: &super::Page| {
                page.person == called.person && !page.stopped && page.ordered_at >= state.cursor.since
            };
            !state.pages.iter().any(paged)
        })
        .cloned()
        .collect();
    let until = waits.into_iter().min().map_or(step_until, |wait| (now + wait).max(step_until));
    let is_reached = !called.is_empty();
    let works = works.into_iter().map(|(_, taken)| taken).collect();
    draft.push(AlertEvent::WorkEntered(Box::new(WorkEntered { works, called, until, late })));
    order_pages(draft, grounds, &to_page);
    is_reached
}

/// What the work that has the alert means now: it may end at another moment, or be over. True when it is over.
pub(super) fn follow(draft: &mut Draft<Alert>, directory: &Directory) -> bool {
    let now = draft.at();
    let Some(work) = draft.state().work_that_has_it() else { return false };
    let known = work.ends_at();
    let lasting = directory.works_on(now).filter(|on| work.works.iter().any(|taken| taken.work == *on.id));
    match lasting.map(|on| on.span.until).max() {
        Some(until) if until == known => false,
        Some(until) => {
            draft.push(AlertEvent::WorkMoved { until });
            false
        }
        None => {
            let works = work.works.iter().map(|taken| taken.work.clone()).collect();
            draft.push(AlertEvent::WorkLeft { works });
            true
        }
    }
}

/// Planned work has begun in the middle of an escalation, and has not had the alert yet.
pub(super) fn is_new(alert: &Alert, directory: &Directory, now: Timestamp) -> bool {
    let known = |taken: &Taken| {
        let present = alert.work.as_ref().filter(|work| work.stage != WorkStage::Over);
        present.is_some_and(|work| work.works.iter().any(|known| known.work == taken.work))
    };
    let works = alert.works_that_take_it(directory, now);
    works.iter().any(|(_, taken)| !known(taken))
}

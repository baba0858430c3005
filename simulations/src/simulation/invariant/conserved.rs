//! 10, conserved: every accepted signal is accounted for: it raised an alert that is paged, held, taken or over, or
//! that has nobody to page, which the operators were told; it joined a named alert; or it came too late to be news.
//!
//! The house's own ledger is held against a second count, made here from the records alone and without its states: it
//! never differs from itself, and once both of its sides know the whole log it counts as is counted here.

use std::collections::{BTreeMap, BTreeSet};

use domain::ledger::{Reading, Sums, Tally, Whereabouts};
use events::event::alert::{AlertEvent, Occasion};
use events::event::outcome::{DeliveryStatus, Outcome};
use events::event::signal::Status;
use events::{Author, Timestamp};

use super::{Found, GRACE};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Accepted, Evidence, History, Stand};

/// Nothing is under way: how the house's own ledger stands. `is_whole` when it knows all that the log has.
pub fn at_rest(evidence: &Evidence, reading: &Reading, is_whole: bool) -> Found {
    if reading.difference != 0 {
        return Err(format!("the ledger differs: {reading:?}"));
    }
    // What was set aside is not counted by its history.
    if !is_whole || reading.sums.of(Whereabouts::SetAside) > 0 {
        return Ok(());
    }
    let mut sums = Sums::default();
    for history in evidence.histories.values() {
        if let Some(tally) = tally(history) {
            sums.add(&tally);
        }
    }
    if is_same(&reading.sums, &sums) && sums.total() == reading.accepted && reading.under_way == 0 {
        return Ok(());
    }
    Err(format!("the ledger says {reading:?}, and the log tells of {sums:?}"))
}

/// The ledger counts as the records do; only what is reported of an alert that was over and at rest changes nothing in it
/// any more.
fn is_same(ledger: &Sums, log: &Sums) -> bool {
    let changes_nothing = [Whereabouts::Over, Whereabouts::Paged, Whereabouts::Rerouted];
    let mut others =
        Whereabouts::ALL.into_iter().filter(|whereabouts| !changes_nothing.contains(whereabouts));
    others.all(|whereabouts| ledger.of(whereabouts) == log.of(whereabouts))
        && ledger.total() == log.total()
        && ledger.of(Whereabouts::Over) >= log.of(Whereabouts::Over)
}

/// What an alert counts for, by its records; none for what is no problem.
fn tally(history: &History) -> Option<Tally> {
    let is_problem = |event: &AlertEvent| matches!(event, AlertEvent::Raised(raised) if raised.occasion == Occasion::Problem);
    history.facts.first().filter(|fact| is_problem(&fact.event))?;
    let mut told = Told::default();
    history.facts.iter().for_each(|fact| told.take(&fact.event));
    let is_over = history.stand == Stand::Resolved;
    let whereabouts = told.whereabouts(history.stand);
    Some(Tally { problems: told.problems, whereabouts, is_over, raised_at: Timestamp::default() })
}

/// What planned work does with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Work {
    /// Nothing, or nothing any more.
    #[default]
    Gone,
    /// Whoever does it was paged, and on call was not because of that.
    Pages,
    /// Nobody is paged before its end.
    Holds,
}

/// What records tell of where a problem is.
#[derive(Debug, Default)]
struct Told {
    problems: u32,
    has_paged: bool,
    has_paged_worker: bool,
    work: Work,
    has_nobody: bool,
    pages_for_work: BTreeSet<u32>,
    page_of: BTreeMap<u32, u32>,
}

impl Told {
    fn take(&mut self, event: &AlertEvent) {
        match event {
            AlertEvent::Raised(_) | AlertEvent::SymptomJoined(_) => self.problems += 1,
            AlertEvent::WorkEntered(entered) => {
                self.work = if entered.called.is_empty() { Work::Gone } else { Work::Pages };
            }
            AlertEvent::HeldForWork(_) => self.work = Work::Holds,
            AlertEvent::Held { .. } | AlertEvent::StepEntered(_) | AlertEvent::StepEmpty { .. } => {
                self.work = Work::Gone;
            }
            AlertEvent::FallbackEntered { called, .. } => {
                self.work = Work::Gone;
                self.has_nobody = called.is_empty();
            }
            AlertEvent::HoldEnded
            | AlertEvent::AcknowledgementLapsed
            | AlertEvent::Grown { .. }
            | AlertEvent::WorkLeft { .. } => self.begin(),
            AlertEvent::HandedOver { by, .. } if *by != Author::House => self.begin(),
            AlertEvent::PageOrdered(ordered) => {
                self.has_nobody = false;
                if self.work == Work::Pages {
                    self.pages_for_work.insert(ordered.page);
                }
            }
            AlertEvent::AttemptStarted(started) => {
                self.page_of.insert(started.attempt, started.page);
            }
            AlertEvent::AttemptEnded(ended) if ended.outcome == Outcome::Accepted => {
                self.has_gone_out(ended.attempt);
            }
            AlertEvent::StatusReported { attempt, status, .. } if *status != DeliveryStatus::Undelivered => {
                self.has_gone_out(*attempt);
            }
            _ => {}
        }
    }

    const fn begin(&mut self) {
        self.work = Work::Gone;
        self.has_nobody = false;
    }

    fn has_gone_out(&mut self, attempt: u32) {
        match self.page_of.get(&attempt).map(|page| self.pages_for_work.contains(page)) {
            Some(true) => self.has_paged_worker = true,
            Some(false) => self.has_paged = true,
            None => {}
        }
    }

    const fn whereabouts(&self, stand: Stand) -> Whereabouts {
        match stand {
            _ if self.has_paged => Whereabouts::Paged,
            Stand::Acknowledged(_) | Stand::Resolved if self.has_paged_worker => Whereabouts::Rerouted,
            Stand::Acknowledged(_) => Whereabouts::Acknowledged,
            Stand::Resolved => Whereabouts::Over,
            Stand::Held(_) if matches!(self.work, Work::Holds) => Whereabouts::HeldForWork,
            Stand::Held(_) => Whereabouts::Held,
            Stand::Open(_) if self.has_nobody => Whereabouts::Nobody,
            Stand::Open(_) if self.has_paged_worker && matches!(self.work, Work::Pages) => {
                Whereabouts::Rerouted
            }
            Stand::Open(_) => Whereabouts::Waiting,
        }
    }
}

/// The end.
pub fn at_end(evidence: &Evidence, end: Moment) -> Found {
    for accepted in evidence.accepted.iter().filter(|accepted| accepted.status == Status::Firing) {
        match accepted.alert.map(|alert| (alert, evidence.histories.get(&alert))) {
            Some((_, Some(history))) => is_paged(evidence, history, end)?,
            None if is_late(evidence, accepted) => {}
            None => return Err("a firing signal was accepted and belongs to no alert".to_owned()),
            Some((alert, None)) => {
                return Err(format!("a signal of {alert} was accepted, and there is no such alert"));
            }
        }
    }
    Ok(())
}

fn is_paged(evidence: &Evidence, history: &History, end: Moment) -> Found {
    let is_accounted = !history.pages.is_empty()
        || !history.is_open()
        || evidence.nobody_to_page.contains(&history.alert)
        || evidence.able(history.began, end) <= GRACE;
    if is_accounted { Ok(()) } else { Err(format!("{} is open, and nobody was ever paged", history.alert)) }
}

/// True when the symptom was over already, with a problem that had not begun earlier than this one.
fn is_late(evidence: &Evidence, accepted: &Accepted) -> bool {
    evidence.was_over(accepted.symptom, accepted.started_at)
}

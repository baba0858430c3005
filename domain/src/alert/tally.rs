//! What an alert counts for in the ledger.

use events::event::alert::{AttemptEnded, Occasion};
use events::event::outcome::{DeliveryStatus, Outcome};

use super::{Alert, Phase, WorkStage};
use crate::ledger::{Tally, Whereabouts};

/// What is remembered of an alert for it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    /// How many problems were accepted into it.
    pub(super) problems: u32,
    /// Somebody was paged who is not so because of planned work.
    has_paged: bool,
    /// Whoever does planned work was paged.
    has_paged_worker: bool,
    /// In its fallback it had nobody to page.
    pub(super) has_nobody: bool,
}

impl Alert {
    /// What it counts for; none for what is no problem, or not there yet.
    pub fn tally(&self) -> Option<Tally> {
        let subject = self.subject().filter(|subject| subject.occasion == Occasion::Problem)?;
        Some(Tally {
            problems: self.counted.problems,
            whereabouts: self.whereabouts(),
            is_over: matches!(self.phase, Phase::Resolved { .. }),
            raised_at: subject.raised_at,
        })
    }

    fn whereabouts(&self) -> Whereabouts {
        let Counted { has_paged, has_paged_worker, has_nobody, .. } = self.counted;
        let stage = self.work.as_ref().map(|work| work.stage);
        match &self.phase {
            _ if has_paged => Whereabouts::Paged,
            Phase::Resolved { .. } | Phase::Acknowledged { .. } if has_paged_worker => Whereabouts::Rerouted,
            Phase::Resolved { .. } => Whereabouts::Over,
            Phase::Acknowledged { .. } => Whereabouts::Acknowledged,
            Phase::Held { .. } if stage == Some(WorkStage::Holding) => Whereabouts::HeldForWork,
            Phase::Held { .. } => Whereabouts::Held,
            Phase::Open { .. } if has_nobody => Whereabouts::Nobody,
            Phase::Open { .. } if has_paged_worker && stage == Some(WorkStage::WithWorker) => {
                Whereabouts::Rerouted
            }
            Phase::Open { .. } | Phase::Unraised => Whereabouts::Waiting,
        }
    }

    /// A page was taken by its provider.
    fn has_gone_out(&mut self, attempt: u32) {
        let known = self.attempts.iter().find(|known| known.started.attempt == attempt);
        let page = known.and_then(|known| self.page(known.started.page));
        match page.map(|page| page.is_for_work) {
            Some(true) => self.counted.has_paged_worker = true,
            Some(false) => self.counted.has_paged = true,
            None => {}
        }
    }

    /// It is known what became of a try. To be told before the alert forgets it.
    pub(super) fn count_end(&mut self, ended: &AttemptEnded) {
        if ended.outcome == Outcome::Accepted {
            self.has_gone_out(ended.attempt);
        }
    }

    /// The provider told what became of a try.
    pub(super) fn count_report(&mut self, attempt: u32, status: DeliveryStatus) {
        if status != DeliveryStatus::Undelivered {
            self.has_gone_out(attempt);
        }
    }
}

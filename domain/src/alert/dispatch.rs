//! What leaves the house because of an event.

use events::event::alert::{AlertEvent, AttemptStarted, Occasion};
use events::event::outcome::DeliveryStatus;
use events::mutant::{self, Mutant};
use events::{AttemptId, PersonId};

use super::{Alert, AttemptState, WorkStage};
use crate::port::{Dispatch, Errand, Fate, Notice, WorkNote};

/// The annotation in which Prometheus' rules name a runbook.
const RUNBOOK_DETAIL: &str = "runbook_url";

pub(super) fn dispatch(alert: &Alert, event: &AlertEvent) -> Option<Dispatch> {
    if let AlertEvent::AttemptStarted(started) = event {
        let notice = alert.notice(started)?;
        return alert.dispatch_to(started, Errand::Page(Box::new(notice)));
    }
    if let AlertEvent::RecallStarted { attempt, timeout_at, .. } = event {
        let rings = alert.attempts.iter().find(|known| known.started.attempt == *attempt)?;
        let receipt = match &rings.state {
            AttemptState::Taken { receipt: Some(receipt), .. } => Some(receipt.id.clone()),
            AttemptState::Lost { .. } => None,
            AttemptState::Taken { receipt: None, .. } | AttemptState::InFlight { .. } => return None,
        };
        let started = AttemptStarted { timeout_at: *timeout_at, ..rings.started.clone() };
        return alert.dispatch_to(&started, Errand::Recall { receipt });
    }
    None
}

/// What a channel is told of what its provider took.
pub(super) fn fate(alert: &Alert, event: &AlertEvent) -> Option<Fate> {
    let (number, has_arrived) = match event {
        AlertEvent::ReportOverdue { attempt } => (attempt, false),
        AlertEvent::StatusReported { attempt, status, .. } => match status {
            DeliveryStatus::Undelivered => (attempt, false),
            DeliveryStatus::Delivered | DeliveryStatus::Read | DeliveryStatus::Answered => (attempt, true),
            DeliveryStatus::Queued | DeliveryStatus::Sent => return None,
        },
        _ => return None,
    };
    let started = &alert.attempts.iter().find(|known| known.started.attempt == *number)?.started;
    let rung = alert.rung_of(started)?;
    Some(Fate {
        attempt: AttemptId { alert: alert.subject()?.id, page: started.page, attempt: *number },
        channel: rung.channel,
        via: started.via.clone().or_else(|| rung.via.clone()),
        person: alert.page(started.page)?.person,
        contact: rung.contact.clone(),
        has_arrived,
    })
}

impl Alert {
    fn dispatch_to(&self, started: &AttemptStarted, errand: Errand) -> Option<Dispatch> {
        let page = self.page(started.page)?;
        let number = if mutant::is_on(Mutant::AddressFirstRung) { 1 } else { started.rung };
        let rung = &page.rungs.get(usize::try_from(number).ok()?.checked_sub(1)?)?.rung;
        Some(Dispatch {
            attempt: AttemptId { alert: self.subject()?.id, page: started.page, attempt: started.attempt },
            channel: rung.channel,
            via: started.via.clone().or_else(|| rung.via.clone()),
            has_alternative: matches!(errand, Errand::Page(_)) && page.has_alternative(started),
            // Without its key there is no address any more; the channel refuses an empty one, and the page climbs.
            address: rung.address.open().cloned().unwrap_or_default(),
            language: page.language,
            time_zone: page.time_zone.clone(),
            expires_at: started.timeout_at,
            errand,
            with: Vec::new(),
        })
    }

    /// Where it is written what to do: the alert's own runbook, else its service's.
    pub fn runbook(&self) -> Option<String> {
        let subject = self.subject()?;
        let own = subject.signal.open().and_then(|signal| signal.details.get(RUNBOOK_DETAIL).cloned());
        own.or_else(|| subject.assignment.as_ref()?.runbook.clone())
    }

    fn notice(&self, started: &AttemptStarted) -> Option<Notice> {
        let subject = self.subject()?;
        let assignment = subject.assignment.as_ref();
        let person = self.page(started.page)?.person;
        let worst = self.worst_signal();
        Some(Notice {
            code: subject.id.code(),
            person,
            generation: self.generation,
            summary: worst.map(|signal| signal.summary.clone()).unwrap_or_default(),
            finding: worst.and_then(|signal| signal.finding),
            problems: self.problems_count(),
            severity: self.severity,
            service: assignment.map(|assignment| assignment.service_name.clone()),
            runbook: self.runbook(),
            raised_at: subject.raised_at,
            repeat: started.repeat,
            late: started.late,
            test: matches!(subject.occasion, Occasion::Test { .. }),
            reference_only: assignment.is_some_and(|assignment| assignment.reference_only),
            work: self.work_note(person),
            message: match &subject.occasion {
                Occasion::Message { about, .. } => Some((**about).clone()),
                Occasion::Problem | Occasion::Test { .. } => None,
            },
        })
    }

    /// The work that a page to this person speaks of: their own before anybody else's.
    fn work_note(&self, person: PersonId) -> Option<WorkNote> {
        let (works, stage) = self.work()?;
        let own = works.iter().find(|taken| taken.worker == person);
        let taken = own.or_else(|| works.first())?;
        Some(WorkNote {
            worker: taken.name.open().cloned().unwrap_or_default(),
            what: taken.what.open().cloned().unwrap_or_default(),
            ends_at: taken.ends_at,
            stage: if own.is_some() && stage == WorkStage::WithOnCall {
                WorkStage::WithWorker
            } else {
                stage
            },
        })
    }
}

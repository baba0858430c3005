//! What is told to the alerts behind a dispatch: of one message, each attempt that went out in it is told the same.

use domain::alert::Order;
use domain::port::{Dispatch, Hold, Report};
use events::AttemptId;
use events::event::alert::Receipt;
use events::event::outcome::{DeliveryStatus, Outcome};

use crate::alert::Work;
use crate::shell::Provenance;
use crate::switchboard::SwitchboardMessage;

/// True when nothing went out for certain, so that the address can be sent something else.
pub const fn is_unspent(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed { .. } | Outcome::Refused(_))
}

/// What became of a dispatch, and of all that went out with it.
pub fn reports(dispatch: &Dispatch, report: Report) -> Vec<SwitchboardMessage> {
    if dispatch.with.is_empty() {
        return vec![SwitchboardMessage::reported(dispatch, report)];
    }
    let lead = dispatch.attempt;
    let carries = dispatch.with.iter().map(|carried| carried.attempt).collect();
    // What rings is stopped when somebody has the first of them: the others have ladders of their own.
    let receipt = report.receipt.as_ref().map(|receipt| Receipt { rings_until: None, ..receipt.clone() });
    let of_others = Report { receipt, with: Some(lead), ..report.clone() };
    let mut messages = vec![SwitchboardMessage::reported(dispatch, Report { carries, ..report })];
    messages.extend(dispatch.with.iter().map(|other| SwitchboardMessage::reported(other, of_others.clone())));
    messages
}

/// A dispatch is put off.
pub fn held(dispatch: &Dispatch, hold: Hold) -> SwitchboardMessage {
    order(dispatch.attempt, Order::ReportHeld { attempt: dispatch.attempt.attempt, hold })
}

/// What a provider reports of a message is true of all that went out in it.
pub fn status(carried: AttemptId, status: DeliveryStatus, detail: &str) -> SwitchboardMessage {
    let detail = detail.to_owned();
    order(carried, Order::ReportStatus { attempt: carried.attempt, status, detail })
}

fn order(attempt: AttemptId, order: Order) -> SwitchboardMessage {
    let work = Work { order, provenance: Provenance::deadline(), accepted_at: None, reply: None };
    SwitchboardMessage::Order { alert: attempt.alert, work: Box::new(work) }
}

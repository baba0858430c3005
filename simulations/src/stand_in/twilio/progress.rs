//! What becomes of an SMS after it was accepted, and who is told.

use std::time::Duration;

use super::Twilio;
use crate::behaviour::{Behaviour, FailedState};
use crate::ledger::Call;
use crate::moment;

/// Unreachable destination handset: <https://www.twilio.com/docs/errors/30003>.
const UNREACHABLE: u32 = 30_003;

/// Moves a message from state to state and reports each, as far as the behaviour lets it.
pub async fn deliver(twilio: Twilio, sid: String, behaviour: Behaviour) {
    let steps: Vec<(&'static str, Option<u32>)> = match &behaviour {
        Behaviour::ReportFailed { state: FailedState::Failed, error_code } => {
            vec![("failed", Some(error_code.unwrap_or(UNREACHABLE)))]
        }
        Behaviour::ReportFailed { state: FailedState::Undelivered, error_code } => {
            vec![("sent", None), ("undelivered", Some(error_code.unwrap_or(UNREACHABLE)))]
        }
        _ => vec![("sent", None), ("delivered", None)],
    };
    let copies = match &behaviour {
        Behaviour::ReportMissing => 0,
        Behaviour::ReportDuplicated { copies } => *copies,
        _ => 1,
    };
    if let Behaviour::ReportLate { ms } = &behaviour {
        moment::pause(Duration::from_millis(*ms)).await;
    }
    for (status, error_code) in steps {
        moment::pause(twilio.options().step).await;
        let changed = twilio.lock().get_mut(&sid).map(|message| {
            message.become_status(status, error_code);
            message.clone()
        });
        let Some(message) = changed else { return };
        let Some(url) = message.status_callback.clone() else { continue };
        for _ in 0..copies {
            let fields = message.report_fields();
            twilio.post_signed(Call::Report, url.clone(), fields, sid.clone(), behaviour.clone()).await;
        }
    }
}

//! What becomes of a message after it was taken, and where that is told.

use std::time::Duration;

use super::Kannel;
use super::escape::Codes;
use super::message::Message;
use crate::behaviour::{Behaviour, FailedState};
use crate::fields::Fields;
use crate::ledger::Call;
use crate::moment;

/// One report: its type and what the network said.
type Step = (u8, &'static str);

/// What a network says of a phone that cannot be reached, in the words of an SMPP receipt.
const UNDELIVERED: &str = "id:7 sub:001 dlvrd:000 stat:UNDELIV err:027 text:";
/// What it says when all is well.
const DELIVERED: &str = "id:7 sub:001 dlvrd:001 stat:DELIVRD err:000 text:";

/// Moves a message on and reports each step that was asked for, as far as the behaviour lets it.
pub async fn deliver(kannel: Kannel, message: Message, behaviour: Behaviour) {
    let steps: &[Step] = match &behaviour {
        Behaviour::ReportFailed { state: FailedState::Failed, .. } => {
            &[(16, "NACK/0x0000000b/Invalid Destination Address")]
        }
        Behaviour::ReportFailed { state: FailedState::Undelivered, .. } => &[(8, "ACK/"), (2, UNDELIVERED)],
        _ => &[(8, "ACK/"), (1, DELIVERED)],
    };
    let copies = match &behaviour {
        Behaviour::ReportMissing => 0,
        Behaviour::ReportDuplicated { copies } => *copies,
        _ => 1,
    };
    if let Behaviour::ReportLate { ms } = &behaviour {
        moment::pause(Duration::from_millis(*ms)).await;
    }
    for &(kind, answer) in steps {
        moment::pause(kannel.options().step).await;
        let Some(pattern) = message.report_url.as_ref().filter(|_| message.mask & kind != 0) else {
            continue;
        };
        for _ in 0..copies {
            // Each report is a message of its own.
            let id = kannel.shared.mint.uuid();
            let kind = kind.to_string();
            let codes = Codes {
                sender: &message.from,
                receiver: &message.to,
                id: &id,
                kind: &kind,
                answer,
                ..Codes::default()
            };
            let fields = [("type", kind.as_str()), ("to", &message.to), ("answer", answer)];
            let fields: Fields =
                fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            kannel.fetch(Call::Report, codes.fill(pattern), fields, id.clone(), behaviour.clone()).await;
        }
    }
}

//! Whether what came more than once had to, and says so.
//!
//! The sends of one alert to one contact, in the order of their arrival, are the tries of one planned send, then of
//! the next one. What follows something that had arrived says that it is a repeat, and between the two lies a reason:
//! the process was killed or stopped, or the provider misbehaved.

use std::slice;

use super::fault::Kind;
use super::household::{Contact, SENDS_EVERY_MS, says_repeat};
use super::lives::Lives;
use crate::behaviour::Behaviour;
use crate::ledger::Entry;

/// The clock of the house and that of the providers are one wall clock, read at different moments.
const CLOCKS_DIFFER_MS_MAX: u64 = 50;

/// What came of the sends to one contact.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Repeats {
    /// Sends that say that they may have come before.
    pub labelled: u64,
    /// Sends that arrived where the same planned send had arrived before.
    pub arrived_again: u64,
    /// Repeats that say so, and that neither a kill, a stop nor a misbehaviour explains.
    pub without_cause: u64,
    /// The most tries of one planned send that its provider saw.
    pub tries_max: u64,
    /// What is wrong.
    pub faults: Vec<(Kind, String)>,
}

/// Judges the sends of one alert to one contact. The alert was not raised before `raised_at`.
pub fn judge(contact: &Contact, raised_at: u64, sends: &[&Entry], lives: &Lives) -> Repeats {
    let mut found = Repeats::default();
    let (mut planned, mut tries, mut has_arrived) = (0, 0, false);
    // Counted from the plan and not from the send before: that may itself have been late.
    let planned_at = |planned: u64| raised_at + contact.after_ms() + planned * SENDS_EVERY_MS;
    let mut before: Option<&Entry> = None;
    for (place, &send) in sends.iter().enumerate() {
        let is_labelled = says_repeat(&send.text);
        found.labelled += u64::from(is_labelled);
        let is_next = !is_labelled
            && has_arrived
            && planned < contact.sends
            && send.at_ms + CLOCKS_DIFFER_MS_MAX >= planned_at(planned);
        if planned == 0 || is_next {
            (planned, tries, has_arrived) = (planned + 1, 0, false);
        } else if let Some(before) = before {
            let (was, is) = (before.seq, send.seq);
            if has_arrived && !is_labelled {
                let sentence = format!("#{is} follows what had arrived and does not say that it is a repeat");
                found.faults.push((Kind::Unlabelled, sentence));
            }
            // Where several sends are planned, the repeat of one may come in the same moment as the next one, and in
            // front of it or after it: its reason then lies further back.
            let (from, earlier) = if contact.sends > 1 {
                (raised_at, &sends[..place])
            } else {
                (before.at_ms, slice::from_ref(&before))
            };
            let has_cause = earlier.iter().any(|earlier| earlier.behaviour != Behaviour::Accept)
                || lives.was_cut(from, send.at_ms);
            found.without_cause += u64::from(is_labelled && !has_cause);
            if !has_cause {
                let sentence = format!("#{is} follows #{was} without any reason");
                found.faults.push((Kind::RepeatedWithoutCause, sentence));
            }
        }
        tries += 1;
        found.tries_max = found.tries_max.max(tries);
        found.arrived_again += u64::from(has_arrived && send.processed);
        has_arrived |= send.processed;
        before = Some(send);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::household::CONTACTS;
    use super::*;
    use crate::ledger::{Answer, Call, Provider};

    fn send(at_ms: u64, text: &str, behaviour: Behaviour) -> Entry {
        Entry {
            seq: at_ms,
            at_ms,
            provider: Provider::Twilio,
            call: Call::Send,
            destination: "x".to_owned(),
            text: text.to_owned(),
            fields: crate::fields::Fields::new(),
            processed: behaviour.processes(),
            behaviour,
            receipt: None,
            answer: Answer::default(),
        }
    }

    fn judged(contact: usize, sends: &[Entry]) -> Repeats {
        let mut lives = Lives::new(500);
        lives.start(0);
        lives.end(1_000);
        lives.start(1_001);
        judge(&CONTACTS[contact], 0, &sends.iter().collect::<Vec<_>>(), &lives)
    }

    fn kinds(found: &Repeats) -> Vec<Kind> {
        found.faults.iter().map(|(kind, _)| *kind).collect()
    }

    const ONCE: usize = 1;
    const TWICE: usize = 4;
    const FINE: Behaviour = Behaviour::Accept;

    #[test]
    fn a_repeat_has_a_reason_and_says_so() {
        let good = judged(ONCE, &[send(900, "x", FINE), send(1_050, "x (repeat)", FINE)]);
        assert_eq!((good.faults.len(), good.labelled, good.arrived_again, good.tries_max), (0, 1, 1, 2));
        let silent = judged(ONCE, &[send(900, "x", FINE), send(1_050, "x", FINE)]);
        assert_eq!(kinds(&silent), [Kind::Unlabelled]);
        let without = judged(ONCE, &[send(3_000, "x", FINE), send(3_100, "x (repeat)", FINE)]);
        assert_eq!(kinds(&without), [Kind::RepeatedWithoutCause]);
    }

    #[test]
    fn what_did_not_arrive_comes_again_without_a_label() {
        let fails = Behaviour::Fail { status: None };
        let found = judged(ONCE, &[send(3_000, "x", fails.clone()), send(5_000, "x", FINE)]);
        assert!(found.faults.is_empty() && found.arrived_again == 0, "{found:?}");
        let hung = Behaviour::Hang { processed: true };
        assert_eq!(
            kinds(&judged(ONCE, &[send(3_000, "x", hung), send(5_000, "x", FINE)])),
            [Kind::Unlabelled]
        );
    }

    #[test]
    fn a_second_planned_send_is_no_repeat() {
        let found = judged(TWICE, &[send(5_000, "x", FINE), send(8_000, "x", FINE)]);
        assert!(found.faults.is_empty() && found.arrived_again == 0, "{found:?}");
        // The first try died with its process and was never seen; its repeat came late, the second as planned.
        let late = judged(TWICE, &[send(7_500, "x (repeat)", FINE), send(8_000, "x", FINE)]);
        assert!(late.faults.is_empty() && late.arrived_again == 0, "{late:?}");
        // The repeat of the first arrives together with the second, and after it.
        let together =
            judged(TWICE, &[send(900, "x", FINE), send(8_000, "x", FINE), send(8_000, "x (repeat)", FINE)]);
        assert!(together.faults.is_empty() && together.arrived_again == 1, "{together:?}");
        let third = judged(TWICE, &[send(5_000, "x", FINE), send(8_000, "x", FINE), send(11_000, "x", FINE)]);
        assert_eq!(kinds(&third), [Kind::Unlabelled]);
        let early = judged(TWICE, &[send(5_000, "x", FINE), send(7_000, "x", FINE)]);
        assert_eq!(kinds(&early), [Kind::Unlabelled]);
    }
}

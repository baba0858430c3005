//! Whether what came more than once had to, and says so.
//!
//! The sends of one alert to one contact, in the order of their arrival, are the tries of one planned send, then of
//! the next one. What follows something that had arrived says that it is a repeat, and between the two lies a reason:
//! the process was killed or stopped, or the provider misbehaved.

use super::fault::Kind;
use super::household::{Contact, SENDS_EVERY_MS, says_repeat};
use super::lives::Lives;
use crate::behaviour::Behaviour;
use crate::ledger::Entry;

/// Two planned sends may be nearer than planned by this much, in milliseconds: what was measured is their arrival.
const NEARER_MS_MAX: u64 = 600;

/// What came of the sends to one contact.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Repeats {
    /// Sends that say that they may have come before.
    pub labelled: u64,
    /// Sends that arrived where the same planned send had arrived before.
    pub arrived_again: u64,
    /// The most tries of one planned send that its provider saw.
    pub tries_max: u64,
    /// What is wrong.
    pub faults: Vec<(Kind, String)>,
}

/// Judges the sends of one alert to one contact.
pub fn judge(contact: &Contact, sends: &[&Entry], lives: &Lives) -> Repeats {
    let mut found = Repeats::default();
    let (mut planned, mut tries, mut first_at, mut has_arrived) = (0, 0, 0, false);
    let mut before: Option<&Entry> = None;
    for send in sends {
        let is_labelled = says_repeat(&send.text);
        found.labelled += u64::from(is_labelled);
        let is_next = !is_labelled
            && (planned == 0
                || has_arrived
                    && planned < contact.sends
                    && send.at_ms + NEARER_MS_MAX >= first_at + SENDS_EVERY_MS);
        if planned == 0 || is_next {
            (planned, tries, first_at, has_arrived) = (planned + 1, 0, send.at_ms, false);
        } else if let Some(before) = before {
            let (was, is) = (before.seq, send.seq);
            if has_arrived && !is_labelled {
                let sentence = format!("#{is} follows what had arrived and does not say that it is a repeat");
                found.faults.push((Kind::Unlabelled, sentence));
            }
            let has_cause = before.behaviour != Behaviour::Accept || lives.was_cut(before.at_ms, send.at_ms);
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
        let mut lives = Lives::default();
        lives.start(0);
        lives.end(1_000);
        lives.start(1_001);
        judge(&CONTACTS[contact], &sends.iter().collect::<Vec<_>>(), &lives)
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
        let found = judged(TWICE, &[send(3_000, "x", FINE), send(6_000, "x", FINE)]);
        assert!(found.faults.is_empty() && found.arrived_again == 0, "{found:?}");
        let third = judged(TWICE, &[send(3_000, "x", FINE), send(6_000, "x", FINE), send(9_000, "x", FINE)]);
        assert_eq!(kinds(&third), [Kind::Unlabelled, Kind::RepeatedWithoutCause]);
        let early = judged(TWICE, &[send(3_000, "x", FINE), send(4_000, "x", FINE)]);
        assert_eq!(kinds(&early), [Kind::Unlabelled, Kind::RepeatedWithoutCause]);
    }
}

//! How much one address is sent: carriers drop what comes faster, without a word. What was sent in the last hour is
//! remembered by address. It outlives a fall of the channel's room, and is told from the log after a start.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::port::Hold;
use events::event::alert::PaceLimit;
use events::mutant::{self, Mutant};
use events::{AttemptId, Span, Timestamp};

/// No limit counts over a longer span than this: what was sent before is forgotten.
pub const SPAN_MAX: Span = Span::from_minutes(60);

/// So many addresses are remembered for one channel; more let go of the one that was written to longest ago.
pub const ADDRESSES_MAX: usize = 10_000;

/// No limit counts more messages than this, so that so many moments are kept of one address.
pub const COUNT_MAX: u32 = 1_000;

/// So long after the moment for which an address was put off, what comes to it is waited for.
const PROMISE_KEPT: Span = Span::from_seconds(60);

/// The limits of a channel, and what was sent over it. Clones share what was sent.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    limits: Arc<[PaceLimit]>,
    addresses: Arc<Mutex<BTreeMap<String, Sends>>>,
}

/// What one address was sent.
#[derive(Debug, Default)]
struct Sends {
    /// In order of time.
    sends: VecDeque<Sent>,
    /// Something was put off until then.
    promised: Option<Timestamp>,
}

#[derive(Debug)]
struct Sent {
    /// Nobody asks any more for which attempt after a start.
    attempt: Option<AttemptId>,
    at: Timestamp,
}

impl Pace {
    /// These limits; none at all when there are none.
    pub fn new(limits: &[PaceLimit]) -> Self {
        let within = |limit: &PaceLimit| PaceLimit {
            count: limit.count.clamp(1, COUNT_MAX),
            span: limit.span.min(SPAN_MAX),
        };
        Self { limits: limits.iter().map(within).collect(), addresses: Arc::default() }
    }

    /// True when there is a limit.
    pub fn is_set(&self) -> bool {
        !self.limits.is_empty()
    }

    /// Until when an address has to wait that was sent what is remembered and `waiting` more that have not gone out
    /// yet; none when it does not.
    pub fn hold(&self, address: &str, waiting: u32, now: Timestamp) -> Option<Hold> {
        if mutant::is_on(Mutant::OutrunCarriers) {
            return None;
        }
        let addresses = self.addresses();
        let known = addresses.get(address);
        if mutant::is_on(Mutant::HoldFirstPage) && known.is_none() && self.is_set() {
            return Some(Hold { until: now + PROMISE_KEPT + PROMISE_KEPT, limit: self.limits[0] });
        }
        let sends = known.map(|known| &known.sends);
        // What is about to go out counts as if it went now.
        let moments = || {
            let waiting = std::iter::repeat_n(now, usize::try_from(waiting).unwrap_or(usize::MAX));
            waiting.chain(sends.into_iter().flatten().rev().map(|sent| sent.at.min(now)))
        };
        let full = self.limits.iter().filter_map(|&limit| {
            let last = moments().nth(usize::try_from(limit.count).unwrap_or(usize::MAX).checked_sub(1)?)?;
            let until = last + limit.span;
            (until > now).then_some(Hold { until, limit })
        });
        full.max_by_key(|hold| hold.until)
    }

    /// Something goes out to this address.
    pub fn spend(&self, address: &str, attempt: AttemptId, now: Timestamp) {
        self.remember(address, Some(attempt), now);
    }

    /// It went out before this start.
    pub fn recall(&self, address: &str, at: Timestamp) {
        self.remember(address, None, at);
    }

    fn remember(&self, address: &str, attempt: Option<AttemptId>, at: Timestamp) {
        if !self.is_set() {
            return;
        }
        let mut addresses = self.addresses();
        if !addresses.contains_key(address) && addresses.len() >= ADDRESSES_MAX {
            let last = |known: &Sends| known.sends.back().map(|sent| sent.at);
            addresses.retain(|_, known| last(known).is_some_and(|last| last + SPAN_MAX > at));
            if addresses.len() >= ADDRESSES_MAX {
                let oldest = addresses.iter().min_by_key(|(_, known)| last(known));
                if let Some(oldest) = oldest.map(|(address, _)| address.clone()) {
                    addresses.remove(&oldest);
                }
            }
        }
        let known = addresses.entry(address.to_owned()).or_default();
        while known.sends.front().is_some_and(|sent| sent.at + SPAN_MAX <= at) {
            known.sends.pop_front();
        }
        if known.sends.len() >= usize::try_from(COUNT_MAX).unwrap_or(usize::MAX) {
            known.sends.pop_front();
        }
        known.sends.push_back(Sent { attempt, at });
        known.promised = None;
    }

    /// It certainly did not go out after all.
    pub fn give_back(&self, address: &str, attempt: AttemptId) {
        if let Some(known) = self.addresses().get_mut(address) {
            known.sends.retain(|sent| sent.attempt != Some(attempt));
        }
    }

    /// What comes to this address was put off until then.
    pub fn promise(&self, address: &str, until: Timestamp) {
        self.addresses().entry(address.to_owned()).or_default().promised = Some(until);
    }

    /// True when something was put off that comes about now: it is worth a moment to send it in one message.
    pub fn is_promised(&self, address: &str, now: Timestamp) -> bool {
        let promised = self.addresses().get(address).and_then(|known| known.promised);
        promised.is_some_and(|until| now < until + PROMISE_KEPT)
    }

    fn addresses(&self) -> MutexGuard<'_, BTreeMap<String, Sends>> {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use events::event::sample::{self, at};

    use super::*;

    const ANNA: &str = "+4930";

    fn attempt(attempt: u32) -> AttemptId {
        AttemptId { alert: sample::alert(), page: 1, attempt }
    }

    /// The limits that carriers have.
    fn pace() -> Pace {
        let limit = |count, minutes| PaceLimit { count, span: Span::from_minutes(minutes) };
        Pace::new(&[limit(1, 1), limit(5, 15), limit(12, 60)])
    }

    fn until(pace: &Pace, now: u64) -> Option<u64> {
        pace.hold(ANNA, 0, at(now)).map(|hold| hold.until.since(at(0)).as_seconds())
    }

    #[test]
    fn the_first_goes_at_once_and_the_next_a_minute_later() {
        let pace = pace();
        assert_eq!(until(&pace, 0), None);
        pace.spend(ANNA, attempt(1), at(0));
        assert_eq!(until(&pace, 0), Some(60));
        assert_eq!(until(&pace, 59), Some(60));
        assert_eq!(until(&pace, 60), None);
        assert_eq!(pace.hold("+39", 0, at(0)), None, "another number");
    }

    #[test]
    fn what_waits_for_its_turn_counts_too() {
        assert_eq!(pace().hold(ANNA, 1, at(0)).map(|hold| hold.until), Some(at(60)));
    }

    #[test]
    fn a_day_of_sends_as_early_as_possible_keeps_every_limit() {
        let pace = pace();
        let mut sent: Vec<u64> = Vec::new();
        for second in 0..6 * 60 * 60 {
            if until(&pace, second).is_none() {
                pace.spend(ANNA, attempt(u32::try_from(second).unwrap_or_default()), at(second));
                sent.push(second);
            }
        }
        for (count, span) in [(1, 60), (5, 15 * 60), (12, 60 * 60)] {
            assert!(sent.windows(count + 1).all(|some| some[count] - some[0] >= span), "{count} in {span} s");
        }
        assert_eq!(sent.len(), 6 * 12, "and no less than they let through");
    }

    #[test]
    fn what_did_not_go_out_is_given_back() {
        let pace = pace();
        pace.spend(ANNA, attempt(1), at(0));
        pace.give_back(ANNA, attempt(1));
        assert_eq!(until(&pace, 1), None);
    }

    #[test]
    fn what_lies_ahead_of_the_clock_waits_no_longer_than_its_span() {
        let pace = pace();
        pace.recall(ANNA, at(10_000));
        assert_eq!(until(&pace, 100), Some(160));
    }

    #[test]
    fn a_promise_is_kept_for_a_minute_and_ends_with_the_next_send() {
        let pace = pace();
        pace.promise(ANNA, at(60));
        assert!(pace.is_promised(ANNA, at(61)) && !pace.is_promised(ANNA, at(120)));
        pace.spend(ANNA, attempt(1), at(61));
        assert!(!pace.is_promised(ANNA, at(61)));
    }

    #[test]
    fn memory_is_bounded() {
        let pace = pace();
        for number in 0..u64::try_from(ADDRESSES_MAX).unwrap_or_default() + 10 {
            pace.spend(&format!("+49{number:08}"), attempt(1), at(number / 10));
        }
        assert_eq!(pace.addresses().len(), ADDRESSES_MAX);
        assert_eq!(pace.hold("+4900000000", 0, at(20)), None, "the oldest went");
        assert!(pace.hold("+4900010009", 0, at(1_001)).is_some());
        let free = Pace::default();
        free.spend(ANNA, attempt(1), at(0));
        assert!(free.addresses().is_empty() && !free.is_set());
    }
}

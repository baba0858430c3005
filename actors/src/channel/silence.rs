//! A provider that takes everything and delivers nothing: after several pages to several people that were reported as
//! undelivered, or not reported in time, it is passed over while there is another one, and one page now and then tries
//! whether it is over. What no provider but this one can take goes to it as ever.

use std::collections::{BTreeMap, BTreeSet};

use domain::port::Fate;
use events::mutant::{self, Mutant};
use events::{AlertId, ContactId, PersonId, Span, Timestamp};

/// So many pages in a row that did not arrive open the breaker.
pub const SILENCES: usize = 4;

/// Of one contact method so many count at most: a telephone that is switched off says nothing about its carrier.
pub const SILENCES_PER_CONTACT_MAX: usize = 2;

/// One page tries again after this long. It loses the time that its report may take.
pub const SILENCE_PAUSE: Span = Span::from_minutes(5);

/// What was heard of what a provider took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Silence {
    /// What did not arrive since something last did: of which alerts, by whom it was to reach. No more than opens
    /// the breaker.
    missed: BTreeMap<(PersonId, ContactId), BTreeSet<AlertId>>,
    /// Since when it is passed over.
    open_since: Option<Timestamp>,
    /// From when on the next page tries whether it is over.
    next_try_at: Timestamp,
}

impl Silence {
    /// Since when its provider is passed over; none when it is not.
    pub(super) const fn open_since(&self) -> Option<Timestamp> {
        self.open_since
    }

    /// Something that the provider took has arrived, or has not.
    pub(super) fn heard(&mut self, fate: Fate, now: Timestamp) {
        if fate.has_arrived {
            *self = Self::default();
            return;
        }
        if self.open_since.is_some() || mutant::is_on(Mutant::TrustSilentProviders) {
            return;
        }
        let of_contact = self.missed.entry((fate.person, fate.contact)).or_default();
        if of_contact.len() < SILENCES_PER_CONTACT_MAX {
            of_contact.insert(fate.attempt.alert);
        }
        if self.missed.values().map(BTreeSet::len).sum::<usize>() >= SILENCES {
            self.open_since = Some(now);
            self.next_try_at = now + SILENCE_PAUSE;
        }
    }

    /// True when a page that another provider can take is to go there.
    pub(super) fn passes_over(&self, now: Timestamp) -> bool {
        self.open_since.is_some() && now < self.next_try_at
    }

    /// A page goes out although another provider can take it: the next such one after a pause.
    pub(super) fn tried(&mut self, now: Timestamp) {
        self.next_try_at = now + SILENCE_PAUSE;
    }
}

#[cfg(test)]
mod tests {
    use events::AttemptId;
    use events::event::person::ChannelKind;
    use events::event::sample::{self, at};

    use super::*;

    fn fate(ordinal: u32, contact: &str, has_arrived: bool) -> Fate {
        Fate {
            attempt: AttemptId { alert: AlertId { ordinal, ..sample::alert() }, page: 1, attempt: 1 },
            channel: ChannelKind::SMS,
            via: None,
            person: sample::anna(),
            contact: contact.into(),
            has_arrived,
        }
    }

    fn after(fates: &[(u32, &str, bool)]) -> Silence {
        let mut silence = Silence::default();
        for (alert, contact, has_arrived) in fates {
            silence.heard(fate(*alert, contact, *has_arrived), at(7));
        }
        silence
    }

    #[test]
    fn four_pages_to_several_people_that_did_not_arrive_open_it_and_what_arrives_closes_it() {
        let mut silence = after(&[(1, "sms-1", false), (1, "sms-2", false), (2, "sms-1", false)]);
        assert_eq!(silence.open_since(), None);
        assert!(!silence.passes_over(at(7)));
        silence.heard(fate(2, "sms-2", false), at(8));
        assert_eq!(silence.open_since(), Some(at(8)));
        assert!(silence.passes_over(at(9)));
        silence.heard(fate(1, "sms-1", true), at(10));
        assert_eq!(silence, Silence::default());
        assert!(!silence.passes_over(at(10)));
    }

    #[test]
    fn one_dead_contact_never_opens_it_and_one_alert_counts_once() {
        let alerts: Vec<_> = (0..100).map(|alert| (alert, "sms-1", false)).collect();
        assert_eq!(after(&alerts).open_since(), None);
        let again = [(1, "sms-1", false), (1, "sms-2", false)].repeat(50);
        assert_eq!(after(&again).open_since(), None);
        let with_another = [alerts, vec![(1, "sms-2", false)]].concat();
        assert_eq!(after(&with_another).open_since(), None);
    }

    #[test]
    fn what_arrives_in_between_starts_the_count_anew() {
        let fates = [
            (1, "sms-1", false),
            (1, "sms-2", false),
            (2, "sms-1", false),
            (3, "sms-3", true),
            (2, "sms-2", false),
        ];
        assert_eq!(after(&fates).open_since(), None);
    }

    #[test]
    fn after_each_pause_one_page_tries_whether_it_is_over() {
        let mut silence =
            after(&[(1, "sms-1", false), (1, "sms-2", false), (1, "sms-3", false), (1, "sms-4", false)]);
        let pause = SILENCE_PAUSE;
        assert!(silence.passes_over(at(6) + pause));
        assert!(!silence.passes_over(at(7) + pause));
        silence.tried(at(7) + pause);
        assert!(silence.passes_over(at(7) + pause), "only one");
        silence.heard(fate(9, "sms-9", false), at(100) + pause);
        assert!(silence.passes_over(at(6) + pause + pause));
        assert!(!silence.passes_over(at(7) + pause + pause));
    }
}

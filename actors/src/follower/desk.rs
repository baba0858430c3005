//! What is asked when, and what follows from the answer: no mailbox, no clock, no provider. Whoever runs it asks what
//! it says and brings it what was heard.

use std::collections::{BTreeMap, BTreeSet};

use domain::alert::Order;
use domain::directory::Directory;
use domain::port::{AccountLimits, News, Tap};
use domain::view::reached::Ringing;
use events::event::alert::Way;
use events::event::outcome::DeliveryStatus;
use events::event::person::ChannelKind;
use events::{AlertId, Author, ChannelId, PersonId, Span, Timestamp};

use crate::alarm::Trouble;

/// What rings or can be answered is asked about this often.
pub const ASK_EVERY: Span = Span::from_seconds(10);
/// Once it has rung, or waited for an answer, for [`LONG`].
const ASK_EVERY_LATER: Span = Span::from_seconds(30);
/// So long is long.
const LONG: Span = Span::from_minutes(5);
/// Nothing is asked about more often, whoever calls. Source: <https://pushover.net/api/receipts>.
pub const ASK_EVERY_MIN: Span = Span::from_seconds(5);
/// A provider that does not answer is asked more and more rarely, but this often at least.
const ASK_EVERY_MAX: Span = Span::from_seconds(120);
/// So long an answer may take.
const ASK_WITHIN: Span = Span::from_seconds(15);

/// The operators are told when less than this of an account's messages is left, in per cent, and again at the next.
const LOW_PER_CENT: [u64; 2] = [10, 2];

/// What was noted about what rings or can be answered.
#[derive(Debug, Default)]
pub struct Desk {
    followed: BTreeMap<Box<str>, Followed>,
    /// How many of [`LOW_PER_CENT`] the operators were told of.
    told: BTreeMap<ChannelId, usize>,
}

#[derive(Debug)]
struct Followed {
    since: Timestamp,
    /// When it was asked about last.
    asked_at: Option<Timestamp>,
    is_under_way: bool,
    /// Somebody says that there is news.
    is_called: bool,
    /// How often in a row nothing was learnt.
    silences: u32,
    /// How far it is, as the alert was told.
    told: Option<DeliveryStatus>,
    /// There is nothing more to learn.
    is_done: bool,
}

/// A question for a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Which receipt is asked about.
    pub receipt: String,
    /// Its handle for that.
    pub handle: String,
    /// The kind of channel.
    pub channel: ChannelKind,
    /// Which channel of that kind; the first one when nothing is said.
    pub via: Option<ChannelId>,
    /// How long the answer may take.
    pub within: Span,
}

impl Followed {
    const fn new(since: Timestamp) -> Self {
        Self {
            since,
            asked_at: None,
            is_under_way: false,
            is_called: false,
            silences: 0,
            told: None,
            is_done: false,
        }
    }

    fn due_at(&self, now: Timestamp) -> Timestamp {
        let usual = if now.since(self.since) > LONG { ASK_EVERY_LATER } else { ASK_EVERY };
        let wait = match self.silences {
            0 => usual,
            silences => usual.times(1 << silences.min(4)).min(ASK_EVERY_MAX),
        };
        match self.asked_at {
            Some(asked_at) => asked_at + if self.is_called { ASK_EVERY_MIN } else { wait },
            None if self.is_called => now,
            None => self.since + wait,
        }
    }

    /// An answer that does not come, because whoever asked fell over, is not waited for.
    fn is_waiting(&self, now: Timestamp) -> bool {
        self.is_under_way && self.asked_at.is_some_and(|asked_at| asked_at + ASK_WITHIN.times(2) > now)
    }
}

impl Desk {
    /// What is to be asked now: one question at a time over each channel, so that no page waits behind it, what is due
    /// longest first.
    pub fn look<'a>(
        &mut self,
        ringing: impl Iterator<Item = (&'a str, &'a [Ringing])>,
        now: Timestamp,
    ) -> Vec<Ask> {
        let rings: BTreeMap<&str, &Ringing> =
            ringing.filter_map(|(receipt, attempts)| Some((receipt, attempts.first()?))).collect();
        self.followed.retain(|receipt, _| rings.contains_key(&**receipt));
        for receipt in rings.keys() {
            if !self.followed.contains_key(*receipt) {
                self.followed.insert((*receipt).into(), Followed::new(now));
            }
        }
        let line = |receipt: &str| rings.get(receipt).map(|ringing| (ringing.channel, ringing.via.clone()));
        let handle = |receipt: &str| rings.get(receipt).map_or("", |ringing| &ringing.handle).to_owned();
        let waiting = self.followed.iter().filter(|(_, followed)| followed.is_waiting(now));
        let mut busy: BTreeSet<_> = waiting.filter_map(|(receipt, _)| line(receipt)).collect();
        let mut due: Vec<(Timestamp, Box<str>)> = self
            .followed
            .iter()
            .filter(|(_, followed)| !followed.is_done && !followed.is_waiting(now))
            .map(|(receipt, followed)| (followed.due_at(now), receipt.clone()))
            .filter(|(due_at, _)| *due_at <= now)
            .collect();
        due.sort_unstable();
        let mut asks = Vec::new();
        for (_, receipt) in due {
            let Some((channel, via)) = line(&receipt).filter(|line| busy.insert(line.clone())) else {
                continue;
            };
            if let Some(followed) = self.followed.get_mut(&receipt) {
                *followed = Followed {
                    asked_at: Some(now),
                    is_under_way: true,
                    is_called: false,
                    ..std::mem::replace(followed, Followed::new(now))
                };
                asks.push(Ask {
                    handle: handle(&receipt),
                    receipt: receipt.into(),
                    channel,
                    via,
                    within: ASK_WITHIN,
                });
            }
        }
        asks
    }

    /// Somebody says that there is news: it is asked about as soon as it may be.
    pub fn called(&mut self, receipt: &str) {
        if let Some(followed) = self.followed.get_mut(receipt) {
            followed.is_called = true;
        }
    }

    /// What follows from an answer about `receipt`, which belongs to these attempts.
    pub fn heard(
        &mut self,
        receipt: &str,
        news: Option<News>,
        ringing: &[Ringing],
        directory: &Directory,
    ) -> Vec<(AlertId, Order)> {
        let Some(followed) = self.followed.get_mut(receipt) else { return Vec::new() };
        followed.is_under_way = false;
        let Some(news) = news else {
            followed.silences += 1;
            return Vec::new();
        };
        followed.silences = 0;
        // What was acknowledged or answered is asked about again until the alert knows.
        followed.is_done = news.expired && news.acknowledged.is_none() && news.answer.is_none();
        let status_told = followed.told;
        followed.told = status_told.max(news.status);
        let is_new = news.status > status_told;
        let mut orders = Vec::new();
        for Ringing { attempt, person, channel, .. } in ringing {
            let status = |status, detail| Order::ReportStatus { attempt: attempt.attempt, status, detail };
            if let Some(tap) = &news.acknowledged {
                let (person, detail) = taker(tap, *person, *channel, directory);
                let by = Author::Person(person);
                orders.push((attempt.alert, Order::Acknowledge { by, way: Way::Pushover }));
                orders.push((attempt.alert, status(DeliveryStatus::Read, detail)));
            } else if let Some(answer) = news.answer {
                let (by, detail) = (Author::Person(*person), news.detail.clone());
                orders.push((attempt.alert, Order::Answer { attempt: attempt.attempt, by, answer, detail }));
            } else if let Some(reported) = news.status.filter(|_| is_new) {
                orders.push((attempt.alert, status(reported, news.detail.clone())));
            }
        }
        orders
    }

    /// What a channel's account has left, and what the operators must hear of it: once for each mark that it falls
    /// below.
    pub fn account(&mut self, channel: &ChannelId, limits: Option<AccountLimits>) -> Option<Trouble> {
        let AccountLimits { limit, remaining, resets_at } = limits.filter(|limits| limits.limit > 0)?;
        let is_below = |mark: &&u64| u128::from(remaining) * 100 < u128::from(limit) * u128::from(**mark);
        let marks = LOW_PER_CENT.iter().filter(is_below).count();
        let told = self.told.insert(channel.clone(), marks).unwrap_or_default();
        let channel = channel.clone();
        (marks > told).then_some(Trouble::AccountLow { channel, limit, remaining, resets_at })
    }
}

/// Who has acknowledged, and what is noted of it: whose address it is, else whoever was paged.
fn taker(tap: &Tap, paged: PersonId, channel: ChannelKind, directory: &Directory) -> (PersonId, String) {
    let has_address = |person: &PersonId| {
        let contacts = directory.people().get(person).into_iter().flat_map(|person| person.contacts.values());
        contacts
            .filter(|contact| contact.channel == channel)
            .any(|contact| contact.address.open() == Some(&tap.by))
    };
    if tap.by.is_empty() || has_address(&paged) {
        return (paged, tap.device.clone());
    }
    match directory.people().keys().find(|person| has_address(person)) {
        Some(other) => (*other, tap.device.clone()),
        // A member of a group whom the house does not know.
        None => (paged, format!("{} ({})", tap.device, tap.by)),
    }
}

#[cfg(test)]
mod tests;

//! Whether the providers would take a page: asked at the start and every day, so that nobody finds out at night.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actors::alarm::{Bell, Trouble};
use adapters::channel::ReadyChannel;
use adapters::probe::{Ill, Probe};
use domain::port::Clock;
use events::{ChannelId, Span, Timestamp};

/// A provider with which something is wrong is asked again after this long.
const ILL_EVERY: Span = Span::from_minutes(15);

/// A provider that nobody reaches is asked so often before anybody is told: lines have hiccups.
const UNREACHABLE_TRIES: u32 = 3;

/// How long between these.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(20);

/// Operators are told again after this long, while it lasts.
const TELL_EVERY: Span = Span::from_minutes(24 * 60);

/// A certificate that runs out within this time is told.
const CERTIFICATE_LEFT_MIN: Span = Span::from_minutes(14 * 24 * 60);

/// What was found at one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// When it was asked.
    pub at: Timestamp,
    /// What it answered.
    pub probe: Probe,
    /// Since when something is wrong with it, as far as is known.
    pub ill_since: Option<Timestamp>,
    /// When the operators were told of what is wrong now.
    told_at: Option<Timestamp>,
}

/// Every configured channel, and what was found at its provider.
#[derive(Debug)]
pub struct Probes {
    channels: Vec<Arc<ReadyChannel>>,
    found: Mutex<BTreeMap<ChannelId, Found>>,
}

impl Probes {
    /// Nothing was asked yet.
    pub fn new(channels: Vec<Arc<ReadyChannel>>) -> Self {
        Self { channels, found: Mutex::default() }
    }

    /// Every channel in its order, with what was found at its provider, if that was asked.
    pub fn all(&self) -> Vec<(Arc<ReadyChannel>, Option<Found>)> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        self.channels.iter().map(|channel| (Arc::clone(channel), found.get(&channel.id).cloned())).collect()
    }

    /// Asks now and ever again: `every` so often while all is well, sooner while something is wrong.
    pub async fn keep(self: Arc<Self>, every: Span, bell: Bell, clock: Arc<dyn Clock>) {
        loop {
            let rounds = self.channels.iter().map(|channel| {
                let (own, bell, clock) = (Arc::clone(&self), bell.clone(), Arc::clone(&clock));
                let channel = Arc::clone(channel);
                tokio::spawn(async move { own.ask(&channel, &bell, &*clock).await })
            });
            for round in rounds.collect::<Vec<_>>() {
                // One that fell over is asked again with the next round.
                let _ = round.await;
            }
            let wait = if self.is_well() { every } else { every.min(ILL_EVERY) };
            pause(Duration::from(wait)).await;
        }
    }

    fn is_well(&self) -> bool {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.values().all(|found| found.ill_since.is_none())
    }

    async fn ask(&self, channel: &ReadyChannel, bell: &Bell, clock: &dyn Clock) {
        let Some(mut probe) = channel.provider.probe().await else { return };
        for _ in 1..UNREACHABLE_TRIES {
            if !matches!(probe.ill, Some(Ill::Unreachable(_))) {
                break;
            }
            pause(TRY_AGAIN_AFTER).await;
            probe = channel.provider.probe().await.unwrap_or_default();
        }
        if let Some(trouble) = self.take(&channel.id, probe, clock.now()) {
            bell.ring(trouble);
        }
    }

    /// Keeps what was found, and says what the operators are to be told, if anything.
    fn take(&self, channel: &ChannelId, probe: Probe, now: Timestamp) -> Option<Trouble> {
        let mut all = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let before = all.get(channel);
        let runs_out = probe.certificate_expires_at.filter(|&end| end <= now + CERTIFICATE_LEFT_MIN);
        let trouble = match (&probe.ill, runs_out) {
            (Some(ill), _) => {
                Some(Trouble::ProviderIll { channel: channel.clone(), words: ill.words().to_owned() })
            }
            (None, Some(ends_at)) => Some(Trouble::CertificateEnds { channel: channel.clone(), ends_at }),
            (None, None) => None,
        };
        let ill_since = probe.ill.is_some().then(|| before.and_then(|found| found.ill_since).unwrap_or(now));
        let told_at = before.and_then(|found| found.told_at).filter(|_| trouble.is_some());
        let is_due = told_at.is_none_or(|told| now.since(told) >= TELL_EVERY);
        let told_at = if trouble.is_some() && is_due { Some(now) } else { told_at };
        all.insert(channel.clone(), Found { at: now, probe, ill_since, told_at });
        trouble.filter(|_| is_due)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "outside the core, between questions: nothing else to wait for"
)]
async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: u64) -> Timestamp {
        Timestamp::default() + Span::from_minutes(minutes)
    }

    fn ill() -> Probe {
        Probe::ill(Ill::Unauthorized("wrong token".to_owned()))
    }

    #[test]
    fn what_is_wrong_is_told_once_a_day_and_again_when_it_comes_back() {
        let probes = Probes::new(Vec::new());
        let told = |probe: Probe, minutes| probes.take(&"sms".into(), probe, at(minutes)).is_some();
        assert!(!told(Probe::SOUND, 0));
        assert!(told(ill(), 10));
        assert!(!told(ill(), 25));
        assert!(told(ill(), 10 + 24 * 60));
        assert!(!told(Probe::SOUND, 11 + 24 * 60));
        assert!(told(ill(), 12 + 24 * 60), "it was well in between");
        let found = probes.found.lock().expect("one thread");
        assert_eq!(found[&ChannelId::from("sms")].ill_since, Some(at(12 + 24 * 60)));
    }

    #[test]
    fn a_certificate_is_told_two_weeks_before_it_ends() {
        let probes = Probes::new(Vec::new());
        let day = 24 * 60;
        let sound = Probe { ill: None, certificate_expires_at: Some(at(30 * day)) };
        assert_eq!(probes.take(&"push".into(), sound.clone(), at(15 * day)), None);
        let trouble = probes.take(&"push".into(), sound, at(17 * day));
        assert_eq!(trouble, Some(Trouble::CertificateEnds { channel: "push".into(), ends_at: at(30 * day) }));
        assert!(probes.is_well(), "a page would go out");
    }
}

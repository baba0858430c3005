//! What is counted, for operators: plain numbers that anybody may read at any time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use events::event::outcome::Outcome;
use events::{ChannelId, Span};

use crate::channel::Breaker;

/// The upper bounds of a histogram's buckets, in microseconds; one more takes the rest.
pub const BUCKETS_MICROS: [u64; 14] = [
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000,
    30_000_000,
];

/// Everything that is counted.
#[derive(Debug, Default)]
pub struct Meter {
    /// Signals that changed something.
    pub accepted: Counter,
    /// Signals that changed nothing: repeats, resolves of nothing.
    pub deduplicated: Counter,
    /// Requests that were turned away because too much was under way.
    pub pushed_back: Counter,
    /// Requests that could not be understood.
    pub malformed: Counter,
    /// Alerts that sources left out of their messages.
    pub lost_upstream: Counter,
    /// Attempts by channel and outcome.
    pub attempts: Labelled,
    /// How every provider has answered lately, by channel.
    pub breakers: Breakers,
    /// Pages that were put off because carriers let no more through.
    pub pages_held: Counter,
    /// Messages in which several pages went out.
    pub digests: Counter,
    /// From accepting a signal to handing its first attempt to a channel.
    pub first_attempt_latency: Histogram,
    /// How long the log takes for one append.
    pub append_latency: Histogram,
    /// Alert actors alive now.
    pub actors: Counter,
    /// Crashes of alert actors.
    pub crashes: Counter,
}

/// A number that can be counted up and down.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// One more.
    pub fn increase(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// So many more.
    pub fn increase_by(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    /// One less.
    pub fn decrease(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    /// The present number.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Breakers by channel.
#[derive(Debug, Default)]
pub struct Breakers(Mutex<BTreeMap<ChannelId, Breaker>>);

impl Breakers {
    /// How this channel's breaker stands now.
    pub fn set(&self, channel: &ChannelId, breaker: &Breaker) {
        let mut breakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match breakers.get_mut(channel) {
            Some(known) => *known = *breaker,
            None => drop(breakers.insert(channel.clone(), *breaker)),
        }
    }

    /// How they stand; those of channels that had nothing to do yet are not among them.
    pub fn get(&self) -> BTreeMap<ChannelId, Breaker> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Counts by channel and outcome.
#[derive(Debug, Default)]
pub struct Labelled(Mutex<BTreeMap<(String, &'static str), u64>>);

impl Labelled {
    /// One more attempt over `channel` with this outcome.
    pub fn count(&self, channel: &str, outcome: &Outcome) {
        let outcome = match outcome {
            Outcome::Accepted => "accepted",
            Outcome::Refused(_) => "refused",
            Outcome::Failed { .. } => "failed",
            Outcome::Unknown(_) => "unknown",
        };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((channel.to_owned(), outcome)).or_default() += 1;
    }

    /// The present numbers.
    pub fn get(&self) -> BTreeMap<(String, &'static str), u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How long something took, in buckets.
#[derive(Debug, Default)]
pub struct Histogram {
    buckets: [AtomicU64; BUCKETS_MICROS.len() + 1],
    sum_micros: AtomicU64,
}

impl Histogram {
    /// Once more, so long.
    pub fn observe(&self, span: Span) {
        let micros = span.as_micros();
        let bucket = BUCKETS_MICROS.iter().position(|&bound| micros <= bound).unwrap_or(BUCKETS_MICROS.len());
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum_micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// The counts of each bucket, and the sum in microseconds.
    pub fn get(&self) -> ([u64; BUCKETS_MICROS.len() + 1], u64) {
        (
            std::array::from_fn(|at| self.buckets[at].load(Ordering::Relaxed)),
            self.sum_micros.load(Ordering::Relaxed),
        )
    }
}

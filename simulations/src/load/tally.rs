//! What one connection, or all of them together, saw.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

/// Counts and times of a run.
#[derive(Debug, Default)]
pub struct Tally {
    /// Each accepted alert, with the moment when its request was due.
    pub alerts: Vec<(u32, Instant)>,
    /// How long each accepted request took.
    pub latencies: Vec<Duration>,
    /// Alerts that were refused or not sent in time.
    pub lost: u64,
    /// How often a request was sent again because of a 5xx, by status.
    pub retries: BTreeMap<u16, u64>,
    /// Requests that were refused for good, by status.
    pub refusals: BTreeMap<u16, u64>,
    /// How often a connection broke, or could not be had.
    pub reconnects: u64,
}

impl Tally {
    pub fn accept(&mut self, numbers: Range<u32>, due: Instant, latency: Duration) {
        self.alerts.extend(numbers.map(|number| (number, due)));
        self.latencies.push(latency);
    }

    pub fn retry(&mut self, status: u16) {
        *self.retries.entry(status).or_default() += 1;
    }

    pub fn refuse(&mut self, status: u16) {
        *self.refusals.entry(status).or_default() += 1;
    }

    pub fn accepted(&self) -> usize {
        self.alerts.len()
    }

    pub fn join(&mut self, other: Self) {
        self.alerts.extend(other.alerts);
        self.latencies.extend(other.latencies);
        self.lost += other.lost;
        self.reconnects += other.reconnects;
        for (status, count) in other.retries {
            *self.retries.entry(status).or_default() += count;
        }
        for (status, count) in other.refusals {
            *self.refusals.entry(status).or_default() += count;
        }
    }
}

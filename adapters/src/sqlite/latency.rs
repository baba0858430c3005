//! How long writes take, counted in buckets.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The upper bounds of the buckets of [`Latency::counts`], each included; the last bucket has none.
pub const LATENCY_BOUNDS: [Duration; 12] = [
    Duration::from_micros(250),
    Duration::from_micros(500),
    Duration::from_millis(1),
    Duration::from_micros(2_500),
    Duration::from_millis(5),
    Duration::from_millis(10),
    Duration::from_millis(25),
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(5),
];

/// How long writes took since the start, from being asked for to being answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// How many writes fell into each bucket of [`LATENCY_BOUNDS`], and last those above all bounds. Not
    /// cumulative.
    pub counts: [u64; LATENCY_BOUNDS.len() + 1],
    /// All of them together.
    pub total: Duration,
}

/// [`Latency`] while it is being counted.
#[derive(Debug, Default)]
pub(super) struct LatencyCounter {
    counts: [AtomicU64; LATENCY_BOUNDS.len() + 1],
    total_micros: AtomicU64,
}

impl LatencyCounter {
    pub(super) fn count(&self, since: Started) {
        let taken = since.elapsed();
        let bucket = LATENCY_BOUNDS.partition_point(|&bound| bound < taken);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(taken.as_micros()).unwrap_or(u64::MAX);
        self.total_micros.fetch_add(micros, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> Latency {
        Latency {
            counts: std::array::from_fn(|bucket| self.counts[bucket].load(Ordering::Relaxed)),
            total: Duration::from_micros(self.total_micros.load(Ordering::Relaxed)),
        }
    }
}

/// When a write was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Started(Instant);

impl Started {
    #[expect(
        clippy::disallowed_methods,
        reason = "measures the disk, for metrics only; no decision reads it"
    )]
    pub(super) fn now() -> Self {
        Self(Instant::now())
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "measures the disk, for metrics only; no decision reads it"
    )]
    fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

//! One fault: which call, of whom, the how-manieth, with which error.

use std::fmt;

use serde::Serialize;

use super::call::{Call, Errno};

/// Whose calls fail. strace counts for each thread on its own, so each thread is a place of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The main thread, from its first instruction: it opens everything.
    Start,
    /// The thread that writes the log, once the house is ready.
    LogWriter,
    /// The thread that writes the keys, once the house is ready.
    KeysWriter,
    /// The threads that answer requests and read, once the house is ready.
    Workers,
    /// Every thread, when it writes a line of the house's own log file.
    Lines,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Start, Self::LogWriter, Self::KeysWriter, Self::Workers, Self::Lines];

    /// What the system calls its threads; none when strace starts the house.
    pub(super) const fn threads(self) -> Option<&'static str> {
        match self {
            Self::Start | Self::Lines => None,
            Self::LogWriter => Some("log-writer"),
            Self::KeysWriter => Some("keys-writer"),
            Self::Workers => Some("tokio-rt-worker"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Start => "start",
            Self::LogWriter => "log writer",
            Self::KeysWriter => "keys writer",
            Self::Workers => "workers",
            Self::Lines => "log lines",
        })
    }
}

/// Whether the disk recovers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lasting {
    /// One call fails.
    Once,
    /// This call fails, and every one of its kind after it.
    FromThenOn,
}

/// One fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Point {
    /// Whose call.
    pub place: Place,
    /// Which call.
    pub call: Call,
    /// What it is answered.
    pub error: Errno,
    /// Whether it recovers.
    pub lasting: Lasting,
    /// The how-manieth call of this kind, from 1.
    pub number: u32,
}

impl Point {
    /// As strace wants it.
    pub(super) fn inject(self) -> String {
        let Self { call, error, number, .. } = self;
        let on = if self.lasting == Lasting::FromThenOn { "+" } else { "" };
        format!("inject={call}:error={error}:when={number}{on}")
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, call, error, number, lasting } = self;
        let on = if *lasting == Lasting::FromThenOn { " and all after it" } else { "" };
        write!(f, "{place}: {call} number {number}{on}: {error}")
    }
}

/// How many calls of each kind a place makes when nothing fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Whose.
    pub place: Place,
    /// Which.
    pub call: Call,
    /// How many.
    pub calls: u32,
}

/// Every fault: each call of each kind, with each error, once and from then on.
pub(super) fn every(counts: &[Count]) -> Vec<Point> {
    let mut points = Vec::new();
    for &Count { place, call, calls } in counts {
        for number in 1..=calls {
            for &error in call.errors() {
                for lasting in [Lasting::Once, Lasting::FromThenOn] {
                    points.push(Point { place, call, error, lasting, number });
                }
            }
        }
    }
    points
}

/// Draws about `count` of them, at least one of each (place, call), the same for the same seed.
pub(super) fn sample(points: &[Point], count: usize, seed: u64) -> Vec<Point> {
    let mut drawn: Vec<(u64, Point)> =
        points.iter().zip(0_u64..).map(|(&point, at)| (mix(seed, at), point)).collect();
    drawn.sort_unstable();
    let mut kinds = std::collections::BTreeSet::new();
    let (first, rest): (Vec<_>, Vec<_>) =
        drawn.into_iter().partition(|(_, point)| kinds.insert((point.place, point.call)));
    first.into_iter().chain(rest).map(|(_, point)| point).take(count.max(kinds.len())).collect()
}

/// `SplitMix64` over a seed and a place: <https://prng.di.unimi.it/splitmix64.c>.
pub(super) const fn mix(seed: u64, at: u64) -> u64 {
    let mut z = seed.wrapping_add(at.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_fails_in_every_way_and_a_sample_knows_every_kind() {
        let counts = [
            Count { place: Place::Start, call: Call::Openat, calls: 3 },
            Count { place: Place::LogWriter, call: Call::Pread64, calls: 5 },
        ];
        let points = every(&counts);
        assert_eq!(points.len(), 3 * 4 + 5 * 2);
        assert_eq!(points[0].inject(), "inject=openat:error=EIO:when=1");
        assert_eq!(points[1].inject(), "inject=openat:error=EIO:when=1+");
        let some = sample(&points, 4, 7);
        assert_eq!((some.len(), sample(&points, 4, 7)), (4, some.clone()));
        assert_ne!(some, sample(&points, 4, 8));
        assert_eq!(sample(&points, 0, 7).len(), 2, "one of each kind at least");
    }
}

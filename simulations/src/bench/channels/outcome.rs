//! How the pages of one way fared.

use std::ops::Range;
use std::time::Duration;

use serde::Serialize;

use super::arrivals::Arrivals;
use super::posting::Posted;
use super::way::Way;
use crate::load::LatencyMs;

/// How the pages of one way fared.
#[derive(Debug, Clone, Serialize)]
pub struct Fared {
    /// Which way.
    pub way: Way,
    /// From an alert's POST to its page at the provider.
    pub page_ms: LatencyMs,
    /// Alerts that the house did not take.
    pub refused: u64,
    /// Alerts whose page did not come where it belongs.
    pub missing: u64,
    /// Pages that came again.
    pub repeats: u64,
    /// Messages that name no alert.
    pub strays: u64,
}

impl Fared {
    pub fn read(way: Way, numbers: Range<u32>, posted: &Posted, arrivals: &Arrivals) -> Self {
        Self::with_latencies(way, numbers, posted, arrivals).0
    }

    /// The same, and how long each page took.
    pub fn with_latencies(
        way: Way,
        numbers: Range<u32>,
        posted: &Posted,
        arrivals: &Arrivals,
    ) -> (Self, Vec<Duration>) {
        let (mut latencies, mut missing, mut refused) = (Vec::new(), 0, 0);
        for number in numbers {
            match (posted.get(&number), arrivals.at(way, number)) {
                (None, _) => refused += 1,
                (Some(_), None) => missing += 1,
                (Some(&posted), Some(came)) => latencies.push(came.saturating_duration_since(posted)),
            }
        }
        let (repeats, strays) = (arrivals.repeats(way), arrivals.strays(way));
        let page_ms = LatencyMs::of(latencies.clone());
        (Self { way, page_ms, refused, missing, repeats, strays }, latencies)
    }

    /// How much went wrong.
    pub const fn faults(&self) -> u64 {
        self.refused + self.missing + self.repeats + self.strays
    }
}

/// The middle one, or the mean of the two in the middle; 0 of none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    f64::midpoint(values[last / 2], values[last.div_ceil(2)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment;

    #[test]
    fn what_is_refused_lost_or_comes_elsewhere_is_told_apart() {
        let (arrivals, notes) = Arrivals::new();
        let now = moment::now();
        let posted = Posted::from([(1, now), (2, now), (3, now)]);
        notes.note(Way::Ntfy, Some(1), now + Duration::from_millis(3));
        notes.note(Way::Mail, Some(2), now);
        notes.note(Way::Ntfy, Some(1), now);
        let fared = Fared::read(Way::Ntfy, 1..5, &posted, &arrivals);
        assert_eq!((fared.refused, fared.missing, fared.repeats, fared.strays), (1, 2, 1, 0));
        assert!((fared.page_ms.p99 - 3.0).abs() < 1e-6);
        assert_eq!(fared.faults(), 4);
    }

    #[test]
    fn the_median_of_two_lies_between_them() {
        for (values, expected) in [(vec![4.0, 1.0], 2.5), (vec![9.0, 1.0, 2.0], 2.0), (vec![], 0.0)] {
            assert!((median(values) - expected).abs() < 1e-9);
        }
    }
}

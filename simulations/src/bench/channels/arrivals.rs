//! What came to whom, and when.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

use super::way::Way;

/// Pages as they came. Clones share them.
#[derive(Debug, Clone)]
pub struct Arrivals {
    seen: Arc<Mutex<Seen>>,
    count: watch::Receiver<usize>,
}

/// Where arrivals are noted.
#[derive(Debug, Clone)]
pub struct Notes {
    seen: Arc<Mutex<Seen>>,
    count: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Seen {
    first: BTreeMap<u32, (Way, Instant)>,
    repeats: BTreeMap<Way, u64>,
    strays: BTreeMap<Way, u64>,
}

impl Arrivals {
    /// Nothing has come yet.
    pub fn new() -> (Self, Notes) {
        let (seen, count) = (Arc::<Mutex<Seen>>::default(), watch::Sender::new(0));
        (Self { seen: Arc::clone(&seen), count: count.subscribe() }, Notes { seen, count })
    }

    /// When an alert's page first came, if it came there.
    pub fn at(&self, way: Way, number: u32) -> Option<Instant> {
        let (came, at) = *lock(&self.seen).first.get(&number)?;
        (came == way).then_some(at)
    }

    /// How often a page came there that had come before, there or anywhere.
    pub fn repeats(&self, way: Way) -> u64 {
        lock(&self.seen).repeats.get(&way).copied().unwrap_or_default()
    }

    /// How many messages came there that name no alert.
    pub fn strays(&self, way: Way) -> u64 {
        lock(&self.seen).strays.get(&way).copied().unwrap_or_default()
    }

    /// Waits until so many different alerts have been heard of; returns whether they were within `limit`.
    pub async fn wait_for(&self, count: usize, limit: Duration) -> bool {
        let mut counted = self.count.clone();
        let all = counted.wait_for(|seen| *seen >= count);
        matches!(tokio::time::timeout(limit, all).await, Ok(Ok(_)))
    }
}

impl Notes {
    /// A page came, about this alert.
    pub fn note(&self, way: Way, number: Option<u32>, at: Instant) {
        let mut seen = lock(&self.seen);
        match number {
            None => *seen.strays.entry(way).or_default() += 1,
            Some(number) if seen.first.contains_key(&number) => *seen.repeats.entry(way).or_default() += 1,
            Some(number) => {
                seen.first.insert(number, (way, at));
                self.count.send_replace(seen.first.len());
            }
        }
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment;

    #[tokio::test]
    async fn a_page_counts_once_and_only_where_it_belongs() {
        let (arrivals, notes) = Arrivals::new();
        let now = moment::now();
        notes.note(Way::Snpp, Some(7), now);
        notes.note(Way::Tap, Some(7), now);
        notes.note(Way::Tap, None, now);
        assert_eq!((arrivals.at(Way::Snpp, 7), arrivals.at(Way::Tap, 7)), (Some(now), None));
        assert_eq!((arrivals.repeats(Way::Tap), arrivals.repeats(Way::Snpp)), (1, 0));
        assert_eq!(arrivals.strays(Way::Tap), 1);
        assert!(arrivals.wait_for(1, Duration::ZERO).await);
        assert!(!arrivals.wait_for(2, Duration::ZERO).await);
    }
}

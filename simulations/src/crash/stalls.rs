//! When this machine stood still for the judge itself: an answer that a provider gave in time may then be read too late.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::moment;

/// How often it is looked.
const EVERY: Duration = Duration::from_millis(50);

/// A look that comes this much too late is a stall.
const LATE_MS_MIN: u64 = 1_000;

/// Watches for stalls until it is dropped.
#[derive(Debug)]
pub struct Stalls {
    seen: Arc<Mutex<Vec<(u64, u64)>>>,
    watching: JoinHandle<()>,
}

impl Stalls {
    /// Begins to watch.
    pub fn watch() -> Self {
        let seen = Arc::<Mutex<Vec<(u64, u64)>>>::default();
        let found = Arc::clone(&seen);
        let watching = tokio::spawn(async move {
            let mut last = moment::unix_ms();
            loop {
                moment::pause(EVERY).await;
                let now = moment::unix_ms();
                if now.saturating_sub(last) >= LATE_MS_MIN {
                    found.lock().unwrap_or_else(PoisonError::into_inner).push((last, now));
                }
                last = now;
            }
        });
        Self { seen, watching }
    }

    /// From when to when, in Unix milliseconds.
    pub fn seen(&self) -> Vec<(u64, u64)> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Stalls {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

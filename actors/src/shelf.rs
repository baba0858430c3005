//! Alerts that had work lately, as they were left: whoever has work again soon need not be replayed. Losing one costs
//! a replay and nothing else; one that another node has written to meanwhile is found out by its version.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::alert::Alert;
use events::AlertId;

use crate::shell::Shell;

/// At most so many are kept: some kilobytes each.
pub const SHELVED_MAX: usize = 1_024;

/// The shelf.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<Kept>);

/// Two boards: when the upper one is full, it becomes the lower one, and what lay there is let go of.
#[derive(Debug, Default)]
struct Kept {
    upper: HashMap<AlertId, Shell<Alert>>,
    lower: HashMap<AlertId, Shell<Alert>>,
}

impl Shelf {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an alert down, if it is there.
    pub fn take(&self, alert: AlertId) -> Option<Shell<Alert>> {
        let mut kept = self.kept();
        kept.upper.remove(&alert).or_else(|| kept.lower.remove(&alert))
    }

    /// Puts an alert there, for which those that lay there longest may have to go. What is over is kept as well: its
    /// last reports are still on their way.
    pub fn put(&self, alert: AlertId, shell: Shell<Alert>) {
        if shell.is_fresh() {
            return;
        }
        let mut kept = self.kept();
        kept.lower.remove(&alert);
        kept.upper.insert(alert, shell);
        if kept.upper.len() >= SHELVED_MAX / 2 {
            kept.lower = std::mem::take(&mut kept.upper);
        }
    }
}

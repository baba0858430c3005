//! Alerts that had work lately, as they were left: whoever has work again soon need not be replayed. Losing one costs
//! a replay and nothing else; one that another node has written to meanwhile is found out by its version.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::alert::Alert;
use events::AlertId;

use crate::shell::Shell;

/// So many are kept: some kilobytes each.
pub const SHELVED_MAX: usize = 1_024;

/// The shelf.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    shells: HashMap<AlertId, Shell<Alert>>,
    /// In the order in which they were put there; some may be gone again.
    order: VecDeque<AlertId>,
}

impl Shelf {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an alert down, if it is there.
    pub fn take(&self, alert: AlertId) -> Option<Shell<Alert>> {
        self.kept().shells.remove(&alert)
    }

    /// Puts an alert there, for which the one that lay there longest may have to go. What is over is kept as well: its
    /// last reports are still on their way.
    pub fn put(&self, alert: AlertId, shell: Shell<Alert>) {
        if shell.is_fresh() {
            return;
        }
        let mut kept = self.kept();
        kept.shells.insert(alert, shell);
        kept.order.push_back(alert);
        while kept.order.len() > SHELVED_MAX {
            if let Some(oldest) = kept.order.pop_front()
                && !kept.order.contains(&oldest)
            {
                kept.shells.remove(&oldest);
            }
        }
    }
}

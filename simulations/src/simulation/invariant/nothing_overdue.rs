//! 9, nothing overdue: after a step the next deadline is none, or in the future.

use domain::aggregate::Aggregate;
use domain::alert::Alert;

use super::Found;

/// An alert did a piece of work that wrote something, at the moment of its last event.
pub fn worked(alert: &Alert) -> Found {
    match alert.next_deadline() {
        Some(deadline) if deadline <= alert.last_at() => {
            Err(format!("after a step at {} the next deadline is {deadline}", alert.last_at()))
        }
        _ => Ok(()),
    }
}

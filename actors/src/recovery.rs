//! What a start makes of the log: the configuration, the board, and how every alert stands. One fold over all of it.

use std::collections::HashMap;

use domain::aggregate::Aggregate;
use domain::alert::{Alert, Here};
use domain::directory::Directory;
use domain::view::Board;
use events::event::alert::AlertEvent;
use events::{AlertId, Entry, Event, EventLog, Journal, JournalError, KeyStore, Position};

use crate::alert::{Stage, Standing};
use crate::projector::page;
use crate::switchboard::Index;

/// The house as the log tells it.
#[derive(Debug, Default)]
pub struct Recovery {
    /// The configuration.
    pub directory: Directory,
    /// Every open alert in a few words.
    pub board: Board,
    /// How every alert stands.
    pub index: Index,
    /// Up to where the log was folded.
    pub position: Position,
    /// Alerts that are paging and may not have looked at the configuration since its last change.
    pub to_reconsider: Vec<AlertId>,
}

/// Folds the whole log.
///
/// # Errors
/// When the log or the keys cannot be read, or a record is no event.
pub async fn recover<L: EventLog, K: KeyStore>(journal: &Journal<L, K>) -> Result<Recovery, JournalError> {
    let here = Here { node: journal.node().clone(), boot: journal.boot() };
    let mut recovery = Recovery::default();
    let mut alerts: HashMap<AlertId, (Alert, Position)> = HashMap::new();
    loop {
        let entries = page(journal, recovery.position).await?;
        let Some(last) = entries.last() else { break };
        recovery.position = last.position;
        for entry in &entries {
            recovery.board.apply(entry);
            recovery.directory.apply(entry);
            if let Event::Alert(event) = &entry.event {
                fold(&mut alerts, entry, event);
            }
        }
    }
    for (id, (alert, last)) in alerts {
        let standing = Standing::of(&alert, &here);
        if standing.stage == Stage::Paging && last < recovery.directory.position() {
            recovery.to_reconsider.push(id);
        }
        recovery.index.stands(id, standing);
    }
    Ok(recovery)
}

fn fold(alerts: &mut HashMap<AlertId, (Alert, Position)>, entry: &Entry, event: &AlertEvent) {
    let Ok(id) = entry.stream.name().parse::<AlertId>() else { return };
    let (alert, last) = alerts.entry(id).or_default();
    *last = entry.position;
    alert.evolve(event, entry.at);
    if matches!(event, AlertEvent::Raised(_)) {
        alert.forget_texts();
    }
    if alert.is_at_rest() {
        alerts.remove(&id);
    }
}

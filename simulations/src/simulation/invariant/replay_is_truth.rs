//! 8, replay is truth: folding the log gives exactly the live state. That two runs of one seed give one log is looked
//! at by whoever runs seeds.

use domain::aggregate::Aggregate;
use domain::alert::Alert;
use domain::directory::Directory;
use domain::view::Board;
use events::chain::Verifier;
use events::codec::Texts;
use events::{AlertId, DerivedKeys, Entry, Event, Journal, MemoryLog, NodeId, Recorded};
use std::collections::BTreeMap;

use super::Found;
use crate::simulation::node::Node;

/// The end: the whole log, against the house that lives.
pub fn at_end(log: &[Recorded], node: &Node) -> Found {
    let mut verifier = Verifier::default();
    let (mut board, mut directory) = (Board::default(), Directory::default());
    let mut alerts: BTreeMap<AlertId, Alert> = BTreeMap::new();
    let journal = Journal::new(MemoryLog::new(), DerivedKeys::default(), NodeId::from("reader"), node.boot());
    for recorded in log {
        verifier.check(recorded).map_err(|broken| broken.to_string())?;
        let entry: Entry = journal.open(recorded, Texts::Open).map_err(|error| error.to_string())?;
        board.apply(&entry);
        directory.apply(&entry);
        if let (Event::Alert(event), Ok(alert)) = (&entry.event, entry.stream.name().parse()) {
            alerts.entry(alert).or_default().evolve(event, entry.at);
        }
    }
    for living in node.living() {
        let Some(state) = living.state() else { continue };
        let folded = alerts.get(&living.alert()).cloned().unwrap_or_default();
        if format!("{folded:?}") != format!("{state:?}") {
            return Err(format!("{} lives as {state:?}, and its log says {folded:?}", living.alert()));
        }
    }
    let live = node.directory().unwrap_or_default();
    if format!("{directory:?}") != format!("{live:?}") {
        return Err(format!("the configuration is {live:?}, and the log says {directory:?}"));
    }
    if let Some(published) = node.published() {
        compare(&board, &published.board(), &alerts)?;
    }
    Ok(())
}

fn compare(folded: &Board, live: &Board, alerts: &BTreeMap<AlertId, Alert>) -> Found {
    for alert in alerts.keys() {
        let (expected, shown) = (folded.card(*alert), live.card(*alert));
        if expected != shown {
            return Err(format!("the board shows {alert} as {shown:?}, and the log says {expected:?}"));
        }
    }
    Ok(())
}

//! What the log says became of each problem, read after the house has ended.

use std::collections::BTreeMap;
use std::path::Path;

use adapters::log::open_with_keys;
use events::codec::Texts;
use events::event::Event;
use events::event::alert::{AlertEvent, Occasion};
use events::{BootId, DedupKey, EventLog as _, Journal, NodeId, Position, SourceId};

use crate::bench::BenchError;

/// So many records are read at once.
const READ_AT_ONCE: u32 = 4_096;

/// The log as far as it matters here.
#[derive(Debug, Default)]
pub struct Told {
    /// In how many alerts each problem is, by source.
    problems: BTreeMap<SourceId, BTreeMap<DedupKey, u64>>,
    /// Alerts that a source's problems raised.
    alerts: BTreeMap<SourceId, u64>,
    /// Everything that was recorded.
    pub records: u64,
    /// Times that a repeat was recorded.
    pub repeats: u64,
}

/// Where the problems of one source went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Where {
    /// Different problems that are in an alert.
    pub problems: u64,
    /// Of these, in more than one.
    pub twice: u64,
    /// Alerts that these problems raised.
    pub alerts: u64,
}

impl Told {
    /// Reads the log in the data folder of a house that has ended.
    pub async fn read(folder: &Path) -> Result<Self, BenchError> {
        let unreadable =
            |error: String| BenchError::system("the log cannot be read")(std::io::Error::other(error));
        let (log, keys) =
            open_with_keys(&folder.join("data")).map_err(|error| unreadable(error.to_string()))?;
        let journal = Journal::new(log, keys, NodeId::from("a"), BootId(1));
        let (mut told, mut after) = (Self::default(), Position::START);
        loop {
            let records = journal.log().tail(after, READ_AT_ONCE).await;
            let records = records.map_err(|error| unreadable(error.to_string()))?;
            let Some(last) = records.last() else { return Ok(told) };
            after = last.position;
            for recorded in &records {
                let entry =
                    journal.open(recorded, Texts::Shut).map_err(|error| unreadable(error.to_string()))?;
                told.apply(&entry.event);
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        self.records += 1;
        let Event::Alert(event) = event else { return };
        match event {
            AlertEvent::Raised(raised) if matches!(raised.occasion, Occasion::Problem) => {
                *self.alerts.entry(raised.source.clone()).or_default() += 1;
                self.count(&raised.source, &raised.dedup_key);
            }
            AlertEvent::SymptomJoined(joined) => self.count(&joined.source, &joined.dedup_key),
            AlertEvent::Repeated => self.repeats += 1,
            _ => {}
        }
    }

    fn count(&mut self, source: &SourceId, key: &DedupKey) {
        *self.problems.entry(source.clone()).or_default().entry(key.clone()).or_default() += 1;
    }

    /// Where the problems of a source went, without the one that it floods us.
    pub fn of(&self, source: &str) -> Where {
        let source = SourceId::from(source);
        let known = self.problems.get(&source);
        let ours = || known.into_iter().flatten().filter(|(key, _)| !key.as_str().starts_with("hotpotato:"));
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        Where {
            problems: count(ours().count()),
            twice: count(ours().filter(|(_, count)| **count > 1).count()),
            alerts: self.alerts.get(&source).copied().unwrap_or_default(),
        }
    }
}

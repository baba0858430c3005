//! What should never happen, with all that is known about it.

use std::fmt;

use serde::Serialize;

use super::tale::Tale;
use crate::ledger::Entry;

/// What should never happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Accepted with 2xx, and nobody was paged, for no reason that is accounted for.
    Lost,
    /// Accepted with 2xx, and not in the log.
    Forgotten,
    /// Nobody took it, and a send that it plans never reached its provider.
    RungLost,
    /// What may have arrived before came again and does not say so.
    Unlabelled,
    /// It came again, and neither a kill, a stop nor a provider's misbehaviour lies between.
    RepeatedWithoutCause,
    /// A send began after the alert was taken or over.
    PagedAfterTheEnd,
    /// An emergency still rings although the alert is taken or over.
    RingsOn,
    /// A source or a person was refused for good.
    Refused,
    /// A page names no alert that any source has raised.
    Unknown,
    /// `hotpotato verify` does not say that the log is whole.
    Broken,
}

/// One such thing.
#[derive(Debug, Clone, Serialize)]
pub struct Fault {
    /// What it is.
    pub kind: Kind,
    /// In which house.
    pub house: u32,
    /// What is wrong, in a sentence.
    pub sentence: String,
    /// The alert as its source remembers it.
    pub alert: Option<Tale>,
    /// What the providers wrote down about it.
    pub ledger: Vec<String>,
}

impl Fault {
    /// A fault of an alert.
    pub fn of(kind: Kind, house: u32, sentence: impl Into<String>, tale: &Tale, sends: &[&Entry]) -> Self {
        let ledger = sends.iter().map(|entry| line(entry)).collect();
        Self { kind, house, sentence: sentence.into(), alert: Some(tale.clone()), ledger }
    }

    /// A fault that no alert is known for.
    pub fn alone(kind: Kind, house: u32, sentence: impl Into<String>) -> Self {
        Self { kind, house, sentence: sentence.into(), alert: None, ledger: Vec::new() }
    }
}

/// A call in one line.
pub fn line(entry: &Entry) -> String {
    let Entry { seq, at_ms, provider, destination, text, behaviour, processed, answer, .. } = entry;
    let text = text.replace('\n', " | ");
    format!(
        "{at_ms} #{seq} {provider:?} to {destination}: {behaviour:?}, arrived: {processed}, answered {:?}: {text}",
        answer.code
    )
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}, house {}: {}", self.kind, self.house, self.sentence)?;
        if let Some(tale) = &self.alert {
            writeln!(
                f,
                "  {} ({}), key {}, id {}",
                tale.summary,
                tale.kind.name(),
                tale.key,
                tale.id_or_dash()
            )?;
            for said in &tale.said {
                writeln!(f, "  {said}")?;
            }
        }
        self.ledger.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

//! 15, heard: a heartbeat that falls silent is told, and its silence is over with the next beat; nobody is paged for a
//! silence that was the house's own.

use std::collections::BTreeMap;

use actors::monitor::SILENCE_KEY;
use events::event::alert::AlertEvent;
use events::{AlertId, SourceId, Span, SymptomId, Timestamp};

use super::{Found, GRACE, drift};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Evidence, Fact, History, Stand};
use crate::simulation::heartbeat::{HEARTBEATS, Heartbeat};

/// What stood still for so long cannot have heard anything, and knows it.
const ABSENT: Span = Span::from_seconds(15);

/// What the house could hear.
#[derive(Debug, Default)]
pub struct Heard {
    /// Since when this process listens, by its clock.
    since: Timestamp,
    /// When each beat came in this process, by its clock.
    beats: BTreeMap<&'static str, Vec<Timestamp>>,
    /// When the last one came.
    last: BTreeMap<&'static str, Moment>,
}

impl Heard {
    /// The process is open, or goes on after it stood still for so long.
    pub fn begin(&mut self, now: Timestamp) {
        self.since = now;
        self.beats.clear();
    }

    /// It goes on after it stood still for so long.
    pub fn go_on(&mut self, now: Timestamp, stood_still: Span) {
        if stood_still > ABSENT {
            self.begin(now);
        }
    }

    /// A beat came.
    pub fn beat(&mut self, heartbeat: &Heartbeat, at: Timestamp, moment: Moment) {
        self.beats.entry(heartbeat.name).or_default().push(at);
        self.last.insert(heartbeat.name, moment);
    }

    /// True when there was a silence that can have been told now: one that lasted until a moment ago.
    fn was_silent(&self, heartbeat: &Heartbeat, now: Timestamp) -> bool {
        let beats = self.beats.get(heartbeat.name).map_or(&[][..], Vec::as_slice);
        let begins = std::iter::once(&self.since).chain(beats);
        let ends = beats.iter().copied().chain([now]);
        begins.zip(ends).any(|(&begin, end)| begin + heartbeat.patience() <= end && end + GRACE >= now)
    }
}

/// Something happened to an alert.
pub fn append(evidence: &Evidence, alert: AlertId, fact: &Fact) -> Found {
    let Some(heartbeat) = told(fact) else { return Ok(()) };
    if evidence.heard.was_silent(heartbeat, fact.at) {
        return Ok(());
    }
    Err(format!("{alert} says that {} is silent, and the house has not listened for so long", heartbeat.name))
}

/// The end.
pub fn at_end(evidence: &Evidence, end: Moment) -> Found {
    for heartbeat in &HEARTBEATS {
        // None when there are no heartbeats in this house.
        let Some(&last) = evidence.heard.last.get(heartbeat.name) else { continue };
        let quiet = end.since(last);
        let symptom = SymptomId::derive(&SourceId::from(heartbeat.name), &SILENCE_KEY.into());
        let is_open = evidence.histories.values().any(|history| is_open(history, symptom));
        let patience = heartbeat.patience() + drift(heartbeat.patience()) + GRACE;
        if quiet > patience && evidence.able(last.after(patience), end) > GRACE {
            let is_of = |fact: &&Fact| told(fact).is_some_and(|told| told.name == heartbeat.name);
            let mut facts = evidence.histories.values().flat_map(|history| &history.facts).filter(is_of);
            if !is_open && !facts.any(|fact| fact.moment > last) {
                return Err(format!("{} has been silent for {quiet}, and nobody was told", heartbeat.name));
            }
        }
        if quiet < heartbeat.every && is_open {
            return Err(format!("{} beats, and an alert says that it is silent", heartbeat.name));
        }
    }
    Ok(())
}

/// The heartbeat of which this says that it is silent.
fn told(fact: &Fact) -> Option<&'static Heartbeat> {
    let (source, dedup_key) = match &fact.event {
        AlertEvent::Raised(raised) => (&raised.source, &raised.dedup_key),
        AlertEvent::SymptomJoined(joined) => (&joined.source, &joined.dedup_key),
        _ => return None,
    };
    let is_silence = *dedup_key == SILENCE_KEY.into();
    HEARTBEATS.iter().find(|heartbeat| is_silence && *source == SourceId::from(heartbeat.name))
}

fn is_open(history: &History, symptom: SymptomId) -> bool {
    let joined = history.problems.values().find(|problem| problem.symptom == symptom);
    let is_about = joined.map_or(history.alert.symptom == symptom, |problem| problem.over.is_none());
    is_about && history.stand != Stand::Resolved
}

//! What the house makes of a damaged file.

use std::path::Path;

use events::chain::Verifier;
use events::codec::{self, Texts};
use events::{EventLog, Position, Recorded};
use serde::Serialize;

use super::truth::{Reading, Truth, open};

/// What the house makes of a damaged file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It does not start on it.
    Refused,
    /// It starts, and `verify` names it.
    Reported,
    /// Everything reads as before.
    Harmless,
    /// Records at the end are gone, and nothing else: it looks as if they had never been written.
    TailLost,
    /// Something is different, and nothing says so.
    Missed,
}

/// What was found out about the files in a folder.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) verdict: Verdict,
    /// What the house says, when it refuses them.
    pub(super) said: Option<String>,
    /// What it reads without an error although it is not what was written, if anything.
    pub(super) served_wrong: Option<String>,
}

/// What the house makes of the files in `folder`.
pub(super) async fn of(truth: &Truth, folder: &Path) -> Found {
    let refused = |said| Found { verdict: Verdict::Refused, said: Some(said), served_wrong: None };
    let journal = match open(folder) {
        Ok(journal) => journal,
        Err(error) => return refused(error),
    };
    let tail = match whole_tail(&journal).await {
        Ok(tail) => tail,
        // A start folds the whole log: it would not go further than here either.
        Err(error) => return refused(error.to_string()),
    };
    let served = served_wrong(truth, &journal, &tail).await;
    let verdict = if is_reported(&journal, &tail) {
        Verdict::Reported
    } else if tail == truth.records() && served.is_none() {
        Verdict::Harmless
    } else if truth.records().starts_with(&tail) && tail.len() < truth.records().len() && served.is_none() {
        Verdict::TailLost
    } else {
        Verdict::Missed
    };
    Found { verdict, said: None, served_wrong: served }
}

async fn whole_tail(journal: &Reading) -> Result<Vec<Recorded>, events::ReadError> {
    journal.log().tail(Position::START, u32::MAX).await
}

/// Something that is read without an error, and is not what was written.
async fn served_wrong(truth: &Truth, journal: &Reading, tail: &[Recorded]) -> Option<String> {
    for recorded in tail {
        if let Ok(entry) = journal.open(recorded, Texts::Open)
            && truth.entry(recorded.position) != Some(&entry)
        {
            return Some(format!("position {}", recorded.position));
        }
    }
    let last = tail.last().map_or(Position::START, |last| last.position);
    for (stream, history) in truth.histories() {
        // What the log's cut end took along is gone from its histories, too.
        let kept: Vec<_> = history.iter().filter(|entry| entry.position <= last).collect();
        let Ok((read, _)) = journal.read(stream).await else { continue };
        if !read.iter().eq(kept.iter().copied()) {
            return Some(format!("history {stream}: {} of {} records", read.len(), kept.len()));
        }
    }
    None
}

/// As `hotpotato verify` does it.
fn is_reported(journal: &Reading, tail: &[Recorded]) -> bool {
    let (log, keys) = (journal.log().examine(), journal.keys().examine());
    if !matches!((log, keys), (Ok(log), Ok(keys)) if log.is_empty() && keys.is_empty()) {
        return true;
    }
    let mut verifier = Verifier::gapless();
    tail.iter().any(|recorded| {
        verifier.check(recorded).is_err() || codec::read(recorded, journal.keys(), Texts::Open).is_err()
    })
}

//! Some of the damages again, with the real house: started on the damaged files, asked for every alert, verified.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;
use tokio::process::Command;

use super::Ending;
use super::harm::{Files, Harm};
use super::region::Region;
use super::tally::Judged;
use super::verdict::Verdict;
use crate::disk::DiskError;
use crate::disk::house::{Answer, House, OPERATORS, Started};
use crate::disk::story::ALARM_WITHIN;

/// So many of each kind are tried again.
const OF_EACH_KIND: usize = 2;

/// What a real house left, and what it said of each alert.
#[derive(Debug)]
pub(super) struct Written {
    /// Its data directory.
    pub(super) data: PathBuf,
    /// What it said of every alert before it ended.
    pub(super) said: BTreeMap<String, Value>,
}

/// One damage through the real house.
#[derive(Debug, Clone, Serialize)]
pub struct Served {
    /// How the house had ended.
    pub ending: Ending,
    /// What stood at the place.
    pub region: Region,
    /// The damage.
    pub harm: Harm,
    /// It started on the damaged files.
    pub started: bool,
    /// What went wrong; nothing, it is hoped.
    pub wrong: Option<String>,
}

/// Some of each kind of damage.
pub(super) fn some(judged: &[Judged]) -> Vec<&Judged> {
    let mut kinds: BTreeMap<(Region, Verdict), usize> = BTreeMap::new();
    let mut few = |judged: &&Judged| {
        let count = kinds.entry((judged.region, judged.verdict)).or_default();
        *count += 1;
        *count <= OF_EACH_KIND
    };
    judged.iter().filter(|judged| few(judged)).collect()
}

async fn furnished(program: &Path, written: &Written, folder: PathBuf) -> Result<House, DiskError> {
    let house = House::build(program, folder).await?;
    let copy = || {
        let data = house.folder().join("data");
        fs::create_dir_all(&data)?;
        for entry in fs::read_dir(&written.data)? {
            let entry = entry?;
            fs::copy(entry.path(), data.join(entry.file_name()))?;
        }
        Ok(())
    };
    copy().map_err(DiskError::system("a data directory cannot be copied"))?;
    Ok(house)
}

/// Starts a house on the damaged files.
pub(super) async fn serve(
    program: &Path,
    written: &Written,
    files: &Files,
    judged: &Judged,
    folder: PathBuf,
) -> Result<Served, DiskError> {
    let mut house = furnished(program, written, folder).await?;
    judged.harm.apply(files, &house.folder().join("data"))?;
    let command = Command::new(house.program());
    let started = house.start(command).await?;
    let wrong = match started {
        Started::Hangs => Some("it neither starts nor ends".to_owned()),
        Started::Ended(status) => refused(&house, judged, status.success()).await,
        Started::Ready => {
            let wrong = told(&house, judged, &written.said).await;
            house.end().await;
            wrong
        }
    };
    let Judged { ending, region, ref harm, .. } = *judged;
    Ok(Served { ending, region, harm: harm.clone(), started: started == Started::Ready, wrong })
}

/// It may refuse what is damaged, if it says so and tells the operators.
async fn refused(house: &House, judged: &Judged, is_success: bool) -> Option<String> {
    if is_success || matches!(judged.verdict, Verdict::Harmless | Verdict::TailLost) {
        return Some("it does not start although nothing is wrong".to_owned());
    }
    let printed = house.printed();
    let is_named = |line: &str| line.contains("ERROR") && line.contains("sqlite");
    if !printed.lines().any(is_named) || printed.contains("panicked at") {
        return Some(format!("it does not say what is wrong: {printed}"));
    }
    let page = house.page(OPERATORS, "[NO-LOG]", ALARM_WITHIN).await;
    page.is_none().then(|| "the operators were not paged".to_owned())
}

/// What it says of every alert is the truth, or that it cannot say; and `verify` names what is wrong.
async fn told(house: &House, judged: &Judged, truth: &BTreeMap<String, Value>) -> Option<String> {
    let is_whole = matches!(judged.verdict, Verdict::Harmless | Verdict::TailLost);
    match house.cli(&["verify"]).await {
        Some((passed, said)) if passed != is_whole => return Some(format!("verify: {said}")),
        Some(_) => {}
        None => return Some("verify does not end".to_owned()),
    }
    let is_cut = matches!(
        judged.harm,
        Harm::CutHistory { .. } | Harm::CutLog { .. } | Harm::CutLogAndNames { .. } | Harm::Truncate { .. }
    );
    if is_cut || judged.verdict == Verdict::TailLost {
        // It goes on from an earlier moment: what is missing is what `verify` was asked for.
        return None;
    }
    for (alert, before) in truth {
        match house.get(&format!("/api/v1/alerts/{alert}")).await {
            Answer::Said { status: 503, .. } => {}
            Answer::Said { status: 200, body } => {
                let now: Value = serde_json::from_str(&body).unwrap_or_default();
                if !goes_on(before, &now) {
                    return Some(format!("it says {now}, after {before}"));
                }
            }
            other => return Some(format!("it says {other:?}, after {before}")),
        }
    }
    None
}

/// Whether `now` is what `before` may have become: the story may have gone on, and a text may be erased.
fn goes_on(before: &Value, now: &Value) -> bool {
    let same = ["id", "summary", "service", "severity", "raised_at", "labels", "details"];
    let lines = |alert: &Value| -> Vec<(String, String, String)> {
        let text = |line: &Value, field: &str| line[field].to_string();
        let lines = alert["timeline"].as_array().into_iter().flatten();
        lines.map(|line| (text(line, "at"), text(line, "position"), text(line, "kind"))).collect()
    };
    same.iter().all(|&field| now[field].is_null() || now[field] == before[field])
        && lines(now).starts_with(&lines(before))
}

//! Damage to the files themselves: flipped bits, lost sectors, cut files, removed records.
//!
//! A real house writes some alerts and ends, in order or killed. Then copies of its files are damaged, one place
//! after the other, and read as the house reads them, with the house's own code: opened, read by history and by
//! position, verified.
//!
//! | file | what it is |
//! | --- | --- |
//! | `harm` | one damage |
//! | `region` | what stands at a place of a file |
//! | `draw` | which damages are tried |
//! | `truth` | what the files said before |
//! | `verdict` | what the house makes of a damaged file |
//! | `served` | some of them again, with the real house |
//! | `tally` | all of them, counted |

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tokio::process::Command;
use tokio::task::JoinSet;

use self::draw::Draw;
use self::harm::Files;
pub use self::harm::Harm;
pub use self::region::Region;
pub use self::served::Served;
use self::served::Written;
pub use self::tally::{DamageReport, Judged};
use self::truth::Truth;
use self::verdict::Found;
pub use self::verdict::Verdict;
use super::DiskError;
use super::house::{Answer, House, PERSON, Started};
use crate::moment;

mod draw;
mod harm;
mod region;
mod served;
mod tally;
mod truth;
mod verdict;

/// What is tried.
#[derive(Debug, Clone)]
pub struct DamagePlan {
    /// So many alerts stand in the log of a house that ended in order.
    pub alerts: u32,
    /// So many in that of one that was killed: each write of its last minutes stands in the write-ahead log.
    pub alerts_killed: u32,
    /// So many places of every page are damaged, besides its header.
    pub per_page: u32,
    /// Only about so many of all damages, drawn by lot; none: all.
    pub sample: Option<usize>,
    /// What the lot depends on.
    pub seed: u64,
    /// So many at once.
    pub lanes: usize,
    /// Where `hotpotato` is.
    pub hot_potato: PathBuf,
    /// An empty folder.
    pub scratch: PathBuf,
}

/// How the house ended whose files are damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// In order: everything is in the two files.
    Closed,
    /// Killed: the last of it stands in the write-ahead logs.
    Killed,
}

/// How long a page may take.
const PAGE_WAIT_MAX: std::time::Duration = std::time::Duration::from_secs(20);

/// Damages everything; says now and then how far it has come.
///
/// # Errors
/// When nothing can be tried at all. What the house makes of a damage is in the report.
pub async fn run(plan: &DamagePlan, progress: &(dyn Fn(&str) + Sync)) -> Result<DamageReport, DiskError> {
    let began = moment::now();
    let (mut judged, mut served) = (Vec::new(), Vec::new());
    for ending in [Ending::Closed, Ending::Killed] {
        let written = write(plan, ending).await?;
        let files = Arc::new(Files::read(&written.data)?);
        let truth = Arc::new(Truth::read(&files, &plan.scratch.join(format!("truth-{ending:?}"))).await?);
        let draw = Draw { per_page: plan.per_page, seed: plan.seed };
        let harms = draw.all(&files, &truth, ending);
        let harms = match plan.sample {
            Some(count) => draw.some(harms, count),
            None => harms,
        };
        progress(&format!("{ending:?}: {} records, {} damages", truth.records_count(), harms.len()));
        let found = judge_all(plan, ending, Arc::clone(&files), truth, harms, progress).await?;
        served.extend(serve_some(plan, ending, &written, &files, &found, progress).await?);
        judged.extend(found);
    }
    Ok(DamageReport { seconds: moment::since(began).as_secs(), judged, served })
}

async fn serve_some(
    plan: &DamagePlan,
    ending: Ending,
    written: &Written,
    files: &Files,
    judged: &[Judged],
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Served>, DiskError> {
    let folder = |name: &str| plan.scratch.join(format!("served-{ending:?}-{name}"));
    let some = served::some(judged);
    progress(&format!("{ending:?}: {} of them again, with the real house", some.len()));
    let mut all = Vec::with_capacity(some.len());
    for (number, judged) in some.into_iter().enumerate() {
        let folder = folder(&number.to_string());
        let served = served::serve(&plan.hot_potato, written, files, judged, folder).await?;
        if let Some(wrong) = &served.wrong {
            progress(&format!("{:?}: {wrong}", served.harm));
        }
        all.push(served);
    }
    Ok(all)
}

/// Has a house write some alerts, and says where its files are.
async fn write(plan: &DamagePlan, ending: Ending) -> Result<Written, DiskError> {
    let folder = plan.scratch.join(format!("written-{ending:?}"));
    let mut house = House::build(&plan.hot_potato, folder).await?;
    let clean = |what: &str| DiskError::Clean(what.to_owned());
    let command = Command::new(house.program());
    if house.start(command).await? != Started::Ready {
        return Err(clean("the house does not start"));
    }
    if !matches!(house.cli(&["apply", "house.yaml"]).await, Some((true, _))) {
        return Err(clean("apply fails"));
    }
    let count = if ending == Ending::Closed { plan.alerts } else { plan.alerts_killed };
    let mut alerts = Vec::new();
    for number in 0..count {
        let summary = format!("disk {number} of rack {} reports errors", number % 7);
        let details = json!({ "smart": "x".repeat(usize::try_from(number % 9).unwrap_or(0) * 300) });
        let firing = json!({ "summary": summary, "dedup_key": summary, "details": details });
        let Answer::Said { status: 200, body } = house.signal(&firing).await else {
            return Err(clean("a signal was turned away"));
        };
        let body: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
        alerts.extend(body["alerts"][0].as_str().map(str::to_owned));
        if number % 3 == 1 {
            house.signal(&json!({ "dedup_key": summary, "status": "resolved" })).await;
        }
        if house.page(PERSON, &summary, PAGE_WAIT_MAX).await.is_none() {
            return Err(clean("an alert was not paged"));
        }
    }
    let mut said = BTreeMap::new();
    for alert in alerts {
        if let Answer::Said { status: 200, body } = house.get(&format!("/api/v1/alerts/{alert}")).await {
            said.insert(alert, serde_json::from_str(&body).unwrap_or_default());
        }
    }
    match ending {
        Ending::Closed => drop(house.end().await),
        Ending::Killed => house.kill().await,
    }
    Ok(Written { data: house.folder().join("data"), said })
}

async fn judge_all(
    plan: &DamagePlan,
    ending: Ending,
    files: Arc<Files>,
    truth: Arc<Truth>,
    harms: Vec<Harm>,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Judged>, DiskError> {
    let total = harms.len();
    let waiting: Arc<Mutex<VecDeque<Harm>>> = Arc::new(Mutex::new(harms.into()));
    let (found, mut judged) = tokio::sync::mpsc::unbounded_channel();
    let mut lanes = JoinSet::new();
    for lane in 0..plan.lanes.max(1) {
        let (files, truth) = (Arc::clone(&files), Arc::clone(&truth));
        let (waiting, found) = (Arc::clone(&waiting), found.clone());
        let folder = plan.scratch.join(format!("damaged-{ending:?}-{lane}"));
        lanes.spawn(async move {
            loop {
                let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let Some(harm) = next else { return };
                let verdict = judge(&files, &truth, &harm, &folder).await;
                let region = harm.region(&files);
                let sent = found.send(verdict.map(|Found { verdict, said, served_wrong }| Judged {
                    ending,
                    region,
                    harm,
                    verdict,
                    said,
                    served_wrong,
                }));
                if sent.is_err() {
                    return;
                }
            }
        });
    }
    drop(found);
    let mut done = Vec::with_capacity(total);
    while let Some(one) = judged.recv().await {
        let one = one?;
        if one.is_defect() {
            progress(&format!("{one:?}"));
        }
        done.push(one);
        if done.len() % 500 == 0 {
            progress(&format!("{} of {total}", done.len()));
        }
    }
    Ok(done)
}

/// Damages a copy of the files in `folder`, and reads it.
async fn judge(files: &Files, truth: &Truth, harm: &Harm, folder: &Path) -> Result<Found, DiskError> {
    let _ = fs::remove_dir_all(folder);
    files.write(folder)?;
    harm.apply(files, folder)?;
    Ok(verdict::of(truth, folder).await)
}

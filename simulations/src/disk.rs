//! A disk that fails: one system call of the real house after the other.
//!
//! A short run (a household, three alerts, an acknowledgement, an end of a problem) is made again and again. Each
//! time strace lets one call on the data directory fail, once or from then on, with EIO or ENOSPC. Then the house is
//! started without faults on what was left, and everything that it had answered 2xx must be there.
//!
//! | file | what it is |
//! | --- | --- |
//! | `point` | which call fails, how |
//! | `tracer` | strace, which makes it fail |
//! | `house` | the real binary, in a folder of its own, with stand-in providers |
//! | `story` | what is asked of it meanwhile, and what it answers |
//! | `trial` | the story with a fault, and the clean start after it |
//! | `finding`, `report` | what came of it |

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinSet;

pub use self::call::{Call, Errno};
pub use self::finding::{Course, Defect, Finding, Wrong};
pub use self::point::{Count, Lasting, Place, Point};
pub use self::report::Report;
use crate::moment;

mod call;
pub mod damage;
mod finding;
mod house;
mod point;
mod report;
mod story;
mod tracer;
mod trial;

/// Two runs of the same story make not quite the same number of calls: so many more are tried of each kind.
const MORE_CALLS: u32 = 2;

/// What is tried.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Whose calls fail.
    pub places: Vec<Place>,
    /// Which calls fail.
    pub calls: Vec<Call>,
    /// About so many faults, drawn by lot; none: all.
    pub sample: Option<usize>,
    /// As many as every n-th, drawn by lot; 1: all.
    pub every: usize,
    /// What the lot depends on.
    pub seed: u64,
    /// So many houses at once.
    pub lanes: usize,
    /// Where `hotpotato` is.
    pub hot_potato: PathBuf,
    /// An empty folder for what the houses leave.
    pub scratch: PathBuf,
}

/// Nothing could be found out.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// The system refused something.
    #[error("{what}: {error}")]
    System {
        /// What was tried.
        what: String,
        /// The system's words.
        error: io::Error,
    },
    /// strace does not do what it should.
    #[error("strace: {0}. It is Debian's package `strace`, and needs the right to trace")]
    Strace(String),
    /// The providers do not start.
    #[error("the stand-in providers do not start: {0}")]
    StandIns(String),
    /// The story goes wrong even when nothing fails.
    #[error("the story goes wrong even when nothing fails: {0}")]
    Clean(String),
}

impl DiskError {
    fn system(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |error| Self::System { what, error }
    }
}

/// Tries everything; says now and then how far it has come.
///
/// # Errors
/// When nothing can be tried at all. What goes wrong with a house is in the report.
pub async fn run(plan: Plan, progress: &(dyn Fn(&str) + Sync)) -> Result<Report, DiskError> {
    let began = moment::now();
    let mut counts = Vec::new();
    for &place in &plan.places {
        let folder = plan.scratch.join(format!("clean-{place}").replace(' ', "-"));
        let found = trial::count(&plan, place, folder).await?;
        counts.extend(found.into_iter().filter(|count| plan.calls.contains(&count.call)));
    }
    let tried: Vec<Count> =
        counts.iter().map(|count| Count { calls: count.calls + MORE_CALLS, ..*count }).collect();
    let points = point::every(&tried);
    // Drawn by lot, not by steps: the ways in which one call fails stand beside one another.
    let count = plan.sample.unwrap_or(points.len() / plan.every.max(1));
    let points = point::sample(&points, count, plan.seed);
    progress(&format!("{} faults", points.len()));
    let mut findings = try_all(plan, points, progress).await?;
    findings.sort_by_key(|finding| finding.point);
    Ok(Report { counts, seconds: moment::since(began).as_secs(), findings })
}

async fn try_all(
    plan: Plan,
    points: Vec<Point>,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Finding>, DiskError> {
    let total = points.len();
    let plan = Arc::new(plan);
    let waiting: Arc<Mutex<VecDeque<(usize, Point)>>> =
        Arc::new(Mutex::new(points.into_iter().enumerate().collect()));
    let mut lanes = JoinSet::new();
    let (found, mut findings) = tokio::sync::mpsc::unbounded_channel();
    for _ in 0..plan.lanes.max(1) {
        let (plan, waiting, found) = (Arc::clone(&plan), Arc::clone(&waiting), found.clone());
        lanes.spawn(async move {
            loop {
                let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let Some((number, point)) = next else { return };
                let folder = plan.scratch.join(format!("{number:05}"));
                let finding = trial::run_point(&plan, point, folder.clone()).await;
                if finding.as_ref().is_ok_and(|finding| finding.defects.is_empty()) {
                    // What went well needs no room; what remains is removed with the whole scratch.
                    let _ = std::fs::remove_dir_all(&folder);
                }
                // An error means that nobody wants to know any more.
                let _ = found.send(finding);
            }
        });
    }
    drop(found);
    let mut done = Vec::with_capacity(total);
    while let Some(finding) = findings.recv().await {
        let finding = finding?;
        for Defect { wrong, what } in &finding.defects {
            progress(&format!("{}: {wrong:?}: {what}", finding.point));
        }
        done.push(finding);
        if done.len() % 50 == 0 {
            progress(&format!("{} of {total}", done.len()));
        }
    }
    Ok(done)
}

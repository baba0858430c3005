//! Measures every channel over its stand-in, and whether a provider that hangs delays anybody else's pages.
//!
//! | file | what is measured |
//! | --- | --- |
//! | `storm` | many pages over one channel: rate, CPU for each, latency |
//! | `hanging` | pages over all channels at once, while everybody answers and while one provider never does, in turns |
//!
//! The house is the real binary, and a fresh one on fresh data each time. Carriers' pace is off. Whoever posts, and the
//! stand-ins, are this process, whose CPU is told beside. Everything stays on loopback and in one folder that is
//! removed in the end; every wait has a limit.

use std::path::PathBuf;

use serde::Serialize;

pub use self::report::Report;
pub use self::way::Way;
use super::BenchError;
use super::machine::Machine;
use super::scratch::Scratch;
use crate::moment;

mod arrivals;
mod counterparts;
mod hanging;
mod house;
mod outcome;
mod posting;
mod report;
mod storm;
mod way;

/// Pages over each channel before anything is measured.
const WARM_UP_COUNT: u32 = 50;

/// What is measured, and how often.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// How often everything is measured.
    pub rounds: u32,
    /// Which channels are measured alone.
    pub ways: Vec<Way>,
    /// Pages over each of them.
    pub count: u32,
    /// Connections over which their alerts are posted, each with one in flight.
    pub connections: u32,
    /// Whose provider hangs, one after the other.
    pub hanging: Vec<Way>,
    /// Pages over each channel while one hangs.
    pub steady_count: u32,
    /// How many a second over each.
    pub per_second: f64,
    /// Where `hotpotato` is.
    #[serde(skip)]
    pub hot_potato: PathBuf,
    /// Where data is kept meanwhile: a folder, in which one of our own is made and removed.
    #[serde(skip)]
    pub scratch: PathBuf,
}

/// Measures everything; says before each measurement which one is next.
///
/// # Errors
/// When a program is missing, does not start, or ends on its own. Pages that are lost or come twice are no error here:
/// they are in the report.
pub async fn run(plan: &Plan, progress: &(dyn Fn(&str) + Sync)) -> Result<Report, BenchError> {
    let scratch = Scratch::make(&plan.scratch)?;
    let machine = Machine::read(scratch.path())?;
    let date = moment::unix_ms();
    let (mut storms, mut runs) = (Vec::new(), Vec::new());
    for round in 1..=plan.rounds {
        let say = |what: &str| progress(&format!("round {round} of {}: {what}", plan.rounds));
        for &way in &plan.ways {
            say(&format!("{} pages over {}", plan.count, way.name()));
            storms.push(storm::measure(plan, &scratch, round, way).await?);
        }
        for &of in &plan.hanging {
            for hung in [false, true] {
                say(&format!("all channels, {} {}", of.name(), if hung { "hangs" } else { "answers" }));
                runs.push(hanging::measure(plan, &scratch, round, of, hung).await?);
            }
        }
    }
    Ok(Report::new(date, machine, plan, storms, runs))
}

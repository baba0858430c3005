//! Kills the real binary again and again while alerts arrive, and asks the providers whether anybody was left
//! unpaged.
//!
//! ```text
//! sources ──► hotpotato ──► stand-in providers ──► their ledger ──┐
//!    │            ▲                                               ▼
//!    │   kill -9, SIGSTOP, at any moment                       oracle ──► report
//!    └──► what was answered 2xx ──────────────────────────────────┘
//! ```
//!
//! | file | what |
//! | --- | --- |
//! | `household` | who lives in a house, and which sends an alert plans |
//! | `house` | the process: started, killed, stopped, asked |
//! | `lives` | when it ran, and when it did not |
//! | `source` | posts signals until each is answered 2xx, and takes alerts |
//! | `tale` | one alert as its source remembers it |
//! | `weather` | providers that misbehave now and then |
//! | `executioner` | decides when the process is killed or stopped |
//! | `oracle`, `repeats` | judge every alert by the providers' own ledger |
//! | `stalls` | when the machine stood still for the judge itself |
//! | `patience` | how long things may take on a busy machine |
//!
//! The oracle knows three things: what sources were answered, what the providers' ledger says, and when the process
//! ran. The house's own log is asked only whether it holds what was accepted, never whether somebody was paged.
//!
//! Everything random follows from the seed; the moments at which the system carries it out do not.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::task::JoinSet;

use self::house::House;
pub use self::patience::Patience;
pub use self::report::{Report, Tally};
use crate::bench::BenchError;
use crate::bench::machine::Machine;
use crate::bench::scratch::Scratch;
use crate::moment;

mod dice;
mod executioner;
mod fault;
mod house;
mod household;
mod lives;
mod oracle;
mod patience;
mod repeats;
mod report;
mod source;
mod stalls;
mod tale;
mod weather;

/// What is done to how many houses.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// How often a process is killed, over all houses.
    pub kills: u32,
    /// How often one is stopped for a while instead, over all houses.
    pub stops: u32,
    /// The longest stop; the shortest is a second.
    pub stop_seconds_max: u32,
    /// Houses side by side, each with providers and sources of its own.
    pub houses: u32,
    /// New alerts a second in each house.
    pub alerts_per_second: f64,
    /// How long things may take on this machine.
    pub patience: Patience,
    /// Where everything random comes from.
    pub seed: u64,
    /// Where `hotpotato` is.
    #[serde(skip)]
    pub hot_potato: PathBuf,
    /// Where data is kept meanwhile: a folder, in which one of our own is made.
    #[serde(skip)]
    pub scratch: PathBuf,
    /// Whether that folder stays when something is wrong.
    #[serde(skip)]
    pub keep: bool,
}

/// Runs all houses to their end and judges what came of it.
///
/// # Errors
/// When the binary does not start, or ends by itself. An alert that is lost is no error here: it is in the report.
pub async fn run(plan: &Plan, progress: Arc<dyn Fn(&str) + Send + Sync>) -> Result<Report, BenchError> {
    let mut scratch = Scratch::make(&plan.scratch)?;
    let machine = Machine::read(scratch.path())?;
    let (date, started) = (moment::unix_ms(), moment::now());
    let mut houses = JoinSet::new();
    for number in 0..plan.houses {
        let folder = scratch.folder("house")?;
        let (plan, progress) = (plan.clone(), Arc::clone(&progress));
        houses.spawn(async move { house(number, &plan, folder, progress).await });
    }
    let mut tally = Tally::default();
    while let Some(done) = houses.join_next().await {
        match done.map_err(|error| BenchError::system("a house fell over")(error.into())).flatten() {
            Ok(found) => tally.add(found),
            Err(error) => {
                if plan.keep {
                    scratch.keep();
                }
                return Err(error);
            }
        }
    }
    let report = Report::new(date, machine, plan, moment::since(started), tally);
    if plan.keep && !report.is_sound() {
        scratch.keep();
        progress(&format!("the data stays in {}", scratch.path().display()));
    }
    Ok(report)
}

/// A seed that nobody has chosen.
pub fn any_seed() -> u64 {
    moment::unix_ms()
}

/// One house, from its first start to the judgement.
async fn house(
    number: u32,
    plan: &Plan,
    folder: PathBuf,
    progress: Arc<dyn Fn(&str) + Send + Sync>,
) -> Result<Tally, BenchError> {
    let share = |total: u32| total / plan.houses + u32::from(number < total % plan.houses);
    let mut dice = dice::Dice::new(plan.seed).of(u64::from(number));
    let stalls = stalls::Stalls::watch();
    let mut house = House::start(number, plan, folder).await?;
    let sources = source::Sources::begin(house.door(), plan.alerts_per_second, dice.of(1));
    let weather = weather::begin(house.stand_ins(), dice.of(2));
    let order = executioner::Order {
        kills: share(plan.kills),
        stops: share(plan.stops),
        stop_max: Duration::from_secs(plan.stop_seconds_max.into()),
    };
    let executed = executioner::carry_out(&mut house, &order, &mut dice, &*progress).await?;
    weather.end(house.stand_ins());
    progress(&format!("house {number}: the last signals"));
    let tales = sources.end().await;
    progress(&format!("house {number}: {} alerts; waiting until all is quiet", tales.len()));
    let verdict = oracle::judge(&mut house, plan.patience, &stalls, tales).await?;
    house.end().await?;
    let log_bytes = house.log_bytes();
    Ok(Tally { log_bytes, ..verdict.join(executed) })
}

//! Measures what a storm does: to the person who is paged, to the log, and to whoever has a problem beside it.
//!
//! | file | what is measured |
//! | --- | --- |
//! | `one_person` | 10,000 different alerts in ten seconds for one person: their pages, and where each alert went |
//! | `many_people` | the same storm over a hundred people's services, one after the other: each one's first page |
//! | `repeats` | one alert a million times: what the log grows by |
//! | `beside` | a quiet source alone, and beside one that tells of 100,000 different alerts |
//!
//! The house is the real binary, and a fresh one on fresh data each time. Whoever posts, and the provider, are this
//! process. What became of each alert is read from the log after the house has ended. Everything stays on loopback and in one folder that
//! is removed in the end; every wait has a limit.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use self::beside::Beside;
use self::house::House;
use self::many_people::ManyPeople;
use self::one_person::OnePerson;
use self::repeats::Repeats;
pub use self::report::Report;
use super::BenchError;
use super::machine::{self, Machine};
use super::scratch::Scratch;
use crate::moment;

mod beside;
mod house;
mod many_people;
mod one_person;
mod posting;
mod record;
mod repeats;
mod report;

/// Alerts of the quiet source before anything is measured.
const WARM_UP_COUNT: u32 = 50;

/// How long a page may take before it counts as missing.
const PAGE_WAIT_MAX: Duration = Duration::from_secs(30);

/// What is measured, and how often.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// How often everything is measured.
    pub rounds: u32,
    /// Alerts of the storm.
    pub alerts: u32,
    /// How many of them a second.
    pub per_second: f64,
    /// Over how many people's services the second storm goes.
    pub people: u32,
    /// How often the one alert is repeated.
    pub repeats: u32,
    /// So many of them stand in one body.
    pub repeats_per_post: u32,
    /// Different alerts of the loud source.
    pub loud: u32,
    /// Alerts of the quiet source alone.
    pub quiet: u32,
    /// How many of them a second, alone and beside the loud one.
    pub quiet_per_second: f64,
    /// Connections of whoever is loud, each with one request in flight.
    pub connections: u32,
    /// Where `hotpotato` is.
    #[serde(skip)]
    pub hot_potato: PathBuf,
    /// Where data is kept meanwhile: a folder, in which one of our own is made and removed.
    #[serde(skip)]
    pub scratch: PathBuf,
    /// Which of the measurements are made.
    pub only: Vec<Which>,
}

/// One of the measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// A storm for one person.
    OnePerson,
    /// A storm over many people's services.
    ManyPeople,
    /// One alert again and again.
    Repeats,
    /// A quiet source beside a loud one.
    Beside,
}

impl Which {
    /// All of them, in the order in which they are measured.
    pub const ALL: [Self; 4] = [Self::OnePerson, Self::ManyPeople, Self::Repeats, Self::Beside];
}

/// One measurement.
#[derive(Debug, Clone, Serialize)]
pub struct Measurement {
    /// Counted from 1.
    round: u32,
    /// The machine's load average over the minute before.
    load_average: f64,
    found: Finding,
}

/// What was found.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
enum Finding {
    OnePerson(OnePerson),
    ManyPeople(ManyPeople),
    Repeats(Repeats),
    Beside(Box<Beside>),
}

/// Measures everything; says before each measurement which one is next.
///
/// # Errors
/// When a program is missing, does not start, or ends on its own. Alerts that are lost or refused are no error here:
/// they are in the report.
pub async fn run(plan: &Plan, progress: &(dyn Fn(&str) + Sync)) -> Result<Report, BenchError> {
    let scratch = Scratch::make(&plan.scratch)?;
    let machine = Machine::read(scratch.path())?;
    let date = moment::unix_ms();
    let mut measurements = Vec::new();
    for round in 1..=plan.rounds {
        for &which in &plan.only {
            progress(&format!("round {round} of {}: {}", plan.rounds, which.title(plan)));
            let load_average = machine::load_average()?;
            let found = which.measure(plan, &scratch).await?;
            measurements.push(Measurement { round, load_average, found });
        }
    }
    Ok(Report::new(date, machine, plan, measurements))
}

impl Which {
    fn title(self, plan: &Plan) -> String {
        let Plan { alerts, per_second, people, repeats, loud, .. } = plan;
        match self {
            Self::OnePerson => format!("{alerts} alerts for one person, {per_second} a second"),
            Self::ManyPeople => format!("{alerts} alerts for {people} people in turn, {per_second} a second"),
            Self::Repeats => format!("one alert {repeats} times"),
            Self::Beside => format!("a quiet source beside {loud} alerts of another"),
        }
    }

    async fn measure(self, plan: &Plan, scratch: &Scratch) -> Result<Finding, BenchError> {
        Ok(match self {
            Self::OnePerson => Finding::OnePerson(one_person::measure(plan, scratch).await?),
            Self::ManyPeople => Finding::ManyPeople(many_people::measure(plan, scratch).await?),
            Self::Repeats => Finding::Repeats(repeats::measure(plan, scratch).await?),
            Self::Beside => Finding::Beside(Box::new(beside::measure(plan, scratch).await?)),
        })
    }
}

impl Measurement {
    const fn which(&self) -> Which {
        match self.found {
            Finding::OnePerson(_) => Which::OnePerson,
            Finding::ManyPeople(_) => Which::ManyPeople,
            Finding::Repeats(_) => Which::Repeats,
            Finding::Beside(_) => Which::Beside,
        }
    }
}

//! Measures how fast the house takes alerts in and pages for them, and what that costs, beside Alertmanager.
//!
//! Every measurement starts a fresh process on fresh data, warms it up, and takes it down again:
//!
//! | file | what is measured |
//! | --- | --- |
//! | `one_at_a_time` | one alert at a time: from its POST to the first request at the provider |
//! | `flood` | many different alerts over many connections: rate, CPU and memory for each |
//! | `start` | with all of them still open: how long an end and a start take, and how much memory |
//!
//! The contenders take turns within each round, so that a busy machine is busy for both. What is printed is the
//! median over the rounds; of what should never happen (an alert lost, a page sent twice) it is the worst.
//!
//! Everything stays on loopback and in one folder that is removed in the end; every wait has a limit.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

pub use self::error::BenchError;
use self::finding::{Finding, Measurement};
use self::machine::Machine;
pub use self::report::Report;
use self::scratch::Scratch;
use self::subject::{Contender, Subject};
use crate::moment;
use crate::sink::Sink;

mod alert;
mod alertmanager;
pub mod channels;
mod error;
mod figure;
mod finding;
mod flood;
mod floor;
pub(crate) mod hot_potato;
pub(crate) mod http;
pub(crate) mod machine;
mod one_at_a_time;
pub(crate) mod program;
mod report;
pub(crate) mod scratch;
mod start;
pub mod storm;
mod subject;
mod summary;

/// Alerts that each fresh process gets before anything is measured.
const WARM_UP_COUNT: u32 = 200;

/// How long one alert's page may take when nothing else is going on.
const ONE_PAGE_WAIT_MAX: Duration = Duration::from_secs(10);

const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// What is measured, and how often.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// How often everything is measured.
    pub rounds: u32,
    /// Alerts that are posted one at a time.
    pub one_at_a_time_count: u32,
    /// Alerts of each flood.
    pub flood_counts: Vec<u32>,
    /// Connections of a flood, each with one alert in flight.
    pub connections: u32,
    /// Whether Alertmanager is measured too.
    pub with_alertmanager: bool,
    /// Whether the least that it can cost is measured too.
    pub with_floor: bool,
    /// Where `hotpotato` is.
    #[serde(skip)]
    pub hot_potato: PathBuf,
    /// Where data is kept meanwhile: a folder, in which one of our own is made and removed.
    #[serde(skip)]
    pub scratch: PathBuf,
}

impl Plan {
    fn contenders(&self) -> Vec<Contender> {
        let mut contenders = vec![Contender::HotPotato];
        contenders.extend(self.with_alertmanager.then_some(Contender::Alertmanager));
        contenders.extend(self.with_floor.then_some(Contender::Floor));
        contenders
    }
}

/// Measures everything; says before each measurement which one is next.
///
/// # Errors
/// When a program is missing, does not start, or ends on its own. Alerts that are lost or refused are no error here:
/// they are in the report.
pub async fn run(plan: &Plan, progress: &(dyn Fn(&str) + Sync)) -> Result<Report, BenchError> {
    let scratch = Scratch::make(&plan.scratch)?;
    let alertmanager =
        if plan.with_alertmanager { Some(alertmanager::Installed::find().await?) } else { None };
    let bench = Bench { plan, scratch: &scratch, alertmanager: alertmanager.as_ref(), progress };
    let machine = Machine::read(scratch.path())?;
    let date = moment::unix_ms();
    let mut measurements = Vec::new();
    for round in 1..=plan.rounds {
        for contender in plan.contenders() {
            bench.one_at_a_time(round, contender, &mut measurements).await?;
        }
        for &count in &plan.flood_counts {
            for contender in plan.contenders() {
                bench.flood(round, contender, count, &mut measurements).await?;
            }
        }
    }
    Ok(Report::new(date, machine, plan, alertmanager.map(|installed| installed.version), measurements))
}

/// What all measurements share.
struct Bench<'a> {
    plan: &'a Plan,
    scratch: &'a Scratch,
    alertmanager: Option<&'a alertmanager::Installed>,
    progress: &'a (dyn Fn(&str) + Sync),
}

impl Bench<'_> {
    async fn one_at_a_time(
        &self,
        round: u32,
        contender: Contender,
        measurements: &mut Vec<Measurement>,
    ) -> Result<(), BenchError> {
        let count = self.plan.one_at_a_time_count;
        self.say(round, contender, &format!("{count} alerts, one at a time"));
        let load_average = machine::load_average()?;
        let sink = Sink::start(ANY_PORT, WARM_UP_COUNT, count).await.map_err(BenchError::sink)?;
        let subject = self.start(contender, &sink).await?;
        one_at_a_time::warm_up(&subject, &sink).await?;
        let found = one_at_a_time::measure(&subject, &sink, count).await?;
        subject.program.end().await?;
        measurements.push(Measurement { round, contender, load_average, found: Finding::OneAtATime(found) });
        Ok(())
    }

    /// Also measures how the house starts again with all these alerts open. Alertmanager keeps no alerts over a start.
    async fn flood(
        &self,
        round: u32,
        contender: Contender,
        count: u32,
        measurements: &mut Vec<Measurement>,
    ) -> Result<(), BenchError> {
        self.say(round, contender, &format!("{count} alerts over {} connections", self.plan.connections));
        let load_average = machine::load_average()?;
        let sink = Sink::start(ANY_PORT, WARM_UP_COUNT, count).await.map_err(BenchError::sink)?;
        let mut subject = self.start(contender, &sink).await?;
        one_at_a_time::warm_up(&subject, &sink).await?;
        let found = flood::measure(&mut subject, &sink, count, self.plan.connections).await?;
        let empty_kib = found.resident_kib_before();
        measurements.push(Measurement {
            round,
            contender,
            load_average,
            found: Finding::Flood(Box::new(found)),
        });
        match contender {
            Contender::Alertmanager | Contender::Floor => drop(subject.program.end().await?),
            Contender::HotPotato => {
                self.say(round, contender, &format!("end and start with {count} open alerts"));
                let found = start::measure(&self.plan.hot_potato, subject, &sink, empty_kib).await?;
                measurements.push(Measurement {
                    round,
                    contender,
                    load_average,
                    found: Finding::Start(found),
                });
            }
        }
        Ok(())
    }

    async fn start(&self, contender: Contender, sink: &Sink) -> Result<Subject, BenchError> {
        let folder = self.scratch.folder(contender.name())?;
        match (contender, self.alertmanager) {
            (Contender::Alertmanager, Some(installed)) => {
                alertmanager::start(installed, folder, sink.address()).await
            }
            (Contender::Floor, _) => {
                let own =
                    std::env::current_exe().map_err(BenchError::system("this program cannot be found"))?;
                let program = own.with_file_name("bench-floor");
                floor::start(&program, folder, sink.address()).await
            }
            (Contender::HotPotato | Contender::Alertmanager, _) => {
                hot_potato::start(&self.plan.hot_potato, folder, sink.address()).await
            }
        }
    }

    fn say(&self, round: u32, contender: Contender, what: &str) {
        (self.progress)(&format!("round {round} of {}: {contender}: {what}", self.plan.rounds));
    }
}

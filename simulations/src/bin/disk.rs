//! Lets the disk of the real house fail, call by call, damages its files, place by place, and says what came of it.
//!
//! Run it with `cargo xtask disk`, which builds and installs what it needs.

use std::env;
use std::error::Error;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use serde::Serialize;
use simulations::disk::damage::{self, DamagePlan, DamageReport};
use simulations::disk::{self, Call, Place, Plan, Report};

/// How many failing calls `--quick` tries.
const QUICK_CALLS: usize = 36;
/// How many damages of each kind of files `--quick` tries.
const QUICK_DAMAGES: usize = 150;
/// How many alerts stand in the log that is damaged.
const ALERTS: u32 = 16;
const ALERTS_KILLED: u32 = 6;
const QUICK_ALERTS: u32 = 8;

/// Which half is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Half {
    /// System calls that fail.
    Calls,
    /// Files that are damaged.
    Files,
}

/// Both reports.
#[derive(Debug, Serialize)]
struct Reports {
    calls: Option<Report>,
    files: Option<DamageReport>,
}

/// Faults of the disk: every system call of a short run fails, once and from then on; every page of the files is
/// damaged.
#[derive(Debug, Parser)]
#[command(name = "disk")]
struct Arguments {
    /// Some faults, drawn by lot, in about a minute.
    #[arg(long)]
    quick: bool,
    /// Only this half.
    #[arg(long, value_enum)]
    only: Option<Half>,
    /// So many places of every page are damaged, besides its header.
    #[arg(long, default_value_t = 24)]
    per_page: u32,
    /// As many failing calls as every N-th, drawn by lot.
    #[arg(long, value_name = "N", default_value_t = 1)]
    every: usize,
    /// What the lot depends on.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Houses at once.
    #[arg(long, default_value_t = 3)]
    lanes: usize,
    /// Only these calls, such as `fsync,pwrite64`.
    #[arg(long, value_delimiter = ',')]
    calls: Vec<String>,
    /// Only these places: `start`, `log writer`, `keys writer`, `workers`, `log lines`.
    #[arg(long, value_delimiter = ',')]
    places: Vec<String>,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
    /// The house; default: `hotpotato` beside this program.
    #[arg(long)]
    hotpotato: Option<PathBuf>,
    /// Where the houses stand meanwhile.
    #[arg(long, default_value_os_t = env::temp_dir())]
    scratch: PathBuf,
}

impl Arguments {
    fn plan(&self) -> Result<Plan, Box<dyn Error>> {
        let hot_potato = match &self.hotpotato {
            Some(program) => std::path::absolute(program)?,
            None => env::current_exe()?.with_file_name("hotpotato"),
        };
        if !hot_potato.is_file() {
            return Err(format!("{} is missing: run `cargo xtask disk`", hot_potato.display()).into());
        }
        let chosen = |name: &str, names: &[String]| names.is_empty() || names.iter().any(|it| it == name);
        let places = Place::ALL.into_iter().filter(|place| chosen(&place.to_string(), &self.places));
        let calls = Call::ALL.into_iter().filter(|call| chosen(call.name(), &self.calls));
        let folder = format!("hotpotato-disk-{}", std::process::id());
        Ok(Plan {
            places: places.collect(),
            calls: calls.collect(),
            sample: self.quick.then_some(QUICK_CALLS),
            every: self.every,
            seed: self.seed,
            lanes: self.lanes,
            hot_potato,
            scratch: std::path::absolute(&self.scratch)?.join(folder),
        })
    }

    fn damage_plan(&self, plan: &Plan) -> DamagePlan {
        DamagePlan {
            alerts: if self.quick { QUICK_ALERTS } else { ALERTS },
            alerts_killed: if self.quick { QUICK_ALERTS } else { ALERTS_KILLED },
            per_page: self.per_page,
            sample: self.quick.then_some(QUICK_DAMAGES),
            seed: self.seed,
            lanes: self.lanes,
            hot_potato: plan.hot_potato.clone(),
            scratch: plan.scratch.join("files"),
        }
    }
}

/// Ends with 0 if nothing went wrong, with 1 otherwise.
#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            print("", &format!("disk: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let plan = arguments.plan()?;
    let scratch = plan.scratch.clone();
    let shows_progress = !arguments.json || std::io::stderr().is_terminal();
    let progress = |step: &str| {
        if shows_progress {
            print("", &format!("{step}\n"));
        }
    };
    let damages = arguments.damage_plan(&plan);
    let (mut calls, mut files) = (None, None);
    if arguments.only != Some(Half::Files) {
        calls = Some(disk::run(plan, &progress).await?);
    }
    if arguments.only != Some(Half::Calls) {
        files = Some(damage::run(&damages, &progress).await?);
    }
    let is_sound =
        calls.as_ref().is_none_or(Report::is_sound) && files.as_ref().is_none_or(DamageReport::is_sound);
    if is_sound {
        std::fs::remove_dir_all(&scratch)?;
    } else {
        print("", &format!("what the houses left is in {}\n", scratch.display()));
    }
    let reports = Reports { calls, files };
    if arguments.json {
        print(&format!("{}\n", serde_json::to_string_pretty(&reports)?), "");
    } else {
        let calls = reports.calls.map(|report| report.to_string());
        let files = reports.files.map(|report| report.to_string());
        print(&[calls, files].into_iter().flatten().collect::<Vec<_>>().join("\n"), "");
    }
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing the result is what the program is for"
)]
fn print(stdout: &str, stderr: &str) {
    print!("{stdout}");
    eprint!("{stderr}");
}

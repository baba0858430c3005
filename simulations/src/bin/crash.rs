//! Kills the built house again and again while alerts arrive, and asks the providers whether anybody was left unpaged.
//!
//! Run it with `cargo xtask crash --kills N`, which builds what it needs.

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, ValueEnum};
use simulations::bench::BenchError;
use simulations::crash::{self, Patience, Plan};
use tokio::signal::unix::{SignalKind, signal};

/// kill -9 and SIGSTOP in a loop while alerts arrive. The judge is the providers' own ledger.
#[derive(Debug, Parser)]
#[command(name = "crash")]
struct Arguments {
    /// How often a process is killed, over all houses.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    kills: u32,
    /// How often one is stopped for a while instead, over all houses; default: once for a hundred kills.
    #[arg(long)]
    stops: Option<u32>,
    /// The longest stop in seconds; the shortest is one.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=60))]
    stop_seconds_max: u32,
    /// Houses side by side, each with providers and sources of its own.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=99))]
    houses: u32,
    /// New alerts a second in each house.
    #[arg(long, default_value_t = 2.0)]
    rate: f64,
    /// Where everything random comes from; default: from the clock, and printed.
    #[arg(long)]
    seed: Option<u64>,
    /// Waits longer before something is called a fault: for a machine that is busy with other things.
    #[arg(long)]
    patient: bool,
    /// Leaves the folder with all data where it is if something is wrong.
    #[arg(long)]
    keep: bool,
    /// Folder on the disk that is written to.
    #[arg(long, default_value_os_t = env::temp_dir())]
    scratch: PathBuf,
    /// The house; default: `hotpotato` beside this program.
    #[arg(long)]
    hotpotato: Option<PathBuf>,
    /// What is printed.
    #[arg(long, value_enum, default_value = "both")]
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// JSON on stdout, nothing on stderr.
    Json,
    /// A summary on stdout.
    Human,
    /// JSON on stdout, how it goes and a summary on stderr.
    Both,
}

impl Arguments {
    fn plan(self) -> Result<Plan, Box<dyn Error>> {
        let hot_potato = match self.hotpotato {
            Some(program) => std::path::absolute(program)?,
            None => env::current_exe()?.with_file_name("hotpotato"),
        };
        if !hot_potato.is_file() {
            return Err(BenchError::NoHotPotato(hot_potato.display().to_string()).into());
        }
        if !(self.rate.is_finite() && self.rate > 0.0) {
            return Err("--rate: more than 0 alerts a second".into());
        }
        Ok(Plan {
            kills: self.kills,
            stops: self.stops.unwrap_or(self.kills / 100),
            stop_seconds_max: self.stop_seconds_max,
            houses: self.houses.min(self.kills),
            alerts_per_second: self.rate,
            patience: if self.patient { Patience::LONG } else { Patience::USUAL },
            seed: self.seed.unwrap_or_else(crash::any_seed),
            hot_potato,
            scratch: std::path::absolute(self.scratch)?,
            keep: self.keep,
        })
    }
}

/// Exits with 0 when nobody was left unpaged and nothing else happened that should not, with 1 otherwise.
#[tokio::main]
async fn main() -> ExitCode {
    match carry_out(Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            print("", &format!("crash: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

async fn carry_out(arguments: Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let output = arguments.output;
    let plan = arguments.plan()?;
    let progress = Arc::new(move |step: &str| {
        if output != Output::Json {
            print("", &format!("{step}\n"));
        }
    });
    progress(&format!("seed {}", plan.seed));
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let report = tokio::select! {
        report = crash::run(&plan, progress) => report.map_err(|error| format!("seed {}: {error}", plan.seed))?,
        // What runs is killed and the data removed on the way out.
        _ = terminate.recv() => return Err("ended before it was done".into()),
        _ = interrupt.recv() => return Err("ended before it was done".into()),
    };
    let json = serde_json::to_string_pretty(&report)?;
    match output {
        Output::Json => print(&format!("{json}\n"), ""),
        Output::Human => print(&report.to_string(), ""),
        Output::Both => print(&format!("{json}\n"), &report.to_string()),
    }
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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

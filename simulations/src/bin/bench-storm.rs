//! Measures what a storm of alerts does to the person who is paged, to the log, and to whoever has a problem beside it.
//!
//! Run it with `cargo xtask bench storm`, which builds what it needs.

use std::env;
use std::error::Error;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use simulations::bench::BenchError;
use simulations::bench::storm::{self, Plan, Which};
use tokio::signal::unix::{SignalKind, signal};

/// Benchmark of storms: pages, the first one's latency, what the log keeps of repeats, and a quiet source beside a loud one.
#[derive(Debug, Parser)]
#[command(name = "bench-storm")]
struct Arguments {
    /// Few alerts and one round: whether it works, not how fast.
    #[arg(long)]
    quick: bool,
    /// Only some of the measurements.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Option<Vec<Which>>,
    /// How often everything is measured.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: Option<u32>,
    /// Alerts of the storm.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    alerts: Option<u32>,
    /// How many of them a second.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u16).range(1..=50_000))]
    per_second: u16,
    /// People over whose services the second storm goes.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    people: Option<u32>,
    /// How often the one alert is repeated.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    repeats: Option<u32>,
    /// How many of them stand in one body.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    repeats_per_post: u32,
    /// Different alerts of the loud source.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    loud: Option<u32>,
    /// Alerts of the quiet source alone.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    quiet: Option<u32>,
    /// How many of them a second.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    quiet_per_second: u16,
    /// Connections of whoever is loud.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    connections: u32,
    /// Folder on the disk that is measured.
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
    /// A table on stdout.
    Human,
    /// JSON on stdout, a table on stderr.
    Both,
}

/// How much is measured: rounds, alerts, people, repeats, loud and quiet alerts.
const WHOLE: [u32; 6] = [3, 10_000, 100, 1_000_000, 100_000, 600];
const QUICK: [u32; 6] = [1, 1_000, 10, 10_000, 2_000, 40];

impl Arguments {
    fn plan(self) -> Result<Plan, Box<dyn Error>> {
        let [rounds, alerts, people, repeats, loud, quiet] = if self.quick { QUICK } else { WHOLE };
        let hot_potato = match self.hotpotato {
            Some(program) => std::path::absolute(program)?,
            None => env::current_exe()?.with_file_name("hotpotato"),
        };
        if !hot_potato.is_file() {
            return Err(BenchError::NoHotPotato(hot_potato.display().to_string()).into());
        }
        Ok(Plan {
            rounds: self.rounds.unwrap_or(rounds),
            alerts: self.alerts.unwrap_or(alerts),
            per_second: self.per_second.into(),
            people: self.people.unwrap_or(people),
            repeats: self.repeats.unwrap_or(repeats),
            repeats_per_post: self.repeats_per_post,
            loud: self.loud.unwrap_or(loud),
            quiet: self.quiet.unwrap_or(quiet),
            quiet_per_second: self.quiet_per_second.into(),
            connections: self.connections,
            only: self.only.unwrap_or_else(|| Which::ALL.to_vec()),
            hot_potato,
            scratch: std::path::absolute(self.scratch)?,
        })
    }
}

/// Exits with 0 when nothing was lost, refused or left without a page, with 1 otherwise, whatever the speed.
#[tokio::main]
async fn main() -> ExitCode {
    match measure(Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            print("", &format!("bench-storm: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

async fn measure(arguments: Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let output = arguments.output;
    let shows_progress = output != Output::Json && std::io::stderr().is_terminal();
    let plan = arguments.plan()?;
    let progress = |step: &str| {
        if shows_progress {
            print("", &format!("{step}\n"));
        }
    };
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let report = tokio::select! {
        report = storm::run(&plan, &progress) => report?,
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

//! Measures how fast the house takes alerts in and pages for them, alone or beside Debian's Alertmanager.
//!
//! Run it with `cargo xtask bench ingest`, which builds what it needs.

use std::env;
use std::error::Error;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use simulations::bench::{self, Plan};
use tokio::signal::unix::{SignalKind, signal};

/// Benchmark of ingest: latency of one alert, rate, CPU and memory of many, and a start with all of them open.
#[derive(Debug, Parser)]
#[command(name = "bench-ingest")]
struct Arguments {
    /// Measure Debian's Alertmanager too, in turns, and print the ratios.
    #[arg(long)]
    with_alertmanager: bool,
    /// Measure the least that it can cost on the same foundations too.
    #[arg(long)]
    with_floor: bool,
    /// Few alerts and one round: whether it works, not how fast.
    #[arg(long)]
    quick: bool,
    /// How often everything is measured.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: Option<u32>,
    /// Alerts that are posted one at a time.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    one_at_a_time: Option<u32>,
    /// Alerts of each flood.
    #[arg(long, value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    counts: Option<Vec<u32>>,
    /// Connections of a flood.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1_000))]
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

impl Arguments {
    fn plan(self) -> Result<Plan, Box<dyn Error>> {
        let (rounds, one_at_a_time_count, flood_counts) =
            if self.quick { (1, 50, vec![500]) } else { (3, 500, vec![10_000, 100_000]) };
        let hot_potato = match self.hotpotato {
            Some(program) => std::path::absolute(program)?,
            None => env::current_exe()?.with_file_name("hotpotato"),
        };
        if !hot_potato.is_file() {
            return Err(bench::BenchError::NoHotPotato(hot_potato.display().to_string()).into());
        }
        Ok(Plan {
            rounds: self.rounds.unwrap_or(rounds),
            one_at_a_time_count: self.one_at_a_time.unwrap_or(one_at_a_time_count),
            flood_counts: self.counts.unwrap_or(flood_counts),
            connections: self.connections,
            with_alertmanager: self.with_alertmanager,
            with_floor: self.with_floor,
            hot_potato,
            scratch: std::path::absolute(self.scratch)?,
        })
    }
}

/// Exits with 0 when nothing was lost and nothing was sent twice by the house, with 1 otherwise, whatever the speed.
#[tokio::main]
async fn main() -> ExitCode {
    match measure(Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            print("", &format!("bench-ingest: {error}\n"));
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
        report = bench::run(&plan, &progress) => report?,
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

//! Measures how fast the house pages over each channel, what that costs, and whether a provider that hangs delays anybody
//! else's pages.
//!
//! Run it with `cargo xtask bench channels`, which builds what it needs.

use std::env;
use std::error::Error;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use simulations::bench::BenchError;
use simulations::bench::channels::{self, Plan, Way};
use tokio::signal::unix::{SignalKind, signal};

/// Benchmark of channels: rate, CPU and latency of pages over each, and of everybody else's while one provider hangs.
#[derive(Debug, Parser)]
#[command(name = "bench-channels")]
struct Arguments {
    /// Few pages and one round: whether it works, not how fast.
    #[arg(long)]
    quick: bool,
    /// How often everything is measured.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: Option<u32>,
    /// Which channels are measured alone; all when nothing is said.
    #[arg(long, value_delimiter = ',', value_enum)]
    channels: Option<Vec<Way>>,
    /// Measure no channel alone.
    #[arg(long, conflicts_with = "channels")]
    only_hanging: bool,
    /// Pages over each channel alone.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    count: Option<u32>,
    /// Connections over which their alerts are posted.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    connections: u32,
    /// Whose provider hangs, one after the other.
    #[arg(long, value_delimiter = ',', value_enum, default_value = "webhook,snpp")]
    hanging: Vec<Way>,
    /// Let no provider hang.
    #[arg(long, conflicts_with_all = ["hanging", "only_hanging"])]
    without_hanging: bool,
    /// Pages over each channel while one hangs.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    steady_count: Option<u32>,
    /// How many a second over each channel while one hangs.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    per_second: u16,
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
        let (rounds, count, steady_count) = if self.quick { (1, 100, 60) } else { (3, 1_000, 600) };
        let hot_potato = match self.hotpotato {
            Some(program) => std::path::absolute(program)?,
            None => env::current_exe()?.with_file_name("hotpotato"),
        };
        if !hot_potato.is_file() {
            return Err(BenchError::NoHotPotato(hot_potato.display().to_string()).into());
        }
        let ways = self.channels.unwrap_or_else(|| Way::ALL.to_vec());
        Ok(Plan {
            rounds: self.rounds.unwrap_or(rounds),
            ways: if self.only_hanging { Vec::new() } else { ways },
            count: self.count.unwrap_or(count),
            connections: self.connections,
            hanging: if self.without_hanging { Vec::new() } else { self.hanging },
            steady_count: self.steady_count.unwrap_or(steady_count),
            per_second: self.per_second.into(),
            hot_potato,
            scratch: std::path::absolute(self.scratch)?,
        })
    }
}

/// Exits with 0 when every page came, and none twice, with 1 otherwise, whatever the speed.
#[tokio::main]
async fn main() -> ExitCode {
    match measure(Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            print("", &format!("bench-channels: {error}\n"));
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
        report = channels::run(&plan, &progress) => report?,
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

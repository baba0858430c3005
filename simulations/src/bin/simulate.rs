//! Runs days of the house in simulation: many seeds, or one told as a story.

use std::process::ExitCode;

use clap::Parser;
use simulations::simulation::fault::{Fault, Faults};
use simulations::simulation::seeds::{run_many, shrink};
use simulations::simulation::{Day, Options};

/// The house in simulation. Every seed is a day of it, run twice.
#[derive(Debug, Parser)]
#[command(name = "simulate")]
struct Arguments {
    /// Only this seed.
    #[arg(long)]
    seed: Option<u64>,
    /// The first of many seeds.
    #[arg(long, default_value_t = 1)]
    first: u64,
    /// How many seeds.
    #[arg(long, default_value_t = 500)]
    seeds: u64,
    /// On how many threads; default: as many as the machine has.
    #[arg(long)]
    threads: Option<usize>,
    /// What goes wrong, instead of what the seed draws: names with commas between, or `none`.
    #[arg(long)]
    faults: Option<Faults>,
    /// Tell the seed's day as a story.
    #[arg(long, requires = "seed")]
    print_timeline: bool,
    /// Name every fault.
    #[arg(long)]
    list_faults: bool,
    /// Stop after so many failing seeds.
    #[arg(long, default_value_t = 5)]
    failures: usize,
}

/// Exits with 0 when every invariant held in every seed, and every seed gave the same log twice.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.list_faults {
        for fault in Fault::ALL {
            print(fault.name());
        }
        return ExitCode::SUCCESS;
    }
    if let Some(seed) = arguments.seed.filter(|_| arguments.print_timeline) {
        let options = Options { is_told: true, ..Options::of(seed) };
        let outcome = Day::run(Options { faults: arguments.faults.unwrap_or(options.faults), ..options });
        print(&outcome.story);
        return if outcome.violation.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let threads =
        arguments.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let (first, count) = arguments.seed.map_or((arguments.first, arguments.seeds), |seed| (seed, 1));
    let tally = run_many(first, count, threads, arguments.failures, arguments.faults);
    for failure in &tally.failures {
        let least = shrink(failure);
        print(&format!(
            "seed {}: {}\n  faults: {}\n  least:  {}",
            failure.seed, failure.why, failure.faults, least.faults
        ));
        print(&format!("  simulate --seed {} --faults {} --print-timeline", failure.seed, least.faults));
    }
    print(&format!(
        "{} days, {} alerts, {} records, {} calls of providers, {} deaths of the process: {} failed",
        tally.days_count,
        tally.alerts_count,
        tally.records_count,
        tally.calls_count,
        tally.deaths_count,
        tally.failures.len()
    ));
    if tally.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[expect(clippy::print_stdout, reason = "printing the result is what the program is for")]
fn print(line: &str) {
    println!("{line}");
}

//! Switches deliberate faults on, one at a time, and shows which invariant notices each, after how many seeds.

use std::process::ExitCode;

use clap::Parser;
use events::mutant::{Mutant, switch_on};
use simulations::simulation::fault::Faults;
use simulations::simulation::seeds::{Why, run_many};

/// Every mutant must be noticed: one that is not is an invariant that is missing.
#[derive(Debug, Parser)]
#[command(name = "mutants")]
struct Arguments {
    /// Only these, by their names in `events::mutant`, with commas between.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// How many seeds a mutant may live through.
    #[arg(long, default_value_t = 5_000)]
    seeds: u64,
    /// What goes wrong, instead of what each seed draws: names with commas between.
    #[arg(long)]
    faults: Option<Faults>,
    /// On how many threads; default: as many as the machine has.
    #[arg(long)]
    threads: Option<usize>,
}

/// Exits with 0 when every mutant was noticed, and nothing was noticed without one.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let threads =
        arguments.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    // A panic is noticed as such; what it prints would hide the table.
    std::panic::set_hook(Box::new(|_| {}));
    let mut survivors = 0;
    switch_on(None);
    let sound = run_many(1, 200, threads, 1, arguments.faults);
    if let Some(failure) = sound.failures.first() {
        print(&format!("without a mutant, seed {} fails already: {}", failure.seed, failure.why));
        return ExitCode::FAILURE;
    }
    for mutant in Mutant::ALL {
        let name = format!("{mutant:?}");
        if !arguments.only.is_empty() && !arguments.only.contains(&name) {
            continue;
        }
        switch_on(Some(mutant));
        let tally = run_many(1, arguments.seeds, threads, 1, arguments.faults);
        switch_on(None);
        match tally.failures.first() {
            Some(failure) => {
                let by = match &failure.why {
                    Why::Violated(violation) => format!("invariant {}", violation.invariant),
                    Why::Undetermined => "two runs that differ".to_owned(),
                };
                print(&format!(
                    "{name:26} {by:36} after {:4} seeds (seed {})",
                    tally.days_count, failure.seed
                ));
            }
            None => {
                survivors += 1;
                print(&format!("{name:26} SURVIVES {} seeds", tally.days_count));
            }
        }
    }
    print(&format!("{survivors} survive"));
    if survivors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[expect(clippy::print_stdout, reason = "printing the result is what the program is for")]
fn print(line: &str) {
    println!("{line}");
}

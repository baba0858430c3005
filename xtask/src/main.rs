//! The developers' own tool: `cargo xtask test` installs what the tests need and runs all of them.
//!
//! It starts other programs (Cargo first of all), passes on what they print and says in the end what passed. It
//! is no part of the product: nothing here is ever shipped, and it depends on none of the other members.
//!
//! To add a command: a variant of [`Task`], a file named for its noun, and one line in [`main`].

#![expect(clippy::print_stdout, reason = "a command line: what it prints is what it is for")]

mod bench;
mod cargo;
mod check;
mod crash;
mod deny;
mod disk;
mod fuzz;
mod package;
mod python;
mod release;
mod simulate;
mod stage;
mod tally;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks, tests and measures Hot Potato.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// The quick loop: format, clippy, deny and the unit tests.
    Check,
    /// Everything: installs what the tests need, then format, clippy, deny, build and every test.
    Test(test::Options),
    /// What CI runs: `test`, printed without colours and progress bars.
    Ci,
    /// Licences, banned crates and where crates come from, as `deny.toml` says.
    Deny,
    /// Feeds the parsers with anything at all, for long; needs the nightly toolchain and cargo-fuzz.
    Fuzz(fuzz::Options),
    /// Builds the release binaries and runs one benchmark.
    Bench(bench::Options),
    /// Kills the release binary again and again while alerts arrive, and asks the providers who was paged.
    Crash(crash::Options),
    /// Days of the house in simulation: `--seeds N`, or `--seed N --print-timeline`.
    Simulate(simulate::Options),
    /// Switches deliberate faults on, one at a time, and shows which invariant notices each.
    Mutants(simulate::Options),
    /// Goes through every state of two nodes on one log, within bounds.
    Model(simulate::Options),
    /// Lets the disk fail in every way, and says what comes of it.
    Disk(disk::Options),
}

fn main() -> ExitCode {
    match Arguments::parse().task {
        Task::Check => check::run(),
        Task::Test(options) => test::run(&options, cargo::Output::AsUsual),
        Task::Ci => test::run(&test::Options::default(), cargo::Output::Plain),
        Task::Deny => exit_code(deny::check()),
        Task::Fuzz(options) => exit_code(fuzz::run(&options)),
        Task::Bench(options) => exit_code(bench::run(&options)),
        Task::Crash(options) => exit_code(crash::run(&options)),
        Task::Simulate(options) => exit_code(simulate::run("simulate", &options)),
        Task::Mutants(options) => exit_code(simulate::run("mutants", &options)),
        Task::Model(options) => exit_code(simulate::run("model", &options)),
        Task::Disk(options) => exit_code(disk::run(&options)),
    }
}

/// Prints a failure, if it is one.
fn exit_code(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            println!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

//! The checks that need nothing but Cargo; `cargo xtask check` is all of them and the unit tests.

use std::process::ExitCode;

use crate::cargo::{self, Output};
use crate::deny;
use crate::stage::Run;
use crate::tally::{self, Tally};

/// The quick loop.
pub fn run() -> ExitCode {
    let mut run = Run::default();
    let mut tally = Tally::default();
    lints(&mut run, Output::AsUsual);
    run.stage("unit tests", || {
        let command = cargo::command(&["test", "--workspace", "--lib", "--bins", "--no-fail-fast"]);
        tally::run(command, &mut tally)
    });
    let exit_code = run.finish();
    println!("{tally}");
    exit_code
}

/// Format, clippy and deny: what is checked without running any of our code.
pub fn lints(run: &mut Run, output: Output) {
    run.stage("format", || cargo::run(cargo::command_with(&["fmt", "--all", "--check"], output)));
    run.stage("clippy", || {
        let arguments = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        cargo::run(cargo::command_with(&arguments, output))
    });
    run.stage("deny", deny::check);
}

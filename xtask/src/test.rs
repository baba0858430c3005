//! The whole test run: what a new machine, a developer and CI all do.

use std::process::ExitCode;

use crate::cargo::{self, Output};
use crate::stage::Run;
use crate::tally::{self, Tally};
use crate::{check, package, python};

/// How `cargo xtask test` is to be run.
#[derive(clap::Args)]
pub struct Options {
    /// Installs nothing: the programs that the tests need are there already.
    #[arg(long)]
    no_install: bool,
    /// Runs the tests this many times, to find flaky ones; stops at the first failure.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { no_install: false, repeat: 1 }
    }
}

/// Installs, checks, builds and tests; a failing stage does not keep the later ones from running.
///
/// Only a missing program ends the run at once, since the tests would fail for no fault of the code.
pub fn run(options: &Options, output: Output) -> ExitCode {
    let mut run = Run::default();
    let needed = [
        package::PROMETHEUS,
        package::ALERTMANAGER,
        package::STRACE,
        package::FAKETIME,
        package::ICALENDAR,
        package::KANNEL,
        package::KANNEL_EXTRAS,
        package::HYLAFAX,
        package::SOCAT,
        package::NET_SNPP,
        package::AIOSMTPD,
        package::OPENSMTPD,
        package::VENV,
        package::NAGIOS,
        package::ICINGA,
    ];
    if !options.no_install && !run.stage("install", || package::install(&needed)) {
        return ExitCode::FAILURE;
    }
    if !options.no_install && !run.stage("python clients", python::install) {
        return ExitCode::FAILURE;
    }
    check::lints(&mut run, output);
    let built =
        run.stage("build", || cargo::run(cargo::command_with(&["build", "--workspace", "--bins"], output)));
    let mut tally = Tally::default();
    if built {
        tests(&mut run, options.repeat, output, &mut tally);
    } else {
        run.left_out("tests", "the binaries were not built");
    }
    run.stage("twilio-rs", || twilio_rs(output, &mut tally));
    let exit_code = run.finish();
    println!("{tally}");
    exit_code
}

/// The optional client for text messages. Only its crate and the tests that it takes part in: the rest was looked at
/// without the feature, and is not to be built with the old crates that come with it.
fn twilio_rs(output: Output, tally: &mut Tally) -> Result<(), String> {
    let feature = ["-p", "adapters", "--features", "twilio-rs"];
    let clippy =
        [&["clippy", "--no-deps", "--all-targets"], &feature[..], &["--", "-D", "warnings"]].concat();
    cargo::run(cargo::command_with(&clippy, output))?;
    let test = [&["test", "--lib"], &feature[..], &["twilio"]].concat();
    tally::run(cargo::command_with(&test, output), tally)
}

/// Runs every test of the workspace, as often as asked.
fn tests(run: &mut Run, repeat: u32, output: Output, tally: &mut Tally) {
    for ordinal in 1..=repeat {
        let name = if repeat == 1 { "tests".to_owned() } else { format!("tests, {ordinal} of {repeat}") };
        let passed = run.stage(&name, || {
            tally::run(cargo::command_with(&["test", "--workspace", "--no-fail-fast"], output), tally)
        });
        if !passed {
            break;
        }
    }
}

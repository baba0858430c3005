//! Faults of the disk: the program `disk` of `simulations`, run against the real binary.

use std::process::Stdio;

use crate::{cargo, package};

/// What is passed on.
#[derive(clap::Args)]
pub struct Options {
    /// Passed on to the program, such as `--quick`, `--every N`, `--seed S` or `--only files`.
    #[arg(value_name = "FLAGS", trailing_var_arg = true, allow_hyphen_values = true)]
    flags: Vec<String>,
}

/// Installs strace, builds what is needed and runs it.
pub fn run(options: &Options) -> Result<(), String> {
    package::install(&[package::STRACE])?;
    cargo::run(cargo::command(&["build", "--bins", "--package", "server", "--package", "simulations"]))?;
    let mut disk = cargo::command(&["run", "--quiet", "--package", "simulations", "--bin", "disk", "--"]);
    disk.args(&options.flags).stdin(Stdio::null());
    cargo::run(disk)
}

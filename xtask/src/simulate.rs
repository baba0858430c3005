//! The house in simulation, in release: the programs `simulate`, `mutants` and `model` of `simulations`.

use std::process::Stdio;

use crate::cargo;

/// What is passed on.
#[derive(clap::Args)]
pub struct Options {
    /// Passed on to the program; `--help` names all of it.
    #[arg(value_name = "FLAGS", trailing_var_arg = true, allow_hyphen_values = true)]
    flags: Vec<String>,
}

/// Builds the program and runs it; fails when it does.
pub fn run(program: &str, options: &Options) -> Result<(), String> {
    let mut arguments = vec!["run", "--quiet", "--release", "--package", "simulations"];
    if program == "mutants" {
        // Built apart: with the deliberate faults in it, nothing of this may ever be used for anything else.
        arguments.extend(["--features", "mutants", "--target-dir", "target/mutants"]);
    }
    arguments.extend(["--bin", program, "--"]);
    let mut command = cargo::command(&arguments);
    command.args(&options.flags).stdin(Stdio::null());
    cargo::run(command)
}

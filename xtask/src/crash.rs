//! kill -9 and SIGSTOP in a loop while alerts arrive: the program `crash` of `simulations`, in release.

use crate::release;

/// The program's flags.
#[derive(clap::Args)]
pub struct Options {
    /// Passed on: `--kills N`, `--stops N`, `--houses N`, `--seed S`, `--keep`, and what `--help` says.
    #[arg(value_name = "FLAGS", trailing_var_arg = true, allow_hyphen_values = true)]
    flags: Vec<String>,
}

/// Builds what is needed and runs it; fails when anybody was left unpaged.
pub fn run(options: &Options) -> Result<(), String> {
    release::run("crash", &options.flags)
}

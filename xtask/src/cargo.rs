//! Cargo, started for this workspace.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// How the programs that are started should print.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// As each of them decides from its terminal.
    AsUsual,
    /// No colours and no progress bars: for a log that is read later.
    Plain,
}

/// The root folder of the workspace.
///
/// The variable is set by `cargo run`; without it, the folder that this program was built from.
pub fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let mut root = PathBuf::from(here);
    root.pop();
    root
}

/// A Cargo command in the root folder.
///
/// What `cargo run` said about this package is taken out of its environment: build scripts that watch those
/// variables (ring's does) would otherwise build again whenever plain Cargo and `cargo xtask` take turns.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = clean(Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into())));
    command.args(arguments);
    command
}

/// A command in the root folder, in the environment of a shell as far as Cargo is concerned.
pub fn clean(mut command: Command) -> Command {
    command.current_dir(root()).stdin(Stdio::null());
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The same command with the output that is wanted.
pub fn command_with(arguments: &[&str], output: Output) -> Command {
    let mut command = command(arguments);
    if output == Output::Plain {
        command.env("CARGO_TERM_COLOR", "never").env("CARGO_TERM_PROGRESS_WHEN", "never");
    }
    command
}

/// Runs a command to its end; what it prints goes where ours goes.
pub fn run(mut command: Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{}` failed: {status}", line(&command))),
        Err(error) => Err(format!("`{}` could not be started: {error}", line(&command))),
    }
}

/// Runs a command to its end and returns what it wrote to its standard output.
pub fn read(mut command: Command) -> Result<Vec<u8>, String> {
    match command.stderr(Stdio::inherit()).output() {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => Err(format!("`{}` failed: {}", line(&command), output.status)),
        Err(error) => Err(format!("`{}` could not be started: {error}", line(&command))),
    }
}

/// The command as a person would type it.
pub fn line(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let mut line = program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

//! The one binary: the command line, the HTTP interface and the wiring.
//!
//! | file | what |
//! | --- | --- |
//! | `command` | what `hotpotato` can be asked to do, one file for each |
//! | `client`, `reader`, `terminal` | the server, the person and the terminal, as commands see them |
//! | `timeline` | an alert's history as sentences, and drawn |
//! | `running`, `world`, `alarm`, `token` | a running node |
//! | `http` | how people and programs reach it |
//!
//! It must never decide anything about an alert: that is `domain`'s business.
//!
//! **To add a command:** a variant in `command.rs`, a file in `command/`, its sentences in `i18n`.

use std::process::ExitCode;

mod alarm;
mod calendar;
mod client;
mod command;
mod http;
mod probes;
mod reader;
mod reply;
mod routing;
mod running;
mod shifts;
mod terminal;
mod time_zones;
mod timeline;
mod token;
mod watch;
mod world;

fn main() -> ExitCode {
    command::main()
}

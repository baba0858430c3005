//! `hotpotato export`: prints configuration files that `apply` turns into the same house.

use adapters::configuration::write_yaml;
use clap::ValueEnum;
use domain::blueprint::Blueprint;

use super::Done;
use super::session::{Session, print_json};
use crate::client::Request;
use crate::terminal;

/// How a configuration is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FileFormat {
    /// As a file that `apply` and `check` read.
    Yaml,
    /// As the HTTP interface gives it, with the hashes of keys.
    Json,
}

/// Prints the configuration.
pub(super) async fn run(session: &Session, format: FileFormat) -> Done {
    let client = session.client()?;
    let (json, blueprint) = session.ask::<Blueprint>(&client, Request::get(&["configuration"])).await?;
    match format {
        FileFormat::Yaml => terminal::print(&write_yaml(&blueprint)),
        FileFormat::Json => print_json(&json),
    }
    Ok(())
}

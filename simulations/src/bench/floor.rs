//! The floor as it is measured: a program of our own beside this one.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::BenchError;
use super::program::{Program, free_address};
use super::subject::{Contender, Subject};
use crate::load::LoadKind;

const NAME: &str = "bench-floor";

/// Starts one in an empty folder.
pub async fn start(program: &Path, folder: PathBuf, sink: SocketAddr) -> Result<Subject, BenchError> {
    let address = free_address().await?;
    let mut command = Command::new(program);
    command.args(["--file=appended", &format!("--listen={address}"), &format!("--provider={sink}")]);
    let mut program = Program::start(NAME, &mut command, &folder)?;
    program.wait_until_ready(address, "/readyz").await?;
    let (path, kind) = ("/".to_owned(), LoadKind::AlertmanagerWebhook);
    Ok(Subject { contender: Contender::Floor, program, address, path, kind, folder })
}

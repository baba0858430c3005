//! Debian's Alertmanager as it is measured: each alert a group of its own, sent at once and then left alone.

use std::env;
use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::process::Command;

use super::BenchError;
use super::program::{Program, free_address, run};
use super::scratch::write;
use super::subject::{Contender, Subject};
use crate::load::LoadKind;

const NAME: &str = "prometheus-alertmanager";

/// How it is configured, for the report. A longer interval only spares it work: every group is looked at once in
/// each, whether anything happened or not.
pub const GROUPING: &str = "group_by: ['...'], group_wait: 0s, group_interval: 1h, repeat_interval: 24h, resolve_timeout: 24h, no cluster";

/// The program and what it calls itself.
#[derive(Debug)]
pub struct Installed {
    program: PathBuf,
    pub version: String,
}

impl Installed {
    /// Looks into the search path.
    pub async fn find() -> Result<Self, BenchError> {
        let path = env::var_os("PATH").unwrap_or_default();
        let program =
            env::split_paths(&path).map(|folder| folder.join(NAME)).find(|program| program.is_file());
        let program = program.ok_or(BenchError::NoAlertmanager)?;
        let printed = run(NAME, Command::new(&program).arg("--version")).await?;
        let first = printed.lines().next().unwrap_or_default();
        let version =
            first.split(" (").next().unwrap_or_default().trim_start_matches("alertmanager, version ");
        Ok(Self { program, version: version.to_owned() })
    }
}

/// Starts one in an empty folder.
pub async fn start(installed: &Installed, folder: PathBuf, sink: SocketAddr) -> Result<Subject, BenchError> {
    let address = free_address().await?;
    let configuration = format!(
        "global:\n  resolve_timeout: 24h\nroute:\n  receiver: sink\n  group_by: ['...']\n  group_wait: 0s\n  \
         group_interval: 1h\n  repeat_interval: 24h\nreceivers:\n  - name: sink\n    webhook_configs:\n      \
         - url: http://{sink}/\n        send_resolved: false\n"
    );
    write(&folder, "alertmanager.yml", &configuration)?;
    let mut command = Command::new(&installed.program);
    command.args(["--config.file=alertmanager.yml", "--storage.path=data", "--cluster.listen-address="]);
    command.arg(format!("--web.listen-address={address}"));
    let mut program = Program::start(NAME, &mut command, &folder)?;
    program.wait_until_ready(address, "/-/ready").await?;
    Ok(Subject {
        contender: Contender::Alertmanager,
        program,
        address,
        path: "/api/v2/alerts".to_owned(),
        kind: LoadKind::AlertmanagerApi,
        folder,
    })
}

//! The house as it is measured: one person, one push contact, one step, and nothing else due for a day.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::program::{Program, free_address, run};
use super::scratch::write;
use super::subject::{Contender, Subject};
use super::{BenchError, http};
use crate::load::LoadKind;

/// What `boot.rs` of the adapters allows at most: so out of the way as can be.
pub const PER_SECOND: u32 = 1_000;
/// Sends that may go out at once after a rest, as above.
pub const BURST: u32 = 10_000;

const NAME: &str = "hotpotato";
const SOURCE_KEY: &str = "benchbenchbenchbenchbenchbenchbe";

const CONFIGURATION: &str = r#"people:
  bench:
    name: Bench
    locale: en
    time_zone: UTC
    contacts:
      push: { pushover: "uQiRzpo4DXghDmr9QzzfQu27cmVRsG" }
    ladder:
      - { contact: push, after: 0s }
policies:
  bench:
    steps:
      - { page: [{ person: bench }], wait: 24h }
    fallback: [{ person: bench }]
services:
  bench: { name: Bench, policy: bench }
sources:
  bench: { kind: alertmanager, key_file: source.key, flood_at: 1000000 }
routes:
  - { service: bench }
"#;

/// Starts a new house in an empty folder and gives it its configuration.
pub async fn start(program: &Path, folder: PathBuf, sink: SocketAddr) -> Result<Subject, BenchError> {
    let address = free_address().await?;
    let boot = format!(
        "listen = \"{address}\"\ndata_dir = \"data\"\nprobe_every = \"never\"\n\n[channels.pushover]\ntoken_file = \"pushover.token\"\n\
         base_url = \"http://{sink}\"\nper_second = {PER_SECOND}\nburst = {BURST}\n"
    );
    write(&folder, "hotpotato.toml", &boot)?;
    write(&folder, "pushover.token", "azGDORePK8gMaC0QOYAMyEEuzJnyUi\n")?;
    write(&folder, "source.key", SOURCE_KEY)?;
    let configuration = write(&folder, "house.yaml", CONFIGURATION)?;
    let mut subject = Subject {
        contender: Contender::HotPotato,
        program: launch(program, &folder)?,
        address,
        path: format!("/integrations/alertmanager/{SOURCE_KEY}"),
        kind: LoadKind::AlertmanagerWebhook,
        folder,
    };
    wait_until_ready(&mut subject).await?;
    let mut apply = Command::new(program);
    apply.arg("apply").arg(configuration);
    apply.env_clear().env("HOTPOTATO_URL", format!("http://{address}"));
    apply.env("HOTPOTATO_TOKEN_FILE", subject.folder.join("data/owner.token"));
    run("hotpotato apply", &mut apply).await?;
    Ok(subject)
}

/// Starts a house on what its folder holds.
pub fn launch(program: &Path, folder: &Path) -> Result<Program, BenchError> {
    Program::start(NAME, Command::new(program).args(["serve", "--config", "hotpotato.toml"]), folder)
}

/// Waits until signals are taken.
pub async fn wait_until_ready(subject: &mut Subject) -> Result<(), BenchError> {
    subject.program.wait_until_ready(subject.address, "/readyz").await
}

/// Reads one number of `/metrics`.
pub async fn metric(subject: &Subject, name: &str) -> Result<u64, BenchError> {
    let failed = BenchError::system("the metrics of hotpotato cannot be read");
    let page = http::get(subject.address, "/metrics").await.map_err(failed)?.body;
    find(&page, name).ok_or_else(|| subject.program.misbehaved(format!("has no metric {name}")))
}

fn find(page: &str, name: &str) -> Option<u64> {
    page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_found_by_its_whole_name() {
        let page = "# HELP a_total A.\n# TYPE a_total counter\na_total_more 1\na_total 22\n";
        assert_eq!((find(page, "a_total"), find(page, "a")), (Some(22), None));
    }
}

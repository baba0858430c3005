//! A real Alertmanager, as Debian packages it.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::program::Program;
use crate::web::{self, Answer};
use crate::{binary, wait};

/// A running Alertmanager whose only receiver is a house.
#[derive(Debug)]
pub struct Alertmanager {
    // Killed when this is dropped.
    _program: Program,
    url: String,
    http: reqwest::Client,
}

impl Alertmanager {
    /// Starts one that tells everything to this webhook.
    ///
    /// # Panics
    /// When it is not installed, with the command that does, or does not become ready.
    pub async fn start(folder: &Path, address: Ipv4Addr, webhook: &str) -> Self {
        Self::repeating(folder, address, webhook, "1h").await
    }

    /// Starts one that tells everything to this webhook, and says again so often what still fires.
    ///
    /// # Panics
    /// As [`Alertmanager::start`].
    pub async fn repeating(folder: &Path, address: Ipv4Addr, webhook: &str, every: &str) -> Self {
        Self::start_with(folder, address, &webhooks(webhook), every).await
    }

    /// Starts one with this receiver, that says again so often what still fires.
    ///
    /// # Panics
    /// When it is not installed, with the command that does, or does not become ready.
    pub async fn start_with(folder: &Path, address: Ipv4Addr, receiver: &str, every: &str) -> Self {
        let program = binary::of_debian("prometheus-alertmanager", "prometheus-alertmanager");
        let config = folder.join("alertmanager.yml");
        std::fs::write(&config, configuration(receiver, every)).expect("a file can be written");
        let listen = format!("{address}:9093");
        let mut command = Command::new(program);
        command
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", folder.join("alertmanager").display()))
            .arg(format!("--web.listen-address={listen}"))
            .arg("--cluster.listen-address=")
            .current_dir(folder);
        let program =
            Program::start("prometheus-alertmanager", &mut command, &folder.join("alertmanager.log"));
        let alertmanager = Self { _program: program, url: format!("http://{listen}"), http: web::client() };
        wait::until("Alertmanager to be ready", async || {
            let answer = Answer::to(alertmanager.http.get(format!("{}/-/ready", alertmanager.url))).await;
            answer.is_ok_and(|answer| answer.is_ok()).then_some(())
        })
        .await;
        alertmanager
    }

    /// Host and port.
    pub fn authority(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Posts alerts to its API, as Prometheus does.
    ///
    /// # Panics
    /// When it does not take them.
    pub async fn post(&self, alerts: &Value) {
        let request = self.http.post(format!("{}/api/v2/alerts", self.url)).json(alerts);
        Answer::to(request).await.expect("Alertmanager answers").ok();
    }
}

fn webhooks(webhook: &str) -> String {
    format!("webhook_configs:\n      - {{ url: '{webhook}', send_resolved: true }}")
}

fn configuration(receiver: &str, repeat_interval: &str) -> String {
    format!(
        "global: {{ resolve_timeout: 5m }}
route:
  receiver: house
  group_by: [alertname]
  group_wait: 100ms
  group_interval: 500ms
  repeat_interval: {repeat_interval}
receivers:
  - name: house
    {receiver}
"
    )
}

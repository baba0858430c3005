//! A real Prometheus, as Debian packages it, and what it scrapes.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::binary;
use crate::program::Program;

/// A running Prometheus with one rule: more than 5 errors are an alert.
#[derive(Debug)]
pub struct Prometheus {
    // Killed when this is dropped.
    _program: Program,
    errors: Arc<AtomicU32>,
    target: JoinHandle<()>,
}

impl Prometheus {
    /// Starts one that alerts through this Alertmanager. At first there are no errors.
    ///
    /// # Panics
    /// When it is not installed, with the command that does.
    pub async fn start(folder: &Path, address: Ipv4Addr, alertmanager: &str) -> Self {
        let program = binary::of_debian("prometheus", "prometheus");
        let listener = TcpListener::bind((address, 0)).await.expect("a free port");
        let scraped = listener.local_addr().expect("a port").to_string();
        let errors = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&errors);
        let target =
            Router::new().route(
                "/metrics",
                get(|| async move {
                    format!("errors{{service=\"checkout\"}} {}\n", counted.load(Ordering::Relaxed))
                }),
            );
        let target = tokio::spawn(async move {
            axum::serve(listener, target).await.expect("the target is scraped until the story ends");
        });
        std::fs::write(folder.join("rules.yml"), RULES).expect("a file can be written");
        let config = folder.join("prometheus.yml");
        std::fs::write(&config, configuration(alertmanager, &scraped)).expect("a file can be written");
        let mut command = Command::new(program);
        command
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", folder.join("prometheus").display()))
            .arg(format!("--web.listen-address={address}:9090"))
            .current_dir(folder);
        let program = Program::start("prometheus", &mut command, &folder.join("prometheus.log"));
        Self { _program: program, errors, target }
    }

    /// From now on there are so many errors.
    pub fn set_errors(&self, count: u32) {
        self.errors.store(count, Ordering::Relaxed);
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        self.target.abort();
    }
}

const RULES: &str = "groups:
  - name: shop
    interval: 500ms
    rules:
      - alert: HighErrors
        expr: errors > 5
        labels: { severity: critical, team: payments }
        annotations:
          summary: 'errors on {{ $labels.service }} = {{ $value }}'
          description: \"Línea 2: ünïcode ✓ and \\\"quotes\\\"\"
";

fn configuration(alertmanager: &str, target: &str) -> String {
    format!(
        "global: {{ scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms }}
rule_files: [rules.yml]
alerting: {{ alertmanagers: [{{ static_configs: [{{ targets: ['{alertmanager}'] }}] }}] }}
scrape_configs: [{{ job_name: shop, static_configs: [{{ targets: ['{target}'] }}] }}]
"
    )
}

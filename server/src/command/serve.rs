//! `hotpotato serve`: runs a node until it is asked to end.

use std::path::Path;
use std::process::ExitCode;

use adapters::boot::{BootConfiguration, environment};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::running::{End, Running};

/// What is logged when `HOTPOTATO_LOG` says nothing. Of the actors' library only what is wrong: it wraps all that an actor
/// does in a span, which costs more than the lines that it would stand in.
const LOG_DEFAULT: &str = "info,ractor=warn";

/// Runs a node with this configuration.
pub async fn run(config: Option<&Path>) -> ExitCode {
    log();
    let boot = match BootConfiguration::load(config, &environment()) {
        Ok(boot) => boot,
        Err(error) => return refused(&error),
    };
    for warning in &boot.warnings {
        tracing::warn!("{warning}");
    }
    // From the first moment on: whoever sees that it is ready may ask it to end at once.
    let mut asked = std::pin::pin!(asked());
    let started = tokio::select! {
        started = Running::start(boot) => started,
        () = &mut asked => return ExitCode::SUCCESS,
    };
    let running = match started {
        Ok(running) => running,
        Err(error) => return refused(&error),
    };
    let directory = running.app().house.directory();
    tracing::info!(
        address = %running.address(),
        public_url = running.app().links.public_url,
        owner_token = %running.owner_file().display(),
        people = directory.people().len(),
        open_alerts = running.app().house.published().board().open_count(),
        "ready"
    );
    match running.until(asked).await {
        End::Asked => {
            tracing::info!("closed; nothing is lost, and what is open goes on at the next start");
            ExitCode::SUCCESS
        }
        End::Broken { reason } => {
            tracing::error!(reason, "this node cannot go on; the operators were paged");
            ExitCode::FAILURE
        }
    }
}

/// Done when the system or a person asks the process to end. It listens from the call on, not from the first wait.
pub fn asked() -> impl Future<Output = ()> {
    let signals = signal(SignalKind::terminate())
        .and_then(|terminate| signal(SignalKind::interrupt()).map(|interrupt| (terminate, interrupt)));
    if let Err(error) = &signals {
        tracing::warn!(%error, "signals cannot be heard; only kill -9 ends this process");
    }
    async {
        let Ok((mut terminate, mut interrupt)) = signals else { return std::future::pending().await };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}

fn refused(error: &dyn std::error::Error) -> ExitCode {
    tracing::error!("{error}");
    ExitCode::FAILURE
}

/// Structured lines on standard error: JSON with `HOTPOTATO_LOG_FORMAT=json`.
fn log() {
    let filter = EnvFilter::try_from_env("HOTPOTATO_LOG").unwrap_or_else(|_| EnvFilter::new(LOG_DEFAULT));
    // A line that cannot be written, say on a full disk, is lost; telling so on the same place would be a panic.
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    if std::env::var("HOTPOTATO_LOG_FORMAT").is_ok_and(|format| format == "json") {
        lines.json().init();
    } else {
        lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init();
    }
}

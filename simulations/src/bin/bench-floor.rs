//! The floor under `bench-ingest --with-floor`, which starts it: see `simulations::floor`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use simulations::floor;
use tokio::signal::unix::{SignalKind, signal};

/// The least that taking an alert in durably, and paging for it, can cost.
#[derive(Debug, Parser)]
#[command(name = "bench-floor")]
struct Arguments {
    /// Where it takes alerts.
    #[arg(long)]
    listen: SocketAddr,
    /// The sink.
    #[arg(long)]
    provider: SocketAddr,
    /// What it appends to; must not be there yet.
    #[arg(long)]
    file: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { listen, provider, file } = Arguments::parse();
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return ExitCode::FAILURE };
    tokio::select! {
        served = floor::serve(listen, provider, &file) => {
            print_error(&format!("bench-floor: {served:?}\n"));
            ExitCode::FAILURE
        }
        _ = terminate.recv() => ExitCode::SUCCESS,
    }
}

#[expect(clippy::print_stderr, reason = "whoever started it shows what it printed")]
fn print_error(text: &str) {
    eprint!("{text}");
}

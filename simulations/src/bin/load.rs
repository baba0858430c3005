//! Posts many alerts to a house or to an Alertmanager, and measures when their pages arrive.
//!
//! It starts a sink that the house under test must use as its Pushover (`base_url = "http://127.0.0.1:PORT"`).

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use simulations::load::{self, LoadKind, LoadOptions, ProcessReport};
use simulations::process_usage::ProcessUsage;
use simulations::sink::Sink;

/// Load generator with a Pushover-compatible sink.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where to post: http://HOST:PORT/PATH
    #[arg(long)]
    url: String,
    /// What to post.
    #[arg(long, value_enum, default_value = "alertmanager-webhook")]
    kind: LoadKind,
    /// How many alerts.
    #[arg(long, default_value_t = 10_000)]
    count: u32,
    /// Number of the first alert.
    #[arg(long, default_value_t = 0)]
    first: u32,
    /// Connections at once.
    #[arg(long, default_value_t = 8)]
    connections: u32,
    /// Alerts in one request.
    #[arg(long, default_value_t = 1)]
    alerts_per_post: u32,
    /// Requests a second over all connections; default: as fast as they are answered.
    #[arg(long)]
    rate: Option<f64>,
    /// Port of the sink; without it there is none, and arrivals are not measured.
    #[arg(long)]
    sink_port: Option<u16>,
    /// Seconds after which posting stops.
    #[arg(long, default_value_t = 600)]
    post_limit_seconds: u64,
    /// Seconds to wait for the last page after the last post.
    #[arg(long, default_value_t = 60)]
    arrival_limit_seconds: u64,
    /// Process whose CPU time and memory are measured.
    #[arg(long)]
    pid: Option<u32>,
    /// What is printed.
    #[arg(long, value_enum, default_value = "both")]
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// JSON on stdout, nothing on stderr.
    Json,
    /// A few lines on stdout.
    Human,
    /// JSON on stdout, a few lines on stderr.
    Both,
}

impl Arguments {
    fn options(&self) -> LoadOptions {
        LoadOptions {
            first: self.first,
            connections: self.connections,
            alerts_per_post: self.alerts_per_post,
            posts_per_second: self.rate,
            post_limit: Duration::from_secs(self.post_limit_seconds),
            arrival_limit: Duration::from_secs(self.arrival_limit_seconds),
            ..LoadOptions::new(self.url.as_str(), self.kind, self.count)
        }
    }
}

/// Exits with 0 when every alert was accepted and arrived, with 1 otherwise.
#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments = Arguments::parse();
    let sink = match arguments.sink_port {
        Some(port) => {
            let address = SocketAddr::from((IpAddr::V4(Ipv4Addr::LOCALHOST), port));
            Some(Sink::start(address, arguments.first, arguments.count).await?)
        }
        None => None,
    };
    let before = arguments.pid.map(ProcessUsage::read).transpose()?;
    let mut report = load::run(&arguments.options(), sink.as_ref()).await?;
    if let (Some(pid), Some(before)) = (arguments.pid, before) {
        report.process = Some(ProcessReport::between(pid, before, ProcessUsage::read(pid)?, report.accepted));
    }
    let json = serde_json::to_string(&report)?;
    match arguments.output {
        Output::Json => print(&json, ""),
        Output::Human => print(report.to_string().trim_end(), ""),
        Output::Both => print(&json, &report.to_string()),
    }
    Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing the result is what the program is for"
)]
fn print(stdout: &str, stderr: &str) {
    println!("{stdout}");
    eprint!("{stderr}");
}

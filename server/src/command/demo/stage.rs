//! The world of the demo: stand-in providers on loopback, a real house on a log that is thrown away, and the one
//! alert that a source posts to it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use actors::shell::Provenance;
use adapters::boot::{BootConfiguration, ChannelPlan, LISTEN_DEFAULT, LogConfiguration};
use adapters::channel::Secret;
use adapters::channel::pushover::PushoverConfig;
use adapters::channel::snpp::SnppConfig;
use adapters::channel::twilio::{Sender, TwilioConfig};
use domain::blueprint::Blueprint;
use events::event::person::ChannelKind;
use events::{AlertId, Author, Cause, Timestamp};
use serde_json::Value;
use simulations::stand_ins::{StandIns, StandInsOptions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::household::{self, PAGER_CHANNEL, SMS_CHANNEL};
use super::scratch::Scratch;
use crate::running::{Running, StartError};

/// What Alertmanager posts: its shape, with only the moment to be filled in.
const ALERT: &str = include_str!("alert.json");
/// The number that the house's SMS come from, from a range that is kept for films.
const SMS_SENDER: &str = "+493023125000";
/// The house's token at the stand-in of Pushover, which takes any of this shape.
const PUSHOVER_TOKEN: &str = "azGDORePK8gMaC0QOYAMyEEuzJnyUi";

/// The demo cannot begin, or its alert was not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum StageError {
    /// There is no room for the log.
    #[error("no data directory can be made: {0}. Set TMPDIR to a directory that you can write to")]
    Scratch(io::Error),
    /// The stand-ins have no place to listen.
    #[error(transparent)]
    StandIns(#[from] simulations::stand_ins::StartError),
    /// The port that was asked for is taken.
    #[error(
        "port {port} on this machine cannot be listened on: {error}. Choose another one, or leave --port out"
    )]
    Port {
        /// Which.
        port: u16,
        /// What the system said.
        error: io::Error,
    },
    /// The house does not start.
    #[error(transparent)]
    House(#[from] StartError),
    /// The house does not take its configuration.
    #[error(transparent)]
    Apply(#[from] actors::registrar::NotApplied),
    /// The alert does not reach the house.
    #[error("the alert did not reach the house at {address}: {error}")]
    Unreached {
        /// Where it was posted to.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
    /// The house does not take the alert.
    #[error("the house did not take the alert: {0}")]
    Refused(String),
}

/// Everything that runs. The order matters: the directory goes last.
#[derive(Debug)]
pub(super) struct Stage {
    /// The house.
    pub(super) running: Running,
    /// The providers.
    pub(super) stand_ins: StandIns,
    /// What the house was made from.
    pub(super) blueprint: Blueprint,
    /// The key of its source.
    pub(super) key: String,
    /// The usual port was taken.
    pub(super) is_elsewhere: bool,
    /// Where its log is.
    pub(super) scratch: Scratch,
}

/// Starts everything. Without a port it is the usual one, or a free one if that is taken.
///
/// # Errors
/// See [`StageError`].
pub(super) async fn start(port: Option<u16>) -> Result<Stage, StageError> {
    let scratch = Scratch::make().map_err(StageError::Scratch)?;
    let stand_ins = StandIns::start(StandInsOptions::default()).await?;
    let listen = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let usual = port.map_or(LISTEN_DEFAULT, listen);
    let started = Running::start(boot(usual, &scratch, &stand_ins)).await;
    let (running, is_elsewhere) = match (started, port) {
        (Err(StartError::Listen { .. }), None) => {
            (Running::start(boot(listen(0), &scratch, &stand_ins)).await?, true)
        }
        (Err(StartError::Listen { error, .. }), Some(port)) => return Err(StageError::Port { port, error }),
        (started, _) => (started?, false),
    };
    let key = key().map_err(StageError::Scratch)?;
    let house = &running.app().house;
    let blueprint = household::blueprint(house.now(), &key);
    house.apply(blueprint.clone(), false, provenance(Author::House)).await?;
    Ok(Stage { running, stand_ins, blueprint, key, is_elsewhere, scratch })
}

/// Something that the demo asks for.
pub(super) fn provenance(by: Author) -> Provenance {
    Provenance { by, cause: Cause::Request("demo".into()) }
}

fn boot(listen: SocketAddr, scratch: &Scratch, stand_ins: &StandIns) -> BootConfiguration {
    let addresses = stand_ins.addresses();
    let twilio = stand_ins.twilio().options();
    let sms = TwilioConfig {
        base_url: addresses.twilio.clone(),
        // There is no phone here to answer with.
        replies: false,
        ..TwilioConfig::new(
            &twilio.account_sid,
            Secret::new(&twilio.auth_token),
            Sender::From(SMS_SENDER.to_owned()),
        )
    };
    let push = PushoverConfig {
        base_url: addresses.pushover.clone(),
        ..PushoverConfig::new(Secret::new(PUSHOVER_TOKEN))
    };
    BootConfiguration {
        listen,
        public_url: None,
        data_dir: scratch.path().join("data"),
        log: LogConfiguration::Embedded,
        operators: Vec::new(),
        channels: vec![
            ChannelPlan::new("pushover", ChannelKind::PUSHOVER, push),
            ChannelPlan::new(SMS_CHANNEL, ChannelKind::SMS, sms),
            ChannelPlan::new(PAGER_CHANNEL, ChannelKind::PAGER, SnppConfig::new(&addresses.snpp)),
        ],
        probe_every: None,
        watch: None,
        warnings: Vec::new(),
    }
}

/// The source's key: 128 random bits.
fn key() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(events::base32::encode(&bytes, 26).to_lowercase())
}

/// Posts the alert as Alertmanager does, and returns it once the house has said 2xx.
///
/// # Errors
/// When it did not arrive or was refused.
pub(super) async fn fire(address: SocketAddr, key: &str, now: Timestamp) -> Result<AlertId, StageError> {
    let answer = post(address, &format!("/integrations/alertmanager/{key}"), &body(now)).await;
    let answer = answer.map_err(|error| StageError::Unreached { address, error })?;
    let refused = || StageError::Refused(answer.lines().next().unwrap_or("no answer").to_owned());
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(refused)?;
    if !head.starts_with("HTTP/1.1 2") {
        return Err(refused());
    }
    let body: Value = serde_json::from_str(body).map_err(|_| refused())?;
    let alert = body["alerts"][0].as_str().and_then(|alert| alert.parse().ok());
    alert.ok_or_else(refused)
}

/// The body, with the problem beginning now.
fn body(now: Timestamp) -> String {
    let mut body: Value = serde_json::from_str(ALERT).expect("the alert of the demo is JSON");
    body["alerts"][0]["startsAt"] = now.to_string().into();
    body.to_string()
}

async fn post(address: SocketAddr, path: &str, body: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: Alertmanager/0.31.0\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alert_is_what_the_house_reads_from_alertmanager() {
        let now = Timestamp::parse_rfc3339("2026-11-22T02:10:00Z").expect("a moment");
        let delivery = adapters::source::alertmanager::read(body(now).as_bytes()).expect("a body");
        let [received] = &delivery.signals[..] else { panic!("{delivery:?}") };
        assert_eq!(received.dedup_key.as_str(), "b5ca2028aabc02b2");
        assert_eq!(
            received.signal.severity,
            events::event::signal::Severity::Critical,
            "so that Pushover rings"
        );
        assert_eq!(received.signal.started_at, Some(now));
    }
}

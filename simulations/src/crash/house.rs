//! A house that is killed: the real process, on a folder, with providers of its own.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Client;
use rustix::process::Signal;
use tokio::process::Command;

use super::household::{ALERTMANAGER_KEY, CONFIGURATION, GENERIC_KEY};
use super::lives::Lives;
use super::{Patience, Plan};
use crate::bench::BenchError;
use crate::bench::hot_potato::{BURST, PER_SECOND};
use crate::bench::program::{Program, run};
use crate::bench::scratch::write;
use crate::moment;
use crate::stand_in::pushover::PushoverOptions;
use crate::stand_ins::{StandIns, StandInsOptions};

/// A source waits this long for an answer: longer than any stop, since what lies in a stopped process's socket is
/// still read when it goes on.
const ANSWER_WAIT_MAX: Duration = Duration::from_mins(2);

/// The port, on an address of the house's own.
const PORT: u16 = 8080;

const NAME: &str = "hotpotato";

/// A running house.
#[derive(Debug)]
pub struct House {
    number: u32,
    binary: PathBuf,
    folder: PathBuf,
    running: Option<Program>,
    lives: Lives,
    door: Arc<Door>,
    stand_ins: Arc<StandIns>,
}

/// How sources and people reach a house, whether it stands or not.
#[derive(Debug)]
pub struct Door {
    /// Which house.
    pub house: u32,
    /// Where.
    pub address: SocketAddr,
    /// With what.
    pub http: Client,
    /// The owner's token.
    pub token: String,
}

impl Door {
    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl House {
    /// Starts a house in an empty folder and gives it its household.
    pub async fn start(number: u32, plan: &Plan, folder: PathBuf) -> Result<Self, BenchError> {
        let pushover = PushoverOptions { quota: u32::MAX, ..PushoverOptions::default() };
        let options = StandInsOptions { pushover, seed: Some(plan.seed), ..StandInsOptions::default() };
        let stand_ins = StandIns::start(options).await;
        let stand_ins = stand_ins.map_err(|error| {
            BenchError::system("the stand-ins cannot start")(std::io::Error::other(error))
        })?;
        let address = address(number);
        prepare(&folder, address, plan.patience, &stand_ins)?;
        let mut lives = Lives::new(plan.patience.under_way_ms);
        let mut running = launch(&plan.hot_potato, &folder, &mut lives)?;
        running.wait_until_ready(address, "/readyz").await?;
        lives.ready(moment::unix_ms());
        let token = fs::read_to_string(folder.join("data/owner.token"));
        let token = token.map_err(BenchError::system("the owner's token cannot be read"))?;
        let http = Client::builder().timeout(ANSWER_WAIT_MAX).tls_certs_only([]).no_proxy().build();
        let http = http.map_err(|error| {
            BenchError::system("an HTTP client cannot be made")(std::io::Error::other(error))
        })?;
        let door = Arc::new(Door { house: number, address, http, token: token.trim().to_owned() });
        let binary = plan.hot_potato.clone();
        let house = Self {
            number,
            binary,
            folder,
            running: Some(running),
            lives,
            door,
            stand_ins: Arc::new(stand_ins),
        };
        house.command("apply", &["house.yaml"]).await?;
        Ok(house)
    }

    pub const fn number(&self) -> u32 {
        self.number
    }

    pub const fn lives(&self) -> &Lives {
        &self.lives
    }

    pub const fn lives_mut(&mut self) -> &mut Lives {
        &mut self.lives
    }

    pub const fn door(&self) -> &Arc<Door> {
        &self.door
    }

    pub const fn stand_ins(&self) -> &Arc<StandIns> {
        &self.stand_ins
    }

    /// Starts the process again; it is not ready yet. Returns when that was.
    pub fn launch(&mut self) -> Result<Instant, BenchError> {
        let started = moment::now();
        self.running = Some(launch(&self.binary, &self.folder, &mut self.lives)?);
        Ok(started)
    }

    /// Waits until it takes signals.
    pub async fn ready(&mut self) -> Result<(), BenchError> {
        let running = self.running.as_mut().expect("the house was launched");
        running.wait_until_ready(self.door.address, "/readyz").await?;
        self.lives.ready(moment::unix_ms());
        Ok(())
    }

    /// kill -9.
    pub async fn kill(&mut self) -> Result<(), BenchError> {
        let running = self.running.take().expect("the house was launched");
        running.kill9().await?;
        self.lives.end(moment::unix_ms());
        Ok(())
    }

    /// SIGSTOP, and SIGCONT after a while.
    pub async fn stop_for(&mut self, time: Duration) -> Result<(), BenchError> {
        let running = self.running.as_ref().expect("the house was launched");
        let from = moment::unix_ms();
        running.signal(Signal::STOP)?;
        moment::pause(time).await;
        running.signal(Signal::CONT)?;
        self.lives.stopped(from, moment::unix_ms());
        Ok(())
    }

    /// Ends it as the system does.
    pub async fn end(&mut self) -> Result<(), BenchError> {
        let running = self.running.take().expect("the house was launched");
        running.end().await?;
        self.lives.end(moment::unix_ms());
        Ok(())
    }

    /// How large the log is on disk.
    pub fn log_bytes(&self) -> u64 {
        let size =
            |name: &str| fs::metadata(self.folder.join("data").join(name)).map_or(0, |file| file.len());
        size("log.sqlite") + size("log.sqlite-wal")
    }

    /// Runs a command of the product against the house, as the owner.
    pub async fn command(&self, name: &str, arguments: &[&str]) -> Result<String, BenchError> {
        let mut command = Command::new(&self.binary);
        command.arg(name).args(arguments).env_clear().current_dir(&self.folder);
        command.env("HOTPOTATO_URL", self.door.url(""));
        command.env("HOTPOTATO_TOKEN_FILE", self.folder.join("data/owner.token"));
        run("hotpotato", &mut command).await
    }
}

fn launch(binary: &Path, folder: &Path, lives: &mut Lives) -> Result<Program, BenchError> {
    let mut command = Command::new(binary);
    command.args(["serve", "--config", "hotpotato.toml"]);
    lives.start(moment::unix_ms());
    Program::start_with(NAME, &mut command, folder, &[("HOTPOTATO_LOG", "error")])
}

fn prepare(
    folder: &Path,
    address: SocketAddr,
    patience: Patience,
    stand_ins: &StandIns,
) -> Result<(), BenchError> {
    let (providers, twilio) = (stand_ins.addresses(), stand_ins.twilio().options());
    let timeout = patience.channel_seconds;
    let usual = format!("timeout = \"{timeout}s\"\nper_second = {PER_SECOND}\nburst = {BURST}\n");
    let boot = format!(
        "listen = \"{address}\"\ndata_dir = \"data\"\nprobe_every = \"never\"\n\n[channels.pushover]\ntoken_file = \"pushover.token\"\n\
         base_url = \"{}\"\n{usual}\n[channels.sms.twilio-main]\naccount_sid = \"{}\"\n\
         auth_token_file = \"twilio.token\"\nfrom = \"+4930123456\"\nbase_url = \"{}\"\npace = \"none\"\n{usual}\n\
         [channels.pager.snpp-main]\nprotocol = \"snpp\"\naddress = \"{}\"\n{usual}",
        providers.pushover, twilio.account_sid, providers.twilio, providers.snpp
    );
    for (name, text) in [
        ("hotpotato.toml", boot.as_str()),
        ("house.yaml", CONFIGURATION),
        ("pushover.token", "azGDORePK8gMaC0QOYAMyEEuzJnyUi"),
        ("twilio.token", &twilio.auth_token),
        ("prometheus.key", ALERTMANAGER_KEY),
        ("scripts.key", GENERIC_KEY),
    ] {
        write(folder, name, text)?;
    }
    Ok(())
}

/// An address of this machine that no other house uses, so that its port is free while the house is down.
fn address(number: u32) -> SocketAddr {
    let [.., high, low] = std::process::id().to_be_bytes();
    let [.., last] = (number + 1).to_be_bytes();
    SocketAddr::from((Ipv4Addr::new(127, high % 255 + 1, low, last), PORT))
}

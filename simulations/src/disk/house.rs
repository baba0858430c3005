//! One house on one data directory: started, asked, ended, started again.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

use super::DiskError;
use crate::ledger::{Call, Entry};
use crate::moment;
use crate::stand_ins::{StandIns, StandInsOptions};

/// The user key of the person who is paged.
pub(super) const PERSON: &str = "uAnnaAnnaAnnaAnnaAnnaAnnaAnna1";
/// The user key of the operators.
pub(super) const OPERATORS: &str = "uOperatorOperatorOperatorOper4";

/// The port, on an address of the house's own.
const PORT: u16 = 8080;

const SOURCE_KEY: &str = "diskdiskdiskdiskdiskdiskdiskdisk";
const CONFIGURATION: &str = r#"people:
  anna:
    name: Anna
    locale: en
    time_zone: UTC
    contacts: { push: { pushover: "uAnnaAnnaAnnaAnnaAnnaAnnaAnna1" } }
    ladder: [{ contact: push, after: 0s }]
policies:
  main:
    steps: [{ page: [{ person: anna }], wait: 24h }]
    fallback: [{ person: anna }]
services:
  disk: { name: Disk, policy: main }
sources:
  scripts: { kind: generic, key_file: source.key }
routes:
  - { service: disk }
"#;

/// A house that does not say that it is ready, or does not end, within this time hangs.
const START_WAIT_MAX: Duration = Duration::from_secs(40);
/// As above: it may take 25 s to finish what is under way, and 14 s to page the operators.
const END_WAIT_MAX: Duration = Duration::from_secs(45);
/// A request that is not answered within this time hangs. The house gives up on a log that does not answer after 20 s.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(25);
/// How often it is asked whether it is ready.
const ASKED_EVERY: Duration = Duration::from_millis(5);

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// An answer.
    Said {
        /// Its status.
        status: u16,
        /// Its body.
        body: String,
    },
    /// The connection was refused or closed.
    Nothing,
    /// Nothing in time.
    Late,
}

impl Answer {
    pub(super) const fn is(&self, wanted: u16) -> bool {
        matches!(self, Self::Said { status, .. } if *status == wanted)
    }
}

/// What came of a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Started {
    /// It takes signals.
    Ready,
    /// It ended.
    Ended(ExitStatus),
    /// Neither in time.
    Hangs,
}

/// A house with its providers.
#[derive(Debug)]
pub(super) struct House {
    folder: PathBuf,
    program: PathBuf,
    address: SocketAddr,
    stand_ins: StandIns,
    http: Client,
    child: Option<Child>,
}

impl House {
    /// A house in a new folder, that does not serve yet.
    pub(super) async fn build(program: &Path, folder: PathBuf) -> Result<Self, DiskError> {
        let stand_ins = StandIns::start(StandInsOptions::default()).await;
        let stand_ins = stand_ins.map_err(|error| DiskError::StandIns(error.to_string()))?;
        let address = address();
        let boot = format!(
            "listen = \"{address}\"\ndata_dir = \"{}\"\nprobe_every = \"never\"\n\n[operators]\npushover = [\"{OPERATORS}\"]\n\n\
             [channels.pushover]\ntoken_file = \"pushover.token\"\nbase_url = \"{}\"\nper_second = 1000\nburst = 1000\n",
            folder.join("data").display(),
            stand_ins.addresses().pushover
        );
        fs::create_dir_all(&folder).map_err(DiskError::system("a folder cannot be made"))?;
        for (name, text) in [
            ("hotpotato.toml", boot.as_str()),
            ("pushover.token", "azGDORePK8gMaC0QOYAMyEEuzJnyUi\n"),
            ("source.key", SOURCE_KEY),
            ("house.yaml", CONFIGURATION),
        ] {
            fs::write(folder.join(name), text).map_err(DiskError::system("a file cannot be written"))?;
        }
        let http = Client::builder().no_proxy().tls_certs_only([]).build();
        let http = http.map_err(|error| DiskError::StandIns(error.to_string()))?;
        Ok(Self { folder, program: program.to_owned(), address, stand_ins, http, child: None })
    }

    /// Where the binary is.
    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    /// The folder of this house.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts it, as `command` says, and waits until it is ready or has ended.
    pub(super) async fn start(&mut self, mut command: Command) -> Result<Started, DiskError> {
        let printed = self.folder.join("printed.log");
        let open = || fs::OpenOptions::new().create(true).append(true).open(&printed);
        let failed = |what: &str| DiskError::system(format!("hotpotato {what}"));
        let (stdout, stderr) =
            (open().map_err(failed("cannot print"))?, open().map_err(failed("cannot print"))?);
        command
            .args(["serve", "--config", "hotpotato.toml"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(stderr)
            .kill_on_drop(true);
        self.child = Some(command.spawn().map_err(failed("cannot be started"))?);
        let asked = moment::now();
        while moment::since(asked) < START_WAIT_MAX {
            if let Some(status) = self.ended() {
                return Ok(Started::Ended(status));
            }
            if self.get("/readyz").await.is(200) {
                return Ok(Started::Ready);
            }
            moment::pause(ASKED_EVERY).await;
        }
        Ok(Started::Hangs)
    }

    /// Its number, while it runs.
    pub(super) fn pid(&self) -> Option<u32> {
        self.child.as_ref().and_then(Child::id)
    }

    /// How it ended, once it has.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.as_mut().and_then(|child| child.try_wait().ok().flatten())
    }

    /// Asks it to end, and waits for that; none when it does not.
    pub(super) async fn end(&mut self) -> Option<ExitStatus> {
        let pid = self.pid().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
        if let Some(pid) = pid {
            // An error means that it has ended.
            let _ = kill_process(pid, Signal::TERM);
        }
        self.wait(END_WAIT_MAX).await
    }

    /// Waits until it has ended; none when it has not in time.
    pub(super) async fn wait(&mut self, at_most: Duration) -> Option<ExitStatus> {
        let child = self.child.as_mut()?;
        tokio::time::timeout(at_most, child.wait()).await.ok()?.ok()
    }

    /// Ends it at once.
    pub(super) async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // An error means that it has ended.
            let _ = child.kill().await;
        }
    }

    /// Runs `hotpotato` with these arguments; what it printed, and whether it succeeded. None when it does not end.
    pub(super) async fn cli(&self, arguments: &[&str]) -> Option<(bool, String)> {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env_clear()
            .env("HOTPOTATO_URL", format!("http://{}", self.address))
            .env("HOTPOTATO_TOKEN_FILE", self.folder.join("data/owner.token"))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let output = tokio::time::timeout(END_WAIT_MAX, command.output()).await.ok()?.ok()?;
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        Some((output.status.success(), said))
    }

    /// Posts a signal from the one source.
    pub(super) async fn signal(&self, body: &serde_json::Value) -> Answer {
        self.ask(self.http.post(self.url(&format!("/integrations/generic/{SOURCE_KEY}"))).json(body)).await
    }

    /// Posts to the API.
    pub(super) async fn post(&self, path: &str) -> Answer {
        self.ask(self.http.post(self.url(path)).bearer_auth(self.token())).await
    }

    /// Gets a page, as the owner.
    pub(super) async fn get(&self, path: &str) -> Answer {
        self.ask(self.http.get(self.url(path)).bearer_auth(self.token())).await
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn token(&self) -> String {
        fs::read_to_string(self.folder.join("data/owner.token")).unwrap_or_default().trim().to_owned()
    }

    async fn ask(&self, request: RequestBuilder) -> Answer {
        let exchange = async {
            let answer = request.send().await.ok()?;
            let status = answer.status().as_u16();
            Some(Answer::Said { status, body: answer.text().await.ok()? })
        };
        match tokio::time::timeout(ANSWER_WAIT_MAX, exchange).await {
            Ok(answer) => answer.unwrap_or(Answer::Nothing),
            Err(_) => Answer::Late,
        }
    }

    /// Waits for a page to this user key whose words contain `words`.
    pub(super) async fn page(&self, to: &str, words: &str, at_most: Duration) -> Option<Entry> {
        let is_it = |entry: &Entry| {
            let title = entry.fields.get("title").map_or("", String::as_str);
            entry.call == Call::Send
                && entry.destination == to
                && (entry.text.contains(words) || title.contains(words))
        };
        self.stand_ins.ledger().wait_for(at_most, is_it).await.ok()
    }

    /// Everything that it printed so far.
    pub(super) fn printed(&self) -> String {
        let printed = fs::read(self.folder.join("printed.log")).unwrap_or_default();
        String::from_utf8_lossy(&printed).into_owned()
    }
}

/// An address of this machine that no other house uses, so that its port is free while the house is down: of those on
/// `127.0.0.1` an outgoing connection of anybody may take it.
fn address() -> SocketAddr {
    static TAKEN: AtomicU8 = AtomicU8::new(0);
    let [.., high, low] = std::process::id().to_be_bytes();
    let last = TAKEN.fetch_add(1, Ordering::Relaxed) % 254 + 1;
    SocketAddr::from((Ipv4Addr::new(127, high % 255 + 1, low, last), PORT))
}

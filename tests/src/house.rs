//! The built `hotpotato`, in a house of its own.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use tempfile::TempDir;

use crate::household::{
    ALERTMANAGER_KEY, GENERIC_KEY, GOALERT_KEY, HEARTBEAT_KEY, NAGIOS_KEY, ONCALL_KEY, OPSGENIE_KEY,
    PAGERDUTY_KEY, PUSHOVER_TOKEN,
};
use crate::plan::Plan;
use crate::program::{self, Program};
use crate::stand_ins::StandIns;
use crate::wall_clock::WallClock;
use crate::web::{self, Answer};
use crate::{address, wait};

mod command;
mod pages;
mod request;

/// The house's port, on its own address.
const PORT: u16 = 8080;

/// A house, with its providers. Everything ends with it.
#[derive(Debug)]
pub struct House {
    folder: Option<TempDir>,
    address: Ipv4Addr,
    data_dir: PathBuf,
    node: Option<Program>,
    stand_ins: StandIns,
    wall_clock: Option<WallClock>,
    environment: Vec<(String, String)>,
    http: reqwest::Client,
    claimed: BTreeSet<u64>,
    is_finished: bool,
}

impl House {
    /// A house that serves, with this household applied.
    pub async fn with(plan: impl Into<Plan>) -> Self {
        let plan = plan.into();
        let mut house = Self::built(&plan);
        house.start().await;
        house.apply().await.done();
        house
    }

    /// A house that does not serve yet.
    ///
    /// # Panics
    /// When its files cannot be written.
    pub fn built(plan: &Plan) -> Self {
        let folder =
            tempfile::Builder::new().prefix("hotpotato-story-").tempdir().expect("a folder can be made");
        let path = folder.path();
        let address = address::take();
        let stand_ins = StandIns::start(address, &plan.stand_ins, &path.join("stand-ins.log"));
        let data_dir = plan.data_dir.clone().unwrap_or_else(|| path.join("data"));
        std::fs::create_dir(path.join("keys")).expect("a folder can be made");
        for (name, text) in [
            ("keys/prometheus", ALERTMANAGER_KEY),
            ("keys/scripts", GENERIC_KEY),
            ("keys/deploys", PAGERDUTY_KEY),
            ("keys/genie", OPSGENIE_KEY),
            ("keys/goats", GOALERT_KEY),
            ("keys/oncall", ONCALL_KEY),
            ("keys/nagios", NAGIOS_KEY),
            ("keys/heartbeat", HEARTBEAT_KEY),
            ("keys/pushover", PUSHOVER_TOKEN),
            ("keys/sms", plan.sms_secret(stand_ins.ready())),
            ("keys/incoming", plan.incoming_key.unwrap_or_default()),
            ("house.yaml", &plan.household.yaml()),
            ("hotpotato.toml", &plan.boot(SocketAddrV4::new(address, PORT), &data_dir, stand_ins.ready())),
        ] {
            std::fs::write(path.join(name), text).expect("a file can be written");
        }
        let wall_clock = plan.has_own_wall_clock.then(|| WallClock::right(path.join("wall-clock")));
        Self {
            wall_clock,
            environment: plan.environment.clone(),
            folder: Some(folder),
            address,
            data_dir,
            node: None,
            stand_ins,
            http: web::client(),
            claimed: BTreeSet::new(),
            is_finished: false,
        }
    }

    /// Writes the boot configuration anew, of a house that does not serve yet.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn boot_anew(&self, plan: &Plan) {
        let boot = plan.boot(SocketAddrV4::new(self.address, PORT), &self.data_dir, self.stand_ins.ready());
        std::fs::write(self.path("hotpotato.toml"), boot).expect("a file can be written");
    }

    // The node.

    /// Starts serving and waits until it is ready.
    ///
    /// # Panics
    /// When it does not become ready.
    pub async fn start(&mut self) {
        self.spawn();
        let url = self.url("/readyz");
        let mut node = self.node.take().expect("it was started");
        wait::until("the house to be ready", async || {
            if let Some(status) = node.exit_status() {
                self.show_log();
                panic!("the house ended with {status} instead of becoming ready");
            }
            let answer = Answer::to(self.http.get(&url)).await;
            answer.is_ok_and(|answer| answer.is_ok()).then_some(())
        })
        .await;
        self.node = Some(node);
    }

    /// Starts serving and waits for nothing.
    pub fn spawn(&mut self) {
        let command = &mut self.command();
        command.args(["serve", "--config"]).arg(self.path("hotpotato.toml"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(wall_clock) = &self.wall_clock {
            command.envs(wall_clock.environment());
        }
        let node = Program::start("hotpotato", command, &self.log());
        if let Some(wall_clock) = &mut self.wall_clock {
            wall_clock.is_used_by(node.pid());
        }
        self.node = Some(node);
    }

    /// Kills the node in the middle of whatever it does.
    ///
    /// # Panics
    /// When it does not run.
    pub fn kill9(&mut self) {
        self.node.take().expect("the house serves").kill9();
    }

    /// Kills the node and starts it again.
    pub async fn kill9_and_restart(&mut self) {
        self.kill9();
        self.start().await;
    }

    /// Lets the node stand still.
    ///
    /// # Panics
    /// When it does not run.
    pub fn freeze(&self) {
        self.node.as_ref().expect("the house serves").freeze(true);
    }

    /// Lets the node go on.
    ///
    /// # Panics
    /// When it does not run.
    pub fn thaw(&self) {
        self.node.as_ref().expect("the house serves").freeze(false);
    }

    /// Steps the wall clock that the node sees: so many seconds beyond the real one.
    ///
    /// # Panics
    /// When the plan gave it none of its own.
    pub fn step_wall_clock(&self, seconds: i64) {
        self.wall_clock.as_ref().expect("the plan says `with_own_wall_clock`").step(seconds);
    }

    /// Asks the node to end.
    ///
    /// # Panics
    /// When it does not run.
    pub fn ask_to_end(&self) {
        self.node.as_ref().expect("the house serves").ask_to_end();
    }

    /// Waits until the node has ended.
    ///
    /// # Panics
    /// When it was not started, or does not end.
    pub async fn ended(&mut self) -> ExitStatus {
        self.node.take().expect("the house was started").ended().await
    }

    /// Asks the node to end, and waits until it has.
    ///
    /// # Panics
    /// When it does not end well.
    pub async fn terminate(&mut self) {
        self.ask_to_end();
        let status = self.ended().await;
        assert!(status.success(), "asked to end, the house ended with {status}");
    }

    // Where things are.

    /// The address of this house, without a port.
    pub const fn address(&self) -> Ipv4Addr {
        self.address
    }

    /// A path below the house's own folder.
    ///
    /// # Panics
    /// Never: the folder lives as long as the house.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.as_ref().expect("the folder lives as long as the house").path().join(name)
    }

    /// Where the data lies.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The providers.
    pub const fn stand_ins(&self) -> &StandIns {
        &self.stand_ins
    }

    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", SocketAddrV4::new(self.address, PORT))
    }

    /// What the node has logged.
    pub fn logged(&self) -> String {
        std::fs::read(self.log())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    fn log(&self) -> PathBuf {
        self.path("serve.log")
    }

    fn show_log(&self) {
        program::show(&self.log());
        program::show(&self.path("stand-ins.log"));
    }

    // The end.

    /// Ends the story: the log is unbroken, the house ends when it is asked to, and nobody was paged whom the story
    /// does not know of.
    pub async fn finish(mut self) {
        self.cli(&["verify"]).await.done();
        self.terminate().await;
        self.finish_dead().await;
    }

    /// Ends a story in which a contact method is found broken: its person and the operators are told of that, and what
    /// they get is not looked at.
    pub async fn finish_telling(mut self) {
        self.cli(&["verify"]).await.done();
        self.terminate().await;
        self.is_finished = true;
    }

    /// Ends a story whose house does not serve any more.
    pub async fn finish_dead(mut self) {
        self.nothing_else().await;
        self.is_finished = true;
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.show_log();
            // Kept for the person who looks into the failure.
            self.folder.take().map(TempDir::keep);
        } else {
            assert!(
                self.is_finished,
                "a story ends with `finish`, which looks for pages that nobody expects"
            );
        }
    }
}

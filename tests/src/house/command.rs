//! The command line of a house.

use std::process::Command;

use super::House;
use crate::binary;
use crate::cli::Said;
use crate::household::Household;
use crate::open_alert::OpenAlert;
use crate::wait::PATIENCE;

impl House {
    /// Runs a command in English and UTC, as the owner.
    pub async fn cli(&self, arguments: &[&str]) -> Said {
        self.run(self.command(), arguments).await
    }

    /// Runs a command with other environment variables.
    pub async fn cli_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Said {
        let mut command = self.command();
        command.envs(variables.iter().copied());
        self.run(command, arguments).await
    }

    async fn run(&self, mut command: Command, arguments: &[&str]) -> Said {
        command.args(arguments).stdin(std::process::Stdio::null());
        let output = tokio::process::Command::from(command).kill_on_drop(true).output();
        let output = tokio::time::timeout(PATIENCE, output).await;
        let output =
            output.unwrap_or_else(|_elapsed| panic!("{arguments:?} does not end")).expect("it starts");
        Said {
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("it prints UTF-8"),
            err: String::from_utf8(output.stderr).expect("it prints UTF-8"),
        }
    }

    /// The program in an environment that holds nothing else of ours, in the house's own folder.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(binary::hotpotato());
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path(""))
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            .env("HOTPOTATO_URL", self.url(""))
            .env("HOTPOTATO_TOKEN_FILE", self.data_dir.join("owner.token"))
            .current_dir(self.path(""));
        command
    }

    /// Applies `house.yaml`.
    pub async fn apply(&self) -> Said {
        self.cli(&["apply", "house.yaml"]).await
    }

    /// Writes `house.yaml` anew.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, household: &Household) {
        std::fs::write(self.path("house.yaml"), household.yaml()).expect("a file can be written");
    }

    /// The open alerts, as the command lists them.
    ///
    /// # Panics
    /// When it does not.
    pub async fn alerts(&self) -> Vec<OpenAlert> {
        let listed = self.cli(&["alerts", "--format", "json"]).await.json();
        listed.as_array().expect("a list").iter().map(OpenAlert::read).collect()
    }
}

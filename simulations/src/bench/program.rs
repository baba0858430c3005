//! A program under test: started, watched, ended; killed when it is dropped.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use super::{ANY_PORT, BenchError, http};
use crate::moment;
use crate::process_usage::ProcessUsage;

/// How long a program may take to be ready.
const READY_WAIT_MAX: Duration = Duration::from_mins(2);
/// How often it is asked whether it is.
const READY_ASKED_EVERY: Duration = Duration::from_millis(2);
/// How long a program may take to end after SIGTERM.
const END_WAIT_MAX: Duration = Duration::from_mins(1);
/// A program has come to rest when it used less than [`REST_SECONDS_MAX`] of CPU time in such a window.
const REST_WINDOW: Duration = Duration::from_millis(500);
/// Two clock ticks.
const REST_SECONDS_MAX: f64 = 0.021;
/// How long it may take to come to rest; after that it is measured as it is.
const REST_WAIT_MAX: Duration = Duration::from_secs(30);
/// How much of what it printed is shown when it fails.
const LAST_LINES_COUNT: usize = 12;

/// A running program.
#[derive(Debug)]
pub struct Program {
    name: &'static str,
    child: Child,
    pid: u32,
    printed: PathBuf,
}

impl Program {
    /// Starts a program in an empty environment; what it prints goes into a file in `folder`.
    pub fn start(name: &'static str, command: &mut Command, folder: &Path) -> Result<Self, BenchError> {
        Self::start_with(name, command, folder, &[])
    }

    /// Starts a program in an environment of these variables alone; what it prints goes into a file in `folder`.
    pub fn start_with(
        name: &'static str,
        command: &mut Command,
        folder: &Path,
        variables: &[(&str, &str)],
    ) -> Result<Self, BenchError> {
        let printed = folder.join("printed.log");
        let failed = |what: &str| BenchError::system(format!("{name} {what}"));
        let open = || fs::OpenOptions::new().create(true).append(true).open(&printed);
        let (stdout, stderr) =
            (open().map_err(failed("cannot print"))?, open().map_err(failed("cannot print"))?);
        command
            .env_clear()
            .envs(variables.iter().copied())
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(stderr)
            .kill_on_drop(true);
        let child = command.spawn().map_err(failed("cannot be started"))?;
        let pid = child.id().unwrap_or_default();
        Ok(Self { name, child, pid, printed })
    }

    /// Kills it in the middle of whatever it does, and waits until the system has taken it away.
    ///
    /// # Errors
    /// When it had ended by itself before.
    pub async fn kill9(mut self) -> Result<(), BenchError> {
        if let Ok(Some(status)) = self.child.try_wait() {
            return Err(self.misbehaved(format!("ended by itself with {status}")));
        }
        self.child.kill().await.map_err(BenchError::system(format!("{} cannot be killed", self.name)))
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) -> Result<(), BenchError> {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        let pid = pid.ok_or_else(|| self.misbehaved("has no process".to_owned()))?;
        let failed = |error: rustix::io::Errno| {
            BenchError::system(format!("{} takes no signal", self.name))(error.into())
        };
        kill_process(pid, signal).map_err(failed)
    }

    pub const fn pid(&self) -> u32 {
        self.pid
    }

    /// Returns what it has used so far.
    pub fn usage(&self) -> Result<ProcessUsage, BenchError> {
        ProcessUsage::read(self.pid).map_err(BenchError::system(format!("{} cannot be measured", self.name)))
    }

    /// Waits until `path` answers 200.
    pub async fn wait_until_ready(&mut self, address: SocketAddr, path: &str) -> Result<(), BenchError> {
        let asked = moment::now();
        while moment::since(asked) < READY_WAIT_MAX {
            if http::get(address, path).await.is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(self.misbehaved(format!("ended with {status} instead of being ready")));
            }
            moment::pause(READY_ASKED_EVERY).await;
        }
        Err(self.misbehaved(format!("was not ready within {} s", READY_WAIT_MAX.as_secs())))
    }

    /// Waits until it ends on its own, which it should not, and says so.
    pub async fn broken(&mut self) -> BenchError {
        match self.child.wait().await {
            Ok(status) => self.misbehaved(format!("ended with {status} in the middle of a measurement")),
            Err(error) => BenchError::system(format!("{} cannot be waited for", self.name))(error),
        }
    }

    /// Waits until it does nothing any more, as far as it ever does, and returns what it has used until then.
    pub async fn come_to_rest(&self) -> Result<ProcessUsage, BenchError> {
        let asked = moment::now();
        let mut before = self.usage()?;
        loop {
            moment::pause(REST_WINDOW).await;
            let now = self.usage()?;
            let used = now.user_seconds + now.system_seconds - before.user_seconds - before.system_seconds;
            if used < REST_SECONDS_MAX || moment::since(asked) > REST_WAIT_MAX {
                return Ok(now);
            }
            before = now;
        }
    }

    /// Asks it to end with SIGTERM and returns how long that took.
    pub async fn end(mut self) -> Result<Duration, BenchError> {
        let asked = moment::now();
        let failed = BenchError::system(format!("{} cannot be asked to end", self.name));
        let status =
            Command::new("sh").args(["-c", "kill -TERM \"$1\"", "sh", &self.pid.to_string()]).status();
        status.await.map_err(failed)?;
        match tokio::time::timeout(END_WAIT_MAX, self.child.wait()).await {
            Ok(Ok(status)) if status.success() => Ok(moment::since(asked)),
            Ok(Ok(status)) => Err(self.misbehaved(format!("ended with {status} after SIGTERM"))),
            Ok(Err(error)) => Err(BenchError::system(format!("{} cannot be waited for", self.name))(error)),
            Err(_) => {
                Err(self.misbehaved(format!("did not end within {} s of SIGTERM", END_WAIT_MAX.as_secs())))
            }
        }
    }

    pub fn misbehaved(&self, what: String) -> BenchError {
        BenchError::Program { program: self.name, what, last_lines: last_lines(&self.printed) }
    }
}

/// Runs a program to its end, in the environment that the command names; what it prints is in the error when it fails.
pub async fn run(name: &'static str, command: &mut Command) -> Result<String, BenchError> {
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output();
    let failed = BenchError::system(format!("{name} cannot be run"));
    let Ok(output) = tokio::time::timeout(READY_WAIT_MAX, output).await else {
        return Err(BenchError::Program {
            program: name,
            what: "took too long".to_owned(),
            last_lines: String::new(),
        });
    };
    let output = output.map_err(failed)?;
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed).into_owned();
    let what = |status: ExitStatus| format!("ended with {status}");
    if output.status.success() {
        Ok(printed)
    } else {
        Err(BenchError::Program { program: name, what: what(output.status), last_lines: printed })
    }
}

/// Returns an address on loopback on which nothing listens just now.
pub async fn free_address() -> Result<SocketAddr, BenchError> {
    let free = async { TcpListener::bind(ANY_PORT).await?.local_addr() };
    free.await.map_err(BenchError::system("no port is free"))
}

fn last_lines(path: &Path) -> String {
    let text = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LAST_LINES_COUNT)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Scratch;
    use super::*;

    fn shell(script: &str) -> (Scratch, Program) {
        let scratch = Scratch::make(&std::env::temp_dir()).expect("a folder");
        let program = Program::start("sh", Command::new("/bin/sh").args(["-c", script]), scratch.path());
        (scratch, program.expect("it starts"))
    }

    #[tokio::test]
    async fn a_program_that_ends_early_is_shown_with_its_last_lines() {
        let (_scratch, mut program) = shell("echo oh dear >&2; exit 3");
        let error =
            program.wait_until_ready(free_address().await.expect("a port"), "/").await.expect_err("it ended");
        assert!(
            error.to_string().contains("exit status: 3") && error.to_string().ends_with("oh dear"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_program_ends_when_asked() {
        let (_scratch, program) = shell("trap 'exit 0' TERM; echo up; while :; do sleep 0.01; done");
        let is_up = async {
            while last_lines(&program.printed) != "up" {
                moment::pause(READY_ASKED_EVERY).await;
            }
        };
        tokio::time::timeout(END_WAIT_MAX, is_up).await.expect("it starts");
        assert!(program.usage().is_ok());
        program.end().await.expect("it ends");
    }

    #[tokio::test]
    async fn what_a_failing_command_printed_is_in_the_error() {
        let error =
            run("sh", Command::new("/bin/sh").args(["-c", "echo no; exit 1"])).await.expect_err("it fails");
        assert_eq!(error.to_string(), "sh ended with exit status: 1; its last lines were:\nno\n");
    }
}

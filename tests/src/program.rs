//! A program that a story has started, and ends.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::wait;

/// So many bytes of a log are shown when a story fails.
const SHOWN_BYTES_MAX: usize = 30_000;

/// A running program. Killed when it is dropped.
#[derive(Debug)]
pub struct Program {
    name: String,
    child: Child,
}

impl Program {
    /// Starts a command; what it prints goes to the end of the file `log`.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(name: &str, command: &mut Command, log: &Path) -> Self {
        let output = open(log);
        let errors = output.try_clone().expect("a file can be shared");
        Self::spawn(name, command.stdout(output).stderr(errors))
    }

    /// Starts a command whose standard output the caller reads; the rest goes to the end of the file `log`.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start_piped(name: &str, command: &mut Command, log: &Path) -> Self {
        Self::spawn(name, command.stdout(Stdio::piped()).stderr(open(log)))
    }

    /// Starts a command that is told what to do on its standard input; what it prints goes to the end of the file `log`.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start_listening(name: &str, command: &mut Command, log: &Path) -> (Self, ChildStdin) {
        let output = open(log);
        let errors = output.try_clone().expect("a file can be shared");
        let mut program = Self::spawn_with(name, command.stdin(Stdio::piped()).stdout(output).stderr(errors));
        let input = program.child.stdin.take().expect("it was just made");
        (program, input)
    }

    fn spawn(name: &str, command: &mut Command) -> Self {
        Self::spawn_with(name, command.stdin(Stdio::null()))
    }

    fn spawn_with(name: &str, command: &mut Command) -> Self {
        let child = command.spawn();
        let child = child.unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
        Self { name: name.to_owned(), child }
    }

    /// Its standard output, once, if it was started so.
    pub fn take_output(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// Its exit status, if it has ended.
    ///
    /// # Panics
    /// When the system does not know.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("the system knows its children")
    }

    /// Kills it in the middle of whatever it does.
    ///
    /// # Panics
    /// When it has ended by itself before.
    pub fn kill9(&mut self) {
        assert_eq!(self.exit_status(), None, "{} ended by itself before it was killed", self.name);
        self.child.kill().expect("our own child can be killed");
        self.child.wait().expect("a killed child ends");
    }

    /// Asks it to end, as the system does at shutdown.
    ///
    /// # Panics
    /// When the signal cannot be sent.
    pub fn ask_to_end(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).expect("our own child takes signals");
    }

    /// Lets it stand still, as a debugger or a frozen virtual machine does, or go on.
    ///
    /// # Panics
    /// When the signal cannot be sent.
    pub fn freeze(&self, is_frozen: bool) {
        let signal = if is_frozen { Signal::STOP } else { Signal::CONT };
        kill_process(Pid::from_child(&self.child), signal).expect("our own child takes signals");
    }

    /// The number that the system gave it.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it ends.
    ///
    /// # Panics
    /// When it does not.
    pub async fn ended(&mut self) -> ExitStatus {
        let what = format!("the end of {}", self.name);
        wait::until(&what, async || self.exit_status()).await
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Fails only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn open(log: &Path) -> File {
    let file = OpenOptions::new().create(true).append(true).open(log);
    file.unwrap_or_else(|error| panic!("{} cannot be written: {error}", log.display()))
}

/// Prints the end of a log, for the person who looks into a story that failed.
#[expect(clippy::print_stderr, reason = "what a failed story shows")]
pub fn show(log: &PathBuf) {
    let bytes = std::fs::read(log).unwrap_or_default();
    let shown = &bytes[bytes.len().saturating_sub(SHOWN_BYTES_MAX)..];
    eprintln!("---- {} ----\n{}", log.display(), String::from_utf8_lossy(shown));
}

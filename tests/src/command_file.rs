//! The file through which Nagios and Icinga take commands: a pipe with a name.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::wait;

/// The pause between two changes that are told: they run a program for each, and two at once are in no order.
const BETWEEN_MS: i64 = 700;

/// The pipe of a running one.
#[derive(Debug)]
pub struct CommandFile(PathBuf);

impl CommandFile {
    /// The pipe at this path, once it is there.
    pub async fn at(path: &Path) -> Self {
        let what = format!("{} to be there", path.display());
        wait::until(&what, async || path.exists().then_some(())).await;
        Self(path.to_owned())
    }

    /// Gives a command, such as `ENABLE_NOTIFICATIONS`.
    ///
    /// # Panics
    /// When nobody takes it.
    pub fn give(&self, command: &str) {
        let mut pipe = OpenOptions::new().write(true).open(&self.0).expect("the pipe can be opened");
        let line = format!("[{}] {command}\n", wait::wall_clock_ms() / 1_000);
        pipe.write_all(line.as_bytes()).expect("the pipe takes a line");
    }

    /// Says what a check has found: 0 is fine, 1 a warning, 2 critical.
    pub fn found(&self, host: &str, service: &str, state: u8, output: &str) {
        self.give(&format!("PROCESS_SERVICE_CHECK_RESULT;{host};{service};{state};{output}"));
    }

    /// Lets a service come and go, and be fine in the end.
    pub async fn flap(&self, host: &str, service: &str, times: u8) {
        for turn in (0..times).rev() {
            self.found(host, service, turn % 2 * 2, &format!("turn {turn}"));
            wait::pause_until(wait::wall_clock_ms() + BETWEEN_MS).await;
        }
    }
}

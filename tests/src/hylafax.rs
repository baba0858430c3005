//! `HylaFAX` as pager gateway (`hfaxd`, SNPP) and as TAP sender (`pagesend`), from the Debian package
//! `hylafax-server`. `tests/scripts/hylafax.sh` says how it is put together.

use std::io::BufRead as _;
use std::net::SocketAddrV4;
use std::path::Path;
use std::process::Command;

use crate::program::Program;
use crate::{address, binary};

/// Who may page.
pub const USER: &str = "hotpotato";
/// Their password.
pub const PASSWORD: &str = "s3cret";

/// The port on an address of its own.
const PORT: u16 = 4_444;
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/hylafax.sh");

/// A running `HylaFAX`. Ends with the story.
#[derive(Debug)]
pub struct HylaFax {
    program: Program,
    address: SocketAddrV4,
}

impl HylaFax {
    /// Starts it in a new folder, with this TAP terminal at the other end of its modem.
    ///
    /// # Panics
    /// When it does not become ready.
    pub fn start(folder: &Path, terminal: &str) -> Self {
        for (program, package) in [("bash", "bash"), ("socat", "socat")] {
            binary::of_debian(program, package);
        }
        let address = SocketAddrV4::new(address::take(), PORT);
        let log = folder.with_extension("log");
        let mut command = Command::new(SCRIPT);
        command.arg(folder).args([address.ip().to_string(), PORT.to_string(), terminal.to_owned()]);
        let mut program = Program::start_piped("HylaFAX", &mut command, &log);
        let output = program.take_output().expect("a pipe");
        let mut line = String::new();
        std::io::BufReader::new(output).read_line(&mut line).expect("it says when it is ready");
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        assert_eq!(line, "ready\n", "HylaFAX (apt-get install hylafax-server) did not start: {}", said());
        Self { program, address }
    }

    /// Where its gateway is.
    pub const fn address(&self) -> SocketAddrV4 {
        self.address
    }

    /// Ends it: its port refuses connections.
    pub async fn end(mut self) {
        self.program.ask_to_end();
        crate::wait::until("HylaFAX to end", async || self.program.exit_status()).await;
    }
}

//! A pager gateway of another make: Perl's `Net::SNPP::Server`, from the Debian package `libnet-snpp-perl`. It takes
//! two-way pages with choices, and knows neither logins nor levels.

use std::io::BufRead as _;
use std::net::SocketAddrV4;
use std::path::Path;
use std::process::{ChildStdout, Command};

use crate::program::Program;
use crate::{address, binary};

const PORT: u16 = 4_446;
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/net_snpp.pl");

/// A running gateway.
#[derive(Debug)]
pub struct NetSnpp {
    _program: Program,
    output: std::io::BufReader<ChildStdout>,
    address: SocketAddrV4,
}

impl NetSnpp {
    /// Starts it.
    ///
    /// # Panics
    /// When it does not become ready.
    pub fn start(log: &Path) -> Self {
        let address = SocketAddrV4::new(address::take(), PORT);
        let mut command = Command::new(binary::of_debian("perl", "perl"));
        command.args([SCRIPT.to_owned(), address.ip().to_string(), PORT.to_string()]);
        let mut program = Program::start_piped("Net::SNPP", &mut command, log);
        let output = std::io::BufReader::new(program.take_output().expect("a pipe"));
        let mut server = Self { _program: program, output, address };
        let line = server.line();
        let said = std::fs::read_to_string(log).unwrap_or_default();
        assert_eq!(line, "ready", "Net::SNPP (apt-get install libnet-snpp-perl) did not start: {said}");
        server
    }

    /// Where it is.
    pub const fn address(&self) -> SocketAddrV4 {
        self.address
    }

    /// The next page that it has taken: the pager, and everything that it was told, by name.
    ///
    /// # Panics
    /// When it ended.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("text");
        line.trim_end().to_owned()
    }
}

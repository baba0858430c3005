//! The mail server OpenSMTPD, from the Debian package `opensmtpd`, which hands on what it takes.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddrV4, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::program::Program;
use crate::wait;

/// Where it keeps mails, wherever its configuration lies: so there is one on a machine.
const SPOOL: &str = "/var/spool/smtpd";
/// Its port, on the address of a house.
const PORT: u16 = 2_525;

/// A running OpenSMTPD.
#[derive(Debug)]
pub struct OpenSmtpd {
    address: SocketAddrV4,
    _program: Program,
}

impl OpenSmtpd {
    /// Starts one that hands every mail on to another port of this machine; none where it cannot be: it wants to be
    /// root.
    ///
    /// # Panics
    /// When it is not installed, or does not become ready.
    pub async fn start(folder: &Path, address: Ipv4Addr, next: u16) -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            // Straight to the error output: what a passing test prints is never shown.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: OpenSMTPD cannot be started here; run the tests as root"
            );
            return None;
        }
        let program = Path::new("/usr/sbin/smtpd");
        assert!(
            program.is_file(),
            "run `apt-get install --no-install-recommends opensmtpd`, or `cargo xtask test`"
        );
        std::fs::create_dir_all(SPOOL).expect("a folder can be made");
        std::fs::set_permissions(SPOOL, std::fs::Permissions::from_mode(0o711)).expect("its mode");
        let address = SocketAddrV4::new(address, PORT);
        let configuration = format!(
            "listen on {} port {PORT} hostname relay.example\n\
             action \"on\" relay host smtp://127.0.0.1:{next}\n\
             match from any for domain \"example.org\" action \"on\"\n",
            address.ip()
        );
        let file = folder.join("smtpd.conf");
        std::fs::write(&file, configuration).expect("a file can be written");
        let mut command = Command::new(program);
        command.arg("-d").arg("-f").arg(&file);
        let program = Program::start("smtpd", &mut command, &folder.join("smtpd.log"));
        wait::until("OpenSMTPD to listen", async || TcpStream::connect(address).ok().map(drop)).await;
        Some(Self { address, _program: program })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddrV4 {
        self.address
    }
}

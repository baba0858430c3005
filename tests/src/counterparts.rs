//! Those who take mail, push messages and webhooks in a story: `tests/scripts/counterparts.py`, and the Debian package
//! `python3-aiosmtpd`.

use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::Program;
use crate::wait;

/// What signs webhooks.
pub const WEBHOOK_SECRET: &str = "whsec_kqZ0hV8mWc3yT6rN1xLb5sPd9uGfJ2aE";
/// What the push server knows the house by.
pub const NTFY_TOKEN: &str = "tk_Qx7vT2kMw8Zr5Yb3Nc6L";
/// What the protected mail server knows the house by.
pub const MAIL_PASSWORD: &str = "smtp-s3cret";

/// A certificate lasts so long, unless a story says otherwise.
const CERTIFICATE_DAYS: u32 = 30;

/// Running counterparts.
#[derive(Debug)]
pub struct Counterparts {
    folder: TempDir,
    ports: Ports,
    _program: Program,
}

/// Where they listen on 127.0.0.1.
#[derive(Debug, Deserialize)]
pub struct Ports {
    /// The mail server that takes whatever comes.
    pub mail: u16,
    /// The one that wants TLS and a login.
    pub protected_mail: u16,
    /// The push server, at `/`, and who takes webhooks, at every other path.
    pub web: u16,
}

/// Something that one of them was told.
#[derive(Clone, Debug, Deserialize)]
pub struct Told {
    /// `mail`, `ntfy` or `webhook`.
    pub who: String,
    /// The address there.
    pub to: String,
    /// What; nothing where it did not listen.
    pub told: Value,
    /// How it behaved.
    pub answer: Value,
    /// When.
    pub at_ms: i64,
}

impl Counterparts {
    /// Starts them. The protected mail server's certificate lasts for longer than a house wants it to.
    ///
    /// # Panics
    /// When they do not become ready.
    pub fn start() -> Self {
        Self::start_with_certificate_for(CERTIFICATE_DAYS)
    }

    /// The same, with a certificate that lasts so many days.
    ///
    /// # Panics
    /// When they do not become ready.
    pub fn start_with_certificate_for(days: u32) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/counterparts.py");
        // Debian's own Python: another one in the path does not know Debian's packages.
        let mut command = Command::new("/usr/bin/python3");
        command
            .arg(script)
            .arg(folder.path().join("journal"))
            .args([WEBHOOK_SECRET, NTFY_TOKEN])
            .arg(days.to_string());
        let log = folder.path().join("log");
        let mut program = Program::start_piped("counterparts", &mut command, &log);
        let mut line = String::new();
        let output = program.take_output().expect("a pipe");
        std::io::BufReader::new(output).read_line(&mut line).expect("they say where they are");
        let ports = serde_json::from_str(&line).unwrap_or_else(|error| {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            panic!("they said {line:?}, {error}: {said}; is python3-aiosmtpd installed?")
        });
        Self { folder, ports, _program: program }
    }

    /// Where they listen.
    pub const fn ports(&self) -> &Ports {
        &self.ports
    }

    /// The certificate of the protected mail server.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("mail.pem")
    }

    /// Everything that they were told.
    ///
    /// # Panics
    /// When they wrote down something else.
    pub fn journal(&self) -> Vec<Told> {
        let text = std::fs::read_to_string(self.folder.path().join("journal")).unwrap_or_default();
        let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        whole.map(|line| serde_json::from_str(line).expect("a line of the journal")).collect()
    }

    /// The first so many things that were told to an address.
    ///
    /// # Panics
    /// When they are not told in time.
    pub async fn told(&self, to: &str, count: usize) -> Vec<Told> {
        let what = format!("{count} times something told to {to}; so far: {:#?}", self.journal());
        wait::until(&what, async || {
            let mut told = self.journal();
            told.retain(|one| one.to == to);
            (told.len() >= count).then_some(told)
        })
        .await
    }
}

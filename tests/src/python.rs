//! Public clients in Python, as people's scripts use them: `tests/scripts/clients.py`, in an environment of its own that
//! `cargo xtask test` makes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// Whoever talks to `PagerDuty` or Opsgenie, and now to a house.
#[derive(Clone, Debug)]
pub struct Client {
    who: &'static str,
    url: String,
    key: &'static str,
}

impl Client {
    /// `pagerduty` or `opsgenie`, told that the service is at this address.
    pub const fn new(who: &'static str, url: String, key: &'static str) -> Self {
        Self { who, url, key }
    }

    /// Lets it do something to the problem of this name, and gives what it understood of the answer.
    ///
    /// # Panics
    /// When it says that this did not work.
    pub async fn does(&self, action: &str, name: &str) -> Value {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/clients.py");
        let mut command = Command::new(python());
        command.arg(script).args([self.who, &self.url, self.key, action, name]).stdin(Stdio::null());
        let output =
            tokio::task::spawn_blocking(move || command.output()).await.expect("it is not cancelled");
        let output = output.expect("Python can be started");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} {action}: {errors}", self.who);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {errors}"))
    }
}

/// The Python that knows the clients.
fn python() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it is");
    let beside =
        test.ancestors().nth(3).expect("a test lies in target/<profile>/deps").join("python-clients");
    let folder = std::env::var_os("PYTHON_CLIENTS").map_or(beside, PathBuf::from);
    let python = folder.join("bin/python");
    assert!(
        python.is_file(),
        "{} is missing: `cargo xtask test` makes it, or set PYTHON_CLIENTS to an environment with tests/scripts/clients.txt",
        python.display()
    );
    python
}

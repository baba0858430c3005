//! A stand-in for a paging terminal that speaks TAP 1.8, behind a terminal server, with or without a modem before it.
//! Written from the document of 4 February 1997; `HylaFAX`'s own sender certifies it (`tests/tests/stories/pagers.rs`).
//!
//! ```text
//! connect ─► (ATDT… ─► CONNECT) ─► CR ─► ID= ─► ESC PG1 ─► ACK, ESC [ p ─► block ─► ACK … ─► EOT ─► ESC EOT
//! ```

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::behaviour::Script;
use crate::ledger::Ledger;

mod block;
mod connection;
mod session;

/// What a TAP stand-in accepts.
#[derive(Debug, Clone)]
pub struct TapOptions {
    /// The password that is asked for; `None`: none, and any is welcome.
    pub password: Option<String>,
    /// The only valid pager IDs; `None`: any.
    pub pagers: Option<BTreeSet<String>>,
    /// Longest message; a longer one is rejected.
    pub message_chars_max: usize,
    /// Whether bytes are sealed with even parity, and others refused; if not, the eighth bit is ignored.
    pub even_parity: bool,
    /// How long the modem takes to connect.
    pub dialling: Duration,
    /// How long an answer to `ID=` is waited for: t5 of the standard.
    pub patience: Duration,
}

impl Default for TapOptions {
    fn default() -> Self {
        Self {
            password: None,
            pagers: None,
            message_chars_max: 1_000,
            even_parity: false,
            dialling: Duration::from_millis(20),
            patience: Duration::from_secs(8),
        }
    }
}

/// A TAP stand-in. Clones share everything.
#[derive(Debug, Clone)]
pub struct Tap {
    options: Arc<TapOptions>,
    ledger: Ledger,
    script: Script,
}

impl Tap {
    /// Creates a stand-in that nobody can call yet.
    pub(crate) fn new(options: TapOptions, ledger: Ledger) -> Self {
        Self { options: Arc::new(options), ledger, script: Script::default() }
    }

    /// Answers calls until it is dropped.
    pub(crate) async fn serve(self, listener: TcpListener) -> io::Result<()> {
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let tap = self.clone();
            tokio::spawn(async move {
                if let Err(error) = connection::serve(&tap, stream).await {
                    tracing::debug!(%error, "TAP connection ended");
                }
            });
        }
    }

    /// Returns the script of misbehaviour.
    pub fn script(&self) -> &Script {
        &self.script
    }
}

//! A stand-in for a pager gateway that speaks SNPP, levels 1 to 3: RFC 1861.
//!
//! ```text
//! connect ─► 220 ─► (LOGI) ─► PAGE … PAGE ─► MESS | DATA … . ─► SEND ─► 250, and again from PAGE
//! ```

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::behaviour::Script;
use crate::ledger::Ledger;

mod connection;
pub(in crate::stand_in) mod line;
mod session;
mod two_way;

pub use two_way::Progress;
use two_way::Units;

/// What an SNPP stand-in accepts.
#[derive(Debug, Clone)]
pub struct SnppOptions {
    /// Text of the `220` line.
    pub banner: String,
    /// Login that is asked for (`530` without it); `None`: any `LOGI` is welcome and none is needed.
    pub login: Option<Login>,
    /// The only valid pager IDs; `None`: any of printable ASCII.
    pub pagers: Option<BTreeSet<String>>,
    /// Longest message; a longer one is answered `550`.
    pub message_chars_max: usize,
    /// Up to which level the gateway knows the commands; others are answered `500`.
    pub level: u8,
    /// How long a client may say nothing before `421`.
    pub idle: Duration,
}

/// Who may page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Login ID.
    pub user: String,
    /// Password; `None`: none is asked for.
    pub password: Option<String>,
}

impl Default for SnppOptions {
    fn default() -> Self {
        Self {
            banner: "SNPP Gateway Ready".to_owned(),
            login: None,
            pagers: None,
            message_chars_max: 1024,
            level: 2,
            idle: Duration::from_mins(2),
        }
    }
}

/// An SNPP stand-in. Clones share everything.
#[derive(Debug, Clone)]
pub struct Snpp {
    options: Arc<SnppOptions>,
    ledger: Ledger,
    script: Script,
    units: Units,
}

impl Snpp {
    /// Creates a stand-in that nobody can call yet.
    pub(crate) fn new(options: SnppOptions, ledger: Ledger) -> Self {
        Self { options: Arc::new(options), ledger, script: Script::default(), units: Units::default() }
    }

    /// Answers calls until it is dropped.
    pub(crate) async fn serve(self, listener: TcpListener) -> io::Result<()> {
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let snpp = self.clone();
            tokio::spawn(async move {
                if let Err(error) = connection::serve(&snpp, stream).await {
                    tracing::debug!(%error, "SNPP connection ended");
                }
            });
        }
    }

    /// The person's pager gets on with the last two-way page to it. Returns whether there is one.
    pub fn progress(&self, pager: &str, progress: Progress) -> bool {
        self.units.progress(pager, progress)
    }

    /// Returns the script of misbehaviour.
    pub fn script(&self) -> &Script {
        &self.script
    }
}

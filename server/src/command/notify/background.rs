//! Whoever stays behind: a process in the background that goes on trying until nothing waits any more. Without it, the
//! last signal before a silence would wait for the next one.

use std::io::Result;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use adapters::clock::HouseClock;
use domain::port::Clock as _;
use events::Span;

use super::flush::{Tally, flush};
use super::servers::Servers;
use super::spool::Spool;

/// The pause before the first try; it doubles each time.
const PAUSE_MIN: Duration = Duration::from_secs(2);
/// The longest pause between two tries.
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// For so long it goes on. Every later signal starts another one.
const PATIENCE: Span = Span::from_minutes(7 * 24 * 60);

/// Starts it, apart from whoever called us: they may end our group, and wait until nobody has their pipes any more.
///
/// # Errors
/// When the program cannot be started.
pub(super) fn start(spool: &Path, server: Option<&str>) -> Result<()> {
    let program = std::env::current_exe()?;
    let mut command = Command::new(program);
    command.args(["notify", "--follow-up", "--spool"]).arg(spool);
    if let Some(server) = server {
        command.args(["--server", server]);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.process_group(0).current_dir("/").spawn().map(drop)
}

/// Goes on until nothing waits, unless another process does already.
pub(super) async fn follow(spool: &Spool, servers: &mut Servers) {
    let clock = HouseClock::start();
    let mut pause = PAUSE_MIN;
    while is_wanted(spool) && clock.now().since(clock.started_at()) < PATIENCE {
        let Ok(Some(following)) = spool.lock_following() else { return };
        while is_wanted(spool) && clock.now().since(clock.started_at()) < PATIENCE {
            #[expect(
                clippy::disallowed_methods,
                reason = "the pause between two tries of a server that is away"
            )]
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
            let Ok(Some(sending)) = spool.lock_sending() else { continue };
            let mut tally = Tally::default();
            servers.forgive();
            flush(spool, servers, clock.now(), &mut tally).await;
            drop(sending);
            if tally.sent_count > 0 {
                pause = PAUSE_MIN;
            }
        }
        // Whoever kept something just now saw that we are here, and started nobody: one more look, without the lock.
        drop(following);
    }
}

fn is_wanted(spool: &Spool) -> bool {
    spool.is_there() && spool.waiting().is_ok_and(|names| !names.is_empty())
}

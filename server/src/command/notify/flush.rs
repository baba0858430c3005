//! Sends what waits, in order and once.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use events::{Span, Timestamp};

use super::servers::{Outcome, Servers};
use super::spool::{Lock, Name, Spool};

/// The pause between two looks at a lock that somebody else has.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// For so long signals wait for a server that knows their key: long enough to correct a file in the morning.
const KEY_PATIENCE: Span = Span::from_minutes(24 * 60);

/// What came of it so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// True once it was our turn.
    pub(super) is_our_turn: bool,
    /// How many a server has taken.
    pub(super) sent_count: u32,
    /// What will never be taken: which, where it is now, and why.
    pub(super) refused: Vec<(Name, PathBuf, String)>,
    /// What could not be read or moved, and why.
    pub(super) unreadable: Vec<(PathBuf, String)>,
    /// How many of the oldest refused ones had to go.
    pub(super) removed_count: usize,
    /// Why no server takes anything, where none does.
    pub(super) away: Option<String>,
    /// Why a source's signals are not taken, where it is so.
    pub(super) key_refused: Option<String>,
}

/// Waits for the right to send. Whoever has it may be sending what we are waiting for.
pub(super) async fn lock(spool: &Spool) -> std::io::Result<Lock> {
    loop {
        if let Some(lock) = spool.lock_sending()? {
            return Ok(lock);
        }
        #[expect(clippy::disallowed_methods, reason = "the pause between two looks at a file lock")]
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Sends what waits. It may be broken off wherever it waits for a server: what is taken is removed at once.
pub(super) async fn flush(spool: &Spool, servers: &mut Servers, now: Timestamp, tally: &mut Tally) {
    tally.is_our_turn = true;
    let Ok(names) = spool.waiting() else { return };
    let mut blocked = BTreeSet::new();
    (tally.away, tally.key_refused) = (None, None);
    for name in names {
        let entry = match spool.read(&name) {
            Ok(Some(entry)) => entry,
            Ok(None) => continue,
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                refuse(spool, name, &error.to_string(), tally);
                continue;
            }
            Err(error) => {
                tally.unreadable.push((spool.path(&name), error.to_string()));
                continue;
            }
        };
        if blocked.contains(&entry.lane()) {
            continue;
        }
        match servers.offer(entry.tongue, &entry.key, &entry.body).await {
            Outcome::Taken => {
                tally.sent_count += 1;
                if let Err(error) = spool.remove(&name) {
                    // It would be sent again and again, and what comes after it not in order.
                    tally.unreadable.push((spool.path(&name), error.to_string()));
                    blocked.insert(entry.lane());
                }
            }
            Outcome::Refused(why) => refuse(spool, name, &why, tally),
            Outcome::KeyRefused(why) if now.since(entry.noticed_at) >= KEY_PATIENCE => {
                refuse(spool, name, &why, tally);
            }
            Outcome::KeyRefused(why) | Outcome::Undecided(why) => {
                tally.key_refused = Some(why);
                blocked.insert(entry.lane());
            }
            Outcome::Away(why) => {
                tally.away = Some(why);
                break;
            }
        }
    }
    // What was removed may come back after a loss of power, and is sent once more: the house knows it again.
    let _ = spool.sync();
}

fn refuse(spool: &Spool, name: Name, why: &str, tally: &mut Tally) {
    match spool.refuse(&name, why) {
        Ok((file, removed)) => {
            tally.refused.push((name, file, why.to_owned()));
            tally.removed_count += removed;
        }
        Err(error) => tally.unreadable.push((spool.path(&name), error.to_string())),
    }
}

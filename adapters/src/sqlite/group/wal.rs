//! The write-ahead log of one file: what is durable but not yet in the file itself.

use rusqlite::Connection;

/// Once it has this many pages, it is moved into the file when the writer is idle: 1 MiB.
const IDLE_PAGES_MIN: i64 = 256;

/// Once it has this many pages, it is moved and started over, idle or not: 64 MiB.
const PAGES_MAX: i64 = 16_384;

/// After so many commits it is looked at: a look costs as much as a small commit without its fsync.
const COMMITS_UNSEEN_MAX: u32 = 32;

/// Or after so many bytes, if that is earlier.
const BYTES_UNSEEN_MAX: usize = 4 << 20;

/// How to move it into the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checkpoint {
    /// Only looks.
    Look,
    /// Moves what it can without making anybody wait.
    Move,
    /// Moves everything, so that the next write starts the write-ahead log over, in the room that it has.
    Restart,
    /// Moves everything and leaves nothing behind.
    Truncate,
}

/// How large it was when it was last looked at, in pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wal {
    pages: i64,
    /// How many of them are not yet in the file.
    pending: i64,
    /// It is started over at so many pages.
    restart_at: i64,
    /// Commits since it was last looked at, and their bytes, about.
    commits_unseen: u32,
    bytes_unseen: usize,
}

impl Wal {
    pub(super) const fn new() -> Self {
        Self { pages: 0, pending: 0, restart_at: PAGES_MAX, commits_unseen: 0, bytes_unseen: 0 }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.pages == 0
    }

    /// One more commit of about so many bytes.
    pub(super) const fn grown(&mut self, bytes: usize) {
        self.commits_unseen += 1;
        self.bytes_unseen = self.bytes_unseen.saturating_add(bytes);
    }

    /// Whether it is time to look at it, also when there is something else to do.
    pub(super) const fn is_unknown(&self) -> bool {
        self.commits_unseen >= COMMITS_UNSEEN_MAX || self.bytes_unseen >= BYTES_UNSEEN_MAX
    }

    /// Whether anything was written since it was looked at.
    pub(super) const fn is_unseen(&self) -> bool {
        self.commits_unseen > 0
    }

    /// It was looked at, or cannot be.
    pub(super) const fn seen(&mut self) {
        (self.commits_unseen, self.bytes_unseen) = (0, 0);
    }

    /// Whether an idle writer should move it.
    pub(super) const fn is_worth_moving(&self) -> bool {
        self.pending >= IDLE_PAGES_MIN
    }

    /// What could not be moved now is moved after the next write.
    pub(super) const fn leave(&mut self) {
        self.pending = 0;
    }

    /// Whether it must be started over now.
    pub(super) const fn is_large(&self) -> bool {
        self.pages >= self.restart_at
    }

    /// Takes note of whether it was started over. If not, somebody reads it: it may grow by as much again, so that
    /// not every write waits for them.
    pub(super) const fn restarted(&mut self, done: bool) {
        self.restart_at = if done { PAGES_MAX } else { self.pages.saturating_add(PAGES_MAX) };
    }

    /// True when everything that was asked for was done.
    pub(super) fn checkpoint(&mut self, connection: &Connection, how: Checkpoint) -> rusqlite::Result<bool> {
        let sql = match how {
            Checkpoint::Look => "PRAGMA wal_checkpoint(NOOP)",
            Checkpoint::Move => "PRAGMA wal_checkpoint(PASSIVE)",
            Checkpoint::Restart => "PRAGMA wal_checkpoint(RESTART)",
            Checkpoint::Truncate => "PRAGMA wal_checkpoint(TRUNCATE)",
        };
        let (is_busy, pages, moved) = connection.prepare_cached(sql)?.query_row([], |row| {
            Ok((row.get::<_, bool>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        })?;
        self.seen();
        self.pages = pages;
        self.pending = pages.saturating_sub(moved);
        Ok(!is_busy)
    }
}

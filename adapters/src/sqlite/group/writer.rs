//! The thread: groups of requests, their one transaction, and what its failure means.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::watch;

use super::wal::{Checkpoint, Wal};
use super::{Counters, Order, Store, Waiting};
use crate::sqlite::fault::{Failure, Fault, Kind};
use crate::sqlite::file::checkpoint_on_close;
use crate::sqlite::health::Health;

/// At most this many requests in one transaction, so that none waits long for the others of its group.
const GROUP_REQUESTS_MAX: usize = 1_024;

/// A group takes no further request once it has this many bytes.
const GROUP_BYTES_MAX: usize = 8 << 20;

/// Nothing to do for this long is idle.
const IDLE_AFTER: Duration = Duration::from_millis(200);

/// The thread that writes one file.
pub(super) struct Writer<S: Store> {
    connection: Connection,
    store: S,
    orders: mpsc::Receiver<Order<S>>,
    /// What was received while gathering and is no request.
    held: Option<Order<S>>,
    health: watch::Sender<Health>,
    counters: Arc<Counters>,
    wal: Wal,
    /// Something was erased that may still be read in the write-ahead log.
    owes_truncate: bool,
}

impl<S: Store> Writer<S> {
    pub(super) fn new(
        connection: Connection,
        store: S,
        orders: mpsc::Receiver<Order<S>>,
        health: watch::Sender<Health>,
        counters: Arc<Counters>,
    ) -> Self {
        Self {
            connection,
            store,
            orders,
            held: None,
            health,
            counters,
            wal: Wal::new(),
            owes_truncate: false,
        }
    }

    /// Does what is asked until it is closed.
    pub(super) fn run(mut self) {
        let _guard = PanicGuard(self.health.clone());
        // A killed process may have left much.
        self.checkpoint(Checkpoint::Look);
        let mut closed = None;
        while let Some(order) = self.next() {
            match order {
                Order::Do(first) => self.group(first),
                Order::Close(answer) => {
                    closed = Some(answer);
                    break;
                }
                #[cfg(test)]
                Order::Run(run) => run(&self.connection),
            }
        }
        while let Ok(order) = self.orders.try_recv() {
            if let Order::Do(waiting) = order {
                waiting.answer(Err(Failure::Unavailable("it was closed".to_owned())));
            }
        }
        if !self.is_broken()
            && self.checkpoint(Checkpoint::Truncate)
            && let Err(error) = checkpoint_on_close(&self.connection, true)
        {
            tracing::warn!(%error, "an empty write-ahead log is left behind");
        }
        drop(self);
        if let Some(closed) = closed {
            let _ = closed.send(());
        }
    }

    /// The next order; looks after the write-ahead log while there is none.
    fn next(&mut self) -> Option<Order<S>> {
        if let Some(held) = self.held.take() {
            return Some(held);
        }
        while (self.owes_truncate || self.wal.is_unseen() || self.wal.is_worth_moving()) && !self.is_broken()
        {
            match self.orders.recv_timeout(IDLE_AFTER) {
                Ok(order) => return Some(order),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) if self.owes_truncate => self.truncate(),
                Err(RecvTimeoutError::Timeout) if self.wal.is_unseen() => {
                    self.checkpoint(Checkpoint::Look);
                    self.wal.seen();
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.checkpoint(Checkpoint::Move);
                    self.wal.leave();
                }
            }
        }
        self.orders.recv().ok()
    }

    fn group(&mut self, first: Waiting<S>) {
        let group = self.gather(first);
        if let Health::Closed { reason } = &*self.health.borrow() {
            let failure = Failure::Unavailable(reason.clone());
            return self.fail(group, &failure);
        }
        let mut written = self.write(&group);
        if let Err(Fault { kind: Kind::Full, unknown: false, .. }) = written
            && self.make_room()
        {
            written = self.write(&group);
        }
        match written {
            Ok(answers) => {
                self.wal.grown(group.iter().map(|waiting| S::bytes(&waiting.request)).sum());
                self.answer(group, answers);
            }
            Err(fault) => {
                self.note(&fault);
                self.fail(group, &fault.failure());
            }
        }
        if !self.is_broken() {
            self.tend_wal();
        }
    }

    fn gather(&mut self, first: Waiting<S>) -> Vec<Waiting<S>> {
        let mut bytes = S::bytes(&first.request);
        let mut group = vec![first];
        while group.len() < GROUP_REQUESTS_MAX && bytes < GROUP_BYTES_MAX {
            match self.orders.try_recv() {
                Ok(Order::Do(next)) => {
                    bytes = bytes.saturating_add(S::bytes(&next.request));
                    group.push(next);
                }
                Ok(other) => {
                    self.held = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        group
    }

    /// One transaction for the whole group; durable when it returns answers.
    fn write(&mut self, group: &[Waiting<S>]) -> Result<Vec<S::Answer>, Fault> {
        let changes = self.connection.total_changes();
        let written = self.apply(group).and_then(|answers| {
            self.execute("COMMIT").map_err(|error| Fault::in_commit(&error))?;
            Ok(answers)
        });
        match written {
            Ok(answers) => {
                self.store.committed();
                if self.connection.total_changes() != changes {
                    self.counters.commits.fetch_add(1, Ordering::Relaxed);
                }
                Ok(answers)
            }
            Err(fault) => Err(self.roll_back(fault)),
        }
    }

    fn apply(&mut self, group: &[Waiting<S>]) -> Result<Vec<S::Answer>, Fault> {
        self.execute("BEGIN IMMEDIATE").map_err(|error| Fault::before_commit(&error))?;
        let (store, connection) = (&mut self.store, &self.connection);
        group
            .iter()
            .map(|waiting| store.apply(connection, &waiting.request))
            .collect::<rusqlite::Result<_>>()
            .map_err(|error| Fault::before_commit(&error))
    }

    fn roll_back(&mut self, fault: Fault) -> Fault {
        self.store.rolled_back();
        // SQLite has often rolled back by itself already.
        if !self.connection.is_autocommit()
            && let Err(error) = self.execute("ROLLBACK")
        {
            tracing::error!(%error, "a failed transaction could not be rolled back");
            return Fault { kind: Kind::Broken, ..fault };
        }
        fault
    }

    fn answer(&mut self, group: Vec<Waiting<S>>, answers: Vec<S::Answer>) {
        self.health.send_if_modified(|health| std::mem::take(health) != Health::Healthy);
        let count = u64::try_from(group.len()).unwrap_or(u64::MAX);
        self.counters.done.fetch_add(count, Ordering::Relaxed);
        for (waiting, answer) in group.into_iter().zip(answers) {
            self.counters.latency.count(waiting.since);
            waiting.answer(Ok(answer));
        }
    }

    fn fail(&self, group: Vec<Waiting<S>>, failure: &Failure) {
        let count = u64::try_from(group.len()).unwrap_or(u64::MAX);
        self.counters.failed.fetch_add(count, Ordering::Relaxed);
        for waiting in group {
            waiting.answer(Err(failure.clone()));
        }
    }

    /// Takes note of what a fault means for the file.
    fn note(&mut self, fault: &Fault) {
        let reason = fault.reason.clone();
        match fault.kind {
            Kind::Full => {
                tracing::error!(reason, "there is no room to write: make room, it goes on by itself");
                self.health.send_replace(Health::Full { reason });
            }
            Kind::Broken => {
                tracing::error!(reason, "a write failed: nothing is written any more until the next start");
                self.health.send_replace(Health::Closed { reason });
            }
            Kind::Passing => tracing::warn!(reason, "a write was refused; the next may succeed"),
        }
    }

    fn is_broken(&self) -> bool {
        matches!(*self.health.borrow(), Health::Closed { .. })
    }

    /// Frees the pages of the write-ahead log for the next writes. True when it had any.
    fn make_room(&mut self) -> bool {
        self.checkpoint(Checkpoint::Look);
        !self.wal.is_empty() && self.checkpoint(Checkpoint::Restart) && !self.is_broken()
    }

    fn tend_wal(&mut self) {
        self.owes_truncate |= self.store.erased();
        if self.owes_truncate {
            self.truncate();
        }
        if !self.wal.is_unknown() {
            return;
        }
        self.checkpoint(Checkpoint::Look);
        if self.wal.is_large() {
            let restarted = self.checkpoint(Checkpoint::Restart);
            self.wal.restarted(restarted);
        }
    }

    fn truncate(&mut self) {
        self.owes_truncate = !self.checkpoint(Checkpoint::Truncate);
    }

    /// True when everything that was asked for was done.
    fn checkpoint(&mut self, how: Checkpoint) -> bool {
        match self.wal.checkpoint(&self.connection, how) {
            Ok(done) => done,
            Err(error) => {
                let fault = Fault::before_commit(&error);
                if fault.kind == Kind::Broken {
                    self.note(&fault);
                } else {
                    // Nothing is lost: the write-ahead log keeps it, and grows.
                    tracing::warn!(
                        reason = fault.reason,
                        "the write-ahead log could not be moved into its file"
                    );
                }
                false
            }
        }
    }

    fn execute(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute([]).map(drop)
    }
}

/// Says that a file is closed when its thread panics.
struct PanicGuard(watch::Sender<Health>);

impl Drop for PanicGuard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.send_replace(Health::Closed { reason: "its writer thread panicked".to_owned() });
        }
    }
}

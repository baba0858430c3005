//! The one thread that writes a file: it takes all that waits into one transaction, and answers after the fsync.

mod wal;
mod writer;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};

use self::writer::Writer;
use super::fault::Failure;
use super::health::Health;
use super::latency::{Latency, LatencyCounter, Started};

/// At most this many requests are with the writer; the next ones wait, asynchronously, before it.
pub(crate) const REQUESTS_WAITING_MAX: usize = 8_192;

/// What is kept in a file, and how one request changes it.
pub(crate) trait Store: Send + 'static {
    type Request: Send + 'static;
    type Answer: Send + 'static;

    /// Does one request in the open transaction, or refuses it in its answer without having written anything.
    fn apply(&mut self, connection: &Connection, request: &Self::Request) -> rusqlite::Result<Self::Answer>;

    /// What was applied since the last commit is durable now.
    fn committed(&mut self) {}

    /// Nothing that was applied since the last commit counts.
    fn rolled_back(&mut self);

    /// How many bytes a request writes, about.
    fn bytes(_request: &Self::Request) -> usize {
        0
    }

    /// Whether what was just committed must also leave the write-ahead log at once. Asked once a commit.
    fn erased(&mut self) -> bool {
        false
    }
}

/// The writer of one file, as the rest of the house sees it.
#[derive(Debug)]
pub(crate) struct Group<S: Store> {
    orders: mpsc::Sender<Order<S>>,
    places: Arc<Semaphore>,
    health: watch::Receiver<Health>,
    counters: Arc<Counters>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the writer did since the start.
#[derive(Debug, Default)]
struct Counters {
    commits: AtomicU64,
    done: AtomicU64,
    failed: AtomicU64,
    latency: LatencyCounter,
}

/// A copy of the counters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GroupStats {
    pub(crate) commits: u64,
    pub(crate) done: u64,
    pub(crate) failed: u64,
    pub(crate) waiting: usize,
    pub(crate) latency: Latency,
}

enum Order<S: Store> {
    Do(Waiting<S>),
    Close(oneshot::Sender<()>),
    /// Lets a test reach the connection that writes.
    #[cfg(test)]
    Run(Box<dyn FnOnce(&Connection) + Send>),
}

struct Waiting<S: Store> {
    request: S::Request,
    answer: oneshot::Sender<Result<S::Answer, Failure>>,
    since: Started,
    place: OwnedSemaphorePermit,
}

impl<S: Store> Waiting<S> {
    /// Makes place for the next, then answers.
    fn answer(self, answer: Result<S::Answer, Failure>) {
        drop(self.place);
        // Whoever asked may have given up.
        let _ = self.answer.send(answer);
    }
}

impl<S: Store> Group<S> {
    /// Starts the thread.
    pub(crate) fn start(name: &str, connection: Connection, store: S) -> std::io::Result<Self> {
        let (orders, received) = mpsc::channel();
        let (health, watched) = watch::channel(Health::Healthy);
        let counters = Arc::new(Counters::default());
        let writer = Writer::new(connection, store, received, health, Arc::clone(&counters));
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(|| writer.run())?;
        let places = Arc::new(Semaphore::new(REQUESTS_WAITING_MAX));
        Ok(Self { orders, places, health: watched, counters, thread: Mutex::new(Some(thread)) })
    }

    /// Has one request done, durably when this returns an answer. Waits without holding a thread. Given up before
    /// it returns, the request may be done all the same.
    pub(crate) async fn submit(&self, request: S::Request) -> Result<S::Answer, Failure> {
        let since = Started::now();
        let closed = || Failure::Unavailable("it was closed".to_owned());
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| closed())?;
        let (answer, answered) = oneshot::channel();
        self.orders.send(Order::Do(Waiting { request, answer, since, place })).map_err(|_| closed())?;
        answered.await.unwrap_or_else(|_| Err(Failure::Unknown("its writer ended".to_owned())))
    }

    pub(crate) fn health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }

    pub(crate) fn stats(&self) -> GroupStats {
        GroupStats {
            commits: self.counters.commits.load(Ordering::Relaxed),
            done: self.counters.done.load(Ordering::Relaxed),
            failed: self.counters.failed.load(Ordering::Relaxed),
            waiting: REQUESTS_WAITING_MAX - self.places.available_permits().min(REQUESTS_WAITING_MAX),
            latency: self.counters.latency.read(),
        }
    }

    /// Does what was asked for before, moves the write-ahead log into the file, and ends the thread. Later
    /// requests are unavailable.
    pub(crate) async fn close(&self) {
        let (closed, wait) = oneshot::channel();
        if self.orders.send(Order::Close(closed)).is_ok() {
            // An error means that the thread has ended otherwise, which is what is waited for.
            let _ = wait.await;
        }
        self.join();
    }

    fn join(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(_)) = thread.map(JoinHandle::join) {
            tracing::error!("a writer thread panicked");
        }
    }

    /// Runs `run` on the connection that writes, and waits for it.
    #[cfg(test)]
    pub(crate) fn run_on_writer(&self, run: impl FnOnce(&Connection) + Send + 'static) {
        let (done, wait) = mpsc::channel();
        self.send_to_writer(move |connection| {
            run(connection);
            done.send(()).expect("the test waits");
        });
        wait.recv().expect("it ran");
    }

    /// Holds the writer until `count` requests wait, so that they are one group. Only right on one thread.
    #[cfg(test)]
    pub(crate) async fn grouped<T>(&self, count: usize, requests: impl Future<Output = T>) -> T {
        let (release, held) = mpsc::channel::<()>();
        self.send_to_writer(move |_| {
            // An error says that the other end is gone, which is what is waited for.
            let _ = held.recv();
        });
        let gate = async {
            while self.stats().waiting < count {
                tokio::task::yield_now().await;
            }
            drop(release);
        };
        tokio::join!(requests, gate).0
    }

    #[cfg(test)]
    fn send_to_writer(&self, run: impl FnOnce(&Connection) + Send + 'static) {
        assert!(self.orders.send(Order::Run(Box::new(run))).is_ok(), "the writer lives");
    }
}

impl<S: Store> Drop for Group<S> {
    /// Ends the thread as [`Group::close`] does, and waits for it: some milliseconds, at the end of a process.
    fn drop(&mut self) {
        let (closed, _) = oneshot::channel();
        // An error means that it was closed before.
        let _ = self.orders.send(Order::Close(closed));
        self.join();
    }
}

//! What the house stands on in a simulation: a clock, keys and a line to the log, all of which the simulation holds
//! the other end of.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use actors::shell::World;
use adapters::clock::{Bearing, LOOK_EVERY_MICROS};
use domain::port::Clock;
use events::{
    AppendError, Appended, Batch, DerivedKeys, EventLog, Key, KeyOwner, KeyStore, KeyStoreError, Position,
    ReadError, Recorded, StreamId, Timestamp, Version,
};

/// A house in a simulation.
#[derive(Debug)]
pub struct Simulated;

impl World for Simulated {
    type Log = LogLine;
    type Keys = SimulatedKeys;
    type Clock = SimulatedClock;
}

/// The machine's two clocks: one that nobody sets, and the wall clock.
#[derive(Debug, Default)]
pub struct Hands {
    /// Microseconds since the simulation's start.
    pub boot: AtomicI64,
    /// How far the wall clock is ahead of [`Hands::boot`], in microseconds.
    pub wall_ahead: AtomicI64,
}

impl Hands {
    fn boot(&self) -> i64 {
        self.boot.load(Ordering::Relaxed)
    }

    /// What the wall clock says, in microseconds since 1970.
    pub fn wall(&self) -> i64 {
        self.boot() + self.wall_ahead.load(Ordering::Relaxed)
    }
}

/// The production clock over simulated hands.
#[derive(Clone, Debug)]
pub struct SimulatedClock {
    hands: Arc<Hands>,
    bearing: Arc<Mutex<(i64, Bearing)>>,
}

impl SimulatedClock {
    /// A clock that starts now, as one does in a process that starts.
    pub fn start(hands: Arc<Hands>) -> Self {
        let bearing = Bearing::start(hands.boot(), hands.wall());
        let looked_at = hands.boot();
        Self { hands, bearing: Arc::new(Mutex::new((looked_at, bearing))) }
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        let mut held = self.bearing.lock().unwrap_or_else(PoisonError::into_inner);
        let boot = self.hands.boot();
        if boot - held.0 >= LOOK_EVERY_MICROS {
            *held = (boot, held.1.look(boot, self.hands.wall()));
        }
        Timestamp::from_micros(held.1.at(boot))
    }
}

/// Keys that can be told to fail.
#[derive(Clone, Debug, Default)]
pub struct SimulatedKeys {
    keys: Arc<DerivedKeys>,
    fails: Arc<AtomicBool>,
}

impl SimulatedKeys {
    /// From now on keys cannot be written, or can again.
    pub fn fail(&self, fails: bool) {
        self.fails.store(fails, Ordering::Relaxed);
    }
}

impl KeyStore for SimulatedKeys {
    async fn ensure(&self, owners: &[KeyOwner]) -> Result<(), KeyStoreError> {
        if self.fails.load(Ordering::Relaxed) {
            return Err(KeyStoreError::Unavailable { reason: "the disk is full".to_owned() });
        }
        self.keys.ensure(owners).await
    }

    fn key(&self, owner: &KeyOwner) -> Result<Option<Key>, KeyStoreError> {
        self.keys.key(owner)
    }

    async fn destroy(&self, owner: &KeyOwner) -> Result<(), KeyStoreError> {
        self.keys.destroy(owner).await
    }
}

/// Something that was asked of the log.
#[derive(Clone, Debug)]
pub enum Ask {
    /// To append.
    Append {
        /// To which history.
        stream: StreamId,
        /// Where it should end.
        expected: Version,
        /// What.
        batch: Batch,
    },
    /// To read one history.
    Read {
        /// Which.
        stream: StreamId,
        /// After which version.
        after: Version,
    },
    /// To read all of it.
    Tail {
        /// After which position.
        after: Position,
        /// How much at most.
        count_max: u32,
    },
}

/// What the log said.
#[derive(Clone, Debug)]
pub enum Answer {
    /// To an append.
    Append(Result<Appended, AppendError>),
    /// To a read.
    Read(Result<Vec<Recorded>, ReadError>),
}

/// One process's line to the log: what is asked waits here until the simulation answers it, if it ever does.
#[derive(Clone, Debug, Default)]
pub struct LogLine(Arc<Mutex<Line>>);

#[derive(Debug, Default)]
struct Line {
    asked: Vec<(u64, Ask)>,
    answers: HashMap<u64, Answer>,
    count: u64,
}

impl LogLine {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what was asked since the last time, with its numbers.
    pub fn asked(&self) -> Vec<(u64, Ask)> {
        std::mem::take(&mut self.line().asked)
    }

    /// Answers what was asked under this number.
    pub fn answer(&self, number: u64, answer: Answer) {
        self.line().answers.insert(number, answer);
    }

    async fn ask(&self, ask: Ask) -> Answer {
        let number = {
            let mut line = self.line();
            line.count += 1;
            let number = line.count;
            line.asked.push((number, ask));
            number
        };
        // Whoever polls knows what was answered, and polls again then.
        poll_fn(|_| self.line().answers.remove(&number).map_or(Poll::Pending, Poll::Ready)).await
    }

    async fn read_answer(&self, ask: Ask) -> Result<Vec<Recorded>, ReadError> {
        match self.ask(ask).await {
            Answer::Read(answer) => answer,
            Answer::Append(_) => Err(ReadError::Unavailable { reason: "a wrong answer".to_owned() }),
        }
    }
}

impl EventLog for LogLine {
    async fn append(
        &self,
        stream: &StreamId,
        expected: Version,
        batch: Batch,
    ) -> Result<Appended, AppendError> {
        match self.ask(Ask::Append { stream: stream.clone(), expected, batch }).await {
            Answer::Append(answer) => answer,
            Answer::Read(_) => Err(AppendError::Unavailable { reason: "a wrong answer".to_owned() }),
        }
    }

    async fn read(&self, stream: &StreamId, after: Version) -> Result<Vec<Recorded>, ReadError> {
        self.read_answer(Ask::Read { stream: stream.clone(), after }).await
    }

    async fn tail(&self, after: Position, count_max: u32) -> Result<Vec<Recorded>, ReadError> {
        self.read_answer(Ask::Tail { after, count_max }).await
    }
}

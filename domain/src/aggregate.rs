//! A thing with a history, and a decision about it in the making.

use events::{Event, Timestamp};

use crate::directory::Directory;
use crate::port::{Dispatch, Fate};

/// A thing with a history. State is the fold of its events, nothing else.
pub trait Aggregate: Clone + Default + Send + Sync + 'static {
    /// What can be asked of it.
    type Command: Send + Sync;
    /// What can happen to it.
    type Event: Clone + Send + Sync + Into<Event> + TryFrom<Event>;
    /// Why it says no.
    type Refusal: std::error::Error + Send + 'static;

    /// Decides what a command leads to. Reads; never changes anything.
    ///
    /// # Errors
    /// The domain says no: a value, not a fault.
    fn decide(
        &self,
        command: &Self::Command,
        directory: &Directory,
        now: Timestamp,
    ) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// Takes one recorded event into the state. Total: cannot fail, reads no clock.
    fn evolve(&mut self, event: &Self::Event, at: Timestamp);

    /// The next moment at which a tick has something to do: a function of state.
    fn next_deadline(&self) -> Option<Timestamp> {
        None
    }

    /// What leaves the house because of this event, read with the state after it. Only a started attempt or a
    /// started recall sends anything.
    fn dispatch(&self, _event: &Self::Event) -> Option<Dispatch> {
        None
    }

    /// What a channel learns about its provider from this event, read with the state after it.
    fn fate(&self, _event: &Self::Event) -> Option<Fate> {
        None
    }
}

/// A decision in the making: each event is taken into a copy of the state at once, so that the next one is decided
/// from what came before.
#[derive(Debug)]
pub struct Draft<A: Aggregate> {
    state: A,
    events: Vec<A::Event>,
    at: Timestamp,
}

impl<A: Aggregate> Draft<A> {
    /// A decision about `state` at `at`, nothing decided yet.
    pub fn new(state: &A, at: Timestamp) -> Self {
        Self { state: state.clone(), events: Vec::new(), at }
    }

    /// Decides that `event` happens.
    pub fn push(&mut self, event: A::Event) {
        self.state.evolve(&event, self.at);
        self.events.push(event);
    }

    /// The state after everything decided so far.
    pub const fn state(&self) -> &A {
        &self.state
    }

    /// The moment of the decision.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Everything decided.
    pub fn finish(self) -> Vec<A::Event> {
        self.events
    }
}

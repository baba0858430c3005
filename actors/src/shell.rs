//! The one way through the house: decide, append, evolve, dispatch. In that order, in this function, for
//! everything that has a history.

use std::sync::Arc;

use domain::aggregate::Aggregate;
use domain::alert::Here;
use domain::directory::Directory;
use domain::port::{Clock, Outbox};
use events::log::BATCH_RECORDS_MAX;
use events::mutant::{self, Mutant};
use events::{
    AppendError, Author, Cause, Context, Entry, Event, EventLog, Head, Journal, JournalError, KeyStore,
    Position, Span, StreamId, Timestamp,
};

use crate::meter::Meter;

/// A history may be this far ahead of the clock without being corrected.
const CLOCK_AHEAD_MAX: Span = domain::alert::limit::CLOCK_AHEAD_MAX;

/// Which log, keys and clock a house stands on.
pub trait World: Send + Sync + 'static {
    /// Where records are kept.
    type Log: EventLog + std::fmt::Debug;
    /// Where keys are kept.
    type Keys: KeyStore + std::fmt::Debug;
    /// The one clock.
    type Clock: Clock + std::fmt::Debug;
}

/// What every shell needs of the world.
#[derive(Debug)]
pub struct Ports<W: World> {
    /// The log's edge.
    pub journal: Journal<W::Log, W::Keys>,
    /// The one clock.
    pub clock: W::Clock,
    /// What is counted.
    pub meter: Arc<Meter>,
}

impl<W: World> Ports<W> {
    /// This node, in this start.
    pub fn here(&self) -> Here {
        Here { node: self.journal.node().clone(), boot: self.journal.boot() }
    }
}

/// By whom something is asked, and what led to it.
#[derive(Clone, Debug)]
pub struct Provenance {
    /// By whom.
    pub by: Author,
    /// What led to it.
    pub cause: Cause,
}

impl Provenance {
    /// Time passed.
    pub const fn deadline() -> Self {
        Self { by: Author::House, cause: Cause::Deadline }
    }
}

/// What a step led to.
#[derive(Clone, Debug)]
pub struct Stepped<E> {
    /// What happened; empty when nothing had to.
    pub events: Vec<E>,
    /// Where the last record stands; none when nothing was recorded.
    pub position: Option<Position>,
    /// When it was decided.
    pub at: Timestamp,
}

/// What came of one command.
pub type Decided<A> = Result<Stepped<<A as Aggregate>::Event>, <A as Aggregate>::Refusal>;

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum StepError<R: std::error::Error> {
    /// The domain says no.
    #[error(transparent)]
    Refused(R),
    /// Somebody else wrote to this history: read it again and ask again.
    #[error("somebody else wrote to this history first")]
    Overtaken,
    /// The log did not take it. Nothing was done.
    #[error(transparent)]
    Journal(JournalError),
}

/// A thing with a history, and where that history ends.
#[derive(Clone, Debug)]
pub struct Shell<A> {
    stream: StreamId,
    state: A,
    head: Head,
    last_at: Timestamp,
}

impl<A: Aggregate> Shell<A> {
    /// Something that has no history yet.
    pub fn fresh(stream: StreamId) -> Self {
        Self { stream, state: A::default(), head: Head::default(), last_at: Timestamp::default() }
    }

    /// Folds a history from its first record.
    ///
    /// # Errors
    /// When the log or the keys cannot be read, or a record is no event.
    pub async fn replay<L: EventLog, K: KeyStore>(
        journal: &Journal<L, K>,
        stream: StreamId,
    ) -> Result<Self, JournalError> {
        let (entries, head) = journal.read(&stream).await?;
        let mut shell = Self { head, ..Self::fresh(stream) };
        for Entry { event, at, .. } in entries {
            shell.last_at = at;
            if let Ok(event) = A::Event::try_from(event) {
                shell.state.evolve(&event, at);
            }
        }
        Ok(shell)
    }

    /// The state after everything that is recorded.
    pub const fn state(&self) -> &A {
        &self.state
    }

    /// True before the first record.
    pub fn is_fresh(&self) -> bool {
        self.head == Head::default()
    }

    /// Decides, appends, evolves, dispatches.
    ///
    /// # Errors
    /// See [`StepError`]. Whatever it is, nothing was sent.
    pub async fn step<W: World>(
        &mut self,
        ports: &Ports<W>,
        outbox: &impl Outbox,
        command: &A::Command,
        directory: &Directory,
        provenance: Provenance,
    ) -> Result<Stepped<A::Event>, StepError<A::Refusal>> {
        let stepped = self.step_all(ports, outbox, &[(command, provenance)], directory).await?.pop();
        stepped.expect("one command is always taken").map_err(StepError::Refused)
    }

    /// The same for several commands, each decided after the ones before, in one append: all that came of them is durable,
    /// or nothing. As many are taken as one append may hold, but at least the first; what came of each is in their order.
    ///
    /// # Errors
    /// See [`StepError`]; a refusal is no error here. Whatever it is, nothing was sent.
    pub async fn step_all<W: World>(
        &mut self,
        ports: &Ports<W>,
        outbox: &impl Outbox,
        commands: &[(&A::Command, Provenance)],
        directory: &Directory,
    ) -> Result<Vec<Decided<A>>, StepError<A::Refusal>> {
        let at = self.moment(ports.clock.now());
        let decided = self.decide_all(commands, directory, at);
        let contexts = commands.iter().map(|(_, Provenance { by, cause })| {
            let (by, cause) = (by.clone(), cause.clone());
            Context { at, by, cause, directory: directory.position() }
        });
        let contexts: Vec<Context> = contexts.collect();
        let counts: Vec<usize> = decided.iter().map(|one| one.as_ref().map_or(0, Vec::len)).collect();
        let recorded: Vec<Event> = decided.iter().flatten().flatten().cloned().map(Into::into).collect();
        if recorded.is_empty() {
            return Ok(stepped::<A>(decided, None, at));
        }
        let of_each =
            contexts.iter().zip(counts).flat_map(|(context, count)| std::iter::repeat_n(context, count));
        let recorded: Vec<(&Context, &Event)> = of_each.zip(&recorded).collect();
        if mutant::is_on(Mutant::SendBeforeAppend) {
            let events: Vec<A::Event> = decided.iter().flatten().flatten().cloned().collect();
            self.send_before_append(outbox, &events, at);
        }
        let started = ports.clock.now();
        let appended = ports.journal.append_each(&self.stream, self.head, &recorded).await;
        ports.meter.append_latency.observe(ports.clock.now().since(started));
        let (head, appended) = appended.map_err(|error| match error {
            JournalError::Append(AppendError::WrongVersion { .. }) => StepError::Overtaken,
            other => StepError::Journal(other),
        })?;
        self.head = head;
        self.last_at = at;
        for event in decided.iter().flatten().flatten() {
            self.state.evolve(event, at);
            if let Some(dispatch) = self.state.dispatch(event)
                && !mutant::is_on(Mutant::SendBeforeAppend)
            {
                outbox.post(dispatch);
            }
            if let Some(fate) = self.state.fate(event) {
                outbox.heard(fate);
            }
        }
        Ok(stepped::<A>(decided, Some(appended.position), at))
    }

    /// What each command leads to after the ones before it.
    fn decide_all(
        &self,
        commands: &[(&A::Command, Provenance)],
        directory: &Directory,
        at: Timestamp,
    ) -> Vec<Result<Vec<A::Event>, A::Refusal>> {
        let (mut state, mut decided, mut count) = (None::<A>, Vec::with_capacity(commands.len()), 0);
        for (number, (command, _)) in commands.iter().enumerate() {
            let events = state.as_ref().unwrap_or(&self.state).decide(command, directory, at);
            count += events.as_ref().map_or(0, Vec::len);
            if number > 0 && count > BATCH_RECORDS_MAX {
                break;
            }
            if number + 1 < commands.len() {
                let state = state.get_or_insert_with(|| self.state.clone());
                events.iter().flatten().for_each(|event| state.evolve(event, at));
            }
            decided.push(events);
        }
        decided
    }

    /// What [`Mutant::SendBeforeAppend`] does; nothing else calls it.
    fn send_before_append(&self, outbox: &impl Outbox, events: &[A::Event], at: Timestamp) {
        let mut state = self.state.clone();
        for event in events {
            state.evolve(event, at);
            state.dispatch(event).into_iter().for_each(|dispatch| outbox.post(dispatch));
        }
    }

    /// Per history, time does not go backwards: a little ahead waits for the clock, far ahead is corrected by the
    /// decision.
    fn moment(&self, now: Timestamp) -> Timestamp {
        if now < self.last_at && self.last_at <= now + CLOCK_AHEAD_MAX { self.last_at } else { now }
    }
}

/// What came of each command, once all of it stands in the log up to `position`.
fn stepped<A: Aggregate>(
    decided: Vec<Result<Vec<A::Event>, A::Refusal>>,
    position: Option<Position>,
    at: Timestamp,
) -> Vec<Decided<A>> {
    let stepped = |events: Vec<A::Event>| {
        let position = position.filter(|_| !events.is_empty());
        Stepped { events, position, at }
    };
    decided.into_iter().map(|one| one.map(stepped)).collect()
}

/// For what never sends anything.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

impl Outbox for Nowhere {
    fn post(&self, dispatch: domain::port::Dispatch) {
        tracing::error!(attempt = %dispatch.attempt, "configuration tried to send something; it was not sent");
    }

    fn heard(&self, _fate: domain::port::Fate) {}
}

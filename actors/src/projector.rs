//! Folds what people read from the log, and says how far it has come.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use domain::view::Board;
use events::codec::Texts;
use events::{Entry, EventLog, Journal, JournalError, KeyStore, Position};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::watch;

use crate::alert::AlertsShared;
use crate::post::Post;
use crate::shell::World;

/// So many records are read at once.
pub const PAGE_RECORDS: u32 = 1_024;

/// Tells the projector that something was recorded. Many at once wake it once.
#[derive(Clone, Debug, Default)]
pub struct Commits {
    pending: Arc<AtomicBool>,
    projector: Post<Catch>,
}

impl Commits {
    /// Records up to `_position` stand in the log.
    pub fn committed(&self, _position: Position) {
        if !self.pending.swap(true, Ordering::AcqRel) {
            self.projector.send(Catch);
        }
    }

    /// Where the projector is told.
    pub const fn projector(&self) -> &Post<Catch> {
        &self.projector
    }
}

/// Read on from where you are.
#[derive(Debug)]
pub struct Catch;

/// The views, and up to where they are folded.
#[derive(Clone, Debug)]
pub struct Published {
    board: Arc<RwLock<Board>>,
    position: watch::Sender<Position>,
}

impl Published {
    /// Views folded up to `position`.
    pub fn new(board: Board, position: Position) -> Self {
        Self { board: Arc::new(RwLock::new(board)), position: watch::Sender::new(position) }
    }

    /// The board as it is now. Hold it shortly: the projector waits meanwhile.
    pub fn board(&self) -> RwLockReadGuard<'_, Board> {
        self.board.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until everything up to `position` is folded, so that people see what they just did.
    pub async fn wait_for(&self, position: Position) {
        let mut reached = self.position.subscribe();
        // The sender lives in `self`, so waiting ends only by arriving.
        let _ = reached.wait_for(|reached| *reached >= position).await;
    }

    /// Up to where everything is folded.
    pub fn position(&self) -> Position {
        *self.position.borrow()
    }
}

/// The actor.
#[derive(Debug)]
pub struct Projector<W>(PhantomData<fn() -> W>);

impl<W> Default for Projector<W> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

/// What the projector starts with.
#[derive(Debug)]
pub struct ProjectorArguments<W: World> {
    /// What it folds into.
    pub published: Published,
    /// The world.
    pub shared: Arc<AlertsShared<W>>,
}

impl<W: World> Actor for Projector<W> {
    type Msg = Catch;
    type State = ProjectorArguments<W>;
    type Arguments = ProjectorArguments<W>;

    async fn pre_start(
        &self,
        myself: ActorRef<Catch>,
        arguments: ProjectorArguments<W>,
    ) -> Result<ProjectorArguments<W>, ActorProcessingErr> {
        myself.send_message(Catch)?;
        Ok(arguments)
    }

    async fn handle(
        &self,
        _myself: ActorRef<Catch>,
        _catch: Catch,
        state: &mut ProjectorArguments<W>,
    ) -> Result<(), ActorProcessingErr> {
        state.shared.commits.pending.store(false, Ordering::Release);
        let journal = &state.shared.ports.journal;
        loop {
            let after = state.published.position();
            let entries = page(journal, after).await?;
            let Some(last) = entries.last() else { return Ok(()) };
            let reached = last.position;
            let mut board = state.published.board.write().unwrap_or_else(PoisonError::into_inner);
            entries.iter().for_each(|entry| board.apply(entry));
            drop(board);
            state.published.position.send_replace(reached);
        }
    }
}

/// The next records in log order. Only what views show is opened; all else stays shut, since opening costs.
///
/// # Errors
/// When the log or the keys cannot be read, or a record is no event.
pub async fn page<L: EventLog, K: KeyStore>(
    journal: &Journal<L, K>,
    after: Position,
) -> Result<Vec<Entry>, JournalError> {
    let records = journal.log().tail(after, PAGE_RECORDS).await?;
    let open = |recorded: &events::Recorded| {
        let is_shown = &*recorded.record.kind == "alert.raised" || recorded.stream.category() != "alert";
        journal.open(recorded, if is_shown { Texts::Open } else { Texts::Shut })
    };
    Ok(records.iter().map(open).collect::<Result<_, _>>()?)
}

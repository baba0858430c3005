//! Folds what people read from the log, and says how far it has come.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use domain::directory::Directory;
use domain::view::Board;
use events::codec::{CodecError, Texts};
use events::mutant::{self, Mutant};
use events::{
    AlertId, Entry, Event, EventLog, Journal, JournalError, KeyStore, KeyStoreError, Position, Recorded,
};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::watch;

use crate::alarm::Trouble;
use crate::alert::AlertsShared;
use crate::post::Post;
use crate::shell::World;
use crate::switchboard::SwitchboardMessage;

/// So many records are read at once.
pub const PAGE_RECORDS: u32 = 1_024;

/// Tells the projector that something was recorded. Many at once wake it once.
#[derive(Clone, Debug, Default)]
pub struct Commits {
    pending: Arc<AtomicBool>,
    newest: Arc<AtomicU64>,
    projector: Post<Catch>,
}

impl Commits {
    /// Records up to `position` stand in the log.
    pub fn committed(&self, position: Position) {
        self.newest.fetch_max(position.as_raw(), Ordering::AcqRel);
        if !self.pending.swap(true, Ordering::AcqRel) {
            self.projector.send(Catch);
        }
    }

    /// The newest record that anybody was told of.
    pub fn newest(&self) -> Position {
        Position::from_raw(self.newest.load(Ordering::Acquire))
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
    /// The present configuration. Whoever changes it publishes it at once; here it is caught up with the log, should
    /// the log know more than they do.
    pub directory: watch::Sender<Arc<Directory>>,
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
        Ok(state.catch_up().await?)
    }
}

impl<W: World> ProjectorArguments<W> {
    /// Reads on to the end of the log.
    ///
    /// # Errors
    /// When the log or the keys cannot be read.
    pub async fn catch_up(&self) -> Result<(), JournalError> {
        self.shared.commits.pending.store(false, Ordering::Release);
        let journal = &self.shared.ports.journal;
        loop {
            let after = self.published.position();
            let page = match journal.log().hand_over(after, PAGE_RECORDS) {
                Some(records) => open(journal, &records, Wanted::ByViews)?,
                None => page(journal, after, Wanted::ByViews).await?,
            };
            let Some(reached) = page.reached else { return Ok(()) };
            for Unreadable { alert, reason } in page.unreadable {
                // A piece of configuration that cannot be read was told at the start; an alert is set aside.
                if let Some(alert) = alert {
                    self.shared.bell.ring(Trouble::Quarantined { alert, reason });
                }
            }
            let skipped = usize::from(mutant::is_on(Mutant::SkipRecordsInViews));
            let mut board = self.published.board.write().unwrap_or_else(PoisonError::into_inner);
            page.entries.iter().skip(skipped).for_each(|entry| board.apply(entry));
            drop(board);
            self.shared.keeping.wrote(&page.entries, self.shared.stamp());
            self.configure(&page.entries);
            self.published.position.send_replace(reached);
        }
    }
}

impl<W: World> ProjectorArguments<W> {
    /// Takes in what the configuration does not know yet.
    fn configure(&self, entries: &[Entry]) {
        let is_setting = |entry: &&Entry| !matches!(entry.event, Event::Alert(_) | Event::Change(_));
        let changed = self.directory.send_if_modified(|directory| {
            let known = directory.position();
            let mut news =
                entries.iter().filter(is_setting).filter(|entry| entry.position > known).peekable();
            if news.peek().is_none() {
                return false;
            }
            let mut next = Directory::clone(directory);
            news.for_each(|entry| next.apply(entry));
            next.prepare();
            *directory = Arc::new(next);
            true
        });
        if changed {
            let at = self.directory.borrow().position();
            self.shared.switchboard.send(SwitchboardMessage::DirectoryChanged { at });
        }
    }
}

/// Which records are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of them.
    All,
    /// Those that change what people read, and the configuration.
    ByViews,
    /// Those of the configuration.
    OfConfiguration,
}

/// Some records in log order.
#[derive(Debug, Default)]
pub struct Page {
    /// What could be read.
    pub entries: Vec<Entry>,
    /// What could not.
    pub unreadable: Vec<Unreadable>,
    /// Where the last of them stands; none at the end of the log.
    pub reached: Option<Position>,
}

/// A record that is no event that we know.
#[derive(Debug)]
pub struct Unreadable {
    /// The alert in whose history it stands; none when it is a piece of configuration.
    pub alert: Option<AlertId>,
    /// What is wrong with it.
    pub reason: String,
}

/// The next records in log order. Only what views show is opened; all else stays shut, since opening costs. A record
/// that cannot be read is no reason to leave everybody else unpaged: it is told beside the others.
///
/// # Errors
/// When the log or the keys cannot be read.
pub async fn page<L: EventLog, K: KeyStore>(
    journal: &Journal<L, K>,
    after: Position,
    wanted: Wanted,
) -> Result<Page, JournalError> {
    let records = journal.log().tail(after, PAGE_RECORDS).await?;
    Ok(open(journal, &records, wanted)?)
}

fn open<L: EventLog, K: KeyStore>(
    journal: &Journal<L, K>,
    records: &[Recorded],
    wanted: Wanted,
) -> Result<Page, KeyStoreError> {
    let mut page = Page { reached: records.last().map(|last| last.position), ..Page::default() };
    page.entries.reserve(records.len());
    for recorded in records {
        let is_alert = recorded.stream.category() == "alert";
        let is_wanted = match wanted {
            Wanted::All => true,
            Wanted::ByViews => !is_alert || Board::shows(&recorded.record.kind),
            Wanted::OfConfiguration => !is_alert,
        };
        if !is_wanted {
            continue;
        }
        let is_shown = !is_alert || &*recorded.record.kind == "alert.raised";
        match journal.open(recorded, if is_shown { Texts::Open } else { Texts::Shut }) {
            Ok(entry) => page.entries.push(entry),
            Err(CodecError::Keys(error)) => return Err(error),
            Err(error @ CodecError::Unreadable { .. }) => {
                tracing::error!(position = %recorded.position, stream = %recorded.stream, %error, "a record cannot be read");
                let alert = recorded.stream.name().parse().ok().filter(|_| is_alert);
                page.unreadable.push(Unreadable { alert, reason: error.to_string() });
            }
        }
    }
    Ok(page)
}

//! Keeps the conservation ledger: hears from the doors what sources were told, from the projector what is written and
//! from the switchboard what becomes of it, and tells the operators when that does not agree.

use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::alert::Order;
use domain::ledger::{Claim, Claims, Ledger, Reading, Stamp, Tally};
use domain::port::Clock;
use events::event::signal::Status;
use events::{AlertId, DedupKey, Entry, Event, SourceId, Span, Timestamp};
use ractor::{Actor, ActorProcessingErr, ActorRef};

use crate::alarm::Trouble;
use crate::alert::{AlertsShared, Done, Work};
use crate::projector::Published;
use crate::recovery::Recovery;
use crate::shell::{Provenance, World};
use crate::switchboard::SwitchboardMessage;

/// How often it is looked at.
pub const LOOK_EVERY: Span = Span::from_seconds(1);

/// When the switchboard begins anew, the views have so long to come as far as it is.
const FOLDED_WITHIN: Duration = Duration::from_secs(5);

/// The operators are told again after so long, while it does not agree.
pub const TOLD_AGAIN: Span = Span::from_minutes(60);

/// The ledger, as all rooms write into it.
#[derive(Debug, Default)]
pub struct Keeping {
    ledger: Mutex<Ledger>,
    claims: Mutex<Claims>,
    told: Mutex<Option<(u64, Timestamp)>>,
}

impl Keeping {
    /// With what a start found in the log.
    pub fn new(ledger: Ledger) -> Self {
        Self { ledger: Mutex::new(ledger), ..Self::default() }
    }

    /// The two sides. Hold it shortly: the projector and the switchboard wait meanwhile.
    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claims(&self) -> MutexGuard<'_, Claims> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records of alerts were folded.
    pub fn wrote(&self, entries: &[Entry], stamp: Stamp) {
        let mut ledger = self.ledger();
        for entry in entries {
            if let Event::Alert(event) = &entry.event
                && let Ok(alert) = entry.stream.name().parse::<AlertId>()
            {
                ledger.wrote(alert, event, stamp);
            }
        }
    }

    /// How many signals were not looked for since too many waited.
    pub fn unchecked(&self) -> u64 {
        self.claims().unchecked()
    }

    /// How it stands.
    pub fn read(&self, published: &Published, now: Timestamp) -> Reading {
        let folded = published.position();
        self.ledger().read(&self.claims(), now, folded)
    }

    /// Looks for what sources were told, and for what nobody acts on. Says what is to be looked at again, and what the
    /// operators are to hear.
    pub fn look(&self, published: &Published, now: Timestamp) -> (Vec<AlertId>, Option<Trouble>) {
        let folded = published.position();
        self.ledger().look(now);
        let pending = self.claims().to_judge();
        for part in pending.in_parts() {
            let board = published.board();
            let judged = part.judge(&self.ledger(), &board, now, folded);
            drop(board);
            self.claims().judged(judged);
        }
        let forgotten = self.ledger().forgotten(now, folded);
        let reading = self.read(published, now);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let count = reading.difference;
        if count == 0 {
            if told.take().is_some() {
                tracing::info!(accepted = reading.accepted, "the ledger agrees again");
            }
            return (forgotten, None);
        }
        let is_news = told.is_none_or(|(before, at)| count > before || at + TOLD_AGAIN <= now);
        if !is_news {
            return (forgotten, None);
        }
        *told = Some((count, now));
        tracing::error!(count, accepted = reading.accepted, differences = ?reading.differences, "the ledger does not agree");
        (forgotten, Some(Trouble::Unaccounted { count }))
    }
}

impl<W: World> AlertsShared<W> {
    /// A source was told that its signal is taken. To be called by every door.
    pub fn told(&self, source: SourceId, dedup_key: DedupKey, status: Status, done: &Done) {
        match status {
            // What was over before it was said began nothing.
            Status::Firing if done.is_late => {}
            Status::Firing => {
                let (alert, at) = (done.alert, self.ports.clock.now());
                let newest = self.commits.newest();
                self.keeping.claims().take(Claim { source, dedup_key, alert, at, newest });
            }
            Status::Resolved => self.keeping.claims().settle(&source, &dedup_key),
        }
    }

    /// An alert counts for something else than before.
    pub fn book(&self, alert: AlertId, before: Option<&Tally>, after: &Tally) {
        let stamp = self.stamp();
        self.keeping.ledger().acts(alert, before, after, stamp);
    }

    /// An alert was set aside.
    pub fn set_aside(&self, alert: AlertId, before: Option<&Tally>) {
        let now = self.ports.clock.now();
        self.keeping.ledger().sets_aside(alert, before, now);
    }

    /// The switchboard begins anew, with what it found in the log.
    pub async fn acts_anew(&self, recovery: &Recovery) {
        // What it found, the log's side is to know. While the views stand still it does not, and that is told in time.
        let folded = self.published.wait_for(recovery.position);
        let is_folded = tokio::time::timeout(FOLDED_WITHIN, folded).await.is_ok();
        if !is_folded {
            tracing::warn!("the views are behind while the switchboard begins anew");
        }
        let stamp = self.stamp();
        let mut ledger = self.keeping.ledger();
        ledger.acts_anew(&recovery.index.tallies(), recovery.rested, stamp);
        for alert in recovery.unreadable.iter().filter_map(|unreadable| unreadable.alert) {
            ledger.sets_aside(alert, None, stamp.now);
        }
    }

    /// The present moment, and up to where the log goes.
    pub fn stamp(&self) -> Stamp {
        Stamp { now: self.ports.clock.now(), newest: self.commits.newest() }
    }

    /// Looks at the ledger, and does what follows.
    pub fn look_at_ledger(&self) {
        let (forgotten, trouble) = self.keeping.look(&self.published, self.ports.clock.now());
        for alert in forgotten {
            tracing::warn!(%alert, "nobody seems to act on an alert that stands in the log: it is looked at");
            let provenance = Provenance::deadline();
            let work = Work { order: Order::Tick, provenance, accepted_at: None, reply: None };
            self.switchboard.send(SwitchboardMessage::Order { alert, work: Box::new(work) });
        }
        if let Some(trouble) = trouble {
            self.bell.ring(trouble);
        }
    }
}

/// Time to look.
#[derive(Debug)]
pub struct Look;

/// The actor.
#[derive(Debug)]
pub struct Bookkeeper<W>(PhantomData<fn() -> W>);

impl<W> Default for Bookkeeper<W> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<W: World> Actor for Bookkeeper<W> {
    type Msg = Look;
    type State = Arc<AlertsShared<W>>;
    type Arguments = Arc<AlertsShared<W>>;

    async fn pre_start(
        &self,
        myself: ActorRef<Look>,
        shared: Arc<AlertsShared<W>>,
    ) -> Result<Arc<AlertsShared<W>>, ActorProcessingErr> {
        myself.send_interval(Duration::from(LOOK_EVERY), || Look);
        Ok(shared)
    }

    async fn handle(
        &self,
        _myself: ActorRef<Look>,
        _look: Look,
        shared: &mut Arc<AlertsShared<W>>,
    ) -> Result<(), ActorProcessingErr> {
        shared.look_at_ledger();
        Ok(())
    }
}

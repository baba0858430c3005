//! Where every signal, order, report and deadline finds its alert.
//!
//! It keeps an index of all alerts that are not over (some hundred bytes each) and starts an actor for one only
//! while there is something to do. One alarm stands for all deadlines: the earliest.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use domain::alert::{Order, SignalOrder};
use domain::port::{Clock, Dispatch, Errand, Report};
use events::event::signal::{Signal, Status};
use events::{AlertId, DedupKey, SourceId, Span, SymptomId, Timestamp};
use ractor::{Actor, ActorId, ActorProcessingErr, ActorRef, ActorRuntime, SupervisionEvent};
use tokio::sync::oneshot;

use crate::alarm::Trouble;
use crate::alert::{AlertActor, AlertArguments, AlertsShared, Declined, Done, Reply, Standing, Work, answer};
use crate::shell::{Provenance, World};

pub use index::Index;
pub use locate::Located;

mod index;
mod locate;

/// While no more than so many alerts are alive, one that awaits a channel's report stays so, which saves replaying it
/// for the report.
const LIVE_AWAITING_MAX: usize = 256;

/// The alarm looks at the clock at least this often, so that a machine that was suspended wakes up late by no more.
const ALARM_EVERY_MAX: Span = Span::from_seconds(1);

/// So many deadlines are handed out at once; the others follow at once after.
const DEADLINES_AT_ONCE_MAX: usize = 512;

/// An alert that crashed is begun again after this long.
const RESTART_AFTER: Span = Span::from_seconds(1);

/// So many crashes within [`CRASHES_WITHIN`] set an alert aside.
const CRASHES_MAX: usize = 5;

/// Crashes are counted over this long.
const CRASHES_WITHIN: Span = Span::from_seconds(60);

/// After a change of the configuration, so many alerts look at it at once.
const RECONSIDERED_AT_ONCE: usize = 64;

/// What the switchboard is told.
#[derive(Debug)]
pub enum SwitchboardMessage {
    /// A source said something.
    Signal(Box<Incoming>),
    /// A signal came to an alert that was just over: find the next one.
    Resubmitted(Box<Resubmitted>),
    /// Somebody asks something of an alert.
    Order {
        /// Which alert.
        alert: AlertId,
        /// What is to be done.
        work: Box<Work>,
    },
    /// It was found out which alert a new signal belongs to.
    Located {
        /// Which symptom.
        symptom: SymptomId,
        /// Which alert; none when the log cannot be read now.
        located: Result<Located, String>,
    },
    /// An alert did a piece of work.
    Stepped {
        /// Which alert.
        alert: AlertId,
        /// How many pieces of work it did since it was started.
        handled: u64,
        /// How it stands.
        standing: Standing,
    },
    /// The earliest deadline may have come.
    Alarm,
    /// The configuration changed.
    DirectoryChanged,
    /// More alerts look at the changed configuration.
    ReconsiderMore,
    /// Start nothing that is due any more.
    Drain,
    /// Say so once no alert has work.
    AwaitRest(oneshot::Sender<()>),
}

/// A signal as it comes in.
#[derive(Debug)]
pub struct Incoming {
    /// Who said it.
    pub source: SourceId,
    /// What the source calls the symptom.
    pub dedup_key: DedupKey,
    /// What it said.
    pub signal: Signal,
    /// By whom, and in which request.
    pub provenance: Provenance,
    /// When it came.
    pub accepted_at: Timestamp,
    /// Who waits for it to be durable.
    pub reply: Reply,
}

/// A signal that is to be routed again.
#[derive(Debug)]
pub struct Resubmitted {
    /// The signal.
    pub signal: SignalOrder,
    /// By whom, and in which request.
    pub provenance: Provenance,
    /// When it came.
    pub accepted_at: Option<Timestamp>,
    /// Who waits for it.
    pub reply: Option<Reply>,
}

impl SwitchboardMessage {
    /// What became of a dispatch.
    pub fn reported(dispatch: &Dispatch, report: Report) -> Self {
        let attempt = dispatch.attempt.attempt;
        let order = match dispatch.errand {
            Errand::Page(_) => Order::ReportAttempt { attempt, report },
            Errand::Recall { .. } => Order::ReportRecall { attempt, report },
        };
        let work = Work { order, provenance: Provenance::deadline(), accepted_at: None, reply: None };
        Self::Order { alert: dispatch.attempt.alert, work: Box::new(work) }
    }
}

/// The actor.
#[derive(Debug)]
pub struct Switchboard<W: World> {
    shared: Arc<AlertsShared<W>>,
}

impl<W: World> Switchboard<W> {
    /// A switchboard for these alerts.
    pub const fn new(shared: Arc<AlertsShared<W>>) -> Self {
        Self { shared }
    }
}

/// What the switchboard knows.
#[derive(Debug)]
pub struct Desk {
    index: Index,
    live: HashMap<AlertId, Live>,
    by_actor: HashMap<ActorId, AlertId>,
    locating: HashMap<SymptomId, Vec<Resubmitted>>,
    crashes: HashMap<AlertId, VecDeque<Timestamp>>,
    reconsidering: VecDeque<AlertId>,
    alarm_at: Option<Timestamp>,
    is_draining: bool,
    resting: Vec<oneshot::Sender<()>>,
}

/// An alert that has an actor.
#[derive(Debug)]
struct Live {
    actor: ActorRef<Work>,
    given: u64,
}

impl<W: World> Actor for Switchboard<W> {
    type Msg = SwitchboardMessage;
    type State = Desk;
    type Arguments = (Index, Vec<AlertId>);

    async fn pre_start(
        &self,
        myself: ActorRef<SwitchboardMessage>,
        (index, to_reconsider): (Index, Vec<AlertId>),
    ) -> Result<Desk, ActorProcessingErr> {
        let mut desk = Desk {
            index,
            live: HashMap::new(),
            by_actor: HashMap::new(),
            locating: HashMap::new(),
            crashes: HashMap::new(),
            reconsidering: to_reconsider.into(),
            alarm_at: None,
            is_draining: false,
            resting: Vec::new(),
        };
        myself.send_message(SwitchboardMessage::ReconsiderMore)?;
        self.arm(&myself, &mut desk);
        Ok(desk)
    }

    async fn handle(
        &self,
        myself: ActorRef<SwitchboardMessage>,
        message: SwitchboardMessage,
        desk: &mut Desk,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            SwitchboardMessage::Signal(incoming) => self.signal(&myself, desk, *incoming),
            SwitchboardMessage::Resubmitted(again) => self.route(&myself, desk, *again),
            SwitchboardMessage::Order { alert, work } => self.give(&myself, desk, alert, false, *work),
            SwitchboardMessage::Located { symptom, located } => self.located(&myself, desk, symptom, located),
            SwitchboardMessage::Stepped { alert, handled, standing } => {
                Self::stepped(desk, alert, handled, standing);
            }
            SwitchboardMessage::Alarm => self.alarm(&myself, desk),
            SwitchboardMessage::DirectoryChanged => {
                desk.reconsidering = desk.index.paging().into();
                self.reconsider(&myself, desk);
            }
            SwitchboardMessage::ReconsiderMore => self.reconsider(&myself, desk),
            SwitchboardMessage::Drain => desk.is_draining = true,
            SwitchboardMessage::AwaitRest(reply) => desk.resting.push(reply),
        }
        if desk.live.is_empty() && desk.locating.is_empty() {
            for reply in desk.resting.drain(..) {
                // Whoever waited may have given up.
                let _ = reply.send(());
            }
        }
        self.arm(&myself, desk);
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<SwitchboardMessage>,
        event: SupervisionEvent,
        desk: &mut Desk,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(actor, error) => {
                if let Some(alert) = desk.by_actor.remove(&actor.get_id()) {
                    desk.live.remove(&alert);
                    self.crashed(desk, alert, &error.to_string());
                    self.arm(&myself, desk);
                }
            }
            SupervisionEvent::ActorTerminated(actor, _, _) => {
                if let Some(alert) = desk.by_actor.remove(&actor.get_id()) {
                    desk.live.remove(&alert);
                }
            }
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }
}

impl<W: World> Switchboard<W> {
    fn signal(&self, myself: &ActorRef<SwitchboardMessage>, desk: &mut Desk, incoming: Incoming) {
        let Incoming { source, dedup_key, signal, provenance, accepted_at, reply } = incoming;
        let symptom = SymptomId::derive(&source, &dedup_key);
        // The ordinal is filled in once it is known which alert the signal belongs to.
        let alert = AlertId { symptom, ordinal: 0 };
        let signal = SignalOrder { alert, source, dedup_key, signal, resolved_start: None };
        let signal = Resubmitted { signal, provenance, accepted_at: Some(accepted_at), reply: Some(reply) };
        self.route(myself, desk, signal);
    }

    fn route(&self, myself: &ActorRef<SwitchboardMessage>, desk: &mut Desk, signal: Resubmitted) {
        let symptom = signal.signal.alert.symptom;
        if let Some(waiting) = desk.locating.get_mut(&symptom) {
            waiting.push(signal);
        } else if let Some(alert) = desk.index.open_alert(symptom) {
            self.give_signal(myself, desk, Located { alert, is_fresh: false, resolved_start: None }, signal);
        } else if signal.signal.signal.status == Status::Resolved {
            answer(signal.reply, Ok(Done { alert: None, position: None }));
        } else {
            desk.locating.insert(symptom, vec![signal]);
            let (shared, myself) = (Arc::clone(&self.shared), myself.clone());
            tokio::spawn(async move {
                let located =
                    locate::locate(&shared.ports.journal, symptom).await.map_err(|error| error.to_string());
                // The switchboard ends only with the house.
                let _ = myself.send_message(SwitchboardMessage::Located { symptom, located });
            });
        }
    }

    fn located(
        &self,
        myself: &ActorRef<SwitchboardMessage>,
        desk: &mut Desk,
        symptom: SymptomId,
        located: Result<Located, String>,
    ) {
        let waiting = desk.locating.remove(&symptom).unwrap_or_default();
        match located {
            Ok(located) => {
                desk.index.begin(located.alert);
                let mut located = located;
                for signal in waiting {
                    self.give_signal(myself, desk, located, signal);
                    located.is_fresh = false;
                }
            }
            Err(reason) => {
                self.shared.bell.ring(Trouble::LogRefuses { reason: reason.clone() });
                for signal in waiting {
                    answer(signal.reply, Err(Declined::Unavailable { reason: reason.clone() }));
                }
            }
        }
    }

    fn give_signal(
        &self,
        myself: &ActorRef<SwitchboardMessage>,
        desk: &mut Desk,
        located: Located,
        signal: Resubmitted,
    ) {
        let Resubmitted { signal, provenance, accepted_at, reply } = signal;
        let order = SignalOrder { alert: located.alert, resolved_start: located.resolved_start, ..signal };
        let work = Work { order: Order::Signal(Box::new(order)), provenance, accepted_at, reply };
        self.give(myself, desk, located.alert, located.is_fresh, work);
    }

    fn give(
        &self,
        myself: &ActorRef<SwitchboardMessage>,
        desk: &mut Desk,
        alert: AlertId,
        is_fresh: bool,
        work: Work,
    ) {
        if desk.index.is_quarantined(alert) {
            return answer(work.reply, Err(Declined::Quarantined { alert }));
        }
        let live = if let Some(live) = desk.live.get_mut(&alert) {
            live
        } else {
            let arguments = AlertArguments { alert, is_fresh, shared: Arc::clone(&self.shared) };
            let spawned = ActorRuntime::spawn_linked_instant(
                None,
                AlertActor::<W>::default(),
                arguments,
                myself.get_cell(),
            );
            let Ok((actor, _)) = spawned else {
                let reason = "no actor could be started".to_owned();
                return answer(work.reply, Err(Declined::Unavailable { reason }));
            };
            desk.by_actor.insert(actor.get_id(), alert);
            desk.live.entry(alert).or_insert(Live { actor, given: 0 })
        };
        live.given += 1;
        if live.actor.send_message(work).is_err() {
            // It has just crashed: what waits for an answer is told by the end of its reply port, and what is due
            // comes again when the crash is noticed.
            tracing::warn!(%alert, "work came to an alert that had just crashed");
        }
    }

    fn stepped(desk: &mut Desk, alert: AlertId, handled: u64, standing: Standing) {
        desk.index.stands(alert, standing);
        let is_kept = standing.is_awaiting_report && desk.live.len() <= LIVE_AWAITING_MAX;
        if let Some(live) = desk.live.get(&alert)
            && live.given == handled
            && !is_kept
        {
            live.actor.stop(None);
            desk.by_actor.remove(&live.actor.get_id());
            desk.live.remove(&alert);
        }
    }

    fn alarm(&self, myself: &ActorRef<SwitchboardMessage>, desk: &mut Desk) {
        desk.alarm_at = None;
        if desk.is_draining {
            return;
        }
        let now = self.shared.ports.clock.now();
        for alert in desk.index.take_due(now, DEADLINES_AT_ONCE_MAX) {
            let work = Work {
                order: Order::Tick,
                provenance: Provenance::deadline(),
                accepted_at: None,
                reply: None,
            };
            self.give(myself, desk, alert, false, work);
        }
    }

    fn reconsider(&self, myself: &ActorRef<SwitchboardMessage>, desk: &mut Desk) {
        for _ in 0..RECONSIDERED_AT_ONCE {
            let Some(alert) = desk.reconsidering.pop_front() else { return };
            let work = Work {
                order: Order::Reconsider,
                provenance: Provenance::deadline(),
                accepted_at: None,
                reply: None,
            };
            self.give(myself, desk, alert, false, work);
        }
        // Behind what came in meanwhile, so that signals do not wait for thousands of alerts.
        let _ = myself.send_message(SwitchboardMessage::ReconsiderMore);
    }

    fn crashed(&self, desk: &mut Desk, alert: AlertId, error: &str) {
        self.shared.ports.meter.crashes.increase();
        tracing::error!(%alert, error, "alert crashed; it is replayed");
        let now = self.shared.ports.clock.now();
        let crashes = desk.crashes.entry(alert).or_default();
        crashes.push_back(now);
        while crashes.front().is_some_and(|&first| first + CRASHES_WITHIN < now) {
            crashes.pop_front();
        }
        if crashes.len() >= CRASHES_MAX {
            desk.crashes.remove(&alert);
            desk.index.quarantine(alert);
            self.shared.bell.ring(Trouble::Quarantined { alert, reason: error.to_owned() });
        } else {
            desk.index.stands(alert, Standing::again(now + RESTART_AFTER));
        }
    }

    /// Sets the alarm to the earliest deadline, if it is not set to that or earlier already.
    fn arm(&self, myself: &ActorRef<SwitchboardMessage>, desk: &mut Desk) {
        let Some(deadline) = desk.index.earliest().filter(|_| !desk.is_draining) else { return };
        let now = self.shared.ports.clock.now();
        let wake_at = deadline.min(now + ALARM_EVERY_MAX);
        if desk.alarm_at.is_none_or(|alarm_at| alarm_at > wake_at || alarm_at < now) {
            desk.alarm_at = Some(wake_at);
            myself.send_after(Duration::from(wake_at.since(now)), || SwitchboardMessage::Alarm);
        }
    }
}

//! Where every signal, order, report and deadline finds its alert.
//!
//! It keeps an index of all alerts that are not over (some hundred bytes each) and starts an actor for one only
//! while there is something to do. One alarm stands for all deadlines: the earliest. What follows from a message is
//! worked out by the [`Desk`], which knows nothing of actors; here it is done.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::agenda::{self, Staying, TestPage};
use domain::alert::{Order, Refusal, SignalOrder, Telling};
use domain::directory::{Directory, Grouping};
use domain::port::{Clock, Dispatch, Errand, Report};
use domain::view::Board;
use events::event::signal::Signal;
use events::{AlertId, DedupKey, Position, SourceId, Span, SymptomId, Timestamp};
use ractor::{Actor, ActorId, ActorProcessingErr, ActorRef, ActorRuntime, SupervisionEvent};
use tokio::sync::oneshot;

use crate::alert::{AlertActor, AlertsShared, Declined, Inbox, Living, Reply, Rung, Standing, Work, answer};
use crate::registrar::Asked;
use crate::shell::{Provenance, World};

pub use desk::{Act, Desk};
pub use group::Groups;
pub use index::Index;
pub use locate::{Located, locate};

mod desk;
mod flood;
mod group;
mod index;
mod locate;

/// The alarm looks at the clock at least this often, so that a machine that was suspended wakes up late by no more.
const ALARM_EVERY_MAX: Span = Span::from_seconds(1);

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
    /// Somebody asks something of whichever open alert is about a symptom.
    About {
        /// Which symptom.
        symptom: SymptomId,
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
    Alarm {
        /// For which moment it was set.
        at: Timestamp,
    },
    /// The configuration changed.
    DirectoryChanged {
        /// Where its last record stands.
        at: Position,
    },
    /// More alerts look at the changed configuration.
    ReconsiderMore,
    /// What comes next in the configuration.
    Ahead {
        /// The moment has come for which the desk was waiting, or the house has just started.
        is_turn: bool,
        /// What comes next.
        ahead: Ahead,
    },
    /// Say when the earliest deadline of all is.
    Earliest(oneshot::Sender<Option<Timestamp>>),
    /// Start nothing that is due any more.
    Drain,
    /// Say so once no alert has work.
    AwaitRest(oneshot::Sender<()>),
}

/// What comes next in the configuration, without anybody changing it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ahead {
    /// When something comes next: work that begins or ends, a turn, something to tell.
    pub next_turn: Option<Timestamp>,
    /// Planned work lasts now.
    pub is_work_on: bool,
    /// What people are to be told by now.
    pub tellings: Vec<Telling>,
    /// Over which contact methods a test page is to go out by now.
    pub tests: Vec<TestPage>,
    /// Who is to stay on call beside whoever comes, and who need not any more.
    pub staying: Vec<Staying>,
}

impl Ahead {
    /// What has come and what comes next, in this configuration and with these alerts.
    pub fn of(directory: &Directory, board: &Board, now: Timestamp) -> Self {
        Self {
            next_turn: agenda::next(directory, now),
            is_work_on: directory.works_on(now).next().is_some(),
            tellings: agenda::tellings(directory, board, now),
            tests: agenda::test_pages(directory, now),
            staying: agenda::staying(directory, board, now),
        }
    }
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
    /// What it may become one alert with; none for what is over, and where no route leads anywhere.
    pub grouping: Option<Box<Grouping>>,
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
    /// What it may become one alert with.
    pub grouping: Option<Box<Grouping>>,
    /// The alert that does not take it, and why; none when it has just come in.
    pub from: Option<(AlertId, Refusal)>,
}

impl SwitchboardMessage {
    /// What became of a dispatch.
    pub fn reported(dispatch: &Dispatch, report: Report) -> Self {
        let attempt = dispatch.attempt.attempt;
        let order = match dispatch.errand {
            Errand::Page(_) => Order::ReportAttempt { attempt, report },
            Errand::Recall { .. } => Order::ReportRecall { attempt, timeout_at: dispatch.expires_at, report },
        };
        let work = Work { order, provenance: Provenance::deadline(), accepted_at: None, reply: None };
        Self::Order { alert: dispatch.attempt.alert, work: Box::new(work) }
    }
}

/// The actor: carries out what the [`Desk`] says.
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

/// The desk, and the actors of the alerts that have one.
#[derive(Debug)]
pub struct Staffed {
    desk: Desk,
    actors: HashMap<AlertId, (ActorRef<Rung>, Inbox)>,
    alerts: HashMap<ActorId, AlertId>,
}

impl<W: World> Actor for Switchboard<W> {
    type Msg = SwitchboardMessage;
    type State = Staffed;
    type Arguments = (Index, Vec<AlertId>);

    async fn pre_start(
        &self,
        myself: ActorRef<SwitchboardMessage>,
        (index, to_reconsider): (Index, Vec<AlertId>),
    ) -> Result<Staffed, ActorProcessingErr> {
        myself.send_message(SwitchboardMessage::ReconsiderMore)?;
        let desk = Desk::new(index, to_reconsider);
        Ok(Staffed { desk, actors: HashMap::new(), alerts: HashMap::new() })
    }

    async fn handle(
        &self,
        myself: ActorRef<SwitchboardMessage>,
        message: SwitchboardMessage,
        staffed: &mut Staffed,
    ) -> Result<(), ActorProcessingErr> {
        let acts = staffed.desk.take(message, self.shared.ports.clock.now());
        self.carry_out(&myself, staffed, acts);
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<SwitchboardMessage>,
        event: SupervisionEvent,
        staffed: &mut Staffed,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(actor, error) => {
                if let Some(alert) = staffed.alerts.remove(&actor.get_id()) {
                    self.shared.ports.meter.crashes.increase();
                    tracing::error!(%alert, %error, "alert crashed; it is replayed");
                    staffed.actors.remove(&alert);
                    let acts = staffed.desk.fell(alert, &error.to_string(), self.shared.ports.clock.now());
                    self.carry_out(&myself, staffed, acts);
                }
            }
            SupervisionEvent::ActorTerminated(actor, _, _) => {
                if let Some(alert) = staffed.alerts.remove(&actor.get_id()) {
                    staffed.actors.remove(&alert);
                    Self::gone(&myself, staffed, alert);
                }
            }
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }
}

impl<W: World> Switchboard<W> {
    fn carry_out(&self, myself: &ActorRef<SwitchboardMessage>, staffed: &mut Staffed, acts: Vec<Act>) {
        for act in acts {
            match act {
                Act::Begin { alert, is_fresh } => self.begin(myself, staffed, alert, is_fresh),
                Act::Give { alert, work } => Self::give(staffed, alert, *work),
                Act::End { alert } => {
                    if let Some((actor, _)) = staffed.actors.remove(&alert) {
                        staffed.alerts.remove(&actor.get_id());
                        actor.stop(None);
                    }
                }
                Act::Locate { symptom } => self.locate(myself, symptom),
                Act::Answer { reply, answer: done } => answer(Some(reply), done),
                Act::Book { alert, before, after } => self.shared.book(alert, before.as_ref(), &after),
                Act::BookAside { alert, before } => self.shared.set_aside(alert, before.as_ref()),
                Act::Ring(trouble) => self.shared.bell.ring(trouble),
                Act::Wake { at } => {
                    let wait = at.since(self.shared.ports.clock.now()).min(ALARM_EVERY_MAX);
                    myself.send_after(Duration::from(wait), move || SwitchboardMessage::Alarm { at });
                }
                Act::LookAhead { is_turn } => {
                    let directory = Arc::clone(&self.shared.directory.borrow());
                    let now = self.shared.ports.clock.now();
                    let ahead = Ahead::of(&directory, &self.shared.published.board(), now);
                    // It reaches us unless the house is ending.
                    let _ = myself.send_message(SwitchboardMessage::Ahead { is_turn, ahead });
                }
                Act::Decide(staying) => self.shared.registrar.send(Asked::of_house(staying)),
                Act::Rested(reply) => {
                    // Whoever waited may have given up.
                    let _ = reply.send(());
                }
            }
        }
    }

    fn begin(
        &self,
        myself: &ActorRef<SwitchboardMessage>,
        staffed: &mut Staffed,
        alert: AlertId,
        is_fresh: bool,
    ) {
        let living = Living::new(alert, is_fresh, Arc::clone(&self.shared));
        let (actor, inbox) = (AlertActor::<W>::default(), Inbox::default());
        let arguments = (living, inbox.clone());
        match ActorRuntime::spawn_linked_instant(None, actor, arguments, myself.get_cell()) {
            Ok((actor, _)) => {
                staffed.alerts.insert(actor.get_id(), alert);
                staffed.actors.insert(alert, (actor, inbox));
            }
            Err(error) => {
                tracing::error!(%alert, %error, "no actor could be started");
                Self::gone(myself, staffed, alert);
            }
        }
    }

    fn gone(myself: &ActorRef<SwitchboardMessage>, staffed: &mut Staffed, alert: AlertId) {
        if staffed.desk.gone(alert) {
            // It reaches us unless the house is ending.
            let _ = myself.send_message(SwitchboardMessage::ReconsiderMore);
        }
    }

    fn give(staffed: &Staffed, alert: AlertId, work: Work) {
        let Some((actor, inbox)) = staffed.actors.get(&alert) else {
            let reason = "no actor could be started".to_owned();
            return answer(work.reply, Err(Declined::Unavailable { reason }));
        };
        inbox.put(work);
        if actor.send_message(Rung).is_err() {
            // It has just crashed: what waits for an answer is told by the end of its reply port, and what is due
            // comes again when the crash is noticed.
            tracing::warn!(%alert, "work came to an alert that had just crashed");
        }
    }

    fn locate(&self, myself: &ActorRef<SwitchboardMessage>, symptom: SymptomId) {
        let (shared, myself) = (Arc::clone(&self.shared), myself.clone());
        tokio::spawn(async move {
            let located = locate(&shared.ports.journal, symptom).await;
            let located = located.map_err(|error| error.to_string());
            // The switchboard ends only with the house.
            let _ = myself.send_message(SwitchboardMessage::Located { symptom, located });
        });
    }
}

//! The whole house: starts the rooms in order, starts one again that fell over, and closes them in order.
//!
//! ```text
//! House
//! ├─ Projector        started again: reads on
//! ├─ Registrar        started again
//! ├─ Channel × n      started again; what it had under way times out and is tried again
//! ├─ Follower         started again: asks about what rings, from the views
//! ├─ Monitor          started again: every heartbeat has its whole time anew
//! ├─ Bookkeeper       started again: what it looks at is kept beside it
//! └─ Switchboard      started again: folds its index from the log
//!    └─ Alert × m     by the switchboard: replayed; after 5 crashes in 60 s set aside, and the alarm sounds
//! ```

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use domain::alert::Order;
use domain::blueprint::Blueprint;
use domain::change::{self, Changes};
use domain::directory::Directory;
use domain::ledger::{Reading, Stamp};
use domain::port::{Channel, Clock};
use events::event::change::ChangeTold;
use events::event::signal::{Signal, Status};
use events::{AlertId, DedupKey, JournalError, Position, SourceId, Span, SymptomId, TeamId, Timestamp};
use ractor::{Actor, ActorId, ActorProcessingErr, ActorRef, SpawnErr, SupervisionEvent};
use tokio::sync::{oneshot, watch};

use crate::admission::{Admission, Place};
use crate::alarm::{Bell, HouseAlarm, Trouble};
use crate::alert::{AlertsShared, Declined, Done, Work};
use crate::channel::{ChannelActor, ChannelMessage, ChannelSettings, Channels};
use crate::follower::{Follower, FollowerMessage, Following, Line};
use crate::ledger::{Bookkeeper, Keeping};
use crate::monitor::{Monitor, MonitorMessage, Pulse};
use crate::post::Post;
use crate::projector::{Commits, Projector, ProjectorArguments, Published, Unreadable};
use crate::recovery::{Recovery, recover};
use crate::registrar::{Applied, Apply, Asked, Decide, Mint, NotApplied, Personal, Registrar, Undecided};
use crate::shelf::Shelf;
use crate::shell::{Nowhere, Ports, Provenance, Shell, StepError, World};
use crate::switchboard::{Incoming, Index, Switchboard, SwitchboardMessage};

/// Whoever asks waits this long at most for something to be durable.
pub const DURABLE_WITHIN: Duration = Duration::from_secs(20);

/// How often a change is begun again because somebody else wrote first.
const OVERTAKEN_MAX: u32 = 8;
/// A room that says nothing for so long does not answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

/// A deadline that is so long past is not kept.
pub const OVERDUE_MIN: Span = Span::from_seconds(30);

/// Why nothing came of what the registrar was asked, when it does not answer.
const REGISTRAR_GONE: &str = "the registrar has just fallen over";

/// A room that falls over more often than this within [`RESTARTS_WITHIN`] brings the house down.
const RESTARTS_MAX: usize = 5;

/// Restarts are counted over this long.
const RESTARTS_WITHIN: Span = Span::from_seconds(60);

/// What a house is made of.
pub struct Parts<W: World, C> {
    /// The world.
    pub ports: Ports<W>,
    /// Who is told when the log refuses.
    pub alarm: Arc<dyn HouseAlarm>,
    /// The configured channels, in order.
    pub channels: Vec<(ChannelSettings, Arc<C>)>,
    /// Draws the numbers of new people. Called once for each start of the registrar.
    pub mint: Arc<dyn Fn() -> Mint + Send + Sync>,
}

impl<W: World, C> std::fmt::Debug for Parts<W, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts").field("channels", &self.channels.len()).finish_non_exhaustive()
    }
}

/// A house that is folded from its log and in which nobody works yet.
#[derive(Debug)]
pub struct Furnished<W: World> {
    /// What the alerts share.
    pub shared: Arc<AlertsShared<W>>,
    /// The views.
    pub published: Published,
    /// The present configuration, for whoever changes it.
    pub directory: watch::Sender<Arc<Directory>>,
    /// How every alert stands.
    pub index: Index,
    /// Alerts that may not have looked at the configuration since its last change.
    pub to_reconsider: Vec<AlertId>,
}

impl<W: World> Furnished<W> {
    /// Folds the log. What cannot be read of it is told to the operators.
    ///
    /// # Errors
    /// When the log or the keys cannot be read.
    pub async fn recover(ports: Ports<W>, alarm: Arc<dyn HouseAlarm>) -> Result<Self, JournalError> {
        let recovery = recover(&ports.journal, ports.clock.now()).await?;
        let Recovery {
            board,
            index,
            position,
            to_reconsider,
            sent,
            unreadable,
            directory,
            mut ledger,
            rested,
        } = recovery;
        let stamp = Stamp { now: ports.clock.now(), newest: position };
        ledger.acts_anew(&index.tallies(), rested, stamp);
        for alert in unreadable.iter().filter_map(|unreadable| unreadable.alert) {
            ledger.sets_aside(alert, None, stamp.now);
        }
        directory.prepare();
        let directory = watch::Sender::new(Arc::new(directory));
        let switchboard = Post::default();
        let published = Published::new(board, position);
        let shared = Arc::new(AlertsShared {
            ports,
            channels: Channels::new(switchboard.clone(), sent),
            directory: directory.subscribe(),
            published: published.clone(),
            registrar: Post::default(),
            switchboard,
            commits: Commits::default(),
            bell: Bell::new(alarm),
            shelf: Shelf::default(),
            keeping: Keeping::new(ledger),
        });
        for Unreadable { alert, reason } in unreadable {
            shared.bell.ring(match alert {
                Some(alert) => Trouble::Quarantined { alert, reason },
                None => Trouble::ConfigurationUnreadable { reason },
            });
        }
        Ok(Self { shared, published, directory, index, to_reconsider })
    }
}

/// A running house. Cheap to clone.
#[derive(Debug)]
pub struct House<W: World> {
    shared: Arc<AlertsShared<W>>,
    published: Published,
    registrar: Post<Asked>,
    follower: Post<FollowerMessage>,
    monitor: Post<MonitorMessage>,
    root: ActorRef<Never>,
    admission: Admission,
    collapsed: watch::Receiver<Option<String>>,
}

impl<W: World> Clone for House<W> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            published: self.published.clone(),
            registrar: self.registrar.clone(),
            follower: self.follower.clone(),
            monitor: self.monitor.clone(),
            root: self.root.clone(),
            admission: self.admission.clone(),
            collapsed: self.collapsed.clone(),
        }
    }
}

/// A house cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The log cannot be folded.
    #[error("the log cannot be read: {0}")]
    Log(#[from] JournalError),
    /// An actor cannot be started.
    #[error("a room cannot be started: {0}")]
    Room(#[from] Box<SpawnErr>),
}

/// Why the house does not page whom it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ailment {
    /// The house alarm rings.
    #[error("the house alarm rings: {reason}")]
    Alarm {
        /// Why.
        reason: String,
    },
    /// A room does not answer.
    #[error("the {room} does not answer")]
    Silent {
        /// Which.
        room: &'static str,
    },
    /// What is due is not done.
    #[error("what was due at {since} is not done")]
    Overdue {
        /// Since when.
        since: Timestamp,
    },
}

impl<W: World> House<W> {
    /// Folds the log and starts every room. Once it returns, signals are taken and deadlines kept.
    ///
    /// # Errors
    /// When the log cannot be folded or a room cannot be started.
    pub async fn start<C: Channel>(parts: Parts<W, C>) -> Result<Self, StartError> {
        let Furnished { shared, published, directory, index, to_reconsider } =
            Furnished::recover(parts.ports, parts.alarm).await?;
        let registrar = shared.registrar.clone();
        let (follower, monitor) = (Post::default(), Post::default());
        let collapsed = watch::Sender::new(None);
        let watched = collapsed.subscribe();
        let channels = parts.channels.into_iter().map(|(settings, channel)| {
            let post = Post::default();
            shared.channels.add(&settings, post.clone());
            (settings, channel, post)
        });
        let rooms = Rooms {
            channels: channels.collect(),
            shared: Arc::clone(&shared),
            published: published.clone(),
            registrar: registrar.clone(),
            follower: follower.clone(),
            monitor: monitor.clone(),
            directory,
            mint: parts.mint,
            collapsed,
        };
        let root = Root(std::marker::PhantomData);
        let (root, _) = Actor::spawn(None, root, (rooms, (index, to_reconsider))).await.map_err(Box::new)?;
        let admission = Admission::default();
        Ok(Self { shared, published, registrar, follower, monitor, root, admission, collapsed: watched })
    }

    /// Takes a signal, when it is its source's turn. Once it is Ok, it is durable.
    ///
    /// # Errors
    /// When it was not taken: see [`Declined`].
    pub async fn signal(
        &self,
        source: SourceId,
        dedup_key: DedupKey,
        signal: Signal,
        provenance: Provenance,
    ) -> Result<Done, Declined> {
        let accepted_at = self.now();
        let _place = self.enter(&source).await?;
        let (reply, answer) = oneshot::channel();
        let status = signal.status;
        let is_new = status == Status::Firing;
        let said = (source.clone(), dedup_key.clone());
        let grouping =
            is_new.then(|| self.directory().grouping(&source, &signal, accepted_at)).flatten().map(Box::new);
        let incoming = Incoming { source, dedup_key, signal, provenance, grouping, accepted_at, reply };
        self.shared.switchboard.send(SwitchboardMessage::Signal(Box::new(incoming)));
        let done = wait(answer).await?;
        self.shared.told(said.0, said.1, status, &done);
        let meter = &self.shared.ports.meter;
        if done.position.is_some() {
            meter.accepted.increase();
        } else {
            meter.deduplicated.increase();
        }
        Ok(done)
    }

    /// Asks something of an alert. Once it is Ok, it is durable and shown.
    ///
    /// # Errors
    /// When it was not done: see [`Declined`].
    pub async fn order(
        &self,
        alert: AlertId,
        order: Order,
        provenance: Provenance,
    ) -> Result<Done, Declined> {
        let (reply, answer) = oneshot::channel();
        let work = Box::new(Work { order, provenance, accepted_at: None, reply: Some(reply) });
        self.shared.switchboard.send(SwitchboardMessage::Order { alert, work });
        let done = wait(answer).await?;
        if let Some(position) = done.position {
            self.published.wait_for(position).await;
        }
        Ok(done)
    }

    /// Asks something of whichever open alert is about a symptom; of none, when there is none. Once it is Ok, it is
    /// durable.
    ///
    /// # Errors
    /// When it was not done: see [`Declined`].
    pub async fn order_about(
        &self,
        symptom: SymptomId,
        order: Order,
        provenance: Provenance,
    ) -> Result<Done, Declined> {
        let (reply, answer) = oneshot::channel();
        let work = Box::new(Work { order, provenance, accepted_at: None, reply: Some(reply) });
        self.shared.switchboard.send(SwitchboardMessage::About { symptom, work });
        wait(answer).await
    }

    /// Takes down what a source says was changed elsewhere. Once it is Ok, it is durable.
    ///
    /// # Errors
    /// When it was not taken: see [`Declined`]; `Busy` also when the source has told of too many today.
    pub async fn changed(&self, told: ChangeTold, provenance: Provenance) -> Result<(), Declined> {
        let _place = self.enter(&told.source).await?;
        let writing = self.write_change(told, provenance);
        let late = |_| Err(Declined::Unavailable { reason: "the log does not answer".to_owned() });
        tokio::time::timeout(DURABLE_WITHIN, writing).await.unwrap_or_else(late)
    }

    /// Waits for this source's turn.
    async fn enter(&self, source: &SourceId) -> Result<Place, Declined> {
        self.admission.enter(source).await.map_err(|_| {
            self.shared.ports.meter.pushed_back.increase();
            Declined::Busy
        })
    }

    async fn write_change(&self, told: ChangeTold, provenance: Provenance) -> Result<(), Declined> {
        let ports = &self.shared.ports;
        let stream = change::stream(&told.source, self.now());
        let directory = self.directory();
        let unavailable = |error: JournalError| Declined::Unavailable { reason: error.to_string() };
        for _ in 0..OVERTAKEN_MAX {
            let mut shell =
                Shell::<Changes>::replay(&ports.journal, stream.clone()).await.map_err(unavailable)?;
            match shell.step(ports, &Nowhere, &told, &directory, provenance.clone()).await {
                Ok(stepped) => {
                    if let Some(position) = stepped.position {
                        self.shared.commits.committed(position);
                    }
                    return Ok(());
                }
                Err(StepError::Refused(refusal)) => {
                    tracing::warn!(source = %told.source, %refusal, "a change was turned away");
                    return Err(Declined::Busy);
                }
                Err(StepError::Overtaken) => {}
                Err(StepError::Journal(error)) => return Err(unavailable(error)),
            }
        }
        Err(Declined::Unavailable { reason: "others tell of changes as well".to_owned() })
    }

    /// A heartbeat came. It is no event: only its silence is, and the end of that.
    pub fn beat(&self, source: SourceId) {
        self.monitor.send(MonitorMessage::Beat { source });
    }

    /// How every heartbeat stands, by name. None when the monitor does not answer.
    pub async fn pulses(&self) -> Option<Vec<Pulse>> {
        let (reply, answer) = oneshot::channel();
        self.monitor.send(MonitorMessage::Show(reply));
        tokio::time::timeout(ANSWERED_WITHIN, answer).await.ok()?.ok()
    }

    /// What keeps the house from paging whom it should, as far as its rooms can tell; none when all is well.
    pub async fn ailment(&self) -> Option<Ailment> {
        if let Some(reason) = self.shared.bell.health().borrow().ill() {
            return Some(Ailment::Alarm { reason });
        }
        if self.pulses().await.is_none() {
            return Some(Ailment::Silent { room: "monitor" });
        }
        let (reply, answer) = oneshot::channel();
        self.shared.switchboard.send(SwitchboardMessage::Earliest(reply));
        match tokio::time::timeout(ANSWERED_WITHIN, answer).await {
            Ok(Ok(Some(deadline))) if deadline + OVERDUE_MIN <= self.now() => {
                Some(Ailment::Overdue { since: deadline })
            }
            Ok(Ok(_)) => None,
            Ok(Err(_)) | Err(_) => Some(Ailment::Silent { room: "switchboard" }),
        }
    }

    /// Somebody who may be a provider says that there is news of what rings under this handle. It is not believed:
    /// the provider is asked. False when nothing such rings.
    pub fn called_about(&self, receipt: &str) -> bool {
        let rings = !self.published.board().reached().with_receipt(receipt).is_empty();
        if rings {
            self.follower.send(FollowerMessage::Called { receipt: receipt.to_owned() });
        }
        rings
    }

    /// Makes the house what the blueprint says, or only says what would change.
    ///
    /// # Errors
    /// When it is not, or not wholly, so.
    pub async fn apply(
        &self,
        blueprint: Blueprint,
        is_dry_run: bool,
        provenance: Provenance,
    ) -> Result<Applied, NotApplied> {
        self.apply_within(None, blueprint, is_dry_run, provenance).await
    }

    /// The same, if nothing changes but what is this team's own; whatever it is when none.
    ///
    /// # Errors
    /// When the house is not, or not wholly, so.
    pub async fn apply_within(
        &self,
        within: Option<TeamId>,
        blueprint: Blueprint,
        is_dry_run: bool,
        provenance: Provenance,
    ) -> Result<Applied, NotApplied> {
        let (reply, answer) = oneshot::channel();
        let apply = Apply { blueprint: Box::new(blueprint), is_dry_run, within, provenance, reply };
        self.registrar.send(Asked::Apply(apply));
        answer.await.unwrap_or_else(|_| Err(NotApplied::unbegun(REGISTRAR_GONE)))
    }

    /// Decides about something that people own, by its name, and says where that stands in the log.
    ///
    /// # Errors
    /// When nothing was decided.
    pub async fn decide<A: Personal>(
        &self,
        name: &str,
        command: A::Command,
        provenance: Provenance,
    ) -> Result<Position, Undecided<A::Refusal>> {
        let (reply, answer) = oneshot::channel();
        let name = name.to_owned();
        self.registrar.send(A::asked(Box::new(Decide { name, command, provenance, reply })));
        answer.await.unwrap_or_else(|_| Err(Undecided::Unavailable { reason: REGISTRAR_GONE.to_owned() }))
    }

    /// What was accepted, and what became of it.
    pub fn ledger(&self) -> Reading {
        self.shared.keeping.read(&self.published, self.now())
    }

    /// What the ledger is kept in.
    pub fn keeping(&self) -> &Keeping {
        &self.shared.keeping
    }

    /// The present configuration.
    pub fn directory(&self) -> Arc<Directory> {
        self.shared.directory.borrow().clone()
    }

    /// The views.
    pub const fn published(&self) -> &Published {
        &self.published
    }

    /// The world it stands on.
    pub fn ports(&self) -> &Ports<W> {
        &self.shared.ports
    }

    /// Where trouble is told.
    pub fn bell(&self) -> &Bell {
        &self.shared.bell
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.shared.ports.clock.now()
    }

    /// Waits until a room has fallen over too often, and says which and why. The process must end then: it starts
    /// again from the log.
    pub async fn collapse(&self) -> String {
        let mut collapsed = self.collapsed.clone();
        match collapsed.wait_for(Option::is_some).await {
            Ok(reason) => reason.clone().unwrap_or_default(),
            Err(_) => "the house has ended".to_owned(),
        }
    }

    /// Closes the house: starts nothing that is due any more, lets the channels finish what is under way, and lets
    /// every alert write down what became of it. What is not done by then is done after the next start.
    pub async fn stop(&self, within: Duration) {
        let closing = async {
            self.monitor.send(MonitorMessage::Drain);
            self.shared.switchboard.send(SwitchboardMessage::Drain);
            self.rest().await;
            for post in self.shared.channels.posts() {
                let (reply, drained) = oneshot::channel();
                post.send(ChannelMessage::Drain(reply));
                // An error means that the channel has ended, which is as good.
                let _ = drained.await;
            }
            self.rest().await;
        };
        if tokio::time::timeout(within, closing).await.is_err() {
            tracing::warn!("not everything was finished in time; it goes on after the next start");
        }
        self.root.stop(None);
    }

    async fn rest(&self) {
        let (reply, resting) = oneshot::channel();
        self.shared.switchboard.send(SwitchboardMessage::AwaitRest(reply));
        // An error means that the switchboard has ended, which is as good.
        let _ = resting.await;
    }
}

async fn wait(answer: oneshot::Receiver<Result<Done, Declined>>) -> Result<Done, Declined> {
    let unavailable = |reason: &str| Err(Declined::Unavailable { reason: reason.to_owned() });
    match tokio::time::timeout(DURABLE_WITHIN, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => unavailable("the alert has just fallen over and is being replayed"),
        Err(_) => unavailable("the log does not answer"),
    }
}

/// The root is told nothing.
#[derive(Debug)]
pub enum Never {}

/// What the root keeps, to start a room again.
struct Rooms<W: World, C> {
    channels: Vec<(ChannelSettings, Arc<C>, Post<ChannelMessage>)>,
    shared: Arc<AlertsShared<W>>,
    published: Published,
    registrar: Post<Asked>,
    follower: Post<FollowerMessage>,
    monitor: Post<MonitorMessage>,
    directory: watch::Sender<Arc<Directory>>,
    mint: Arc<dyn Fn() -> Mint + Send + Sync>,
    collapsed: watch::Sender<Option<String>>,
}

/// One room under the root.
#[derive(Clone, Copy, Debug)]
enum Room {
    Projector,
    Registrar,
    Switchboard,
    Channel(usize),
    Follower,
    Monitor,
    Bookkeeper,
}

struct Root<W, C>(std::marker::PhantomData<fn() -> (W, C)>);

struct Standing<W: World, C> {
    rooms: Rooms<W, C>,
    children: HashMap<ActorId, Room>,
    restarts: Restarts,
}

/// When rooms were started again lately.
#[derive(Debug, Default)]
pub struct Restarts(VecDeque<Timestamp>);

impl Restarts {
    /// Counts one more restart, and says whether that is one too many: then the process must end.
    pub fn is_too_often(&mut self, now: Timestamp) -> bool {
        self.0.push_back(now);
        while self.0.front().is_some_and(|&first| first + RESTARTS_WITHIN < now) {
            self.0.pop_front();
        }
        self.0.len() > RESTARTS_MAX
    }
}

type IndexAtStart = (Index, Vec<AlertId>);

impl<W: World, C: Channel> Actor for Root<W, C> {
    type Msg = Never;
    type State = Standing<W, C>;
    type Arguments = (Rooms<W, C>, IndexAtStart);

    async fn pre_start(
        &self,
        myself: ActorRef<Never>,
        (rooms, index): (Rooms<W, C>, IndexAtStart),
    ) -> Result<Standing<W, C>, ActorProcessingErr> {
        let mut standing = Standing { rooms, children: HashMap::new(), restarts: Restarts::default() };
        for number in 0..standing.rooms.channels.len() {
            standing.start(&myself, Room::Channel(number)).await?;
        }
        standing.start(&myself, Room::Projector).await?;
        standing.start(&myself, Room::Registrar).await?;
        standing.start_switchboard(&myself, index).await?;
        standing.start(&myself, Room::Follower).await?;
        standing.start(&myself, Room::Monitor).await?;
        standing.start(&myself, Room::Bookkeeper).await?;
        Ok(standing)
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<Never>,
        event: SupervisionEvent,
        standing: &mut Standing<W, C>,
    ) -> Result<(), ActorProcessingErr> {
        if let SupervisionEvent::ActorFailed(actor, error) = event
            && let Some(room) = standing.children.remove(&actor.get_id())
        {
            tracing::error!(?room, %error, "a room fell over; it is started again");
            standing.start_again(&myself, room, &error.to_string()).await;
        }
        Ok(())
    }
}

impl<W: World, C: Channel> Standing<W, C> {
    async fn start_again(&mut self, supervisor: &ActorRef<Never>, room: Room, error: &str) {
        let now = self.rooms.shared.ports.clock.now();
        let restarted = if self.restarts.is_too_often(now) {
            Err("too often".into())
        } else {
            self.start(supervisor, room).await
        };
        if restarted.is_err() {
            self.rooms.collapsed.send_replace(Some(format!("{room:?} falls over again and again: {error}")));
        }
    }

    async fn start(&mut self, supervisor: &ActorRef<Never>, room: Room) -> Result<(), ActorProcessingErr> {
        let (rooms, cell) = (&self.rooms, supervisor.get_cell());
        let shared = || Arc::clone(&rooms.shared);
        let id = match room {
            Room::Projector => {
                let arguments = ProjectorArguments {
                    published: rooms.published.clone(),
                    shared: shared(),
                    directory: rooms.directory.clone(),
                };
                let (actor, _) = Actor::spawn_linked(None, Projector::default(), arguments, cell).await?;
                rooms.shared.commits.projector().move_in(actor.clone());
                actor.get_id()
            }
            Room::Registrar => {
                let registrar = Registrar::new(shared(), rooms.directory.clone(), (rooms.mint)());
                let (actor, _) = Actor::spawn_linked(None, registrar, (), cell).await?;
                rooms.registrar.move_in(actor.clone());
                actor.get_id()
            }
            Room::Channel(number) => {
                let Some((settings, channel, post)) = rooms.channels.get(number) else { return Ok(()) };
                let actor = ChannelActor::new(Arc::clone(channel), shared());
                let (actor, _) = Actor::spawn_linked(None, actor, settings.clone(), cell).await?;
                post.move_in(actor.clone());
                actor.get_id()
            }
            Room::Follower => {
                let line = |(settings, channel, _): &(ChannelSettings, Arc<C>, _)| Line {
                    id: settings.id.clone(),
                    kind: settings.kind,
                    channel: Arc::clone(channel),
                };
                let following = Following::new(shared(), rooms.channels.iter().map(line).collect());
                let (actor, _) = Actor::spawn_linked(None, Follower::default(), following, cell).await?;
                rooms.follower.move_in(actor.clone());
                actor.get_id()
            }
            Room::Monitor => {
                let (actor, _) = Actor::spawn_linked(None, Monitor::default(), shared(), cell).await?;
                rooms.monitor.move_in(actor.clone());
                actor.get_id()
            }
            Room::Bookkeeper => {
                let (actor, _) = Actor::spawn_linked(None, Bookkeeper::default(), shared(), cell).await?;
                actor.get_id()
            }
            Room::Switchboard => {
                let recovery = recover(&rooms.shared.ports.journal, rooms.shared.ports.clock.now()).await?;
                rooms.shared.acts_anew(&recovery).await;
                return self.start_switchboard(supervisor, (recovery.index, recovery.to_reconsider)).await;
            }
        };
        self.children.insert(id, room);
        Ok(())
    }

    async fn start_switchboard(
        &mut self,
        supervisor: &ActorRef<Never>,
        index: IndexAtStart,
    ) -> Result<(), ActorProcessingErr> {
        let switchboard = Switchboard::new(Arc::clone(&self.rooms.shared));
        let (actor, _) = Actor::spawn_linked(None, switchboard, index, supervisor.get_cell()).await?;
        self.rooms.shared.switchboard.move_in(actor.clone());
        self.children.insert(actor.get_id(), Room::Switchboard);
        Ok(())
    }
}

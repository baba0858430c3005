//! One start of the house's process: the production rooms, with mailboxes that the simulation serves.
//!
//! What the actors' runtime does in production is done here: letters wait in boxes, one room works at a time, and a
//! room that waits for the log works on when the log has answered. Everything else is the production code: what the
//! switchboard and the channels decide, the alerts, the registrar, the projector, the recovery from the log.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use actors::alarm::HouseAlarm;
use actors::alert::{AlertsShared, Living, Work};
use actors::channel::{self, ChannelMessage, ChannelSettings, not_sent};
use actors::house::{Furnished, Restarts};
use actors::projector::{ProjectorArguments, Published};
use actors::registrar::{Apply, Mint, Registrar};
use actors::shell::Ports;
use actors::switchboard::{self, Located, SwitchboardMessage, locate};
use domain::port::{Clock, Dispatch};
use events::{AlertId, BootId, Journal, JournalError, NodeId, Span, SymptomId};

use tokio::sync::watch;

use super::world::{Answer, Ask, LogLine, Simulated, SimulatedClock, SimulatedKeys};
use actors::meter::Meter;

/// A message on its way to a room.
#[derive(Debug)]
pub enum Letter {
    /// To the switchboard.
    Switchboard(SwitchboardMessage),
    /// To a channel, and in which of its starts; none for whichever it is in.
    Channel(usize, Option<u32>, ChannelMessage),
    /// To the projector: read on.
    Projector,
    /// To the registrar.
    Registrar(Apply),
    /// To an alert.
    Alert(AlertId, Box<Work>),
}

/// A room, by what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    /// Where everything finds its alert.
    Switchboard,
    /// One channel.
    Channel(usize),
    /// Folds the views.
    Projector,
    /// Changes the configuration.
    Registrar,
    /// One alert.
    Alert(AlertId),
}

/// What a process wants of the world.
#[derive(Debug)]
pub enum Effect {
    /// An answer from the log.
    Ask(u64, Ask),
    /// This letter after this long.
    Later(Span, Letter),
    /// This dispatch sent over this channel, which is in this start of its.
    Send(usize, u32, Box<Dispatch>),
    /// An alert has done a piece of work.
    Worked(AlertId),
    /// The house is open.
    Open,
    /// The process has ended itself, because of this.
    Collapsed(String),
}

/// Letters that were written and not yet sorted.
#[derive(Clone, Debug, Default)]
struct Mail(Arc<Mutex<VecDeque<Letter>>>);

impl Mail {
    fn letters(&self) -> MutexGuard<'_, VecDeque<Letter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn post(&self, letter: Letter) {
        self.letters().push_back(letter);
    }
}

enum Finished {
    Started(Result<Box<Furnished<Simulated>>, JournalError>),
    Worked(Box<Living<Simulated>>, Result<(), JournalError>),
    Located(SymptomId, Result<Located, String>),
    CaughtUp(Result<(), JournalError>),
    Applied,
}

type Running = Pin<Box<dyn Future<Output = Finished> + Send>>;

/// A process that runs.
pub struct Node {
    boot: BootId,
    line: LogLine,
    clock: SimulatedClock,
    mail: Mail,
    boxes: BTreeMap<Room, VecDeque<Letter>>,
    /// Rooms with letters that are not at work, in the order in which they became so.
    ready: Vec<Room>,
    busy: BTreeMap<Room, u64>,
    tasks: BTreeMap<u64, Running>,
    tasks_count: u64,
    /// Which task waits for which answer.
    asked: HashMap<u64, u64>,
    mint: Option<Mint>,
    channels: Vec<ChannelSettings>,
    rooms: Option<Rooms>,
    effects: Vec<Effect>,
}

/// The rooms of an open house.
struct Rooms {
    shared: Arc<AlertsShared<Simulated>>,
    published: Published,
    directory: watch::Sender<Arc<domain::directory::Directory>>,
    registrar: Arc<Registrar<Simulated>>,
    desk: switchboard::Desk,
    channels: Vec<ChannelRoom>,
    alerts: BTreeMap<AlertId, Option<Box<Living<Simulated>>>>,
    restarts: Restarts,
}

struct ChannelRoom {
    settings: ChannelSettings,
    desk: channel::Desk,
    start: u32,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node").field("boot", &self.boot).field("ready", &self.ready).finish_non_exhaustive()
    }
}

/// What a process starts with.
pub struct Start {
    /// Its number.
    pub boot: BootId,
    /// The clock, started with it.
    pub clock: SimulatedClock,
    /// The keys.
    pub keys: SimulatedKeys,
    /// Who is told when the log refuses.
    pub alarm: Arc<dyn HouseAlarm>,
    /// The channels.
    pub channels: Vec<ChannelSettings>,
    /// Draws the numbers of new people.
    pub mint: Mint,
}

impl std::fmt::Debug for Start {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Start").field("boot", &self.boot).finish_non_exhaustive()
    }
}

impl Node {
    /// Starts a process: the first thing that it does is to read the log.
    pub fn start(start: Start) -> Self {
        let Start { boot, clock, keys, alarm, channels, mint } = start;
        let line = LogLine::default();
        let journal = Journal::new(line.clone(), keys, NodeId::from("simulated"), boot);
        let ports = Ports { journal, clock: clock.clone(), meter: Arc::new(Meter::default()) };
        let mut node = Self {
            boot,
            line,
            clock,
            mail: Mail::default(),
            boxes: BTreeMap::new(),
            ready: Vec::new(),
            busy: BTreeMap::new(),
            tasks: BTreeMap::new(),
            tasks_count: 0,
            asked: HashMap::new(),
            mint: Some(mint),
            channels: channels.clone(),
            rooms: None,
            effects: Vec::new(),
        };
        let mail = node.mail.clone();
        let furnish = async move {
            let furnished = Furnished::recover(ports, alarm).await;
            if let Ok(furnished) = &furnished {
                connect(furnished, &mail, &channels);
            }
            Finished::Started(furnished.map(Box::new))
        };
        node.run(None, Box::pin(furnish));
        node
    }

    /// Which start it is.
    pub const fn boot(&self) -> BootId {
        self.boot
    }

    /// True once signals are taken.
    pub const fn is_open(&self) -> bool {
        self.rooms.is_some()
    }

    /// Rooms that could work now, in the order in which they became so.
    pub fn ready(&self) -> &[Room] {
        &self.ready
    }

    /// True when no room works and no letter waits.
    pub fn is_at_rest(&self) -> bool {
        self.ready.is_empty() && self.tasks.is_empty()
    }

    /// The clock that it goes by.
    pub const fn clock(&self) -> &SimulatedClock {
        &self.clock
    }

    /// Takes what the process wants of the world by now.
    pub fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Posts a letter from outside.
    pub fn post(&mut self, letter: Letter) {
        self.mail.post(letter);
        self.sort_mail();
    }

    /// Lets the log answer.
    pub fn answer(&mut self, number: u64, answer: Answer) {
        self.line.answer(number, answer);
        if let Some(task) = self.asked.remove(&number) {
            self.poll(task);
        }
    }

    /// Lets one of the rooms that are ready take its next letter.
    pub fn work(&mut self, place: usize) {
        if place >= self.ready.len() {
            return;
        }
        let room = self.ready.remove(place);
        let Some(letter) = self.boxes.get_mut(&room).and_then(VecDeque::pop_front) else { return };
        match letter {
            Letter::Switchboard(message) => self.switchboard(message),
            Letter::Channel(number, start, message) => self.channel(number, start, message),
            Letter::Projector => self.project(),
            Letter::Registrar(apply) => self.register(apply),
            Letter::Alert(alert, work) => self.alert(alert, *work),
        }
        self.make_ready(room);
        self.sort_mail();
    }

    /// The switchboard's index; none before the house is open.
    pub fn index(&self) -> Option<&switchboard::Index> {
        self.rooms.as_ref().map(|rooms| rooms.desk.index())
    }

    /// The views; none before the house is open.
    pub fn published(&self) -> Option<&Published> {
        self.rooms.as_ref().map(|rooms| &rooms.published)
    }

    /// The configuration; none before the house is open.
    pub fn directory(&self) -> Option<Arc<domain::directory::Directory>> {
        self.rooms.as_ref().map(|rooms| rooms.shared.directory.borrow().clone())
    }

    /// Whether it thinks that it is well; none before the house is open.
    pub fn health(&self) -> Option<actors::alarm::Health> {
        self.rooms.as_ref().map(|rooms| rooms.shared.bell.health().borrow().clone())
    }

    /// Every alert that lives and is not at work.
    pub fn living(&self) -> impl Iterator<Item = &Living<Simulated>> {
        self.rooms.iter().flat_map(|rooms| rooms.alerts.values().flatten().map(|living| &**living))
    }

    /// An alert that lives and is not at work.
    pub fn living_alert(&self, alert: AlertId) -> Option<&Living<Simulated>> {
        self.rooms.as_ref()?.alerts.get(&alert)?.as_deref()
    }

    /// The letters that wait, in all boxes.
    pub fn letters_count(&self) -> usize {
        self.boxes.values().map(VecDeque::len).sum()
    }

    /// An alert's actor falls over, with what it is doing and all letters that wait for it.
    pub fn fell_alert(&mut self, place: usize) -> Option<AlertId> {
        let now = self.clock.now();
        let rooms = self.rooms.as_mut()?;
        let alert = *rooms.alerts.keys().nth(place % rooms.alerts.len().max(1))?;
        self.clear(Room::Alert(alert));
        let rooms = self.rooms.as_mut()?;
        rooms.alerts.remove(&alert);
        let acts = rooms.desk.fell(alert, "it was made to fall", now);
        self.carry_out(acts);
        self.sort_mail();
        Some(alert)
    }

    /// A channel's actor falls over, with all that waits in it; it is started again at once.
    pub fn fell_channel(&mut self, number: usize) {
        let now = self.clock.now();
        self.clear(Room::Channel(number));
        if let Some(room) = self.rooms.as_mut().and_then(|rooms| rooms.channels.get_mut(number)) {
            room.desk = channel::Desk::new(room.settings.clone(), now);
            room.start += 1;
        }
    }

    fn clear(&mut self, room: Room) {
        self.boxes.remove(&room);
        self.ready.retain(|ready| *ready != room);
        if let Some(task) = self.busy.remove(&room) {
            self.tasks.remove(&task);
        }
    }

    fn sort_mail(&mut self) {
        loop {
            let Some(letter) = self.mail.letters().pop_front() else { return };
            let room = match &letter {
                Letter::Switchboard(_) => Room::Switchboard,
                Letter::Channel(number, ..) => Room::Channel(*number),
                Letter::Projector => Room::Projector,
                Letter::Registrar(_) => Room::Registrar,
                Letter::Alert(alert, _) => Room::Alert(*alert),
            };
            self.boxes.entry(room).or_default().push_back(letter);
            self.make_ready(room);
        }
    }

    fn make_ready(&mut self, room: Room) {
        let has_letters = self.boxes.get(&room).is_some_and(|letters| !letters.is_empty());
        if has_letters && !self.busy.contains_key(&room) && !self.ready.contains(&room) {
            self.ready.push(room);
        }
        if !has_letters {
            self.boxes.remove(&room);
        }
    }

    fn run(&mut self, room: Option<Room>, task: Running) {
        self.tasks_count += 1;
        let number = self.tasks_count;
        self.tasks.insert(number, task);
        if let Some(room) = room {
            self.busy.insert(room, number);
        }
        self.poll(number);
    }

    fn poll(&mut self, number: u64) {
        let Some(task) = self.tasks.get_mut(&number) else { return };
        let polled = task.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        for (ask, asked) in self.line.asked() {
            self.asked.insert(ask, number);
            self.effects.push(Effect::Ask(ask, asked));
        }
        if let Poll::Ready(finished) = polled {
            self.tasks.remove(&number);
            let room = self.busy.iter().find(|(_, task)| **task == number).map(|(room, _)| *room);
            if let Some(room) = room {
                self.busy.remove(&room);
            }
            self.finish(finished);
            if let Some(room) = room {
                self.make_ready(room);
            }
        }
        self.sort_mail();
    }

    fn finish(&mut self, finished: Finished) {
        match finished {
            Finished::Started(Ok(furnished)) => self.open(*furnished),
            Finished::Started(Err(error)) => {
                self.effects.push(Effect::Collapsed(format!("the log cannot be read: {error}")));
            }
            Finished::Worked(living, Ok(())) => {
                let alert = living.alert();
                if let Some(room) = self.rooms.as_mut().and_then(|rooms| rooms.alerts.get_mut(&alert)) {
                    *room = Some(living);
                }
                self.effects.push(Effect::Worked(alert));
            }
            Finished::Worked(living, Err(error)) => {
                let alert = living.alert();
                self.clear(Room::Alert(alert));
                let now = self.clock.now();
                let Some(rooms) = &mut self.rooms else { return };
                rooms.alerts.remove(&alert);
                let acts = rooms.desk.fell(alert, &error.to_string(), now);
                self.carry_out(acts);
            }
            Finished::Located(symptom, located) => {
                self.mail.post(Letter::Switchboard(SwitchboardMessage::Located { symptom, located }));
            }
            Finished::CaughtUp(Err(error)) => {
                let now = self.clock.now();
                let Some(rooms) = &mut self.rooms else { return };
                if rooms.restarts.is_too_often(now) {
                    self.effects.push(Effect::Collapsed(format!("the projector falls over: {error}")));
                } else {
                    self.mail.post(Letter::Projector);
                }
            }
            Finished::CaughtUp(Ok(())) | Finished::Applied => {}
        }
    }

    fn open(&mut self, furnished: Furnished<Simulated>) {
        let Furnished { shared, published, directory, index, to_reconsider } = furnished;
        let now = self.clock.now();
        let Some(mint) = self.mint.take() else { return };
        let room = |settings: ChannelSettings| ChannelRoom {
            desk: channel::Desk::new(settings.clone(), now),
            settings,
            start: 1,
        };
        self.rooms = Some(Rooms {
            registrar: Arc::new(Registrar::new(Arc::clone(&shared), directory.clone(), mint)),
            directory,
            desk: switchboard::Desk::new(index, to_reconsider),
            channels: self.channels.iter().cloned().map(room).collect(),
            alerts: BTreeMap::new(),
            restarts: Restarts::default(),
            published,
            shared,
        });
        self.mail.post(Letter::Projector);
        self.mail.post(Letter::Switchboard(SwitchboardMessage::ReconsiderMore));
        self.effects.push(Effect::Open);
    }

    fn switchboard(&mut self, message: SwitchboardMessage) {
        let now = self.clock.now();
        if let Some(rooms) = &mut self.rooms {
            let acts = rooms.desk.take(message, now);
            self.carry_out(acts);
        }
    }

    fn carry_out(&mut self, acts: Vec<switchboard::Act>) {
        let now = self.clock.now();
        for act in acts {
            let Some(rooms) = &mut self.rooms else { return };
            match act {
                switchboard::Act::Begin { alert, is_fresh } => {
                    let living = Living::new(alert, is_fresh, Arc::clone(&rooms.shared));
                    rooms.alerts.insert(alert, Some(Box::new(living)));
                }
                switchboard::Act::Give { alert, work } => self.mail.post(Letter::Alert(alert, work)),
                switchboard::Act::End { alert } => {
                    if let Some(Some(mut living)) = rooms.alerts.remove(&alert) {
                        living.rest();
                    }
                }
                switchboard::Act::Locate { symptom } => {
                    let shared = Arc::clone(&rooms.shared);
                    let find = async move {
                        let located = locate(&shared.ports.journal, symptom).await;
                        Finished::Located(symptom, located.map_err(|error| error.to_string()))
                    };
                    self.run(None, Box::pin(find));
                }
                switchboard::Act::Answer { reply, answer } => {
                    // Whoever asked may have gone away.
                    let _ = reply.send(answer);
                }
                switchboard::Act::Ring(trouble) => rooms.shared.bell.ring(trouble),
                switchboard::Act::Wake { at } => {
                    let alarm = Letter::Switchboard(SwitchboardMessage::Alarm { at });
                    self.effects.push(Effect::Later(at.since(now), alarm));
                }
                switchboard::Act::GoOn => {
                    self.mail.post(Letter::Switchboard(SwitchboardMessage::ReconsiderMore));
                }
                switchboard::Act::Rested(reply) => {
                    // Whoever waited may have given up.
                    let _ = reply.send(());
                }
            }
        }
    }

    fn channel(&mut self, number: usize, start: Option<u32>, message: ChannelMessage) {
        let now = self.clock.now();
        let Some(room) = self.rooms.as_mut().and_then(|rooms| rooms.channels.get_mut(number)) else { return };
        if start.is_some_and(|start| start != room.start) {
            return;
        }
        for act in room.desk.take(message, now) {
            match act {
                channel::Act::Send(dispatch) => {
                    self.effects.push(Effect::Send(number, room.start, dispatch));
                }
                channel::Act::Expired(dispatch) => {
                    let message = SwitchboardMessage::reported(&dispatch, not_sent());
                    self.mail.post(Letter::Switchboard(message));
                }
                channel::Act::WakeAfter(span) => {
                    let wake = Letter::Channel(number, Some(room.start), ChannelMessage::Wake);
                    self.effects.push(Effect::Later(span, wake));
                }
                channel::Act::Drained(reply) => {
                    // Whoever waited may have given up.
                    let _ = reply.send(());
                }
            }
        }
    }

    fn project(&mut self) {
        let Some(rooms) = &self.rooms else { return };
        let projector = ProjectorArguments {
            published: rooms.published.clone(),
            shared: Arc::clone(&rooms.shared),
            directory: rooms.directory.clone(),
        };
        let catch_up = async move { Finished::CaughtUp(projector.catch_up().await) };
        self.run(Some(Room::Projector), Box::pin(catch_up));
    }

    fn register(&mut self, apply: Apply) {
        let Some(rooms) = &self.rooms else { return };
        let registrar = Arc::clone(&rooms.registrar);
        let change = async move {
            registrar.answer(apply).await;
            Finished::Applied
        };
        self.run(Some(Room::Registrar), Box::pin(change));
    }

    fn alert(&mut self, alert: AlertId, work: Work) {
        let Some(rooms) = &mut self.rooms else { return };
        let Some(mut living) = rooms.alerts.get_mut(&alert).and_then(Option::take) else { return };
        let handle = async move {
            let handled = living.handle(work).await;
            Finished::Worked(living, handled)
        };
        self.run(Some(Room::Alert(alert)), Box::pin(handle));
    }
}

/// Lets every post of the house lead to the mail.
fn connect(furnished: &Furnished<Simulated>, mail: &Mail, channels: &[ChannelSettings]) {
    let to_switchboard = mail.clone();
    furnished.shared.switchboard.hand_to(move |message| {
        to_switchboard.post(Letter::Switchboard(message));
        true
    });
    let to_projector = mail.clone();
    furnished.shared.commits.projector().hand_to(move |_| {
        to_projector.post(Letter::Projector);
        true
    });
    for (number, settings) in channels.iter().enumerate() {
        let post = actors::post::Post::default();
        let to_channel = mail.clone();
        post.hand_to(move |message| {
            to_channel.post(Letter::Channel(number, None, message));
            true
        });
        furnished.shared.channels.add(settings, post);
    }
}

//! One start of the house's process: the production rooms, with mailboxes that the simulation serves.
//!
//! What the actors' runtime does in production is done here: letters wait in boxes, one room works at a time, and a
//! room that waits for the log works on when the log has answered. Everything else is the production code: what the
//! switchboard and the channels decide, the alerts, the registrar, the projector, the recovery from the log.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use actors::alarm::HouseAlarm;
use actors::alert::{Done, Living};
use actors::channel::{self, ChannelSettings};
use actors::house::Furnished;
use actors::meter::Meter;
use actors::projector::Published;
use actors::registrar::Mint;
use actors::shell::Ports;
use actors::switchboard::{self, Located, SwitchboardMessage};
use domain::ledger::Reading;
use domain::port::Clock;
use events::event::signal::Status;
use events::{AlertId, BootId, DedupKey, Journal, JournalError, NodeId, SourceId, SymptomId};

use super::letter::{Effect, Letter, Mail, Room};
use super::rooms::{Rooms, connect};
use super::world::{Answer, LogLine, Simulated, SimulatedClock, SimulatedKeys};

/// What a task of a process came to.
pub(super) enum Finished {
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
    pub(super) clock: SimulatedClock,
    pub(super) mail: Mail,
    pub(super) boxes: BTreeMap<Room, VecDeque<Letter>>,
    /// Rooms with letters that are not at work, in the order in which they became so.
    ready: Vec<Room>,
    busy: BTreeMap<Room, u64>,
    tasks: BTreeMap<u64, Running>,
    tasks_count: u64,
    /// Which task waits for which answer.
    asked: HashMap<u64, u64>,
    pub(super) mint: Option<Mint>,
    pub(super) channels: Vec<ChannelSettings>,
    pub(super) listens: bool,
    pub(super) rooms: Option<Rooms>,
    pub(super) effects: Vec<Effect>,
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
    /// There are heartbeats to listen to.
    pub listens: bool,
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
        let Start { boot, clock, keys, alarm, channels, listens, mint } = start;
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
            listens,
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
            Letter::Registrar(asked) => self.register(asked),
            Letter::Follower(message) => self.follow(message),
            Letter::Monitor(message) => self.listen(message),
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

    /// A source was told that its signal is taken.
    pub fn told(&self, source: SourceId, dedup_key: DedupKey, status: Status, done: &Done) {
        if let Some(rooms) = &self.rooms {
            rooms.shared.told(source, dedup_key, status, done);
        }
    }

    /// Its own ledger, and whether both sides of it know the same; none before the house is open.
    pub fn ledger(&self) -> Option<(Reading, bool)> {
        let rooms = self.rooms.as_ref()?;
        let keeping = &rooms.shared.keeping;
        let reading = keeping.read(&rooms.published, self.clock.now());
        let is_settled = keeping.ledger().is_settled();
        Some((reading, is_settled))
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

    pub(super) fn sort_mail(&mut self) {
        loop {
            let Some(letter) = self.mail.letters().pop_front() else { return };
            let room = match &letter {
                Letter::Switchboard(_) => Room::Switchboard,
                Letter::Channel(number, ..) => Room::Channel(*number),
                Letter::Projector => Room::Projector,
                Letter::Registrar(_) => Room::Registrar,
                Letter::Follower(_) => Room::Follower,
                Letter::Monitor(_) => Room::Monitor,
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

    pub(super) fn run(&mut self, room: Option<Room>, task: Running) {
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
}

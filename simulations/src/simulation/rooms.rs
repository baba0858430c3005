//! The rooms of an open house: the production code of each, with what follows from it put into letters and wishes.

use std::collections::BTreeMap;
use std::sync::Arc;

use actors::alert::{AlertsShared, Declined, Done, Inbox, Living, Work};
use actors::channel::{self, Breaker, ChannelMessage, ChannelSettings, not_sent, report};
use actors::follower::{self, FollowerMessage, LOOK_EVERY};
use actors::house::{Furnished, Restarts};
use actors::monitor::{MonitorMessage, Monitoring, Say};
use actors::projector::{ProjectorArguments, Published};
use actors::registrar::{Asked, Registrar};
use actors::switchboard::{self, SwitchboardMessage, locate};
use domain::port::Clock;
use events::{AlertId, Span};
use tokio::sync::oneshot::Receiver;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::watch;

use super::letter::{Effect, Letter, Mail, Room};
use super::node::{Finished, Node};
use super::world::Simulated;

/// Less often than in production, where it is every second: a day has too many of them.
const LISTEN_EVERY: Span = Span::from_seconds(5);

/// The rooms of an open house.
pub(super) struct Rooms {
    pub(super) shared: Arc<AlertsShared<Simulated>>,
    pub(super) published: Published,
    pub(super) directory: watch::Sender<Arc<domain::directory::Directory>>,
    pub(super) registrar: Arc<Registrar<Simulated>>,
    pub(super) desk: switchboard::Desk,
    pub(super) channels: Vec<ChannelRoom>,
    pub(super) follower: follower::Desk,
    pub(super) monitor: Monitoring<Simulated>,
    /// What the monitor has told, and the answers to it.
    pub(super) said: Vec<(Say, Receiver<Result<Done, Declined>>)>,
    pub(super) alerts: BTreeMap<AlertId, Option<Box<Living<Simulated>>>>,
    pub(super) restarts: Restarts,
}

/// A channel, and in which of its starts it is.
pub(super) struct ChannelRoom {
    pub(super) settings: ChannelSettings,
    pub(super) desk: channel::Desk,
    pub(super) start: u32,
}

impl Node {
    pub(super) fn open(&mut self, furnished: Furnished<Simulated>) {
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
            follower: follower::Desk::default(),
            monitor: Monitoring::new(Arc::clone(&shared)),
            said: Vec::new(),
            alerts: BTreeMap::new(),
            restarts: Restarts::default(),
            published,
            shared,
        });
        self.mail.post(Letter::Projector);
        self.mail.post(Letter::Switchboard(SwitchboardMessage::ReconsiderMore));
        self.mail.post(Letter::Follower(FollowerMessage::Look));
        if self.listens {
            self.mail.post(Letter::Monitor(MonitorMessage::Look));
        }
        self.effects.push(Effect::Open);
    }

    pub(super) fn switchboard(&mut self, message: SwitchboardMessage) {
        let now = self.clock.now();
        if let Some(rooms) = &mut self.rooms {
            let acts = rooms.desk.take(message, now);
            self.carry_out(acts);
        }
    }

    pub(super) fn carry_out(&mut self, acts: Vec<switchboard::Act>) {
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
                switchboard::Act::Book { alert, before, after } => {
                    rooms.shared.book(alert, before.as_ref(), &after);
                }
                switchboard::Act::BookAside { alert, before } => {
                    rooms.shared.set_aside(alert, before.as_ref());
                }
                switchboard::Act::Ring(trouble) => rooms.shared.bell.ring(trouble),
                switchboard::Act::Wake { at } => {
                    let alarm = Letter::Switchboard(SwitchboardMessage::Alarm { at });
                    self.effects.push(Effect::Later(at.since(now), alarm));
                }
                switchboard::Act::LookAhead { is_turn } => {
                    let Some(rooms) = &self.rooms else { continue };
                    let directory = Arc::clone(&rooms.shared.directory.borrow());
                    let now = self.clock.now();
                    let ahead = switchboard::Ahead::of(&directory, &rooms.published.board(), now);
                    self.mail.post(Letter::Switchboard(SwitchboardMessage::Ahead { is_turn, ahead }));
                }
                switchboard::Act::Decide(staying) => {
                    self.mail.post(Letter::Registrar(Asked::of_house(staying)));
                }
                switchboard::Act::Rested(reply) => {
                    // Whoever waited may have given up.
                    let _ = reply.send(());
                }
            }
        }
    }

    pub(super) fn channel(&mut self, number: usize, start: Option<u32>, message: ChannelMessage) {
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
                channel::Act::NotSent(dispatch, reason) => {
                    for message in report::reports(&dispatch, not_sent(reason)) {
                        self.mail.post(Letter::Switchboard(message));
                    }
                }
                channel::Act::Held(dispatch, hold) => {
                    self.mail.post(Letter::Switchboard(report::held(&dispatch, hold)));
                }
                channel::Act::SettleAfter(together, span) => {
                    let settle = Letter::Channel(number, Some(room.start), ChannelMessage::Settle(together));
                    self.effects.push(Effect::Later(span, settle));
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

    pub(super) fn follow(&mut self, message: FollowerMessage) {
        let now = self.clock.now();
        let Some(rooms) = &mut self.rooms else { return };
        if matches!(message, FollowerMessage::Look) {
            rooms.shared.look_at_ledger();
        }
        let published = rooms.published.clone();
        let board = published.board();
        let reached = board.reached();
        let mut asks = Vec::new();
        match message {
            FollowerMessage::Look => {
                self.effects.push(Effect::Later(LOOK_EVERY, Letter::Follower(FollowerMessage::Look)));
            }
            FollowerMessage::Called { receipt } => {
                asks.extend(rooms.follower.look(reached.ringing(now), now));
                rooms.follower.called(&receipt);
            }
            FollowerMessage::Heard { receipt, news } => {
                let directory = Arc::clone(&rooms.shared.directory.borrow());
                let ringing = reached.with_receipt(&receipt);
                for order in rooms.follower.heard(&receipt, news, ringing, &directory) {
                    self.mail.post(Letter::Switchboard(follower::work(order)));
                }
            }
        }
        asks.extend(rooms.follower.look(reached.ringing(now), now));
        self.effects.extend(asks.into_iter().map(Effect::Inquire));
    }

    pub(super) fn listen(&mut self, message: MonitorMessage) {
        let Some(rooms) = &mut self.rooms else { return };
        if matches!(message, MonitorMessage::Look) {
            self.effects.push(Effect::Later(LISTEN_EVERY, Letter::Monitor(MonitorMessage::Look)));
        }
        let mut says = Vec::new();
        for (say, mut answer) in std::mem::take(&mut rooms.said) {
            let is_durable = match answer.try_recv() {
                Ok(answer) => answer.is_ok(),
                Err(TryRecvError::Closed) => false,
                Err(TryRecvError::Empty) => {
                    rooms.said.push((say, answer));
                    continue;
                }
            };
            let Say { source, status, .. } = say;
            says.extend(rooms.monitor.take(MonitorMessage::Told { source, status, is_durable }));
        }
        says.extend(rooms.monitor.take(message));
        for say in says {
            let (incoming, answer) = rooms.monitor.incoming(&say);
            rooms.said.push((say, answer));
            self.mail.post(Letter::Switchboard(SwitchboardMessage::Signal(Box::new(incoming))));
        }
    }

    /// How a channel's provider has answered lately, and how many calls of it are under way.
    pub(super) fn breaker(&self, number: usize) -> Option<(Breaker, u32)> {
        let desk = &self.rooms.as_ref()?.channels.get(number)?.desk;
        Some((*desk.breaker(), desk.under_way_count()))
    }

    pub(super) fn project(&mut self) {
        let Some(rooms) = &self.rooms else { return };
        let projector = ProjectorArguments {
            published: rooms.published.clone(),
            shared: Arc::clone(&rooms.shared),
            directory: rooms.directory.clone(),
        };
        let catch_up = async move { Finished::CaughtUp(projector.catch_up().await) };
        self.run(Some(Room::Projector), Box::pin(catch_up));
    }

    pub(super) fn register(&mut self, asked: Asked) {
        let Some(rooms) = &self.rooms else { return };
        let registrar = Arc::clone(&rooms.registrar);
        let change = async move {
            registrar.answer(asked).await;
            Finished::Applied
        };
        self.run(Some(Room::Registrar), Box::pin(change));
    }

    /// What waits for an alert is put into its inbox; what it does not take at once waits on.
    pub(super) fn alert(&mut self, alert: AlertId, work: Work) {
        let Some(rooms) = &mut self.rooms else { return };
        let Some(mut living) = rooms.alerts.get_mut(&alert).and_then(Option::take) else { return };
        let inbox = Inbox::default();
        inbox.put(work);
        for letter in self.boxes.remove(&Room::Alert(alert)).unwrap_or_default() {
            if let Letter::Alert(_, work) = letter {
                inbox.put(*work);
            }
        }
        let work = inbox.take();
        let later = std::iter::repeat_with(|| inbox.take()).take_while(|work| !work.is_empty()).flatten();
        let later = later.map(|work| Letter::Alert(alert, Box::new(work))).collect();
        self.boxes.insert(Room::Alert(alert), later);
        let handle = async move {
            let handled = living.handle_all(work).await;
            Finished::Worked(living, handled)
        };
        self.run(Some(Room::Alert(alert)), Box::pin(handle));
    }
}

/// Lets every post of the house lead to the mail.
pub(super) fn connect(furnished: &Furnished<Simulated>, mail: &Mail, channels: &[ChannelSettings]) {
    let to_switchboard = mail.clone();
    furnished.shared.switchboard.hand_to(move |message| {
        to_switchboard.post(Letter::Switchboard(message));
        true
    });
    let to_registrar = mail.clone();
    furnished.shared.registrar.hand_to(move |asked| {
        to_registrar.post(Letter::Registrar(asked));
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

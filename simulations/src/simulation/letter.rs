//! Letters between the rooms of a house, and what a house wants of the world.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actors::alert::Work;
use actors::channel::ChannelMessage;
use actors::follower::{Ask as Question, FollowerMessage};
use actors::monitor::MonitorMessage;
use actors::registrar::Asked;
use actors::switchboard::SwitchboardMessage;
use domain::port::Dispatch;
use events::{AlertId, Span};

use super::world::Ask;

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
    Registrar(Asked),
    /// To whoever follows what rings.
    Follower(FollowerMessage),
    /// To whoever listens to heartbeats.
    Monitor(MonitorMessage),
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
    /// Follows what rings.
    Follower,
    /// Listens to heartbeats.
    Monitor,
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
    /// A provider asked about what rings.
    Inquire(Question),
    /// An alert has done a piece of work.
    Worked(AlertId),
    /// The house is open.
    Open,
    /// The process has ended itself, because of this.
    Collapsed(String),
}

/// Letters that were written and not yet sorted.
#[derive(Clone, Debug, Default)]
pub(super) struct Mail(Arc<Mutex<VecDeque<Letter>>>);

impl Mail {
    pub(super) fn letters(&self) -> MutexGuard<'_, VecDeque<Letter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn post(&self, letter: Letter) {
        self.letters().push_back(letter);
    }
}

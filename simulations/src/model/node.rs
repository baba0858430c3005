//! One node: what it has read, what it is doing, and what its channel holds.

use std::sync::{Arc, LazyLock};

use domain::alert::Here;
use domain::alert::limit::SEND_TIMEOUT_MAX;
use domain::port::{Dispatch, Errand};
use events::{BootId, NodeId, Span, Timestamp};

use super::history::History;

/// How many nodes there are.
pub const NODES: usize = 2;

/// A node of the next rank acts on a deadline this much later.
const RANK_DELAY: Span = Span::from_seconds(2);

/// One node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    /// Whether it runs.
    pub condition: Condition,
    /// In which of its starts.
    pub boot: u8,
    /// What it has read of the log: its state is the fold of that.
    pub view: History,
    /// The append that it waits for.
    pub doing: Option<Appending>,
    /// What its channel is to send.
    pub queue: Vec<Post>,
    /// What its channel is sending.
    pub under_way: Vec<UnderWay>,
}

/// Whether a node runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// It works.
    Up,
    /// It stands still and does not know.
    Paused,
    /// Its process has ended.
    Down,
}

/// What can be asked of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asked {
    /// The source says that something is wrong.
    Signal,
    /// Anna takes it.
    Acknowledge,
    /// Its channel reports.
    Report(Reported),
    /// Time passed.
    Tick,
}

/// What a channel reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reported {
    /// About which attempt.
    pub attempt: u32,
    /// It was to be stopped, not to be sent.
    pub is_recall: bool,
    /// After which it was not to be sent any more: which of several recalls it was.
    pub expires_at: Timestamp,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a dispatch, as the channel sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The provider took it.
    Accepted,
    /// The provider will never take it.
    Refused,
    /// The provider has a fault, and has not sent it.
    Failed,
    /// It waited too long and was not sent.
    Expired,
    /// No answer came in time.
    Timeout,
}

/// An append that is under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Appending {
    /// What led to it.
    pub asked: Asked,
    /// The history as it will be: what was read, and the batch.
    pub wanted: History,
    /// The log's answer was lost, and the identical batch is given to it again.
    pub again: bool,
}

/// A dispatch in the queue of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Post {
    /// Which attempt.
    pub attempt: u32,
    /// It stops what rings.
    pub is_recall: bool,
    /// It says that it is a repeat.
    pub repeat: bool,
    /// Where to.
    pub address: Arc<str>,
    /// After this it is not sent.
    pub expires_at: Timestamp,
}

/// A dispatch that the channel has sent, and whose answer it awaits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnderWay {
    /// Which attempt.
    pub attempt: u32,
    /// It stops what rings.
    pub is_recall: bool,
    /// After this it would not have been sent.
    pub expires_at: Timestamp,
    /// What the provider will answer; nothing while it has not got it.
    pub answer: Option<Verdict>,
    /// Since when.
    pub since: Timestamp,
}

impl Node {
    /// A node that has just started and read nothing.
    pub fn fresh() -> Self {
        Self {
            condition: Condition::Up,
            boot: 1,
            view: History::default(),
            doing: None,
            queue: Vec::new(),
            under_way: Vec::new(),
        }
    }

    /// True while it works.
    pub fn is_at_work(&self) -> bool {
        self.condition == Condition::Up
    }

    /// True while it works and waits for no append.
    pub fn is_idle(&self) -> bool {
        self.is_at_work() && self.doing.is_none()
    }

    /// When node `number` acts on what it knows.
    pub fn acts_at(&self, number: usize) -> Option<Timestamp> {
        Some(self.view.alert().next_deadline_at(&here(number, self.boot))? + delay(number))
    }

    /// True when it has something in hand, or something is due. A process that ends or stands still earlier makes no
    /// difference before that.
    pub fn has_work(&self, number: usize, now: Timestamp) -> bool {
        let has_in_hand = self.doing.is_some() || !self.queue.is_empty() || !self.under_way.is_empty();
        has_in_hand || self.acts_at(number).is_some_and(|at| at <= now)
    }

    /// Its process ends: what was in memory is gone.
    pub fn end(&mut self) {
        *self = Self { condition: Condition::Down, boot: self.boot, ..Self::fresh() };
    }
}

impl UnderWay {
    /// True when its channel has an answer, or waits no longer.
    pub fn is_to_be_heard(&self, now: Timestamp) -> bool {
        self.answer.is_some() || self.since + SEND_TIMEOUT_MAX <= now
    }
}

impl Post {
    /// What a channel needs to know of a dispatch.
    pub fn of(dispatch: Dispatch) -> Self {
        let repeat = match &dispatch.errand {
            Errand::Page(notice) => notice.repeat,
            Errand::Recall { .. } => false,
        };
        Self {
            attempt: dispatch.attempt.attempt,
            is_recall: matches!(dispatch.errand, Errand::Recall { .. }),
            repeat,
            address: dispatch.address.into(),
            expires_at: dispatch.expires_at,
        }
    }
}

/// Node `number` in its start `boot`.
pub fn here(number: usize, boot: u8) -> Here {
    static NAMES: LazyLock<[NodeId; NODES]> = LazyLock::new(|| [name(0).into(), name(1).into()]);
    Here { node: NAMES[number].clone(), boot: BootId(boot.into()) }
}

/// What node `number` is called.
pub const fn name(number: usize) -> &'static str {
    if number == 0 { "a" } else { "b" }
}

/// How much later than due node `number` acts.
pub fn delay(number: usize) -> Span {
    RANK_DELAY.times(u64::try_from(number).unwrap_or(u64::MAX))
}

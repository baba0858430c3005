//! Everything there is at one moment: the log, the nodes, the world, and what went wrong so far.

use std::sync::Arc;

use domain::alert::limit::SEND_TIMEOUT_MAX;
use events::Timestamp;

use super::bounds::Bounds;
use super::chronicle::Stage;
use super::history::History;
use super::house::START;
use super::invariant::{Broken, Invariant};
use super::node::{NODES, Node, Post, delay, here};

/// One state of the model.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// The one log.
    pub log: History,
    /// The one clock.
    pub now: Timestamp,
    /// The nodes, by rank.
    pub nodes: [Node; NODES],
    /// Sends that are still on their way to the provider.
    pub slow: Vec<Packet>,
    /// Appends whose sender has ended, and that may still reach the log.
    pub stray: Vec<History>,
    /// What the provider was asked to send, in order.
    pub arrivals: Vec<Arrival>,
    /// The source was told that its signal is durable.
    pub is_accepted: bool,
    /// What went wrong or was asked so far.
    pub spent: Spent,
    /// What was broken on the way.
    pub broken: Broken,
}

/// How often something happened that is bounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Spent {
    /// Signals.
    pub signals: u8,
    /// Acknowledgements.
    pub acknowledgements: u8,
    /// Processes that ended.
    pub crashes: u8,
    /// Processes that stood still.
    pub pauses: u8,
    /// What was lost or late.
    pub losses: u8,
    /// Faults of the provider.
    pub failures: u8,
    /// Refusals of the provider.
    pub refusals: u8,
}

/// A send between a node and the provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Packet {
    /// From which node.
    pub node: usize,
    /// In which of its starts.
    pub boot: u8,
    /// Which attempt.
    pub attempt: u32,
    /// It stops what rings.
    pub is_recall: bool,
    /// It says that it is a repeat.
    pub repeat: bool,
    /// Where to.
    pub address: Arc<str>,
}

/// A page that reached the provider: the person is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Arrival {
    /// Which attempt.
    pub attempt: u32,
    /// What was planned by it: the page, the rung, which of its sends.
    pub send: (u32, u32, u32),
}

impl State {
    /// Nothing has happened, and both nodes run.
    pub fn first() -> Self {
        Self {
            log: History::default(),
            now: START,
            nodes: [Node::fresh(), Node::fresh()],
            slow: Vec::new(),
            stray: Vec::new(),
            arrivals: Vec::new(),
            is_accepted: false,
            spent: Spent::default(),
            broken: Broken::default(),
        }
    }

    /// True while some node works.
    pub fn is_somebody_at_work(&self) -> bool {
        self.nodes.iter().any(Node::is_at_work)
    }

    /// True while a node at work has something to do now. Time does not pass: a node that is slow is one that
    /// stands still.
    pub fn is_busy(&self) -> bool {
        (0..NODES).any(|number| {
            let node = &self.nodes[number];
            node.is_at_work()
                && (node.doing.is_some()
                    || !node.queue.is_empty()
                    || node.view != self.log
                    || node.acts_at(number).is_some_and(|at| at <= self.now)
                    || node.under_way.iter().any(|send| send.is_to_be_heard(self.now)))
        })
    }

    /// The next moment at which something can be different.
    pub fn next_moment(&self) -> Option<Timestamp> {
        let deadline = self.log.alert().next_deadline_at(&here(0, self.nodes[0].boot));
        let by_rank = (0..NODES).filter_map(|number| Some(deadline? + delay(number)));
        let own = (0..NODES).filter(|&number| self.nodes[number].is_at_work());
        let own = own.filter_map(|number| self.nodes[number].acts_at(number));
        let sends =
            self.nodes.iter().flat_map(|node| &node.under_way).map(|send| send.since + SEND_TIMEOUT_MAX);
        by_rank.chain(own).chain(sends).filter(|&at| at > self.now).min()
    }

    /// True when nothing more is going to be done by itself before the horizon.
    pub fn is_end(&self, bounds: &Bounds) -> bool {
        let horizon = START + bounds.horizon;
        !self.is_busy() && self.is_somebody_at_work() && self.next_moment().is_none_or(|at| at > horizon)
    }

    /// How many processes ended or stood still and how many messages were lost.
    pub fn faults(&self) -> usize {
        usize::from(self.spent.crashes) + usize::from(self.spent.pauses) + usize::from(self.spent.losses)
    }

    /// The provider has it.
    pub fn arrive(&mut self, packet: &Packet) {
        let chronicle = self.log.chronicle();
        if packet.is_recall {
            self.broken.unless(chronicle.has_recalled(packet.attempt), Invariant::IntentFirst);
            return;
        }
        let is_intended = chronicle.has_started(packet.attempt, &here(packet.node, packet.boot));
        self.broken.unless(is_intended, Invariant::IntentFirst);
        let Some(send) = chronicle.send_of(packet.attempt) else { return };
        let is_right = chronicle.address_of(packet.attempt) == Some(&*packet.address);
        self.broken.unless(is_right, Invariant::RightAddress);
        let before = || self.arrivals.iter().filter(|arrival| arrival.send == send);
        let may_be_second = before().any(|arrival| arrival.attempt < packet.attempt);
        self.broken.unless(!may_be_second || packet.repeat, Invariant::RepeatSaysSo);
        let is_first = before().all(|arrival| arrival.attempt != packet.attempt);
        let is_explained = before().count() <= chronicle.unknown_count(send).min(self.faults());
        self.broken.unless(is_first && is_explained, Invariant::BoundedDuplicates);
        self.arrivals.push(Arrival { attempt: packet.attempt, send });
    }

    /// True when one planned send reached the provider twice.
    pub fn has_duplicate(&self) -> bool {
        let twice = |(place, arrival): (usize, &Arrival)| {
            self.arrivals[..place].iter().any(|before| before.send == arrival.send)
        };
        self.arrivals.iter().enumerate().any(twice)
    }

    /// True when somebody has it and a page about it waits to be sent.
    pub fn has_overtaken_send(&self) -> bool {
        let is_page = |post: &Post| !post.is_recall;
        matches!(self.log.chronicle().stage, Stage::Acknowledged(..))
            && self.nodes.iter().any(|node| node.queue.iter().any(is_page))
    }

    /// True when a channel holds a page back because it has waited too long.
    pub fn has_held_back(&self) -> bool {
        (0..NODES).any(|number| self.nodes[number].is_at_work() && self.is_first_stale(number))
    }

    /// True when a node whose answer was lost hands the log what is there already.
    pub fn has_lost_reply(&self) -> bool {
        let mut doing = self.nodes.iter().filter_map(|node| node.doing.as_ref());
        doing.any(|doing| doing.again && doing.wanted.is_prefix_of(&self.log))
    }

    /// True when a node has decided and another wrote first: it will decide again.
    pub fn has_overtaken_append(&self) -> bool {
        let mut doing = self.nodes.iter().filter_map(|node| node.doing.as_ref());
        doing.any(|doing| !doing.again && doing.wanted.before().version() < self.log.version())
    }
}

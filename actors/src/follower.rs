//! Follows what rings or can be answered: asks its provider whether somebody has acknowledged it there, or what they have
//! answered, and watches what the providers' accounts have left. What is heard becomes an order to the alert like any other; nothing is believed that was not
//! asked for, and nothing is kept: what rings stands in the log.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use domain::alert::Order;
use domain::port::{Channel, Clock, News};
use events::event::person::ChannelKind;
use events::{AlertId, Author, Cause, ChannelId, Span};
use ractor::{Actor, ActorProcessingErr, ActorRef};

use crate::alert::{AlertsShared, Work};
use crate::shell::{Provenance, World};
use crate::switchboard::SwitchboardMessage;

pub use desk::{ASK_EVERY, ASK_EVERY_MIN, Ask, Desk};

mod desk;

/// How often it looks at what rings.
pub const LOOK_EVERY: Span = Span::from_seconds(5);

/// What the follower is told.
#[derive(Debug)]
pub enum FollowerMessage {
    /// It is time to look at what rings.
    Look,
    /// Somebody who may be the provider says that there is news of this.
    Called {
        /// The provider's handle.
        receipt: String,
    },
    /// A provider was asked.
    Heard {
        /// About what.
        receipt: String,
        /// What it said; none when nothing was learnt.
        news: Option<News>,
    },
}

/// What is heard of an alert, as work for it.
pub fn work((alert, order): (AlertId, Order)) -> SwitchboardMessage {
    let by = match &order {
        Order::Acknowledge { by, .. } | Order::Answer { by, .. } => by.clone(),
        _ => Author::House,
    };
    let provenance = Provenance { by, cause: Cause::Deadline };
    SwitchboardMessage::Order {
        alert,
        work: Box::new(Work { order, provenance, accepted_at: None, reply: None }),
    }
}

/// A configured channel, as far as it is asked.
#[derive(Debug)]
pub struct Line<C> {
    /// Its name in the boot configuration.
    pub id: ChannelId,
    /// Its kind.
    pub kind: ChannelKind,
    /// The channel.
    pub channel: Arc<C>,
}

impl<C> Clone for Line<C> {
    fn clone(&self) -> Self {
        Self { id: self.id.clone(), kind: self.kind, channel: Arc::clone(&self.channel) }
    }
}

/// The actor: carries out what the [`Desk`] says.
#[derive(Debug)]
pub struct Follower<W, C>(PhantomData<fn() -> (W, C)>);

impl<W, C> Default for Follower<W, C> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

/// What the follower starts with, and what it has noted.
#[derive(Debug)]
pub struct Following<W: World, C> {
    shared: Arc<AlertsShared<W>>,
    lines: Vec<Line<C>>,
    desk: Desk,
}

impl<W: World, C> Following<W, C> {
    /// Asks over these channels, in order.
    pub fn new(shared: Arc<AlertsShared<W>>, lines: Vec<Line<C>>) -> Self {
        Self { shared, lines, desk: Desk::default() }
    }
}

impl<W: World, C: Channel> Actor for Follower<W, C> {
    type Msg = FollowerMessage;
    type State = Following<W, C>;
    type Arguments = Following<W, C>;

    async fn pre_start(
        &self,
        myself: ActorRef<FollowerMessage>,
        following: Following<W, C>,
    ) -> Result<Following<W, C>, ActorProcessingErr> {
        myself.send_interval(Duration::from(LOOK_EVERY), || FollowerMessage::Look);
        Ok(following)
    }

    async fn handle(
        &self,
        myself: ActorRef<FollowerMessage>,
        message: FollowerMessage,
        following: &mut Following<W, C>,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            FollowerMessage::Look => following.look_at_accounts(),
            FollowerMessage::Called { receipt } => {
                // It may have begun to ring just now.
                following.look(&myself);
                following.desk.called(&receipt);
            }
            FollowerMessage::Heard { receipt, news } => following.hear(&receipt, news),
        }
        following.look(&myself);
        Ok(())
    }
}

impl<W: World, C: Channel> Following<W, C> {
    fn look(&mut self, myself: &ActorRef<FollowerMessage>) {
        let now = self.shared.ports.clock.now();
        let asks = self.desk.look(self.shared.published.board().reached().ringing(now), now);
        for Ask { receipt, handle, channel, via, within } in asks {
            let mut of_kind = self.lines.iter().filter(|line| line.kind == channel);
            let line = of_kind.find(|line| via.as_ref().is_none_or(|via| *via == line.id)).cloned();
            let myself = myself.clone();
            tokio::spawn(async move {
                let news = match line {
                    Some(line) => {
                        let asked = tokio::time::timeout(Duration::from(within), line.channel.ask(&handle));
                        asked.await.ok().flatten()
                    }
                    // The channel was taken out of the configuration while something rang.
                    None => None,
                };
                // The follower ends only with the house, or is started again and asks again.
                let _ = myself.send_message(FollowerMessage::Heard { receipt, news });
            });
        }
    }

    fn hear(&mut self, receipt: &str, news: Option<News>) {
        let directory = Arc::clone(&self.shared.directory.borrow());
        let board = self.shared.published.board();
        let orders = self.desk.heard(receipt, news, board.reached().with_receipt(receipt), &directory);
        drop(board);
        for order in orders {
            self.shared.switchboard.send(work(order));
        }
    }

    fn look_at_accounts(&mut self) {
        for Line { id, channel, .. } in &self.lines {
            if let Some(trouble) = self.desk.account(id, channel.limits()) {
                self.shared.bell.ring(trouble);
            }
        }
    }
}

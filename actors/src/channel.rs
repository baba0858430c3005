//! One configured channel: its rate limit, its breaker, and who is told what became of a dispatch.
//!
//! What waits too long here is reported as not sent, and never sent late: the alert has gone on by then. What carriers
//! would drop is put off instead, and comes again when its address may be written to; what comes again together goes
//! out as one message.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::port::{Channel, Clock, Dispatch, Errand, Fate, Hold, Outbox, Report};
use domain::providers::Providers;
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use events::{ChannelId, Span, Timestamp};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::oneshot;

use crate::alert::AlertsShared;
use crate::post::Post;
use crate::shell::World;
use crate::switchboard::SwitchboardMessage;

pub use breaker::Breaker;
pub use desk::{Act, Desk, QUEUE_DISPATCHES_MAX};
pub use gathering::{GATHER, Together};
pub use pace::Pace;
pub use silence::{SILENCE_PAUSE, SILENCES, SILENCES_PER_CONTACT_MAX};

mod breaker;
mod desk;
mod gathering;
pub mod pace;
pub mod queue;
pub mod report;
mod silence;

/// A channel that does not keep its own time limit loses its place this much later.
pub const OVERTIME: Span = Span::from_seconds(1);

/// How a channel is used.
#[derive(Clone, Debug)]
pub struct ChannelSettings {
    /// Its name in the boot configuration.
    pub id: ChannelId,
    /// What kind of addresses it takes.
    pub kind: ChannelKind,
    /// How many dispatches a second in the long run; more than 0.
    pub per_second: f64,
    /// How many at once after a rest; 1 or more.
    pub burst: u32,
    /// How many are under way at the same time; 1 or more.
    pub concurrent_max: u32,
    /// How long one send may take.
    pub timeout: Span,
    /// Within what time its provider reports that a page has arrived; none when it never does.
    pub reports_within: Option<Span>,
    /// How much one address is sent.
    pub pace: Pace,
}

impl ChannelSettings {
    /// What became of a dispatch, with the moment by which its provider is to report on it.
    pub fn expect_report(&self, dispatch: &Dispatch, report: Report, now: Timestamp) -> Report {
        let may_arrive = matches!(report.outcome, Outcome::Accepted | Outcome::Unknown(_));
        let within = self.reports_within.filter(|_| may_arrive && matches!(dispatch.errand, Errand::Page(_)));
        Report { report_by: report.report_by.or(within.map(|within| now + within)), ..report }
    }
}

/// Every configured channel, in order. Posting finds the right one.
#[derive(Clone, Debug)]
pub struct Channels {
    posts: Arc<RwLock<BTreeMap<ChannelKind, Vec<Named>>>>,
    providers: Arc<RwLock<Arc<Providers>>>,
    switchboard: Post<SwitchboardMessage>,
    /// What the log says was sent in the last hour.
    sent: Arc<[SentBefore]>,
}

/// A message that went out before this start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentBefore {
    /// Over which kind of channel.
    pub kind: ChannelKind,
    /// Over which of them; the first when nothing is said.
    pub via: Option<ChannelId>,
    /// To which address.
    pub address: String,
    /// When it was known to have gone out.
    pub at: Timestamp,
}

/// A channel's name and where it lives.
type Named = (ChannelId, Post<ChannelMessage>);

impl Channels {
    /// No channels yet; reports go to the switchboard, and this was sent before.
    pub fn new(switchboard: Post<SwitchboardMessage>, sent: Vec<SentBefore>) -> Self {
        Self { posts: Arc::default(), providers: Arc::default(), switchboard, sent: sent.into() }
    }

    /// One more channel, which remembers what it has sent before.
    pub fn add(&self, settings: &ChannelSettings, post: Post<ChannelMessage>) {
        let mut posts = self.posts.write().unwrap_or_else(PoisonError::into_inner);
        let of_kind = posts.entry(settings.kind).or_default();
        let is_first = of_kind.is_empty();
        of_kind.push((settings.id.clone(), post));
        for sent in self.sent.iter().filter(|sent| sent.kind == settings.kind) {
            if sent.via.as_ref().map_or(is_first, |via| *via == settings.id) {
                settings.pace.recall(&sent.address, sent.at);
            }
        }
        let mut providers = self.providers.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut providers).add(settings.kind, settings.id.clone());
    }

    /// Which channels there are, in order.
    pub fn providers(&self) -> Arc<Providers> {
        Arc::clone(&self.providers.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Every channel's post.
    pub fn posts(&self) -> Vec<Post<ChannelMessage>> {
        let posts = self.posts.read().unwrap_or_else(PoisonError::into_inner);
        posts.values().flatten().map(|(_, post)| post.clone()).collect()
    }

    fn find(&self, kind: ChannelKind, via: Option<&ChannelId>) -> Option<Post<ChannelMessage>> {
        let posts = self.posts.read().unwrap_or_else(PoisonError::into_inner);
        let mut of_kind = posts.get(&kind)?.iter();
        let found = of_kind.find(|(id, _)| via.is_none_or(|via| via == id))?;
        Some(found.1.clone())
    }
}

impl Outbox for Channels {
    fn post(&self, dispatch: Dispatch) {
        if let Some(post) = self.find(dispatch.channel, dispatch.via.as_ref()) {
            post.send(ChannelMessage::Send(Box::new(dispatch)));
        } else {
            let detail = match &dispatch.via {
                Some(via) => via.to_string(),
                None => dispatch.channel.as_str().to_owned(),
            };
            let report = Report { detail, ..Report::bare(Outcome::Refused(Reason::NoChannel)) };
            self.switchboard.send(SwitchboardMessage::reported(&dispatch, report));
        }
    }

    fn heard(&self, fate: Fate) {
        if let Some(post) = self.find(fate.channel, fate.via.as_ref()) {
            post.send(ChannelMessage::Heard(Box::new(fate)));
        }
    }
}

/// What a channel is told.
#[derive(Debug)]
pub enum ChannelMessage {
    /// Send this.
    Send(Box<Dispatch>),
    /// One send is done.
    Sent {
        /// A fault of the connection or the provider; none when it went through, whatever the answer was.
        fault: Option<Reason>,
    },
    /// What became of something that its provider took.
    Heard(Box<Fate>),
    /// There may be room for the next one now.
    Wake,
    /// What was put off has come again by now: it goes out.
    Settle(Together),
    /// Send nothing more, and say so once nothing is under way.
    Drain(oneshot::Sender<()>),
}

/// The actor.
#[derive(Debug)]
pub struct ChannelActor<W: World, C> {
    channel: Arc<C>,
    shared: Arc<AlertsShared<W>>,
}

impl<W: World, C: Channel> ChannelActor<W, C> {
    /// An actor that sends over `channel`.
    pub const fn new(channel: Arc<C>, shared: Arc<AlertsShared<W>>) -> Self {
        Self { channel, shared }
    }
}

impl<W: World, C: Channel> Actor for ChannelActor<W, C> {
    type Msg = ChannelMessage;
    type State = Desk;
    type Arguments = ChannelSettings;

    async fn pre_start(
        &self,
        _myself: ActorRef<ChannelMessage>,
        settings: ChannelSettings,
    ) -> Result<Desk, ActorProcessingErr> {
        Ok(Desk::new(settings, self.shared.ports.clock.now()))
    }

    async fn handle(
        &self,
        myself: ActorRef<ChannelMessage>,
        message: ChannelMessage,
        desk: &mut Desk,
    ) -> Result<(), ActorProcessingErr> {
        let acts = desk.take(message, self.shared.ports.clock.now());
        self.shared.ports.meter.breakers.set(&desk.settings().id, desk.breaker());
        for act in acts {
            match act {
                Act::Send(dispatch) => self.send(&myself, desk.settings(), dispatch),
                Act::NotSent(dispatch, reason) => self.not_sent(desk.settings(), &dispatch, reason),
                Act::Held(dispatch, hold) => self.held(&dispatch, hold),
                Act::SettleAfter(together, span) => {
                    myself.send_after(Duration::from(span), || ChannelMessage::Settle(together));
                }
                Act::WakeAfter(span) => {
                    myself.send_after(Duration::from(span), || ChannelMessage::Wake);
                }
                Act::Drained(reply) => {
                    // Whoever waited may have given up.
                    let _ = reply.send(());
                }
            }
        }
        Ok(())
    }
}

impl<W: World, C: Channel> ChannelActor<W, C> {
    fn send(&self, myself: &ActorRef<ChannelMessage>, settings: &ChannelSettings, dispatch: Box<Dispatch>) {
        let (channel, shared, myself) = (Arc::clone(&self.channel), Arc::clone(&self.shared), myself.clone());
        let (settings, within) = (settings.clone(), settings.timeout + OVERTIME);
        if !dispatch.with.is_empty() {
            self.shared.ports.meter.digests.increase();
        }
        tokio::spawn(async move {
            let guard = Unreported { myself, fault: Some(Reason::Interrupted) };
            let report = tokio::time::timeout(Duration::from(within), channel.send(&dispatch)).await;
            let report = report.unwrap_or_else(|_| Report::bare(Outcome::Unknown(Reason::Timeout)));
            let report = settings.expect_report(&dispatch, report, shared.ports.clock.now());
            shared.ports.meter.attempts.count(settings.id.as_str(), &report.outcome);
            tracing::info!(
                attempt = %dispatch.attempt,
                channel = %settings.id,
                outcome = ?report.outcome,
                "dispatched"
            );
            if report::is_unspent(&report.outcome) {
                settings.pace.give_back(&dispatch.address, dispatch.attempt);
            }
            guard.report(fault(&report.outcome));
            for message in report::reports(&dispatch, report) {
                shared.switchboard.send(message);
            }
        });
    }

    fn held(&self, dispatch: &Dispatch, hold: Hold) {
        self.shared.ports.meter.pages_held.increase();
        tracing::info!(attempt = %dispatch.attempt, until = %hold.until, "put off: carriers' limits");
        self.shared.switchboard.send(report::held(dispatch, hold));
    }

    fn not_sent(&self, settings: &ChannelSettings, dispatch: &Dispatch, reason: Reason) {
        let report = not_sent(reason);
        self.shared.ports.meter.attempts.count(settings.id.as_str(), &report.outcome);
        for message in report::reports(dispatch, report) {
            self.shared.switchboard.send(message);
        }
    }
}

/// Gives the place back even when a channel panics; its attempt then times out and is tried again.
struct Unreported {
    myself: ActorRef<ChannelMessage>,
    fault: Option<Reason>,
}

impl Unreported {
    fn report(mut self, fault: Option<Reason>) {
        self.fault = fault;
    }
}

impl Drop for Unreported {
    fn drop(&mut self) {
        // A channel that has ended counts nothing any more.
        let _ = self.myself.send_message(ChannelMessage::Sent { fault: self.fault });
    }
}

/// What is reported about a dispatch that was not sent, and will not be by this channel.
pub const fn not_sent(reason: Reason) -> Report {
    Report::bare(Outcome::Failed { reason, retry_after: None })
}

/// What was wrong with the connection or the provider; none when both worked, whatever the answer was.
pub fn fault(outcome: &Outcome) -> Option<Reason> {
    match outcome {
        Outcome::Accepted | Outcome::Refused(_) => None,
        Outcome::Failed { reason, .. } | Outcome::Unknown(reason) => {
            let is_fault = matches!(reason, Reason::Connection | Reason::Timeout | Reason::ProviderFault);
            is_fault.then_some(*reason)
        }
    }
}

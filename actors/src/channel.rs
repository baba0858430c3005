//! One configured channel: its rate limit, its breaker, and who is told what became of a dispatch.
//!
//! What waits too long here is reported as not sent, and never sent late: the alert has gone on by then.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::alert::limit::SEND_TIMEOUT_MAX;
use domain::port::{Channel, Clock, Dispatch, Outbox, Report};
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use events::{ChannelId, Span, Timestamp};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::oneshot;

use crate::alert::AlertsShared;
use crate::post::Post;
use crate::shell::World;
use crate::switchboard::SwitchboardMessage;

/// So many dispatches wait in one channel; more are reported as not sent.
pub const QUEUE_DISPATCHES_MAX: usize = 20_000;

/// After so many faults in a row the breaker opens.
const BREAKER_FAULTS: u32 = 5;

/// An open breaker lets one dispatch through after this long.
const BREAKER_PAUSE: Span = Span::from_seconds(2);

/// A channel that does not keep its own time limit loses its place this much later.
const OVERTIME: Span = Span::from_seconds(1);

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
}

/// Every configured channel, in order. Posting finds the right one.
#[derive(Clone, Debug)]
pub struct Channels {
    posts: Arc<RwLock<BTreeMap<ChannelKind, Vec<Named>>>>,
    switchboard: Post<SwitchboardMessage>,
}

/// A channel's name and where it lives.
type Named = (ChannelId, Post<ChannelMessage>);

impl Channels {
    /// No channels yet; reports go to the switchboard.
    pub fn new(switchboard: Post<SwitchboardMessage>) -> Self {
        Self { posts: Arc::default(), switchboard }
    }

    /// One more channel.
    pub fn add(&self, settings: &ChannelSettings, post: Post<ChannelMessage>) {
        let mut posts = self.posts.write().unwrap_or_else(PoisonError::into_inner);
        posts.entry(settings.kind).or_default().push((settings.id.clone(), post));
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
}

/// What a channel is told.
#[derive(Debug)]
pub enum ChannelMessage {
    /// Send this.
    Send(Box<Dispatch>),
    /// One send is done.
    Sent {
        /// It went through, whatever the answer was; false for a fault of the connection or the provider.
        is_sound: bool,
    },
    /// There may be room for the next one now.
    Wake,
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

/// What waits and what is under way.
#[derive(Debug)]
pub struct Desk {
    settings: ChannelSettings,
    queue: VecDeque<Box<Dispatch>>,
    under_way: u32,
    tokens: f64,
    refilled_at: Timestamp,
    faults: u32,
    closed_until: Option<Timestamp>,
    is_woken: bool,
    draining: Option<oneshot::Sender<()>>,
}

/// What the desk says to do next.
#[derive(Debug, PartialEq)]
enum Next {
    Send(Box<Dispatch>),
    Expired(Box<Dispatch>),
    WaitFor(Span),
    Nothing,
}

impl Desk {
    fn new(mut settings: ChannelSettings, now: Timestamp) -> Self {
        // A longer one would let every dispatch expire before its turn.
        settings.timeout = settings.timeout.min(SEND_TIMEOUT_MAX);
        let tokens = f64::from(settings.burst.max(1));
        Self {
            settings,
            queue: VecDeque::new(),
            under_way: 0,
            tokens,
            refilled_at: now,
            faults: 0,
            closed_until: None,
            is_woken: false,
            draining: None,
        }
    }

    fn next(&mut self, now: Timestamp) -> Next {
        let Some(first) = self.queue.front() else { return Next::Nothing };
        if self.draining.is_some() || now + self.settings.timeout > first.expires_at {
            return self.queue.pop_front().map_or(Next::Nothing, Next::Expired);
        }
        let room = if self.faults >= BREAKER_FAULTS { 1 } else { self.settings.concurrent_max.max(1) };
        if self.under_way >= room {
            return self.wait_at_most(now, Span::from_seconds(1));
        }
        if let Some(until) = self.closed_until.filter(|&until| until > now) {
            return self.wait_at_most(now, until.since(now));
        }
        self.refill(now);
        if self.tokens < 1.0 {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a few seconds in microseconds"
            )]
            let micros = ((1.0 - self.tokens) / self.settings.per_second.max(0.001) * 1e6) as u64;
            return self.wait_at_most(now, Span::from_micros(micros.max(1_000)));
        }
        self.tokens -= 1.0;
        self.under_way += 1;
        self.queue.pop_front().map_or(Next::Nothing, Next::Send)
    }

    /// Waits, but not beyond the moment at which the first in the queue expires.
    fn wait_at_most(&self, now: Timestamp, span: Span) -> Next {
        let expires = self.queue.front().map(|first| first.expires_at - self.settings.timeout);
        let left = expires.map_or(span, |expires| expires.since(now) + Span::from_millis(1));
        Next::WaitFor(span.min(left))
    }

    fn refill(&mut self, now: Timestamp) {
        let passed = now.since(self.refilled_at);
        self.refilled_at = now;
        #[expect(clippy::cast_precision_loss, reason = "microseconds since the last dispatch")]
        let earned = passed.as_micros() as f64 / 1e6 * self.settings.per_second;
        self.tokens = (self.tokens + earned).min(f64::from(self.settings.burst.max(1)));
    }

    fn sent(&mut self, is_sound: bool, now: Timestamp) {
        self.under_way = self.under_way.saturating_sub(1);
        if is_sound {
            self.faults = 0;
            self.closed_until = None;
        } else {
            self.faults = self.faults.saturating_add(1);
            if self.faults >= BREAKER_FAULTS {
                self.closed_until = Some(now + BREAKER_PAUSE);
            }
        }
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
        let now = self.shared.ports.clock.now();
        match message {
            ChannelMessage::Send(dispatch) if desk.queue.len() >= QUEUE_DISPATCHES_MAX => {
                self.expired(desk, &dispatch);
            }
            ChannelMessage::Send(dispatch) => desk.queue.push_back(dispatch),
            ChannelMessage::Sent { is_sound } => desk.sent(is_sound, now),
            ChannelMessage::Wake => desk.is_woken = false,
            ChannelMessage::Drain(reply) => desk.draining = Some(reply),
        }
        self.go_on(&myself, desk, now);
        if desk.under_way == 0
            && let Some(reply) = desk.draining.take_if(|_| desk.queue.is_empty())
        {
            // Whoever waited may have given up.
            let _ = reply.send(());
        }
        Ok(())
    }
}

impl<W: World, C: Channel> ChannelActor<W, C> {
    fn go_on(&self, myself: &ActorRef<ChannelMessage>, desk: &mut Desk, now: Timestamp) {
        loop {
            match desk.next(now) {
                Next::Send(dispatch) => self.send(myself, &desk.settings, dispatch),
                Next::Expired(dispatch) => self.expired(desk, &dispatch),
                Next::WaitFor(span) => {
                    if !desk.is_woken {
                        desk.is_woken = true;
                        myself.send_after(Duration::from(span), || ChannelMessage::Wake);
                    }
                    return;
                }
                Next::Nothing => return,
            }
        }
    }

    fn send(&self, myself: &ActorRef<ChannelMessage>, settings: &ChannelSettings, dispatch: Box<Dispatch>) {
        let (channel, shared, myself) = (Arc::clone(&self.channel), Arc::clone(&self.shared), myself.clone());
        let (name, within) = (settings.id.clone(), settings.timeout + OVERTIME);
        tokio::spawn(async move {
            let guard = Unreported { myself, is_sound: false };
            let report = tokio::time::timeout(Duration::from(within), channel.send(&dispatch)).await;
            let report = report.unwrap_or_else(|_| Report::bare(Outcome::Unknown(Reason::Timeout)));
            shared.ports.meter.attempts.count(name.as_str(), &report.outcome);
            tracing::info!(attempt = %dispatch.attempt, channel = %name, outcome = ?report.outcome, "dispatched");
            guard.report(is_sound(&report.outcome));
            shared.switchboard.send(SwitchboardMessage::reported(&dispatch, report));
        });
    }

    fn expired(&self, desk: &Desk, dispatch: &Dispatch) {
        let report = Report::bare(Outcome::Failed { reason: Reason::Expired, retry_after: None });
        self.shared.ports.meter.attempts.count(desk.settings.id.as_str(), &report.outcome);
        self.shared.switchboard.send(SwitchboardMessage::reported(dispatch, report));
    }
}

/// Gives the place back even when a channel panics; its attempt then times out and is tried again.
struct Unreported {
    myself: ActorRef<ChannelMessage>,
    is_sound: bool,
}

impl Unreported {
    fn report(mut self, is_sound: bool) {
        self.is_sound = is_sound;
    }
}

impl Drop for Unreported {
    fn drop(&mut self) {
        // A channel that has ended counts nothing any more.
        let _ = self.myself.send_message(ChannelMessage::Sent { is_sound: self.is_sound });
    }
}

fn is_sound(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Accepted | Outcome::Refused(_) => true,
        Outcome::Failed { reason, .. } | Outcome::Unknown(reason) => {
            !matches!(reason, Reason::Connection | Reason::Timeout | Reason::ProviderFault)
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::port::Errand;
    use events::event::Language;
    use events::event::sample;

    use super::*;

    fn desk(per_second: f64, burst: u32, concurrent_max: u32) -> Desk {
        let settings = ChannelSettings {
            id: "push".into(),
            kind: ChannelKind::Pushover,
            per_second,
            burst,
            concurrent_max,
            timeout: Span::from_seconds(10),
        };
        Desk::new(settings, sample::at(0))
    }

    fn dispatch(expires_after_seconds: u64) -> Dispatch {
        Dispatch {
            attempt: events::AttemptId { alert: sample::alert(), page: 1, attempt: 1 },
            channel: ChannelKind::Pushover,
            via: None,
            address: "u".into(),
            language: Language::En,
            time_zone: "UTC".into(),
            expires_at: sample::at(expires_after_seconds),
            errand: Errand::Recall { receipt: None },
        }
    }

    fn queue(desk: &mut Desk, count: usize) {
        desk.queue.extend((0..count).map(|_| Box::new(dispatch(15))));
    }

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_its_rate() {
        let mut desk = desk(2.0, 3, 100);
        queue(&mut desk, 5);
        for _ in 0..3 {
            assert!(matches!(desk.next(sample::at(0)), Next::Send(_)));
        }
        assert_eq!(desk.next(sample::at(0)), Next::WaitFor(Span::from_millis(500)));
        assert!(matches!(desk.next(sample::at(1)), Next::Send(_)));
        assert!(matches!(desk.next(sample::at(1)), Next::Send(_)), "a second is worth two");
        assert_eq!(desk.next(sample::at(1)), Next::Nothing);
    }

    #[test]
    fn no_more_are_under_way_than_the_channel_takes() {
        let mut desk = desk(100.0, 100, 2);
        queue(&mut desk, 3);
        assert!(matches!(desk.next(sample::at(0)), Next::Send(_)));
        assert!(matches!(desk.next(sample::at(0)), Next::Send(_)));
        assert!(matches!(desk.next(sample::at(0)), Next::WaitFor(_)));
        desk.sent(true, sample::at(0));
        assert!(matches!(desk.next(sample::at(0)), Next::Send(_)));
    }

    #[test]
    fn what_waits_too_long_is_not_sent() {
        let mut desk = desk(1.0, 1, 1);
        queue(&mut desk, 2);
        assert!(matches!(desk.next(sample::at(5)), Next::Send(_)), "five seconds are left for waiting");
        assert!(matches!(desk.next(sample::at(6)), Next::Expired(_)));
    }

    #[test]
    fn a_time_limit_that_is_too_long_lets_nothing_expire_before_its_turn() {
        let mut desk = Desk::new(
            ChannelSettings { timeout: Span::from_minutes(1), ..desk(1.0, 1, 1).settings },
            sample::at(0),
        );
        queue(&mut desk, 1);
        assert!(matches!(desk.next(sample::at(0)), Next::Send(_)));
    }

    #[test]
    fn after_five_faults_one_dispatch_at_a_time_tries_whether_it_is_over() {
        let mut desk = desk(1_000.0, 1_000, 10);
        queue(&mut desk, 20);
        for _ in 0..5 {
            assert!(matches!(desk.next(sample::at(0)), Next::Send(_)));
        }
        (0..5).for_each(|_| desk.sent(false, sample::at(0)));
        assert!(matches!(desk.next(sample::at(1)), Next::WaitFor(_)));
        assert!(matches!(desk.next(sample::at(2)), Next::Send(_)));
        assert!(matches!(desk.next(sample::at(2)), Next::WaitFor(_)), "only one");
        desk.sent(true, sample::at(2));
        assert!(matches!(desk.next(sample::at(2)), Next::Send(_)));
        assert!(matches!(desk.next(sample::at(2)), Next::Send(_)));
    }

    #[test]
    fn a_channel_that_closes_sends_nothing_more() {
        let mut desk = desk(10.0, 10, 10);
        queue(&mut desk, 1);
        desk.draining = Some(oneshot::channel().0);
        assert!(matches!(desk.next(sample::at(0)), Next::Expired(_)));
    }
}

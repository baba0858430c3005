//! What waits for one channel and what is under way: its rate limit and its breaker. No mailbox, no clock, no
//! provider. Whoever runs it carries out the [`Act`]s in order.

use std::collections::BTreeMap;

use domain::alert::limit::SEND_TIMEOUT_MAX;
use domain::port::{Dispatch, Hold};
use events::event::outcome::Reason;
use events::mutant::{self, Mutant};
use events::{Span, Timestamp};
use tokio::sync::oneshot;

use super::breaker::Breaker;
use super::gathering::{Gatherings, Together};
use super::queue::Queue;
use super::silence::Silence;
use super::{ChannelMessage, ChannelSettings};

mod pacing;

/// So many dispatches wait in one channel; more are reported as not sent.
pub const QUEUE_DISPATCHES_MAX: usize = 20_000;

/// What waits and what is under way.
#[derive(Debug)]
pub struct Desk {
    settings: ChannelSettings,
    queue: Queue,
    /// How many pages to each address wait in the queue, where it matters how many go there.
    queued: BTreeMap<String, u32>,
    gatherings: Gatherings,
    under_way: u32,
    tokens: f64,
    refilled_at: Timestamp,
    breaker: Breaker,
    silence: Silence,
    is_woken: bool,
    draining: Option<oneshot::Sender<()>>,
}

/// What is to be done now.
#[derive(Debug)]
pub enum Act {
    /// Send this, and say [`ChannelMessage::Sent`] when it is done.
    Send(Box<Dispatch>),
    /// Report this as not sent, for this reason: it has waited too long, or another provider is to be tried.
    NotSent(Box<Dispatch>, Reason),
    /// Report this as put off.
    Held(Box<Dispatch>, Hold),
    /// Send [`ChannelMessage::Settle`] after this long.
    SettleAfter(Together, Span),
    /// Send [`ChannelMessage::Wake`] after this long.
    WakeAfter(Span),
    /// Tell whoever waits that nothing is under way any more.
    Drained(oneshot::Sender<()>),
}

#[derive(Debug, PartialEq)]
enum Next {
    Send(Box<Dispatch>),
    NotSent(Box<Dispatch>, Reason),
    WaitFor(Span),
    Nothing,
}

impl Desk {
    /// A desk that nothing waits at.
    pub fn new(mut settings: ChannelSettings, now: Timestamp) -> Self {
        // A longer one would let every dispatch expire before its turn.
        settings.timeout = settings.timeout.min(SEND_TIMEOUT_MAX);
        let tokens = f64::from(settings.burst.max(1));
        Self {
            settings,
            queue: Queue::default(),
            queued: BTreeMap::new(),
            gatherings: Gatherings::default(),
            under_way: 0,
            tokens,
            refilled_at: now,
            breaker: Breaker::default(),
            silence: Silence::default(),
            is_woken: false,
            draining: None,
        }
    }

    /// Its channel's settings.
    pub const fn settings(&self) -> &ChannelSettings {
        &self.settings
    }

    /// How its provider has answered lately.
    pub const fn breaker(&self) -> &Breaker {
        &self.breaker
    }

    /// How many dispatches wait.
    pub fn waiting_count(&self) -> usize {
        self.queue.len() + self.gatherings.count()
    }

    /// How many dispatches are under way.
    pub const fn under_way_count(&self) -> u32 {
        self.under_way
    }

    /// Takes a message in.
    pub fn take(&mut self, message: ChannelMessage, now: Timestamp) -> Vec<Act> {
        let mut acts = Vec::new();
        match message {
            ChannelMessage::Send(dispatch) if self.waiting_count() >= QUEUE_DISPATCHES_MAX => {
                acts.push(Act::NotSent(dispatch, Reason::Expired));
            }
            ChannelMessage::Send(dispatch)
                if dispatch.has_alternative && self.would_expire(&dispatch, now) =>
            {
                acts.push(Act::NotSent(dispatch, Reason::Expired));
            }
            ChannelMessage::Send(dispatch) => acts.extend(self.admit(dispatch, now)),
            ChannelMessage::Settle(together) => acts.extend(self.settle(&together, now)),
            ChannelMessage::Sent { fault } => self.sent(fault, now),
            // Where nobody promised to report what arrives, nothing follows from its not being reported.
            ChannelMessage::Heard(fate) if self.settings.reports_within.is_some() => {
                self.silence.heard(*fate, now);
                self.breaker.silent_since = self.silence.open_since();
            }
            ChannelMessage::Heard(_) => {}
            ChannelMessage::Wake => self.is_woken = false,
            ChannelMessage::Drain(reply) => {
                self.draining = Some(reply);
                let ended = self.gatherings.end_all().into_iter().map(Box::new);
                acts.extend(ended.map(|dispatch| Act::NotSent(dispatch, Reason::Expired)));
            }
        }
        loop {
            match self.next(now) {
                Next::Send(dispatch) => acts.push(Act::Send(dispatch)),
                Next::NotSent(dispatch, reason) => acts.push(Act::NotSent(dispatch, reason)),
                Next::WaitFor(span) => {
                    if !std::mem::replace(&mut self.is_woken, true) {
                        acts.push(Act::WakeAfter(span));
                    }
                    break;
                }
                Next::Nothing => break,
            }
        }
        if self.under_way == 0 {
            acts.extend(self.draining.take_if(|_| self.queue.is_empty()).map(Act::Drained));
        }
        acts
    }

    fn next(&mut self, now: Timestamp) -> Next {
        if self.draining.is_some() {
            return self.not_sent(Reason::Expired);
        }
        if !mutant::is_on(Mutant::SendStaleDispatches)
            && let Some(stale) = self.pop_expired(now + self.settings.timeout)
        {
            return Next::NotSent(stale, Reason::Expired);
        }
        let Some(first) = self.queue.first() else { return Next::Nothing };
        let is_open = self.breaker.has_faults();
        let pause = self.breaker.pause(now);
        if is_open && first.has_alternative && (pause.is_some() || self.under_way > 0) {
            return self.not_sent(Reason::BreakerOpen);
        }
        if first.has_alternative && self.silence.passes_over(now) {
            return self.not_sent(Reason::BreakerOpen);
        }
        let room = if is_open { 1 } else { self.settings.concurrent_max.max(1) };
        if self.under_way >= room {
            return self.wait_at_most(now, Span::from_seconds(1));
        }
        if let Some(pause) = pause {
            return self.wait_at_most(now, pause);
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
        let Some(dispatch) = self.pop() else { return Next::Nothing };
        if dispatch.has_alternative {
            self.silence.tried(now);
        }
        if self.is_paced(&dispatch) {
            self.settings.pace.spend(&dispatch.address, dispatch.attempt, now);
        }
        Next::Send(dispatch)
    }

    /// Waits, but not beyond the moment at which the first of those in the queue expires.
    fn wait_at_most(&self, now: Timestamp, span: Span) -> Next {
        let expires = self.queue.expires_at().map(|expires_at| expires_at - self.settings.timeout);
        let left = expires.map_or(span, |expires| expires.since(now) + Span::from_millis(1));
        Next::WaitFor(span.min(left))
    }

    fn refill(&mut self, now: Timestamp) {
        self.tokens = self.tokens_at(now);
        self.refilled_at = now;
    }

    fn tokens_at(&self, now: Timestamp) -> f64 {
        let earned = seconds(now.since(self.refilled_at)) * self.settings.per_second;
        (self.tokens + earned).min(f64::from(self.settings.burst.max(1)))
    }

    fn sent(&mut self, fault: Option<Reason>, now: Timestamp) {
        self.under_way = self.under_way.saturating_sub(1);
        self.breaker.sent(fault, now);
    }

    fn not_sent(&mut self, reason: Reason) -> Next {
        self.pop().map_or(Next::Nothing, |dispatch| Next::NotSent(dispatch, reason))
    }

    /// True when so many go before this one that at the channel's rate its turn would come too late.
    fn would_expire(&self, dispatch: &Dispatch, now: Timestamp) -> bool {
        let before = self.queue.before(&dispatch.address);
        let waiting = f64::from(u32::try_from(before).unwrap_or(u32::MAX));
        let wait_seconds = (waiting + 1.0 - self.tokens_at(now)) / self.settings.per_second.max(0.001);
        let left = dispatch.expires_at.since(now + self.settings.timeout);
        wait_seconds > seconds(left)
    }
}

fn seconds(span: Span) -> f64 {
    std::time::Duration::from(span).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use domain::port::{Errand, Fate};
    use events::event::Language;
    use events::event::person::ChannelKind;
    use events::event::sample;

    use super::*;
    use crate::channel::Pace;

    fn desk(per_second: f64, burst: u32, concurrent_max: u32) -> Desk {
        let settings = ChannelSettings {
            id: "push".into(),
            kind: ChannelKind::PUSHOVER,
            per_second,
            burst,
            concurrent_max,
            timeout: Span::from_seconds(10),
            reports_within: None,
            pace: Pace::default(),
        };
        Desk::new(settings, sample::at(0))
    }

    fn dispatch(expires_after_seconds: u64) -> Dispatch {
        Dispatch {
            attempt: events::AttemptId { alert: sample::alert(), page: 1, attempt: 1 },
            channel: ChannelKind::PUSHOVER,
            via: None,
            has_alternative: false,
            address: "u".into(),
            language: Language::En,
            time_zone: "UTC".into(),
            expires_at: sample::at(expires_after_seconds),
            errand: Errand::Recall { receipt: None },
            with: Vec::new(),
        }
    }

    fn queue(desk: &mut Desk, count: usize) {
        (0..count).for_each(|_| desk.queue.push(Box::new(dispatch(15))));
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
        desk.sent(None, sample::at(0));
        assert!(matches!(desk.next(sample::at(0)), Next::Send(_)));
    }

    #[test]
    fn what_waits_too_long_is_not_sent() {
        let mut desk = desk(1.0, 1, 1);
        queue(&mut desk, 2);
        assert!(matches!(desk.next(sample::at(5)), Next::Send(_)), "five seconds are left for waiting");
        assert!(matches!(desk.next(sample::at(6)), Next::NotSent(_, Reason::Expired)));
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
        (0..5).for_each(|_| desk.sent(Some(Reason::Connection), sample::at(0)));
        assert!(matches!(desk.next(sample::at(1)), Next::WaitFor(_)));
        assert!(matches!(desk.next(sample::at(2)), Next::Send(_)));
        assert!(matches!(desk.next(sample::at(2)), Next::WaitFor(_)), "only one");
        desk.sent(None, sample::at(2));
        assert!(matches!(desk.next(sample::at(2)), Next::Send(_)));
        assert!(matches!(desk.next(sample::at(2)), Next::Send(_)));
    }

    #[test]
    fn a_channel_that_closes_sends_nothing_more() {
        let mut desk = desk(10.0, 10, 10);
        queue(&mut desk, 1);
        desk.draining = Some(oneshot::channel().0);
        assert!(matches!(desk.next(sample::at(0)), Next::NotSent(_, Reason::Expired)));
    }

    #[test]
    fn who_has_another_provider_does_not_wait_behind_an_open_breaker() {
        let mut desk = desk(1_000.0, 1_000, 10);
        let send = |desk: &mut Desk, has_alternative, now| {
            let dispatch = Dispatch { has_alternative, ..dispatch(60) };
            desk.take(ChannelMessage::Send(Box::new(dispatch)), now)
        };
        for _ in 0..5 {
            assert!(matches!(send(&mut desk, true, sample::at(0))[..], [Act::Send(_)]));
        }
        assert_eq!(desk.breaker(), &Breaker::default());
        let failed = || ChannelMessage::Sent { fault: Some(Reason::Connection) };
        for _ in 0..5 {
            assert!(desk.take(failed(), sample::at(0)).is_empty());
        }
        let breaker = desk.breaker();
        assert_eq!((breaker.faults, breaker.last), (5, Some(Reason::Connection)));
        assert_eq!(breaker.open_since, Some(sample::at(0)));
        let passed_over = |acts: &[Act]| matches!(acts, [Act::NotSent(_, Reason::BreakerOpen)]);
        assert!(passed_over(&send(&mut desk, true, sample::at(1))));
        assert!(
            matches!(send(&mut desk, true, sample::at(2))[..], [Act::Send(_)]),
            "one tries whether it is over"
        );
        assert!(passed_over(&send(&mut desk, true, sample::at(2))), "and the others do not wait for it");
        assert!(
            matches!(send(&mut desk, false, sample::at(2))[..], [Act::WakeAfter(_)]),
            "who has no other waits"
        );
        let acts = desk.take(ChannelMessage::Sent { fault: None }, sample::at(3));
        assert!(matches!(acts[..], [Act::Send(_)]), "it is over: {acts:?}");
        assert_eq!(desk.breaker(), &Breaker::default());
    }

    #[test]
    fn who_has_another_provider_does_not_wait_for_a_turn_that_comes_too_late() {
        let mut desk = desk(1.0, 1, 10);
        let mut sent = Vec::new();
        for _ in 0..8 {
            let dispatch = Dispatch { has_alternative: true, ..dispatch(15) };
            sent.extend(desk.take(ChannelMessage::Send(Box::new(dispatch)), sample::at(0)));
        }
        let expired = sent.iter().filter(|act| matches!(act, Act::NotSent(_, Reason::Expired))).count();
        assert_eq!(
            (expired, desk.waiting_count()),
            (2, 5),
            "one went at once, five have five seconds: {sent:?}"
        );
    }

    fn hear(desk: &mut Desk, contact: &str, has_arrived: bool) {
        let fate = Fate {
            attempt: events::AttemptId { alert: sample::alert(), page: 1, attempt: 1 },
            channel: ChannelKind::SMS,
            via: None,
            person: sample::anna(),
            contact: contact.into(),
            has_arrived,
        };
        desk.take(ChannelMessage::Heard(Box::new(fate)), sample::at(0));
    }

    #[test]
    fn who_has_another_provider_does_not_go_first_to_one_that_delivers_nothing() {
        let mut desk = desk(1_000.0, 1_000, 10);
        desk.settings.reports_within = Some(Span::from_seconds(90));
        let send = |desk: &mut Desk, has_alternative, now| {
            let dispatch = Dispatch { has_alternative, ..dispatch(3_600) };
            let acts = desk.take(ChannelMessage::Send(Box::new(dispatch)), now);
            let is_sent = matches!(acts[..], [Act::Send(_)]);
            assert!(is_sent || matches!(acts[..], [Act::NotSent(_, Reason::BreakerOpen)]), "{acts:?}");
            desk.take(ChannelMessage::Sent { fault: None }, now);
            is_sent
        };
        for contact in ["a", "b", "c", "d"] {
            assert!(send(&mut desk, true, sample::at(0)));
            hear(&mut desk, contact, false);
        }
        assert_eq!(desk.breaker().silent_since, Some(sample::at(0)));
        assert!(desk.breaker().is_open());
        assert!(!send(&mut desk, true, sample::at(1)));
        for _ in 0..3 {
            assert!(
                send(&mut desk, false, sample::at(1)),
                "nobody else can take it, and it takes everything"
            );
        }
        assert!(send(&mut desk, true, sample::at(300)), "one tries whether it is over");
        assert!(!send(&mut desk, true, sample::at(300)));
        hear(&mut desk, "a", true);
        assert_eq!(desk.breaker(), &Breaker::default());
        assert!(send(&mut desk, true, sample::at(301)));
    }

    #[test]
    fn where_no_report_is_promised_nothing_follows_from_what_did_not_arrive() {
        let mut desk = desk(1.0, 1, 1);
        for contact in ["a", "b", "c", "d", "e"] {
            hear(&mut desk, contact, false);
        }
        assert!(!desk.breaker().is_open());
    }
}

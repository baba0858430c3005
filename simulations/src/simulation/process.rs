//! The process and its disk: it dies and comes back, stands still, and hears from its log, or does not.

use std::sync::{Arc, PoisonError};

use actors::channel::report::{is_unspent, reports};
use actors::channel::{ChannelMessage, fault};
use domain::port::{Clock, Dispatch, Errand, Report};
use events::event::outcome::Reason;
use events::{AppendError, EventLog, PersonId, ReadError, Span};
use futures_util::FutureExt as _;

use super::day::{Day, Happening};
use super::fault::Fault;
use super::invariant::{self, Invariant};
use super::letter::Letter;
use super::node::{Node, Start};
use super::world::{Answer, Ask, SimulatedClock};

/// An append under way, and what the house will hear of it.
#[derive(Debug)]
pub(super) struct Operation {
    ask: Ask,
    is_written: bool,
    answer: Option<Answer>,
    fate: Fate,
}

/// What becomes of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Done,
    Refused,
    DoneUnheard,
    Forgotten,
}

impl Day {
    /// The house asks something of its log.
    pub(super) fn ask(&mut self, number: u64, ask: Ask) {
        let life = self.lives;
        let is_slow = self.faults.has(Fault::LogIsSlow);
        if matches!(ask, Ask::Append { .. }) {
            let fate = self.fate();
            let longest = if is_slow { Span::from_millis(300) } else { Span::from_micros(400) };
            let takes = self.chance.tail(longest);
            let written = self.chance.span(Span::ZERO, takes);
            self.operations.insert(number, Operation { ask, is_written: false, answer: None, fate });
            self.agenda.after(written, Happening::LogWrites { life, number });
            self.agenda.after(takes, Happening::LogAnswers { life, number });
            return;
        }
        let fails = self.faults.has(Fault::LogReadsFail) && self.chance.happens(10);
        let answer = if fails || self.log_is_away.is_some() {
            Err(ReadError::Unavailable { reason: "the disk does not answer".to_owned() })
        } else {
            self.read(&ask)
        };
        if is_slow && self.chance.happens(200) {
            let takes = self.chance.tail(Span::from_millis(50));
            let answer = Some(Answer::Read(answer));
            self.operations.insert(number, Operation { ask, is_written: true, answer, fate: Fate::Done });
            self.agenda.after(takes, Happening::LogAnswers { life, number });
        } else if let Some(node) = &mut self.node {
            node.answer(number, Answer::Read(answer));
        }
    }

    fn fate(&mut self) -> Fate {
        if self.log_is_away.is_some() {
            return Fate::Refused;
        }
        let faults = [
            (Fault::LogRefuses, 40, Fate::Refused),
            (Fault::LogLosesReplies, 60, Fate::DoneUnheard),
            (Fault::LogForgets, 60, Fate::Forgotten),
        ];
        let mut fate = Fate::Done;
        for (fault, per_mille, bad) in faults {
            let happens = self.chance.happens(per_mille);
            if happens && self.faults.has(fault) {
                fate = bad;
            }
        }
        fate
    }

    fn read(&self, ask: &Ask) -> Result<Vec<events::Recorded>, ReadError> {
        let answer = match ask {
            Ask::Read { stream, after } => self.log.read(stream, *after).now_or_never(),
            Ask::Tail { after, count_max } => self.log.tail(*after, *count_max).now_or_never(),
            Ask::Append { .. } => None,
        };
        answer.unwrap_or_else(|| Err(ReadError::Unavailable { reason: "no answer".to_owned() }))
    }

    /// The disk has it, or will never have it.
    pub(super) fn log_writes(&mut self, life: u32, number: u64) {
        if life != self.lives {
            return;
        }
        let Some(mut operation) = self.operations.remove(&number) else { return };
        self.write(&mut operation);
        self.operations.insert(number, operation);
    }

    fn write(&mut self, operation: &mut Operation) {
        operation.is_written = true;
        let Ask::Append { stream, expected, batch } = &operation.ask else { return };
        let unknown = || AppendError::Unknown { reason: "the reply was lost".to_owned() };
        let answer = match operation.fate {
            Fate::Refused => Err(AppendError::StorageFull { reason: "the disk is full".to_owned() }),
            Fate::Forgotten => Err(unknown()),
            Fate::Done | Fate::DoneUnheard => {
                let before = self.last_position;
                let appended = self.log.append(stream, *expected, batch.clone()).now_or_never();
                let appended = appended.unwrap_or_else(|| Err(unknown()));
                self.written(before);
                if operation.fate == Fate::DoneUnheard { Err(unknown()) } else { appended }
            }
        };
        operation.answer = Some(Answer::Append(answer));
    }

    /// The house hears of it.
    pub(super) fn log_answers(&mut self, life: u32, number: u64) {
        if life != self.lives {
            return;
        }
        let Some(operation) = self.operations.remove(&number) else { return };
        if let Some(node) = &mut self.node
            && let Some(answer) = operation.answer
        {
            node.answer(number, answer);
        }
    }

    pub(super) fn log_goes(&mut self, away: bool) {
        let now = self.agenda.now();
        match self.log_is_away {
            None if away => {
                self.story.tell(now, || "the log goes away".to_owned());
                self.log_is_away = Some(now);
            }
            Some(since) if !away => {
                self.story.tell(now, || "the log is back".to_owned());
                self.evidence.unable.push((since, now));
                self.log_is_away = None;
            }
            _ => {}
        }
    }

    pub(super) fn keys_fail(&mut self, fails: bool) {
        let now = self.agenda.now();
        self.keys.fail(fails);
        match self.keys_failed {
            None if fails => {
                self.story.tell(now, || "keys cannot be written".to_owned());
                self.keys_failed = Some(now);
            }
            Some(since) if !fails => {
                self.story.tell(now, || "keys can be written again".to_owned());
                self.evidence.unable.push((since, now));
                self.keys_failed = None;
            }
            _ => {}
        }
    }

    /// The process starts, and reads its log.
    pub(super) fn rise(&mut self) {
        if self.node.is_some() {
            return;
        }
        if self.lives > 0 && self.faults.has(Fault::ClockBackAtStart) && self.chance.happens(300) {
            let most = self.chance.pick(&[3_000_000, 90_000_000, 3_600_000_000]);
            let back = i64::try_from(self.chance.below(most)).unwrap_or_default();
            self.hands.wall_ahead.fetch_sub(back, std::sync::atomic::Ordering::Relaxed);
            self.story
                .tell(self.agenda.now(), || format!("the wall clock is set back by {} ms", back / 1_000));
        }
        self.lives += 1;
        let (life, boot) = (self.lives, self.next_boot());
        self.story.tell(self.agenda.now(), || format!("the process starts, for the {life}. time"));
        let minted = Arc::clone(&self.minted);
        let mint = move || {
            let mut minted = minted.lock().unwrap_or_else(PoisonError::into_inner);
            *minted += 1;
            let mut bytes = [0; 16];
            bytes[8..].copy_from_slice(&minted.to_be_bytes());
            PersonId::from_bytes(bytes)
        };
        // What was sent over a channel is not remembered beyond the process's end.
        self.settings = self.providers.settings();
        self.node = Some(Node::start(Start {
            boot,
            clock: SimulatedClock::start(Arc::clone(&self.hands)),
            keys: self.keys.clone(),
            alarm: Arc::clone(&self.told) as _,
            channels: self.settings.clone(),
            listens: self.options.faults.has(Fault::HeartbeatsFallSilent),
            mint: Box::new(mint),
        }));
    }

    /// Somebody outside gets an answer.
    pub(super) fn is_up(&self) -> bool {
        self.frozen.is_none() && self.node.as_ref().is_some_and(Node::is_open)
    }

    /// The house takes signals.
    pub(super) fn opened(&mut self) {
        let now = self.agenda.now();
        self.story.tell(now, || "the house is open".to_owned());
        self.evidence.channels_began.extend(self.settings.iter().map(|settings| (settings.id.clone(), now)));
        if let Some(since) = self.down_since.take() {
            self.evidence.unable.push((since, now));
        }
        if let Some(node) = &self.node {
            self.evidence.heard.begin(node.clock().now());
        }
        if self.wants_apply {
            self.apply();
        }
    }

    /// The process dies, and comes back some time later. What it had asked of the disk is there or not.
    pub(super) fn die(&mut self, reason: &str) {
        if self.node.take().is_none() {
            return;
        }
        let now = self.agenda.now();
        self.story.tell(now, || format!("the process dies: {reason}"));
        self.doom = None;
        self.thaw();
        self.deaths += 1;
        self.down_since.get_or_insert(now);
        for (_, mut operation) in std::mem::take(&mut self.operations) {
            if !operation.is_written && self.chance.happens(500) {
                self.write(&mut operation);
            }
        }
        // Nothing of this life is heard any more.
        self.lives += 1;
        let typical = if self.faults.has(Fault::ProcessStaysAway) && self.chance.happens(500) {
            Span::from_minutes(180)
        } else {
            Span::from_seconds(8)
        };
        let away = self.chance.span(Span::from_millis(100), typical);
        self.agenda.after(away, Happening::Rises);
    }

    pub(super) fn freeze(&mut self, span: Span) {
        if self.node.is_some() && self.frozen.is_none() {
            self.story.tell(self.agenda.now(), || "the process stands still".to_owned());
            self.frozen = Some(self.agenda.now());
            self.agenda.after(span, Happening::Thaws);
        }
    }

    pub(super) fn thaw(&mut self) {
        if let Some(since) = self.frozen.take() {
            self.story.tell(self.agenda.now(), || "the process goes on".to_owned());
            self.evidence.unable.push((since, self.agenda.now()));
            if let Some(node) = &self.node {
                self.evidence.heard.go_on(node.clock().now(), self.agenda.now().since(since));
            }
        }
    }

    /// A channel sends something.
    pub(super) fn send(&mut self, channel: usize, start: u32, dispatch: Box<Dispatch>) {
        let now = self.agenda.now();
        let at = self.node.as_ref().map(|node| node.clock().now()).unwrap_or_default();
        if let Some((breaker, under_way)) = self.node.as_ref().and_then(|node| node.breaker(channel)) {
            self.found(Invariant::Bounded, invariant::bounded::send(&breaker, under_way));
        }
        let handled = self.providers.call(channel, &dispatch, at, now);
        let life = self.lives;
        if let Some(call) = self.providers.calls.last().cloned() {
            self.story.tell(now, || {
                let what = if call.is_recall { "recall" } else { "page" };
                format!(
                    "  call {what} {} over {}: {:?}",
                    call.attempt, call.provider, handled.report.1.outcome
                )
            });
            if self.options.is_judged {
                let labels = labels(&dispatch);
                let founds = [
                    (Invariant::IntentFirst, invariant::intent_first::call(&self.evidence, &call)),
                    (
                        Invariant::BoundedDuplicates,
                        invariant::bounded_duplicates::call(&self.providers.calls, &call),
                    ),
                    (
                        Invariant::BoundedDuplicates,
                        invariant::bounded_duplicates::words(&call, &labels, is_any_repeat(&dispatch)),
                    ),
                    (
                        Invariant::NoLostRung,
                        invariant::silent::call(
                            &self.evidence,
                            self.options.faults,
                            &self.providers.calls,
                            &call,
                        ),
                    ),
                    (Invariant::Paced, invariant::paced::call(&self.evidence, &self.providers.calls, &call)),
                ];
                for (invariant, found) in founds {
                    self.found(invariant, found);
                }
            }
        }
        if let Some(arrives) = handled.arrives {
            self.agenda.after(arrives, Happening::Arrives(dispatch.attempt));
        }
        for (after, status) in handled.statuses {
            let attempt = dispatch.attempt;
            self.agenda.after(after, Happening::Reports { attempt, status, tries: 0 });
        }
        let (after, report) = handled.report;
        // A channel that falls over while it sends reports nothing.
        let is_lost = self.faults.has(Fault::ChannelsFall) && self.chance.happens(30);
        let report = (!is_lost).then(|| Box::new(report));
        self.agenda.after(after, Happening::Answers { life, channel, start, dispatch, report });
    }

    pub(super) fn provider_answers(
        &mut self,
        life: u32,
        channel: usize,
        start: u32,
        dispatch: &Dispatch,
        report: Option<Report>,
    ) {
        let Some(node) = self.node.as_mut().filter(|_| life == self.lives) else { return };
        if report.as_ref().is_some_and(|report| is_unspent(&report.outcome)) {
            node.channels[channel].pace.give_back(&dispatch.address, dispatch.attempt);
        }
        let fault = report.as_ref().map_or(Some(Reason::Interrupted), |report| fault(&report.outcome));
        node.post(Letter::Channel(channel, Some(start), ChannelMessage::Sent { fault }));
        if let Some(report) = report {
            let report = match self.settings.get(channel) {
                Some(settings) => settings.expect_report(dispatch, report, node.clock().now()),
                None => report,
            };
            for message in reports(dispatch, report) {
                node.post(Letter::Switchboard(message));
            }
        }
    }
}

/// How the words of a repeat call it that, in the person's language.
fn labels(dispatch: &Dispatch) -> Vec<String> {
    use i18n::Message as _;
    let locale = adapters::text::locale(dispatch.language);
    vec![i18n::page::Repeat.render(locale), i18n::page::RepeatShort.render(locale)]
}

/// True when one of those that go out together is a repeat.
fn is_any_repeat(dispatch: &Dispatch) -> bool {
    let is_repeat = |dispatch: &Dispatch| matches!(&dispatch.errand, Errand::Page(notice) if notice.repeat);
    is_repeat(dispatch) || dispatch.with.iter().any(is_repeat)
}

//! One alert while something happens to it. It lives for as long as it has work, and is replayed when it has some
//! again: an alert that only waits is an entry in the switchboard's index.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use domain::agenda::Staying;
use domain::aggregate::Aggregate;
use domain::alert::{Alert, Command, Order, Phase, Refusal};
use domain::directory::Directory;
use domain::ledger::Tally;
use domain::overrides::OverrideCommand;
use domain::port::Clock;
use domain::standing::{Seen, is_news};
use events::event::alert::AlertEvent;
use events::mutant::{self, Mutant};
use events::{AlertId, Author, JournalError, Position, ReadError, Span, Timestamp};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::{oneshot, watch};

use crate::alarm::{Bell, Trouble};
use crate::channel::{Channels, report};
use crate::ledger::Keeping;
use crate::post::Post;
use crate::projector::{Commits, Published};
use crate::registrar::Asked;
use crate::shelf::Shelf;
use crate::shell::{Ports, Provenance, Shell, StepError, Stepped, World};
use crate::switchboard::{Resubmitted, SwitchboardMessage};

/// How often the same work is begun again because another node wrote first.
const OVERTAKEN_MAX: u32 = 8;

/// So many signals about one alert are written in one append.
const SIGNALS_TOGETHER_MAX: usize = 64;

/// When the log refuses, what is due is tried again after this long.
const LOG_RETRY: Span = Span::from_seconds(1);

/// Something to be done to an alert.
#[derive(Debug)]
pub struct Work {
    /// What.
    pub order: Order,
    /// By whom, and what led to it.
    pub provenance: Provenance,
    /// When the signal behind it was accepted, for the latency of first attempts.
    pub accepted_at: Option<Timestamp>,
    /// Who waits for the answer, if anybody.
    pub reply: Option<Reply>,
}

impl Work {
    /// True for what may be written in one append with others.
    const fn is_signal(&self) -> bool {
        matches!(self.order, Order::Signal(_))
    }
}

/// Work that an alert has not begun yet. Signals that wait here together are decided one after the other and written
/// in one append: of a storm that becomes one alert, each problem would else wait for the disk on its own.
#[derive(Clone, Debug, Default)]
pub struct Inbox(Arc<Mutex<VecDeque<Work>>>);

impl Inbox {
    /// One more piece of work.
    pub fn put(&self, work: Work) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(work);
    }

    /// What is to be done next: one piece of work, or several signals.
    pub fn take(&self) -> Vec<Work> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let signals = waiting.iter().take(SIGNALS_TOGETHER_MAX).take_while(|work| work.is_signal()).count();
        let count = signals.max(1).min(waiting.len());
        waiting.drain(..count).collect()
    }
}

/// There is something in the inbox.
#[derive(Clone, Copy, Debug)]
pub struct Rung;

/// Where an answer goes.
pub type Reply = oneshot::Sender<Result<Done, Declined>>;

/// It is done, and durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Which alert it was about; none when there is none.
    pub alert: Option<AlertId>,
    /// Where the last record stands; none when nothing had to be recorded.
    pub position: Option<Position>,
    /// It was over before it was said: it began nothing.
    pub is_late: bool,
}

impl Done {
    /// There was nothing to do, since there is no such alert.
    pub const NOTHING: Self = Self { alert: None, position: None, is_late: false };
}

/// It is not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Declined {
    /// The domain says no.
    #[error(transparent)]
    Refused(Refusal),
    /// It cannot be done now; try again.
    #[error("it cannot be done now: {reason}")]
    Unavailable {
        /// Why.
        reason: String,
    },
    /// Too much is under way: try again in a moment.
    #[error("too much is under way: try again in a moment")]
    Busy,
    /// The alert was set aside since it cannot be replayed.
    #[error(
        "alert {alert} was set aside because its history cannot be replayed; see the log file and `hotpotato verify`"
    )]
    Quarantined {
        /// Which alert.
        alert: AlertId,
    },
}

/// What the switchboard keeps of an alert: enough to know when something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// When something is due.
    pub deadline: Option<Timestamp>,
    /// Where it stands.
    pub stage: Stage,
    /// A channel has something of it in hand and will report: it is worth keeping its actor for that.
    pub is_awaiting_report: bool,
    /// A change of the configuration may be its business.
    pub follows_changes: bool,
    /// More problems of its service may join it.
    pub takes_more: bool,
    /// Up to where it knows the configuration: when it changed since, the alert is to look at it. None when that is not
    /// known: it is to look in any case.
    pub looked_at: Option<Position>,
    /// What it counts for in the ledger; none when that is not known, and then it is what it was.
    pub tally: Option<Tally>,
}

impl Standing {
    /// It is to be looked at again at `at`, whatever it is doing.
    pub const fn again(at: Timestamp) -> Self {
        Self {
            deadline: Some(at),
            stage: Stage::Paging,
            is_awaiting_report: false,
            follows_changes: true,
            takes_more: false,
            looked_at: None,
            tally: None,
        }
    }

    /// It is not there, or over, and waits for nothing.
    pub const fn nothing(stage: Stage) -> Self {
        Self {
            deadline: None,
            stage,
            is_awaiting_report: false,
            follows_changes: false,
            takes_more: false,
            looked_at: None,
            tally: None,
        }
    }
}

/// Where an alert stands, as far as the switchboard cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It does not exist.
    Unraised,
    /// People are being paged.
    Paging,
    /// Somebody has it, or it is held.
    Quiet,
    /// It is over.
    Over,
}

impl Standing {
    /// How an alert stands that knows the configuration up to `looked_at`, as seen from this node.
    pub fn of(alert: &Alert, here: &domain::alert::Here, looked_at: Position) -> Self {
        let stage = match alert.phase() {
            Phase::Unraised => Stage::Unraised,
            Phase::Open { .. } => Stage::Paging,
            Phase::Held { .. } | Phase::Acknowledged { .. } => Stage::Quiet,
            Phase::Resolved { .. } => Stage::Over,
        };
        Self {
            deadline: alert.next_deadline_at(here),
            stage,
            is_awaiting_report: alert.is_waiting_for_a_channel(),
            follows_changes: stage == Stage::Paging || alert.is_with_work(),
            takes_more: alert.open_group().is_some(),
            looked_at: Some(looked_at),
            tally: alert.tally(),
        }
    }
}

/// The actor.
#[derive(Debug)]
pub struct AlertActor<W>(PhantomData<fn() -> W>);

impl<W> Default for AlertActor<W> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

/// What every alert of a house shares.
#[derive(Debug)]
pub struct AlertsShared<W: World> {
    /// The world.
    pub ports: Ports<W>,
    /// Where dispatches go.
    pub channels: Channels,
    /// The present configuration.
    pub directory: watch::Receiver<Arc<Directory>>,
    /// The views.
    pub published: Published,
    /// Who decides about overrides.
    pub registrar: Post<Asked>,
    /// Who is told how the alert stands.
    pub switchboard: Post<SwitchboardMessage>,
    /// Who is told what was recorded.
    pub commits: Commits,
    /// Who is told what is wrong.
    pub bell: Bell,
    /// Alerts that had work lately.
    pub shelf: Shelf,
    /// The conservation ledger.
    pub keeping: Keeping,
}

/// An alert while it has work: its history as replayed, and what it shares with the others.
#[derive(Debug)]
pub struct Living<W: World> {
    alert: AlertId,
    shell: Option<Shell<Alert>>,
    shared: Arc<AlertsShared<W>>,
    handled: u64,
    /// The configuration that the last piece of work consulted.
    looked_at: Position,
}

impl<W: World> Actor for AlertActor<W> {
    type Msg = Rung;
    type State = (Living<W>, Inbox);
    type Arguments = (Living<W>, Inbox);

    async fn pre_start(
        &self,
        _myself: ActorRef<Rung>,
        (living, inbox): (Living<W>, Inbox),
    ) -> Result<(Living<W>, Inbox), ActorProcessingErr> {
        living.shared.ports.meter.actors.increase();
        Ok((living, inbox))
    }

    async fn post_stop(
        &self,
        _myself: ActorRef<Rung>,
        (living, _): &mut (Living<W>, Inbox),
    ) -> Result<(), ActorProcessingErr> {
        living.shared.ports.meter.actors.decrease();
        living.rest();
        Ok(())
    }

    async fn handle(
        &self,
        _myself: ActorRef<Rung>,
        Rung: Rung,
        (living, inbox): &mut (Living<W>, Inbox),
    ) -> Result<(), ActorProcessingErr> {
        // What an earlier ring was for may have been done together with others.
        Ok(living.handle_all(inbox.take()).await?)
    }
}

impl<W: World> Living<W> {
    /// An alert that is replayed as soon as it gets work; `is_fresh` when it has no history and there is nothing to
    /// read.
    pub fn new(alert: AlertId, is_fresh: bool, shared: Arc<AlertsShared<W>>) -> Self {
        let fresh = is_fresh.then(|| Shell::fresh(alert.stream()));
        let shell = fresh.or_else(|| shared.shelf.take(alert));
        Self { alert, shell, shared, handled: 0, looked_at: Position::START }
    }

    /// It has no work any more.
    pub fn rest(&mut self) {
        if let Some(shell) = self.shell.take() {
            self.shared.shelf.put(self.alert, shell);
        }
    }

    /// Which alert it is.
    pub const fn alert(&self) -> AlertId {
        self.alert
    }

    /// Its state; none until it is replayed.
    pub fn state(&self) -> Option<&Alert> {
        self.shell.as_ref().map(Shell::state)
    }

    /// Does one piece of work and tells the switchboard how the alert stands then.
    ///
    /// # Errors
    /// When the history cannot be replayed: whoever supervises starts again, or sets the alert aside.
    pub async fn handle(&mut self, work: Work) -> Result<(), JournalError> {
        let standing = self.work(work).await?;
        self.handled += 1;
        let stepped = SwitchboardMessage::Stepped { alert: self.alert, handled: self.handled, standing };
        self.shared.switchboard.send(stepped);
        Ok(())
    }

    /// Does several pieces of work in order, if they are signals in one append, and tells the switchboard how the alert
    /// stands then.
    ///
    /// # Errors
    /// As [`Living::handle`].
    pub async fn handle_all(&mut self, work: Vec<Work>) -> Result<(), JournalError> {
        let left = if work.len() > 1 { self.work_together(work).await } else { work };
        for work in left {
            self.handle(work).await?;
        }
        Ok(())
    }

    /// Decides signals one after the other and writes what comes of them in one append. Hands back those that were not
    /// taken: all of them when the alert is not at hand or the log did not take it.
    async fn work_together(&mut self, work: Vec<Work>) -> Vec<Work> {
        let (here, providers) = (self.shared.ports.here(), self.shared.channels.providers());
        let directory = self.shared.directory.borrow().clone();
        let Some(shell) = &mut self.shell else { return work };
        let mut asked = Vec::with_capacity(work.len());
        let mut waiting = VecDeque::with_capacity(work.len());
        for Work { order, provenance, accepted_at, reply } in work {
            asked.push((
                Command { here: here.clone(), providers: Arc::clone(&providers), order },
                provenance.clone(),
            ));
            waiting.push_back((provenance, accepted_at, reply));
        }
        let commands: Vec<_> =
            asked.iter().map(|(command, provenance)| (command, provenance.clone())).collect();
        let stepped = shell.step_all(&self.shared.ports, &self.shared.channels, &commands, &directory).await;
        drop(commands);
        let mut asked = asked.into_iter().map(|(command, _)| command.order);
        let mut done: u64 = 0;
        for (stepped, order) in stepped.unwrap_or_default().into_iter().zip(asked.by_ref()) {
            let Some((provenance, accepted_at, reply)) = waiting.pop_front() else { break };
            done += 1;
            match stepped {
                Ok(stepped) => {
                    self.after(&stepped.events, stepped.position, accepted_at);
                    let is_raised = self.state().is_some_and(|alert| alert.subject().is_some());
                    let is_late = arrives_late(&order);
                    let done =
                        Done { alert: is_raised.then_some(self.alert), position: stepped.position, is_late };
                    answer(reply, Ok(done));
                }
                Err(refusal) => {
                    let work = Work { order, provenance, accepted_at, reply };
                    self.refused(work, refusal);
                }
            }
        }
        if done > 0 {
            self.looked_at = directory.position();
            self.handled += done;
            let standing = self.standing();
            let stepped = SwitchboardMessage::Stepped { alert: self.alert, handled: self.handled, standing };
            self.shared.switchboard.send(stepped);
        }
        let left = asked.zip(waiting);
        left.map(|(order, (provenance, accepted_at, reply))| Work { order, provenance, accepted_at, reply })
            .collect()
    }

    /// The alert does not take it. A signal may be about another one then.
    fn refused(&self, work: Work, refusal: Refusal) {
        let Work { order, provenance, accepted_at, reply } = work;
        let is_elsewhere =
            matches!(refusal, Refusal::AlreadyResolved | Refusal::GroupClosed | Refusal::GoesAlone);
        match order {
            Order::Signal(signal) if is_elsewhere => {
                let from = Some((self.alert, refusal));
                let now = self.shared.ports.clock.now();
                let directory = Arc::clone(&self.shared.directory.borrow());
                let grouping = directory.grouping(&signal.source, &signal.signal, now).map(Box::new);
                let again = Resubmitted { signal: *signal, provenance, accepted_at, reply, grouping, from };
                self.shared.switchboard.send(SwitchboardMessage::Resubmitted(Box::new(again)));
            }
            _ => answer(reply, Err(Declined::Refused(refusal))),
        }
    }

    async fn work(&mut self, work: Work) -> Result<Standing, JournalError> {
        let Work { order, provenance, accepted_at, mut reply } = work;
        if mutant::is_on(Mutant::AnswerBeforeAppend) {
            let done = Done { alert: Some(self.alert), position: None, is_late: false };
            answer(reply.take(), Ok(done));
        }
        let command =
            Command { here: self.shared.ports.here(), providers: self.shared.channels.providers(), order };
        let last = Declined::Unavailable { reason: "another node writes to the same alert".to_owned() };
        for _ in 0..OVERTAKEN_MAX {
            match self.step(&command, provenance.clone()).await {
                Ok((stepped, seen)) => {
                    self.tell(seen, stepped.position);
                    self.after(&stepped.events, stepped.position, accepted_at);
                    self.pass_on(&command.order);
                    // What comes too late to be news, or ends what never began, belongs to no alert.
                    let is_raised = self.state().is_some_and(|alert| alert.subject().is_some());
                    let is_late = arrives_late(&command.order);
                    let done =
                        Done { alert: is_raised.then_some(self.alert), position: stepped.position, is_late };
                    answer(reply, Ok(done));
                    return Ok(self.standing());
                }
                Err(StepError::Overtaken) => self.shell = None,
                Err(StepError::Refused(refusal)) => {
                    let Command { order, .. } = command;
                    self.refused(Work { order, provenance, accepted_at, reply }, refusal);
                    return Ok(self.standing());
                }
                Err(StepError::Journal(
                    error @ (JournalError::Codec(_) | JournalError::Read(ReadError::Damaged { .. })),
                )) => {
                    let reason = error.to_string();
                    if matches!(error, JournalError::Read(_)) {
                        self.shared.bell.ring(Trouble::LogRefuses { reason: reason.clone() });
                    }
                    answer(reply, Err(Declined::Unavailable { reason }));
                    return Err(error);
                }
                Err(StepError::Journal(error)) => {
                    self.shell = None;
                    let reason = error.to_string();
                    self.shared.bell.ring(Trouble::LogRefuses { reason: reason.clone() });
                    answer(reply, Err(Declined::Unavailable { reason }));
                    let retry = self.shared.ports.clock.now() + LOG_RETRY;
                    return Ok(Standing::again(retry));
                }
            }
        }
        answer(reply, Err(last));
        Ok(self.standing())
    }

    async fn step(
        &mut self,
        command: &Command,
        provenance: Provenance,
    ) -> Result<(Stepped<AlertEvent>, Option<Seen>), StepError<Refusal>> {
        let ports = &self.shared.ports;
        if self.shell.is_none() {
            let replayed = Shell::replay(&ports.journal, self.alert.stream()).await;
            let shell = self.shell.insert(replayed.map_err(StepError::Journal)?);
            // What was appended when we could not hear of it is news for the views as well.
            if !shell.is_fresh() {
                self.shared.commits.committed(Position::START);
            }
        }
        let directory = self.shared.directory.borrow().clone();
        self.looked_at = directory.position();
        let Some(shell) = &mut self.shell else { return Err(StepError::Overtaken) };
        // Afterwards the alert may have forgotten the attempt.
        let (seen, unanswered) = (shell.state().seen(&command.order), shell.state().unanswered());
        let stepped = shell.step(ports, &self.shared.channels, command, &directory, provenance).await?;
        let mut events = stepped.events.iter();
        let is_over = events.any(|event| matches!(event, AlertEvent::Resolved { by: Author::House, .. }));
        let seen = seen.or(unanswered.filter(|_| is_over));
        Ok((stepped, seen.filter(|seen| is_news(&directory, seen, ports.clock.now()))))
    }

    /// Says what was seen of a contact method, once that stands in the log. Should it be lost, it is seen again.
    fn tell(&self, seen: Option<Seen>, position: Option<Position>) {
        if let Some(seen) = seen.filter(|_| position.is_some()) {
            self.shared.registrar.send(Asked::of_seen(seen));
        }
    }

    fn after(&self, events: &[AlertEvent], position: Option<Position>, accepted_at: Option<Timestamp>) {
        let Some(position) = position else { return };
        self.shared.commits.committed(position);
        self.shared.bell.log_recovered();
        let sent = events.iter().any(|event| matches!(event, AlertEvent::AttemptStarted(_)));
        if let Some(accepted_at) = accepted_at.filter(|_| sent) {
            let now = self.shared.ports.clock.now();
            self.shared.ports.meter.first_attempt_latency.observe(now.since(accepted_at));
        }
        for event in events {
            if let (AlertEvent::Acknowledged { by, .. }, Some(id)) =
                (event, self.state().and_then(Alert::asks))
            {
                // Should this be lost, the agenda asks again.
                let staying = Staying { id: id.clone(), command: OverrideCommand::Remove, by: by.clone() };
                self.shared.registrar.send(Asked::of_house(staying));
            }
        }
        let nobody = |event: &AlertEvent| matches!(event, AlertEvent::FallbackEntered { called, .. } if called.is_empty());
        if events.iter().any(nobody) {
            self.shared.bell.ring(Trouble::NobodyToPage { alert: self.alert });
        }
    }

    /// What a provider reports of a message is told to every attempt that went out in it. Its report may overtake the
    /// channel's, from which it is known what these are.
    fn pass_on(&self, order: &Order) {
        let Some(alert) = self.state() else { return };
        let (attempt, status, detail) = match order {
            Order::ReportStatus { attempt, status, detail } => (*attempt, *status, detail.as_str()),
            Order::ReportAttempt { attempt, .. } => match alert.status_of(*attempt) {
                Some(status) => (*attempt, status, ""),
                None => return,
            },
            _ => return,
        };
        for carried in alert.carried_by(attempt) {
            self.shared.switchboard.send(report::status(*carried, status, detail));
        }
    }

    fn standing(&self) -> Standing {
        let unraised = Standing::nothing(Stage::Unraised);
        let here = self.shared.ports.here();
        self.shell.as_ref().map_or(unraised, |shell| {
            debug_assert!(
                shell.state().next_deadline().is_none() || !shell.is_fresh(),
                "what is not raised waits for nothing"
            );
            Standing::of(shell.state(), &here, self.looked_at)
        })
    }
}

fn arrives_late(order: &Order) -> bool {
    matches!(order, Order::Signal(signal) if signal.arrives_late())
}

/// Answers whoever waits, if anybody does.
pub(crate) fn answer(reply: Option<Reply>, answer: Result<Done, Declined>) {
    if let Some(reply) = reply {
        // Whoever asked may have gone away; what was done is done.
        let _ = reply.send(answer);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::alert::SignalOrder;
    use events::event::sample;
    use events::event::signal::{Severity, Signal, Status};

    use super::*;

    fn work(order: Order) -> Work {
        Work { order, provenance: Provenance::deadline(), accepted_at: None, reply: None }
    }

    fn signal() -> Work {
        let order = SignalOrder {
            alert: sample::alert(),
            source: "prometheus".into(),
            dedup_key: "disk".into(),
            signal: Signal {
                status: Status::Firing,
                summary: String::new(),
                severity: Severity::Error,
                labels: BTreeMap::new(),
                details: BTreeMap::new(),
                started_at: None,
                severity_said: None,
                finding: None,
            },
            resolved_start: None,
            gathers: None,
        };
        work(Order::Signal(Box::new(order)))
    }

    #[test]
    fn signals_are_taken_together_and_everything_else_one_by_one() {
        let inbox = Inbox::default();
        for next in [signal(), signal(), work(Order::Tick), work(Order::Tick), signal()] {
            inbox.put(next);
        }
        (0..SIGNALS_TOGETHER_MAX).for_each(|_| inbox.put(signal()));
        let counts: Vec<usize> = (0..6).map(|_| inbox.take().len()).collect();
        assert_eq!(counts, [2, 1, 1, SIGNALS_TOGETHER_MAX, 1, 0]);
    }
}

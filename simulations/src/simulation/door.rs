//! The front door: sources post, people ask, somebody applies a configuration; and each waits for an answer, as over
//! HTTP, and tries again when there is none.

use actors::alert::{Declined, Done};
use actors::registrar::{Applied, Apply, Asked, NotApplied, Undecided};
use actors::shell::Provenance;
use actors::switchboard::{Incoming, SwitchboardMessage};
use adapters::source::{alertmanager, generic};
use domain::alert::Refusal;
use domain::directory::Directory;
use domain::overrides::OverrideRefusal;
use domain::plan::Plan;
use domain::port::Clock;
use domain::work::WorkRefusal;
use events::event::signal::{Signal, Status};
use events::{Author, Cause, DedupKey, PersonId, Position, SourceId, Span, SymptomId};
use tokio::sync::oneshot::{self, Receiver, error::TryRecvError};

use super::agenda::Moment;
use super::day::{Day, Happening, tail};
use super::evidence::Accepted;
use super::fault::Fault;
use super::household::{self, ALERTMANAGER};
use super::invariant::{self, Found, Invariant};
use super::letter::Letter;
use super::people::Act;

/// Whoever asks waits so long, as the server does.
const ANSWER_WITHIN: Span = Span::from_seconds(20);
/// A source posts a body so often before it gives up.
const TRIES_MAX: u32 = 12;

/// Somebody who waits for an answer.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) since: Moment,
    pub(super) wish: Wish,
    pub(super) answer: Option<Receiver<Result<Done, Declined>>>,
}

/// What they want.
#[derive(Debug)]
pub(super) enum Wish {
    /// A person: something of an alert.
    Act { act: Act, acknowledges: Option<Author> },
    /// A source: that its signals are taken.
    Post { number: usize, tries: u32, signals: Vec<Wanted> },
    /// Whoever applies a configuration: that it is so.
    Apply { change: u32, answer: Receiver<Result<Applied, NotApplied>> },
    /// Somebody decides about a rota.
    Decide { answer: Receiver<Result<Position, Undecided<OverrideRefusal>>> },
    /// Somebody decides about planned work.
    Work { answer: Receiver<Result<Position, Undecided<WorkRefusal>>> },
}

/// One signal of a body, and what was answered to it.
#[derive(Debug)]
pub(super) struct Wanted {
    signal: Signal,
    source: SourceId,
    dedup_key: DedupKey,
    symptom: SymptomId,
    answer: Receiver<Result<Done, Declined>>,
    answered: Option<Result<Done, Declined>>,
}

impl Ticket {
    pub(super) const fn new(since: Moment, wish: Wish, answer: Receiver<Result<Done, Declined>>) -> Self {
        Self { since, wish, answer: Some(answer) }
    }
}

impl Day {
    /// A source posts one of its bodies.
    pub(super) fn post(&mut self, number: usize, tries: u32) {
        let now = self.agenda.now();
        let post = self.posts[number].1.clone();
        if !self.is_up() {
            return self.post_again(number, tries);
        }
        let Some(node) = &mut self.node else { return };
        self.story.tell(now, || format!("{} posts: {}", post.source, post.said));
        let read = if post.source == ALERTMANAGER { alertmanager::read } else { generic::read };
        let delivery = read(post.body.as_bytes()).expect("the script posts what the sources would");
        let mut signals = Vec::new();
        for received in delivery.signals {
            let (reply, answer) = oneshot::channel();
            let source = post.source.into();
            let directory = node.directory();
            let grouping = directory
                .and_then(|directory| directory.grouping(&source, &received.signal, node.clock().now()));
            let is_new = received.signal.status == Status::Firing;
            let incoming = Incoming {
                grouping: grouping.filter(|_| is_new).map(Box::new),
                source,
                dedup_key: received.dedup_key.clone(),
                signal: received.signal.clone(),
                provenance: Provenance { by: Author::Source(post.source.into()), cause: request(number) },
                accepted_at: node.clock().now(),
                reply,
            };
            node.post(Letter::Switchboard(SwitchboardMessage::Signal(Box::new(incoming))));
            let (source, dedup_key) = (SourceId::from(post.source), received.dedup_key);
            let symptom = SymptomId::derive(&source, &dedup_key);
            let signal = received.signal;
            signals.push(Wanted { signal, source, dedup_key, symptom, answer, answered: None });
        }
        self.tickets.push(Ticket { since: now, wish: Wish::Post { number, tries, signals }, answer: None });
    }

    fn post_again(&mut self, number: usize, tries: u32) {
        if tries < TRIES_MAX {
            let after = self.chance.span(Span::from_seconds(3), Span::from_seconds(40));
            self.agenda.after(after, Happening::Posts { number, tries: tries + 1 });
        }
    }

    /// Somebody changes the configuration.
    pub(super) fn change(&mut self, leaves: bool) {
        self.blueprint = household::change(&mut self.change_chance, &self.blueprint, leaves);
        self.changes += 1;
        self.apply();
        // The moments after a change are those in which a death leaves alerts that have not looked at it.
        if self.faults.has(Fault::ProcessDies) && self.doom_chance.happens(500) {
            let soon = self.doom_chance.tail(Span::from_millis(20));
            let turns = u32::try_from(self.doom_chance.below(20)).unwrap_or_default();
            self.agenda.after(soon, Happening::Dooms(turns));
        }
    }

    /// Somebody applies the configuration as it should be.
    pub(super) fn apply(&mut self) {
        let now = self.agenda.now();
        self.wants_apply = true;
        let Some(node) = self.node.as_mut().filter(|node| node.is_open()) else { return };
        self.story.tell(now, || "somebody applies the configuration".to_owned());
        let (reply, answer) = oneshot::channel();
        let provenance = Provenance { by: Author::Token("owner".into()), cause: request(0) };
        let blueprint = Box::new(self.blueprint.clone());
        let apply = Apply { blueprint, is_dry_run: false, within: None, provenance, reply };
        node.post(Letter::Registrar(Asked::Apply(apply)));
        self.tickets.push(Ticket {
            since: now,
            wish: Wish::Apply { change: self.changes, answer },
            answer: None,
        });
    }

    /// Looks who was answered.
    pub(super) fn collect(&mut self) {
        let now = self.agenda.now();
        let mut waiting = Vec::with_capacity(self.tickets.len());
        for mut ticket in std::mem::take(&mut self.tickets) {
            let is_late = now.since(ticket.since) > ANSWER_WITHIN;
            match &mut ticket.wish {
                Wish::Act { .. } => {
                    match ticket.answer.as_mut().and_then(|answer| received(answer, is_late)) {
                        Some(answer) => self.act_answered(ticket.wish, &answer),
                        None => waiting.push(ticket),
                    }
                }
                Wish::Post { signals, .. } => {
                    for wanted in signals.iter_mut().filter(|wanted| wanted.answered.is_none()) {
                        wanted.answered = received(&mut wanted.answer, is_late);
                        if let Some(Ok(done)) = wanted.answered.clone() {
                            self.signal_taken(wanted, &done);
                        }
                    }
                    if signals.iter().all(|wanted| wanted.answered.is_some()) {
                        self.post_answered(ticket.wish);
                    } else {
                        waiting.push(ticket);
                    }
                }
                Wish::Apply { change, answer } => match answer.try_recv() {
                    Ok(Ok(_)) => self.applied(*change),
                    Ok(Err(_)) | Err(TryRecvError::Closed) => {
                        self.agenda.after(Span::from_seconds(10), Happening::Applies);
                    }
                    Err(TryRecvError::Empty) => waiting.push(ticket),
                },
                Wish::Work { answer } => match answer.try_recv() {
                    Ok(answer) => self.decided(&answer),
                    // Whoever was not answered looks later what became of it.
                    Err(TryRecvError::Closed) => {}
                    Err(TryRecvError::Empty) => waiting.push(ticket),
                },
                Wish::Decide { answer } => match answer.try_recv() {
                    Ok(answer) => self.decided(&answer),
                    // Whoever was not answered looks later what became of it.
                    Err(TryRecvError::Closed) => {}
                    Err(TryRecvError::Empty) => waiting.push(ticket),
                },
            }
        }
        waiting.append(&mut self.tickets);
        self.tickets = waiting;
    }

    fn act_answered(&mut self, wish: Wish, answer: &Result<Done, Declined>) {
        let Wish::Act { act, acknowledges } = wish else { return };
        match answer {
            Ok(done) => {
                let found = match acknowledges {
                    Some(by) => invariant::durable::acknowledgement(&self.evidence, done, &by),
                    None => invariant::durable::order(&self.evidence, done),
                };
                self.found(Invariant::Durable, found);
            }
            Err(Declined::Refused(_) | Declined::Quarantined { .. }) => {}
            Err(Declined::Unavailable { .. } | Declined::Busy) => self.again(act),
        }
    }

    fn signal_taken(&mut self, wanted: &Wanted, done: &Done) {
        let found = invariant::durable::signal(&self.evidence, wanted.symptom, &wanted.signal, done);
        self.found(Invariant::Durable, found);
        if let Some(node) = &self.node {
            let (source, dedup_key) = (wanted.source.clone(), wanted.dedup_key.clone());
            node.told(source, dedup_key, wanted.signal.status, done);
        }
        self.evidence.accepted.push(Accepted {
            symptom: wanted.symptom,
            status: wanted.signal.status,
            started_at: wanted.signal.started_at,
            alert: done.alert,
        });
    }

    fn post_answered(&mut self, wish: Wish) {
        let Wish::Post { number, tries, signals } = wish else { return };
        let refused = |wanted: &Wanted| match &wanted.answered {
            Some(Err(
                Declined::Refused(Refusal::NoRoute) | Declined::Unavailable { .. } | Declined::Busy,
            )) => true,
            Some(Ok(_) | Err(Declined::Refused(_) | Declined::Quarantined { .. })) | None => false,
        };
        if signals.iter().any(refused) {
            self.post_again(number, tries);
        }
    }

    /// Somebody was told that the configuration is as it should be.
    fn applied(&mut self, change: u32) {
        if change != self.changes {
            // A later one is on its way.
            return;
        }
        self.wants_apply = false;
        let found = self.is_applied();
        self.found(Invariant::Durable, found);
    }

    fn is_applied(&self) -> Found {
        if !self.options.is_judged {
            return Ok(());
        }
        let journal = events::Journal::new(
            events::MemoryLog::new(),
            events::DerivedKeys::default(),
            events::NodeId::from("reader"),
            events::BootId(0),
        );
        let mut directory = Directory::default();
        for recorded in tail(&self.log, Position::START) {
            if recorded.stream.category() != "alert" {
                let entry = journal.open(&recorded, events::codec::Texts::Open);
                directory.apply(&entry.map_err(|error| error.to_string())?);
            }
        }
        let plan = Plan::between(&directory, &self.blueprint, &mut || PersonId::from_bytes([0; 16]));
        if plan.is_empty() {
            return Ok(());
        }
        Err(format!(
            "the configuration was said to be applied, and {} changes are missing",
            plan.changes.len()
        ))
    }
}

fn request(number: usize) -> Cause {
    Cause::Request(number.to_string().as_str().into())
}

/// What was answered; none as long as it may still come.
fn received(answer: &mut Receiver<Result<Done, Declined>>, is_late: bool) -> Option<Result<Done, Declined>> {
    let unavailable = || Some(Err(Declined::Unavailable { reason: "no answer".to_owned() }));
    match answer.try_recv() {
        Ok(answer) => Some(answer),
        Err(TryRecvError::Closed) => unavailable(),
        Err(TryRecvError::Empty) if is_late => unavailable(),
        Err(TryRecvError::Empty) => None,
    }
}

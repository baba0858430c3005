//! A node's way through the house: decide, append, evolve, dispatch, as `actors/src/shell.rs` and
//! `events/src/journal.rs` have it, cut where something can come between. What is decided, how it is taken into the
//! state and what leaves because of it are the production functions.
//!
//! It is a copy of some forty lines, and not the original: the original is one asynchronous function, which can be
//! neither copied nor compared half-way, and a state of the model must be both.

use std::sync::Arc;

use domain::aggregate::Aggregate;
use domain::alert::{Command, Order};
use domain::directory::Directory;
use domain::port::Report;
use events::Timestamp;
use events::event::alert::Receipt;
use events::event::outcome::{Outcome, Reason};
use events::mutant::{self, Mutant};

use super::chronicle::Stage;
use super::history::{Batch, History};
use super::house;
use super::invariant::Invariant;
use super::node::{Appending, Asked, Post, Reported, Verdict, here};
use super::state::State;

/// What rings rings until long after the end.
const RINGS_UNTIL: Timestamp = Timestamp::from_micros(1_795_327_000_000_000);

impl State {
    /// A node decides. What it decides is handed to the log, or answered at once when there is nothing to write.
    pub fn ask(&mut self, number: usize, asked: Asked, directory: &Directory) {
        let node = &mut self.nodes[number];
        let here = here(number, node.boot);
        let command =
            Command { here: here.clone(), providers: Arc::default(), order: order(asked, &node.view) };
        let Ok(events) = node.view.alert().decide(&command, directory, self.now) else { return };
        if events.is_empty() {
            let deadline = node.view.alert().next_deadline_at(&here);
            self.broken.unless(deadline.is_none_or(|at| at > self.now), Invariant::NothingOverdue);
            return self.answer(number, asked);
        }
        let wanted = node.view.then(Batch { here: here.clone(), at: self.now, events });
        let deadline = wanted.alert().next_deadline_at(&here);
        self.broken.unless(deadline.is_none_or(|at| at > self.now), Invariant::NothingOverdue);
        self.broken.unless(deadline.is_some(), Invariant::AlwaysADeadline);
        if mutant::is_on(Mutant::SendBeforeAppend) {
            node.queue.extend(dispatches(&wanted));
        }
        node.doing = Some(Appending { asked, wanted, again: false });
        if mutant::is_on(Mutant::AnswerBeforeAppend) && asked == Asked::Signal {
            self.answer(number, asked);
        }
    }

    /// A node's append reaches the log, and the node hears what the log answers: it is written, or was already; or
    /// somebody else wrote first, and the node reads the log and decides the same again.
    pub fn append(&mut self, number: usize, directory: &Directory) {
        let Some(Appending { asked, wanted, .. }) = self.nodes[number].doing.take() else { return };
        if self.take(&wanted) {
            self.written(number, asked, wanted);
        } else {
            self.nodes[number].view = self.log.clone();
            self.ask(number, asked, directory);
        }
        self.follow();
    }

    /// A node's append reaches the log or not, and the node does not hear from it: it hands it the identical batch
    /// again before anything else.
    pub fn append_unheard(&mut self, number: usize, reaches_log: bool) {
        let Some(mut appending) = self.nodes[number].doing.take() else { return };
        if reaches_log {
            self.take(&appending.wanted);
        }
        if mutant::is_on(Mutant::BelieveUnknownAppends) {
            self.written(number, appending.asked, appending.wanted);
        } else {
            appending.again |= reaches_log;
            self.nodes[number].doing = Some(appending);
        }
        self.follow();
    }

    /// The log takes an append if it is where the append expects it, or holds this very batch there already.
    pub fn take(&mut self, wanted: &History) -> bool {
        let is_expected = self.log.version() == wanted.before().version();
        if is_expected && self.log == *wanted.before() {
            self.log = wanted.clone();
        } else if wanted.is_prefix_of(&self.log) {
            return true;
        } else if is_expected || mutant::is_on(Mutant::SkipExpectedVersion) {
            self.log = self.log.then(wanted.last().clone());
        } else {
            return false;
        }
        true
    }

    /// Nodes that work and wait for nothing read what was written.
    pub fn follow(&mut self) {
        for node in self.nodes.iter_mut().filter(|node| node.is_idle()) {
            if node.view.is_prefix_of(&self.log) {
                node.view = self.log.clone();
            }
        }
    }

    fn written(&mut self, number: usize, asked: Asked, wanted: History) {
        let node = &mut self.nodes[number];
        if !mutant::is_on(Mutant::SendBeforeAppend) {
            node.queue.extend(dispatches(&wanted));
        }
        node.view = wanted;
        self.broken.unless(self.nodes[number].view.is_prefix_of(&self.log), Invariant::ReplayIsTruth);
        self.answer(number, asked);
    }

    /// Whoever asked is told that it is done.
    fn answer(&mut self, number: usize, asked: Asked) {
        let view = &self.nodes[number].view;
        let stage = view.chronicle().stage;
        let is_in_log = view.is_prefix_of(&self.log);
        match asked {
            Asked::Signal => {
                self.is_accepted = true;
                self.broken.unless(is_in_log && stage != Stage::Unraised, Invariant::Durable);
            }
            Asked::Acknowledge => {
                let is_acknowledged = matches!(stage, Stage::Acknowledged(..));
                self.broken.unless(is_in_log && is_acknowledged, Invariant::Durable);
            }
            Asked::Report(_) | Asked::Tick => {}
        }
    }
}

/// What leaves the house because of the last append.
fn dispatches(wanted: &History) -> Vec<Post> {
    let mut alert = wanted.before().alert().clone();
    let batch = wanted.last();
    let posts = batch.events.iter().filter_map(|event| {
        alert.evolve(event, batch.at);
        alert.dispatch(event).map(Post::of)
    });
    posts.collect()
}

fn order(asked: Asked, view: &History) -> Order {
    match asked {
        Asked::Signal => house::signal(),
        Asked::Acknowledge => house::acknowledgement(),
        Asked::Tick => Order::Tick,
        Asked::Report(Reported { attempt, is_recall: true, expires_at, verdict }) => {
            Order::ReportRecall { attempt, timeout_at: expires_at, report: Report::bare(outcome(verdict)) }
        }
        Asked::Report(Reported { attempt, is_recall: false, verdict, .. }) => {
            let rings = verdict == Verdict::Accepted && view.chronicle().rings(attempt);
            let receipt = rings.then(|| Receipt::ringing(format!("r{attempt}"), RINGS_UNTIL));
            Order::ReportAttempt { attempt, report: Report { receipt, ..Report::bare(outcome(verdict)) } }
        }
    }
}

const fn outcome(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Accepted => Outcome::Accepted,
        Verdict::Refused => Outcome::Refused(Reason::Rejected),
        Verdict::Failed => Outcome::Failed { reason: Reason::ProviderFault, retry_after: None },
        Verdict::Expired => Outcome::Failed { reason: Reason::Expired, retry_after: None },
        Verdict::Timeout => Outcome::Unknown(Reason::Timeout),
    }
}

//! What can be asked of an alert, and why it says no.

use std::sync::Arc;

use events::event::alert::{About, Handed, Way};
use events::event::outcome::DeliveryStatus;
use events::event::signal::Signal;
use events::event::symptom::Gathers;
use events::mutant::{self, Mutant};
use events::{AlertId, Author, BootId, ContactId, DedupKey, NodeId, PersonId, SourceId, Timestamp};

use super::Alert;
use crate::port::{Answer, Hold, Report};
use crate::providers::Providers;

/// An order, and which node carries it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The node that decides, and would send.
    pub here: Here,
    /// Over which providers it sends.
    pub providers: Arc<Providers>,
    /// What is asked.
    pub order: Order,
}

/// A node, in one of its starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Here {
    /// Which node.
    pub node: NodeId,
    /// In which start.
    pub boot: BootId,
}

/// What can be asked of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// A source said something about the alert's symptom.
    Signal(Box<SignalOrder>),
    /// Page a person for a test.
    Test {
        /// The alert that the test becomes.
        alert: AlertId,
        /// Whom.
        person: PersonId,
        /// By which contact method only.
        contact: Option<ContactId>,
        /// By whom.
        by: Author,
    },
    /// Tell a person something.
    Tell(Box<Telling>),
    /// Somebody takes it.
    Acknowledge {
        /// Who.
        by: Author,
        /// How they said so.
        way: Way,
    },
    /// Somebody says that it is over.
    Resolve {
        /// Who.
        by: Author,
    },
    /// Somebody wants the next step now.
    Escalate {
        /// Who.
        by: Author,
    },
    /// Somebody wants others to deal with it.
    HandOver {
        /// Who.
        by: Author,
        /// To whom.
        to: Handed,
    },
    /// Somebody wants to hear of it later.
    Hold {
        /// Who.
        by: Author,
        /// When it goes on.
        until: Timestamp,
        /// It goes on as well when so many more problems have joined it; 0 when that is no reason.
        unless_joined: u32,
    },
    /// Somebody wants to hear of it now, although it is on hold.
    EndHold,
    /// Somebody writes something down.
    Note {
        /// Who.
        by: Author,
        /// What.
        text: String,
    },
    /// A channel reports what became of an attempt.
    ReportAttempt {
        /// Which attempt.
        attempt: u32,
        /// What became of it.
        report: Report,
    },
    /// A channel has put an attempt off: carriers' limits let no more through now.
    ReportHeld {
        /// Which attempt.
        attempt: u32,
        /// Until when, and why.
        hold: Hold,
    },
    /// A provider reports later what became of what it took.
    ReportStatus {
        /// Which attempt.
        attempt: u32,
        /// What it reports.
        status: DeliveryStatus,
        /// In its own words; empty when there is nothing to add.
        detail: String,
    },
    /// Somebody has answered a page where it arrived, as its provider says when it is asked. It is asked until the
    /// answer is known, so the same one may come again: it counts once.
    Answer {
        /// Which attempt.
        attempt: u32,
        /// Whoever was paged.
        by: Author,
        /// What they have answered.
        answer: Answer,
        /// In the provider's words.
        detail: String,
    },
    /// A channel reports what became of a recall.
    ReportRecall {
        /// Which attempt rang.
        attempt: u32,
        /// Until when the recall that it is about was to be reported: which of them it was.
        timeout_at: Timestamp,
        /// What became of it.
        report: Report,
    },
    /// The configuration changed.
    Reconsider,
    /// Do what is due.
    Tick,
}

/// Something that a person is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The alert that the message becomes.
    pub alert: AlertId,
    /// What tells it from others like it: the same never becomes a second message.
    pub key: DedupKey,
    /// Whom.
    pub person: PersonId,
    /// What.
    pub about: About,
}

/// A signal about the alert's symptom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalOrder {
    /// The alert that it would raise.
    pub alert: AlertId,
    /// Who said it.
    pub source: SourceId,
    /// What the source calls the symptom.
    pub dedup_key: DedupKey,
    /// What it said.
    pub signal: Signal,
    /// When the same symptom's last problem had begun, as the source said when it resolved it: what began no later
    /// is that same problem, arriving late.
    pub resolved_start: Option<Timestamp>,
    /// The alert that it raises takes in more problems of its service.
    pub gathers: Option<Gathers>,
}

impl SignalOrder {
    /// True when it is about the symptom's last problem, which is over.
    pub fn arrives_late(&self) -> bool {
        let began = self.signal.started_at;
        let is_late = |resolved| began.is_some_and(|began| began <= resolved);
        self.resolved_start.is_some_and(is_late)
            || self.resolved_start.is_some() && mutant::is_on(Mutant::SwallowNewFirings)
    }

    /// True when it is about the problem that raised this alert.
    pub(super) fn is_about(&self, alert: &Alert) -> bool {
        let subject = alert.subject();
        subject.is_some_and(|subject| subject.source == self.source && subject.dedup_key == self.dedup_key)
    }
}

/// Why an alert says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such alert.
    #[error("there is no such alert")]
    NotRaised,
    /// It is over.
    #[error("the alert is already resolved")]
    AlreadyResolved,
    /// No route leads anywhere.
    #[error("no route matches the signal: add a last route without `when`")]
    NoRoute,
    /// The report is about something that nobody waits for.
    #[error("nobody waits for this report")]
    NotAwaited,
    /// There is no such person, or no such contact method.
    #[error("there is nobody to reach by this name")]
    Unreachable,
    /// There is no such policy or team, or the team has no members.
    #[error("there is no policy or team by this name that could reach anybody")]
    NobodyThere,
    /// It is a test, or what the house tells somebody.
    #[error("this is no problem but a test or a message: it can be acknowledged or resolved")]
    NoProblem,
    /// The alert takes in no more problems: this one is another alert's.
    #[error("the alert takes in no more problems")]
    GroupClosed,
    /// The problem belongs to no group.
    #[error("the problem is an alert of its own")]
    GoesAlone,
    /// Nobody has put it off.
    #[error("the alert is not on hold")]
    NotHeld,
    /// It is on hold because of planned work.
    #[error("planned work holds the alert: end that with `hotpotato work end`")]
    HeldByWork,
    /// It cannot be held that long.
    #[error("an alert can be held for a day at most")]
    HoldTooLong,
}

//! An alert: from raised to resolved.
//!
//! ```text
//!             hold                     hold is over
//!           ┌───────► held ◄──────┐ ┌───────────────┐
//!           │                     │ │               ▼
//! raised ───┴──► open: step 1, step 2, … ──► fallback, again and again
//!                 ▲    │                        │
//!                 │    └──────► acknowledged ◄──┘
//!                 └── lapses ───────┘│
//!                                    └──────► resolved (from anywhere)
//! ```
//!
//! The happy case: a signal raises the alert, step 1 is entered, Anna's page is ordered and its first attempt
//! started, in one append. The attempt ends as accepted. Anna acknowledges: nothing more is started, and what still
//! rings is recalled. The source says that it is over: resolved.

use std::sync::Arc;

use events::event::alert::{
    About, AlertEvent, Assignment, AttemptStarted, Handed, Occasion, PageOrdered, PageRung, Raised, Receipt,
    StepEntered,
};
use events::event::outcome::DeliveryStatus;
use events::event::signal::{Severity, Signal};
use events::mutant::{self, Mutant};
use events::{
    AlertId, AttemptId, Author, ChannelId, DedupKey, KeyOwner, OverrideId, PersonId, Sealed, SourceId,
    Timestamp,
};

use crate::aggregate::Aggregate;
use crate::directory::Directory;
use crate::port::{Dispatch, Fate};

pub use command::{Command, Here, Order, Refusal, SignalOrder, Telling};
pub(crate) use decide::{MESSAGE_SOURCE, TEST_SOURCE};
pub use page::Page;
pub(crate) use reach::can_be_reached;
pub use work::WorkStage;

pub mod command;
mod decide;
mod dispatch;
mod evolve;
pub mod limit;
mod pace;
pub mod page;
mod reach;
mod seen;
pub mod symptoms;
mod tally;
#[cfg(test)]
mod tests;
mod turns;
mod work;

/// An alert in its present state.
#[derive(Clone, Debug, Default)]
pub struct Alert {
    subject: Option<Arc<Subject>>,
    severity: Severity,
    phase: Phase,
    generation: u32,
    /// Attempts up to this one belong to earlier generations.
    attempts_earlier: u32,
    /// Where the policy stands; kept while nobody is paged, so that escalating goes on from there.
    cursor: Cursor,
    pages: Vec<Page>,
    pages_count: u32,
    attempts: Vec<Attempt>,
    attempts_count: u32,
    recalls: Vec<Recall>,
    work: Option<work::AtWork>,
    /// By whose policy it escalates, when not by its service's.
    handed: Option<Handed>,
    /// How often steps have handed it over in this generation.
    handovers: u32,
    /// How many people must take it.
    acknowledgements_wanted: u32,
    /// Who has taken it while more are wanted.
    takers: Vec<Author>,
    /// All its problems, when it takes in more than the one that raised it.
    symptoms: Option<symptoms::Symptoms>,
    /// Who wants to hear of it later, and what ends that before its time.
    hold: Option<HoldTerms>,
    signal_recorded_at: Timestamp,
    /// What the ledger asks about it.
    counted: tally::Counted,
    last_at: Timestamp,
}

/// What the alert is about; never changes once it is raised.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Which alert it is.
    pub id: AlertId,
    /// What it is for.
    pub occasion: Occasion,
    /// Who said so.
    pub source: SourceId,
    /// What the source calls the symptom.
    pub dedup_key: DedupKey,
    /// What was said.
    pub signal: Sealed<Signal>,
    /// Where it belongs; nowhere for a test.
    pub assignment: Option<Assignment>,
    /// Since when it is an alert.
    pub raised_at: Timestamp,
}

impl Subject {
    /// Whose key seals what is said about it.
    pub(crate) fn texts_owner(&self) -> KeyOwner {
        let of_service = |assignment: &Assignment| KeyOwner::texts(&assignment.service, self.raised_at);
        self.assignment.as_ref().map_or(KeyOwner::Alert(self.id), of_service)
    }
}

/// On which terms somebody wants to hear of an alert later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldTerms {
    /// Who.
    pub by: Author,
    /// It goes on when so many more problems have joined; 0 when that is no reason.
    pub unless_joined: u32,
    /// How many have.
    pub joined: u32,
}

/// Where an alert stands between raised and resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// It does not exist yet.
    #[default]
    Unraised,
    /// Nobody is paged before `until`.
    Held {
        /// When it goes on.
        until: Timestamp,
    },
    /// People are being paged, and the next step is due at `until`.
    Open {
        /// When the next step is due.
        until: Timestamp,
    },
    /// Somebody has it.
    Acknowledged {
        /// Who.
        by: Author,
        /// When the taking runs out.
        until: Option<Timestamp>,
    },
    /// It is over.
    Resolved {
        /// When the problem had begun, as the source said.
        started_at: Option<Timestamp>,
    },
}

/// Where the policy stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cursor {
    /// Which run through the steps, from 1; 0 before the first.
    round: u32,
    /// Which step, from 1; 0 before the first.
    step: u32,
    /// The steps are through.
    fallback: bool,
    /// Whoever does planned work was asked before the next step.
    with_worker: bool,
    /// Since when it stands there.
    since: Timestamp,
}

/// The override that ends when somebody says that they have it.
pub(crate) const fn asked_by(about: &About) -> Option<&OverrideId> {
    match about {
        About::ShiftBegins(handover) => handover.asks.as_ref(),
        About::ShiftEnds(_)
        | About::ShiftStays(_)
        | About::WorkEnds { .. }
        | About::WorkOver { .. }
        | About::ContactBroken { .. }
        | About::ContactUnanswered { .. }
        | About::ContactCode { .. } => None,
    }
}

impl Cursor {
    /// No step has been entered in this generation.
    const fn is_at_start(&self) -> bool {
        self.round == 0 && !self.fallback
    }
}

/// One try, as far as it still matters.
#[derive(Clone, Debug)]
struct Attempt {
    started: AttemptStarted,
    state: AttemptState,
    /// What went out in its message.
    carries: Vec<AttemptId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum AttemptState {
    /// Handed to a channel. Its provider's report may overtake the channel's.
    InFlight { status: Option<DeliveryStatus> },
    /// The provider took it.
    Taken {
        receipt: Option<Receipt>,
        status: Option<DeliveryStatus>,
        /// By when it is to report that it arrived.
        report_by: Option<Timestamp>,
    },
    /// Nobody knows. It may ring until then all the same, and its provider report by then.
    Lost { rings_until: Timestamp, report_by: Option<Timestamp> },
}

/// Something that rings and is to be stopped.
#[derive(Clone, Debug)]
struct Recall {
    attempt: u32,
    tries: u32,
    state: RecallState,
}

#[derive(Clone, Debug)]
enum RecallState {
    Due(Timestamp),
    InFlight { timeout_at: Timestamp, here: Here },
}

impl Alert {
    /// What the alert is about; none before it is raised.
    pub fn subject(&self) -> Option<&Subject> {
        self.subject.as_deref()
    }

    /// The override that keeps others on call until this message is acknowledged.
    pub fn asks(&self) -> Option<&OverrideId> {
        match &self.subject()?.occasion {
            Occasion::Message { about, .. } => asked_by(about),
            Occasion::Problem | Occasion::Test { .. } => None,
        }
    }

    /// The code that this message carries.
    fn contact_code(&self) -> Option<&String> {
        match &self.subject()?.occasion {
            Occasion::Message { about, .. } => {
                if let About::ContactCode { code, .. } = &**about {
                    code.open()
                } else {
                    None
                }
            }
            Occasion::Problem | Occasion::Test { .. } => None,
        }
    }

    /// Where it stands.
    pub const fn phase(&self) -> &Phase {
        &self.phase
    }

    /// On which terms somebody put it off; none when nobody did, and while planned work holds it.
    pub fn hold_terms(&self) -> Option<&HoldTerms> {
        let is_held = matches!(self.phase, Phase::Held { .. }) && !self.is_with_work();
        self.hold.as_ref().filter(|_| is_held)
    }

    /// How bad it is now.
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// How often paging for it has begun: links in pages belong to one generation.
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// The moment of its last event.
    pub const fn last_at(&self) -> Timestamp {
        self.last_at
    }

    /// The people who were paged about it, in order, each once.
    pub fn people_paged(&self) -> Vec<PersonId> {
        let mut people = Vec::new();
        for page in &self.pages {
            if !people.contains(&page.person) {
                people.push(page.person);
            }
        }
        people
    }

    /// Who has it while more people are to take it.
    pub fn takers(&self) -> &[Author] {
        &self.takers
    }

    /// To whom it was handed over last; none when it escalates by its service's policy.
    pub const fn handed(&self) -> Option<&Handed> {
        self.handed.as_ref()
    }

    /// True once it is over and nothing more is to come.
    pub fn is_at_rest(&self) -> bool {
        matches!(self.phase, Phase::Resolved { .. }) && self.next_deadline().is_none()
    }

    /// True while something was handed to a channel whose outcome is not known.
    pub fn is_waiting_for_a_channel(&self) -> bool {
        self.attempts.iter().any(Attempt::is_in_flight)
            || self.recalls.iter().any(|recall| matches!(recall.state, RecallState::InFlight { .. }))
    }

    /// The next deadline as seen from `here`: what an earlier start of this very node had in flight is known to be
    /// dead, and due at once.
    pub fn next_deadline_at(&self, here: &Here) -> Option<Timestamp> {
        let orphaned = self.attempts.iter().any(|attempt| attempt.is_orphan_of(here))
            || self.recalls.iter().any(|recall| recall.is_orphan_of(here));
        if orphaned { Some(self.last_at) } else { self.next_deadline() }
    }

    /// The attempts of other alerts, and of this one, that went out in the message of this attempt: what its provider
    /// reports of it is true of them too.
    pub fn carried_by(&self, attempt: u32) -> &[AttemptId] {
        let known = self.attempts.iter().find(|known| known.started.attempt == attempt);
        known.map_or(&[], |known| &known.carries)
    }

    /// What its provider has reported last of an attempt that it took.
    pub fn status_of(&self, attempt: u32) -> Option<DeliveryStatus> {
        let known = self.attempts.iter().find(|known| known.started.attempt == attempt)?;
        match known.state {
            AttemptState::InFlight { status } | AttemptState::Taken { status, .. } => status,
            AttemptState::Lost { .. } => None,
        }
    }

    /// To whom an attempt goes that is under way, how, and over which provider; the first when none is named.
    pub fn heads_for(&self, attempt: u32) -> Option<(PersonId, &PageRung, Option<&ChannelId>)> {
        let known = self.attempts.iter().find(|known| known.started.attempt == attempt)?;
        let rung = usize::try_from(known.started.rung).ok()?.checked_sub(1)?;
        let page = self.page(known.started.page)?;
        let rung = &page.rungs.get(rung)?.rung;
        Some((page.person, rung, known.started.via.as_ref().or(rung.via.as_ref())))
    }

    /// Lets go of what was said: enough for deadlines, and small. For folds over many alerts.
    pub fn forget_texts(&mut self) {
        if let Some(subject) = &mut self.subject {
            Arc::make_mut(subject).signal = Sealed::Shut;
        }
        self.forget_symptoms();
    }

    fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open { .. })
    }

    /// False for a test and for what the house tells somebody.
    pub fn is_problem(&self) -> bool {
        self.subject().is_none_or(|subject| subject.occasion == Occasion::Problem)
    }

    /// What was taken and of which nobody has reported that it arrived, or did not, with the moments by which somebody
    /// was to.
    fn unreported(&self) -> impl Iterator<Item = (u32, Timestamp)> {
        let is_on = |page: u32| self.page(page).is_some_and(|page| !page.stopped);
        self.attempts.iter().filter_map(move |attempt| match attempt.state {
            AttemptState::Taken { status, report_by: Some(by), .. }
                if status.is_none_or(|status| status < DeliveryStatus::Undelivered)
                    && is_on(attempt.started.page)
                    && !mutant::is_on(Mutant::IgnoreOverdueReports) =>
            {
                Some((attempt.started.attempt, by))
            }
            AttemptState::Taken { .. } | AttemptState::Lost { .. } | AttemptState::InFlight { .. } => None,
        })
    }

    fn page(&self, number: u32) -> Option<&Page> {
        self.pages.iter().find(|page| page.number == number)
    }
}

impl Attempt {
    const fn is_in_flight(&self) -> bool {
        matches!(self.state, AttemptState::InFlight { .. })
    }

    /// Whoever was paged has answered where it arrived, and that was taken.
    const fn is_answered(&self) -> bool {
        match self.state {
            AttemptState::InFlight { status } | AttemptState::Taken { status, .. } => {
                matches!(status, Some(DeliveryStatus::Answered))
            }
            AttemptState::Lost { .. } => false,
        }
    }

    fn is_orphan_of(&self, here: &Here) -> bool {
        self.is_in_flight() && self.started.node == here.node && self.started.boot != here.boot
    }
}

impl Recall {
    fn is_orphan_of(&self, here: &Here) -> bool {
        match &self.state {
            RecallState::InFlight { here: sender, .. } => {
                sender.node == here.node && sender.boot != here.boot
            }
            RecallState::Due(_) => false,
        }
    }

    const fn deadline(&self) -> Timestamp {
        match self.state {
            RecallState::Due(at) => at,
            RecallState::InFlight { timeout_at, .. } => timeout_at,
        }
    }
}

impl Aggregate for Alert {
    type Command = Command;
    type Event = AlertEvent;
    type Refusal = Refusal;

    fn decide(
        &self,
        command: &Command,
        directory: &Directory,
        now: Timestamp,
    ) -> Result<Vec<AlertEvent>, Refusal> {
        decide::decide(self, command, directory, now)
    }

    fn evolve(&mut self, event: &AlertEvent, at: Timestamp) {
        evolve::evolve(self, event, at);
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        let phase = match self.phase {
            Phase::Held { until } | Phase::Open { until } => Some(until),
            Phase::Acknowledged { until, .. } => until.filter(|_| !mutant::is_on(Mutant::ForgetLapse)),
            Phase::Unraised | Phase::Resolved { .. } => None,
        };
        let in_flight = self
            .attempts
            .iter()
            .filter(|attempt| attempt.is_in_flight() && !mutant::is_on(Mutant::ForgetAttemptTimeout));
        phase
            .into_iter()
            .chain(self.pages.iter().filter_map(Page::next_deadline))
            .chain(in_flight.map(|attempt| attempt.started.timeout_at))
            .chain(self.recalls.iter().map(Recall::deadline))
            .chain(self.unreported().map(|(_, by)| by))
            .chain(self.work_deadline())
            .min()
    }

    fn dispatch(&self, event: &AlertEvent) -> Option<Dispatch> {
        dispatch::dispatch(self, event)
    }

    fn fate(&self, event: &AlertEvent) -> Option<Fate> {
        dispatch::fate(self, event)
    }
}

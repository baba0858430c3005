//! The board: every open alert in a few words, for lists and for finding an alert by its code.

use std::collections::{HashMap, HashSet, VecDeque};

use events::event::alert::{AlertEvent, Occasion, Raised, Taken};
use events::event::signal::{Finding, Severity};
use events::{
    AlertId, Author, Code, Entry, Event, OverrideId, ServiceId, SourceId, SymptomId, Timestamp, WorkId,
};

use super::Reached;
use crate::alert::asked_by;
use crate::alert::limit::SYMPTOMS_MAX;
use crate::change::Lately;

/// The codes of so many resolved alerts are still found.
pub const RESOLVED_KEPT_MAX: usize = 10_000;

/// Of each planned work, so many alerts that it took are remembered.
pub const TAKEN_KEPT_MAX: usize = 1_000;

/// A summary is cut after so many characters.
pub const SUMMARY_CHARS_MAX: usize = 200;

/// Every alert that is not over.
#[derive(Debug, Default)]
pub struct Board {
    cards: HashMap<AlertId, Card>,
    resolved: VecDeque<AlertId>,
    /// Problems that have joined an open alert which another one had raised.
    hosts: HashMap<SymptomId, AlertId>,
    services: HashSet<ServiceId>,
    sources: HashSet<SourceId>,
    /// Overrides that keep others on call until somebody has taken over, by the message that asks.
    asked: HashMap<AlertId, OverrideId>,
    /// Those of them that may end, and who said so; see [`TAKEN_KEPT_MAX`].
    taken_over: VecDeque<(OverrideId, Author)>,
    /// What each planned work has taken, also what is over meanwhile; see [`TAKEN_KEPT_MAX`].
    taken: HashMap<WorkId, VecDeque<(AlertId, Timestamp)>>,
    reached: Reached,
    changes: Lately,
}

/// One alert in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// What is wrong, cut to [`SUMMARY_CHARS_MAX`].
    pub summary: Box<str>,
    /// What the house itself has found out; see `Signal::finding`.
    pub finding: Option<Box<Finding>>,
    /// The service; none for a test.
    pub service: Option<ServiceId>,
    /// Who said so.
    pub source: SourceId,
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands.
    pub state: CardState,
    /// Who put it off, and after how many more problems it goes on, 0 for that is no reason; none when nobody did.
    pub hold: Option<Box<(Author, u32)>>,
    /// Since when.
    pub raised_at: Timestamp,
    /// It is about something that is wrong: no test, and nothing that the house tells somebody.
    pub is_problem: bool,
    /// How bad each of its problems is, in order; none for those that are over. Empty while it is about one alone.
    problems: Vec<Option<Severity>>,
}

impl Card {
    /// How many problems it is about that are not over; 1 or more.
    pub fn problems_count(&self) -> u32 {
        u32::try_from(self.problems.iter().flatten().count()).unwrap_or(u32::MAX).max(1)
    }

    /// One of its problems, by its number from 1, is so bad now, or over.
    fn weigh(&mut self, number: u32, severity: Option<Severity>) {
        if self.problems.is_empty() {
            self.problems.push(Some(self.severity));
        }
        let count = usize::try_from(number).unwrap_or(usize::MAX).min(SYMPTOMS_MAX);
        if self.problems.len() < count {
            self.problems.resize(count, None);
        }
        if let Some(known) = count.checked_sub(1).and_then(|at| self.problems.get_mut(at)) {
            *known = severity;
        }
        self.severity = self.problems.iter().flatten().max().copied().unwrap_or(self.severity);
    }
}

/// Where an alert stands, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardState {
    /// Nobody has it yet.
    Open,
    /// Nobody is paged before this moment.
    Held(Timestamp),
    /// Somebody has it.
    Acknowledged(Box<Author>),
}

impl CardState {
    /// As it is written: `open`, `held` or `acknowledged`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Held(_) => "held",
            Self::Acknowledged(_) => "acknowledged",
        }
    }
}

impl Board {
    /// True for the kinds of record that [`Board::apply`] does something with.
    pub fn shows(kind: &str) -> bool {
        let is_on_a_card = matches!(
            kind,
            "alert.raised"
                | "alert.resolved"
                | "alert.severity_changed"
                | "alert.symptom_joined"
                | "alert.symptom_changed"
                | "alert.symptom_cleared"
                | "alert.grown"
                | "alert.acknowledged"
                | "alert.held"
                | "alert.acknowledgement_lapsed"
                | "alert.hold_ended"
                | "alert.step_entered"
                | "alert.step_empty"
                | "alert.fallback_entered"
                | "alert.work_entered"
                | "alert.held_for_work"
                | "alert.work_moved"
                | "alert.work_left"
                | "alert.handed_over"
        );
        is_on_a_card || Reached::shows(kind)
    }

    /// Takes one record into the fold.
    pub fn apply(&mut self, entry: &Entry) {
        if let Event::Change(event) = &entry.event {
            self.changes.take(entry, event);
        }
        let Event::Alert(event) = &entry.event else { return };
        let Ok(alert) = entry.stream.name().parse::<AlertId>() else { return };
        self.reached.apply(alert, event, entry.at);
        let state = match event {
            AlertEvent::Raised(raised) => return self.raise(alert, raised, entry.at),
            AlertEvent::Resolved { .. } => {
                self.asked.remove(&alert);
                if self.cards.remove(&alert).is_some_and(|card| !card.problems.is_empty()) {
                    self.hosts.retain(|_, host| *host != alert);
                }
                self.resolved.push_back(alert);
                if self.resolved.len() > RESOLVED_KEPT_MAX {
                    self.resolved.pop_front();
                }
                return;
            }
            AlertEvent::SeverityChanged { severity } => {
                if let Some(card) = self.cards.get_mut(&alert) {
                    card.severity = *severity;
                }
                return;
            }
            AlertEvent::SymptomJoined(joined) => {
                let symptom = SymptomId::derive(&joined.source, &joined.dedup_key);
                if symptom != alert.symptom {
                    self.hosts.insert(symptom, alert);
                }
                return self.weigh(alert, joined.symptom, Some(joined.severity));
            }
            AlertEvent::SymptomChanged { symptom, severity } => {
                return self.weigh(alert, *symptom, Some(*severity));
            }
            AlertEvent::SymptomCleared { symptom, .. } => return self.weigh(alert, *symptom, None),
            AlertEvent::Acknowledged { by, .. } => {
                self.take_over(alert, by);
                CardState::Acknowledged(Box::new(by.clone()))
            }
            AlertEvent::Held { until, .. } => CardState::Held(*until),
            AlertEvent::HeldForWork(taken) => {
                self.take(alert, std::slice::from_ref(taken), entry.at);
                CardState::Held(taken.ends_at)
            }
            AlertEvent::WorkEntered(entered) => {
                self.take(alert, &entered.works, entry.at);
                CardState::Open
            }
            AlertEvent::WorkMoved { until } => match self.cards.get(&alert).map(|card| &card.state) {
                Some(CardState::Held(_)) => CardState::Held(*until),
                Some(CardState::Open | CardState::Acknowledged(_)) | None => return,
            },
            AlertEvent::AcknowledgementLapsed
            | AlertEvent::HoldEnded
            | AlertEvent::Grown { .. }
            | AlertEvent::WorkLeft { .. }
            | AlertEvent::HandedOver { .. }
            | AlertEvent::StepEntered(_)
            | AlertEvent::StepEmpty { .. }
            | AlertEvent::FallbackEntered { .. } => CardState::Open,
            AlertEvent::Repeated
            | AlertEvent::Joined { .. }
            | AlertEvent::PageOrdered(_)
            | AlertEvent::PageWithdrawn { .. }
            | AlertEvent::AttemptStarted(_)
            | AlertEvent::AttemptEnded(_)
            | AlertEvent::AttemptHeld(_)
            | AlertEvent::StatusReported { .. }
            | AlertEvent::ReportOverdue { .. }
            | AlertEvent::Escalated { .. }
            | AlertEvent::Noted { .. }
            | AlertEvent::RecallStarted { .. }
            | AlertEvent::RecallEnded { .. }
            | AlertEvent::ClockCorrected { .. }
            | AlertEvent::Reconsidered { .. } => return,
        };
        if let Some(card) = self.cards.get_mut(&alert) {
            card.state = state;
            card.hold = match event {
                AlertEvent::Held { by, unless_joined, joins, .. } => {
                    let joins = if *unless_joined { (*joins).max(1) } else { 0 };
                    Some(Box::new((by.clone(), joins)))
                }
                _ => None,
            };
        }
    }

    fn raise(&mut self, alert: AlertId, raised: &Raised, at: Timestamp) {
        let signal = raised.signal.open();
        let summary = signal.map(|signal| signal.summary.as_str()).unwrap_or_default();
        let card = Card {
            summary: summary.chars().take(SUMMARY_CHARS_MAX).collect::<String>().into_boxed_str(),
            finding: signal.and_then(|signal| signal.finding).map(Box::new),
            service: raised.assignment.as_ref().map(|assignment| self.interned(&assignment.service)),
            source: self.interned_source(&raised.source),
            severity: raised.severity,
            state: CardState::Open,
            hold: None,
            raised_at: at,
            is_problem: raised.occasion == Occasion::Problem,
            problems: Vec::new(),
        };
        self.cards.insert(alert, card);
        if let Occasion::Message { about, .. } = &raised.occasion
            && let Some(id) = asked_by(about)
        {
            self.asked.insert(alert, id.clone());
        }
    }

    fn weigh(&mut self, alert: AlertId, number: u32, severity: Option<Severity>) {
        if let Some(card) = self.cards.get_mut(&alert) {
            card.weigh(number, severity);
        }
    }

    /// Every open alert that is about a problem, oldest first.
    pub fn problems(&self) -> Vec<(AlertId, &Card)> {
        let mut problems: Vec<_> =
            self.cards.iter().filter(|(_, card)| card.is_problem).map(|(id, card)| (*id, card)).collect();
        problems.sort_by_key(|(id, card)| (card.raised_at, *id));
        problems
    }

    /// How many alerts are open, tests and messages included.
    pub fn open_count(&self) -> usize {
        self.cards.len()
    }

    /// What rings, and which text messages can be answered.
    pub const fn reached(&self) -> &Reached {
        &self.reached
    }

    /// What was changed elsewhere lately, as sources tell.
    pub const fn changes(&self) -> &Lately {
        &self.changes
    }

    /// The open alert that a problem has joined; none when it has one of its own, or is not there.
    pub fn host(&self, symptom: SymptomId) -> Option<AlertId> {
        self.hosts.get(&symptom).copied()
    }

    /// One open alert.
    pub fn card(&self, alert: AlertId) -> Option<&Card> {
        self.cards.get(&alert)
    }

    /// The open alerts with this code; when there are none, the one that was resolved last.
    pub fn with_code(&self, code: Code) -> Vec<AlertId> {
        let mut open: Vec<AlertId> = self.cards.keys().filter(|id| id.code() == code).copied().collect();
        open.sort_unstable();
        if open.is_empty() {
            open.extend(self.resolved.iter().rev().find(|id| id.code() == code));
        }
        open
    }

    /// The alerts that planned work has taken, in the order in which it took them last, and when.
    pub fn taken_by(&self, work: &WorkId) -> impl Iterator<Item = (AlertId, Timestamp)> {
        self.taken.get(work).into_iter().flatten().copied()
    }

    /// The planned work that has taken an alert, by name.
    pub fn works_that_took(&self, alert: AlertId) -> impl Iterator<Item = &WorkId> {
        let took =
            move |taken: &VecDeque<(AlertId, Timestamp)>| taken.iter().any(|(known, _)| *known == alert);
        let mut works: Vec<&WorkId> =
            self.taken.iter().filter(|(_, taken)| took(taken)).map(|(work, _)| work).collect();
        works.sort();
        works.into_iter()
    }

    /// Who said that they have taken over from those whom this override keeps on call; none while nobody did.
    pub fn taken_over(&self, id: &OverrideId) -> Option<&Author> {
        self.taken_over.iter().find(|(known, _)| known == id).map(|(_, by)| by)
    }

    fn take_over(&mut self, alert: AlertId, by: &Author) {
        if let Some(id) = self.asked.remove(&alert) {
            self.taken_over.push_back((id, by.clone()));
            if self.taken_over.len() > TAKEN_KEPT_MAX {
                self.taken_over.pop_front();
            }
        }
    }

    fn take(&mut self, alert: AlertId, works: &[Taken], at: Timestamp) {
        for work in works {
            let taken = self.taken.entry(work.work.clone()).or_default();
            taken.retain(|(known, _)| *known != alert);
            taken.push_back((alert, at));
            if taken.len() > TAKEN_KEPT_MAX {
                taken.pop_front();
            }
        }
    }

    /// Many alerts share few services: one copy of each name.
    fn interned(&mut self, service: &ServiceId) -> ServiceId {
        if let Some(known) = self.services.get(service) {
            return known.clone();
        }
        self.services.insert(service.clone());
        service.clone()
    }

    /// The same for sources.
    fn interned_source(&mut self, source: &SourceId) -> SourceId {
        if let Some(known) = self.sources.get(source) {
            return known.clone();
        }
        self.sources.insert(source.clone());
        source.clone()
    }
}

#[cfg(test)]
mod tests {
    use events::event::sample;
    use events::{Cause, EventId, Position, Version};

    use super::*;

    #[test]
    fn what_the_board_says_it_shows_is_what_it_shows() {
        for event in sample::all() {
            let kind = event.kind();
            let entry = |event| Entry {
                position: Position::from_raw(1),
                stream: sample::alert().stream(),
                version: Version(1),
                id: EventId([0; 16]),
                at: sample::at(0),
                by: Author::House,
                cause: Cause::Deadline,
                directory: Position::START,
                event,
            };
            let held =
                AlertEvent::Held { by: Author::House, until: sample::at(1), unless_joined: false, joins: 0 };
            let mut boards = [Board::default(), Board::default()];
            for (board, before) in boards.iter_mut().zip([None, Some(held)]) {
                board.apply(&entry(sample::raised().into()));
                if let Some(before) = before {
                    board.apply(&entry(before.into()));
                }
            }
            let changed = boards.iter_mut().any(|board| {
                let (card, count) = (board.card(sample::alert()).cloned(), board.open_count());
                board.apply(&entry(event.clone()));
                card.as_ref() != board.card(sample::alert()) || count != board.open_count()
            });
            let is_same_again = kind == "alert.raised";
            assert_eq!(changed || is_same_again || Reached::shows(kind), Board::shows(kind), "{kind}");
        }
    }
}

//! When each heartbeat is due and what is to be said of it: no mailbox, no clock, no log. Whoever runs it says what it
//! wants said, and brings it the beats.
//!
//! ```text
//! waiting ──beat──► alive ◄──beat──┐
//!    │                │            │
//!    └──── every + grace ────► silent
//! ```

use std::collections::{BTreeMap, BTreeSet};

use domain::directory::Directory;
use domain::view::Board;
use events::event::signal::{Finding, Status};
use events::event::source::{SourceDefined, SourceKind};
use events::mutant::{self, Mutant};
use events::{Author, Position, ServiceId, SourceId, Span, Timestamp};

/// How much longer a heartbeat may take when its source does not say.
pub const GRACE_DEFAULT: Span = Span::from_seconds(60);

/// Whoever looks every second and has not looked for so long stood still: it could not have heard any beat.
pub const ABSENT_MIN: Span = Span::from_seconds(10);

/// What is not durable yet is said again after this long.
pub const TELL_AGAIN: Span = Span::from_seconds(10);

/// What is to be said of a heartbeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Say {
    /// Whose.
    pub source: SourceId,
    /// Firing: it is silent. Resolved: it is not any more, or nobody listens for it any more.
    pub status: Status,
    /// The last beat; none when none was heard.
    pub last_at: Option<Timestamp>,
    /// How often it should come.
    pub every: Span,
    /// By whom it is said; none when by the house itself.
    pub by: Option<Author>,
}

/// How a heartbeat stands, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// Whose.
    pub source: SourceId,
    /// The service that it stands for.
    pub service: Option<ServiceId>,
    /// How often it comes.
    pub every: Span,
    /// How much longer it may take.
    pub grace: Span,
    /// The last beat since the house was started; none when there was none yet.
    pub last_at: Option<Timestamp>,
    /// It is silent from then on, unless a beat comes.
    pub due_at: Timestamp,
    /// Where it stands.
    pub state: PulseState,
}

/// Where a heartbeat stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PulseState {
    /// No beat came yet since the house was started or the source defined; it still may.
    Waiting,
    /// It beats.
    Alive,
    /// It does not.
    Silent,
}

impl PulseState {
    /// As it is written: `waiting`, `alive` or `silent`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Alive => "alive",
            Self::Silent => "silent",
        }
    }
}

/// What is expected of a heartbeat.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Terms {
    every: Span,
    grace: Span,
    service: Option<ServiceId>,
}

#[derive(Debug)]
struct Watched {
    /// None when its source is gone, and only its end is still to be said.
    terms: Option<Terms>,
    /// It has its whole time from then on, if no beat came later.
    since: Timestamp,
    last_at: Option<Timestamp>,
    /// What alerts should know of it; none before anything is known.
    is: Option<Status>,
    /// What they do know; none when that is not known.
    known: Option<Status>,
    /// Something is on its way to them.
    is_telling: bool,
    tell_at: Timestamp,
    /// Who ended it, when somebody did.
    by: Option<Author>,
}

impl Watched {
    const fn new(terms: Terms, since: Timestamp) -> Self {
        Self {
            terms: Some(terms),
            since,
            last_at: None,
            is: None,
            known: None,
            is_telling: false,
            tell_at: Timestamp::MIN,
            by: None,
        }
    }

    fn due_at(&self, terms: &Terms) -> Timestamp {
        self.last_at.map_or(self.since, |last_at| last_at.max(self.since)) + terms.every + terms.grace
    }

    const fn is_silent(&self) -> bool {
        matches!((self.is, self.known), (Some(Status::Firing), _) | (None, Some(Status::Firing)))
    }
}

/// What the monitor remembers.
#[derive(Debug)]
pub struct Desk {
    watched: BTreeMap<SourceId, Watched>,
    /// Up to where the configuration is known.
    configured_at: Option<Position>,
    looked_at: Timestamp,
}

impl Desk {
    /// A desk at which nothing was heard yet. Of these sources an alert says that they are silent.
    pub fn new(open: BTreeSet<SourceId>, directory: &Directory, now: Timestamp) -> Self {
        let mut desk = Self { watched: BTreeMap::new(), configured_at: None, looked_at: now };
        desk.configure(directory, now);
        for source in open {
            // One that is gone by now was to be ended when the house stopped.
            let ended = Watched {
                terms: None,
                is: Some(Status::Resolved),
                ..Watched::new(Terms { every: Span::ZERO, grace: Span::ZERO, service: None }, now)
            };
            desk.watched.entry(source).or_insert(ended).known = Some(Status::Firing);
        }
        desk
    }

    /// Takes in what is to be watched.
    pub fn configure(&mut self, directory: &Directory, now: Timestamp) {
        if self.configured_at == Some(directory.position()) {
            return;
        }
        self.configured_at = Some(directory.position());
        let wanted: BTreeMap<&SourceId, Terms> =
            directory.sources().iter().filter_map(|(id, defined)| Some((id, terms(defined)?))).collect();
        for (source, watched) in &mut self.watched {
            let terms = wanted.get(source);
            if watched.terms.as_ref() != terms {
                let was_watched = watched.terms.is_some();
                watched.terms = terms.cloned();
                (watched.since, watched.last_at) = (now, None);
                if was_watched {
                    watched.is = Some(Status::Resolved);
                    watched.by = directory.source_changed_by(source).cloned();
                }
            }
        }
        for (source, terms) in wanted {
            self.watched.entry(source.clone()).or_insert_with(|| Watched::new(terms, now));
        }
    }

    /// A beat came.
    pub fn beat(&mut self, source: &SourceId, now: Timestamp) {
        if let Some(watched) = self.watched.get_mut(source).filter(|watched| watched.terms.is_some()) {
            watched.last_at = Some(now);
            watched.is = Some(Status::Resolved);
            watched.by = Some(Author::Source(source.clone()));
        }
    }

    /// What was said has come into the log, or has not.
    pub fn told(&mut self, source: &SourceId, status: Status, is_durable: bool, now: Timestamp) {
        let Some(watched) = self.watched.get_mut(source) else { return };
        watched.is_telling = false;
        if is_durable {
            watched.known = Some(status);
        } else {
            watched.tell_at = now + TELL_AGAIN;
        }
    }

    /// Looks at what is due. What it says is on its way until [`Desk::told`].
    pub fn look(&mut self, now: Timestamp) -> Vec<Say> {
        let was_absent = now.since(self.looked_at) > ABSENT_MIN;
        self.looked_at = now;
        let mut says = Vec::new();
        for (source, watched) in &mut self.watched {
            if was_absent && !mutant::is_on(Mutant::MistakeAbsence) {
                watched.since = now;
            }
            if let Some(terms) = &watched.terms
                && watched.due_at(terms) <= now
                && watched.is != Some(Status::Firing)
                && !mutant::is_on(Mutant::HearNoSilence)
            {
                (watched.is, watched.by) = (Some(Status::Firing), None);
            }
            let news = watched.is.filter(|&is| watched.known != Some(is));
            if let Some(status) = news.filter(|_| !watched.is_telling && watched.tell_at <= now) {
                watched.is_telling = true;
                let every = watched.terms.as_ref().map_or(Span::ZERO, |terms| terms.every);
                let (last_at, by) = (watched.last_at, watched.by.clone());
                says.push(Say { source: source.clone(), status, last_at, every, by });
            }
        }
        self.watched.retain(|_, watched| watched.terms.is_some() || watched.known != watched.is);
        says
    }

    /// How every heartbeat stands, by name.
    pub fn pulses(&self) -> Vec<Pulse> {
        let pulse = |(source, watched): (&SourceId, &Watched)| {
            let terms = watched.terms.as_ref()?;
            let state = match (watched.is_silent(), watched.last_at) {
                (true, _) => PulseState::Silent,
                (false, Some(_)) => PulseState::Alive,
                (false, None) => PulseState::Waiting,
            };
            Some(Pulse {
                source: source.clone(),
                service: terms.service.clone(),
                every: terms.every,
                grace: terms.grace,
                last_at: watched.last_at,
                due_at: watched.due_at(terms),
                state,
            })
        };
        self.watched.iter().filter_map(pulse).collect()
    }
}

/// The sources of which an open alert says that they are silent: its summary is their name.
pub fn silences(board: &Board) -> BTreeSet<SourceId> {
    let problems = board.problems();
    let silent =
        problems.iter().filter(|(_, card)| matches!(card.finding.as_deref(), Some(Finding::Silence { .. })));
    silent.map(|(_, card)| SourceId::from(&*card.summary)).collect()
}

/// What is expected of a source; none when it is no heartbeat.
fn terms(defined: &SourceDefined) -> Option<Terms> {
    let every = defined.every.filter(|_| defined.kind == SourceKind::Heartbeat)?;
    Some(Terms { every, grace: defined.grace.unwrap_or(GRACE_DEFAULT), service: defined.service.clone() })
}

#[cfg(test)]
mod tests;

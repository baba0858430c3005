//! A calendar: a secret address at which calendar programs read the shifts of a rota or of a person. There is one for
//! each; opening it again gives it another address, and the one before ends.

use std::collections::BTreeMap;
use std::sync::Arc;

use events::event::calendar::{CalendarEvent, CalendarOf, CalendarOpened};
use events::{Author, CalendarId, Entry, Position, RotaId, Timestamp, base32};
use sha2::{Digest, Sha256};

use crate::aggregate::Aggregate;
use crate::directory::{Directory, key_sha256};

/// A calendar's name has so many characters.
const NAME_CHARS: usize = 8;

/// The name of the calendar of a rota or a person: always the same.
pub fn name_of(of: &CalendarOf) -> CalendarId {
    let mut hash = Sha256::new();
    match of {
        CalendarOf::Rota(rota) => hash.update(format!("rota:{rota}")),
        CalendarOf::Person(person) => hash.update(format!("person:{person}")),
    }
    CalendarId::from(base32::encode(&hash.finalize(), NAME_CHARS).as_str())
}

/// A calendar as its history tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    opened: Option<CalendarOpened>,
}

/// What can be asked of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarCommand {
    /// Give it this address, in place of the one it has.
    Open(CalendarOpened),
    /// Take its address away.
    Close,
}

/// Why a calendar is not opened, or not closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarRefusal {
    /// It has no address.
    #[error("there is no such calendar; `hotpotato calendar list` shows them")]
    Unopened,
    /// Something else has the same name.
    #[error("the calendar of something else has the same name: close that one first")]
    Taken,
    /// There is no such rota.
    #[error("there is no rota `{0}`")]
    UnknownRota(RotaId),
    /// The person is not there, or gone.
    #[error("this person is not known, or has left")]
    UnknownPerson,
}

impl Calendar {
    /// What it shows and where; none when it is closed.
    pub const fn opened(&self) -> Option<&CalendarOpened> {
        self.opened.as_ref()
    }
}

impl Aggregate for Calendar {
    type Command = CalendarCommand;
    type Event = CalendarEvent;
    type Refusal = CalendarRefusal;

    fn decide(
        &self,
        command: &CalendarCommand,
        directory: &Directory,
        _now: Timestamp,
    ) -> Result<Vec<CalendarEvent>, CalendarRefusal> {
        match (command, &self.opened) {
            (CalendarCommand::Open(wanted), Some(opened)) if wanted.of != opened.of => {
                Err(CalendarRefusal::Taken)
            }
            (CalendarCommand::Open(wanted), _) => {
                is_there(&wanted.of, directory)?;
                Ok(vec![CalendarEvent::Opened(wanted.clone())])
            }
            (CalendarCommand::Close, None) => Err(CalendarRefusal::Unopened),
            (CalendarCommand::Close, Some(_)) => Ok(vec![CalendarEvent::Closed]),
        }
    }

    fn evolve(&mut self, event: &CalendarEvent, _at: Timestamp) {
        self.opened = match event {
            CalendarEvent::Opened(opened) => Some(opened.clone()),
            CalendarEvent::Closed => None,
        };
    }
}

fn is_there(of: &CalendarOf, directory: &Directory) -> Result<(), CalendarRefusal> {
    match of {
        CalendarOf::Rota(rota) if !directory.rotas().contains_key(rota) => {
            Err(CalendarRefusal::UnknownRota(rota.clone()))
        }
        CalendarOf::Person(person) if !directory.people().contains_key(person) => {
            Err(CalendarRefusal::UnknownPerson)
        }
        CalendarOf::Rota(_) | CalendarOf::Person(_) => Ok(()),
    }
}

/// A calendar that is open, and who opened it when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Whose shifts it shows.
    pub of: CalendarOf,
    /// By whom it was given its address.
    pub by: Author,
    /// When.
    pub at: Timestamp,
}

/// All calendars, as a part of the directory: which are open, and at which addresses.
#[derive(Clone, Debug, Default)]
pub struct Feeds {
    open: BTreeMap<CalendarId, Arc<Feed>>,
    /// The calendar at each address, by the SHA-256 of its secret part.
    secrets: BTreeMap<String, CalendarId>,
    /// Where the last record about each stands, of those that are closed as well.
    positions: BTreeMap<CalendarId, Position>,
}

impl Feeds {
    /// Those that are open, by name.
    pub const fn open(&self) -> &BTreeMap<CalendarId, Arc<Feed>> {
        &self.open
    }

    /// The calendar at the address with this secret. The secret itself is kept nowhere: its hash is looked up, so the
    /// time this takes tells nothing about any secret.
    pub fn with_secret(&self, secret: &str) -> Option<&Feed> {
        self.open.get(self.secrets.get(&key_sha256(secret))?).map(|feed| &**feed)
    }

    /// Takes in what happened to a calendar. What was taken in before changes nothing.
    pub(crate) fn take(&mut self, id: &CalendarId, entry: &Entry, event: &CalendarEvent) {
        if !self.is_news(id, entry.position) {
            return;
        }
        self.secrets.retain(|_, calendar| calendar != id);
        match event {
            CalendarEvent::Opened(opened) => {
                let feed = Feed { of: opened.of.clone(), by: entry.by.clone(), at: entry.at };
                self.open.insert(id.clone(), Arc::new(feed));
                self.secrets.insert(opened.secret_sha256.clone(), id.clone());
            }
            CalendarEvent::Closed => {
                self.open.remove(id);
            }
        }
    }

    /// Whoever or whatever a calendar shows is gone. Should they come back, it stays closed until it is opened again.
    pub(crate) fn end(&mut self, of: &CalendarOf, position: Position) {
        let id = name_of(of);
        if self.open.contains_key(&id) && self.is_news(&id, position) {
            self.open.remove(&id);
            self.secrets.retain(|_, calendar| *calendar != id);
        }
    }

    fn is_news(&mut self, id: &CalendarId, position: Position) -> bool {
        let known = self.positions.entry(id.clone()).or_default();
        let is_news = position > *known;
        *known = position.max(*known);
        is_news
    }
}

#[cfg(test)]
mod tests;

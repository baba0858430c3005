//! Every kind of event. An event is a fact: it holds answers, never questions, so that a replay asks nobody.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::event::alert::AlertEvent;
use crate::event::calendar::CalendarEvent;
use crate::event::change::ChangeEvent;
use crate::event::contact::ContactEvent;
use crate::event::overrides::OverrideEvent;
use crate::event::person::PersonEvent;
use crate::event::policy::PolicyEvent;
use crate::event::rota::RotaEvent;
use crate::event::routes::RoutesEvent;
use crate::event::service::ServiceEvent;
use crate::event::source::SourceEvent;
use crate::event::team::TeamEvent;
use crate::event::token::TokenEvent;
use crate::event::work::WorkEvent;

pub mod alert;
pub mod calendar;
pub mod change;
pub mod channel_kind;
pub mod contact;
pub mod hours;
pub mod outcome;
pub mod overrides;
pub mod person;
pub mod policy;
pub mod rota;
pub mod routes;
pub mod sample;
pub mod service;
pub mod signal;
pub mod source;
pub mod symptom;
pub mod team;
pub mod token;
pub mod work;

/// Something that happened to one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// To an alert.
    Alert(AlertEvent),
    /// To a person.
    Person(PersonEvent),
    /// To a team.
    Team(TeamEvent),
    /// To a rota.
    Rota(RotaEvent),
    /// To an escalation policy.
    Policy(PolicyEvent),
    /// To a service.
    Service(ServiceEvent),
    /// To a source.
    Source(SourceEvent),
    /// To the routes.
    Routes(RoutesEvent),
    /// To an override.
    Override(OverrideEvent),
    /// To planned work.
    Work(WorkEvent),
    /// To a token.
    Token(TokenEvent),
    /// To a calendar.
    Calendar(CalendarEvent),
    /// To a person's contact methods.
    Contact(ContactEvent),
    /// Elsewhere, as a source tells.
    Change(ChangeEvent),
}

impl Event {
    /// What happened, for the record: category, dot, past participle.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Alert(event) => event.kind(),
            Self::Person(event) => event.kind(),
            Self::Team(event) => event.kind(),
            Self::Rota(event) => event.kind(),
            Self::Policy(event) => event.kind(),
            Self::Service(event) => event.kind(),
            Self::Source(event) => event.kind(),
            Self::Routes(event) => event.kind(),
            Self::Override(event) => event.kind(),
            Self::Work(event) => event.kind(),
            Self::Token(event) => event.kind(),
            Self::Calendar(event) => event.kind(),
            Self::Contact(event) => event.kind(),
            Self::Change(event) => event.kind(),
        }
    }

    /// The shape that is written now; see `UPCASTS` in the codec for the earlier ones.
    pub const fn schema(&self) -> u16 {
        1
    }

    pub(crate) fn to_json(&self) -> serde_json::Result<String> {
        match self {
            Self::Alert(event) => serde_json::to_string(event),
            Self::Person(event) => serde_json::to_string(event),
            Self::Team(event) => serde_json::to_string(event),
            Self::Rota(event) => serde_json::to_string(event),
            Self::Policy(event) => serde_json::to_string(event),
            Self::Service(event) => serde_json::to_string(event),
            Self::Source(event) => serde_json::to_string(event),
            Self::Routes(event) => serde_json::to_string(event),
            Self::Override(event) => serde_json::to_string(event),
            Self::Work(event) => serde_json::to_string(event),
            Self::Token(event) => serde_json::to_string(event),
            Self::Calendar(event) => serde_json::to_string(event),
            Self::Contact(event) => serde_json::to_string(event),
            Self::Change(event) => serde_json::to_string(event),
        }
    }

    pub(crate) fn from_json(kind: &str, json: &str) -> serde_json::Result<Self> {
        fn read<T: DeserializeOwned + Into<Event>>(json: &str) -> serde_json::Result<Event> {
            serde_json::from_str::<T>(json).map(Into::into)
        }
        match kind.split('.').next().unwrap_or_default() {
            "alert" => read::<AlertEvent>(json),
            "person" => read::<PersonEvent>(json),
            "team" => read::<TeamEvent>(json),
            "rota" => read::<RotaEvent>(json),
            "policy" => read::<PolicyEvent>(json),
            "service" => read::<ServiceEvent>(json),
            "source" => read::<SourceEvent>(json),
            "routes" => read::<RoutesEvent>(json),
            "override" => read::<OverrideEvent>(json),
            "work" => read::<WorkEvent>(json),
            "token" => read::<TokenEvent>(json),
            "calendar" => read::<CalendarEvent>(json),
            "contact" => read::<ContactEvent>(json),
            "change" => read::<ChangeEvent>(json),
            _ => Err(serde::de::Error::custom("no such kind of event")),
        }
    }
}

/// The event belongs to another kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the event belongs to another kind of thing")]
pub struct OtherThing;

macro_rules! things {
    ($($variant:ident($event:ident))*) => {$(
        impl From<$event> for Event {
            fn from(event: $event) -> Self {
                Self::$variant(event)
            }
        }

        impl TryFrom<Event> for $event {
            type Error = OtherThing;
            fn try_from(event: Event) -> Result<Self, OtherThing> {
                if let Event::$variant(event) = event { Ok(event) } else { Err(OtherThing) }
            }
        }
    )*};
}

things! {
    Alert(AlertEvent)
    Person(PersonEvent)
    Team(TeamEvent)
    Rota(RotaEvent)
    Policy(PolicyEvent)
    Service(ServiceEvent)
    Source(SourceEvent)
    Routes(RoutesEvent)
    Override(OverrideEvent)
    Work(WorkEvent)
    Token(TokenEvent)
    Calendar(CalendarEvent)
    Contact(ContactEvent)
    Change(ChangeEvent)
}

/// The language that a person reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// Italian.
    It,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use super::*;
    use crate::codec::{self, Texts};
    use crate::id::BootId;
    use crate::journal::Journal;
    use crate::key::DerivedKeys;
    use crate::log::EventLog;
    use crate::memory::MemoryLog;
    use crate::record::{Position, Recorded};

    async fn recorded(event: &Event) -> Recorded {
        let journal = Journal::new(MemoryLog::new(), DerivedKeys::default(), "a".into(), BootId(7));
        journal
            .append(&"golden-1".into(), sample::head(), &sample::context(), std::slice::from_ref(event))
            .await
            .expect("an append");
        journal.log().tail(Position::START, 1).await.expect("a tail").remove(0)
    }

    #[tokio::test]
    async fn every_kind_of_event_is_written_as_its_golden_file_and_reads_back_from_it() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden");
        let mut kinds = BTreeSet::new();
        for event in sample::all() {
            let mut recorded = recorded(&event).await;
            let body = String::from_utf8(recorded.record.body.to_vec()).expect("JSON");
            let path = folder.join(format!("{}.{}.json", event.kind(), event.schema()));
            if !path.exists() && std::env::var("HOTPOTATO_GOLDEN").is_ok_and(|how| how == "write") {
                std::fs::write(&path, &body).expect("a golden file");
            }
            let golden =
                std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert_eq!(body, golden, "{} is written as ever", event.kind());
            recorded.record.body = golden.as_bytes().into();
            let read = codec::read(&recorded, &DerivedKeys::default(), Texts::Open);
            assert_eq!(read, Ok(event.clone()), "{} reads back", event.kind());
            kinds.insert(event.kind());
        }
        assert_eq!(kinds, sample::KINDS.iter().copied().collect(), "a sample for each kind");
    }
}

//! What happens to a person in the configuration.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::event::Language;
pub use crate::event::channel_kind::ChannelKind;
use crate::id::{ChannelId, ContactId};
use crate::sealed::Sealed;
use crate::time::Span;

/// Something happened to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonEvent {
    /// The person is as written here from now on.
    Defined(PersonDefined),
    /// The person is no longer part of the house.
    Removed,
}

impl PersonEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Defined(_) => "person.defined",
            Self::Removed => "person.removed",
        }
    }
}

/// A person, their contact methods and their ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDefined {
    /// The name in the configuration, such as `anna`.
    pub slug: Sealed<String>,
    /// The name for people, such as `Anna Rossi`.
    pub name: Sealed<String>,
    /// The language of every text to this person.
    pub language: Language,
    /// The IANA name of the time zone of every time in these texts.
    pub time_zone: String,
    /// How the person can be reached, by name.
    pub contacts: BTreeMap<ContactId, ContactMethod>,
    /// In which order they are reached once they are paged; never empty for a person who can be paged.
    pub ladder: Vec<Rung>,
}

/// A channel and an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactMethod {
    /// The kind of channel.
    pub channel: ChannelKind,
    /// Which configured channel of that kind; the first one when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<ChannelId>,
    /// The address there.
    pub address: Sealed<String>,
}

/// One place on a ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// Which contact method.
    pub contact: ContactId,
    /// How long after the page's start.
    pub after: Span,
    /// How many sends, until somebody acknowledges; 1 or more.
    pub attempts: u32,
    /// How long between these sends.
    pub every: Span,
}

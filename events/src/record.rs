//! One record as it stands at rest: an envelope and a body.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::{BootId, EventId, NodeId, NotAnId, PersonId, SourceId, StreamId};
use crate::time::Timestamp;

/// A place in one history: how many records it has up to and with this one. 0 is before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub u64);

impl Version {
    /// Before the first record: the history does not exist yet.
    pub const NONE: Self = Self(0);

    /// `count` records later.
    #[must_use]
    pub fn plus(self, count: usize) -> Self {
        Self(self.0.saturating_add(u64::try_from(count).unwrap_or(u64::MAX)))
    }
}

/// A place in the whole log. Ordered, opaque and possibly sparse: only compare it and hand it back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(u64);

impl Position {
    /// Before the first record.
    pub const START: Self = Self(0);

    /// For logs only: the place that a log means by `raw`, 1 or more.
    pub const fn from_raw(raw: u64) -> Self {
        Self(raw)
    }

    /// So many places before this one, if nobody wrote in between.
    #[must_use]
    pub const fn earlier_by(self, records: u64) -> Self {
        Self(self.0.saturating_sub(records))
    }

    /// For logs only: what [`Position::from_raw`] was given.
    pub const fn as_raw(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A SHA-256 over one record, which the next record of the same history carries.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct RecordHash(pub [u8; 32]);

impl fmt::Display for RecordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for RecordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// By whom something was done. Written as `house`, `person:ID`, `source:NAME` or `token:NAME`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Author {
    /// The house itself: a deadline passed, a provider answered.
    House,
    /// A person who proved who they are, by a link or a login.
    Person(PersonId),
    /// A monitoring system, known by its integration key.
    Source(SourceId),
    /// Whoever holds the API token of this name.
    Token(Arc<str>),
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::House => f.write_str("house"),
            Self::Person(person) => write!(f, "person:{person}"),
            Self::Source(source) => write!(f, "source:{source}"),
            Self::Token(name) => write!(f, "token:{name}"),
        }
    }
}

impl FromStr for Author {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        match text.split_once(':') {
            None if text == "house" => Ok(Self::House),
            Some(("person", id)) => Ok(Self::Person(id.parse()?)),
            Some(("source", name)) => Ok(Self::Source(name.into())),
            Some(("token", name)) => Ok(Self::Token(name.into())),
            _ => Err(NotAnId),
        }
    }
}

/// What led to a record: a request at the edge, an earlier record, or time. Written as `request:ID`,
/// `record:ID` or `deadline`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// A request from outside, by the number that the access log shows.
    Request(Arc<str>),
    /// An earlier record.
    Record(EventId),
    /// A deadline passed.
    Deadline,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(id) => write!(f, "request:{id}"),
            Self::Record(id) => write!(f, "record:{id}"),
            Self::Deadline => f.write_str("deadline"),
        }
    }
}

impl FromStr for Cause {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        match text.split_once(':') {
            None if text == "deadline" => Ok(Self::Deadline),
            Some(("request", id)) => Ok(Self::Request(id.into())),
            Some(("record", id)) => Ok(Self::Record(id.parse()?)),
            _ => Err(NotAnId),
        }
    }
}

/// One record as a log keeps it. Its history and version are given beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The record's own number.
    pub id: EventId,
    /// What happened, such as `alert.raised`.
    pub kind: Arc<str>,
    /// The shape of the body, counted from 1 for each kind.
    pub schema: u16,
    /// When; never earlier than the record before it in the same history.
    pub at: Timestamp,
    /// Which node wrote it.
    pub node: NodeId,
    /// In which of its starts.
    pub boot: BootId,
    /// By whom.
    pub by: Author,
    /// What led to it.
    pub cause: Cause,
    /// The configuration that was consulted: the position of its last record.
    pub directory: Position,
    /// The hash of the record before it in the same history; all zero for the first.
    pub previous: RecordHash,
    /// JSON: the event, and what is sealed in it.
    pub body: Arc<[u8]>,
}

impl Record {
    /// The hash over everything in this record and its place, which the next record carries.
    pub fn hash(&self, stream: &StreamId, version: Version) -> RecordHash {
        let mut hash = Fields::default();
        hash.field(&self.id.0);
        hash.field(self.kind.as_bytes());
        hash.field(&self.schema.to_be_bytes());
        hash.field(stream.as_str().as_bytes());
        hash.field(&version.0.to_be_bytes());
        hash.field(&self.at.as_micros().to_be_bytes());
        hash.field(self.node.as_str().as_bytes());
        hash.field(&self.boot.0.to_be_bytes());
        hash.field(self.by.to_string().as_bytes());
        hash.field(self.cause.to_string().as_bytes());
        hash.field(&self.directory.as_raw().to_be_bytes());
        hash.field(&self.previous.0);
        hash.field(&self.body);
        RecordHash(hash.finish())
    }

    /// The number that a record with this place, writer, content and predecessor has: a hash over everything but
    /// the number itself, so that each record alone shows whether it was changed.
    pub fn derive_id(&self, stream: &StreamId, version: Version) -> EventId {
        let mut hash = Fields::default();
        hash.field(stream.as_str().as_bytes());
        hash.field(&version.0.to_be_bytes());
        hash.field(self.node.as_str().as_bytes());
        hash.field(&self.boot.0.to_be_bytes());
        hash.field(self.kind.as_bytes());
        hash.field(&self.schema.to_be_bytes());
        hash.field(&self.at.as_micros().to_be_bytes());
        hash.field(self.by.to_string().as_bytes());
        hash.field(self.cause.to_string().as_bytes());
        hash.field(&self.directory.as_raw().to_be_bytes());
        hash.field(&self.previous.0);
        hash.field(&self.body);
        let bytes = hash.finish();
        EventId(std::array::from_fn(|at| bytes[at]))
    }
}

/// A record with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the whole log.
    pub position: Position,
    /// Its history.
    pub stream: StreamId,
    /// Its place in that history, from 1.
    pub version: Version,
    /// The record itself.
    pub record: Record,
}

impl Recorded {
    /// The hash that the next record of the same history must carry.
    pub fn hash(&self) -> RecordHash {
        self.record.hash(&self.stream, self.version)
    }

    /// True while it says what it said when it was written, where it was written.
    pub fn is_intact(&self) -> bool {
        self.record.derive_id(&self.stream, self.version) == self.record.id
    }
}

/// SHA-256 over fields, each with its length before it, so that no two lists of fields look alike.
#[derive(Default)]
struct Fields(Sha256);

impl Fields {
    fn field(&mut self, bytes: &[u8]) {
        self.0.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(bytes);
    }

    fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

crate::id::serde_as_text! { Author Cause }

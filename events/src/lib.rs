//! What happened. The bottom room of the house: pure, no I/O, no clock, no randomness.
//!
//! Here live the names of things ([`id`]), moments and spans ([`time`]), every kind of event ([`event`]), the
//! record that keeps one ([`record`]), the contract of a log ([`log`]) with its reference in memory ([`memory`])
//! and the suite that every log must pass ([`conformance`]), and the edge between the two ([`journal`]), where
//! personal text is sealed and opened.
//!
//! It must never decide anything: what an event leads to is `domain`'s business.
//!
//! **To add an event:** add the variant with its docs in [`event`], its kind there, a sample in `event::sample` and
//! run the tests once with `HOTPOTATO_GOLDEN=write`; commit the new golden file. **To change one:** do not. Raise
//! its schema and add an upcast in [`codec`]; golden files never change.

pub mod base32;
pub mod chain;
pub mod codec;
pub mod conformance;
pub mod event;
pub mod id;
pub mod journal;
pub mod key;
pub mod log;
pub mod memory;
pub mod mutant;
pub mod record;
pub mod sealed;
pub mod time;

pub use event::Event;
pub use id::{
    AlertId, AttemptId, BootId, CalendarId, ChannelId, Code, ContactId, DedupKey, EventId, NodeId,
    OverrideId, PersonId, PolicyId, RotaId, ServiceId, SourceId, StreamId, SymptomId, TeamId, TokenId,
    WorkId,
};
pub use journal::{Context, Entry, Head, Journal, JournalError};
pub use key::{DerivedKeys, Key, KeyOwner, KeyStore, KeyStoreError};
pub use log::{AppendError, Appended, Batch, EventLog, ReadError};
pub use memory::MemoryLog;
pub use record::{Author, Cause, Position, Record, RecordHash, Recorded, Version};
pub use sealed::Sealed;
pub use time::{Span, Timestamp};

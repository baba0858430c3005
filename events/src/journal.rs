//! The log's edge: events go in plain and come out plain; what lies in the log is sealed, numbered and chained.

use crate::chain::{Break, Verifier};
use crate::codec::{self, CodecError, Place, Texts};
use crate::event::Event;
use crate::id::{BootId, EventId, NodeId, StreamId};
use crate::key::{KeyOwner, KeyStore, KeyStoreError};
use crate::log::{AppendError, Appended, BATCH_RECORDS_MAX, Batch, EventLog, ReadError};
use crate::mutant::{self, Mutant};
use crate::record::{Author, Cause, Position, Record, RecordHash, Recorded, Version};
use crate::time::Timestamp;

/// Where a history ends: what the next append to it builds on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The history's version.
    pub version: Version,
    /// The hash of its last record.
    pub hash: RecordHash,
}

/// What every record of one append has in common.
#[derive(Clone, Debug)]
pub struct Context {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Author,
    /// What led to it.
    pub cause: Cause,
    /// The configuration that was consulted.
    pub directory: Position,
}

/// An event with the envelope of its record.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place in the whole log.
    pub position: Position,
    /// Its history.
    pub stream: StreamId,
    /// Its place in that history.
    pub version: Version,
    /// The record's own number.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Author,
    /// What led to it.
    pub cause: Cause,
    /// The configuration that was consulted.
    pub directory: Position,
    /// What happened.
    pub event: Event,
}

/// Why something could not be journalled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The log did not take it.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A record cannot be written or read.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// The keys are not at hand.
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
    /// One decision led to more events than one append may have.
    #[error("one append holds 1 to {BATCH_RECORDS_MAX} events, not {count}")]
    BatchSize {
        /// How many there were.
        count: usize,
    },
}

/// A log with its keys and the name of the node that writes to it.
#[derive(Debug)]
pub struct Journal<L, K> {
    log: L,
    keys: K,
    node: NodeId,
    boot: BootId,
}

impl<L: EventLog, K: KeyStore> Journal<L, K> {
    /// The journal of `node`, in its start `boot`.
    pub const fn new(log: L, keys: K, node: NodeId, boot: BootId) -> Self {
        Self { log, keys, node, boot }
    }

    /// The log underneath: sealed records.
    pub const fn log(&self) -> &L {
        &self.log
    }

    /// The keys.
    pub const fn keys(&self) -> &K {
        &self.keys
    }

    /// This node.
    pub const fn node(&self) -> &NodeId {
        &self.node
    }

    /// This start of it.
    pub const fn boot(&self) -> BootId {
        self.boot
    }

    /// Appends events to a history that ends at `head`. When it is not known whether the log took them, the
    /// identical batch is given to it again, up to [`REAPPENDS_MAX`] times, before the error is returned.
    ///
    /// # Errors
    /// See [`JournalError`]. After [`AppendError::Unknown`] only reading the history tells what it holds.
    pub async fn append(
        &self,
        stream: &StreamId,
        head: Head,
        context: &Context,
        events: &[Event],
    ) -> Result<(Head, Appended), JournalError> {
        let events: Vec<_> = events.iter().map(|event| (context, event)).collect();
        self.append_each(stream, head, &events).await
    }

    /// The same, where each event has a context of its own.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub async fn append_each(
        &self,
        stream: &StreamId,
        head: Head,
        events: &[(&Context, &Event)],
    ) -> Result<(Head, Appended), JournalError> {
        let (batch, next) = self.prepare(stream, head, events).await?;
        let mut reappends = 0;
        let mut expected = head.version;
        loop {
            match self.log.append(stream, expected, batch.clone()).await {
                Ok(appended) => return Ok((next, appended)),
                Err(AppendError::Unknown { .. }) if mutant::is_on(Mutant::BelieveUnknownAppends) => {
                    return Ok((next, Appended { version: next.version, position: Position::START }));
                }
                Err(AppendError::WrongVersion { actual }) if mutant::is_on(Mutant::SkipExpectedVersion) => {
                    expected = actual;
                }
                Err(AppendError::Unknown { .. }) if reappends < REAPPENDS_MAX => reappends += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn prepare(
        &self,
        stream: &StreamId,
        head: Head,
        events: &[(&Context, &Event)],
    ) -> Result<(Batch, Head), JournalError> {
        let written = events.iter().map(|(_, event)| codec::write(event)).collect::<Result<Vec<_>, _>>()?;
        let mut owners: Vec<KeyOwner> = written.iter().flat_map(codec::Unsealed::owners).collect();
        owners.sort_unstable();
        owners.dedup();
        if !owners.is_empty() {
            self.keys.ensure(&owners).await?;
        }
        let mut next = head;
        let mut records = Vec::with_capacity(events.len());
        for ((context, event), written) in events.iter().zip(&written) {
            let version = next.version.plus(1);
            let place = Place { stream, version, node: &self.node, boot: self.boot };
            let mut record = Record {
                id: EventId([0; 16]),
                kind: event.kind().into(),
                schema: event.schema(),
                at: context.at,
                node: self.node.clone(),
                boot: self.boot,
                by: context.by.clone(),
                cause: context.cause.clone(),
                directory: context.directory,
                previous: next.hash,
                body: codec::seal(written, place, &self.keys)?.into(),
            };
            record.id = record.derive_id(stream, version);
            next = Head { version, hash: record.hash(stream, version) };
            records.push(record);
        }
        let batch = Batch::new(records).ok_or(JournalError::BatchSize { count: events.len() })?;
        Ok((batch, next))
    }

    /// One history from its first record, and where it ends: all of it, or an error.
    ///
    /// # Errors
    /// When the log or the keys cannot be read, the history is not what was written, or a record is no event.
    pub async fn read(&self, stream: &StreamId) -> Result<(Vec<Entry>, Head), JournalError> {
        self.read_with(stream, Texts::Open).await
    }

    /// The same for people who look at what is left: a text whose key is lost stays shut.
    ///
    /// # Errors
    /// As [`Journal::read`].
    pub async fn read_what_is_left(&self, stream: &StreamId) -> Result<Vec<Entry>, JournalError> {
        self.read_with(stream, Texts::OpenIfKept).await.map(|(entries, _)| entries)
    }

    async fn read_with(&self, stream: &StreamId, texts: Texts) -> Result<(Vec<Entry>, Head), JournalError> {
        let records = self.log.read(stream, Version::NONE).await?;
        let mut chain = Verifier::default();
        let mut entries = Vec::with_capacity(records.len());
        for recorded in &records {
            chain.check(recorded).map_err(|broken| CodecError::broken(recorded, broken.what))?;
            entries.push(self.entry(recorded, texts)?);
        }
        let head =
            records.last().map(|last| Head { version: last.version, hash: last.hash() }).unwrap_or_default();
        Ok((entries, head))
    }

    /// One record's event with its envelope.
    ///
    /// # Errors
    /// When the keys cannot be read, the record is not what was written, or it is no event.
    pub fn open(&self, recorded: &Recorded, texts: Texts) -> Result<Entry, CodecError> {
        if !recorded.is_intact() {
            return Err(CodecError::broken(recorded, Break::Changed));
        }
        self.entry(recorded, texts)
    }

    fn entry(&self, recorded: &Recorded, texts: Texts) -> Result<Entry, CodecError> {
        let event = codec::read(recorded, &self.keys, texts)?;
        let record = &recorded.record;
        Ok(Entry {
            position: recorded.position,
            stream: recorded.stream.clone(),
            version: recorded.version,
            id: record.id,
            at: record.at,
            by: record.by.clone(),
            cause: record.cause.clone(),
            directory: record.directory,
            event,
        })
    }
}

/// How often the identical batch is given to the log again while the outcome is unknown.
pub const REAPPENDS_MAX: u32 = 3;

//! Every call that arrived at a stand-in, in order: the oracle of the tests.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};

use crate::behaviour::Behaviour;
use crate::fields::Fields;
use crate::moment;

/// How many entries are kept; the oldest go first. A test that comes near it should clear the ledger.
pub const ENTRIES_MAX: usize = 1_000_000;

/// A company or gateway that a stand-in stands in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Push messages to telephones.
    Pushover,
    /// SMS.
    Twilio,
    /// SMS, through a gateway of one's own.
    Kannel,
    /// A pager gateway.
    Snpp,
    /// A paging terminal.
    Tap,
    /// A mail server.
    Mail,
    /// Push messages, through a server of one's own.
    Ntfy,
    /// Whoever takes signed requests.
    Webhook,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Pushover,
        Self::Twilio,
        Self::Kannel,
        Self::Snpp,
        Self::Tap,
        Self::Mail,
        Self::Ntfy,
        Self::Webhook,
    ];
}

/// What kind of call an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// A connection that a behaviour kept from becoming anything else (SNPP and TAP only).
    Connect,
    /// A message to a person: a page.
    Send,
    /// A question about a message or a receipt.
    Status,
    /// Cancels what still rings.
    Cancel,
    /// Limits, validation of user keys.
    Account,
    /// From us to the product: what became of a message.
    Report,
    /// A person acknowledged on the device; no request.
    Acknowledge,
    /// From us to the product: a person answered by SMS.
    Reply,
    /// From us to the product: somebody answered a call, or pressed a key; what is to be said?
    Ask,
    /// Somebody heard this during a call; no request.
    Heard,
    /// A request that the provider does not know.
    Unknown,
}

/// What was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// HTTP status, SNPP reply code or TAP response code; absent if nothing was answered.
    pub code: Option<u16>,
    /// The body or line; for a report what the product answered, or why it was not sent.
    pub body: String,
}

/// One call before it has its place in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// See [`Entry::provider`].
    pub provider: Provider,
    /// See [`Entry::call`].
    pub call: Call,
    /// See [`Entry::destination`].
    pub destination: String,
    /// See [`Entry::text`].
    pub text: String,
    /// See [`Entry::fields`].
    pub fields: Fields,
    /// See [`Entry::behaviour`].
    pub behaviour: Behaviour,
    /// See [`Entry::processed`].
    pub processed: bool,
    /// See [`Entry::receipt`].
    pub receipt: Option<String>,
    /// See [`Entry::answer`].
    pub answer: Answer,
}

/// One call, as it arrived and as it was answered. Never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Place in the ledger, from 1, without gaps; [`Ledger::clear`] does not start again.
    pub seq: u64,
    /// When it arrived, in milliseconds since 1970-01-01 UTC, by the wall clock.
    pub at_ms: u64,
    /// Whose stand-in was called.
    pub provider: Provider,
    /// What kind of call it was.
    pub call: Call,
    /// User key, telephone number, pager ID, receipt or message SID, or for a report its address; may be empty.
    pub destination: String,
    /// The words for the person; empty if the call has none.
    pub text: String,
    /// All named values of the call, as sent.
    pub fields: Fields,
    /// What the script made of it.
    pub behaviour: Behaviour,
    /// Whether it took effect: for a send, whether the person's device got it.
    pub processed: bool,
    /// The handle that the provider gave: receipt or message SID.
    pub receipt: Option<String>,
    /// What was answered.
    pub answer: Answer,
}

/// Nothing that was waited for came in time.
#[derive(Debug, Clone, thiserror::Error)]
#[error("nothing that matches came within {waited:?}; the ledger holds {} entries: {seen:#?}", seen.len())]
pub struct NotSeen {
    /// How long it was waited.
    pub waited: Duration,
    /// What the ledger held at the end.
    pub seen: Vec<Entry>,
}

/// All entries in the order of their arrival. Clones share the entries.
#[derive(Debug, Clone)]
pub struct Ledger {
    pages: Arc<Mutex<Pages>>,
    last_seq: watch::Sender<u64>,
    witness: Arc<OnceLock<mpsc::UnboundedSender<Witnessed>>>,
}

/// An entry, and the moment it was made, finer than its own milliseconds.
#[derive(Debug, Clone)]
pub struct Witnessed {
    /// When it arrived.
    pub at: Instant,
    /// What arrived.
    pub entry: Entry,
}

#[derive(Debug, Default)]
struct Pages {
    entries: Vec<Entry>,
    last_seq: u64,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { pages: Arc::default(), last_seq: watch::Sender::new(0), witness: Arc::default() }
    }
}

impl Ledger {
    /// Gives an arrival its number and time, and wakes whoever waits.
    pub fn record(&self, arrival: Arrival) -> Entry {
        let at = moment::now();
        let mut pages = self.lock();
        pages.last_seq += 1;
        let entry = Entry {
            seq: pages.last_seq,
            at_ms: moment::unix_ms(),
            provider: arrival.provider,
            call: arrival.call,
            destination: arrival.destination,
            text: arrival.text,
            fields: arrival.fields,
            behaviour: arrival.behaviour,
            processed: arrival.processed,
            receipt: arrival.receipt,
            answer: arrival.answer,
        };
        if pages.entries.len() >= ENTRIES_MAX {
            pages.entries.drain(..ENTRIES_MAX / 10);
        }
        pages.entries.push(entry.clone());
        self.last_seq.send_replace(pages.last_seq);
        if let Some(witness) = self.witness.get() {
            // Whoever watched has gone.
            let _ = witness.send(Witnessed { at, entry: entry.clone() });
        }
        entry
    }

    /// Tells one witness of every entry from now on; nothing when there is one already.
    pub fn witness(&self) -> Option<mpsc::UnboundedReceiver<Witnessed>> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.witness.set(sender).is_ok().then_some(receiver)
    }

    /// Returns all entries.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries_after(0)
    }

    /// Returns the entries with a number above `seq`.
    pub fn entries_after(&self, seq: u64) -> Vec<Entry> {
        let pages = self.lock();
        let first = pages.entries.partition_point(|entry| entry.seq <= seq);
        pages.entries[first..].to_vec()
    }

    /// Returns the messages to one destination, whether they took effect or not.
    pub fn sends_to(&self, destination: &str) -> Vec<Entry> {
        let wanted = |entry: &Entry| entry.call == Call::Send && entry.destination == destination;
        self.entries().into_iter().filter(wanted).collect()
    }

    /// Forgets all entries; numbers go on.
    pub fn clear(&self) {
        self.lock().entries.clear();
    }

    /// Waits for the first entry, old or new, that matches.
    ///
    /// # Errors
    /// [`NotSeen`] after `limit`.
    pub async fn wait_for(
        &self,
        limit: Duration,
        mut matches: impl FnMut(&Entry) -> bool,
    ) -> Result<Entry, NotSeen> {
        self.wait_until(limit, |entries| entries.iter().find(|entry| matches(entry)).cloned()).await
    }

    /// Waits until `found` finds something in all the entries so far.
    ///
    /// # Errors
    /// [`NotSeen`] after `limit`.
    pub async fn wait_until<T>(
        &self,
        limit: Duration,
        mut found: impl FnMut(&[Entry]) -> Option<T>,
    ) -> Result<T, NotSeen> {
        let mut changes = self.last_seq.subscribe();
        let search = async {
            loop {
                changes.borrow_and_update();
                if let Some(result) = found(&self.lock().entries) {
                    return result;
                }
                // The sender lives as long as `self`, so this cannot fail.
                let _ = changes.changed().await;
            }
        };
        let outcome = tokio::time::timeout(limit, search).await;
        outcome.map_err(|_elapsed| NotSeen { waited: limit, seen: self.entries() })
    }

    /// Follows the ledger from the first entry that it holds.
    pub fn subscribe(&self) -> Subscription {
        Subscription { ledger: self.clone(), changes: self.last_seq.subscribe(), after: 0 }
    }

    fn lock(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Follows a ledger entry by entry and skips none.
#[derive(Debug)]
pub struct Subscription {
    ledger: Ledger,
    changes: watch::Receiver<u64>,
    after: u64,
}

impl Subscription {
    /// Skips what came up to `seq`.
    #[must_use]
    pub const fn after(mut self, seq: u64) -> Self {
        self.after = seq;
        self
    }

    /// Waits for the next entry. Cancel safe.
    pub async fn next(&mut self) -> Entry {
        loop {
            self.changes.borrow_and_update();
            if let Some(entry) = self.take() {
                return entry;
            }
            // The ledger in `self` holds the sender, so this cannot fail.
            let _ = self.changes.changed().await;
        }
    }

    fn take(&mut self) -> Option<Entry> {
        let pages = self.ledger.lock();
        let next = pages.entries.partition_point(|entry| entry.seq <= self.after);
        let entry = pages.entries.get(next).cloned()?;
        drop(pages);
        self.after = entry.seq;
        Some(entry)
    }
}

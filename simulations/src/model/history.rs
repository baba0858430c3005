//! The one history that both nodes write to: a chain of batches, each with the alert folded so far.
//!
//! A state of a node is nothing but the fold of a prefix of it, so a prefix stands for the state: it is compared and
//! hashed by the digest of everything in it, and shared by all states of the model that have it.

use std::fmt::{self, Write};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock};

use domain::aggregate::Aggregate;
use domain::alert::{Alert, Here};
use events::Timestamp;
use events::event::alert::AlertEvent;

use super::chronicle::Chronicle;

/// Before anything happened.
static NOTHING: LazyLock<Entry> = LazyLock::new(|| Entry {
    before: History::default(),
    batch: Batch {
        here: Here { node: "".into(), boot: events::BootId(0) },
        at: Timestamp::default(),
        events: Vec::new(),
    },
    version: 0,
    alert: Alert::default(),
    chronicle: Chronicle::default(),
    digest: 0,
});

/// A history, or a prefix of one.
#[derive(Clone, Default)]
pub struct History(Option<Arc<Entry>>);

/// What one append added, and everything up to then.
struct Entry {
    before: History,
    batch: Batch,
    version: usize,
    alert: Alert,
    chronicle: Chronicle,
    digest: u64,
}

/// The events of one append, and whose they are.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Who wrote it.
    pub here: Here,
    /// When it was decided.
    pub at: Timestamp,
    /// What was decided; at least one.
    pub events: Vec<AlertEvent>,
}

impl History {
    fn entry(&self) -> &Entry {
        self.0.as_deref().unwrap_or(&NOTHING)
    }

    /// The history with one more append. The digest covers who wrote, when, what, and everything before, as the hash
    /// chain of the real log does: equal digests are the identical batch at the same place.
    #[must_use]
    pub fn then(&self, batch: Batch) -> Self {
        let mut alert = self.alert().clone();
        let mut chronicle = self.chronicle().clone();
        let mut digest = Digest(DefaultHasher::new());
        self.entry().digest.hash(&mut digest.0);
        write!(digest, "{:?} {:?}", batch.here, batch.at).expect("a digest takes everything");
        for event in &batch.events {
            write!(digest, "{event:?}").expect("a digest takes everything");
            alert.evolve(event, batch.at);
            chronicle.take(event, batch.at, &batch.here);
        }
        let version = self.version() + batch.events.len();
        let digest = digest.0.finish();
        Self(Some(Arc::new(Entry { before: self.clone(), batch, version, alert, chronicle, digest })))
    }

    /// How many records it has.
    pub fn version(&self) -> usize {
        self.entry().version
    }

    /// The production state, folded.
    pub fn alert(&self) -> &Alert {
        &self.entry().alert
    }

    /// What an independent reader makes of it.
    pub fn chronicle(&self) -> &Chronicle {
        &self.entry().chronicle
    }

    /// The last append.
    pub fn last(&self) -> &Batch {
        &self.entry().batch
    }

    /// The history before the last append.
    pub fn before(&self) -> &Self {
        &self.entry().before
    }

    /// True when `whole` begins with it.
    pub fn is_prefix_of(&self, whole: &Self) -> bool {
        let mut whole = whole;
        while whole.version() > self.version() {
            whole = whole.before();
        }
        self == whole
    }
}

impl PartialEq for History {
    fn eq(&self, other: &Self) -> bool {
        self.entry().digest == other.entry().digest
    }
}

impl Eq for History {}

impl Hash for History {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.entry().digest.hash(state);
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{} {:08x}", self.version(), self.entry().digest >> 32)
    }
}

/// Hashes what is written to it.
struct Digest(DefaultHasher);

impl Write for Digest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

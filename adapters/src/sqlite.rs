//! What the log and the keys have in common: one `SQLite` file, one thread that writes it, a few connections that
//! read it. Nothing here knows what is kept in the file.
//!
//! ```text
//! append ──► place (semaphore) ──► orders ──► group ──► BEGIN, apply …, COMMIT + fsync ──► answers
//!                                               ▲                                      │
//!                                               └── checkpoint, when idle or large ◄───┘
//! ```
//!
//! The happy case: the writer takes everything that waits into one transaction, so a hundred appends cost one
//! fsync; each is answered after it. Readers see only what is durable, because `SQLite` publishes a commit to them
//! after its fsync.

mod examination;
mod fault;
mod file;
mod frames;
mod group;
mod health;
mod latency;
mod readers;
mod recent;

pub use file::OpenError;
pub use health::Health;
pub use latency::{LATENCY_BOUNDS, Latency};

pub(crate) use examination::faults;
pub(crate) use fault::{Failure, is_damage, reason};
pub(crate) use file::{Layout, open_reader, open_writer};
pub(crate) use group::{Group, Store};
pub(crate) use readers::Readers;
pub(crate) use recent::Recent;

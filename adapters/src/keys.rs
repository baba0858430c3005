//! Where the keys are kept that personal texts are sealed with: beside the log, never in it.

pub mod sqlite;

pub use sqlite::SqliteKeys;

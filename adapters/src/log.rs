//! Logs: where records are kept. Each passes `events::conformance`.

pub mod sqlite;

pub use sqlite::{LogHealth, LogStats, SqliteLog};

//! What the served house stands on.

use std::sync::Arc;

use actors::shell::World;
use adapters::clock::HouseClock;
use adapters::keys::sqlite::SqliteKeys;
use adapters::log::sqlite::SqliteLog;

/// The embedded log, its keys and the one clock.
#[derive(Debug)]
pub struct Served;

impl World for Served {
    type Log = SqliteLog;
    type Keys = SqliteKeys;
    type Clock = Arc<HouseClock>;
}

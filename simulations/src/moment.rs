//! The clock of this room, and its only pauses.
//!
//! Stand-ins are the world outside the house: they keep their own time, as providers do.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Returns the wall time in milliseconds since 1970-01-01 UTC.
#[expect(clippy::disallowed_methods, reason = "the clock of the world outside the house")]
pub fn unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Returns the wall time in whole seconds since 1970-01-01 UTC.
pub fn unix_seconds() -> u64 {
    unix_ms() / 1000
}

/// Returns the moment from which a measurement counts.
#[expect(clippy::disallowed_methods, reason = "measurements are made outside the house")]
pub fn now() -> Instant {
    Instant::now()
}

/// Returns how long ago a moment was.
pub fn since(moment: Instant) -> Duration {
    now().saturating_duration_since(moment)
}

/// Waits for a while: the delay itself is what a provider, or a sender that backs off, does.
#[expect(
    clippy::disallowed_methods,
    reason = "here the delay is the behaviour, not a substitute for a condition"
)]
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

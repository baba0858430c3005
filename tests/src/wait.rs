//! Waiting for a condition, with a deadline.

use std::time::Duration;

/// How long a story waits for what must happen. Generous: a machine under load is slow, and only a failure waits
/// this long.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// The pause between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// Looks again and again until there is something to see.
///
/// # Panics
/// After [`PATIENCE`], with `what` was waited for.
pub async fn until<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    let found = in_time(look).await;
    found.unwrap_or_else(|| panic!("waited {PATIENCE:?} in vain for {what}"))
}

/// Looks again and again until there is something to see; none after [`PATIENCE`].
pub async fn in_time<T>(mut look: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let search = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            #[expect(clippy::disallowed_methods, reason = "the one pause between two looks at a condition")]
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::time::timeout(PATIENCE, search).await.ok()
}

/// Waits until the wall clock says so: for stories in which the waiting itself is what happens.
pub async fn pause_until(at_ms: i64) {
    while let Ok(left) = u64::try_from(at_ms - wall_clock_ms())
        && left > 0
    {
        #[expect(clippy::disallowed_methods, reason = "the process under test stands still for so long")]
        tokio::time::sleep(Duration::from_millis(left)).await;
    }
}

/// The wall clock, in milliseconds since 1970-01-01 UTC, as the stand-ins write it into their ledger.
///
/// # Panics
/// When the clock stands before 1970.
pub fn wall_clock_ms() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "the one clock of the stories")]
    let now = std::time::SystemTime::now();
    let since_1970 = now.duration_since(std::time::UNIX_EPOCH).expect("the clock stands after 1970");
    i64::try_from(since_1970.as_millis()).expect("a moment in this era")
}

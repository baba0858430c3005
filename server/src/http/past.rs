//! What the house knew at an earlier moment: its configuration, folded from the log again.
//!
//! A record counts when its moment is not after the one that is asked about. Moments are in order within one history
//! only, since clocks are set, so reading cannot stop at the first later record: it goes on to the last one of the
//! configuration. Alerts in between are passed over unopened.

use std::sync::Arc;
use std::time::Duration;

use actors::projector::{Wanted, page};
use domain::directory::Directory;
use events::{Entry, Position, Timestamp};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::App;
use super::problem::Problem;

/// Waiting for one's turn and reading take no longer together; whoever asks gives up after 30 seconds.
const READING_MAX: Duration = Duration::from_secs(20);
/// So many read in the past at once: whoever is to be paged comes first.
const READERS_MAX: usize = 2;

/// Turns at reading in the past.
#[derive(Debug)]
pub(super) struct Readers(Semaphore);

impl Default for Readers {
    fn default() -> Self {
        Self(Semaphore::new(READERS_MAX))
    }
}

/// Hands over every record of the configuration, in log order. Returns how many cannot be read.
///
/// # Errors
/// When the log cannot be read, or not in time.
pub(super) async fn read(app: &App, mut each: impl FnMut(&Entry)) -> Result<usize, Problem> {
    let reading = async {
        let _turn = app.readers.0.acquire().await;
        let journal = &app.house.ports().journal;
        let (mut position, last) = (Position::START, app.house.directory().position());
        let mut unreadable_count = 0;
        while position < last {
            let page = page(journal, position, Wanted::OfConfiguration).await;
            let page = page.map_err(|error| Problem::unavailable(error.to_string()))?;
            let Some(reached) = page.reached else { break };
            position = reached;
            page.entries.iter().for_each(&mut each);
            unreadable_count += page.unreadable.len();
            // A long log is no reason to keep everybody else waiting.
            tokio::task::yield_now().await;
        }
        Ok(unreadable_count)
    };
    let too_slow = |_| {
        let seconds = READING_MAX.as_secs();
        let sentence = format!(
            "the log could not be read back within {seconds} seconds; ask again when there is less to do, or ask about now"
        );
        Problem::unavailable(sentence)
    };
    tokio::time::timeout(READING_MAX, reading).await.unwrap_or_else(|late| Err(too_slow(late)))
}

/// The configuration as it was known at a moment.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// The configuration.
    pub(super) directory: Arc<Directory>,
    /// When it was known.
    pub(super) at: Timestamp,
    is_past: bool,
}

impl Known {
    /// The configuration as it was known at `at`; the present one when that is now or still to come.
    ///
    /// # Errors
    /// As [`read`].
    pub(super) async fn at(app: &App, at: Timestamp) -> Result<Self, Problem> {
        if at >= app.house.now() {
            return Ok(Self::now(app));
        }
        let mut directory = Directory::default();
        read(app, |entry| {
            if entry.at <= at {
                directory.apply(entry);
            }
        })
        .await?;
        Ok(Self { directory: Arc::new(directory), at, is_past: true })
    }

    /// The present configuration.
    fn now(app: &App) -> Self {
        Self { directory: app.house.directory(), at: app.house.now(), is_past: false }
    }

    /// The same; or the present configuration when nothing was known at all. For what was before the house had any
    /// configuration, the first one counts as if it had always been so (`docs/decisions/0010`).
    pub(super) fn or_first(self, app: &App) -> Self {
        if self.directory.position() == Position::START { Self::now(app) } else { self }
    }

    /// Why there is no answer about a thing.
    pub(super) fn lacks(&self, thing: &str) -> String {
        if self.is_past {
            format!(
                "no {thing} was known at {}: see `hotpotato changes` for when it came, or ask about a later moment",
                self.at
            )
        } else {
            format!("there is no {thing}: see `hotpotato export`")
        }
    }

    /// An answer that names when it was known.
    pub(super) fn named_in(&self, mut answer: Value) -> Value {
        answer["known_at"] = self.at.to_string().into();
        answer
    }
}

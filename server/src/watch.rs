//! The house's own heartbeat: outside watchers hear from it as long as it would page whom it should. When it would not, it
//! is silent on purpose, and they page somebody by other means.

use std::time::Duration;

use adapters::boot::WatchPlan;
use adapters::http::ClientError;
use adapters::watch::Watcher;
use events::Span;

use crate::http::{App, ailment};

/// Says that the house is well, now and ever again.
pub struct Watch {
    watchers: Vec<Watcher>,
    every: Span,
}

impl Watch {
    /// Makes ready what is needed.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn new(plan: &WatchPlan) -> Result<Self, ClientError> {
        let watchers = plan.urls.iter().map(Watcher::new).collect::<Result<_, _>>()?;
        Ok(Self { watchers, every: plan.every })
    }

    /// Beats until the house closes.
    pub async fn keep(self, app: App) {
        let mut was_well = true;
        while !app.is_closing() {
            match ailment(&app).await {
                None => {
                    was_well = true;
                    for watcher in self.watchers.iter().cloned() {
                        // One that hangs keeps no other from hearing of us.
                        tokio::spawn(beat(watcher));
                    }
                }
                Some(why) if was_well => {
                    was_well = false;
                    tracing::error!(%why, "the watchers hear nothing from this house until it is well again");
                }
                Some(_) => {}
            }
            pause(Duration::from(self.every)).await;
        }
    }
}

async fn beat(watcher: Watcher) {
    if let Err(missed) = watcher.beat().await {
        tracing::warn!(watcher = watcher.host, %missed, "a watcher did not take our heartbeat");
    }
}

#[expect(clippy::disallowed_methods, reason = "outside the core, between beats: nothing else to wait for")]
async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}

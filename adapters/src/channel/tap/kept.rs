//! A call that is still being dialled when a send has taken as long as it may. A modem takes twenty seconds and more to
//! reach a terminal, and a send ten at most. Nothing was sent then, so the core tries again, and finds the line where
//! it was left: a terminal waits for us much longer than the core does for its next attempt.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::oneshot;

/// Nobody came for the call in this time: it is hung up. Ours: some of the core's pauses between attempts.
const KEPT_MAX: Duration = Duration::from_secs(15);
/// A call is kept so often; then the modem dials without an end. Modems give up after 50 seconds. Source: ITU-T V.250,
/// parameter S7, and what modems have as its default.
pub(super) const ROUNDS_MAX: u32 = 6;

/// A connection to a terminal, or to the modem that dials it.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) stream: TcpStream,
    /// How often it was kept.
    rounds: u32,
}

impl Call {
    pub(super) const fn new(stream: TcpStream) -> Self {
        Self { stream, rounds: 0 }
    }
}

/// Where one call is kept.
#[derive(Debug, Default)]
pub(super) struct Kept {
    request: Mutex<Option<oneshot::Sender<oneshot::Sender<Call>>>>,
}

impl Kept {
    /// The call that was left, if there is one.
    pub(super) async fn take(&self) -> Option<Call> {
        let request = self.request.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let (give, given) = oneshot::channel();
        request.send(give).ok()?;
        given.await.ok()
    }

    /// Keeps a call for the next send. Says whether it did: a call is not kept for ever.
    pub(super) fn keep(&self, call: Call) -> bool {
        if call.rounds >= ROUNDS_MAX {
            return false;
        }
        let (request, asked) = oneshot::channel::<oneshot::Sender<Call>>();
        tokio::spawn(async move {
            if let Ok(Ok(give)) = tokio::time::timeout(KEPT_MAX, asked).await {
                let _ = give.send(Call { rounds: call.rounds + 1, ..call });
            }
        });
        *self.request.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
        true
    }
}

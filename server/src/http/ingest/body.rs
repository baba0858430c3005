//! Bodies of sources: how long one may be, how long it may take to arrive, and how much of all of them is held at once.

use std::convert::Infallible;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use actors::alert::Declined;
use adapters::source::BODY_BYTES_MAX;
use axum::body::{Body as Sent, Bytes, HttpBody as _};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{App, NotTaken};

/// A body arrives within this long: somebody who sends it byte by byte holds no connection for ever.
pub const BODY_WITHIN: Duration = Duration::from_secs(20);

/// So many bytes of bodies are held at once; who sends more comes again.
pub const BODIES_BYTES_MAX: usize = 8 * BODY_BYTES_MAX;

/// Room for the bodies of all requests that are under way.
#[derive(Debug)]
pub struct Room(Arc<Semaphore>);

#[cfg(test)]
impl Room {
    /// Takes all the room that there is, until it is dropped.
    pub fn fill(&self) -> OwnedSemaphorePermit {
        let all = u32::try_from(self.0.available_permits()).expect("it is not that large");
        Arc::clone(&self.0).try_acquire_many_owned(all).expect("nobody else takes it")
    }
}

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(BODIES_BYTES_MAX)))
    }
}

/// A body as it arrived, or why it did not.
#[derive(Debug)]
pub struct Body(Result<Held, Unread>);

/// A body that arrived. The room that it takes is free again once it is dropped.
#[derive(Clone, Debug, Default)]
pub struct Held {
    bytes: Bytes,
    _room: Option<Arc<OwnedSemaphorePermit>>,
}

/// Why a body did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// It is longer than [`BODY_BYTES_MAX`].
    #[error("the body has more than {BODY_BYTES_MAX} bytes: send the rest in bodies of their own")]
    TooLong,
    /// The connection broke, or what came is no body.
    #[error("the body did not arrive: {0}")]
    Broken(String),
    /// It took longer than [`BODY_WITHIN`].
    #[error("the body did not arrive within {} s: send it again, faster", BODY_WITHIN.as_secs())]
    TooSlow,
    /// There is no room for it now.
    #[error("too much is under way: try again in a moment")]
    NoRoom,
}

impl Unread {
    /// What it means in HTTP, where nothing follows from trying again.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Broken(_) => StatusCode::BAD_REQUEST,
            Self::TooSlow | Self::NoRoom => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl From<Unread> for NotTaken {
    /// What may succeed the next time is answered like everything of that kind: no sender gives up because of it.
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::NoRoom => Self::TurnedAway(Declined::Busy),
            Unread::TooSlow => Self::TurnedAway(Declined::Unavailable { reason: unread.to_string() }),
            Unread::TooLong | Unread::Broken(_) => Self::Body(unread),
        }
    }
}

impl Body {
    /// All of it.
    pub fn read(self) -> Result<Held, NotTaken> {
        self.0.map_err(NotTaken::from)
    }
}

impl Deref for Held {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl FromRequest<App> for Body {
    type Rejection = Infallible;

    async fn from_request(request: Request, app: &App) -> Result<Self, Infallible> {
        let reading = tokio::time::timeout(BODY_WITHIN, read(request.into_body(), &app.bodies));
        let read = reading.await.unwrap_or(Err(Unread::TooSlow));
        if let Err(unread) = &read {
            app.house.ports().meter.malformed.increase();
            tracing::warn!(%unread, "a body was not read");
        }
        Ok(Self(read))
    }
}

async fn read(body: Sent, room: &Room) -> Result<Held, Unread> {
    if body.size_hint().lower() > u64::try_from(BODY_BYTES_MAX).unwrap_or(u64::MAX) {
        return Err(Unread::TooLong);
    }
    let (mut pieces, mut count, mut taken) = (Vec::<Bytes>::new(), 0_usize, None::<OwnedSemaphorePermit>);
    let mut stream = body.into_data_stream();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|error| Unread::Broken(error.to_string()))?;
        count += piece.len();
        if count > BODY_BYTES_MAX {
            return Err(Unread::TooLong);
        }
        let more = u32::try_from(piece.len()).map_err(|_| Unread::TooLong)?;
        let more = Arc::clone(&room.0).try_acquire_many_owned(more).map_err(|_| Unread::NoRoom)?;
        match &mut taken {
            Some(taken) => taken.merge(more),
            None => taken = Some(more),
        }
        pieces.push(piece);
    }
    let bytes = if pieces.len() == 1 { pieces.swap_remove(0) } else { pieces.concat().into() };
    Ok(Held { bytes, _room: taken.map(Arc::new) })
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    fn pieces(count: usize, length: usize) -> Sent {
        let piece = Bytes::from(vec![b'x'; length]);
        Sent::from_stream(stream::iter((0..count).map(move |_| Ok::<_, Infallible>(piece.clone()))))
    }

    #[tokio::test]
    async fn a_body_is_as_long_as_the_limit_and_not_longer() {
        let room = Room::default();
        let half = BODY_BYTES_MAX / 2;
        let whole = read(pieces(2, half), &room).await.expect("it is read");
        assert_eq!(whole.len(), BODY_BYTES_MAX);
        assert_eq!(room.0.available_permits(), BODIES_BYTES_MAX - BODY_BYTES_MAX);
        drop(whole);
        assert!(matches!(read(pieces(2, half + 1), &room).await, Err(Unread::TooLong)));
        let said_before = Sent::from(vec![b'x'; BODY_BYTES_MAX + 1]);
        assert!(matches!(read(said_before, &room).await, Err(Unread::TooLong)));
        assert_eq!(room.0.available_permits(), BODIES_BYTES_MAX);
    }

    #[tokio::test]
    async fn there_is_room_for_so_much_and_what_finds_none_comes_again() {
        let room = Room::default();
        let mut held = Vec::new();
        for _ in 0..BODIES_BYTES_MAX / BODY_BYTES_MAX {
            held.push(read(pieces(1, BODY_BYTES_MAX), &room).await.expect("there is room"));
        }
        let unread = read(pieces(1, 1), &room).await.expect_err("there is none");
        assert!(matches!(NotTaken::from(unread), NotTaken::TurnedAway(Declined::Busy)));
        held.pop();
        assert!(read(pieces(1, 1), &room).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_arrive_comes_again() {
        let slow = Sent::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        let room = Room::default();
        assert!(tokio::time::timeout(BODY_WITHIN, read(slow, &room)).await.is_err());
        let not_taken = NotTaken::from(Unread::TooSlow);
        assert_eq!(not_taken.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(not_taken.to_string().contains("within 20 s"), "{not_taken}");
    }

    #[tokio::test]
    async fn an_empty_body_is_read() {
        assert!(read(Sent::empty(), &Room::default()).await.is_ok_and(|held| held.is_empty()));
    }
}

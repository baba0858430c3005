//! Connections: how many there are at once, and how long somebody may take over the head of a request.
//!
//! When there are as many as there may be, the next waits in the system's queue, and from then on every connection ends
//! with the request that it has: nobody keeps one for later while others wait.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt as _;

/// So many connections are open at once.
pub const CONNECTIONS_MAX: usize = 2_048;

/// The head of a request arrives within this long, counted from the end of the one before: so long a connection may be
/// idle, and somebody who sends a head byte by byte holds it no longer.
pub const HEAD_WITHIN: Duration = Duration::from_mins(1);

/// The head of a request has at most so many bytes.
pub const HEAD_BYTES_MAX: usize = 64 * 1_024;

/// The head of a request has at most so many fields.
pub const HEAD_FIELDS_MAX: usize = 100;

/// Once a connection is to end, it has so long to say something first.
pub const SPOKEN_WITHIN: Duration = Duration::from_secs(2);

/// After the system refused a connection, for want of files as a rule, the next is tried after this long.
const TRIED_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// What connections are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Word {
    /// There is room.
    #[default]
    Stay,
    /// End with the request that is under way.
    End,
}

/// Serves until `closed` is done and every request that was under way then is answered.
pub async fn serve(listener: TcpListener, router: Router, closed: impl Future<Output = ()>) {
    serve_at_most(CONNECTIONS_MAX, listener, router, closed).await;
}

#[expect(clippy::disallowed_methods, reason = "the system does not say when it has files again")]
async fn serve_at_most(max: usize, listener: TcpListener, router: Router, closed: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(max));
    let (mut words, ended) = (watch::Sender::new(Word::Stay), watch::Sender::new(()));
    tokio::pin!(closed);
    loop {
        let next = next(&listener, &places, &mut words);
        let (stream, peer, place) = tokio::select! {
            next = next => match next {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(%error, "a connection was not taken: raise the limit of open files");
                    tokio::time::sleep(TRIED_AGAIN_AFTER).await;
                    continue;
                }
            },
            () = &mut closed => break,
        };
        let (router, word, ended) = (router.clone(), words.subscribe(), ended.subscribe());
        tokio::spawn(async move {
            converse(stream, peer, router, word).await;
            drop((place, ended));
        });
    }
    drop(listener);
    words.send_replace(Word::End);
    ended.closed().await;
}

/// The next connection, once there is a place for it.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    words: &mut watch::Sender<Word>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = if let Ok(place) = Arc::clone(places).try_acquire_owned() {
        place
    } else {
        // Those who come later are not meant: they have a word of their own.
        std::mem::take(words).send_replace(Word::End);
        let place = Arc::clone(places).acquire_owned().await;
        place.map_err(|_| io::Error::from(io::ErrorKind::NotConnected))?
    };
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

async fn converse(stream: TcpStream, peer: SocketAddr, router: Router, mut word: watch::Receiver<Word>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection cannot be made quick");
    }
    let requests = Arc::new(Requests::default());
    let ours = Arc::clone(&requests);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().oneshot(request.map(Body::new));
        let requests = Arc::clone(&ours);
        async move {
            requests.begin();
            let answer = answer.await;
            requests.end();
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEAD_FIELDS_MAX)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let end = async {
        // Whoever could have told us to end has gone, which is as good as being told to stay.
        if word.wait_for(|word| *word == Word::End).await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let served = tokio::select! {
        served = &mut connection => served,
        () = end => {
            tokio::select! {
                served = &mut connection => served,
                has_spoken = requests.first() => {
                    if !has_spoken {
                        return;
                    }
                    connection.as_mut().graceful_shutdown();
                    tokio::select! {
                        served = &mut connection => served,
                        () = requests.silence() => return,
                    }
                }
            }
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, %peer, "a connection broke");
    }
}

/// What one connection was asked.
#[derive(Debug, Default)]
struct Requests {
    begun: watch::Sender<usize>,
    ended: AtomicUsize,
}

impl Requests {
    fn begin(&self) {
        self.begun.send_modify(|begun| *begun += 1);
    }

    fn end(&self) {
        self.ended.fetch_add(1, Ordering::Relaxed);
    }

    /// Waits for the first one; false when none comes soon.
    async fn first(&self) -> bool {
        let mut begun = self.begun.subscribe();
        let first = begun.wait_for(|begun| *begun > 0);
        tokio::time::timeout(SPOKEN_WITHIN, first).await.is_ok()
    }

    /// Waits until none is under way any more and none comes soon.
    #[expect(clippy::disallowed_methods, reason = "it is the silence that is waited for")]
    async fn silence(&self) {
        loop {
            tokio::time::sleep(SPOKEN_WITHIN).await;
            if *self.begun.borrow() == self.ended.load(Ordering::Relaxed) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::sync::oneshot;

    use super::*;

    /// A server for so many connections: where it listens, and what ends it.
    async fn server(max: usize) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (close, closed) = oneshot::channel::<()>();
        let router = Router::new().route(
            "/",
            get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }),
        );
        let serving = tokio::spawn(serve_at_most(max, listener, router, async move {
            let _ = closed.await;
        }));
        (address, close, serving)
    }

    /// Asks for something over a connection, and says what was answered: empty when it was closed.
    async fn ask(stream: &mut TcpStream, head: &str) -> String {
        stream.write_all(head.as_bytes()).await.expect("it takes the head");
        let mut answer = vec![0; 4_096];
        let count = stream.read(&mut answer).await.unwrap_or_default();
        String::from_utf8_lossy(&answer[..count]).into_owned()
    }

    const HEAD: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    #[tokio::test]
    async fn a_connection_is_kept_while_there_is_room() {
        let (address, close, serving) = server(2).await;
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        for _ in 0..3 {
            let answer = ask(&mut stream, HEAD).await;
            assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
        }
        drop(close);
        serving.await.expect("it ends");
        assert_eq!(stream.read(&mut [0; 8]).await.expect("it was closed in order"), 0);
    }

    #[tokio::test]
    async fn when_all_places_are_taken_idle_connections_end_and_the_next_is_served() {
        let (address, _close, _serving) = server(1).await;
        let mut idle = TcpStream::connect(address).await.expect("it listens");
        assert!(ask(&mut idle, HEAD).await.starts_with("HTTP/1.1 200"));
        let mut next = TcpStream::connect(address).await.expect("it listens");
        assert!(ask(&mut next, HEAD).await.starts_with("HTTP/1.1 200"));
        assert_eq!(idle.read(&mut [0; 8]).await.expect("it was closed in order"), 0);
    }

    #[tokio::test]
    async fn who_holds_a_connection_and_says_nothing_gives_way() {
        let (address, _close, _serving) = server(1).await;
        let mut slow = TcpStream::connect(address).await.expect("it listens");
        slow.write_all(b"GET / HT").await.expect("it takes the head");
        let mut next = TcpStream::connect(address).await.expect("it listens");
        assert!(ask(&mut next, HEAD).await.starts_with("HTTP/1.1 200"));
        assert_eq!(slow.read(&mut [0; 8]).await.unwrap_or_default(), 0, "it was closed");
    }

    #[tokio::test]
    async fn a_head_is_as_long_as_the_limit_and_not_longer() {
        let (address, _close, _serving) = server(8).await;
        let answer = async |head: String| {
            let mut stream = TcpStream::connect(address).await.expect("it listens");
            ask(&mut stream, &head).await.lines().next().unwrap_or_default().to_owned()
        };
        let long = |length: usize| format!("GET / HTTP/1.1\r\na: {}\r\n\r\n", "x".repeat(length));
        assert_eq!(answer(long(HEAD_BYTES_MAX - 100)).await, "HTTP/1.1 200 OK");
        // Who still sends may not hear more than that the connection is closed.
        let refused = answer(long(2 * HEAD_BYTES_MAX)).await;
        assert!(refused.is_empty() || refused.starts_with("HTTP/1.1 431"), "{refused}");
        let many = |count: usize| format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(count));
        assert_eq!(answer(many(HEAD_FIELDS_MAX)).await, "HTTP/1.1 200 OK");
        assert!(answer(many(HEAD_FIELDS_MAX + 1)).await.starts_with("HTTP/1.1 431"), "too many");
    }
}

//! A very fast sink that any Pushover client takes for Pushover, for measurements.
//!
//! It answers every HTTP/1.1 request with the same 200 and notes when each alert's marker, a word like
//! `bench-000123`, first came by. It checks nothing; tests of behaviour want
//! [`Pushover`](crate::stand_in::pushover::Pushover). Bodies need a `Content-Length`; chunked ones are not read.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::moment;

/// What comes before the number in a marker.
pub const MARKER_PREFIX: &str = "bench-";

/// Longest request that is read; a longer one closes the connection.
const REQUEST_BYTES_MAX: usize = 1024 * 1024;

/// How a message begins.
const MESSAGE: &[u8] = b"POST /1/messages.json ";

const REPLY_BODY: &str = concat!(
    r#"{"status":1,"request":"00000000-0000-4000-8000-000000000000","receipt":"sinksinksinksinksinksinksink00","#,
    r#""acknowledged":0,"acknowledged_at":0,"acknowledged_by":"","acknowledged_by_device":"","#,
    r#""last_delivered_at":0,"expired":0,"expires_at":0,"called_back":0,"called_back_at":0}"#
);

/// Returns the marker of alert `number`: at least six digits.
pub fn marker(number: u32) -> String {
    format!("{MARKER_PREFIX}{number:06}")
}

/// A running sink. Dropping it closes the port.
#[derive(Debug)]
pub struct Sink {
    arrivals: Arc<Arrivals>,
    address: SocketAddr,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Arrivals {
    epoch: Instant,
    first: u32,
    /// Nanoseconds from `epoch` to the first sight of each marker, 0 while it was not seen.
    nanos: Vec<AtomicU64>,
    requests: AtomicU64,
    messages: AtomicU64,
    bytes: AtomicU64,
    repeats: AtomicU64,
    arrived: watch::Sender<usize>,
}

impl Sink {
    /// Starts a sink that expects the markers `first`, `first + 1`, … (`count` of them); others are only counted
    /// as requests.
    pub async fn start(bind: SocketAddr, first: u32, count: u32) -> io::Result<Self> {
        let listener = TcpListener::bind(bind).await?;
        let address = listener.local_addr()?;
        let arrivals = Arc::new(Arrivals {
            epoch: moment::now(),
            first,
            nanos: (0..count).map(|_| AtomicU64::new(0)).collect(),
            requests: AtomicU64::new(0),
            messages: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            repeats: AtomicU64::new(0),
            arrived: watch::Sender::new(0),
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&arrivals)));
        Ok(Self { arrivals, address, task })
    }

    /// Returns where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the moment from which [`Sink::arrival`] counts.
    pub fn epoch(&self) -> Instant {
        self.arrivals.epoch
    }

    /// Returns how many pages came in: requests that post something.
    pub fn requests(&self) -> u64 {
        self.arrivals.requests.load(Ordering::Relaxed)
    }

    /// Returns how many of them were messages: pages, and no questions about them.
    pub fn messages(&self) -> u64 {
        self.arrivals.messages.load(Ordering::Relaxed)
    }

    /// Returns how many bytes the requests had.
    pub fn bytes(&self) -> u64 {
        self.arrivals.bytes.load(Ordering::Relaxed)
    }

    /// Returns how often a marker came that had come before.
    pub fn repeats(&self) -> u64 {
        self.arrivals.repeats.load(Ordering::Relaxed)
    }

    /// Returns how many different markers came in.
    pub fn arrived(&self) -> usize {
        *self.arrivals.arrived.borrow()
    }

    /// Returns when a marker first came, counted from [`Sink::epoch`].
    pub fn arrival(&self, number: u32) -> Option<Duration> {
        let index = usize::try_from(number.checked_sub(self.arrivals.first)?).ok()?;
        let nanos = self.arrivals.nanos.get(index)?.load(Ordering::Relaxed);
        (nanos != 0).then(|| Duration::from_nanos(nanos))
    }

    /// Waits until `count` different markers came in; returns whether they did within `limit`.
    pub async fn wait_for(&self, count: usize, limit: Duration) -> bool {
        let mut arrived = self.arrivals.arrived.subscribe();
        let all = arrived.wait_for(|arrived| *arrived >= count);
        matches!(tokio::time::timeout(limit, all).await, Ok(Ok(_)))
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Arrivals {
    fn note(&self, request: &[u8]) {
        // What is asked about a page is no page.
        if !request.starts_with(b"POST ") {
            return;
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.messages.fetch_add(u64::from(request.starts_with(MESSAGE)), Ordering::Relaxed);
        self.bytes.fetch_add(u64::try_from(request.len()).unwrap_or(u64::MAX), Ordering::Relaxed);
        let now = u64::try_from(moment::since(self.epoch).as_nanos()).unwrap_or(u64::MAX).max(1);
        for number in markers(request) {
            let index = number.checked_sub(self.first).and_then(|index| usize::try_from(index).ok());
            let Some(slot) = index.and_then(|index| self.nanos.get(index)) else { continue };
            if slot.compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
                self.arrived.send_modify(|arrived| *arrived += 1);
            } else {
                self.repeats.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

async fn accept(listener: TcpListener, arrivals: Arc<Arrivals>) {
    let reply = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\nx-limit-app-limit: 10000\r\n\
         x-limit-app-remaining: 9999\r\nx-limit-app-reset: 4102444800\r\ncontent-length: {}\r\n\r\n{REPLY_BODY}",
        REPLY_BODY.len()
    );
    let reply: Arc<[u8]> = reply.into_bytes().into();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, Arc::clone(&arrivals), Arc::clone(&reply)));
            }
            Err(error) => {
                tracing::warn!(%error, "the sink cannot accept a connection");
                moment::pause(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn serve(mut stream: TcpStream, arrivals: Arc<Arrivals>, reply: Arc<[u8]>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut input = Vec::with_capacity(16 * 1024);
    let mut output = Vec::new();
    loop {
        let mut taken = 0;
        while let Some(length) = request_length(&input[taken..]) {
            let end = taken + length;
            if length > REQUEST_BYTES_MAX || input.len() < end {
                break;
            }
            arrivals.note(&input[taken..end]);
            output.extend_from_slice(&reply);
            taken = end;
        }
        input.drain(..taken);
        if !output.is_empty() {
            stream.write_all(&output).await?;
            output.clear();
        }
        if input.len() > REQUEST_BYTES_MAX || stream.read_buf(&mut input).await? == 0 {
            return Ok(());
        }
    }
}

/// Returns the length of the request that starts the buffer, head and body, once its head is complete.
fn request_length(buffer: &[u8]) -> Option<usize> {
    let head_length = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&buffer[..head_length]);
    let length = head.lines().skip(1).find_map(|line| {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") { value.trim().parse::<usize>().ok() } else { None }
    });
    Some(head_length.saturating_add(length.unwrap_or(0)))
}

/// Finds the numbers of all markers in a request, wherever they stand.
pub(crate) fn markers(request: &[u8]) -> impl Iterator<Item = u32> {
    let prefix = MARKER_PREFIX.as_bytes();
    let starts = request.windows(prefix.len()).enumerate().filter(move |(_, window)| *window == prefix);
    starts.filter_map(move |(at, _)| {
        let digits = &request[at + prefix.len()..];
        let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        std::str::from_utf8(&digits[..length]).ok()?.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_found_in_forms_json_and_query_strings() {
        let request = b"POST /1/messages.json?message=x+bench-000007 HTTP/1.1\r\n\r\n{\"message\":\"bench-000123: disk\"}bench-";
        assert_eq!(markers(request).collect::<Vec<_>>(), [7, 123]);
        assert_eq!(marker(123), "bench-000123");
    }

    #[test]
    fn a_request_is_as_long_as_its_head_says() {
        assert_eq!(request_length(b"GET / HTTP/1.1\r\nHost: x\r\n"), None);
        assert_eq!(request_length(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), Some(27));
        assert_eq!(request_length(b"POST / HTTP/1.1\r\ncontent-LENGTH: 3\r\n\r\nabc"), Some(41));
    }
}

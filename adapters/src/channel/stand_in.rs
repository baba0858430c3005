//! Tiny servers for tests: they say what they are told and then hang or close.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// What a server does after its last word.
#[derive(Clone, Copy)]
pub(crate) enum Then {
    /// It ends the connection.
    Close,
    /// It says nothing any more.
    Hang,
}

/// A server on loopback.
pub(crate) struct StandIn {
    pub(crate) address: SocketAddr,
    heard: mpsc::UnboundedReceiver<String>,
}

impl StandIn {
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// What one connection said.
    pub(crate) async fn heard(mut self) -> String {
        self.next().await
    }

    /// What the next connection said.
    pub(crate) async fn next(&mut self) -> String {
        self.heard.recv().await.expect("a connection")
    }
}

/// Reads one request of each connection and answers these bytes.
pub(crate) async fn http(answer: &str, then: Then) -> StandIn {
    let answer = answer.to_owned();
    serve(move |mut stream, heard| {
        let answer = answer.clone();
        async move {
            let mut request = Vec::new();
            while !is_whole(&request) {
                if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                    return;
                }
            }
            let _ = heard.send(String::from_utf8_lossy(&request).into_owned());
            let _ = stream.write_all(answer.as_bytes()).await;
            end(stream, then).await;
        }
    })
    .await
}

/// Says the first line at once and one more for each line it hears; ends when the last one is answered, or at once
/// when that is only half a line.
pub(crate) async fn lines(replies: &[&str], then: Then) -> StandIn {
    let replies: Vec<Vec<u8>> = replies.iter().map(|reply| reply.as_bytes().to_vec()).collect();
    serve(move |mut stream, heard| {
        let replies = replies.clone();
        async move {
            let mut said = Vec::new();
            for (at, reply) in replies.iter().enumerate() {
                while line_ends(&said) < at {
                    if stream.read_buf(&mut said).await.unwrap_or(0) == 0 {
                        return;
                    }
                }
                let _ = stream.write_all(reply).await;
            }
            let whole = replies.last().is_some_and(|reply| reply.ends_with(b"\n"));
            while whole && line_ends(&said) < replies.len() {
                if stream.read_buf(&mut said).await.unwrap_or(0) == 0 {
                    break;
                }
            }
            let _ = heard.send(String::from_utf8_lossy(&said).into_owned());
            end(stream, then).await;
        }
    })
    .await
}

/// An address where nobody listens.
pub(crate) async fn closed() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address")
}

async fn serve<F>(
    conversation: impl Fn(TcpStream, mpsc::UnboundedSender<String>) -> F + Send + 'static,
) -> StandIn
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (sender, heard) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(conversation(stream, sender.clone()));
        }
    });
    StandIn { address, heard }
}

async fn end(mut stream: TcpStream, then: Then) {
    match then {
        Then::Close => {
            let _ = stream.shutdown().await;
        }
        Then::Hang => std::future::pending().await,
    }
}

fn line_ends(said: &[u8]) -> usize {
    said.split(|byte| *byte == b'\n').count() - 1
}

/// Head and as much body as the head says.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    body.len() >= length.unwrap_or(0)
}

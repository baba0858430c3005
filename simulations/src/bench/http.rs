//! Just enough HTTP/1.1 to ask one thing at a time over a connection that stays open.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long an answer may take.
const ANSWER_WAIT_MAX: Duration = Duration::from_mins(1);

/// Largest answer that is read.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// An open connection with nothing in flight.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    address: SocketAddr,
    buffer: Vec<u8>,
}

/// An answer with all of its body.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, address, buffer: Vec::with_capacity(4096) })
    }

    pub async fn get(&mut self, path: &str) -> io::Result<Answer> {
        let address = self.address;
        self.exchange(&format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n")).await
    }

    /// Posts JSON.
    pub async fn post(&mut self, path: &str, body: &str) -> io::Result<Answer> {
        let (address, length) = (self.address, body.len());
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        self.exchange(&request).await
    }

    async fn exchange(&mut self, request: &str) -> io::Result<Answer> {
        let exchange = async {
            self.stream.write_all(request.as_bytes()).await?;
            self.buffer.clear();
            loop {
                if let Some(answer) = complete(&self.buffer)? {
                    return Ok(answer);
                }
                if self.buffer.len() > ANSWER_BYTES_MAX {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "the answer is too large"));
                }
                if self.stream.read_buf(&mut self.buffer).await? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
        };
        tokio::time::timeout(ANSWER_WAIT_MAX, exchange)
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// Gets one thing over a connection of its own.
pub async fn get(address: SocketAddr, path: &str) -> io::Result<Answer> {
    Connection::open(address).await?.get(path).await
}

/// Reads an answer once all of it is there. Chunked ones are not understood: nothing that is asked here has them.
fn complete(buffer: &[u8]) -> io::Result<Option<Answer>> {
    let invalid = |what| io::Error::new(io::ErrorKind::InvalidData, what);
    let Some(head_length) = buffer.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
    else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(&buffer[..head_length]);
    let status =
        head.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| invalid("the answer is not HTTP/1.1"))?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") { value.trim().parse::<usize>().ok() } else { None }
    });
    let length = length.ok_or_else(|| invalid("the answer has no Content-Length"))?;
    let body = &buffer[head_length..];
    Ok((body.len() >= length).then(|| Answer { status, body: String::from_utf8_lossy(body).into_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_complete_with_its_body() {
        let part = b"HTTP/1.1 200 OK\r\nContent-length: 5\r\n\r\nread";
        assert_eq!(complete(part).expect("HTTP"), None);
        let whole = [part.as_slice(), b"y"].concat();
        let answer = Answer { status: 200, body: "ready".to_owned() };
        assert_eq!(complete(&whole).expect("HTTP"), Some(answer));
        assert!(complete(b"HTTP/1.1 200 OK\r\n\r\n").is_err() && complete(b"hello\r\n\r\n").is_err());
    }
}

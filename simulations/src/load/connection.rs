//! Just enough HTTP/1.1 to post at full speed over one connection that stays open.

use std::io;
use std::time::Duration;

use reqwest::Url;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::LoadError;

/// How long an answer may take.
const ANSWER_WAIT_MAX: Duration = Duration::from_mins(1);

/// Largest answer that is read.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Longest wait that a `Retry-After` is honoured with.
const RETRY_AFTER_MAX: Duration = Duration::from_mins(1);

/// Where requests go.
#[derive(Debug, Clone)]
pub struct Target {
    /// `HOST:PORT`.
    address: String,
    path: String,
}

impl Target {
    pub fn parse(text: &str) -> Result<Self, LoadError> {
        let wrong = |reason: &str| LoadError::Url { url: text.to_owned(), reason: reason.to_owned() };
        let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
        if url.scheme() != "http" {
            return Err(wrong("only http is spoken"));
        }
        let host = url.host_str().ok_or_else(|| wrong("it names no host"))?;
        let address = format!("{host}:{}", url.port_or_known_default().unwrap_or(80));
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        Ok(Self { address, path: format!("{}{query}", url.path()) })
    }

    /// Returns a whole request with a JSON body.
    pub fn request(&self, body: &str) -> Vec<u8> {
        let (path, address, length) = (&self.path, &self.address, body.len());
        format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: Alertmanager/0.28.0\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }
}

/// What matters of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub retry_after: Option<Duration>,
    /// Whether the connection cannot be used again.
    pub closes: bool,
}

/// An open connection with nothing in flight.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(target: &Target) -> io::Result<Self> {
        let stream = TcpStream::connect(&target.address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Sends a request and reads its answer, body included.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Response> {
        let exchange = async {
            self.stream.write_all(request).await?;
            self.buffer.clear();
            loop {
                if let Some(response) = complete(&self.buffer)? {
                    return Ok(response);
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

/// Reads an answer once all of it is there.
fn complete(buffer: &[u8]) -> io::Result<Option<Response>> {
    let invalid = || io::Error::new(io::ErrorKind::InvalidData, "the answer is not HTTP/1.1");
    let Some(head_length) = buffer.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
    else {
        return Ok(None);
    };
    let head = std::str::from_utf8(&buffer[..head_length]).map_err(|_error| invalid())?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(invalid)?;
    let header = |wanted: &str| {
        head.lines().skip(1).find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(wanted).then_some(value.trim())
        })
    };
    let body = &buffer[head_length..];
    let is_chunked = header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
    let is_complete = if is_chunked {
        body.ends_with(b"0\r\n\r\n")
    } else {
        body.len() >= header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0)
    };
    let retry_after = header("retry-after").and_then(|seconds| seconds.parse().ok());
    Ok(is_complete.then(|| Response {
        status,
        retry_after: retry_after.map(|seconds| Duration::from_secs(seconds).min(RETRY_AFTER_MAX)),
        closes: header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_complete_with_its_body() {
        let head = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-length: 2\r\n\r\n";
        assert_eq!(complete(head).expect("HTTP"), None);
        let whole = [head.as_slice(), b"no"].concat();
        let response = complete(&whole).expect("HTTP").expect("complete");
        assert_eq!(response.status, 503);
        assert_eq!(response.retry_after, Some(Duration::from_secs(2)));
        assert!(!response.closes);
        assert!(complete(b"hello\r\n\r\n").is_err());
    }

    #[test]
    fn only_plain_http_addresses_are_taken() {
        let target = Target::parse("http://127.0.0.1:8080/integrations/alertmanager/key?x=1").expect("a URL");
        assert_eq!(target.address, "127.0.0.1:8080");
        assert_eq!(target.path, "/integrations/alertmanager/key?x=1");
        assert!(Target::parse("https://127.0.0.1/").is_err());
        assert!(Target::parse("127.0.0.1:8080").is_err());
    }
}

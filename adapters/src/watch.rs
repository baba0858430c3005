//! An outside watcher hears from us as long as we are well, and pages somebody by other means when it does not: a dead
//! house cannot say that it is dead. Any service that takes a GET at a secret address will do.

use std::time::Duration;

use crate::channel::Secret;
use crate::http::{Client, ClientError, SendError};

/// So many watchers at most.
pub const WATCHERS_MAX: usize = 10;

/// How long one may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// One watcher.
#[derive(Clone, Debug)]
pub struct Watcher {
    /// Its host, which is no secret.
    pub host: String,
    url: Secret,
    client: Client,
}

/// It did not take a beat.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missed {
    /// It was not reached, or did not answer.
    #[error(transparent)]
    Send(#[from] SendError),
    /// It answered something else than 2xx.
    #[error("it answers {0}; look at the address in watch.url_file")]
    Status(u16),
}

impl Watcher {
    /// The watcher at this address, for which see [`is_address`].
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn new(url: &Secret) -> Result<Self, ClientError> {
        let host =
            address(url.expose()).and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        Ok(Self { host, url: url.clone(), client: Client::new(TIMEOUT, 1)? })
    }

    /// Says that we are well.
    ///
    /// # Errors
    /// When the watcher does not take it. The address is in no error.
    pub async fn beat(&self) -> Result<(), Missed> {
        let answer = self.client.ask_noting(&self.url, |_| ()).await?;
        if (200..300).contains(&answer.status) { Ok(()) } else { Err(Missed::Status(answer.status)) }
    }
}

/// True for what can be asked for.
pub fn is_address(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic()) && address(text).is_some()
}

fn address(text: &str) -> Option<reqwest::Url> {
    let url = reqwest::Url::parse(text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty()))
        .then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_of_the_web() {
        for sound in ["https://hc.example/ping/4b1c", "http://127.0.0.1:9/x?key=a&b=c", "https://u:p@h/"] {
            assert!(is_address(sound), "{sound}");
        }
        for wrong in
            ["", "hc.example/ping", "ftp://h/", "file:///etc/passwd", "https://", "https://h/\r\nHost: x"]
        {
            assert!(!is_address(wrong), "{wrong}");
        }
    }

    #[tokio::test]
    async fn nobody_at_the_address_is_said_without_the_address() {
        let watcher = Watcher::new(&Secret::new("http://127.0.0.1:1/ping/secret-key")).expect("a client");
        assert_eq!(watcher.host, "127.0.0.1");
        let missed = watcher.beat().await.expect_err("nobody is there");
        assert!(matches!(missed, Missed::Send(SendError::NotSent(_))), "{missed:?}");
        assert!(!format!("{missed} {missed:?} {watcher:?}").contains("secret-key"), "{missed}");
    }
}

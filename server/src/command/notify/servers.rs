//! The servers that a signal may go to, and what they say.

use std::collections::BTreeSet;
use std::time::Duration;

use adapters::channel::Secret;
use adapters::http::{Client, Credentials, JsonRequest, Response};
use reqwest::Url;
use serde_json::Value;

use super::entry::{Key, Tongue};
use crate::client::ClientError;
use crate::terminal;

/// How long one server may take. Half of it for the connection.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// So much of what a server says is repeated.
const WHY_CHARS_MAX: usize = 300;

/// What became of a signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A server has it, durably.
    Taken,
    /// No server can take anything now.
    Away(String),
    /// The signals of this source are not taken, or not yet.
    KeyRefused(String),
    /// The same, but a server that is away now may take them.
    Undecided(String),
    /// It will never be taken.
    Refused(String),
}

/// The servers, in the order in which they are asked.
#[derive(Debug)]
pub(super) struct Servers {
    http: Client,
    urls: Vec<Url>,
    /// Those that were away just now are not asked again.
    away: BTreeSet<usize>,
    /// Why the last one was.
    why: String,
}

impl Servers {
    /// The servers at these addresses, of which there is at least one.
    ///
    /// # Errors
    /// When no connection can be made at all.
    pub(super) fn new(urls: Vec<Url>) -> Result<Self, ClientError> {
        let unusable =
            |_| ClientError::Unreachable { url: urls.first().map(Url::to_string).unwrap_or_default() };
        let http = Client::new(SEND_TIMEOUT, 1).map_err(unusable)?;
        Ok(Self { http, urls, away: BTreeSet::new(), why: String::new() })
    }

    /// From now on all of them are asked again.
    pub(super) fn forgive(&mut self) {
        self.away.clear();
    }

    /// Offers a signal to one after the other until one has taken it.
    pub(super) async fn offer(&mut self, tongue: Tongue, key: &Key, body: &str) -> Outcome {
        let secret = match key.read() {
            Ok(secret) => secret,
            Err(error) => return Outcome::KeyRefused(key.say(&error)),
        };
        let (mut key_refused, mut refused) = (None, None);
        for (number, url) in self.urls.iter().enumerate() {
            if self.away.contains(&number) {
                continue;
            }
            match ask(&self.http, url, tongue, &secret, body).await {
                Outcome::Taken => return Outcome::Taken,
                Outcome::Away(why) => {
                    self.away.insert(number);
                    self.why = why;
                }
                Outcome::KeyRefused(why) | Outcome::Undecided(why) => key_refused = Some(why),
                Outcome::Refused(why) => refused = Some(why),
            }
        }
        let is_anybody_away = !self.away.is_empty();
        match (refused, key_refused) {
            // What one cannot read no other can.
            (Some(why), _) => Outcome::Refused(why),
            // Whoever is away may know the key.
            (None, Some(why)) if is_anybody_away => Outcome::Undecided(why),
            (None, Some(why)) => Outcome::KeyRefused(why),
            (None, None) => Outcome::Away(self.why.clone()),
        }
    }
}

async fn ask(http: &Client, base: &Url, tongue: Tongue, key: &Secret, body: &str) -> Outcome {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(["integrations", tongue.path(), key.expose()]);
    }
    let request = JsonRequest {
        url: url.into(),
        credentials: Credentials::None,
        headers: Vec::new(),
        body: body.to_owned(),
    };
    let host = base.host_str().unwrap_or_default();
    match http.send_json(&request).await {
        Ok(response) => judge(&response, |text| key.strike(&format!("{host}: {text}"))),
        Err(error) => Outcome::Away(key.strike(&format!("{host}: {error}"))),
    }
}

/// What an answer means.
fn judge(response: &Response, said: impl Fn(&str) -> String) -> Outcome {
    let words = response.json().and_then(|body| body.get("error").and_then(Value::as_str).map(str::to_owned));
    let words = words.map(|words| format!(", {words}")).unwrap_or_default();
    let why = said(&format!("status {}{words}", response.status));
    let why: String = terminal::clean(&why).chars().take(WHY_CHARS_MAX).collect();
    match response.status {
        200..=299 => Outcome::Taken,
        // The body is at fault, and stays as it is.
        400 | 413 | 415 | 422 => Outcome::Refused(why),
        408 | 425 | 429 => Outcome::Away(why),
        401..=499 | 501 => Outcome::KeyRefused(why),
        _ => Outcome::Away(why),
    }
}

/// The addresses in a list, separated by commas.
///
/// # Errors
/// When one of them is none.
pub(super) fn addresses(list: &str) -> Result<Vec<Url>, ClientError> {
    let parts = list.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let url = Url::parse(part).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            url.ok_or_else(|| ClientError::UrlInvalid { url: part.to_owned() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart() {
        let judge = |status: u16, body: &str| {
            judge(&Response { status, body: body.to_owned(), ..Response::default() }, str::to_owned)
        };
        assert_eq!(judge(200, "{}"), Outcome::Taken);
        assert_eq!(judge(204, ""), Outcome::Taken);
        assert_eq!(
            judge(400, r#"{"error":"`macros` is\nmissing"}"#),
            Outcome::Refused("status 400, `macros` is missing".to_owned())
        );
        for status in [400, 413, 415, 422] {
            assert!(matches!(judge(status, ""), Outcome::Refused(_)), "{status}");
        }
        for status in [401, 403, 404, 405, 501] {
            assert!(matches!(judge(status, "<html>"), Outcome::KeyRefused(_)), "{status}");
        }
        for status in [100, 301, 302, 408, 425, 429, 500, 502, 503, 504, 599] {
            assert!(matches!(judge(status, ""), Outcome::Away(_)), "{status}");
        }
    }

    #[test]
    fn several_servers_stand_in_one_variable() {
        let of =
            |list: &str| addresses(list).map(|urls| urls.into_iter().map(String::from).collect::<Vec<_>>());
        assert_eq!(
            of(" http://a:1 ,https://b/hp,, ").ok(),
            Some(vec!["http://a:1/".to_owned(), "https://b/hp".to_owned()])
        );
        assert_eq!(of(" , ").ok(), Some(vec![]));
        assert!(matches!(of("http://a,nonsense"), Err(ClientError::UrlInvalid { url }) if url == "nonsense"));
    }
}

//! Requests to Twilio through the crate `twilio-rs`, in place of [`crate::http::Client`].
//!
//! The crate's own call that creates a message posts an empty body. So what [`super::encode`] made goes through the
//! HTTP client that the crate lets everybody use, and a created message is read with the crate's model. What is
//! lost against our own client is in docs/decisions/0005.

use std::fmt;
use std::panic::{UnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use ::twilio::model::ApiV2010AccountMessage;
use ::twilio::{TwilioAuthentication, TwilioClient};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body::Body as _;
use httpclient::{Body, Error, InMemoryBody, Uri};

use crate::http::{RESPONSE_BYTES_MAX, Request, Response, SendError, USER_AGENT, chain, retry_after};
use crate::line::Line;

/// The status of an answer that carries the message.
const CREATED: u16 = 201;

/// The crate's client with a limit of time. Follows no redirects and asks no proxy.
#[derive(Clone)]
pub(super) struct Client {
    twilio: Arc<TwilioClient>,
    timeout: Duration,
}

impl Client {
    /// A client whose requests take at most `timeout`; `None` on a machine without certificates of authorities,
    /// where the crate has no client, not even one for `http://`.
    pub(super) fn new(base_url: &str, timeout: Duration) -> Option<Self> {
        // Only the crate's own calls would use it: a request brings its own, and no second copy is kept.
        let authentication = TwilioAuthentication::BasicAuth { basic_auth: String::new() };
        let twilio = unless_it_panics(|| TwilioClient::new(base_url, authentication))?;
        Some(Self { twilio: Arc::new(twilio), timeout })
    }

    /// Posts a form and reads the answer.
    ///
    /// # Errors
    /// As [`crate::http::Client::send`], except that time may run out while connecting, and that is
    /// [`SendError::Timeout`] here: nothing tells it from silence after the request.
    pub(super) async fn send(&self, request: &Request) -> Result<Response, SendError> {
        let exchange = tokio::time::timeout(self.timeout, self.exchange(request)).await;
        exchange.unwrap_or_else(|elapsed| Err(SendError::Timeout(chain(&elapsed))))
    }

    async fn exchange(&self, request: &Request) -> Result<Response, SendError> {
        complete(&request.url)?;
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&request.form).finish();
        let mut post = (self.twilio.client.post(&request.url))
            .header("user-agent", USER_AGENT)
            .header("accept", "*/*")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(InMemoryBody::Text(form));
        if let Some((account, password)) = &request.basic {
            post = post.basic_auth(&STANDARD.encode(format!("{account}:{}", password.expose())));
        }
        let (head, body) = post.send().await.map_err(|error| tell_apart(&error))?.into_parts();
        let mut response = Response {
            status: head.status.as_u16(),
            retry_after: head.headers.get("retry-after").and_then(|it| retry_after(it.as_bytes())),
            body: String::new(),
        };
        // Only the crate's middleware, of which there is none here, answers from memory.
        let Body::Hyper(mut chunks) = body else { return Ok(response) };
        let mut body = Vec::new();
        while let Some(chunk) = chunks.data().await {
            let chunk = chunk.map_err(|error| SendError::Lost(chain(&error)))?;
            if body.len() + chunk.len() > RESPONSE_BYTES_MAX {
                return Ok(response);
            }
            body.extend_from_slice(&chunk);
        }
        response.body = String::from_utf8_lossy(&body).into_owned();
        if response.status == CREATED
            && let Some(message) = message(&response)
        {
            response.body = message.to_string();
        }
        Ok(response)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// What a function makes, unless it panics: that is how the crate says that it trusts nobody.
fn unless_it_panics<T>(make: impl FnOnce() -> T + UnwindSafe) -> Option<T> {
    let value = catch_unwind(make).ok();
    if value.is_none() {
        tracing::warn!("twilio-rs cannot be used on this machine: text messages go through our own client");
    }
    value
}

/// Fails for an address that the crate would complete with its base, or else panic at.
fn complete(url: &str) -> Result<(), SendError> {
    let uri: Uri = url.parse().map_err(|error| SendError::NotSent(chain(&error)))?;
    match (uri.scheme(), uri.host()) {
        (Some(_), Some(_)) => Ok(()),
        _ => Err(SendError::NotSent(Line::new("the address has no scheme or no host"))),
    }
}

/// Without a connection nothing was sent; of all else the crate does not say how far it came.
fn tell_apart(error: &Error) -> SendError {
    match error {
        Error::HttpProtocol(error) if error.is_connect() => SendError::NotSent(chain(error)),
        Error::HttpProtocol(error) => SendError::Lost(chain(error)),
        error => SendError::Lost(chain(error)),
    }
}

/// The message in an answer; `None` where the crate's model does not fit, and then the answer stays as it came: a
/// message with one field of another type has been sent all the same.
fn message(response: &Response) -> Option<ApiV2010AccountMessage> {
    serde_json::from_value(response.json()?.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::stand_in::{self, Then};

    #[test]
    fn client_that_panics_while_it_is_made_is_none() {
        assert_eq!(unless_it_panics(|| 7), Some(7));
        assert_eq!(
            unless_it_panics(|| -> u8 { panic!("no certificates of authorities, as this test wants it") }),
            None
        );
    }

    #[test]
    fn message_is_read_with_the_model_where_it_fits() {
        let sid_of = |body: &str| {
            let response = Response { status: CREATED, body: body.to_owned(), ..Response::default() };
            message(&response).map(|message| message.sid)
        };
        let queued = r#"{"sid":"SM1","status":"queued","error_code":null,"num_segments":"1","newer":{}}"#;
        assert_eq!(sid_of(queued), Some(Some("SM1".to_owned())));
        assert_eq!(sid_of("{}"), Some(None));
        for body in [r#"{"sid":"SM1","num_segments":1}"#, "[]", "hi", ""] {
            assert_eq!(sid_of(body), None, "{body}");
        }
    }

    #[tokio::test]
    async fn silence_while_connecting_is_not_told_from_silence_after_it() {
        let silent = stand_in::http("", Then::Hang).await;
        let url = silent.url().replace("http:", "https:");
        let client = Client::new(&url, Duration::from_millis(100)).expect("certificates of authorities");
        let answer = client.send(&Request { url, basic: None, form: vec![] }).await;
        assert!(matches!(answer, Err(SendError::Timeout(_))), "{answer:?}");
    }
}

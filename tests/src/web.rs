//! Requests to the house, and what it answers.

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::Value;

/// How long one request may take.
const REQUEST_WITHIN: Duration = Duration::from_mins(1);

/// A client that follows no redirects and asks no proxy.
///
/// # Panics
/// When none can be made.
pub fn client() -> Client {
    // Fails only if some provider is installed already, and then that one is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .timeout(REQUEST_WITHIN)
        .redirect(reqwest::redirect::Policy::none())
        .tls_certs_only([])
        .no_proxy()
        .build();
    client.expect("an HTTP client can be made")
}

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status, such as 200.
    pub status: u16,
    /// `Retry-After`, if it was sent.
    pub retry_after: Option<String>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub async fn to(request: RequestBuilder) -> Result<Self, reqwest::Error> {
        let response = request.send().await?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let retry_after = retry_after.map(str::to_owned);
        Ok(Self { status, retry_after, body: response.text().await? })
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// True for 2xx.
    pub const fn is_ok(&self) -> bool {
        self.status / 100 == 2
    }

    /// Itself, if it is 2xx.
    ///
    /// # Panics
    /// When it is not.
    pub fn ok(&self) -> &Self {
        assert!(self.is_ok(), "{self:?}");
        self
    }
}

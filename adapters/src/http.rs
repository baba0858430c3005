//! What is sent over HTTP, and what comes back: told apart by whether the other side can have seen it.

use std::fmt;
use std::time::Duration;

use domain::port::Report;
use events::event::outcome::{Outcome, Reason};
use events::{Span, Timestamp};
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use crate::channel::Secret;
use crate::line::Line;
use crate::probe::expires_at;

pub mod reach;

use reach::{Forbidden, Reach};

/// What we call ourselves.
pub(crate) const USER_AGENT: &str = concat!("hotpotato/", env!("CARGO_PKG_VERSION"));
/// The most that is read of an answer; a provider says what it has to say in a fraction of it.
pub const RESPONSE_BYTES_MAX: usize = 64 * 1024;
/// How long an idle connection is kept for the next page.
const IDLE_SECONDS_MAX: u64 = 90;
/// The longest wait that we let a provider ask for.
const RETRY_AFTER_SECONDS_MAX: u64 = 86_400;
/// The most that is kept of what went wrong.
const DETAIL_CHARS_MAX: usize = 300;

/// A form to be sent. Prints neither values nor credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Where.
    pub url: String,
    /// As whom: account and password of basic authentication.
    pub basic: Option<(String, Secret)>,
    /// The fields, in the order in which they are sent.
    pub form: Vec<(&'static str, String)>,
}

impl Request {
    /// The value of a field; `None` when it is not in the form.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.form.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.form.iter().map(|(name, _)| *name).collect();
        formatter
            .debug_struct("Request")
            .field("url", &self.url)
            .field("form", &names)
            .finish_non_exhaustive()
    }
}

/// JSON to be posted. Prints neither the body nor credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct JsonRequest {
    /// Where.
    pub url: String,
    /// As whom.
    pub credentials: Credentials,
    /// Headers beside those that every request has.
    pub headers: Vec<(&'static str, String)>,
    /// The body, exactly as it is sent.
    pub body: String,
}

/// As whom something is posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// As nobody in particular.
    None,
    /// A name and its password.
    Basic(String, Secret),
    /// A token.
    Bearer(Secret),
}

impl Credentials {
    /// The request, made as whom this is.
    fn of(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match self {
            Self::None => request,
            Self::Basic(name, password) => request.basic_auth(name, Some(password.expose())),
            Self::Bearer(token) => request.bearer_auth(token.expose()),
        }
    }

    /// The text without the secret.
    pub(crate) fn strike(&self, text: &str) -> String {
        match self {
            Self::None => text.to_owned(),
            Self::Basic(_, secret) | Self::Bearer(secret) => secret.strike(text),
        }
    }
}

impl fmt::Debug for JsonRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        formatter
            .debug_struct("JsonRequest")
            .field("url", &self.url)
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}

/// An answer, whole or cut at [`RESPONSE_BYTES_MAX`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status, such as 200.
    pub status: u16,
    /// How long we were asked to wait, if so (`Retry-After` in seconds).
    pub retry_after: Option<Span>,
    /// The body; empty when it was too large to be an answer.
    pub body: String,
}

impl Response {
    /// The body as a JSON object; `None` when it is none.
    pub fn json(&self) -> Option<serde_json::Map<String, serde_json::Value>> {
        serde_json::from_str(&self.body).ok()
    }
}

/// What is at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Got {
    /// The status, such as 200.
    pub status: u16,
    /// The body; none when it was larger than allowed.
    pub body: Option<Vec<u8>>,
    /// When the other side's certificate runs out; none without TLS.
    pub certificate_expires_at: Option<Timestamp>,
}

/// Why there is no answer. In one line, without the secrets of the request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// No connection came about (name, network, TLS): certainly not sent.
    #[error("not sent: {0}")]
    NotSent(Line),
    /// It was sent, and no answer came in time.
    #[error("no answer in time: {0}")]
    Timeout(Line),
    /// The connection broke before the whole answer was there.
    #[error("connection lost: {0}")]
    Lost(Line),
    /// We do not go there: certainly not sent, and never will be.
    #[error("not sent: {0}")]
    Forbidden(#[from] Forbidden),
}

impl SendError {
    /// What this means for an attempt: what was certainly not sent has failed, all else is unknown.
    pub fn report(&self) -> Report {
        let outcome = match self {
            Self::NotSent(_) => Outcome::Failed { reason: Reason::Connection, retry_after: None },
            Self::Timeout(_) => Outcome::Unknown(Reason::Timeout),
            Self::Lost(_) => Outcome::Unknown(Reason::Connection),
            Self::Forbidden(_) => Outcome::Refused(Reason::Rejected),
        };
        Report { detail: self.to_string(), ..Report::bare(outcome) }
    }
}

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be made: {0}")]
pub struct ClientError(#[from] reqwest::Error);

/// An HTTP client that keeps its connections, follows no redirects, asks no proxy and tries nothing twice.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    trusts_nobody: bool,
}

impl Client {
    /// Makes a client whose requests take at most `timeout`, of which connecting may take half, and which keeps at
    /// most `idle_max` idle connections to one host.
    ///
    /// A machine without certificates of authorities is no error: `http://` works there, `https://` is refused
    /// at each connection, and [`Client::trusts_nobody`] says so.
    ///
    /// # Errors
    /// When the TLS library cannot be set up at all.
    pub fn new(timeout: Duration, idle_max: usize) -> Result<Self, ClientError> {
        Self::of(|| builder(timeout, idle_max))
    }

    /// The same, and it connects only to what is within reach. Addresses that stand in a URL as numbers are not looked
    /// up: [`Reach::url`] checks those.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn within(reach: &Reach, timeout: Duration, idle_max: usize) -> Result<Self, ClientError> {
        Self::of(|| builder(timeout, idle_max).dns_resolver(reach.clone()))
    }

    fn of(builder: impl Fn() -> reqwest::ClientBuilder) -> Result<Self, ClientError> {
        use_our_cryptography();
        match builder().build() {
            Ok(http) => Ok(Self { http, trusts_nobody: false }),
            Err(error) => {
                tracing::warn!(error = %chain(&error), "no certificates of authorities on this machine: https cannot work");
                let http = builder().tls_certs_only([]).build()?;
                Ok(Self { http, trusts_nobody: true })
            }
        }
    }

    /// True on a machine without certificates of authorities, where no `https://` connection can succeed.
    pub const fn trusts_nobody(&self) -> bool {
        self.trusts_nobody
    }

    /// Posts a form and reads the answer.
    ///
    /// # Errors
    /// Each variant of [`SendError`] as it says there.
    pub async fn send(&self, request: &Request) -> Result<Response, SendError> {
        self.send_noting(request, |_| ()).await
    }

    /// The same, and shows the answer's headers to `note`.
    ///
    /// # Errors
    /// Each variant of [`SendError`] as it says there.
    pub async fn send_noting(
        &self,
        request: &Request,
        note: impl FnOnce(&HeaderMap),
    ) -> Result<Response, SendError> {
        let mut post = self.http.post(&request.url).form(&request.form);
        if let Some((account, password)) = &request.basic {
            post = post.basic_auth(account, Some(password.expose()));
        }
        let answer = post.send().await.map_err(tell_apart)?;
        note(answer.headers());
        response(answer).await
    }

    /// Asks for what is at an address, which may hold a secret, and shows the answer's headers to `note`.
    ///
    /// # Errors
    /// Each variant of [`SendError`] as it says there.
    pub async fn ask_noting(
        &self,
        url: &Secret,
        note: impl FnOnce(&HeaderMap),
    ) -> Result<Response, SendError> {
        let answer = self.http.get(url.expose()).send().await.map_err(tell_apart)?;
        note(answer.headers());
        response(answer).await
    }

    /// Asks with the fields in the address and reads the answer. What stands there is in no error.
    ///
    /// # Errors
    /// Each variant of [`SendError`] as it says there.
    pub async fn query(&self, request: &Request) -> Result<Response, SendError> {
        let mut get = self.http.get(&request.url).query(&request.form);
        if let Some((account, password)) = &request.basic {
            get = get.basic_auth(account, Some(password.expose()));
        }
        response(get.send().await.map_err(tell_apart)?).await
    }

    /// Posts JSON and reads the answer.
    ///
    /// # Errors
    /// Each variant of [`SendError`] as it says there.
    pub async fn send_json(&self, request: &JsonRequest) -> Result<Response, SendError> {
        let mut post = self.http.post(&request.url).header(CONTENT_TYPE, "application/json");
        for (name, value) in &request.headers {
            post = post.header(*name, value);
        }
        let post = request.credentials.of(post).body(request.body.clone());
        response(post.send().await.map_err(tell_apart)?).await
    }

    /// Reads what is at an address, of which no more than `bytes_max`.
    ///
    /// # Errors
    /// Each variant of [`SendError`] as it says there.
    pub async fn get(&self, url: reqwest::Url, bytes_max: usize) -> Result<Got, SendError> {
        self.ask(self.http.get(url), bytes_max).await
    }

    /// Asks a provider something that changes nothing.
    ///
    /// # Errors
    /// Each variant of [`SendError`] as it says there.
    pub async fn probe(&self, url: &str, credentials: &Credentials) -> Result<Got, SendError> {
        self.ask(credentials.of(self.http.get(url)), RESPONSE_BYTES_MAX).await
    }

    async fn ask(&self, request: reqwest::RequestBuilder, bytes_max: usize) -> Result<Got, SendError> {
        let mut answer = request.send().await.map_err(tell_apart)?;
        let tls = answer.extensions().get::<reqwest::tls::TlsInfo>();
        let certificate_expires_at = tls.and_then(|tls| expires_at(tls.peer_certificate()?));
        let status = answer.status().as_u16();
        Ok(Got { status, body: body(&mut answer, bytes_max).await?, certificate_expires_at })
    }
}

/// Makes TLS ready, for every client of this process.
pub(crate) fn use_our_cryptography() {
    // Fails only if some provider is installed already, and then that one is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

async fn response(mut answer: reqwest::Response) -> Result<Response, SendError> {
    let retry = answer.headers().get(reqwest::header::RETRY_AFTER);
    let mut response = Response {
        status: answer.status().as_u16(),
        retry_after: retry.and_then(|it| retry_after(it.as_bytes())),
        body: String::new(),
    };
    if let Some(body) = body(&mut answer, RESPONSE_BYTES_MAX).await? {
        response.body = String::from_utf8_lossy(&body).into_owned();
    }
    Ok(response)
}

/// The body of an answer; none when it is larger than `bytes_max`.
async fn body(answer: &mut reqwest::Response, bytes_max: usize) -> Result<Option<Vec<u8>>, SendError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(tell_apart)? {
        if body.len() + chunk.len() > bytes_max {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

fn builder(timeout: Duration, idle_max: usize) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .timeout(timeout)
        .connect_timeout(timeout / 2)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .tcp_nodelay(true)
        .tls_info(true)
        .pool_max_idle_per_host(idle_max)
        .pool_idle_timeout(Duration::from_secs(IDLE_SECONDS_MAX))
}

/// A request that could not even be built was not sent either.
fn tell_apart(error: reqwest::Error) -> SendError {
    let error = error.without_url();
    let detail = chain(&error);
    let mut causes = std::iter::successors(Some(&error as &dyn std::error::Error), |cause| cause.source());
    if let Some(forbidden) = causes.find_map(|cause| cause.downcast_ref::<Forbidden>()) {
        return SendError::Forbidden(*forbidden);
    }
    if error.is_connect() || error.is_builder() {
        SendError::NotSent(detail)
    } else if error.is_timeout() {
        SendError::Timeout(detail)
    } else {
        SendError::Lost(detail)
    }
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> Line {
    let causes = std::iter::successors(Some(error), |cause| cause.source());
    let texts: Vec<String> = causes.map(ToString::to_string).collect();
    Line::new(&texts.join(": ")).cut(DETAIL_CHARS_MAX)
}

/// The wait that the header `Retry-After` asks for, if it does so in seconds.
pub fn retry_after(header: &[u8]) -> Option<Span> {
    let seconds: u64 = std::str::from_utf8(header).ok()?.trim().parse().ok()?;
    Some(Span::from_seconds(seconds.min(RETRY_AFTER_SECONDS_MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::stand_in::{self, Then};

    async fn answer_of(bytes: &str, then: Then) -> Result<Response, SendError> {
        let server = stand_in::http(bytes, then).await;
        post(&server.url(), Duration::from_secs(1)).await
    }

    async fn post(url: &str, timeout: Duration) -> Result<Response, SendError> {
        let client = Client::new(timeout, 1).expect("a client");
        client
            .send(&Request { url: url.to_owned(), basic: None, form: vec![("a", "b c&d".to_owned())] })
            .await
    }

    #[tokio::test]
    async fn form_arrives_and_answer_returns() {
        let reply = "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n{}";
        let server = stand_in::http(reply, Then::Close).await;
        let response = post(&server.url(), Duration::from_secs(5)).await;
        let expected =
            Response { status: 429, retry_after: Some(Span::from_seconds(7)), body: "{}".to_owned() };
        assert_eq!(response, Ok(expected));
        let request = server.heard().await;
        assert!(request.starts_with("POST / HTTP/1.1\r\n"), "{request}");
        assert!(request.contains("user-agent: hotpotato/"), "{request}");
        assert!(request.ends_with("\r\n\r\na=b+c%26d"), "{request}");
    }

    #[tokio::test]
    async fn fields_go_in_the_address_and_stand_in_no_error() {
        let server = stand_in::http("HTTP/1.1 202 OK\r\nContent-Length: 2\r\n\r\n0:", Then::Close).await;
        let client = Client::new(Duration::from_secs(1), 0).expect("a client");
        let form = vec![("password", "s3&c\r\n=#%+é".to_owned()), ("to", "+39 1".to_owned())];
        let request = Request { url: format!("{}cgi-bin/send", server.url()), basic: None, form };
        let response = client.query(&request).await;
        assert_eq!(response.map(|response| (response.status, response.body)), Ok((202, "0:".to_owned())));
        let heard = server.heard().await;
        let line = "GET /cgi-bin/send?password=s3%26c%0D%0A%3D%23%25%2B%C3%A9&to=%2B39+1 HTTP/1.1\r\n";
        assert!(heard.starts_with(line), "{heard}");
        let closed = stand_in::closed().await;
        let hangs = stand_in::http("", Then::Hang).await;
        for url in [format!("http://{closed}/"), hangs.url(), "no address".to_owned()] {
            let error = client.query(&Request { url, ..request.clone() }).await.expect_err("no answer");
            assert!(!error.to_string().contains("s3"), "{error}");
        }
    }

    #[tokio::test]
    async fn json_arrives_as_it_is_with_headers_and_credentials() {
        let client = Client::new(Duration::from_secs(5), 0).expect("a client");
        for (credentials, expected) in [
            (Credentials::None, None),
            (Credentials::Basic("a".to_owned(), Secret::new("b:c")), Some("authorization: Basic YTpiOmM=")),
            (Credentials::Bearer(Secret::new("t0ken")), Some("authorization: Bearer t0ken")),
        ] {
            let server = stand_in::http("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Then::Close).await;
            let request = JsonRequest {
                url: server.url(),
                credentials,
                headers: vec![("x-one", "1".to_owned())],
                body: "{ \"a\":1}".to_owned(),
            };
            assert_eq!(client.send_json(&request).await.map(|response| response.status), Ok(200));
            let heard = server.heard().await;
            assert!(heard.contains("content-type: application/json\r\n"), "{heard}");
            assert!(heard.contains("x-one: 1\r\n") && heard.ends_with("\r\n\r\n{ \"a\":1}"), "{heard}");
            assert_eq!(heard.contains("authorization: "), expected.is_some(), "{heard}");
            assert!(expected.is_none_or(|line| heard.contains(&format!("{line}\r\n"))), "{heard}");
        }
    }

    #[tokio::test]
    async fn a_header_that_is_none_is_certainly_not_sent() {
        let client = Client::new(Duration::from_secs(5), 0).expect("a client");
        let server = stand_in::http("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Then::Close).await;
        for value in ["a\r\nx-evil: 1", "a\nb", "a\0"] {
            let request = JsonRequest {
                url: server.url(),
                credentials: Credentials::None,
                headers: vec![("x-one", value.to_owned())],
                body: String::new(),
            };
            let sent = client.send_json(&request).await;
            assert!(matches!(sent, Err(SendError::NotSent(_))), "{value:?}: {sent:?}");
        }
    }

    #[tokio::test]
    async fn what_is_at_an_address_is_read_up_to_a_limit() {
        let reply = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        for (bytes_max, body) in [(5, Some(b"hello".to_vec())), (4, None)] {
            let server = stand_in::http(reply, Then::Close).await;
            let client = Client::new(Duration::from_secs(5), 0).expect("a client");
            let got = client.get(server.url().parse().expect("an address"), bytes_max).await;
            assert_eq!(got, Ok(Got { status: 200, body, certificate_expires_at: None }));
        }
        let server = stand_in::http("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", Then::Hang).await;
        let client = Client::new(Duration::from_secs(1), 0).expect("a client");
        let got = client.get(server.url().parse().expect("an address"), 100).await;
        assert!(matches!(got, Err(SendError::Lost(_) | SendError::Timeout(_))), "{got:?}");
    }

    #[tokio::test]
    async fn no_connection_is_certainly_not_sent() {
        let closed = stand_in::closed().await;
        let tls_to_plain = stand_in::http("HTTP/1.1 200 OK\r\n\r\n", Then::Close).await;
        for url in [
            format!("http://{closed}/"),
            tls_to_plain.url().replace("http:", "https:"),
            "http://no-such-host.invalid/".to_owned(),
            "no address".to_owned(),
        ] {
            let error = post(&url, Duration::from_secs(5)).await;
            assert!(matches!(error, Err(SendError::NotSent(_))), "{url}: {error:?}");
        }
    }

    #[tokio::test]
    async fn silence_and_breaks_after_sending_are_unclear() {
        assert!(matches!(answer_of("", Then::Hang).await, Err(SendError::Timeout(_))));
        assert!(matches!(answer_of("", Then::Close).await, Err(SendError::Lost(_))));
        let half = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"status\"";
        assert!(matches!(answer_of(half, Then::Close).await, Err(SendError::Lost(_))));
        assert!(matches!(answer_of(half, Then::Hang).await, Err(SendError::Timeout(_))));
        assert!(matches!(answer_of("SSH-2.0-OpenSSH_9.2\r\n", Then::Close).await, Err(SendError::Lost(_))));
    }

    #[tokio::test]
    async fn huge_answer_is_no_answer() {
        let huge = " ".repeat(RESPONSE_BYTES_MAX + 1);
        let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{huge}", huge.len());
        let response = answer_of(&reply, Then::Close).await;
        assert_eq!(response, Ok(Response { status: 200, ..Response::default() }));
    }

    #[tokio::test]
    async fn redirect_is_not_followed() {
        let reply = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(answer_of(reply, Then::Close).await.map(|response| response.status), Ok(302));
    }

    #[tokio::test]
    async fn without_authorities_a_client_still_posts_without_tls() {
        let server = stand_in::http("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Then::Close).await;
        let http = builder(Duration::from_secs(5), 1).tls_certs_only([]).build().expect("a client");
        let client = Client { http, trusts_nobody: true };
        let request = Request { url: server.url(), basic: None, form: vec![] };
        assert_eq!(client.send(&request).await.map(|response| response.status), Ok(200));
    }

    #[test]
    fn request_prints_no_secrets() {
        let basic = Some(("AC1".to_owned(), Secret::new("s3cret")));
        let request =
            Request { url: "http://x/".to_owned(), basic, form: vec![("token", "t0ken".to_owned())] };
        let json = JsonRequest {
            url: "http://x/".to_owned(),
            credentials: Credentials::Bearer(Secret::new("s3cret")),
            headers: vec![("x-one", "s3cret".to_owned())],
            body: "t0ken".to_owned(),
        };
        let printed = format!("{request:?} {json:?}");
        assert!(!printed.contains("s3cret") && !printed.contains("t0ken"), "{printed}");
    }
}

//! The server as the command line sees it: JSON over HTTP, with the bearer token.

use std::time::Duration;

use i18n::{Locale, Message as _, command as message, token};
use reqwest::{Method, StatusCode, Url, header};
use serde::Deserialize;
use serde_json::Value;

/// Where the server is when nobody says.
pub(crate) const URL_DEFAULT: &str = "http://127.0.0.1:8080";
/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long proving a whole log may take.
pub(crate) const PATIENT_TIMEOUT: Duration = Duration::from_hours(1);

/// What a command asks a server.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: Url,
    token: Option<String>,
    locale: Locale,
}

/// One question.
#[derive(Clone, Debug)]
pub(crate) struct Request<'a> {
    method: Method,
    path: &'a [&'a str],
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
    timeout: Duration,
}

/// Why there is no answer that a command can go on with.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// What should be an address is none.
    #[error("{url} is no address of a server")]
    UrlInvalid {
        /// What was given.
        url: String,
    },
    /// There is a file for the token, and it cannot be read.
    #[error("{file}: {why}")]
    TokenFileUnreadable {
        /// Which file.
        file: String,
        /// Why not.
        why: String,
    },
    /// No answer came.
    #[error("{url} cannot be reached")]
    Unreachable {
        /// Where it should be.
        url: String,
    },
    /// The server does not know the token.
    #[error("the token is refused")]
    TokenRefused,
    /// The token let somebody in once, and does not any more.
    #[error("the token lets nobody in any more: {reason}")]
    TokenVoid {
        /// `expired`, `revoked` or `person_gone`.
        reason: String,
    },
    /// The token does not allow this.
    #[error("the token does not allow this: {}", .problem.error)]
    NotAllowed {
        /// What the server says.
        problem: Box<Problem>,
    },
    /// The server says no.
    #[error("status {status}: {}", .problem.error)]
    Refused {
        /// With which status.
        status: u16,
        /// What it says.
        problem: Box<Problem>,
    },
    /// Something else answers there.
    #[error("{url} answers with status {status} and something else")]
    Strange {
        /// Where.
        url: String,
        /// With which status.
        status: u16,
    },
}

/// What a server says when it says no.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Problem {
    /// One sentence.
    pub(crate) error: String,
    /// The same in one word, where a program may want it.
    #[serde(default)]
    pub(crate) reason: String,
    /// The least role that would do.
    #[serde(default)]
    pub(crate) needs: String,
    /// The token's role.
    #[serde(default)]
    pub(crate) has: String,
    /// The alerts that a code may mean.
    #[serde(default)]
    pub(crate) candidates: Vec<String>,
    /// What is wrong with a configuration.
    #[serde(default)]
    pub(crate) mistakes: Vec<String>,
}

impl ClientError {
    /// The same for people.
    pub(crate) fn say(&self, locale: Locale) -> String {
        match self {
            Self::UrlInvalid { url } => message::UrlInvalid { url }.render(locale),
            Self::TokenFileUnreadable { file, why } => {
                message::TokenFileUnreadable { file, why }.render(locale)
            }
            Self::Unreachable { url } => message::ServerUnreachable { url }.render(locale),
            Self::TokenRefused => message::TokenRefused.render(locale),
            Self::TokenVoid { reason } => match reason.as_str() {
                "expired" => token::RefusedExpired.render(locale),
                "revoked" => token::RefusedRevoked.render(locale),
                _ => token::RefusedPersonGone.render(locale),
            },
            Self::NotAllowed { problem } => {
                let Problem { error, reason, needs, has, .. } = &**problem;
                match reason.as_str() {
                    "role" => token::RefusedRole { needs, role: has }.render(locale),
                    "nobody" => token::RefusedNobody { role: has }.render(locale),
                    _ => message::ServerRefused { reason: error }.render(locale),
                }
            }
            Self::Refused { problem, .. } => message::ServerRefused { reason: &problem.error }.render(locale),
            Self::Strange { url, status } => {
                message::ServerStrange { url, number: i64::from(*status) }.render(locale)
            }
        }
    }
}

impl<'a> Request<'a> {
    /// Asks for what is at a path under `/api/v1`.
    pub(crate) const fn get(path: &'a [&'a str]) -> Self {
        Self { method: Method::GET, path, query: Vec::new(), body: None, timeout: TIMEOUT }
    }

    /// Asks for something to be done.
    pub(crate) fn post(path: &'a [&'a str]) -> Self {
        Self { method: Method::POST, ..Self::get(path) }
    }

    /// Asks for something to be taken away.
    pub(crate) fn delete(path: &'a [&'a str]) -> Self {
        Self { method: Method::DELETE, ..Self::get(path) }
    }

    /// With a parameter, when there is one.
    pub(crate) fn with(mut self, name: &'static str, value: Option<String>) -> Self {
        self.query.extend(value.map(|value| (name, value)));
        self
    }

    /// With a body.
    pub(crate) fn body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    /// Waits longer or less long than usual.
    pub(crate) fn within(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }
}

impl Client {
    /// A client for the server and with the token that the environment names.
    ///
    /// # Errors
    /// When the address or the token cannot be used.
    pub(crate) fn new(
        environment: &dyn Fn(&str) -> Option<String>,
        locale: Locale,
    ) -> Result<Self, ClientError> {
        let base = base(environment)?;
        let token = token(environment)?;
        Ok(Self { http: http(&base)?, base, token, locale })
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// Each variant of [`ClientError`] as it says there.
    pub(crate) async fn ask(&self, request: Request<'_>) -> Result<Value, ClientError> {
        let (status, body) = self.send(request).await?;
        self.judge(status, &body)
    }

    /// Asks for a text, and waits for the answer.
    ///
    /// # Errors
    /// As in [`Client::ask`].
    pub(crate) async fn text(&self, request: Request<'_>) -> Result<String, ClientError> {
        let (status, body) = self.send(request).await?;
        if !status.is_success() {
            self.judge(status, &body)?;
        }
        String::from_utf8(body).map_err(|_| self.misunderstood())
    }

    async fn send(&self, request: Request<'_>) -> Result<(StatusCode, Vec<u8>), ClientError> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1"]).extend(request.path);
        }
        let mut asked = self.http.request(request.method, url).timeout(request.timeout);
        asked = asked.header(header::ACCEPT_LANGUAGE, self.locale.as_str());
        if !request.query.is_empty() {
            asked = asked.query(&request.query);
        }
        if let Some(token) = &self.token {
            asked = asked.bearer_auth(token);
        }
        if let Some(body) = &request.body {
            asked = asked.json(body);
        }
        let unreachable = |_| ClientError::Unreachable { url: self.base.to_string() };
        let answer = asked.send().await.map_err(unreachable)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(unreachable)?;
        Ok((status, body.to_vec()))
    }

    fn judge(&self, status: StatusCode, body: &[u8]) -> Result<Value, ClientError> {
        let strange = || ClientError::Strange { url: self.base.to_string(), status: status.as_u16() };
        if status.is_success() {
            return serde_json::from_slice(body).map_err(|_| strange());
        }
        let problem: Box<Problem> = serde_json::from_slice(body).map_err(|_| strange())?;
        Err(match (status, problem.reason.as_str()) {
            (StatusCode::UNAUTHORIZED, "expired" | "revoked" | "person_gone") => {
                ClientError::TokenVoid { reason: problem.reason }
            }
            (StatusCode::UNAUTHORIZED, _) => ClientError::TokenRefused,
            (StatusCode::FORBIDDEN, _) => ClientError::NotAllowed { problem },
            _ => ClientError::Refused { status: status.as_u16(), problem },
        })
    }

    /// What the answer to a question should be, but is not.
    pub(crate) fn misunderstood(&self) -> ClientError {
        ClientError::Strange { url: self.base.to_string(), status: StatusCode::OK.as_u16() }
    }
}

/// The first of the servers, where several are named: `notify` asks the others too.
fn base(environment: &dyn Fn(&str) -> Option<String>) -> Result<Url, ClientError> {
    let text = environment("HOTPOTATO_URL").unwrap_or_default();
    let first = text.split(',').map(str::trim).find(|part| !part.is_empty());
    let text = first.unwrap_or(URL_DEFAULT).to_owned();
    let url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or(ClientError::UrlInvalid { url: text })
}

/// The token: itself, else the file that holds it.
fn token(environment: &dyn Fn(&str) -> Option<String>) -> Result<Option<String>, ClientError> {
    let given = |name| environment(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if let Some(token) = given("HOTPOTATO_TOKEN") {
        return Ok(Some(token));
    }
    let Some(file) = given("HOTPOTATO_TOKEN_FILE") else { return Ok(None) };
    match std::fs::read_to_string(&file) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) => Err(ClientError::TokenFileUnreadable { file, why: error.to_string() }),
    }
}

/// Follows no redirect, so that the token goes nowhere else, and asks no proxy.
fn http(base: &Url) -> Result<reqwest::Client, ClientError> {
    let unusable = |()| ClientError::Unreachable { url: base.to_string() };
    // This one sets up TLS for the process, and tells whether the machine trusts any authority.
    let set_up = adapters::http::Client::new(TIMEOUT, 0).map_err(|_| unusable(()))?;
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("hotpotato/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    if set_up.trusts_nobody() {
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|_| unusable(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(url: &str) -> Client {
        let url = url.to_owned();
        Client::new(&move |name| (name == "HOTPOTATO_URL").then(|| url.clone()), Locale::En)
            .expect("a client")
    }

    #[test]
    fn the_address_is_a_web_address_or_the_usual_one() {
        let of = |text: Option<&'static str>| base(&move |_| text.map(str::to_owned)).map(String::from);
        assert_eq!(of(None).ok().as_deref(), Some("http://127.0.0.1:8080/"));
        assert_eq!(of(Some("")).ok().as_deref(), Some("http://127.0.0.1:8080/"));
        assert_eq!(of(Some("http://a:1, http://b:2")).ok().as_deref(), Some("http://a:1/"));
        assert_eq!(of(Some("https://pager.example/hp/")).ok().as_deref(), Some("https://pager.example/hp/"));
        for text in ["pager.example:8080", "ftp://pager.example", "nonsense"] {
            assert!(matches!(of(Some(text)), Err(ClientError::UrlInvalid { .. })), "{text}");
        }
    }

    #[test]
    fn the_token_comes_from_the_environment_or_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("owner.token");
        std::fs::write(&file, " s3cret\n").expect("a file");
        let name = file.display().to_string();
        let from_file = |asked: &str| (asked == "HOTPOTATO_TOKEN_FILE").then(|| name.clone());
        assert_eq!(token(&from_file).ok(), Some(Some("s3cret".to_owned())));
        let both = |asked: &str| match asked {
            "HOTPOTATO_TOKEN" => Some("direct".to_owned()),
            other => from_file(other),
        };
        assert_eq!(token(&both).ok(), Some(Some("direct".to_owned())));
        assert_eq!(token(&|_| None).ok(), Some(None));
        let missing = token(&|asked| (asked == "HOTPOTATO_TOKEN_FILE").then(|| format!("{name}.not")));
        assert!(matches!(missing, Err(ClientError::TokenFileUnreadable { .. })));
    }

    #[test]
    fn an_answer_is_told_from_a_refusal_and_from_somebody_elses() {
        let client = client("http://127.0.0.1:1");
        let judge = |status: u16, body: &str| {
            client.judge(StatusCode::from_u16(status).expect("a status"), body.as_bytes())
        };
        assert!(judge(200, "[]").is_ok());
        assert!(matches!(judge(200, "<html>"), Err(ClientError::Strange { .. })));
        assert!(matches!(judge(502, "Bad Gateway"), Err(ClientError::Strange { .. })));
        assert!(matches!(judge(401, r#"{"error":"x"}"#), Err(ClientError::TokenRefused)));
        let void = judge(401, r#"{"error":"x","reason":"expired"}"#);
        assert!(matches!(void, Err(ClientError::TokenVoid { reason }) if reason == "expired"));
        let low = judge(403, r#"{"error":"x","reason":"role","needs":"respond","has":"read"}"#);
        let low = low.expect_err("refused").say(Locale::En);
        assert!(low.contains("role respond, and yours has read"), "{low}");
        let foreign = judge(403, r#"{"error":"rota `x` is not yours","reason":"foreign"}"#);
        assert!(foreign.expect_err("refused").say(Locale::De).contains("rota `x` is not yours"));
        let refused = judge(409, r#"{"error":"which","candidates":["a-1","a-2"]}"#);
        assert!(
            matches!(refused, Err(ClientError::Refused { status: 409, problem }) if problem.candidates.len() == 2)
        );
    }

    #[tokio::test]
    async fn no_server_is_unreachable() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        let answer = client(&format!("http://{address}")).ask(Request::get(&["alerts"])).await;
        assert!(matches!(answer, Err(ClientError::Unreachable { .. })), "{answer:?}");
    }
}

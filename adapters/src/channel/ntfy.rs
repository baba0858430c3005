//! Push messages through an ntfy server, <https://ntfy.sh> or one's own.
//!
//! Source: <https://docs.ntfy.sh/publish/>.

use std::sync::Arc;
use std::time::Duration;

use domain::blueprint::mistake::What;
use domain::port::{Dispatch, Errand, Report};
use events::event::alert::Receipt;
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use events::event::signal::Severity;
use serde_json::{Value, json};

use super::{
    Means, Medium, Plan, Provider, RateLimit, TIMEOUT_DEFAULT, Underway, Usage, machine, nothing_to_recall,
    said, with_text,
};
use crate::boot::BootError;
use crate::boot::table::Table;
use crate::http::{Client, ClientError, Credentials, Got, JsonRequest, Response, SendError};
use crate::line::Line;
use crate::link::Links;
use crate::probe::{Ill, Probe};
use crate::text::{self, Text};

/// The public one.
pub const BASE_URL: &str = "https://ntfy.sh";
/// Characters of a topic. Source: <https://docs.ntfy.sh/publish/#picking-a-topic>.
pub const TOPIC_CHARS_MAX: usize = 64;
/// Bytes of a message; a longer one becomes a file. Source: <https://docs.ntfy.sh/publish/#limitations>.
pub const MESSAGE_BYTES_MAX: usize = 4_096;
/// How fast the public server takes messages of one visitor: 60 at once, then one every 5 s. Source: as above.
pub const RATE: RateLimit = RateLimit { per_second: 0.2, burst: 60 };
/// Sends at once: more than a page storm needs, few enough for a small server.
pub const CONNECTIONS_MAX: usize = 4;
/// Topics that are pages of the server itself. Source: `disallowed-topics` in its `server.yml`.
const TOPICS_TAKEN: [&str; 10] =
    ["docs", "static", "file", "app", "metrics", "account", "settings", "signup", "login", "v1"];
/// The loudest, which breaks through on most telephones. Source: <https://docs.ntfy.sh/publish/#message-priority>.
const PRIORITY_MAX: u8 = 5;
/// The longest handle that we take; theirs have 12 characters.
const ID_CHARS_MAX: usize = 64;
/// A topic, for people.
const EXAMPLE: &str = "\"anna-Qx7vT2kM\"";

// Whatever the summary is, the text fits.
const _: () = assert!(text::BODY_CHARS_MAX * 4 <= MESSAGE_BYTES_MAX);

/// How the house knows it.
pub static MEDIUM: Medium = Medium {
    kind: KIND,
    provider: "ntfy",
    example: EXAMPLE,
    mistake,
    options: &["base_url", "token_file", "user", "password_file"],
    read,
};

const KIND: ChannelKind = ChannelKind::named("ntfy");

/// What is wrong with a topic, if anything is.
fn mistake(topic: &str) -> Option<What> {
    let is_sound = (1..=TOPIC_CHARS_MAX).contains(&topic.len())
        && topic.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && !TOPICS_TAKEN.contains(&topic);
    (!is_sound).then(|| What::AddressForm { channel: KIND, address: topic.to_owned(), example: EXAMPLE })
}

fn read(table: &mut Table<'_>) -> Result<Arc<dyn Plan>, BootError> {
    let mut config = NtfyConfig::default();
    table.url("base_url", &mut config.base_url)?;
    let (token, password) = (table.secret("token")?, table.secret("password")?);
    config.credentials = match (token, table.given("user"), password) {
        (None, None, None) => Credentials::None,
        (Some(token), None, None) => Credentials::Bearer(token),
        (None, Some(user), Some(password)) => {
            let name = user.parsed("a name without a colon", "\"hotpotato\"", |text| {
                let is_sound =
                    !text.is_empty() && !text.contains(|letter: char| letter == ':' || letter.is_control());
                is_sound.then(|| text.to_owned())
            })?;
            Credentials::Basic(name, password)
        }
        (None, Some(_), None) => return Err(table.missing("password_file", "\"ntfy.password\"")),
        (None, None, Some(_)) => return Err(table.missing("user", "\"hotpotato\"")),
        (Some(_), _, _) => {
            return Err(table.unusable("token_file", "a token and a user say the same in two ways; keep one"));
        }
    };
    table.timeout(&mut config.timeout)?;
    table.rate(&mut config.rate)?;
    Ok(Arc::new(config))
}

/// How a house uses an ntfy server.
#[derive(Clone, Debug)]
pub struct NtfyConfig {
    /// Where it is, [`BASE_URL`] or one's own; without a slash at the end.
    pub base_url: String,
    /// As whom.
    pub credentials: Credentials,
    /// How long one request may take.
    pub timeout: Duration,
    /// How fast we send.
    pub rate: RateLimit,
}

impl Default for NtfyConfig {
    fn default() -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            credentials: Credentials::None,
            timeout: TIMEOUT_DEFAULT,
            rate: RATE,
        }
    }
}

impl Plan for NtfyConfig {
    fn start(&self, means: &Means) -> Result<Arc<dyn Provider>, ClientError> {
        let client = Client::new(self.timeout, CONNECTIONS_MAX)?;
        let prober = Client::new(self.timeout, 0)?;
        Ok(Arc::new(Ntfy { config: self.clone(), links: means.links.clone(), client, prober }))
    }

    fn depends_on(&self) -> Option<String> {
        machine(&self.base_url)
    }
}

/// An ntfy server as a channel.
#[derive(Clone, Debug)]
pub struct Ntfy {
    config: NtfyConfig,
    links: Links,
    client: Client,
    /// Keeps no connection, since certificates are shown when one is made.
    prober: Client,
}

impl Provider for Ntfy {
    fn probe(&self) -> Underway<'_, Option<Probe>> {
        Box::pin(async move { Some(probe(&self.config, &self.prober).await) })
    }

    fn usage(&self) -> Usage {
        let NtfyConfig { rate, timeout, .. } = self.config;
        Usage { rate, connections_max: CONNECTIONS_MAX, timeout, reports_within: None }
    }

    fn send<'a>(&'a self, dispatch: &'a Dispatch) -> Underway<'a, Report> {
        Box::pin(async move {
            match prepare(&self.config, &self.links, dispatch) {
                Ok(prepared) => {
                    conclude(&self.config, &prepared, self.client.send_json(&prepared.request).await)
                }
                Err(report) => report,
            }
        })
    }

    fn announce<'a>(&'a self, address: &'a str, text: &'a Text) -> Underway<'a, Report> {
        Box::pin(async move {
            let request = encode(&self.config, address, text, Severity::Critical);
            let prepared = Prepared { request, text: text.clone() };
            conclude(&self.config, &prepared, self.client.send_json(&prepared.request).await)
        })
    }
}

/// Asks whether the server is well, and whether it knows us. Whether we may write to a topic is not asked: there is no
/// way of asking that does not write. Source: <https://docs.ntfy.sh/config/#health-checks>, and `/v1/account`, which
/// the server's own page uses.
async fn probe(config: &NtfyConfig, prober: &Client) -> Probe {
    let address = |path: &str| format!("{}/v1/{path}", config.base_url.trim_end_matches('/'));
    let words = |body: &str| discreet(config, body);
    let health = prober.probe(&address("health"), &Credentials::None).await;
    let is_healthy = health.as_ref().is_ok_and(is_healthy);
    let probe = Probe::of_answer(health, words);
    if probe.ill.is_some() {
        return probe;
    }
    if !is_healthy {
        let ill = Ill::Unfit("it answers, and does not say that it is healthy".to_owned());
        return Probe { ill: Some(ill), ..probe };
    }
    if config.credentials == Credentials::None {
        return probe;
    }
    let account = Probe::of_answer(prober.probe(&address("account"), &config.credentials).await, words);
    Probe { ill: account.ill, ..probe }
}

fn is_healthy(got: &Got) -> bool {
    let body: Option<Value> = got.body.as_deref().and_then(|body| serde_json::from_slice(body).ok());
    body.is_some_and(|body| body["healthy"] == true)
}

/// A request, and what it says.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What is posted.
    pub request: JsonRequest,
    /// What the page says.
    pub text: Text,
}

/// Puts a dispatch into a request.
///
/// # Errors
/// What is to be reported when there is nothing to send.
pub fn prepare(config: &NtfyConfig, links: &Links, dispatch: &Dispatch) -> Result<Prepared, Report> {
    let Errand::Page(notice) = &dispatch.errand else { return Err(nothing_to_recall()) };
    if mistake(&dispatch.address).is_some() {
        return Err(said(Outcome::Refused(Reason::UnknownAddress), "this cannot be a topic"));
    }
    let text = text::push(dispatch, notice, &links.link(dispatch.attempt.alert, notice));
    let request = encode(config, &dispatch.address, &text, notice.severity);
    Ok(Prepared { request, text })
}

/// What became of a dispatch whose request was answered so.
pub fn conclude(config: &NtfyConfig, prepared: &Prepared, answer: Result<Response, SendError>) -> Report {
    let answer = answer.map(|response| Response { body: discreet(config, &response.body), ..response });
    let report = answer.map_or_else(|error| error.report(), |response| classify(&response));
    with_text(Report { detail: discreet(config, &report.detail), ..report }, &prepared.text)
}

/// The request that says this at a topic. A tap on the message opens its link, and its button acknowledges at once:
/// it posts the link's token as a form, which is what an app, and a browser at another address, may post without
/// asking first.
pub fn encode(config: &NtfyConfig, topic: &str, text: &Text, severity: Severity) -> JsonRequest {
    let (priority, tag) = match severity {
        Severity::Critical | Severity::Error => (PRIORITY_MAX, "rotating_light"),
        Severity::Warning => (4, "warning"),
        Severity::Info => (3, "information_source"),
    };
    let mut body = json!({
        "topic": topic,
        "title": text.title,
        "message": text.body,
        "priority": priority,
        "tags": [tag],
    });
    if let Some(link) = &text.link {
        body["click"] = Value::from(link.as_str());
        if let (Some((address, token)), Some(label)) = (link.split_once('#'), &text.link_title) {
            body["actions"] = json!([{
                "action": "http",
                "label": label,
                "url": address,
                "method": "POST",
                "headers": { "Content-Type": "application/x-www-form-urlencoded" },
                "body": format!("token={token}"),
                "clear": true,
            }]);
        }
    }
    JsonRequest {
        url: format!("{}/", config.base_url.trim_end_matches('/')),
        credentials: config.credentials.clone(),
        headers: Vec::new(),
        body: body.to_string(),
    }
}

/// What an answer means. ntfy's own numbers of mistakes begin with the status: 40009 is a topic that it does not take.
///
/// | status | outcome |
/// | --- | --- |
/// | 200 with the message | accepted |
/// | 200 with anything else | unknown |
/// | 401, 403 | refused: our account is unknown, or may not write to this topic |
/// | 400 about the topic | refused: the address is unknown |
/// | other 4xx, 404 and 413 among them | refused, in ntfy's words |
/// | 429 | failed: over the limit |
/// | 5xx | failed: to be tried again |
/// | any other | unknown |
pub fn classify(response: &Response) -> Report {
    let body = response.json();
    let field = |name: &str| body.as_ref().and_then(|body| body.get(name));
    match response.status {
        200 if field("event").and_then(Value::as_str) == Some("message") => {
            let id = field("id").and_then(Value::as_str).filter(|id| is_id(id));
            let receipt = id.map(|id| Receipt::of(id.to_owned()));
            Report { receipt, ..Report::bare(Outcome::Accepted) }
        }
        400 if matches!(field("code").and_then(Value::as_u64), Some(40_009 | 40_010)) => {
            said(Outcome::Refused(Reason::UnknownAddress), &words(response))
        }
        401 | 403 => said(Outcome::Refused(Reason::Unauthorized), &words(response)),
        429 => {
            let reason = Reason::Throttled;
            said(Outcome::Failed { reason, retry_after: response.retry_after }, &words(response))
        }
        400..=499 => said(Outcome::Refused(Reason::Rejected), &words(response)),
        500..=599 => {
            let reason = Reason::ProviderFault;
            said(Outcome::Failed { reason, retry_after: response.retry_after }, &words(response))
        }
        _ => said(Outcome::Unknown(Reason::Nonsense), &words(response)),
    }
}

/// What ntfy says, or else what came instead.
fn words(response: &Response) -> String {
    let error = response.json().and_then(|body| Some(body.get("error")?.as_str()?.to_owned()));
    match error {
        Some(error) => format!("{}: {error}", response.status),
        None => format!("{}: {}", response.status, Line::new(&response.body)),
    }
}

fn is_id(id: &str) -> bool {
    (1..=ID_CHARS_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn discreet(config: &NtfyConfig, text: &str) -> String {
    config.credentials.strike(text)
}

#[cfg(test)]
mod tests;

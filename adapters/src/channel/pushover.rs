//! Push messages through Pushover.
//!
//! Source: <https://pushover.net/api>, <https://pushover.net/api/receipts>.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::blueprint::mistake::What;
use domain::port::{AccountLimits, Clock, Dispatch, Errand, News, Notice, Report};
use events::event::alert::Receipt;
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use events::event::signal::Severity;
use events::mutant::{self, Mutant};
use events::{AttemptId, Span, Timestamp};
use serde_json::{Map, Value};
use tokio::sync::Semaphore;

use super::{
    Means, Medium, Plan, Provider, RateLimit, Secret, TIMEOUT_DEFAULT, Underway, Usage, machine, said,
    with_text,
};
use crate::boot::BootError;
use crate::boot::table::Table;
use crate::http::{Client, ClientError, Credentials, Request, Response, SendError};
use crate::line::Line;
use crate::link::Links;
use crate::probe::{Ill, Probe};
use crate::text::{self, Text};
use account::Account;

pub mod account;
pub mod receipt;

/// The real one.
pub const BASE_URL: &str = "https://api.pushover.net";
/// Connections that Pushover allows at once. Source: <https://pushover.net/api#friendly>.
pub const CONNECTIONS_MAX: usize = 2;
/// The shortest time between two rings of an emergency.
pub const RETRY_SECONDS_MIN: u32 = 30;
/// The longest time that an emergency rings.
pub const EXPIRE_SECONDS_MAX: u32 = 10_800;
/// How long Pushover asks us to wait after a fault of its own. Source: <https://pushover.net/api#friendly>.
const FAULT_WAIT: Span = Span::from_seconds(5);
/// The longest receipt that we take; theirs have 30 characters.
const RECEIPT_CHARS_MAX: usize = 64;

/// The characters of a user or group key. Source: <https://pushover.net/api#identifiers>.
const KEY_CHARS: usize = 30;

/// How the house knows it.
pub static MEDIUM: Medium = Medium {
    kind: ChannelKind::PUSHOVER,
    provider: "pushover",
    example: "uQiRzpo4DXghDmr9QzzfQu27cmVRsG",
    mistake,
    options: &["token_file", "base_url", "retry", "expire", "callback"],
    read,
};

fn mistake(key: &str) -> Option<What> {
    if key.trim().is_empty() {
        return Some(What::TextEmpty);
    }
    let is_key = key.len() == KEY_CHARS && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (!is_key).then_some(What::PushoverForm)
}

fn read(table: &mut Table<'_>) -> Result<Arc<dyn Plan>, BootError> {
    let mut config = PushoverConfig::new(table.required_secret("token", "\"pushover.token\"")?);
    table.url("base_url", &mut config.base_url)?;
    for (option, seconds) in [("retry", &mut config.retry_seconds), ("expire", &mut config.expire_seconds)] {
        if let Some(given) = table.given(option) {
            *seconds =
                given.seconds(RETRY_SECONDS_MIN, EXPIRE_SECONDS_MAX, "a length of time from 30s to 3h")?;
        }
    }
    if let Some(given) = table.given("callback") {
        config.callback = Some(given.parsed("true or false", "true", |text| text.parse().ok())?);
    }
    table.timeout(&mut config.timeout)?;
    table.rate(&mut config.rate)?;
    Ok(Arc::new(config))
}

/// How a house uses Pushover.
#[derive(Clone, Debug)]
pub struct PushoverConfig {
    /// Where it is, [`BASE_URL`] or a stand-in; without a slash at the end.
    pub base_url: String,
    /// The application's token.
    pub token: Secret,
    /// How long one request may take.
    pub timeout: Duration,
    /// How fast we send.
    pub rate: RateLimit,
    /// How often an emergency rings: every so many seconds, at least [`RETRY_SECONDS_MIN`].
    pub retry_seconds: u32,
    /// How long an emergency rings, at most [`EXPIRE_SECONDS_MAX`]. Pushover rings at most 50 times all the same.
    pub expire_seconds: u32,
    /// Whether Pushover is to call us when somebody acknowledges; when nothing is said, if the house has a public
    /// address with `https`.
    pub callback: Option<bool>,
}

impl PushoverConfig {
    /// The usual configuration with this token.
    pub fn new(token: Secret) -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            token,
            timeout: TIMEOUT_DEFAULT,
            rate: RateLimit { per_second: 10.0, burst: 20 },
            retry_seconds: 60,
            expire_seconds: 3_600,
            callback: None,
        }
    }

    fn retry_seconds(&self) -> u32 {
        self.retry_seconds.clamp(RETRY_SECONDS_MIN, EXPIRE_SECONDS_MAX)
    }

    fn expire_seconds(&self) -> u32 {
        self.expire_seconds.clamp(self.retry_seconds(), EXPIRE_SECONDS_MAX)
    }
}

impl Plan for PushoverConfig {
    fn start(&self, means: &Means) -> Result<Arc<dyn Provider>, ClientError> {
        Ok(Arc::new(Pushover::new(self.clone(), means.links.clone(), Arc::clone(&means.clock))?))
    }

    fn depends_on(&self) -> Option<String> {
        machine(&self.base_url)
    }
}

/// How loud a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Priority {
    /// As the person set their phone.
    Normal,
    /// Through quiet hours.
    High,
    /// Rings again and again until somebody acknowledges it.
    Emergency,
}

impl Priority {
    const fn of(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::Error => Self::Emergency,
            Severity::Warning => Self::High,
            Severity::Info => Self::Normal,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "0",
            Self::High => "1",
            Self::Emergency => "2",
        }
    }
}

/// Pushover as a channel.
#[derive(Clone)]
pub struct Pushover {
    config: PushoverConfig,
    links: Links,
    client: Client,
    clock: Arc<dyn Clock>,
    account: Account,
    /// Questions and the house alarm go beside the channel's own sends.
    connections: Arc<Semaphore>,
}

impl Pushover {
    /// The channel with this configuration. The clock says until when an emergency rings.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(config: PushoverConfig, links: Links, clock: Arc<dyn Clock>) -> Result<Self, ClientError> {
        let client = Client::new(config.timeout, CONNECTIONS_MAX)?;
        let connections = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        Ok(Self { config, links, client, clock, account: Account::default(), connections })
    }

    /// How it is configured.
    pub const fn config(&self) -> &PushoverConfig {
        &self.config
    }

    async fn post(&self, request: &Request) -> Result<Response, SendError> {
        // An error would mean that it was closed, which nobody does.
        let _place = self.connections.acquire().await;
        self.client.send_noting(request, |headers| self.account.note(headers)).await
    }
}

impl fmt::Debug for Pushover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pushover").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Provider for Pushover {
    fn probe(&self) -> Underway<'_, Option<Probe>> {
        Box::pin(async move {
            let token = self.config.token.expose();
            let url = format!("{}/1/apps/limits.json?token={token}", self.config.base_url);
            let got = self.client.probe(&url, &Credentials::None).await;
            let probe = Probe::of_answer(got, |body| self.config.token.strike(body));
            // A wrong token is a 400 like any other mistake, but there is nothing else to be wrong in this question.
            let ill = probe.ill.map(|ill| match ill {
                Ill::Unfit(words) if words.starts_with("status 400") => Ill::Unauthorized(words),
                other => other,
            });
            Some(Probe { ill, ..probe })
        })
    }

    fn usage(&self) -> Usage {
        let PushoverConfig { rate, timeout, .. } = self.config;
        Usage { rate, connections_max: CONNECTIONS_MAX, timeout, reports_within: None }
    }

    fn send<'a>(&'a self, dispatch: &'a Dispatch) -> Underway<'a, Report> {
        Box::pin(async move {
            match prepare(&self.config, &self.links, dispatch) {
                Ok(errand) => {
                    let asked_at = self.clock.now();
                    conclude(&self.config, &errand, self.post(&errand.request).await, asked_at)
                }
                Err(report) => report,
            }
        })
    }

    fn announce<'a>(&'a self, address: &'a str, text: &'a Text) -> Underway<'a, Report> {
        Box::pin(async move {
            let mut request = message(&self.config, address, text, Priority::Emergency);
            request.form.push(("tags", "house-alarm".to_owned()));
            let asked_at = self.clock.now();
            let answer = discreet_answer(&self.config, self.post(&request).await);
            page_report(&self.config, text, answer, asked_at)
        })
    }

    fn ask<'a>(&'a self, handle: &'a str) -> Underway<'a, Option<News>> {
        Box::pin(async move {
            let url = receipt::question(&self.config, handle)?;
            let _place = self.connections.acquire().await;
            let answer = self.client.ask_noting(&url, |headers| self.account.note(headers)).await;
            receipt::conclude(&self.config, answer)
        })
    }

    fn limits(&self) -> Option<AccountLimits> {
        self.account.limits()
    }
}

/// A request, and for a page what it says.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What is posted.
    pub request: Request,
    /// What the page says; none for a recall.
    pub text: Option<Text>,
}

/// Puts a dispatch into a request.
///
/// # Errors
/// What is to be reported when there is nothing to send.
pub fn prepare(config: &PushoverConfig, links: &Links, dispatch: &Dispatch) -> Result<Prepared, Report> {
    match &dispatch.errand {
        Errand::Page(notice) => {
            let text = text::push(dispatch, notice, &links.link(dispatch.attempt.alert, notice));
            Ok(Prepared {
                request: encode(config, &links.public_url, dispatch, notice, &text),
                text: Some(text),
            })
        }
        Errand::Recall { receipt: None } => {
            Ok(Prepared { request: encode_recall_by_attempt(config, &dispatch.attempt), text: None })
        }
        Errand::Recall { receipt: Some(receipt) } => {
            let request = encode_recall(config, receipt);
            let request = request
                .ok_or_else(|| said(Outcome::Refused(Reason::Rejected), "this is no receipt of Pushover"))?;
            Ok(Prepared { request, text: None })
        }
    }
}

/// What became of a dispatch whose request was answered so. `asked_at` is when it was posted: from then on an
/// emergency rings.
pub fn conclude(
    config: &PushoverConfig,
    prepared: &Prepared,
    answer: Result<Response, SendError>,
    asked_at: Timestamp,
) -> Report {
    let answer = discreet_answer(config, answer);
    match &prepared.text {
        Some(text) => page_report(config, text, answer, asked_at),
        None => discreet(
            config,
            answer.map_or_else(|error| error.report(), |response| classify_recall(&response)),
        ),
    }
}

fn page_report(
    config: &PushoverConfig,
    text: &Text,
    answer: Result<Response, SendError>,
    asked_at: Timestamp,
) -> Report {
    let rings_until = asked_at + Span::from_seconds(config.expire_seconds().into());
    let report = answer.map_or_else(|error| error.report(), |response| classify(&response, rings_until));
    with_text(discreet(config, report), text)
}

/// Before anything is cut: half of a token would not be known for one.
fn discreet_answer(
    config: &PushoverConfig,
    answer: Result<Response, SendError>,
) -> Result<Response, SendError> {
    answer.map(|response| Response { body: config.token.strike(&response.body), ..response })
}

fn discreet(config: &PushoverConfig, report: Report) -> Report {
    Report { detail: config.token.strike(&report.detail), ..report }
}

/// The request that pages somebody. Critical alerts and errors are emergencies, warnings break quiet hours, all
/// others do not. The sound is the person's own choice.
pub fn encode(
    config: &PushoverConfig,
    public_url: &str,
    dispatch: &Dispatch,
    notice: &Notice,
    text: &Text,
) -> Request {
    let priority = Priority::of(notice.severity);
    let mut request = message(config, &dispatch.address, text, priority);
    let callback = receipt::callback_url(config, public_url).filter(|_| priority == Priority::Emergency);
    request.form.extend(callback.map(|url| ("callback", url)));
    let raised_at_seconds = notice.raised_at.as_micros().div_euclid(1_000_000);
    request.form.push(("timestamp", raised_at_seconds.to_string()));
    request.form.push(("tags", dispatch.attempt.to_string()));
    request
}

/// The request that stops what still rings; `None` when the receipt cannot be one of Pushover's.
pub fn encode_recall(config: &PushoverConfig, receipt: &str) -> Option<Request> {
    is_receipt(receipt).then(|| Request {
        url: format!("{}/1/receipts/{receipt}/cancel.json", config.base_url.trim_end_matches('/')),
        basic: None,
        form: vec![("token", config.token.expose().to_owned())],
    })
}

/// The request that stops whatever an attempt set ringing, when Pushover's answer and its receipt were lost: by the
/// tag that every page carries.
pub fn encode_recall_by_attempt(config: &PushoverConfig, attempt: &AttemptId) -> Request {
    Request {
        url: format!("{}/1/receipts/cancel_by_tag/{attempt}.json", config.base_url.trim_end_matches('/')),
        basic: None,
        form: vec![("token", config.token.expose().to_owned())],
    }
}

fn message(config: &PushoverConfig, user: &str, text: &Text, priority: Priority) -> Request {
    let mut form = vec![
        ("token", config.token.expose().to_owned()),
        ("user", user.to_owned()),
        ("title", text.title.clone()),
        ("message", text.body.clone()),
        ("priority", priority.as_str().to_owned()),
    ];
    if priority == Priority::Emergency {
        form.push(("retry", config.retry_seconds().to_string()));
        form.push(("expire", config.expire_seconds().to_string()));
    }
    if let Some(link) = &text.link {
        form.push(("url", link.clone()));
        form.extend(text.link_title.clone().map(|title| ("url_title", title)));
    }
    let url = format!("{}/1/messages.json", config.base_url.trim_end_matches('/'));
    Request { url, basic: None, form }
}

/// What an answer to a page means. `rings_until` is when an emergency falls silent by itself.
///
/// | status | body | outcome |
/// | --- | --- | --- |
/// | 200 | `status` 1 | accepted, with a receipt for an emergency |
/// | 200 | no answer of Pushover's | unknown |
/// | 4xx, or 200 with another `status` | `user` is `invalid` | refused: the address is unknown |
/// | | `token` is `invalid`, or 401, 403 | refused: our account is unknown |
/// | | anything else | refused, in Pushover's words |
/// | 429 | | failed: over the limit |
/// | 5xx | | failed: to be tried again after 5 s |
/// | any other | | unknown |
pub fn classify(response: &Response, rings_until: Timestamp) -> Report {
    let body = response.json();
    match (response.status, &body) {
        (200, Some(body)) if is_one(body.get("status")) => {
            let receipt = body.get("receipt").and_then(Value::as_str).filter(|receipt| is_receipt(receipt));
            let receipt = receipt.map(|id| Receipt::ringing(id.to_owned(), rings_until));
            Report { receipt, ..Report::bare(Outcome::Accepted) }
        }
        (400..=499, _) if mutant::is_on(Mutant::TakeRefusalForAcceptance) => Report::bare(Outcome::Accepted),
        (200, Some(body)) if body.contains_key("status") => refused(response, body),
        (429, _) => {
            let reason = Reason::Throttled;
            said(Outcome::Failed { reason, retry_after: response.retry_after }, &words(response))
        }
        (400..=499, _) => refused(response, &body.unwrap_or_default()),
        (500..=599, _) => {
            let retry_after = Some(response.retry_after.unwrap_or(FAULT_WAIT));
            said(Outcome::Failed { reason: Reason::ProviderFault, retry_after }, &words(response))
        }
        _ => said(Outcome::Unknown(Reason::Nonsense), &words(response)),
    }
}

/// What an answer to a recall means: as [`classify`], but what rings no more (acknowledged, expired, stopped
/// before, long forgotten) needs no stopping, and that is as good.
pub fn classify_recall(response: &Response) -> Report {
    let report = classify(response, Timestamp::default());
    let about_receipt = ["receipt", "acknowledged", "expired", "cancel"];
    let detail = report.detail.to_lowercase();
    let silent = report.outcome == Outcome::Refused(Reason::Rejected)
        && about_receipt.iter().any(|word| detail.contains(word));
    Report { outcome: if silent { Outcome::Accepted } else { report.outcome }, receipt: None, ..report }
}

fn refused(response: &Response, body: &Map<String, Value>) -> Report {
    let errors = errors(body);
    let invalid = |field: &str| body.get(field).and_then(Value::as_str) == Some("invalid");
    let blames = |start: &str| errors.iter().any(|error| error.starts_with(start));
    let reason = if invalid("user") || blames("user ") {
        Reason::UnknownAddress
    } else if invalid("token") || blames("application token") || matches!(response.status, 401 | 403) {
        Reason::Unauthorized
    } else {
        Reason::Rejected
    };
    said(Outcome::Refused(reason), &words(response))
}

/// What Pushover says, or else what came instead.
fn words(response: &Response) -> String {
    let errors = response.json().map(|body| errors(&body).join("; ")).unwrap_or_default();
    if errors.is_empty() { format!("status {}: {}", response.status, response.body) } else { errors }
}

fn errors(body: &Map<String, Value>) -> Vec<&str> {
    let list = body.get("errors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).filter(|error| !Line::new(error).is_empty()).collect()
}

fn is_one(value: Option<&Value>) -> bool {
    value.and_then(Value::as_i64) == Some(1)
}

fn is_receipt(text: &str) -> bool {
    (1..=RECEIPT_CHARS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests;

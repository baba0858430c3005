//! Text messages through Twilio.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/message-resource>, <https://www.twilio.com/docs/api/errors>.

use std::sync::Arc;
use std::time::Duration;

use domain::blueprint::check::is_phone_number;
use domain::blueprint::mistake::What;
use domain::port::{Dispatch, Errand, Report};
use events::AttemptId;
use events::event::alert::Receipt;
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use serde_json::{Map, Value};

use super::{
    Means, Medium, Plan, Provider, REPORTS_WITHIN_DEFAULT, RateLimit, Secret, TIMEOUT_DEFAULT, Underway,
    Usage, machine, nothing_to_recall, said, with_text,
};
use crate::boot::BootError;
use crate::boot::table::Table;
use crate::http::{Client, ClientError, Request, Response, SendError};
use crate::link::Links;
use crate::probe::Probe;
use crate::text::{self, Text};

pub(in crate::channel) mod account;
pub mod callback;
#[cfg(feature = "twilio-rs")]
mod twilio_rs;

/// The real one.
pub const BASE_URL: &str = "https://api.twilio.com";
/// Requests that we have under way at once.
pub const CONNECTIONS_MAX: usize = 4;
/// The bounds of how long a message may wait at Twilio. Source: <https://www.twilio.com/docs/api/errors/90007>.
pub const VALIDITY_SECONDS: std::ops::RangeInclusive<u32> = 1..=36_000;

/// What error codes mean for a message.
const CODES: account::Codes = account::Codes { is_throttled, is_unknown_address };

/// How the house knows it.
pub static MEDIUM: Medium = Medium {
    kind: ChannelKind::SMS,
    provider: "twilio",
    example: "\"+393331234567\"",
    mistake: phone_mistake,
    options: &[
        "account_sid",
        "auth_token_file",
        "from",
        "messaging_service_sid",
        "base_url",
        "validity_period",
        "reports_within",
        "replies",
    ],
    read,
};

/// What is wrong with a phone number, if anything is.
pub(crate) fn phone_mistake(address: &str) -> Option<What> {
    (!is_phone_number(address)).then(|| What::PhoneForm { address: address.to_owned() })
}

fn read(table: &mut Table<'_>) -> Result<Arc<dyn Plan>, BootError> {
    let (sid, token) = account::read(table)?;
    let sender = match (table.given("from"), table.given("messaging_service_sid")) {
        (_, Some(service)) => Sender::MessagingService(service.text),
        (Some(from), None) => Sender::From(from.parsed(
            "a phone number or a name of up to 11 letters",
            "\"+4930123456\"",
            sender,
        )?),
        (None, None) => return Err(table.missing("from", "\"+4930123456\"")),
    };
    let mut config = TwilioConfig::new(&sid, token, sender);
    table.url("base_url", &mut config.base_url)?;
    if let Some(validity) = table.given("validity_period") {
        let (min, max) = VALIDITY_SECONDS.into_inner();
        config.validity_seconds = validity.seconds(min, max, "a length of time from 1s to 10h")?;
    }
    table.reports_within(&mut config.reports_within)?;
    if let Some(given) = table.given("replies") {
        config.replies = given.parsed("true or false", "true", |text| text.parse().ok())?;
    }
    table.timeout(&mut config.timeout)?;
    table.rate(&mut config.rate)?;
    Ok(Arc::new(config))
}

/// A number in E.164 form, a short code, or a name of up to 11 letters, digits and spaces.
pub(super) fn sender(text: &str) -> Option<String> {
    let name = (1..=11).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_' | b'+' | b'&'));
    (is_phone_number(text) || name).then(|| text.to_owned())
}

/// Who a text message comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A number in E.164 form or a name of up to 11 letters.
    From(String),
    /// A messaging service, `MG…`, which chooses a number.
    MessagingService(String),
}

/// How a house uses Twilio.
#[derive(Clone, Debug)]
pub struct TwilioConfig {
    /// Where it is, [`BASE_URL`] or a stand-in; without a slash at the end.
    pub base_url: String,
    /// The account, `AC…`.
    pub account_sid: String,
    /// The account's token; it also signs what Twilio tells us.
    pub auth_token: Secret,
    /// Who messages come from.
    pub sender: Sender,
    /// How long one request may take.
    pub timeout: Duration,
    /// How fast we send; a long code sends one segment a second.
    pub rate: RateLimit,
    /// How long a message may wait at Twilio before it is given up, within [`VALIDITY_SECONDS`]. Twilio's own
    /// default is 10 hours; somebody else should be paged by then.
    pub validity_seconds: u32,
    /// Within what time we want to hear that a message has arrived; none when we do not wait for it.
    pub reports_within: Option<Duration>,
    /// Whether messages say how to answer them: Twilio must be told where answers go. When nothing is said, if the
    /// sender can receive any.
    pub replies: bool,
}

impl Sender {
    /// A name receives nothing.
    fn receives(&self) -> bool {
        match self {
            Self::From(number) => number.trim_start_matches('+').bytes().all(|byte| byte.is_ascii_digit()),
            Self::MessagingService(_) => true,
        }
    }
}

impl TwilioConfig {
    /// The usual configuration of this account and sender.
    pub fn new(account_sid: &str, auth_token: Secret, sender: Sender) -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            account_sid: account_sid.to_owned(),
            auth_token,
            replies: sender.receives(),
            sender,
            timeout: TIMEOUT_DEFAULT,
            rate: RateLimit { per_second: 1.0, burst: 1 },
            validity_seconds: 120,
            reports_within: Some(REPORTS_WITHIN_DEFAULT),
        }
    }
}

impl Plan for TwilioConfig {
    fn start(&self, means: &Means) -> Result<Arc<dyn Provider>, ClientError> {
        Ok(Arc::new(Twilio::new(self.clone(), means.links.clone())?))
    }

    fn depends_on(&self) -> Option<String> {
        machine(&self.base_url)
    }
}

/// Twilio as a channel.
#[derive(Clone, Debug)]
pub struct Twilio {
    config: TwilioConfig,
    links: Links,
    carrier: Carrier,
    prober: Client,
}

impl Twilio {
    /// The channel with this configuration.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(config: TwilioConfig, links: Links) -> Result<Self, ClientError> {
        let carrier = Carrier::new(&config)?;
        let prober = Client::new(config.timeout, 0)?;
        Ok(Self { config, links, carrier, prober })
    }

    /// How it is configured.
    pub const fn config(&self) -> &TwilioConfig {
        &self.config
    }
}

impl Provider for Twilio {
    fn probe(&self) -> Underway<'_, Option<Probe>> {
        Box::pin(async move {
            let TwilioConfig { base_url, account_sid, auth_token, .. } = &self.config;
            Some(account::probe(&self.prober, base_url, account_sid, auth_token).await)
        })
    }

    fn usage(&self) -> Usage {
        let TwilioConfig { rate, timeout, reports_within, .. } = self.config;
        // Without an address of ours it reports to nobody.
        let reports_within = reports_within.filter(|_| self.links.has_callbacks());
        Usage { rate, connections_max: CONNECTIONS_MAX, timeout, reports_within }
    }

    fn send<'a>(&'a self, dispatch: &'a Dispatch) -> Underway<'a, Report> {
        Box::pin(async move {
            match prepare(&self.config, &self.links, dispatch) {
                Ok((request, text)) => conclude(&self.config, &text, self.carrier.send(&request).await),
                Err(report) => report,
            }
        })
    }

    fn announce<'a>(&'a self, address: &'a str, text: &'a Text) -> Underway<'a, Report> {
        Box::pin(async move {
            let request = message(&self.config, address, text);
            conclude(&self.config, text, self.carrier.send(&request).await)
        })
    }
}

/// Puts a dispatch into a request, with what it says.
///
/// # Errors
/// What is to be reported when there is nothing to send.
pub fn prepare(config: &TwilioConfig, links: &Links, dispatch: &Dispatch) -> Result<(Request, Text), Report> {
    match &dispatch.errand {
        Errand::Page(notice) => {
            let reply = config.replies.then(|| links.key.reply_code(&dispatch.attempt));
            let link = links.link(dispatch.attempt.alert, notice);
            let text = text::sms_with_reply(dispatch, notice, &link, reply);
            Ok((encode(config, &links.public_url, dispatch, &text), text))
        }
        Errand::Recall { .. } => Err(nothing_to_recall()),
    }
}

/// What became of a text whose request was answered so.
pub fn conclude(config: &TwilioConfig, text: &Text, answer: Result<Response, SendError>) -> Report {
    with_text(account::report(&config.auth_token, answer, classify), text)
}

/// What brings requests to Twilio, and answers back.
#[derive(Clone, Debug)]
enum Carrier {
    Own(Client),
    #[cfg(feature = "twilio-rs")]
    TwilioRs(twilio_rs::Client),
}

impl Carrier {
    /// The one that this build prefers: with the feature `twilio-rs` that crate, where it can be used at all.
    fn new(config: &TwilioConfig) -> Result<Self, ClientError> {
        #[cfg(feature = "twilio-rs")]
        if let Some(client) = twilio_rs::Client::new(&config.base_url, config.timeout) {
            return Ok(Self::TwilioRs(client));
        }
        Client::new(config.timeout, CONNECTIONS_MAX).map(Self::Own)
    }

    async fn send(&self, request: &Request) -> Result<Response, SendError> {
        match self {
            Self::Own(client) => client.send(request).await,
            #[cfg(feature = "twilio-rs")]
            Self::TwilioRs(client) => client.send(request).await,
        }
    }
}

/// The request that pages somebody. Twilio tells us later what became of it if the house has a public address.
pub fn encode(config: &TwilioConfig, public_url: &str, dispatch: &Dispatch, text: &Text) -> Request {
    let mut request = message(config, &dispatch.address, text);
    let callback = callback_url(public_url, &dispatch.attempt);
    request.form.extend(callback.map(|url| ("StatusCallback", url)));
    request
}

/// Where Twilio tells us what became of an attempt; `None` when people reach the house by no `http` address.
pub fn callback_url(public_url: &str, attempt: &AttemptId) -> Option<String> {
    let address = public_url.trim_end_matches('/');
    crate::link::has_callbacks(public_url)
        .then(|| format!("{address}/callbacks/twilio/message-status?attempt={attempt}"))
}

fn message(config: &TwilioConfig, to: &str, text: &Text) -> Request {
    let (base_url, account) = (config.base_url.trim_end_matches('/'), &config.account_sid);
    let sender = match &config.sender {
        Sender::From(number) => ("From", number.clone()),
        Sender::MessagingService(sid) => ("MessagingServiceSid", sid.clone()),
    };
    let validity = config.validity_seconds.clamp(*VALIDITY_SECONDS.start(), *VALIDITY_SECONDS.end());
    Request {
        url: format!("{base_url}/2010-04-01/Accounts/{account}/Messages.json"),
        basic: Some((account.clone(), config.auth_token.clone())),
        form: vec![
            ("To", to.to_owned()),
            sender,
            ("Body", text.body.clone()),
            ("ValidityPeriod", validity.to_string()),
        ],
    }
}

/// What an answer to a page means. Twilio has no idempotency keys, so that nobody knows what a 5xx did.
///
/// | status | code | outcome |
/// | --- | --- | --- |
/// | 2xx | | accepted, with the message's `sid`; refused if it is dead already; unknown without a `sid` |
/// | 429, or | [`is_throttled`] | failed: too fast |
/// | 401, 403, 404, or | account or credentials | refused: our account is unknown |
/// | other 4xx | [`is_unknown_address`] | refused: the address is unknown |
/// | | any other | refused, in Twilio's words |
/// | 5xx | | unknown: Twilio's fault |
/// | any other | | unknown: nonsense |
pub fn classify(response: &Response) -> Report {
    let body = response.json().unwrap_or_default();
    match response.status {
        200..=299 => taken(response, &body),
        _ => account::refusal(response, &body, CODES),
    }
}

fn taken(response: &Response, body: &Map<String, Value>) -> Report {
    let sid = account::sid(body);
    if sid.is_empty() {
        return said(Outcome::Unknown(Reason::Nonsense), &account::words(response, body));
    }
    let status = body.get("status").and_then(Value::as_str).unwrap_or_default();
    if matches!(status, "failed" | "undelivered" | "canceled") {
        return said(Outcome::Refused(Reason::Rejected), &account::words(response, body));
    }
    let receipt = Some(Receipt::of(sid));
    Report { receipt, ..Report::bare(Outcome::Accepted) }
}

/// Says whether an error code means that we send too fast, or that what we sent before still waits.
pub const fn is_throttled(code: u64) -> bool {
    matches!(code, 14_107 | 20_429 | 21_611 | 30_001 | 30_022 | 63_017 | 63_038)
}

/// Says whether an error code means that no message will ever reach this number.
pub const fn is_unknown_address(code: u64) -> bool {
    matches!(code, 21_211 | 21_217 | 21_401 | 21_421 | 21_604 | 21_612 | 21_614 | 21_635)
}

#[cfg(test)]
mod tests;

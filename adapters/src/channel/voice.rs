//! Calls through Twilio: the alert is spoken in the person's language, and a key takes it.
//!
//! ```text
//! POST Calls.json ──► rings ──► answered ──► "what do I say?" ──► TwiML ──► a key ──► "what now?" ──► TwiML
//!                       └────► busy, nobody, failed        a machine: a short message, and the end
//! ```
//!
//! What is said is asked of the house once somebody answers, so it is true then: an alert that somebody has taken in
//! the meantime says so. Source: <https://www.twilio.com/docs/voice/api/call-resource>,
//! <https://www.twilio.com/docs/voice/answering-machine-detection>, <https://www.twilio.com/docs/api/errors>.

use std::sync::Arc;
use std::time::Duration;

use domain::blueprint::check::is_phone_number;
use domain::port::{Clock, Dispatch, Errand, Report};
use events::event::alert::Receipt;
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use events::{Span, Timestamp};
use i18n::Locale;
use serde_json::{Map, Value};

use super::twilio::{BASE_URL, CONNECTIONS_MAX, account, phone_mistake};
use super::{
    Means, Medium, Plan, Provider, REPORTS_WITHIN_DEFAULT, RateLimit, Secret, TIMEOUT_DEFAULT, Underway,
    Usage, machine, said, with_text,
};
use crate::boot::BootError;
use crate::boot::table::Table;
use crate::http::{Client, ClientError, Request, Response, SendError};
use crate::line::cut;
use crate::link::Links;
use crate::probe::Probe;
use crate::text::{self, Text};

pub mod callback;
pub mod twiml;

/// The bounds of how long a phone may ring, in seconds. Twilio gives up after ten minutes at the latest; less than
/// five seconds wakes nobody. Source: `Timeout` of <https://www.twilio.com/docs/voice/api/call-resource>.
pub const RING_SECONDS: std::ops::RangeInclusive<u32> = 5..=600;
/// How long a phone rings when nothing else is configured: most mailboxes answer later.
pub const RING_SECONDS_DEFAULT: u32 = 25;
/// How long a call may last once it is answered, in seconds: the text several times over. Twilio's own limit is four
/// hours, which a key that repeats would use up.
pub const TALK_SECONDS_MAX: u32 = 300;
/// How long a call may wait at Twilio before it rings: it dials one a second, unless an account may do more.
/// Source: <https://www.twilio.com/docs/voice/api#calls-per-second-cps>.
const QUEUE: Span = Span::from_seconds(60);
/// Twilio lets a phone ring for up to so much longer than it was told. Source: `Timeout`, as above.
const RING_BUFFER: Span = Span::from_seconds(5);
/// A callback about a call comes this long after its attempt began at the latest; a key that comes later was
/// pressed during another call, or comes from somebody who repeats what they overheard.
pub const CALL_MAX: Span = Span::from_minutes(20);
/// Characters of an announcement. Every one may take six in XML, twice, and TwiML in a request has at most 4,000.
/// Source: <https://www.twilio.com/docs/api/errors/32018>.
const ANNOUNCEMENT_CHARS_MAX: usize = 300;

/// What error codes mean for a call.
const CODES: account::Codes = account::Codes { is_throttled, is_unknown_address };

/// How the house knows it.
pub static MEDIUM: Medium = Medium {
    kind: ChannelKind::VOICE,
    provider: "twilio",
    example: "\"+393331234567\"",
    mistake: phone_mistake,
    options: &["account_sid", "auth_token_file", "from", "base_url", "ring", "reports_within"],
    read,
};

fn read(table: &mut Table<'_>) -> Result<Arc<dyn Plan>, BootError> {
    let (sid, token) = account::read(table)?;
    let from = table.required("from", "\"+4930123456\"")?;
    let from = from.parsed("a phone number that your account may call from", "\"+4930123456\"", |text| {
        is_phone_number(text).then(|| text.to_owned())
    })?;
    let mut config = VoiceConfig::new(&sid, token, &from);
    table.url("base_url", &mut config.base_url)?;
    if let Some(ring) = table.given("ring") {
        let (min, max) = RING_SECONDS.into_inner();
        config.ring_seconds = ring.seconds(min, max, "a length of time from 5s to 10m")?;
    }
    table.reports_within(&mut config.reports_within)?;
    table.timeout(&mut config.timeout)?;
    table.rate(&mut config.rate)?;
    Ok(Arc::new(config))
}

/// How a house calls people over Twilio.
#[derive(Clone, Debug)]
pub struct VoiceConfig {
    /// Where it is, the real one or a stand-in; without a slash at the end.
    pub base_url: String,
    /// The account, `AC…`.
    pub account_sid: String,
    /// The account's token; it also signs what Twilio asks and tells us.
    pub auth_token: Secret,
    /// The number that people see, in E.164 form.
    pub from: String,
    /// How long one request may take.
    pub timeout: Duration,
    /// How fast we call; a usual account starts one call a second.
    pub rate: RateLimit,
    /// How long a phone rings, within [`RING_SECONDS`].
    pub ring_seconds: u32,
    /// Within what time we want to hear what became of a call; none when we do not wait for it.
    pub reports_within: Option<Duration>,
}

impl VoiceConfig {
    /// The usual configuration of this account and number.
    pub fn new(account_sid: &str, auth_token: Secret, from: &str) -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            account_sid: account_sid.to_owned(),
            auth_token,
            from: from.to_owned(),
            timeout: TIMEOUT_DEFAULT,
            rate: RateLimit { per_second: 1.0, burst: 1 },
            ring_seconds: RING_SECONDS_DEFAULT,
            reports_within: Some(REPORTS_WITHIN_DEFAULT),
        }
    }
}

impl Plan for VoiceConfig {
    fn start(&self, means: &Means) -> Result<Arc<dyn Provider>, ClientError> {
        let client = Client::new(self.timeout, CONNECTIONS_MAX)?;
        let prober = Client::new(self.timeout, 0)?;
        let (links, clock) = (means.links.clone(), Arc::clone(&means.clock));
        Ok(Arc::new(Voice { config: self.clone(), links, clock, client, prober }))
    }

    fn depends_on(&self) -> Option<String> {
        machine(&self.base_url)
    }
}

/// Calls over Twilio as a channel.
#[derive(Clone)]
pub struct Voice {
    config: VoiceConfig,
    links: Links,
    clock: Arc<dyn Clock>,
    client: Client,
    /// Keeps no connection, since certificates are shown when one is made.
    prober: Client,
}

impl std::fmt::Debug for Voice {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Voice").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Provider for Voice {
    fn probe(&self) -> Underway<'_, Option<Probe>> {
        Box::pin(async move {
            let VoiceConfig { base_url, account_sid, auth_token, .. } = &self.config;
            Some(account::probe(&self.prober, base_url, account_sid, auth_token).await)
        })
    }

    fn usage(&self) -> Usage {
        let VoiceConfig { rate, timeout, reports_within, .. } = self.config;
        // Without an address of ours it reports to nobody.
        let reports_within = reports_within.filter(|_| self.links.has_callbacks());
        Usage { rate, connections_max: CONNECTIONS_MAX, timeout, reports_within }
    }

    fn send<'a>(&'a self, dispatch: &'a Dispatch) -> Underway<'a, Report> {
        Box::pin(async move {
            match prepare(&self.config, &self.links, dispatch) {
                Ok(Prepared::Page(request, text)) => {
                    conclude(&self.config, &text, self.client.send(&request).await, self.clock.now())
                }
                Ok(Prepared::Recall(request)) => {
                    conclude_recall(&self.config, self.client.send(&request).await)
                }
                Err(report) => report,
            }
        })
    }

    fn announce<'a>(&'a self, address: &'a str, text: &'a Text) -> Underway<'a, Report> {
        Box::pin(async move {
            let request = announcement(&self.config, address, text);
            conclude(&self.config, text, self.client.send(&request).await, self.clock.now())
        })
    }
}

/// What is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// A call, and what it will say.
    Page(Request, Text),
    /// The end of a call that still rings.
    Recall(Request),
}

/// Puts a dispatch into a request.
///
/// # Errors
/// What is to be reported when there is nothing to send.
pub fn prepare(config: &VoiceConfig, links: &Links, dispatch: &Dispatch) -> Result<Prepared, Report> {
    match &dispatch.errand {
        Errand::Page(notice) => {
            let text = text::voice(dispatch, notice);
            let request = encode(config, &links.public_url, dispatch, &text);
            Ok(Prepared::Page(request, text))
        }
        Errand::Recall { receipt: Some(sid) } if is_sid(sid) => Ok(Prepared::Recall(stop(config, sid))),
        Errand::Recall { .. } => Err(said(
            Outcome::Refused(Reason::Rejected),
            "the answer to this call was lost, so that nobody knows its number at Twilio: it cannot be stopped",
        )),
    }
}

/// The request that calls somebody. What is said is asked of us once somebody answers; where Twilio cannot reach
/// us, it is told at once, and no key counts.
pub fn encode(config: &VoiceConfig, public_url: &str, dispatch: &Dispatch, text: &Text) -> Request {
    let mut request = call(config, &dispatch.address);
    let address = |path| callback::address(public_url, path, &dispatch.attempt);
    let (Some(answered), Some(status)) = (address(callback::ANSWERED_PATH), address(callback::STATUS_PATH))
    else {
        let spoken = cut(&text.body, ANNOUNCEMENT_CHARS_MAX, "", |_| 1);
        let twiml = twiml::said_twice(text::locale(dispatch.language), &spoken);
        request.form.push(("Twiml", twiml));
        return request;
    };
    request.form.extend([
        ("Url", answered),
        ("Method", "POST".to_owned()),
        ("MachineDetection", "Enable".to_owned()),
        ("StatusCallback", status),
        ("StatusCallbackMethod", "POST".to_owned()),
    ]);
    let events = ["initiated", "ringing", "answered", "completed"];
    request.form.extend(events.map(|event| ("StatusCallbackEvent", event.to_owned())));
    request
}

/// The request that says an announcement twice. Nobody is asked for a key, and nobody tells us how it went.
fn announcement(config: &VoiceConfig, to: &str, text: &Text) -> Request {
    let mut request = call(config, to);
    let spoken = cut(&text.body, ANNOUNCEMENT_CHARS_MAX, "", |_| 1);
    request.form.push(("Twiml", twiml::said_twice(Locale::En, &spoken)));
    request
}

fn call(config: &VoiceConfig, to: &str) -> Request {
    let ring = config.ring_seconds.clamp(*RING_SECONDS.start(), *RING_SECONDS.end());
    request(
        config,
        "Calls.json",
        vec![
            ("To", to.to_owned()),
            ("From", config.from.clone()),
            ("Timeout", ring.to_string()),
            ("TimeLimit", TALK_SECONDS_MAX.to_string()),
        ],
    )
}

/// The request that stops a call while it waits or rings. One that somebody is listening to goes on: whoever has
/// pressed a key should hear what became of it.
fn stop(config: &VoiceConfig, sid: &str) -> Request {
    request(config, &format!("Calls/{sid}.json"), vec![("Status", "canceled".to_owned())])
}

fn request(config: &VoiceConfig, resource: &str, form: Vec<(&'static str, String)>) -> Request {
    let (base_url, account) = (config.base_url.trim_end_matches('/'), &config.account_sid);
    Request {
        url: format!("{base_url}/2010-04-01/Accounts/{account}/{resource}"),
        basic: Some((account.clone(), config.auth_token.clone())),
        form,
    }
}

/// It becomes part of an address.
fn is_sid(sid: &str) -> bool {
    !sid.is_empty() && sid.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What became of a call whose request was answered so at this moment.
pub fn conclude(
    config: &VoiceConfig,
    text: &Text,
    answer: Result<Response, SendError>,
    now: Timestamp,
) -> Report {
    let rings_until = now + QUEUE + Span::from_seconds(config.ring_seconds.into()) + RING_BUFFER;
    with_text(account::report(&config.auth_token, answer, |answer| classify(answer, rings_until)), text)
}

/// What became of a recall. A call that is no longer under way rings no more, which is all that was wanted.
pub fn conclude_recall(config: &VoiceConfig, answer: Result<Response, SendError>) -> Report {
    account::report(&config.auth_token, answer, |response| {
        let body = response.json().unwrap_or_default();
        let code = body.get("code").and_then(Value::as_u64).unwrap_or(0);
        match response.status {
            200..=299 => Report::bare(Outcome::Accepted),
            400..=499 if is_over(code) => said(Outcome::Accepted, &account::words(response, &body)),
            _ => account::refusal(response, &body, CODES),
        }
    })
}

/// What an answer to a call means. Twilio has no idempotency keys, so that nobody knows what a 5xx did.
///
/// | status | code | outcome |
/// | --- | --- | --- |
/// | 2xx | | accepted, with the call's `sid`; refused if it is over already; unknown without a `sid` |
/// | 429, or | [`is_throttled`] | failed: too fast |
/// | 401, 403, 404, or | account or credentials | refused: our account is unknown |
/// | other 4xx | [`is_unknown_address`] | refused: the address is unknown |
/// | | any other | refused, in Twilio's words |
/// | 5xx | | unknown: Twilio's fault |
/// | any other | | unknown: nonsense |
pub fn classify(response: &Response, rings_until: Timestamp) -> Report {
    let body = response.json().unwrap_or_default();
    match response.status {
        200..=299 => taken(response, &body, rings_until),
        _ => account::refusal(response, &body, CODES),
    }
}

fn taken(response: &Response, body: &Map<String, Value>, rings_until: Timestamp) -> Report {
    let sid = account::sid(body);
    if !is_sid(&sid) {
        return said(Outcome::Unknown(Reason::Nonsense), &account::words(response, body));
    }
    let status = body.get("status").and_then(Value::as_str).unwrap_or_default();
    if matches!(status, "failed" | "busy" | "no-answer" | "canceled") {
        return said(Outcome::Refused(Reason::Rejected), &format!("the call is {status}"));
    }
    let receipt = Some(Receipt::ringing(sid, rings_until));
    Report { receipt, ..Report::bare(Outcome::Accepted) }
}

/// Says whether an error code means that we call too fast, or that too many calls are under way.
pub const fn is_throttled(code: u64) -> bool {
    matches!(code, 10_004 | 14_107 | 20_429)
}

/// Says whether an error code means that no call will ever reach this number.
pub const fn is_unknown_address(code: u64) -> bool {
    matches!(code, 13_223 | 13_224 | 21_201 | 21_211 | 21_214 | 21_217 | 21_401 | 21_421)
}

/// Says whether an error code means that a call is not under way any more.
/// Source: <https://www.twilio.com/docs/api/errors/21220>.
const fn is_over(code: u64) -> bool {
    code == 21_220
}

#[cfg(test)]
mod tests;

//! Text messages through Kannel, or any gateway that is asked as Kannel's `sendsms` is.
//!
//! Source: Kannel's user guide 1.4.5, "Using the HTTP interface to send SMS messages", and what Kannel 1.4.5 does.

use std::sync::Arc;
use std::time::Duration;

use domain::blueprint::check::is_phone_number;
use domain::port::{Dispatch, Errand, Report};
use events::AttemptId;
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use i18n::gsm7;

use super::twilio::{phone_mistake, sender};
use super::{
    Means, Medium, Plan, Provider, REPORTS_WITHIN_DEFAULT, RateLimit, Secret, TIMEOUT_DEFAULT, Underway,
    Usage, machine, nothing_to_recall, said, with_text,
};
use crate::boot::BootError;
use crate::boot::table::Table;
use crate::http::{Client, ClientError, Credentials, Got, Request, Response, SendError};
use crate::line::{Line, cut};
use crate::link::Links;
use crate::probe::Probe;
use crate::text::{self, SMS_CHARS_MAX, Text};

pub mod callback;
pub mod incoming;

/// Requests that we have under way at once.
pub const CONNECTIONS_MAX: usize = 4;
/// The bounds of how long a message may wait for the phone. The lower is Kannel's own: it counts in minutes.
pub const VALIDITY_SECONDS: std::ops::RangeInclusive<u32> = 60..=36_000;
/// As short as a network can promise: it counts in fives of minutes. Source: 3GPP TS 23.040, section 9.2.3.12.1.
const VALIDITY_SECONDS_DEFAULT: u32 = 300;
/// The longest name of an account, and of one of the gateway's connections.
const NAME_CHARS_MAX: usize = 64;
/// What is shorter is neither a key nor a token of ours.
const TOKEN_CHARS_MIN: usize = 22;
/// Every report that Kannel knows: 1 delivered, 2 failed, 4 waiting at the network, 8 taken and 16 refused by it.
const REPORTS_ALL: u8 = 1 | 2 | 4 | 8 | 16;

/// How the house knows it.
pub static MEDIUM: Medium = Medium {
    kind: ChannelKind::SMS,
    provider: "kannel",
    example: "\"+393331234567\"",
    mistake: phone_mistake,
    options: &[
        "url",
        "username",
        "password_file",
        "from",
        "smsc",
        "validity_period",
        "reports_within",
        "incoming_key_file",
    ],
    read,
};

fn read(table: &mut Table<'_>) -> Result<Arc<dyn Plan>, BootError> {
    let url = table.required("url", "\"http://127.0.0.1:13013/cgi-bin/sendsms\"")?.url()?;
    let username = table.required("username", "\"hotpotato\"")?;
    let username = username.parsed("up to 64 visible letters", "\"hotpotato\"", name)?;
    let password = table.required_secret("password", "\"kannel.password\"")?;
    let mut config = KannelConfig::new(table.name(), &url, &username, password);
    if let Some(from) = table.given("from") {
        let expected = "a phone number or a name of up to 11 letters";
        config.from = Some(from.parsed(expected, "\"+4930123456\"", sender)?);
    }
    if let Some(smsc) = table.given("smsc") {
        config.smsc = Some(smsc.parsed("up to 64 visible letters", "\"modem-1\"", name)?);
    }
    if let Some(validity) = table.given("validity_period") {
        let (min, max) = VALIDITY_SECONDS.into_inner();
        config.validity_seconds = validity.seconds(min, max, "a length of time from 1m to 10h")?;
    }
    table.reports_within(&mut config.reports_within)?;
    config.incoming_key = incoming_key(table)?;
    table.timeout(&mut config.timeout)?;
    table.rate(&mut config.rate)?;
    Ok(Arc::new(config))
}

/// What stands in the address of messages that people write. A short one could be guessed.
fn incoming_key(table: &Table<'_>) -> Result<Option<Secret>, BootError> {
    let key = table.secret("incoming_key")?;
    match &key {
        Some(key) if !incoming::is_key(key) => Err(table.unusable(
            "incoming_key_file",
            "must hold 16 to 128 letters and digits and nothing else, as `openssl rand -hex 24` makes them",
        )),
        _ => Ok(key),
    }
}

fn name(text: &str) -> Option<String> {
    let fits = (1..=NAME_CHARS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| text.to_owned())
}

/// How a house uses a gateway.
#[derive(Clone, Debug)]
pub struct KannelConfig {
    /// What the channel is called here.
    pub channel: String,
    /// Where `sendsms` is, such as `http://127.0.0.1:13013/cgi-bin/sendsms`.
    pub url: String,
    /// The account, a `sendsms-user`.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// Who messages come from; the gateway knows when nothing is said.
    pub from: Option<String>,
    /// Which of the gateway's connections is to be used; any when nothing is said.
    pub smsc: Option<String>,
    /// How long one request may take.
    pub timeout: Duration,
    /// How fast we send. The gateway has a queue of its own before each connection.
    pub rate: RateLimit,
    /// How long a message may wait before it is given up, within [`VALIDITY_SECONDS`]; sent as whole minutes.
    pub validity_seconds: u32,
    /// Within what time we want to hear that a message has arrived; none when we do not wait for it.
    pub reports_within: Option<Duration>,
    /// What stands in the address to which the gateway brings what people write; none when nobody is heard.
    pub incoming_key: Option<Secret>,
}

impl KannelConfig {
    /// The usual configuration of this account at this gateway.
    pub fn new(channel: &str, url: &str, username: &str, password: Secret) -> Self {
        Self {
            channel: channel.to_owned(),
            url: url.to_owned(),
            username: username.to_owned(),
            password,
            from: None,
            smsc: None,
            timeout: TIMEOUT_DEFAULT,
            rate: RateLimit { per_second: 5.0, burst: 10 },
            validity_seconds: VALIDITY_SECONDS_DEFAULT,
            reports_within: Some(REPORTS_WITHIN_DEFAULT),
            incoming_key: None,
        }
    }
}

impl Plan for KannelConfig {
    fn start(&self, means: &Means) -> Result<Arc<dyn Provider>, ClientError> {
        Ok(Arc::new(Kannel::new(self.clone(), means.links.clone())?))
    }

    fn depends_on(&self) -> Option<String> {
        machine(&self.url)
    }
}

/// A gateway as a channel.
#[derive(Clone, Debug)]
pub struct Kannel {
    config: KannelConfig,
    links: Links,
    client: Client,
    /// Keeps no connection, since certificates are shown when one is made.
    prober: Client,
}

impl Kannel {
    /// The channel with this configuration.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(config: KannelConfig, links: Links) -> Result<Self, ClientError> {
        let client = Client::new(config.timeout, CONNECTIONS_MAX)?;
        let prober = Client::new(config.timeout, 0)?;
        Ok(Self { config, links, client, prober })
    }

    /// How it is configured.
    pub const fn config(&self) -> &KannelConfig {
        &self.config
    }
}

impl Provider for Kannel {
    fn probe(&self) -> Underway<'_, Option<Probe>> {
        Box::pin(async move {
            let KannelConfig { url, username, password, .. } = &self.config;
            let account = [("username", username.as_str()), ("password", password.expose())];
            let asked = reqwest::Url::parse_with_params(url, account).ok()?;
            let got = self.prober.probe(asked.as_str(), &Credentials::None).await;
            // A message to nobody is refused, but only once the account is known.
            let got = got.map(|got| if got.status == 400 { Got { status: 200, ..got } } else { got });
            let request = Request { url: url.clone(), basic: None, form: Vec::new() };
            Some(Probe::of_answer(got, |body| without_secrets(&self.config, &request, body)))
        })
    }

    fn usage(&self) -> Usage {
        let KannelConfig { rate, timeout, reports_within, .. } = self.config;
        // Without an address of ours it reports to nobody.
        let reports_within = reports_within.filter(|_| self.links.has_callbacks());
        Usage { rate, connections_max: CONNECTIONS_MAX, timeout, reports_within }
    }

    fn send<'a>(&'a self, dispatch: &'a Dispatch) -> Underway<'a, Report> {
        Box::pin(async move {
            match prepare(&self.config, &self.links, dispatch) {
                Ok((request, text)) => {
                    conclude(&self.config, &request, &text, self.client.query(&request).await)
                }
                Err(report) => report,
            }
        })
    }

    fn announce<'a>(&'a self, address: &'a str, text: &'a Text) -> Underway<'a, Report> {
        Box::pin(async move {
            let Some(request) = message(&self.config, address, text) else { return no_number() };
            conclude(&self.config, &request, text, self.client.query(&request).await)
        })
    }
}

/// Puts a dispatch into a request, with what it says.
///
/// # Errors
/// What is to be reported when there is nothing to send.
pub fn prepare(config: &KannelConfig, links: &Links, dispatch: &Dispatch) -> Result<(Request, Text), Report> {
    match &dispatch.errand {
        Errand::Page(notice) => {
            let reply = config.incoming_key.is_some().then(|| links.key.reply_code(&dispatch.attempt));
            let link = links.link(dispatch.attempt.alert, notice);
            let text = text::sms_with_reply(dispatch, notice, &link, reply);
            encode(config, links, dispatch, &text).map(|request| (request, text)).ok_or_else(no_number)
        }
        Errand::Recall { .. } => Err(nothing_to_recall()),
    }
}

/// The request that pages somebody; `None` when there is no phone number. The gateway tells us later what became of it
/// if the house has a public address.
pub fn encode(config: &KannelConfig, links: &Links, dispatch: &Dispatch, text: &Text) -> Option<Request> {
    let mut request = message(config, &dispatch.address, text)?;
    if let Some(url) = report_url(config, links, &dispatch.attempt) {
        request.form.push(("dlr-mask", REPORTS_ALL.to_string()));
        request.form.push(("dlr-url", url));
    }
    Some(request)
}

/// Where the gateway tells us what became of an attempt, with the codes that it fills in; `None` when people reach the
/// house by no `http` address.
fn report_url(config: &KannelConfig, links: &Links, attempt: &AttemptId) -> Option<String> {
    let public_url = links.public_url.trim_end_matches('/');
    let known = crate::link::has_callbacks(public_url);
    let key = callback::key(&links.key, &config.channel, attempt);
    known.then(|| {
        // A sign that is no code is written twice.
        let (base, channel) = (public_url.replace('%', "%%"), &config.channel);
        format!("{base}/callbacks/kannel/{channel}/status?attempt={attempt}&key={key}&type=%d&answer=%A")
    })
}

/// A message to one number. The gateway would take several with blanks between them.
fn message(config: &KannelConfig, to: &str, text: &Text) -> Option<Request> {
    let body = cut(&text.body, SMS_CHARS_MAX, "..", |_| 1);
    // What GSM-7 cannot say would arrive as a question mark.
    let coding = if gsm7::septets(&body).is_some() { "0" } else { "2" };
    let validity = config.validity_seconds.clamp(*VALIDITY_SECONDS.start(), *VALIDITY_SECONDS.end());
    let mut form = vec![
        ("username", config.username.clone()),
        ("password", config.password.expose().to_owned()),
        ("to", to.to_owned()),
        ("text", body),
        ("charset", "UTF-8".to_owned()),
        ("coding", coding.to_owned()),
        ("validity", validity.div_ceil(60).to_string()),
    ];
    form.extend(config.from.clone().map(|from| ("from", from)));
    form.extend(config.smsc.clone().map(|smsc| ("smsc", smsc)));
    is_phone_number(to).then(|| Request { url: config.url.clone(), basic: None, form })
}

fn no_number() -> Report {
    said(Outcome::Refused(Reason::UnknownAddress), "the contact is no phone number such as +393331234567")
}

/// What became of a text whose request was answered so.
pub fn conclude(
    config: &KannelConfig,
    request: &Request,
    text: &Text,
    answer: Result<Response, SendError>,
) -> Report {
    let report = match answer {
        // Struck before anything is folded or cut: half of a secret would not be known for one.
        Ok(response) => {
            let body = without_secrets(config, request, &response.body);
            // Whoever reads the record is not to answer in the person's name.
            let body = text.reply.iter().fold(body, |body, code| Secret::new(code).strike(&body));
            said(classify(&response), &words(&Response { body, ..response }))
        }
        Err(error) => error.report(),
    };
    with_text(report, text)
}

/// Strikes what a gateway may quote out of our request: the password, the key of its reports, the token of the link.
fn without_secrets(config: &KannelConfig, request: &Request, words: &str) -> String {
    let field = |name| request.field(name).unwrap_or_default();
    let password = config.password.expose();
    let encoded = form_encoded(password);
    let key = field("dlr-url").split(['?', '&']).find_map(|part| part.strip_prefix("key="));
    let token = field("text").rsplit_once('#').and_then(|(_, token)| token.split_whitespace().next());
    let long = [key, token].into_iter().flatten().filter(|secret| secret.len() >= TOKEN_CHARS_MIN);
    let secrets = [password, &encoded].into_iter().chain(long);
    secrets.fold(words.to_owned(), |words, secret| Secret::new(secret).strike(&words))
}

/// What a value looks like in the address of a request.
fn form_encoded(value: &str) -> String {
    let mut url = reqwest::Url::parse("http://x/").expect("an address");
    url.query_pairs_mut().append_pair("", value);
    url.query().unwrap_or_default().trim_start_matches('=').to_owned()
}

/// What an answer to a page means.
///
/// | status | body | outcome |
/// | --- | --- | --- |
/// | 202 | | accepted |
/// | other 2xx | begins with `0:`, `3:` or `Sent.` | accepted |
/// | | any other | unknown: nonsense |
/// | 429 | | failed: too fast |
/// | 401, 403 | | refused: our account is unknown |
/// | 403 | `Not routable. …` | refused: no connection takes this number |
/// | other 4xx | | refused |
/// | 503 | `Temporal failure, …` | failed: nothing was taken |
/// | other 5xx | | unknown: the gateway's fault |
/// | any other | | unknown: nonsense |
pub fn classify(response: &Response) -> Outcome {
    let begins_with = |words: &str| response.body.trim_start().starts_with(words);
    match response.status {
        202 => Outcome::Accepted,
        200..=299 if TAKEN.into_iter().any(begins_with) => Outcome::Accepted,
        429 => Outcome::Failed { reason: Reason::Throttled, retry_after: response.retry_after },
        403 if begins_with(NOT_ROUTABLE) => Outcome::Refused(Reason::Rejected),
        401 | 403 => Outcome::Refused(Reason::Unauthorized),
        400..=499 => Outcome::Refused(Reason::Rejected),
        503 if begins_with(TEMPORAL_FAILURE) => {
            Outcome::Failed { reason: Reason::ProviderFault, retry_after: response.retry_after }
        }
        500..=599 => Outcome::Unknown(Reason::ProviderFault),
        _ => Outcome::Unknown(Reason::Nonsense),
    }
}

/// How an answer to what was taken begins: sent on, kept for later, and what is said where the option
/// `immediate-sendsms-reply` is set.
const TAKEN: [&str; 3] = ["0:", "3:", "Sent."];
/// No connection of the gateway takes this number.
const NOT_ROUTABLE: &str = "Not routable";
/// The gateway took nothing, and will later.
const TEMPORAL_FAILURE: &str = "Temporal failure";

/// What the gateway says, with the status where that is not good.
fn words(response: &Response) -> String {
    let body = Line::new(&response.body);
    match response.status {
        200..=299 if !body.is_empty() => body.to_string(),
        status if body.is_empty() => format!("status {status} and no words"),
        status => format!("status {status}: {body}"),
    }
}

#[cfg(test)]
mod tests;

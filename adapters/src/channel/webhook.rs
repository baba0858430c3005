//! Pages as signed requests to an address of the person's choice.
//!
//! Source: Standard Webhooks 1.0.0,
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.
//!
//! Whoever may edit a contact says where a request of the house goes: so it goes to the public network only, unless the
//! boot file allows more, and never where an answer sends it ([`crate::http::reach`]).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::alert::limit::RINGS_MAX;
use domain::blueprint::mistake::What;
use domain::port::{Clock, Dispatch, Report};
use events::Timestamp;
use events::event::alert::Receipt;
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::data::{self, Telling};
use super::{
    Means, Medium, Plan, Provider, RateLimit, Secret, TIMEOUT_DEFAULT, Underway, Usage, said, with_text,
};
use crate::boot::BootError;
use crate::boot::table::Table;
use crate::http::reach::{Allowed, Forbidden, Lookup, Reach, SystemLookup, web_address};
use crate::http::{Client, ClientError, Credentials, JsonRequest, Response, SendError};
use crate::line::Line;
use crate::link::Links;
use crate::text::Text;

/// Sends at once; behind them is one program, or a few.
pub const CONNECTIONS_MAX: usize = 8;
/// What a secret begins with, as people see it.
const SECRET_PREFIX: &str = "whsec_";
/// Bytes of a secret. Source: Standard Webhooks, "Signature scheme".
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// So many secrets sign at once: the present one, and those that are being replaced.
const SECRETS_MAX: usize = 4;
/// What may be allowed, networks and hosts.
const ALLOWED_MAX: usize = 64;
const EXAMPLE: &str = "\"https://chat.example/hooks/pages\"";
const KIND: ChannelKind = ChannelKind::named("webhook");

/// How the house knows it.
pub static MEDIUM: Medium = Medium {
    kind: KIND,
    provider: "webhook",
    example: EXAMPLE,
    mistake,
    options: &["secret_file", "allow"],
    read,
};

/// What is wrong with an address, if anything is. Where it leads is looked at when it is used.
fn mistake(address: &str) -> Option<What> {
    let form = || What::AddressForm { channel: KIND, address: address.to_owned(), example: EXAMPLE };
    web_address(address).is_none().then(form)
}

fn read(table: &mut Table<'_>) -> Result<Arc<dyn Plan>, BootError> {
    let secret = table.required_secret("secret", "\"webhook.secret\"")?;
    let keys = keys(&secret).ok_or_else(|| {
        let why = "write whsec_ and 24 to 64 random bytes in Base64, one secret on a line, such as by: \
                   echo \"whsec_$(head -c 32 /dev/urandom | base64)\"";
        table.unusable("secret_file", why)
    })?;
    let mut config = WebhookConfig::new(keys);
    let allowed = table.list("allow");
    if allowed.len() > ALLOWED_MAX {
        return Err(table.unusable("allow", &format!("more than {ALLOWED_MAX} networks and hosts")));
    }
    for given in allowed {
        let expected = "a network, an address or a host";
        config.allowed.push(given.parsed(expected, "[\"10.0.0.0/8\", \"chat.example\"]", Allowed::parse)?);
    }
    table.timeout(&mut config.timeout)?;
    table.rate(&mut config.rate)?;
    Ok(Arc::new(config))
}

/// A key that signs. Never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Vec<u8>);

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(***)")
    }
}

/// The keys that a secret's file holds, one on a line; none when something else is in it.
pub fn keys(secret: &Secret) -> Option<Vec<Key>> {
    let key = |text: &str| {
        let bytes = STANDARD.decode(text.strip_prefix(SECRET_PREFIX)?).ok()?;
        SECRET_BYTES.contains(&bytes.len()).then_some(Key(bytes))
    };
    let keys: Vec<Key> = secret.expose().split_whitespace().map(key).collect::<Option<_>>()?;
    (1..=SECRETS_MAX).contains(&keys.len()).then_some(keys)
}

/// How a house uses webhooks.
#[derive(Clone, Debug)]
pub struct WebhookConfig {
    /// What signs; the first is the present one.
    pub keys: Vec<Key>,
    /// What may be reached beside the public network.
    pub allowed: Vec<Allowed>,
    /// How long one request may take.
    pub timeout: Duration,
    /// How fast we send.
    pub rate: RateLimit,
}

impl WebhookConfig {
    /// The usual configuration with these keys.
    pub const fn new(keys: Vec<Key>) -> Self {
        Self {
            keys,
            allowed: Vec::new(),
            timeout: TIMEOUT_DEFAULT,
            rate: RateLimit { per_second: 10.0, burst: 20 },
        }
    }
}

impl Plan for WebhookConfig {
    fn start(&self, means: &Means) -> Result<Arc<dyn Provider>, ClientError> {
        Ok(Arc::new(Webhook::new(self.clone(), means, Arc::new(SystemLookup))?))
    }
}

/// Webhooks as a channel.
#[derive(Clone)]
pub struct Webhook {
    config: WebhookConfig,
    links: Links,
    clock: Arc<dyn Clock>,
    reach: Reach,
    client: Client,
}

impl Webhook {
    /// The channel with this configuration, which looks up names so.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(config: WebhookConfig, means: &Means, lookup: Arc<dyn Lookup>) -> Result<Self, ClientError> {
        let reach = Reach::new(&config.allowed, lookup);
        let client = Client::within(&reach, config.timeout, CONNECTIONS_MAX)?;
        Ok(Self { config, links: means.links.clone(), clock: Arc::clone(&means.clock), reach, client })
    }

    async fn tell(&self, address: &str, telling: &Telling, now: Timestamp) -> Report {
        let answer = match encode(&self.config, &self.reach, address, telling, now) {
            Ok(request) => self.client.send_json(&request).await,
            Err(forbidden) => Err(SendError::Forbidden(forbidden)),
        };
        conclude(telling, answer, now)
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Webhook").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Provider for Webhook {
    fn usage(&self) -> Usage {
        let WebhookConfig { rate, timeout, .. } = self.config;
        Usage { rate, connections_max: CONNECTIONS_MAX, timeout, reports_within: None }
    }

    fn send<'a>(&'a self, dispatch: &'a Dispatch) -> Underway<'a, Report> {
        Box::pin(async move {
            let now = self.clock.now();
            self.tell(&dispatch.address, &data::telling(&self.links, dispatch, now), now).await
        })
    }

    fn announce<'a>(&'a self, address: &'a str, text: &'a Text) -> Underway<'a, Report> {
        Box::pin(async move {
            let now = self.clock.now();
            self.tell(address, &data::announcement(text, now), now).await
        })
    }
}

/// The signed request that tells this at a moment.
///
/// # Errors
/// When it may not go to this address, as far as its text says.
pub fn encode(
    config: &WebhookConfig,
    reach: &Reach,
    address: &str,
    telling: &Telling,
    now: Timestamp,
) -> Result<JsonRequest, Forbidden> {
    let url = reach.url(address)?.to_string();
    let body = telling.told.to_string();
    let timestamp = now.as_micros().div_euclid(1_000_000).to_string();
    let signatures: Vec<String> =
        config.keys.iter().map(|key| sign(key, &telling.id, &timestamp, &body)).collect();
    let headers = vec![
        ("webhook-id", telling.id.clone()),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", signatures.join(" ")),
    ];
    Ok(JsonRequest { url, credentials: Credentials::None, headers, body })
}

fn sign(key: &Key, id: &str, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("a key of any length");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// What became of what was told at a moment. Whoever took a page is told when nobody needs it any more, for as long as
/// anything may ring.
pub fn conclude(telling: &Telling, answer: Result<Response, SendError>, told_at: Timestamp) -> Report {
    let report = answer.map_or_else(|error| error.report(), |response| classify(&response));
    let Some(text) = &telling.text else { return report };
    let is_page = telling.told["type"] == "page";
    let receipt = (is_page && report.outcome == Outcome::Accepted)
        .then(|| Receipt::ringing(telling.id.clone(), told_at + RINGS_MAX));
    with_text(Report { receipt, ..report }, text)
}

/// What an answer means.
///
/// | status | outcome |
/// | --- | --- |
/// | 2xx | accepted |
/// | 3xx | refused: nothing is followed |
/// | 401, 403 | refused: it does not believe our signature |
/// | 404, 410 | refused: nobody is there any more |
/// | 408, 425, 429, 503 | failed: to be tried again, when it says |
/// | other 4xx | refused |
/// | other 5xx | unknown: what was behind it may have taken the page |
pub fn classify(response: &Response) -> Report {
    let words = format!("{}: {}", response.status, Line::new(&response.body));
    let retry_after = response.retry_after;
    let outcome = match response.status {
        200..=299 => return Report::bare(Outcome::Accepted),
        300..=399 => return said(Outcome::Refused(Reason::Rejected), "it redirects, which is not followed"),
        401 | 403 => Outcome::Refused(Reason::Unauthorized),
        404 | 410 => Outcome::Refused(Reason::UnknownAddress),
        408 => Outcome::Failed { reason: Reason::Timeout, retry_after },
        425 | 429 => Outcome::Failed { reason: Reason::Throttled, retry_after },
        400..=499 => Outcome::Refused(Reason::Rejected),
        503 => Outcome::Failed { reason: Reason::ProviderFault, retry_after },
        500..=599 => Outcome::Unknown(Reason::ProviderFault),
        _ => Outcome::Unknown(Reason::Nonsense),
    };
    said(outcome, &words)
}

#[cfg(test)]
mod tests;

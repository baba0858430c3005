//! How people and programs reach the house over HTTP.
//!
//! | file | what |
//! | --- | --- |
//! | `ingest` | sources |
//! | `calendar` | feeds for calendar programs |
//! | `link` | the link in a page |
//! | `board`, `session` | the web pages for whoever is logged in |
//! | `page` | what all web pages share |
//! | `callback` | what providers tell us |
//! | `connections` | how many there are, and how long a request may take to arrive |
//! | `api` | everything as JSON, by bearer token |
//! | `past` | what was known at an earlier moment |
//! | `operations` | alive, ready, metrics |

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use actors::house::House;
use actors::shell::Provenance;
use adapters::channel::ReadyChannel;
use adapters::link::Links;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::routing::{get, post};
use chrono_tz::Tz;
use domain::rota::moved::Memory;
use events::{Author, Cause, Timestamp};
use i18n::Locale;

pub use crate::http::callback::CallbackKeys;
use crate::http::callback::Heard;
use crate::http::guess::Guesses;
use crate::http::past::Readers;
use crate::http::problem::Problem;
use crate::http::session::Sessions;
use crate::probes::Probes;
use crate::reply::Talks;
use crate::token::TokenHash;
use crate::world::Served;

pub use operations::ailment;

mod api;
mod board;
mod calendar;
mod callback;
mod caller;
pub mod connections;
mod guess;
mod ingest;
mod link;
mod operations;
mod page;
mod past;
mod problem;
mod remote;
mod session;
#[cfg(test)]
mod visit;

/// What every handler shares.
#[derive(Clone, Debug)]
pub struct App(Arc<Shared>);

/// What stands behind an [`App`].
#[derive(Debug)]
pub struct Shared {
    /// The house.
    pub house: House<Served>,
    /// What makes and checks the links in pages.
    pub links: Links,
    /// The owner's token.
    pub owner: TokenHash,
    /// By what providers are known that call us.
    pub callback_keys: CallbackKeys,
    /// The configured channels.
    pub channels: Vec<Arc<ReadyChannel>>,
    /// The time-zone data in use, and the one before.
    pub time_zones: Memory,
    /// The channels, and what was found at their providers.
    pub probes: Arc<Probes>,
    /// Held while a key of a call is carried out.
    pressing: tokio::sync::Mutex<()>,
    /// Room for what sources send.
    bodies: ingest::body::Room,
    /// Wrong tokens, counted.
    guesses: Guesses,
    /// What was said to whom by text message.
    pub talks: Talks,
    /// Text messages that were heard already.
    heard: Heard,
    /// Who is logged in.
    sessions: Sessions,
    /// Who reads in the past.
    readers: Readers,
    requests: AtomicU64,
    is_closing: AtomicBool,
}

impl std::ops::Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// What handlers of this house share.
    pub fn new(
        house: House<Served>,
        links: Links,
        owner: TokenHash,
        callback_keys: CallbackKeys,
        channels: Vec<Arc<ReadyChannel>>,
        time_zones: Memory,
        probes: Arc<Probes>,
    ) -> Self {
        Self(Arc::new(Shared {
            house,
            links,
            owner,
            callback_keys,
            channels,
            time_zones,
            probes,
            pressing: tokio::sync::Mutex::default(),
            bodies: ingest::body::Room::default(),
            guesses: Guesses::default(),
            talks: Talks::default(),
            heard: Heard::default(),
            sessions: Sessions::default(),
            readers: Readers::default(),
            requests: AtomicU64::new(0),
            is_closing: AtomicBool::new(false),
        }))
    }

    /// From now on the house says that it is not ready.
    pub fn close(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
    }

    /// True once the house closes.
    pub fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Relaxed)
    }

    /// By whom a request is, and which one it is: numbered within this start of the process.
    pub(crate) fn provenance(&self, by: Author) -> Provenance {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let boot = self.house.ports().journal.boot().0;
        Provenance { by, cause: Cause::Request(format!("{boot:x}.{number}").into()) }
    }
}

/// Everything that is served.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/integrations/alertmanager/{key}", post(ingest::alertmanager))
        .route("/integrations/generic/{key}", post(ingest::generic))
        .route("/integrations/nagios/{key}", post(ingest::nagios::take))
        .merge(ingest::door::router())
        .route("/heartbeats/{key}", get(ingest::heartbeat::beat).post(ingest::heartbeat::beat))
        .route("/callbacks/kannel/{channel}/sms", get(callback::kannel::sms))
        .route("/callbacks/kannel/{channel}/status", get(callback::kannel::status))
        .route("/callbacks/twilio/message-status", post(callback::twilio::message_status))
        .route(
            "/callbacks/twilio/sms",
            post(callback::twilio::sms).layer(DefaultBodyLimit::max(callback::twilio::BODY_BYTES_MAX)),
        )
        .route(
            "/callbacks/pushover",
            post(callback::pushover::acknowledged)
                .layer(DefaultBodyLimit::max(callback::pushover::BODY_BYTES_MAX)),
        )
        .route("/callbacks/twilio/voice", post(callback::voice::answered))
        .route("/callbacks/twilio/voice/key", post(callback::voice::key))
        .route("/callbacks/twilio/voice/status", post(callback::voice::status))
        .route("/calendar/{file}", get(calendar::show))
        .merge(page::router())
        .nest("/api/v1", api::router(&app))
        .route("/healthz", get(operations::healthz))
        .route("/readyz", get(operations::readyz))
        .route("/metrics", get(operations::metrics))
        .fallback(page::not_found)
        .with_state(app)
        .layer(axum::middleware::map_response(guarded))
}

/// Nothing of ours is framed, sniffed, cached or told to other sites.
async fn guarded(mut response: axum::response::Response) -> axum::response::Response {
    let headers = response.headers_mut();
    let mut put = |name, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::CACHE_CONTROL, "no-store");
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "no-referrer");
    put(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    response
}

/// The bearer token of a request.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The language that a request asks for.
fn language(headers: &HeaderMap) -> Locale {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Locale::negotiate(wanted.unwrap_or_default())
}

/// The moment that a request names, or now.
fn moment(named: Option<&str>, now: Timestamp) -> Result<Timestamp, Problem> {
    let Some(named) = named else { return Ok(now) };
    let sentence = || format!("`at` is {named:?}: write it as 2026-11-22T03:10:00+01:00");
    Timestamp::parse_rfc3339(named).ok_or_else(|| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence()))
}

/// The zone that a request names, or UTC.
fn zone(named: Option<&str>) -> Result<Tz, Problem> {
    let sentence = |named| format!("`zone` is {named:?}: write an IANA name such as Europe/Berlin");
    named.map_or(Ok(Tz::UTC), |named| {
        named.parse().map_err(|_| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence(named)))
    })
}

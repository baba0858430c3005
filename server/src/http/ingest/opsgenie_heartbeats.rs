//! Opsgenie's heartbeats, in its words: a ping is a beat, and what there is can be read. A heartbeat is called by its
//! source's name. The key is that of the heartbeat's own source, or of any source that speaks as Opsgenie does.
//! Source: <https://docs.opsgenie.com/docs/heartbeat-api>.

use actors::monitor::{Pulse, PulseState};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use events::event::source::{SourceDefined, SourceKind};
use events::{SourceId, Span};
use serde::Deserialize;
use serde_json::{Value, json};

use super::App;

/// Heartbeats are in the configuration, and only there.
const CONFIGURED: &str = "Heartbeats are sources of kind `heartbeat` in the configuration: change it there and run `hotpotato apply`";

/// Opsgenie counts in these units, largest first.
const UNITS: [(&str, u64); 3] = [("days", 86_400), ("hours", 3_600), ("minutes", 60)];

/// Where a key may stand as well.
#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(rename = "apiKey")]
    api_key: Option<String>,
}

/// Whoever may ask: everything, or only about their own heartbeat.
enum Caller {
    Opsgenie,
    Heartbeat(SourceId),
}

impl Caller {
    fn may(&self, name: &str) -> bool {
        match self {
            Self::Opsgenie => true,
            Self::Heartbeat(own) => own.as_str() == name,
        }
    }
}

/// Every address of theirs, under `/integrations/opsgenie/v2/heartbeats` and `/v2/heartbeats`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/", get(list).post(configured))
        .route("/{name}", get(show).patch(configured).put(configured).delete(configured))
        .route("/{name}/enable", post(configured))
        .route("/{name}/disable", post(configured))
        .route("/{name}/ping", get(ping).post(ping).put(ping).patch(ping))
}

/// `GET`, `POST`, `PUT` or `PATCH /integrations/opsgenie/v2/heartbeats/{name}/ping`. 202 also for a heartbeat that does
/// not exist, as the original answers; then it is told to whoever reads the log file.
async fn ping(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let Some(caller) = caller(&app, &headers, &asked) else { return unauthorized() };
    let is_one =
        app.house.directory().sources().get(name.as_str()).is_some_and(|source| is_heartbeat(source));
    if is_one && caller.may(&name) {
        app.house.beat(name.as_str().into());
    } else {
        tracing::warn!(heartbeat = ?name, "a ping for a heartbeat that this key has not");
    }
    said(StatusCode::ACCEPTED, json!({ "result": "PONG - Heartbeat received" }))
}

/// `GET /integrations/opsgenie/v2/heartbeats`: every heartbeat that the key may see.
async fn list(State(app): State<App>, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    let Some(caller) = caller(&app, &headers, &asked) else { return unauthorized() };
    let Some(pulses) = app.house.pulses().await else { return unavailable() };
    let own = pulses.iter().filter(|pulse| caller.may(pulse.source.as_str()));
    let heartbeats: Vec<Value> = own.map(heartbeat).collect();
    said(StatusCode::OK, json!({ "data": { "heartbeats": heartbeats } }))
}

/// `GET /integrations/opsgenie/v2/heartbeats/{name}`: how one stands.
async fn show(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let Some(caller) = caller(&app, &headers, &asked) else { return unauthorized() };
    let Some(pulses) = app.house.pulses().await else { return unavailable() };
    match pulses.iter().find(|pulse| pulse.source.as_str() == name && caller.may(&name)) {
        Some(pulse) => said(StatusCode::OK, json!({ "data": heartbeat(pulse) })),
        None => refused(StatusCode::NOT_FOUND, "Heartbeat does not exist"),
    }
}

/// What would make, change or remove one: all of that is done in the configuration.
async fn configured(State(app): State<App>, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    if caller(&app, &headers, &asked).is_none() {
        return unauthorized();
    }
    refused(StatusCode::FORBIDDEN, CONFIGURED)
}

fn caller(app: &App, headers: &HeaderMap, asked: &Asked) -> Option<Caller> {
    let own = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, key) = own.and_then(|own| own.trim().split_once(' ')).unzip();
    let key = key.filter(|_| scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("GenieKey")));
    let key = key.map(str::trim).or(asked.api_key.as_deref())?;
    let directory = app.house.directory();
    let (source, defined) = directory.source_with_key(key)?;
    match defined.kind {
        SourceKind::Opsgenie => Some(Caller::Opsgenie),
        SourceKind::Heartbeat => Some(Caller::Heartbeat(source.clone())),
        SourceKind::Alertmanager
        | SourceKind::Grafana
        | SourceKind::Pagerduty
        | SourceKind::Generic
        | SourceKind::Goalert
        | SourceKind::Oncall
        | SourceKind::Nagios => None,
    }
}

fn is_heartbeat(source: &SourceDefined) -> bool {
    source.kind == SourceKind::Heartbeat
}

/// One heartbeat in Opsgenie's model. What is silent has expired; what nobody heard yet has no `lastPingTime`.
fn heartbeat(pulse: &Pulse) -> Value {
    let (interval, unit) = interval(pulse.every);
    json!({
        "name": pulse.source, "description": "", "enabled": true,
        "interval": interval, "intervalUnit": unit,
        "expired": pulse.state == PulseState::Silent,
        "lastPingTime": pulse.last_at.map(|at| at.to_string()),
    })
}

/// In Opsgenie's units; what is no whole number of minutes is rounded up.
fn interval(every: Span) -> (u64, &'static str) {
    let seconds = every.as_micros().div_ceil(1_000_000).max(1);
    let whole = UNITS.into_iter().find(|(_, unit)| seconds.is_multiple_of(*unit));
    whole.map_or((seconds.div_ceil(60), "minutes"), |(name, unit)| (seconds / unit, name))
}

fn unauthorized() -> Response {
    refused(StatusCode::UNAUTHORIZED, "Key format is not valid or no source has this key!")
}

fn unavailable() -> Response {
    refused(StatusCode::SERVICE_UNAVAILABLE, "Nobody answers for the heartbeats right now, try again")
}

fn refused(status: StatusCode, message: &str) -> Response {
    said(status, json!({ "message": message }))
}

fn said(status: StatusCode, mut body: Value) -> Response {
    body["took"] = json!(0);
    body["requestId"] = json!(request_id());
    (status, Json(body)).into_response()
}

/// A number for the request, in the shape of a UUID of version 4, since clients parse it as one.
fn request_id() -> String {
    let mut bytes = [0; 16];
    // Without random numbers all requests are called the same: nothing here goes by the name.
    let _ = getrandom::fill(&mut bytes);
    let number = u128::from_be_bytes(bytes) & !(0xf << 76) | (4 << 76);
    let number = number & !(0x3 << 62) | (2 << 62);
    let hex = format!("{number:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_told_in_opsgenies_units() {
        for (seconds, told) in [
            (86_400, (1, "days")),
            (7_200, (2, "hours")),
            (5_400, (90, "minutes")),
            (61, (2, "minutes")),
            (1, (1, "minutes")),
        ] {
            assert_eq!(interval(Span::from_seconds(seconds)), told, "{seconds}");
        }
    }

    #[test]
    fn a_request_is_called_by_a_uuid() {
        let id = request_id();
        let parts: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{id}");
        assert!(id[14..].starts_with('4') && "89ab".contains(&id[19..20]), "{id}");
        assert_ne!(id, request_id());
    }
}

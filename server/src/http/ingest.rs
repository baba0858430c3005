//! Where sources speak. They hear 2xx only once their signals are durable, and 503 when they should come again:
//! Alertmanager drops what is answered with any 4xx.

use actors::alarm::Trouble;
use actors::alert::Declined;
use actors::shell::Provenance;
use adapters::source::{Delivery, SourceError, alertmanager as alertmanager_body, generic as generic_body};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::alert::Refusal;
use events::event::source::SourceKind;
use events::{Author, SourceId};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::App;
use super::problem::Problem;

/// So many signals of one body are on their way into the log at once.
const SIGNALS_AT_ONCE: usize = 256;

/// `POST /integrations/alertmanager/{key}`: Alertmanager's webhook, version 4, and Grafana's.
pub async fn alertmanager(
    State(app): State<App>,
    Path(key): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Problem> {
    let kinds = [SourceKind::Alertmanager, SourceKind::Grafana];
    take(&app, &key, &kinds, body, alertmanager_body::read).await
}

/// `POST /integrations/generic/{key}`: any JSON in our own shape.
pub async fn generic(
    State(app): State<App>,
    Path(key): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Problem> {
    take(&app, &key, &[SourceKind::Generic], body, generic_body::read).await
}

/// Addresses that belong to source kinds which do not exist yet.
pub async fn not_built() -> Problem {
    let sentence = "this kind of source is not built yet: use /integrations/alertmanager/KEY or /integrations/generic/KEY";
    Problem::new(StatusCode::NOT_IMPLEMENTED, sentence)
}

async fn take(
    app: &App,
    key: &str,
    kinds: &[SourceKind],
    body: Result<Bytes, BytesRejection>,
    read: impl Fn(&[u8]) -> Result<Delivery, SourceError>,
) -> Result<Json<Value>, Problem> {
    let source = source(app, key, kinds)?;
    let body = body.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let delivery = read(&body).map_err(|error| malformed(app, &source, &error))?;
    if delivery.truncated_count > 0 {
        tracing::warn!(%source, lost = delivery.truncated_count, "the source left alerts out of its message");
    }
    let provenance = app.provenance(Author::Source(source.clone()));
    let mut alerts = Vec::with_capacity(delivery.signals.len());
    let mut signals = delivery.signals.into_iter();
    loop {
        let some: Vec<_> = signals.by_ref().take(SIGNALS_AT_ONCE).collect();
        if some.is_empty() {
            break;
        }
        let taken = some.into_iter().map(|received| {
            app.house.signal(
                source.clone(),
                received.dedup_key,
                received.signal,
                Provenance::clone(&provenance),
            )
        });
        for done in join_all(taken).await {
            alerts.extend(done.map_err(|declined| turned_away(app, &source, declined))?.alert);
        }
    }
    Ok(Json(json!({ "status": "accepted", "alerts": alerts })))
}

fn source(app: &App, key: &str, kinds: &[SourceKind]) -> Result<SourceId, Problem> {
    let directory = app.house.directory();
    match directory.source_with_key(key) {
        Some((source, defined)) if kinds.contains(&defined.kind) => Ok(source.clone()),
        Some((source, _)) => {
            let sentence = format!("source {source} is of another kind: post to the address of its kind");
            Err(Problem::not_found(sentence))
        }
        None => {
            Err(Problem::not_found("no source has this key: check the address against the source's key file"))
        }
    }
}

fn malformed(app: &App, source: &SourceId, error: &SourceError) -> Problem {
    app.house.ports().meter.malformed.increase();
    tracing::warn!(%source, %error, "a body was refused");
    let status = match error {
        SourceError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        SourceError::Empty
        | SourceError::NotUtf8 { .. }
        | SourceError::NotJson { .. }
        | SourceError::TooDeep { .. }
        | SourceError::NotAnObject { .. }
        | SourceError::FieldWrong { .. }
        | SourceError::TooMany { .. } => StatusCode::BAD_REQUEST,
    };
    Problem::new(status, error.to_string()).with("field", error.field().into())
}

fn turned_away(app: &App, source: &SourceId, declined: Declined) -> Problem {
    if declined == Declined::Refused(Refusal::NoRoute) {
        app.house.bell().ring(Trouble::NoRoute { source: source.to_string() });
    }
    tracing::warn!(%source, %declined, "a signal was turned away; its source will send it again");
    Problem::from(declined)
}

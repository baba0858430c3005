//! Where sources speak. They hear 2xx only once their signals are durable, and 503 when they should come again:
//! Alertmanager drops what is answered with any 4xx. Who has an interface of their own is answered in its words, by a
//! file in here.

pub mod body;
pub mod door;
pub mod goalert;
pub mod heartbeat;
#[cfg(test)]
mod limits;
pub mod nagios;
pub mod opsgenie;
pub mod opsgenie_heartbeats;
pub mod pagerduty;

use actors::alarm::Trouble;
use actors::alert::Declined;
use actors::shell::Provenance;
use adapters::source::{
    Deed, Delivery, Remark, SourceError, alertmanager as alertmanager_body, generic as generic_body,
    oncall as oncall_body,
};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::alert::{Order, Refusal};
use events::event::alert::Way;
use events::event::source::SourceKind;
use events::{AlertId, Author, SourceId, SymptomId};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::App;
use super::problem::Problem;

pub use body::{Body, Held, Unread};

/// So many signals of one body wait for their source's turn at once.
const SIGNALS_AT_ONCE: usize = 256;

/// A body that is longer is read beside the threads on which everybody else is served.
const READ_BESIDE_BYTES_MIN: usize = 128 * 1_024;

/// Reads a body from a place of its list on.
type Read = fn(&[u8], usize) -> Result<Delivery, SourceError>;

/// Why what a source said was not taken. Each address says so in its sender's own way.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotTaken {
    /// No source has this key.
    #[error("no source has this key: check the address against the source's key file")]
    UnknownKey,
    /// The key is that of a source which speaks something else.
    #[error("source {0} is of another kind: post to the address of its kind")]
    OtherKind(SourceId),
    /// The body did not arrive.
    #[error(transparent)]
    Body(Unread),
    /// The body says nothing that could be understood.
    #[error(transparent)]
    Malformed(#[from] SourceError),
    /// The house does not take it, or not now.
    #[error(transparent)]
    TurnedAway(Declined),
}

impl NotTaken {
    /// What it means in HTTP.
    fn status(&self) -> StatusCode {
        match self {
            Self::UnknownKey | Self::OtherKind(_) => StatusCode::NOT_FOUND,
            Self::Body(unread) => unread.status(),
            Self::Malformed(SourceError::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::TurnedAway(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl From<NotTaken> for Problem {
    fn from(not_taken: NotTaken) -> Self {
        match not_taken {
            NotTaken::TurnedAway(declined) => Self::from(declined),
            NotTaken::Malformed(error) => {
                let status = NotTaken::Malformed(error.clone()).status();
                Self::new(status, error.to_string()).with("field", error.field().into())
            }
            other => Self::new(other.status(), other.to_string()),
        }
    }
}
/// `POST /integrations/alertmanager/{key}`: Alertmanager's webhook, version 4, and Grafana's.
pub async fn alertmanager(
    State(app): State<App>,
    Path(key): Path<String>,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let kinds = [SourceKind::Alertmanager, SourceKind::Grafana];
    webhook(&app, &key, &kinds, body, alertmanager_body::read_from).await
}

/// `POST /integrations/generic/{key}`: any JSON in our own shape.
pub async fn generic(
    State(app): State<App>,
    Path(key): Path<String>,
    body: Body,
) -> Result<Json<Value>, Problem> {
    webhook(&app, &key, &[SourceKind::Generic], body, generic_body::read_from).await
}

/// `POST /integrations/oncall/{key}`, also `/integrations/v1/formatted_webhook/{key}`: Grafana `OnCall`'s formatted
/// webhook, answered as there.
pub async fn oncall(
    State(app): State<App>,
    Path(key): Path<String>,
    body: Body,
) -> Result<&'static str, Problem> {
    let Json(_) = webhook(&app, &key, &[SourceKind::Oncall], body, |body, _| oncall_body::read(body)).await?;
    Ok("Ok.")
}

/// A webhook whose answer nobody reads beyond its status.
async fn webhook(
    app: &App,
    key: &str,
    kinds: &[SourceKind],
    body: Body,
    read: Read,
) -> Result<Json<Value>, Problem> {
    let source = source(app, key, kinds)?;
    let body = body.read()?;
    let (mut alerts, mut part) = (Vec::new(), Some(0));
    while let Some(from) = part {
        let delivery = read_beside(read, &body, from).await;
        let mut delivery = delivery.map_err(|error| malformed(app, &source, error))?;
        part = delivery.goes_on_at.take();
        alerts.append(&mut deliver(app, &source, delivery).await?);
    }
    Ok(Json(json!({ "status": "accepted", "alerts": alerts })))
}

/// Reads a part of a body, a long one where nobody waits for the thread.
async fn read_beside(read: Read, body: &Held, from: usize) -> Result<Delivery, SourceError> {
    if body.len() < READ_BESIDE_BYTES_MIN {
        return read(body, from);
    }
    let body = body.clone();
    let reading = tokio::task::spawn_blocking(move || read(&body, from));
    reading.await.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
}

/// The source that has this key, if it is of one of these kinds.
fn source(app: &App, key: &str, kinds: &[SourceKind]) -> Result<SourceId, NotTaken> {
    match app.house.directory().source_with_key(key) {
        Some((source, defined)) if kinds.contains(&defined.kind) => Ok(source.clone()),
        Some((source, _)) => Err(NotTaken::OtherKind(source.clone())),
        None => Err(NotTaken::UnknownKey),
    }
}

/// A body that nobody understands is counted and told.
fn malformed(app: &App, source: &SourceId, error: SourceError) -> NotTaken {
    app.house.ports().meter.malformed.increase();
    tracing::warn!(%source, %error, "a body was refused");
    NotTaken::Malformed(error)
}

/// Takes what a source said. Once it is Ok, all of it is durable: the alerts in the order of the signals, none where no
/// alert is about one.
async fn deliver(app: &App, source: &SourceId, delivery: Delivery) -> Result<Vec<Option<AlertId>>, NotTaken> {
    deliver_by(app, source, delivery, &app.provenance(Author::Source(source.clone()))).await
}

/// The same, in a request that has its number already.
async fn deliver_by(
    app: &App,
    source: &SourceId,
    delivery: Delivery,
    provenance: &Provenance,
) -> Result<Vec<Option<AlertId>>, NotTaken> {
    if delivery.truncated_count > 0 {
        app.house.ports().meter.lost_upstream.increase_by(delivery.truncated_count);
        tracing::warn!(%source, lost = delivery.truncated_count, "the source left alerts out of its message");
    }
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
                Provenance::clone(provenance),
            )
        });
        for done in join_all(taken).await {
            alerts.push(done.map_err(|declined| turned_away(app, source, declined))?.alert);
        }
    }
    for remark in delivery.remarks {
        remarked(app, source, remark, Provenance::clone(provenance)).await?;
    }
    Ok(alerts)
}

/// What the people of a source did counts for the alert that is about their symptom. That it means nothing to this one
/// is no reason to turn them away: they would only say it again.
async fn remarked(
    app: &App,
    source: &SourceId,
    remark: Remark,
    provenance: Provenance,
) -> Result<Option<AlertId>, NotTaken> {
    let by = Author::Source(source.clone());
    let order = match remark.deed {
        Deed::Acknowledged => Order::Acknowledge { by, way: Way::Source },
        Deed::Noted(text) => Order::Note { by, text },
        Deed::Held { until } => Order::Hold { by, until, unless_joined: 0 },
    };
    let symptom = SymptomId::derive(source, &remark.dedup_key);
    match app.house.order_about(symptom, order, provenance).await {
        Ok(done) => Ok(done.alert),
        Err(Declined::Refused(refusal)) => {
            tracing::info!(%source, %refusal, "what a source's people did means nothing here");
            Ok(None)
        }
        Err(declined) => Err(turned_away(app, source, declined)),
    }
}

fn turned_away(app: &App, source: &SourceId, declined: Declined) -> NotTaken {
    if declined == Declined::Refused(Refusal::NoRoute) {
        app.house.bell().ring(Trouble::NoRoute { source: source.to_string() });
    }
    tracing::warn!(%source, %declined, "a signal was turned away; its source will send it again");
    NotTaken::TurnedAway(declined)
}

//! Notifications of Nagios and Icinga, as `hotpotato notify` posts them.

use adapters::source::{Delivery, nagios as body};
use axum::Json;
use axum::extract::{Path, State};
use events::event::signal::Status;
use events::event::source::SourceKind;
use serde_json::{Value, json};

use super::{App, Body, Problem, deliver, malformed, source};

/// `POST /integrations/nagios/{key}`: the macros of one notification.
pub async fn take(
    State(app): State<App>,
    Path(key): Path<String>,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let source = source(&app, &key, &[SourceKind::Nagios])?;
    let body = body.read()?;
    let mut delivery = body::read(&body).map_err(|error| malformed(&app, &source, error))?;
    if delivery.signals.iter().any(|received| received.signal.status == Status::Resolved) {
        // What is noted with the end of a problem belongs into its timeline, which takes nothing after the end.
        let remarks = std::mem::take(&mut delivery.remarks);
        deliver(&app, &source, Delivery { remarks, ..Delivery::default() }).await?;
    }
    let alerts = deliver(&app, &source, delivery).await?;
    Ok(Json(json!({ "status": "accepted", "alerts": alerts })))
}

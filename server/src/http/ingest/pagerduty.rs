//! `PagerDuty`'s Events API, answered in its words and codes: 202 for what is taken, 400 for what is wrong, 429 when there
//! is no room, 5xx when it should come again.

use adapters::source::pagerduty::{self as body, Event};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use events::event::source::SourceKind;
use serde_json::json;

use actors::alert::Declined;

use super::{App, Body, NotTaken, deliver, malformed, source};

/// Its clients come again after so many seconds when they hear 429.
const RETRY_AFTER_SECONDS: &str = "30";

/// `POST /integrations/pagerduty/v2/enqueue`, also `/v2/enqueue`.
pub async fn enqueue(State(app): State<App>, body: Body) -> Response {
    match take(&app, body).await {
        Ok(event) => {
            let said =
                json!({ "status": "success", "message": "Event processed", "dedup_key": event.dedup_key });
            (StatusCode::ACCEPTED, Json(said)).into_response()
        }
        Err(not_taken) => refuse(&not_taken),
    }
}

async fn take(app: &App, body: Body) -> Result<Event, NotTaken> {
    let body = body.map_err(NotTaken::Body)?;
    // Nobody knows whose body it is before it is read.
    let mut event = body::read(&body).map_err(|error| malformed(app, &"pagerduty".into(), error))?;
    let source = source(app, &event.routing_key, &[SourceKind::Pagerduty])?;
    deliver(app, &source, std::mem::take(&mut event.delivery)).await?;
    Ok(event)
}

fn refuse(not_taken: &NotTaken) -> Response {
    let (status, word, message) = match not_taken {
        NotTaken::TurnedAway(Declined::Busy) => (
            StatusCode::TOO_MANY_REQUESTS,
            "throttle exceeded",
            "Requests for this service are arriving too quickly.",
        ),
        NotTaken::TurnedAway(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Event not processed, try again")
        }
        // There is no other word for a key that nobody has.
        NotTaken::UnknownKey | NotTaken::OtherKind(_) => {
            (StatusCode::BAD_REQUEST, "invalid key", "Event object is invalid")
        }
        NotTaken::Body(_) | NotTaken::Malformed(_) => {
            (not_taken.status(), "invalid event", "Event object is invalid")
        }
    };
    let said = json!({ "status": word, "message": message, "errors": [not_taken.to_string()] });
    let mut response = (status, Json(said)).into_response();
    if matches!(not_taken, NotTaken::TurnedAway(_)) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS));
    }
    response
}

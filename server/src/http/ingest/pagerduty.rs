//! `PagerDuty`'s Events API, answered in its words and codes: 202 for what is taken, 400 for what is wrong, 429 when there
//! is no room, 5xx when it should come again.

use adapters::source::pagerduty::{self as body, Event};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use events::Author;
use events::event::change::ChangeTold;
use events::event::source::SourceKind;
use serde_json::json;

use actors::alert::Declined;

use super::{App, Body, NotTaken, deliver, malformed, source, turned_away};

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

/// `POST /integrations/pagerduty/v2/change/enqueue`, also `/v2/change/enqueue`: what was changed elsewhere. It pages
/// nobody, and is shown beside the alerts that come soon after.
pub async fn change(State(app): State<App>, body: Body) -> Response {
    match take_change(&app, body).await {
        Ok(()) => {
            let said = json!({ "status": "success", "message": "Change event processed" });
            (StatusCode::ACCEPTED, Json(said)).into_response()
        }
        Err(not_taken) => refuse(&not_taken),
    }
}

async fn take_change(app: &App, body: Body) -> Result<(), NotTaken> {
    let body = body.read()?;
    let change = body::read_change(&body).map_err(|error| malformed(app, &"pagerduty".into(), error))?;
    let source = source(app, &change.routing_key, &[SourceKind::Pagerduty])?;
    let body::Change { summary, details, changed_at, .. } = change;
    let told = ChangeTold { source: source.clone(), summary, details, changed_at };
    let provenance = app.provenance(Author::Source(source.clone()));
    app.house.changed(told, provenance).await.map_err(|declined| turned_away(app, &source, declined))
}

async fn take(app: &App, body: Body) -> Result<Event, NotTaken> {
    let body = body.read()?;
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
        // Its clients know no other code for a key that nobody has.
        NotTaken::UnknownKey | NotTaken::OtherKind(_) => {
            (StatusCode::BAD_REQUEST, "invalid event", "Event object is invalid")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_turned_away_comes_again() {
        let unavailable = || Declined::Unavailable { reason: "the log is full".to_owned() };
        for (declined, expected) in [
            (Declined::Busy, StatusCode::TOO_MANY_REQUESTS),
            (unavailable(), StatusCode::SERVICE_UNAVAILABLE),
        ] {
            let response = refuse(&NotTaken::TurnedAway(declined));
            assert_eq!(response.status(), expected);
            assert_eq!(response.headers()[header::RETRY_AFTER], RETRY_AFTER_SECONDS);
        }
        let response = refuse(&NotTaken::UnknownKey);
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert!(!response.headers().contains_key(header::RETRY_AFTER));
    }
}

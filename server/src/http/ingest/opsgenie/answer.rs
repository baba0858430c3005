//! Answers in Opsgenie's shape: `{result|data, took, requestId}`, `{message, code, took, requestId}`, and its headers.

use actors::alert::Declined;
use actors::shell::Provenance;
use adapters::source::SourceError;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use events::{Cause, SourceId, Timestamp};
use serde_json::{Value, json};

use super::super::NotTaken;
use super::Asked;
use super::receipt::Receipt;

/// Its clients come again after so many seconds when they hear 429.
const RETRY_AFTER_SECONDS: &str = "30";
/// Over so many seconds its clients believe to be counted.
const RATE_PERIOD_SECONDS: &str = "60";

/// Why a request was not done.
#[derive(Debug)]
pub(super) struct Fault {
    status: StatusCode,
    code: u16,
    message: String,
    /// Which field, and what is wrong with it.
    field: Option<(String, String)>,
}

impl Fault {
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, code: status.as_u16(), message: message.into(), field: None }
    }

    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "Could not authenticate: no source has this key. Send it as `Authorization: GenieKey KEY`",
        )
    }

    pub fn forbidden(source: &SourceId) -> Self {
        let message = format!("source {source} is of another kind: post to the address of its kind");
        Self { code: 40_301, ..Self::new(StatusCode::FORBIDDEN, message) }
    }

    pub fn no_such_alert() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Alert does not exist")
    }

    pub fn no_such_address() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found: there is nothing at this address")
    }

    pub fn no_such_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed: use the one that Opsgenie documents")
    }

    pub fn not_built() -> Self {
        let message = "this part of Opsgenie's interface is not built: use /v2/alerts";
        Self::new(StatusCode::NOT_IMPLEMENTED, message)
    }

    /// A field says what cannot be done.
    pub fn wrong(field: &str, sentence: impl Into<String>) -> Self {
        Self {
            field: Some((field.to_owned(), sentence.into())),
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Request body is not processable. Please check the errors.",
            )
        }
    }
}

impl From<NotTaken> for Fault {
    fn from(not_taken: NotTaken) -> Self {
        match &not_taken {
            NotTaken::TurnedAway(Declined::Busy) => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "You are making too many requests!")
            }
            NotTaken::Malformed(SourceError::FieldWrong { field, .. }) => {
                Self::wrong(&field.clone(), not_taken.to_string())
            }
            NotTaken::Malformed(_) | NotTaken::Body(_) | NotTaken::TurnedAway(_) | NotTaken::UnknownKey => {
                Self::new(not_taken.status(), not_taken.to_string())
            }
            NotTaken::OtherKind(source) => Self::forbidden(source),
        }
    }
}

impl Asked {
    /// What is answered to a write.
    pub fn accept(&self, done: Result<Receipt, Fault>) -> Response {
        match done {
            Ok(receipt) => {
                let body = json!({ "result": "Request will be processed" });
                self.answer(StatusCode::ACCEPTED, body, &receipt.to_string())
            }
            Err(fault) => refuse(&fault, &self.provenance, self.began_at, self.app.house.now()),
        }
    }

    /// What is answered to a question: an object with `data`, to which the rest is added.
    pub fn give(&self, found: Result<Value, Fault>) -> Response {
        match found {
            Ok(body) => self.answer(StatusCode::OK, body, &number(&self.provenance)),
            Err(fault) => refuse(&fault, &self.provenance, self.began_at, self.app.house.now()),
        }
    }

    fn answer(&self, status: StatusCode, body: Value, request: &str) -> Response {
        finish(status, body, request, "OK", self.began_at, self.app.house.now())
    }
}

/// Says why not.
pub(super) fn refuse(
    fault: &Fault,
    provenance: &Provenance,
    began_at: Timestamp,
    now: Timestamp,
) -> Response {
    let mut body = json!({ "message": fault.message, "code": fault.code });
    if let Some((field, sentence)) = &fault.field {
        body["errors"] = json!({ field: sentence });
    }
    let is_throttled = fault.status == StatusCode::TOO_MANY_REQUESTS;
    let state = if is_throttled { "THROTTLED" } else { "OK" };
    let mut response = finish(fault.status, body, &number(provenance), state, began_at, now);
    let mut put = |name, value| response.headers_mut().insert(name, HeaderValue::from_static(value));
    if is_throttled {
        put(HeaderName::from_static("x-ratelimit-reason"), "INTEGRATION");
    }
    if is_throttled || fault.status == StatusCode::SERVICE_UNAVAILABLE {
        put(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    response
}

fn finish(
    status: StatusCode,
    mut body: Value,
    request: &str,
    state: &'static str,
    began_at: Timestamp,
    now: Timestamp,
) -> Response {
    let took_millis = std::time::Duration::from(now.since(began_at)).as_millis();
    body["took"] = json!(u32::try_from(took_millis).map_or(f64::MAX, f64::from) / 1_000.0);
    body["requestId"] = request.into();
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    let mut put = |name, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    put("x-request-id", request.to_owned());
    put("x-response-time", format!("{took_millis}"));
    put("x-ratelimit-state", state.to_owned());
    put("x-ratelimit-period-in-sec", RATE_PERIOD_SECONDS.to_owned());
    response
}

/// The number of a request that nobody asks about later.
fn number(provenance: &Provenance) -> String {
    match &provenance.cause {
        Cause::Request(number) => number.to_string(),
        Cause::Record(id) => id.to_string(),
        Cause::Deadline => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use events::Author;

    use super::*;

    fn refused(declined: Declined) -> Response {
        let provenance = Provenance { by: Author::House, cause: Cause::Request("1.2".into()) };
        let at = Timestamp::from_micros(1_000_000);
        refuse(&NotTaken::TurnedAway(declined).into(), &provenance, at, at)
    }

    #[test]
    fn whoever_is_turned_away_comes_again() {
        let busy = refused(Declined::Busy);
        assert_eq!(busy.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(busy.headers()["x-ratelimit-state"], "THROTTLED");
        let unavailable = refused(Declined::Unavailable { reason: "the log is full".to_owned() });
        assert_eq!(unavailable.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(unavailable.headers()["x-ratelimit-state"], "OK");
        for response in [busy, unavailable] {
            assert_eq!(response.headers()[header::RETRY_AFTER], RETRY_AFTER_SECONDS);
            assert_eq!(response.headers()["x-request-id"], "1.2");
        }
    }
}

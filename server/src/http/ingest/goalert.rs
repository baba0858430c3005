//! `GoAlert`'s generic API, answered as there: 204, or 200 with the alert where JSON is asked for; 401 for a wrong token,
//! 400 for what is wrong, 5xx when it should come again.

use adapters::source::SourceError;
use adapters::source::goalert::Fields;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::directory::key_sha256;
use events::event::source::SourceKind;
use events::{AlertId, Author, ServiceId};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{App, Body, NotTaken, deliver_by, malformed, source};

/// Names and values of an address, in order.
type Words = Query<Vec<(String, String)>>;

/// `POST /api/v2/generic/incoming?token=KEY`, also under `/integrations/goalert`.
pub async fn incoming(State(app): State<App>, query: Words, headers: HeaderMap, body: Body) -> Response {
    answer(take(&app, None, &query, &headers, body).await, &headers)
}

/// `POST /integrations/goalert/{key}`.
pub async fn with_key(
    State(app): State<App>,
    Path(key): Path<String>,
    query: Words,
    headers: HeaderMap,
    body: Body,
) -> Response {
    answer(take(&app, Some(&key), &query, &headers, body).await, &headers)
}

/// What became of it.
#[derive(Debug, Default)]
struct Taken {
    alert: Option<AlertId>,
    service: Option<ServiceId>,
    is_new: bool,
}

async fn take(
    app: &App,
    key: Option<&str>,
    query: &Words,
    headers: &HeaderMap,
    body: Body,
) -> Result<Taken, NotTaken> {
    let body = body.read()?;
    let fields = read(query, headers, &body);
    let in_address = query.iter().find(|(name, _)| name == "token").map(|(_, token)| token.as_str());
    let token =
        in_address.or_else(|| fields.as_ref().ok().map(Fields::token)).filter(|token| !token.is_empty());
    let key = key.or(token).or_else(|| crate::http::bearer(headers)).unwrap_or_default();
    let source = source(app, key, &[SourceKind::Goalert])?;
    let fields = fields.map_err(|error| malformed(app, &source, error))?;
    let delivery = fields.delivery().map_err(|error| malformed(app, &source, error))?;
    let provenance = app.provenance(Author::Source(source.clone()));
    let alerts = deliver_by(app, &source, delivery, &provenance).await?;
    let Some(alert) = alerts.first().copied().flatten() else { return Ok(Taken::default()) };
    if !wants_json(headers) {
        return Ok(Taken { alert: Some(alert), ..Taken::default() });
    }
    // What it led to is durable; what cannot be read of it now is only left out of the answer.
    let entries = app.house.ports().journal.read_what_is_left(&alert.stream()).await.unwrap_or_default();
    let is_new = entries.first().is_some_and(|first| first.cause == provenance.cause);
    let folded = crate::timeline::fold_at(&entries, events::Timestamp::from_micros(i64::MAX));
    let assignment = folded.subject().and_then(|subject| subject.assignment.as_ref());
    Ok(Taken { alert: Some(alert), service: assignment.map(|assignment| assignment.service.clone()), is_new })
}

/// The fields of the address, of a form, and of a JSON object.
fn read(query: &Words, headers: &HeaderMap, body: &[u8]) -> Result<Fields, SourceError> {
    let mut fields = Fields::default();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        fields.put_form(body);
    }
    query.iter().for_each(|(name, value)| fields.put(name, value));
    if kind.to_ascii_lowercase().contains("json") {
        fields.put_json(body)?;
    }
    Ok(fields)
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|value| value == "application/json")
}

fn answer(taken: Result<Taken, NotTaken>, headers: &HeaderMap) -> Response {
    match taken {
        Ok(_) if !wants_json(headers) => StatusCode::NO_CONTENT.into_response(),
        Ok(taken) => Json(json!({
            "AlertID": taken.alert.map_or(0, |alert| number(&alert)),
            "ServiceID": taken.service.map_or_else(String::new, |service| uuid(&service)),
            "IsNew": taken.is_new,
        }))
        .into_response(),
        Err(not_taken) => {
            let status = match not_taken {
                NotTaken::UnknownKey => StatusCode::UNAUTHORIZED,
                NotTaken::OtherKind(_) => StatusCode::FORBIDDEN,
                NotTaken::Body(_) | NotTaken::Malformed(_) | NotTaken::TurnedAway(_) => not_taken.status(),
            };
            (status, format!("{not_taken}\n")).into_response()
        }
    }
}

/// Its clients know alerts by a number: the leading bits of a hash, as many as every JSON reader takes.
fn number(alert: &AlertId) -> u64 {
    let hash = Sha256::digest(alert.to_string());
    hash.iter().take(6).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Its clients know services by a UUID: one that is made of the name, the same every time.
fn uuid(service: &ServiceId) -> String {
    let hex = key_sha256(service.as_str());
    // Version 8: in a manner of one's own.
    format!("{}-{}-8{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            "application/x-www-form-urlencoded; charset=utf-8".parse().expect("a value"),
        );
        let query = Query(vec![("summary".to_owned(), "ignored: the form is first".to_owned())]);
        let fields = read(&query, &headers, b"summary=disk+%2Fvar&meta=team%3Ddb&meta=a%3Db%3Dc&odd=%ff")
            .expect("fields");
        let signal = &fields.delivery().expect("a delivery").signals[0].signal;
        assert_eq!(signal.summary, "disk /var");
        assert_eq!(signal.labels["team"], "db");
        assert_eq!(signal.labels["a"], "b=c");
    }

    #[test]
    fn a_service_is_a_uuid() {
        let uuid = uuid(&"shop".into());
        assert_eq!(uuid.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{uuid}");
        assert!(uuid.bytes().all(|letter| letter == b'-' || letter.is_ascii_hexdigit()), "{uuid}");
    }
}

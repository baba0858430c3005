//! The calls of Pushover's API, one function each.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderMap, Method, Response, Uri};
use axum::routing::{get, post};
use serde_json::json;

use super::Pushover;
use super::emergency::Emergency;
use super::message::{self, Mistakes};
use crate::exchange::{Question, read_fields};
use crate::fields::Fields;
use crate::ledger::Call;
use crate::moment;
use crate::wire::Wire;

/// Room for the largest attachment (5,242,880 bytes) in base64 with its message.
const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Returns the routes; what fits none is recorded as unknown.
pub fn router(pushover: Pushover) -> Router {
    Router::new()
        .route("/1/messages.json", post(send))
        .route("/1/receipts/{receipt}", get(receipt_status))
        .route("/1/receipts/{receipt}/cancel.json", post(cancel))
        .route("/1/receipts/cancel_by_tag/{tag}", post(cancel_by_tag))
        .route("/1/apps/limits.json", get(limits))
        .route("/1/users/validate.json", post(validate))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(pushover)
}

async fn send(
    State(pushover): State<Pushover>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let fields = read_fields(query.as_deref(), &headers, &body);
    let value = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let question = Question {
        call: Call::Send,
        destination: value("user"),
        text: value("message"),
        fields: fields.clone(),
    };
    pushover.run(&wire, question, |behaviour| pushover.accept(&fields, behaviour)).await
}

async fn receipt_status(
    State(pushover): State<Pushover>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    let fields = read_fields(query.as_deref(), &HeaderMap::new(), b"");
    let receipt = name.strip_suffix(".json").unwrap_or(&name);
    let question = about(Call::Status, receipt, &fields);
    let now = moment::unix_seconds();
    let process = |token: &str| match pushover.lock().emergencies.get(receipt) {
        Some(emergency) if emergency.token == token => pushover.success(emergency.status(now)),
        _ => pushover.refuse(404, &Mistakes::receipt()),
    };
    pushover.run(&wire, question, |_| pushover.with_token(&fields, process)).await
}

async fn cancel(
    State(pushover): State<Pushover>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Path(receipt): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let fields = read_fields(query.as_deref(), &headers, &body);
    let question = about(Call::Cancel, &receipt, &fields);
    let now = moment::unix_seconds();
    let process = |token: &str| match pushover.lock().emergencies.get_mut(&receipt) {
        Some(emergency) if emergency.token == token => {
            emergency.cancel(now);
            pushover.success(json!({}))
        }
        _ => pushover.refuse(404, &Mistakes::receipt()),
    };
    pushover.run(&wire, question, |_| pushover.with_token(&fields, process)).await
}

async fn cancel_by_tag(
    State(pushover): State<Pushover>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let fields = read_fields(query.as_deref(), &headers, &body);
    let tag = name.strip_suffix(".json").unwrap_or(&name);
    let question = about(Call::Cancel, tag, &fields);
    let now = moment::unix_seconds();
    let process = |token: &str| {
        let mut sent = pushover.lock();
        let tagged = |emergency: &&mut Emergency| {
            emergency.token == token && emergency.tags.iter().any(|other| other == tag)
        };
        let rang = sent.emergencies.values_mut().filter(tagged).map(|emergency| emergency.cancel(now));
        let cancelled = rang.filter(|rang| *rang).count();
        pushover.success(json!({ "canceled": cancelled }))
    };
    pushover.run(&wire, question, |_| pushover.with_token(&fields, process)).await
}

async fn limits(
    State(pushover): State<Pushover>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    let fields = read_fields(query.as_deref(), &HeaderMap::new(), b"");
    let question = about(Call::Account, "", &fields);
    let process = |_: &str| pushover.success(pushover.lock().quota.limits());
    pushover.run(&wire, question, |_| pushover.with_token(&fields, process)).await
}

async fn validate(
    State(pushover): State<Pushover>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let fields = read_fields(query.as_deref(), &headers, &body);
    let user = fields.get("user").cloned().unwrap_or_default();
    let question = about(Call::Account, &user, &fields);
    let process = |_: &str| {
        if message::is_user(&user, pushover.options()) {
            pushover.success(json!({ "group": 0, "devices": ["phone"], "licenses": ["Android"] }))
        } else {
            pushover.refuse(400, &Mistakes::user())
        }
    };
    pushover.run(&wire, question, |_| pushover.with_token(&fields, process)).await
}

async fn unknown(
    State(pushover): State<Pushover>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let question = Question::unknown(&method, &uri, &headers, &body);
    pushover.run(&wire, question, |_| pushover.refuse(404, &Mistakes::of("", "not found"))).await
}

fn about(call: Call, destination: &str, fields: &Fields) -> Question {
    Question { call, destination: destination.to_owned(), text: String::new(), fields: fields.clone() }
}

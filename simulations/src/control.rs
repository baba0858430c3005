//! The control API: how a test in another process reads the ledger, scripts misbehaviour and plays the person.
//!
//! | request | answer |
//! | --- | --- |
//! | `GET /addresses` | [`Addresses`](crate::stand_ins::Addresses) |
//! | `GET /ledger?after=SEQ` | array of [`Entry`]; see [`LedgerQuery`] for filters and waiting |
//! | `DELETE /ledger` | 204 |
//! | `GET /behaviour/{pushover\|twilio\|kannel\|snpp\|tap}` | array of [`Rule`] with what is left of them |
//! | `PUT /behaviour/{pushover\|twilio\|kannel\|snpp\|tap}` | one rule or an array of rules replaces all; 204 |
//! | `DELETE /behaviour` | all providers behave again; 204 |
//! | `GET /pushover/ringing` | array of emergencies that ring now |
//! | `POST /pushover/acknowledge` | [`AcknowledgeRequest`] → `{"acknowledged":[receipt…]}`; 404 if nothing such rings |
//! | `POST /snpp/progress` | [`PagerProgress`]: how far the last two-way page is; 204, or 404 if there is none |
//! | `PUT /twilio/phone` | [`PhoneRequest`]: what happens when a number is called; 204 |
//! | `POST /twilio/reply` | [`IncomingSms`] → `{"code":…,"body":…}`: what the product answered |
//! | `POST /kannel/reply` | the same; `url` is a `get-url` with its escape codes |

use std::io;
use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::behaviour::Rule;
use crate::ledger::{Call, Entry, Provider};
use crate::stand_in::pushover::Ringing;
use crate::stand_in::snpp::Progress;
use crate::stand_in::twilio::{IncomingSms, PhoneRequest};
use crate::stand_ins::Parts;

/// Longest time that `GET /ledger` waits.
pub const WAIT_MS_MAX: u64 = 60_000;

/// Which entries `GET /ledger` returns. All parts are optional.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerQuery {
    /// Only entries with a higher number.
    #[serde(default)]
    pub after: u64,
    /// Only of this provider.
    pub provider: Option<Provider>,
    /// Only this kind of call.
    pub call: Option<Call>,
    /// Only this destination.
    pub destination: Option<String>,
    /// Wait so long for the first such entry if there is none yet, up to [`WAIT_MS_MAX`].
    #[serde(default)]
    pub wait_ms: u64,
}

impl LedgerQuery {
    fn wants(&self, entry: &Entry) -> bool {
        entry.seq > self.after
            && self.provider.is_none_or(|provider| provider == entry.provider)
            && self.call.is_none_or(|call| call == entry.call)
            && self.destination.as_ref().is_none_or(|destination| *destination == entry.destination)
    }
}

/// Who acknowledges what. One of `receipt` and `user` is needed; with both, this user acknowledges what rings there,
/// as a member of a group does.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeRequest {
    /// The emergency with this receipt.
    pub receipt: Option<String>,
    /// All that rings for this user key.
    pub user: Option<String>,
    /// Name of the device; `phone` if absent.
    pub device: Option<String>,
}

/// What a two-way pager does with the last page to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagerProgress {
    /// The pager's number.
    pub pager: String,
    /// How far the page is.
    pub progress: Progress,
}

/// Answers until it is dropped.
pub(crate) async fn serve(parts: Parts, listener: TcpListener) -> io::Result<()> {
    let router = Router::new()
        .route("/addresses", get(addresses))
        .route("/ledger", get(read_ledger).delete(clear_ledger))
        .route("/behaviour", delete(behave))
        .route("/behaviour/{provider}", get(read_behaviour).put(set_behaviour))
        .route("/pushover/ringing", get(ringing))
        .route("/pushover/acknowledge", post(acknowledge))
        .route("/snpp/progress", post(progress))
        .route("/twilio/reply", post(twilio_reply))
        .route("/kannel/reply", post(kannel_reply))
        .route("/twilio/phone", put(set_phone))
        .with_state(parts);
    axum::serve(listener, router).await
}

async fn addresses(State(parts): State<Parts>) -> Response {
    Json(parts.addresses).into_response()
}

async fn read_ledger(State(parts): State<Parts>, Query(query): Query<LedgerQuery>) -> Response {
    let limit = Duration::from_millis(query.wait_ms.min(WAIT_MS_MAX));
    let found = parts.ledger.wait_until(limit, |entries| {
        let wanted: Vec<Entry> = entries.iter().filter(|entry| query.wants(entry)).cloned().collect();
        (!wanted.is_empty()).then_some(wanted)
    });
    Json(found.await.unwrap_or_default()).into_response()
}

async fn clear_ledger(State(parts): State<Parts>) -> StatusCode {
    parts.ledger.clear();
    StatusCode::NO_CONTENT
}

async fn behave(State(parts): State<Parts>) -> StatusCode {
    for provider in Provider::ALL {
        parts.script(provider).set(Vec::new());
    }
    StatusCode::NO_CONTENT
}

async fn read_behaviour(State(parts): State<Parts>, Path(provider): Path<Provider>) -> Response {
    Json(parts.script(provider).rules()).into_response()
}

async fn set_behaviour(
    State(parts): State<Parts>,
    Path(provider): Path<Provider>,
    body: Result<Json<Value>, JsonRejection>,
) -> Response {
    let rules = match body {
        Ok(Json(Value::Array(rules))) => rules,
        Ok(Json(rule)) => vec![rule],
        Err(rejection) => return mistake(&rejection.body_text()),
    };
    let rules: Result<Vec<Rule>, _> = rules.into_iter().map(serde_json::from_value).collect();
    match rules {
        Ok(rules) => {
            parts.script(provider).set(rules);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => mistake(&format!("not a rule: {error}")),
    }
}

async fn progress(State(parts): State<Parts>, Json(request): Json<PagerProgress>) -> StatusCode {
    if parts.snpp.progress(&request.pager, request.progress) {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    }
}

async fn ringing(State(parts): State<Parts>) -> Response {
    Json(parts.pushover.ringing()).into_response()
}

async fn acknowledge(
    State(parts): State<Parts>,
    body: Result<Json<AcknowledgeRequest>, JsonRejection>,
) -> Response {
    let request = match body {
        Ok(Json(request)) => request,
        Err(rejection) => return mistake(&rejection.body_text()),
    };
    let wanted = match (&request.receipt, &request.user) {
        (Some(receipt), Some(by)) => Ringing::Member { receipt, by },
        (Some(receipt), None) => Ringing::Receipt(receipt),
        (None, Some(user)) => Ringing::User(user),
        (None, None) => return mistake("name a receipt or a user"),
    };
    let receipts = parts.pushover.acknowledge(&wanted, request.device.as_deref().unwrap_or("phone"));
    let status = if receipts.is_empty() { StatusCode::NOT_FOUND } else { StatusCode::OK };
    (status, Json(json!({ "acknowledged": receipts }))).into_response()
}

async fn twilio_reply(
    State(parts): State<Parts>,
    body: Result<Json<IncomingSms>, JsonRejection>,
) -> Response {
    match body {
        Ok(Json(sms)) => Json(parts.twilio.receive(sms).await).into_response(),
        Err(rejection) => mistake(&rejection.body_text()),
    }
}

async fn kannel_reply(
    State(parts): State<Parts>,
    body: Result<Json<IncomingSms>, JsonRejection>,
) -> Response {
    match body {
        Ok(Json(sms)) => Json(parts.kannel.receive(sms).await).into_response(),
        Err(rejection) => mistake(&rejection.body_text()),
    }
}

async fn set_phone(State(parts): State<Parts>, body: Result<Json<PhoneRequest>, JsonRejection>) -> Response {
    match body {
        Ok(Json(request)) => {
            parts.twilio.set_phone(request);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(rejection) => mistake(&rejection.body_text()),
    }
}

fn mistake(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
}

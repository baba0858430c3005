//! What texts and calls over Twilio share: the account, and how Twilio says no.
//!
//! Source: <https://www.twilio.com/docs/usage/twilios-response>, <https://www.twilio.com/docs/api/errors>.

use domain::port::Report;
use events::event::outcome::{Outcome, Reason};
use serde_json::{Map, Value};

use crate::boot::BootError;
use crate::boot::table::Table;
use crate::channel::{Secret, said};
use crate::http::{Client, Credentials, Got, Response, SendError};
use crate::line::Line;
use crate::probe::{Ill, Probe};

/// The longest id of a message or a call that we take; theirs have 34 characters.
const SID_CHARS_MAX: usize = 64;
/// The longest state of an account that is told; theirs are one word.
const STATUS_CHARS_MAX: usize = 40;

/// Reads the account and its token from a channel's table.
///
/// # Errors
/// When either is missing or malformed.
pub(in crate::channel) fn read(table: &Table<'_>) -> Result<(String, Secret), BootError> {
    // It becomes part of an address.
    let sid = table.required("account_sid", "\"AC…\"")?.parsed("letters and digits", "\"AC…\"", |text| {
        (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(|| text.to_owned())
    })?;
    Ok((sid, table.required_secret("auth_token", "\"twilio.token\"")?))
}

/// Asks what the account is, which only its token may.
pub(in crate::channel) async fn probe(client: &Client, base_url: &str, sid: &str, token: &Secret) -> Probe {
    let url = format!("{}/2010-04-01/Accounts/{sid}.json", base_url.trim_end_matches('/'));
    let got = client.probe(&url, &Credentials::Basic(sid.to_owned(), token.clone())).await;
    let status = got.as_ref().ok().and_then(status);
    let probe = Probe::of_answer(got, |body| token.strike(body));
    let ill = match status {
        Some(status) if probe.ill.is_none() && status != "active" => {
            Some(Ill::Unauthorized(format!("the account is {}", Line::new(&status).cut(STATUS_CHARS_MAX))))
        }
        _ => probe.ill,
    };
    Probe { ill, ..probe }
}

/// `active`, `suspended` or `closed`. Source: <https://www.twilio.com/docs/iam/api/account>.
fn status(got: &Got) -> Option<String> {
    let body: Value = serde_json::from_slice(got.body.as_deref()?).ok()?;
    Some(body.get("status")?.as_str()?.to_owned())
}

/// What an error code means on one channel; the rest is the same on all.
#[derive(Clone, Copy, Debug)]
pub(in crate::channel) struct Codes {
    /// We send too fast, or what we sent before still waits.
    pub(in crate::channel) is_throttled: fn(u64) -> bool,
    /// Nothing will ever reach this number.
    pub(in crate::channel) is_unknown_address: fn(u64) -> bool,
}

/// What an answer other than 2xx means. Twilio has no idempotency keys, so that nobody knows what a 5xx did.
pub(in crate::channel) fn refusal(response: &Response, body: &Map<String, Value>, codes: Codes) -> Report {
    let code = body.get("code").and_then(Value::as_u64).unwrap_or(0);
    let throttled = Outcome::Failed { reason: Reason::Throttled, retry_after: response.retry_after };
    let outcome = match response.status {
        429 => throttled,
        400..=499 if (codes.is_throttled)(code) => throttled,
        401 | 403 | 404 => Outcome::Refused(Reason::Unauthorized),
        400..=499 if is_unauthorized(code) => Outcome::Refused(Reason::Unauthorized),
        400..=499 if (codes.is_unknown_address)(code) => Outcome::Refused(Reason::UnknownAddress),
        400..=499 => Outcome::Refused(Reason::Rejected),
        500..=599 => Outcome::Unknown(Reason::ProviderFault),
        _ => Outcome::Unknown(Reason::Nonsense),
    };
    said(outcome, &words(response, body))
}

/// Says whether an error code is about our account or its credentials.
const fn is_unauthorized(code: u64) -> bool {
    matches!(code, 10_001 | 20_003 | 20_005 | 20_006 | 20_008 | 20_404)
}

/// The id of what Twilio took; empty when there is none.
pub(in crate::channel) fn sid(body: &Map<String, Value>) -> String {
    let sid = body.get("sid").and_then(Value::as_str).unwrap_or_default();
    Line::new(sid).cut(SID_CHARS_MAX).to_string()
}

/// What Twilio says with the code that its documentation lists, or else what came instead.
pub(in crate::channel) fn words(response: &Response, body: &Map<String, Value>) -> String {
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !Line::new(text).is_empty());
    let code = body.get("code").or_else(|| body.get("error_code")).and_then(Value::as_u64);
    match (code, text("message").or_else(|| text("error_message"))) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (None, Some(message)) => message.to_owned(),
        (_, None) => format!("status {}: {}", response.status, response.body),
    }
}

/// What an answer, or its absence, means, without the account's token in it.
pub(in crate::channel) fn report(
    token: &Secret,
    answer: Result<Response, SendError>,
    classify: impl FnOnce(&Response) -> Report,
) -> Report {
    // Before anything is cut: half of a token would not be known for one.
    let answer = answer.map(|response| Response { body: token.strike(&response.body), ..response });
    let report = answer.map_or_else(|error| error.report(), |response| classify(&response));
    Report { detail: token.strike(&report.detail), ..report }
}

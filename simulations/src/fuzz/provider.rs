//! What Pushover and Twilio answer, and what Twilio tells later.
//!
//! Input of replies: a line `STATUS RETRY-AFTER`, then the body. Input of callbacks: a line with the address, one with
//! the signature that is given, one with the status, then `NAME=VALUE` in each line.

use adapters::channel::Secret;
use adapters::channel::pushover::{self as pushover_channel, PushoverConfig};
use adapters::channel::twilio::{self as twilio_channel, callback};
use adapters::http::{Response, retry_after};
use domain::port::Report;
use events::event::outcome::Outcome;
use events::{Span, Timestamp};

use super::claim::{is_one_line, is_within};
use super::shape;

/// The most that a report keeps of what a provider said.
const DETAIL_CHARS_MAX: usize = 500;
/// The longest handle of a provider.
const RECEIPT_CHARS_MAX: usize = 64;
/// The longest that a provider may make us wait.
const RETRY_AFTER_MAX: Span = Span::from_seconds(86_400);

/// What Pushover answers to a page and to a recall.
pub fn pushover(input: &[u8]) {
    let response = response(input);
    let report = pushover_channel::classify(&response, Timestamp::from_micros(1));
    assert_eq!(report, pushover_channel::classify(&response, Timestamp::from_micros(1)));
    check_report(&report);
    if report.outcome == Outcome::Accepted {
        assert_eq!(response.status, 200, "Pushover takes a page with 200 only");
        let status = response.json().and_then(|body| body.get("status").cloned());
        assert_eq!(status, Some(1.into()), "and says so");
    }
    assert!(!matches!(report.outcome, Outcome::Unknown(_)) || !(400..=599).contains(&response.status));

    let recall = pushover_channel::classify_recall(&response);
    check_report(&recall);
    assert_eq!(recall.receipt, None, "a recall rings nowhere");
    assert!(
        recall.outcome == report.outcome || matches!(report.outcome, Outcome::Refused(_)),
        "only what was refused may be silent already"
    );

    let config = PushoverConfig::new(Secret::new("t0ken"));
    if let Some(receipt) = &report.receipt {
        assert_eq!(receipt.rings_until, Some(Timestamp::from_micros(1)));
        assert!(pushover_channel::encode_recall(&config, &receipt.id).is_some(), "what rings can be stopped");
    }
    if let Some(request) = pushover_channel::encode_recall(&config, &response.body) {
        let path = request.url.strip_prefix(pushover_channel::BASE_URL).expect("it goes to Pushover");
        assert_eq!(path, format!("/1/receipts/{}/cancel.json", response.body));
        assert!(response.body.bytes().all(|byte| byte.is_ascii_alphanumeric()), "nothing but a receipt");
    }
}

/// What Twilio answers to a message.
pub fn twilio(input: &[u8]) {
    let response = response(input);
    let report = twilio_channel::classify(&response);
    assert_eq!(report, twilio_channel::classify(&response));
    check_report(&report);
    let taken = (200..=299).contains(&response.status);
    assert_eq!(report.outcome == Outcome::Accepted, report.receipt.is_some(), "what was taken has a number");
    assert!(report.outcome != Outcome::Accepted || taken, "Twilio takes a message with 2xx only");
    assert!(
        !matches!(report.outcome, Outcome::Failed { .. }) || (400..=499).contains(&response.status),
        "what may have been sent has not failed"
    );
}

pub(super) fn response(mut input: &[u8]) -> Response {
    let head = shape::line(&mut input);
    let (status, header) = head.split_at(head.iter().position(|&byte| byte == b' ').unwrap_or(head.len()));
    let status = std::str::from_utf8(status).ok().and_then(|digits| digits.parse().ok()).unwrap_or(200);
    Response { status, retry_after: retry_after(header), body: shape::lossy(input).into_owned() }
}

pub(super) fn check_report(report: &Report) {
    is_one_line(&report.detail, "what a provider said");
    is_within(&report.detail, DETAIL_CHARS_MAX, "what a provider said");
    assert!(report.text.is_empty(), "an answer holds no text of ours");
    if let Some(receipt) = &report.receipt {
        assert_eq!(report.outcome, Outcome::Accepted, "only what was taken has a receipt");
        assert!(!receipt.id.is_empty(), "a receipt says something");
        is_one_line(&receipt.id, "a receipt");
        is_within(&receipt.id, RECEIPT_CHARS_MAX, "a receipt");
    }
    match report.outcome {
        Outcome::Accepted => {}
        Outcome::Refused(_) | Outcome::Unknown(_) => check_explained(report),
        Outcome::Failed { retry_after, .. } => {
            check_explained(report);
            assert!(retry_after.is_none_or(|wait| wait <= RETRY_AFTER_MAX), "nobody waits for ever");
        }
    }
}

fn check_explained(report: &Report) {
    assert!(!report.detail.is_empty(), "{:?} has a reason that people can read", report.outcome);
}

/// What Twilio posts later: who signed it, and what it says.
pub fn twilio_callback(mut input: &[u8]) {
    let address = shape::lossy(shape::line(&mut input)).into_owned();
    let given = shape::lossy(shape::line(&mut input)).into_owned();
    let status = shape::lossy(shape::line(&mut input)).into_owned();
    let parameters: Vec<(String, String)> = shape::lossy(input)
        .lines()
        .map(|line| line.split_once('=').unwrap_or((line, "")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let token = Secret::new("12345");
    let signature = callback::signature(&token, &address, &parameters);
    let verify =
        |parameters: &[(String, String)], given: &str| callback::verify(&token, &address, parameters, given);
    assert!(verify(&parameters, &signature), "what Twilio signs is known");
    let reversed: Vec<_> = parameters.iter().rev().cloned().collect();
    assert!(verify(&reversed, &signature), "in whatever order it comes");

    assert!(!callback::verify(&Secret::new("54321"), &address, &parameters, &signature), "not by others");
    assert!(!callback::verify(&token, &format!("{address}x"), &parameters, &signature), "not elsewhere");
    let more = [&parameters[..], &[("MessageStatus".to_owned(), format!("{status}x"))]].concat();
    assert!(!verify(&more, &signature), "nothing can be added");
    for at in 0..signature.len() {
        let mut forged = signature.clone().into_bytes();
        forged[at] ^= 1;
        assert!(!verify(&parameters, &shape::lossy(&forged)), "nor a letter changed at {at}");
    }
    assert!(!verify(&parameters, &signature[..27]), "nor left away");
    assert!(!verify(&parameters, &given) || given.len() == signature.len(), "nothing else is a signature");
    let is_word = status.bytes().all(|byte| byte.is_ascii_lowercase());
    assert!(is_word || callback::delivery_status(&status).is_none(), "no status of Twilio's: {status:?}");
}

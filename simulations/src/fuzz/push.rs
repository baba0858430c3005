//! What an ntfy server answers, and what somebody answers who takes webhooks.
//!
//! Input of both: a line `STATUS RETRY-AFTER`, then the body.

use adapters::channel::Secret;
use adapters::channel::data::Telling;
use adapters::channel::ntfy::{self as ntfy_channel, NtfyConfig, Prepared};
use adapters::channel::webhook as webhook_channel;
use adapters::http::{Credentials, JsonRequest};
use adapters::text::Text;
use events::Timestamp;
use events::event::outcome::Outcome;
use events::event::signal::Severity;
use serde_json::{Value, json};

use super::claim::{is_one_line, is_within};
use super::provider::{check_report, response};

/// The longest of ntfy's handles that is taken.
const ID_CHARS_MAX: usize = 64;
const TOKEN: &str = "tk_s3cret0token";

/// What an ntfy server answers, and what it is asked with anything as text.
pub fn ntfy(input: &[u8]) {
    let response = response(input);
    let status = response.status;
    let report = ntfy_channel::classify(&response);
    assert_eq!(report, ntfy_channel::classify(&response));
    check_report(&report);
    if report.outcome == Outcome::Accepted {
        let event = response.json().and_then(|body| body.get("event").cloned());
        assert_eq!((status, event), (200, Some("message".into())), "ntfy takes a page with 200 and says so");
    }
    if let Some(receipt) = &report.receipt {
        is_within(&receipt.id, ID_CHARS_MAX, "a receipt");
        assert!(receipt.id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{receipt:?}");
        assert_eq!(receipt.rings_until, None, "nothing rings by itself");
    }
    let may_come_again = matches!(report.outcome, Outcome::Failed { .. });
    assert!(!may_come_again || matches!(status, 429 | 500..=599), "{status} has not failed");

    let words = response.body.clone();
    let link = format!("https://house.example/a/K7M2Q#{words}");
    let link_title = Some(words.clone());
    let text = Text { title: words.clone(), body: words.clone(), link: Some(link), link_title, reply: None };
    let config = NtfyConfig { credentials: Credentials::Bearer(Secret::new(TOKEN)), ..NtfyConfig::default() };
    let request = ntfy_channel::encode(&config, "anna-Qx7vT2kM", &text, Severity::Critical);
    check_request(&request, &words);
    let quoted = adapters::http::Response { body: format!("{words}{TOKEN}{words}"), ..response };
    let report = ntfy_channel::conclude(&config, &Prepared { request, text }, Ok(quoted));
    assert!(!report.detail.contains(TOKEN), "what it quotes back holds no secret: {}", report.detail);
}

/// A stranger's words stay one text of one field.
fn check_request(request: &JsonRequest, words: &str) {
    let body: Value = serde_json::from_str(&request.body).expect("what is posted is JSON");
    assert_eq!((&body["title"], &body["message"]), (&json!(words), &json!(words)));
    assert_eq!(body["topic"], "anna-Qx7vT2kM");
    let action = &body["actions"][0];
    assert_eq!(action["body"], format!("token={words}"));
    assert_eq!(action["url"], "https://house.example/a/K7M2Q");
    assert!(request.body.bytes().all(|byte| byte >= b' '), "it is one line");
}

/// What somebody answers who takes webhooks.
pub fn webhook(input: &[u8]) {
    let response = response(input);
    let status = response.status;
    let report = webhook_channel::classify(&response);
    assert_eq!(report, webhook_channel::classify(&response));
    check_report(&report);
    assert_eq!(
        report.outcome == Outcome::Accepted,
        (200..=299).contains(&status),
        "taken with 2xx, and always"
    );
    assert!(
        !(300..=399).contains(&status) || matches!(report.outcome, Outcome::Refused(_)),
        "nothing is followed"
    );
    assert!(
        !matches!(report.outcome, Outcome::Failed { .. }) || matches!(status, 408 | 425 | 429 | 503),
        "what may have been taken has not failed"
    );
    let text = Text { title: "title".to_owned(), body: "body".to_owned(), ..Text::default() };
    let now = Timestamp::from_micros(1);
    for (kind, text) in [("page", Some(text)), ("recall", None)] {
        let telling = Telling { told: json!({ "type": kind }), id: "id".to_owned(), text };
        let report = webhook_channel::conclude(&telling, Ok(response.clone()), now);
        is_one_line(&report.detail, "what was answered");
        let is_told_of_the_end = kind == "page" && report.outcome == Outcome::Accepted;
        assert_eq!(report.receipt.is_some(), is_told_of_the_end, "whoever took a page is told of its end");
    }
}

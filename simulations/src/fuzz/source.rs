//! Bodies of monitoring systems.
//!
//! Input: the body as it is posted.

use adapters::source::{
    DEDUP_KEY_BYTES_MAX, DETAIL_CHARS_MAX, DETAILS_CHARS_MAX, DETAILS_COUNT_MAX, Deed, Delivery,
    LABEL_CHARS_MAX, LABELS_CHARS_MAX, LABELS_COUNT_MAX, NAME_CHARS_MAX, NOTE_CHARS_MAX, Received, Remark,
    SEVERITY_CHARS_MAX, SIGNALS_PER_DELIVERY_MAX, SUMMARY_CHARS_MAX, SourceError,
    alertmanager as alertmanager_body, generic as generic_body, goalert as goalert_body,
    nagios as nagios_body, oncall as oncall_body, opsgenie as opsgenie_body, pagerduty as pagerduty_body,
};
use events::Timestamp;
use serde_json::json;

use super::claim::{is_one_line, is_plain, is_said, is_within};

/// An error says this much at most: it never repeats a body.
const MESSAGE_CHARS_MAX: usize = 300;
/// Keys by which a detail tells that something had no room.
const LEFT_OUT: [&str; 2] = ["labels_left_out", "details_left_out"];

/// `PagerDuty`'s events, and changes.
pub fn pagerduty(body: &[u8]) {
    check(|body| pagerduty_body::read(body).map(|event| event.delivery), body);
    match pagerduty_body::read_change(body) {
        Ok(change) => {
            assert!(!change.summary.trim().is_empty(), "a change says something");
            is_one_line(&change.summary, "a change");
            is_within(&change.summary, SUMMARY_CHARS_MAX, "a change");
            assert!(change.details.len() <= DETAILS_COUNT_MAX, "{} details", change.details.len());
        }
        Err(error) => is_said(&error.to_string()),
    }
}

/// Opsgenie's alerts, and what is said with a deed.
pub fn opsgenie(body: &[u8]) {
    check(|body| opsgenie_body::read(body).map(|created| created.delivery), body);
    match opsgenie_body::read_said(body) {
        Ok(said) => {
            for line in [&said.user, &said.whom, &said.message, &said.priority].into_iter().flatten() {
                is_one_line(line, "a field");
            }
            for text in [&said.note, &said.description].into_iter().flatten() {
                is_plain(text, "a note");
                is_within(text, NOTE_CHARS_MAX, "a note");
            }
        }
        Err(error) => is_said(&error.to_string()),
    }
}

/// `GoAlert`'s generic API: an object, and a form.
pub fn goalert(body: &[u8]) {
    check(goalert_body::read, body);
    let form = |body: &[u8]| {
        let mut fields = goalert_body::Fields::default();
        fields.put_form(body);
        fields.delivery()
    };
    check(form, body);
}

/// Grafana `OnCall`'s formatted webhook.
pub fn oncall(body: &[u8]) {
    check(oncall_body::read, body);
}

type Read = fn(&[u8]) -> Result<Delivery, SourceError>;

/// Alertmanager's webhook, and Grafana's.
pub fn alertmanager(body: &[u8]) {
    check(alertmanager_body::read, body);
}

/// The house's own shape.
pub fn generic(body: &[u8]) {
    check(generic_body::read, body);
}

/// Macros of Nagios and Icinga.
pub fn nagios(body: &[u8]) {
    check(nagios_body::read, body);
}

fn check(read: Read, body: &[u8]) {
    let delivery = read(body);
    assert_eq!(delivery, read(body), "the same body is read the same twice");
    match delivery {
        Ok(delivery) => {
            assert!(delivery.signals.len() <= SIGNALS_PER_DELIVERY_MAX);
            delivery.signals.iter().for_each(check_received);
            delivery.remarks.iter().for_each(check_remark);
        }
        Err(error) => {
            is_said(&error.to_string());
            is_within(&error.to_string(), MESSAGE_CHARS_MAX, "an error");
            assert!(!error.field().is_empty(), "an error names a field");
        }
    }
}

fn check_received(received: &Received) {
    let signal = &received.signal;
    let key = received.dedup_key.as_str();
    assert!((1..=DEDUP_KEY_BYTES_MAX).contains(&key.len()), "a dedup key of {} bytes", key.len());
    is_one_line(key, "a dedup key");
    assert!(!signal.summary.trim().is_empty(), "a summary says something");
    is_one_line(&signal.summary, "a summary");
    is_within(&signal.summary, SUMMARY_CHARS_MAX, "a summary");

    if let Some(word) = &signal.severity_said {
        assert!(!word.trim().is_empty(), "a word for the severity says something");
        is_one_line(word, "a word for the severity");
        is_within(word, SEVERITY_CHARS_MAX, "a word for the severity");
    }
    assert!(signal.labels.len() <= LABELS_COUNT_MAX, "{} labels", signal.labels.len());
    assert!(signal.details.len() <= DETAILS_COUNT_MAX, "{} details", signal.details.len());
    for (name, value) in &signal.labels {
        is_one_line(value, "a label");
        is_within(value, LABEL_CHARS_MAX, "a label");
        check_name(name);
    }
    for (name, value) in &signal.details {
        is_plain(value, "a detail");
        is_within(value, DETAIL_CHARS_MAX, "a detail");
        check_name(name);
    }
    let chars = |(name, value): (&String, &String)| name.chars().count() + value.chars().count();
    assert!(signal.labels.iter().map(chars).sum::<usize>() <= LABELS_CHARS_MAX, "all labels");
    assert!(signal.details.iter().map(chars).sum::<usize>() <= DETAILS_CHARS_MAX, "all details");

    if let Some(at) = signal.started_at {
        assert!(at > Timestamp::default(), "a problem began after 1970");
        assert_eq!(Timestamp::parse_rfc3339(&at.to_string()), Some(at), "{at} reads as it is written");
    }
    let stored = serde_json::to_vec(signal).expect("a signal can be kept");
    assert_eq!(serde_json::from_slice(&stored).ok().as_ref(), Some(signal), "a record holds all of it");
    if LEFT_OUT.iter().all(|name| !signal.details.contains_key(*name)) {
        check_sent_again(received);
    }
}

fn check_remark(remark: &Remark) {
    let key = remark.dedup_key.as_str();
    assert!((1..=DEDUP_KEY_BYTES_MAX).contains(&key.len()), "a dedup key of {} bytes", key.len());
    is_one_line(key, "a dedup key");
    if let Deed::Noted(text) = &remark.deed {
        assert!(!text.trim().is_empty(), "a note says something");
        is_plain(text, "a note");
        is_within(text, NOTE_CHARS_MAX, "a note");
    }
}

fn check_name(name: &str) {
    assert!(!name.is_empty(), "a name has letters");
    is_one_line(name, "a name");
    is_within(name, NAME_CHARS_MAX, "a name");
}

/// What was understood, sent as the house's own shape, is understood the same.
fn check_sent_again(received: &Received) {
    let signal = &received.signal;
    let body = json!({
        "summary": signal.summary,
        "dedup_key": received.dedup_key,
        "status": signal.status,
        "severity": signal.severity,
        "labels": signal.labels,
        "details": signal.details,
        "started_at": signal.started_at.map(|at| at.to_string()),
    });
    let again = generic_body::read(body.to_string().as_bytes()).map(|delivery| delivery.signals);
    // Our own word for the severity is sent, not its first sender's.
    let mut sent = received.clone();
    sent.signal.severity_said = None;
    assert_eq!(again.as_deref(), Ok(std::slice::from_ref(&sent)), "it means the same when it is sent again");
}

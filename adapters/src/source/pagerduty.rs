//! `PagerDuty`'s Events API, version 2: what whatever can talk to `PagerDuty` sends when its address is changed.
//!
//! One body is one event: `trigger`, `acknowledge` or `resolve`, about the problem that its `dedup_key` names. The key of
//! the integration stands in the body. Its limits are counted more liberally here: what is too long is shortened, and a
//! `severity` or `source` that is missing or unknown is no reason to leave somebody asleep.
//!
//! An event's `timestamp` is kept as a detail: it says when the event was made, not when the problem began, and senders
//! who always write the same one must be heard again once their problem was over.
//!
//! Source: <https://developer.pagerduty.com/docs/send-alert-event>, and for changes
//! <https://developer.pagerduty.com/docs/send-change-events>.

use std::borrow::Cow;
use std::collections::BTreeMap;

use events::event::signal::{Severity, Signal, Status};
use events::id::DedupKey;
use events::time::Timestamp;

use super::json::{Document, Json};
use super::text::{Texts, filled_line, finished};
use super::{
    Deed, Delivery, LABELS_CHARS_MAX, NAME_CHARS_MAX, Received, Remark, SUMMARY_CHARS_MAX, SourceError,
    meaning,
};

/// So many links, and so many images, are kept of an event.
const LINKS_COUNT_MAX: usize = 16;

/// What of an event's payload becomes labels, which routes match on.
const LABELS: [&str; 4] = ["source", "component", "group", "class"];

/// One event, and who sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The key of the integration: a secret.
    pub routing_key: String,
    /// The problem's name, as the sender gave it; one that was made from the event where they gave none.
    pub dedup_key: String,
    /// What it says: one signal, or that somebody over there has it.
    pub delivery: Delivery,
}

/// A change somewhere, which pages nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The key of the integration: a secret.
    pub routing_key: String,
    /// What was changed, in one line.
    pub summary: String,
    /// Where, links, and what else helps the reader.
    pub details: BTreeMap<String, String>,
    /// When, as the sender says.
    pub changed_at: Option<Timestamp>,
}

/// Reads one body, as posted to `/integrations/pagerduty/v2/enqueue`.
///
/// Without a `dedup_key`, a trigger's key is a hash of its payload, so that the same event again is the same problem.
///
/// # Errors
///
/// Any [`SourceError`]; `FieldWrong` for a missing `routing_key`, an unknown `event_action`, a trigger without
/// `payload.summary`, and the two others without `dedup_key`.
pub fn read(body: &[u8]) -> Result<Event, SourceError> {
    let document = Document::open(body)?;
    let root = document.root()?;
    let Some([routing_key, action, dedup_key, payload, links, images, client, client_url]) = root.pick([
        "routing_key",
        "event_action",
        "dedup_key",
        "payload",
        "links",
        "images",
        "client",
        "client_url",
    ]) else {
        return Err(SourceError::NotAnObject {
            found: root.kind(),
            expected: "an event of PagerDuty's Events API v2, an object",
        });
    };
    let routing_key = needed(routing_key, "routing_key", "the integration's key, as text")?;
    let expected = "`trigger`, `acknowledge` or `resolve`";
    let status = match needed(action, "event_action", expected)?.to_ascii_lowercase().as_str() {
        "trigger" => Some(Status::Firing),
        "resolve" => Some(Status::Resolved),
        "acknowledge" => None,
        _ => return Err(wrong("event_action", "something else", expected)),
    };
    let given = dedup_key.and_then(Json::text).filter(|key| !key.trim().is_empty());
    let Some(status) = status else {
        let key = given.ok_or_else(|| wrong("dedup_key", "missing", "the key of the problem"))?;
        let remark = Remark { dedup_key: key_of(&key), deed: Deed::Acknowledged };
        let delivery = Delivery { remarks: vec![remark], ..Delivery::default() };
        return Ok(Event { routing_key, dedup_key: key.into_owned(), delivery });
    };

    let payload = Payload::of(payload);
    let (key, summary) = match (status, given, payload.summary) {
        (Status::Firing, _, None) => {
            return Err(wrong("payload.summary", "missing", "what is wrong, in one line of text"));
        }
        (Status::Resolved, None, _) => {
            return Err(wrong("dedup_key", "missing", "the key of the problem that is over"));
        }
        (_, Some(key), summary) => {
            let summary = summary.unwrap_or_else(|| key_of(&key).to_string());
            (key, summary)
        }
        (_, None, Some(summary)) => (Cow::Owned(payload.key.to_string()), summary),
    };
    let mut details = payload.details;
    put_links(&mut details, "link", links, "href");
    put_links(&mut details, "image", images, "src");
    for (name, value) in [("client", client), ("client_url", client_url)] {
        if let Some(text) = value.and_then(Json::text).filter(|text| !text.trim().is_empty()) {
            details.put_missing(name, &text);
        }
    }
    let (labels, details) = finished(payload.labels, details);
    let signal = Signal {
        status,
        summary,
        severity: payload.severity,
        severity_said: payload.severity_said,
        labels,
        details,
        started_at: None,
        finding: None,
    };
    let received = Received { dedup_key: key_of(&key), signal };
    let delivery = Delivery { signals: vec![received], ..Delivery::default() };
    Ok(Event { routing_key, dedup_key: key.into_owned(), delivery })
}

/// Reads one body, as posted to `/integrations/pagerduty/v2/change/enqueue`.
///
/// # Errors
///
/// Any [`SourceError`]; `FieldWrong` for a missing `routing_key` or `payload.summary`.
pub fn read_change(body: &[u8]) -> Result<Change, SourceError> {
    let document = Document::open(body)?;
    let root = document.root()?;
    let Some([routing_key, payload, links]) = root.pick(["routing_key", "payload", "links"]) else {
        return Err(SourceError::NotAnObject {
            found: root.kind(),
            expected: "a change of PagerDuty's Events API v2, an object",
        });
    };
    let routing_key = needed(routing_key, "routing_key", "the integration's key, as text")?;
    let Payload { summary, labels, mut details, changed_at, .. } = Payload::of(payload);
    let summary = summary
        .ok_or_else(|| wrong("payload.summary", "missing", "what was changed, in one line of text"))?;
    details.put_copies(&labels, LABELS_CHARS_MAX);
    put_links(&mut details, "link", links, "href");
    let (_, details) = finished(Texts::labels(), details);
    Ok(Change { routing_key, summary, details, changed_at })
}

/// What an event says about the problem.
struct Payload {
    summary: Option<String>,
    severity: Severity,
    severity_said: Option<String>,
    labels: Texts,
    details: Texts,
    changed_at: Option<Timestamp>,
    /// What the problem is called when the sender does not say.
    key: DedupKey,
}

impl Payload {
    fn of(payload: Option<Json<'_>>) -> Self {
        let fields = payload.and_then(|payload| {
            payload.pick([
                "summary",
                "severity",
                "timestamp",
                "custom_details",
                LABELS[0],
                LABELS[1],
                LABELS[2],
                LABELS[3],
            ])
        });
        let [summary, severity, timestamp, custom, of_labels @ ..] = fields.unwrap_or_default();
        let (mut labels, mut details) = (Texts::labels(), Texts::details());
        for (name, value) in LABELS.into_iter().zip(of_labels) {
            if let Some(text) = value.and_then(Json::text).filter(|text| !text.trim().is_empty()) {
                labels.put(name, &text);
            }
        }
        if let Some(odd) = details.put_fields(custom).filter(|odd| !odd.trim().is_empty()) {
            details.put("details", &odd);
        }
        if let Some(at) = filled_line(timestamp, NAME_CHARS_MAX) {
            details.put_missing("timestamp", &at);
        }
        let severity_word = severity.and_then(Json::text).unwrap_or_default();
        let severity = meaning::severity(&severity_word);
        let text =
            |value: Option<Json<'_>>| value.and_then(Json::text).map(Cow::into_owned).unwrap_or_default();
        let named: Vec<String> = [summary].into_iter().chain(of_labels).map(text).collect();
        Self {
            summary: filled_line(summary, SUMMARY_CHARS_MAX),
            severity,
            severity_said: meaning::severity_said(&severity_word, severity),
            labels,
            details,
            changed_at: timestamp.and_then(Json::text).and_then(|text| meaning::moment(&text)),
            key: meaning::derived_key(named.iter().map(String::as_str)),
        }
    }
}

/// Adds links as `link 1`, `link 2`, each with its text behind it.
fn put_links(details: &mut Texts, name: &str, links: Option<Json<'_>>, address: &str) {
    let links = links.and_then(|links| links.entries(LINKS_COUNT_MAX)).unwrap_or_default();
    for (number, link) in (1_u32..).zip(links.into_iter().take(LINKS_COUNT_MAX)) {
        let Some([href, text, alt]) = link.pick([address, "text", "alt"]) else { continue };
        let Some(href) = filled_line(href, super::DETAIL_CHARS_MAX) else { continue };
        let text = filled_line(text.or(alt), SUMMARY_CHARS_MAX);
        let words = text.map_or_else(|| href.clone(), |text| format!("{href} ({text})"));
        details.put_missing(&format!("{name} {number}"), &words);
    }
}

/// The problem's name in the house.
fn key_of(given: &str) -> DedupKey {
    meaning::dedup_key(given).unwrap_or_else(|| meaning::derived_key([given]))
}

fn needed(value: Option<Json<'_>>, field: &str, expected: &'static str) -> Result<String, SourceError> {
    let text = value.and_then(Json::text).map(|text| text.trim().to_owned());
    text.filter(|text| !text.is_empty()).ok_or_else(|| wrong(field, "missing", expected))
}

fn wrong(field: &str, found: &'static str, expected: &'static str) -> SourceError {
    SourceError::FieldWrong { field: field.to_owned(), found, expected }
}

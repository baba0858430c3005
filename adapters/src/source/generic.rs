//! The house's own shape, for scripts and for whatever can post JSON.
//!
//! ```json
//! {
//!   "summary": "disk /var at 5%",
//!   "dedup_key": "db1/disk/var",
//!   "status": "firing",
//!   "severity": "critical",
//!   "labels": { "team": "db" },
//!   "details": { "runbook_url": "https://wiki.example/disk" },
//!   "started_at": "2026-11-22T07:14:09Z"
//! }
//! ```
//!
//! Only `summary` is needed, and to say that it is over, `dedup_key` with `"status": "resolved"`. A body is one such
//! object or a list of them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use events::event::signal::{Signal, Status};
use events::id::DedupKey;

use super::json::{Document, Json, Part};
use super::text::{Texts, filled_line, finished};
use super::{Delivery, Received, SIGNALS_PER_DELIVERY_MAX, SUMMARY_CHARS_MAX, SourceError, meaning};

/// Reads one body, as posted to `/integrations/generic/{key}`.
///
/// - `summary`: what is wrong, in one line; needed while it is there.
/// - `dedup_key`: which problem it is. Without it a hash of `summary` and `labels`, so a problem that ends has to be
///   sent with the same two.
/// - `status`: `firing` (also `trigger`, `open`, `problem`, …) or `resolved` (also `ok`, `close`, `recovery`, …).
///   Anything else is firing: rather one page too many.
/// - `severity`: `critical`, `error`, `warning`, `info` and what other systems call them; else `error`.
/// - `labels`: an object of texts; routes match on them.
/// - `details`: an object of texts, a text, or a list of lines.
/// - `started_at`: RFC 3339, or seconds or milliseconds since 1970.
///
/// Of a list that is longer than [`SIGNALS_PER_DELIVERY_MAX`] the first part is read: [`read_from`] reads the others.
///
/// # Errors
///
/// Any [`SourceError`]; `FieldWrong` for a `summary` that is missing where it is needed, a problem that ends without
/// `dedup_key` and `summary`, and an entry of a list that is not an object.
pub fn read(body: &[u8]) -> Result<Delivery, SourceError> {
    read_from(body, 0)
}

/// Reads one body from this place of its list on, at most [`SIGNALS_PER_DELIVERY_MAX`] signals.
///
/// # Errors
///
/// As [`read`].
pub fn read_from(body: &[u8], from: usize) -> Result<Delivery, SourceError> {
    let document = Document::open(body)?;
    let root = document.root()?;
    if root.is_object() {
        return Ok(Delivery { signals: vec![received(root, "")?], ..Delivery::default() });
    }
    let Some(Part { entries, goes_on_at }) = root.part(from, SIGNALS_PER_DELIVERY_MAX) else {
        return Err(SourceError::NotAnObject {
            found: root.kind(),
            expected: "an object with `summary`, or a list of such objects",
        });
    };
    let signals = entries
        .into_iter()
        .zip(from..)
        .filter(|(entry, _)| !entry.is_null())
        .map(|(entry, at)| received(entry, &format!("[{at}]")))
        .collect::<Result<_, _>>()?;
    Ok(Delivery { signals, goes_on_at, ..Delivery::default() })
}

/// One signal; `place` says where it stands in a list, such as `[3]`.
fn received(entry: Json<'_>, place: &str) -> Result<Received, SourceError> {
    let wrong = |field: &str, found, expected| SourceError::FieldWrong {
        field: if place.is_empty() || field.is_empty() {
            format!("{place}{field}")
        } else {
            format!("{place}.{field}")
        },
        found,
        expected,
    };
    let Some([summary, dedup_key, status, severity, own_labels, own_details, started_at]) =
        entry.pick(["summary", "dedup_key", "status", "severity", "labels", "details", "started_at"])
    else {
        return Err(wrong("", entry.kind(), "an object with `summary`"));
    };

    let status = word(status).and_then(|word| meaning::status(&word)).unwrap_or(Status::Firing);
    let line = filled_line(summary, SUMMARY_CHARS_MAX);
    let found = match summary {
        Some(value) if !value.is_null() => "blank",
        _ => "missing",
    };
    let given_key = word(dedup_key).and_then(|key| meaning::dedup_key(&key));
    let (dedup_key, line) = match (given_key, line, status) {
        (Some(key), Some(line), _) => (key, line),
        (None, Some(line), _) => (default_key(summary, own_labels), line),
        (Some(key), None, Status::Resolved) => {
            let line = key.to_string();
            (key, line)
        }
        (None, None, Status::Resolved) => {
            return Err(wrong(
                "dedup_key",
                "missing",
                "the key of the problem that is over, or its `summary`",
            ));
        }
        (_, None, Status::Firing) => {
            return Err(wrong("summary", found, "what is wrong, in one line of text"));
        }
    };

    let (mut labels, mut details) = (Texts::labels(), Texts::details());
    put_details(&mut details, own_details);
    if let Some(odd) = labels.put_fields(own_labels) {
        details.put_missing("labels", &odd);
    }
    let (labels, details) = finished(labels, details);
    let severity_word = word(severity).unwrap_or_default();
    let severity = meaning::severity(&severity_word);
    let signal = Signal {
        status,
        summary: line,
        severity,
        severity_said: meaning::severity_said(&severity_word, severity),
        labels,
        details,
        started_at: word(started_at).and_then(|text| meaning::moment(&text)),
        finding: None,
    };
    Ok(Received { dedup_key, signal })
}

fn word(value: Option<Json<'_>>) -> Option<Cow<'_, str>> {
    value?.text()
}

/// The key of a signal that brings none: what is wrong and with what, whole and before anything is shortened.
fn default_key(summary: Option<Json<'_>>, labels: Option<Json<'_>>) -> DedupKey {
    let summary = word(summary).unwrap_or_default();
    let mut sorted = BTreeMap::new();
    labels.and_then(|labels| {
        labels.each_field(|name, value| {
            if let Some(value) = value.text() {
                sorted.insert(name, value);
            }
        })
    });
    let labels = sorted.iter().flat_map(|(name, value)| [name.as_ref(), value.as_ref()]);
    meaning::derived_key([summary.trim()].into_iter().chain(labels))
}

/// Details as an object, as lines of a list, or as one text.
fn put_details(details: &mut Texts, value: Option<Json<'_>>) {
    let Some(odd) = details.put_fields(value) else {
        return;
    };
    let lines = value.and_then(|list| list.entries(SIGNALS_PER_DELIVERY_MAX));
    let text = lines
        .map_or(odd, |lines| lines.into_iter().filter_map(Json::text).collect::<Vec<_>>().join("\n").into());
    if !text.trim().is_empty() {
        details.put("details", &text);
    }
}

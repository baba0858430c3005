//! Opsgenie's Alert API, version 2: what whatever can talk to Opsgenie sends when its address is changed.
//!
//! One body creates an alert or does something to one; which one, and what, stands in its address. The limits are
//! counted more liberally here: what is too long is shortened, what has the wrong type is read as text.
//!
//! Source: <https://docs.opsgenie.com/docs/alert-api>.

use std::collections::BTreeMap;

use events::event::signal::{Severity, Signal, Status};
use events::id::DedupKey;
use events::time::Timestamp;

use super::json::{Document, Json};
use super::text::{Texts, filled_line, finished, line, lines};
use super::{
    DETAIL_CHARS_MAX, Deed, Delivery, LABEL_CHARS_MAX, NOTE_CHARS_MAX, Received, Remark, SUMMARY_CHARS_MAX,
    SourceError, meaning,
};

/// So many tags, responders and actions are kept of a body.
const ENTRIES_COUNT_MAX: usize = 64;
/// A detail that is one line of at most so many characters is a label: routes can match it.
const LABEL_OF_DETAIL_CHARS_MAX: usize = 256;
/// What an alert without `priority` has.
pub const PRIORITY_DEFAULT: &str = "P3";

/// An alert that is to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// What the sender calls the problem; one that was made from the alert where they call it nothing.
    pub alias: String,
    /// One signal, and a note where there is one.
    pub delivery: Delivery,
}

/// What is said with a deed; every field may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Who does it.
    pub user: Option<String>,
    /// A note; lines of at most [`NOTE_CHARS_MAX`] characters.
    pub note: Option<String>,
    /// Until when an alert is snoozed.
    pub end_time: Option<Timestamp>,
    /// To whom it goes: a name, or else an id.
    pub whom: Option<String>,
    /// Tags to add.
    pub tags: Vec<String>,
    /// Details to add.
    pub details: BTreeMap<String, String>,
    /// Another message.
    pub message: Option<String>,
    /// Another description.
    pub description: Option<String>,
    /// Another priority, `P1` to `P5`.
    pub priority: Option<String>,
}

/// Reads one body, as posted to `/integrations/opsgenie/v2/alerts`.
///
/// `priority`, `entity`, `source`, `tags` (with commas between them) and `responders` (their names) become labels, and so
/// does each of the `details` that is one short line; the others stay details, as does the `description`. Without an
/// `alias` the key is a hash of `message`, `entity` and `source`.
///
/// # Errors
///
/// Any [`SourceError`]; `FieldWrong` for a missing `message`.
pub fn read(body: &[u8]) -> Result<Created, SourceError> {
    let document = Document::open(body)?;
    let root = document.root()?;
    let Some(
        [
            message,
            alias,
            description,
            entity,
            source,
            priority,
            tags,
            responders,
            details,
            actions,
            user,
            note,
        ],
    ) = root.pick([
        "message",
        "alias",
        "description",
        "entity",
        "source",
        "priority",
        "tags",
        "responders",
        "details",
        "actions",
        "user",
        "note",
    ])
    else {
        return Err(SourceError::NotAnObject {
            found: root.kind(),
            expected: "an alert of Opsgenie's Alert API v2, an object",
        });
    };
    let summary = filled_line(message, SUMMARY_CHARS_MAX).ok_or_else(|| SourceError::FieldWrong {
        field: "message".to_owned(),
        found: "missing",
        expected: "what is wrong, in one line of text",
    })?;
    let priority =
        filled_line(priority, LABEL_OF_DETAIL_CHARS_MAX).unwrap_or_else(|| PRIORITY_DEFAULT.to_owned());

    let (mut labels, mut own_details) = (Texts::labels(), Texts::details());
    labels.put("priority", &priority);
    for (name, value) in [("entity", entity), ("source", source)] {
        if let Some(text) = filled_line(value, LABEL_CHARS_MAX) {
            labels.put(name, &text);
        }
    }
    for (name, entries) in [("tags", named(tags)), ("responders", named(responders))] {
        if !entries.is_empty() {
            labels.put(name, &entries.join(","));
        }
    }
    put_details(&mut labels, &mut own_details, details);
    for (name, value) in [("description", description), ("user", user)] {
        if let Some(text) = value.and_then(Json::text).filter(|text| !text.trim().is_empty()) {
            own_details.put_missing(name, &text);
        }
    }
    let actions = named(actions);
    if !actions.is_empty() {
        own_details.put_missing("actions", &actions.join(", "));
    }

    let given = alias.and_then(Json::text).filter(|alias| !alias.trim().is_empty());
    let alias = given.map_or_else(
        || {
            let whole = |value: Option<Json<'_>>| value.and_then(Json::text).unwrap_or_default().into_owned();
            let parts = [whole(message), whole(entity), whole(source)];
            meaning::derived_key(parts.iter().map(String::as_str)).to_string()
        },
        |alias| alias.trim().to_owned(),
    );
    let dedup_key = key_of(&alias);
    let note =
        filled_lines(note).map(|text| Remark { dedup_key: dedup_key.clone(), deed: Deed::Noted(text) });
    let (labels, details) = finished(labels, own_details);
    let severity = severity(&priority);
    let signal = Signal {
        status: Status::Firing,
        summary,
        severity,
        severity_said: meaning::severity_said(&priority, severity),
        labels,
        details,
        started_at: None,
        finding: None,
    };
    let delivery = Delivery {
        signals: vec![Received { dedup_key, signal }],
        remarks: note.into_iter().collect(),
        ..Delivery::default()
    };
    Ok(Created { alias, delivery })
}

/// Reads what is said with a deed, as posted to `/integrations/opsgenie/v2/alerts/{identifier}/…`. An empty body says
/// nothing.
///
/// # Errors
///
/// Any [`SourceError`] but `Empty`.
pub fn read_said(body: &[u8]) -> Result<Said, SourceError> {
    let document = match Document::open(body) {
        Ok(document) => document,
        Err(SourceError::Empty) => return Ok(Said::default()),
        Err(error) => return Err(error),
    };
    let root = document.root()?;
    if root.is_null() {
        return Ok(Said::default());
    }
    let Some([user, note, end_time, tags, details, message, description, priority, whom @ ..]) = root.pick([
        "user",
        "note",
        "endTime",
        "tags",
        "details",
        "message",
        "description",
        "priority",
        "escalation",
        "owner",
        "team",
        "responder",
    ]) else {
        return Err(SourceError::NotAnObject {
            found: root.kind(),
            expected: "an object, as Opsgenie's Alert API v2 does",
        });
    };
    let mut put = Texts::details();
    put.put_fields(details);
    let (_, details) = finished(Texts::labels(), put);
    Ok(Said {
        user: filled_line(user, LABEL_OF_DETAIL_CHARS_MAX),
        note: filled_lines(note),
        end_time: end_time.and_then(Json::text).and_then(|text| meaning::moment(&text)),
        whom: whom.into_iter().flatten().find_map(called),
        tags: named(tags),
        details,
        message: filled_line(message, SUMMARY_CHARS_MAX),
        description: filled_lines(description),
        priority: filled_line(priority, LABEL_OF_DETAIL_CHARS_MAX),
    })
}

/// The problem's name in the house, by its alias.
pub fn key_of(alias: &str) -> DedupKey {
    meaning::dedup_key(alias).unwrap_or_else(|| meaning::derived_key([alias]))
}

/// How bad a priority is: `P1` is critical, `P2` and `P3` (which is meant where there is none) are errors, `P4` is a
/// warning and `P5` is good to know.
pub fn severity(priority: &str) -> Severity {
    match priority.trim().to_ascii_uppercase().as_str() {
        "P1" => Severity::Critical,
        "P4" => Severity::Warning,
        "P5" => Severity::Info,
        _ => Severity::Error,
    }
}

/// True for `P1` to `P5`.
pub fn is_priority(text: &str) -> bool {
    matches!(text, "P1" | "P2" | "P3" | "P4" | "P5")
}

/// Details are labels where routes could match them.
fn put_details(labels: &mut Texts, details: &mut Texts, own: Option<Json<'_>>) {
    let Some(own) = own else { return };
    let done = own.each_field(|name, value| {
        let Some(text) = value.text() else { return };
        let short = line(&text, LABEL_OF_DETAIL_CHARS_MAX);
        if short == *text && !short.is_empty() && !labels.kept().contains_key(&*name) {
            labels.put(&name, &text);
        } else {
            details.put(&name, &text);
        }
    });
    if done.is_none()
        && let Some(odd) = own.text().filter(|odd| !odd.trim().is_empty())
    {
        details.put("details", &odd);
    }
}

/// The entries of a list, each by its name; one that stands alone is a list of one.
fn named(entries: Option<Json<'_>>) -> Vec<String> {
    let Some(entries) = entries else { return Vec::new() };
    let entries = entries.entries(ENTRIES_COUNT_MAX).unwrap_or_else(|| vec![entries]);
    entries.into_iter().take(ENTRIES_COUNT_MAX).filter_map(called).collect()
}

/// A text as it is, an object by its name.
fn called(entry: Json<'_>) -> Option<String> {
    let name = match entry.pick(["name", "username", "id"]) {
        Some(names) => names.into_iter().flatten().find(|name| !name.is_null()),
        None => Some(entry),
    };
    filled_line(name, LABEL_OF_DETAIL_CHARS_MAX)
}

fn filled_lines(value: Option<Json<'_>>) -> Option<String> {
    let text = lines(&value?.text()?, NOTE_CHARS_MAX.min(DETAIL_CHARS_MAX));
    (!text.is_empty()).then_some(text)
}

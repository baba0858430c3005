//! Alerts as Opsgenie shows them. A source sees its own.

use actors::switchboard::{Located, locate};
use adapters::source::opsgenie::{self as body, PRIORITY_DEFAULT};
use axum::http::StatusCode;
use domain::alert::{Alert, Phase};
use domain::directory::Directory;
use domain::view::{Card, CardState};
use events::event::alert::AlertEvent;
use events::event::signal::Severity;
use events::{AlertId, Author, Code, DedupKey, Entry, Event, JournalError, SymptomId, Timestamp};
use i18n::Locale;
use serde_json::{Value, json};

use super::answer::Fault;
use super::{Asked, Words, word};
use crate::timeline;

/// As many alerts, logs or notes are listed at once, where nobody says otherwise.
const LISTED_DEFAULT: usize = 20;
/// As many are listed at once at most.
const LISTED_MAX: usize = 100;
/// Labels that have fields of their own.
const FIELDS: [&str; 5] = ["priority", "entity", "source", "tags", "responders"];

/// An alert of the source.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub id: AlertId,
    pub dedup_key: DedupKey,
    pub alert: Alert,
    entries: Vec<Entry>,
}

impl Found {
    /// A note says exactly this.
    pub fn says(&self, text: &str) -> bool {
        self.notes().any(|note| note == text)
    }

    /// The last note about this field says exactly this.
    pub fn says_last(&self, field: &str, text: &str) -> bool {
        let is_meant = |note: &&str| note.strip_prefix(field).is_some_and(|rest| rest.starts_with(": "));
        self.notes().filter(is_meant).last() == Some(text)
    }

    fn notes(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Alert(AlertEvent::Noted { text, .. }) => text.open().map(String::as_str),
            _ => None,
        })
    }
}

/// The alert that an address names by its id, alias or tiny id; none when the source has none such.
pub(super) async fn find(asked: &Asked, identifier: &str, query: &Words) -> Result<Option<Found>, Fault> {
    match word(query, "identifierType").unwrap_or("id").to_ascii_lowercase().as_str() {
        "id" => match identifier.parse() {
            Ok(id) => own(asked, id).await,
            Err(_) => Ok(None),
        },
        "alias" => find_by_key(asked, &body::key_of(identifier)).await,
        "tiny" => {
            let Ok(code) = identifier.parse::<Code>() else { return Ok(None) };
            let candidates = asked.app.house.published().board().with_code(code);
            for id in candidates {
                if let Some(found) = own(asked, id).await? {
                    return Ok(Some(found));
                }
            }
            Ok(None)
        }
        _ => {
            Err(Fault::wrong("identifierType", "`identifierType` is something else: send id, alias or tiny"))
        }
    }
}

/// The last alert about a problem of the source.
pub(super) async fn find_by_key(asked: &Asked, key: &DedupKey) -> Result<Option<Found>, Fault> {
    let symptom = SymptomId::derive(&asked.source, key);
    let host = asked.app.house.published().board().host(symptom);
    if let Some(host) = host {
        let (alert, entries) = read(asked, host).await?;
        return Ok(Some(Found { id: host, dedup_key: key.clone(), alert, entries }));
    }
    let journal = &asked.app.house.ports().journal;
    let Located { alert, is_fresh, .. } =
        locate(journal, symptom).await.map_err(|error| unreadable(&error))?;
    let ordinal = if is_fresh { alert.ordinal.saturating_sub(1) } else { alert.ordinal };
    if ordinal == 0 {
        return Ok(None);
    }
    own(asked, AlertId { ordinal, ..alert }).await
}

/// What the source calls the problem of an alert; none when it is not its own.
pub(super) async fn alias_of(asked: &Asked, id: AlertId) -> Result<Option<String>, Fault> {
    Ok(own(asked, id).await?.map(|found| found.dedup_key.to_string()))
}

/// This alert, if it is the source's own.
pub(super) async fn own(asked: &Asked, id: AlertId) -> Result<Option<Found>, Fault> {
    let (alert, entries) = read(asked, id).await?;
    let subject = alert.subject().filter(|subject| subject.source == asked.source);
    let dedup_key = subject.map(|subject| subject.dedup_key.clone());
    Ok(dedup_key.map(|dedup_key| Found { id, dedup_key, alert, entries }))
}

/// An alert and its history.
async fn read(asked: &Asked, id: AlertId) -> Result<(Alert, Vec<Entry>), Fault> {
    let read = asked.app.house.ports().journal.read_what_is_left(&id.stream()).await;
    let entries = read.map_err(|error| unreadable(&error))?;
    Ok((timeline::fold_at(&entries, Timestamp::from_micros(i64::MAX)), entries))
}

fn unreadable(error: &JournalError) -> Fault {
    Fault::new(StatusCode::SERVICE_UNAVAILABLE, format!("the log cannot be read: {error}"))
}

/// `GET /v2/alerts/{identifier}`.
pub(super) async fn one(asked: &Asked, identifier: &str, query: &Words) -> Result<Value, Fault> {
    let found = find(asked, identifier, query).await?.ok_or_else(Fault::no_such_alert)?;
    Ok(json!({ "data": full(asked, &found) }))
}

/// `GET /v2/alerts?query=&limit=&offset=&order=`: those that are not over, the newest first.
pub(super) async fn list(asked: &Asked, query: &Words) -> Result<Value, Fault> {
    let ids = matching(asked, query)?;
    let (offset, limit) =
        (number(query, "offset", 0)?, number(query, "limit", LISTED_DEFAULT)?.clamp(1, LISTED_MAX));
    let mut data = Vec::new();
    for &id in ids.iter().skip(offset).take(limit) {
        if let Some(found) = own(asked, id).await? {
            data.push(full(asked, &found));
        }
    }
    let next = (offset + limit < ids.len()).then(|| offset + limit);
    Ok(json!({ "data": data, "paging": paging(next, limit) }))
}

/// Where the rest is, if there is any.
fn paging(next: Option<usize>, limit: usize) -> Value {
    next.map_or_else(|| json!({}), |offset| json!({ "next": format!("?offset={offset}&limit={limit}") }))
}

/// `GET /v2/alerts/count?query=`.
pub(super) fn count(asked: &Asked, query: &Words) -> Result<Value, Fault> {
    Ok(json!({ "data": { "count": matching(asked, query)?.len() } }))
}

/// The source's alerts that are not over and that a query means.
fn matching(asked: &Asked, query: &Words) -> Result<Vec<AlertId>, Fault> {
    let wanted = Wanted::read(word(query, "query").unwrap_or_default())?;
    let oldest_first = word(query, "order").is_some_and(|order| order.eq_ignore_ascii_case("asc"));
    let board = asked.app.house.published().board();
    let problems = board.problems().into_iter();
    let mut ids: Vec<AlertId> = problems
        .filter(|(_, card)| card.source == asked.source && wanted.means(card))
        .map(|(id, _)| id)
        .collect();
    if !oldest_first {
        ids.reverse();
    }
    Ok(ids)
}

/// What of Opsgenie's query language is understood: `status: open` or `closed`, and `status: acked` or `unacked`, with
/// `AND` between them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    is_closed: bool,
    is_acknowledged: Option<bool>,
}

impl Wanted {
    fn read(text: &str) -> Result<Self, Fault> {
        let mut wanted = Self::default();
        let words = text.replace(": ", ":").replace('=', ":").to_ascii_lowercase();
        for term in words.split_whitespace().filter(|term| *term != "and") {
            match term.trim_matches('"') {
                "status:open" => {}
                "status:closed" => wanted.is_closed = true,
                "status:acked" | "acknowledged:true" => wanted.is_acknowledged = Some(true),
                "status:unacked" | "acknowledged:false" => wanted.is_acknowledged = Some(false),
                _ => {
                    let sentence = "`query` is understood with status:open, status:closed, status:acked and status:unacked: send one of them, or no query";
                    return Err(Fault::wrong("query", sentence));
                }
            }
        }
        Ok(wanted)
    }

    fn means(&self, card: &Card) -> bool {
        let is_acknowledged = matches!(card.state, CardState::Acknowledged(_));
        !self.is_closed && self.is_acknowledged.is_none_or(|wanted| wanted == is_acknowledged)
    }
}

fn number(query: &Words, name: &str, default: usize) -> Result<usize, Fault> {
    let Some(text) = word(query, name) else { return Ok(default) };
    text.parse().map_err(|_| Fault::wrong(name, format!("`{name}` is no number: send 0 or more")))
}

/// `GET /v2/alerts/{identifier}/logs`.
pub(super) async fn logs(asked: &Asked, identifier: &str, query: &Words) -> Result<Value, Fault> {
    let found = find(asked, identifier, query).await?.ok_or_else(Fault::no_such_alert)?;
    let directory = asked.app.house.directory();
    let lines = timeline::lines(&found.entries, &directory, Locale::En, chrono_tz::Tz::UTC);
    let logs = lines.into_iter().map(|line| {
        let by = found.entries.iter().find(|entry| entry.position == line.position).map(|entry| &entry.by);
        json!({
            "log": line.text,
            "type": line.kind,
            "owner": by.map(|by| name(&directory, by)),
            "createdAt": line.at.to_string(),
            "offset": line.position.to_string(),
        })
    });
    page(logs.collect(), query)
}

/// `GET /v2/alerts/{identifier}/notes`.
pub(super) async fn notes(asked: &Asked, identifier: &str, query: &Words) -> Result<Value, Fault> {
    let found = find(asked, identifier, query).await?.ok_or_else(Fault::no_such_alert)?;
    let directory = asked.app.house.directory();
    let notes = found.entries.iter().filter_map(|entry| {
        let Event::Alert(AlertEvent::Noted { by, text }) = &entry.event else { return None };
        Some(json!({
            "note": text.open(),
            "owner": name(&directory, by),
            "createdAt": entry.at.to_string(),
            "offset": entry.position.to_string(),
        }))
    });
    page(notes.collect(), query)
}

/// `GET /v2/alerts/{identifier}/recipients`: who was paged.
pub(super) async fn recipients(asked: &Asked, identifier: &str, query: &Words) -> Result<Value, Fault> {
    let found = find(asked, identifier, query).await?.ok_or_else(Fault::no_such_alert)?;
    let directory = asked.app.house.directory();
    let paged = found.alert.people_paged();
    let paged = paged.iter().filter_map(|&person| Some((directory.slug(person)?, directory.name(person)?)));
    let state = if matches!(found.alert.phase(), Phase::Acknowledged { .. }) { "action" } else { "active" };
    let data = paged.map(|(slug, name)| json!({ "user": { "id": slug, "username": name }, "state": state }));
    Ok(json!({ "data": data.collect::<Vec<_>>() }))
}

/// One page of logs or notes: those after the offset, oldest first unless the other order is asked for.
fn page(mut all: Vec<Value>, query: &Words) -> Result<Value, Fault> {
    let limit = number(query, "limit", LISTED_DEFAULT)?.clamp(1, LISTED_MAX);
    if word(query, "order").is_some_and(|order| order.eq_ignore_ascii_case("desc")) {
        all.reverse();
    }
    if let Some(offset) = word(query, "offset")
        && let Some(at) = all.iter().position(|one| one["offset"] == offset)
    {
        all.drain(..=at);
    }
    let next = all.get(limit - 1).filter(|_| all.len() > limit).map(|last| last["offset"].clone());
    all.truncate(limit);
    let paging = next.and_then(|next| {
        next.as_str().map(|next| json!({ "next": format!("?offset={next}&limit={limit}") }))
    });
    Ok(json!({ "data": all, "paging": paging.unwrap_or_else(|| json!({})) }))
}

/// An alert with everything.
fn full(asked: &Asked, found: &Found) -> Value {
    let Found { id, dedup_key, alert, entries } = found;
    let signal = alert.subject().and_then(|subject| subject.signal.open());
    let label = |name: &str| signal.and_then(|signal| signal.labels.get(name)).map(String::as_str);
    let split = |name| {
        label(name).map(|text| text.split(',').map(str::to_owned).collect::<Vec<_>>()).unwrap_or_default()
    };
    let details: serde_json::Map<String, Value> = signal
        .into_iter()
        .flat_map(|signal| signal.labels.iter().chain(&signal.details))
        .filter(|(name, _)| !FIELDS.contains(&name.as_str()) && *name != "description")
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect();
    let directory = asked.app.house.directory();
    let (owner, is_acknowledged) = match alert.phase() {
        Phase::Acknowledged { by, .. } => (name(&directory, by), true),
        Phase::Unraised | Phase::Held { .. } | Phase::Open { .. } | Phase::Resolved { .. } => {
            (String::new(), false)
        }
    };
    let snoozed_until =
        if let Phase::Held { until } = alert.phase() { Some(until.to_string()) } else { None };
    let is_over = matches!(alert.phase(), Phase::Resolved { .. });
    let is_again = |event: &Event| {
        matches!(event, Event::Alert(AlertEvent::Repeated | AlertEvent::SeverityChanged { .. }))
    };
    let again: Vec<&Entry> = entries.iter().filter(|entry| is_again(&entry.event)).collect();
    let raised_at = alert.subject().map(|subject| subject.raised_at);
    let responders: Vec<Value> = split("responders")
        .into_iter()
        .map(|name| json!({ "type": "team", "id": name, "name": name }))
        .collect();
    json!({
        "id": id.to_string(),
        "tinyId": id.code().to_string(),
        "alias": dedup_key,
        "message": signal.map(|signal| &signal.summary),
        "status": if is_over { "closed" } else { "open" },
        "acknowledged": is_acknowledged,
        "isSeen": !alert.people_paged().is_empty() && is_acknowledged,
        "tags": split("tags"),
        "snoozed": snoozed_until.is_some(),
        "snoozedUntil": snoozed_until,
        "count": again.len() + 1,
        "lastOccurredAt": again.last().map(|entry| entry.at).or(raised_at).map(|at| at.to_string()),
        "createdAt": raised_at.map(|at| at.to_string()),
        "updatedAt": entries.last().map(|entry| entry.at.to_string()),
        "source": label("source").unwrap_or_default(),
        "owner": owner,
        "priority": priority(label("priority").unwrap_or(PRIORITY_DEFAULT), alert.severity()),
        "responders": responders,
        "integration": { "id": asked.source, "name": asked.source, "type": "API" },
        "report": {},
        "actions": [],
        "entity": label("entity").unwrap_or_default(),
        "description": signal.and_then(|signal| signal.details.get("description")).map(String::as_str).unwrap_or_default(),
        "details": details,
    })
}

/// The priority that an alert was created with; one that means the same as its severity, once that was changed.
fn priority(created: &str, severity: Severity) -> &str {
    if body::is_priority(created) && body::severity(created) == severity {
        return created;
    }
    match severity {
        Severity::Critical => "P1",
        Severity::Error => PRIORITY_DEFAULT,
        Severity::Warning => "P4",
        Severity::Info => "P5",
    }
}

/// How an author is called.
fn name(directory: &Directory, author: &Author) -> String {
    match author {
        Author::Person(person) => directory.name(*person).map_or_else(|| person.to_string(), str::to_owned),
        Author::Token(name) => directory.tokens().called(name),
        Author::Source(source) => source.to_string(),
        Author::House => "house".to_owned(),
    }
}

//! Which alerts of the last days planned work would have taken, and which of them somebody had acted on.

use std::collections::HashMap;

use actors::projector::Wanted as Records;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use domain::work::Taker;
use events::event::alert::{AlertEvent, Occasion, Raised};
use events::{AlertId, Author, Entry, Event, Position, Span, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::scope;
use crate::http::App;
use crate::http::api::{Answer, Caller};
use crate::http::problem::Problem;

/// What is asked when nothing is said.
const DAYS_DEFAULT: u32 = 30;
/// Nobody looks back further.
const DAYS_MAX: u32 = 400;
/// So many alerts are shown; the others are counted.
const SHOWN_MAX: usize = 1_000;

/// Which alerts, and how far back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    #[serde(default)]
    services: Vec<String>,
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    labels: Vec<String>,
    days: Option<u32>,
}

/// An alert that would have been taken.
struct Found {
    shown: Value,
    raised_at: Timestamp,
    acted: Option<Author>,
}

/// `POST /api/v1/work/preview`.
pub async fn show(
    _caller: Caller,
    State(app): State<App>,
    question: Result<Json<Question>, JsonRejection>,
) -> Answer {
    let Json(question) =
        question.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let days = question.days.unwrap_or(DAYS_DEFAULT);
    if !(1..=DAYS_MAX).contains(&days) {
        let sentence = format!("`days` is between 1 and {DAYS_MAX}");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence));
    }
    let scope = scope(&question.services, &question.sources, &question.labels)?;
    let since = app.house.now() - Span::from_seconds(u64::from(days) * 86_400);
    let mut found: HashMap<AlertId, Found> = HashMap::new();
    let mut position = Position::START;
    loop {
        let page = actors::projector::page(&app.house.ports().journal, position, Records::All).await;
        let page = page.map_err(|error| Problem::unavailable(error.to_string()))?;
        let Some(reached) = page.reached else { break };
        position = reached;
        for entry in page.entries.iter().filter(|entry| entry.at >= since) {
            let Event::Alert(event) = &entry.event else { continue };
            let Ok(alert) = entry.stream.name().parse::<AlertId>() else { continue };
            if let AlertEvent::Raised(raised) = event {
                let fits = taker(raised).is_some_and(|taker| taker.fits(&scope));
                found.extend(fits.then(|| (alert, begin(alert, raised, entry))));
            } else if let (Some(found), Some(by)) = (found.get_mut(&alert), actor(event)) {
                found.acted.get_or_insert(by);
            }
        }
    }
    Ok(Json(tell(&app, days, found)))
}

fn tell(app: &App, days: u32, found: HashMap<AlertId, Found>) -> Value {
    let directory = app.house.directory();
    let mut found: Vec<(AlertId, Found)> = found.into_iter().collect();
    found.sort_by_key(|(alert, found)| (found.raised_at, *alert));
    let acted_count = found.iter().filter(|(_, found)| found.acted.is_some()).count();
    let count = found.len();
    let alerts = found.into_iter().take(SHOWN_MAX).map(|(_, found)| {
        let mut shown = found.shown;
        shown["acted"] = found.acted.is_some().into();
        shown["acted_by"] = match found.acted {
            Some(Author::Person(person)) => directory.slug(person).map_or(Value::Null, Value::from),
            Some(Author::Token(name)) => name.to_string().into(),
            Some(Author::Source(_) | Author::House) | None => Value::Null,
        };
        shown
    });
    let alerts: Vec<Value> = alerts.collect();
    json!({ "days": days, "count": count, "acted_count": acted_count, "alerts": alerts })
}

fn taker(raised: &Raised) -> Option<Taker<'_>> {
    if raised.occasion != Occasion::Problem {
        return None;
    }
    let labels = raised.signal.open().map(|signal| &signal.labels);
    Some(Taker { service: &raised.assignment.as_ref()?.service, source: &raised.source, labels })
}

fn begin(alert: AlertId, raised: &Raised, entry: &Entry) -> Found {
    let shown = json!({
        "id": alert,
        "code": alert.code(),
        "summary": raised.signal.open().map(|signal| &signal.summary),
        "service": raised.assignment.as_ref().map(|assignment| &assignment.service),
        "severity": raised.severity,
        "raised_at": entry.at.to_string(),
    });
    Found { shown, raised_at: entry.at, acted: None }
}

/// Who did something about an alert: a person, or whoever holds a token.
fn actor(event: &AlertEvent) -> Option<Author> {
    let (AlertEvent::Acknowledged { by, .. }
    | AlertEvent::Joined { by, .. }
    | AlertEvent::Resolved { by, .. }
    | AlertEvent::Escalated { by }
    | AlertEvent::HandedOver { by, .. }
    | AlertEvent::Held { by, .. }
    | AlertEvent::Noted { by, .. }) = event
    else {
        return None;
    };
    matches!(by, Author::Person(_) | Author::Token(_)).then(|| by.clone())
}

//! Alerts: what is open, one in full, and what people do with it.

use actors::alarm::Trouble;
use actors::projector::Wanted;
use adapters::text;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use domain::access::About;
use domain::alert::{Alert, Order, Phase, WorkStage};
use domain::change::Changed;
use domain::directory::Directory;
use domain::view::{Card, CardState};
use events::event::alert::{Handed, Taken, Way};
use events::event::change::ChangeTold;
use events::{AlertId, Author, DedupKey, Entry, JournalError, SourceId, Span, SymptomId, Timestamp};
use i18n::Locale;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Answer, Caller, Narrow};
use crate::http::problem::Problem;
use crate::http::{App, language, moment, zone};
use crate::timeline;

/// The source that test pages come from.
const TEST_SOURCE: &str = "test";

/// As when, and in which zone.
#[derive(Debug, Default, Deserialize)]
pub struct View {
    at: Option<String>,
    zone: Option<String>,
}

/// `GET /api/v1/alerts`: every open alert, oldest first.
pub async fn list(_caller: Caller, State(app): State<App>) -> Json<Vec<Value>> {
    let board = app.house.published().board();
    let directory = app.house.directory();
    Json(board.problems().into_iter().map(|(id, shown)| card(id, shown, &directory)).collect())
}

fn card(id: AlertId, card: &Card, directory: &Directory) -> Value {
    let until = if let CardState::Held(until) = &card.state { Some(until.to_string()) } else { None };
    let hold = card.hold.as_deref().map(|(by, joins)| hold_terms(by, *joins, directory));
    json!({
        "id": id,
        "code": id.code(),
        "summary": text::summary(Locale::En, &card.summary, card.finding.as_deref().copied(), 1),
        "problems": card.problems_count(),
        "service": card.service,
        "severity": card.severity,
        "state": card.state.as_str(),
        "until": until,
        "hold": hold,
        "raised_at": card.raised_at.to_string(),
    })
}

/// `GET /api/v1/alerts/{id}?at=T&zone=Z`: one alert with its timeline, now or as it was.
pub async fn show(
    _caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(view): Query<View>,
    headers: HeaderMap,
) -> Answer {
    let alert = find(&app, &id)?;
    let at = view.at.as_deref().map(|at| moment(Some(at), app.house.now())).transpose()?;
    let mut entries = history(&app, alert).await?;
    entries.retain(|entry| at.is_none_or(|at| entry.at <= at));
    let directory = app.house.directory();
    let folded = timeline::fold_at(&entries, Timestamp::from_micros(i64::MAX));
    let lines = timeline::lines(&entries, &directory, language(&headers), zone(view.zone.as_deref())?);
    let lines = lines.into_iter().map(|line| {
        json!({ "at": line.at.to_string(), "position": line.position, "kind": line.kind, "text": line.text })
    });
    let mut shown = summary(alert, &folded, &directory);
    let assignment = folded.subject().and_then(|raised| raised.assignment.as_ref());
    shown["route"] = assignment.map(|assignment| assignment.route).into();
    shown["paged"] = folded.people_paged().iter().filter_map(|&person| directory.name(person)).collect();
    shown["acknowledged_by"] = match folded.phase() {
        Phase::Acknowledged { by, .. } => name(&directory, by).into(),
        Phase::Unraised | Phase::Open { .. } | Phase::Held { .. } | Phase::Resolved { .. } => Value::Null,
    };
    shown["timeline"] = lines.collect();
    let raised_at = folded.subject().map(|subject| subject.raised_at);
    let changes = raised_at.map(|at| app.house.published().board().changes().before(at)).unwrap_or_default();
    shown["changes"] = changes.iter().map(change).collect();
    Ok(Json(shown))
}

/// What was changed elsewhere before it.
fn change(changed: &Changed) -> Value {
    let ChangeTold { source, summary, details, .. } = &changed.told;
    json!({ "at": changed.at.to_string(), "source": source, "summary": summary, "details": details })
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

/// The planned work that has, or had, an alert.
fn work(works: &[Taken], stage: WorkStage) -> Value {
    let stage = match stage {
        WorkStage::Holding => "holding",
        WorkStage::WithWorker => "with_worker",
        WorkStage::WithOnCall => "with_on_call",
        WorkStage::Over => "over",
    };
    let works = works.iter().map(|taken| {
        json!({
            "id": taken.work,
            "worker": taken.name.open(),
            "what": taken.what.open(),
            "ends_at": taken.ends_at.to_string(),
        })
    });
    json!({ "stage": stage, "works": works.collect::<Vec<_>>() })
}

/// Who put an alert off, and after how many more problems it goes on.
fn hold_terms(by: &Author, joins: u32, directory: &Directory) -> Value {
    json!({ "by": name(directory, by), "unless_joined": joins })
}

fn summary(id: AlertId, alert: &Alert, directory: &Directory) -> Value {
    let subject = alert.subject();
    let signal = subject.and_then(|subject| subject.signal.open());
    let assignment = subject.and_then(|subject| subject.assignment.as_ref());
    let (state, until) = match alert.phase() {
        Phase::Unraised => ("unraised", None),
        Phase::Held { until } => ("held", Some(*until)),
        Phase::Open { .. } => ("open", None),
        Phase::Acknowledged { until, .. } => ("acknowledged", *until),
        Phase::Resolved { .. } => ("resolved", None),
    };
    json!({
        "id": id,
        "code": id.code(),
        "summary": signal.map(|signal| text::summary(Locale::En, &signal.summary, signal.finding, 1)),
        "problems": alert.problems_count(),
        "service": assignment.map(|assignment| &assignment.service),
        "service_name": assignment.map(|assignment| &assignment.service_name),
        "severity": alert.severity(),
        "state": state,
        "until": until.map(|until| until.to_string()),
        "hold": alert.hold_terms().map(|hold| hold_terms(&hold.by, hold.unless_joined, directory)),
        "work": alert.work().map(|(works, stage)| work(works, stage)),
        "handed_over_to": alert.handed(),
        "takers": alert.takers().len(),
        "raised_at": subject.map(|subject| subject.raised_at.to_string()),
        "runbook": alert.runbook(),
        "labels": signal.map(|signal| &signal.labels),
        "details": signal.map(|signal| &signal.details),
    })
}

/// `POST /api/v1/alerts/{id}/acknowledge`.
pub async fn acknowledge(Caller(by): Caller, State(app): State<App>, Path(id): Path<String>) -> Answer {
    order(&app, &id, by.clone(), Order::Acknowledge { by, way: Way::Api }).await
}

/// `POST /api/v1/alerts/{id}/resolve`.
pub async fn resolve(Caller(by): Caller, State(app): State<App>, Path(id): Path<String>) -> Answer {
    order(&app, &id, by.clone(), Order::Resolve { by }).await
}

/// `POST /api/v1/alerts/{id}/escalate`.
pub async fn escalate(Caller(by): Caller, State(app): State<App>, Path(id): Path<String>) -> Answer {
    order(&app, &id, by.clone(), Order::Escalate { by }).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hold {
    for_seconds: Option<u64>,
    until: Option<String>,
    #[serde(default)]
    unless_joined: Joins,
}

/// After how many more problems an alert goes on that is on hold: a number, or `true` for one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Joins {
    One(bool),
    Many(u32),
}

impl Default for Joins {
    fn default() -> Self {
        Self::One(false)
    }
}

/// `POST /api/v1/alerts/{id}/hold` with `{"for_seconds":1200}` or `{"until":T}`, either also with `"unless_joined":true`
/// or a number. It ends as well when the alert becomes critical.
pub async fn hold(Caller(by): Caller, State(app): State<App>, Path(id): Path<String>, body: Bytes) -> Answer {
    let Hold { for_seconds, until, unless_joined } = read(&body)?;
    let until = match (for_seconds, until) {
        (Some(seconds), None) => app.house.now() + Span::from_seconds(seconds),
        (None, Some(until)) => moment(Some(&until), app.house.now())?,
        (None, None) | (Some(_), Some(_)) => {
            let sentence = "say how long, as `for_seconds` or as `until` with a moment, and not both";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence));
        }
    };
    if until <= app.house.now() {
        let sentence = "`until` is over already: name a moment that is still to come";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence));
    }
    let unless_joined = match unless_joined {
        Joins::One(joins) => u32::from(joins),
        Joins::Many(joins) => joins,
    };
    order(&app, &id, by.clone(), Order::Hold { by, until, unless_joined }).await
}

/// `POST /api/v1/alerts/{id}/unhold`: paging begins again now.
pub async fn unhold(Caller(by): Caller, State(app): State<App>, Path(id): Path<String>) -> Answer {
    order(&app, &id, by, Order::EndHold).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HandOver {
    policy: Option<String>,
    team: Option<String>,
}

/// `POST /api/v1/alerts/{id}/hand-over` with `{"policy":"network"}` or `{"team":"sysadmin"}`.
pub async fn hand_over(
    Caller(by): Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    body: Bytes,
) -> Answer {
    let to = match read(&body)? {
        HandOver { policy: Some(policy), team: None } => Handed::Policy(policy.as_str().into()),
        HandOver { policy: None, team: Some(team) } => Handed::Team(team.as_str().into()),
        _ => {
            let sentence = "say `policy` or `team`, and not both";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence));
        }
    };
    order(&app, &id, by.clone(), Order::HandOver { by, to }).await
}

#[derive(Debug, Deserialize)]
struct Note {
    text: String,
}

/// `POST /api/v1/alerts/{id}/notes` with `{"text":"…"}`.
pub async fn note(Caller(by): Caller, State(app): State<App>, Path(id): Path<String>, body: Bytes) -> Answer {
    let Note { text } = read(&body)?;
    if text.trim().is_empty() {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "`text` is empty: write what you want to note",
        ));
    }
    order(&app, &id, by.clone(), Order::Note { by, text }).await
}

async fn order(app: &App, id: &str, by: Author, order: Order) -> Answer {
    let alert = find(app, id)?;
    app.house.order(alert, order, app.provenance(by)).await?;
    let entries = history(app, alert).await?;
    let folded = timeline::fold_at(&entries, Timestamp::from_micros(i64::MAX));
    Ok(Json(summary(alert, &folded, &app.house.directory())))
}

#[derive(Debug, Deserialize)]
struct TestPage {
    person: String,
    contact: Option<String>,
}

/// `POST /api/v1/test-pages` with `{"person":"anna","contact":"sms"}`.
pub async fn test_page(narrow: Narrow, State(app): State<App>, body: Bytes) -> Answer {
    let TestPage { person, contact } = read(&body)?;
    let directory = app.house.directory();
    let Some((id, _)) = directory.person_called(&person) else {
        return Err(Problem::not_found(format!("there is no person {person:?}: see `hotpotato export`")));
    };
    let by = narrow.about(About::Person(Some(id)), &format!("person `{person}`"))?;
    // Each test is a symptom of its own: the moment tells them apart.
    let dedup_key = DedupKey::from(format!("{id} {}", app.house.now().as_micros()).as_str());
    let symptom = SymptomId::derive(&SourceId::from(TEST_SOURCE), &dedup_key);
    let alert = AlertId { symptom, ordinal: 1 };
    let contact = contact.as_deref().map(Into::into);
    let test = Order::Test { alert, person: id, contact, by: by.clone() };
    app.house.order(alert, test, app.provenance(by)).await?;
    Ok(Json(json!({ "id": alert, "code": alert.code() })))
}

/// `GET /api/v1/replay?at=T`: the alerts that were open at a moment.
pub async fn replay(_caller: Caller, State(app): State<App>, Query(view): Query<View>) -> Answer {
    let at = moment(view.at.as_deref(), app.house.now())?;
    let journal = &app.house.ports().journal;
    let directory = app.house.directory();
    let mut board = domain::view::Board::default();
    let mut position = events::Position::START;
    loop {
        let page = actors::projector::page(journal, position, Wanted::ByViews).await;
        let page = page.map_err(|error| Problem::unavailable(error.to_string()))?;
        let Some(reached) = page.reached else { break };
        position = reached;
        page.entries.iter().filter(|entry| entry.at <= at).for_each(|entry| board.apply(entry));
    }
    let alerts: Vec<Value> =
        board.problems().into_iter().map(|(id, shown)| card(id, shown, &directory)).collect();
    Ok(Json(json!({ "at": at.to_string(), "alerts": alerts })))
}

/// The alert that a person names, by its id or its code.
fn find(app: &App, name: &str) -> Result<AlertId, Problem> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let unknown = || Problem::not_found(format!("there is no alert {name:?}: see `hotpotato alerts`"));
    let code = name.parse().map_err(|_| unknown())?;
    match app.house.published().board().with_code(code)[..] {
        [] => Err(unknown()),
        [alert] => Ok(alert),
        ref several => {
            let sentence = format!("several open alerts have the code {code}: name one by its id");
            Err(Problem::new(StatusCode::CONFLICT, sentence).with("candidates", json!(several)))
        }
    }
}

async fn history(app: &App, alert: AlertId) -> Result<Vec<Entry>, Problem> {
    let read = app.house.ports().journal.read_what_is_left(&alert.stream()).await;
    let entries = read.map_err(|error| unreadable(app, &error))?;
    if entries.is_empty() {
        return Err(Problem::not_found(format!("there is no alert {alert}: see `hotpotato alerts`")));
    }
    Ok(entries)
}

/// A log that cannot be read is the operators' trouble, too.
fn unreadable(app: &App, error: &JournalError) -> Problem {
    let reason = error.to_string();
    if matches!(error, JournalError::Read(_)) {
        app.house.bell().ring(Trouble::LogRefuses { reason: reason.clone() });
    }
    Problem::unavailable(reason)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, format!("the body is wrong: {error}"))
    })
}

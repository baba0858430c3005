//! Planned work: whose alerts go first to whoever is doing it.

use actors::registrar::Undecided;
use adapters::recurrence::spans::spans;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::access::About;
use domain::directory::{Directory, PlannedWork};
use domain::view::Board;
use domain::work::{WAIT_DEFAULT, Work, WorkCommand, WorkRefusal};
use events::event::work::{LabelMatch, Scope, WorkKind, WorkPlanned, WorkSpan};
use events::{Author, KeyOwner, PersonId, Sealed, Span, Timestamp, WorkId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Caller, Narrow, drawn_name};
use crate::http::past::Known;
use crate::http::problem::Problem;
use crate::http::{App, moment, zone};

pub(super) mod preview;

/// A new name is drawn this often when the one before was taken.
const DRAWS_MAX: u32 = 4;

/// Which work.
#[derive(Debug, Deserialize)]
pub struct Which {
    /// Also what is over.
    #[serde(default)]
    all: bool,
    /// As it was known then.
    at: Option<String>,
}

/// What somebody plans.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    worker: String,
    what: String,
    #[serde(default)]
    kind: WorkKind,
    #[serde(default)]
    services: Vec<String>,
    #[serde(default)]
    sources: Vec<String>,
    /// `host=web-*` or `env!=prod`.
    #[serde(default)]
    labels: Vec<String>,
    from: Option<String>,
    to: Option<String>,
    for_seconds: Option<u64>,
    wait_seconds: Option<u64>,
    /// A rule of repetition, by the wall clock in `zone`.
    rule: Option<String>,
    zone: Option<String>,
}

/// When it is to end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    to: Option<String>,
    by_seconds: Option<u64>,
}

/// `GET /api/v1/work?all=true&at=T`.
pub async fn list(_caller: Caller, State(app): State<App>, Query(which): Query<Which>) -> Answer {
    let at = moment(which.at.as_deref(), app.house.now())?;
    let known = Known::at(&app, at).await?;
    let directory = &*known.directory;
    let board = app.house.published().board();
    let mut shown: Vec<(Timestamp, Value)> = Vec::new();
    for (id, work) in directory.works() {
        if which.all || work.state.ends_at() > at {
            let begins = work.state.spans().first().map(|span| span.from).unwrap_or_default();
            let mut told = show(directory, &board, id, work, at);
            if which.at.is_some() {
                // Which alerts it had taken by then stands in the histories of the alerts.
                told.as_object_mut().map(|told| told.remove("taken"));
                told = known.named_in(told);
            }
            shown.push((begins, told));
        }
    }
    shown.sort_by_key(|(begins, _)| *begins);
    Ok(Json(shown.into_iter().map(|(_, shown)| shown).collect()))
}

/// `GET /api/v1/work/{id}`.
pub async fn one(_caller: Caller, State(app): State<App>, Path(id): Path<String>) -> Answer {
    shown(&app, &named(&app, &id)?)
}

/// `POST /api/v1/work`.
pub async fn plan(
    narrow: Narrow,
    State(app): State<App>,
    wanted: Result<Json<Wanted>, JsonRejection>,
) -> Answer {
    let Json(wanted) = wanted.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let whose = format!("work of `{}`", wanted.worker);
    let planned = understood(&app.house.directory(), wanted, app.house.now())?;
    let by = narrow.about(About::Person(Some(planned.worker)), &whose)?;
    for _ in 0..DRAWS_MAX {
        let id = WorkId::from(drawn_name()?.as_str());
        let command = WorkCommand::Plan(planned.clone());
        match app.house.decide::<Work>(id.as_str(), command, app.provenance(by.clone())).await {
            Ok(position) => {
                app.house.published().wait_for(position).await;
                return shown(&app, &id);
            }
            Err(Undecided::Refused(WorkRefusal::Taken)) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    Err(Problem::unavailable("no free name was found; try again"))
}

/// `POST /api/v1/work/{id}/extend`.
pub async fn extend(
    narrow: Narrow,
    app: State<App>,
    Path(id): Path<String>,
    extension: Result<Json<Extension>, JsonRejection>,
) -> Answer {
    let Json(extension) =
        extension.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let now = app.house.now();
    let until = match (extension.to, extension.by_seconds) {
        (Some(to), None) => moment(Some(&to), now)?,
        (None, Some(seconds)) => {
            let directory = app.house.directory();
            let work = directory.works().get(&named(&app, &id)?);
            let state = work.map(|work| &work.state);
            let span = state.and_then(|state| state.span_at(now).or_else(|| state.span_after(now)));
            let span = span.ok_or(Undecided::Refused(WorkRefusal::Over))?;
            span.until + Span::from_seconds(seconds)
        }
        _ => {
            let sentence = "say `to` or `by_seconds`, and not both";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence));
        }
    };
    decide(&narrow, app, &id, WorkCommand::Move { until }).await
}

/// `POST /api/v1/work/{id}/end`.
pub async fn end(narrow: Narrow, app: State<App>, Path(id): Path<String>) -> Answer {
    decide(&narrow, app, &id, WorkCommand::End).await
}

/// `POST /api/v1/work/{id}/cancel`.
pub async fn cancel(narrow: Narrow, app: State<App>, Path(id): Path<String>) -> Answer {
    decide(&narrow, app, &id, WorkCommand::Cancel).await
}

async fn decide(narrow: &Narrow, State(app): State<App>, id: &str, command: WorkCommand) -> Answer {
    let id = named(&app, id)?;
    let directory = app.house.directory();
    let planned = directory.works().get(&id).and_then(|work| work.state.planned());
    let by = narrow.about(About::Person(planned.map(|planned| planned.worker)), &format!("work `{id}`"))?;
    let position = app.house.decide::<Work>(id.as_str(), command, app.provenance(by)).await?;
    app.house.published().wait_for(position).await;
    shown(&app, &id)
}

fn named(app: &App, id: &str) -> Result<WorkId, Problem> {
    let id = WorkId::from(events::base32::canonical(id).as_str());
    if app.house.directory().works().contains_key(&id) {
        Ok(id)
    } else {
        Err(Undecided::Refused(WorkRefusal::Unplanned).into())
    }
}

fn shown(app: &App, id: &WorkId) -> Answer {
    let directory = app.house.directory();
    let work = directory.works().get(id).ok_or(Undecided::Refused(WorkRefusal::Unplanned))?;
    Ok(Json(show(&directory, &app.house.published().board(), id, work, app.house.now())))
}

/// Names to identifiers, a rule to spans. What they may say together is the domain's business.
fn understood(directory: &Directory, wanted: Wanted, now: Timestamp) -> Result<WorkPlanned, Problem> {
    let refused = |sentence: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence);
    let worker = directory.person_called(&wanted.worker).map(|(id, _)| id).ok_or_else(|| {
        refused(format!("there is nobody called {:?}: see `hotpotato export`", wanted.worker))
    })?;
    let from = moment(wanted.from.as_deref(), now)?;
    let until = match (&wanted.to, wanted.for_seconds) {
        (Some(to), None) => moment(Some(to), now)?,
        (None, Some(seconds)) => from + Span::from_seconds(seconds),
        _ => return Err(refused("say until when: with `to` or with `for_seconds`, and not both".to_owned())),
    };
    let span = WorkSpan { from, until };
    let spans = match &wanted.rule {
        Some(rule) => {
            let own = directory.people().get(&worker).map(|worker| worker.time_zone.as_str());
            let zone = zone(wanted.zone.as_deref().or(own))?;
            spans(rule, zone, span).map_err(|error| refused(error.to_string()))?
        }
        None => vec![span],
    };
    Ok(WorkPlanned {
        worker,
        kind: wanted.kind,
        scope: scope(&wanted.services, &wanted.sources, &wanted.labels)?,
        spans,
        rule: wanted.rule,
        wait: wanted.wait_seconds.map_or(WAIT_DEFAULT, Span::from_seconds),
        what: Sealed::new(KeyOwner::Person(worker), wanted.what.trim().to_owned()),
    })
}

fn scope(services: &[String], sources: &[String], labels: &[String]) -> Result<Scope, Problem> {
    let mut scope = Scope {
        services: services.iter().map(|service| service.as_str().into()).collect(),
        sources: sources.iter().map(|source| source.as_str().into()).collect(),
        ..Scope::default()
    };
    for label in labels {
        let (name, found) = match (label.split_once("!="), label.split_once('=')) {
            (Some((name, pattern)), _) => (name, LabelMatch::Unlike(pattern.to_owned())),
            (None, Some((name, pattern))) => (name, LabelMatch::Like(pattern.to_owned())),
            (None, None) => ("", LabelMatch::Like(String::new())),
        };
        if name.trim().is_empty() || scope.labels.insert(name.trim().to_owned(), found).is_some() {
            let sentence = format!("{label:?} is no label: write host=web-* or env!=prod, each name once");
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence));
        }
    }
    Ok(scope)
}

/// A scope in the words in which it was asked for.
pub(super) fn scope_shown(scope: &Scope) -> Value {
    let label = |(name, found): (&String, &LabelMatch)| match found {
        LabelMatch::Like(pattern) => format!("{name}={pattern}"),
        LabelMatch::Unlike(pattern) => format!("{name}!={pattern}"),
    };
    json!({
        "services": scope.services,
        "sources": scope.sources,
        "labels": scope.labels.iter().map(label).collect::<Vec<_>>(),
    })
}

fn show(directory: &Directory, board: &Board, id: &WorkId, work: &PlannedWork, now: Timestamp) -> Value {
    let slug = |person: PersonId| directory.slug(person).map_or_else(|| person.to_string(), str::to_owned);
    let (state, planned) = (&work.state, work.state.planned());
    let spans = state.spans();
    let present = state.span_at(now);
    let standing = match (present, state.span_after(now)) {
        (Some(_), _) => "on",
        (None, Some(_)) => "planned",
        (None, None) => "over",
    };
    let span = present.or_else(|| state.span_after(now)).or_else(|| spans.last().copied());
    let taken = board.taken_by(id).map(|(alert, _)| {
        let open = board.card(alert).map(|card| card.state.as_str());
        json!({ "id": alert, "code": alert.code(), "state": open.unwrap_or("resolved") })
    });
    let by = work.by.as_ref().map(|by| match by {
        Author::Person(person) => slug(*person),
        Author::Token(name) => name.to_string(),
        Author::Source(_) | Author::House => by.to_string(),
    });
    let mut shown = json!({
        "id": id,
        "state": standing,
        "kind": planned.map(|planned| planned.kind),
        "worker": planned.map(|planned| slug(planned.worker)),
        "what": planned.and_then(|planned| planned.what.open()),
        "from": span.map(|span| span.from.to_string()),
        "to": span.map(|span| span.until.to_string()),
        "wait_seconds": planned.map(|planned| planned.wait.as_seconds()),
        "rule": planned.and_then(|planned| planned.rule.as_ref()),
        "spans_to_come": spans.iter().filter(|span| span.from > now).count(),
        "ends_at": state.ends_at().to_string(),
        "is_cancelled": state.is_cancelled(),
        "planned_by": by,
        "planned_at": work.at.to_string(),
        "taken": taken.collect::<Vec<_>>(),
    });
    if let (Value::Object(shown), Some(Value::Object(scope))) =
        (&mut shown, planned.map(|planned| scope_shown(&planned.scope)))
    {
        shown.extend(scope);
    }
    shown
}

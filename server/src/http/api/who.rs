//! Who would be paged, in order, and why.

use axum::Json;
use axum::extract::{Query, State};
use domain::directory::Directory;
use events::event::alert::{Called, Why};
use events::event::policy::{PolicyDefined, Target};
use events::{ServiceId, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::work::scope_shown;
use super::{Answer, Caller};
use crate::http::past::Known;
use crate::http::problem::Problem;
use crate::http::{App, moment};

/// About what, and when.
#[derive(Debug, Deserialize)]
pub struct Question {
    of: Option<String>,
    at: Option<String>,
}

/// `GET /api/v1/who?of=NAME&at=T`: as it was known at T, when T is past.
pub async fn show(_caller: Caller, State(app): State<App>, Query(question): Query<Question>) -> Answer {
    let now = app.house.now();
    let at = moment(question.at.as_deref(), now)?;
    let known = Known::at(&app, at).await?.or_first(&app);
    let directory = &*known.directory;
    let told = |mut answer: Value| {
        answer["known_at"] = known.at.to_string().into();
        answer
    };
    let Some(name) = question.of else {
        let all = directory.services().keys().filter_map(|service| of_service(directory, service, at));
        return Ok(Json(all.map(told).collect()));
    };
    of_service(directory, &name.as_str().into(), at)
        .or_else(|| of_rota(directory, &name, at))
        .or_else(|| of_team(directory, &name, at))
        .map(|answer| Json(told(answer)))
        .ok_or_else(|| Problem::not_found(known.lacks(&format!("service, rota or team {name:?}"))))
}

fn of_service(directory: &Directory, service: &ServiceId, at: Timestamp) -> Option<Value> {
    let policy: &PolicyDefined = directory.policies().get(&directory.services().get(service)?.policy)?;
    let steps = policy.steps.iter().zip(1..).map(|(step, number)| {
        let people = people(directory, &step.page, at);
        let wait = step.hand_over.is_none().then(|| step.wait.as_seconds());
        json!({
            "step": number, "wait_seconds": wait, "people": people,
            "acknowledgements": step.acknowledgements, "hand_over": step.hand_over,
        })
    });
    let fallback = people(directory, &policy.fallback, at);
    Some(json!({
        "at": at.to_string(), "of": service, "kind": "service",
        "steps": steps.collect::<Vec<_>>(), "fallback": fallback, "work": work(directory, service, at),
    }))
}

/// Planned work that takes alerts of this service, or some of them: its workers come before step 1.
fn work(directory: &Directory, service: &ServiceId, at: Timestamp) -> Vec<Value> {
    let on = directory.works_at(at).filter_map(|on| Some((on, on.work.state.planned()?)));
    let of_service = on
        .filter(|(_, planned)| planned.scope.services.is_empty() || planned.scope.services.contains(service));
    let shown = of_service.map(|(on, planned)| {
        json!({
            "id": on.id, "kind": planned.kind, "person": directory.slug(planned.worker),
            "name": directory.name(planned.worker), "what": planned.what.open(),
            "until": on.span.until.to_string(), "wait_seconds": planned.wait.as_seconds(),
            "only": scope_shown(&planned.scope),
        })
    });
    shown.collect()
}

fn of_rota(directory: &Directory, name: &str, at: Timestamp) -> Option<Value> {
    let (rota, _) = directory.rotas().get_key_value(name)?;
    Some(one_step(directory, "rota", name, &Target::Rota { rota: rota.clone(), offset: 0 }, at))
}

fn of_team(directory: &Directory, name: &str, at: Timestamp) -> Option<Value> {
    let (team, _) = directory.teams().get_key_value(name)?;
    Some(one_step(directory, "team", name, &Target::Team(team.clone()), at))
}

fn one_step(directory: &Directory, kind: &str, name: &str, target: &Target, at: Timestamp) -> Value {
    let people = people(directory, std::slice::from_ref(target), at);
    let step = json!({ "step": 1, "wait_seconds": null, "people": people });
    json!({ "at": at.to_string(), "of": name, "kind": kind, "steps": [step], "fallback": [] })
}

fn people(directory: &Directory, targets: &[Target], at: Timestamp) -> Vec<Value> {
    directory.called_at(targets, at).iter().map(|called| person(directory, called)).collect()
}

fn person(directory: &Directory, called: &Called) -> Value {
    let mut person = json!({
        "person": directory.slug(called.person),
        "name": directory.name(called.person),
    });
    let why = match &called.why {
        Why::Named => json!({ "why": "named" }),
        Why::Member { team } => json!({ "why": "member", "team": team }),
        Why::Override { rota, id, of, from, until } => json!({
            "why": "override", "rota": rota, "override": id, "of": of.and_then(|of| directory.slug(of)),
            "from": from.to_string(), "until": until.to_string(),
        }),
        Why::AllHands { rota, id, team, until } => json!({
            "why": "all_hands", "rota": rota, "override": id, "team": team, "until": until.to_string(),
        }),
        Why::Work { work, until } => json!({ "why": "work", "work": work, "until": until.to_string() }),
        Why::OnCall { rota, layer, offset, from, until } => json!({
            "why": "on_call", "rota": rota, "layer": layer, "offset": offset,
            "from": from.to_string(), "until": until.to_string(),
        }),
    };
    if let (Value::Object(person), Value::Object(why)) = (&mut person, why) {
        person.extend(why);
    }
    person
}

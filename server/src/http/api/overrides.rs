//! Overrides: who stands in for whom, or is on call as well.

use actors::registrar::Undecided;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::access::About;
use domain::directory::{Decided, Directory};
use domain::overrides::{Override, OverrideCommand, OverrideRefusal, Stage};
use events::event::overrides::{Leg, LegChange, OverrideMade};
use events::{Author, KeyOwner, OverrideId, PersonId, Sealed, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Caller, Narrow, drawn_name};
use crate::http::past::Known;
use crate::http::problem::Problem;
use crate::http::{App, moment};

/// A new name is drawn this often when the one before was taken.
const DRAWS_MAX: u32 = 4;

/// Which overrides.
#[derive(Debug, Deserialize)]
pub struct Which {
    rota: Option<String>,
    /// Also those that are over.
    #[serde(default)]
    all: bool,
    /// As they were known then.
    at: Option<String>,
}

/// What somebody decides.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    legs: Vec<WantedLeg>,
    asks: Option<String>,
    reason: Option<String>,
}

/// One thing that is to be different. With `for` and `by`, with `for` and `nobody`, with `also`, or with `team`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedLeg {
    rota: Option<String>,
    team: Option<String>,
    from: Option<String>,
    to: String,
    #[serde(rename = "for")]
    of: Option<String>,
    by: Option<String>,
    #[serde(default)]
    nobody: bool,
    also: Option<String>,
}

/// `GET /api/v1/overrides?rota=NAME&all=true&at=T`.
pub async fn list(_caller: Caller, State(app): State<App>, Query(which): Query<Which>) -> Answer {
    let at = moment(which.at.as_deref(), app.house.now())?;
    let known = Known::at(&app, at).await?;
    let directory = &*known.directory;
    let mut shown: Vec<(Timestamp, Value)> = Vec::new();
    for (id, decided) in directory.overrides() {
        let legs = decided.state.made().map(|made| made.legs.as_slice()).unwrap_or_default();
        let is_meant =
            which.rota.as_deref().is_none_or(|rota| legs.iter().any(|leg| rota_of(leg) == Some(rota)));
        let is_over = decided.state.stage() == Stage::Over || legs.iter().all(|leg| leg.until <= at);
        if is_meant && (which.all || !is_over) {
            let begins = legs.iter().map(|leg| leg.from).min().unwrap_or_default();
            shown.push((begins, show(directory, id, decided, at)));
        }
    }
    shown.sort_by_key(|(begins, _)| *begins);
    let asked = which.at.is_some();
    Ok(Json(shown.into_iter().map(|(_, shown)| if asked { known.named_in(shown) } else { shown }).collect()))
}

/// `POST /api/v1/overrides`.
pub async fn make(
    narrow: Narrow,
    State(app): State<App>,
    wanted: Result<Json<Wanted>, JsonRejection>,
) -> Answer {
    let Json(wanted) = wanted.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let directory = app.house.directory();
    let made = understood(&directory, wanted, app.house.now())?;
    let by = of_own_team(&narrow, &directory, &made)?;
    for _ in 0..DRAWS_MAX {
        let id = OverrideId::from(drawn_name()?.as_str());
        let command = OverrideCommand::Make(made.clone());
        match app.house.decide::<Override>(id.as_str(), command, app.provenance(by.clone())).await {
            Ok(position) => {
                app.house.published().wait_for(position).await;
                return one(&app, &id);
            }
            Err(Undecided::Refused(OverrideRefusal::Taken)) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    Err(Problem::unavailable("no free name was found; try again"))
}

/// `POST /api/v1/overrides/{id}/accept`.
pub async fn accept(narrow: Narrow, app: State<App>, id: Path<String>) -> Answer {
    decide(narrow, app, id, OverrideCommand::Accept).await
}

/// `POST /api/v1/overrides/{id}/decline`.
pub async fn decline(narrow: Narrow, app: State<App>, id: Path<String>) -> Answer {
    decide(narrow, app, id, OverrideCommand::Decline).await
}

/// `POST /api/v1/overrides/{id}/remove`.
pub async fn remove(narrow: Narrow, app: State<App>, id: Path<String>) -> Answer {
    decide(narrow, app, id, OverrideCommand::Remove).await
}

async fn decide(
    narrow: Narrow,
    State(app): State<App>,
    Path(id): Path<String>,
    command: OverrideCommand,
) -> Answer {
    let id = OverrideId::from(events::base32::canonical(&id).as_str());
    let directory = app.house.directory();
    let made = directory.overrides().get(&id).and_then(|decided| decided.state.made());
    let made = made.ok_or(Undecided::Refused(OverrideRefusal::Unmade))?;
    let by = match command {
        OverrideCommand::Make(_) | OverrideCommand::Remove => of_own_team(&narrow, &directory, made)?,
        OverrideCommand::Accept | OverrideCommand::Decline => {
            narrow.about(About::Person(made.asks), &format!("the answer about override `{id}`"))?
        }
    };
    let position = app.house.decide::<Override>(id.as_str(), command, app.provenance(by)).await?;
    app.house.published().wait_for(position).await;
    one(&app, &id)
}

/// The author, if all that the override is about belongs to their team.
fn of_own_team(narrow: &Narrow, directory: &Directory, made: &OverrideMade) -> Result<Author, Problem> {
    let mut by = None;
    for leg in &made.legs {
        let (team, what) = match &leg.change {
            LegChange::Instead { rota, .. } | LegChange::Also { rota, .. } => {
                let team = directory.rotas().get(rota).and_then(|rota| rota.team.as_ref());
                (team, format!("rota `{rota}`"))
            }
            LegChange::AllHands { team } => (Some(team), format!("team `{team}`")),
        };
        by = Some(narrow.about(About::Team(team), &what)?);
    }
    by.map_or_else(|| narrow.about(About::Team(None), "an override about nothing"), Ok)
}

fn one(app: &App, id: &OverrideId) -> Answer {
    let directory = app.house.directory();
    let decided = directory.overrides().get(id).ok_or(Undecided::Refused(OverrideRefusal::Unmade))?;
    Ok(Json(show(&directory, id, decided, app.house.now())))
}

/// Names to identifiers. What they may say together is the domain's business.
fn understood(directory: &Directory, wanted: Wanted, now: Timestamp) -> Result<OverrideMade, Problem> {
    let refused = |sentence: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence);
    let person = |slug: &str| {
        let known = directory.person_called(slug).map(|(id, _)| id);
        known.ok_or_else(|| refused(format!("there is nobody called {slug:?}: see `hotpotato export`")))
    };
    let mut legs = Vec::with_capacity(wanted.legs.len());
    for leg in &wanted.legs {
        let rota = leg.rota.as_deref().map(events::RotaId::from);
        let change = match (rota, &leg.team, &leg.of, &leg.by, &leg.also) {
            // Nobody is on call only where somebody says so.
            (Some(rota), None, Some(of), by, None) if by.is_some() != leg.nobody => {
                let by = by.as_deref().map(person).transpose()?;
                LegChange::Instead { rota, of: person(of)?, by }
            }
            (Some(rota), None, None, None, Some(also)) => LegChange::Also { rota, person: person(also)? },
            (None, Some(team), None, None, None) => LegChange::AllHands { team: team.as_str().into() },
            _ => {
                let sentence = "say `rota` with `for` and `by`, with `for` and `nobody`, or with `also`; or say `team` alone";
                return Err(refused(sentence.to_owned()));
            }
        };
        let from = moment(leg.from.as_deref(), now)?;
        legs.push(Leg { from, until: moment(Some(&leg.to), now)?, change });
    }
    let asks = wanted.asks.as_deref().map(person).transpose()?;
    let about = legs.iter().find_map(|leg| match &leg.change {
        LegChange::Instead { of, .. } => Some(*of),
        LegChange::Also { person, .. } => Some(*person),
        LegChange::AllHands { team } => directory.teams().get(team)?.members.first().copied(),
    });
    let reason = about
        .zip(wanted.reason)
        .map(|(person, reason): (PersonId, String)| Sealed::new(KeyOwner::Person(person), reason));
    Ok(OverrideMade { legs, asks, reason })
}

fn rota_of(leg: &Leg) -> Option<&str> {
    match &leg.change {
        LegChange::Instead { rota, .. } | LegChange::Also { rota, .. } => Some(rota.as_str()),
        LegChange::AllHands { .. } => None,
    }
}

fn show(directory: &Directory, id: &OverrideId, decided: &Decided, now: Timestamp) -> Value {
    let slug = |person: PersonId| directory.slug(person).map_or_else(|| person.to_string(), str::to_owned);
    let made = decided.state.made();
    let legs = made.map(|made| legs_shown(directory, &made.legs)).unwrap_or_default();
    let state = match decided.state.stage() {
        Stage::Unmade => "unmade",
        Stage::Asked => "asked",
        Stage::InForce => "in_force",
        Stage::Over => "over",
    };
    let by = decided.by.as_ref().map(|by| match by {
        Author::Person(person) => slug(*person),
        Author::Token(name) => directory.tokens().called(name),
        Author::Source(_) | Author::House => by.to_string(),
    });
    json!({
        "id": id,
        "state": state,
        "legs": legs,
        "asks": made.and_then(|made| made.asks).map(slug),
        "reason": made.and_then(|made| made.reason.as_ref()?.open()),
        "decided_by": by,
        "decided_at": decided.at.to_string(),
        "overruled_by": overruled(directory, id, decided, now),
    })
}

/// Legs in the words in which they were asked for.
pub(super) fn legs_shown(directory: &Directory, legs: &[Leg]) -> Vec<Value> {
    let slug = |person: PersonId| directory.slug(person).map_or_else(|| person.to_string(), str::to_owned);
    let leg = |leg: &Leg| {
        let (from, to) = (leg.from.to_string(), leg.until.to_string());
        match &leg.change {
            LegChange::Instead { rota, of, by } => json!({
                "rota": rota, "from": from, "to": to, "for": slug(*of), "by": by.map(slug),
            }),
            LegChange::Also { rota, person } => {
                json!({ "rota": rota, "from": from, "to": to, "also": slug(*person) })
            }
            LegChange::AllHands { team } => json!({ "team": team, "from": from, "to": to }),
        }
    };
    legs.iter().map(leg).collect()
}

/// Later decisions about the same person in the same rota that overlap with this one, from now on.
fn overruled<'d>(
    directory: &'d Directory,
    id: &OverrideId,
    decided: &Decided,
    now: Timestamp,
) -> Vec<&'d OverrideId> {
    let legs = |decided: &Decided| -> Vec<Leg> {
        let in_force = decided.state.made().filter(|_| decided.state.stage() == Stage::InForce);
        in_force.map(|made| made.legs.clone()).unwrap_or_default()
    };
    let own = legs(decided);
    let is_about_the_same = |one: &Leg, other: &Leg| match (&one.change, &other.change) {
        (LegChange::Instead { rota, of, .. }, LegChange::Instead { rota: other_rota, of: other_of, .. }) => {
            let overlaps = one.from.max(now) < other.until && other.from.max(now) < one.until;
            rota == other_rota && of == other_of && overlaps
        }
        _ => false,
    };
    let later =
        directory.overrides().iter().filter(|(other, later)| *other != id && later.order > decided.order);
    let overruling = later
        .filter(|(_, later)| legs(later).iter().any(|leg| own.iter().any(|own| is_about_the_same(own, leg))));
    overruling.map(|(other, _)| other).collect()
}

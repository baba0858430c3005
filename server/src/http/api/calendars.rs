//! Calendars: who gave which rota or person a feed address.

use actors::registrar::Undecided;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::access::About;
use domain::calendar::{Calendar, CalendarCommand, CalendarRefusal, Feed, name_of};
use domain::directory::{Directory, key_sha256};
use events::event::calendar::{CalendarOf, CalendarOpened};
use events::{Author, CalendarId, PersonId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Caller, Narrow};
use crate::http::App;
use crate::http::calendar::address;
use crate::http::problem::Problem;
use crate::token;

/// Whose shifts: of a rota, or of a person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    rota: Option<String>,
    person: Option<String>,
}

/// `GET /api/v1/calendars`.
pub async fn list(_caller: Caller, State(app): State<App>) -> Answer {
    let directory = app.house.directory();
    let open = directory.calendars().open().iter();
    Ok(Json(open.map(|(id, feed)| show(&directory, id, feed)).collect()))
}

/// `POST /api/v1/calendars`. The address is told now and never again; the one before ends.
pub async fn open(
    narrow: Narrow,
    State(app): State<App>,
    wanted: Result<Json<Wanted>, JsonRejection>,
) -> Answer {
    let Json(wanted) = wanted.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let directory = app.house.directory();
    let of = understood(&directory, &wanted)?;
    let by = of_own(&narrow, &directory, &of)?;
    let secret = token::random_letters().map_err(|error| Problem::unavailable(error.to_string()))?;
    let id = name_of(&of);
    let command = CalendarCommand::Open(CalendarOpened { of, secret_sha256: key_sha256(&secret) });
    let position = app.house.decide::<Calendar>(id.as_str(), command, app.provenance(by)).await?;
    app.house.published().wait_for(position).await;
    let directory = app.house.directory();
    let feed = directory.calendars().open().get(&id).ok_or(Undecided::Refused(CalendarRefusal::Unopened))?;
    let mut shown = show(&directory, &id, feed);
    shown["address"] = address(&app.links.public_url, &secret).into();
    Ok(Json(shown))
}

/// `DELETE /api/v1/calendars/{id}`.
pub async fn close(narrow: Narrow, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let id = CalendarId::from(events::base32::canonical(&id).as_str());
    let directory = app.house.directory();
    let feed = directory.calendars().open().get(&id).ok_or(Undecided::Refused(CalendarRefusal::Unopened))?;
    let by = of_own(&narrow, &directory, &feed.of)?;
    let command = CalendarCommand::Close;
    let position = app.house.decide::<Calendar>(id.as_str(), command, app.provenance(by)).await?;
    app.house.published().wait_for(position).await;
    Ok(Json(json!({ "id": id, "closed": true })))
}

/// The author, if the calendar is of their team's rota or of their own person.
fn of_own(narrow: &Narrow, directory: &Directory, of: &CalendarOf) -> Result<Author, Problem> {
    match of {
        CalendarOf::Rota(rota) => {
            let team = directory.rotas().get(rota).and_then(|rota| rota.team.as_ref());
            narrow.about(About::Team(team), &format!("the calendar of rota `{rota}`"))
        }
        CalendarOf::Person(person) => narrow.about(About::Person(Some(*person)), "somebody's calendar"),
    }
}

fn understood(directory: &Directory, wanted: &Wanted) -> Result<CalendarOf, Problem> {
    let refused = |sentence: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence);
    match (&wanted.rota, &wanted.person) {
        (Some(rota), None) => Ok(CalendarOf::Rota(rota.as_str().into())),
        (None, Some(slug)) => {
            let person = directory.person_called(slug).map(|(person, _)| CalendarOf::Person(person));
            person.ok_or_else(|| refused(format!("there is nobody called {slug:?}: see `hotpotato export`")))
        }
        (None, None) | (Some(_), Some(_)) => Err(refused("say either `rota` or `person`".to_owned())),
    }
}

fn show(directory: &Directory, id: &CalendarId, feed: &Feed) -> Value {
    let slug = |person: PersonId| directory.slug(person).map_or_else(|| person.to_string(), str::to_owned);
    let by = match &feed.by {
        Author::Person(person) => slug(*person),
        Author::Token(name) => name.to_string(),
        Author::Source(_) | Author::House => feed.by.to_string(),
    };
    let mut shown = json!({ "id": id, "opened_at": feed.at.to_string(), "opened_by": by });
    match &feed.of {
        CalendarOf::Rota(rota) => shown["rota"] = json!(rota),
        CalendarOf::Person(person) => shown["person"] = json!(slug(*person)),
    }
    shown
}

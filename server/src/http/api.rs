//! Everything as JSON, by bearer token.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use events::Author;

use super::problem::Problem;
use super::{App, bearer};

mod alerts;
mod calendars;
mod configuration;
mod gaps;
mod openapi;
mod overrides;
mod shifts;
mod verify;
mod who;

/// Everything under `/api/v1`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/openapi.json", get(openapi::show))
        .route("/alerts", get(alerts::list))
        .route("/alerts/{id}", get(alerts::show))
        .route("/alerts/{id}/acknowledge", post(alerts::acknowledge))
        .route("/alerts/{id}/resolve", post(alerts::resolve))
        .route("/alerts/{id}/escalate", post(alerts::escalate))
        .route("/alerts/{id}/hold", post(alerts::hold))
        .route("/alerts/{id}/notes", post(alerts::note))
        .route("/replay", get(alerts::replay))
        .route("/test-pages", post(alerts::test_page))
        .route("/configuration", get(configuration::export).post(configuration::apply))
        .route("/who", get(who::show))
        .route("/gaps", get(gaps::list))
        .route("/rotas/{rota}/shifts", get(shifts::list))
        .route("/overrides", get(overrides::list).post(overrides::make))
        .route("/overrides/{id}/accept", post(overrides::accept))
        .route("/overrides/{id}/decline", post(overrides::decline))
        .route("/overrides/{id}/remove", post(overrides::remove))
        .route("/calendars", get(calendars::list).post(calendars::open))
        .route("/calendars/{id}", delete(calendars::close))
        .route("/verify", get(verify::show))
        .fallback(not_found)
}

async fn not_found() -> Problem {
    Problem::not_found("there is nothing at this address: see /api/v1/openapi.json")
}

/// Whoever holds a token that we know.
#[derive(Clone, Debug)]
pub struct Caller(pub Author);

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match bearer(&parts.headers) {
            Some(token) if app.owner.matches(token) => Ok(Self(Author::Token("owner".into()))),
            Some(_) => Err(Problem::new(StatusCode::UNAUTHORIZED, "this token is not known")),
            None => Err(Problem::new(StatusCode::UNAUTHORIZED, "send `Authorization: Bearer TOKEN`")),
        }
    }
}

/// An answer in JSON.
pub type Answer = Result<Json<serde_json::Value>, Problem>;

//! Who is on call when.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Caller};
use crate::http::problem::Problem;
use crate::http::{App, moment};
use crate::shifts::{LISTED_DEFAULT, LISTED_MAX, lines};

/// From when until when.
#[derive(Debug, Deserialize)]
pub struct Question {
    from: Option<String>,
    to: Option<String>,
}

/// `GET /api/v1/rotas/{rota}/shifts?from=T&to=T`.
pub async fn list(
    _caller: Caller,
    State(app): State<App>,
    Path(rota): Path<String>,
    Query(question): Query<Question>,
) -> Answer {
    let from = moment(question.from.as_deref(), app.house.now())?;
    let to = moment(question.to.as_deref(), from + LISTED_DEFAULT)?;
    let refused = |sentence: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence);
    if to <= from {
        return Err(refused(format!("`to` is {to}, which is not after `from`, {from}")));
    }
    if to.since(from) > LISTED_MAX {
        return Err(refused("ask for two years at most".to_owned()));
    }
    let lines = lines(&app.house.directory(), &rota, from, to)
        .ok_or_else(|| Problem::not_found(format!("there is no rota {rota:?}: see `hotpotato export`")))?;
    Ok(Json(json!(lines)))
}

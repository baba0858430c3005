//! Who is on call when.

use adapters::calendar::write::{MEDIA_TYPE, write};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::Caller;
use crate::calendar::of_rota;
use crate::http::past::Known;
use crate::http::problem::Problem;
use crate::http::{App, language, moment};
use crate::shifts::{LISTED_DEFAULT, LISTED_MAX, lines};

/// From when until when.
#[derive(Debug, Deserialize)]
pub struct Question {
    from: Option<String>,
    to: Option<String>,
    /// As it was known then.
    known_at: Option<String>,
    #[serde(default)]
    format: Format,
}

/// How shifts are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// As a list.
    #[default]
    Json,
    /// As a calendar.
    Ics,
}

/// `GET /api/v1/rotas/{rota}/shifts?from=T&to=T&known_at=T&format=ics`.
pub async fn list(
    _caller: Caller,
    State(app): State<App>,
    Path(rota): Path<String>,
    Query(question): Query<Question>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let now = app.house.now();
    let asked = question.known_at.as_deref().map(|at| moment(Some(at), now)).transpose()?;
    let from = moment(question.from.as_deref(), asked.unwrap_or(now))?;
    let to = moment(question.to.as_deref(), from + LISTED_DEFAULT)?;
    let refused = |sentence: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence);
    if to <= from {
        return Err(refused(format!("`to` is {to}, which is not after `from`, {from}")));
    }
    if to.since(from) > LISTED_MAX {
        return Err(refused("ask for two years at most".to_owned()));
    }
    let known = Known::at(&app, asked.unwrap_or(now)).await?;
    let directory = &*known.directory;
    let unknown = || Problem::not_found(known.lacks(&format!("rota {rota:?}")));
    match question.format {
        Format::Json => {
            let mut lines = lines(directory, &rota, from, to).ok_or_else(unknown)?;
            for line in lines.iter_mut().filter(|_| asked.is_some()) {
                line.known_at = Some(known.at.to_string());
            }
            Ok(Json(json!(lines)).into_response())
        }
        Format::Ics => {
            let calendar = of_rota(directory, &rota.as_str().into(), language(&headers), (from, to));
            let calendar = calendar.ok_or_else(unknown)?;
            Ok(([(header::CONTENT_TYPE, MEDIA_TYPE)], write(&calendar)).into_response())
        }
    }
}

//! Where signals would go, and why.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use serde_json::json;

use super::{Answer, Caller};
use crate::http::problem::Problem;
use crate::http::{App, moment};
use crate::routing::{Question, Unanswered, answer};

/// `POST /api/v1/routes/test`: by the present configuration. Nothing is taken, and nobody is paged.
pub async fn test(
    _caller: Caller,
    State(app): State<App>,
    question: Result<Json<Question>, JsonRejection>,
) -> Answer {
    let Json(question) =
        question.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let at = moment(question.at.as_deref(), app.house.now())?;
    let answered = answer(&app.house.directory(), &question, at).map_err(|error| match error {
        Unanswered::NoSource(_) => Problem::not_found(error.to_string()),
        Unanswered::Twice => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
        Unanswered::Malformed(ref wrong) => {
            let field = wrong.field().to_owned();
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).with("field", field.into())
        }
    })?;
    Ok(Json(json!(answered)))
}

//! The configuration: taken as a blueprint, given as a blueprint.

use actors::registrar::NotApplied;
use adapters::channel::address_mistake;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use domain::blueprint::check::{Completeness, check};
use domain::blueprint::mistake::Severity;
use domain::blueprint::{Blueprint, export};
use domain::plan::How;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Caller, Narrow};
use crate::http::problem::Problem;
use crate::http::{App, language};

/// Whether to change anything.
#[derive(Debug, Deserialize)]
pub struct Mode {
    #[serde(default)]
    dry_run: bool,
}

/// `GET /api/v1/configuration`.
pub async fn export(_caller: Caller, State(app): State<App>) -> Json<Blueprint> {
    Json(export::blueprint(&app.house.directory()))
}

/// `POST /api/v1/configuration?dry_run=…`: makes the house what the blueprint says.
pub async fn apply(
    narrow: Narrow,
    State(app): State<App>,
    Query(mode): Query<Mode>,
    headers: HeaderMap,
    blueprint: Result<Json<Blueprint>, JsonRejection>,
) -> Answer {
    let Json(blueprint) =
        blueprint.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let (by, within) = narrow.of_team()?;
    let locale = language(&headers);
    let mistakes = check(&blueprint, Completeness::Whole, address_mistake).into_iter();
    let mistakes: Vec<String> = mistakes
        .filter(|mistake| mistake.severity == Severity::Mistake)
        .map(|mistake| adapters::configuration::say(&mistake, locale))
        .collect();
    if !mistakes.is_empty() {
        let problem = Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "the configuration cannot stand: nothing was changed",
        );
        return Err(problem.with("mistakes", mistakes.into()));
    }
    let applied = app.house.apply_within(within, blueprint, mode.dry_run, app.provenance(by)).await;
    let applied = applied.map_err(|error| {
        let sentence = error.to_string();
        match error {
            NotApplied::Stopped { .. } => Problem::unavailable(sentence),
            NotApplied::Foreign { .. } => {
                Problem::new(StatusCode::FORBIDDEN, sentence).with("reason", "foreign".into())
            }
        }
    })?;
    if let Some(position) = applied.position {
        app.house.published().wait_for(position).await;
    }
    let changes = applied.plan.changes.iter().map(|change| {
        let how = match change.how {
            How::Added => "added",
            How::Changed => "changed",
            How::Removed => "removed",
        };
        json!({ "how": how, "kind": change.kind.category(), "name": change.name, "fields": change.fields })
    });
    Ok(Json(json!({ "changes": changes.collect::<Vec<_>>(), "applied": !mode.dry_run })))
}

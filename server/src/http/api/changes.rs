//! Who changed the configuration: what, when, why.

use std::collections::VecDeque;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::access::Action;
use domain::directory::Directory;
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use super::right::Oneself;
use crate::http::problem::Problem;
use crate::http::{App, moment, past};

mod change;
mod field;
#[cfg(test)]
mod tests;

use change::Change;

/// So many changes are told when nobody says how many.
const CHANGES_DEFAULT: usize = 50;
/// No more are told at once.
const CHANGES_MAX: usize = 1_000;

/// Which changes.
#[derive(Debug, Deserialize)]
pub struct Question {
    /// Only those of, or about, whatever is called so.
    of: Option<String>,
    from: Option<String>,
    to: Option<String>,
    limit: Option<usize>,
}

/// `GET /api/v1/changes?of=NAME&from=T&to=T&limit=N`: newest first. Tokens are in it for whoever may see tokens.
pub async fn list(
    Oneself(known): Oneself,
    State(app): State<App>,
    Query(question): Query<Question>,
) -> Answer {
    let refused = |sentence: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence);
    let limit = question.limit.unwrap_or(CHANGES_DEFAULT);
    if !(1..=CHANGES_MAX).contains(&limit) {
        return Err(refused(format!("`limit` is {limit}: ask for 1 to {CHANGES_MAX} changes at once")));
    }
    let now = app.house.now();
    let named = |at: &Option<String>| at.as_deref().map(|at| moment(Some(at), now)).transpose();
    let (from, to) = (named(&question.from)?, named(&question.to)?);
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        return Err(refused(format!("`to` is {to}, which is not after `from`, {from}")));
    }
    let may_see_tokens = known.may(Action::TokenRead);
    let mut directory = Directory::default();
    let mut newest: VecDeque<Change> = VecDeque::new();
    let (mut is_known, mut is_more) = (question.of.is_none(), false);
    let unreadable_count = past::read(&app, |entry| {
        let change = Change::of(&directory, entry).filter(|change| {
            let is_meant = question.of.as_ref().is_none_or(|name| change.is_about(name));
            is_meant && (may_see_tokens || change.kind != "token")
        });
        is_known |= change.is_some();
        let is_then = from.is_none_or(|from| entry.at >= from) && to.is_none_or(|to| entry.at < to);
        newest.extend(change.filter(|_| is_then));
        if newest.len() > limit {
            newest.pop_front();
            is_more = true;
        }
        directory.apply(entry);
    })
    .await?;
    if !is_known {
        let name = question.of.unwrap_or_default();
        let sentence =
            format!("nothing called {name:?} was ever changed: see `hotpotato changes` without a name");
        return Err(Problem::not_found(sentence));
    }
    let changes: Vec<Change> = newest.into_iter().rev().collect();
    Ok(Json(json!({ "changes": changes, "more": is_more, "unreadable": unreadable_count })))
}

//! The conservation ledger: what was accepted, and what became of it.

use adapters::text;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::ledger::{Difference, Reading, Whereabouts};
use domain::view::Board;
use events::{AlertId, Timestamp};
use i18n::Locale;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Answer, Caller};
use crate::http::App;
use crate::http::problem::Problem;

/// So many alerts of one kind are listed, the oldest first.
const LISTED_MAX: usize = 100;

/// What is to be listed.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(rename = "in")]
    bucket: Option<String>,
}

/// `GET /api/v1/ledger?in=waiting`: the counts, what does not agree, what waits longest; with `in`, the open alerts that
/// are counted so.
pub async fn show(_caller: Caller, State(app): State<App>, Query(which): Query<Which>) -> Answer {
    let bucket = which.bucket.as_deref().map(named).transpose()?;
    let reading = app.house.ledger();
    let listed = bucket.map(|bucket| listed(&app, bucket));
    let board = app.house.published().board();
    let mut told = counts(&reading);
    told["longest_wait"] =
        reading.longest_wait.map_or(Value::Null, |(alert, since)| one(&app, &board, alert, since, None));
    told["differences"] = reading.differences.iter().map(difference).collect();
    if let Some((bucket, listed)) = bucket.zip(listed) {
        told["in"] = bucket.as_str().into();
        told["alerts"] = listed
            .into_iter()
            .map(|(alert, since, problems)| one(&app, &board, alert, since, problems))
            .collect();
    }
    Ok(Json(told))
}

fn named(name: &str) -> Result<Whereabouts, Problem> {
    Whereabouts::named(name).ok_or_else(|| {
        let all = Whereabouts::ALL.map(Whereabouts::as_str).join(", ");
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, format!("`in` is one of {all}, and not {name:?}"))
    })
}

fn counts(reading: &Reading) -> Value {
    let whereabouts: Map<String, Value> = Whereabouts::ALL
        .into_iter()
        .map(|whereabouts| (whereabouts.as_str().to_owned(), reading.sums.of(whereabouts).into()))
        .collect();
    json!({
        "agrees": reading.difference == 0,
        "accepted": reading.accepted,
        "whereabouts": whereabouts,
        "under_way": reading.under_way,
        "difference": reading.difference,
    })
}

/// The open alerts that are counted so, since when, and of how many problems those are that hold several.
fn listed(app: &App, bucket: Whereabouts) -> Vec<(AlertId, Timestamp, Option<u32>)> {
    let board = app.house.published().board();
    let since = |alert: AlertId| board.card(alert).map_or(Timestamp::MIN, |card| card.raised_at);
    let ledger = app.house.keeping().ledger();
    match bucket {
        Whereabouts::Joined => {
            let groups = ledger.groups().map(|(alert, problems)| (alert, since(alert), Some(problems)));
            groups.take(LISTED_MAX).collect()
        }
        // All that is open and counted as nothing else.
        Whereabouts::Paged => {
            let unpaged: std::collections::HashSet<AlertId> = Whereabouts::ALL
                .into_iter()
                .flat_map(|bucket| ledger.in_bucket(bucket).map(|(alert, _)| alert))
                .collect();
            drop(ledger);
            let paged = board.problems().into_iter().filter(|(alert, _)| !unpaged.contains(alert));
            paged.take(LISTED_MAX).map(|(alert, card)| (alert, card.raised_at, None)).collect()
        }
        _ => {
            let bucket = ledger.in_bucket(bucket).take(LISTED_MAX);
            bucket.map(|(alert, since)| (alert, since, None)).collect()
        }
    }
}

fn one(app: &App, board: &Board, alert: AlertId, since: Timestamp, problems: Option<u32>) -> Value {
    let card = board.card(alert);
    let directory = app.house.directory();
    let works = board.works_that_took(alert).map(|work| {
        let planned = directory.works().get(work).and_then(|work| work.state.planned());
        json!({ "id": work, "what": planned.and_then(|planned| planned.what.open()) })
    });
    json!({
        "id": alert,
        "code": alert.code(),
        "summary": card.map(|card| text::summary(Locale::En, &card.summary, card.finding.as_deref().copied(), 1)),
        "service": card.and_then(|card| card.service.as_ref()),
        "state": card.map(|card| card.state.as_str()),
        "since": since.to_string(),
        "problems": problems.or_else(|| card.map(domain::view::Card::problems_count)),
        "works": works.collect::<Vec<_>>(),
    })
}

fn difference(difference: &Difference) -> Value {
    match difference {
        Difference::NotWritten(lost) => json!({
            "kind": "not_written", "source": lost.source, "dedup_key": lost.dedup_key, "at": lost.at.to_string(),
        }),
        Difference::NotActedOn(alert) => json!({ "kind": "not_acted_on", "id": alert, "code": alert.code() }),
        Difference::ActedOnOnly(alert) => {
            json!({ "kind": "acted_on_only", "id": alert, "code": alert.code() })
        }
    }
}

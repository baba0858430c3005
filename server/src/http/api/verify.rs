//! Proves the log unbroken.

use axum::Json;
use axum::extract::State;
use events::chain::Verifier;
use events::{EventLog, Position};
use serde_json::{Value, json};

use super::{Answer, Caller};
use crate::http::App;
use crate::http::problem::Problem;

/// So many records are read at once.
const PAGE_RECORDS: u32 = 4_096;

/// `GET /api/v1/verify`: walks every history from its first record.
pub async fn show(_caller: Caller, State(app): State<App>) -> Answer {
    let log = app.house.ports().journal.log();
    let mut verifier = Verifier::default();
    let mut position = Position::START;
    let broken = loop {
        let records = log.tail(position, PAGE_RECORDS).await;
        let records = records.map_err(|error| Problem::unavailable(error.to_string()))?;
        let Some(last) = records.last() else { break None };
        position = last.position;
        if let Some(broken) = records.iter().find_map(|recorded| verifier.check(recorded).err()) {
            break Some(broken);
        }
        // A long log is no reason to keep everybody else waiting.
        tokio::task::yield_now().await;
    };
    let broken = broken.map_or(Value::Null, |broken| {
        json!({
            "position": broken.position,
            "stream": broken.stream,
            "version": broken.version,
            "what": broken.what.to_string(),
        })
    });
    Ok(Json(
        json!({ "records": verifier.records_count(), "streams": verifier.streams_count(), "broken": broken }),
    ))
}

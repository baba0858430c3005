//! Proves the log unbroken.

use axum::Json;
use axum::extract::State;
use events::chain::Verifier;
use events::codec::{self, CodecError, Texts};
use events::{EventLog, Position, ReadError, Recorded};
use serde_json::{Value, json};

use super::{Answer, Caller};
use crate::http::App;
use crate::http::problem::Problem;

/// So many records are read at once.
const PAGE_RECORDS: u32 = 4_096;

/// `GET /api/v1/verify`: walks every history from its first record, opens every text, and looks at the files
/// themselves.
pub async fn show(_caller: Caller, State(app): State<App>) -> Answer {
    let log = app.house.ports().journal.log();
    let mut damage = examine(&app).await?;
    let mut verifier = Verifier::gapless();
    let mut position = Position::START;
    let broken = loop {
        let records = match log.tail(position, PAGE_RECORDS).await {
            Ok(records) => records,
            Err(error @ ReadError::Damaged { .. }) => {
                damage.push(error.to_string());
                break None;
            }
            Err(error @ ReadError::Unavailable { .. }) => {
                return Err(Problem::unavailable(error.to_string()));
            }
        };
        let Some(last) = records.last() else { break None };
        position = last.position;
        let mut broken = None;
        for recorded in &records {
            broken = check(&app, &mut verifier, recorded)?;
            if broken.is_some() {
                break;
            }
        }
        if broken.is_some() {
            break broken;
        }
        // A long log is no reason to keep everybody else waiting.
        tokio::task::yield_now().await;
    };
    Ok(Json(json!({
        "records": verifier.records_count(),
        "streams": verifier.streams_count(),
        "broken": broken,
        "damage": damage,
    })))
}

/// What is wrong with this record; none when it is what was written.
fn check(app: &App, verifier: &mut Verifier, recorded: &Recorded) -> Result<Option<Value>, Problem> {
    let what = if let Err(broken) = verifier.check(recorded) {
        broken.what.to_string()
    } else {
        match codec::read(recorded, app.house.ports().journal.keys(), Texts::Open) {
            Ok(_) => return Ok(None),
            Err(CodecError::Keys(error)) => return Err(Problem::unavailable(error.to_string())),
            Err(error @ CodecError::Unreadable { .. }) => error.to_string(),
        }
    };
    let Recorded { position, stream, version, .. } = recorded;
    Ok(Some(json!({ "position": position, "stream": stream, "version": version, "what": what })))
}

/// What is wrong with the files, apart from any record.
async fn examine(app: &App) -> Result<Vec<String>, Problem> {
    let app = app.clone();
    let examined = tokio::task::spawn_blocking(move || {
        let journal = &app.house.ports().journal;
        let log = journal.log().examine().map_err(|error| error.to_string());
        let keys = journal.keys().examine().map_err(|error| error.to_string());
        let told = |file: &str, found: Result<Vec<String>, String>| {
            let found = found.unwrap_or_else(|error| vec![error]);
            found.into_iter().map(|what| format!("{file}: {what}")).collect::<Vec<_>>()
        };
        [told("log.sqlite", log), told("keys.sqlite", keys)].concat()
    });
    examined.await.map_err(|error| Problem::unavailable(error.to_string()))
}

//! What will go wrong: steps that will reach nobody, handovers that a daylight-saving change moves or repeats, and handovers
//! that newer time-zone data moved.

use axum::Json;
use axum::extract::State;
use chrono_tz::Tz;
use domain::forecast::{AHEAD, gaps};
use domain::rota::handover::{Why, unusual};
use events::Timestamp;
use serde_json::{Value, json};

use super::{Answer, Caller};
use crate::http::App;
use crate::shifts::local;
use crate::time_zones::moved;

/// `GET /api/v1/gaps`: the next 60 days; what newer time-zone data moved, as far as the earlier data was written down.
pub async fn list(_caller: Caller, State(app): State<App>) -> Answer {
    let directory = app.house.directory();
    let from = app.house.now();
    let until = from + AHEAD;
    let found = gaps(&directory, from, until);
    let found = found.iter().map(|gap| {
        json!({
            "policy": gap.policy, "step": gap.step, "from": gap.from.to_string(), "to": gap.until.to_string(),
        })
    });
    let mut handovers: Vec<Value> = Vec::new();
    for (name, rota) in directory.rotas() {
        let zone = rota.time_zone.parse().unwrap_or(Tz::UTC);
        for handover in unusual(rota, from, until) {
            let again = |again: Option<Timestamp>| again.map(|again| local(zone, again));
            let (why, again) = match handover.why {
                Why::Skipped { .. } => ("skipped", again(None)),
                Why::Repeated { again: second } => ("repeated", again(Some(second))),
            };
            handovers.push(json!({
                "rota": name, "layer": handover.layer, "why": why,
                "planned": handover.planned.to_string(), "at": local(zone, handover.at), "again": again,
            }));
        }
    }
    let (moved, is_cut) = moved(&app.time_zones, &directory, from);
    Ok(Json(json!({
        "from": from.to_string(), "to": until.to_string(),
        "gaps": found.collect::<Vec<_>>(), "handovers": handovers,
        "moved": moved, "moved_more": is_cut,
    })))
}

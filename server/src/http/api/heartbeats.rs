//! The heartbeats, and how each stands.

use actors::monitor::Pulse;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::{Answer, Caller};
use crate::http::App;
use crate::http::problem::Problem;

/// `GET /api/v1/heartbeats`: by name. `last_at` is null where no beat came since the start.
pub async fn list(_caller: Caller, State(app): State<App>) -> Answer {
    let Some(pulses) = app.house.pulses().await else {
        return Err(Problem::unavailable(
            "nobody answers for the heartbeats right now: try again in a moment",
        ));
    };
    Ok(Json(pulses.iter().map(heartbeat).collect::<Vec<Value>>().into()))
}

fn heartbeat(pulse: &Pulse) -> Value {
    json!({
        "source": pulse.source, "service": pulse.service,
        "state": pulse.state.as_str(),
        "last_at": pulse.last_at.map(|at| at.to_string()), "due_at": pulse.due_at.to_string(),
        "every_seconds": pulse.every.as_seconds(), "grace_seconds": pulse.grace.as_seconds(),
    })
}

//! The configured channels, whether their providers would take a page, and how they have answered lately.

use actors::channel::Breaker;
use axum::Json;
use axum::extract::State;
use events::Timestamp;
use serde_json::{Value, json};

use super::{Answer, Caller};
use crate::http::App;

/// `GET /api/v1/channels`: in the order of the boot configuration. `sound` is null where nobody was asked.
pub async fn list(_caller: Caller, State(app): State<App>) -> Answer {
    let breakers = app.house.ports().meter.breakers.get();
    let text = |moment: Option<Timestamp>| moment.map(|moment| moment.to_string());
    let channels = app.probes.all().into_iter().map(|(channel, found)| {
        let probe = found.as_ref().map(|found| &found.probe);
        let ill = probe.and_then(|probe| probe.ill.as_ref());
        json!({
            "channel": channel.id, "kind": channel.kind,
            "sound": probe.map(|probe| probe.ill.is_none()),
            "why": ill.map(adapters::probe::Ill::as_str), "words": ill.map(adapters::probe::Ill::words),
            "asked_at": text(found.as_ref().map(|found| found.at)),
            "ill_since": text(found.as_ref().and_then(|found| found.ill_since)),
            "certificate_expires_at": text(probe.and_then(|probe| probe.certificate_expires_at)),
            "breaker": breaker(&breakers.get(&channel.id).copied().unwrap_or_default()),
        })
    });
    Ok(Json(channels.collect::<Vec<Value>>().into()))
}

/// How a provider has answered lately. While it is open, the next page from `tried_again_at` on tries the provider, and
/// the others go to another one, where there is one.
fn breaker(breaker: &Breaker) -> Value {
    let text = |moment: Option<Timestamp>| moment.map(|moment| moment.to_string());
    json!({
        "open": breaker.is_open(), "faults": breaker.faults, "last_fault": breaker.last,
        "open_since": text(breaker.open_since), "tried_again_at": text(breaker.tried_again_at()),
    })
}

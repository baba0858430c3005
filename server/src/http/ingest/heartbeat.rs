//! Signs of life. Whoever knows the key says that they live; nothing is written down for it.

use axum::Json;
use axum::extract::{Path, State};
use events::event::source::SourceKind;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{App, Body, source};
use crate::http::problem::Problem;

/// `GET`, `HEAD` or `POST /heartbeats/{key}`: a sign of life. The body is not looked at, unless it is Alertmanager's word
/// that its `Watchdog` has stopped firing.
pub async fn beat(
    State(app): State<App>,
    Path(key): Path<String>,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let source = source(&app, &key, &[SourceKind::Heartbeat])?;
    let body = body.read()?;
    if says_resolved(&body) {
        return Ok(Json(
            json!({ "status": "ignored", "source": source, "reason": "what is resolved is no beat" }),
        ));
    }
    app.house.beat(source.clone());
    Ok(Json(json!({ "status": "beat", "source": source })))
}

/// What Alertmanager posts to a webhook, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Webhook {
    status: String,
    #[serde(rename = "alerts")]
    _alerts: Vec<serde::de::IgnoredAny>,
}

/// Alertmanager tells as well that an alert is over. Of an alert that always fires this means that whoever evaluates it
/// is not heard any more: the very thing that the silence is about.
fn says_resolved(body: &[u8]) -> bool {
    let webhook = serde_json::from_slice::<Webhook>(body);
    webhook.is_ok_and(|webhook| webhook.status == "resolved")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_alertmanagers_word_that_it_is_over_is_no_beat() {
        let is_no_beat = |body: &str| says_resolved(body.as_bytes());
        assert!(is_no_beat(r#"{"version":"4","status":"resolved","alerts":[{"status":"resolved"}]}"#));
        for beat in [
            r#"{"version":"4","status":"firing","alerts":[{"status":"resolved"},{"status":"firing"}]}"#,
            r#"{"status":"resolved"}"#,
            r#"{"status":["resolved"],"alerts":[]}"#,
            "resolved",
            "",
            "\u{0}\r\n.\r\n",
            "[[[[[[",
        ] {
            assert!(!is_no_beat(beat), "{beat:?}");
        }
    }
}

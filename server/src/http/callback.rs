//! What providers tell us. Nothing is believed that is not signed.

use adapters::channel::twilio::callback::{SIGNATURE_HEADER, delivery_status, error_words, verify};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use domain::alert::Order;
use events::{AttemptId, Author};
use serde::Deserialize;

use super::App;
use super::problem::Problem;
use actors::alert::Declined;

pub mod voice;

/// Which attempt a callback is about: we put it into the address that we gave to the provider.
#[derive(Debug, Deserialize)]
pub struct About {
    attempt: String,
}

/// `POST /callbacks/twilio/message-status?attempt=…`.
pub async fn twilio_message_status(
    State(app): State<App>,
    Query(about): Query<About>,
    headers: HeaderMap,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<StatusCode, Problem> {
    let Form(parameters) =
        form.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let attempt: AttemptId = about
        .attempt
        .parse()
        .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "`attempt` names no attempt"))?;
    let given = headers.get(SIGNATURE_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let public_url = app.links.public_url.trim_end_matches('/');
    let address = format!("{public_url}/callbacks/twilio/message-status?attempt={}", about.attempt);
    if !app.twilio_tokens.iter().any(|token| verify(token, &address, &parameters, given)) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "the signature is not Twilio's for this address"));
    }
    let parameter =
        |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let status = parameter("MessageStatus");
    let detail = error_words(parameter("ErrorCode"), parameter("ErrorMessage"));
    let Some(status) = status.and_then(delivery_status) else { return Ok(StatusCode::NO_CONTENT) };
    let order = Order::ReportStatus { attempt: attempt.attempt, status, detail };
    match app.house.order(attempt.alert, order, app.provenance(Author::House)).await {
        Ok(_) | Err(Declined::Refused(_)) => Ok(StatusCode::NO_CONTENT),
        Err(declined) => Err(declined.into()),
    }
}

//! What Twilio tells us. Nothing is believed that is not signed.

use adapters::channel::twilio::callback::{SIGNATURE_HEADER, delivery_status, error_words, verify};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use domain::alert::Order;
use events::{AttemptId, Author};
use serde::Deserialize;

use crate::http::App;
use crate::http::problem::Problem;
use crate::reply;
use actors::alert::Declined;

/// Which attempt a callback is about: we put it into the address that we gave to the provider.
#[derive(Debug, Deserialize)]
pub struct About {
    pub(super) attempt: String,
}

/// Bytes of a callback; a text message of ten segments takes a tenth of it.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// The form of a callback, posted to `path` of our public address, with its query, and signed by Twilio.
fn signed(
    app: &App,
    path: &str,
    headers: &HeaderMap,
    form: Result<Form<Parameters>, FormRejection>,
) -> Result<Parameters, Problem> {
    let Form(parameters) =
        form.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let given = headers.get(SIGNATURE_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let address = format!("{}{path}", app.links.public_url.trim_end_matches('/'));
    if app.callback_keys.twilio.iter().any(|token| verify(token, &address, &parameters, given)) {
        Ok(parameters)
    } else {
        Err(Problem::new(StatusCode::FORBIDDEN, "the signature is not Twilio's for this address"))
    }
}

type Parameters = Vec<(String, String)>;

fn parameter<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// `POST /callbacks/twilio/message-status?attempt=…`.
pub async fn message_status(
    State(app): State<App>,
    Query(about): Query<About>,
    headers: HeaderMap,
    form: Result<Form<Parameters>, FormRejection>,
) -> Result<StatusCode, Problem> {
    let attempt: AttemptId = about
        .attempt
        .parse()
        .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "`attempt` names no attempt"))?;
    let path = format!("/callbacks/twilio/message-status?attempt={}", about.attempt);
    let parameters = signed(&app, &path, &headers, form)?;
    let status = parameter(&parameters, "MessageStatus");
    let detail = error_words(parameter(&parameters, "ErrorCode"), parameter(&parameters, "ErrorMessage"));
    let Some(status) = status.and_then(delivery_status) else { return Ok(StatusCode::NO_CONTENT) };
    let order = Order::ReportStatus { attempt: attempt.attempt, status, detail };
    match app.house.order(attempt.alert, order, app.provenance(Author::House)).await {
        Ok(_) | Err(Declined::Refused(_)) => Ok(StatusCode::NO_CONTENT),
        Err(declined) => Err(declined.into()),
    }
}

/// `POST /callbacks/twilio/sms`: somebody answers a text message, and Twilio sends them what we say.
///
/// Source: <https://www.twilio.com/docs/messaging/guides/webhook-request>, <https://www.twilio.com/docs/messaging/twiml>.
pub async fn sms(
    State(app): State<App>,
    headers: HeaderMap,
    form: Result<Form<Parameters>, FormRejection>,
) -> Result<impl IntoResponse, Problem> {
    let parameters = signed(&app, "/callbacks/twilio/sms", &headers, form)?;
    let given = |name: &str| parameter(&parameters, name).unwrap_or_default();
    let answer = if app.heard.is_new(given("MessageSid")) {
        reply::hear(&app, given("From"), given("Body")).await
    } else {
        None
    };
    Ok(([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], twiml(answer.as_deref())))
}

/// What Twilio does next: sends this, or nothing.
fn twiml(answer: Option<&str>) -> String {
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>".to_owned();
    if let Some(answer) = answer {
        xml.push_str("<Message>");
        for letter in answer.chars() {
            match letter {
                '&' => xml.push_str("&amp;"),
                '<' => xml.push_str("&lt;"),
                '>' => xml.push_str("&gt;"),
                '"' => xml.push_str("&quot;"),
                '\'' => xml.push_str("&apos;"),
                // XML has no place for them, not even escaped.
                control if control.is_control() && !matches!(control, '\n' | '\t') => {}
                other => xml.push(other),
            }
        }
        xml.push_str("</Message>");
    }
    xml.push_str("</Response>");
    xml
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_say_is_text_in_the_answer_whatever_it_holds() {
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>";
        assert_eq!(twiml(None), format!("{head}</Response>"));
        let nasty = "a</Message><Redirect>x & \"y\" 'z'\u{0}\r\nü";
        let said = "a&lt;/Message&gt;&lt;Redirect&gt;x &amp; &quot;y&quot; &apos;z&apos;\nü";
        assert_eq!(twiml(Some(nasty)), format!("{head}<Message>{said}</Message></Response>"));
    }
}

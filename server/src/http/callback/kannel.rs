//! What an SMS gateway in the style of Kannel tells us.

use adapters::channel::kannel::callback::{NotBelieved, read};
use adapters::channel::kannel::incoming::{self, NotTaken};
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::alert::Order;
use events::{Author, ChannelId};

use actors::alert::Declined;

use crate::http::App;
use crate::http::problem::Problem;
use crate::reply;

/// The header that says in which alphabet an answer is to be sent. Source: Kannel's user guide 1.4.5, "SMS service
/// group", the extended headers.
const CODING_HEADER: &str = "x-kannel-coding";

/// `GET /callbacks/kannel/{channel}/status?attempt=…&key=…&type=1&answer=…`: what became of a message. Kannel takes
/// only 200 and 202 for an answer; after anything else it comes again, where it is told to.
pub async fn status(
    State(app): State<App>,
    Path(channel): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let report = read(&app.links.key, &channel, &query.unwrap_or_default()).map_err(not_believed)?;
    let Some(status) = report.status else { return Ok(nothing_to_say()) };
    let order = Order::ReportStatus { attempt: report.attempt.attempt, status, detail: report.words };
    match app.house.order(report.attempt.alert, order, app.provenance(Author::House)).await {
        Ok(_) | Err(Declined::Refused(_)) => Ok(nothing_to_say()),
        Err(declined) => Err(declined.into()),
    }
}

/// `GET /callbacks/kannel/{channel}/sms?key=…&from=…&id=…&charset=…&text=…`: somebody answers a text message, and the
/// gateway sends them what we say.
pub async fn sms(
    State(app): State<App>,
    Path(channel): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let channel = ChannelId::from(channel.as_str());
    let key = app.callback_keys.gateways.get(&channel);
    let key = key.ok_or_else(|| {
        Problem::not_found("no channel of this name hears anybody: give its table an incoming_key_file")
    })?;
    let message = incoming::read(key, &query.unwrap_or_default()).map_err(not_taken)?;
    // Gateways number their messages each for itself.
    let id =
        if message.id.is_empty() { String::new() } else { format!("{} {}", channel.as_str(), message.id) };
    if !app.heard.is_new(&id) {
        return Ok(nothing_to_say());
    }
    let answer = reply::hear(&app, &message.from, &message.text).await;
    Ok(answer.map_or_else(nothing_to_say, say))
}

/// An answer that Kannel sends as a message.
fn say(answer: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/plain; charset=utf-8"),
        (CODING_HEADER, incoming::coding(&answer)),
    ];
    (headers, answer).into_response()
}

fn not_taken(error: NotTaken) -> Problem {
    let status = match error {
        NotTaken::TooLong => StatusCode::URI_TOO_LONG,
        NotTaken::WrongKey => StatusCode::FORBIDDEN,
        NotTaken::NoSender => StatusCode::BAD_REQUEST,
    };
    Problem::new(status, error.to_string())
}

fn not_believed(error: NotBelieved) -> Problem {
    let status = match error {
        NotBelieved::TooLong => StatusCode::URI_TOO_LONG,
        NotBelieved::NoAttempt => StatusCode::BAD_REQUEST,
        NotBelieved::WrongKey => StatusCode::FORBIDDEN,
    };
    Problem::new(status, error.to_string())
}

/// An answer that Kannel makes no text message of.
fn nothing_to_say() -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "").into_response()
}

//! What an SMS gateway in the style of Kannel tells us.

use adapters::channel::kannel::callback::{NotBelieved, read};
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::alert::Order;
use events::Author;

use actors::alert::Declined;

use crate::http::App;
use crate::http::problem::Problem;

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

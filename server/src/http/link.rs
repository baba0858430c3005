//! The link in a page: `GET /a/{code}` shows, `POST /a/{code}` acknowledges.
//!
//! The token stands after the `#`, which browsers keep to themselves. So the first answer says nothing about the
//! alert, not even whether there is one; a small script on it then asks again with the token in a header. Without
//! scripts, people paste the link into the form. A GET never changes anything: whatever looks at links before
//! people do can do no harm.

mod proof;
mod request;
#[cfg(test)]
mod tests;

use adapters::text;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Redirect, Response};
use chrono_tz::Tz;
use domain::alert::{Order, Phase, Refusal};
use events::event::alert::Way;
use events::{AlertId, Author, Code, PersonId};
use i18n::web;
use maud::{Markup, html};
use serde_json::json;

use self::proof::{Doubt, Proof};
use self::request::{Action, Request};
use super::page::alert::{AlertPage, History, Viewer, name};
use super::page::asset::Asset;
use super::page::{Page, Reader};
use super::problem::Problem;
use super::remote::Remote;
use super::session::Session;
use super::{App, bearer};
use actors::alert::Declined;

/// `GET /a/{code}`: the alert for whoever proves that they were paged or are logged in; for all others a page that
/// knows nothing.
pub async fn show(
    State(app): State<App>,
    Path(code): Path<String>,
    session: Option<Session>,
    remote: Remote,
    headers: HeaderMap,
) -> Response {
    let stranger = Reader::stranger(&headers, app.house.now());
    if let Some(token) = bearer(&headers) {
        return match prove(&app, remote, &code, token).await {
            Ok(proven) => proven.page(&app, StatusCode::OK).into_response(),
            Err(unproven) => unproven.page(&app, stranger).into_response(),
        };
    }
    match (session, code.parse::<Code>()) {
        (Some(session), Ok(code)) => {
            let found = app.house.published().board().with_code(code);
            match found[..] {
                [alert] => in_session(&app, &session, stranger, alert).await.into_response(),
                _ => Redirect::to(&format!("/?code={code}")).into_response(),
            }
        }
        (Some(_) | None, _) => ask(StatusCode::OK, stranger, None).into_response(),
    }
}

/// For a session, the page of the alert; with the script that shows it to the link's person if there is a token.
async fn in_session(app: &App, session: &Session, reader: Reader, alert: AlertId) -> Page {
    let mut page = super::board::alert::page(app, session, reader, alert, StatusCode::OK, false).await;
    page.script = Some(Asset::Link);
    page
}

/// `POST /a/{code}`: acknowledges, or shows when the form says so.
pub async fn act(
    State(app): State<App>,
    Path(code): Path<String>,
    remote: Remote,
    headers: HeaderMap,
    Request { token, action, wants_json }: Request,
) -> Response {
    let stranger = Reader::stranger(&headers, app.house.now());
    let Some(token) = token else { return Unproven::Silent.answer(&app, stranger, wants_json) };
    let proven = match prove(&app, remote, &code, &token).await {
        Ok(proven) => proven,
        Err(unproven) => return unproven.answer(&app, stranger, wants_json),
    };
    match action {
        Action::Show => proven.page(&app, StatusCode::OK).into_response(),
        Action::Acknowledge => acknowledge(&app, proven, wants_json).await,
    }
}

async fn acknowledge(app: &App, proven: Proven, wants_json: bool) -> Response {
    let by = Author::Person(proven.person);
    let order = Order::Acknowledge { by: by.clone(), way: Way::Link };
    let done = app.house.order(proven.history.id, order, app.provenance(by)).await;
    let status = match done {
        Ok(_) => StatusCode::OK,
        Err(Declined::Refused(Refusal::AlreadyResolved)) => StatusCode::CONFLICT,
        Err(declined) => {
            tracing::warn!(alert = %proven.history.id, %declined, "an acknowledgement was not recorded");
            let unavailable = || Page::unavailable(proven.reader(app)).into_response();
            return if wants_json { Problem::from(declined).into_response() } else { unavailable() };
        }
    };
    match History::read(app, proven.history.id).await {
        Ok(Some(history)) => {
            let proven = Proven { history, ..proven };
            if wants_json {
                (status, proven.json(app)).into_response()
            } else {
                proven.page(app, status).into_response()
            }
        }
        Ok(None) => Page::missing(proven.reader(app)).into_response(),
        Err(error) => Page::failure(app, proven.reader(app), &error).into_response(),
    }
}

/// Somebody who was paged about an alert, and the token that proves it.
struct Proven {
    person: PersonId,
    token: String,
    history: History,
}

impl Proven {
    /// In the person's own language and zone: the link is theirs.
    fn reader(&self, app: &App) -> Reader {
        let now = app.house.now();
        match app.house.directory().people().get(&self.person) {
            Some(person) => Reader {
                locale: text::locale(person.language),
                zone: person.time_zone.parse().unwrap_or(Tz::UTC),
                now,
            },
            None => Reader { locale: i18n::Locale::default(), zone: Tz::UTC, now },
        }
    }

    fn page(&self, app: &App, status: StatusCode) -> Page {
        let reader = self.reader(app);
        let viewer = Viewer::Link { person: self.person, token: &self.token };
        let page = AlertPage { history: &self.history, directory: app.house.directory(), reader, viewer };
        let (title, main) = (page.title(), page.main());
        Page { script: Some(Asset::Link), ..Page::plain(status, reader, title, main) }
    }

    fn json(&self, app: &App) -> Json<serde_json::Value> {
        let (state, by, until) = match self.history.alert.phase() {
            Phase::Unraised | Phase::Open { .. } => ("open", None, None),
            Phase::Held { until } => ("held", None, Some(*until)),
            Phase::Acknowledged { by, until } => ("acknowledged", Some(by), *until),
            Phase::Resolved { .. } => ("resolved", None, None),
        };
        let by = by.map(|by| name(&app.house.directory(), by, &self.reader(app)));
        let until = until.map(|until| until.to_string());
        Json(json!({ "state": state, "code": self.history.id.code(), "by": by, "until": until }))
    }
}

/// Why somebody is shown nothing.
#[derive(Debug)]
enum Unproven {
    /// They said no token.
    Silent,
    /// They guessed too often.
    Stopped,
    /// The token is not good.
    Doubted(Doubt),
    /// The log cannot be read.
    Unread(events::JournalError),
}

impl Unproven {
    fn answer(self, app: &App, reader: Reader, wants_json: bool) -> Response {
        if !wants_json {
            return self.page(app, reader).into_response();
        }
        let problem = |status, sentence| Problem::new(status, sentence).into_response();
        match self {
            Self::Silent => problem(StatusCode::UNAUTHORIZED, "send the token of the link as `token`"),
            Self::Stopped => {
                let mut response =
                    problem(StatusCode::TOO_MANY_REQUESTS, "too many wrong tokens: wait a minute");
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
                response
            }
            Self::Doubted(Doubt::Unknown) => {
                problem(StatusCode::FORBIDDEN, "this token is not valid for this address")
            }
            Self::Doubted(Doubt::EarlierRound) => problem(
                StatusCode::GONE,
                "this link is from an earlier round: use the one of the newest page",
            ),
            Self::Unread(error) => Problem::unavailable(error.to_string()).into_response(),
        }
    }

    fn page(self, app: &App, reader: Reader) -> Page {
        match self {
            Self::Silent => ask(StatusCode::UNAUTHORIZED, reader, None),
            Self::Stopped => Page::too_many(reader),
            Self::Doubted(Doubt::Unknown) => {
                ask(StatusCode::FORBIDDEN, reader, Some(&reader.say(&web::LinkInvalid)))
            }
            Self::Doubted(Doubt::EarlierRound) => {
                ask(StatusCode::GONE, reader, Some(&reader.say(&web::EarlierRound)))
            }
            Self::Unread(error) => Page::failure(app, reader, &error),
        }
    }
}

/// Looks for the alert and the person that a token belongs to.
async fn prove(app: &App, Remote(address): Remote, code: &str, token: &str) -> Result<Proven, Unproven> {
    if app.guesses.is_stopped(address, app.house.now()) {
        return Err(Unproven::Stopped);
    }
    let mut doubt = Doubt::Unknown;
    if let Ok(code) = code.parse::<Code>() {
        let alerts = app.house.published().board().with_code(code);
        let directory = app.house.directory();
        for alert in alerts {
            let read = History::read(app, alert).await.map_err(Unproven::Unread)?;
            let Some(history) = read else { continue };
            match Proof::find(&app.links.key, alert, &history.alert, &directory, token) {
                Proof::By(person) => return Ok(Proven { person, token: token.to_owned(), history }),
                Proof::None(Doubt::EarlierRound) => doubt = Doubt::EarlierRound,
                Proof::None(Doubt::Unknown) => {}
            }
        }
    }
    if doubt == Doubt::Unknown {
        app.guesses.wrong(address, app.house.now());
    }
    Err(Unproven::Doubted(doubt))
}

/// The page that knows nothing: it takes a link, or leads to the login.
fn ask(status: StatusCode, reader: Reader, error: Option<&str>) -> Page {
    let title = reader.say(&web::Show);
    let main = ask_main(&reader, &title, error);
    Page { script: Some(Asset::Link), ..Page::plain(status, reader, title, main) }
}

fn ask_main(reader: &Reader, title: &str, error: Option<&str>) -> Markup {
    html! {
        h1 { (title) }
        @match error {
            Some(error) => p.error role="alert" #token-error { (error) },
            None => p { (reader.say(&web::OpenLinkOrLogIn)) },
        }
        form.ask method="post" {
            label for="token" { (reader.say(&web::LinkLabel)) }
            input #token type="text" name="token" required autocomplete="off" autocapitalize="none" spellcheck="false"
                aria-describedby="token-help" aria-invalid=[error.map(|_| "true")];
            p.help #token-help { (reader.say(&web::LinkHelp)) }
            button.primary name="action" value="show" { (title) }
        }
        p { a href="/login" { (reader.say(&web::LogIn)) } }
    }
}

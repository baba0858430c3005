//! Sessions: whoever logs in with a token gets a cookie, so that the token itself stays out of the browser's storage. A
//! session may what its token may at that moment, and ends with it, or with the process.

mod store;
#[cfg(test)]
mod tests;

use axum::extract::{Form, FromRequestParts, OptionalFromRequestParts, Query, State};
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Action;
use events::Author;
use i18n::web;
use maud::{Markup, html};
use serde::Deserialize;

use super::App;
use super::caller::{Holder, Known};
use super::page::{Page, Reader, foreign_form, is_own_form};
use super::remote::Remote;

pub use store::Sessions;

/// The cookie's name.
const COOKIE: &str = "hotpotato_session";

/// Whoever is logged in.
#[derive(Clone, Debug)]
pub struct Session(Known);

impl Session {
    /// As whom they act.
    pub const fn by(&self) -> &Author {
        &self.0.by
    }

    /// True when they may do this.
    pub fn may(&self, action: Action) -> bool {
        self.0.may(action)
    }

    fn of(headers: &HeaderMap, app: &App) -> Option<Self> {
        let token = cookie(headers)?;
        let session = Self(app.sessions.holder(token, app.house.now())?.known(app).ok()?);
        // Every page shows alerts.
        session.may(Action::AlertRead).then_some(session)
    }
}

impl FromRequestParts<App> for Session {
    type Rejection = Response;

    /// Whoever is not logged in is led to the login, and back from there.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let to_login = || {
            let next =
                if parts.method == axum::http::Method::GET { parts.uri.path_and_query() } else { None };
            let next = next.map_or("/", axum::http::uri::PathAndQuery::as_str);
            let encoded: String = next.bytes().map(percent).collect();
            Redirect::to(&format!("/login?next={encoded}")).into_response()
        };
        Self::of(&parts.headers, app).ok_or_else(to_login)
    }
}

impl OptionalFromRequestParts<App> for Session {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Self::Rejection> {
        Ok(Self::of(&parts.headers, app))
    }
}

/// A byte of an address as a parameter of another address.
fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_') {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// Where to go after the login.
#[derive(Debug, Default, Deserialize)]
pub struct Next {
    next: Option<String>,
}

/// An address within this server; the board for everything else.
fn own_address(named: Option<&str>) -> &str {
    let is_own = |next: &&str| {
        let is_path = next.starts_with('/') && !next.starts_with("//");
        is_path && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    };
    named.filter(is_own).unwrap_or("/")
}

/// `GET /login`.
pub async fn show(State(app): State<App>, Query(next): Query<Next>, headers: HeaderMap) -> Page {
    login(
        StatusCode::OK,
        Reader::stranger(&headers, app.house.now()),
        own_address(next.next.as_deref()),
        None,
    )
}

/// What the login form sends.
#[derive(Deserialize)]
pub struct Login {
    token: String,
    next: Option<String>,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("next", &self.next).finish_non_exhaustive()
    }
}

/// `POST /login` with a token.
pub async fn log_in(
    State(app): State<App>,
    Remote(address): Remote,
    headers: HeaderMap,
    Form(form): Form<Login>,
) -> Response {
    let now = app.house.now();
    let reader = Reader::stranger(&headers, now);
    let next = own_address(form.next.as_deref());
    if !is_own_form(&headers, &app.links.public_url) {
        return foreign_form(reader).into_response();
    }
    if app.guesses.is_stopped(address, now) {
        return Page::too_many(reader).into_response();
    }
    let Some(holder) = Holder::of(&app, form.token.trim()) else {
        app.guesses.wrong(address, now);
        let refused = reader.say(&web::LogInRefused);
        return login(StatusCode::FORBIDDEN, reader, next, Some(&refused)).into_response();
    };
    if holder.known(&app).is_err() {
        let refused = reader.say(&web::LogInEnded);
        return login(StatusCode::FORBIDDEN, reader, next, Some(&refused)).into_response();
    }
    match app.sessions.open(holder, now) {
        Ok(token) => {
            let cookie = set_cookie(&app, &token, store::LASTS.as_seconds());
            ([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response()
        }
        Err(error) => Page::failure(&app, reader, &error).into_response(),
    }
}

/// `POST /logout`.
pub async fn log_out(State(app): State<App>, headers: HeaderMap) -> Response {
    if !is_own_form(&headers, &app.links.public_url) {
        return foreign_form(Reader::stranger(&headers, app.house.now())).into_response();
    }
    if let Some(token) = cookie(&headers) {
        app.sessions.close(token);
    }
    ([(header::SET_COOKIE, set_cookie(&app, "", 0))], Redirect::to("/login")).into_response()
}

fn set_cookie(app: &App, token: &str, seconds: u64) -> String {
    let secure = if app.links.public_url.starts_with("https://") { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

fn login(status: StatusCode, reader: Reader, next: &str, refused: Option<&str>) -> Page {
    let title = reader.say(&web::LogIn);
    let main = login_main(&reader, &title, next, refused);
    Page::plain(status, reader, title, main)
}

fn login_main(reader: &Reader, title: &str, next: &str, refused: Option<&str>) -> Markup {
    html! {
        h1 { (title) }
        form.ask method="post" action="/login" {
            input type="hidden" name="next" value=(next);
            label for="token" { (reader.say(&web::TokenLabel)) }
            @if let Some(refused) = refused {
                p.error role="alert" #token-error { (refused) }
            }
            input #token type="password" name="token" required autocomplete="current-password" autofocus
                aria-describedby=(if refused.is_some() { "token-error token-help" } else { "token-help" })
                aria-invalid=[refused.map(|_| "true")];
            p.help #token-help { (reader.say(&web::OwnerTokenHelp)) }
            button.primary { (title) }
        }
    }
}

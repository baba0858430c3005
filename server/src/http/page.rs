//! What all web pages share: the frame around them, who reads them, and how moments are written.
//!
//! Every page works without a script, holds nothing that a browser would have to fetch from elsewhere, and escapes
//! whatever it shows: `maud` does that for HTML, [`shown`] for what would confuse the eye.

use adapters::line::Line;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::TimeZone as _;
use chrono_tz::Tz;
use events::Timestamp;
use i18n::{Locale, Message, format, web};
use maud::{DOCTYPE, Markup, html};

use super::problem::Problem;
use super::{App, board, language, link, session};
use crate::timeline;
use asset::Asset;

pub(super) mod alert;
pub(super) mod asset;
pub(super) mod mark;

/// The product's name: not translated.
const NAME: &str = "Hot Potato";

/// Without scripts, a page that changes by itself is loaded again after so many seconds.
const RELOAD_SECONDS: u32 = 30;

/// Whoever guessed too often waits so many seconds.
const RETRY_AFTER_SECONDS: &str = "60";

/// A form has at most so many bytes: a note of the longest kind, as browsers encode it.
const FORM_BYTES_MAX: usize = 64 * 1024;

/// Every address that people open.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/", get(board::show))
        .route("/alerts/{id}", get(board::alert::show))
        .route("/alerts/{id}/{action}", post(board::alert::act))
        .route("/a/{code}", get(link::show).post(link::act))
        .route("/login", get(session::show).post(session::log_in))
        .route("/logout", post(session::log_out))
        .route("/assets/{name}", get(asset::show))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
}

/// In which language a page is read, and in which zone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    pub(super) locale: Locale,
    pub(super) zone: Tz,
    /// The moment at which the page is made.
    pub(super) now: Timestamp,
}

impl Reader {
    /// A reader of whom nothing is known but their browser.
    pub(super) fn stranger(headers: &HeaderMap, now: Timestamp) -> Self {
        Self { locale: language(headers), zone: Tz::UTC, now }
    }

    /// Says something in the reader's language.
    pub(super) fn say(&self, message: &impl Message) -> String {
        message.render(self.locale)
    }

    /// A moment in the reader's zone, which stands with it: `03:10 CET`, on another day `Sun 22 Nov, 03:10 CET`.
    pub(super) fn time(&self, moment: Timestamp) -> String {
        let zoned = self.zone.from_utc_datetime(&moment.to_utc().naive_utc());
        format!("{} {}", self.time_without_zone(moment), zoned.format("%Z"))
    }

    /// A moment in the reader's zone, where a heading names the zone.
    pub(super) fn time_without_zone(&self, moment: Timestamp) -> String {
        let (local, today) = (timeline::local(moment, self.zone), timeline::local(self.now, self.zone));
        if local.date() == today.date() {
            format::time(self.locale, &local.time())
        } else {
            format::date_time(self.locale, &local)
        }
    }

    /// How long ago a moment is: `12 min ago`, seconds only within the first minute.
    pub(super) fn ago(&self, moment: Timestamp) -> String {
        let seconds = self.now.since(moment).as_seconds();
        let seconds = if seconds < 60 { seconds } else { seconds - seconds % 60 };
        let span = format::span(self.locale, seconds);
        self.say(&web::Ago { span: &span })
    }

    /// A moment for the eye and, to the second and with its offset, for programs and for who points at it.
    pub(super) fn moment(&self, moment: Timestamp, text: &str) -> Markup {
        let zoned = self.zone.from_utc_datetime(&moment.to_utc().naive_utc());
        let title = format!("{} {}", zoned.format("%Y-%m-%d %H:%M:%S %Z"), self.zone.name());
        html! { time datetime=(moment) title=(title) { (text) } }
    }
}

/// Text from outside as it is shown: on one line, without what turns its direction, and no longer than asked for.
pub(super) fn shown(text: &str, chars_max: usize) -> String {
    Line::new(text).cut(chars_max).to_string()
}

/// As many of the first pieces as have so many bytes together: a page stays light, whatever a source sends.
pub(super) fn within(bytes_max: usize, pieces: impl Iterator<Item = Markup>) -> Vec<Markup> {
    let mut bytes = 0;
    let fits = |piece: &Markup| {
        bytes += piece.0.len();
        bytes <= bytes_max
    };
    pieces.take_while(fits).collect()
}

/// A whole page.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) reader: Reader,
    pub(super) title: String,
    pub(super) main: Markup,
    /// What runs on it beside what runs on every page.
    pub(super) script: Option<Asset>,
    pub(super) frame: Frame,
}

/// What stands around a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// For somebody who is not logged in.
    Plain,
    /// For a session: a way to the board and out.
    Session,
    /// For a session, and the page changes by itself.
    SessionLive,
}

impl Page {
    /// A page for somebody who is not logged in.
    pub(super) fn plain(status: StatusCode, reader: Reader, title: String, main: Markup) -> Self {
        Self { status, reader, title, main, script: None, frame: Frame::Plain }
    }

    /// A page that only says something.
    pub(super) fn notice(status: StatusCode, reader: Reader, title: &str, text: &str) -> Self {
        let main = html! { h1 { (title) } p { (text) } };
        Self::plain(status, reader, title.to_owned(), main)
    }

    /// A page for a thing that could not be written down, or not be read.
    pub(super) fn unavailable(reader: Reader) -> Self {
        let (title, text) = (reader.say(&web::NotRecordedTitle), reader.say(&web::NotRecordedText));
        Self::notice(StatusCode::SERVICE_UNAVAILABLE, reader, &title, &text)
    }

    /// A page for a failure of ours, with a number that also stands in the log lines.
    pub(super) fn failure(app: &App, reader: Reader, error: &dyn std::error::Error) -> Self {
        let id = app.provenance(events::Author::House).cause.to_string();
        let id = id.trim_start_matches("request:");
        tracing::error!(id, %error, "a page could not be made");
        let (title, text) = (reader.say(&web::ErrorTitle), reader.say(&web::ErrorText { id }));
        Self::notice(StatusCode::SERVICE_UNAVAILABLE, reader, &title, &text)
    }

    /// There is no such page.
    pub(super) fn missing(reader: Reader) -> Self {
        let (title, text) = (reader.say(&web::NotFoundTitle), reader.say(&web::NotFoundText));
        Self::notice(StatusCode::NOT_FOUND, reader, &title, &text)
    }

    /// The reader's token does not allow this.
    pub(super) fn forbidden(reader: Reader) -> Self {
        let (title, text) = (reader.say(&web::NotAllowedTitle), reader.say(&web::NotAllowedText));
        Self { frame: Frame::Session, ..Self::notice(StatusCode::FORBIDDEN, reader, &title, &text) }
    }

    /// The reader's address guessed too often.
    pub(super) fn too_many(reader: Reader) -> Self {
        let text = reader.say(&web::TooManyAttempts);
        Self::notice(StatusCode::TOO_MANY_REQUESTS, reader, NAME, &text)
    }

    fn markup(&self) -> Markup {
        let locale = self.reader.locale;
        let is_session = self.frame != Frame::Plain;
        html! {
            (DOCTYPE)
            html lang=(locale) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex, nofollow";
                    @if self.frame == Frame::SessionLive {
                        noscript { meta http-equiv="refresh" content=(RELOAD_SECONDS); }
                    }
                    title { (self.title) " · " (NAME) }
                    link rel="icon" type="image/svg+xml" href=(Asset::Icon.address());
                    link rel="stylesheet" href=(Asset::Style.address());
                    script src=(Asset::Script.address()) {}
                    @if let Some(script) = self.script {
                        script src=(script.address()) defer {}
                    }
                }
                body {
                    header {
                        @if is_session {
                            a.name href="/" { (NAME) }
                            form method="post" action="/logout" {
                                button.quiet { (self.reader.say(&web::LogOut)) }
                            }
                        } @else {
                            span.name { (NAME) }
                        }
                    }
                    main { (self.main) (self.warnings()) }
                    footer {
                        button.quiet type="button" data-scheme hidden { (self.reader.say(&web::Scheme)) }
                    }
                }
            }
        }
    }

    /// What a script shows when the server cannot be reached.
    fn warnings(&self) -> Markup {
        let when = self.reader.time(self.reader.now);
        html! {
            p.warning role="alert" data-stale hidden { (self.reader.say(&web::Stale { when: &when })) }
            p.warning role="alert" data-unsent hidden { (self.reader.say(&web::Unsent)) }
        }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let page = self.markup().into_string();
        let content_type = (header::CONTENT_TYPE, "text/html; charset=utf-8");
        // Browsers say "null" for the origin of a form on a page with `no-referrer`; they need to say us.
        let referrer = (header::REFERRER_POLICY, "same-origin");
        let language = (header::CONTENT_LANGUAGE, self.reader.locale.as_str());
        let mut response = (self.status, [content_type, referrer, language], page).into_response();
        let wait = match self.status {
            StatusCode::TOO_MANY_REQUESTS => RETRY_AFTER_SECONDS,
            StatusCode::SERVICE_UNAVAILABLE => "2",
            _ => return response,
        };
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(wait));
        response
    }
}

/// An address that leads nowhere: a page for people, JSON for programs.
pub async fn not_found(
    axum::extract::State(app): axum::extract::State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if accepts(&headers, "text/html") {
        return Page::missing(Reader::stranger(&headers, app.house.now())).into_response();
    }
    Problem::not_found(format!("there is nothing at {}: see /api/v1/openapi.json", uri.path()))
        .into_response()
}

/// Says whether a request names this type among those it accepts.
pub(super) fn accepts(headers: &HeaderMap, content_type: &str) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|value| value.split(','))
        .any(|one| one.split(';').next().unwrap_or(one).trim() == content_type)
}

/// Says whether a form was sent from one of our own pages, as far as the browser tells: `Sec-Fetch-Site` where it
/// is sent, else `Origin`. A request with neither is no browser's.
///
/// Source: <https://www.w3.org/TR/fetch-metadata/>, and RFC 6454, section 7.
pub(super) fn is_own_form(headers: &HeaderMap, public_url: &str) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = header("origin") else { return true };
    let host = origin.split_once("://").map(|(_, host)| host);
    let public = public_url.trim_end_matches('/');
    origin.eq_ignore_ascii_case(public)
        || host.is_some_and(|host| header("host").is_some_and(|own| own.eq_ignore_ascii_case(host)))
}

/// The page that a form from elsewhere gets.
pub(super) fn foreign_form(reader: Reader) -> Page {
    let (title, text) = (reader.say(&web::ForeignFormTitle), reader.say(&web::ForeignFormText));
    Page::notice(StatusCode::FORBIDDEN, reader, &title, &text)
}

#[cfg(test)]
mod tests;

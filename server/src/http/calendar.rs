//! Feeds for calendar programs: `GET /calendar/{secret}.ics`. The secret in the address is all that they can show.

use adapters::calendar::write::{MEDIA_TYPE, write};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::directory::key_sha256;
use events::event::calendar::CalendarOf;

use super::{App, language};
use crate::calendar::{feed_span, of_person, of_rota};

/// What stands after the secret.
const ENDING: &str = ".ics";
/// So many digits of its hash name a version of a calendar.
const VERSION_DIGITS: usize = 32;

/// The address of the feed with this secret.
pub(super) fn address(public_url: &str, secret: &str) -> String {
    format!("{}/calendar/{secret}{ENDING}", public_url.trim_end_matches('/'))
}

/// `GET /calendar/{secret}.ics`. An address that never was, one that was renewed or closed, and one of somebody who has
/// left are answered alike.
pub async fn show(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let directory = app.house.directory();
    let span = feed_span(app.house.now());
    let feed = file.strip_suffix(ENDING).and_then(|secret| directory.calendars().with_secret(secret));
    let calendar = feed.and_then(|feed| match &feed.of {
        CalendarOf::Rota(rota) => of_rota(&directory, rota, language(&headers), span),
        CalendarOf::Person(person) => of_person(&directory, *person, span),
    });
    let Some(calendar) = calendar else {
        return (StatusCode::NOT_FOUND, "there is no calendar at this address\n").into_response();
    };
    let text = write(&calendar);
    let mut version = key_sha256(&text);
    version.truncate(VERSION_DIGITS);
    let version = format!("\"{version}\"");
    let meta = [
        (header::CONTENT_TYPE, MEDIA_TYPE.to_owned()),
        (header::CACHE_CONTROL, "private".to_owned()),
        (header::VARY, "Accept-Language".to_owned()),
        (header::ETAG, version.clone()),
    ];
    if is_known(&headers, &version) {
        return (StatusCode::NOT_MODIFIED, meta).into_response();
    }
    (meta, text).into_response()
}

/// Whether the reader has this version. Proxies that compress mark it as weak. Source: RFC 9110, section 13.1.2.
fn is_known(headers: &HeaderMap, version: &str) -> bool {
    let mut known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.any(|list| {
        list.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_known_in_every_spelling() {
        let known = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, value.parse().expect("a header"));
            is_known(&headers, "\"abc\"")
        };
        assert!(known("\"abc\"") && known("W/\"abc\"") && known("\"x\", \"abc\"") && known("*"));
        assert!(!known("abc") && !known("\"abcd\"") && !known(""));
        assert!(!is_known(&HeaderMap::new(), "\"abc\""));
        assert_eq!(address("https://pager.example/", "s"), "https://pager.example/calendar/s.ics");
    }
}

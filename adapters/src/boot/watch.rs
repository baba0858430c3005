//! Who is to notice when the house itself is silent.

use std::ops::RangeInclusive;

use events::Span;

use super::BootError;
use super::file::Watch;
use super::option::Options;
use crate::channel::Secret;
use crate::configuration::quantity;
use crate::watch::{WATCHERS_MAX, is_address};

/// How often the watchers hear of us when nothing is said.
pub const WATCH_EVERY_DEFAULT: Span = Span::from_seconds(60);
/// How often they can: every second to daily.
const WATCH_EVERY: RangeInclusive<Span> = Span::from_seconds(1)..=Span::from_minutes(24 * 60);

/// Where the house says that it is well, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchPlan {
    /// The addresses, which are secrets: who knows one can speak for the house.
    pub urls: Vec<Secret>,
    /// How often.
    pub every: Span,
}

pub(super) fn read(options: &Options<'_>, watch: Watch) -> Result<Option<WatchPlan>, BootError> {
    let every = match options.given(watch.every, &["watch", "every"]) {
        Some(given) => given.parsed("a length of time from 1s to 1d", "\"1m\"", |text| {
            quantity::span(text).filter(|span| WATCH_EVERY.contains(span))
        })?,
        None => WATCH_EVERY_DEFAULT,
    };
    let place = watch.url_file.as_ref().map_or(0, |file| file.span().start);
    let Some(secret) = options.secret(watch.url, watch.url_file, &["watch"], "url")? else { return Ok(None) };
    let wrong = |option: String, expected| BootError::BadValue {
        place: options.place(place),
        option,
        // It is a secret, also when it is none.
        text: "…".to_owned(),
        expected,
        example: "https://watcher.example/ping/KEY",
    };
    let urls: Vec<&str> = secret.expose().split_whitespace().collect();
    if urls.len() > WATCHERS_MAX {
        return Err(wrong("watch.url".to_owned(), "at most ten addresses"));
    }
    if let Some(number) = urls.iter().position(|url| !is_address(url)) {
        let option = format!("address {} of watch.url", number + 1);
        return Err(wrong(option, "an address that begins with https:// or http://"));
    }
    let urls = urls.into_iter().map(Secret::new).collect();
    Ok(Some(WatchPlan { urls, every }))
}

//! The conditions of one route, made ready.

use chrono_tz::Tz;
use events::event::routes::{TextTest, When};
use events::event::signal::Signal;
use regex::Regex;

use super::{Seen, pattern};
use crate::rota::is_within;

/// The text of a signal is its summary and these of its details.
pub const TEXT_DETAILS: [&str; 4] = ["description", "details", "message", "output"];

/// What of a route's conditions takes work to make ready. What cannot be made ready never holds: the routes after it
/// are asked.
#[derive(Debug)]
pub(crate) struct Conditions {
    /// In the order of the labels.
    patterns: Vec<Option<Regex>>,
    text: Option<Regex>,
    zone: Option<Tz>,
}

/// A condition that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miss<'a> {
    /// It comes from another source.
    Source,
    /// It is less severe, or none of those that are wanted.
    Severity,
    /// A label has another value, or is not there.
    Label {
        /// Which.
        label: &'a str,
        /// What must match: a value, or a regular expression for all of it.
        wanted: Wanted<'a>,
        /// Its value; none when it is not there.
        found: Option<&'a str>,
    },
    /// The times of the week are others.
    Hours,
    /// The text does not say so.
    Text,
}

/// What a label must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// This.
    Equal(&'a str),
    /// Something that this regular expression matches as a whole.
    Matching(&'a str),
}

impl Conditions {
    pub(crate) fn of(when: &When) -> Self {
        let text = |test: &TextTest| match test {
            TextTest::Contains(words) => pattern::containing(words).ok(),
            TextTest::Matches(pattern) => pattern::somewhere(pattern).ok(),
        };
        Self {
            patterns: when.label_patterns.values().map(|pattern| pattern::whole(pattern).ok()).collect(),
            text: when.text.as_ref().and_then(text),
            zone: when.time_zone.as_ref().and_then(|zone| zone.parse().ok()),
        }
    }

    /// Every condition that does not hold, what is quickly seen first.
    pub(crate) fn misses<'a>(
        &'a self,
        when: &'a When,
        seen: &Seen<'a>,
    ) -> impl Iterator<Item = Miss<'a>> + 'a {
        let Seen { source, signal, severity, at } = *seen;
        let is_source_wrong =
            when.wanted_sources().next().is_some() && !when.wanted_sources().any(|wanted| wanted == source);
        let is_severity_wrong = when.severity.is_some_and(|least| severity < least)
            || !when.severities.is_empty() && !when.severities.contains(&severity);
        let at_once = [is_source_wrong.then_some(Miss::Source), is_severity_wrong.then_some(Miss::Severity)];
        let labels = when.labels.iter().filter_map(|(label, value)| {
            let found = signal.labels.get(label).map(String::as_str);
            let wanted = Wanted::Equal(value);
            (found != Some(value)).then_some(Miss::Label { label, wanted, found })
        });
        let hours = (!when.hours.is_empty()).then_some(());
        let hours = hours
            .into_iter()
            .filter(move |()| !self.zone.is_some_and(|zone| is_within(&when.hours, zone, at)));
        let patterns =
            when.label_patterns.iter().zip(&self.patterns).filter_map(|((label, pattern), ready)| {
                let found = signal.labels.get(label).map(String::as_str);
                let matches = |ready: &Regex| ready.is_match(found.unwrap_or_default());
                let wanted = Wanted::Matching(pattern);
                (!ready.as_ref().is_some_and(matches)).then_some(Miss::Label { label, wanted, found })
            });
        let text = when.text.iter().filter(|_| {
            !self.text.as_ref().is_some_and(|ready| texts(signal).any(|text| ready.is_match(text)))
        });
        at_once
            .into_iter()
            .flatten()
            .chain(labels)
            .chain(hours.map(|()| Miss::Hours))
            .chain(patterns)
            .chain(text.map(|_| Miss::Text))
    }
}

/// What routes take for the text of a signal.
fn texts(signal: &Signal) -> impl Iterator<Item = &str> {
    let details = TEXT_DETAILS.iter().filter_map(|name| signal.details.get(*name));
    [&signal.summary].into_iter().chain(details).map(String::as_str)
}

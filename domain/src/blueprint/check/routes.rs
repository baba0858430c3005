//! Routes: that every signal finds its service.

use events::event::routes::{TextTest, When};
use regex::Regex;

use super::{Check, Completeness};
use crate::blueprint::kind::ThingKind;
use crate::blueprint::limit;
use crate::blueprint::mistake::{Mistake, What};
use crate::blueprint::place::Path;
use crate::routing::pattern::{self, BadPattern, PATTERN_CHARS_MAX};

/// The regular expressions for the labels of one route, in their order; none for one that cannot be used.
type Patterns = Vec<Option<Regex>>;

pub(super) fn check(check: &mut Check<'_>) {
    let routes = &check.blueprint.routes;
    let mut count = 0;
    let mut ready: Vec<Patterns> = Vec::new();
    for (at, route) in routes.iter().enumerate() {
        let path = Path::of(["routes"]).index(at);
        check.refer(&path.key("service"), ThingKind::Service, &route.service);
        check.severities(&path.key("severities"), &route.severities);
        conditions(check, &path.key("when"), &route.when);
        ready.push(patterns(check, &path.key("when"), &route.when, &mut count));
        // Comparing each with each takes too long for more than there may be.
        let before = if routes.len() <= limit::ROUTES_MAX { &routes[..at] } else { &[] };
        let mut before = before.iter().zip(&ready);
        let earlier = before.position(|(earlier, ready)| asks_no_more(&earlier.when, ready, &route.when));
        if let Some(earlier) = earlier {
            check.say(&path, What::RouteNeverMatches { earlier: earlier + 1 });
        }
    }
    default(check);
}

/// The last route asks for nothing, so that no signal is lost between two services.
fn default(check: &mut Check<'_>) {
    let blueprint = check.blueprint;
    let part = check.completeness == Completeness::Part;
    let no_default = |path: Path| Mistake::new(path, What::NoDefaultRoute);
    match blueprint.routes.last() {
        Some(last) if last.when.is_empty() => {}
        Some(_) => {
            let path = Path::of(["routes"]).index(blueprint.routes.len() - 1);
            let elsewhere = part && blueprint.sources.is_empty();
            let mistake = no_default(path);
            check.mistakes.push(if elsewhere { mistake.warned() } else { mistake });
        }
        None if part || blueprint.sources.is_empty() => {}
        None => check.mistakes.push(no_default(Path::of(["sources"]))),
    }
}

fn conditions(check: &mut Check<'_>, path: &Path, when: &When) {
    let twice = [
        ("source", when.source.is_some() && !when.sources.is_empty()),
        ("severity", when.severity.is_some() && !when.severities.is_empty()),
        ("labels", when.labels.keys().any(|label| when.label_patterns.contains_key(label))),
    ];
    for (field, _) in twice.into_iter().filter(|(_, is_twice)| *is_twice) {
        check.say(&path.key(field), What::ConditionTwice { field });
    }
    if let Some(source) = &when.source {
        check.refer(&path.key("source"), ThingKind::Source, source.as_str());
    }
    check.count(&path.key("source"), when.sources.len(), limit::NAMES_PER_CONDITION_MAX);
    for (at, source) in when.sources.iter().enumerate() {
        check.refer(&path.key("source").index(at), ThingKind::Source, source.as_str());
    }
    check.count(&path.key("severity"), when.severities.len(), limit::NAMES_PER_CONDITION_MAX);
    let labels = path.key("labels");
    check.count(&labels, when.labels.len() + when.label_patterns.len(), limit::LABELS_PER_ROUTE_MAX);
    for (label, value) in &when.labels {
        let path = labels.key(label);
        if label.is_empty() {
            check.say(&path, What::TextEmpty);
        }
        if label.chars().chain(value.chars()).count() > limit::TEXT_CHARS_MAX {
            check.say(&path, What::TextTooLong { chars_max: limit::TEXT_CHARS_MAX });
        }
    }
    check.count(&path.key("hours"), when.hours.len(), limit::HOURS_PER_ROUTE_MAX);
    match &when.time_zone {
        Some(zone) if when.hours.is_empty() => {
            check.time_zone(&path.key("time_zone"), zone);
            check.say(&path.key("time_zone"), What::ZoneWithoutHours);
        }
        Some(zone) => check.time_zone(&path.key("time_zone"), zone),
        None if when.hours.is_empty() => {}
        None => {
            let missing = What::Missing { field: "time_zone", example: "Europe/Berlin" };
            check.say(&path.key("hours"), missing);
        }
    }
}

/// The regular expressions of a route, of which `count` were before.
fn patterns(check: &mut Check<'_>, path: &Path, when: &When, count: &mut usize) -> Patterns {
    let before = *count;
    *count += when.label_patterns.len() + usize::from(when.text.is_some());
    if *count > limit::PATTERNS_MAX {
        // Said once: where it is one too many.
        if before <= limit::PATTERNS_MAX {
            check.say(path, What::TooManyPatterns { max: limit::PATTERNS_MAX });
        }
        return Vec::new();
    }
    let text_path = path.key("text");
    match &when.text {
        Some(TextTest::Contains(words)) if words.trim().is_empty() => check.say(&text_path, What::TextEmpty),
        Some(TextTest::Contains(words)) => drop(usable(check, &text_path, words, pattern::containing)),
        Some(TextTest::Matches(pattern)) => drop(usable(check, &text_path, pattern, pattern::somewhere)),
        None => {}
    }
    let mut ready = Vec::new();
    for (label, pattern) in &when.label_patterns {
        let path = path.key("labels").key(label);
        if label.is_empty() {
            check.say(&path, What::TextEmpty);
        }
        if label.chars().count() > limit::TEXT_CHARS_MAX {
            check.say(&path, What::TextTooLong { chars_max: limit::TEXT_CHARS_MAX });
        }
        ready.push(usable(check, &path, pattern, pattern::whole));
    }
    ready
}

fn usable(
    check: &mut Check<'_>,
    path: &Path,
    text: &str,
    read: fn(&str) -> Result<Regex, BadPattern>,
) -> Option<Regex> {
    let what = match read(text) {
        Ok(ready) => return Some(ready),
        Err(BadPattern::TooLong) => What::TextTooLong { chars_max: PATTERN_CHARS_MAX },
        Err(BadPattern::TooLarge) => What::PatternTooLarge,
        Err(BadPattern::Wrong(why)) => What::BadPattern { pattern: text.to_owned(), why },
    };
    check.say(path, what);
    None
}

/// True when every signal that `later` wants matches `earlier` too, as far as that can be seen.
fn asks_no_more(earlier: &When, patterns: &Patterns, later: &When) -> bool {
    let has_sources = earlier.wanted_sources().next().is_some();
    let mut sources = later.wanted_sources().peekable();
    let source = !has_sources
        || sources.peek().is_some()
            && sources.all(|source| earlier.wanted_sources().any(|other| other == source));
    let severity = earlier.severity.is_none_or(|least| {
        later.severity.is_some_and(|other| other >= least)
            || !later.severities.is_empty() && later.severities.iter().all(|other| *other >= least)
    });
    let severities = earlier.severities.is_empty()
        || !later.severities.is_empty()
            && later.severities.iter().all(|other| earlier.severities.contains(other));
    let labels = earlier.labels.iter().all(|(label, value)| later.labels.get(label) == Some(value));
    let matched = earlier.label_patterns.iter().zip(patterns).all(|((label, pattern), ready)| {
        let is_same = later.label_patterns.get(label) == Some(pattern);
        let value = later.labels.get(label);
        is_same || ready.as_ref().zip(value).is_some_and(|(ready, value)| ready.is_match(value))
    });
    let text = earlier.text.is_none() || earlier.text == later.text;
    let hours =
        earlier.hours.is_empty() || earlier.hours == later.hours && earlier.time_zone == later.time_zone;
    // What cannot be read may ask for anything.
    let is_read = earlier.label_patterns.len() == patterns.len();
    is_read && source && severity && severities && labels && matched && text && hours
}

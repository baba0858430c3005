//! Which alerts planned work takes.

use std::collections::BTreeMap;

use events::event::work::{LabelMatch, Scope};
use events::{ServiceId, SourceId};

/// What is asked about: where an alert belongs, and what its source said of it.
#[derive(Clone, Copy, Debug)]
pub struct Taker<'a> {
    /// The service.
    pub service: &'a ServiceId,
    /// The source.
    pub source: &'a SourceId,
    /// The labels; none when their key was destroyed.
    pub labels: Option<&'a BTreeMap<String, String>>,
}

impl Taker<'_> {
    /// True when an alert like this fits everything that the scope says. One whose labels cannot be read any more fits
    /// no scope that asks for labels: it goes to on call.
    pub fn fits(&self, scope: &Scope) -> bool {
        (scope.services.is_empty() || scope.services.contains(self.service))
            && (scope.sources.is_empty() || scope.sources.contains(self.source))
            && scope.labels.iter().all(|(label, found)| {
                self.labels.is_some_and(|labels| is_so(labels.get(label).map(String::as_str), found))
            })
    }
}

fn is_so(value: Option<&str>, found: &LabelMatch) -> bool {
    match found {
        LabelMatch::Like(pattern) => value.is_some_and(|value| is_like(value, pattern)),
        LabelMatch::Unlike(pattern) => !value.is_some_and(|value| is_like(value, pattern)),
    }
}

/// True when the text is like the pattern, in which `*` stands for any text, also none.
///
/// ```
/// # use domain::work::is_like;
/// assert!(is_like("web-12.example", "web-*.example"));
/// assert!(!is_like("db-1", "web-*"));
/// ```
pub fn is_like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(place) = rest.find(part) else { return false };
        rest = &rest[place + part.len()..];
    }
    rest.ends_with(last)
}

//! What happens to the routes in the configuration.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::event::hours::Hours;
use crate::event::signal::Severity;
use crate::id::{ServiceId, SourceId};

/// Something happened to the routes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutesEvent {
    /// The routes are these from now on; the first that matches wins.
    Defined(Vec<Route>),
}

impl RoutesEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Defined(_) => "routes.defined",
        }
    }
}

/// Signals that match belong to a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// What must match; empty matches everything.
    #[serde(default)]
    pub when: When,
    /// Whose alert it becomes.
    pub service: ServiceId,
    /// How bad it is, by what the source called it, in small letters, or else by how bad it is without this.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub severities: BTreeMap<String, Severity>,
}

/// What a signal must have; all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// It came from this source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// It came from one of these sources, when there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceId>,
    /// Its labels have these values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// The whole values of its labels match these regular expressions. A label that it does not have is empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub label_patterns: BTreeMap<String, String>,
    /// It is at least this severe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// It is one of these, when there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severities: Vec<Severity>,
    /// Its text says this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextTest>,
    /// It is taken at one of these times of the week, when there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<Hours>,
    /// The IANA name of the zone of these times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// What a text must say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextTest {
    /// These words are in it, in whatever case.
    Contains(String),
    /// This regular expression matches some of it.
    Matches(String),
}

impl When {
    /// True when it asks for nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The sources that it may come from; any when there are none.
    pub fn wanted_sources(&self) -> impl Iterator<Item = &SourceId> {
        self.source.iter().chain(&self.sources)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_before_reads_and_what_is_written_reads_back() {
        let before = r#"{"when":{"source":"prometheus","labels":{"team":"payments"},"severity":"warning"},"service":"shop"}"#;
        let route: Route = serde_json::from_str(before).expect("an earlier route");
        assert_eq!(serde_json::to_string(&route).expect("JSON"), before, "nothing is added that is not said");
        let full = Route {
            when: When {
                sources: vec!["prometheus".into(), "scripts".into()],
                label_patterns: [("host".to_owned(), "db[0-9]+".to_owned())].into(),
                severities: vec![Severity::Error],
                text: Some(TextTest::Contains("disk".to_owned())),
                hours: vec!["Mon-Fri 18:00-08:00".parse().expect("times of the week")],
                time_zone: Some("Europe/Berlin".to_owned()),
                ..When::default()
            },
            service: "shop".into(),
            severities: [("p1".to_owned(), Severity::Critical)].into(),
        };
        let written = r#"{"when":{"sources":["prometheus","scripts"],"label_patterns":{"host":"db[0-9]+"},"severities":["error"],"text":{"contains":"disk"},"hours":["Mon-Fri 18:00-08:00"],"time_zone":"Europe/Berlin"},"service":"shop","severities":{"p1":"critical"}}"#;
        assert_eq!(serde_json::to_string(&full).expect("JSON"), written);
        assert_eq!(serde_json::from_str::<Route>(written).expect("a route"), full);
    }
}

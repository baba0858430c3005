//! Services, sources and routes.

use std::collections::BTreeMap;

use domain::blueprint::kind::ThingKind;
use domain::blueprint::mistake::{Feature, Shape, What};
use domain::blueprint::place::Place;
use domain::blueprint::{RoutePlan, ServicePlan, SourcePlan};
use events::event::routes::{TextTest, When};
use events::event::signal::Severity;
use events::event::source::SourceKind;

use super::{At, Decoder, Grammar, Map};
use crate::configuration::node::Value;

const SERVICE: Grammar = Grammar {
    known: &["name", "policy", "runbook", "reference_only", "group_within", "group_again_after"],
    unbuilt: |_| None,
    example: "{ name: Web shop, policy: default }",
};

const SOURCE: Grammar = Grammar {
    known: &["kind", "key_file", "every", "grace", "service", "flood_at", "severities"],
    unbuilt: |_| None,
    example: "{ kind: alertmanager, key_file: keys/prometheus }",
};

const ROUTE: Grammar = Grammar {
    known: &["when", "service", "severities"],
    unbuilt: |_| None,
    example: "{ when: { source: prometheus }, service: shop }",
};

const WHEN: Grammar = Grammar {
    known: &["source", "labels", "severity", "text", "hours", "time_zone"],
    unbuilt: |key| match key {
        "not" | "any" | "all" => Some(Feature::Matcher { name: key.to_owned() }),
        _ => None,
    },
    example: "{ source: prometheus, labels: { team: payments } }",
};

/// A label's value, or the text, by a regular expression.
const PATTERN: Grammar = Grammar { known: &["regex"], unbuilt: |_| None, example: "{ regex: \"db[0-9]+\" }" };

/// The kinds of sources, as files name them.
const SOURCE_KINDS: [(&str, SourceKind); 9] = [
    ("alertmanager", SourceKind::Alertmanager),
    ("grafana", SourceKind::Grafana),
    ("pagerduty", SourceKind::Pagerduty),
    ("opsgenie", SourceKind::Opsgenie),
    ("generic", SourceKind::Generic),
    ("goalert", SourceKind::Goalert),
    ("oncall", SourceKind::Oncall),
    ("nagios", SourceKind::Nagios),
    ("heartbeat", SourceKind::Heartbeat),
];

/// What files call a kind of source.
pub(in crate::configuration) fn source_kind(kind: SourceKind) -> &'static str {
    let mut kinds = SOURCE_KINDS.iter();
    kinds.find(|(_, other)| *other == kind).map_or("generic", |(name, _)| name)
}

const HOURS: &str = "\"Mon-Fri 18:00-08:00\"";

const SEVERITIES: [(&str, Severity); 4] = [
    ("info", Severity::Info),
    ("warning", Severity::Warning),
    ("error", Severity::Error),
    ("critical", Severity::Critical),
];

impl Decoder {
    pub(super) fn service(&mut self, at: &At<'_>, id: &str) {
        let mut service = ServicePlan {
            name: id.to_owned(),
            policy: String::new(),
            runbook: None,
            reference_only: false,
            group_within: None,
            group_again_after: None,
        };
        if let Some(map) = self.map(at, &SERVICE) {
            service.name = self.optional_text(&map, "name", "Web shop").unwrap_or(service.name);
            service.policy = self.required_text(&map, "policy", "default");
            service.runbook = self.optional_text(&map, "runbook", "\"https://wiki.example/shop\"");
            service.reference_only = self.optional_yes_no(&map, "reference_only").unwrap_or(false);
            service.group_within = self.optional_span(&map, "group_within");
            service.group_again_after = self.optional_number(&map, "group_again_after", "20");
        }
        self.blueprint.services.insert(id.to_owned(), service);
    }

    pub(super) fn source(&mut self, at: &At<'_>, id: &str) {
        let mut source = SourcePlan {
            kind: SourceKind::Generic,
            key_file: String::new(),
            key_sha256: None,
            every: None,
            grace: None,
            service: None,
            flood_at: None,
            severities: BTreeMap::new(),
        };
        if let Some(map) = self.map(at, &SOURCE) {
            match map.get("kind") {
                Some(at) => source.kind = self.choice(&at, &SOURCE_KINDS).unwrap_or(source.kind),
                None => self.missing(&map, "kind", "alertmanager"),
            }
            source.key_file = self.required_text(&map, "key_file", "keys/prometheus");
            source.every = self.optional_span(&map, "every");
            source.grace = self.optional_span(&map, "grace");
            source.service = self.optional_text(&map, "service", "shop");
            source.flood_at = self.optional_number(&map, "flood_at", "200");
            source.severities = self.severities(&map);
        }
        self.blueprint.sources.insert(id.to_owned(), source);
    }

    /// Routes of a later file follow those of an earlier one.
    pub(super) fn routes(&mut self, root: &Map<'_>) {
        let Some(section) = root.get(ThingKind::Routes.section()) else { return };
        self.note(&section);
        let Value::List(nodes) = &section.node.value else {
            self.wrong_type(&section, Shape::List, "[{ service: shop }]");
            self.lossy = true;
            return;
        };
        for node in nodes {
            let path = section.path.index(self.blueprint.routes.len());
            let at = At { node, path, mark: node.mark };
            self.note(&at);
            let route = self.route(&at);
            self.blueprint.routes.push(route);
        }
    }

    fn route(&mut self, at: &At<'_>) -> RoutePlan {
        let mut route = RoutePlan::to(String::new(), When::default());
        let Some(map) = self.map(at, &ROUTE) else { return route };
        route.service = self.required_text(&map, "service", "shop");
        route.severities = self.severities(&map);
        if let Some(at) = map.get("when") {
            let before = self.mistakes.len();
            route.when = self.when(&at);
            if self.mistakes.len() > before {
                // Less than was asked for would match too much.
                route.when = matches_nothing();
                self.broken.insert(at.path);
            }
        }
        route
    }

    fn when(&mut self, at: &At<'_>) -> When {
        let Some(map) = self.map(at, &WHEN) else { return When::default() };
        let mut when = When::default();
        if let Some(at) = map.get("source") {
            let mut sources = self.one_or_more(&at, "source");
            let mut named = |at: &At<'_>| self.text(at, "prometheus").map(|id| id.as_str().into());
            match sources.as_slice() {
                [one] => when.source = named(one),
                _ => when.sources = sources.drain(..).filter_map(|at| named(&at)).collect(),
            }
        }
        if let Some(at) = map.get("severity") {
            // One by itself means it and all that is worse; in a list each stands for itself.
            if matches!(at.node.value, Value::Scalar { .. }) {
                when.severity = self.choice(&at, &SEVERITIES);
            } else {
                let severities = self.one_or_more(&at, "severity");
                when.severities = severities.iter().filter_map(|at| self.choice(at, &SEVERITIES)).collect();
            }
        }
        self.labels(&map, &mut when);
        when.text = map.get("text").and_then(|at| {
            if matches!(at.node.value, Value::Map(_)) {
                self.pattern(&at).map(TextTest::Matches)
            } else {
                self.text(&at, "disk full").map(TextTest::Contains)
            }
        });
        if let Some(at) = map.get("hours") {
            for at in self.one_or_more(&at, "hours") {
                let Some(text) = self.text(&at, HOURS) else { continue };
                match text.parse() {
                    Ok(hours) => when.hours.push(hours),
                    Err(_) => self.broken(&at, What::BadHours { text }),
                }
            }
        }
        when.time_zone = self.optional_text(&map, "time_zone", "Europe/Berlin");
        when
    }

    /// One value, or a list of some.
    fn one_or_more<'n>(&mut self, at: &At<'n>, field: &'static str) -> Vec<At<'n>> {
        let Value::List(nodes) = &at.node.value else { return vec![at.clone()] };
        if nodes.is_empty() {
            self.broken(at, What::ConditionEmpty { field });
        }
        let each = nodes.iter().enumerate();
        let elements: Vec<At<'n>> =
            each.map(|(index, node)| At { node, path: at.path.index(index), mark: node.mark }).collect();
        for element in &elements {
            self.note(element);
        }
        elements
    }

    fn labels(&mut self, map: &Map<'_>, when: &mut When) {
        let Some(at) = map.get("labels") else { return };
        let entries = self.entries(&at, "{ team: payments }").unwrap_or_default();
        for entry in entries {
            let at = At::in_map(&at.path, entry);
            self.note(&at);
            if matches!(at.node.value, Value::Map(_)) {
                let pattern = self.pattern(&at).unwrap_or_default();
                when.label_patterns.insert(entry.key.clone(), pattern);
            } else {
                when.labels.insert(entry.key.clone(), self.text(&at, "payments").unwrap_or_default());
            }
        }
    }

    fn pattern(&mut self, at: &At<'_>) -> Option<String> {
        let map = self.map(at, &PATTERN)?;
        Some(self.required_text(&map, "regex", "\"db[0-9]+\""))
    }

    /// Words for severities, whose case means nothing.
    fn severities(&mut self, map: &Map<'_>) -> BTreeMap<String, Severity> {
        let Some(at) = map.get("severities") else { return BTreeMap::new() };
        let entries = self.entries(&at, "{ P1: critical }").unwrap_or_default();
        let mut severities = BTreeMap::new();
        let mut places: BTreeMap<String, Place> = BTreeMap::new();
        for entry in entries {
            let word = entry.key.trim().to_lowercase();
            let mut at = At::in_map(&at.path, entry);
            at.path = map.path.key("severities").key(&word);
            self.note(&at);
            let place = self.place(entry.mark);
            if let Some(first) = places.get(&word) {
                let what = What::DuplicateKey { key: entry.key.clone(), first: first.clone() };
                self.wrong(&at.path, entry.mark, what);
                continue;
            }
            places.insert(word.clone(), place);
            if let Some(severity) = self.choice(&at, &SEVERITIES) {
                severities.insert(word, severity);
            }
        }
        severities
    }
}

/// Stands for a condition that cannot be read: no label is called nothing.
fn matches_nothing() -> When {
    When { labels: BTreeMap::from([(String::new(), String::new())]), ..When::default() }
}

//! Services, sources and routes.

use std::collections::BTreeMap;

use domain::blueprint::kind::ThingKind;
use domain::blueprint::mistake::{Feature, Shape};
use domain::blueprint::{RoutePlan, ServicePlan, SourcePlan};
use events::event::routes::When;
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
    known: &["kind", "key_file", "every", "grace", "service", "flood_at"],
    unbuilt: |_| None,
    example: "{ kind: alertmanager, key_file: keys/prometheus }",
};

const ROUTE: Grammar = Grammar {
    known: &["when", "service"],
    unbuilt: |_| None,
    example: "{ when: { source: prometheus }, service: shop }",
};

const WHEN: Grammar = Grammar {
    known: &["source", "labels", "severity"],
    unbuilt: |key| match key {
        "text" | "summary" | "details" | "regex" | "time" | "hours" | "weekdays" | "not" | "any" | "all" => {
            Some(Feature::Matcher { name: key.to_owned() })
        }
        _ => None,
    },
    example: "{ source: prometheus, labels: { team: payments } }",
};

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
        let mut route = RoutePlan { when: When::default(), service: String::new() };
        let Some(map) = self.map(at, &ROUTE) else { return route };
        route.service = self.required_text(&map, "service", "shop");
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
        When {
            source: self.optional_text(&map, "source", "prometheus").map(|id| id.as_str().into()),
            labels: self.labels(&map),
            severity: map.get("severity").and_then(|at| self.choice(&at, &SEVERITIES)),
        }
    }

    fn labels(&mut self, when: &Map<'_>) -> BTreeMap<String, String> {
        let Some(at) = when.get("labels") else { return BTreeMap::new() };
        let entries = self.entries(&at, "{ team: payments }").unwrap_or_default();
        let mut labels = BTreeMap::new();
        for entry in entries {
            let at = At::in_map(&at.path, entry);
            self.note(&at);
            labels.insert(entry.key.clone(), self.text(&at, "payments").unwrap_or_default());
        }
        labels
    }
}

/// Stands for a condition that cannot be read: no label is called nothing.
fn matches_nothing() -> When {
    When { labels: BTreeMap::from([(String::new(), String::new())]), ..When::default() }
}

//! Rotas.

use chrono::{DateTime, NaiveDateTime};
use domain::blueprint::mistake::{Collection, Feature, Shape, What};
use domain::blueprint::{HandoverPlan, LayerPlan, MemberPlan, RotaPlan, default};
use events::event::hours::Hours;
use events::event::rota::TurnUnit;

use super::{At, Decoder, Grammar, Map};
use crate::configuration::node::Value;
use crate::configuration::quantity;

const ROTA: Grammar = Grammar {
    known: &["team", "time_zone", "layers"],
    unbuilt: |key| (key == "overrides").then_some(Feature::Overrides),
    example: "{ time_zone: Europe/Berlin, layers: [{ members: [anna], handover: { every: 1w, from: \"2026-11-02T09:00\" } }] }",
};

const LAYER: Grammar = Grammar {
    known: &["members", "handover", "hours"],
    unbuilt: |key| (key == "overrides").then_some(Feature::Overrides),
    example: "{ members: [anna, bernd], handover: { every: 1w, from: \"2026-11-02T09:00\" } }",
};

const MEMBER: Grammar = Grammar {
    known: &["person", "people", "from", "until"],
    unbuilt: |_| None,
    example: "{ person: anna, until: \"2026-12-01T00:00\" }",
};

const LOCAL_TIME: &str = "\"2026-11-02T09:00\"";
const HOURS: &str = "[\"Mon-Fri 18:00-08:00\"]";

const HANDOVER: Grammar = Grammar { known: &["every", "from"], unbuilt: |_| None, example: HANDOVER_EXAMPLE };

const HANDOVER_EXAMPLE: &str = "{ every: 1w, from: \"2026-11-02T09:00\" }";

/// Stands for a handover that cannot be read.
const NO_HANDOVER: HandoverPlan =
    HandoverPlan { every: 1, unit: TurnUnit::Weeks, from: DateTime::UNIX_EPOCH.naive_utc() };

impl Decoder {
    pub(super) fn rota(&mut self, at: &At<'_>, id: &str) {
        let mut rota = RotaPlan { team: None, time_zone: default::TIME_ZONE.to_owned(), layers: Vec::new() };
        if let Some(map) = self.map(at, &ROTA) {
            rota.team = self.optional_text(&map, "team", "sysadmin");
            rota.time_zone = self.required_text(&map, "time_zone", "Europe/Berlin");
            let layers = self.required_list(&map, "layers", "[{ members: [anna] }]");
            rota.layers = layers.iter().map(|layer| self.layer(layer)).collect();
        }
        self.blueprint.rotas.insert(id.to_owned(), rota);
    }

    fn layer(&mut self, at: &At<'_>) -> LayerPlan {
        let Some(map) = self.map(at, &LAYER) else {
            return LayerPlan { members: Vec::new(), handover: NO_HANDOVER, hours: Vec::new() };
        };
        let members = self.required_list(&map, "members", "[anna, bernd]");
        let members = members.iter().map(|member| self.member(member)).collect();
        // Left out they mean always; nobody can tell whether an empty list means always or never.
        if let Some(at) = map.get("hours").filter(|at| at.node.value == Value::List(Vec::new())) {
            self.broken(&at, What::Empty { collection: Collection::Hours });
        }
        let hours = self.list(&map, "hours", HOURS).unwrap_or_default();
        let hours = hours.iter().filter_map(|hours| self.hours(hours)).collect();
        let handover = map.get("handover");
        if handover.is_none() {
            self.missing(&map, "handover", HANDOVER_EXAMPLE);
        }
        let handover = handover.and_then(|at| self.map(&at, &HANDOVER));
        LayerPlan { members, handover: handover.map_or(NO_HANDOVER, |map| self.handover(&map)), hours }
    }

    /// A name, a list of those who are on call at once, or either with dates.
    fn member(&mut self, at: &At<'_>) -> MemberPlan {
        match &at.node.value {
            Value::Map(_) => {
                let Some(map) = self.map(at, &MEMBER) else { return MemberPlan::default() };
                let people = match (map.get("person"), map.get("people")) {
                    (Some(person), None) => vec![self.text(&person, "anna").unwrap_or_default()],
                    (None, Some(_)) => self.names(&map, "people", "[anna, bernd]"),
                    (None, None) => {
                        self.missing(&map, "person", "anna");
                        self.broken.insert(at.path.clone());
                        Vec::new()
                    }
                    (Some(_), Some(people)) => {
                        self.wrong_type(&people, Shape::Nothing, "person: anna");
                        self.broken.insert(at.path.clone());
                        Vec::new()
                    }
                };
                let from = self.local_time(&map, "from");
                MemberPlan { people, from, until: self.local_time(&map, "until") }
            }
            Value::List(nodes) => {
                let people = nodes.iter().enumerate().map(|(index, node)| {
                    let at = At { node, path: at.path.index(index), mark: node.mark };
                    self.note(&at);
                    self.text(&at, "anna").unwrap_or_default()
                });
                MemberPlan { people: people.collect(), ..MemberPlan::default() }
            }
            Value::Scalar { .. } => MemberPlan::always(&self.text(at, "anna").unwrap_or_default()),
        }
    }

    fn hours(&mut self, at: &At<'_>) -> Option<Hours> {
        let text = self.text(at, "\"Mon-Fri 18:00-08:00\"")?;
        let hours = text.parse().ok();
        if hours.is_none() {
            self.broken(at, What::BadHours { text });
        }
        hours
    }

    fn local_time(&mut self, map: &Map<'_>, field: &'static str) -> Option<NaiveDateTime> {
        let at = map.get(field)?;
        let text = self.text(&at, LOCAL_TIME)?;
        let time = quantity::local_time(&text);
        if time.is_none() {
            self.broken(&at, What::BadLocalTime { text });
        }
        time
    }

    fn handover(&mut self, map: &Map<'_>) -> HandoverPlan {
        let mut handover = NO_HANDOVER;
        match map.get("every") {
            None => self.missing(map, "every", "1w"),
            Some(at) => {
                if let Some(text) = self.text(&at, "1w") {
                    match quantity::turn(&text) {
                        Some((every, unit)) => (handover.every, handover.unit) = (every, unit),
                        None => self.broken(&at, What::BadTurn { text }),
                    }
                }
            }
        }
        if map.get("from").is_none() {
            self.missing(map, "from", LOCAL_TIME);
        }
        if let Some(from) = self.local_time(map, "from") {
            handover.from = from;
        }
        handover
    }
}

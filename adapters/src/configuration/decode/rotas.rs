//! Rotas.

use chrono::DateTime;
use domain::blueprint::mistake::{Feature, What};
use domain::blueprint::{HandoverPlan, LayerPlan, RotaPlan, default};
use events::event::rota::TurnUnit;

use super::{At, Decoder, Grammar, Map};
use crate::configuration::quantity;

const ROTA: Grammar = Grammar {
    known: &["team", "time_zone", "layers"],
    unbuilt: |key| match key {
        "overrides" => Some(Feature::Overrides),
        "hours" => Some(Feature::Hours),
        _ => None,
    },
    example: "{ time_zone: Europe/Berlin, layers: [{ members: [anna], handover: { every: 1w, from: \"2026-11-02T09:00\" } }] }",
};

const LAYER: Grammar = Grammar {
    known: &["members", "handover"],
    unbuilt: |key| match key {
        "hours" => Some(Feature::Hours),
        "overrides" => Some(Feature::Overrides),
        _ => None,
    },
    example: "{ members: [anna, bernd], handover: { every: 1w, from: \"2026-11-02T09:00\" } }",
};

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
            return LayerPlan { members: Vec::new(), handover: NO_HANDOVER };
        };
        let members = self.names(&map, "members", "[anna, bernd]");
        let handover = map.get("handover");
        if handover.is_none() {
            self.missing(&map, "handover", HANDOVER_EXAMPLE);
        }
        let handover = handover.and_then(|at| self.map(&at, &HANDOVER));
        LayerPlan { members, handover: handover.map_or(NO_HANDOVER, |map| self.handover(&map)) }
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
        match map.get("from") {
            None => self.missing(map, "from", "\"2026-11-02T09:00\""),
            Some(at) => {
                if let Some(text) = self.text(&at, "\"2026-11-02T09:00\"") {
                    match quantity::local_time(&text) {
                        Some(from) => handover.from = from,
                        None => self.broken(&at, What::BadLocalTime { text }),
                    }
                }
            }
        }
        handover
    }
}

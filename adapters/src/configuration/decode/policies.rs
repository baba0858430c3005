//! Escalation policies.

use domain::blueprint::mistake::What;
use domain::blueprint::{PolicyPlan, StepPlan, TargetPlan, default};
use events::Span;

use super::{At, Decoder, Grammar, Map};
use crate::configuration::quantity;

const POLICY: Grammar = Grammar {
    known: &["steps", "repeat", "fallback", "acknowledgement_lapses"],
    unbuilt: |_| None,
    example: "{ steps: [{ page: [{ person: anna }], wait: 10m }] }",
};

const STEP: Grammar = Grammar {
    known: &["page", "wait", "acknowledgements", "hand_over"],
    unbuilt: |_| None,
    example: "{ page: [{ rota: primary }], wait: 10m }",
};

const TARGET: Grammar =
    Grammar { known: &["rota", "offset", "person", "team"], unbuilt: |_| None, example: "{ person: anna }" };

/// Stands for a wait that cannot be read.
const NO_WAIT: Span = Span::from_minutes(10);

/// What a policy says whose acknowledgements hold until the alert is resolved.
pub(in crate::configuration) const NEVER: &str = "never";

impl Decoder {
    pub(super) fn policy(&mut self, at: &At<'_>, id: &str) {
        let mut policy = PolicyPlan {
            steps: Vec::new(),
            repeat: 0,
            fallback: Vec::new(),
            acknowledgement_lapses: Some(default::ACKNOWLEDGEMENT_LAPSES),
        };
        if let Some(map) = self.map(at, &POLICY) {
            let steps = self.required_list(&map, "steps", "[{ page: [{ person: anna }], wait: 10m }]");
            policy.steps = steps.iter().map(|step| self.step(step)).collect();
            policy.repeat = self.optional_number(&map, "repeat", "2").unwrap_or(policy.repeat);
            let fallback = self.list(&map, "fallback", "[{ person: anna }]").unwrap_or_default();
            policy.fallback = fallback.iter().map(|target| self.target(target)).collect();
            self.lapses(&map, &mut policy);
        }
        self.blueprint.policies.insert(id.to_owned(), policy);
    }

    fn lapses(&mut self, map: &Map<'_>, policy: &mut PolicyPlan) {
        let Some(at) = map.get("acknowledgement_lapses") else { return };
        match self.text(&at, "4h") {
            None => {}
            Some(text) if text == NEVER => policy.acknowledgement_lapses = None,
            Some(text) => match quantity::span(&text) {
                Some(span) => policy.acknowledgement_lapses = Some(span),
                None => self.broken(&at, What::BadSpan { text }),
            },
        }
    }

    fn step(&mut self, at: &At<'_>) -> StepPlan {
        let mut step = StepPlan::paging(Vec::new(), NO_WAIT);
        let Some(map) = self.map(at, &STEP) else { return step };
        if map.get("hand_over").is_some() {
            if ["page", "wait", "acknowledgements"].iter().any(|key| map.get(key).is_some()) {
                self.broken(at, What::StepForm);
            }
            step.wait = Span::ZERO;
            step.hand_over = Some(self.required_text(&map, "hand_over", "network"));
            return step;
        }
        step.acknowledgements = self.optional_number(&map, "acknowledgements", "2").unwrap_or(1);
        let page = self.required_list(&map, "page", "[{ person: anna }]");
        step.page = page.iter().map(|target| self.target(target)).collect();
        match map.get("wait") {
            Some(_) => step.wait = self.optional_span(&map, "wait").unwrap_or(NO_WAIT),
            None => self.missing(&map, "wait", "10m"),
        }
        step
    }

    /// Whom a step means. One that cannot be read is the person without a name, so that the others keep their places.
    fn target(&mut self, at: &At<'_>) -> TargetPlan {
        let unknown = TargetPlan::Person(String::new());
        let before = self.mistakes.len();
        let Some(map) = self.map(at, &TARGET) else { return unknown };
        let offset = self.optional_number(&map, "offset", "1");
        let named: Vec<&str> =
            ["rota", "person", "team"].into_iter().filter(|key| map.get(key).is_some()).collect();
        if named != ["rota"] && map.get("offset").is_some() {
            self.broken(at, What::OffsetWithoutRota);
            return unknown;
        }
        match named[..] {
            ["rota"] => {
                let rota = self.required_text(&map, "rota", "primary");
                TargetPlan::Rota { rota, offset: offset.unwrap_or(0) }
            }
            ["person"] => TargetPlan::Person(self.required_text(&map, "person", "anna")),
            ["team"] => TargetPlan::Team(self.required_text(&map, "team", "sysadmin")),
            // An unknown key is what should have been the target.
            [] if self.mistakes.len() > before => {
                self.broken.insert(at.path.clone());
                unknown
            }
            _ => {
                self.broken(at, What::TargetForm);
                unknown
            }
        }
    }
}

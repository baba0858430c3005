//! From names to identifiers: what a plan's entry says as an event's definition.

use std::collections::{BTreeMap, BTreeSet};

use events::event::person::{ContactMethod, PersonDefined, Rung};
use events::event::policy::{PolicyDefined, Step, Target};
use events::event::rota::{Handover, Layer, Member, RotaDefined};
use events::event::routes::Route;
use events::event::service::ServiceDefined;
use events::event::source::SourceDefined;
use events::event::team::TeamDefined;
use events::{KeyOwner, PersonId, Sealed};

use crate::blueprint::{
    Blueprint, LayerPlan, MemberPlan, PersonPlan, PolicyPlan, RotaPlan, RoutePlan, RungPlan, ServicePlan,
    SourcePlan, StepPlan, TargetPlan, TeamPlan, default,
};
use crate::directory::Directory;

/// The number of everybody whom a blueprint names.
pub(super) struct People<'a> {
    ids: BTreeMap<&'a str, PersonId>,
    taken: BTreeSet<PersonId>,
}

impl<'a> People<'a> {
    /// Everybody keeps the number that the directory has for their name; the others get a new one.
    pub(super) fn of(
        directory: &Directory,
        blueprint: &'a Blueprint,
        mint: &mut dyn FnMut() -> PersonId,
    ) -> Self {
        let known: BTreeMap<&str, PersonId> =
            directory.people().keys().rev().filter_map(|id| Some((directory.slug(*id)?, *id))).collect();
        let slugs = blueprint.people.keys().map(String::as_str);
        let ids: BTreeMap<&str, PersonId> =
            slugs.map(|slug| (slug, known.get(slug).copied().unwrap_or_else(&mut *mint))).collect();
        Self { taken: ids.values().copied().collect(), ids }
    }

    pub(super) fn id(&self, slug: &str) -> Option<PersonId> {
        self.ids.get(slug).copied()
    }

    pub(super) fn has(&self, id: PersonId) -> bool {
        self.taken.contains(&id)
    }

    fn all(&self, slugs: &[String]) -> Vec<PersonId> {
        slugs.iter().filter_map(|slug| self.id(slug)).collect()
    }

    pub(super) fn team(&self, team: &TeamPlan) -> TeamDefined {
        TeamDefined {
            name: team.name.clone(),
            members: self.all(&team.members),
            time_zone: team.time_zone.clone(),
            handovers: team.handovers,
            lead: team.lead.as_deref().and_then(|lead| self.id(lead)),
            test_pages: team.test_pages,
        }
    }

    pub(super) fn rota(&self, rota: &RotaPlan) -> RotaDefined {
        RotaDefined {
            team: rota.team.as_deref().map(Into::into),
            time_zone: rota.time_zone.clone(),
            layers: rota.layers.iter().map(|layer| self.layer(layer)).collect(),
        }
    }

    fn layer(&self, layer: &LayerPlan) -> Layer {
        let handover = layer.handover;
        let member = |member: &MemberPlan| Member {
            people: self.all(&member.people),
            from: member.from,
            until: member.until,
        };
        Layer {
            members: layer.members.iter().map(member).collect(),
            handover: Handover { every: handover.every, unit: handover.unit, from: handover.from },
            hours: layer.hours.clone(),
        }
    }

    pub(super) fn policy(&self, policy: &PolicyPlan) -> PolicyDefined {
        PolicyDefined {
            steps: policy.steps.iter().map(|step| self.step(step)).collect(),
            repeat: policy.repeat,
            fallback: self.targets(&policy.fallback),
            acknowledgement_lapses: policy.acknowledgement_lapses,
        }
    }

    fn step(&self, step: &StepPlan) -> Step {
        Step {
            page: self.targets(&step.page),
            wait: step.wait,
            acknowledgements: step.acknowledgements,
            hand_over: step.hand_over.as_deref().map(Into::into),
        }
    }

    fn targets(&self, targets: &[TargetPlan]) -> Vec<Target> {
        let target = |target: &TargetPlan| {
            Some(match target {
                TargetPlan::Person(slug) => Target::Person(self.id(slug)?),
                TargetPlan::Rota { rota, offset } => {
                    Target::Rota { rota: rota.as_str().into(), offset: *offset }
                }
                TargetPlan::Team(team) => Target::Team(team.as_str().into()),
            })
        };
        targets.iter().filter_map(target).collect()
    }
}

/// A person as an event says it. Without a ladder every contact method is used at once.
pub(super) fn person(id: PersonId, slug: &str, person: &PersonPlan) -> PersonDefined {
    let sealed = |text: &str| Sealed::new(KeyOwner::Person(id), text.to_owned());
    let contacts = person.contacts.iter().map(|(name, contact)| {
        let via = contact.via.as_deref().map(Into::into);
        let method = ContactMethod { channel: contact.channel, via, address: sealed(&contact.address) };
        (name.as_str().into(), method)
    });
    let ladder = if person.ladder.is_empty() {
        person.contacts.keys().map(|contact| at_once(contact)).collect()
    } else {
        person.ladder.iter().map(rung).collect()
    };
    PersonDefined {
        slug: sealed(slug),
        name: sealed(&person.name),
        language: person.locale,
        time_zone: person.time_zone.clone(),
        contacts: contacts.collect(),
        ladder,
    }
}

fn at_once(contact: &str) -> Rung {
    Rung {
        contact: contact.into(),
        after: default::AFTER,
        attempts: default::ATTEMPTS,
        every: default::EVERY,
    }
}

fn rung(rung: &RungPlan) -> Rung {
    Rung {
        contact: rung.contact.as_str().into(),
        after: rung.after,
        attempts: rung.attempts,
        every: rung.every,
    }
}

pub(super) fn service(service: &ServicePlan) -> ServiceDefined {
    ServiceDefined {
        name: service.name.clone(),
        policy: service.policy.as_str().into(),
        runbook: service.runbook.clone(),
        reference_only: service.reference_only,
        group_within: service.group_within,
        group_again_after: service.group_again_after,
    }
}

/// A source as an event says it. A key that was not read stays what it was.
pub(super) fn source(present: Option<&SourceDefined>, source: &SourcePlan) -> SourceDefined {
    let kept = || present.map(|present| present.key_sha256.clone());
    SourceDefined {
        kind: source.kind,
        key_sha256: source.key_sha256.clone().or_else(kept).unwrap_or_default(),
        key_file: source.key_file.clone(),
        every: source.every,
        grace: source.grace,
        service: source.service.as_deref().map(Into::into),
        flood_at: source.flood_at,
        severities: source.severities.clone(),
    }
}

pub(super) fn route(route: &RoutePlan) -> Route {
    Route {
        when: route.when.clone(),
        service: route.service.as_str().into(),
        severities: route.severities.clone(),
    }
}

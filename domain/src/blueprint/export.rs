//! The way back: the blueprint that a directory was made from.

use std::collections::BTreeMap;

use events::PersonId;
use events::event::person::{ContactMethod, PersonDefined, Rung};
use events::event::policy::{PolicyDefined, Step, Target};
use events::event::rota::{Layer, Member, RotaDefined};
use events::event::routes::Route;
use events::event::service::ServiceDefined;
use events::event::source::SourceDefined;
use events::event::team::TeamDefined;

use crate::blueprint::{
    Blueprint, ContactPlan, HandoverPlan, LayerPlan, MemberPlan, PersonPlan, PolicyPlan, RotaPlan, RoutePlan,
    RungPlan, ServicePlan, SourcePlan, StepPlan, TargetPlan, TeamPlan,
};
use crate::directory::Directory;

/// Everything in the directory, by name: planning it against the same directory leads to no change. People whose
/// key was destroyed have no name any more and are left out everywhere.
pub fn blueprint(directory: &Directory) -> Blueprint {
    let names = Names(directory);
    let people = directory.people().iter();
    Blueprint {
        people: people.filter_map(|(id, person)| Some((names.of(*id)?, self::person(person)))).collect(),
        teams: each(directory.teams(), |team| names.team(team)),
        rotas: each(directory.rotas(), |rota| names.rota(rota)),
        policies: each(directory.policies(), |policy| names.policy(policy)),
        services: each(directory.services(), service),
        sources: each(directory.sources(), source),
        routes: directory.routes().iter().map(route).collect(),
    }
}

fn each<I: ToString, D: AsRef<T>, T, P>(
    things: &BTreeMap<I, D>,
    plan: impl Fn(&T) -> P,
) -> BTreeMap<String, P> {
    things.iter().map(|(id, defined)| (id.to_string(), plan(defined.as_ref()))).collect()
}

/// What the directory's people are called.
struct Names<'a>(&'a Directory);

impl Names<'_> {
    fn of(&self, person: PersonId) -> Option<String> {
        self.0.slug(person).map(str::to_owned)
    }

    fn all(&self, people: &[PersonId]) -> Vec<String> {
        people.iter().filter_map(|person| self.of(*person)).collect()
    }

    fn team(&self, team: &TeamDefined) -> TeamPlan {
        TeamPlan {
            name: team.name.clone(),
            members: self.all(&team.members),
            time_zone: team.time_zone.clone(),
            handovers: team.handovers,
            lead: team.lead.and_then(|lead| self.of(lead)),
            test_pages: team.test_pages,
        }
    }

    fn rota(&self, rota: &RotaDefined) -> RotaPlan {
        RotaPlan {
            team: rota.team.as_ref().map(ToString::to_string),
            time_zone: rota.time_zone.clone(),
            layers: rota.layers.iter().map(|layer| self.layer(layer)).collect(),
        }
    }

    fn layer(&self, layer: &Layer) -> LayerPlan {
        let handover = layer.handover;
        let member = |member: &Member| MemberPlan {
            people: self.all(&member.people),
            from: member.from,
            until: member.until,
        };
        // Whoever has left has no place any more.
        let members = layer.members.iter().map(member).filter(|member| !member.people.is_empty());
        LayerPlan {
            members: members.collect(),
            handover: HandoverPlan { every: handover.every, unit: handover.unit, from: handover.from },
            hours: layer.hours.clone(),
        }
    }

    fn policy(&self, policy: &PolicyDefined) -> PolicyPlan {
        let steps = policy.steps.iter();
        PolicyPlan {
            steps: steps.map(|step| self.step(step)).collect(),
            repeat: policy.repeat,
            fallback: self.targets(&policy.fallback),
            acknowledgement_lapses: policy.acknowledgement_lapses,
        }
    }

    fn step(&self, step: &Step) -> StepPlan {
        StepPlan {
            page: self.targets(&step.page),
            wait: step.wait,
            acknowledgements: step.acknowledgements,
            hand_over: step.hand_over.as_ref().map(ToString::to_string),
        }
    }

    fn targets(&self, targets: &[Target]) -> Vec<TargetPlan> {
        let plan = |target: &Target| {
            Some(match target {
                Target::Person(person) => TargetPlan::Person(self.of(*person)?),
                Target::Rota { rota, offset } => TargetPlan::Rota { rota: rota.to_string(), offset: *offset },
                Target::Team(team) => TargetPlan::Team(team.to_string()),
            })
        };
        targets.iter().filter_map(plan).collect()
    }
}

fn person(person: &PersonDefined) -> PersonPlan {
    PersonPlan {
        name: person.name.open().cloned().unwrap_or_default(),
        locale: person.language,
        time_zone: person.time_zone.clone(),
        contacts: person.contacts.iter().map(|(id, method)| (id.to_string(), contact(method))).collect(),
        ladder: person.ladder.iter().map(rung).collect(),
    }
}

fn contact(method: &ContactMethod) -> ContactPlan {
    ContactPlan {
        channel: method.channel,
        address: method.address.open().cloned().unwrap_or_default(),
        via: method.via.as_ref().map(ToString::to_string),
    }
}

fn rung(rung: &Rung) -> RungPlan {
    RungPlan {
        contact: rung.contact.to_string(),
        after: rung.after,
        attempts: rung.attempts,
        every: rung.every,
    }
}

fn service(service: &ServiceDefined) -> ServicePlan {
    ServicePlan {
        name: service.name.clone(),
        policy: service.policy.to_string(),
        runbook: service.runbook.clone(),
        reference_only: service.reference_only,
        group_within: service.group_within,
        group_again_after: service.group_again_after,
    }
}

fn source(source: &SourceDefined) -> SourcePlan {
    SourcePlan {
        kind: source.kind,
        key_file: source.key_file.clone(),
        key_sha256: Some(source.key_sha256.clone()),
        every: source.every,
        grace: source.grace,
        service: source.service.as_ref().map(ToString::to_string),
        flood_at: source.flood_at,
        severities: source.severities.clone(),
    }
}

fn route(route: &Route) -> RoutePlan {
    RoutePlan {
        when: route.when.clone(),
        service: route.service.to_string(),
        severities: route.severities.clone(),
    }
}

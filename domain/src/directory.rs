//! The directory: people, teams, rotas, policies, services, sources and routes as they are now. A pure fold of
//! their histories.

use std::collections::BTreeMap;
use std::sync::Arc;

use events::event::alert::{Assignment, Called, Why};
use events::event::person::{PersonDefined, PersonEvent};
use events::event::policy::{PolicyDefined, PolicyEvent, Target};
use events::event::rota::{RotaDefined, RotaEvent};
use events::event::routes::{Route, RoutesEvent, When};
use events::event::service::{ServiceDefined, ServiceEvent};
use events::event::signal::Signal;
use events::event::source::{SourceDefined, SourceEvent};
use events::event::team::{TeamDefined, TeamEvent};
use events::{
    Entry, Event, PersonId, PolicyId, Position, RotaId, ServiceId, SourceId, StreamId, TeamId, Timestamp,
};
use sha2::{Digest, Sha256};

use crate::rota;

/// The history that holds all routes.
pub const ROUTES_STREAM: &str = "routes-all";

/// The configuration at one position of the log. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    position: Position,
    people: BTreeMap<PersonId, Arc<PersonDefined>>,
    teams: BTreeMap<TeamId, Arc<TeamDefined>>,
    rotas: BTreeMap<RotaId, Arc<RotaDefined>>,
    policies: BTreeMap<PolicyId, Arc<PolicyDefined>>,
    services: BTreeMap<ServiceId, Arc<ServiceDefined>>,
    sources: BTreeMap<SourceId, Arc<SourceDefined>>,
    routes: Arc<Vec<Route>>,
    keys: BTreeMap<String, SourceId>,
}

impl Directory {
    /// Takes one record into the fold. Records of other things change nothing, not even the position.
    pub fn apply(&mut self, entry: &Entry) {
        let name = entry.stream.name();
        match &entry.event {
            Event::Alert(_) => return,
            Event::Person(event) => {
                let Ok(person) = name.parse() else { return };
                match event {
                    PersonEvent::Defined(defined) => put(&mut self.people, person, Some(defined)),
                    PersonEvent::Removed => put(&mut self.people, person, None),
                }
            }
            Event::Team(TeamEvent::Defined(defined)) => put(&mut self.teams, name.into(), Some(defined)),
            Event::Team(TeamEvent::Removed) => put(&mut self.teams, name.into(), None),
            Event::Rota(RotaEvent::Defined(defined)) => put(&mut self.rotas, name.into(), Some(defined)),
            Event::Rota(RotaEvent::Removed) => put(&mut self.rotas, name.into(), None),
            Event::Policy(PolicyEvent::Defined(defined)) => {
                put(&mut self.policies, name.into(), Some(defined));
            }
            Event::Policy(PolicyEvent::Removed) => put(&mut self.policies, name.into(), None),
            Event::Service(ServiceEvent::Defined(defined)) => {
                put(&mut self.services, name.into(), Some(defined));
            }
            Event::Service(ServiceEvent::Removed) => put(&mut self.services, name.into(), None),
            Event::Source(SourceEvent::Defined(defined)) => {
                put(&mut self.sources, name.into(), Some(defined));
            }
            Event::Source(SourceEvent::Removed) => put(&mut self.sources, name.into(), None),
            Event::Routes(RoutesEvent::Defined(routes)) => self.routes = Arc::new(routes.clone()),
        }
        if matches!(entry.event, Event::Source(_)) {
            self.keys = self
                .sources
                .iter()
                .map(|(source, defined)| (defined.key_sha256.clone(), source.clone()))
                .collect();
        }
        self.position = self.position.max(entry.position);
    }

    /// The position of the last record of the configuration.
    pub const fn position(&self) -> Position {
        self.position
    }

    /// Everybody, in the order of their numbers.
    pub const fn people(&self) -> &BTreeMap<PersonId, Arc<PersonDefined>> {
        &self.people
    }

    /// Every team.
    pub const fn teams(&self) -> &BTreeMap<TeamId, Arc<TeamDefined>> {
        &self.teams
    }

    /// Every rota.
    pub const fn rotas(&self) -> &BTreeMap<RotaId, Arc<RotaDefined>> {
        &self.rotas
    }

    /// Every escalation policy.
    pub const fn policies(&self) -> &BTreeMap<PolicyId, Arc<PolicyDefined>> {
        &self.policies
    }

    /// Every service.
    pub const fn services(&self) -> &BTreeMap<ServiceId, Arc<ServiceDefined>> {
        &self.services
    }

    /// Every source.
    pub const fn sources(&self) -> &BTreeMap<SourceId, Arc<SourceDefined>> {
        &self.sources
    }

    /// The routes in order.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// The person whom the configuration calls `slug`.
    pub fn person_called(&self, slug: &str) -> Option<(PersonId, &PersonDefined)> {
        let mut people = self.people.iter();
        people
            .find(|(_, person)| person.slug.open().is_some_and(|own| own == slug))
            .map(|(id, person)| (*id, &**person))
    }

    /// What the configuration calls this person; none when their key was destroyed or they are gone.
    pub fn slug(&self, person: PersonId) -> Option<&str> {
        self.people.get(&person)?.slug.open().map(String::as_str)
    }

    /// How this person is called; none when their key was destroyed or they are gone.
    pub fn name(&self, person: PersonId) -> Option<&str> {
        self.people.get(&person)?.name.open().map(String::as_str)
    }

    /// The source that an integration key belongs to. The key itself is kept nowhere: its hash is looked up, so
    /// the time this takes tells nothing about any key.
    pub fn source_with_key(&self, key: &str) -> Option<(&SourceId, &SourceDefined)> {
        let (source, defined) = self.sources.get_key_value(self.keys.get(&key_sha256(key))?)?;
        Some((source, &**defined))
    }

    /// Where a signal belongs: the first route that matches. `None` when none does or its service is gone.
    pub fn assignment(&self, source: &SourceId, signal: &Signal) -> Option<Assignment> {
        self.routes.iter().zip(1_u32..).find_map(|(route, number)| {
            if !matches(&route.when, source, signal) {
                return None;
            }
            let service = self.services.get(&route.service)?;
            Some(Assignment {
                route: number,
                service: route.service.clone(),
                service_name: service.name.clone(),
                policy: service.policy.clone(),
                runbook: service.runbook.clone(),
                reference_only: service.reference_only,
            })
        })
    }

    /// The policy that an alert escalates by: the one it was raised with, else its service's present one.
    pub fn policy_of(&self, assignment: &Assignment) -> Option<&PolicyDefined> {
        let present = || self.policies.get(&self.services.get(&assignment.service)?.policy);
        self.policies.get(&assignment.policy).or_else(present).map(|policy| &**policy)
    }

    /// Whom the targets mean at `at`, each person once, in order, for the first reason found.
    pub fn called(&self, targets: &[Target], at: Timestamp) -> Vec<Called> {
        let mut called: Vec<Called> = Vec::new();
        for target in targets {
            for candidate in self.meant(target, at) {
                let known = called.iter().any(|already| already.person == candidate.person);
                if !known && self.people.contains_key(&candidate.person) {
                    called.push(candidate);
                }
            }
        }
        called
    }

    fn meant(&self, target: &Target, at: Timestamp) -> Vec<Called> {
        match target {
            Target::Person(person) => vec![Called { person: *person, why: Why::Named }],
            Target::Team(team) => self.teams.get(team).map_or_else(Vec::new, |defined| {
                let why = || Why::Member { team: team.clone() };
                defined.members.iter().map(|&person| Called { person, why: why() }).collect()
            }),
            Target::Rota { rota, offset } => {
                let shift = self.rotas.get(rota).and_then(|defined| rota::on_call(defined, at, *offset));
                let called = shift.map(|shift| Called {
                    person: shift.person,
                    why: Why::OnCall {
                        rota: rota.clone(),
                        layer: shift.layer,
                        offset: *offset,
                        from: shift.from,
                        until: shift.until,
                    },
                });
                called.into_iter().collect()
            }
        }
    }
}

/// The SHA-256 of an integration key, as 64 hexadecimal digits.
pub fn key_sha256(key: &str) -> String {
    use std::fmt::Write;
    Sha256::digest(key).iter().fold(String::with_capacity(64), |mut digits, byte| {
        write!(digits, "{byte:02x}").expect("a string takes everything");
        digits
    })
}

/// The history of a thing of this category and name, such as `team` and `sysadmin`.
pub fn stream_of(category: &str, name: &str) -> StreamId {
    StreamId::from(format!("{category}-{name}").as_str())
}

fn put<I: Ord, D: Clone>(things: &mut BTreeMap<I, Arc<D>>, id: I, defined: Option<&D>) {
    match defined {
        Some(defined) => things.insert(id, Arc::new(defined.clone())),
        None => things.remove(&id),
    };
}

fn matches(when: &When, source: &SourceId, signal: &Signal) -> bool {
    when.source.as_ref().is_none_or(|wanted| wanted == source)
        && when.severity.is_none_or(|least| signal.severity >= least)
        && when.labels.iter().all(|(label, value)| signal.labels.get(label) == Some(value))
}

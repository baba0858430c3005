//! The directory: people, teams, rotas, overrides, policies, services, sources, routes and tokens as they are now. A
//! pure fold of their histories.

use std::collections::BTreeMap;
use std::sync::Arc;

use events::event::alert::{Assignment, Called, Why};
use events::event::calendar::CalendarOf;
use events::event::contact::ContactEvent;
use events::event::overrides::{LegChange, OverrideEvent};
use events::event::person::{PersonDefined, PersonEvent};
use events::event::policy::{PolicyDefined, PolicyEvent, Target};
use events::event::rota::{RotaDefined, RotaEvent};
use events::event::routes::{Route, RoutesEvent};
use events::event::service::{ServiceDefined, ServiceEvent};
use events::event::signal::{Finding, Severity, Signal};
use events::event::source::{SourceDefined, SourceEvent};
use events::event::team::{TeamDefined, TeamEvent};
use events::event::work::{WorkEvent, WorkSpan};
use events::{
    Author, ContactId, Entry, Event, OverrideId, PersonId, PolicyId, Position, RotaId, ServiceId, SourceId,
    Span, StreamId, TeamId, Timestamp, WorkId,
};
use sha2::{Digest, Sha256};

use crate::aggregate::Aggregate;
use crate::alert::limit::{FLOOD_AT, GROUP_AGAIN_AFTER};
use crate::calendar::Feeds;
use crate::overrides::Override;
use crate::rota::cover::{Change, Cover};
use crate::rota::{Duty, Reason, Roster};
use crate::routing::{Placed, Routes, Seen, mapped};
use crate::standing::{Contacts, Standing};
use crate::token::Ring;
use crate::work::{Taker, Work};

/// The history that holds all routes.
pub const ROUTES_STREAM: &str = "routes-all";

/// Planned work is looked at for so much longer than it lasts: clocks are set back.
const WORK_KEPT: Span = Span::from_seconds(7 * 86_400);

/// The configuration at one position of the log. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    position: Position,
    people: BTreeMap<PersonId, Arc<PersonDefined>>,
    teams: BTreeMap<TeamId, Arc<TeamDefined>>,
    rotas: BTreeMap<RotaId, Arc<RotaDefined>>,
    rosters: BTreeMap<RotaId, Arc<Roster>>,
    overrides: BTreeMap<OverrideId, Arc<Decided>>,
    works: BTreeMap<WorkId, Arc<PlannedWork>>,
    /// Those works of which something may still be to come.
    works_to_come: Vec<WorkId>,
    policies: BTreeMap<PolicyId, Arc<PolicyDefined>>,
    services: BTreeMap<ServiceId, Arc<ServiceDefined>>,
    sources: BTreeMap<SourceId, Arc<SourceDefined>>,
    /// Who changed each source last, also one that is gone.
    source_changes: BTreeMap<SourceId, Author>,
    routes: Arc<Routes>,
    /// Some source or route has severities of its own.
    maps_severities: bool,
    keys: BTreeMap<String, SourceId>,
    tokens: Ring,
    calendars: Feeds,
    contacts: BTreeMap<PersonId, Arc<KnownContacts>>,
}

/// How somebody's contact methods stand.
#[derive(Clone, Debug, Default)]
struct KnownContacts {
    state: Contacts,
    /// Where the last record stands.
    position: Position,
}

/// An override, and who decided it when.
#[derive(Clone, Debug, Default)]
pub struct Decided {
    /// What it says and where it stands.
    pub state: Override,
    /// By whom it was made.
    pub by: Option<Author>,
    /// When it was made.
    pub at: Timestamp,
    /// Where the decision stands among all others: of two about the same the later counts.
    pub order: Position,
    /// Where its last record stands.
    position: Position,
}

/// Planned work, and who planned it when.
#[derive(Clone, Debug, Default)]
pub struct PlannedWork {
    /// What it says and where it stands.
    pub state: Work,
    /// By whom it was planned.
    pub by: Option<Author>,
    /// When it was planned.
    pub at: Timestamp,
    /// Where its last record stands.
    position: Position,
}

/// Planned work that lasts, and until when.
#[derive(Clone, Copy, Debug)]
pub struct WorkOn<'d> {
    /// Which.
    pub id: &'d WorkId,
    /// What was planned.
    pub work: &'d PlannedWork,
    /// The span that lasts.
    pub span: WorkSpan,
}

/// When problems become one alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouping {
    /// The service that they are of.
    pub service: ServiceId,
    /// When they come within so long of one another; none when each is an alert of its own.
    pub within: Option<Span>,
    /// Whoever has the alert is paged again when so many more have come.
    pub again_after: u32,
    /// From so many new problems of their source within a minute on, they do in any case.
    pub flood_at: u32,
}

impl Directory {
    /// Takes one record into the fold. Records of other things change nothing, not even the position.
    pub fn apply(&mut self, entry: &Entry) {
        let name = entry.stream.name();
        match &entry.event {
            Event::Alert(_) | Event::Change(_) => return,
            Event::Person(event) => {
                let Ok(person) = name.parse() else { return };
                match event {
                    PersonEvent::Defined(defined) => put(&mut self.people, person, Some(defined)),
                    PersonEvent::Removed => {
                        put(&mut self.people, person, None);
                        self.calendars.end(&CalendarOf::Person(person), entry.position);
                    }
                }
            }
            Event::Team(event) => {
                let defined = if let TeamEvent::Defined(defined) = event { Some(defined) } else { None };
                put(&mut self.teams, name.into(), defined);
                self.call_all_hands();
            }
            Event::Rota(event) => {
                let defined = if let RotaEvent::Defined(defined) = event { Some(defined) } else { None };
                put(&mut self.rotas, name.into(), defined);
                let roster = Arc::make_mut(self.rosters.entry(name.into()).or_default());
                roster.define(entry.position, entry.at, defined.cloned());
                if defined.is_none() {
                    self.calendars.end(&CalendarOf::Rota(name.into()), entry.position);
                }
                self.call_all_hands();
            }
            Event::Override(event) => self.decide(&name.into(), entry, event),
            Event::Work(event) => self.plan_work(&name.into(), entry, event),
            Event::Token(event) => self.tokens.apply(entry, event),
            Event::Calendar(event) => self.calendars.take(&name.into(), entry, event),
            Event::Contact(event) => self.see(name, entry, event),
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
            Event::Routes(RoutesEvent::Defined(routes)) => {
                self.routes = Arc::new(Routes::new(routes.clone()));
            }
        }
        if matches!(entry.event, Event::Source(_)) {
            self.source_changes.insert(name.into(), entry.by.clone());
            self.keys = self
                .sources
                .iter()
                .map(|(source, defined)| (defined.key_sha256.clone(), source.clone()))
                .collect();
        }
        if matches!(entry.event, Event::Source(_) | Event::Routes(_)) {
            self.maps_severities = self.sources.values().any(|source| !source.severities.is_empty())
                || self.routes().iter().any(|route| !route.severities.is_empty());
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

    /// A rota with its past and with what people decided apart from it, also one that is gone.
    pub fn roster(&self, rota: &RotaId) -> Option<&Roster> {
        self.rosters.get(rota).map(|roster| &**roster)
    }

    /// Every override that was ever made, by name.
    pub const fn overrides(&self) -> &BTreeMap<OverrideId, Arc<Decided>> {
        &self.overrides
    }

    /// All work that was ever planned, by name.
    pub const fn works(&self) -> &BTreeMap<WorkId, Arc<PlannedWork>> {
        &self.works
    }

    /// The planned work of which something may still be to come, or was over lately, in the order of plans.
    pub fn works_to_come(&self) -> impl Iterator<Item = (&WorkId, &PlannedWork)> {
        let to_come = self.works_to_come.iter().filter_map(|id| self.works.get_key_value(id));
        to_come.map(|(id, work)| (id, &**work))
    }

    /// The planned work that lasts now, in the order in which it was planned.
    pub fn works_on(&self, now: Timestamp) -> impl Iterator<Item = WorkOn<'_>> {
        let to_come = self.works_to_come.iter().filter_map(|id| self.works.get_key_value(id));
        to_come.filter_map(move |(id, work)| Some(WorkOn { id, work, span: work.state.span_at(now)? }))
    }

    /// The planned work that lasted at another moment, as it is known now.
    pub fn works_at(&self, at: Timestamp) -> impl Iterator<Item = WorkOn<'_>> {
        let on = move |(id, work)| {
            let work: &Arc<PlannedWork> = work;
            Some(WorkOn { id, work, span: work.state.span_at(at)? })
        };
        self.works.iter().filter_map(on)
    }

    /// The next moment at which planned work begins or ends.
    pub fn next_turn_of_work(&self, after: Timestamp) -> Option<Timestamp> {
        let to_come = self.works_to_come.iter().filter_map(|id| self.works.get(id));
        to_come.filter_map(|work| work.state.next_turn(after)).min()
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

    /// Every token.
    pub const fn tokens(&self) -> &Ring {
        &self.tokens
    }

    /// The routes in order.
    pub fn routes(&self) -> &[Route] {
        self.routes.written()
    }

    /// Makes the routes ready, so that no signal waits for that.
    pub fn prepare(&self) {
        self.routes.prepare();
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

    /// Every calendar that is open.
    pub const fn calendars(&self) -> &Feeds {
        &self.calendars
    }

    /// How somebody's contact method stands, at the address that it has now; none when nothing is known.
    pub fn standing(&self, person: PersonId, contact: &ContactId) -> Option<&Standing> {
        let defined = self.people.get(&person)?.contacts.get(contact)?;
        self.contacts.get(&person)?.state.of(contact).filter(|standing| standing.is_of(defined))
    }

    /// True when a contact method does not work.
    pub fn is_broken(&self, person: PersonId, contact: &ContactId) -> bool {
        self.standing(person, contact).is_some_and(|standing| standing.broken().is_some())
    }

    /// Every contact method of which something is known, at the address that it has now.
    pub fn standings(&self) -> impl Iterator<Item = (PersonId, &ContactId, &Standing)> {
        self.contacts.keys().flat_map(move |&person| {
            let contacts = self.people.get(&person).into_iter().flat_map(|defined| defined.contacts.keys());
            contacts.filter_map(move |contact| Some((person, contact, self.standing(person, contact)?)))
        })
    }

    /// Where a signal that is taken at this moment belongs, as an event says it, and how bad it is there. `None` when no
    /// route leads anywhere.
    pub fn assignment(
        &self,
        source: &SourceId,
        signal: &Signal,
        at: Timestamp,
    ) -> Option<(Assignment, Severity)> {
        let Placed { route, id, service, severity } = self.placed(source, signal, at)?;
        let assignment = Assignment {
            route,
            service: id.clone(),
            service_name: service.name.clone(),
            policy: service.policy.clone(),
            runbook: service.runbook.clone(),
            reference_only: service.reference_only,
        };
        Some((assignment, severity))
    }

    /// Which service a problem is of, and when others become one alert with it. `None` when no route leads anywhere.
    pub fn grouping(&self, source: &SourceId, signal: &Signal, at: Timestamp) -> Option<Grouping> {
        let Placed { id, service, .. } = self.placed(source, signal, at)?;
        let flood_at = self.sources.get(source).and_then(|source| source.flood_at);
        Some(Grouping {
            service: id.clone(),
            within: service.group_within,
            again_after: service.group_again_after.unwrap_or(GROUP_AGAIN_AFTER),
            flood_at: flood_at.unwrap_or(FLOOD_AT),
        })
    }

    /// How bad a signal that is taken at this moment is, by the maps of its source and of its route.
    pub fn severity(&self, source: &SourceId, signal: &Signal, at: Timestamp) -> Severity {
        if !self.maps_severities {
            return signal.severity;
        }
        let placed = self.placed(source, signal, at).map(|placed| placed.severity);
        placed.unwrap_or_else(|| self.seen(source, signal, at).severity)
    }

    /// Where a signal that is taken at this moment belongs: the first route that matches, and a heartbeat's silence to
    /// the heartbeat's own service. `None` when none does or its service is gone.
    pub fn placed(&self, source: &SourceId, signal: &Signal, at: Timestamp) -> Option<Placed<'_>> {
        let service = |id: &ServiceId| {
            let (id, defined) = self.services.get_key_value(id)?;
            Some((id, &**defined))
        };
        let seen = self.seen(source, signal, at);
        if matches!(signal.finding, Some(Finding::Silence { .. }))
            && let Some(own) = self.sources.get(source).and_then(|source| source.service.as_ref())
            && let Some((id, service)) = service(own)
        {
            return Some(Placed { route: 0, id, service, severity: seen.severity });
        }
        self.routes.find(&seen, service)
    }

    /// The signal as routes look at it.
    pub(crate) fn seen<'a>(&self, source: &'a SourceId, signal: &'a Signal, at: Timestamp) -> Seen<'a> {
        let own = self.sources.get(source).filter(|_| self.maps_severities);
        let severity = own.map(|own| mapped(&own.severities, signal, signal.severity));
        Seen { source, signal, severity: severity.unwrap_or(signal.severity), at }
    }

    pub(crate) fn all_routes(&self) -> &Routes {
        &self.routes
    }

    /// Who defined a source as it is, or removed it.
    pub fn source_changed_by(&self, source: &SourceId) -> Option<&Author> {
        self.source_changes.get(source)
    }

    /// The policy that an alert escalates by: the one it was raised with, else its service's present one.
    pub fn policy_of(&self, assignment: &Assignment) -> Option<&PolicyDefined> {
        let present = || self.policies.get(&self.services.get(&assignment.service)?.policy);
        self.policies.get(&assignment.policy).or_else(present).map(|policy| &**policy)
    }

    /// Whom the targets mean now, each person once, in order, for the first reason found.
    pub fn called(&self, targets: &[Target], now: Timestamp) -> Vec<Called> {
        self.resolve(targets, |roster, offset| roster.on_call_now(now, offset))
    }

    /// Whom the targets mean at another moment: in the past, whom the rotas meant then.
    pub fn called_at(&self, targets: &[Target], at: Timestamp) -> Vec<Called> {
        self.resolve(targets, |roster, offset| roster.on_call(at, offset))
    }

    fn resolve(&self, targets: &[Target], on_call: impl Fn(&Roster, u32) -> Vec<Duty>) -> Vec<Called> {
        let mut called: Vec<Called> = Vec::new();
        for target in targets {
            for candidate in self.meant(target, &on_call) {
                let known = called.iter().any(|already| already.person == candidate.person);
                if !known && self.people.contains_key(&candidate.person) {
                    called.push(candidate);
                }
            }
        }
        called
    }

    fn see(&mut self, name: &str, entry: &Entry, event: &ContactEvent) {
        let Ok(person) = name.parse() else { return };
        let known = Arc::make_mut(self.contacts.entry(person).or_default());
        if entry.position <= known.position {
            return;
        }
        known.position = entry.position;
        known.state.evolve(event, entry.at);
    }

    fn plan_work(&mut self, id: &WorkId, entry: &Entry, event: &WorkEvent) {
        let work = Arc::make_mut(self.works.entry(id.clone()).or_default());
        if entry.position <= work.position {
            return;
        }
        work.position = entry.position;
        work.state.evolve(event, entry.at);
        if matches!(event, WorkEvent::Planned(_)) {
            (work.by, work.at) = (Some(entry.by.clone()), entry.at);
            self.works_to_come.push(id.clone());
        }
        // What is over stays over, unless somebody sets the clock back.
        let works = &self.works;
        let is_to_come =
            |id: &WorkId| works.get(id).is_some_and(|work| work.state.ends_at() + WORK_KEPT > entry.at);
        self.works_to_come.retain(is_to_come);
    }

    fn decide(&mut self, id: &OverrideId, entry: &Entry, event: &OverrideEvent) {
        let decided = Arc::make_mut(self.overrides.entry(id.clone()).or_default());
        if entry.position <= decided.position {
            return;
        }
        decided.position = entry.position;
        decided.state.evolve(event, entry.at);
        match event {
            OverrideEvent::Made(_) => {
                (decided.by, decided.at, decided.order) = (Some(entry.by.clone()), entry.at, entry.position);
            }
            // Whoever is asked decides with their answer.
            OverrideEvent::Accepted => decided.order = entry.position,
            OverrideEvent::Declined | OverrideEvent::Removed => {}
        }
        self.cover(id);
    }

    /// Lays an override over the rotas that it is about.
    fn cover(&mut self, id: &OverrideId) {
        let Some(decided) = self.overrides.get(id) else { return };
        let mut covers: BTreeMap<RotaId, Vec<Cover>> = BTreeMap::new();
        let in_force = decided.state.made().zip(decided.state.in_force_since());
        for (leg, since) in
            in_force.iter().flat_map(|(made, since)| made.legs.iter().map(|leg| (leg, *since)))
        {
            let cover = |change| Cover {
                id: id.clone(),
                order: decided.order.as_raw(),
                from: leg.from,
                until: leg.until,
                since,
                over: decided.state.over_since(),
                change,
            };
            match &leg.change {
                LegChange::Instead { rota, of, by } => {
                    let change = Change::Instead { of: *of, by: *by };
                    covers.entry(rota.clone()).or_default().push(cover(change));
                }
                LegChange::Also { rota, person } => {
                    covers.entry(rota.clone()).or_default().push(cover(Change::Also(*person)));
                }
                LegChange::AllHands { team } => {
                    let people = self.teams.get(team).map(|team| team.members.clone()).unwrap_or_default();
                    let of_team = self.rotas.iter().filter(|(_, rota)| rota.team.as_ref() == Some(team));
                    for (rota, _) in of_team {
                        let change = Change::AllHands { team: team.clone(), people: people.clone() };
                        covers.entry(rota.clone()).or_default().push(cover(change));
                    }
                }
            }
        }
        for (rota, roster) in &mut self.rosters {
            let covers = covers.remove(rota).unwrap_or_default();
            if !covers.is_empty() || roster.covers().iter().any(|cover| cover.id == *id) {
                Arc::make_mut(roster).cover(id, covers);
            }
        }
    }

    /// Who belongs to a team, or which rotas are a team's, has changed.
    fn call_all_hands(&mut self) {
        let is_about_teams = |decided: &Decided| {
            let legs = decided.state.made().map(|made| made.legs.as_slice()).unwrap_or_default();
            legs.iter().any(|leg| matches!(leg.change, LegChange::AllHands { .. }))
        };
        let about_teams = self.overrides.iter().filter(|(_, decided)| is_about_teams(decided));
        for id in about_teams.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            self.cover(&id);
        }
    }

    fn meant(&self, target: &Target, on_call: impl Fn(&Roster, u32) -> Vec<Duty>) -> Vec<Called> {
        match target {
            Target::Person(person) => vec![Called { person: *person, why: Why::Named }],
            Target::Team(team) => self.teams.get(team).map_or_else(Vec::new, |defined| {
                let why = || Why::Member { team: team.clone() };
                defined.members.iter().map(|&person| Called { person, why: why() }).collect()
            }),
            Target::Rota { rota, offset } => {
                let duties = self.roster(rota).map(|roster| on_call(roster, *offset)).unwrap_or_default();
                duties.into_iter().map(|duty| called(rota, *offset, duty)).collect()
            }
        }
    }
}

/// Somebody on call, as an event says it.
fn called(rota: &RotaId, offset: u32, duty: Duty) -> Called {
    let Duty { person, reason, from, until } = duty;
    let rota = rota.clone();
    let why = match reason {
        Reason::Turn { layer } => Why::OnCall { rota, layer, offset, from, until },
        Reason::Override { id, of } => Why::Override { rota, id, of, from, until },
        Reason::AllHands { id, team } => Why::AllHands { rota, id, team, until },
    };
    Called { person, why }
}

/// The SHA-256 of an integration key or a token's secret, as 64 hexadecimal digits.
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

impl WorkOn<'_> {
    /// True when it takes an alert like this.
    pub fn takes(&self, taker: &Taker<'_>) -> bool {
        self.work.state.planned().is_some_and(|planned| taker.fits(&planned.scope))
    }
}

//! Who should be called, worked out a second time and in the simplest way there is: shift by shift from the first one
//! on, with a clock that is moved forward a quarter of an hour at a time until it shows what it should. Slow, short,
//! and without a line in common with the code that it judges.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::agenda::Moment;
use chrono::{DateTime, Months, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use events::event::alert::{Assignment, Called, Why};
use events::event::person::{PersonDefined, PersonEvent};
use events::event::policy::{PolicyDefined, PolicyEvent, Target};
use events::event::rota::{Layer, RotaDefined, RotaEvent, TurnUnit};
use events::event::service::{ServiceDefined, ServiceEvent};
use events::event::team::{TeamDefined, TeamEvent};
use events::{Event, PersonId, Position, StreamId, Timestamp};

/// Every change of any clock, and every handover of a simulated rota, falls on one of these.
const QUARTER_SECONDS: i64 = 15 * 60;

/// The configuration at one position.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    people: BTreeMap<PersonId, Arc<PersonDefined>>,
    teams: BTreeMap<String, Arc<TeamDefined>>,
    rotas: BTreeMap<String, Arc<RotaDefined>>,
    policies: BTreeMap<String, Arc<PolicyDefined>>,
    services: BTreeMap<String, Arc<ServiceDefined>>,
}

/// The configuration as it was at every position, and the turns that were worked out already.
#[derive(Debug, Default)]
pub struct Reference {
    settings: Vec<(Position, Moment, Arc<Settings>)>,
    turns: HashMap<(String, NaiveDateTime, TurnUnit, u32), Vec<i64>>,
}

impl Reference {
    /// Takes in one record of the configuration.
    pub fn take(&mut self, position: Position, moment: Moment, stream: &StreamId, event: &Event) {
        let mut settings = Settings::clone(&self.last());
        let name = stream.name().to_owned();
        match event {
            Event::Alert(_) | Event::Routes(_) | Event::Source(_) | Event::Override(_) => {}
            Event::Person(event) => {
                let Ok(person) = name.parse() else { return };
                match event {
                    PersonEvent::Defined(defined) => {
                        settings.people.insert(person, Arc::new(defined.clone()));
                    }
                    PersonEvent::Removed => {
                        settings.people.remove(&person);
                    }
                }
            }
            Event::Team(TeamEvent::Defined(defined)) => {
                settings.teams.insert(name, Arc::new(defined.clone()));
            }
            Event::Team(TeamEvent::Removed) => {
                settings.teams.remove(&name);
            }
            Event::Rota(RotaEvent::Defined(defined)) => {
                settings.rotas.insert(name, Arc::new(defined.clone()));
            }
            Event::Rota(RotaEvent::Removed) => {
                settings.rotas.remove(&name);
            }
            Event::Policy(PolicyEvent::Defined(defined)) => {
                settings.policies.insert(name, Arc::new(defined.clone()));
            }
            Event::Policy(PolicyEvent::Removed) => {
                settings.policies.remove(&name);
            }
            Event::Service(ServiceEvent::Defined(defined)) => {
                settings.services.insert(name, Arc::new(defined.clone()));
            }
            Event::Service(ServiceEvent::Removed) => {
                settings.services.remove(&name);
            }
        }
        self.settings.push((position, moment, Arc::new(settings)));
    }

    /// The configuration as it is now.
    pub fn last(&self) -> Arc<Settings> {
        self.settings.last().map(|(.., settings)| Arc::clone(settings)).unwrap_or_default()
    }

    /// When it changed last.
    pub fn changed(&self) -> Moment {
        self.settings.last().map(|(_, moment, _)| *moment).unwrap_or_default()
    }

    /// The configuration as it was at a position.
    pub fn at(&self, position: Position) -> Arc<Settings> {
        let count = self.settings.partition_point(|(known, ..)| *known <= position);
        count.checked_sub(1).map(|last| Arc::clone(&self.settings[last].2)).unwrap_or_default()
    }

    /// Since when somebody had left, as whoever looked at the configuration at `position` could know; none while they
    /// are there.
    pub fn left_since(&self, person: PersonId, position: Position) -> Option<Moment> {
        let known = self.settings.iter().rev().skip_while(|(known, ..)| *known > position);
        let absent = known.take_while(|(.., settings)| settings.person(person).is_none());
        absent.last().map(|(_, moment, _)| *moment)
    }

    /// Whom the targets mean, in order, each once; only those who are there and have an address.
    pub fn called(&mut self, settings: &Settings, targets: &[Target], at: Timestamp) -> Vec<Called> {
        let mut called: Vec<Called> = Vec::new();
        for target in targets {
            let meant = match target {
                Target::Person(person) => vec![Called { person: *person, why: Why::Named }],
                Target::Team(team) => {
                    let members = settings.teams.get(team.as_str()).map(|team| team.members.clone());
                    let member = |person| Called { person, why: Why::Member { team: team.clone() } };
                    members.unwrap_or_default().into_iter().map(member).collect()
                }
                Target::Rota { rota, offset } => {
                    let defined = settings.rotas.get(rota.as_str());
                    let shift = defined.and_then(|defined| self.shift(defined, at, *offset));
                    let on_call = shift.map(|(person, layer, from, until)| Called {
                        person,
                        why: Why::OnCall { rota: rota.clone(), layer, offset: *offset, from, until },
                    });
                    on_call.into_iter().collect()
                }
            };
            for candidate in meant {
                let known = called.iter().any(|called| called.person == candidate.person);
                if !known
                    && settings.people.get(&candidate.person).is_some_and(|person| !person.ladder.is_empty())
                {
                    called.push(candidate);
                }
            }
        }
        called
    }

    /// Who has the shift: by which layer, from when, until when.
    fn shift(
        &mut self,
        rota: &RotaDefined,
        at: Timestamp,
        offset: u32,
    ) -> Option<(PersonId, u32, Timestamp, Timestamp)> {
        let mut found = None;
        for (number, layer) in (1_u32..).zip(&rota.layers) {
            let turns = self.turns(&rota.time_zone, layer, at)?;
            let begun = turns.iter().filter(|&&turn| turn <= at.as_micros()).count();
            if begun == 0 || layer.members.is_empty() {
                continue;
            }
            let member = (begun - 1 + usize::try_from(offset).ok()?) % layer.members.len();
            let bound = |turn: usize| Timestamp::from_micros(turns[turn]);
            let person = *layer.members[member].people.first()?;
            found = Some((person, number, bound(begun - 1), bound(begun)));
        }
        found
    }

    /// When every turn begins, up to one that begins after `at`.
    fn turns(&mut self, zone: &str, layer: &Layer, at: Timestamp) -> Option<&[i64]> {
        let handover = layer.handover;
        let key = (zone.to_owned(), handover.from, handover.unit, handover.every);
        let zone: Tz = zone.parse().ok()?;
        let turns = self.turns.entry(key).or_default();
        while turns.last().is_none_or(|last| *last <= at.as_micros()) {
            let count = i64::try_from(turns.len()).ok()? * i64::from(handover.every);
            let wall = match handover.unit {
                TurnUnit::Hours => handover.from + TimeDelta::hours(count),
                TurnUnit::Days => handover.from + TimeDelta::days(count),
                TurnUnit::Weeks => handover.from + TimeDelta::weeks(count),
                TurnUnit::Months => handover.from + Months::new(u32::try_from(count).ok()?),
            };
            let mut seconds = match turns.last() {
                Some(last) => last / 1_000_000,
                None => wall.and_utc().timestamp() - 16 * 3_600,
            };
            while shown(zone, seconds)? < wall {
                seconds += QUARTER_SECONDS;
            }
            turns.push(seconds * 1_000_000);
        }
        Some(turns)
    }
}

/// What a clock on the wall shows.
fn shown(zone: Tz, seconds: i64) -> Option<NaiveDateTime> {
    let utc = DateTime::from_timestamp(seconds, 0)?.naive_utc();
    let ahead = zone.offset_from_utc_datetime(&utc).fix().local_minus_utc();
    Some(utc + TimeDelta::seconds(i64::from(ahead)))
}

impl Settings {
    /// A person who is there.
    pub fn person(&self, person: PersonId) -> Option<&PersonDefined> {
        self.people.get(&person).map(|person| &**person)
    }

    /// The policy that an alert goes by.
    pub fn policy(&self, assignment: &Assignment) -> Option<&PolicyDefined> {
        let own = self.policies.get(assignment.policy.as_str());
        let present = || self.policies.get(self.services.get(assignment.service.as_str())?.policy.as_str());
        own.or_else(present).map(|policy| &**policy)
    }

    /// Whom a step of the alert's policy means, from 1.
    pub fn step(&self, assignment: &Assignment, step: u32) -> Vec<Target> {
        let place = usize::try_from(step).ok().and_then(|step| step.checked_sub(1));
        let found = place.and_then(|place| self.policy(assignment)?.steps.get(place));
        found.map(|step| step.page.clone()).unwrap_or_default()
    }

    /// Whom the fallback means.
    pub fn fallback(&self, assignment: &Assignment) -> Vec<Target> {
        match self.policy(assignment) {
            None => self.people.keys().map(|person| Target::Person(*person)).collect(),
            Some(policy) if !policy.fallback.is_empty() => policy.fallback.clone(),
            Some(policy) => policy.steps.iter().flat_map(|step| step.page.clone()).collect(),
        }
    }
}

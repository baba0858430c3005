//! Who should be called, worked out a second time and in the simplest way there is: shift by shift from the first one
//! on, with a clock that is moved forward a quarter of an hour at a time until it shows what it should. Slow, short,
//! and without a line in common with the code that it judges.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::agenda::Moment;
use chrono::{DateTime, Datelike, Months, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use events::event::alert::{Assignment, Called, Why};
use events::event::contact::{ContactEvent, Method};
use events::event::hours::Hours;
use events::event::overrides::{Leg, LegChange, OverrideEvent};
use events::event::person::{PersonDefined, PersonEvent};
use events::event::policy::{PolicyDefined, PolicyEvent, Target};
use events::event::rota::{Layer, RotaDefined, RotaEvent, TurnUnit};
use events::event::service::{ServiceDefined, ServiceEvent};
use events::event::signal::Severity;
use events::event::team::{TeamDefined, TeamEvent};
use events::event::work::{WorkEvent, WorkKind, WorkPlanned, WorkSpan};
use events::{ContactId, Event, OverrideId, PersonId, Position, Recorded, RotaId, ServiceId, Timestamp};

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
    /// In the order in which they were made.
    decisions: Vec<Decision>,
    works: BTreeMap<String, PlannedWork>,
    /// What is broken, as it was then.
    broken: BTreeMap<(PersonId, ContactId), Method>,
}

/// Planned work, as naively as it can be kept.
#[derive(Clone, Debug)]
pub struct PlannedWork {
    /// What was planned, with its spans as they are now.
    pub planned: WorkPlanned,
    /// When its last record was written.
    pub changed: Moment,
}

/// The configuration as it was at every position, and the turns that were worked out already.
#[derive(Debug, Default)]
pub struct Reference {
    settings: Vec<(Position, Moment, Arc<Settings>)>,
    turns: HashMap<(String, NaiveDateTime, TurnUnit, u32), Vec<i64>>,
    open: HashMap<(String, Vec<Hours>, i64), bool>,
}

/// Whose turn it is, by the rota alone.
#[derive(Debug)]
struct Shift {
    people: Vec<PersonId>,
    layer: u32,
    from: Timestamp,
    until: Timestamp,
}

/// What somebody decided apart from a rota.
#[derive(Clone, Debug)]
struct Decision {
    id: OverrideId,
    since: Timestamp,
    legs: Vec<Leg>,
}

impl Reference {
    /// Takes in one record of the configuration.
    pub fn take(&mut self, recorded: &Recorded, moment: Moment, event: &Event) {
        let position = recorded.position;
        let mut settings = Settings::clone(&self.last());
        let name = recorded.stream.name().to_owned();
        match event {
            // Nobody is asked in a simulated house, so nobody accepts; nor does a token change whom a page reaches.
            Event::Alert(_)
            | Event::Routes(_)
            | Event::Source(_)
            | Event::Token(_)
            | Event::Calendar(_)
            | Event::Change(_)
            | Event::Override(OverrideEvent::Accepted) => {}
            Event::Override(OverrideEvent::Made(made)) => {
                let since = recorded.record.at;
                settings.decisions.push(Decision {
                    id: name.as_str().into(),
                    since,
                    legs: made.legs.clone(),
                });
            }
            Event::Contact(event) => {
                let Ok(person) = name.parse() else { return };
                settings.see(person, event);
            }
            Event::Work(event) => settings.work(&name, event, recorded.record.at, moment),
            Event::Override(OverrideEvent::Declined | OverrideEvent::Removed) => {
                settings.decisions.retain(|decision| decision.id.as_str() != name);
            }
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

    /// True when this holds of the configuration of now and of every one since then.
    pub fn always(&self, since: Moment, holds: impl Fn(&Settings) -> bool) -> bool {
        let before = self.settings.partition_point(|(_, moment, _)| *moment <= since).saturating_sub(1);
        self.settings[before..].iter().all(|(.., settings)| holds(settings))
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
                    settings.decided(rota, *offset, shift, at)
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
    fn shift(&mut self, rota: &RotaDefined, at: Timestamp, offset: u32) -> Option<Shift> {
        let mut found = None;
        for (number, layer) in (1_u32..).zip(&rota.layers) {
            let turns = self.turns(&rota.time_zone, layer, at)?;
            let begun = turns.iter().filter(|&&turn| turn <= at.as_micros()).count();
            if begun == 0 {
                continue;
            }
            let (begins, ends) = (turns[begun - 1], turns[begun]);
            let Some(people) = takers(layer, begun - 1 + usize::try_from(offset).ok()?) else { continue };
            let Some((from, until)) =
                self.open_around(&rota.time_zone, &layer.hours, at.as_micros(), begins, ends)
            else {
                continue;
            };
            let bound = Timestamp::from_micros;
            found = Some(Shift { people, layer: number, from: bound(from), until: bound(until) });
        }
        found
    }

    /// The stretch around a moment in which the layer has somebody, as far as its turn goes; quarter by quarter.
    fn open_around(
        &mut self,
        zone: &str,
        hours: &[Hours],
        at: i64,
        begins: i64,
        ends: i64,
    ) -> Option<(i64, i64)> {
        if hours.is_empty() {
            return Some((begins, ends));
        }
        let quarter = QUARTER_SECONDS * 1_000_000;
        let this = at.div_euclid(quarter) * quarter;
        if !self.is_open(zone, hours, this) {
            return None;
        }
        let (mut from, mut until) = (this, this + quarter);
        while from > begins && self.is_open(zone, hours, from - quarter) {
            from -= quarter;
        }
        while until < ends && self.is_open(zone, hours, until) {
            until += quarter;
        }
        Some((from.max(begins), until.min(ends)))
    }

    fn is_open(&mut self, zone: &str, hours: &[Hours], quarter: i64) -> bool {
        let key = (zone.to_owned(), hours.to_vec(), quarter);
        if let Some(known) = self.open.get(&key) {
            return *known;
        }
        let is_open = zone
            .parse()
            .is_ok_and(|zone| hours.iter().any(|hours| covers(zone, *hours, quarter / 1_000_000)));
        self.open.insert(key, is_open);
        is_open
    }

    /// When every turn begins, up to one that begins after `at`.
    fn turns(&mut self, zone: &str, layer: &Layer, at: Timestamp) -> Option<&[i64]> {
        let handover = layer.handover;
        let key = (zone.to_owned(), handover.from, handover.unit, handover.every);
        let zone: Tz = zone.parse().ok()?;
        let turns = self.turns.entry(key).or_default();
        while turns.last().is_none_or(|last| *last <= at.as_micros()) {
            let wall = wall(layer, i64::try_from(turns.len()).ok()?)?;
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

/// Whoever takes a turn: turn by turn from the first, each time the next in the list of those who take part then.
fn takers(layer: &Layer, turn: usize) -> Option<Vec<PersonId>> {
    let count = layer.members.len();
    let mut place = count.checked_sub(1)?;
    let mut taker = None;
    for number in 0..=turn {
        let wall = wall(layer, i64::try_from(number).ok()?)?;
        let next = (1..=count).map(|step| (place + step) % count);
        let next = next.into_iter().find(|&place| {
            let member = &layer.members[place];
            member.from.is_none_or(|from| wall >= from) && member.until.is_none_or(|until| wall < until)
        });
        taker = next;
        place = next.unwrap_or(place);
    }
    taker.map(|place| layer.members[place].people.clone())
}

/// What the clock shows when the n-th turn begins.
fn wall(layer: &Layer, turn: i64) -> Option<NaiveDateTime> {
    let count = turn * i64::from(layer.handover.every);
    let from = layer.handover.from;
    Some(match layer.handover.unit {
        TurnUnit::Hours => from + TimeDelta::hours(count),
        TurnUnit::Days => from + TimeDelta::days(count),
        TurnUnit::Weeks => from + TimeDelta::weeks(count),
        TurnUnit::Months => from + Months::new(u32::try_from(count).ok()?),
    })
}

/// Whether one of the spans that these hours mean lies over a quarter of an hour.
fn covers(zone: Tz, hours: Hours, quarter: i64) -> bool {
    let Some(now) = shown(zone, quarter) else { return false };
    (-2..=1).any(|days| {
        let day = now.date() + TimeDelta::days(days);
        let is_meant = hours.days().any(|weekday| weekday == day.weekday());
        let begins = day.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(i64::from(hours.from));
        let ends = begins + TimeDelta::minutes(i64::from(hours.minutes()));
        is_meant
            && first_quarter(zone, begins).is_some_and(|begins| begins <= quarter)
            && last_quarter(zone, ends).is_some_and(|ends| quarter < ends)
    })
}

/// The first quarter of an hour in which a clock shows that time, or more where it skips it.
fn first_quarter(zone: Tz, wall: NaiveDateTime) -> Option<i64> {
    let mut seconds = wall.and_utc().timestamp() - 16 * 3_600;
    while shown(zone, seconds)? < wall {
        seconds += QUARTER_SECONDS;
    }
    Some(seconds)
}

/// The last quarter of an hour in which a clock shows that time, or the first in which it shows more.
fn last_quarter(zone: Tz, wall: NaiveDateTime) -> Option<i64> {
    let mut seconds = wall.and_utc().timestamp() + 16 * 3_600;
    while shown(zone, seconds)? > wall {
        seconds -= QUARTER_SECONDS;
    }
    if shown(zone, seconds)? == wall { Some(seconds) } else { first_quarter(zone, wall) }
}

impl Settings {
    /// Whom a shift means once what people decided apart from the rota is looked at: of two decisions the later.
    fn decided(&self, rota: &RotaId, offset: u32, shift: Option<Shift>, at: Timestamp) -> Vec<Called> {
        let mut holding: Vec<(usize, &Decision, &Leg)> = Vec::new();
        for (order, decision) in (1..).zip(&self.decisions) {
            let legs = decision.legs.iter().filter(|leg| leg.from <= at && at < leg.until);
            let of_rota = legs.filter(|leg| match &leg.change {
                LegChange::Instead { rota: of, .. } | LegChange::Also { rota: of, .. } => of == rota,
                LegChange::AllHands { .. } => false,
            });
            holding.extend(of_rota.map(|leg| (order, decision, leg)));
        }
        let span = |decision: &Decision, leg: &Leg| (leg.from.max(decision.since), leg.until);
        let mut meant: Vec<(PersonId, usize, Why)> = Vec::new();
        if let Some(Shift { people, layer, from, until }) = shift {
            let why = || Why::OnCall { rota: rota.clone(), layer, offset, from, until };
            meant.extend(people.into_iter().map(|person| (person, 0, why())));
        }
        for &(order, decision, leg) in holding.iter().filter(|_| offset == 0) {
            if let LegChange::Also { person, .. } = &leg.change {
                let (from, until) = span(decision, leg);
                let (rota, id) = (rota.clone(), decision.id.clone());
                meant.push((*person, order, Why::Override { rota, id, of: None, from, until }));
            }
        }
        let mut called: Vec<Called> = Vec::new();
        for (original, mut known, mut why) in meant {
            let mut person = Some(original);
            let (begins, ends) = match &why {
                Why::OnCall { from, until, .. } | Why::Override { from, until, .. } => (*from, *until),
                Why::Named | Why::Member { .. } | Why::AllHands { .. } | Why::Work { .. } => continue,
            };
            while let Some((order, decision, leg, by)) =
                holding.iter().rev().find_map(|&(order, decision, leg)| match leg.change {
                    LegChange::Instead { of, by, .. } if Some(of) == person && order > known => {
                        Some((order, decision, leg, by))
                    }
                    _ => None,
                })
            {
                (person, known) = (by, order);
                let (from, until) = span(decision, leg);
                why = Why::Override {
                    rota: rota.clone(),
                    id: decision.id.clone(),
                    of: Some(original),
                    from: begins.max(from),
                    until: ends.min(until),
                };
            }
            if let Some(person) = person.filter(|person| called.iter().all(|called| called.person != *person))
            {
                called.push(Called { person, why });
            }
        }
        called
    }

    fn see(&mut self, person: PersonId, event: &ContactEvent) {
        let key = (person, event.contact().clone());
        match event {
            ContactEvent::Broke { method, .. } => {
                self.broken.insert(key, method.clone());
            }
            ContactEvent::Mended { .. } => {
                self.broken.remove(&key);
            }
            ContactEvent::CodeSent(_)
            | ContactEvent::CodeMistaken { .. }
            | ContactEvent::Proved { .. }
            | ContactEvent::Failed { .. }
            | ContactEvent::Unanswered { .. } => {}
        }
    }

    /// Which contact methods a page to somebody goes by, in order, and which are left out.
    pub fn ways(&self, person: PersonId) -> (Vec<&ContactId>, BTreeSet<&ContactId>) {
        let Some(defined) = self.person(person) else { return (Vec::new(), BTreeSet::new()) };
        let is_broken = |contact: &ContactId| {
            let known = self.broken.get(&(person, contact.clone()));
            let method = defined.contacts.get(contact);
            known.zip(method).is_some_and(|(known, method)| {
                (known.channel, &known.address) == (method.channel, &method.address)
            })
        };
        let ladder = || defined.ladder.iter().map(|rung| &rung.contact);
        let works: Vec<&ContactId> = ladder().filter(|contact| !is_broken(contact)).collect();
        if works.is_empty() {
            return (ladder().collect(), BTreeSet::new());
        }
        (works, ladder().filter(|contact| is_broken(contact)).collect())
    }

    fn work(&mut self, name: &str, event: &WorkEvent, at: Timestamp, changed: Moment) {
        if let WorkEvent::Planned(planned) = event {
            self.works.insert(name.to_owned(), PlannedWork { planned: planned.clone(), changed });
        }
        let Some(work) = self.works.get_mut(name) else { return };
        work.changed = changed;
        for span in &mut work.planned.spans {
            match event {
                WorkEvent::Moved { from, until } if span.from == *from => span.until = *until,
                WorkEvent::Ended if span.from <= at && at < span.until => span.until = at,
                WorkEvent::Cancelled if at < span.until => span.until = at.max(span.from),
                WorkEvent::Planned(_) | WorkEvent::Moved { .. } | WorkEvent::Ended | WorkEvent::Cancelled => {
                }
            }
        }
    }

    /// The planned work that lasts at `at` and takes alerts of this service: all that sends them to somebody, else the
    /// one that holds them longest, unless they are critical. With the span that lasts.
    pub fn works(
        &self,
        service: &ServiceId,
        severity: Severity,
        at: Timestamp,
    ) -> Vec<(&str, &PlannedWork, WorkSpan)> {
        let mut routing = Vec::new();
        let mut holding: Option<(&str, &PlannedWork, WorkSpan)> = None;
        for (name, work) in &self.works {
            if !work.planned.scope.services.contains(service) {
                continue;
            }
            for span in work.planned.spans.iter().filter(|span| span.from <= at && at < span.until) {
                match work.planned.kind {
                    WorkKind::Route => routing.push((name.as_str(), work, *span)),
                    WorkKind::Hold if holding.is_none_or(|(.., known)| known.until < span.until) => {
                        holding = Some((name, work, *span));
                    }
                    WorkKind::Hold => {}
                }
            }
        }
        if routing.is_empty() && severity != Severity::Critical {
            routing.extend(holding);
        }
        routing
    }

    /// When the last of these works was over; none while one of them lasts at `at`. And when one of them changed last.
    pub fn works_over(&self, names: &[&str], at: Timestamp) -> (Option<Timestamp>, Moment) {
        let works: Vec<&PlannedWork> = names.iter().filter_map(|name| self.works.get(*name)).collect();
        let changed = works.iter().map(|work| work.changed).max().unwrap_or_default();
        let begun = works.iter().flat_map(|work| &work.planned.spans).filter(|span| span.from <= at);
        let last = begun.map(|span| span.until).max();
        (last.filter(|last| *last <= at), changed)
    }

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

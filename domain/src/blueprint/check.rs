//! Whether a blueprint can stand. Says everything that is wrong at once, so that nobody mends a file five times.
//!
//! A [`What`] of one value is reported at that value's path; one of a whole thing (a policy that reaches nobody) at
//! the thing's path.

mod people;
mod policies;
mod rotas;
mod routes;
mod sources;

pub use people::is_phone_number;

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::{TZ_VARIANTS, Tz};
use events::Span;
use events::event::person::ChannelKind;
use events::event::signal::Severity;

use crate::blueprint::kind::ThingKind;
use crate::blueprint::limit;
use crate::blueprint::mistake::{Collection, Mistake, What};
use crate::blueprint::nearest::nearest;
use crate::blueprint::place::Path;
use crate::blueprint::{Blueprint, ServicePlan, TeamPlan};

/// Whether a blueprint describes the house or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// All of it, as `apply` needs it.
    Whole,
    /// Maybe not all: names of a kind of which it holds nothing cannot be checked.
    Part,
}

/// What is wrong with an address of a kind of channel, if anything is: the channels know.
pub type AddressRule = fn(ChannelKind, &str) -> Option<What>;

/// Everything that is wrong with what a blueprint means. Nothing has a place yet.
pub fn check(blueprint: &Blueprint, completeness: Completeness, addresses: AddressRule) -> Vec<Mistake> {
    let mut check = Check {
        blueprint,
        completeness,
        addresses,
        absent: BTreeSet::new(),
        searched: 0,
        mistakes: Vec::new(),
    };
    if *blueprint == Blueprint::default() {
        let nothing = Mistake::new(Path::default(), What::NothingDefined);
        return vec![match completeness {
            Completeness::Whole => nothing,
            Completeness::Part => nothing.warned(),
        }];
    }
    check.sections();
    people::check(&mut check);
    for (name, team) in &blueprint.teams {
        check.team(&Path::of(["teams", name]), team);
    }
    rotas::check(&mut check);
    policies::check(&mut check);
    for (name, service) in &blueprint.services {
        check.service(&Path::of(["services", name]), service);
    }
    sources::check(&mut check);
    routes::check(&mut check);
    check.mistakes
}

/// A check under way.
struct Check<'a> {
    blueprint: &'a Blueprint,
    completeness: Completeness,
    addresses: AddressRule,
    /// Kinds whose absence was reported.
    absent: BTreeSet<ThingKind>,
    /// How many names were searched for something like them.
    searched: usize,
    mistakes: Vec<Mistake>,
}

impl Check<'_> {
    fn say(&mut self, path: &Path, what: What) {
        self.mistakes.push(Mistake::new(path.clone(), what));
    }

    fn sections(&mut self) {
        let blueprint = self.blueprint;
        self.section(ThingKind::Person, &blueprint.people, limit::PEOPLE_MAX);
        self.section(ThingKind::Team, &blueprint.teams, limit::TEAMS_MAX);
        self.section(ThingKind::Rota, &blueprint.rotas, limit::ROTAS_MAX);
        self.section(ThingKind::Policy, &blueprint.policies, limit::POLICIES_MAX);
        self.section(ThingKind::Service, &blueprint.services, limit::SERVICES_MAX);
        self.section(ThingKind::Source, &blueprint.sources, limit::SOURCES_MAX);
        self.count(&Path::of(["routes"]), blueprint.routes.len(), limit::ROUTES_MAX);
    }

    fn section<T>(&mut self, kind: ThingKind, things: &BTreeMap<String, T>, max: usize) {
        let path = Path::of([kind.section()]);
        self.count(&path, things.len(), max);
        for name in things.keys() {
            self.id(&path.key(name), name);
        }
    }

    fn team(&mut self, path: &Path, team: &TeamPlan) {
        self.name(&path.key("name"), &team.name);
        if let Some(zone) = &team.time_zone {
            self.time_zone(&path.key("time_zone"), zone);
        }
        self.members(&path.key("members"), &team.members);
        if let Some(lead) = &team.lead {
            self.refer(&path.key("lead"), ThingKind::Person, lead);
        }
        if let Some(test_pages) = team.test_pages {
            self.span(&path.key("test_pages"), test_pages);
            if test_pages.is_zero() {
                self.say(&path.key("test_pages"), What::Zero { field: "test_pages", example: "30d" });
            }
        }
    }

    fn service(&mut self, path: &Path, service: &ServicePlan) {
        self.name(&path.key("name"), &service.name);
        self.refer(&path.key("policy"), ThingKind::Policy, &service.policy);
        if let Some(runbook) = &service.runbook {
            let path = path.key("runbook");
            self.text(&path, runbook, limit::TEXT_CHARS_MAX);
            if !runbook.starts_with("https://") && !runbook.starts_with("http://") {
                self.say(&path, What::RunbookForm);
            }
        }
        if let Some(within) = service.group_within {
            let path = path.key("group_within");
            if within.is_zero() {
                self.say(&path, What::Zero { field: "group_within", example: "5m" });
            } else if within > limit::GROUP_WITHIN_MAX {
                self.say(&path, What::SpanTooLong { max: limit::GROUP_WITHIN_MAX });
            }
        }
        self.number(&path.key("group_again_after"), service.group_again_after, limit::GROUP_AGAIN_AFTER_MAX);
    }

    /// A number from 1 on, if it is said.
    fn number(&mut self, path: &Path, number: Option<u32>, max: u32) {
        if let Some(number) = number.filter(|number| !(1..=max).contains(number)) {
            self.say(path, What::OutOfRange { number: number.to_string(), min: 1, max });
        }
    }

    /// What a source or a route makes of the words for severities.
    fn severities(&mut self, path: &Path, severities: &BTreeMap<String, Severity>) {
        self.count(path, severities.len(), limit::SEVERITIES_MAX);
        for word in severities.keys() {
            self.text(&path.key(word), word, limit::SEVERITY_CHARS_MAX);
        }
    }

    fn members(&mut self, path: &Path, members: &[String]) {
        self.filled(path, members.len(), Collection::Members);
        self.count(path, members.len(), limit::MEMBERS_MAX);
        for (at, member) in members.iter().enumerate() {
            self.refer(&path.index(at), ThingKind::Person, member);
        }
    }

    /// The name must be one of the things of that kind.
    fn refer(&mut self, path: &Path, kind: ThingKind, name: &str) {
        let names = names(self.blueprint, kind);
        if names.contains(name) {
            return;
        }
        if !names.is_empty() || self.completeness == Completeness::Whole {
            let near = if self.may_search() { names.nearest(name) } else { None };
            self.say(path, What::Unknown { kind, name: name.to_owned(), near });
        } else if self.absent.insert(kind) {
            self.say(path, What::SectionAbsent { kind });
        }
    }

    fn time_zone(&mut self, path: &Path, name: &str) {
        if name.parse::<Tz>().is_err() {
            let near = if self.may_search() { nearest_zone(name) } else { None };
            self.say(path, What::UnknownTimeZone { name: name.to_owned(), near });
        }
    }

    /// Nobody reads a thousand suggestions, and each takes a while.
    fn may_search(&mut self) -> bool {
        self.searched += 1;
        self.searched <= limit::SUGGESTIONS_MAX
    }

    fn id(&mut self, path: &Path, name: &str) {
        if !is_id(name) {
            self.say(path, What::BadName { name: name.to_owned() });
        }
    }

    fn name(&mut self, path: &Path, name: &str) {
        self.text(path, name, limit::NAME_CHARS_MAX);
    }

    fn text(&mut self, path: &Path, text: &str, chars_max: usize) {
        if text.trim().is_empty() {
            self.say(path, What::TextEmpty);
        } else if text.chars().count() > chars_max {
            self.say(path, What::TextTooLong { chars_max });
        } else if text.chars().any(char::is_control) {
            self.say(path, What::ControlCharacter);
        }
    }

    fn span(&mut self, path: &Path, span: Span) {
        if span > limit::SPAN_MAX {
            self.say(path, What::SpanTooLong { max: limit::SPAN_MAX });
        }
    }

    fn at_most(&mut self, path: &Path, number: u32, max: u32) {
        if number > max {
            self.say(path, What::OutOfRange { number: number.to_string(), min: 0, max });
        }
    }

    fn count(&mut self, path: &Path, count: usize, max: usize) {
        if count > max {
            self.say(path, What::TooMany { max });
        }
    }

    fn filled(&mut self, path: &Path, count: usize, collection: Collection) {
        if count == 0 {
            self.say(path, What::Empty { collection });
        }
    }
}

/// The names of all things of a kind; none for the routes, which have no names.
fn names(blueprint: &Blueprint, kind: ThingKind) -> Box<dyn Names + '_> {
    match kind {
        ThingKind::Person => Box::new(&blueprint.people),
        ThingKind::Team => Box::new(&blueprint.teams),
        ThingKind::Rota => Box::new(&blueprint.rotas),
        ThingKind::Policy => Box::new(&blueprint.policies),
        ThingKind::Service => Box::new(&blueprint.services),
        ThingKind::Source => Box::new(&blueprint.sources),
        ThingKind::Routes => Box::new(()),
    }
}

/// Things by name, whatever they are.
trait Names {
    fn contains(&self, name: &str) -> bool;
    fn is_empty(&self) -> bool;
    fn nearest(&self, name: &str) -> Option<String>;
}

impl<T> Names for &BTreeMap<String, T> {
    fn contains(&self, name: &str) -> bool {
        self.contains_key(name)
    }

    fn is_empty(&self) -> bool {
        BTreeMap::is_empty(self)
    }

    fn nearest(&self, name: &str) -> Option<String> {
        nearest(name, self.keys().map(String::as_str)).map(str::to_owned)
    }
}

impl Names for () {
    fn contains(&self, _name: &str) -> bool {
        false
    }

    fn is_empty(&self) -> bool {
        true
    }

    fn nearest(&self, _name: &str) -> Option<String> {
        None
    }
}

/// True for what can name a thing in the files: 1 to 63 of `a-z`, `0-9`, `_` and `-`, beginning with a letter or a
/// digit.
pub fn is_id(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=limit::ID_CHARS_MAX).contains(&name.len())
        && name.bytes().next().is_some_and(letter)
        && name.bytes().all(|byte| letter(byte) || matches!(byte, b'_' | b'-'))
}

/// The zone whose name or city is most like `name`.
fn nearest_zone(name: &str) -> Option<String> {
    let zones = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let city = |zone: &'static str| zone.rsplit('/').next().unwrap_or(zone);
    let wanted = name.trim().replace(' ', "_");
    let by_name = nearest(&wanted, zones());
    let by_city = || {
        let near = nearest(wanted.rsplit('/').next()?, zones().map(city))?;
        zones().find(|zone| city(zone) == near)
    };
    by_name.or_else(by_city).map(str::to_owned)
}

#[cfg(test)]
mod tests;

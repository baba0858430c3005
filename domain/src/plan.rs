//! What must happen so that the house becomes what a blueprint says.
//!
//! The changes stand in an order in which every beginning of the list is a house that can stand: what is named
//! comes before what names it, and goes after it. So a plan that is broken off leaves nobody unpaged, and the same
//! blueprint planned again gives the rest.

mod fields;
mod resolve;

use std::collections::BTreeMap;

use events::event::person::PersonDefined;
use events::event::policy::PolicyDefined;
use events::event::rota::RotaDefined;
use events::event::routes::Route;
use events::event::service::ServiceDefined;
use events::event::source::SourceDefined;
use events::event::team::TeamDefined;
use events::{Author, Cause, Entry, Event, EventId, PersonId, Position, StreamId, Timestamp, Version};

use crate::blueprint::Blueprint;
use crate::blueprint::kind::ThingKind;
use crate::directory::{Directory, ROUTES_STREAM, stream_of};
use crate::setting::{Definition, SettingCommand};
use fields::Fields;
use resolve::People;

/// How the routes are called in a plan: there is only one list of them.
const ROUTES_NAME: &str = "all";

/// What must happen, in order. Empty when the house is so already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The changes.
    pub changes: Vec<Change>,
}

/// One thing that becomes different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of thing.
    pub kind: ThingKind,
    /// Its name in the files; a person without one any more goes by their number.
    pub name: String,
    /// What becomes of it.
    pub how: How,
    /// Which parts of it change, as the files name them; empty for what is new or goes.
    pub fields: Vec<&'static str>,
    /// Its history.
    pub stream: StreamId,
    /// The command to that history.
    pub setting: SettingChange,
}

/// What becomes of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// It is new.
    Added,
    /// It is different from now on.
    Changed,
    /// It goes.
    Removed,
}

/// A command to one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingChange {
    /// To a person.
    Person(SettingCommand<PersonDefined>),
    /// To a team.
    Team(SettingCommand<TeamDefined>),
    /// To a rota.
    Rota(SettingCommand<RotaDefined>),
    /// To a policy.
    Policy(SettingCommand<PolicyDefined>),
    /// To a service.
    Service(SettingCommand<ServiceDefined>),
    /// To a source.
    Source(SettingCommand<SourceDefined>),
    /// To the routes.
    Routes(SettingCommand<Vec<Route>>),
}

impl Plan {
    /// What must happen so that `directory` becomes what `blueprint` says. `mint` makes the number of somebody
    /// who is new; whoever the directory knows by name keeps theirs.
    ///
    /// The blueprint was checked before: a name in it that nothing has is left out.
    pub fn between(directory: &Directory, blueprint: &Blueprint, mint: &mut dyn FnMut() -> PersonId) -> Self {
        let people = People::of(directory, blueprint, mint);
        let mut planner = Planner { changes: Vec::new(), removals: Vec::new() };
        planner.people(directory, &people, blueprint);
        let teams = &blueprint.teams;
        planner.things(ThingKind::Team, directory.teams(), teams, |_, team| people.team(team));
        let rotas = &blueprint.rotas;
        planner.things(ThingKind::Rota, directory.rotas(), rotas, |_, rota| people.rota(rota));
        let policies = &blueprint.policies;
        planner.things(ThingKind::Policy, directory.policies(), policies, |_, policy| people.policy(policy));
        let services = &blueprint.services;
        planner.things(ThingKind::Service, directory.services(), services, |_, service| {
            resolve::service(service)
        });
        let sources = &blueprint.sources;
        planner.things(ThingKind::Source, directory.sources(), sources, resolve::source);
        planner.routes(directory.routes(), blueprint.routes.iter().map(resolve::route).collect());
        planner.finish()
    }

    /// True when nothing must happen.
    pub const fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many things become so.
    pub fn count(&self, how: How) -> usize {
        self.changes.iter().filter(|change| change.how == how).count()
    }
}

/// The house that a blueprint describes, as it would be had it always been so: for whoever asks before anything is
/// applied. Its people have numbers of their own.
pub fn imagined(blueprint: &Blueprint) -> Directory {
    let mut number = 0_u128;
    let mut mint = || {
        number += 1;
        PersonId::from_bytes(number.to_be_bytes())
    };
    let mut directory = Directory::default();
    for change in Plan::between(&Directory::default(), blueprint, &mut mint).changes {
        change.imagine(&mut directory);
    }
    directory
}

impl Change {
    /// Takes the change into a directory as if it had been recorded next, at the beginning of time.
    pub fn imagine(&self, directory: &mut Directory) {
        let Some(event) = self.setting.event() else { return };
        let position = Position::from_raw(directory.position().as_raw() + 1);
        directory.apply(&Entry {
            position,
            stream: self.stream.clone(),
            version: Version::default(),
            id: EventId([0; 16]),
            at: Timestamp::MIN,
            by: Author::House,
            cause: Cause::Deadline,
            directory: Position::START,
            event,
        });
    }
}

impl SettingChange {
    /// What is recorded when it is carried out; none for the removal of what is always there.
    fn event(&self) -> Option<Event> {
        fn of<D: Definition>(command: &SettingCommand<D>) -> Option<Event> {
            match command {
                SettingCommand::Define(definition) => Some(definition.clone().defined().into()),
                SettingCommand::Remove => D::removed().map(Into::into),
            }
        }
        match self {
            Self::Person(command) => of(command),
            Self::Team(command) => of(command),
            Self::Rota(command) => of(command),
            Self::Policy(command) => of(command),
            Self::Service(command) => of(command),
            Self::Source(command) => of(command),
            Self::Routes(command) => of(command),
        }
    }
}

/// A plan in the making. Removals are kept apart: they come last, in reverse.
struct Planner {
    changes: Vec<Change>,
    removals: Vec<Change>,
}

impl Planner {
    fn people(&mut self, directory: &Directory, people: &People<'_>, blueprint: &Blueprint) {
        for (slug, plan) in &blueprint.people {
            let Some(id) = people.id(slug) else { continue };
            let present = directory.people().get(&id).map(|person| &**person);
            let wanted = resolve::person(id, slug, plan);
            self.thing(ThingKind::Person, slug, id.stream(), present, Some(wanted));
        }
        for (id, person) in directory.people().iter().filter(|(id, _)| !people.has(**id)) {
            let name = person.slug.open().cloned().unwrap_or_else(|| id.to_string());
            self.thing(ThingKind::Person, &name, id.stream(), Some(&**person), None);
        }
    }

    fn things<I, D, P>(
        &mut self,
        kind: ThingKind,
        present: &BTreeMap<I, std::sync::Arc<D>>,
        wanted: &BTreeMap<String, P>,
        define: impl Fn(Option<&D>, &P) -> D,
    ) where
        I: Ord + ToString + std::borrow::Borrow<str>,
        D: Fields,
    {
        for (name, plan) in wanted {
            let present = present.get(name.as_str()).map(|defined| &**defined);
            let definition = define(present, plan);
            self.thing(kind, name, stream_of(kind.category(), name), present, Some(definition));
        }
        for (id, defined) in present.iter().filter(|(id, _)| !wanted.contains_key(&id.to_string())) {
            let name = id.to_string();
            self.thing(kind, &name, stream_of(kind.category(), &name), Some(&**defined), None);
        }
    }

    fn routes(&mut self, present: &[Route], wanted: Vec<Route>) {
        let stated = |routes: Vec<Route>| Some(routes).filter(|routes| !routes.is_empty());
        let present = stated(present.to_vec());
        let stream = StreamId::from(ROUTES_STREAM);
        self.thing(ThingKind::Routes, ROUTES_NAME, stream, present.as_ref(), stated(wanted));
    }

    fn thing<D: Fields>(
        &mut self,
        kind: ThingKind,
        name: &str,
        stream: StreamId,
        present: Option<&D>,
        wanted: Option<D>,
    ) {
        let change = |how, fields, command| Change {
            kind,
            name: name.to_owned(),
            how,
            fields,
            stream,
            setting: D::change(command),
        };
        match (present, wanted) {
            (None, None) => {}
            (None, Some(wanted)) => {
                self.changes.push(change(How::Added, Vec::new(), SettingCommand::Define(wanted)));
            }
            (Some(present), Some(wanted)) if *present == wanted => {}
            (Some(present), Some(wanted)) => {
                let fields = present.different(&wanted);
                self.changes.push(change(How::Changed, fields, SettingCommand::Define(wanted)));
            }
            (Some(_), None) => {
                self.removals.push(change(How::Removed, Vec::new(), SettingCommand::Remove));
            }
        }
    }

    fn finish(mut self) -> Plan {
        self.changes.extend(self.removals.into_iter().rev());
        Plan { changes: self.changes }
    }
}

#[cfg(test)]
mod tests;

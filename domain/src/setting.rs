//! A piece of configuration with a history: defined, defined anew, removed. People, teams, rotas, policies,
//! services, sources and routes are all of this kind.

use events::event::person::{PersonDefined, PersonEvent};
use events::event::policy::{PolicyDefined, PolicyEvent};
use events::event::rota::{RotaDefined, RotaEvent};
use events::event::routes::{Route, RoutesEvent};
use events::event::service::{ServiceDefined, ServiceEvent};
use events::event::source::{SourceDefined, SourceEvent};
use events::event::team::{TeamDefined, TeamEvent};
use events::{Event, Timestamp};

use crate::aggregate::Aggregate;
use crate::directory::Directory;

/// What a setting can say, and how that is recorded.
pub trait Definition: Clone + PartialEq + Send + Sync + 'static {
    /// What can happen to it.
    type Event: Clone + Send + Sync + Into<Event> + TryFrom<Event>;

    /// It is so from now on.
    fn defined(self) -> Self::Event;
    /// It is gone; none for what is always there.
    fn removed() -> Option<Self::Event>;
    /// What the event says; none when it is gone.
    fn said(event: &Self::Event) -> Option<&Self>;
}

/// A setting: what it says now, or nothing when there is no such thing.
#[derive(Clone, Debug)]
pub struct Setting<D>(Option<D>);

impl<D> Default for Setting<D> {
    fn default() -> Self {
        Self(None)
    }
}

/// What can be asked of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingCommand<D> {
    /// Let it be so. Changes nothing when it is so already.
    Define(D),
    /// Let it be gone. Changes nothing when it is gone already.
    Remove,
}

/// A setting refuses nothing: what can stand was checked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingRefusal {}

impl<D: Definition> Aggregate for Setting<D> {
    type Command = SettingCommand<D>;
    type Event = D::Event;
    type Refusal = SettingRefusal;

    fn decide(
        &self,
        command: &Self::Command,
        _directory: &Directory,
        _now: Timestamp,
    ) -> Result<Vec<Self::Event>, Self::Refusal> {
        Ok(match command {
            SettingCommand::Define(wanted) if self.0.as_ref() == Some(wanted) => Vec::new(),
            SettingCommand::Define(wanted) => vec![wanted.clone().defined()],
            SettingCommand::Remove if self.0.is_none() => Vec::new(),
            SettingCommand::Remove => D::removed().into_iter().collect(),
        })
    }

    fn evolve(&mut self, event: &Self::Event, _at: Timestamp) {
        self.0 = D::said(event).cloned();
    }
}

macro_rules! definitions {
    ($($definition:ty => $event:ident)*) => {$(
        impl Definition for $definition {
            type Event = $event;

            fn defined(self) -> $event {
                $event::Defined(self)
            }

            fn removed() -> Option<$event> {
                Some($event::Removed)
            }

            fn said(event: &$event) -> Option<&Self> {
                match event {
                    $event::Defined(definition) => Some(definition),
                    $event::Removed => None,
                }
            }
        }
    )*};
}

definitions! {
    PersonDefined => PersonEvent
    TeamDefined => TeamEvent
    RotaDefined => RotaEvent
    PolicyDefined => PolicyEvent
    ServiceDefined => ServiceEvent
    SourceDefined => SourceEvent
}

impl Definition for Vec<Route> {
    type Event = RoutesEvent;

    fn defined(self) -> RoutesEvent {
        RoutesEvent::Defined(self)
    }

    fn removed() -> Option<RoutesEvent> {
        Some(RoutesEvent::Defined(Self::new()))
    }

    fn said(event: &RoutesEvent) -> Option<&Self> {
        let RoutesEvent::Defined(routes) = event;
        Some(routes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defining_the_same_again_changes_nothing() {
        let wanted = TeamDefined {
            name: "Sysadmins".into(),
            members: Vec::new(),
            time_zone: None,
            handovers: events::event::team::Handovers::Silent,
            lead: None,
            test_pages: None,
        };
        let define = SettingCommand::Define(wanted.clone());
        let at = Timestamp::from_micros(0);
        let mut team = Setting::<TeamDefined>::default();
        let events = team.decide(&define, &Directory::default(), at).expect("no refusal");
        assert_eq!(events, [TeamEvent::Defined(wanted)]);
        team.evolve(&events[0], at);
        assert_eq!(team.decide(&define, &Directory::default(), at), Ok(Vec::new()));
        assert_eq!(
            team.decide(&SettingCommand::Remove, &Directory::default(), at),
            Ok(vec![TeamEvent::Removed])
        );
    }

    #[test]
    fn removing_what_is_not_there_changes_nothing() {
        let nobody = Setting::<TeamDefined>::default();
        let at = Timestamp::from_micros(0);
        assert_eq!(nobody.decide(&SettingCommand::Remove, &Directory::default(), at), Ok(Vec::new()));
    }
}

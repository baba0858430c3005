//! Which parts of a definition differ, as the files name them.

use events::event::person::PersonDefined;
use events::event::policy::PolicyDefined;
use events::event::rota::RotaDefined;
use events::event::routes::Route;
use events::event::service::ServiceDefined;
use events::event::source::SourceDefined;
use events::event::team::TeamDefined;

use crate::plan::SettingChange;
use crate::setting::{Definition, SettingCommand};

/// A definition that can be part of a plan.
pub(super) trait Fields: Definition {
    /// The parts that `other` says differently.
    fn different(&self, other: &Self) -> Vec<&'static str>;
    /// The command as one of all kinds.
    fn change(command: SettingCommand<Self>) -> SettingChange;
}

macro_rules! fields {
    ($($definition:ident as $kind:ident { $($field:ident $(= $name:literal)?),* })*) => {$(
        impl Fields for $definition {
            fn different(&self, other: &Self) -> Vec<&'static str> {
                // Whoever adds a field is told here to name it.
                let Self { $($field: _),* } = self;
                let parts = [$((fields!(@ $field $($name)?), self.$field == other.$field)),*];
                parts.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
            }

            fn change(command: SettingCommand<Self>) -> SettingChange {
                SettingChange::$kind(command)
            }
        }
    )*};
    (@ $field:ident) => { stringify!($field) };
    (@ $field:ident $name:literal) => { $name };
}

fields! {
    PersonDefined as Person { slug, name, language = "locale", time_zone, contacts, ladder }
    TeamDefined as Team { name, members, time_zone, handovers, lead, test_pages }
    RotaDefined as Rota { team, time_zone, layers }
    PolicyDefined as Policy { steps, repeat, fallback, acknowledgement_lapses }
    ServiceDefined as Service { name, policy, runbook, reference_only, group_within, group_again_after }
    SourceDefined as Source { kind, key_sha256 = "key", key_file, every, grace, service, flood_at, severities }
}

impl Fields for Vec<Route> {
    fn different(&self, _other: &Self) -> Vec<&'static str> {
        Vec::new()
    }

    fn change(command: SettingCommand<Self>) -> SettingChange {
        SettingChange::Routes(command)
    }
}

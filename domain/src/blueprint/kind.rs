//! The kinds of things that a blueprint holds.

/// A kind of configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThingKind {
    /// A person.
    Person,
    /// A team.
    Team,
    /// A rota.
    Rota,
    /// An escalation policy.
    Policy,
    /// A service.
    Service,
    /// A source.
    Source,
    /// The routes, all of them together.
    Routes,
}

impl ThingKind {
    /// Every kind, in the order in which one can name another.
    pub const ALL: [Self; 7] =
        [Self::Person, Self::Team, Self::Rota, Self::Policy, Self::Service, Self::Source, Self::Routes];

    /// The part of a configuration file that holds these: `people`, `teams`, …
    pub const fn section(self) -> &'static str {
        match self {
            Self::Person => "people",
            Self::Team => "teams",
            Self::Rota => "rotas",
            Self::Policy => "policies",
            Self::Service => "services",
            Self::Source => "sources",
            Self::Routes => "routes",
        }
    }

    /// The first part of the name of such a thing's history: `person`, `team`, …
    pub const fn category(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Team => "team",
            Self::Rota => "rota",
            Self::Policy => "policy",
            Self::Service => "service",
            Self::Source => "source",
            Self::Routes => "routes",
        }
    }
}

//! Who may do what: one table of roles and actions, which the server, its documentation and its tests share.
//!
//! Each role may all that the one before it may. A team's token arranges that team's own things; what nobody but an
//! owner may is in the last column alone.

use std::fmt;

use events::event::token::Role;
use events::{PersonId, TeamId};

mod foreign;
#[cfg(test)]
mod tests;

pub use foreign::foreign;

/// Whether a role may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// It may not.
    No,
    /// To what belongs to the token's team.
    OwnTeam,
    /// To what concerns the token's person.
    OwnPerson,
    /// It may.
    Yes,
}

/// What each role may, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grants {
    /// To look.
    pub read: Grant,
    /// To work with alerts.
    pub respond: Grant,
    /// To arrange a team.
    pub team: Grant,
    /// Everything.
    pub owner: Grant,
}

macro_rules! table {
    ($($(#[$doc:meta])* $action:ident = $name:literal: $read:ident $respond:ident $team:ident $owner:ident;)*) => {
        /// Something that can be asked of the house.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$doc])* $action,)*
        }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$action),*];

            /// Its name, such as `alert.acknowledge`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$action => $name,)*
                }
            }

            /// What each role may.
            pub const fn grants(self) -> Grants {
                match self {
                    $(Self::$action => Grants {
                        read: Grant::$read,
                        respond: Grant::$respond,
                        team: Grant::$team,
                        owner: Grant::$owner,
                    },)*
                }
            }
        }
    };
}

table! {
    // action                                            read respond  team    owner
    /// See who a token lets in.
    SelfRead          = "self.read":                     Yes Yes       Yes       Yes;
    /// See alerts, as they are and were.
    AlertRead         = "alert.read":                    Yes Yes       Yes       Yes;
    /// See who is on call when: shifts, gaps, overrides, planned work, calendars, and which contact methods work.
    OnCallRead        = "on-call.read":                  Yes Yes       Yes       Yes;
    /// See the configuration, addresses of people included.
    ConfigurationRead = "configuration.read":            Yes Yes       Yes       Yes;
    /// See the channels, and whether their providers would take a page.
    ChannelRead       = "channel.read":                  Yes Yes       Yes       Yes;
    /// See the heartbeats, and which of them are silent.
    HeartbeatRead     = "heartbeat.read":                Yes Yes       Yes       Yes;
    /// Take an alert.
    AlertAcknowledge  = "alert.acknowledge":             No  Yes       Yes       Yes;
    /// Say that an alert is over.
    AlertResolve      = "alert.resolve":                 No  Yes       Yes       Yes;
    /// Enter an alert's next step.
    AlertEscalate     = "alert.escalate":                No  Yes       Yes       Yes;
    /// Hand an alert over to another policy or team.
    AlertHandOver     = "alert.hand-over":               No  Yes       Yes       Yes;
    /// Put an alert off for a while.
    AlertHold         = "alert.hold":                    No  Yes       Yes       Yes;
    /// Write a note to an alert.
    AlertNote         = "alert.note":                    No  Yes       Yes       Yes;
    /// Send a test page to a person.
    TestPageSend      = "test-page.send":                No  OwnPerson OwnPerson Yes;
    /// Have a code sent over a person's contact method, and confirm it.
    ContactVerify     = "contact.verify":                No  OwnPerson OwnPerson Yes;
    /// Agree to an override, or decline it, for the person who was asked.
    OverrideAnswer    = "override.answer":               No  OwnPerson OwnPerson Yes;
    /// Plan work with a person as its worker, extend it and end it.
    WorkPlan          = "work.plan":                     No  OwnPerson OwnPerson Yes;
    /// Let somebody stand in within a rota, or put a team on call.
    OverrideMake      = "override.make":                 No  No        OwnTeam   Yes;
    /// Take an override back.
    OverrideRemove    = "override.remove":               No  No        OwnTeam   Yes;
    /// Change the configuration: a team and its rotas, or anything.
    ConfigurationApply = "configuration.apply":          No  No        OwnTeam   Yes;
    /// Give a person a calendar feed, or a rota; the address before it ends.
    CalendarOpen      = "calendar.open":                 No  OwnPerson OwnPerson Yes;
    /// Close a calendar feed.
    CalendarClose     = "calendar.close":                No  OwnPerson OwnPerson Yes;
    /// See all tokens.
    TokenRead         = "token.read":                    No  No        No        Yes;
    /// Issue a token.
    TokenIssue        = "token.issue":                   No  No        No        Yes;
    /// Revoke a token.
    TokenRevoke       = "token.revoke":                  No  No        No        Yes;
    /// Prove the log unbroken.
    LogVerify         = "log.verify":                    No  No        No        Yes;
}

impl Grants {
    /// The roles by name, from the least to the most, and what each may.
    pub const fn by_role(self) -> [(&'static str, Grant); 4] {
        [("read", self.read), ("respond", self.respond), ("team", self.team), ("owner", self.owner)]
    }

    const fn of(self, role: &Role) -> Grant {
        match role {
            Role::Read => self.read,
            Role::Respond => self.respond,
            Role::Team(_) => self.team,
            Role::Owner => self.owner,
        }
    }
}

/// What somebody is allowed by their token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// As what.
    pub role: Role,
    /// Whose token it is; nobody's when none.
    pub person: Option<PersonId>,
}

/// To what somebody may do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// To everything.
    Everything,
    /// To what belongs to this team.
    OfTeam(TeamId),
    /// To what concerns this person.
    OfPerson(PersonId),
}

/// What something is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About<'a> {
    /// Something that belongs to a team; to none when none.
    Team(Option<&'a TeamId>),
    /// Something that concerns a person; nobody when none.
    Person(Option<PersonId>),
}

/// Why somebody may not do something to anything at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Their role is too small.
    #[error(
        "this takes a token with the role `{needs}`, and yours has `{has}`: ask an owner for one (`hotpotato token issue`)"
    )]
    Role {
        /// The least role that may.
        needs: &'static str,
        /// Theirs.
        has: Role,
    },
    /// They may only for themselves, and nobody knows who they are.
    #[error(
        "with the role `{has}` this takes a token of your own: ask an owner for one that is bound to you (`hotpotato token issue --person`)"
    )]
    Nobody {
        /// Their role.
        has: Role,
    },
}

impl Rights {
    /// May do everything, as nobody in particular.
    pub const OWNER: Self = Self { role: Role::Owner, person: None };

    /// Answers whether an action is allowed, and to what.
    ///
    /// # Errors
    /// When it is not, whatever it is done to: see [`Denied`].
    pub fn may(&self, action: Action) -> Result<Scope, Denied> {
        let grants = action.grants();
        match (grants.of(&self.role), &self.role) {
            (Grant::Yes, _) => Ok(Scope::Everything),
            (Grant::OwnPerson, has) => {
                self.person.map(Scope::OfPerson).ok_or_else(|| Denied::Nobody { has: has.clone() })
            }
            (Grant::OwnTeam, Role::Team(team)) => Ok(Scope::OfTeam(team.clone())),
            (Grant::No | Grant::OwnTeam, has) => {
                let least = grants.by_role().into_iter().find(|(_, grant)| *grant != Grant::No);
                let needs = least.map_or("owner", |(role, _)| role);
                Err(Denied::Role { needs, has: has.clone() })
            }
        }
    }
}

impl Scope {
    /// True when what something is done to lies within.
    pub fn covers(&self, about: About<'_>) -> bool {
        match (self, about) {
            (Self::Everything, _) => true,
            (Self::OfTeam(own), About::Team(Some(team))) => own == team,
            (Self::OfPerson(own), About::Person(Some(person))) => *own == person,
            (Self::OfTeam(_) | Self::OfPerson(_), About::Team(_) | About::Person(_)) => false,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

//! The house as configuration files describe it: names instead of identifiers, before anything is checked.
//!
//! Reading files is the adapters' business; what a blueprint means, and whether it can stand, is decided here.

pub mod check;
pub mod default;
pub mod export;
pub mod kind;
pub mod limit;
pub mod mistake;
pub mod nearest;
pub mod place;

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use events::Span;
use events::event::Language;
use events::event::hours::Hours;
use events::event::person::ChannelKind;
use events::event::rota::TurnUnit;
use events::event::routes::When;
use events::event::signal::Severity;
use events::event::source::SourceKind;
use events::event::team::Handovers;
use serde::{Deserialize, Serialize};

/// Everything that Git may own. Keys are the names in the files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Blueprint {
    /// People by name, such as `anna`.
    pub people: BTreeMap<String, PersonPlan>,
    /// Teams by name.
    pub teams: BTreeMap<String, TeamPlan>,
    /// Rotas by name.
    pub rotas: BTreeMap<String, RotaPlan>,
    /// Escalation policies by name.
    pub policies: BTreeMap<String, PolicyPlan>,
    /// Services by name.
    pub services: BTreeMap<String, ServicePlan>,
    /// Sources by name.
    pub sources: BTreeMap<String, SourcePlan>,
    /// Routes in order; the first that matches wins.
    pub routes: Vec<RoutePlan>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPlan {
    /// The name for people.
    pub name: String,
    /// The language of every text to this person.
    pub locale: Language,
    /// The IANA name of their time zone.
    pub time_zone: String,
    /// Contact methods by name.
    #[serde(default)]
    pub contacts: BTreeMap<String, ContactPlan>,
    /// In which order they are used. A file without one means every contact method at once.
    #[serde(default)]
    pub ladder: Vec<RungPlan>,
}

/// A channel and an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPlan {
    /// The kind of channel.
    pub channel: ChannelKind,
    /// The address there.
    pub address: String,
    /// Which configured channel of that kind.
    #[serde(default)]
    pub via: Option<String>,
}

/// One place on a ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RungPlan {
    /// Which contact method.
    pub contact: String,
    /// How long after the page's start.
    pub after: Span,
    /// How many sends; 1 or more.
    pub attempts: u32,
    /// How long between them.
    pub every: Span,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamPlan {
    /// The name for people.
    pub name: String,
    /// People by name.
    pub members: Vec<String>,
    /// The IANA name of the team's zone.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Whether people are told when a turn in one of the team's rotas begins or ends.
    #[serde(default)]
    pub handovers: Handovers,
    /// Who is told when a member cannot be reached, by name.
    #[serde(default)]
    pub lead: Option<String>,
    /// How long a member's contact method may go unproved before a test page goes out over it by day.
    #[serde(default)]
    pub test_pages: Option<Span>,
}

/// A rota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotaPlan {
    /// Whose rota it is.
    #[serde(default)]
    pub team: Option<String>,
    /// The IANA name of the zone that its handovers are in.
    pub time_zone: String,
    /// Stacks of turns; a later one wins where it has somebody.
    pub layers: Vec<LayerPlan>,
}

/// One stack of turns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerPlan {
    /// Who takes turns, in order.
    pub members: Vec<MemberPlan>,
    /// When one takes over from another.
    pub handover: HandoverPlan,
    /// At which times of the week the layer has somebody; always when it is empty.
    #[serde(default)]
    pub hours: Vec<Hours>,
}

/// Who takes a turn: one person, or several who are on call at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPlan {
    /// People by name.
    pub people: Vec<String>,
    /// They take turns that begin then or later, on the wall clock in the rota's zone.
    #[serde(default)]
    pub from: Option<NaiveDateTime>,
    /// They take turns that begin before then.
    #[serde(default)]
    pub until: Option<NaiveDateTime>,
}

impl MemberPlan {
    /// One person, without end.
    pub fn always(person: &str) -> Self {
        Self { people: vec![person.to_owned()], from: None, until: None }
    }
}

/// The moments between turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverPlan {
    /// How many units lie between two handovers; 1 or more.
    pub every: u32,
    /// Of which unit.
    pub unit: TurnUnit,
    /// The wall-clock time at which the first member's first shift starts.
    pub from: NaiveDateTime,
}

/// An escalation policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyPlan {
    /// The steps in order.
    pub steps: Vec<StepPlan>,
    /// How many more times the steps run.
    #[serde(default)]
    pub repeat: u32,
    /// Who is paged again and again afterwards.
    #[serde(default)]
    pub fallback: Vec<TargetPlan>,
    /// After how long an acknowledgement runs out; never when nothing is said.
    #[serde(default)]
    pub acknowledgement_lapses: Option<Span>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepPlan {
    /// Whom to page.
    pub page: Vec<TargetPlan>,
    /// How long to wait before the next step.
    pub wait: Span,
    /// How many people must take the alert.
    #[serde(default = "one")]
    pub acknowledgements: u32,
    /// The policy by which the alert escalates from here on.
    #[serde(default)]
    pub hand_over: Option<String>,
}

impl StepPlan {
    /// A step that pages these, for one of them to take the alert.
    pub const fn paging(page: Vec<TargetPlan>, wait: Span) -> Self {
        Self { page, wait, acknowledgements: 1, hand_over: None }
    }
}

const fn one() -> u32 {
    1
}

/// Whom a step means, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetPlan {
    /// This person.
    Person(String),
    /// Whoever is on call in this rota, or so many turns after them.
    Rota {
        /// The rota.
        rota: String,
        /// 0 for whoever is on call.
        offset: u32,
    },
    /// Everybody in this team.
    Team(String),
}

/// What is watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePlan {
    /// The name for people.
    pub name: String,
    /// How its alerts escalate.
    pub policy: String,
    /// Where it is written what to do.
    #[serde(default)]
    pub runbook: Option<String>,
    /// Pages carry code and service only.
    #[serde(default)]
    pub reference_only: bool,
    /// Problems that come within so long of one another become one alert.
    #[serde(default)]
    pub group_within: Option<Span>,
    /// Whoever has it is paged again when so many more have come.
    #[serde(default)]
    pub group_again_after: Option<u32>,
}

/// Where signals come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcePlan {
    /// What it speaks.
    pub kind: SourceKind,
    /// The file that holds its integration key, as the configuration names it.
    pub key_file: String,
    /// SHA-256 of that key as 64 hexadecimal digits; none when the key was not read.
    #[serde(default)]
    pub key_sha256: Option<String>,
    /// How often a heartbeat comes.
    #[serde(default)]
    pub every: Option<Span>,
    /// How much longer a heartbeat may take.
    #[serde(default)]
    pub grace: Option<Span>,
    /// The service that a heartbeat stands for.
    #[serde(default)]
    pub service: Option<String>,
    /// From so many new problems within a minute on, those of one service become one alert.
    #[serde(default)]
    pub flood_at: Option<u32>,
    /// How bad something is, by what the source calls it, in small letters, or else by how we read that.
    #[serde(default)]
    pub severities: BTreeMap<String, Severity>,
}

/// Signals that match belong to a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutePlan {
    /// What must match; empty matches everything.
    #[serde(default)]
    pub when: When,
    /// Whose alert it becomes.
    pub service: String,
    /// How bad it is, by what the source called it, in small letters, or else by how bad it is without this.
    #[serde(default)]
    pub severities: BTreeMap<String, Severity>,
}

impl RoutePlan {
    /// One that leaves it as severe as it is.
    pub const fn to(service: String, when: When) -> Self {
        Self { when, service, severities: BTreeMap::new() }
    }
}

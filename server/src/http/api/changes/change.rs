//! One record of the configuration as people read it: who did what to which thing, how it differs from before, and why.

use domain::directory::Directory;
use events::event::calendar::{CalendarEvent, CalendarOf};
use events::event::overrides::{LegChange, OverrideEvent, OverrideMade};
use events::event::person::PersonEvent;
use events::event::policy::PolicyEvent;
use events::event::rota::RotaEvent;
use events::event::routes::RoutesEvent;
use events::event::service::ServiceEvent;
use events::event::source::SourceEvent;
use events::event::team::TeamEvent;
use events::event::token::TokenEvent;
use events::event::work::{WorkEvent, WorkPlanned};
use events::{Author, Entry, Event, PersonId, Position};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::overrides::legs_shown;
use super::super::work::scope_shown;
use super::field::{self, Difference, Field, slug};

/// What somebody changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Change {
    /// When, RFC 3339.
    at: String,
    /// Where it stands in the log.
    position: Position,
    /// Who: a person's name or what a token is for; nothing when that was erased.
    by: Option<String>,
    /// What kind of thing: the first part of the name of its history.
    pub(super) kind: &'static str,
    /// Which thing; nothing when its name was erased.
    name: Option<String>,
    /// What was done to it, such as `changed`.
    did: &'static str,
    /// Which fields say something else than before.
    differences: Vec<Difference>,
    /// What else there is to say of a thing of this kind.
    details: Value,
    /// Why, in somebody's words.
    reason: Option<String>,
    /// What it is about: names that it is found by.
    #[serde(skip)]
    about: Vec<String>,
}

impl Change {
    /// What a record changed in this directory, which does not know it yet; none for a record of an alert, or of what the
    /// house saw of a contact method.
    pub(super) fn of(directory: &Directory, entry: &Entry) -> Option<Self> {
        let name = entry.stream.name();
        let said = match &entry.event {
            // What the house sees of a contact method is no change that anybody made; what was changed elsewhere is none
            // of the house.
            Event::Alert(_) | Event::Contact(_) | Event::Change(_) => return None,
            Event::Person(event) => person(directory, name, event),
            Event::Team(event) => {
                let said = |team: &_| field::team(directory, team);
                let now = if let TeamEvent::Defined(team) = event { Some(said(team)) } else { None };
                Said::setting(name, directory.teams().get(name).map(|team| said(team)), now)
            }
            Event::Rota(event) => {
                let said = |rota: &_| field::rota(directory, rota);
                let now = if let RotaEvent::Defined(rota) = event { Some(said(rota)) } else { None };
                Said::setting(name, directory.rotas().get(name).map(|rota| said(rota)), now)
            }
            Event::Policy(event) => {
                let said = |policy: &_| field::policy(directory, policy);
                let now = if let PolicyEvent::Defined(policy) = event { Some(said(policy)) } else { None };
                Said::setting(name, directory.policies().get(name).map(|policy| said(policy)), now)
            }
            Event::Service(event) => {
                let was = directory.services().get(name).map(|service| field::service(service));
                let now = match event {
                    ServiceEvent::Defined(service) => Some(field::service(service)),
                    ServiceEvent::Removed => None,
                };
                Said::setting(name, was, now)
            }
            Event::Source(event) => {
                let was = directory.sources().get(name).map(|source| field::source(source));
                let now =
                    if let SourceEvent::Defined(source) = event { Some(field::source(source)) } else { None };
                Said::setting(name, was, now)
            }
            Event::Routes(RoutesEvent::Defined(routes)) => {
                let was = Some(directory.routes()).filter(|routes| !routes.is_empty()).map(field::routes);
                Said::setting("routes", was, Some(field::routes(routes)))
            }
            Event::Override(event) => an_override(directory, name, event),
            Event::Work(event) => work(directory, name, event),
            Event::Token(event) => token(directory, name, event),
            Event::Calendar(event) => calendar(directory, name, event),
        };
        let Said { did, name, differences, details, reason, mut about } = said;
        about.extend(name.clone());
        let by = match &entry.by {
            Author::Person(person) => directory.name(*person).map(str::to_owned),
            Author::Token(name) => Some(directory.tokens().called(name)),
            Author::Source(source) => Some(source.to_string()),
            Author::House => Some("house".to_owned()),
        };
        let kind = entry.event.kind().split('.').next().unwrap_or_default();
        let (at, position) = (entry.at.to_string(), entry.position);
        Some(Self { at, position, by, kind, name, did, differences, details, reason, about })
    }

    /// True when it is about what somebody calls so.
    pub(super) fn is_about(&self, name: &str) -> bool {
        self.about.iter().any(|about| about.eq_ignore_ascii_case(name))
    }
}

/// What a record says of its thing.
#[derive(Default)]
struct Said {
    did: &'static str,
    name: Option<String>,
    differences: Vec<Difference>,
    details: Value,
    reason: Option<String>,
    about: Vec<String>,
}

impl Said {
    /// A piece of configuration as it was and as it is now.
    fn setting(name: &str, was: Option<Vec<Field>>, now: Option<Vec<Field>>) -> Self {
        let (did, differences) = match (was, now) {
            (_, None) => ("removed", Vec::new()),
            (None, Some(_)) => ("added", Vec::new()),
            (Some(was), Some(now)) => ("changed", field::differences(&was, &now)),
        };
        Self { did, name: Some(name.to_owned()), differences, ..Self::default() }
    }
}

fn person(directory: &Directory, name: &str, event: &PersonEvent) -> Said {
    let was = name.parse().ok().and_then(|id: PersonId| directory.people().get(&id));
    let now = if let PersonEvent::Defined(person) = event { Some(person) } else { None };
    let known = now.or(was.map(|was| &**was));
    let said = Said::setting(name, was.map(|person| field::person(person)), now.map(field::person));
    Said { name: known.and_then(|person| person.slug.open().cloned()), ..said }
}

fn an_override(directory: &Directory, name: &str, event: &OverrideEvent) -> Said {
    let known = || directory.overrides().get(name).and_then(|decided| decided.state.made());
    let (did, made) = match event {
        OverrideEvent::Made(made) => ("made", Some(made)),
        OverrideEvent::Accepted => ("accepted", known()),
        OverrideEvent::Declined => ("declined", known()),
        OverrideEvent::Removed => ("removed", known()),
    };
    let legs = made.map(|made| made.legs.as_slice()).unwrap_or_default();
    let about = legs.iter().flat_map(|leg| match &leg.change {
        LegChange::Instead { rota, of, by } => {
            let people = [Some(*of), *by].into_iter().flatten();
            people.map(|person| slug(directory, person)).chain([rota.to_string()]).collect::<Vec<_>>()
        }
        LegChange::Also { rota, person } => vec![slug(directory, *person), rota.to_string()],
        LegChange::AllHands { team } => vec![team.to_string()],
    });
    let reason = |made: &OverrideMade| made.reason.as_ref()?.open().cloned();
    let asks = made.and_then(|made| made.asks).map(|person| slug(directory, person));
    Said {
        did,
        name: Some(name.to_owned()),
        details: json!({ "legs": legs_shown(directory, legs), "asks": asks }),
        reason: made.and_then(reason),
        about: about.collect(),
        ..Said::default()
    }
}

fn work(directory: &Directory, name: &str, event: &WorkEvent) -> Said {
    let known = || directory.works().get(name).and_then(|work| work.state.planned());
    let (did, planned, until) = match event {
        WorkEvent::Planned(planned) => ("planned", Some(planned), None),
        WorkEvent::Moved { until, .. } => ("moved", known(), Some(*until)),
        WorkEvent::Ended => ("ended", known(), None),
        WorkEvent::Cancelled => ("cancelled", known(), None),
    };
    let first = planned.and_then(|planned| planned.spans.first()).filter(|_| did == "planned");
    let worker = planned.map(|planned| slug(directory, planned.worker));
    let about = |planned: &WorkPlanned| {
        let services = planned.scope.services.iter().map(ToString::to_string);
        services.chain(planned.scope.sources.iter().map(ToString::to_string)).collect::<Vec<_>>()
    };
    Said {
        did,
        name: Some(name.to_owned()),
        details: json!({
            "worker": worker,
            "kind": planned.map(|planned| planned.kind),
            "only": planned.map(|planned| scope_shown(&planned.scope)),
            "from": first.map(|span| span.from.to_string()),
            "to": until.or(first.map(|span| span.until)).map(|until| until.to_string()),
            "rule": planned.and_then(|planned| planned.rule.as_ref()),
        }),
        reason: planned.and_then(|planned| planned.what.open().cloned()),
        about: planned.map(about).into_iter().flatten().chain(worker).collect(),
        ..Said::default()
    }
}

fn token(directory: &Directory, name: &str, event: &TokenEvent) -> Said {
    let known = || directory.tokens().get(name.parse().ok()?)?.state.issued();
    let (did, issued) = match event {
        TokenEvent::Issued(issued) => ("issued", Some(issued)),
        TokenEvent::Revoked => ("revoked", known()),
    };
    let label = issued.and_then(|issued| issued.label.open().cloned());
    let person = issued.and_then(|issued| issued.person).map(|person| slug(directory, person));
    Said {
        did,
        name: Some(label.as_ref().map_or_else(|| name.to_owned(), |label| format!("{label} ({name})"))),
        details: json!({
            "role": issued.map(|issued| issued.role.to_string()),
            "person": person,
            "to": issued.and_then(|issued| issued.expires_at).map(|at| at.to_string()),
        }),
        about: label.into_iter().chain(person).chain([name.to_owned()]).collect(),
        ..Said::default()
    }
}

fn calendar(directory: &Directory, name: &str, event: &CalendarEvent) -> Said {
    let (did, of) = match event {
        CalendarEvent::Opened(opened) => ("opened", Some(&opened.of)),
        CalendarEvent::Closed => ("closed", directory.calendars().open().get(name).map(|feed| &feed.of)),
    };
    let whose = of.map(|of| match of {
        CalendarOf::Rota(rota) => rota.to_string(),
        CalendarOf::Person(person) => slug(directory, *person),
    });
    Said {
        did,
        name: Some(whose.unwrap_or_else(|| name.to_owned())),
        about: vec![name.to_owned()],
        ..Said::default()
    }
}

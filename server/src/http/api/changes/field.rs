//! What a definition says, field by field in the words of the configuration files, and in which of them two differ.
//! Definitions are taken apart whole: whoever adds a field is told here to say it.

use std::collections::BTreeMap;

use adapters::configuration::quantity::{write_local_time, write_turn};
use domain::blueprint::HandoverPlan;
use domain::directory::Directory;
use events::event::Language;
use events::event::person::PersonDefined;
use events::event::policy::{PolicyDefined, Step, Target};
use events::event::rota::{Layer, Member, RotaDefined};
use events::event::routes::Route;
use events::event::service::ServiceDefined;
use events::event::signal::Severity;
use events::event::source::SourceDefined;
use events::event::team::TeamDefined;
use events::{PersonId, Span};
use serde::Serialize;

/// No more differences of one record are told.
pub(super) const DIFFERENCES_MAX: usize = 12;
/// A value is cut after so many characters.
const VALUE_CHARS_MAX: usize = 200;

/// A field that says something else than before. What is secret, or a person's address, has no values here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    /// Which, such as `layers[1].members`.
    pub(crate) field: String,
    /// What it said; nothing when none.
    pub(crate) was: Option<String>,
    /// What it says now; nothing when none.
    pub(crate) now: Option<String>,
}

/// A field and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    name: String,
    value: String,
    is_shown: bool,
}

fn field(name: impl Into<String>, value: &(impl ToString + ?Sized)) -> Field {
    Field { name: name.into(), value: value.to_string(), is_shown: true }
}

fn hidden(name: impl Into<String>, value: &(impl ToString + ?Sized)) -> Field {
    Field { is_shown: false, ..field(name, value) }
}

/// Where two lists of fields differ: those of the present one in its order, then those that are gone.
pub(super) fn differences(was: &[Field], now: &[Field]) -> Vec<Difference> {
    let find = |fields: &[Field], name: &str| fields.iter().find(|field| field.name == name).cloned();
    let gone = was.iter().filter(|was| find(now, &was.name).is_none());
    let names = now.iter().chain(gone).map(|field| field.name.as_str());
    let different = names.filter_map(|name| {
        let (was, now) = (find(was, name), find(now, name));
        let shown = |field: Option<Field>| field.filter(|field| field.is_shown).map(|field| cut(field.value));
        // That something hidden came or went is told by what stands beside it.
        let is_hidden = |field: &Option<Field>| field.as_ref().is_none_or(|field| !field.is_shown);
        if was == now || (was.is_some() != now.is_some() && is_hidden(&was) && is_hidden(&now)) {
            return None;
        }
        Some(Difference { field: name.to_owned(), was: shown(was), now: shown(now) })
    });
    different.take(DIFFERENCES_MAX).collect()
}

fn cut(mut value: String) -> String {
    if let Some((end, _)) = value.char_indices().nth(VALUE_CHARS_MAX) {
        value.truncate(end);
        value.push('…');
    }
    value
}

fn joined<T>(things: &[T], said: impl Fn(&T) -> String) -> String {
    things.iter().map(said).collect::<Vec<_>>().join(", ")
}

/// One word of several, as it stands in records and files.
fn written(word: &impl Serialize) -> String {
    let written = serde_json::to_value(word).unwrap_or_default();
    written.as_str().unwrap_or_default().to_owned()
}

/// How the configuration calls somebody; their number when nobody knows any more.
pub(super) fn slug(directory: &Directory, person: PersonId) -> String {
    directory.slug(person).map_or_else(|| person.to_string(), str::to_owned)
}

/// A person: of their contact methods the kinds alone.
pub(super) fn person(person: &PersonDefined) -> Vec<Field> {
    // The slug is what the person is found by.
    let PersonDefined { slug: _, name, language, time_zone, contacts, ladder } = person;
    let language = match language {
        Language::En => "en",
        Language::De => "de",
        Language::It => "it",
    };
    let mut fields: Vec<Field> = Vec::new();
    fields.extend(name.open().map(|name| field("name", name)));
    fields.extend([field("locale", language), field("time_zone", time_zone)]);
    for (contact, method) in contacts {
        let via = method.via.as_ref().map_or_else(String::new, |via| format!(" via {via}"));
        fields.push(field(format!("contacts.{contact}"), &format!("{}{via}", method.channel.as_str())));
        let address = method.address.open().map_or("", String::as_str);
        fields.push(hidden(format!("contacts.{contact}.address"), address));
    }
    let rungs = joined(ladder, |rung| {
        format!("{} after {}, {}x every {}", rung.contact, rung.after, rung.attempts, rung.every)
    });
    fields.push(field("ladder", &rungs));
    fields
}

/// A team.
pub(super) fn team(directory: &Directory, team: &TeamDefined) -> Vec<Field> {
    let TeamDefined { name, members, time_zone, handovers, lead, test_pages } = team;
    let members = joined(members, |person| slug(directory, *person));
    let mut fields = vec![field("name", name), field("members", &members)];
    fields.extend(time_zone.as_ref().map(|zone| field("time_zone", zone)));
    fields.push(field("handovers", &written(handovers)));
    fields.extend(lead.map(|lead| field("lead", &slug(directory, lead))));
    fields.extend(test_pages.as_ref().map(|span| field("test_pages", span)));
    fields
}

/// A rota.
pub(super) fn rota(directory: &Directory, rota: &RotaDefined) -> Vec<Field> {
    let RotaDefined { team, time_zone, layers } = rota;
    let mut fields: Vec<Field> = team.iter().map(|team| field("team", team)).collect();
    fields.push(field("time_zone", time_zone));
    for (number, layer) in (1..).zip(layers) {
        let Layer { members, handover, hours } = layer;
        let plan = HandoverPlan { every: handover.every, unit: handover.unit, from: handover.from };
        let turns = format!("every {} from {}", write_turn(&plan), write_local_time(handover.from));
        let name = |part: &str| format!("layers[{number}].{part}");
        fields.push(field(name("members"), &joined(members, |taker| member(directory, taker))));
        fields.push(field(name("handover"), &turns));
        if !hours.is_empty() {
            fields.push(field(name("hours"), &joined(hours, ToString::to_string)));
        }
    }
    fields
}

fn member(directory: &Directory, member: &Member) -> String {
    let Member { people, from, until } = member;
    let people = people.iter().map(|person| slug(directory, *person)).collect::<Vec<_>>().join(" + ");
    let from = from.map(|from| format!(" from {}", write_local_time(from)));
    let until = until.map(|until| format!(" until {}", write_local_time(until)));
    [Some(people), from, until].into_iter().flatten().collect()
}

/// A policy.
pub(super) fn policy(directory: &Directory, policy: &PolicyDefined) -> Vec<Field> {
    let targets = |targets: &[Target]| joined(targets, |meant| target(directory, meant));
    let mut fields = Vec::new();
    let PolicyDefined { steps, repeat, fallback, acknowledgement_lapses } = policy;
    for (number, step) in (1..).zip(steps) {
        let Step { page, wait, acknowledgements, hand_over } = step;
        let name = |part: &str| format!("steps[{number}].{part}");
        if let Some(policy) = hand_over {
            fields.push(field(name("hand_over"), policy));
            continue;
        }
        fields.push(field(name("page"), &targets(page)));
        fields.push(field(name("wait"), wait));
        fields.push(field(name("acknowledgements"), acknowledgements));
    }
    fields.push(field("repeat", repeat));
    fields.push(field("fallback", &targets(fallback)));
    let lapses = acknowledgement_lapses.as_ref().map_or_else(|| "never".to_owned(), Span::to_string);
    fields.push(field("acknowledgement_lapses", &lapses));
    fields
}

fn target(directory: &Directory, target: &Target) -> String {
    match target {
        Target::Person(person) => slug(directory, *person),
        Target::Rota { rota, offset: 0 } => format!("rota {rota}"),
        Target::Rota { rota, offset } => format!("rota {rota} offset {offset}"),
        Target::Team(team) => format!("team {team}"),
    }
}

/// A service.
pub(super) fn service(service: &ServiceDefined) -> Vec<Field> {
    let ServiceDefined { name, policy, runbook, reference_only, group_within, group_again_after } = service;
    let mut fields = vec![field("name", name), field("policy", policy)];
    fields.extend(runbook.as_ref().map(|runbook| field("runbook", runbook)));
    fields.push(field("reference_only", reference_only));
    fields.extend(group_within.as_ref().map(|within| field("group_within", within)));
    fields.extend(group_again_after.as_ref().map(|count| field("group_again_after", count)));
    fields
}

/// A source: its key is not told, not even its hash.
pub(super) fn source(source: &SourceDefined) -> Vec<Field> {
    let SourceDefined { kind, key_sha256, key_file, every, grace, service, flood_at, severities } = source;
    let mut fields =
        vec![field("kind", &written(kind)), field("key_file", key_file), hidden("key", key_sha256)];
    fields.extend(every.as_ref().map(|every| field("every", every)));
    fields.extend(grace.as_ref().map(|grace| field("grace", grace)));
    fields.extend(service.as_ref().map(|service| field("service", service)));
    fields.extend(flood_at.as_ref().map(|count| field("flood_at", count)));
    fields.extend((!severities.is_empty()).then(|| field("severities", &mapped(severities))));
    fields
}

/// What words for severities become.
fn mapped(severities: &BTreeMap<String, Severity>) -> String {
    let words = severities.iter().map(|(word, severity)| format!("{word}={}", severity.as_str()));
    words.collect::<Vec<_>>().join(" ")
}

/// All routes.
pub(super) fn routes(routes: &[Route]) -> Vec<Field> {
    let said = |route: &Route| {
        let Route { when, service, severities } = route;
        let mut sets = service.to_string();
        if !severities.is_empty() {
            sets = format!("{sets}, severities {}", mapped(severities));
        }
        let wanted = crate::routing::conditions(when);
        if wanted.is_empty() { sets } else { format!("{}: {sets}", wanted.join(", ")) }
    };
    (1..).zip(routes).map(|(number, route): (u32, _)| field(format!("[{number}]"), &said(route))).collect()
}

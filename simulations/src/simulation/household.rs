//! The house that a seed lives in: people, rotas, policies, services, and how they change.

use std::collections::BTreeMap;

use adapters::channel::address_mistake;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use domain::blueprint::check::{Completeness, check};
use domain::blueprint::mistake::Severity;
use domain::blueprint::{
    Blueprint, ContactPlan, HandoverPlan, LayerPlan, MemberPlan, PersonPlan, PolicyPlan, RotaPlan, RoutePlan,
    RungPlan, ServicePlan, SourcePlan, StepPlan, TargetPlan, TeamPlan,
};
use events::Span;
use events::event::Language;
use events::event::hours::{DAY_MINUTES, Hours};
use events::event::person::ChannelKind;
use events::event::rota::TurnUnit;
use events::event::routes::When;
use events::event::source::SourceKind;
use events::event::team::Handovers;

use super::chance::Chance;
use super::heartbeat::HEARTBEATS;

/// The source that speaks as Alertmanager does.
pub const ALERTMANAGER: &str = "prometheus";
/// The source that posts the house's own shape.
pub const GENERIC: &str = "scripts";

/// The day on which a simulation begins: ordinary days, and days on which some zone changes its clocks.
const DAYS: [(i32, u32, u32); 6] =
    [(2026, 3, 28), (2026, 4, 4), (2026, 10, 3), (2026, 10, 24), (2026, 11, 1), (2026, 11, 20)];

const ZONES: [&str; 6] =
    ["Europe/Berlin", "Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"];

/// Nights, weekends, days, and nearly always across the hour that clocks skip or repeat.
const HOURS: [Hours; 4] = [
    Hours { first: Weekday::Mon, last: Weekday::Fri, from: 18 * 60, until: 8 * 60 },
    Hours { first: Weekday::Sat, last: Weekday::Sun, from: 0, until: DAY_MINUTES },
    Hours { first: Weekday::Mon, last: Weekday::Sun, from: 6 * 60, until: 22 * 60 + 30 },
    Hours { first: Weekday::Fri, last: Weekday::Mon, from: 2 * 60 + 30, until: 60 + 15 },
];

const NAMES: [&str; 8] = ["anna", "bernd", "carla", "dario", "elena", "felix", "giulia", "hans"];

/// The first minute of a simulation: noon, UTC, so that the night of a change lies in its middle.
pub fn first_minute(seed: u64) -> NaiveDateTime {
    let (year, month, day) = Chance::of(seed, "day").pick(&DAYS);
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default().and_time(noon())
}

fn noon() -> NaiveTime {
    NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default()
}

/// The house of a seed at its beginning.
///
/// # Panics
/// When it could not be applied: then this file is wrong.
pub fn furnish(seed: u64) -> Blueprint {
    let mut chance = Chance::of(seed, "household");
    let day = first_minute(seed);
    let people_count = 2 + chance.place(4);
    let names: Vec<String> = NAMES[..people_count].iter().map(|&name| name.to_owned()).collect();
    let mut blueprint = Blueprint::default();
    for (number, name) in names.iter().enumerate() {
        blueprint.people.insert(name.clone(), person(&mut chance, name, number));
    }
    blueprint.teams.insert(
        "ops".to_owned(),
        TeamPlan {
            name: "Operations".to_owned(),
            members: names[..2].to_vec(),
            time_zone: None,
            handovers: Handovers::Silent,
            lead: None,
            test_pages: None,
        },
    );
    for number in 0..=chance.place(2) {
        blueprint.rotas.insert(format!("rota-{number}"), rota(&mut chance, &names, day));
    }
    begin_late(&mut Chance::of(seed, "rotas that begin late"), &mut blueprint, day);
    vary(&mut Chance::of(seed, "varied rotas"), &mut blueprint, &names, day);
    for number in 0..=chance.place(3) {
        let policy = policy(&mut chance, &names, blueprint.rotas.len());
        blueprint.policies.insert(format!("policy-{number}"), policy);
        blueprint.services.insert(format!("service-{number}"), service(&mut chance, number));
    }
    blueprint.sources.insert(ALERTMANAGER.to_owned(), source(SourceKind::Alertmanager, "a"));
    blueprint.sources.insert(GENERIC.to_owned(), source(SourceKind::Generic, "b"));
    for number in 1..blueprint.services.len() {
        let labels = BTreeMap::from([("service".to_owned(), number.to_string())]);
        let when = When { labels, ..When::default() };
        blueprint.routes.push(RoutePlan::to(format!("service-{number}"), when));
    }
    blueprint.routes.push(RoutePlan::to("service-0".to_owned(), When::default()));
    assert_stands(&blueprint);
    blueprint
}

/// Adds sources that say nothing but that they live.
pub fn listen(blueprint: &mut Blueprint) {
    for heartbeat in &HEARTBEATS {
        let plan = SourcePlan {
            every: Some(heartbeat.every),
            grace: Some(heartbeat.grace),
            service: Some("service-0".to_owned()),
            ..source(SourceKind::Heartbeat, heartbeat.name)
        };
        blueprint.sources.insert(heartbeat.name.to_owned(), plan);
    }
}

/// Lets problems of some services become one alert, and calls a few problems a flood.
pub fn group(seed: u64, blueprint: &mut Blueprint) {
    let mut chance = Chance::of(seed, "groups");
    for service in blueprint.services.values_mut() {
        let within = chance.pick(&[1, 5, 30]);
        service.group_within = chance.happens(700).then(|| Span::from_minutes(within));
        service.group_again_after = chance.happens(500).then(|| 1 + u32::from(chance.happens(500)));
    }
    for source in blueprint.sources.values_mut() {
        source.flood_at = chance.happens(600).then(|| 3 + u32::try_from(chance.below(4)).unwrap_or_default());
    }
}

/// The house after one more change, as somebody makes it in the middle of the night. `leaves` lets somebody go.
///
/// # Panics
/// When it could not be applied: then this file is wrong.
pub fn change(chance: &mut Chance, before: &Blueprint, leaves: bool) -> Blueprint {
    let mut blueprint = before.clone();
    let names: Vec<String> = blueprint.people.keys().cloned().collect();
    match chance.below(6) {
        _ if leaves && names.len() > 1 => leave(&mut blueprint, &chance.pick(&names)),
        0 => {
            for rota in blueprint.rotas.values_mut() {
                for layer in &mut rota.layers {
                    layer.members.rotate_left(1);
                }
            }
        }
        1 => {
            for policy in blueprint.policies.values_mut() {
                for step in &mut policy.steps {
                    step.wait = chance.span(Span::from_minutes(1), Span::from_minutes(10));
                    step.wait = Span::from_seconds(step.wait.as_seconds());
                }
            }
        }
        2 => {
            let name = chance.pick(&names);
            let number = NAMES.iter().position(|known| *known == name).unwrap_or_default();
            let person = person(chance, &name, number);
            blueprint.people.insert(name, person);
        }
        3 => {
            let number = names.len() % NAMES.len();
            let name = NAMES[number].to_owned();
            let plan = person(chance, &name, number);
            blueprint.people.entry(name.clone()).or_insert(plan);
            for rota in blueprint.rotas.values_mut() {
                for layer in &mut rota.layers {
                    let member = MemberPlan::always(&name);
                    if !layer.members.contains(&member) {
                        layer.members.insert(0, member);
                    }
                }
            }
        }
        _ => {
            let rotas = blueprint.rotas.len();
            for plan in blueprint.policies.values_mut() {
                *plan = policy(chance, &names, rotas);
            }
        }
    }
    assert_stands(&blueprint);
    blueprint
}

fn assert_stands(blueprint: &Blueprint) {
    let mistakes = check(blueprint, Completeness::Whole, address_mistake);
    let wrong: Vec<_> = mistakes.iter().filter(|mistake| mistake.severity == Severity::Mistake).collect();
    assert!(wrong.is_empty(), "a household that cannot stand: {wrong:?}");
}

fn leave(blueprint: &mut Blueprint, name: &str) {
    blueprint.people.remove(name);
    let somebody = blueprint.people.keys().next().cloned().unwrap_or_default();
    let replace = |members: &mut Vec<String>| {
        members.retain(|member| member != name);
        if members.is_empty() {
            members.push(somebody.clone());
        }
    };
    blueprint.teams.values_mut().for_each(|team| replace(&mut team.members));
    for rota in blueprint.rotas.values_mut() {
        for layer in &mut rota.layers {
            layer.members.retain(|member| !member.people.iter().any(|person| person == name));
            if layer.members.is_empty() {
                layer.members.push(MemberPlan::always(&somebody));
            }
        }
    }
    for policy in blueprint.policies.values_mut() {
        let steps = policy.steps.iter_mut().map(|step| &mut step.page);
        for targets in steps.chain([&mut policy.fallback]) {
            for target in targets {
                if *target == TargetPlan::Person(name.to_owned()) {
                    *target = TargetPlan::Person(somebody.clone());
                }
            }
        }
    }
}

fn person(chance: &mut Chance, name: &str, number: usize) -> PersonPlan {
    let all = [
        ("push", ChannelKind::PUSHOVER, format!("u{number:029}")),
        ("sms", ChannelKind::SMS, format!("+4930{:07}", 1_000_000 + number)),
        ("pager", ChannelKind::PAGER, format!("{}", 7_000 + number)),
    ];
    let count = chance.pick(&[1, 1, 2, 2, 3]);
    let first = chance.place(3);
    let chosen: Vec<_> = (0..count).map(|at| all[(first + at) % 3].clone()).collect();
    let mut after = Span::ZERO;
    let ladder = chosen.iter().map(|(contact, ..)| {
        let rung = RungPlan {
            contact: (*contact).to_owned(),
            after,
            attempts: chance.pick(&[1, 1, 2, 3]),
            every: Span::from_seconds(chance.pick(&[30, 60, 120, 180])),
        };
        after = after + Span::from_seconds(chance.pick(&[30, 60, 120, 300]));
        rung
    });
    let ladder = ladder.collect();
    PersonPlan {
        name: format!("{}{}", name[..1].to_uppercase(), &name[1..]),
        locale: chance.pick(&[Language::En, Language::De, Language::It]),
        time_zone: chance.pick(&ZONES).to_owned(),
        contacts: chosen
            .into_iter()
            .map(|(contact, channel, address)| {
                (contact.to_owned(), ContactPlan { channel, address, via: None })
            })
            .collect(),
        ladder,
    }
}

fn rota(chance: &mut Chance, names: &[String], day: NaiveDateTime) -> RotaPlan {
    let layer = |chance: &mut Chance, members: Vec<String>| {
        let days_ago = i64::try_from(chance.between(3, 16)).unwrap_or_default();
        let quarters = i64::try_from(chance.below(24 * 4)).unwrap_or_default();
        let from = day - chrono::TimeDelta::days(days_ago) - chrono::TimeDelta::hours(12)
            + chrono::TimeDelta::minutes(15 * quarters);
        let (unit, every) = chance.pick(&[
            (TurnUnit::Days, 1),
            (TurnUnit::Weeks, 1),
            (TurnUnit::Hours, 8),
            (TurnUnit::Hours, 5),
        ]);
        let members = members.iter().map(|member| MemberPlan::always(member)).collect();
        LayerPlan { members, handover: HandoverPlan { every, unit, from }, hours: Vec::new() }
    };
    let mut members = names.to_vec();
    members.rotate_left(chance.place(names.len()));
    members.truncate(1 + chance.place(names.len()));
    let mut layers = vec![layer(chance, members)];
    if chance.happens(200) {
        let mut upper = layer(chance, vec![chance.clone().pick(names)]);
        // It begins in the middle of the simulated day.
        upper.handover.from =
            day + chrono::TimeDelta::hours(i64::try_from(chance.below(20)).unwrap_or_default());
        layers.push(upper);
    }
    RotaPlan { team: None, time_zone: chance.pick(&ZONES).to_owned(), layers }
}

/// Lets a rota begin only in the middle of the day: until then nobody is on call by it, and a step may reach nobody.
fn begin_late(chance: &mut Chance, blueprint: &mut Blueprint, day: NaiveDateTime) {
    for rota in blueprint.rotas.values_mut() {
        if chance.happens(60) {
            let from =
                day + chrono::TimeDelta::hours(i64::try_from(chance.between(4, 20)).unwrap_or_default());
            rota.layers.iter_mut().for_each(|layer| layer.handover.from = layer.handover.from.max(from));
        }
    }
}

/// Gives some layers hours of the week, some turns a second person, and lets some people join or leave.
fn vary(chance: &mut Chance, blueprint: &mut Blueprint, names: &[String], day: NaiveDateTime) {
    for layer in blueprint.rotas.values_mut().flat_map(|rota| &mut rota.layers) {
        if chance.happens(150) {
            layer.hours = vec![chance.pick(&HOURS)];
        }
        if chance.happens(100) {
            let second = chance.pick(names);
            let member = chance.place(layer.members.len());
            if !layer.members[member].people.contains(&second) {
                layer.members[member].people.push(second);
            }
        }
        if chance.happens(100) {
            let date = day
                + chrono::TimeDelta::minutes(i64::try_from(chance.below(24 * 4)).unwrap_or_default() * 15);
            let member = chance.place(layer.members.len());
            let leaves = chance.happens(500);
            let member = &mut layer.members[member];
            if leaves { member.until = Some(date) } else { member.from = Some(date) }
        }
    }
}

/// Somebody wants to hear of handovers: half the houses that do want whoever comes to say that they have it.
pub fn announce(seed: u64, blueprint: &mut Blueprint) {
    let mut chance = Chance::of(seed, "announced handovers");
    for team in blueprint.teams.values_mut() {
        team.handovers = chance.pick(&[Handovers::Announced, Handovers::Accepted]);
    }
    for rota in blueprint.rotas.values_mut().filter(|_| chance.happens(700)) {
        rota.team = Some("ops".to_owned());
    }
}

fn policy(chance: &mut Chance, names: &[String], rotas_count: usize) -> PolicyPlan {
    let target = |chance: &mut Chance| match chance.below(5) {
        0 => TargetPlan::Person(chance.pick(names)),
        1 => TargetPlan::Team("ops".to_owned()),
        _ => TargetPlan::Rota {
            rota: format!("rota-{}", chance.place(rotas_count)),
            offset: u32::try_from(chance.below(2)).unwrap_or_default(),
        },
    };
    let steps = (0..=chance.place(3)).map(|_| {
        let page = (0..=chance.place(2)).map(|_| target(chance)).collect();
        StepPlan::paging(page, Span::from_seconds(chance.pick(&[60, 120, 300, 600, 900])))
    });
    let steps: Vec<StepPlan> = steps.collect();
    let fallback =
        if chance.happens(600) { vec![TargetPlan::Person(chance.pick(names))] } else { Vec::new() };
    PolicyPlan {
        steps,
        repeat: u32::try_from(chance.below(2)).unwrap_or_default(),
        fallback,
        acknowledgement_lapses: chance.pick(&[
            None,
            Some(Span::from_minutes(30)),
            Some(Span::from_minutes(120)),
        ]),
    }
}

fn service(chance: &mut Chance, number: usize) -> ServicePlan {
    ServicePlan {
        name: format!("Service {number}"),
        policy: format!("policy-{number}"),
        runbook: chance.happens(300).then(|| "https://wiki.example/runbook".to_owned()),
        reference_only: chance.happens(200),
        group_within: None,
        group_again_after: None,
    }
}

fn source(kind: SourceKind, key: &str) -> SourcePlan {
    SourcePlan {
        kind,
        key_file: format!("{key}.key"),
        key_sha256: Some(domain::directory::key_sha256(&key.repeat(32))),
        every: None,
        grace: None,
        service: None,
        flood_at: None,
        severities: std::collections::BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_household_and_every_change_of_one_can_stand() {
        for seed in 0..300 {
            let mut chance = Chance::of(seed, "changes");
            let mut blueprint = furnish(seed);
            for round in 0..6 {
                blueprint = change(&mut chance, &blueprint, round % 2 == 0);
            }
        }
    }
}

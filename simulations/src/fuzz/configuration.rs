//! The house's files and the node's.
//!
//! Input of the house: the file. Input of the node: the file, then a line `%%`, then `NAME=VALUE` of the environment
//! in each line.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use adapters::boot::{BootConfiguration, ChannelPlan};
use adapters::channel::RateLimit;
use adapters::channel::pushover::PushoverConfig;
use adapters::channel::snpp::SnppConfig;
use adapters::channel::tap::TapConfig;
use adapters::channel::twilio::TwilioConfig;
use adapters::configuration::{ConfigurationFile, DEPTH_MAX, Reading, read, say, write_yaml};
use domain::alert::limit::SEND_TIMEOUT_MAX;
use domain::blueprint::check::{Completeness, is_id};
use domain::blueprint::mistake::What;
use domain::blueprint::{Blueprint, export, limit};
use domain::directory::Directory;
use domain::plan::{How, Plan};
use events::PersonId;
use i18n::Locale;
use serde_json::Value;

use super::claim::{is_said, is_within};
use super::shape;

/// What stands in every secret's file. It is never printed.
const SECRET: &str = "canary-9f86d081884c7d65";

/// The house in YAML.
pub fn yaml(input: &[u8]) {
    house("house.yaml", &shape::lossy(input));
}

/// The house in JSON.
pub fn json(input: &[u8]) {
    let text = &*shape::lossy(input);
    let reading = house("house.json", text);
    let is_json = serde_json::from_str::<Value>(text).is_ok_and(|value| depth(&value) <= DEPTH_MAX);
    let refused = reading.mistakes.iter().find(|mistake| matches!(mistake.what, What::Syntax { .. }));
    assert!(!is_json || refused.is_none(), "JSON is JSON: {refused:?}");
}

/// The house in TOML.
pub fn toml(input: &[u8]) {
    house("house.toml", &shape::lossy(input));
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

fn house(name: &str, text: &str) -> Reading {
    let file = ConfigurationFile { name: name.to_owned(), text: text.to_owned() };
    let files = std::slice::from_ref(&file);
    let reading = read(files).checked(Completeness::Whole);
    let again = read(files).checked(Completeness::Whole);
    assert_eq!(reading.blueprint, again.blueprint, "the same file is read the same twice");
    assert_eq!(reading.mistakes, again.mistakes, "the same file is wrong the same twice");
    assert!(reading.mistakes.len() <= limit::MISTAKES_MAX + 1, "{} mistakes", reading.mistakes.len());
    for mistake in &reading.mistakes {
        for locale in Locale::ALL {
            is_said(&say(mistake, locale));
        }
        let has_place = mistake.place.is_some() || matches!(mistake.what, What::NothingDefined);
        assert!(has_place, "a mistake has a place: {mistake:?}");
    }
    if reading.is_sound() {
        check_limits(&reading.blueprint);
        check_written(&reading.blueprint);
        check_planned(&reading.blueprint);
    }
    reading
}

/// What can stand is of a bearable size, and goes by names.
fn check_limits(blueprint: &Blueprint) {
    let Blueprint { people, teams, rotas, policies, services, sources, routes } = blueprint;
    for (what, count, max) in [
        ("people", people.len(), limit::PEOPLE_MAX),
        ("teams", teams.len(), limit::TEAMS_MAX),
        ("rotas", rotas.len(), limit::ROTAS_MAX),
        ("policies", policies.len(), limit::POLICIES_MAX),
        ("services", services.len(), limit::SERVICES_MAX),
        ("sources", sources.len(), limit::SOURCES_MAX),
        ("routes", routes.len(), limit::ROUTES_MAX),
    ] {
        assert!(count <= max, "{count} {what}");
    }
    let names = people.keys().chain(teams.keys()).chain(rotas.keys()).chain(policies.keys());
    names.chain(services.keys()).chain(sources.keys()).for_each(|name| assert!(is_id(name), "{name:?}"));
    for person in people.values() {
        is_within(&person.name, limit::NAME_CHARS_MAX, "a name");
        assert!(person.ladder.len() <= limit::RUNGS_PER_LADDER_MAX);
        for rung in &person.ladder {
            assert!((1..=limit::ATTEMPTS_PER_RUNG_MAX).contains(&rung.attempts), "{rung:?}");
            assert!(rung.after <= limit::SPAN_MAX && rung.every <= limit::SPAN_MAX, "{rung:?}");
            assert!(person.contacts.contains_key(&rung.contact), "{rung:?}");
        }
    }
    for policy in policies.values() {
        assert!((1..=limit::STEPS_PER_POLICY_MAX).contains(&policy.steps.len()), "{policy:?}");
        assert!(policy.repeat <= limit::REPEAT_MAX, "{policy:?}");
        assert!(policy.steps.iter().all(|step| step.wait <= limit::SPAN_MAX), "{policy:?}");
    }
}

/// What was read and is written reads the same, but for the keys, which stand in files of their own.
fn check_written(blueprint: &Blueprint) {
    let text = write_yaml(blueprint);
    let file = ConfigurationFile { name: "written.yaml".to_owned(), text };
    let again = read(std::slice::from_ref(&file)).checked(Completeness::Whole);
    assert!(again.is_sound(), "what is written can be read: {:?}\n{}", again.mistakes, file.text);
    assert_eq!(again.blueprint, *blueprint, "and says the same:\n{}", file.text);
}

/// What is carried out is there: there is nothing left to do, and the way back leads to the same.
fn check_planned(blueprint: &Blueprint) {
    let mut minted = 0_u8;
    let mut mint = || {
        minted = minted.wrapping_add(1);
        PersonId::from_bytes([minted; 16])
    };
    if blueprint.people.len() > usize::from(u8::MAX) {
        return;
    }
    let plan = Plan::between(&Directory::default(), blueprint, &mut mint);
    let mut directory = Directory::default();
    for change in &plan.changes {
        assert_ne!(change.how, How::Removed, "nothing goes where nothing was");
        change.imagine(&mut directory);
    }
    let rest = Plan::between(&directory, blueprint, &mut mint);
    assert!(rest.changes.is_empty(), "nothing is left to do: {:?}", rest.changes);
    let back = export::blueprint(&directory);
    let rest = Plan::between(&directory, &back, &mut mint);
    assert!(rest.changes.is_empty(), "the way back leads to the same: {:?}", rest.changes);
}

/// The node's file and environment.
pub fn boot(input: &[u8]) {
    let whole = shape::lossy(input);
    let (file, variables) = whole.split_once("\n%%\n").unwrap_or((&whole, ""));
    let environment: BTreeMap<String, String> = variables
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let read = || {
        let secrets = |_: &Path| Ok(Some(SECRET.as_bytes().to_vec()));
        BootConfiguration::read_with(Path::new("/etc/hotpotato.toml"), file, &environment, &secrets)
    };
    let (printed, again) = (format!("{:?}", read()), format!("{:?}", read()));
    assert_eq!(printed, again, "the same file is read the same twice");
    assert!(whole.contains(SECRET) || !printed.contains(SECRET), "a secret is not printed: {printed}");
    match read() {
        Ok(boot) => check_boot(&boot),
        Err(error) => is_said(&error.to_string()),
    }
}

fn check_boot(boot: &BootConfiguration) {
    let urls = boot.channels.iter().filter_map(|channel| {
        let push = channel.of::<PushoverConfig>().map(|config| &config.base_url);
        push.or_else(|| channel.of::<TwilioConfig>().map(|config| &config.base_url))
    });
    for url in boot.public_url.iter().chain(urls) {
        assert!(url.starts_with("https://") || url.starts_with("http://"), "{url:?}");
        assert!(url.bytes().all(|byte| byte.is_ascii_graphic()) && !url.ends_with('/'), "{url:?}");
    }
    for channel in &boot.channels {
        assert!(is_id(channel.id.as_str()), "{channel:?}");
    }
    for config in boot.channels.iter().filter_map(ChannelPlan::of::<PushoverConfig>) {
        check_pace(config.rate, config.timeout);
        check_secret(config.token.expose());
    }
    for config in boot.channels.iter().filter_map(ChannelPlan::of::<TwilioConfig>) {
        check_pace(config.rate, config.timeout);
        check_secret(config.auth_token.expose());
        assert!(config.account_sid.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{config:?}");
    }
    for config in boot.channels.iter().filter_map(ChannelPlan::of::<SnppConfig>) {
        check_pace(config.rate, config.timeout);
        assert!(config.address.bytes().all(|byte| byte.is_ascii_graphic()), "{config:?}");
        assert!((20..=2_000).contains(&config.chars_max), "{config:?}");
    }
    for config in boot.channels.iter().filter_map(ChannelPlan::of::<TapConfig>) {
        check_pace(config.rate, config.timeout);
        assert!(config.address.bytes().all(|byte| byte.is_ascii_graphic()), "{config:?}");
        assert!((20..=2_000).contains(&config.chars_max), "{config:?}");
        assert!(config.dial.iter().all(|line| line.as_str().is_ascii()), "{config:?}");
    }
    boot.warnings.iter().for_each(|warning| is_said(warning));
    for operator in &boot.operators {
        assert!(operator.via.as_ref().is_none_or(|via| is_id(via.as_str())), "{operator:?}");
        assert!(!operator.address.is_empty(), "{operator:?}");
        assert!(operator.address.bytes().all(|byte| byte.is_ascii_graphic()), "{operator:?}");
    }
}

fn check_pace(rate: RateLimit, timeout: Duration) {
    assert!(rate.per_second > 0.0 && rate.per_second <= 1_000.0, "{rate:?}");
    assert!((1..=10_000).contains(&rate.burst), "{rate:?}");
    assert!(timeout > Duration::ZERO && timeout <= SEND_TIMEOUT_MAX.into(), "{timeout:?}");
}

fn check_secret(secret: &str) {
    assert!(!secret.is_empty() && secret.trim() == secret, "a secret is something");
}

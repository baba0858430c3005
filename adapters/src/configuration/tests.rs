mod disk;
mod hostile;
mod mistakes;
mod rotas;
mod round_trip;

use super::*;

/// The contract's own example.
pub(super) const HOUSE: &str = r#"people:
  anna:
    name: Anna Rossi
    locale: it                      # en, de, it: every page, call and page text to Anna is in this language
    time_zone: Europe/Rome          # IANA name
    contacts:
      push:  { pushover: "uQiRzpo4DXghDmr9QzzfQu27cmVRsG" }
      sms:   { sms: "+393331234567" }
      pager: { pager: "7311", via: snpp-main }
    ladder:                         # how Anna is reached once she is paged
      - { contact: push,  after: 0s }
      - { contact: sms,   after: 2m, attempts: 2, every: 2m }
      - { contact: pager, after: 6m }
  bernd: { name: Bernd, locale: de, time_zone: Europe/Berlin, contacts: { sms: { sms: "+4930123456" } } }
  callum: { name: Callum, time_zone: Europe/London, contacts: { sms: { sms: "+447700900123" } } }
teams:
  sysadmin: { name: Sysadmins, members: [anna, bernd, callum], time_zone: Europe/Berlin }
rotas:
  sysadmin-primary:
    team: sysadmin
    time_zone: Europe/Berlin
    layers:                         # later layers win where they have somebody
      - members: [anna, bernd, callum]
        handover: { every: 1w, from: "2026-11-02T09:00" }   # Mondays at 09:00, Berlin time
      - members: [bernd]
        handover: { every: 1d, from: "2026-11-02T18:00" }
        hours: ["Mon-Fri 18:00-08:00", "Sat-Sun 00:00-24:00"]   # only then; may cross midnight
policies:
  default:
    steps:
      - { page: [{ rota: sysadmin-primary }], wait: 10m }
      - { page: [{ rota: sysadmin-primary, offset: 1 }, { person: callum }], wait: 10m }
      - { page: [{ team: sysadmin }], wait: 15m }               # everyone
    repeat: 2
    fallback: [{ person: anna }]
    acknowledgement_lapses: 30m
services:
  shop: { name: Web shop, policy: default, runbook: "https://wiki.example/shop" }
sources:
  prometheus: { kind: alertmanager, key_file: keys/prometheus }
  datacentre-a: { kind: heartbeat, key_file: keys/dc-a, every: 1m, grace: 2m, service: shop }
routes:                             # first match wins; the last one has no `when`
  - { when: { source: prometheus, labels: { team: payments } }, service: shop }
  - { service: shop }
"#;

/// The same house as TOML.
const HOUSE_TOML: &str = r#"
routes = [
  { when = { source = "prometheus", labels = { team = "payments" } }, service = "shop" },
  { service = "shop" },
]

[people.anna]
name = "Anna Rossi"
locale = "it"
time_zone = "Europe/Rome"
ladder = [
  { contact = "push", after = "0s" },
  { contact = "sms", after = "2m", attempts = 2, every = "2m" },
  { contact = "pager", after = "6m" },
]
[people.anna.contacts]
push = { pushover = "uQiRzpo4DXghDmr9QzzfQu27cmVRsG" }
sms = { sms = "+393331234567" }
pager = { pager = 7311, via = "snpp-main" }
[people.bernd]
name = "Bernd"
locale = "de"
time_zone = "Europe/Berlin"
contacts.sms.sms = "+4930123456"
[people.callum]
name = "Callum"
time_zone = "Europe/London"
contacts.sms.sms = "+447700900123"

[teams.sysadmin]
name = "Sysadmins"
members = ["anna", "bernd", "callum"]
time_zone = "Europe/Berlin"

[rotas.sysadmin-primary]
team = "sysadmin"
time_zone = "Europe/Berlin"
[[rotas.sysadmin-primary.layers]]
members = ["anna", "bernd", "callum"]
handover = { every = "1w", from = "2026-11-02T09:00" }
[[rotas.sysadmin-primary.layers]]
members = ["bernd"]
handover = { every = "1d", from = 2026-11-02T18:00:00 }
hours = ["Mon-Fri 18:00-08:00", "Sat-Sun 00:00-24:00"]

[policies.default]
repeat = 2
fallback = [{ person = "anna" }]
acknowledgement_lapses = "30m"
[[policies.default.steps]]
page = [{ rota = "sysadmin-primary" }]
wait = "10m"
[[policies.default.steps]]
page = [{ rota = "sysadmin-primary", offset = 1 }, { person = "callum" }]
wait = "10m"
[[policies.default.steps]]
page = [{ team = "sysadmin" }]
wait = "15m"

[services.shop]
name = "Web shop"
policy = "default"
runbook = "https://wiki.example/shop"

[sources]
prometheus = { kind = "alertmanager", key_file = "keys/prometheus" }
datacentre-a = { kind = "heartbeat", key_file = "keys/dc-a", every = "1m", grace = "2m", service = "shop" }
"#;

fn file(name: &str, text: &str) -> ConfigurationFile {
    ConfigurationFile { name: name.to_owned(), text: text.to_owned() }
}

fn read_one(name: &str, text: &str) -> Reading {
    read(&[file(name, text)])
}

/// Every mistake as one line of English.
fn said(reading: &Reading) -> Vec<String> {
    reading.mistakes.iter().map(|mistake| say(mistake, i18n::Locale::En)).collect()
}

/// A tree as JSON, for the same house in a third form.
fn json(node: &node::Node) -> serde_json::Value {
    match &node.value {
        node::Value::Scalar { text, plain: true } if text.parse::<u32>().is_ok() => {
            text.parse::<u32>().unwrap_or_default().into()
        }
        node::Value::Scalar { text, .. } => text.clone().into(),
        node::Value::List(nodes) => nodes.iter().map(json).collect(),
        node::Value::Map(entries) => {
            entries.iter().map(|entry| (entry.key.clone(), json(&entry.node))).collect()
        }
    }
}

#[test]
fn the_contracts_example_reads() {
    let reading = read_one("house.yaml", HOUSE).checked(Completeness::Whole);
    assert_eq!(said(&reading), [""; 0]);
    assert!(reading.is_sound());
    let anna = &reading.blueprint.people["anna"];
    assert_eq!((anna.name.as_str(), anna.ladder.len(), anna.ladder[1].attempts), ("Anna Rossi", 3, 2));
    let policy = &reading.blueprint.policies["default"];
    assert_eq!((policy.steps.len(), policy.repeat), (3, 2));
    assert_eq!(policy.acknowledgement_lapses, Some(events::Span::from_minutes(30)));
}

#[test]
fn json_and_toml_mean_the_same_as_yaml() {
    let yaml = read_one("house.yaml", HOUSE);
    let toml = read_one("house.toml", HOUSE_TOML);
    assert_eq!(said(&toml), [""; 0]);
    assert_eq!(toml.blueprint, yaml.blueprint);
    let (root, _) = yaml::parse(HOUSE);
    let tree = json(&root.expect("a tree"));
    for text in [
        serde_json::to_string(&tree).expect("JSON"),
        serde_json::to_string_pretty(&tree).expect("JSON").replace("  ", "\t"),
        serde_json::to_string_pretty(&tree).expect("JSON").replace("\": ", "\":\t"),
    ] {
        let json = read_one("house.json", &text);
        assert_eq!(said(&json), [""; 0], "{text}");
        assert_eq!(json.blueprint, yaml.blueprint);
    }
    let escaped = read_one(
        "a.json",
        r#"{ "people": { "anna": { "name": "\ud83e\udd54 \u00c4", "time_zone": "UTC" } } }"#,
    );
    assert_eq!(escaped.blueprint.people["anna"].name, "🥔 Ä");
}

#[test]
fn several_files_are_one_house() {
    let parts = [
        file(
            "people.yaml",
            "people:\n  anna: { time_zone: UTC }\nroutes:\n- { when: { source: a }, service: one }\n",
        ),
        file("teams.yaml", "teams: { t: { members: [anna] } }\nroutes:\n- { service: two }\n"),
        file("empty.yaml", "# nothing yet\n"),
    ];
    let reading = read(&parts);
    assert_eq!(said(&reading), [""; 0]);
    let services: Vec<_> = reading.blueprint.routes.iter().map(|route| route.service.as_str()).collect();
    assert_eq!(services, ["one", "two"]);
    let second = Path::of(["routes"]).index(1);
    assert_eq!(reading.places.find(&second).map(ToString::to_string).as_deref(), Some("teams.yaml:3:3"));
}

#[test]
fn what_files_leave_out_has_its_default() {
    let reading = read_one(
        "h.yaml",
        "people: { anna: { contacts: { p: { pager: 0042 } }, ladder: [{ contact: p }] } }\n\
         policies: { a: { steps: [{ page: [{ person: anna }], wait: 1m }] }, b: { steps: [], acknowledgement_lapses: never } }\n",
    );
    let anna = &reading.blueprint.people["anna"];
    assert_eq!((anna.name.as_str(), anna.time_zone.as_str()), ("anna", "UTC"));
    assert_eq!(anna.contacts["p"].address, "0042");
    let rung = &anna.ladder[0];
    assert_eq!((rung.after.as_seconds(), rung.attempts, rung.every.as_seconds()), (0, 1, 120));
    let lapses = |name: &str| reading.blueprint.policies[name].acknowledgement_lapses;
    assert_eq!(lapses("a"), Some(domain::blueprint::default::ACKNOWLEDGEMENT_LAPSES));
    assert_eq!(lapses("b"), None);
    assert_eq!(
        said(&reading),
        ["h.yaml:1:11: warning: people.anna.time_zone: There is no \"time_zone\"; times are told in UTC. \
          Add the person's own, for example: time_zone: Europe/Berlin"]
    );
}

#[test]
fn every_mistake_is_said_in_every_language() {
    let reading = read_one("house.yaml", "people: { anna: { nmae: x } }").checked(Completeness::Whole);
    for (locale, expected) in [
        (
            i18n::Locale::En,
            "\"nmae\" means nothing here. Possible: name, locale, time_zone, contacts, ladder. Did you mean \"name\"?",
        ),
        (
            i18n::Locale::De,
            "\"nmae\" bedeutet hier nichts. Möglich: name, locale, time_zone, contacts, ladder. Ist \"name\" gemeint?",
        ),
        (
            i18n::Locale::It,
            "\"nmae\" qui non ha significato. Possibili: name, locale, time_zone, contacts, ladder. Forse \"name\"?",
        ),
    ] {
        let line = say(&reading.mistakes[1], locale);
        assert_eq!(line, format!("house.yaml:1:19: people.anna.nmae: {expected}"));
    }
}

#[test]
fn what_a_house_will_lack_is_said_with_its_place_and_in_the_readers_language() {
    let day = HOUSE.replace(
        "from: \"2026-11-02T09:00\" }",
        "from: \"2026-11-02T02:30\" }\n        hours: [\"Mon-Fri 08:00-18:00\"]",
    );
    let day = day.replace("Sat-Sun 00:00-24:00", "Sat 00:00-24:00");
    let reading = read(&[file("house.yaml", &day)]).checked(Completeness::Part);
    let before = reading.mistakes.len();
    let now = Timestamp::parse_rfc3339("2026-11-20T00:00:00Z").expect("RFC 3339");
    let ahead = reading.looking_ahead(now);
    let said: Vec<String> = ahead.mistakes.iter().map(|mistake| say(mistake, i18n::Locale::En)).collect();
    assert!(ahead.is_sound(), "{said:#?}");
    assert_eq!(said.len(), before + 3, "{said:#?}");
    let thin = said.iter().filter(|said| said.contains("over one channel only")).count();
    assert_eq!(thin, 2, "{said:#?}");
    let first = said.iter().find(|said| said.contains("steps[0]")).expect("the first step");
    assert!(
        first.contains("reaches nobody 9 times, first from Sun 22 Nov, 00:00 until Mon 23 Nov, 08:00"),
        "{first}"
    );
    let spring = Timestamp::parse_rfc3339("2027-03-01T00:00:00Z").expect("RFC 3339");
    let weekly = HOUSE.replace("from: \"2026-11-02T09:00\"", "from: \"2026-11-01T02:30\"");
    let ahead = read(&[file("house.yaml", &weekly)]).checked(Completeness::Part).looking_ahead(spring);
    let said: Vec<String> = ahead.mistakes.iter().map(|mistake| say(mistake, i18n::Locale::De)).collect();
    assert!(said.iter().any(|said| said.contains("So 28.03., 03:00")), "{said:#?}");
}

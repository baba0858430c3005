//! What is said of routes, by a house as files describe it.

use adapters::configuration::{ConfigurationFile, read};
use domain::blueprint::check::Completeness;
use domain::plan::imagined;

use super::*;

const HOUSE: &str = r#"
sources:
  prometheus: { kind: alertmanager, key_file: keys/prometheus, severities: { disaster: critical } }
  goat: { kind: opsgenie, key_file: keys/goat }
  beat: { kind: heartbeat, key_file: keys/beat, every: 1m, service: racks }
services:
  shop: { name: Web shop, policy: default }
  racks: { name: Racks, policy: slow }
routes:
  - { when: { source: goat }, service: racks }
  - when:
      source: [prometheus, goat]
      labels: { host: { regex: "db[0-9]+" }, team: payments }
      severity: [error, critical]
      text: disk
      hours: ["Mon-Fri 08:00-18:00"]
      time_zone: Europe/Berlin
    service: racks
    severities: { critical: error }
  - { service: shop }
"#;

/// Monday, at noon in Berlin.
const NOON: &str = "2026-11-23T11:00:00Z";

fn house() -> Directory {
    let file = ConfigurationFile { name: "house.yaml".to_owned(), text: HOUSE.to_owned() };
    let reading = read(&[file]).checked(Completeness::Part);
    assert!(reading.is_sound(), "{:?}", reading.mistakes);
    imagined(&reading.blueprint)
}

fn asked(source: &str) -> Question {
    Question { source: source.to_owned(), ..Question::default() }
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).expect("a moment")
}

fn answered(question: &Question, moment: &str) -> Value {
    json!(answer(&house(), question, at(moment)).expect("an answer"))
}

#[test]
fn every_route_says_why_and_every_step_of_the_severity_is_told() {
    let question = Question {
        summary: Some("disk full".to_owned()),
        severity: Some("Disaster".to_owned()),
        labels: BTreeMap::from([
            ("host".to_owned(), "db7".to_owned()),
            ("team".to_owned(), "payments".to_owned()),
        ]),
        ..asked("prometheus")
    };
    let answer = answered(&question, NOON);
    let signal = &answer["signals"][0];
    assert_eq!(
        signal["severity"],
        json!({ "said": "Disaster", "read": "error", "of_source": "critical", "becomes": "error" })
    );
    assert_eq!(
        (&signal["route"], &signal["service"], &signal["policy"]),
        (&json!(2), &json!("racks"), &json!("slow"))
    );
    let verdicts: Vec<&str> = signal["routes"]
        .as_array()
        .expect("routes")
        .iter()
        .filter_map(|route| route["verdict"].as_str())
        .collect();
    assert_eq!(verdicts, ["missed", "taken", "not_asked"]);
    assert_eq!(
        signal["routes"][1]["when"],
        json!([
            "source prometheus, goat",
            "team=payments",
            "host=~db[0-9]+",
            "severity error, critical",
            "text disk",
            "hours Mon-Fri 08:00-18:00 Europe/Berlin"
        ])
    );
}

#[test]
fn each_condition_that_does_not_hold_says_what_there_is() {
    let question = Question {
        summary: Some("late".to_owned()),
        severity: Some("info".to_owned()),
        labels: BTreeMap::from([("team".to_owned(), "web".to_owned())]),
        ..asked("prometheus")
    };
    let answer = answered(&question, "2026-11-23T17:00:00Z");
    assert_eq!(
        answer["signals"][0]["routes"][1]["misses"],
        json!([
            { "condition": "severity", "wanted": "error, critical", "found": "info" },
            { "condition": "label", "label": "team", "wanted": "payments", "found": "web" },
            { "condition": "hours", "wanted": "Mon-Fri 08:00-18:00 Europe/Berlin", "found": "Mon 2026-11-23 18:00" },
            { "condition": "label", "label": "host", "wanted": "~ db[0-9]+", "found": null },
            { "condition": "text", "wanted": "disk", "found": "late" },
        ])
    );
    assert_eq!(answer["signals"][0]["service"], "shop");
}

#[test]
fn a_body_is_read_as_its_source_sends_it() {
    let body = json!({ "alerts": [
        { "status": "firing", "labels": { "alertname": "A", "severity": "DISASTER" }, "fingerprint": "a" },
        { "status": "resolved", "labels": { "alertname": "B" }, "fingerprint": "b" },
    ] });
    for body in [body.clone(), Value::String(body.to_string())] {
        let answer = answered(&Question { body: Some(body), ..asked("prometheus") }, NOON);
        assert_eq!(answer["signals"].as_array().map(Vec::len), Some(2));
        assert_eq!(answer["signals"][0]["severity"]["of_source"], "critical");
        assert_eq!(
            (&answer["signals"][1]["status"], &answer["signals"][1]["dedup_key"]),
            (&json!("resolved"), &json!("b"))
        );
    }
    let priority = Question { severity: Some("P1".to_owned()), ..asked("goat") };
    assert_eq!(answered(&priority, NOON)["signals"][0]["severity"]["read"], "critical");
    let silence = answered(&asked("beat"), NOON);
    assert_eq!(
        (&silence["signals"][0]["route"], &silence["signals"][0]["service"]),
        (&json!(0), &json!("racks"))
    );
}

#[test]
fn what_cannot_be_answered_says_why() {
    let house = house();
    let refused =
        |question: &Question| answer(&house, question, at(NOON)).expect_err("no answer").to_string();
    assert_eq!(refused(&asked("nobody")), "there is no source \"nobody\"");
    let malformed = Question { body: Some(json!({})), ..asked("prometheus") };
    assert!(refused(&malformed).contains("`alerts` is missing"), "{}", refused(&malformed));
    let twice = Question { severity: Some("P1".to_owned()), ..malformed };
    assert!(refused(&twice).starts_with("send either a `body`"), "{}", refused(&twice));
}

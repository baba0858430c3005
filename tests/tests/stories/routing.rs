//! Where alerts go, and `route test`, which says why before anything happens. The routes are those of `docs/routing.md`.

use reqwest::Method;
use serde_json::{Value, json};

use tests::house::House;
use tests::household::{ANNA, Household};
use tests::manual;

/// What Alertmanager 0.25 posted, in a capture: two alerts of the team `payments`.
const CAPTURE: &str = "../tests/fixtures/am-webhook-002-hook.json";

fn captured() -> Value {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(CAPTURE);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let capture: Value = serde_json::from_str(&text).expect("JSON");
    capture["body"].clone()
}

/// The people of the stories with the services, sources and routes of the manual.
fn write(house: &House, changes: &[(&str, &str)]) {
    let usual = Household::default().yaml();
    let (people, _) = usual.split_once("services:").expect("the services follow the people");
    let shown = manual::configuration("routing.md", "yaml", changes);
    std::fs::write(house.path("house.yaml"), format!("{people}{shown}")).expect("a file can be written");
}

/// What each route says, where the signal goes, and how bad it is there.
fn outcome(signal: &Value) -> Value {
    let routes = signal["routes"].as_array().expect("routes");
    let verdicts: Vec<&Value> = routes.iter().map(|route| &route["verdict"]).collect();
    json!([verdicts, signal["service"], signal["severity"]["becomes"]])
}

#[tokio::test]
async fn what_is_shown_goes_where_the_manual_says_and_the_alert_keeps_why() {
    let mut house = House::with(Household::default()).await;
    write(&house, &[]);
    house.cli(&["check", "house.yaml"]).await.done();
    house.apply().await.done();

    let staging = json!({ "summary": "disk full", "dedup_key": "d", "severity": "critical", "labels": { "env": "staging" } });
    house.post_generic(&staging).await.ok();
    // A warning rings nobody out of bed: there is no receipt to cancel.
    assert_eq!(house.page(ANNA.push).await.receipt, None);
    let alert = house.listed("disk full").await;
    let shown = house.api(Method::GET, &format!("/alerts/{}", alert.id), None).await.json();
    assert_eq!((&shown["severity"], &shown["route"]), (&json!("warning"), &json!(1)), "{shown}");
    let timeline = house.timeline(&alert.id).await;
    assert!(
        timeline[0].1.contains("What can wait") && timeline[0].1.contains("\"critical\""),
        "{timeline:?}"
    );

    // What is decided stays so, whatever becomes of the routes.
    write(&house, &[("severities: { critical: warning, error: warning }", "severities: { critical: info }")]);
    house.apply().await.done();
    let again = house.api(Method::GET, &format!("/alerts/{}", alert.id), None).await.json();
    assert_eq!((&again["severity"], &again["route"]), (&json!("warning"), &json!(1)), "{again}");
    house.cli(&["alert", "resolve", &alert.id]).await.done();
    house.finish().await;
}

#[tokio::test]
async fn a_test_of_the_routes_explains_a_real_body_with_and_without_a_server() {
    let house = House::with(Household::default()).await;
    write(&house, &[]);
    let mut body = captured();
    body["alerts"][0]["labels"]["host"] = "db-7".into();
    body["alerts"][1]["labels"]["severity"] = "ticket".into();
    body["alerts"][1]["annotations"]["summary"] = "Backup of search is late".into();
    std::fs::write(house.path("alert.json"), body.to_string()).expect("a file can be written");
    let by_file =
        ["route", "test", "--source", "prometheus", "alert.json", "--file", "house.yaml", "--format", "json"];

    let night = [&by_file[..], &["--at", "2026-11-23T20:00:00+01:00"]].concat();
    let alone = house.cli(&night).await.json();
    let signals = alone["signals"].as_array().expect("signals");
    assert_eq!(
        outcome(&signals[0]),
        json!([["missed", "taken", "not_asked", "not_asked"], "racks", "critical"])
    );
    assert_eq!(outcome(&signals[1]), json!([["missed", "missed", "taken", "not_asked"], "later", "warning"]));
    assert_eq!(signals[1]["severity"]["said"], "ticket");

    // A minute before eight in the evening it is still the day's business.
    let day = [&by_file[..], &["--at", "2026-11-23T19:59:00+01:00"]].concat();
    let early = house.cli(&day).await.json();
    assert_eq!(early["signals"][1]["service"], "shop");
    let missed = &early["signals"][1]["routes"][2]["misses"];
    assert_eq!(missed[0]["condition"], "hours", "{missed}");
    assert_eq!(missed[0]["found"], "Mon 2026-11-23 19:59");

    house.apply().await.done();
    let asked: Vec<&str> =
        night.iter().copied().filter(|word| !["--file", "house.yaml"].contains(word)).collect();
    assert_eq!(house.cli(&asked).await.json(), alone, "the house answers as its files do");
    assert_eq!(house.open().await.len(), 0, "nothing was taken");
    house.finish().await;
}

#[tokio::test]
async fn a_test_of_the_routes_reads_well_in_three_languages() {
    let house = House::with(Household::default()).await;
    write(&house, &[]);
    let asked = |language| {
        let words = "route test --source scripts --label env=prod --severity Disaster --text late --file house.yaml --lang";
        [&words.split(' ').collect::<Vec<_>>()[..], &[language]].concat()
    };
    for (language, words) in [
        (
            "en",
            [
                "env is \"prod\", not \"staging\"",
                "Severity: \"Disaster\" → error",
                "takes it",
                "Goes to service shop, policy default, as error.",
            ],
        ),
        (
            "de",
            [
                "env ist \"prod\", nicht \"staging\"",
                "Schwere: \"Disaster\" → ",
                "nimmt sie",
                "Geht an den Dienst shop",
            ],
        ),
        (
            "it",
            [
                "env è \"prod\", non \"staging\"",
                "Gravità: \"Disaster\" → ",
                "lo prende",
                "Va al servizio shop",
            ],
        ),
    ] {
        let said = house.cli(&asked(language)).await;
        for word in words {
            assert!(said.done().contains(word), "{word}: {said:#?}");
        }
    }
    let english = house.cli(&asked("en")).await.done().to_owned();
    assert!(
        english
            .contains("source is scripts, not prometheus; host is missing, should be \"~ db-[0-9]+|disk.*\""),
        "{english}"
    );
    house.cli(&["route", "test", "--source", "promethues", "--file", "house.yaml"]).await.refused(1);
    house.finish().await;
}

#[tokio::test]
async fn what_is_wrong_with_routes_is_said_with_its_place() {
    let house = House::with(Household::default()).await;
    for (from, to, words) in [
        ("regex: \"db-[0-9]+|disk.*\"", "regex: \"db-(\"", "unclosed group"),
        (
            "time_zone: Europe/Berlin\n    service: later",
            "time_zone: Europe/Berln\n    service: later",
            "Europe/Berlin",
        ),
        ("  - { service: shop }", "", "End the list with a route without"),
        ("    service: racks", "    service: rakcs", "racks"),
        ("  # Staging wakes nobody.", "  - { service: shop }", "This route never matches: route 1"),
    ] {
        write(&house, &[(from, to)]);
        let said = house.cli(&["check", "house.yaml"]).await;
        let lines: Vec<&str> = said.out.lines().chain(said.err.lines()).collect();
        let found =
            lines.iter().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {said:#?}"));
        let numbers: Vec<&str> = found.trim_start_matches("house.yaml:").split(':').take(2).collect();
        assert!(numbers.iter().all(|number| number.parse::<u32>().is_ok()), "line and column: {found}");
        assert_eq!(said.code, Some(i32::from(!words.contains("never"))), "{said:#?}");
    }
    house.finish().await;
}

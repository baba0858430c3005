//! Who may do what: tokens with a role, some of a person, some for a while.

use reqwest::Method;
use serde_json::json;
use tests::cli::Said;
use tests::house::House;
use tests::household::{ANNA, Household};
use tests::{wait, web};

/// A rota of the team, and one that is nobody's.
const ROTAS: &str = "rotas:
  primary: { team: sysadmin, time_zone: Europe/Berlin, layers: [{ members: [anna], handover: { every: 1w, from: \"2026-03-23T09:00\" } }] }
  cables: { time_zone: Europe/Berlin, layers: [{ members: [bernd], handover: { every: 1w, from: \"2026-03-23T09:00\" } }] }
";

/// Issues a token as the owner; its secret is all that stands on standard output.
async fn issue(house: &House, arguments: &[&str]) -> String {
    let issued = house.cli(&[&["token", "issue"], arguments].concat()).await;
    let secret = issued.done().strip_suffix('\n').expect("a line").to_owned();
    assert!(secret.starts_with("hotpotato_") && !secret.contains(char::is_whitespace), "{issued:#?}");
    assert!(issued.err.contains("shown this once") && !issued.err.contains(&secret), "{issued:#?}");
    secret
}

/// Runs a command with a token.
async fn with(house: &House, secret: &str, arguments: &[&str]) -> Said {
    house.cli_with(&[("HOTPOTATO_TOKEN", secret)], arguments).await
}

/// The name of the only token with this label.
async fn id(house: &House, label: &str) -> String {
    let listed = house.cli(&["token", "list", "--format", "json"]).await.json();
    let mut tokens = listed.as_array().expect("a list").iter();
    let found = tokens.find(|token| token["label"] == label).unwrap_or_else(|| panic!("{label}: {listed:#}"));
    found["id"].as_str().expect("a name").to_owned()
}

#[tokio::test]
async fn a_read_token_looks_and_a_respond_token_acts_as_its_person() {
    let mut house = House::with(Household::default()).await;
    let alert = house.fire("the disk is full").await;
    house.page(ANNA.push).await;
    let wall = issue(&house, &["--role", "read", "wall", "display"]).await;
    assert!(with(&house, &wall, &["alerts"]).await.done().contains(&alert.code));
    let acknowledge = ["alert", "ack", &alert.code];
    let refused = with(&house, &wall, &acknowledge).await;
    assert!(refused.refused(1).contains("role respond, and yours has read"), "{refused:#?}");
    let german = with(&house, &wall, &["alert", "ack", &alert.code, "--lang", "de"]).await;
    assert!(german.refused(1).contains("mit der Rolle respond"), "{german:#?}");
    assert!(with(&house, &wall, &["token", "list"]).await.refused(1).contains("role owner"));
    assert!(with(&house, &wall, &["verify"]).await.refused(1).contains("role owner"));

    let phone = issue(&house, &["--role", "respond", "--person", "anna", "--expires", "90d", "phone"]).await;
    with(&house, &phone, &acknowledge).await.done();
    let shown = house.cli(&["alert", "show", &alert.code, "--format", "json"]).await.json();
    assert_eq!(shown["acknowledged_by"], "Anna Rossi", "{shown:#}");
    let me = web::Answer::to(house.http(Method::GET, "/api/v1/me").bearer_auth(&phone)).await;
    let me = me.expect("the house answers").json();
    assert_eq!((&me["role"], &me["person"]), (&json!("respond"), &json!("anna")));
    assert!(me["expires_at"].is_string(), "{me:#}");
    let other = with(&house, &phone, &["send-test-page", "bernd"]).await;
    assert!(other.refused(1).contains("is not yours"), "{other:#?}");
    with(&house, &phone, &["send-test-page", "anna", "push"]).await.done();
    house.page(ANNA.push).await;

    let script = issue(&house, &["--role", "respond", "night script"]).await;
    with(&house, &script, &["alert", "resolve", &alert.code]).await.done();
    let named = format!("night script ({})", id(&house, "night script").await);
    house.recorded(&alert.id, &named, 1).await;

    let logged = house.logged();
    for secret in [&wall, &phone, &script] {
        assert!(!logged.contains(secret.as_str()), "a secret in the log lines");
        for file in std::fs::read_dir(house.data_dir()).expect("a folder") {
            let bytes = std::fs::read(file.expect("an entry").path()).unwrap_or_default();
            let is_in = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_in, "a secret at rest");
        }
    }
    house.finish().await;
}

#[tokio::test]
async fn a_team_token_arranges_its_own_team_and_nothing_else() {
    let household = Household::default().more(ROTAS).handovers("silent");
    let house = House::with(household.clone()).await;
    let team = issue(&house, &["--role", "team:sysadmin", "planning"]).await;
    let until = in_an_hour();
    let also = |rota: &'static str| ["override", "add", rota, "--also", "callum", "--to"];
    let own = with(&house, &team, &[&also("primary")[..], &[until.as_str()]].concat()).await;
    assert!(own.done().contains("callum"), "{own:#?}");
    let foreign = with(&house, &team, &[&also("cables")[..], &[until.as_str()]].concat()).await;
    assert!(foreign.refused(1).contains("rota `cables` is not team `sysadmin`'s own"), "{foreign:#?}");
    let overrides = house.cli(&["override", "list", "--format", "json"]).await.json();
    assert_eq!(overrides.as_array().map(Vec::len), Some(1), "{overrides:#}");

    let changed = |from: &str, to: &str| {
        let rotas = ROTAS.replace(from, to);
        assert_ne!(rotas, ROTAS, "something changes");
        house.write(&household.clone().more(&rotas));
    };
    let apply = ["apply", "house.yaml"];
    changed("members: [anna]", "members: [anna, callum]");
    with(&house, &team, &apply).await.done();
    changed("Europe/Berlin", "Europe/Rome");
    let before = house.cli(&["export"]).await;
    let refused = with(&house, &team, &apply).await;
    assert!(refused.refused(1).contains("rota `cables` would change"), "{refused:#?}");
    assert_eq!(house.cli(&["export"]).await.done(), before.done(), "nothing was applied");
    house.cli(&apply).await.done();

    let unknown = house.cli(&["token", "issue", "--role", "team:nobody", "x"]).await;
    assert!(unknown.refused(1).contains("no team `nobody`"), "{unknown:#?}");
    house.finish().await;
}

#[tokio::test]
async fn a_token_ends_when_it_expires_and_at_once_when_it_is_revoked() {
    let mut house = House::with(Household::default()).await;
    let short = issue(&house, &["--role", "read", "--expires", "1s", "short"]).await;
    let refused = wait::until("the token to expire", async || {
        let said = with(&house, &short, &["alerts"]).await;
        (said.code != Some(0)).then_some(said)
    })
    .await;
    assert!(refused.refused(1).contains("expired. Ask an owner for a new one"), "{refused:#?}");

    let long = issue(&house, &["--role", "read", "long"]).await;
    with(&house, &long, &["alerts"]).await.done();
    let id = id(&house, "long").await;
    house.cli(&["token", "revoke", &id]).await.done();
    let refused = with(&house, &long, &["alerts"]).await;
    assert!(refused.refused(1).contains("was revoked. Ask an owner for a new one"), "{refused:#?}");
    house.cli(&["token", "revoke", &id]).await.refused(1);
    house.cli(&["token", "revoke", "nothing"]).await.refused(1);
    house.kill9_and_restart().await;
    with(&house, &long, &["alerts"]).await.refused(1);
    let listed = house.cli(&["token", "list", "--all"]).await;
    assert!(listed.done().contains("revoked") && listed.done().contains("expired"), "{listed:#?}");
    assert!(house.cli(&["token", "list"]).await.done().contains("No token that was issued is in force"));

    for (arguments, code, words) in [
        (&["--role", "admin", "x"][..], 2, "read, respond, team:NAME or owner"),
        (&["--role", "read", "--expires", "2001-01-01T00:00:00Z", "x"], 1, "has passed"),
        (&["--role", "read", "--person", "nobody", "x"], 1, "nobody called"),
        (&["--role", "read", &"x".repeat(101)], 1, "100 characters"),
    ] {
        let refused = house.cli(&[&["token", "issue"], arguments].concat()).await;
        assert!(refused.refused(code).contains(words), "{refused:#?}");
        assert!(refused.out.is_empty(), "{refused:#?}");
    }
    house.finish().await;
}

fn in_an_hour() -> String {
    let hour = chrono::DateTime::from_timestamp_millis(wait::wall_clock_ms() + 3_600_000);
    hour.expect("a moment in this era").to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

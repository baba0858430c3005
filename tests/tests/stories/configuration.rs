//! `check`, `apply`, `export`, `who`, and how commands end.

use serde_json::Value;
use tests::house::House;
use tests::household::{ANNA, BERND, CALLUM, EVERYBODY, GENERIC_KEY, Household, PUSHOVER_TOKEN, Person};

const ROTA: &str = "rotas:
  primary:
    team: sysadmin
    time_zone: Europe/Berlin
    layers:
      - members: [anna, bernd, callum]
        handover: { every: 1d, from: \"2026-11-02T09:00\" }
";

/// Several mistakes, each with its line and column.
const MISTAKEN: &str = "people:
  anna:
    name: Anna Rossi
    locale: it
    time_zone: Europe/Rom
    contacts:
      sms: { sms: \"0333 1234567\" }
    ladder:
      - { contact: push, after: 0s }
    colour: red
policies:
  default:
    steps:
      - { page: [{ person: bernd }], wait: ten minutes }
services:
  shop: { name: Web shop, policy: defautl }
routes:
  - { service: shop }
";

const MISTAKES: [(&str, &str); 7] = [
    (":5:16:", "Europe/Rom"),
    (":7:", "0333 1234567"),
    (":9:", "push"),
    (":10:5:", "colour"),
    (":14:", "bernd"),
    (":14:", "ten minutes"),
    (":16:", "defautl"),
];

#[tokio::test]
async fn check_says_all_mistakes_at_once_each_with_its_place() {
    let house = House::with(Household::default()).await;
    std::fs::write(house.path("mistaken.yaml"), MISTAKEN).expect("a file can be written");
    let said = house.cli(&["check", "mistaken.yaml"]).await;
    assert_eq!(said.code, Some(1), "{said:#?}");
    let lines: Vec<&str> = said.out.lines().chain(said.err.lines()).collect();
    for (place, word) in MISTAKES {
        let place = format!("mistaken.yaml{place}");
        let found = lines.iter().any(|line| line.starts_with(&place) && line.contains(word));
        assert!(found, "{place} {word} is missing: {said:#?}");
    }
    let german = house.cli(&["check", "mistaken.yaml", "--lang", "de"]).await;
    assert!(german.code == Some(1) && german.out != said.out || german.err != said.err, "{german:#?}");

    let applied = house.cli(&["apply", "mistaken.yaml"]).await;
    applied.refused(1);
    assert_eq!(house.cli(&["check", "house.yaml"]).await.code, Some(0));
    house.cli(&["check", "absent.yaml"]).await.refused(1);
    let who = house.cli(&["who", "shop"]).await;
    assert!(who.done().contains(ANNA.name), "the house is as it was: {who:#?}");
    house.finish().await;
}

async fn records(house: &House) -> u64 {
    house.cli(&["verify", "--format", "json"]).await.json()["records"].as_u64().expect("a number of records")
}

#[tokio::test]
async fn apply_twice_or_of_what_was_exported_changes_nothing_and_a_dry_run_never_does() {
    // Whether a turn has just ended is the clock's business.
    let household = Household::default().more(ROTA).handovers("silent");
    let house = House::with(household.clone()).await;
    let count = records(&house).await;
    house.apply().await.done();
    assert_eq!(records(&house).await, count, "applied twice");

    let exported = house.cli(&["export"]).await.done().to_owned();
    std::fs::write(house.path("exported.yaml"), &exported).expect("a file can be written");
    house.cli(&["check", "exported.yaml"]).await.done();
    house.cli(&["apply", "exported.yaml"]).await.done();
    assert_eq!(records(&house).await, count, "what was exported is what there is");
    assert!(!exported.contains(GENERIC_KEY), "a key is no part of an export");

    house.write(&household.clone().steps(&["{ page: [{ person: bernd }], wait: 5m }"]));
    let dry = house.cli(&["apply", "house.yaml", "--dry-run"]).await;
    assert!(dry.done().contains("default"), "the plan names what would change: {dry:#?}");
    assert_eq!(records(&house).await, count, "a dry run");
    assert_eq!(house.cli(&["export"]).await.done(), exported);

    let applied = house.apply().await;
    assert!(applied.done().contains("default"), "{applied:#?}");
    assert!(records(&house).await > count);
    assert_ne!(house.cli(&["export"]).await.done(), exported);
    house.finish().await;
}

#[tokio::test]
async fn what_was_applied_is_used_at_once_for_alerts_that_are_open_too() {
    let mut house = House::with(Household::default()).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.write(&Household::default().steps(&["{ page: [{ person: anna }, { person: bernd }], wait: 1h }"]));
    house.apply().await.done();
    let late = house.page(BERND.push).await;
    assert!(late.words().contains(&alert.code), "{late:#?}");

    let second = house.fire("fan broken").await;
    for destination in [ANNA.push, BERND.push] {
        let page = house.page(destination).await;
        assert!(page.words().contains(&second.code), "{page:#?}");
    }
    // A new key is good at once, and the old one is not.
    std::fs::write(house.path("keys/scripts"), "another-key-of-some-length").expect("a file can be written");
    house.apply().await.done();
    let body = serde_json::json!({ "summary": "psu broken", "dedup_key": "psu", "severity": "warning" });
    assert_eq!(house.post_generic(&body).await.status, 404);
    house.post("/integrations/generic/another-key-of-some-length", body.to_string().into_bytes()).await.ok();
    for destination in [ANNA.push, BERND.push] {
        house.page(destination).await;
    }
    house.finish().await;
}

fn person(id: &str) -> Person {
    EVERYBODY.into_iter().find(|person| person.id == id).expect("somebody of the house")
}

#[tokio::test]
async fn who_says_whom_an_alert_would_page_and_it_does() {
    let household = Household::default()
        .steps(&["{ page: [{ rota: primary }], wait: 1h }", "{ page: [{ team: sysadmin }], wait: 1h }"])
        .policy("repeat: 0\nfallback: [{ person: callum }]")
        .more(ROTA)
        .handovers("silent");
    let mut house = House::with(household).await;
    // From the rota's first shift on they take turns, day by day.
    for (at, expected) in [
        ("2026-11-02T09:00:00+01:00", ANNA),
        ("2026-11-03T08:59:59+01:00", ANNA),
        ("2026-11-03T09:00:00+01:00", BERND),
        ("2026-11-05T08:00:00Z", ANNA),
        ("2026-11-05T07:59:59Z", CALLUM),
    ] {
        let said = house.cli(&["who", "primary", "--at", at, "--format", "json"]).await.json();
        assert_eq!(said["steps"][0]["people"][0]["person"], expected.id, "at {at}: {said}");
        let table = house.cli(&["who", "primary", "--at", at]).await;
        assert!(table.done().contains(expected.name), "at {at}: {table:#?}");
    }
    let shop = house.cli(&["who", "shop"]).await;
    for name in [ANNA.name, BERND.name, CALLUM.name] {
        assert!(shop.done().contains(name), "{name} is in step 2: {shop:#?}");
    }
    house.cli(&["who"]).await.done();
    house.cli(&["who", "sysadmin"]).await.done();
    house.cli(&["who", "nobody"]).await.refused(1);

    let now = house.cli(&["who", "shop", "--format", "json"]).await.json();
    let on_call = &now["steps"][0]["people"];
    assert_eq!(on_call.as_array().map(Vec::len), Some(1), "{now}");
    house.fire("disk full").await;
    let paged = person(on_call[0]["person"].as_str().expect("a person"));
    house.page(paged.push).await;
    house.finish().await;
}

#[tokio::test]
async fn commands_end_with_the_code_that_says_why() {
    let house = House::with(Household::default()).await;
    let url = [("HOTPOTATO_URL", "http://127.0.0.1:1")];
    for arguments in
        [&["alerts"][..], &["export"], &["alert", "ack", "K7M2Q"], &["verify"], &["apply", "house.yaml"]]
    {
        let away = house.cli_with(&url, arguments).await;
        assert!(away.refused(3).contains("127.0.0.1:1"), "it says which server: {away:#?}");
        let token = [("HOTPOTATO_TOKEN", "a-token-that-nobody-knows")];
        let stranger = house.cli_with(&token, arguments).await;
        assert!(stranger.refused(1).contains("token"), "it says what is refused: {stranger:#?}");
        assert!(!stranger.err.contains("a-token-that-nobody-knows"), "and does not repeat it: {stranger:#?}");
    }
    for arguments in [
        &[][..],
        &["page"],
        &["alert", "ack"],
        &["alerts", "--format", "xml"],
        &["check"],
        &["who", "--at", "soon"],
    ] {
        house.cli(arguments).await.refused(2);
    }
    for arguments in
        [&["alert", "show", "ZZZZZ"][..], &["alert", "ack", "ZZZZZ"], &["replay", "--alert", "ZZZZZ"]]
    {
        let said = house.cli(arguments).await;
        assert!(said.refused(1).contains("ZZZZZ"), "{said:#?}");
    }
    house.cli(&["--help"]).await.done();
    house.cli(&["--version"]).await.done();
    house.finish().await;
}

#[tokio::test]
async fn an_alert_can_be_worked_on_by_its_code_and_by_its_id() {
    let mut house = House::with(
        Household::default()
            .steps(&["{ page: [{ person: anna }], wait: 1h }", "{ page: [{ person: bernd }], wait: 1h }"]),
    )
    .await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.push).await;
    let shown = house.cli(&["alert", "show", &alert.code, "--format", "json"]).await.json();
    assert_eq!(shown["id"], Value::from(alert.id.as_str()));
    house.cli(&["alert", "escalate", &alert.id]).await.done();
    house.page(BERND.push).await;
    house.cli(&["alert", "note", &alert.code, "the disk is on its way"]).await.done();
    let told = house.cli(&["alert", "show", &alert.id]).await;
    assert!(told.done().contains("the disk is on its way") && told.done().contains("disk full"), "{told:#?}");
    house.cli(&["alert", "resolve", &alert.code]).await.done();
    assert_eq!(house.alerts().await, []);
    house.cli(&["alert", "ack", &alert.id]).await.refused(1);
    house.finish().await;
}

#[tokio::test]
async fn secrets_never_stand_in_logs() {
    let house = House::with(Household::default()).await;
    let token = house.owner_token();
    let logged = house.logged();
    for secret in [token.as_str(), GENERIC_KEY, PUSHOVER_TOKEN] {
        assert!(!logged.contains(secret), "a secret stands in the log");
    }
    house.finish().await;
}

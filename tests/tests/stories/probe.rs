//! Providers are asked at the start whether they would take a page; whoever runs the house hears of it when one would not,
//! by another.

use std::net::SocketAddrV4;
use std::os::unix::fs::PermissionsExt as _;

use reqwest::Method;
use serde_json::{Value, json};
use tests::counterparts::{Counterparts, MAIL_PASSWORD, NTFY_TOKEN, WEBHOOK_SECRET};
use tests::house::House;
use tests::household::{ANNA, Household, OPERATORS_PAGER, OPERATORS_PUSH};
use tests::plan::Plan;
use tests::stand_ins::Provider::{Tap, Twilio};
use tests::{address, wait};

/// What the paging terminal asks for.
const TERMINAL_PASSWORD: &str = "4711";

/// What the house says of its channels, once every provider was asked.
async fn channels(house: &House) -> Vec<Value> {
    wait::until("every provider to be asked", async || {
        let all = house.api(Method::GET, "/channels", None).await.json();
        let all = all.as_array()?.clone();
        let is_asked = |channel: &Value| channel["asked_at"].is_string() || channel["kind"] == "webhook";
        all.iter().all(is_asked).then_some(all)
    })
    .await
}

#[tokio::test]
async fn providers_that_would_take_a_page_are_said_to_and_nobody_is_told() {
    let house = House::with(Plan::from(Household::default()).with_probes()).await;
    let channels = channels(&house).await;
    let names: Vec<_> = channels.iter().map(|channel| channel["channel"].as_str()).collect();
    assert_eq!(names, [Some("pushover"), Some("twilio-main"), Some("snpp-main")]);
    assert!(channels.iter().all(|channel| channel["sound"] == true), "{channels:#?}");
    let table = house.cli(&["channels", "--lang", "it"]).await;
    assert_eq!(table.done().matches("accetta chiamate").count(), 3, "{table:#?}");
    let metrics = house.metrics().await;
    assert_eq!(metrics.get("hotpotato_channel_sound{channel=\"twilio-main\"}"), Some(&1.0), "{metrics:?}");
    house.finish().await;
}

#[tokio::test]
async fn credentials_that_are_not_taken_any_more_are_told_to_the_operators_at_the_start() {
    let mut house = House::with(Plan::from(Household::default()).with_probes()).await;
    house.terminate().await;
    std::fs::write(house.path("keys/sms"), "revoked").expect("a file can be written");
    house.start().await;
    for operator in [OPERATORS_PUSH, OPERATORS_PAGER] {
        let page = house.page(operator).await;
        assert!(page.text.contains("twilio-main") && page.text.contains("401"), "{page:#?}");
        assert!(!page.text.contains("revoked"), "{page:#?}");
    }
    let channels = channels(&house).await;
    assert_eq!((&channels[1]["sound"], &channels[1]["why"]), (&json!(false), &json!("unauthorized")));
    house.finish().await;
}

#[tokio::test]
async fn a_provider_that_is_ill_is_told_by_another() {
    let mut house = House::with(Plan::from(Household::default()).with_probes()).await;
    house.terminate().await;
    std::fs::write(house.path("keys/pushover"), "azGDORePK8gMaC0Q").expect("a file can be written");
    house.start().await;
    let page = house.page(OPERATORS_PAGER).await;
    assert!(page.text.contains("channel pushover would not take a page"), "{page:#?}");
    house.finish().await;
}

/// A house with a channel of every kind, not started yet.
fn with_everything(others: &Counterparts, mail_password: &str, ntfy_token: &str) -> (House, Plan) {
    let mut plan = Plan::from(Household::default().with_terminal().calls()).with_probes();
    plan.terminal.push_str("password_file = \"keys/tap\"\n");
    plan.stand_ins.extend(["--tap-password".to_owned(), TERMINAL_PASSWORD.to_owned()]);
    plan.more = format!(
        r#"
[channels.mail.protected]
server = "127.0.0.1:{}"
username = "hotpotato"
password_file = "keys/mail"
tls = "starttls"
from = "pages@example.org"

[channels.ntfy]
base_url = "http://127.0.0.1:{}"
token_file = "keys/ntfy"

[channels.webhook]
secret_file = "keys/webhook"

[channels.exec.siren]
command = ["./siren"]
probe = true
"#,
        others.ports().protected_mail,
        others.ports().web,
    );
    plan.environment = vec![("SSL_CERT_FILE".to_owned(), others.certificate().display().to_string())];
    let house = House::built(&plan);
    for (name, text) in [
        ("keys/mail", mail_password),
        ("keys/ntfy", ntfy_token),
        ("keys/webhook", WEBHOOK_SECRET),
        ("keys/tap", TERMINAL_PASSWORD),
        ("siren", "#!/bin/sh\ngrep -q '\"type\":\"probe\"'\n"),
    ] {
        std::fs::write(house.path(name), text).expect("a file can be written");
    }
    mode(&house, 0o755);
    named(&house);
    (house, plan)
}

/// A program is named by its whole path, which only the house knows.
fn named(house: &House) {
    let boot = house.path("hotpotato.toml");
    let text = std::fs::read_to_string(&boot).expect("it was written");
    let siren = house.path("siren").display().to_string();
    std::fs::write(boot, text.replace("./siren", &siren)).expect("a file can be written");
}

fn mode(house: &House, mode: u32) {
    let mode = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(house.path("siren"), mode).expect("its mode");
}

/// Everything that both operators are told about these channels, each once.
async fn told(house: &mut House, channels: &[&str]) {
    for operator in [OPERATORS_PUSH, OPERATORS_PAGER] {
        let mut pages = Vec::new();
        for _ in channels {
            pages.push(house.page(operator).await.text);
        }
        for channel in channels {
            let about = pages.iter().filter(|text| text.contains(&format!("channel {channel} "))).count();
            assert_eq!(about, 1, "{operator} about {channel}: {pages:#?}");
        }
        assert!(!pages.concat().contains("hunter2"), "{pages:#?}");
    }
}

#[tokio::test]
async fn every_kind_of_provider_is_asked_without_a_page_but_webhooks() {
    let others = Counterparts::start();
    let (mut house, _) = with_everything(&others, MAIL_PASSWORD, NTFY_TOKEN);
    house.start().await;
    house.apply().await.done();
    let channels = channels(&house).await;
    for channel in &channels {
        let expected = if channel["kind"] == "webhook" { Value::Null } else { json!(true) };
        assert_eq!(channel["sound"], expected, "{channel:#}");
        assert_eq!(channel["breaker"]["open"], false, "{channel:#}");
    }
    assert_eq!(channels.len(), 9, "{channels:#?}");
    let mail = channels.iter().find(|channel| channel["channel"] == "protected").expect("a mail server");
    assert!(mail["certificate_expires_at"].is_string(), "{mail:#}");
    assert_eq!(others.journal().len(), 0, "{:#?}", others.journal());
    house.finish().await;
}

#[tokio::test]
async fn credentials_and_programs_that_do_not_do_are_told_by_others_once() {
    let others = Counterparts::start();
    let (mut house, _) = with_everything(&others, "hunter2", "tk_hunter2");
    std::fs::write(house.path("keys/tap"), "hunter2").expect("a file can be written");
    mode(&house, 0o757);
    house.start().await;
    house.apply().await.done();
    let whys = channels(&house).await;
    for (name, why) in [
        ("protected", "unauthorized"),
        ("ntfy", "unauthorized"),
        ("tap-main", "unauthorized"),
        ("siren", "unfit"),
    ] {
        let channel = whys.iter().find(|channel| channel["channel"] == name).expect("it is there");
        assert_eq!((&channel["sound"], &channel["why"]), (&json!(false), &json!(why)), "{channel:#}");
    }
    told(&mut house, &["protected", "ntfy", "tap-main", "siren"]).await;
    house.finish().await;
}

#[tokio::test]
async fn a_provider_that_nobody_reaches_is_told_after_some_tries_and_a_certificate_before_it_ends() {
    let others = Counterparts::start_with_certificate_for(3);
    let (mut house, plan) = with_everything(&others, MAIL_PASSWORD, NTFY_TOKEN);
    let nobody = SocketAddrV4::new(address::take(), 4_001);
    house.boot_anew(&Plan { elsewhere: Some((Tap, nobody)), ..plan });
    named(&house);
    house.start().await;
    house.apply().await.done();
    told(&mut house, &["protected", "tap-main"]).await;
    let all = channels(&house).await;
    let terminal = all.iter().find(|channel| channel["channel"] == "tap-main").expect("a terminal");
    assert_eq!(terminal["why"], "unreachable", "{terminal:#}");
    let mail = all.iter().find(|channel| channel["channel"] == "protected").expect("a mail server");
    assert_eq!(mail["sound"], true, "a page would still go out: {mail:#}");
    house.finish().await;
}

#[tokio::test]
async fn a_provider_that_fails_again_and_again_is_shown_to_be_passed_over() {
    let household = Household::default()
        .ladder(ANNA, &["{ contact: sms, after: 0s }", "{ contact: push, after: 1h }"])
        .steps(&["{ page: [{ person: anna }], wait: 2h }"]);
    let house = House::with(household).await;
    house.stand_ins().behave(Twilio, json!([{ "behaviour": { "kind": "drop_before" } }])).await;
    let mut alerts = Vec::new();
    for number in 1..=5 {
        alerts.push(house.fire(&format!("disk {number} full")).await.id);
    }
    let breaker = wait::until("the breaker to open", async || {
        let all = house.api(Method::GET, "/channels", None).await.json();
        let all = all.as_array()?.clone();
        let channel = all.into_iter().find(|channel| channel["channel"] == "twilio-main")?;
        (channel["breaker"]["open"] == true).then(|| channel["breaker"].clone())
    })
    .await;
    assert!(breaker["faults"].as_u64() >= Some(5), "{breaker:#}");
    assert_eq!(breaker["last_fault"], "connection", "{breaker:#}");
    let moment = |name: &str| breaker[name].as_str().expect("a moment").to_owned();
    assert!(moment("tried_again_at") > moment("open_since"), "{breaker:#}");
    let table = house.cli(&["channels"]).await;
    assert!(table.done().contains("passed over since"), "{table:#?}");
    let metrics = house.metrics().await;
    let gauge = metrics.get("hotpotato_channel_breaker_open{channel=\"twilio-main\"}");
    assert_eq!(gauge, Some(&1.0), "{metrics:?}");

    house.stand_ins().behave_well().await;
    wait::until("the breaker to close", async || {
        let all = house.api(Method::GET, "/channels", None).await.json();
        let is_open = |channel: &Value| channel["breaker"]["open"] == true;
        (!all.as_array()?.iter().any(is_open)).then_some(())
    })
    .await;
    for alert in alerts {
        house.api(Method::POST, &format!("/alerts/{alert}/resolve"), None).await.ok();
    }
    house.finish_telling().await;
}

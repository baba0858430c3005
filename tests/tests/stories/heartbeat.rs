//! Heartbeats: silence pages, and the next beat ends it; and the house's own, for whoever watches it.

use std::time::Duration;

use axum::http::StatusCode;
use reqwest::Method;
use serde_json::{Value, json};
use tests::alertmanager::Alertmanager;
use tests::house::House;
use tests::household::{ANNA, GENERIC_KEY, HEARTBEAT_KEY, Household, OPERATORS_PAGER, OPERATORS_PUSH};
use tests::mount::Mount;
use tests::plan::Plan;
use tests::wait;
use tests::watcher::Watcher;
use tests::web::Answer;

fn household(every: &str, grace: &str) -> Household {
    Household::default().source(&format!(
        "dc: {{ kind: heartbeat, key_file: keys/heartbeat, every: {every}, grace: {grace}, service: shop }}"
    ))
}

async fn beat(house: &House, method: Method) -> Answer {
    house.request(method, &format!("/heartbeats/{HEARTBEAT_KEY}")).await.expect("the house answers")
}

async fn state(house: &House) -> Value {
    let all = house.cli(&["heartbeats", "--format", "json"]).await.json();
    assert_eq!((all[0]["source"].clone(), all[0]["service"].clone()), (json!("dc"), json!("shop")), "{all}");
    all[0].clone()
}

async fn all_over(house: &House) {
    wait::until("the silence to be over", async || house.open().await.is_empty().then_some(())).await;
}

async fn records(house: &House) -> Value {
    house.cli(&["verify", "--format", "json"]).await.json()["records"].clone()
}

#[tokio::test]
async fn silence_pages_in_the_readers_words_and_the_next_beat_ends_it() {
    let mut house = House::with(household("3s", "2s")).await;
    assert_eq!(beat(&house, Method::GET).await.ok().json()["status"], "beat");
    let before = records(&house).await;
    beat(&house, Method::HEAD).await.ok();
    beat(&house, Method::POST).await.ok();
    assert_eq!(state(&house).await["state"], "alive");
    assert_eq!(records(&house).await, before, "beats are no events");
    for stranger in ["/heartbeats/nobody", &format!("/heartbeats/{GENERIC_KEY}")] {
        assert_eq!(house.request(Method::POST, stranger).await.expect("an answer").status, 404);
    }

    let page = house.page(ANNA.push).await;
    assert!(page.words().contains("dc tace"), "{page:#?}");
    let [alert] = &house.open().await[..] else { panic!("one alert is open") };
    assert_eq!((&*alert.service, &*alert.severity), ("shop", "error"));
    assert_eq!(state(&house).await["state"], "silent");
    assert!(house.cli(&["heartbeats", "--lang", "de"]).await.done().contains("Funkstille"));
    let silent = "hotpotato_heartbeat_silent{source=\"dc\"}";
    assert_eq!(house.metrics().await.get(silent), Some(&1.0));

    beat(&house, Method::GET).await.ok();
    all_over(&house).await;
    house.finish_telling().await;
}

#[tokio::test]
async fn after_a_restart_a_heartbeat_has_its_whole_time_and_open_silence_stays() {
    let mut house = House::with(household("4s", "3s")).await;
    beat(&house, Method::GET).await.ok();
    house.kill9();
    let before_ms = wait::wall_clock_ms();
    house.start().await;
    let page = house.page(ANNA.push).await;
    assert!(page.at_ms - before_ms >= 7_000, "nobody is paged for our own absence: {page:#?}");
    let [first] = &house.open().await[..] else { panic!("one alert is open") };
    house.recorded(&first.id, "accepted by the provider", 1).await;
    house.kill9_and_restart().await;
    let [still] = &house.open().await[..] else { panic!("it is still open") };
    assert_eq!(still.id, first.id);
    assert_eq!(state(&house).await["state"], "silent");
    beat(&house, Method::POST).await.ok();
    all_over(&house).await;
    house.finish_telling().await;
}

#[tokio::test]
async fn opsgenies_clients_ping_and_read_and_change_nothing() {
    let house = House::with(household("1h", "1h")).await;
    let ask = async |method: Method, path: &str, key: &str| {
        let request = house.http(method, &format!("/integrations/opsgenie/v2/heartbeats{path}"));
        Answer::to(request.header("authorization", format!("GenieKey {key}"))).await.expect("an answer")
    };
    for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH] {
        for name in ["nothing", "dc"] {
            let pong = ask(method.clone(), &format!("/{name}/ping"), HEARTBEAT_KEY).await;
            assert_eq!((pong.status, &pong.json()["result"]), (202, &json!("PONG - Heartbeat received")));
            assert_eq!(pong.json()["requestId"].as_str().map(str::len), Some(36));
        }
    }
    assert_eq!(state(&house).await["state"], "alive");
    let one = ask(Method::GET, "/dc", HEARTBEAT_KEY).await;
    let told = &one.ok().json()["data"];
    assert_eq!((&told["interval"], &told["intervalUnit"]), (&json!(1), &json!("hours")), "{told}");
    assert_eq!((&told["expired"], told["lastPingTime"].is_string()), (&json!(false), true), "{told}");
    assert_eq!(ask(Method::GET, "", HEARTBEAT_KEY).await.ok().json()["data"]["heartbeats"][0], *told);
    assert_eq!(ask(Method::GET, "/nothing", HEARTBEAT_KEY).await.status, 404);
    for (method, path) in
        [(Method::POST, ""), (Method::PATCH, "/dc"), (Method::DELETE, "/dc"), (Method::POST, "/dc/disable")]
    {
        let refused = ask(method, path, HEARTBEAT_KEY).await;
        assert_eq!(refused.status, 403);
        assert!(refused.json()["message"].as_str().is_some_and(|words| words.contains("hotpotato apply")));
    }
    for key in ["guessed", GENERIC_KEY] {
        assert_eq!(ask(Method::POST, "/dc/ping", key).await.status, 401, "{key}");
    }
    house.finish().await;
}

#[tokio::test]
async fn a_real_alertmanagers_watchdog_that_stops_pages_and_that_comes_back_resolves() {
    let mut house = House::with(household("5s", "4s")).await;
    let webhook = house.url(&format!("/heartbeats/{HEARTBEAT_KEY}"));
    let alertmanager = Alertmanager::repeating(&house.path(""), house.address(), &webhook, "1s").await;
    let watchdog = |ends_at: Option<&str>| {
        let mut alert = json!({ "labels": { "alertname": "Watchdog" } });
        if let Some(ends_at) = ends_at {
            alert["endsAt"] = ends_at.into();
        }
        json!([alert])
    };
    alertmanager.post(&watchdog(None)).await;
    wait::until("the first beat", async || (state(&house).await["state"] == "alive").then_some(())).await;
    house.silent_for(Duration::from_secs(12)).await;
    assert_eq!(state(&house).await["state"], "alive", "it repeats itself");

    alertmanager.post(&watchdog(Some("2020-01-01T00:00:00Z"))).await;
    let page = house.page(ANNA.push).await;
    assert!(page.words().contains("dc tace"), "{page:#?}");
    alertmanager.post(&watchdog(None)).await;
    all_over(&house).await;
    drop(alertmanager);
    house.terminate().await;
    house.finish_dead().await;
}

fn watched(plan: impl Into<Plan>, watcher: &Watcher) -> Plan {
    let mut plan = plan.into();
    plan.environment = vec![
        ("HOTPOTATO_WATCH_URL".to_owned(), watcher.url.clone()),
        ("HOTPOTATO_WATCH_EVERY".to_owned(), "1s".to_owned()),
    ];
    plan
}

#[tokio::test]
async fn a_house_that_is_well_says_so_and_one_that_stands_still_does_not() {
    let watcher = Watcher::start(StatusCode::OK).await;
    let house = House::with(watched(Household::default(), &watcher)).await;
    watcher.hears(3).await;
    house.freeze();
    // What was on its way arrives.
    wait::pause_until(wait::wall_clock_ms() + 1_000).await;
    let heard = watcher.heard();
    wait::pause_until(wait::wall_clock_ms() + 3_000).await;
    assert_eq!(watcher.heard(), heard);
    house.thaw();
    watcher.hears(2).await;
    house.finish().await;
}

#[tokio::test]
async fn a_watcher_that_takes_nothing_is_a_warning_without_its_secret_and_pages_nobody() {
    let watcher = Watcher::start(StatusCode::NOT_FOUND).await;
    let house = House::with(watched(Household::default(), &watcher)).await;
    watcher.hears(2).await;
    wait::until("the warning", async || house.logged().contains("a watcher did not take").then_some(()))
        .await;
    assert!(!house.logged().contains("secret-of-the-watcher"), "{}", house.logged());
    house.finish().await;
}

#[tokio::test]
async fn a_house_whose_disk_is_full_is_silent_to_its_watcher_until_there_is_room() {
    let Some(mount) = Mount::of_mib(16) else { return };
    let watcher = Watcher::start(StatusCode::OK).await;
    let plan = Plan { data_dir: Some(mount.path().join("data")), ..watched(Household::default(), &watcher) };
    let mut house = House::built(&plan);
    house.start().await;
    watcher.hears(2).await;
    let ballast = mount.fill();
    house.apply().await.refused(1);
    // What was on its way arrives.
    wait::pause_until(wait::wall_clock_ms() + 1_000).await;
    let heard = watcher.heard();
    wait::pause_until(wait::wall_clock_ms() + 3_000).await;
    assert_eq!(watcher.heard(), heard);
    for operator in [OPERATORS_PUSH, OPERATORS_PAGER] {
        house.page(operator).await;
    }
    std::fs::remove_file(ballast).expect("room can be made");
    house.apply().await.done();
    watcher.hears(2).await;
    house.finish().await;
}

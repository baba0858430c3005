//! Handovers: whoever goes and whoever comes hears of it, and stays on call until the other has it.

use reqwest::Method;
use tests::house::House;
use tests::household::{ANNA, BERND, CALLUM, Household};
use tests::page::{Link, Page};
use tests::wait::wall_clock_ms;
use tests::web::Answer;

/// Anna's turn lasts for years, in a rota of the team, which wants handovers to be so.
async fn house(handovers: &'static str) -> House {
    let rota = "rotas:\n  primary: { team: sysadmin, time_zone: Europe/Berlin, layers: [{ members: [anna], handover: { every: 100mo, from: \"2026-03-23T09:00\" } }] }\n";
    let steps = ["{ page: [{ rota: primary }], wait: 1h }"];
    House::with(Household::default().more(rota).steps(&steps).handovers(handovers)).await
}

/// Bernd stands in for Anna from now on: for the rota that is a handover like any other.
async fn bernd_comes(house: &House) {
    let week = (chrono::DateTime::from_timestamp_millis(wall_clock_ms()).expect("a moment")
        + chrono::TimeDelta::days(3))
    .to_rfc3339();
    let add = ["override", "add", "primary", "--for", "anna", "--by", "bernd", "--to", &week];
    house.cli(&add).await.done();
}

async fn take(house: &House, page: &Page) {
    let Link { code, token, .. } = page.link();
    let request = house.http(Method::POST, &format!("/a/{code}")).form(&[("token", token)]);
    Answer::to(request).await.expect("the house answers").ok();
}

#[tokio::test]
async fn whoever_goes_stays_on_call_until_whoever_comes_has_it_and_both_know() {
    let mut house = house("accepted").await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.push).await;
    bernd_comes(&house).await;
    // He is paged about what is open, and asked to say that he has the turn.
    let pages = [house.page(BERND.push).await, house.page(BERND.push).await];
    let asked = pages.iter().find(|page| page.words().contains("Bis zur Bestätigung")).expect("he is asked");
    assert!(asked.words().contains("Anna Rossi") && asked.words().contains(&alert.code), "{asked:#?}");
    let stays = house.page(ANNA.push).await;
    assert!(stays.words().contains("continua finché chi segue non la conferma"), "{stays:#?}");
    let who = house.cli(&["who", "primary"]).await;
    assert!(who.done().contains("Anna Rossi") && who.done().contains("Bernd"), "{who:#?}");
    assert!(house.alerts().await.iter().all(|alert| alert.summary == "disk full"), "messages are no alerts");

    take(&house, asked).await;
    let over = house.page(ANNA.push).await;
    assert!(over.words().contains("è finita. Ora: Bernd Müller"), "{over:#?}");
    let who = house.cli(&["who", "primary"]).await;
    assert!(!who.done().contains("Anna Rossi"), "{who:#?}");
    house.cli(&["alert", "resolve", &alert.code]).await.done();
    house.finish().await;
}

#[tokio::test]
async fn a_handover_is_announced_once_also_when_the_house_dies_meanwhile() {
    let mut house = house("announced").await;
    bernd_comes(&house).await;
    let begins = house.page(BERND.push).await;
    assert!(begins.words().contains("Vorher: Anna Rossi"), "{begins:#?}");
    let ends = house.page(ANNA.push).await;
    assert!(ends.words().contains("è finita") && ends.words().contains("Niente di aperto"), "{ends:#?}");
    house.kill9_and_restart().await;
    house.repeat_if_any(BERND.push).await;
    house.repeat_if_any(ANNA.push).await;
    house.finish().await;
}

#[tokio::test]
async fn a_team_that_wants_to_hear_nothing_hears_nothing() {
    let house = house("silent").await;
    bernd_comes(&house).await;
    let exported = house.cli(&["export"]).await;
    assert!(exported.done().contains("handovers: silent"), "{exported:#?}");
    house.finish().await;
}

#[tokio::test]
async fn whoever_works_is_asked_before_the_end_and_hears_what_is_left() {
    let mut house = House::with(Household::default()).await;
    let start =
        ["work", "start", "new disks", "--worker", "callum", "--service", "shop", "--for", "12s", "--hold"];
    house.cli(&start).await.done();
    let body = serde_json::json!({ "summary": "slow", "dedup_key": "slow", "severity": "warning" });
    house.post_generic(&body).await.ok();
    let code = house.listed("slow").await.code;
    let reminder = house.page(CALLUM.push).await;
    assert!(reminder.words().contains("Your planned work \"new disks\" ends"), "{reminder:#?}");
    let mut told = Vec::new();
    for _ in 0..2 {
        told.push(house.page(ANNA.push).await.words());
    }
    told.push(house.page(CALLUM.push).await.words());
    assert!(told.iter().all(|words| words.contains(&code)), "{told:#?}");
    assert!(told[2].contains("is over; it had taken 1 alert"), "{told:#?}");
    house.cli(&["alert", "resolve", &code]).await.done();
    house.finish().await;
}

//! Heartbeats: silence pages, beats do not.

use actors::monitor::{PulseState, SILENCE_KEY};
use domain::blueprint::{RoutePlan, SourcePlan};
use events::event::routes::When;
use events::event::signal::Finding;
use events::event::source::SourceKind;
use events::{Span, SymptomId};

use super::{EventLog as _, Position, Scene, blueprint, by_token};

/// A house with one heartbeat, of a minute and half a minute more. Routes lead to another service.
async fn beating() -> Scene {
    let scene = Scene::new().await;
    let mut house = blueprint();
    house.sources.insert(
        "dc".into(),
        SourcePlan {
            kind: SourceKind::Heartbeat,
            key_file: "k".into(),
            key_sha256: Some("aa".into()),
            every: Some(Span::from_seconds(60)),
            grace: Some(Span::from_seconds(30)),
            service: Some("shop".into()),
            flood_at: None,
            severities: std::collections::BTreeMap::new(),
        },
    );
    let elsewhere = house.services["shop"].clone();
    house.services.insert("elsewhere".into(), elsewhere);
    house.routes = vec![RoutePlan::to("elsewhere".into(), When::default())];
    scene.house.apply(house, false, by_token()).await.expect("applied");
    scene
}

async fn state(scene: &Scene) -> PulseState {
    scene.house.pulses().await.expect("an answer")[0].state
}

async fn records(scene: &Scene) -> usize {
    scene.log.tail(Position::START, u32::MAX).await.expect("a tail").len()
}

#[tokio::test(start_paused = true)]
async fn silence_pages_the_sources_own_service_and_the_next_beat_ends_it() {
    let scene = beating().await;
    let before = records(&scene).await;
    for _ in 0..60 {
        scene.house.beat("dc".into());
        scene.pass(60).await;
    }
    assert_eq!(records(&scene).await, before, "beats are no events");
    assert_eq!(state(&scene).await, PulseState::Alive);
    scene.pass(27).await;
    assert_eq!(scene.providers.told(), Vec::<String>::new());
    scene.pass(5).await;
    assert_eq!(scene.providers.told(), ["anna push"]);
    let (alert, card) = {
        let board = scene.house.published().board();
        let (alert, card) = board.problems().into_iter().next().expect("an alert");
        (alert, card.clone())
    };
    assert_eq!(alert.symptom, SymptomId::derive(&"dc".into(), &SILENCE_KEY.into()));
    assert_eq!((&*card.summary, card.service), ("dc", Some("shop".into())));
    assert!(matches!(card.finding.as_deref(), Some(Finding::Silence { last_at: Some(_), .. })));
    assert_eq!(state(&scene).await, PulseState::Silent);
    scene.house.beat("dc".into());
    scene.pass(1).await;
    assert_eq!(scene.house.published().board().open_count(), 0);
    assert_eq!(state(&scene).await, PulseState::Alive);
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_nobody_is_paged_for_our_own_absence_and_what_was_silent_stays_so() {
    let scene = beating().await;
    scene.house.beat("dc".into());
    scene.pass(80).await;
    let scene = scene.restart().await;
    scene.pass(87).await;
    assert_eq!(scene.providers.told(), Vec::<String>::new(), "it has its whole time anew");
    scene.pass(5).await;
    assert_eq!(scene.providers.told(), ["anna push"]);
    let scene = scene.restart().await;
    assert_eq!(state(&scene).await, PulseState::Silent);
    assert_eq!(scene.house.published().board().open_count(), 1);
    scene.house.beat("dc".into());
    scene.pass(1).await;
    assert_eq!(scene.house.published().board().open_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn silence_that_the_log_does_not_take_is_paged_once_it_does() {
    let scene = beating().await;
    scene.log.refuses.store(true, std::sync::atomic::Ordering::Relaxed);
    scene.pass(95).await;
    assert_eq!(scene.house.published().board().open_count(), 0);
    assert!(scene.house.ailment().await.is_some(), "the house says so");
    scene.log.refuses.store(false, std::sync::atomic::Ordering::Relaxed);
    scene.pass(60).await;
    assert_eq!(scene.providers.told(), ["anna push"]);
    assert_eq!(scene.house.ailment().await, None);
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_that_is_removed_leaves_no_alert() {
    let scene = beating().await;
    scene.pass(95).await;
    assert_eq!(scene.house.published().board().open_count(), 1);
    scene.house.apply(blueprint(), false, by_token()).await.expect("applied");
    scene.pass(2).await;
    assert_eq!(scene.house.published().board().open_count(), 0);
    assert_eq!(scene.house.pulses().await, Some(vec![]));
}

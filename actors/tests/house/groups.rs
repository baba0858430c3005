//! Problems that become one alert, and sources that say more than anybody could look at.

use std::sync::atomic::Ordering;

use events::event::signal::Status;
use events::{AlertId, Span};

use super::{Scene, blueprint, by_token};

/// A house whose service takes problems that come within five minutes of one another for one alert.
async fn grouping() -> Scene {
    let scene = Scene::new().await;
    let mut house = blueprint();
    house.services.get_mut("shop").expect("a service").group_within = Some(Span::from_minutes(5));
    scene.house.apply(house, false, by_token()).await.expect("applied");
    scene
}

async fn all(scene: &Scene, count: u32) -> Vec<AlertId> {
    let signals = (0..count).map(|number| async move { scene.fire(&format!("disk {number}")).await });
    super::futures(signals).await.into_iter().map(|done| done.alert.expect("an alert")).collect()
}

fn open(scene: &Scene) -> Vec<(AlertId, u32)> {
    let board = scene.house.published().board();
    board.problems().into_iter().map(|(id, card)| (id, card.problems_count())).collect()
}

#[tokio::test(start_paused = true)]
async fn a_hundred_problems_at_once_are_one_alert_and_one_page() {
    let scene = grouping().await;
    let alerts = all(&scene, 100).await;
    scene.pass(1).await;
    assert_eq!(open(&scene), [(alerts[0], 100)]);
    assert!(alerts.iter().all(|alert| *alert == alerts[0]));
    assert_eq!(scene.providers.told(), ["anna push"]);
    for number in 0..99 {
        scene.signal(&format!("disk {number}"), Status::Resolved).await.expect("taken");
    }
    scene.pass(1).await;
    assert_eq!(open(&scene), [(alerts[0], 1)]);
    scene.signal("disk 99", Status::Resolved).await.expect("taken");
    scene.pass(1).await;
    assert_eq!(open(&scene), []);
}

#[tokio::test(start_paused = true)]
async fn problems_that_come_at_once_do_not_wait_for_the_disk_one_by_one() {
    let scene = grouping().await;
    scene.fire("disk 0").await.expect("taken");
    scene.pass(1).await;
    scene.log.takes_a_while.store(true, Ordering::Relaxed);
    let before = scene.log.appends.load(Ordering::Relaxed);
    let alerts = all(&scene, 64).await;
    let appends = scene.log.appends.load(Ordering::Relaxed) - before;
    assert!(appends <= 8, "{appends} appends for 63 problems");
    scene.log.takes_a_while.store(false, Ordering::Relaxed);
    scene.pass(1).await;
    assert_eq!(open(&scene), [(alerts[0], 64)]);
    let scene = scene.restart().await;
    assert_eq!(open(&scene), [(alerts[0], 64)], "a replay says the same");
}

#[tokio::test(start_paused = true)]
async fn when_the_log_refuses_several_problems_none_of_them_is_accepted() {
    let scene = grouping().await;
    let first = scene.fire("disk 0").await.expect("taken").alert.expect("an alert");
    scene.pass(1).await;
    scene.log.takes_a_while.store(true, Ordering::Relaxed);
    scene.log.refuses.store(true, Ordering::Relaxed);
    let (one, two) = (scene.fire("disk 1"), scene.fire("disk 2"));
    let (three, four) = (scene.fire("disk 3"), scene.fire("disk 4"));
    let (one, two, three, four) = tokio::join!(one, two, three, four);
    for answer in [one, two, three, four] {
        assert!(answer.is_err(), "{answer:?}");
    }
    scene.log.refuses.store(false, Ordering::Relaxed);
    for number in 1..=4 {
        let again = scene.fire(&format!("disk {number}")).await.expect("taken").alert;
        assert_eq!(again, Some(first));
    }
    scene.pass(3).await;
    assert_eq!(open(&scene), [(first, 5)]);
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_a_problem_still_belongs_to_the_alert_that_it_joined() {
    let scene = grouping().await;
    let alerts = all(&scene, 3).await;
    scene.pass(1).await;
    let scene = scene.restart().await;
    assert_eq!(open(&scene), [(alerts[0], 3)]);
    assert_eq!(scene.fire("disk 2").await.expect("taken").alert, Some(alerts[0]), "known");
    assert_eq!(scene.fire("disk 3").await.expect("taken").alert, Some(alerts[0]), "it still takes more");
    scene.pass(301).await;
    let late = scene.fire("disk 4").await.expect("taken").alert;
    assert_ne!(late, Some(alerts[0]));
    assert_eq!(scene.fire("disk 5").await.expect("taken").alert, late, "the newer one takes more now");
    for number in 0..4 {
        scene.signal(&format!("disk {number}"), Status::Resolved).await.expect("taken");
    }
    scene.pass(1).await;
    assert_eq!(open(&scene), [(late.expect("an alert"), 2)]);
}

#[tokio::test(start_paused = true)]
async fn what_joined_an_alert_that_somebody_resolved_raises_another_when_it_fires_on() {
    let scene = grouping().await;
    let alerts = all(&scene, 2).await;
    let resolve = domain::alert::Order::Resolve { by: events::Author::Token("owner".into()) };
    scene.house.order(alerts[0], resolve, by_token()).await.expect("resolved");
    let again = scene.fire("disk 1").await.expect("taken").alert;
    assert_ne!(again, Some(alerts[0]));
    assert_eq!(open(&scene), [(again.expect("an alert"), 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_floods_opens_one_alert_about_itself_and_one_for_each_service() {
    let scene = Scene::new().await;
    let alerts = all(&scene, 1_000).await;
    scene.pass(2).await;
    let mut own = alerts.clone();
    own.sort();
    own.dedup();
    assert_eq!(own.len(), 200, "199 alone, and one for the rest");
    assert_eq!(open(&scene).len(), 201, "and one about the source");
    assert_eq!(open(&scene).iter().map(|(_, count)| count).max(), Some(&801));
    let pages = scene.providers.told();
    assert_eq!(pages.len(), 201);

    scene.pass(70).await;
    assert_eq!(open(&scene).len(), 200, "nothing new came for a minute");
    let alone = scene.fire("disk x").await.expect("taken").alert;
    assert!(alone.is_some_and(|alone| !own.contains(&alone)), "what comes now is an alert of its own");
}

#[tokio::test(start_paused = true)]
async fn a_flood_that_lasted_at_a_restart_ends_by_itself() {
    let scene = Scene::new().await;
    all(&scene, 250).await;
    scene.pass(1).await;
    let scene = scene.restart().await;
    let before = open(&scene).len();
    scene.pass(61).await;
    assert_eq!(open(&scene).len(), before - 1);
}

//! The conservation ledger: it agrees whatever happens, and says so when something is really lost.

use std::sync::atomic::Ordering;

use actors::alarm::Trouble;
use domain::alert::Order;
use domain::ledger::{Difference, Reading, Whereabouts};
use events::event::alert::{AlertEvent, Assignment, Occasion, Raised, Way};
use events::event::signal::{Severity, Status};
use events::{
    AlertId, Author, BootId, Cause, Context, DerivedKeys, Head, Journal, Position, Sealed, Span, SymptomId,
    Timestamp,
};

use super::{Scene, blueprint, by_token};

/// A house whose service takes problems that come within a minute of one another for one alert.
async fn grouping() -> Scene {
    let scene = Scene::new().await;
    let mut house = blueprint();
    house.services.get_mut("shop").expect("a service").group_within = Some(Span::from_minutes(1));
    scene.house.apply(house, false, by_token()).await.expect("applied");
    scene
}

fn counts(reading: &Reading) -> Vec<(&'static str, u64)> {
    let count = |whereabouts: Whereabouts| (whereabouts.as_str(), reading.sums.of(whereabouts));
    Whereabouts::ALL.map(count).into_iter().filter(|(_, count)| *count > 0).collect()
}

fn agrees(reading: &Reading, accepted: u64) {
    assert_eq!(reading.accepted, accepted, "{reading:?}");
    assert_eq!(reading.sums.total(), accepted, "{reading:?}");
    assert_eq!((reading.under_way, reading.difference), (0, 0), "{reading:?}");
}

#[tokio::test(start_paused = true)]
async fn whatever_becomes_of_a_problem_it_is_counted_once_also_after_a_restart() {
    let scene = grouping().await;
    let first = scene.fire("disk").await.expect("taken").alert.expect("an alert");
    let joined = scene.fire("memory").await.expect("taken").alert;
    assert_eq!(joined, Some(first));
    scene.fire("disk").await.expect("a repeat");
    scene.pass(2).await;
    let reading = scene.house.ledger();
    agrees(&reading, 2);
    assert_eq!(counts(&reading), [("paged", 1), ("joined", 1)]);

    scene.pass(90).await;
    scene.providers.feel(super::Mood::IsDown);
    let second = scene.fire("power").await.expect("taken").alert.expect("an alert");
    scene.pass(2).await;
    let reading = scene.house.ledger();
    agrees(&reading, 3);
    assert_eq!(counts(&reading), [("paged", 1), ("joined", 1), ("waiting", 1)]);
    assert_eq!(reading.longest_wait.map(|(alert, _)| alert), Some(second));

    let until = scene.house.now() + Span::from_minutes(20);
    let hold = Order::Hold { by: Author::Token("owner".into()), until, unless_joined: 0 };
    scene.house.order(second, hold, by_token()).await.expect("held");
    scene.pass(61).await;
    let third = scene.fire("fan").await.expect("taken").alert.expect("an alert");
    let by = Author::Token("owner".into());
    scene.house.order(third, Order::Acknowledge { by, way: Way::Api }, by_token()).await.expect("taken");
    scene.pass(61).await;
    scene.fire("short").await.expect("taken");
    scene.signal("short", Status::Resolved).await.expect("over");
    scene.signal("memory", Status::Resolved).await.expect("over");
    scene.fire("memory").await.expect("it is back");
    scene.pass(40).await;
    let reading = scene.house.ledger();
    agrees(&reading, 6);
    let expected = [("paged", 1), ("joined", 2), ("held", 1), ("acknowledged", 1), ("over", 1)];
    assert_eq!(counts(&reading), expected);

    let scene = scene.restart().await;
    agrees(&scene.house.ledger(), 6);
    assert_eq!(counts(&scene.house.ledger()), expected);
    scene.pass(60).await;
    assert_eq!(scene.house.ledger().difference, 0);
    assert_eq!(scene.alarm.troubles(), []);
}

#[tokio::test(start_paused = true)]
async fn what_a_source_was_told_is_taken_and_the_log_does_not_have_is_told_to_the_operators() {
    let scene = Scene::new().await;
    scene.fire("disk").await.expect("taken");
    scene.log.lies.store(true, Ordering::Relaxed);
    scene.fire("memory").await.expect("the log says that it has it");
    scene.log.lies.store(false, Ordering::Relaxed);
    scene.pass(20).await;
    assert_eq!(scene.house.ledger().difference, 0, "it may still come");
    scene.pass(15).await;
    let reading = scene.house.ledger();
    assert_ne!(reading.difference, 0);
    let is_named = |difference: &Difference| matches!(difference, Difference::NotWritten(lost) if lost.dedup_key.as_str() == "memory");
    assert!(reading.differences.iter().any(is_named), "{reading:?}");
    let told = |scene: &Scene| {
        let troubles = scene.alarm.troubles();
        troubles.iter().filter(|trouble| matches!(trouble, Trouble::Unaccounted { .. })).count()
    };
    assert_eq!(told(&scene), 1, "{:?}", scene.alarm.troubles());
    scene.pass(600).await;
    assert_eq!(told(&scene), 1, "once");
    scene.pass(3_600).await;
    assert_eq!(told(&scene), 2, "and again while it lasts");
}

#[tokio::test(start_paused = true)]
async fn an_alert_that_the_log_has_and_nobody_acts_on_is_found_and_looked_at() {
    let scene = Scene::new().await;
    let alert = AlertId { symptom: SymptomId::derive(&"prometheus".into(), &"lonely".into()), ordinal: 1 };
    let raised = AlertEvent::Raised(Box::new(Raised {
        alert,
        occasion: Occasion::Problem,
        source: "prometheus".into(),
        dedup_key: "lonely".into(),
        severity: Severity::Error,
        signal: Sealed::Shut,
        assignment: Some(Assignment {
            route: 1,
            service: "shop".into(),
            service_name: "Shop".into(),
            policy: "default".into(),
            runbook: None,
            reference_only: false,
        }),
        gathers: None,
    }));
    let other =
        Journal::new(std::sync::Arc::clone(&scene.log), DerivedKeys::default(), "b".into(), BootId(9));
    let at: Timestamp = scene.house.now();
    let context = Context { at, by: Author::House, cause: Cause::Deadline, directory: Position::START };
    other.append(&alert.stream(), Head::default(), &context, &[raised.into()]).await.expect("written");
    scene.fire("disk").await.expect("taken");
    scene.pass(2).await;
    let reading = scene.house.ledger();
    assert_eq!((reading.accepted, reading.under_way, reading.difference), (2, 1, 0), "{reading:?}");
    assert_eq!(scene.providers.told(), ["anna push"]);
    scene.pass(15).await;
    agrees(&scene.house.ledger(), 2);
    assert_eq!(scene.providers.told(), ["anna push"], "the other alert is paged as well");
    assert_eq!(scene.alarm.troubles(), []);
}

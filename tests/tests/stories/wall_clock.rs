//! The wall clock is stepped while somebody is being paged: no page moves, none is lost, none comes twice.

use tests::house::House;
use tests::household::{ANNA, BERND, Household};
use tests::open_alert::OpenAlert;
use tests::plan::Plan;
use tests::together::side_by_side;
use tests::wait;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const STEPS: [i64; 4] = [HOUR, -HOUR, DAY, -DAY];

/// How much later than planned a page may come because of a step.
const LATE_MAX_MS: i64 = 1_000;

/// How much earlier: the house follows the wall clock by a second a minute.
const EARLY_MAX_MS: i64 = 500;

/// From raising the alert to each page.
const SMS_AFTER_MS: i64 = 5_000;
const PAGER_AFTER_MS: i64 = 9_000;
const NEXT_AFTER_MS: i64 = 13_000;

fn plan() -> Plan {
    let household = Household::default()
        .ladder(
            ANNA,
            &["{ contact: push, after: 0s }", "{ contact: sms, after: 5s }", "{ contact: pager, after: 9s }"],
        )
        .steps(&["{ page: [{ person: anna }], wait: 13s }", "{ page: [{ person: bernd }], wait: 2d }"]);
    Plan::from(household).with_own_wall_clock()
}

/// What `/metrics` says of the wall clock, in seconds.
async fn wall_ahead(house: &House) -> f64 {
    house.metrics().await["hotpotato_clock_wall_ahead_seconds"]
}

/// The step has reached the process: it says itself how far it is from the wall clock now.
#[expect(clippy::cast_precision_loss, reason = "a day in seconds")]
async fn sees(house: &House, step: i64) {
    wait::until("the step to reach the process", async || {
        ((wall_ahead(house).await - step as f64).abs() < 5.0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_step_of_the_wall_clock_moves_no_page_and_doubles_none() {
    // One house whose clock nobody steps tells how late pages are on this machine just now.
    let (usual, stepped) = tokio::join!(stepped(0), async {
        let [one, two, three, four] = STEPS;
        tokio::join!(stepped(one), stepped(two), stepped(three), stepped(four)).into()
    });
    let stepped: [[i64; 3]; 4] = stepped;
    let usual = usual.into_iter().max().unwrap_or_default().max(0);
    for (step, late) in STEPS.into_iter().zip(stepped) {
        let in_time = -EARLY_MAX_MS..=usual + LATE_MAX_MS;
        assert!(
            late.iter().all(|late| in_time.contains(late)),
            "the wall clock was stepped by {step} s: pages came {late:?} ms after they were planned; without a step \
             they come {usual} ms after it"
        );
    }
}

/// How many milliseconds after its plan each page comes that follows the step.
async fn stepped(step: i64) -> [i64; 3] {
    let mut house = House::with(plan()).await;
    let alert = house.fire("disk full").await;
    let push = house.page(ANNA.push).await;
    assert!(wall_ahead(&house).await.abs() < 1.0, "nobody has stepped the clock yet");
    house.step_wall_clock(step);
    sees(&house, step).await;
    let mut late = [0; 3];
    let planned = [(ANNA.sms, SMS_AFTER_MS), (ANNA.pager, PAGER_AFTER_MS), (BERND.push, NEXT_AFTER_MS)];
    for (late, (destination, after_ms)) in late.iter_mut().zip(planned) {
        let page = house.page(destination).await;
        *late = page.at_ms - push.at_ms - after_ms;
        assert!(!page.is_repeat() && !page.is_late(), "{step}: {page:#?}");
    }
    end(house, &alert).await;
    late
}

/// Somebody takes it, and nobody was paged whom the story does not know of.
async fn end(house: House, alert: &OpenAlert) {
    house.recorded(&alert.id, "accepted by the provider", 4).await;
    house.cli(&["alert", "ack", &alert.id]).await.done();
    house.finish().await;
}

#[tokio::test]
async fn a_start_after_the_wall_clock_was_set_back_corrects_what_lies_ahead_and_pages_in_time() {
    side_by_side([-HOUR, -DAY].into_iter().map(set_back)).await;
}

async fn set_back(step: i64) {
    let mut house = House::with(plan()).await;
    let alert = house.fire("disk full").await;
    let push = house.page(ANNA.push).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    let recorded_ms = wait::wall_clock_ms();
    house.step_wall_clock(step);
    sees(&house, step).await;
    house.kill9_and_restart().await;
    let restarted_ms = wait::wall_clock_ms();
    assert!(wall_ahead(&house).await.abs() < 5.0, "a start takes the wall clock as it is");
    kind(&house, &alert, "clock_corrected").await;
    // The history cannot know how long the house was down and silent: its waits go on from its last record.
    let unknown_ms = restarted_ms - recorded_ms;
    for (destination, after_ms) in
        [(ANNA.sms, SMS_AFTER_MS), (ANNA.pager, PAGER_AFTER_MS), (BERND.push, NEXT_AFTER_MS)]
    {
        let page = house.page(destination).await;
        let late = page.at_ms - push.at_ms - after_ms;
        assert!(
            (-EARLY_MAX_MS..=LATE_MAX_MS + unknown_ms).contains(&late),
            "{destination}, set back by {step} s: {late} ms after it was planned; {unknown_ms} ms are unknown"
        );
        assert!(!page.is_repeat() && !page.is_late(), "{step}: {page:#?}");
    }
    end(house, &alert).await;
}

#[tokio::test]
async fn a_start_after_the_wall_clock_was_set_forward_pages_at_once_what_seems_overdue_and_nothing_twice() {
    side_by_side([HOUR, DAY].into_iter().map(set_forward)).await;
}

/// For the house it looks like an outage: what it seems to have missed collapses and says so.
async fn set_forward(step: i64) {
    let mut house = House::with(plan()).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    house.step_wall_clock(step);
    sees(&house, step).await;
    house.kill9_and_restart().await;
    // One page stands for the rungs that seem to be missed: the highest. The push had arrived and does not come again.
    let pager = house.page(ANNA.pager).await;
    assert!(pager.is_late() && !pager.is_repeat(), "{step}: {pager:#?}");
    // Bernd's step lasts two days: it is entered now.
    house.page(BERND.push).await;
    house.recorded(&alert.id, "accepted by the provider", 3).await;
    house.cli(&["alert", "ack", &alert.id]).await.done();
    house.finish().await;
}

/// Waits until something of this kind stands in the timeline.
async fn kind(house: &House, alert: &OpenAlert, kind: &str) {
    wait::until(kind, async || {
        house.timeline(&alert.id).await.into_iter().any(|(found, _)| found == kind).then_some(())
    })
    .await;
}

//! Decides when the process dies: at any moment, also before it is ready, and also while it stands still.

use std::time::Duration;

use super::dice::Dice;
use super::house::House;
use super::report::Tally;
use crate::bench::BenchError;
use crate::moment;

/// How many of a hundred starts are killed before anybody knows whether they are ready.
const IN_START_PERCENT: u64 = 25;

/// A start is taken to last this long before the first one was measured.
const START: Duration = Duration::from_millis(100);

/// So often it is said how far it is.
const SAID_EVERY: u32 = 100;

/// What is to be done to one house.
#[derive(Debug)]
pub struct Order {
    /// How often it is killed.
    pub kills: u32,
    /// How often it is stopped.
    pub stops: u32,
    /// How long a stop lasts at most; at least a second.
    pub stop_max: Duration,
}

/// Carries it out on a house that is ready, and leaves it ready.
pub async fn carry_out(
    house: &mut House,
    order: &Order,
    dice: &mut Dice,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<Tally, BenchError> {
    let mut tally = Tally::default();
    let mut start = START;
    let (mut kills, mut stops) = (0, 0);
    while kills < order.kills || stops < order.stops {
        moment::pause(life(dice)).await;
        // Stops are spread evenly over the kills.
        if u64::from(stops) * u64::from(order.kills) < u64::from(order.stops) * u64::from(kills.max(1)) {
            let time = stop(order.stop_max, dice);
            house.stop_for(time).await?;
            tally.stopped += time;
            stops += 1;
            tally.stops += 1;
            // What it does first when it goes on is what a kill may hit.
            moment::pause(Duration::from_millis(dice.between(0, 400))).await;
        }
        if kills >= order.kills {
            continue;
        }
        loop {
            house.kill().await?;
            kills += 1;
            tally.kills += 1;
            if kills % SAID_EVERY == 0 {
                let (number, bytes) = (house.number(), house.log_bytes() / 1024);
                progress(&format!("house {number}: {kills} of {} kills, log {bytes} KiB", order.kills));
            }
            let started = house.launch()?;
            if kills < order.kills && dice.percent(IN_START_PERCENT) {
                let time = Duration::from_micros(dice.between(0, micros(start) * 3 / 2));
                let is_ready = tokio::select! {
                    biased;
                    ready = house.ready() => { ready?; true }
                    () = moment::pause(time) => false,
                };
                if !is_ready {
                    tally.kills_before_ready += 1;
                    continue;
                }
            } else {
                house.ready().await?;
            }
            start = moment::since(started);
            tally.restarts.push(start);
            break;
        }
    }
    let tenth = tally.restarts.len().div_ceil(10);
    tally.first_restarts = tally.restarts.iter().take(tenth).copied().collect();
    tally.last_restarts = tally.restarts.iter().rev().take(tenth).copied().collect();
    Ok(tally)
}

/// How long a process lives once it is ready: mostly so short that its first work is hit, now and then so long that
/// ladders climb.
fn life(dice: &mut Dice) -> Duration {
    Duration::from_millis(match dice.between(0, 20) {
        0..=8 => dice.between(0, 120),
        9..=17 => dice.between(120, 700),
        18 => dice.between(700, 3_000),
        _ => dice.between(3_000, 8_000),
    })
}

/// Short stops are more frequent than long ones.
fn stop(max: Duration, dice: &mut Dice) -> Duration {
    let max = micros(max).max(1_000_001);
    let limit = dice.between(1_000_000, max);
    Duration::from_micros(dice.between(1_000_000, limit.max(1_000_001)))
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

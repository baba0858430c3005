//! A quiet source alone, and beside one that tells of very many different alerts as fast as they are taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;

use super::house::{Setting, service};
use super::posting::{Posted, as_fast_as_taken, steadily, until};
use super::record::{Told, Where};
use super::{House, PAGE_WAIT_MAX, Plan};
use crate::bench::BenchError;
use crate::bench::figure::{Figure, Target, float};
use crate::bench::scratch::Scratch;
use crate::load::LatencyMs;
use crate::moment;
use crate::sink::Sink;

/// The quiet one's p99 is at most so many times what it is alone.
const RATIO_MAX: f64 = 3.0;
/// The quiet one tells of so many alerts beside the loud one at most.
const QUIET_COUNT_MAX: u32 = 20_000;
/// Alerts of the loud one have numbers far beyond those that the provider looks for.
const LOUD_FROM: u32 = 10_000_000;
/// Its alerts do not wait for one another.
const QUIET_CONNECTIONS: u32 = 16;
/// How often it is looked whether all pages have come.
const ASKED_EVERY: Duration = Duration::from_millis(20);
/// The loud one is given so much of a start that it floods before the quiet one is measured.
const HEAD_START: Duration = Duration::from_millis(500);

/// What came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Beside {
    /// Different alerts of the loud one.
    pub loud: u32,
    /// How many of them were taken a second.
    pub loud_per_second: f64,
    /// From an alert of the quiet one to its page, alone.
    pub alone_ms: LatencyMs,
    /// The same beside the loud one.
    pub loud_too_ms: LatencyMs,
    /// From an alert of the quiet one to its answer, alone.
    pub alone_post_ms: LatencyMs,
    /// The same beside the loud one.
    pub loud_too_post_ms: LatencyMs,
    /// Alerts of the quiet one without a page.
    pub unpaged: u64,
    /// Alerts that were not answered 2xx, of the quiet one.
    pub quiet_refused: u64,
    /// The same of the loud one.
    pub loud_refused: u64,
    /// Where the log says that the loud one's went.
    pub went: Where,
}

impl Beside {
    /// The quiet one's p99 beside the loud one, in times of that alone.
    pub fn ratio(&self) -> f64 {
        if self.alone_ms.p99 > 0.0 { self.loud_too_ms.p99 / self.alone_ms.p99 } else { f64::INFINITY }
    }

    pub fn figures(&self) -> Vec<Figure> {
        let missing =
            u64::from(self.loud).saturating_sub(self.loud_refused).saturating_sub(self.went.problems);
        vec![
            Figure::new("POST → page alone, p50", "ms", self.alone_ms.p50),
            Figure::new("POST → page beside it, p50", "ms", self.loud_too_ms.p50),
            Figure::new("POST → page alone, p99", "ms", self.alone_ms.p99),
            Figure::new("POST → page beside it, p99", "ms", self.loud_too_ms.p99),
            Figure::new("times as long, p99", "×", self.ratio()).target(Target::AtMost(RATIO_MAX)),
            Figure::new("POST answered alone, p99", "ms", self.alone_post_ms.p99),
            Figure::new("POST answered beside it, p99", "ms", self.loud_too_post_ms.p99),
            Figure::new("pages measured beside it", "", float(self.loud_too_ms.count)),
            Figure::new("the loud one's, taken", "/s", self.loud_per_second),
            Figure::new("alerts that they became", "", float(self.went.alerts)),
            Figure::fault("the quiet one's without a page", self.unpaged),
            Figure::fault("the quiet one's refused", self.quiet_refused),
            Figure::fault("the loud one's refused", self.loud_refused),
            Figure::fault("accepted, but in no alert in the log", missing),
        ]
    }
}

/// Starts a house, and lets the quiet one speak alone and then beside the loud one. The channel is as fast as its
/// configuration allows.
pub async fn measure(plan: &Plan, scratch: &Scratch) -> Result<Beside, BenchError> {
    let setting = Setting { people: 1, numbers: plan.quiet + QUIET_COUNT_MAX, is_channel_fast: true };
    let House { subject, sink, loud, quiet } = House::start(&plan.hot_potato, scratch, setting).await?;
    subject.program.come_to_rest().await?;
    let per_second = plan.quiet_per_second;
    let alone = steadily(&quiet, 0..plan.quiet, QUIET_CONNECTIONS, per_second, of_quiet).await?;
    let (alone_ms, unpaged_alone) = pages(&sink, &alone).await;

    let (connections, numbers) = (plan.connections, LOUD_FROM..LOUD_FROM + plan.loud);
    let is_over = Arc::new(AtomicBool::new(false));
    let ends = Arc::clone(&is_over);
    let flood = tokio::spawn(async move {
        let posted = as_fast_as_taken(&loud, numbers, connections, |_| service(0)).await;
        ends.store(true, Ordering::Relaxed);
        posted
    });
    moment::pause(HEAD_START).await;
    let numbers = plan.quiet..plan.quiet + QUIET_COUNT_MAX;
    let beside = until(is_over, &quiet, numbers, QUIET_CONNECTIONS, per_second, of_quiet).await?;
    let flood = flood.await.expect("who posts does not panic")?;
    let (loud_too_ms, unpaged_beside) = pages(&sink, &beside).await;
    subject.program.come_to_rest().await?;
    subject.program.end().await?;
    Ok(Beside {
        loud: plan.loud,
        loud_per_second: float(u64::try_from(flood.due.len()).unwrap_or(u64::MAX)) / flood.took.as_secs_f64(),
        alone_ms,
        loud_too_ms,
        alone_post_ms: LatencyMs::of(alone.latencies),
        loud_too_post_ms: LatencyMs::of(beside.latencies),
        unpaged: unpaged_alone + unpaged_beside,
        quiet_refused: alone.refused + beside.refused,
        loud_refused: flood.refused,
        went: Told::read(&subject.folder).await?.of("loud"),
    })
}

fn of_quiet(_: u32) -> String {
    "quiet".to_owned()
}

/// How long each alert's page took, and how many did not come.
async fn pages(sink: &Sink, posted: &Posted) -> (LatencyMs, u64) {
    let begun = moment::now();
    let missing = || posted.due.keys().filter(|number| sink.arrival(**number).is_none()).count();
    while missing() > 0 && moment::since(begun) < PAGE_WAIT_MAX {
        moment::pause(ASKED_EVERY).await;
    }
    let took = posted.due.iter().filter_map(|(number, due)| {
        Some((sink.epoch() + sink.arrival(*number)?).saturating_duration_since(*due))
    });
    (LatencyMs::of(took.collect()), u64::try_from(missing()).unwrap_or(u64::MAX))
}

//! A storm of different alerts for one person, with everything configured as an operator would.

use serde::Serialize;

use super::house::{Setting, service};
use super::posting::steadily;
use super::record::{Told, Where};
use super::{House, PAGE_WAIT_MAX, Plan, WARM_UP_COUNT};
use crate::bench::BenchError;
use crate::bench::figure::{Figure, Target, float};
use crate::bench::scratch::Scratch;
use crate::load::LatencyMs;

/// Most pages to the person.
const PAGES_MAX: f64 = 10.0;
/// From the first alert to the first page, in milliseconds, at most.
pub const FIRST_PAGE_MS_MAX: f64 = 50.0;
/// The last alert is answered so many times later than the storm lasts, at most.
const LATE_MAX: f64 = 1.1;

/// What came of it.
#[derive(Debug, Clone, Serialize)]
pub struct OnePerson {
    pub alerts: u32,
    /// From the first alert to the last answer.
    pub seconds: f64,
    /// How long the storm was to last.
    pub planned_seconds: f64,
    /// From when an alert was due to its answer.
    pub post_ms: LatencyMs,
    /// From the first alert to the first page; absent when none came.
    pub first_page_ms: Option<f64>,
    /// Pages to the person.
    pub pages: u64,
    /// Alerts that were not answered 2xx.
    pub refused: u64,
    /// Where the log says that they went.
    pub went: Where,
}

impl OnePerson {
    pub fn figures(&self) -> Vec<Figure> {
        let first = self.first_page_ms.unwrap_or(f64::INFINITY);
        let missing = u64::from(self.alerts).saturating_sub(self.refused).saturating_sub(self.went.problems);
        vec![
            Figure::new("first page", "ms", first).target(Target::AtMost(FIRST_PAGE_MS_MAX)),
            Figure::new("pages to the person", "", float(self.pages)).target(Target::AtMost(PAGES_MAX)),
            Figure::new("alerts that they became", "", float(self.went.alerts)),
            Figure::new("all answered after", "s", self.seconds)
                .target(Target::AtMost(self.planned_seconds * LATE_MAX)),
            Figure::new("POST answered, p50", "ms", self.post_ms.p50),
            Figure::new("POST answered, p99", "ms", self.post_ms.p99),
            Figure::fault("refused", self.refused),
            Figure::fault("accepted, but in no alert in the log", missing),
            Figure::fault("in two alerts", self.went.twice),
        ]
    }
}

/// Starts a house and sends it the storm.
pub async fn measure(plan: &Plan, scratch: &Scratch) -> Result<OnePerson, BenchError> {
    let setting = Setting { people: 1, numbers: plan.alerts, is_channel_fast: false };
    let House { mut subject, sink, loud, .. } = House::start(&plan.hot_potato, scratch, setting).await?;
    subject.program.come_to_rest().await?;
    let warm = usize::try_from(WARM_UP_COUNT).unwrap_or(usize::MAX);
    let (messages, begun) = (sink.messages(), crate::moment::now());
    let posted = tokio::select! {
        posted = steadily(&loud, 0..plan.alerts, plan.connections, plan.per_second, |_| service(0)) => posted?,
        broken = subject.program.broken() => return Err(broken),
    };
    sink.wait_for(warm + 1, PAGE_WAIT_MAX).await;
    subject.program.come_to_rest().await?;
    let first = (0..plan.alerts).filter_map(|number| sink.arrival(number)).min();
    let first = first.map(|first| (sink.epoch() + first).saturating_duration_since(begun));
    let pages = sink.messages() - messages;
    subject.program.end().await?;
    Ok(OnePerson {
        alerts: plan.alerts,
        seconds: posted.took.as_secs_f64(),
        planned_seconds: f64::from(plan.alerts) / plan.per_second,
        post_ms: LatencyMs::of(posted.latencies),
        first_page_ms: first.map(|first| first.as_secs_f64() * 1e3),
        pages,
        refused: posted.refused,
        went: Told::read(&subject.folder).await?.of("loud"),
    })
}

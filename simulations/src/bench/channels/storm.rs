//! Many pages over one way, as fast as the house takes their alerts.

use std::time::Duration;

use serde::Serialize;

use super::counterparts::Counterparts;
use super::outcome::Fared;
use super::posting::{self, Door};
use super::way::Way;
use super::{Plan, WARM_UP_COUNT, house};
use crate::bench::BenchError;
use crate::bench::figure::float;
use crate::bench::machine;
use crate::bench::scratch::Scratch;
use crate::load::LatencyMs;
use crate::process_usage::ProcessUsage;

/// How long the last page may take after the last post.
const ARRIVAL_LIMIT: Duration = Duration::from_mins(2);

/// What came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Storm {
    /// Counted from 1.
    pub round: u32,
    /// The machine's load average over the minute before.
    pub load_average: f64,
    /// From the first post to the last page.
    pub pages_per_second: f64,
    /// CPU time of the house for each page, until it is at rest again, in microseconds.
    pub cpu_micros_per_page: f64,
    /// The same of this process: whoever posts, and the stand-ins.
    pub beside_micros_per_page: f64,
    /// From sending an alert to its page at the provider, and what went wrong.
    pub fared: Fared,
}

/// Starts a house with one way of reaching people and sends it alerts.
pub async fn measure(plan: &Plan, scratch: &Scratch, round: u32, way: Way) -> Result<Storm, BenchError> {
    let load_average = machine::load_average()?;
    let folder = scratch.folder(way.name())?;
    let counterparts = Counterparts::start(&folder, None).await?;
    let arrivals = &counterparts.arrivals;
    let mut subject = house::start(&plan.hot_potato, folder, &[way], &counterparts.places).await?;
    let door = Door::of(&subject);
    posting::as_fast_as_taken(&door, way, 0..WARM_UP_COUNT, 1).await?;
    let warm = usize::try_from(WARM_UP_COUNT).unwrap_or_default();
    if !arrivals.wait_for(warm, ARRIVAL_LIMIT).await {
        return Err(subject.program.misbehaved(format!("sent no page over {} to warm up", way.name())));
    }

    let before = subject.program.come_to_rest().await?;
    let ours_before = ours()?;
    let numbers = WARM_UP_COUNT..WARM_UP_COUNT + plan.count;
    let posted = tokio::select! {
        posted = posting::as_fast_as_taken(&door, way, numbers.clone(), plan.connections) => posted?,
        broken = subject.program.broken() => return Err(broken),
    };
    arrivals.wait_for(warm + posted.len(), ARRIVAL_LIMIT).await;
    let after = subject.program.come_to_rest().await?;
    let ours_after = ours()?;

    let fared = Fared::read(way, numbers.clone(), &posted, arrivals);
    let begun = posted.values().min().copied();
    let ended = numbers.filter_map(|number| arrivals.at(way, number)).max();
    let took = begun.zip(ended).map_or(0.0, |(begun, ended)| (ended - begun).as_secs_f64());
    let LatencyMs { count, .. } = fared.page_ms;
    subject.program.end().await?;
    Ok(Storm {
        round,
        load_average,
        pages_per_second: if took > 0.0 { float(count) / took } else { 0.0 },
        cpu_micros_per_page: micros(before, after) / float(count.max(1)),
        beside_micros_per_page: micros(ours_before, ours_after) / float(count.max(1)),
        fared,
    })
}

fn ours() -> Result<ProcessUsage, BenchError> {
    ProcessUsage::read(std::process::id()).map_err(BenchError::system("this process cannot be measured"))
}

fn micros(before: ProcessUsage, after: ProcessUsage) -> f64 {
    let used = |usage: ProcessUsage| usage.user_seconds + usage.system_seconds;
    (used(after) - used(before)) * 1e6
}

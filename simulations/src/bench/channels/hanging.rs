//! A house that pages over all ways at once, at a steady pace, while everybody answers, and while one provider accepts
//! connections and never answers.

use std::ops::Range;
use std::time::Duration;

use serde::Serialize;

use super::counterparts::Counterparts;
use super::outcome::Fared;
use super::posting::{self, Door};
use super::way::Way;
use super::{Plan, WARM_UP_COUNT, house};
use crate::bench::BenchError;
use crate::bench::machine;
use crate::bench::scratch::Scratch;
use crate::load::LatencyMs;

/// How long the last page of those who answer may take after the last post.
const ARRIVAL_LIMIT: Duration = Duration::from_secs(30);

/// What came of one run.
#[derive(Debug, Clone, Serialize)]
pub struct Run {
    /// Counted from 1.
    pub round: u32,
    /// The machine's load average over the minute before.
    pub load_average: f64,
    /// Whose provider it is about.
    pub of: Way,
    /// Whether that one hung; if not, all answered.
    pub hung: bool,
    /// How everybody else's pages fared.
    pub others: Vec<Fared>,
    /// All of those together, from an alert's POST to its page at the provider.
    pub together_ms: LatencyMs,
}

/// Starts a house with all ways and pages over each of them.
pub async fn measure(
    plan: &Plan,
    scratch: &Scratch,
    round: u32,
    of: Way,
    hung: bool,
) -> Result<Run, BenchError> {
    let load_average = machine::load_average()?;
    let folder = scratch.folder(of.name())?;
    let counterparts = Counterparts::start(&folder, hung.then_some(of)).await?;
    let arrivals = &counterparts.arrivals;
    let mut subject = house::start(&plan.hot_potato, folder, &Way::ALL, &counterparts.places).await?;
    let door = Door::of(&subject);
    let others: Vec<Way> = Way::ALL.into_iter().filter(|way| *way != of).collect();
    let every = Duration::from_secs_f64(1.0 / plan.per_second);

    // The provider in question gets nothing to warm up: it is to hang for all that matters, and not before.
    let warm = ranges(&others, 0, WARM_UP_COUNT);
    let warmed = posting::steadily(&door, &warm, every).await?.len();
    if !arrivals.wait_for(warmed, ARRIVAL_LIMIT).await {
        return Err(subject.program.misbehaved("did not send every page to warm up".to_owned()));
    }

    let first = WARM_UP_COUNT * u32::try_from(Way::ALL.len()).unwrap_or(u32::MAX);
    let numbers = ranges(&Way::ALL, first, plan.steady_count);
    let posted = tokio::select! {
        posted = posting::steadily(&door, &numbers, every) => posted?,
        broken = subject.program.broken() => return Err(broken),
    };
    let is_due =
        |number: &u32| numbers.iter().any(|(way, numbers)| numbers.contains(number) && !(hung && *way == of));
    let due = posted.keys().filter(|number| is_due(number)).count();
    arrivals.wait_for(warmed + due, ARRIVAL_LIMIT).await;
    let (mut others, mut together) = (Vec::new(), Vec::new());
    for (way, numbers) in numbers.iter().filter(|(way, _)| *way != of) {
        let (fared, latencies) = Fared::with_latencies(*way, numbers.clone(), &posted, arrivals);
        others.push(fared);
        together.extend(latencies);
    }
    subject.program.kill9().await?;
    Ok(Run { round, load_average, of, hung, others, together_ms: LatencyMs::of(together) })
}

/// `count` numbers for each way, one range after the other.
fn ranges(ways: &[Way], first: u32, count: u32) -> Vec<(Way, Range<u32>)> {
    let begin = |place: u32| first + place * count;
    (0_u32..).zip(ways).map(|(place, way)| (*way, begin(place)..begin(place + 1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_has_numbers_of_its_own() {
        let ranges = ranges(&[Way::Snpp, Way::Tap], 100, 3);
        assert_eq!(ranges, [(Way::Snpp, 100..103), (Way::Tap, 103..106)]);
    }
}

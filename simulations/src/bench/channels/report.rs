//! Everything that one run found out.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::hanging::Run;
use super::outcome::{Fared, median};
use super::storm::Storm;
use super::way::Way;
use super::{Plan, WARM_UP_COUNT};
use crate::bench::machine::Machine;
use crate::load::LatencyMs;

/// The page latency of everybody else is at most so many times what it is while all providers answer.
pub const RATIO_MAX: f64 = 1.1;

/// The result of one run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// When it began, in RFC 3339, UTC.
    pub date: String,
    /// Where.
    pub machine: Machine,
    /// What was asked for.
    pub plan: Plan,
    /// Each way alone: the medians over rounds, of faults the sum.
    pub alone: Vec<Alone>,
    /// Everybody else while one provider hangs.
    pub beside: Vec<Beside>,
    /// Each storm.
    pub storms: Vec<Storm>,
    /// Each run with and without a provider that hangs.
    pub runs: Vec<Run>,
}

/// One way alone.
#[derive(Debug, Clone, Serialize)]
pub struct Alone {
    pub way: Way,
    pub pages_per_second: f64,
    pub cpu_micros_per_page: f64,
    pub beside_micros_per_page: f64,
    pub page_p50_ms: f64,
    pub page_p99_ms: f64,
    pub faults: u64,
}

/// One way while the provider of another hangs.
#[derive(Debug, Clone, Serialize)]
pub struct Beside {
    /// Whose provider hangs.
    pub hanging: Way,
    /// Whose pages are measured; those of all others together when nothing is said.
    pub way: Option<Way>,
    /// The median of p50 while all answer, and while one hangs.
    pub p50_ms: (f64, f64),
    /// The median of p99 while all answer, and while one hangs.
    pub p99_ms: (f64, f64),
    /// The second divided by the first.
    pub p99_ratio: f64,
    /// Lost, sent twice, or not taken, in all runs.
    pub faults: u64,
}

impl Report {
    pub(super) fn new(date: u64, machine: Machine, plan: &Plan, storms: Vec<Storm>, runs: Vec<Run>) -> Self {
        let date =
            i64::try_from(date).ok().and_then(DateTime::<Utc>::from_timestamp_millis).unwrap_or_default();
        Self {
            date: date.to_rfc3339_opts(SecondsFormat::Secs, true),
            machine,
            plan: plan.clone(),
            alone: plan.ways.iter().filter_map(|way| alone(*way, &storms)).collect(),
            beside: plan.hanging.iter().flat_map(|of| beside(*of, &runs)).collect(),
            storms,
            runs,
        }
    }

    /// Returns whether every page came, and none twice, whatever the speed.
    pub fn is_sound(&self) -> bool {
        self.alone.iter().map(|row| row.faults).chain(self.beside.iter().map(|row| row.faults)).sum::<u64>()
            == 0
    }
}

fn alone(way: Way, storms: &[Storm]) -> Option<Alone> {
    let storms: Vec<&Storm> = storms.iter().filter(|storm| storm.fared.way == way).collect();
    let of = |figure: fn(&Storm) -> f64| median(storms.iter().map(|storm| figure(storm)).collect());
    (!storms.is_empty()).then(|| Alone {
        way,
        pages_per_second: of(|storm| storm.pages_per_second),
        cpu_micros_per_page: of(|storm| storm.cpu_micros_per_page),
        beside_micros_per_page: of(|storm| storm.beside_micros_per_page),
        page_p50_ms: of(|storm| storm.fared.page_ms.p50),
        page_p99_ms: of(|storm| storm.fared.page_ms.p99),
        faults: storms.iter().map(|storm| storm.fared.faults()).sum(),
    })
}

fn beside(hanging: Way, runs: &[Run]) -> Vec<Beside> {
    let runs = |hung: bool| runs.iter().filter(move |run| run.of == hanging && run.hung == hung);
    let of =
        |way: Way, hung: bool| runs(hung).flat_map(|run| &run.others).filter(move |fared| fared.way == way);
    let row = |way: Option<Way>, figure: &dyn Fn(bool) -> Vec<LatencyMs>, faults: u64| {
        let of = |hung, of: fn(&LatencyMs) -> f64| median(figure(hung).iter().map(of).collect());
        let p99_ms: (f64, f64) = (of(false, |ms| ms.p99), of(true, |ms| ms.p99));
        Beside {
            hanging,
            way,
            p50_ms: (of(false, |ms| ms.p50), of(true, |ms| ms.p50)),
            p99_ms,
            p99_ratio: if p99_ms.0 > 0.0 { p99_ms.1 / p99_ms.0 } else { 0.0 },
            faults,
        }
    };
    let ways = Way::ALL.into_iter().filter(|way| *way != hanging && of(*way, false).next().is_some());
    let mut rows: Vec<Beside> = ways
        .map(|way| {
            let faults = of(way, false).chain(of(way, true)).map(Fared::faults).sum();
            row(Some(way), &|hung| of(way, hung).map(|fared| fared.page_ms).collect(), faults)
        })
        .collect();
    if !rows.is_empty() {
        rows.push(row(None, &|hung| runs(hung).map(|run| run.together_ms).collect(), 0));
    }
    rows
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Machine { processor, cores, memory_mib, kernel, file_system, sync_ms, load_average } =
            &self.machine;
        let Plan { rounds, count, connections, steady_count, per_second, .. } = &self.plan;
        writeln!(formatter, "{}, median of {rounds} rounds, of faults the sum", self.date)?;
        writeln!(
            formatter,
            "{cores} × {processor}, {memory_mib} MiB, Linux {kernel}, load average {load_average:.2}"
        )?;
        writeln!(formatter, "{file_system}: 4 KiB appended and durable in {sync_ms}")?;
        writeln!(
            formatter,
            "a fresh process on fresh data for each measurement, and {WARM_UP_COUNT} pages before it; whoever posts, and \
             the stand-ins, are one process beside it on the same machine"
        )?;
        if !self.alone.is_empty() {
            writeln!(
                formatter,
                "\n{count} pages over each channel, {connections} connections\n{:<12} {:>9} {:>15} {:>15} {:>13} {:>13} {:>7}",
                "", "pages/s", "CPU/page, µs", "beside it, µs", "page p50, ms", "page p99, ms", "faults"
            )?;
        }
        for row in &self.alone {
            writeln!(
                formatter,
                "{:<12} {:>9.0} {:>15.0} {:>15.0} {:>13.1} {:>13.1} {:>7}",
                row.way.name(),
                row.pages_per_second,
                row.cpu_micros_per_page,
                row.beside_micros_per_page,
                row.page_p50_ms,
                row.page_p99_ms,
                row.faults
            )?;
        }
        let mut hanging = None;
        for row in &self.beside {
            if hanging.replace(row.hanging) != Some(row.hanging) {
                writeln!(
                    formatter,
                    "\n{steady_count} pages over each channel, {per_second} a second over each, while {} hangs\n{:<12} \
                     {:>13} {:>13} {:>13} {:>13} {:>7} {:>7}",
                    row.hanging.name(),
                    "",
                    "p50 without",
                    "p50 with",
                    "p99 without",
                    "p99 with",
                    "ratio",
                    "faults"
                )?;
            }
            writeln!(
                formatter,
                "{:<12} {:>13.2} {:>13.2} {:>13.2} {:>13.2} {:>7.2} {:>7}  {}",
                row.way.map_or("all of them", Way::name),
                row.p50_ms.0,
                row.p50_ms.1,
                row.p99_ms.0,
                row.p99_ms.1,
                row.p99_ratio,
                row.faults,
                // Of a few hundred pages the third slowest decides: only all of them together are judged.
                match row.way {
                    Some(_) => "",
                    None if row.p99_ratio <= RATIO_MAX => "met",
                    None => "NOT MET",
                }
            )?;
        }
        Ok(())
    }
}

//! What a run of the load generator found out.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::tally::Tally;
use super::{LoadKind, LoadOptions};
use crate::process_usage::ProcessUsage;
use crate::sink::Sink;

/// The result of one run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LoadReport {
    /// The shape of what was posted.
    pub kind: LoadKind,
    /// Alerts that were to be posted.
    pub count: u32,
    /// Connections at once.
    pub connections: u32,
    /// Alerts in one request.
    pub alerts_per_post: u32,
    /// Requests a second that were asked for; absent: as many as possible.
    pub posts_per_second: Option<f64>,
    /// Alerts that were answered 2xx.
    pub accepted: u64,
    /// Alerts that were refused, or not accepted before the limit.
    pub lost: u64,
    /// Requests that were sent again because of a 5xx, by status.
    pub retries: BTreeMap<u16, u64>,
    /// Requests that were refused for good, by status.
    pub refusals: BTreeMap<u16, u64>,
    /// Connections that broke or could not be had.
    pub reconnects: u64,
    /// From the first post to the last answer, in seconds.
    pub post_seconds: f64,
    /// Accepted alerts a second.
    pub accepted_per_second: f64,
    /// How long accepted requests took, each from its last sending.
    pub post_ms: LatencyMs,
    /// What the sink saw; absent without a sink.
    pub sink: Option<SinkReport>,
    /// What the process under test used; absent if none was named.
    pub process: Option<ProcessReport>,
}

/// What the sink saw.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SinkReport {
    /// All requests, whatever their content.
    pub requests: u64,
    /// Different markers that came in.
    pub arrived: u64,
    /// Accepted alerts whose marker did not come within the limit.
    pub missing: u64,
    /// Up to ten of the missing markers' numbers.
    pub missing_examples: Vec<u32>,
    /// Markers that came more than once.
    pub repeats: u64,
    /// From the first post to the last arrival, in seconds.
    pub arrival_seconds: f64,
    /// Markers a second over that time.
    pub arrived_per_second: f64,
    /// From an alert's first sending (or, with a rate, from when it was due) to its marker at the sink.
    pub post_to_sink_ms: LatencyMs,
}

/// What the process under test used between the first post and the last arrival.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProcessReport {
    /// The process.
    pub pid: u32,
    /// Before the first post.
    pub before: ProcessUsage,
    /// After the last arrival.
    pub after: ProcessUsage,
    /// User and system time in between, in seconds.
    pub cpu_seconds: f64,
    /// The same for each accepted alert, in microseconds.
    pub cpu_micros_per_alert: f64,
}

/// A distribution of latencies in milliseconds, by nearest rank.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct LatencyMs {
    /// How many were measured.
    pub count: u64,
    /// Half were as fast.
    pub p50: f64,
    /// 90 of 100 were as fast.
    pub p90: f64,
    /// 99 of 100 were as fast.
    pub p99: f64,
    /// The slowest.
    pub max: f64,
}

impl LatencyMs {
    /// Orders and ranks latencies.
    pub fn of(mut latencies: Vec<Duration>) -> Self {
        latencies.sort_unstable();
        let ms = |at: usize| latencies.get(at).map_or(0.0, |latency| latency.as_secs_f64() * 1000.0);
        let rank = |percent: usize| ms((latencies.len() * percent).div_ceil(100).saturating_sub(1));
        let count = u64::try_from(latencies.len()).unwrap_or(u64::MAX);
        Self { count, p50: rank(50), p90: rank(90), p99: rank(99), max: rank(100) }
    }
}

impl ProcessReport {
    /// Compares two readings of one process.
    pub fn between(pid: u32, before: ProcessUsage, after: ProcessUsage, accepted: u64) -> Self {
        let used = |usage: ProcessUsage| usage.user_seconds + usage.system_seconds;
        let cpu_seconds = used(after) - used(before);
        Self { pid, before, after, cpu_seconds, cpu_micros_per_alert: per(cpu_seconds * 1e6, accepted) }
    }
}

impl LoadReport {
    /// Returns whether every alert was accepted and, with a sink, arrived.
    pub fn is_complete(&self) -> bool {
        self.accepted == u64::from(self.count) && self.sink.as_ref().is_none_or(|sink| sink.missing == 0)
    }
}

/// Puts the report of a run together.
pub(super) fn write(
    options: &LoadOptions,
    tally: &Tally,
    posted: Duration,
    started: Instant,
    sink: Option<&Sink>,
) -> LoadReport {
    let accepted = u64::try_from(tally.accepted()).unwrap_or(u64::MAX);
    LoadReport {
        kind: options.kind,
        count: options.count,
        connections: options.connections,
        alerts_per_post: options.alerts_per_post,
        posts_per_second: options.posts_per_second,
        accepted,
        lost: u64::from(options.count).saturating_sub(accepted),
        retries: tally.retries.clone(),
        refusals: tally.refusals.clone(),
        reconnects: tally.reconnects,
        post_seconds: posted.as_secs_f64(),
        accepted_per_second: rate(accepted, posted),
        post_ms: LatencyMs::of(tally.latencies.clone()),
        sink: sink.map(|sink| sink_report(tally, started, sink)),
        process: None,
    }
}

fn sink_report(tally: &Tally, started: Instant, sink: &Sink) -> SinkReport {
    let mut latencies = Vec::with_capacity(tally.alerts.len());
    let mut missing = Vec::new();
    let mut last = started;
    for &(number, due) in &tally.alerts {
        let Some(arrival) = sink.arrival(number) else {
            missing.push(number);
            continue;
        };
        let arrived_at = sink.epoch() + arrival;
        latencies.push(arrived_at.saturating_duration_since(due));
        last = last.max(arrived_at);
    }
    missing.sort_unstable();
    let arrived = u64::try_from(latencies.len()).unwrap_or(u64::MAX);
    let took = last.saturating_duration_since(started);
    SinkReport {
        requests: sink.requests(),
        arrived,
        missing: u64::try_from(missing.len()).unwrap_or(u64::MAX),
        missing_examples: missing.into_iter().take(10).collect(),
        repeats: sink.repeats(),
        arrival_seconds: took.as_secs_f64(),
        arrived_per_second: rate(arrived, took),
        post_to_sink_ms: LatencyMs::of(latencies),
    }
}

fn rate(count: u64, time: Duration) -> f64 {
    let seconds = time.as_secs_f64();
    if seconds > 0.0 { f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / seconds } else { 0.0 }
}

fn per(total: f64, count: u64) -> f64 {
    if count > 0 { total / f64::from(u32::try_from(count).unwrap_or(u32::MAX)) } else { 0.0 }
}

impl fmt::Display for LoadReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "accepted   {} of {} in {:.2} s: {:.0}/s over {} connections",
            self.accepted, self.count, self.post_seconds, self.accepted_per_second, self.connections
        )?;
        writeln!(formatter, "post       {}", self.post_ms)?;
        if self.lost > 0 || !self.retries.is_empty() || self.reconnects > 0 {
            let Self { lost, retries, refusals, reconnects, .. } = self;
            writeln!(
                formatter,
                "trouble    lost {lost}, sent again {retries:?}, refused {refusals:?}, reconnects {reconnects}"
            )?;
        }
        if let Some(sink) = &self.sink {
            writeln!(
                formatter,
                "arrived    {} in {:.2} s: {:.0}/s; missing {}, repeats {}, requests {}",
                sink.arrived,
                sink.arrival_seconds,
                sink.arrived_per_second,
                sink.missing,
                sink.repeats,
                sink.requests
            )?;
            writeln!(formatter, "post→sink  {}", sink.post_to_sink_ms)?;
        }
        if let Some(process) = &self.process {
            writeln!(
                formatter,
                "process    {:.2} s CPU ({:.0} µs per alert), RSS {} → {} KiB, at most {} KiB",
                process.cpu_seconds,
                process.cpu_micros_per_alert,
                process.before.resident_kib,
                process.after.resident_kib,
                process.after.resident_kib_max
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for LatencyMs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { p50, p90, p99, max, .. } = self;
        write!(formatter, "p50 {p50:.2} ms, p90 {p90:.2} ms, p99 {p99:.2} ms, max {max:.2} ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let latencies = LatencyMs::of((1..=200).map(Duration::from_millis).rev().collect());
        assert_eq!(latencies, LatencyMs { count: 200, p50: 100.0, p90: 180.0, p99: 198.0, max: 200.0 });
        assert_eq!(LatencyMs::of(Vec::new()), LatencyMs::default());
        assert!((LatencyMs::of(vec![Duration::from_millis(5)]).p99 - 5.0).abs() < 1e-9);
    }
}

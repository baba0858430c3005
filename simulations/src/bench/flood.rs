//! Many different alerts over many connections, as fast as they are taken.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::figure::{Figure, Target, float};
use super::subject::{Contender, Subject};
use super::{BenchError, WARM_UP_COUNT, hot_potato, one_at_a_time};
use crate::load::{self, LoadOptions, LoadReport, ProcessReport};
use crate::sink::Sink;

/// When posting is given up.
const POST_LIMIT: Duration = Duration::from_mins(10);
/// How long the last page may take after the last post.
const ARRIVAL_LIMIT: Duration = Duration::from_mins(4);

/// Most memory for an open alert, in bytes.
const ALERT_BYTES_MAX: f64 = 1_500.0;

/// What came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Flood {
    /// The load generator's own report; its `repeats` counts a marker that stands twice in one page as well.
    pub load: LoadReport,
    /// Requests at the provider beyond one for each alert.
    pub repeats: u64,
    /// Resident memory that came with one alert, in bytes, once all is quiet.
    pub bytes_per_alert: f64,
    /// The same at the worst moment.
    pub bytes_per_alert_max: f64,
    /// Commits to the log for one alert; absent where there is no log.
    pub commits_per_alert: Option<f64>,
}

impl Flood {
    pub fn figures(&self) -> Vec<Figure> {
        let load = &self.load;
        let mut figures = vec![
            Figure::new("accepted", "alerts/s", load.accepted_per_second).target(Target::RatioAtLeast(3.0)),
        ];
        if let Some(sink) = &load.sink {
            figures.extend([
                Figure::new("paged", "alerts/s", sink.arrived_per_second).target(Target::RatioAtLeast(3.0)),
                Figure::new("POST → provider, p50", "ms", sink.post_to_sink_ms.p50),
                Figure::new("POST → provider, p99", "ms", sink.post_to_sink_ms.p99),
            ]);
        }
        figures.extend([
            Figure::new("POST answered, p50", "ms", load.post_ms.p50),
            Figure::new("POST answered, p99", "ms", load.post_ms.p99),
        ]);
        if let Some(process) = &load.process {
            let cpu = Figure::new("CPU per alert", "µs", process.cpu_micros_per_alert);
            figures.push(cpu.target(Target::RatioAtMost(0.5)));
        }
        let memory = Figure::new("memory per open alert", "B", self.bytes_per_alert);
        figures.push(memory.target(Target::AtMost(ALERT_BYTES_MAX)));
        figures.push(Figure::new("memory per alert, peak", "B", self.bytes_per_alert_max));
        figures.extend(self.commits_per_alert.map(|commits| Figure::new("commits per alert", "", commits)));
        let missing = load.sink.as_ref().map_or(0, |sink| sink.missing);
        figures.extend([
            Figure::fault("not accepted", load.lost),
            Figure::fault("accepted, but missing", missing),
            Figure::fault("sent twice", self.repeats),
            Figure::fault("answered 5xx, posted again", load.retries.values().sum()),
            Figure::fault("connections lost", load.reconnects),
        ]);
        figures
    }

    /// Resident memory before it, in KiB.
    pub fn resident_kib_before(&self) -> u64 {
        self.load.process.as_ref().map_or(0, |process| process.before.resident_kib)
    }

    /// Refusals for good, by status.
    pub const fn refusals(&self) -> &BTreeMap<u16, u64> {
        &self.load.refusals
    }
}

/// Posts `count` alerts and waits until their pages have come and all is quiet.
pub async fn measure(
    subject: &mut Subject,
    sink: &Sink,
    count: u32,
    connections: u32,
) -> Result<Flood, BenchError> {
    let options = LoadOptions {
        first: WARM_UP_COUNT,
        connections,
        post_limit: POST_LIMIT,
        arrival_limit: ARRIVAL_LIMIT,
        ..LoadOptions::new(format!("http://{}{}", subject.address, subject.path), subject.kind, count)
    };
    let before = subject.program.come_to_rest().await?;
    let commits_before = commits(subject).await?;
    let mut report = tokio::select! {
        report = load::run(&options, Some(sink)) => report?,
        broken = subject.program.broken() => return Err(broken),
    };
    let after = subject.program.come_to_rest().await?;
    let commits_after = commits(subject).await?;
    report.process = Some(ProcessReport::between(subject.program.pid(), before, after, report.accepted));
    let accepted = float(report.accepted.max(1));
    let grown = |kib: u64| float(kib.saturating_sub(before.resident_kib)) * 1024.0 / accepted;
    let commits =
        commits_after.zip(commits_before).map(|(after, before)| float(after.saturating_sub(before)));
    Ok(Flood {
        repeats: one_at_a_time::repeats(sink),
        bytes_per_alert: grown(after.resident_kib),
        bytes_per_alert_max: grown(after.resident_kib_max),
        commits_per_alert: commits.map(|commits| commits / accepted),
        load: report,
    })
}

async fn commits(subject: &Subject) -> Result<Option<u64>, BenchError> {
    match subject.contender {
        Contender::Alertmanager | Contender::Floor => Ok(None),
        Contender::HotPotato => hot_potato::metric(subject, "hotpotato_log_commits_total").await.map(Some),
    }
}

//! The house ends and starts again with everything still open.

use std::path::Path;

use serde::Serialize;

use super::figure::{Figure, Target, float};
use super::subject::Subject;
use super::{BenchError, hot_potato};
use crate::moment;
use crate::sink::Sink;

/// Memory of an open alert after a start, in bytes, at most.
const ALERT_BYTES_MAX: f64 = 1_500.0;

/// What came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Start {
    /// Alerts that were open after the start.
    pub open: u64,
    /// Open alerts that the start did not find again.
    pub forgotten: u64,
    /// From SIGTERM to the end of the process.
    pub end_ms: f64,
    /// From the start of the process to 200 from `/readyz`.
    pub ready_ms: f64,
    /// Resident memory once ready, in KiB.
    pub ready_kib: u64,
    /// Resident memory once all is quiet, in KiB.
    pub resident_kib: u64,
    /// Resident memory for one open alert once all is quiet, in bytes: beyond that of the house before the flood.
    pub bytes_per_alert: f64,
    /// Pages that were sent again after the start.
    pub sent_again: u64,
}

impl Start {
    pub fn figures(&self) -> Vec<Figure> {
        vec![
            Figure::new("SIGTERM → ended", "ms", self.end_ms),
            Figure::new("start → ready", "ms", self.ready_ms),
            Figure::new("memory once ready", "MB", float(self.ready_kib) * 1024.0 / 1e6),
            Figure::new("memory at rest", "MB", float(self.resident_kib) * 1024.0 / 1e6),
            Figure::new("memory per open alert", "B", self.bytes_per_alert)
                .target(Target::AtMost(ALERT_BYTES_MAX)),
            Figure::fault("forgotten", self.forgotten),
            Figure::fault("sent again", self.sent_again),
        ]
    }
}

/// Ends the house, starts it again on the same data, and ends it for good. `empty_kib` is what it used when it was
/// fresh.
pub async fn measure(
    program: &Path,
    subject: Subject,
    sink: &Sink,
    empty_kib: u64,
) -> Result<Start, BenchError> {
    let open_before = hot_potato::metric(&subject, "hotpotato_alerts_open").await?;
    let Subject { contender, program: running, address, path, kind, folder } = subject;
    let end = running.end().await?;
    let requests = sink.requests();
    let started = moment::now();
    let running = hot_potato::launch(program, &folder)?;
    let mut subject = Subject { contender, program: running, address, path, kind, folder };
    hot_potato::wait_until_ready(&mut subject).await?;
    let ready = moment::since(started);
    let ready_kib = subject.program.usage()?.resident_kib;
    let at_rest = subject.program.come_to_rest().await?;
    let open = hot_potato::metric(&subject, "hotpotato_alerts_open").await?;
    let sent_again = sink.requests() - requests;
    subject.program.end().await?;
    Ok(Start {
        open,
        forgotten: open_before.saturating_sub(open),
        end_ms: end.as_secs_f64() * 1e3,
        ready_ms: ready.as_secs_f64() * 1e3,
        ready_kib,
        resident_kib: at_rest.resident_kib,
        bytes_per_alert: float(at_rest.resident_kib.saturating_sub(empty_kib)) * 1024.0 / float(open.max(1)),
        sent_again,
    })
}

//! Everything that one run found out.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::finding::{Finding, Measurement};
use super::machine::Machine;
use super::summary::{self, Row};
use super::{Plan, WARM_UP_COUNT, alertmanager, hot_potato, one_at_a_time};

/// The result of one run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// When it began, in RFC 3339, UTC.
    pub date: String,
    /// Where.
    pub machine: Machine,
    /// What was asked for.
    pub plan: Plan,
    /// The version of Alertmanager; absent when it was not measured.
    pub alertmanager: Option<String>,
    /// How things were configured, in English: what a reader must know to compare.
    pub conditions: Vec<String>,
    /// All rounds together.
    pub summary: Vec<Row>,
    /// Each measurement.
    pub measurements: Vec<Measurement>,
}

impl Report {
    pub(super) fn new(
        date: u64,
        machine: Machine,
        plan: &Plan,
        alertmanager: Option<String>,
        measurements: Vec<Measurement>,
    ) -> Self {
        let date =
            i64::try_from(date).ok().and_then(DateTime::<Utc>::from_timestamp_millis).unwrap_or_default();
        Self {
            date: date.to_rfc3339_opts(SecondsFormat::Secs, true),
            machine,
            plan: plan.clone(),
            conditions: conditions(plan),
            alertmanager,
            summary: summary::rows(&measurements),
            measurements,
        }
    }

    /// Returns whether no alert was lost and no page was sent twice, by the house.
    pub fn is_sound(&self) -> bool {
        let faults =
            ["missing", "not accepted", "accepted, but missing", "sent twice", "forgotten", "sent again"];
        self.summary
            .iter()
            .filter(|row| faults.contains(&row.figure))
            .all(|row| row.ours.is_none_or(|ours| ours <= 0.0))
    }
}

fn conditions(plan: &Plan) -> Vec<String> {
    let mut conditions = vec![
        format!(
            "Hot Potato: Pushover at {} a second after a burst of {}, the most that its configuration allows; two \
             connections to the provider, as Pushover asks; one person, one step, nothing else due for a day",
            hot_potato::PER_SECOND,
            hot_potato::BURST
        ),
        format!(
            "a fresh process on fresh data for each measurement, and {WARM_UP_COUNT} alerts before it; one at a time: \
             {} ms of rest after each page; CPU and memory once all is quiet again",
            one_at_a_time::REST.as_millis()
        ),
        "load generator and provider run beside it on the same machine".to_owned(),
    ];
    if plan.with_alertmanager {
        conditions.push(format!("Alertmanager: {}; it keeps alerts in memory only", alertmanager::GROUPING));
    }
    if plan.with_floor {
        conditions.push(
            "floor: axum, one file with one fdatasync for all that waits, reqwest over two connections; it decides, \
             seals, remembers and reads back nothing"
                .to_owned(),
        );
    }
    conditions
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Machine { processor, cores, memory_mib, kernel, file_system, sync_ms, load_average } =
            &self.machine;
        writeln!(formatter, "{}, median of {} rounds", self.date, self.plan.rounds)?;
        writeln!(
            formatter,
            "{cores} × {processor}, {memory_mib} MiB, Linux {kernel}, load average {load_average:.2}"
        )?;
        writeln!(formatter, "{file_system}: 4 KiB appended and durable in {sync_ms}")?;
        for condition in &self.conditions {
            writeln!(formatter, "{condition}")?;
        }
        let floor = if self.plan.with_floor { "floor" } else { "" };
        let mut what = "";
        for row in &self.summary {
            if row.what != what {
                what = &row.what;
                let theirs = self.alertmanager.as_ref().map(|version| format!("Alertmanager {version}"));
                writeln!(formatter)?;
                line(
                    formatter,
                    [
                        what,
                        "",
                        "Hot Potato",
                        theirs.as_deref().unwrap_or_default(),
                        floor,
                        "ratio",
                        "target",
                        "",
                    ],
                )?;
            }
            write_row(formatter, row)?;
        }
        for measurement in &self.measurements {
            if let Finding::Flood(flood) = &measurement.found
                && !flood.refusals().is_empty()
            {
                writeln!(
                    formatter,
                    "{} refused for good, by status: {:?}",
                    measurement.contender,
                    flood.refusals()
                )?;
            }
        }
        Ok(())
    }
}

fn write_row(formatter: &mut fmt::Formatter<'_>, row: &Row) -> fmt::Result {
    let text = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), number);
    let target = row.target.map(|target| target.to_string()).unwrap_or_default();
    let ratio = row.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
    let verdict = match row.is_met {
        Some(true) => "met",
        Some(false) => "NOT MET",
        None => "",
    };
    line(
        formatter,
        [
            &format!("  {}", row.figure),
            row.unit,
            &text(row.ours),
            &text(row.theirs),
            &row.floor.map(number).unwrap_or_default(),
            &ratio,
            &target,
            verdict,
        ],
    )
}

fn line(formatter: &mut fmt::Formatter<'_>, cells: [&str; 8]) -> fmt::Result {
    let [what, unit, ours, theirs, floor, ratio, target, verdict] = cells;
    let line =
        format!("{what:<34} {unit:<9} {ours:>12} {theirs:>20} {floor:>9} {ratio:>7} {target:>8}  {verdict}");
    writeln!(formatter, "{}", line.trim_end())
}

/// Three digits or so: more would pretend.
fn number(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        value if value < 10.0 => format!("{value:.2}"),
        value if value < 100.0 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}

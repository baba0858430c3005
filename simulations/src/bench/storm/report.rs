//! Everything that one run found out.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::{Finding, Measurement, Plan, WARM_UP_COUNT, house};
use crate::bench::figure::{Figure, Target};
use crate::bench::machine::Machine;
use crate::bench::summary::median;

/// The result of one run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// When it began, in RFC 3339, UTC.
    pub date: String,
    /// Where.
    pub machine: Machine,
    /// What was asked for.
    pub plan: Plan,
    /// How things were configured, in English: what a reader must know to compare.
    pub conditions: Vec<String>,
    /// All rounds together.
    pub summary: Vec<Row>,
    /// Each measurement.
    pub measurements: Vec<Measurement>,
}

/// One line of the table.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// Which figure of it.
    pub figure: &'static str,
    /// Its unit, empty for a plain count.
    pub unit: &'static str,
    /// The median over rounds; the worst of what should not happen.
    pub value: f64,
    /// What it should be.
    pub target: Option<Target>,
    /// Whether it is.
    pub is_met: Option<bool>,
    /// It should always be 0.
    pub is_fault: bool,
}

impl Report {
    pub(super) fn new(date: u64, machine: Machine, plan: &Plan, measurements: Vec<Measurement>) -> Self {
        let date =
            i64::try_from(date).ok().and_then(DateTime::<Utc>::from_timestamp_millis).unwrap_or_default();
        Self {
            date: date.to_rfc3339_opts(SecondsFormat::Secs, true),
            machine,
            plan: plan.clone(),
            conditions: conditions(),
            summary: rows(plan, &measurements),
            measurements,
        }
    }

    /// Returns whether nothing was lost, refused, or left without a page, whatever the speed.
    pub fn is_sound(&self) -> bool {
        self.summary.iter().filter(|row| row.is_fault).all(|row| row.value <= 0.0)
    }
}

fn conditions() -> Vec<String> {
    vec![
        format!("{}; each person has one contact and one step, nothing else is due for a day", house::CONDITIONS),
        "one person, repeats: Pushover as by default (10 a second after 20 at once); else 1,000 a second after 10,000, the \
         most that its configuration allows; two connections to the provider, as Pushover asks"
            .to_owned(),
        format!(
            "a fresh process on fresh data for each measurement, and {WARM_UP_COUNT} alerts of the quiet source before it; \
             whoever posts, and the provider, are one process beside it on the same machine; latencies count from when an \
             alert was due"
        ),
    ]
}

fn rows(plan: &Plan, measurements: &[Measurement]) -> Vec<Row> {
    let mut rows = Vec::new();
    for &which in &plan.only {
        let all: Vec<Vec<Figure>> =
            measurements.iter().filter(|it| it.which() == which).map(|it| it.found.figures()).collect();
        for (place, figure) in all.first().into_iter().flatten().enumerate() {
            let values: Vec<f64> = all.iter().filter_map(|figures| Some(figures.get(place)?.value)).collect();
            let worst = values.iter().copied().fold(0.0, f64::max);
            let value = if figure.is_fault { worst } else { median(values).unwrap_or_default() };
            rows.push(Row {
                what: which.title(plan),
                figure: figure.name,
                unit: figure.unit,
                value,
                target: figure.target,
                is_met: figure.target.and_then(|target| target.is_met(value, None)),
                is_fault: figure.is_fault,
            });
        }
    }
    rows
}

impl Finding {
    fn figures(&self) -> Vec<Figure> {
        match self {
            Self::OnePerson(found) => found.figures(),
            Self::ManyPeople(found) => found.figures(),
            Self::Repeats(found) => found.figures(),
            Self::Beside(found) => found.figures(),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Machine { processor, cores, memory_mib, kernel, file_system, sync_ms, load_average } =
            &self.machine;
        writeln!(formatter, "{}, median of {} rounds, of faults the worst", self.date, self.plan.rounds)?;
        writeln!(
            formatter,
            "{cores} × {processor}, {memory_mib} MiB, Linux {kernel}, load average {load_average:.2}"
        )?;
        writeln!(formatter, "{file_system}: 4 KiB appended and durable in {sync_ms}")?;
        for condition in &self.conditions {
            writeln!(formatter, "{condition}")?;
        }
        let mut what = "";
        for row in &self.summary {
            if row.what != what {
                what = &row.what;
                writeln!(formatter, "\n{what}")?;
            }
            let target = row.target.map(|target| target.to_string()).unwrap_or_default();
            let verdict = match row.is_met {
                Some(true) => "met",
                Some(false) => "NOT MET",
                None => "",
            };
            let Row { figure, unit, value, .. } = row;
            writeln!(formatter, "  {figure:<38} {value:>12.2} {unit:<4} {target:>8}  {verdict}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::one_person::OnePerson;
    use super::super::record::Where;
    use super::*;
    use crate::bench::storm::Which;
    use crate::load::LatencyMs;

    fn found(pages: u64, refused: u64) -> Measurement {
        let found = OnePerson {
            alerts: 100,
            seconds: 1.0,
            planned_seconds: 1.0,
            post_ms: LatencyMs::default(),
            first_page_ms: None,
            pages,
            refused,
            went: Where { problems: 100 - refused, twice: 0, alerts: 1 },
        };
        Measurement { round: 1, load_average: 0.0, found: Finding::OnePerson(found) }
    }

    #[test]
    fn medians_count_and_the_worst_of_what_should_not_happen() {
        let plan = Plan {
            rounds: 3,
            alerts: 100,
            per_second: 10.0,
            people: 1,
            repeats: 1,
            repeats_per_post: 1,
            loud: 1,
            quiet: 1,
            quiet_per_second: 1.0,
            connections: 1,
            hot_potato: std::path::PathBuf::new(),
            scratch: std::path::PathBuf::new(),
            only: vec![Which::OnePerson],
        };
        let rows = rows(&plan, &[found(12, 0), found(3, 7), found(4, 0)]);
        let row = |name: &str| rows.iter().find(|row| row.figure == name).expect("a row").clone();
        assert!((row("pages to the person").value - 4.0).abs() < 1e-9);
        assert_eq!(row("pages to the person").is_met, Some(true));
        assert!((row("refused").value - 7.0).abs() < 1e-9 && row("refused").is_met == Some(false));
        assert_eq!(row("first page").is_met, Some(false), "none came");
        assert_eq!(row("accepted, but in no alert in the log").is_met, Some(true));
    }
}

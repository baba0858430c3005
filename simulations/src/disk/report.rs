//! Everything that one run found out.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::call::{Call, Errno};
use super::finding::{Course, Finding, Wrong};
use super::point::{Count, Place};

/// The result of one run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// How many calls of each kind a run makes when nothing fails.
    pub counts: Vec<Count>,
    /// How long it took, in seconds.
    pub seconds: u64,
    /// What came of each fault.
    pub findings: Vec<Finding>,
}

/// All the faults of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Row {
    tried: u32,
    courses: [u32; 4],
    defects: u32,
}

impl Report {
    /// True when nothing went wrong.
    pub fn is_sound(&self) -> bool {
        self.findings.iter().all(|finding| finding.defects.is_empty())
    }

    /// How many faults there really were.
    pub fn tried(&self) -> usize {
        self.findings.iter().filter(|finding| finding.course != Course::NotReached).count()
    }

    /// How often this went wrong.
    pub fn wrongs(&self, wrong: Wrong) -> usize {
        let is_it = |finding: &&Finding| finding.defects.iter().any(|defect| defect.wrong == wrong);
        self.findings.iter().filter(is_it).count()
    }

    /// The longest that the operators waited for their page, in milliseconds.
    pub fn alarm_ms_max(&self) -> Option<u64> {
        self.findings.iter().filter_map(|finding| finding.alarm_ms).max()
    }

    fn rows(&self) -> BTreeMap<(Place, Call, Errno), Row> {
        let mut rows: BTreeMap<_, Row> = BTreeMap::new();
        for Finding { point, course, defects, .. } in &self.findings {
            let row = rows.entry((point.place, point.call, point.error)).or_default();
            let column = match course {
                Course::NotReached => continue,
                Course::Unnoticed => 0,
                Course::TurnedAway => 1,
                Course::Ended => 2,
                Course::NotStarted => 3,
            };
            row.tried += 1;
            row.courses[column] += 1;
            row.defects += u32::from(!defects.is_empty());
        }
        rows
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<12} {:<10} {:<7} {:>6} {:>9} {:>11} {:>6} {:>11} {:>8}",
            "whose", "call", "error", "tried", "unnoticed", "turned away", "ended", "not started", "defects"
        )?;
        for ((place, call, error), row) in self.rows() {
            let [unnoticed, turned_away, ended, not_started] = row.courses;
            writeln!(
                f,
                "{place:<12} {call:<10} {error:<7} {:>6} {unnoticed:>9} {turned_away:>11} {ended:>6} \
                 {not_started:>11} {:>8}",
                row.tried, row.defects
            )?;
        }
        let missed = self.findings.len() - self.tried();
        writeln!(f, "\n{} faults in {} s; {missed} more were not reached", self.tried(), self.seconds)?;
        for (name, wrong) in [
            ("false 2xx", Wrong::False2xx),
            ("silent losses", Wrong::SilentLoss),
            ("hangs", Wrong::Hang),
            ("panics", Wrong::Panic),
            ("unsound after a clean start", Wrong::Unsound),
            ("operators not paged within 15 s", Wrong::NoAlarm),
            ("said to be well", Wrong::SaidWell),
            ("ends without an explanation", Wrong::Unexplained),
        ] {
            writeln!(f, "{name}: {}", self.wrongs(wrong))?;
        }
        if let Some(alarm_ms) = self.alarm_ms_max() {
            let alarms = self.findings.iter().filter(|finding| finding.alarm_ms.is_some()).count();
            writeln!(f, "the operators were paged {alarms} times, at the latest after {alarm_ms} ms")?;
        }
        for finding in self.findings.iter().filter(|finding| !finding.defects.is_empty()) {
            writeln!(f, "\n{}", finding.point)?;
            writeln!(f, "  {}", finding.injected.as_deref().unwrap_or("nothing failed"))?;
            for defect in &finding.defects {
                writeln!(f, "  {:?}: {}", defect.wrong, defect.what)?;
            }
            for line in finding.printed.iter().flat_map(|printed| printed.lines()) {
                writeln!(f, "    | {line}")?;
            }
        }
        Ok(())
    }
}

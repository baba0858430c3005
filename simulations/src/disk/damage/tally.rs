//! All damages, counted.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::Ending;
use super::harm::Harm;
use super::region::Region;
use super::served::Served;
use super::verdict::Verdict;

/// One damage, and what the house made of it.
#[derive(Debug, Clone, Serialize)]
pub struct Judged {
    /// How the house had ended.
    pub ending: Ending,
    /// What stood at the place.
    pub region: Region,
    /// The damage.
    pub harm: Harm,
    /// What the house makes of it.
    pub verdict: Verdict,
    /// What the house says, when it refuses it.
    pub said: Option<String>,
    /// What it reads without an error although it is not what was written.
    pub served_wrong: Option<String>,
}

impl Judged {
    /// True for what must never happen.
    pub fn is_defect(&self) -> bool {
        self.verdict == Verdict::Missed || self.served_wrong.is_some()
    }
}

/// The result of one run.
#[derive(Debug, Clone, Serialize)]
pub struct DamageReport {
    /// How long it took, in seconds.
    pub seconds: u64,
    /// Each damage.
    pub judged: Vec<Judged>,
    /// Some of them again, with the real house.
    pub served: Vec<Served>,
}

impl DamageReport {
    /// True when nothing was missed and nothing wrong was served.
    pub fn is_sound(&self) -> bool {
        !self.judged.iter().any(Judged::is_defect) && self.served.iter().all(|served| served.wrong.is_none())
    }

    /// How many came to this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.judged.iter().filter(|judged| judged.verdict == verdict).count()
    }

    /// How often something was read that was not written.
    pub fn served_wrong(&self) -> usize {
        self.judged.iter().filter(|judged| judged.served_wrong.is_some()).count()
    }
}

impl fmt::Display for DamageReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows: BTreeMap<(Ending, Region), [u32; 6]> = BTreeMap::new();
        for judged in &self.judged {
            let row = rows.entry((judged.ending, judged.region)).or_default();
            let column = match judged.verdict {
                Verdict::Refused => 0,
                Verdict::Reported => 1,
                Verdict::Harmless => 2,
                Verdict::TailLost => 3,
                Verdict::Missed => 4,
            };
            row[column] += 1;
            row[5] += u32::from(judged.served_wrong.is_some());
        }
        writeln!(
            f,
            "{:<7} {:<31} {:>6} {:>8} {:>9} {:>9} {:>10} {:>7} {:>7}",
            "ended", "damaged", "tried", "refused", "reported", "harmless", "tail lost", "missed", "served"
        )?;
        for ((ending, region), row) in &rows {
            let [refused, reported, harmless, tail_lost, missed, served] = row;
            let tried = refused + reported + harmless + tail_lost + missed;
            let ending = if *ending == Ending::Closed { "closed" } else { "killed" };
            writeln!(
                f,
                "{ending:<7} {region:<31} {tried:>6} {refused:>8} {reported:>9} {harmless:>9} {tail_lost:>10} \
                 {missed:>7} {served:>7}"
            )?;
        }
        writeln!(
            f,
            "\n{} damages in {} s\nrefused at the start: {}\nreported by verify: {}\nharmless: {}\n\
             tail lost cleanly (for a checkpoint to find): {}\nmissed: {}\ncorrupted reads served: {}",
            self.judged.len(),
            self.seconds,
            self.count(Verdict::Refused),
            self.count(Verdict::Reported),
            self.count(Verdict::Harmless),
            self.count(Verdict::TailLost),
            self.count(Verdict::Missed),
            self.served_wrong(),
        )?;
        let (total, started) =
            (self.served.len(), self.served.iter().filter(|served| served.started).count());
        let wrong = self.served.iter().filter(|served| served.wrong.is_some()).count();
        writeln!(f, "through the real house: {total}, of which {started} start; wrong: {wrong}")?;
        for served in self.served.iter().filter(|served| served.wrong.is_some()) {
            writeln!(f, "{served:?}")?;
        }
        for judged in self.judged.iter().filter(|judged| judged.is_defect()).take(20) {
            writeln!(f, "{judged:?}")?;
        }
        Ok(())
    }
}

//! All rounds as one table: the median of each figure, ours beside theirs.

use serde::Serialize;

use super::figure::{Figure, Target};
use super::finding::Measurement;
use super::subject::Contender;

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// Which figure of it.
    pub figure: &'static str,
    /// Its unit, empty for a plain count.
    pub unit: &'static str,
    /// The house's: the median over rounds, or the worst of what should not happen.
    pub ours: Option<f64>,
    /// Alertmanager's, if it was measured.
    pub theirs: Option<f64>,
    /// The least that it can be, if that was measured.
    pub floor: Option<f64>,
    /// Ours divided by theirs.
    pub ratio: Option<f64>,
    /// What it should be.
    pub target: Option<Target>,
    /// Whether it is; absent where that cannot be said.
    pub is_met: Option<bool>,
}

/// Makes the table, in the order in which things were measured first.
pub fn rows(measurements: &[Measurement]) -> Vec<Row> {
    let mut seen: Vec<(String, Vec<Figure>)> = Vec::new();
    for measurement in measurements {
        let title = measurement.found.title();
        if !seen.iter().any(|(known, _)| *known == title) {
            seen.push((title, measurement.found.figures()));
        }
    }
    let row = |title: &str, figure: &Figure| row(measurements, title, figure);
    seen.iter().flat_map(|(title, figures)| figures.iter().map(|figure| row(title, figure))).collect()
}

fn row(measurements: &[Measurement], title: &str, figure: &Figure) -> Row {
    let over_rounds = |contender: Contender| {
        let of_it = measurements.iter().filter(|it| it.contender == contender && it.found.title() == title);
        let figures = of_it.flat_map(|it| it.found.figures()).filter(|it| it.name == figure.name);
        let values: Vec<f64> = figures.map(|it| it.value).collect();
        if figure.is_fault { values.into_iter().reduce(f64::max) } else { median(values) }
    };
    let (ours, theirs) = (over_rounds(Contender::HotPotato), over_rounds(Contender::Alertmanager));
    let ratio = ours.zip(theirs).filter(|(_, theirs)| *theirs > 0.0).map(|(ours, theirs)| ours / theirs);
    Row {
        what: title.to_owned(),
        figure: figure.name,
        unit: figure.unit,
        ours,
        theirs,
        floor: over_rounds(Contender::Floor),
        ratio,
        target: figure.target,
        is_met: figure.target.zip(ours).and_then(|(target, ours)| target.is_met(ours, theirs)),
    }
}

/// The middle one, or the mean of the two in the middle.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    Some(f64::midpoint(*low, *high))
}

#[cfg(test)]
mod tests {
    use super::super::finding::Finding;
    use super::super::one_at_a_time::OneAtATime;
    use super::*;
    use crate::load::LatencyMs;

    fn measured(contender: Contender, p50: f64, missing: u32) -> Measurement {
        let latency = LatencyMs { p50, ..LatencyMs::default() };
        let found = OneAtATime { count: 5, post_ms: latency, post_to_sink_ms: latency, missing, repeats: 0 };
        Measurement { round: 1, contender, load_average: 0.0, found: Finding::OneAtATime(found) }
    }

    #[test]
    fn medians_stand_side_by_side_and_the_worst_of_what_should_not_happen() {
        use Contender::{Alertmanager, HotPotato};
        let rows = rows(&[
            measured(HotPotato, 3.0, 0),
            measured(Alertmanager, 2.0, 0),
            measured(HotPotato, 1.0, 7),
            measured(HotPotato, 1.5, 0),
        ]);
        let row = |name: &str| rows.iter().find(|row| row.figure == name).expect("a row").clone();
        let latency = row("POST → provider, p50");
        assert_eq!((latency.ours, latency.theirs, latency.ratio), (Some(1.5), Some(2.0), Some(0.75)));
        assert_eq!(latency.is_met, Some(true));
        let missing = row("missing");
        assert_eq!((missing.ours, missing.ratio, missing.is_met), (Some(7.0), None, Some(false)));
    }

    #[test]
    fn the_median_of_two_lies_between_them() {
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(median(vec![9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(Vec::new()), None);
    }
}

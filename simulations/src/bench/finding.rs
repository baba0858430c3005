//! One measurement of one contender.

use serde::Serialize;

use super::figure::Figure;
use super::flood::Flood;
use super::one_at_a_time::OneAtATime;
use super::start::Start;
use super::subject::Contender;

/// One measurement.
#[derive(Debug, Clone, Serialize)]
pub struct Measurement {
    /// Counted from 1.
    pub round: u32,
    /// Whose.
    pub contender: Contender,
    /// The machine's load average over the minute before: what ran beside and before it.
    pub load_average: f64,
    /// What was found.
    pub found: Finding,
}

/// What was found.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Finding {
    /// One alert at a time.
    OneAtATime(OneAtATime),
    /// Many at once.
    Flood(Box<Flood>),
    /// An end and a start with all of them open.
    Start(Start),
}

impl Finding {
    /// What was measured, in words; the same in each round.
    pub fn title(&self) -> String {
        match self {
            Self::OneAtATime(found) => format!("{} alerts, one at a time", grouped(found.count.into())),
            Self::Flood(found) => {
                format!("{} alerts, {} connections", grouped(found.load.count.into()), found.load.connections)
            }
            Self::Start(found) => {
                format!("a start with {} open alerts", grouped(found.open + found.forgotten))
            }
        }
    }

    pub fn figures(&self) -> Vec<Figure> {
        match self {
            Self::OneAtATime(found) => found.figures(),
            Self::Flood(found) => found.figures(),
            Self::Start(found) => found.figures(),
        }
    }
}

/// Writes a number with a comma for each thousand.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut groups: Vec<&str> = if first == 0 { Vec::new() } else { vec![&digits[..first]] };
    groups.extend((first..digits.len()).step_by(3).map(|at| &digits[at..at + 3]));
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1_000, 100_200].map(grouped), ["0", "999", "1,000", "100,200"]);
    }
}

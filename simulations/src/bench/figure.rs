//! One figure of a measurement, and what it should be.

use std::fmt;

use serde::Serialize;

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// The same in every measurement of its kind.
    pub name: &'static str,
    /// Empty for a plain count.
    pub unit: &'static str,
    pub value: f64,
    pub target: Option<Target>,
    /// Should always be 0: over rounds, the worst counts.
    pub is_fault: bool,
}

/// What a figure of ours should be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// So much at most.
    AtMost(f64),
    /// So many times the peer's at most.
    RatioAtMost(f64),
    /// So many times the peer's at least.
    RatioAtLeast(f64),
}

impl Figure {
    pub const fn new(name: &'static str, unit: &'static str, value: f64) -> Self {
        Self { name, unit, value, target: None, is_fault: false }
    }

    /// Something that should not happen, and how often it did.
    pub fn fault(name: &'static str, count: u64) -> Self {
        Self { name, unit: "", value: float(count), target: Some(Target::AtMost(0.0)), is_fault: true }
    }

    pub const fn target(self, target: Target) -> Self {
        Self { target: Some(target), ..self }
    }
}

impl Target {
    /// Returns whether it is reached, or nothing where that needs a peer's figure and there is none.
    pub fn is_met(self, ours: f64, theirs: Option<f64>) -> Option<bool> {
        match self {
            Self::AtMost(most) => Some(ours <= most),
            Self::RatioAtMost(most) => theirs.map(|theirs| ours <= theirs * most),
            Self::RatioAtLeast(least) => theirs.map(|theirs| ours >= theirs * least),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(formatter, "≤ {most}"),
            Self::RatioAtMost(most) => write!(formatter, "≤ {most} ×"),
            Self::RatioAtLeast(least) => write!(formatter, "≥ {least} ×"),
        }
    }
}

/// Counts here stay far below 2³².
pub fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_needs_a_peer() {
        assert_eq!(Target::RatioAtMost(0.5).is_met(5.0, Some(10.0)), Some(true));
        assert_eq!(Target::RatioAtLeast(3.0).is_met(29.0, Some(10.0)), Some(false));
        assert_eq!(Target::RatioAtLeast(3.0).is_met(29.0, None), None);
        assert_eq!(Target::AtMost(0.0).is_met(0.0, None), Some(true));
        assert_eq!(Target::RatioAtMost(0.5).to_string(), "≤ 0.5 ×");
    }
}

//! Runs the checker and says what it found.

use std::fmt;

use stateright::{Checker, Expectation, HasDiscoveries, Model};

use super::bounds::Bounds;
use super::protocol::Protocol;
use super::story;

/// What a check of one set of bounds found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The bounds.
    pub bounds: Bounds,
    /// How many states were generated.
    pub states: usize,
    /// How many of them were different.
    pub unique_states: usize,
    /// How many actions the longest path has that was needed to reach every state.
    pub depth: usize,
    /// Every property, in order.
    pub findings: Vec<Finding>,
}

/// What was found about one property.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it is called.
    pub property: &'static str,
    /// It must never be found broken; else it must be found once.
    pub is_invariant: bool,
    /// The shortest way to a state that breaks the invariant, or shows what is possible; line by line.
    pub story: Option<Vec<String>>,
}

/// How long a check goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Until every state was seen.
    Exhausted,
    /// Until an invariant is broken.
    Broken,
    /// Until so many states were generated.
    Generated(usize),
}

/// Checks every state within the bounds, in this many threads. With one thread, stories are the shortest there are.
pub fn check(bounds: Bounds, threads: usize, until: Until) -> Checked {
    let finish = match until {
        // Never: no run breaks every invariant.
        Until::Exhausted | Until::Generated(_) => HasDiscoveries::All,
        Until::Broken => HasDiscoveries::AnyFailures,
    };
    let protocol = Protocol::new(bounds);
    let properties = protocol.properties();
    let mut checker = protocol.checker().threads(threads).finish_when(finish);
    if let Until::Generated(count) = until {
        checker = checker.target_state_count(count);
    }
    let checker = checker.spawn_bfs().join();
    let mut discoveries = checker.discoveries();
    let findings = properties.iter().map(|property| Finding {
        property: property.name,
        is_invariant: property.expectation == Expectation::Always,
        story: discoveries.remove(property.name).map(|path| story::tell(&path.into_vec())),
    });
    Checked {
        bounds,
        findings: findings.collect(),
        states: checker.state_count(),
        unique_states: checker.unique_state_count(),
        depth: checker.max_depth(),
    }
}

impl Checked {
    /// The invariants that were broken.
    pub fn broken(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.is_invariant && finding.story.is_some())
    }

    /// True when every invariant holds.
    pub fn is_sound(&self) -> bool {
        self.broken().next().is_none()
    }
}

/// What must be possible and was found nowhere.
pub fn unreached(checked: &[Checked]) -> Vec<&'static str> {
    let first = checked.first().map(|checked| checked.findings.as_slice()).unwrap_or_default();
    let wanted = first.iter().filter(|finding| !finding.is_invariant).map(|finding| finding.property);
    let is_told = |finding: &Finding, property| finding.property == property && finding.story.is_some();
    let is_found = |property| {
        checked.iter().flat_map(|checked| &checked.findings).any(|finding| is_told(finding, property))
    };
    wanted.filter(|property| !is_found(*property)).collect()
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.bounds)?;
        writeln!(
            f,
            "{} states, {} of them different, {} actions deep",
            self.states, self.unique_states, self.depth
        )?;
        for Finding { property, is_invariant, story } in &self.findings {
            let steps = story.as_ref().map(Vec::len);
            match (is_invariant, steps) {
                (true, None) => writeln!(f, "  always     {property}: holds")?,
                (true, Some(steps)) => writeln!(f, "  always     {property}: BROKEN after {steps} steps")?,
                (false, Some(steps)) => writeln!(f, "  sometimes  {property}: after {steps} steps")?,
                (false, None) => writeln!(f, "  sometimes  {property}: never")?,
            }
        }
        Ok(())
    }
}

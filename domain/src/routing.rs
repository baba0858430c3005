//! Which service a signal belongs to: the first route all of whose conditions hold. And how bad it is, by the maps of
//! its source and of that route.
//!
//! Conditions are made ready once for each configuration. What is decided stands in the events: the number of the
//! route, the service as it was, the severity and what the source had called it; a replay asks no route again.

mod condition;
pub mod explain;
pub mod pattern;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use events::event::routes::Route;
use events::event::service::ServiceDefined;
use events::event::signal::{Severity, Signal};
use events::{ServiceId, SourceId, Timestamp};

pub use condition::{Miss, TEXT_DETAILS, Wanted};

use condition::Conditions;

/// A signal as routes look at it.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Who said it.
    pub source: &'a SourceId,
    /// What was said.
    pub signal: &'a Signal,
    /// How bad it is by its source's map.
    pub severity: Severity,
    /// When it is taken.
    pub at: Timestamp,
}

/// Where a signal belongs.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'d> {
    /// Which route matched, from 1; 0 when none had to.
    pub route: u32,
    /// The service's name in the configuration.
    pub id: &'d ServiceId,
    /// The service.
    pub service: &'d ServiceDefined,
    /// How bad it is there.
    pub severity: Severity,
}

/// All routes, in order.
#[derive(Default)]
pub(crate) struct Routes {
    written: Vec<Route>,
    /// The conditions of each. Of many configurations in a log only the last is asked.
    ready: OnceLock<Vec<Conditions>>,
}

/// Two that are written alike look alike, whether they have been asked yet or not.
impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written.fmt(f)
    }
}

impl Routes {
    pub(crate) const fn new(written: Vec<Route>) -> Self {
        Self { written, ready: OnceLock::new() }
    }

    pub(crate) fn written(&self) -> &[Route] {
        &self.written
    }

    /// Makes all conditions ready, unless they are.
    pub(crate) fn prepare(&self) -> &[Conditions] {
        self.ready.get_or_init(|| self.written.iter().map(|route| Conditions::of(&route.when)).collect())
    }

    /// Every route with its number and its conditions.
    fn each(&self) -> impl Iterator<Item = (u32, &Route, &Conditions)> {
        let routes = self.written.iter().zip(self.prepare());
        (1..).zip(routes).map(|(number, (route, conditions))| (number, route, conditions))
    }

    /// The first route that takes a signal, of those whose service `find` knows.
    pub(crate) fn find<'d>(
        &'d self,
        seen: &Seen<'_>,
        find: impl Fn(&ServiceId) -> Option<(&'d ServiceId, &'d ServiceDefined)>,
    ) -> Option<Placed<'d>> {
        self.each().find_map(|(number, route, conditions)| {
            let holds = conditions.misses(&route.when, seen).next().is_none();
            let (id, service) = holds.then(|| find(&route.service)).flatten()?;
            let severity = mapped(&route.severities, seen.signal, seen.severity);
            Some(Placed { route: number, id, service, severity })
        })
    }
}

/// How bad a signal is by a map: by what its source calls that, else by how bad it is without the map.
pub(crate) fn mapped(
    severities: &BTreeMap<String, Severity>,
    signal: &Signal,
    without: Severity,
) -> Severity {
    if severities.is_empty() {
        return without;
    }
    let said = signal.severity_said.as_deref().unwrap_or(signal.severity.as_str());
    let by_word = severities.get(&said.trim().to_lowercase());
    by_word.or_else(|| severities.get(without.as_str())).copied().unwrap_or(without)
}

/// What was said, with how bad it is by the maps; what its source had called that stays with it.
pub(crate) fn as_severe(signal: &Signal, severity: Severity) -> Signal {
    let mut signal = signal.clone();
    if signal.severity != severity {
        let read = signal.severity.as_str();
        signal.severity_said.get_or_insert_with(|| read.to_owned());
        signal.severity = severity;
    }
    signal
}

#[cfg(test)]
mod tests;

//! Why a signal goes where it goes: every route in order, by the same conditions that decide.

use events::event::routes::Route;
use events::event::signal::{Severity, Signal};
use events::{SourceId, Timestamp};

use super::{Miss, Placed};
use crate::directory::Directory;

/// What becomes of a signal, and why.
#[derive(Debug)]
pub struct Explanation<'a> {
    /// How bad it is by its source's map; what routes ask for.
    pub severity: Severity,
    /// The routes in order.
    pub routes: Vec<Judged<'a>>,
    /// Where it goes; nowhere when no route leads to a service.
    pub placed: Option<Placed<'a>>,
}

/// One route, and what it says of a signal.
#[derive(Debug)]
pub struct Judged<'a> {
    /// Its number, from 1.
    pub number: u32,
    /// What it asks for.
    pub route: &'a Route,
    /// What it says.
    pub verdict: Verdict<'a>,
}

/// What a route says of a signal.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// These conditions do not hold.
    Missed(Vec<Miss<'a>>),
    /// It would take it, but its service is gone.
    ServiceGone,
    /// It takes it.
    Taken,
    /// It is not asked: an earlier one takes it, or its source has a service of its own.
    NotAsked,
}

/// Explains where a signal that is taken at a moment goes.
pub fn explain<'a>(
    directory: &'a Directory,
    source: &'a SourceId,
    signal: &'a Signal,
    at: Timestamp,
) -> Explanation<'a> {
    let seen = directory.seen(source, signal, at);
    let placed = directory.placed(source, signal, at);
    let judged = directory.all_routes().each().map(|(number, route, conditions)| {
        let misses: Vec<Miss<'a>> = conditions.misses(&route.when, &seen).collect();
        let verdict = match &placed {
            Some(placed) if placed.route == number => Verdict::Taken,
            Some(placed) if placed.route < number => Verdict::NotAsked,
            Some(_) | None if misses.is_empty() => Verdict::ServiceGone,
            Some(_) | None => Verdict::Missed(misses),
        };
        Judged { number, route, verdict }
    });
    Explanation { severity: seen.severity, routes: judged.collect(), placed }
}

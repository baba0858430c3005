//! Pages to one person that were put off and come again together: they wait a moment for each other and go out as one
//! message.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::port::{Dispatch, Errand};
use events::event::signal::Severity;
use events::{PersonId, Span, Timestamp};

/// How long pages that were put off to the same moment wait for each other: each has to be written down first.
pub const GATHER: Span = Span::from_seconds(1);

/// What is no page about a problem goes out alone, and after those.
const GATHER_OTHERS: Span = Span::from_seconds(2);

/// What goes out together: to which address, to whom, and whether it is about problems.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Together {
    pub(super) address: String,
    person: PersonId,
    is_problem: bool,
}

impl Together {
    /// With what a page goes out; none for what is no page.
    pub(super) fn of(dispatch: &Dispatch) -> Option<Self> {
        let Errand::Page(notice) = &dispatch.errand else { return None };
        let is_problem = !notice.test && notice.message.is_none();
        Some(Self { address: dispatch.address.clone(), person: notice.person, is_problem })
    }

    /// How long it waits for others.
    pub(super) const fn wait(&self) -> Span {
        if self.is_problem { GATHER } else { GATHER_OTHERS }
    }
}

/// What waits for others.
#[derive(Debug, Default)]
pub(super) struct Gatherings {
    all: BTreeMap<Together, Vec<Dispatch>>,
    count: usize,
}

impl Gatherings {
    /// How many dispatches wait.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// One more, if others of its kind wait already; else it is given back.
    pub(super) fn join(&mut self, together: &Together, dispatch: Box<Dispatch>) -> Result<(), Box<Dispatch>> {
        let Some(waiting) = self.all.get_mut(together) else { return Err(dispatch) };
        waiting.push(*dispatch);
        self.count += 1;
        Ok(())
    }

    /// The first of its kind.
    pub(super) fn begin(&mut self, together: Together, dispatch: Dispatch) {
        self.count += 1;
        self.all.entry(together).or_default().push(dispatch);
    }

    /// All that came.
    pub(super) fn end(&mut self, together: &Together) -> Vec<Dispatch> {
        let ended = self.all.remove(together).unwrap_or_default();
        self.count -= ended.len();
        ended
    }

    /// All that waits, whatever for.
    pub(super) fn end_all(&mut self) -> Vec<Dispatch> {
        self.count = 0;
        std::mem::take(&mut self.all).into_values().flatten().collect()
    }
}

/// One message of all that came: the worst leads, the oldest first among those that are as bad. What is no page about a
/// problem has a message of its own: then the others are left.
pub(super) fn digest(together: &Together, mut came: Vec<Dispatch>) -> Option<(Box<Dispatch>, Vec<Dispatch>)> {
    came.sort_by_key(|dispatch| {
        let (severity, raised_at) = rank(dispatch);
        (Reverse(severity), raised_at, dispatch.attempt)
    });
    let mut came = came.into_iter();
    let mut lead = Box::new(came.next()?);
    if !together.is_problem {
        return Some((lead, came.collect()));
    }
    lead.with = came.collect();
    // Whoever waits for any of them tries again from then on.
    let expires = lead.with.iter().map(|dispatch| dispatch.expires_at);
    lead.expires_at = expires.fold(lead.expires_at, Timestamp::min);
    Some((lead, Vec::new()))
}

fn rank(dispatch: &Dispatch) -> (Severity, Timestamp) {
    match &dispatch.errand {
        Errand::Page(notice) => (notice.severity, notice.raised_at),
        Errand::Recall { .. } => (Severity::default(), dispatch.expires_at),
    }
}

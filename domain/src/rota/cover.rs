//! What people decided apart from the rota: somebody for somebody, somebody in addition, nobody for somebody, everybody.
//!
//! Where decisions overlap, the later one wins: whoever is to be on call is looked up in the latest decision about them;
//! whoever that puts in their place, in those that are later still.

use events::mutant::{self, Mutant};
use events::{OverrideId, PersonId, TeamId, Timestamp};

/// One decision for one rota or one team, as far as it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Which override it belongs to.
    pub id: OverrideId,
    /// Its place in the order of decisions.
    pub order: u64,
    /// From when, as it was decided.
    pub from: Timestamp,
    /// Until when, as it was decided.
    pub until: Timestamp,
    /// When it was decided: what was before stays as it was.
    pub since: Timestamp,
    /// When it was taken back, if it was.
    pub over: Option<Timestamp>,
    /// What is different.
    pub change: Change,
}

/// What is different from the rota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Somebody is on call for somebody, or nobody is.
    Instead {
        /// Who would be.
        of: PersonId,
        /// Who is; nobody when none.
        by: Option<PersonId>,
    },
    /// Somebody is on call as well.
    Also(PersonId),
    /// All these people of a team are on call as well.
    AllHands {
        /// Which team.
        team: TeamId,
        /// Everybody in it now.
        people: Vec<PersonId>,
    },
}

impl Cover {
    /// When it really begins to count.
    pub fn begins(&self) -> Timestamp {
        self.from.max(self.since)
    }

    /// When it really ceases to count.
    pub fn ends(&self) -> Timestamp {
        self.over.map_or(self.until, |over| over.min(self.until))
    }

    /// True when it counts, or counted, then.
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.begins() <= at && at < self.ends()
    }

    /// True when it counts now. A clock that was set back may show a moment before the decision: it counts all the same.
    pub fn holds_now(&self, now: Timestamp) -> bool {
        self.over.is_none() && self.from <= now && now < self.until
    }
}

/// What decisions make of somebody who is to be on call.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stand<'c> {
    /// Nothing was decided about them.
    Themselves,
    /// Nobody is on call for them.
    Nobody,
    /// This person is, by this decision.
    By(PersonId, &'c Cover),
}

/// Who is on call for somebody who is to be because of the decision at `after`, or of the rota.
pub(super) fn stand_in<'c>(covers: &[&'c Cover], person: PersonId, after: Option<u64>) -> Stand<'c> {
    let (mut person, mut after, mut stand) = (person, after, Stand::Themselves);
    while let Some((cover, by)) = decision(covers, person, after) {
        let Some(by) = by else { return Stand::Nobody };
        // Only later decisions count about whoever stands in, so this ends.
        (person, after, stand) = (by, Some(cover.order), Stand::By(by, cover));
    }
    stand
}

/// The latest decision about a person, of those after another one, and who stands in by it.
fn decision<'c>(
    covers: &[&'c Cover],
    person: PersonId,
    after: Option<u64>,
) -> Option<(&'c Cover, Option<PersonId>)> {
    let about = covers.iter().filter_map(|cover| match cover.change {
        Change::Instead { of, by } if of == person && after.is_none_or(|after| cover.order > after) => {
            Some((*cover, by))
        }
        Change::Instead { .. } | Change::Also(_) | Change::AllHands { .. } => None,
    });
    let order = |(cover, _): &(&Cover, _)| cover.order;
    if mutant::is_on(Mutant::FirstDecisionWins) { about.min_by_key(order) } else { about.max_by_key(order) }
}

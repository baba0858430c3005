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

/// Who is on call for `person`, and by which decision; none when nobody is. `Ok` when nothing was decided about them.
pub(super) fn stand_in<'c>(
    covers: &[&'c Cover],
    person: PersonId,
    after: Option<u64>,
) -> Result<PersonId, Option<(PersonId, &'c Cover)>> {
    let about = covers.iter().filter_map(|cover| match cover.change {
        Change::Instead { of, by } if of == person && after.is_none_or(|after| cover.order > after) => {
            Some((*cover, by))
        }
        Change::Instead { .. } | Change::Also(_) | Change::AllHands { .. } => None,
    });
    let order = |(cover, _): &(&Cover, _)| cover.order;
    let decided = if mutant::is_on(Mutant::FirstDecisionWins) {
        about.min_by_key(order)
    } else {
        about.max_by_key(order)
    };
    let Some((cover, by)) = decided else { return Ok(person) };
    let Some(by) = by else { return Err(None) };
    match stand_in(covers, by, Some(cover.order)) {
        Ok(by) => Err(Some((by, cover))),
        Err(later) => Err(later),
    }
}

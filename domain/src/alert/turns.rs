//! Whose turn it is among the providers of one rung.
//!
//! ```text
//! send ──► first provider ── not arrived ──► next one, at once ── … ──► all were tried: wait, and begin again
//! ```
//!
//! A provider that refuses the address has no turn any more. The rung's next
//! send begins with the one that had the last turn: the others before it did not work.

use std::collections::BTreeSet;

/// The turns of one rung. Providers are known by their place among the rung's; a rung that names none has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Turns {
    count: usize,
    now: usize,
    /// Who had a turn in the present round.
    tried: BTreeSet<usize>,
    /// Who has none any more.
    refused: BTreeSet<usize>,
}

impl Turns {
    /// The turns of so many providers; at least one.
    pub(super) fn of(count: usize) -> Self {
        Self { count: count.max(1), ..Self::default() }
    }

    /// Whose turn it is.
    pub(super) const fn now(&self) -> usize {
        self.now
    }

    /// A send goes to whoever has the turn.
    pub(super) fn begin(&mut self) {
        self.tried.insert(self.now);
    }

    /// A new send: whoever had the last turn begins, and nobody was tried.
    pub(super) fn begin_send(&mut self) {
        self.tried.clear();
        if self.refused.contains(&self.now) {
            self.pass();
        }
    }

    /// True when somebody is left in this round after whoever has the turn.
    pub(super) fn has_next(&self) -> bool {
        self.next().is_some()
    }

    /// Passes the turn on to whoever was not tried yet. False when everybody was.
    pub(super) fn pass(&mut self) -> bool {
        let next = self.next();
        self.now = next.unwrap_or(self.now);
        next.is_some()
    }

    /// A new round: the first who has turns begins.
    pub(super) fn begin_again(&mut self) {
        self.tried.clear();
        self.now = (0..self.count).find(|place| !self.refused.contains(place)).unwrap_or_default();
    }

    /// This one has no turn any more.
    pub(super) fn refuse(&mut self, place: usize) {
        self.refused.insert(place);
    }

    /// True when nobody has turns any more.
    pub(super) fn is_over(&self) -> bool {
        self.refused.len() >= self.count
    }

    fn next(&self) -> Option<usize> {
        let after = (1..self.count).map(|step| (self.now + step) % self.count);
        after.into_iter().find(|place| !self.tried.contains(place) && !self.refused.contains(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Passes the turn on as often as it goes, and says who had it.
    fn round(turns: &mut Turns) -> Vec<usize> {
        let mut had = Vec::new();
        loop {
            turns.begin();
            had.push(turns.now());
            if !turns.pass() {
                return had;
            }
        }
    }

    #[test]
    fn everybody_has_one_turn_in_a_round_and_the_first_begins_the_next() {
        for (count, expected) in [(0, vec![0]), (1, vec![0]), (2, vec![0, 1]), (3, vec![0, 1, 2])] {
            let mut turns = Turns::of(count);
            assert_eq!(round(&mut turns), expected);
            assert!(!turns.has_next());
            turns.begin_again();
            assert_eq!(round(&mut turns), expected, "and so again");
        }
    }

    #[test]
    fn the_next_send_begins_with_whoever_had_the_last_turn() {
        let mut turns = Turns::of(3);
        turns.begin();
        assert!(turns.pass());
        turns.begin();
        turns.begin_send();
        assert_eq!(round(&mut turns), [1, 2, 0]);
    }

    #[test]
    fn whoever_refuses_has_no_turn_any_more() {
        let mut turns = Turns::of(3);
        turns.begin();
        turns.refuse(0);
        assert!(turns.pass());
        turns.refuse(1);
        turns.begin_send();
        assert_eq!(round(&mut turns), [2]);
        turns.begin_again();
        assert_eq!(round(&mut turns), [2]);
        assert!(!turns.is_over());
        turns.refuse(2);
        assert!(turns.is_over());
    }
}

//! Whose turn it is among the providers of one rung.
//!
//! ```text
//! send ──► first provider ── not arrived ──► next one, at once ── … ──► all were tried: wait, and begin again
//! ```
//!
//! A provider that refuses the address has no turn any more. One that took the send without its arriving comes last in
//! the rounds that follow. The rung's next send begins with the one that had the last turn: the others before it did
//! not work.

use std::collections::{BTreeMap, BTreeSet};

/// The turns of one rung. Providers are known by their place among the rung's; a rung that names none has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Turns {
    count: usize,
    now: usize,
    /// Who had a turn in the present round.
    tried: BTreeSet<usize>,
    /// The last attempt of the present send over each.
    last: BTreeMap<usize, u32>,
    /// Whose last attempt of the present send was not reported as arrived when it should have been.
    missed: BTreeSet<usize>,
    /// Who had a turn and was not asked, because its breaker was open.
    passed_over: BTreeSet<usize>,
    /// Whoever has the turn was passed over when it had it last.
    insists: bool,
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

    /// A send goes to whoever has the turn, in this attempt.
    pub(super) fn begin(&mut self, attempt: u32) {
        self.tried.insert(self.now);
        self.last.insert(self.now, attempt);
        self.missed.remove(&self.now);
        self.insists = self.passed_over.remove(&self.now);
    }

    /// This one was not asked in this attempt, because its breaker was open. Nobody is passed over twice in a row: the
    /// others may be worse.
    pub(super) fn pass_over(&mut self, place: usize, attempt: u32) {
        if self.last.get(&place) == Some(&attempt) {
            self.passed_over.insert(place);
        }
    }

    /// A new send: whoever had the last turn begins, and nobody was tried.
    pub(super) fn begin_send(&mut self) {
        self.tried.clear();
        self.last.clear();
        self.missed.clear();
        self.passed_over.clear();
        if self.refused.contains(&self.now) {
            self.pass();
        }
    }

    /// True when whoever has the turn need not be waited for: somebody is left in this round who has not let this send
    /// down before.
    pub(super) fn has_next(&self) -> bool {
        !self.insists && self.untried().any(|place| !self.missed.contains(&place))
    }

    /// Passes the turn on to whoever was not tried yet. False when everybody was.
    pub(super) fn pass(&mut self) -> bool {
        let next = self.next();
        self.now = next.unwrap_or(self.now);
        next.is_some()
    }

    /// A new round: the first who has turns begins, and has not let this send down if there is such a one.
    pub(super) fn begin_again(&mut self) {
        self.tried.clear();
        let has_turns = |place: &usize| !self.refused.contains(place);
        let sound = (0..self.count).find(|place| has_turns(place) && !self.missed.contains(place));
        self.now = sound.or_else(|| (0..self.count).find(has_turns)).unwrap_or_default();
    }

    /// What this one took in this attempt did not arrive. One that has tried the present send again since is judged by
    /// that.
    pub(super) fn miss(&mut self, place: usize, attempt: u32) {
        if self.last.get(&place) == Some(&attempt) {
            self.missed.insert(place);
        }
    }

    /// True when what somebody took in this round did not arrive.
    pub(super) fn has_missed(&self) -> bool {
        self.missed.intersection(&self.tried).next().is_some()
    }

    /// True when somebody has turns who has not let the present send down: they did not take it, or may not have.
    pub(super) fn is_worth_another_round(&self) -> bool {
        (0..self.count).any(|place| !self.refused.contains(&place) && !self.missed.contains(&place))
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
        self.untried().next()
    }

    /// Who is left in this round, whoever is next first.
    fn untried(&self) -> impl Iterator<Item = usize> {
        let after = (1..self.count).map(|step| (self.now + step) % self.count);
        after.filter(|place| !self.tried.contains(place) && !self.refused.contains(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Passes the turn on as often as it goes, and says who had it.
    fn round(turns: &mut Turns) -> Vec<usize> {
        let mut had = Vec::new();
        loop {
            turns.begin(1);
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
        turns.begin(1);
        assert!(turns.pass());
        turns.begin(1);
        turns.begin_send();
        assert_eq!(round(&mut turns), [1, 2, 0]);
    }

    #[test]
    fn whoever_refuses_has_no_turn_any_more() {
        let mut turns = Turns::of(3);
        turns.begin(1);
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

    #[test]
    fn whoever_let_the_send_down_comes_last_in_the_next_round_and_is_no_reason_for_one() {
        let mut turns = Turns::of(3);
        turns.begin(1);
        turns.miss(0, 1);
        assert!(turns.has_missed());
        assert!(turns.pass());
        turns.begin(2);
        assert!(turns.pass());
        turns.begin(3);
        turns.miss(2, 3);
        assert!(turns.is_worth_another_round(), "the second one has only failed");
        turns.begin_again();
        assert!(!turns.has_missed(), "not in this round");
        assert_eq!(turns.now(), 1);
        assert!(!turns.has_next(), "the others have let it down");
        assert_eq!(round(&mut turns), [1, 2, 0]);
    }

    #[test]
    fn a_round_in_which_everybody_let_the_send_down_or_refused_is_the_last() {
        let mut turns = Turns::of(2);
        turns.begin(1);
        turns.miss(0, 1);
        turns.refuse(1);
        assert!(!turns.is_worth_another_round());
        turns.begin_send();
        assert!(turns.is_worth_another_round(), "another send is another matter");
    }

    #[test]
    fn what_is_heard_late_of_an_earlier_try_says_nothing_about_the_present_one() {
        let mut turns = Turns::of(2);
        turns.begin(1);
        turns.begin_again();
        turns.begin(2);
        turns.miss(0, 1);
        assert!(!turns.has_missed());
        turns.miss(0, 2);
        assert!(turns.has_missed());
    }

    #[test]
    fn nobody_is_passed_over_twice_in_a_row() {
        let mut turns = Turns::of(2);
        turns.begin(1);
        assert!(turns.has_next());
        turns.pass_over(0, 1);
        assert!(turns.pass());
        turns.begin(2);
        turns.begin_again();
        turns.begin(3);
        assert!(!turns.has_next(), "this time it is asked");
        assert!(turns.pass());
        turns.begin(4);
        turns.begin_again();
        turns.begin(5);
        assert!(turns.has_next());
    }
}

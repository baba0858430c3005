//! Who waits, in turns: nobody has a second turn before everybody else who waits had one, however much they bring. What
//! one of them brings goes in the order in which it came.

use std::collections::{BTreeMap, VecDeque};

/// What waits, by who brought it.
#[derive(Debug)]
pub struct Turns<K, T> {
    lines: BTreeMap<K, VecDeque<T>>,
    /// Everybody who waits, once, whose turn is next first.
    order: VecDeque<K>,
    count: usize,
}

impl<K, T> Default for Turns<K, T> {
    fn default() -> Self {
        Self { lines: BTreeMap::new(), order: VecDeque::new(), count: 0 }
    }
}

impl<K: Ord + Clone, T> Turns<K, T> {
    /// One more waits. Whoever waits for nothing yet has their turn after all others.
    pub fn push(&mut self, who: &K, what: T) {
        if let Some(line) = self.lines.get_mut(who) {
            line.push_back(what);
        } else {
            self.lines.insert(who.clone(), VecDeque::from([what]));
            self.order.push_back(who.clone());
        }
        self.count += 1;
    }

    /// The next one of those who may go; who may not keep their turn.
    pub fn next(&mut self, may: impl Fn(&K) -> bool) -> Option<(K, T)> {
        let at = self.order.iter().position(may)?;
        let who = self.order.remove(at)?;
        let line = self.lines.get_mut(&who)?;
        let what = line.pop_front()?;
        self.count -= 1;
        if line.is_empty() {
            self.lines.remove(&who);
        } else {
            self.order.push_back(who.clone());
        }
        Some((who, what))
    }

    /// How many wait in all.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// True when nobody waits.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many of one wait.
    pub fn of(&self, who: &K) -> usize {
        self.lines.get(who).map_or(0, VecDeque::len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything in the order in which it goes, when `held` may not.
    fn all(turns: &mut Turns<char, u32>, held: char) -> String {
        let next = || turns.next(|who| *who != held).map(|(who, what)| format!("{who}{what}"));
        std::iter::from_fn(next).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn who_brings_much_waits_for_who_brings_little() {
        let mut turns = Turns::default();
        for number in 1..=4 {
            turns.push(&'a', number);
        }
        turns.push(&'b', 1);
        turns.push(&'c', 1);
        turns.push(&'c', 2);
        assert_eq!((turns.len(), turns.of(&'a'), turns.of(&'x')), (7, 4, 0));
        assert_eq!(all(&mut turns, '-'), "a1 b1 c1 a2 c2 a3 a4");
        assert!(turns.is_empty() && turns.order.is_empty() && turns.lines.is_empty());
    }

    #[test]
    fn who_may_not_go_keeps_their_turn() {
        let mut turns = Turns::default();
        turns.push(&'a', 1);
        turns.push(&'b', 1);
        turns.push(&'b', 2);
        assert_eq!(all(&mut turns, 'a'), "b1 b2");
        turns.push(&'b', 3);
        assert_eq!(all(&mut turns, '-'), "a1 b3");
    }

    #[test]
    fn who_comes_again_has_their_turn_after_all_others() {
        let mut turns = Turns::default();
        turns.push(&'a', 1);
        turns.push(&'b', 1);
        assert_eq!(turns.next(|_| true), Some(('a', 1)));
        turns.push(&'a', 2);
        assert_eq!(all(&mut turns, '-'), "b1 a2");
    }
}

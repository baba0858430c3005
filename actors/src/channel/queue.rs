//! Who goes first of those that wait for a channel: by turns between addresses, and within a turn whatever expires first.
//!
//! Its turn is given to a dispatch when it comes: the first of an address that waits for nothing has the present turn,
//! its second the next, and so on. So a person with hundreds of pages delays themselves, and nobody else's first page by
//! more than one page for each address that waits. What stops something that rings waits for no turn.

use std::collections::{BTreeMap, BTreeSet};

use domain::port::{Dispatch, Errand};
use events::Timestamp;

/// What waits for one channel.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: BTreeMap<Place, Box<Dispatch>>,
    /// The same by the moment at which each expires.
    expiring: BTreeSet<(Timestamp, Place)>,
    /// Addresses that wait.
    lines: BTreeMap<String, Line>,
    /// The turn of what went last.
    turn: u64,
    came_count: u64,
}

/// Where something stands; the smallest goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    turn: u64,
    expires_at: Timestamp,
    /// In the order in which they came, where nothing else decides.
    number: u64,
}

/// What waits of one address.
#[derive(Debug)]
struct Line {
    last_turn: u64,
    count: u32,
}

impl Queue {
    /// One more waits.
    pub fn push(&mut self, dispatch: Box<Dispatch>) {
        let place =
            Place { turn: self.turn_of(&dispatch), expires_at: dispatch.expires_at, number: self.came_count };
        self.came_count += 1;
        self.expiring.insert((dispatch.expires_at, place));
        self.waiting.insert(place, dispatch);
    }

    /// The one that goes next.
    pub fn first(&self) -> Option<&Dispatch> {
        self.waiting.first_key_value().map(|(_, dispatch)| &**dispatch)
    }

    /// Takes out the one that goes next.
    pub fn pop(&mut self) -> Option<Box<Dispatch>> {
        let (&place, _) = self.waiting.first_key_value()?;
        self.turn = place.turn;
        self.take(place)
    }

    /// Takes out one that expires before this moment, the earliest first; none when none does.
    pub fn pop_expired(&mut self, before: Timestamp) -> Option<Box<Dispatch>> {
        let &(expires_at, place) = self.expiring.first()?;
        (expires_at < before).then(|| self.take(place)).flatten()
    }

    /// When the first of all expires.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expiring.first().map(|&(expires_at, _)| expires_at)
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// True when none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// How many would go before one that came now to this address, at most: for each address those of its turns up to the
    /// one that it would have.
    pub fn before(&self, address: &str) -> usize {
        let turn = self.lines.get(address).map_or(self.turn, |line| line.last_turn + 1);
        self.waiting.keys().take_while(|place| place.turn <= turn).count()
    }

    fn turn_of(&mut self, dispatch: &Dispatch) -> u64 {
        if matches!(dispatch.errand, Errand::Recall { .. }) {
            return self.turn;
        }
        if let Some(line) = self.lines.get_mut(&dispatch.address) {
            line.last_turn += 1;
            line.count += 1;
            return line.last_turn;
        }
        self.lines.insert(dispatch.address.clone(), Line { last_turn: self.turn, count: 1 });
        self.turn
    }

    fn take(&mut self, place: Place) -> Option<Box<Dispatch>> {
        let dispatch = self.waiting.remove(&place)?;
        self.expiring.remove(&(place.expires_at, place));
        if matches!(dispatch.errand, Errand::Page(_))
            && let Some(line) = self.lines.get_mut(&dispatch.address)
        {
            line.count -= 1;
            if line.count == 0 {
                self.lines.remove(&dispatch.address);
            }
        }
        Some(dispatch)
    }
}

#[cfg(test)]
mod tests {
    use domain::port::Notice;
    use events::AttemptId;
    use events::event::Language;
    use events::event::person::ChannelKind;
    use events::event::sample::{self, at};
    use events::event::signal::Severity;

    use super::*;

    /// Something to an address, known by its number.
    fn dispatch(address: &str, number: u32, expires_at: Timestamp) -> Box<Dispatch> {
        let alert = sample::alert();
        let notice = Notice {
            code: alert.code(),
            person: sample::anna(),
            generation: 1,
            summary: String::new(),
            severity: Severity::Error,
            service: None,
            runbook: None,
            raised_at: at(0),
            repeat: false,
            late: None,
            test: false,
            reference_only: false,
            work: None,
            message: None,
            finding: None,
            problems: 1,
        };
        Box::new(Dispatch {
            attempt: AttemptId { alert, page: 1, attempt: number },
            channel: ChannelKind::PUSHOVER,
            via: None,
            has_alternative: false,
            address: address.to_owned(),
            language: Language::En,
            time_zone: "UTC".into(),
            expires_at,
            errand: Errand::Page(Box::new(notice)),
            with: Vec::new(),
        })
    }

    fn recall(address: &str, number: u32, expires_at: Timestamp) -> Box<Dispatch> {
        Box::new(Dispatch {
            errand: Errand::Recall { receipt: None },
            ..*dispatch(address, number, expires_at)
        })
    }

    fn queue(waiting: &[(&str, u32, u64)]) -> Queue {
        let mut queue = Queue::default();
        for &(address, number, seconds) in waiting {
            queue.push(dispatch(address, number, at(seconds)));
        }
        queue
    }

    fn name(dispatch: &Dispatch) -> String {
        format!("{}{}", dispatch.address, dispatch.attempt.attempt)
    }

    fn all(queue: &mut Queue) -> String {
        let next = || queue.pop().map(|dispatch| name(&dispatch));
        std::iter::from_fn(next).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn whatever_expires_first_goes_first() {
        let mut queue = queue(&[("a", 1, 30), ("b", 1, 10), ("c", 1, 20), ("d", 1, 10)]);
        assert_eq!(queue.expires_at(), Some(at(10)));
        assert_eq!(queue.first().map(name).as_deref(), Some("b1"));
        assert_eq!(all(&mut queue), "b1 d1 c1 a1");
        assert!(queue.is_empty() && queue.lines.is_empty() && queue.expiring.is_empty());
    }

    #[test]
    fn one_persons_many_pages_delay_nobody_elses_first() {
        let mut queue = queue(&[("a", 1, 15), ("a", 2, 15), ("a", 3, 15), ("a", 4, 15)]);
        assert_eq!(queue.pop().map(|first| name(&first)).as_deref(), Some("a1"));
        assert_eq!((queue.before("b"), queue.before("a")), (0, 3));
        queue.push(dispatch("b", 1, at(20)));
        queue.push(dispatch("b", 2, at(20)));
        assert_eq!(queue.len(), 5);
        assert_eq!(all(&mut queue), "b1 a2 b2 a3 a4");
    }

    #[test]
    fn who_comes_back_has_the_present_turn() {
        let mut queue = queue(&[("a", 1, 15), ("a", 2, 15), ("a", 3, 15), ("b", 1, 15)]);
        for expected in ["a1", "b1", "a2"] {
            assert_eq!(queue.pop().map(|next| name(&next)).as_deref(), Some(expected));
        }
        queue.push(dispatch("b", 2, at(40)));
        queue.push(dispatch("b", 3, at(40)));
        assert_eq!(all(&mut queue), "b2 a3 b3", "its earlier turns are not made up for");
    }

    #[test]
    fn what_expires_is_found_wherever_it_stands() {
        let mut queue = queue(&[("a", 1, 30), ("a", 2, 10), ("b", 1, 20)]);
        assert!(queue.pop_expired(at(10)).is_none(), "not yet");
        assert_eq!(queue.pop_expired(at(11)).map(|gone| name(&gone)).as_deref(), Some("a2"));
        assert_eq!(queue.expires_at(), Some(at(20)));
        assert_eq!(all(&mut queue), "b1 a1");
    }

    #[test]
    fn what_stops_a_call_waits_for_no_turn() {
        let mut queue = queue(&[("a", 1, 15), ("a", 2, 15), ("a", 3, 15)]);
        queue.push(recall("a", 9, at(12)));
        assert_eq!(all(&mut queue), "a9 a1 a2 a3");
        assert!(queue.lines.is_empty());
    }
}

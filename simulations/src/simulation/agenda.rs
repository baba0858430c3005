//! What is to happen when. Time passes only by taking the next entry.

use std::collections::BTreeMap;

use events::Span;

/// A moment in a simulation: microseconds since its start, as a clock counts them that nobody sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub u64);

impl Moment {
    /// This much later.
    #[must_use]
    pub const fn after(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.as_micros()))
    }

    /// How long since `earlier`; zero when that is later.
    pub const fn since(self, earlier: Self) -> Span {
        Span::from_micros(self.0.saturating_sub(earlier.0))
    }
}

/// Entries by moment; at the same moment in the order in which they were made.
#[derive(Debug)]
pub struct Agenda<T> {
    entries: BTreeMap<(Moment, u64), T>,
    made: u64,
    now: Moment,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), made: 0, now: Moment::default() }
    }
}

impl<T> Agenda<T> {
    /// The present moment.
    pub const fn now(&self) -> Moment {
        self.now
    }

    /// Lets something happen at this moment, or now when that is past.
    pub fn at(&mut self, moment: Moment, entry: T) {
        self.made += 1;
        self.entries.insert((moment.max(self.now), self.made), entry);
    }

    /// Lets something happen this much later.
    pub fn after(&mut self, span: Span, entry: T) {
        self.at(self.now.after(span), entry);
    }

    /// Goes on to the next entry and takes it out.
    pub fn take_next(&mut self) -> Option<T> {
        let ((moment, _), entry) = self.entries.pop_first()?;
        self.now = moment;
        Some(entry)
    }
}

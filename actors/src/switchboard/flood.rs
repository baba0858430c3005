//! Which sources say more than anybody could look at.

use std::collections::{HashMap, VecDeque};

use events::{SourceId, Span, Timestamp};

/// New problems are counted over this long.
const COUNTED: Span = Span::from_seconds(60);

/// What a source calls its own flood.
pub const FLOOD_KEY: &str = "hotpotato:flood";

/// The label by which routes know a flood from other problems of the source.
pub const FLOOD_LABEL: (&str, &str) = ("hotpotato", "flood");

/// New problems, by source.
#[derive(Debug, Default)]
pub struct Floods {
    sources: HashMap<SourceId, Source>,
}

#[derive(Debug, Default)]
struct Source {
    /// When the last ones came, at most as many as are one too many.
    came: VecDeque<Timestamp>,
    is_flooding: bool,
}

impl Floods {
    /// The source flooded us when the house stopped.
    pub fn recover(&mut self, source: SourceId, now: Timestamp) {
        self.sources.insert(source, Source { came: VecDeque::from([now]), is_flooding: true });
    }

    /// A new problem came. True when with it the source begins to flood us: `at` problems within a minute are one too
    /// many.
    pub fn count(&mut self, source: &SourceId, at: u32, now: Timestamp) -> bool {
        let at = usize::try_from(at).unwrap_or(usize::MAX).max(1);
        let counted = self.sources.entry(source.clone()).or_default();
        counted.came.push_back(now);
        while counted.came.len() > at || counted.came.front().is_some_and(|&came| came + COUNTED <= now) {
            counted.came.pop_front();
        }
        let begins = !counted.is_flooding && counted.came.len() >= at;
        counted.is_flooding |= begins;
        begins
    }

    /// True while the source floods us.
    pub fn is_flooding(&self, source: &SourceId) -> bool {
        self.sources.get(source).is_some_and(|counted| counted.is_flooding)
    }

    /// When the next source may be calm again; none while none floods us.
    pub fn next(&self) -> Option<Timestamp> {
        let flooding = self.sources.values().filter(|counted| counted.is_flooding);
        flooding.filter_map(|counted| counted.came.back().map(|&last| last + COUNTED)).min()
    }

    /// The sources that have just become calm: nothing new came for a minute. Forgets all that are.
    pub fn calmed(&mut self, now: Timestamp) -> Vec<SourceId> {
        let is_calm = |counted: &Source| counted.came.back().is_none_or(|&last| last + COUNTED <= now);
        let mut calmed: Vec<SourceId> = self
            .sources
            .iter()
            .filter(|(_, counted)| counted.is_flooding && is_calm(counted))
            .map(|(source, _)| source.clone())
            .collect();
        calmed.sort();
        self.sources.retain(|_, counted| !is_calm(counted));
        calmed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::default() + Span::from_seconds(seconds)
    }

    #[test]
    fn a_source_floods_from_so_many_within_a_minute_until_a_minute_is_calm() {
        let (mut floods, source) = (Floods::default(), SourceId::from("prometheus"));
        let begins: Vec<bool> = [0, 30, 59, 60].map(|second| floods.count(&source, 3, at(second))).into();
        assert_eq!(begins, [false, false, true, false]);
        assert_eq!(floods.next(), Some(at(120)));
        assert!(floods.calmed(at(119)).is_empty() && floods.is_flooding(&source));
        assert_eq!(floods.calmed(at(120)), std::slice::from_ref(&source));
        assert!(!floods.is_flooding(&source) && floods.sources.is_empty());
    }

    #[test]
    fn slow_sources_do_not_flood_and_do_not_remember() {
        let (mut floods, source) = (Floods::default(), SourceId::from("prometheus"));
        for minute in 0..10 {
            assert!(!floods.count(&source, 2, at(minute * 60)));
        }
        assert_eq!(floods.next(), None);
        assert!(floods.calmed(at(10_000)).is_empty() && floods.sources.is_empty());
    }

    #[test]
    fn a_flood_that_lasted_when_the_house_stopped_is_over_a_minute_after_it_starts() {
        let mut floods = Floods::default();
        floods.recover("prometheus".into(), at(0));
        assert_eq!(floods.next(), Some(at(60)));
        assert_eq!(floods.calmed(at(60)), ["prometheus".into()]);
    }
}

//! What people changed elsewhere, as their tools tell us: shown beside the alerts that come soon after.
//!
//! What one source tells on one day is one history, with a limit of its own, so that it never grows without end. It pages
//! nobody and is no part of the configuration.

use std::collections::VecDeque;

use events::event::change::{ChangeEvent, ChangeTold};
use events::{Entry, SourceId, Span, StreamId, Timestamp};

use crate::aggregate::Aggregate;
use crate::directory::{Directory, stream_of};

/// The category of these histories.
pub const CATEGORY: &str = "change";
/// One source may tell of so many changes a day.
pub const TOLD_PER_DAY_MAX: u32 = 1_000;
/// So many changes are remembered, of all sources together.
pub const CHANGES_KEPT_MAX: usize = 1_000;
/// So long they are remembered.
pub const KEPT_FOR: Span = Span::from_seconds(24 * 60 * 60);
/// An alert shows what was changed so long before it.
pub const SHOWN_BEFORE: Span = Span::from_seconds(2 * 60 * 60);
/// An alert shows so many changes, the latest.
pub const CHANGES_SHOWN_MAX: usize = 20;

/// The history of what a source tells on the day of this moment, in UTC.
pub fn stream(source: &SourceId, at: Timestamp) -> StreamId {
    stream_of(CATEGORY, &format!("{source}.{}", at.to_utc().date_naive()))
}

/// What a source told on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    told_count: u32,
    last: Option<ChangeTold>,
}

/// Why a change is not taken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefusal {
    /// The source told of too many today.
    #[error("this source has told of {TOLD_PER_DAY_MAX} changes today: tell of fewer")]
    TooMany,
}

impl Aggregate for Changes {
    type Command = ChangeTold;
    type Event = ChangeEvent;
    type Refusal = ChangeRefusal;

    fn decide(
        &self,
        told: &ChangeTold,
        _directory: &Directory,
        _now: Timestamp,
    ) -> Result<Vec<ChangeEvent>, ChangeRefusal> {
        // Whoever did not hear our answer tells the same again.
        if self.last.as_ref() == Some(told) && told.changed_at.is_some() {
            return Ok(Vec::new());
        }
        if self.told_count >= TOLD_PER_DAY_MAX {
            return Err(ChangeRefusal::TooMany);
        }
        Ok(vec![ChangeEvent::Told(told.clone())])
    }

    fn evolve(&mut self, event: &ChangeEvent, _at: Timestamp) {
        let ChangeEvent::Told(told) = event;
        self.told_count += 1;
        self.last = Some(told.clone());
    }
}

/// A change as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// When: as the source says, where that can be.
    pub at: Timestamp,
    /// What.
    pub told: ChangeTold,
}

/// What was changed lately, as a part of the views.
#[derive(Clone, Debug, Default)]
pub struct Lately(VecDeque<Changed>);

impl Lately {
    /// Takes in what a source told.
    pub(crate) fn take(&mut self, entry: &Entry, event: &ChangeEvent) {
        let ChangeEvent::Told(told) = event;
        let can_be = |at: &Timestamp| *at <= entry.at && entry.at.since(*at) < KEPT_FOR;
        let at = told.changed_at.filter(can_be).unwrap_or(entry.at);
        let place = self.0.partition_point(|known| known.at <= at);
        self.0.insert(place, Changed { at, told: told.clone() });
        let newest = self.0.back().map_or(at, |newest| newest.at);
        while self.0.len() > CHANGES_KEPT_MAX
            || self.0.front().is_some_and(|oldest| newest.since(oldest.at) > KEPT_FOR)
        {
            self.0.pop_front();
        }
    }

    /// What was changed in the [`SHOWN_BEFORE`] before a moment: the latest [`CHANGES_SHOWN_MAX`], oldest first.
    pub fn before(&self, moment: Timestamp) -> Vec<Changed> {
        let is_meant = |changed: &&Changed| changed.at <= moment && moment.since(changed.at) <= SHOWN_BEFORE;
        let mut meant: Vec<Changed> =
            self.0.iter().rev().filter(is_meant).take(CHANGES_SHOWN_MAX).cloned().collect();
        meant.reverse();
        meant
    }
}

#[cfg(test)]
mod tests {
    use events::event::sample;
    use events::{Author, Cause, EventId, Position, Version};

    use super::*;

    fn told(summary: &str, changed_at: Option<Timestamp>) -> ChangeTold {
        ChangeTold { source: "ci".into(), summary: summary.into(), details: [].into(), changed_at }
    }

    fn take(lately: &mut Lately, at: Timestamp, told: ChangeTold) {
        let event = ChangeEvent::Told(told);
        let entry = Entry {
            position: Position::from_raw(1),
            stream: stream(&"ci".into(), at),
            version: Version(1),
            id: EventId([0; 16]),
            at,
            by: Author::Source("ci".into()),
            cause: Cause::Deadline,
            directory: Position::START,
            event: event.clone().into(),
        };
        lately.take(&entry, &event);
    }

    fn shown(lately: &Lately, at: Timestamp) -> Vec<String> {
        lately.before(at).into_iter().map(|changed| changed.told.summary).collect()
    }

    const HOUR: u64 = 3_600;

    #[test]
    fn an_alert_shows_what_was_changed_in_the_two_hours_before() {
        let mut lately = Lately::default();
        for (at, summary) in [(0, "a"), (HOUR, "b"), (3 * HOUR, "c"), (3 * HOUR + 1, "d")] {
            take(&mut lately, sample::at(at), told(summary, None));
        }
        assert_eq!(shown(&lately, sample::at(3 * HOUR)), ["b", "c"]);
        assert_eq!(shown(&lately, sample::at(0)), ["a"]);
        assert_eq!(shown(&lately, sample::at(9 * HOUR)), [""; 0]);
    }

    #[test]
    fn it_counts_when_the_source_says_it_was_where_that_can_be() {
        let mut lately = Lately::default();
        take(&mut lately, sample::at(9 * HOUR), told("earlier", Some(sample::at(HOUR))));
        take(&mut lately, sample::at(9 * HOUR), told("to come", Some(sample::at(10 * HOUR))));
        assert_eq!(shown(&lately, sample::at(2 * HOUR)), ["earlier"]);
        assert_eq!(shown(&lately, sample::at(9 * HOUR)), ["to come"]);
    }

    #[test]
    fn only_so_many_are_kept_and_shown() {
        let mut lately = Lately::default();
        for count in 0..2_000_u64 {
            take(&mut lately, sample::at(count), told(&count.to_string(), None));
        }
        assert_eq!(lately.0.len(), CHANGES_KEPT_MAX);
        let shown = shown(&lately, sample::at(2_000));
        assert_eq!((shown.len(), shown.last().map(String::as_str)), (CHANGES_SHOWN_MAX, Some("1999")));
        take(&mut lately, sample::at(2_000 + 25 * HOUR), told("next day", None));
        assert_eq!(lately.0.len(), 1);
    }

    #[test]
    fn a_source_tells_of_so_many_a_day_and_the_same_one_once() {
        let mut changes = Changes::default();
        let directory = Directory::default();
        let at = Some(sample::at(0));
        for count in 0..TOLD_PER_DAY_MAX {
            let told = told(&count.to_string(), at);
            let events = changes.decide(&told, &directory, sample::at(1)).expect("it is taken");
            assert_eq!(events, [ChangeEvent::Told(told.clone())]);
            changes.evolve(&events[0], sample::at(1));
            assert_eq!(changes.decide(&told, &directory, sample::at(1)), Ok(Vec::new()), "again");
        }
        let refused = changes.decide(&told("more", at), &directory, sample::at(1));
        assert_eq!(refused, Err(ChangeRefusal::TooMany));
        assert_eq!(stream(&"ci".into(), sample::at(0)).to_string(), "change-ci.2026-11-22");
    }
}

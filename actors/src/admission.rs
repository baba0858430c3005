//! Who may go into the house now. So few signals are on their way into the log at once that a deadline, an order or
//! somebody else's signal never waits behind many; the others wait here, and go in by turns between their sources. A
//! source that says more than all others together delays itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use events::SourceId;
use tokio::sync::oneshot;

use crate::turns::Turns;

/// So many signals are on their way into the log at once.
pub const SIGNALS_UNDER_WAY_MAX: usize = 256;

/// So many of them are of one source: enough to share commits, and few enough that whoever comes beside it waits for
/// some milliseconds. At a thousand alerts a second it is the work of 16 ms.
pub const SIGNALS_UNDER_WAY_OF_ONE_MAX: usize = 16;

/// So many signals of one source wait; more are turned away and come again.
pub const SIGNALS_WAITING_OF_ONE_MAX: usize = 8_192;

/// So many wait in all: a few kilobytes each.
pub const SIGNALS_WAITING_MAX: usize = 32_768;

/// A signal that has waited for so long is turned away and comes again: before its sender gives up on the answer, which
/// most do after ten seconds.
pub const WAITED_MAX: Duration = Duration::from_secs(5);

/// Too much waits already, or what waits does not get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crowded;

/// The way in. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Admission(Arc<Mutex<Hall<oneshot::Sender<Place>>>>);

/// A place inside. Whoever drops it leaves.
#[derive(Debug)]
pub struct Place {
    admission: Admission,
    source: SourceId,
}

impl Admission {
    /// Goes in, at once or when it is this source's turn.
    ///
    /// # Errors
    /// When too much waits already, or it has waited for [`WAITED_MAX`].
    pub async fn enter(&self, source: &SourceId) -> Result<Place, Crowded> {
        let waiting = {
            let mut hall = self.hall();
            if hall.takes(source) {
                hall.go_in(source);
                drop(hall);
                return Ok(Place { admission: self.clone(), source: source.clone() });
            }
            let (called, waiting) = oneshot::channel();
            hall.wait(source, called)?;
            waiting
        };
        match tokio::time::timeout(WAITED_MAX, waiting).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(Crowded),
        }
    }

    /// How many wait.
    pub fn waiting_count(&self) -> usize {
        self.hall().waiting.len()
    }

    fn hall(&self) -> MutexGuard<'_, Hall<oneshot::Sender<Place>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leave(&self, source: &SourceId) {
        let called = self.hall().leave(source, |called| !called.is_closed());
        for (source, called) in called {
            // Whoever has just given up drops the place again, which calls the next.
            let _ = called.send(Place { admission: self.clone(), source });
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.admission.leave(&self.source);
    }
}

/// Who is inside and who waits: the rule, without anybody who is called.
#[derive(Debug)]
struct Hall<T> {
    inside: BTreeMap<SourceId, usize>,
    inside_count: usize,
    waiting: Turns<SourceId, T>,
}

impl<T> Default for Hall<T> {
    fn default() -> Self {
        Self { inside: BTreeMap::new(), inside_count: 0, waiting: Turns::default() }
    }
}

impl<T> Hall<T> {
    /// True when a signal of this source may go in at once: there is a place, and none of its own waits before it.
    fn takes(&self, source: &SourceId) -> bool {
        self.waiting.of(source) == 0 && may_enter(&self.inside, self.inside_count, source)
    }

    fn go_in(&mut self, source: &SourceId) {
        self.inside_count += 1;
        match self.inside.get_mut(source) {
            Some(count) => *count += 1,
            None => drop(self.inside.insert(source.clone(), 1)),
        }
    }

    fn wait(&mut self, source: &SourceId, who: T) -> Result<(), Crowded> {
        if self.waiting.of(source) >= SIGNALS_WAITING_OF_ONE_MAX || self.waiting.len() >= SIGNALS_WAITING_MAX
        {
            return Err(Crowded);
        }
        self.waiting.push(source, who);
        Ok(())
    }

    /// One of this source leaves: whoever may go in now, in the order of turns. Who has given up is passed over.
    fn leave(&mut self, source: &SourceId, is_there: impl Fn(&T) -> bool) -> Vec<(SourceId, T)> {
        self.inside_count = self.inside_count.saturating_sub(1);
        if let Some(count) = self.inside.get_mut(source) {
            *count -= 1;
            if *count == 0 {
                self.inside.remove(source);
            }
        }
        let mut called = Vec::new();
        loop {
            let (inside, inside_count) = (&self.inside, self.inside_count);
            let next = self.waiting.next(|source| may_enter(inside, inside_count, source));
            let Some((source, who)) = next else { return called };
            if is_there(&who) {
                self.go_in(&source);
                called.push((source, who));
            }
        }
    }
}

fn may_enter(inside: &BTreeMap<SourceId, usize>, inside_count: usize, source: &SourceId) -> bool {
    inside_count < SIGNALS_UNDER_WAY_MAX
        && inside.get(source).is_none_or(|&count| count < SIGNALS_UNDER_WAY_OF_ONE_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str) -> SourceId {
        name.into()
    }

    /// A hall in which so many of each source are inside.
    fn hall(inside: &[(&str, usize)]) -> Hall<u32> {
        let mut hall = Hall::default();
        for (name, count) in inside {
            (0..*count).for_each(|_| hall.go_in(&source(name)));
        }
        hall
    }

    fn names(called: Vec<(SourceId, u32)>) -> Vec<String> {
        called.into_iter().map(|(source, number)| format!("{source} {number}")).collect()
    }

    #[test]
    fn one_source_leaves_room_for_the_others() {
        let hall = hall(&[("loud", SIGNALS_UNDER_WAY_OF_ONE_MAX)]);
        assert!(!hall.takes(&source("loud")) && hall.takes(&source("quiet")));
    }

    #[test]
    fn many_loud_sources_fill_the_house_and_a_quiet_one_has_the_next_turn() {
        let count = SIGNALS_UNDER_WAY_MAX / SIGNALS_UNDER_WAY_OF_ONE_MAX;
        let loud: Vec<String> = (0..count).map(|number| format!("loud{number}")).collect();
        let full: Vec<(&str, usize)> =
            loud.iter().map(|name| (name.as_str(), SIGNALS_UNDER_WAY_OF_ONE_MAX)).collect();
        let mut hall = hall(&full);
        assert_eq!(hall.inside_count, SIGNALS_UNDER_WAY_MAX);
        for number in 0..1_000 {
            hall.wait(&source("loud0"), number).expect("it may wait");
        }
        assert!(!hall.takes(&source("quiet")));
        hall.wait(&source("quiet"), 7).expect("it may wait");
        assert_eq!(names(hall.leave(&source("loud1"), |_| true)), ["quiet 7"]);
        assert_eq!(names(hall.leave(&source("loud0"), |_| true)), ["loud0 0"]);
        assert_eq!(hall.inside_count, SIGNALS_UNDER_WAY_MAX);
    }

    #[test]
    fn a_source_waits_for_its_own() {
        let mut hall = hall(&[("a", SIGNALS_UNDER_WAY_OF_ONE_MAX)]);
        hall.wait(&source("a"), 1).expect("it may wait");
        hall.inside.insert(source("a"), 0);
        assert!(!hall.takes(&source("a")), "another was there before");
    }

    #[test]
    fn who_has_given_up_is_passed_over() {
        let mut hall = hall(&[("a", SIGNALS_UNDER_WAY_OF_ONE_MAX)]);
        for number in 1..=3 {
            hall.wait(&source("a"), number).expect("it may wait");
        }
        assert_eq!(names(hall.leave(&source("a"), |number| *number > 2)), ["a 3"]);
        assert!(hall.waiting.is_empty());
    }

    #[test]
    fn so_many_wait_and_no_more() {
        let mut hall = hall(&[]);
        for number in 0..u32::try_from(SIGNALS_WAITING_OF_ONE_MAX).expect("a small number") {
            hall.wait(&source("loud"), number).expect("it may wait");
        }
        assert_eq!(hall.wait(&source("loud"), 0), Err(Crowded));
        assert_eq!(hall.wait(&source("quiet"), 0), Ok(()));
    }

    #[tokio::test]
    async fn a_place_that_is_left_goes_to_the_next_and_to_nobody_who_has_gone() {
        let admission = Admission::default();
        let mut places = full(&admission).await;
        let waits = || {
            let admission = admission.clone();
            tokio::spawn(async move { admission.enter(&source("a")).await })
        };
        let (gone, next) = (waits(), waits());
        while admission.waiting_count() < 2 {
            tokio::task::yield_now().await;
        }
        assert!(admission.enter(&source("b")).await.is_ok(), "another source goes in at once");
        gone.abort();
        assert!(gone.await.is_err());
        places.pop();
        assert!(next.await.expect("it does not panic").is_ok());
        assert_eq!(admission.waiting_count(), 0);
        drop(places);
        assert_eq!(admission.hall().inside_count, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_is_turned_away() {
        let admission = Admission::default();
        let places = full(&admission).await;
        assert_eq!(admission.enter(&source("a")).await.err(), Some(Crowded));
        drop(places);
        assert!(admission.enter(&source("a")).await.is_ok());
    }

    /// As many places as one source may have.
    async fn full(admission: &Admission) -> Vec<Place> {
        let mut places = Vec::new();
        for _ in 0..SIGNALS_UNDER_WAY_OF_ONE_MAX {
            places.push(admission.enter(&source("a")).await.expect("a place"));
        }
        places
    }
}

//! The conservation ledger: what was accepted, and what became of it, counted twice.
//!
//! ```text
//! accepted (the log, and what sources were told)  =  paged + joined + re-routed + held + … + waiting (the alerts' states)
//! ```
//!
//! One side is what was *accepted*: every problem that the log's records begin, and every signal of which its source
//! was told that it is taken ([`Claims`]). The other is where all of it *is*, by the states of the alerts as whoever
//! acts on them has them. Neither side is made from the other, so that they can differ: when something was answered and
//! not written, or stands in the log and nobody acts on it, or somebody acts on what is not written.
//!
//! Both sides hear of each alert soon after one another, and from different rooms. An alert of which one side knows more
//! is *under way* for a moment, and a difference when the side that is behind does not follow for [`DIFFERS_AFTER`].
//! Nothing is walked through but what is under way.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use events::event::alert::{AlertEvent, Occasion};
use events::{AlertId, Position, Span, Timestamp};

pub use claims::{CLAIMS_MAX, Claim, Claims, Judged, Lost, Pending};
pub use whereabouts::{Sums, Tally, Whereabouts};

mod claims;
#[cfg(test)]
mod tests;
mod whereabouts;

/// For so long one side may know more of an alert than the other: longer than a busy house takes, shorter than anybody
/// should wait who is lost.
pub const DIFFERS_AFTER: Span = Span::from_seconds(30);

/// After so long it is a difference even while the views are behind the log: then it is they that stand still.
pub const DIFFERS_AT_LAST: Span = Span::from_minutes(5);

/// What the log says of an alert that nobody acts on is looked at again after this long, which may mend it.
pub const LOOKED_AT_AFTER: Span = Span::from_seconds(10);

/// Whoever looks and has not looked for so long has stood still, and so have the sides: they have their time anew.
pub const STOOD_STILL: Span = Span::from_seconds(15);

/// So many alerts that are over are remembered, for signals that were answered just before.
pub const OVER_KEPT_MAX: usize = 65_536;

/// So many differences are named; all are counted.
pub const NAMED_MAX: usize = 100;

/// What one side knows of an alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Side {
    problems: u32,
    is_over: bool,
}

impl Side {
    const fn of(tally: &Tally) -> Self {
        Self { problems: tally.problems, is_over: tally.is_over }
    }

    /// This side knows more than that one.
    const fn is_ahead_of(self, other: Self) -> bool {
        self.problems > other.problems || self.is_over && !other.is_over
    }
}

/// An alert of which the sides know different things.
#[derive(Clone, Copy, Debug)]
struct Apart {
    written: Side,
    acted: Side,
    written_at: Timestamp,
    acted_at: Timestamp,
    /// The end of the log then: while the views have not come so far, they cannot know.
    newest: Position,
    is_looked_at: bool,
}

impl Apart {
    /// Since when the side that is behind has not moved.
    fn since(&self) -> Timestamp {
        if self.written.is_ahead_of(self.acted) { self.acted_at } else { self.written_at }
    }

    /// For how many problems it stands.
    fn count(&self) -> u64 {
        u64::from(self.written.problems.abs_diff(self.acted.problems).max(1))
    }
}

/// When it is, and up to where the log goes as far as anybody knows.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    /// The present moment.
    pub now: Timestamp,
    /// The newest record that was written.
    pub newest: Position,
}

/// The two sides, and what they do not agree about.
#[derive(Debug, Default)]
pub struct Ledger {
    open: HashMap<AlertId, u32>,
    begun: u64,
    over: VecDeque<AlertId>,
    over_known: HashSet<AlertId>,
    over_count: u64,
    sums: Sums,
    /// What is not over and of which nobody on call is known to have heard, oldest first.
    unpaged: BTreeMap<Whereabouts, BTreeSet<(Timestamp, AlertId)>>,
    /// What is not over and holds several problems, and how many.
    groups: BTreeMap<AlertId, u32>,
    apart: BTreeMap<AlertId, Apart>,
    set_aside: HashSet<AlertId>,
    looked_at: Timestamp,
    /// Since when somebody has looked without a pause.
    steady_since: Timestamp,
}

/// A difference, by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// A source was told that its signal is taken, and the log does not have it.
    NotWritten(Lost),
    /// The log has it, and nobody acts on it.
    NotActedOn(AlertId),
    /// Somebody acts on it, and the log does not have it.
    ActedOnOnly(AlertId),
}

/// The ledger at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Every problem that was accepted since the log began.
    pub accepted: u64,
    /// What became of them.
    pub sums: Sums,
    /// Problems of which one side does not know yet.
    pub under_way: u64,
    /// Problems that are unaccounted for; 0 when the ledger agrees.
    pub difference: u64,
    /// They by name, [`NAMED_MAX`] at most.
    pub differences: Vec<Difference>,
    /// What waits longest, and since when.
    pub longest_wait: Option<(AlertId, Timestamp)>,
}

impl Ledger {
    /// A problem began, joined or an alert is over, as a record says.
    pub fn wrote(&mut self, alert: AlertId, event: &AlertEvent, stamp: Stamp) {
        if self.set_aside.contains(&alert) {
            return;
        }
        if let Some((before, after)) = self.write(alert, event) {
            self.moved(alert, stamp, before, |apart| {
                apart.written = after;
                apart.written_at = stamp.now;
            });
        }
    }

    /// The same while the house starts, and nobody acts on anything yet.
    pub fn recover(&mut self, alert: AlertId, event: &AlertEvent) {
        self.write(alert, event);
    }

    fn write(&mut self, alert: AlertId, event: &AlertEvent) -> Option<(Side, Side)> {
        let before = self.open.get(&alert).copied();
        let side = |problems| Side { problems, is_over: false };
        match event {
            AlertEvent::Raised(raised) if raised.occasion == Occasion::Problem => {}
            AlertEvent::SymptomJoined(_) => {}
            AlertEvent::Resolved { .. } => {
                let problems = self.open.remove(&alert)?;
                self.is_over(alert);
                return Some((side(problems), Side { problems, is_over: true }));
            }
            _ => return None,
        }
        let problems = before.unwrap_or_default().saturating_add(1);
        self.open.insert(alert, problems);
        self.begun += 1;
        Some((side(before.unwrap_or_default()), side(problems)))
    }

    fn is_over(&mut self, alert: AlertId) {
        self.over_count += 1;
        self.over.push_back(alert);
        self.over_known.insert(alert);
        if self.over.len() > OVER_KEPT_MAX
            && let Some(oldest) = self.over.pop_front()
        {
            self.over_known.remove(&oldest);
        }
    }

    /// An alert counts for something else than `before`, as whoever acts on it says.
    pub fn acts(&mut self, alert: AlertId, before: Option<&Tally>, after: &Tally, stamp: Stamp) {
        if self.set_aside.contains(&alert) {
            return;
        }
        if let Some(before) = before {
            self.strike(alert, before);
        }
        self.enter(alert, after);
        let before = before.map(Side::of).unwrap_or_default();
        let after = Side::of(after);
        self.moved(alert, stamp, before, |apart| {
            apart.acted = after;
            apart.acted_at = stamp.now;
        });
    }

    /// An alert was set aside, as the operators were told.
    pub fn sets_aside(&mut self, alert: AlertId, before: Option<&Tally>, raised_at: Timestamp) {
        if !self.set_aside.insert(alert) {
            return;
        }
        if let Some(before) = before {
            self.strike(alert, before);
        }
        self.apart.remove(&alert);
        // What could not be read of it may have been its beginning.
        let problems = *self.open.entry(alert).or_insert_with(|| {
            self.begun += 1;
            1
        });
        let whereabouts = Whereabouts::SetAside;
        self.enter(alert, &Tally { problems, whereabouts, is_over: false, raised_at });
    }

    /// Whoever acts on alerts begins anew, with these; `rested` is what is over. To be told once the log's side is as
    /// far as they are.
    pub fn acts_anew(&mut self, tallies: &HashMap<AlertId, Tally>, rested: Sums, stamp: Stamp) {
        let set_aside: Vec<AlertId> = self.set_aside.drain().collect();
        self.sums = rested;
        self.unpaged.clear();
        self.groups.clear();
        self.apart.clear();
        for (alert, tally) in tallies {
            self.enter(*alert, tally);
        }
        let unknown = self.open.keys().filter(|alert| !tallies.contains_key(alert));
        let alerts: Vec<AlertId> = tallies.keys().chain(unknown).copied().collect();
        for alert in alerts {
            let acted = tallies.get(&alert).map(Side::of).unwrap_or_default();
            let written = self.open.get(&alert).map(|&problems| Side { problems, is_over: false });
            // Of what is over the log's side does not remember how much it was.
            let written = written.unwrap_or(Side { is_over: true, ..acted });
            if acted != written {
                let Stamp { now, newest } = stamp;
                let apart =
                    Apart { written, acted, written_at: now, acted_at: now, newest, is_looked_at: false };
                self.apart.insert(alert, apart);
            }
        }
        for alert in set_aside {
            self.sets_aside(alert, tallies.get(&alert), stamp.now);
        }
    }

    fn enter(&mut self, alert: AlertId, tally: &Tally) {
        self.sums.add(tally);
        if tally.is_over {
            return;
        }
        if tally.whereabouts != Whereabouts::Paged {
            self.unpaged.entry(tally.whereabouts).or_default().insert((tally.raised_at, alert));
        }
        if tally.problems > 1 {
            self.groups.insert(alert, tally.problems);
        }
    }

    fn strike(&mut self, alert: AlertId, tally: &Tally) {
        self.sums.take_away(tally);
        if let Some(bucket) = self.unpaged.get_mut(&tally.whereabouts) {
            bucket.remove(&(tally.raised_at, alert));
        }
        if tally.problems > 1 {
            self.groups.remove(&alert);
        }
    }

    /// One side knows something else. While nothing is under way about an alert, the sides agree: both were `before`.
    fn moved(&mut self, alert: AlertId, stamp: Stamp, before: Side, change: impl FnOnce(&mut Apart)) {
        let Stamp { now, newest } = stamp;
        let agreed = Apart {
            written: before,
            acted: before,
            written_at: now,
            acted_at: now,
            newest,
            is_looked_at: false,
        };
        let mut apart = self.apart.remove(&alert).unwrap_or(agreed);
        change(&mut apart);
        apart.newest = newest;
        if apart.written != apart.acted {
            self.apart.insert(alert, apart);
        }
    }

    /// True when the log began this alert, as far as is remembered of what is over.
    fn knows(&self, alert: AlertId) -> bool {
        self.open.contains_key(&alert) || self.over_known.contains(&alert)
    }

    /// For how long something lasts that began then, as far as the house did not stand still.
    fn age(&self, since: Timestamp, now: Timestamp) -> Span {
        now.since(since.max(self.steady_since))
    }

    /// Somebody looks.
    pub fn look(&mut self, now: Timestamp) {
        if now.since(self.looked_at) >= STOOD_STILL {
            self.steady_since = now;
        }
        self.looked_at = now;
    }

    fn is_different(&self, apart: &Apart, now: Timestamp, folded: Position) -> bool {
        let age = self.age(apart.since(), now);
        age >= DIFFERS_AT_LAST || age >= DIFFERS_AFTER && folded >= apart.newest
    }

    /// Alerts that the log has and of which nobody seems to know, each once: whoever acts on alerts is to look at them.
    pub fn forgotten(&mut self, now: Timestamp, folded: Position) -> Vec<AlertId> {
        let mut forgotten = Vec::new();
        let steady_since = self.steady_since;
        for (alert, apart) in &mut self.apart {
            let is_forgotten = apart.written.is_ahead_of(apart.acted)
                && !apart.is_looked_at
                && folded >= apart.newest
                && now.since(apart.since().max(steady_since)) >= LOOKED_AT_AFTER;
            if is_forgotten && forgotten.len() < NAMED_MAX {
                apart.is_looked_at = true;
                forgotten.push(*alert);
            }
        }
        forgotten
    }

    /// How it stands. `folded` is up to where the log's side knows it.
    pub fn read(&self, claims: &Claims, now: Timestamp, folded: Position) -> Reading {
        let lost = claims.lost_count();
        let mut differences: Vec<Difference> =
            claims.lost().take(NAMED_MAX).cloned().map(Into::into).collect();
        let (mut ahead, mut behind, mut different, mut known) = (0, 0, lost, 0_i128);
        for (alert, apart) in &self.apart {
            let by = i128::from(apart.written.problems) - i128::from(apart.acted.problems);
            known += by;
            if !self.is_different(apart, now, folded) {
                let by_count = u64::from(apart.written.problems.abs_diff(apart.acted.problems));
                *if by > 0 { &mut ahead } else { &mut behind } += by_count;
                continue;
            }
            different += apart.count();
            if differences.len() < NAMED_MAX {
                differences.push(if apart.written.is_ahead_of(apart.acted) {
                    Difference::NotActedOn(*alert)
                } else {
                    Difference::ActedOnOnly(*alert)
                });
            }
        }
        // What no single alert explains.
        let unnamed = i128::from(self.begun) - i128::from(self.sums.total()) - known;
        let difference = different + u64::try_from(unnamed.unsigned_abs()).unwrap_or(u64::MAX);
        Reading {
            accepted: self.begun + lost + behind,
            sums: self.sums,
            under_way: ahead,
            difference,
            differences,
            longest_wait: self.in_bucket(Whereabouts::Waiting).next(),
        }
    }

    /// The alerts that are not over and are counted so, the oldest first. None for what was paged, which are all others.
    pub fn in_bucket(&self, whereabouts: Whereabouts) -> impl Iterator<Item = (AlertId, Timestamp)> {
        self.unpaged.get(&whereabouts).into_iter().flatten().map(|(since, alert)| (*alert, *since))
    }

    /// The alerts that are not over and hold several problems, and how many.
    pub fn groups(&self) -> impl Iterator<Item = (AlertId, u32)> {
        self.groups.iter().map(|(alert, problems)| (*alert, *problems))
    }

    /// True while both sides agree about every alert at this very moment.
    pub fn is_settled(&self) -> bool {
        self.apart.is_empty()
    }
}

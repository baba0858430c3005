//! What is known of every alert that is not over: which symptom it is about, when it is due, whether it is paging.
//! Small, since there may be a hundred thousand of them.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::alert::{Alert, Phase};
use domain::ledger::Tally;
use events::mutant::{self, Mutant};
use events::{AlertId, SymptomId, Timestamp};

use super::Groups;
use super::flood::{FLOOD_KEY, Floods};
use crate::alert::{Stage, Standing};

/// The index.
#[derive(Debug, Default)]
pub struct Index {
    symptoms: HashMap<SymptomId, u32>,
    standings: HashMap<AlertId, Standing>,
    deadlines: BTreeSet<(Timestamp, AlertId)>,
    quarantined: HashSet<AlertId>,
    /// New ones that have counted for nothing in the ledger yet.
    uncounted: HashSet<AlertId>,
    groups: Groups,
    floods: Floods,
}

impl Index {
    /// The alert that is open about this symptom.
    pub fn open_alert(&self, symptom: SymptomId) -> Option<AlertId> {
        let own = self.symptoms.get(&symptom).map(|&ordinal| AlertId { symptom, ordinal });
        own.or_else(|| self.groups.host(symptom))
    }

    /// Which problems go to other problems' alerts.
    pub(super) const fn groups(&mut self) -> &mut Groups {
        &mut self.groups
    }

    /// Which sources say more than anybody could look at.
    pub(super) const fn floods(&mut self) -> &mut Floods {
        &mut self.floods
    }

    /// When the earliest deadline of all has come, or the first flood may be over.
    pub fn next(&self) -> Option<Timestamp> {
        self.earliest().into_iter().chain(self.floods.next()).min()
    }

    /// Takes in from the log which problems have joined an alert, whether more may, and whether it is a flood.
    pub fn recover(&mut self, id: AlertId, alert: &Alert, now: Timestamp) {
        let is_over = matches!(alert.phase(), Phase::Resolved { .. });
        let flood = alert.subject().filter(|subject| subject.dedup_key.as_str() == FLOOD_KEY && !is_over);
        if let Some(subject) = flood {
            self.floods.recover(subject.source.clone(), now);
        }
        let service = alert.subject().and_then(|subject| subject.assignment.as_ref());
        if let Some((assignment, group)) = service.zip(alert.open_group()) {
            self.groups.recover(assignment.service.clone(), id, group);
        }
        for symptom in alert.joined_symptoms().filter(|_| !is_over) {
            self.groups.guest(symptom, id);
        }
    }

    /// Signals of the alert's symptom go to this alert from now on.
    pub fn begin(&mut self, alert: AlertId) {
        self.symptoms.insert(alert.symptom, alert.ordinal);
    }

    /// This alert has no history: it has counted for nothing in the ledger.
    pub fn is_new(&mut self, alert: AlertId) {
        self.uncounted.insert(alert);
    }

    /// Takes in how an alert stands. Says what it counted for in the ledger and what it counts for, when that changed.
    pub fn stands(&mut self, alert: AlertId, mut standing: Standing) -> Option<(Option<Tally>, Tally)> {
        let known = self.standings.get(&alert);
        let before = known.and_then(|standing| standing.deadline);
        let counted = known.and_then(|standing| standing.tally);
        let is_new = self.uncounted.contains(&alert);
        if standing.tally.is_some() || standing.stage == Stage::Unraised {
            self.uncounted.remove(&alert);
        }
        // What is over and not known any more was counted when it was.
        let is_counted = counted.is_none() && !is_new && standing.tally.is_some_and(|tally| tally.is_over);
        standing.tally = standing.tally.or(counted);
        if let Some(deadline) = before.filter(|_| before != standing.deadline) {
            self.deadlines.remove(&(deadline, alert));
        }
        let forgotten = standing.stage == Stage::Quiet && mutant::is_on(Mutant::ForgetQuietDeadlines);
        if let Some(deadline) = standing.deadline.filter(|_| !forgotten) {
            self.deadlines.insert((deadline, alert));
        }
        let is_over = matches!(standing.stage, Stage::Over | Stage::Unraised);
        if is_over {
            self.groups.end(alert);
        } else if !standing.takes_more {
            self.groups.close(alert);
        }
        if is_over && self.symptoms.get(&alert.symptom) == Some(&alert.ordinal) {
            self.symptoms.remove(&alert.symptom);
        }
        if !is_over {
            self.symptoms.insert(alert.symptom, alert.ordinal);
        }
        if is_over && standing.deadline.is_none() {
            self.standings.remove(&alert);
        } else {
            self.standings.insert(alert, standing);
        }
        let changed = standing.tally.filter(|tally| counted.as_ref() != Some(tally) && !is_counted);
        changed.map(|after| (counted, after))
    }

    /// What every alert counts for that is not at rest.
    pub fn tallies(&self) -> HashMap<AlertId, Tally> {
        self.standings.iter().filter_map(|(alert, standing)| Some((*alert, standing.tally?))).collect()
    }

    /// The earliest deadline of all.
    pub fn earliest(&self) -> Option<Timestamp> {
        self.deadlines.first().map(|&(deadline, _)| deadline)
    }

    /// Takes out the alerts that are due, earliest first, at most `count_max`. Each says anew when it is due next.
    pub fn take_due(&mut self, now: Timestamp, count_max: usize) -> Vec<AlertId> {
        let mut due = Vec::new();
        while due.len() < count_max
            && let Some(&(deadline, alert)) = self.deadlines.first()
            && deadline <= now
        {
            self.deadlines.remove(&(deadline, alert));
            if let Some(standing) = self.standings.get_mut(&alert) {
                standing.deadline = None;
            }
            due.push(alert);
        }
        due
    }

    /// Every alert whose business a change of the configuration may be, whoever is due first before the others.
    pub fn following(&self) -> Vec<AlertId> {
        let follows = |(alert, standing): (&AlertId, &Standing)| standing.follows_changes.then_some(*alert);
        let mut following: Vec<AlertId> = self.standings.iter().filter_map(follows).collect();
        self.sort_by_deadline(&mut following);
        following
    }

    /// Whoever is due first comes first; whoever waits for nothing comes last.
    pub fn sort_by_deadline(&self, alerts: &mut [AlertId]) {
        alerts.sort_unstable_by_key(|alert| {
            let deadline = self.standings.get(alert).and_then(|standing| standing.deadline);
            (deadline.is_none(), deadline, *alert)
        });
    }

    /// Sets an alert aside: nothing is given to it any more. The next signal of its symptom begins a new one.
    pub fn quarantine(&mut self, alert: AlertId) {
        self.stands(alert, Standing::nothing(Stage::Over));
        self.quarantined.insert(alert);
    }

    /// True for an alert that was set aside.
    pub fn is_quarantined(&self, alert: AlertId) -> bool {
        self.quarantined.contains(&alert)
    }

    /// How an alert stands; none when it is over or was never there.
    pub fn standing(&self, alert: AlertId) -> Option<Standing> {
        self.standings.get(&alert).copied()
    }

    /// How many alerts it knows.
    pub fn len(&self) -> usize {
        self.standings.len()
    }

    /// True when it knows none.
    pub fn is_empty(&self) -> bool {
        self.standings.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use domain::ledger::Whereabouts;

    use super::*;

    fn alert(name: &str) -> AlertId {
        AlertId { symptom: SymptomId::derive(&"s".into(), &name.into()), ordinal: 1 }
    }

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros)
    }

    #[test]
    fn what_is_due_is_taken_once_and_in_order() {
        let mut index = Index::default();
        for (name, deadline) in [("b", 20), ("a", 10), ("c", 30)] {
            index.stands(alert(name), Standing::again(at(deadline)));
        }
        assert_eq!(index.earliest(), Some(at(10)));
        assert_eq!(index.take_due(at(20), 10), [alert("a"), alert("b")]);
        assert_eq!(index.take_due(at(20), 10), []);
        index.stands(alert("a"), Standing::again(at(15)));
        assert_eq!(index.take_due(at(20), 10), [alert("a")]);
    }

    #[test]
    fn a_moved_deadline_leaves_nothing_behind() {
        let mut index = Index::default();
        index.stands(alert("a"), Standing::again(at(10)));
        index.stands(alert("a"), Standing { stage: Stage::Quiet, ..Standing::again(at(99)) });
        assert_eq!(index.take_due(at(50), 10), []);
        index.stands(alert("a"), Standing::nothing(Stage::Over));
        assert_eq!(index.earliest(), None);
        assert!(index.is_empty());
        assert_eq!(index.open_alert(alert("a").symptom), None);
    }

    #[test]
    fn an_alert_that_is_over_but_still_recalls_keeps_its_deadline_and_not_its_symptom() {
        let mut index = Index::default();
        index.begin(alert("a"));
        index.stands(alert("a"), Standing { stage: Stage::Over, ..Standing::again(at(10)) });
        assert_eq!(index.open_alert(alert("a").symptom), None);
        assert_eq!(index.take_due(at(10), 10), [alert("a")]);
    }

    #[test]
    fn what_is_over_counts_once_also_when_it_began_and_ended_in_one_step_or_the_log_refused() {
        let over = Tally { problems: 1, whereabouts: Whereabouts::Over, is_over: true, raised_at: at(1) };
        let over = Standing { tally: Some(over), ..Standing::nothing(Stage::Over) };
        let mut index = Index::default();
        index.is_new(alert("a"));
        assert_eq!(index.stands(alert("a"), Standing::again(at(10))), None, "the log refused");
        assert!(index.stands(alert("a"), over).is_some_and(|(before, _)| before.is_none()));
        assert_eq!(index.stands(alert("a"), over), None, "something came too late");
        assert_eq!(index.stands(alert("a"), Standing::again(at(20))), None, "the log refused that");
        assert_eq!(index.stands(alert("a"), over), None);
    }

    #[test]
    fn what_is_set_aside_is_given_nothing_and_its_symptom_is_free_again() {
        let mut index = Index::default();
        index.stands(alert("a"), Standing::again(at(10)));
        index.quarantine(alert("a"));
        assert!(index.is_quarantined(alert("a")));
        assert_eq!(index.open_alert(alert("a").symptom), None);
        assert_eq!(index.take_due(at(99), 10), []);
    }
}

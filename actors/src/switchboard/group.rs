//! Which alerts take in more problems now, and which problems belong to another's alert.

use std::collections::HashMap;

use domain::alert::limit::SYMPTOMS_MAX;
use domain::alert::symptoms::OpenGroup;
use events::{AlertId, ServiceId, Span, SymptomId, Timestamp};

/// The groups of all services. What is in here is what was given to alerts, also what they have not written yet: of many
/// problems that come at once, the first begins the group and the others follow it.
#[derive(Debug, Default)]
pub struct Groups {
    open: HashMap<ServiceId, Open>,
    services: HashMap<AlertId, ServiceId>,
    hosts: HashMap<SymptomId, AlertId>,
    guests: HashMap<AlertId, Vec<SymptomId>>,
}

#[derive(Debug)]
struct Open {
    alert: AlertId,
    group: OpenGroup,
}

impl Groups {
    /// The alert that a symptom has joined.
    pub fn host(&self, symptom: SymptomId) -> Option<AlertId> {
        self.hosts.get(&symptom).copied()
    }

    /// The alert that a new problem of the service joins, when it comes within so long of the last one.
    pub fn open(&self, service: &ServiceId, within: Span, now: Timestamp) -> Option<AlertId> {
        let Open { alert, group } = self.open.get(service)?;
        let is_open =
            now.since(group.last_joined_at) <= within.min(group.within) && group.count < SYMPTOMS_MAX;
        is_open.then_some(*alert)
    }

    /// Further problems of the service join this alert from now on.
    pub fn begin(&mut self, service: ServiceId, alert: AlertId, group: OpenGroup) {
        if let Some(before) = self.open.insert(service.clone(), Open { alert, group }) {
            self.services.remove(&before.alert);
        }
        self.services.insert(alert, service);
    }

    /// The same as the log tells it: of a service's groups, the one that the last problem joined is open.
    pub fn recover(&mut self, service: ServiceId, alert: AlertId, group: OpenGroup) {
        let key = |alert: AlertId, group: &OpenGroup| (group.last_joined_at, alert);
        let later =
            self.open.get(&service).is_some_and(|open| key(open.alert, &open.group) > key(alert, &group));
        if !later {
            self.begin(service, alert, group);
        }
    }

    /// A problem belongs to an alert.
    pub fn guest(&mut self, symptom: SymptomId, host: AlertId) {
        if self.hosts.insert(symptom, host) != Some(host) {
            self.guests.entry(host).or_default().push(symptom);
        }
    }

    /// A problem joins an alert.
    pub fn join(&mut self, symptom: SymptomId, host: AlertId, now: Timestamp) {
        self.guest(symptom, host);
        let of_host = self.services.get(&host).and_then(|service| self.open.get_mut(service));
        if let Some(open) = of_host {
            open.group.last_joined_at = now;
            open.group.count += 1;
        }
    }

    /// A problem did not join the alert after all.
    pub fn leave(&mut self, symptom: SymptomId, host: AlertId) {
        if self.hosts.get(&symptom) == Some(&host) {
            self.hosts.remove(&symptom);
        }
    }

    /// The alert takes in no more problems.
    pub fn close(&mut self, alert: AlertId) {
        if let Some(service) = self.services.remove(&alert) {
            self.open.remove(&service);
        }
    }

    /// The alert is over, and so is all that had joined it.
    pub fn end(&mut self, alert: AlertId) {
        self.close(alert);
        for symptom in self.guests.remove(&alert).unwrap_or_default() {
            self.leave(symptom, alert);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITHIN: Span = Span::from_minutes(5);

    fn at(seconds: u64) -> Timestamp {
        Timestamp::default() + Span::from_seconds(seconds)
    }

    fn symptom(name: &str) -> SymptomId {
        SymptomId::derive(&"prometheus".into(), &name.into())
    }

    fn alert(name: &str) -> AlertId {
        AlertId { symptom: symptom(name), ordinal: 1 }
    }

    fn begun(count: usize) -> Groups {
        let mut groups = Groups::default();
        groups.begin("shop".into(), alert("a"), OpenGroup { within: WITHIN, last_joined_at: at(0), count });
        groups
    }

    #[test]
    fn each_problem_that_joins_keeps_the_group_open() {
        let mut groups = begun(1);
        assert_eq!(groups.open(&"shop".into(), WITHIN, at(301)), None);
        assert_eq!(groups.open(&"shop".into(), WITHIN, at(300)), Some(alert("a")));
        groups.join(symptom("b"), alert("a"), at(300));
        assert_eq!(groups.open(&"shop".into(), WITHIN, at(600)), Some(alert("a")));
        assert_eq!(groups.open(&"mail".into(), WITHIN, at(600)), None);
        assert_eq!(groups.host(symptom("b")), Some(alert("a")));
    }

    #[test]
    fn a_full_group_takes_nobody() {
        let mut groups = begun(SYMPTOMS_MAX - 1);
        groups.join(symptom("b"), alert("a"), at(1));
        assert_eq!(groups.open(&"shop".into(), WITHIN, at(1)), None);
    }

    #[test]
    fn what_had_joined_an_alert_that_is_over_is_nobodys() {
        let mut groups = begun(1);
        groups.join(symptom("b"), alert("a"), at(1));
        groups.join(symptom("b"), alert("a"), at(2));
        groups.end(alert("a"));
        assert_eq!(groups.host(symptom("b")), None);
        assert_eq!(groups.open(&"shop".into(), WITHIN, at(2)), None);
        assert!(groups.guests.is_empty() && groups.services.is_empty() && groups.open.is_empty());
    }

    #[test]
    fn an_older_group_that_closes_leaves_its_successor_open() {
        let mut groups = begun(1);
        groups.begin(
            "shop".into(),
            alert("c"),
            OpenGroup { within: WITHIN, last_joined_at: at(9), count: 1 },
        );
        groups.close(alert("a"));
        assert_eq!(groups.open(&"shop".into(), WITHIN, at(9)), Some(alert("c")));
    }

    #[test]
    fn what_left_for_another_group_is_not_taken_from_it() {
        let mut groups = begun(1);
        groups.join(symptom("b"), alert("a"), at(1));
        groups.leave(symptom("b"), alert("a"));
        groups.join(symptom("b"), alert("c"), at(1));
        groups.end(alert("a"));
        assert_eq!(groups.host(symptom("b")), Some(alert("c")));
    }
}

//! The small house that the tests ask: three people, a policy, a service, and a clock that stands where a test puts it.

use std::sync::Arc;

use events::event::Language;
use events::event::alert::Way;
use events::event::outcome::{Outcome, Reason};
use events::event::person::{ChannelKind, ContactMethod, PersonDefined, PersonEvent, Rung};
use events::event::policy::{PolicyDefined, PolicyEvent, Step, Target};
use events::event::routes::{Route, RoutesEvent, When};
use events::event::service::{ServiceDefined, ServiceEvent};
use events::event::signal::{Severity, Signal, Status};
use events::event::team::{Handovers, TeamDefined, TeamEvent};
use events::{
    AlertId, Author, BootId, Cause, Entry, Event, EventId, KeyOwner, PersonId, Position, Sealed, Span,
    StreamId, SymptomId, Timestamp, Version,
};

use super::super::{Alert, AttemptState, Command, Here, Order, Phase, Refusal, SignalOrder};
use crate::aggregate::Aggregate;
use crate::directory::Directory;
use crate::port::{Dispatch, Errand, Report};
use crate::providers::Providers;
use crate::view::Reached;

pub(super) const ANNA: PersonId = PersonId::from_bytes([1; 16]);
pub(super) const BERND: PersonId = PersonId::from_bytes([2; 16]);
pub(super) const CALLUM: PersonId = PersonId::from_bytes([3; 16]);

/// A house with one alert in it, whose clock stands where the test puts it.
pub(super) struct House {
    pub(super) alert: Alert,
    pub(super) reached: Reached,
    pub(super) directory: Directory,
    pub(super) position: u64,
    pub(super) now: Timestamp,
    pub(super) here: Here,
    pub(super) providers: Arc<Providers>,
    pub(super) sent: Vec<Dispatch>,
}

impl House {
    /// Anna by push at once, twice by SMS after 2 min, by pager after 6 min; then Bernd by push; then the team.
    pub(super) fn new() -> Self {
        let mut house = Self {
            alert: Alert::default(),
            reached: Reached::default(),
            directory: Directory::default(),
            position: 0,
            now: Timestamp::from_micros(1_795_317_000_000_000),
            here: Here { node: "a".into(), boot: BootId(1) },
            providers: Arc::default(),
            sent: Vec::new(),
        };
        for (person, name) in [(ANNA, "anna"), (BERND, "bernd"), (CALLUM, "callum")] {
            house.define(&person.stream(), PersonEvent::Defined(defined(person, name)));
        }
        let team = TeamDefined {
            name: "All".into(),
            members: vec![ANNA, BERND, CALLUM],
            time_zone: None,
            handovers: Handovers::Silent,
            lead: None,
            test_pages: None,
        };
        house.define(&"team-all".into(), TeamEvent::Defined(team));
        house.policy(vec![
            step(vec![Target::Person(ANNA)], 10),
            step(vec![Target::Person(BERND)], 10),
            step(vec![Target::Team("all".into())], 15),
        ]);
        let service = ServiceDefined {
            name: "Shop".into(),
            policy: "default".into(),
            runbook: None,
            reference_only: false,
            group_within: None,
            group_again_after: None,
        };
        house.define(&"service-shop".into(), ServiceEvent::Defined(service));
        let routes = vec![Route {
            when: When::default(),
            service: "shop".into(),
            severities: std::collections::BTreeMap::new(),
        }];
        house.define(&"routes-all".into(), RoutesEvent::Defined(routes));
        house
    }

    pub(super) fn policy(&mut self, steps: Vec<Step>) {
        let policy = PolicyDefined {
            steps,
            repeat: 1,
            fallback: vec![Target::Person(CALLUM)],
            acknowledgement_lapses: Some(Span::from_minutes(30)),
        };
        self.define(&"policy-default".into(), PolicyEvent::Defined(policy));
    }

    pub(super) fn define(&mut self, stream: &StreamId, event: impl Into<Event>) {
        self.position += 1;
        self.directory.apply(&Entry {
            position: Position::from_raw(self.position),
            stream: stream.clone(),
            version: Version(1),
            id: EventId([0; 16]),
            at: self.now,
            by: Author::House,
            cause: Cause::Deadline,
            directory: Position::START,
            event: event.into(),
        });
    }

    pub(super) fn raised() -> Self {
        let mut house = Self::new();
        house.ask(signal(Status::Firing, Severity::Critical, None));
        house
    }

    pub(super) fn ask(&mut self, order: Order) -> Vec<&'static str> {
        self.try_ask(order).expect("no refusal")
    }

    /// Asks, takes what follows into the alert, and checks what must hold after every step.
    pub(super) fn try_ask(&mut self, order: Order) -> Result<Vec<&'static str>, Refusal> {
        let command = Command { here: self.here.clone(), providers: Arc::clone(&self.providers), order };
        let events = self.alert.decide(&command, &self.directory, self.now)?;
        for event in &events {
            self.alert.evolve(event, self.now);
            self.reached.apply(alert(), event, self.now);
            self.sent.extend(self.alert.dispatch(event));
        }
        let deadline = self.alert.next_deadline_at(&self.here);
        assert!(deadline.is_none_or(|deadline| deadline > self.now), "overdue after a step: {events:?}");
        if matches!(self.alert.phase(), Phase::Open { .. }) {
            assert!(deadline.is_some(), "an open alert has a deadline");
        }
        self.check_reached();
        Ok(events.iter().map(|event| event.kind().trim_start_matches("alert.")).collect())
    }

    /// What is known to ring, and in which generation, is what the alert itself says.
    fn check_reached(&self) {
        let is_over = matches!(self.alert.phase(), Phase::Resolved { .. } | Phase::Unraised);
        let generation = (!is_over).then(|| self.alert.generation());
        assert_eq!(self.reached.generation(alert()), generation, "in which generation it is");
        let recalled = |attempt: u32| self.alert.recalls.iter().any(|recall| recall.attempt == attempt);
        let rings = |attempt: &&super::super::Attempt| match &attempt.state {
            AttemptState::Taken { receipt: Some(receipt), .. } => {
                receipt.rings_until.is_some_and(|until| until > self.now)
            }
            AttemptState::Taken { receipt: None, .. }
            | AttemptState::InFlight { .. }
            | AttemptState::Lost { .. } => false,
        };
        let ringing = self.alert.attempts.iter().filter(rings).map(|attempt| attempt.started.attempt);
        let mut ringing: Vec<u32> = ringing.filter(|&attempt| !recalled(attempt)).collect();
        let known = self.reached.ringing(self.now).flat_map(|(_, ringing)| ringing);
        let known = known.filter(|ringing| ringing.channel.rings());
        let mut known: Vec<u32> = known.map(|ringing| ringing.attempt.attempt).collect();
        ringing.sort_unstable();
        known.sort_unstable();
        assert_eq!(known, ringing, "what rings");
    }

    pub(super) fn pass(&mut self, seconds: u64) -> Vec<&'static str> {
        self.now = self.now + Span::from_seconds(seconds);
        self.ask(Order::Tick)
    }

    /// Lets time go by deadline by deadline, the provider taking everything.
    pub(super) fn live(&mut self, seconds: u64) {
        let until = self.now + Span::from_seconds(seconds);
        loop {
            self.answer_all(Outcome::Accepted);
            match self.alert.next_deadline().filter(|&deadline| deadline <= until) {
                Some(deadline) => {
                    self.now = deadline;
                    self.ask(Order::Tick);
                }
                None => break,
            }
        }
        self.now = until;
    }

    pub(super) fn in_flight(&self) -> Vec<u32> {
        let in_flight = |attempt: &&super::super::Attempt| attempt.is_in_flight();
        self.alert.attempts.iter().filter(in_flight).map(|attempt| attempt.started.attempt).collect()
    }

    pub(super) fn answer_all(&mut self, outcome: Outcome) {
        for attempt in self.in_flight() {
            self.answer(attempt, outcome);
        }
    }

    pub(super) fn answer(&mut self, attempt: u32, outcome: Outcome) -> Vec<&'static str> {
        self.ask(Order::ReportAttempt { attempt, report: Report::bare(outcome) })
    }

    /// Who was paged how since the last time somebody asked: `anna push`, `bernd push repeat`, …
    pub(super) fn pages(&mut self) -> Vec<String> {
        let told = self.sent.drain(..).map(|dispatch| match dispatch.errand {
            Errand::Recall { receipt } => {
                format!("{} recall {}", dispatch.address, receipt.as_deref().unwrap_or("by attempt"))
            }
            Errand::Page(notice) => {
                let repeat = if notice.repeat { " repeat" } else { "" };
                let late = notice.late.map(|late| format!(" late {late}")).unwrap_or_default();
                format!("{}{repeat}{late}", dispatch.address)
            }
        });
        told.collect()
    }
}

pub(super) fn defined(person: PersonId, name: &str) -> PersonDefined {
    let contact = |channel, way: &str| ContactMethod {
        channel,
        via: None,
        address: Sealed::new(KeyOwner::Person(person), format!("{name} {way}")),
    };
    let rung = |contact: &str, minutes, attempts| Rung {
        contact: contact.into(),
        after: Span::from_minutes(minutes),
        attempts,
        every: Span::from_minutes(2),
    };
    let all = [
        ("push".into(), contact(ChannelKind::PUSHOVER, "push")),
        ("sms".into(), contact(ChannelKind::SMS, "sms")),
        ("pager".into(), contact(ChannelKind::PAGER, "pager")),
    ];
    PersonDefined {
        slug: Sealed::new(KeyOwner::Person(person), name.into()),
        name: Sealed::new(KeyOwner::Person(person), name.into()),
        language: Language::En,
        time_zone: "Europe/Berlin".into(),
        contacts: all.into(),
        ladder: if name == "anna" {
            vec![rung("push", 0, 1), rung("sms", 2, 2), rung("pager", 6, 1)]
        } else {
            vec![rung("push", 0, 1)]
        },
    }
}

pub(super) fn step(page: Vec<Target>, minutes: u64) -> Step {
    Step { page, wait: Span::from_minutes(minutes), acknowledgements: 1, hand_over: None }
}

pub(super) fn alert() -> AlertId {
    AlertId { symptom: SymptomId::derive(&"prometheus".into(), &"k".into()), ordinal: 1 }
}

pub(super) fn signal(status: Status, severity: Severity, started_at: Option<Timestamp>) -> Order {
    let signal = Signal {
        status,
        summary: "disk full".into(),
        severity,
        labels: std::collections::BTreeMap::new(),
        details: std::collections::BTreeMap::new(),
        started_at,
        severity_said: None,
        finding: None,
    };
    let order = SignalOrder {
        alert: alert(),
        source: "prometheus".into(),
        dedup_key: "k".into(),
        signal,
        resolved_start: None,
        gathers: None,
    };
    Order::Signal(Box::new(order))
}

pub(super) fn acknowledge(person: PersonId) -> Order {
    Order::Acknowledge { by: Author::Person(person), way: Way::Link }
}

pub(super) const CONNECTION: Outcome = Outcome::Failed { reason: Reason::Connection, retry_after: None };
pub(super) const TIMEOUT: Outcome = Outcome::Unknown(Reason::Timeout);
pub(super) const REJECTED: Outcome = Outcome::Refused(Reason::Rejected);

//! The house that the model plays: one service, one policy, two people.

use domain::alert::{Order, SignalOrder};
use domain::directory::Directory;
use events::event::Language;
use events::event::alert::Way;
use events::event::person::{ChannelKind, ContactMethod, PersonDefined, PersonEvent, Rung};
use events::event::policy::{PolicyDefined, PolicyEvent, Step, Target};
use events::event::routes::{Route, RoutesEvent, When};
use events::event::service::{ServiceDefined, ServiceEvent};
use events::event::signal::{Severity, Signal, Status};
use events::{
    AlertId, Author, Cause, Entry, Event, EventId, KeyOwner, PersonId, Position, Sealed, Span, StreamId,
    SymptomId, Timestamp, Version,
};

use super::bounds::HouseKind;

/// The first moment.
pub const START: Timestamp = Timestamp::from_micros(1_795_317_000_000_000);

/// She is paged first.
pub const ANNA: PersonId = PersonId::from_bytes([1; 16]);

/// He is the fallback.
pub const BERND: PersonId = PersonId::from_bytes([2; 16]);

/// How long the one step waits before the fallback.
const STEP_WAIT: Span = Span::from_seconds(30);

/// An acknowledgement lapses after this long.
const LAPSE: Span = Span::from_seconds(20);

/// The configuration of such a house.
pub fn directory(kind: HouseKind) -> Directory {
    let mut directory = Directory::default();
    let mut position = 0;
    let mut define = |stream: StreamId, event: Event| {
        position += 1;
        directory.apply(&Entry {
            position: Position::from_raw(position),
            stream,
            version: Version(1),
            id: EventId([0; 16]),
            at: START,
            by: Author::House,
            cause: Cause::Deadline,
            directory: Position::START,
            event,
        });
    };
    let (anna, bernd) = match kind {
        HouseKind::Plain => (vec![rung("sms", 0, 1)], vec![rung("sms", 0, 1)]),
        HouseKind::Ringing => (vec![rung("push", 0, 2), rung("siren", 12, 1)], vec![rung("sms", 0, 1)]),
    };
    define(ANNA.stream(), PersonEvent::Defined(person(ANNA, "anna", anna)).into());
    define(BERND.stream(), PersonEvent::Defined(person(BERND, "bernd", bernd)).into());
    let policy = PolicyDefined {
        steps: vec![Step {
            page: vec![Target::Person(ANNA)],
            wait: STEP_WAIT,
            acknowledgements: 1,
            hand_over: None,
        }],
        repeat: 0,
        fallback: vec![Target::Person(BERND)],
        acknowledgement_lapses: Some(LAPSE),
    };
    define("policy-default".into(), PolicyEvent::Defined(policy).into());
    let service = ServiceDefined {
        name: "Shop".into(),
        policy: "default".into(),
        runbook: None,
        reference_only: false,
        group_within: None,
        group_again_after: None,
    };
    define("service-shop".into(), ServiceEvent::Defined(service).into());
    let routes = vec![Route {
        when: When::default(),
        service: "shop".into(),
        severities: std::collections::BTreeMap::new(),
    }];
    define("routes-all".into(), RoutesEvent::Defined(routes).into());
    directory
}

/// The signal that raises the alert.
pub fn signal() -> Order {
    let signal = Signal {
        status: Status::Firing,
        summary: "disk full".into(),
        severity: Severity::Critical,
        labels: std::collections::BTreeMap::new(),
        details: std::collections::BTreeMap::new(),
        started_at: None,
        severity_said: None,
        finding: None,
    };
    Order::Signal(Box::new(SignalOrder {
        alert: AlertId { symptom: SymptomId::derive(&"prometheus".into(), &"k".into()), ordinal: 1 },
        source: "prometheus".into(),
        dedup_key: "k".into(),
        signal,
        resolved_start: None,
        gathers: None,
    }))
}

/// Anna takes it.
pub fn acknowledgement() -> Order {
    Order::Acknowledge { by: Author::Person(ANNA), way: Way::Link }
}

fn rung(contact: &str, after: u64, attempts: u32) -> Rung {
    let every = Span::from_seconds(8);
    Rung { contact: contact.into(), after: Span::from_seconds(after), attempts, every }
}

fn person(person: PersonId, name: &str, ladder: Vec<Rung>) -> PersonDefined {
    let contact = |channel, way: &str| ContactMethod {
        channel,
        via: None,
        address: Sealed::new(KeyOwner::Person(person), format!("{name} {way}")),
    };
    let contacts = [
        ("push".into(), contact(ChannelKind::PUSHOVER, "push")),
        ("siren".into(), contact(ChannelKind::PUSHOVER, "siren")),
        ("sms".into(), contact(ChannelKind::SMS, "sms")),
    ];
    PersonDefined {
        slug: Sealed::new(KeyOwner::Person(person), name.into()),
        name: Sealed::new(KeyOwner::Person(person), name.into()),
        language: Language::En,
        time_zone: "Europe/Berlin".into(),
        contacts: contacts.into(),
        ladder,
    }
}

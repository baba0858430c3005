//! One example of every kind of event: for golden files, documentation and tests.

use std::collections::BTreeMap;

use crate::event::alert::{
    AlertEvent, Assignment, AttemptEnded, AttemptHeld, AttemptStarted, Called, Handed, Occasion, PaceLimit,
    PageOrdered, PageRung, Raised, Receipt, StepEntered, Taken, Way, Why, WorkEntered,
};
use crate::event::calendar::{CalendarEvent, CalendarOf, CalendarOpened};
use crate::event::change::{ChangeEvent, ChangeTold};
use crate::event::contact::{CodeSent, ContactEvent, Failure, Method, Proof};
use crate::event::outcome::{DeliveryStatus, Outcome, Reason};
use crate::event::overrides::{Leg, LegChange, OverrideEvent, OverrideMade};
use crate::event::person::{ChannelKind, ContactMethod, PersonDefined, PersonEvent, Rung};
use crate::event::policy::{PolicyDefined, PolicyEvent, Step, Target};
use crate::event::rota::{Handover, Layer, Member, RotaDefined, RotaEvent, TurnUnit};
use crate::event::routes::{Route, RoutesEvent, When};
use crate::event::service::{ServiceDefined, ServiceEvent};
use crate::event::signal::{Severity, Signal, Status};
use crate::event::source::{SourceDefined, SourceEvent, SourceKind};
use crate::event::symptom::SymptomJoined;
use crate::event::team::{Handovers, TeamDefined, TeamEvent};
use crate::event::token::{Role, TokenEvent, TokenIssued};
use crate::event::work::{LabelMatch, Scope, WorkEvent, WorkKind, WorkPlanned, WorkSpan};
use crate::event::{Event, Language};
use crate::id::{AlertId, BootId, PersonId, SymptomId, TokenId};
use crate::journal::{Context, Head};
use crate::key::KeyOwner;
use crate::record::{Author, Cause, Position};
use crate::sealed::Sealed;
use crate::time::{Span, Timestamp};

/// Every kind of event there is.
pub const KINDS: [&str; 67] = [
    "alert.raised",
    "alert.repeated",
    "alert.severity_changed",
    "alert.symptom_joined",
    "alert.symptom_changed",
    "alert.symptom_cleared",
    "alert.grown",
    "alert.held",
    "alert.hold_ended",
    "alert.step_entered",
    "alert.step_empty",
    "alert.fallback_entered",
    "alert.page_ordered",
    "alert.page_withdrawn",
    "alert.attempt_started",
    "alert.attempt_ended",
    "alert.status_reported",
    "alert.acknowledged",
    "alert.acknowledgement_lapsed",
    "alert.escalated",
    "alert.noted",
    "alert.resolved",
    "alert.recall_started",
    "alert.recall_ended",
    "alert.clock_corrected",
    "alert.reconsidered",
    "alert.work_entered",
    "alert.held_for_work",
    "alert.work_moved",
    "alert.work_left",
    "alert.joined",
    "alert.handed_over",
    "alert.report_overdue",
    "alert.attempt_held",
    "person.defined",
    "person.removed",
    "team.defined",
    "team.removed",
    "rota.defined",
    "rota.removed",
    "policy.defined",
    "policy.removed",
    "service.defined",
    "service.removed",
    "source.defined",
    "source.removed",
    "routes.defined",
    "override.made",
    "override.accepted",
    "override.declined",
    "override.removed",
    "work.planned",
    "work.moved",
    "work.ended",
    "work.cancelled",
    "token.issued",
    "token.revoked",
    "calendar.opened",
    "calendar.closed",
    "contact.code_sent",
    "contact.code_mistaken",
    "contact.proved",
    "contact.failed",
    "contact.broke",
    "contact.mended",
    "contact.unanswered",
    "change.told",
];

/// An alert.
pub fn alert() -> AlertId {
    AlertId { symptom: SymptomId::derive(&"prometheus".into(), &"79e8dde02c787fae".into()), ordinal: 1 }
}

/// A person.
pub const fn anna() -> PersonId {
    PersonId::from_bytes([0xA7; 16])
}

/// The end of a history of no records.
pub fn head() -> Head {
    Head::default()
}

/// An envelope: 2026-11-22T03:10:00Z, by a source.
pub fn context() -> Context {
    Context {
        at: at(0),
        by: Author::Source("prometheus".into()),
        cause: Cause::Request("4f2a".into()),
        directory: Position::from_raw(12),
    }
}

/// `seconds` after 2026-11-22T03:10:00Z.
pub fn at(seconds: u64) -> Timestamp {
    Timestamp::from_micros(1_795_317_000_000_000) + Span::from_seconds(seconds)
}

fn signal() -> Signal {
    Signal {
        status: Status::Firing,
        summary: "errors on checkout = 9".into(),
        severity: Severity::Critical,
        severity_said: None,
        labels: [("service".to_owned(), "checkout".to_owned())].into(),
        details: [("runbook_url".to_owned(), "https://wiki.example/checkout".to_owned())].into(),
        started_at: Some(at(0)),
        finding: None,
    }
}

/// An alert raised by Alertmanager.
pub fn raised() -> AlertEvent {
    AlertEvent::Raised(Box::new(Raised {
        alert: alert(),
        occasion: Occasion::Problem,
        source: "prometheus".into(),
        dedup_key: "79e8dde02c787fae".into(),
        severity: Severity::Critical,
        signal: Sealed::new(KeyOwner::Alert(alert()), signal()),
        assignment: Some(Assignment {
            route: 1,
            service: "shop".into(),
            service_name: "Web shop".into(),
            policy: "default".into(),
            runbook: Some("https://wiki.example/shop".into()),
            reference_only: false,
        }),
        gathers: None,
    }))
}

fn symptom_joined() -> AlertEvent {
    AlertEvent::SymptomJoined(Box::new(SymptomJoined {
        symptom: 2,
        source: "prometheus".into(),
        dedup_key: "c6eadffa33fcdf37".into(),
        severity: Severity::Warning,
        signal: Sealed::new(KeyOwner::Alert(alert()), signal()),
        route: 1,
    }))
}

/// One event of each kind.
pub fn all() -> Vec<Event> {
    let mut all: Vec<Event> = alerts().into_iter().map(Event::from).collect();
    all.extend([
        Event::from(person()),
        PersonEvent::Removed.into(),
        TeamEvent::Defined(TeamDefined {
            name: "Sysadmins".into(),
            members: vec![anna()],
            time_zone: Some("Europe/Berlin".into()),
            handovers: Handovers::Silent,
            lead: None,
            test_pages: None,
        })
        .into(),
        TeamEvent::Removed.into(),
        rota().into(),
        RotaEvent::Removed.into(),
        policy().into(),
        PolicyEvent::Removed.into(),
        ServiceEvent::Defined(ServiceDefined {
            name: "Web shop".into(),
            policy: "default".into(),
            runbook: Some("https://wiki.example/shop".into()),
            reference_only: false,
            group_within: None,
            group_again_after: None,
        })
        .into(),
        ServiceEvent::Removed.into(),
        SourceEvent::Defined(SourceDefined {
            kind: SourceKind::Alertmanager,
            key_sha256: "0f".repeat(32),
            key_file: "keys/prometheus".into(),
            every: None,
            grace: None,
            service: None,
            flood_at: None,
            severities: BTreeMap::new(),
        })
        .into(),
        SourceEvent::Removed.into(),
        RoutesEvent::Defined(vec![Route {
            when: When {
                source: Some("prometheus".into()),
                labels: [("team".to_owned(), "payments".to_owned())].into(),
                severity: Some(Severity::Warning),
                ..When::default()
            },
            service: "shop".into(),
            severities: BTreeMap::new(),
        }])
        .into(),
        override_made().into(),
        OverrideEvent::Accepted.into(),
        OverrideEvent::Declined.into(),
        OverrideEvent::Removed.into(),
        work_planned().into(),
        WorkEvent::Moved { from: at(0), until: at(10_800) }.into(),
        WorkEvent::Ended.into(),
        WorkEvent::Cancelled.into(),
        token_issued().into(),
        TokenEvent::Revoked.into(),
        CalendarEvent::Opened(CalendarOpened {
            of: CalendarOf::Rota("sysadmin-primary".into()),
            secret_sha256: "0f".repeat(32),
        })
        .into(),
        CalendarEvent::Closed.into(),
    ]);
    all.extend(contacts().into_iter().map(Event::from));
    all.push(ChangeEvent::Told(change()).into());
    all
}

fn change() -> ChangeTold {
    ChangeTold {
        source: "ci".into(),
        summary: "deployed shop 1.2".into(),
        details: [("link 1".to_owned(), "https://ci.example/7".to_owned())].into(),
        changed_at: Some(at(0)),
    }
}

fn contacts() -> Vec<ContactEvent> {
    let sealed = |text: &str| Sealed::new(KeyOwner::Person(anna()), text.to_owned());
    let method =
        || Method { contact: "sms".into(), channel: ChannelKind::SMS, address: sealed("+393331234567") };
    vec![
        ContactEvent::CodeSent(CodeSent { method: method(), code: sealed("482193"), expires_at: at(600) }),
        ContactEvent::CodeMistaken { contact: "sms".into() },
        ContactEvent::Proved { method: method(), by: Proof::Verified },
        ContactEvent::Failed { method: method(), why: Failure::Undelivered, alert: alert() },
        ContactEvent::Broke { method: method(), why: Failure::Refused(Reason::UnknownAddress), failures: 1 },
        ContactEvent::Mended { contact: "sms".into() },
        ContactEvent::Unanswered { method: method(), alert: alert() },
    ]
}

fn alerts() -> Vec<AlertEvent> {
    let by = || Author::Person(anna());
    let called = || vec![Called { person: anna(), why: Why::Named }];
    let text = |text: &str| Sealed::new(KeyOwner::Alert(alert()), text.to_owned());
    vec![
        raised(),
        AlertEvent::Repeated,
        AlertEvent::SeverityChanged { severity: Severity::Warning },
        symptom_joined(),
        AlertEvent::SymptomChanged { symptom: 2, severity: Severity::Critical },
        AlertEvent::SymptomCleared { symptom: 1, started_at: Some(at(0)) },
        AlertEvent::Grown { problems: 24, severity: Severity::Critical },
        AlertEvent::Held { by: by(), until: at(1_200), unless_joined: false, joins: 0 },
        AlertEvent::HoldEnded,
        AlertEvent::StepEntered(StepEntered {
            round: 1,
            step: 1,
            until: at(600),
            called: vec![Called {
                person: anna(),
                why: Why::OnCall {
                    rota: "primary".into(),
                    layer: 1,
                    offset: 0,
                    from: at(0),
                    until: at(604_800),
                },
            }],
            passed_over: 0,
            late: None,
            acknowledgements: 1,
        }),
        AlertEvent::StepEmpty { round: 1, step: 2, passed_over: 0 },
        AlertEvent::FallbackEntered { called: called(), until: at(1_200), passed_over: 0, late: None },
        page(),
        AlertEvent::PageWithdrawn { page: 1 },
        AlertEvent::AttemptStarted(AttemptStarted {
            attempt: 1,
            page: 1,
            rung: 1,
            send: 1,
            via: None,
            repeat: false,
            late: Some(Span::from_seconds(75)),
            timeout_at: at(15),
            node: "a".into(),
            boot: BootId(7),
        }),
        AlertEvent::AttemptEnded(AttemptEnded {
            attempt: 1,
            outcome: Outcome::Failed { reason: Reason::Throttled, retry_after: Some(Span::from_seconds(5)) },
            detail: text("too many messages"),
            text: text("7K3M2 errors on checkout = 9"),
            receipt: Some(Receipt::ringing("r1".into(), at(3_600))),
            report_by: None,
            with: None,
            carries: Vec::new(),
        }),
        AlertEvent::AttemptHeld(AttemptHeld {
            attempt: 1,
            until: at(60),
            limit: PaceLimit { count: 1, span: Span::from_seconds(60) },
        }),
        AlertEvent::StatusReported { attempt: 1, status: DeliveryStatus::Delivered, detail: None },
        AlertEvent::Acknowledged { by: by(), way: Way::Link, until: Some(at(1_800)) },
        AlertEvent::AcknowledgementLapsed,
        AlertEvent::Escalated { by: by() },
        AlertEvent::Noted { by: by(), text: text("the disk is full again") },
        AlertEvent::Resolved { by: by(), started_at: Some(at(0)) },
        AlertEvent::RecallStarted { attempt: 1, timeout_at: at(15), node: "a".into(), boot: BootId(7) },
        AlertEvent::RecallEnded { attempt: 1, outcome: Outcome::Accepted },
        AlertEvent::ClockCorrected { back: Span::from_seconds(3_600) },
        AlertEvent::Reconsidered { called: called(), directory: Position::from_raw(20) },
        AlertEvent::WorkEntered(Box::new(WorkEntered {
            works: vec![taken(WorkKind::Route)],
            called: vec![Called {
                person: anna(),
                why: Why::Work { work: "7k3mq2xa".into(), until: at(7_200) },
            }],
            until: at(300),
            late: None,
        })),
        AlertEvent::HeldForWork(Box::new(taken(WorkKind::Hold))),
        AlertEvent::WorkMoved { until: at(10_800) },
        AlertEvent::WorkLeft { works: vec!["7k3mq2xa".into()] },
        AlertEvent::Joined { by: by(), way: Way::Link, missing: 1 },
        AlertEvent::HandedOver { by: by(), to: Handed::Policy("network".into()) },
        AlertEvent::ReportOverdue { attempt: 1 },
    ]
}

fn page() -> AlertEvent {
    AlertEvent::PageOrdered(Box::new(PageOrdered {
        page: 1,
        person: anna(),
        name: Sealed::new(KeyOwner::Person(anna()), "Anna Rossi".into()),
        language: Language::It,
        time_zone: "Europe/Rome".into(),
        ladder: vec![PageRung {
            contact: "sms".into(),
            channel: ChannelKind::SMS,
            via: Some("twilio-main".into()),
            providers: Vec::new(),
            address: Sealed::new(KeyOwner::Person(anna()), "+393331234567".into()),
            after: Span::from_minutes(2),
            attempts: 2,
            every: Span::from_minutes(2),
        }],
        skipped: Vec::new(),
    }))
}

fn person() -> PersonEvent {
    let sealed = |text: &str| Sealed::new(KeyOwner::Person(anna()), text.to_owned());
    let contact =
        ContactMethod { channel: ChannelKind::PAGER, via: Some("snpp-main".into()), address: sealed("7311") };
    PersonEvent::Defined(PersonDefined {
        slug: sealed("anna"),
        name: sealed("Anna Rossi"),
        language: Language::It,
        time_zone: "Europe/Rome".into(),
        contacts: [("pager".into(), contact)].into(),
        ladder: vec![Rung {
            contact: "pager".into(),
            after: Span::ZERO,
            attempts: 1,
            every: Span::from_minutes(2),
        }],
    })
}

fn rota() -> RotaEvent {
    let from = "2026-11-02T09:00:00".parse().expect("a wall-clock time");
    RotaEvent::Defined(RotaDefined {
        team: Some("sysadmin".into()),
        time_zone: "Europe/Berlin".into(),
        layers: vec![Layer {
            members: vec![Member::always(anna())],
            handover: Handover { every: 1, unit: TurnUnit::Weeks, from },
            hours: Vec::new(),
        }],
    })
}

fn override_made() -> OverrideEvent {
    let rota = || "sysadmin-primary".into();
    let leg = |from, change| Leg { from: at(from), until: at(from + 3_600), change };
    OverrideEvent::Made(OverrideMade {
        legs: vec![
            leg(0, LegChange::Instead { rota: rota(), of: anna(), by: None }),
            leg(3_600, LegChange::Also { rota: rota(), person: anna() }),
            leg(7_200, LegChange::AllHands { team: "sysadmin".into() }),
        ],
        asks: Some(anna()),
        reason: Some(Sealed::new(KeyOwner::Person(anna()), "a wedding".into())),
    })
}

fn taken(kind: WorkKind) -> Taken {
    let sealed = |text: &str| Sealed::new(KeyOwner::Person(anna()), text.to_owned());
    Taken {
        work: "7k3mq2xa".into(),
        kind,
        worker: anna(),
        name: sealed("Anna Rossi"),
        what: sealed("new switches in rack 4"),
        ends_at: at(7_200),
    }
}

fn work_planned() -> WorkEvent {
    let span = |from| WorkSpan { from: at(from), until: at(from + 7_200) };
    WorkEvent::Planned(WorkPlanned {
        worker: anna(),
        kind: WorkKind::Route,
        scope: Scope {
            services: vec!["shop".into()],
            sources: vec!["prometheus".into()],
            labels: [
                ("host".to_owned(), LabelMatch::Like("web-*".into())),
                ("env".to_owned(), LabelMatch::Unlike("prod".into())),
            ]
            .into(),
        },
        spans: vec![span(0), span(86_400)],
        rule: Some("FREQ=DAILY;COUNT=2".into()),
        wait: Span::from_minutes(5),
        what: Sealed::new(KeyOwner::Person(anna()), "new switches in rack 4".into()),
    })
}

fn token_issued() -> TokenEvent {
    TokenEvent::Issued(TokenIssued {
        secret_sha256: "5e".repeat(32),
        role: Role::Team("sysadmin".into()),
        label: Sealed::new(KeyOwner::Token(TokenId::from_bytes([0x5E; 5])), "deploy pipeline".into()),
        person: Some(anna()),
        expires_at: Some(at(7_776_000)),
    })
}

fn policy() -> PolicyEvent {
    PolicyEvent::Defined(PolicyDefined {
        steps: vec![Step {
            page: vec![
                Target::Rota { rota: "sysadmin-primary".into(), offset: 1 },
                Target::Person(anna()),
                Target::Team("sysadmin".into()),
            ],
            wait: Span::from_minutes(10),
            acknowledgements: 1,
            hand_over: None,
        }],
        repeat: 2,
        fallback: vec![Target::Person(anna())],
        acknowledgement_lapses: Some(Span::from_minutes(30)),
    })
}

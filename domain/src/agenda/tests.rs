//! Anna and Bernd take turns of a day from nine to nine, UTC, in a team that wants to hear of it.

use std::collections::BTreeMap;

use events::event::Language;
use events::event::alert::{AlertEvent, Assignment, Occasion, Raised, Taken, Way};
use events::event::overrides::OverrideEvent;
use events::event::person::ChannelKind;
use events::event::rota::TurnUnit;
use events::event::sample;
use events::event::signal::Severity;
use events::event::work::{Scope, WorkEvent, WorkKind, WorkPlanned, WorkSpan};
use events::{Cause, Entry, Event, EventId, KeyOwner, Position, StreamId, Version};

use super::*;
use crate::blueprint::{
    Blueprint, ContactPlan, HandoverPlan, LayerPlan, MemberPlan, PersonPlan, PolicyPlan, RotaPlan, RoutePlan,
    ServicePlan, StepPlan, TargetPlan, TeamPlan,
};
use crate::plan::imagined;

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).expect("RFC 3339")
}

struct House {
    directory: Directory,
    board: Board,
    position: u64,
}

impl House {
    fn new(handovers: Handovers) -> Self {
        let mut house = Blueprint::default();
        let contact = ContactPlan { channel: ChannelKind::PAGER, address: "7311".into(), via: None };
        for name in ["anna", "bernd"] {
            let contacts: BTreeMap<String, ContactPlan> = [("pager".to_owned(), contact.clone())].into();
            let person = PersonPlan {
                name: name.into(),
                locale: Language::En,
                time_zone: "UTC".into(),
                contacts,
                ladder: Vec::new(),
            };
            house.people.insert(name.into(), person);
        }
        let members = vec!["anna".to_owned(), "bernd".to_owned()];
        house.teams.insert(
            "ops".into(),
            TeamPlan {
                name: "Ops".into(),
                members,
                time_zone: None,
                handovers,
                lead: None,
                test_pages: None,
            },
        );
        let from = "2026-11-02T09:00:00".parse().expect("a wall-clock time");
        let layer = LayerPlan {
            members: vec![MemberPlan::always("anna"), MemberPlan::always("bernd")],
            handover: HandoverPlan { every: 1, unit: TurnUnit::Days, from },
            hours: Vec::new(),
        };
        let rota = RotaPlan { team: Some("ops".into()), time_zone: "UTC".into(), layers: vec![layer] };
        house.rotas.insert("primary".into(), rota);
        let page = vec![TargetPlan::Rota { rota: "primary".into(), offset: 0 }];
        let policy = PolicyPlan {
            steps: vec![StepPlan::paging(page, Span::from_minutes(10))],
            repeat: 0,
            fallback: Vec::new(),
            acknowledgement_lapses: None,
        };
        house.policies.insert("default".into(), policy);
        let service = ServicePlan {
            name: "Shop".into(),
            policy: "default".into(),
            runbook: None,
            reference_only: false,
            group_within: None,
            group_again_after: None,
        };
        house.services.insert("shop".into(), service);
        house.routes.push(RoutePlan::to("shop".into(), events::event::routes::When::default()));
        Self { directory: imagined(&house), board: Board::default(), position: 1_000 }
    }

    fn record(&mut self, stream: &StreamId, event: impl Into<Event>, at: Timestamp, by: Author) {
        self.position += 1;
        let entry = Entry {
            position: Position::from_raw(self.position),
            stream: stream.clone(),
            version: Version(1),
            id: EventId([0; 16]),
            at,
            by,
            cause: Cause::Deadline,
            directory: Position::START,
            event: event.into(),
        };
        self.directory.apply(&entry);
        self.board.apply(&entry);
    }

    fn person(&self, name: &str) -> PersonId {
        self.directory.person_called(name).expect("somebody").0
    }

    /// Carries out what is to be decided by now.
    fn decide(&mut self, now: Timestamp) -> usize {
        let decisions = staying(&self.directory, &self.board, now);
        let count = decisions.len();
        for Staying { id, command, by } in decisions {
            let event = match command {
                OverrideCommand::Make(made) => OverrideEvent::Made(made),
                OverrideCommand::Remove => OverrideEvent::Removed,
                OverrideCommand::Accept | OverrideCommand::Decline => continue,
            };
            self.record(&crate::directory::stream_of("override", id.as_str()), event, now, by);
        }
        count
    }

    /// Who is told what now: `bernd begins`, `anna stays`, ….
    fn told(&self, now: Timestamp) -> Vec<String> {
        let tellings = tellings(&self.directory, &self.board, now);
        let mut told: Vec<String> = tellings
            .iter()
            .map(|telling| {
                let name = self.directory.name(telling.person).unwrap_or_default();
                let what = match &telling.about {
                    About::ShiftBegins(handover) if handover.asks.is_some() => "begins, asked".to_owned(),
                    About::ShiftBegins(_) => "begins".to_owned(),
                    About::ShiftEnds(_) => "ends".to_owned(),
                    About::ShiftStays(_) => "stays".to_owned(),
                    About::ContactBroken { .. } => "contact broken".to_owned(),
                    About::ContactUnanswered { .. } => "contact unanswered".to_owned(),
                    About::ContactCode { .. } => "code".to_owned(),
                    About::WorkEnds { .. } => "work ends".to_owned(),
                    About::WorkOver { taken, open, .. } => {
                        format!("work over, {taken} taken, {} open", open.len())
                    }
                };
                format!("{name} {what}")
            })
            .collect();
        told.sort();
        told
    }

    fn raise(&mut self, at: Timestamp) {
        let assignment = Assignment {
            route: 1,
            service: "shop".into(),
            service_name: "Shop".into(),
            policy: "default".into(),
            runbook: None,
            reference_only: false,
        };
        let raised = Raised {
            alert: sample::alert(),
            occasion: Occasion::Problem,
            source: "prometheus".into(),
            dedup_key: "disk".into(),
            severity: Severity::Critical,
            signal: Sealed::Shut,
            assignment: Some(assignment),
            gathers: None,
        };
        self.record(&sample::alert().stream(), AlertEvent::Raised(Box::new(raised)), at, Author::House);
    }
}

#[test]
fn whoever_goes_and_whoever_comes_is_told_once_with_what_is_open() {
    let mut house = House::new(Handovers::Announced);
    let handover = at("2026-11-22T09:00:00Z");
    house.raise(at("2026-11-22T08:00:00Z"));
    assert_eq!(house.told(at("2026-11-22T08:59:59Z")), Vec::<String>::new());
    assert_eq!(next(&house.directory, at("2026-11-22T08:59:59Z")), Some(handover));
    assert_eq!(house.told(handover), ["anna begins", "bernd ends"]);
    let told = tellings(&house.directory, &house.board, handover);
    let again = tellings(&house.directory, &house.board, at("2026-11-22T09:20:00Z"));
    let ids = |tellings: &[Telling]| tellings.iter().map(|telling| telling.alert).collect::<Vec<_>>();
    assert_eq!(ids(&told), ids(&again), "the same messages, however late they are looked for");
    let About::ShiftBegins(begins) = &told[0].about else { panic!("{told:?}") };
    assert_eq!((begins.at, begins.until), (handover, at("2026-11-23T09:00:00Z")));
    assert_eq!(begins.open, [sample::alert()]);
    assert_eq!(begins.others.iter().filter_map(|name| name.open()).collect::<Vec<_>>(), ["bernd"]);
    assert_eq!(house.told(at("2026-11-22T10:00:00Z")), Vec::<String>::new(), "not an hour late");
    assert_eq!(House::new(Handovers::Silent).told(handover), Vec::<String>::new());
}

#[test]
fn whoever_goes_stays_on_call_until_whoever_comes_has_it_and_both_know() {
    let mut house = House::new(Handovers::Accepted);
    let (anna, bernd) = (house.person("anna"), house.person("bernd"));
    let handover = at("2026-11-22T09:00:00Z");
    let on_call = |house: &House, now| {
        let roster = house.directory.roster(&"primary".into()).expect("a rota");
        roster.on_call_now(now, 0).iter().map(|duty| duty.person).collect::<Vec<_>>()
    };
    let early = next(&house.directory, at("2026-11-22T08:00:00Z")).expect("a moment");
    assert_eq!(early, handover - STAY_BEFORE);
    assert_eq!(house.decide(early), 1);
    assert_eq!(house.decide(early), 0, "once");
    assert_eq!(next(&house.directory, early), Some(handover));
    assert_eq!(on_call(&house, handover), [anna, bernd], "Anna's turn, and Bernd stays");
    assert_eq!(house.told(handover), ["anna begins, asked", "bernd stays"]);

    // Anna says that she has it.
    let asks = tellings(&house.directory, &house.board, handover);
    let asks = asks.iter().find(|telling| telling.person == anna).expect("a message");
    let raised = Raised {
        alert: asks.alert,
        occasion: Occasion::Message { person: anna, about: Box::new(asks.about.clone()) },
        source: MESSAGE_SOURCE.into(),
        dedup_key: asks.key.clone(),
        severity: Severity::Info,
        signal: Sealed::Shut,
        assignment: None,
        gathers: None,
    };
    let (stream, later) = (asks.alert.stream(), at("2026-11-22T09:10:00Z"));
    house.record(&stream, AlertEvent::Raised(Box::new(raised)), handover, Author::House);
    let by = Author::Person(anna);
    house.record(
        &stream,
        AlertEvent::Acknowledged { by: by.clone(), way: Way::Link, until: None },
        later,
        by,
    );
    assert_eq!(house.decide(later), 1);
    assert_eq!(on_call(&house, later), [anna]);
    assert!(house.told(later).contains(&"bernd ends".to_owned()), "{:?}", house.told(later));
    assert_eq!(house.decide(at("2026-11-22T09:20:00Z")), 0);
}

#[test]
fn a_house_that_was_down_at_the_handover_lets_whoever_went_stay_on_afterwards() {
    let mut house = House::new(Handovers::Accepted);
    let late = at("2026-11-22T09:30:00Z");
    assert_eq!(house.told(late), Vec::<String>::new(), "first it is decided who stays on");
    assert_eq!(house.decide(late), 1);
    assert_eq!(house.told(late), ["anna begins, asked", "bernd stays"]);
    assert_eq!(House::new(Handovers::Accepted).decide(at("2026-11-22T10:30:00Z")), 0, "not an hour late");
}

#[test]
fn whoever_works_is_asked_before_the_end_and_at_the_end_everybody_hears_what_is_still_there() {
    let mut house = House::new(Handovers::Silent);
    let bernd = house.person("bernd");
    let (from, until) = (at("2026-11-22T12:00:00Z"), at("2026-11-22T14:00:00Z"));
    let sealed = |text: &str| Sealed::new(KeyOwner::Person(bernd), text.to_owned());
    let planned = WorkPlanned {
        worker: bernd,
        kind: WorkKind::Route,
        scope: Scope { services: vec!["shop".into()], ..Scope::default() },
        spans: vec![WorkSpan { from, until }],
        rule: None,
        wait: Span::from_minutes(5),
        what: sealed("new disks"),
    };
    house.record(&"work-disks".into(), WorkEvent::Planned(planned), from, Author::House);
    assert_eq!(next(&house.directory, from), Some(at("2026-11-22T13:45:00Z")));
    assert_eq!(house.told(at("2026-11-22T13:44:59Z")), Vec::<String>::new());
    assert_eq!(house.told(at("2026-11-22T13:45:00Z")), ["bernd work ends"]);
    house.raise(at("2026-11-22T13:50:00Z"));
    let taken = Taken {
        work: "disks".into(),
        kind: WorkKind::Hold,
        worker: bernd,
        name: sealed("bernd"),
        what: sealed("new disks"),
        ends_at: until,
    };
    let stream = sample::alert().stream();
    house.record(
        &stream,
        AlertEvent::HeldForWork(Box::new(taken)),
        at("2026-11-22T13:50:00Z"),
        Author::House,
    );
    assert_eq!(house.told(until), ["anna work over, 1 taken, 1 open", "bernd work over, 1 taken, 1 open"]);
    let resolved = AlertEvent::Resolved { by: Author::House, started_at: None };
    house.record(&stream, resolved, until, Author::House);
    assert_eq!(house.told(until), Vec::<String>::new(), "nothing is left");
}

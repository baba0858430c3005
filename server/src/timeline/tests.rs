use domain::alert::Phase;
use events::event::Language;
use events::event::alert::{AttemptEnded, AttemptHeld, AttemptStarted, PaceLimit, PageRung, Receipt, Why};
use events::event::outcome::{DeliveryStatus, Outcome, Reason};
use events::event::person::ChannelKind;
use events::event::sample;
use events::event::team::{Handovers, TeamDefined, TeamEvent};
use events::event::work::WorkKind;
use events::{AlertId, AttemptId, BootId, Cause, EventId, KeyOwner, Sealed, Span, StreamId, Version};

use super::ladder::{Row, draw};
use super::*;
use crate::reader::Reader;
use crate::terminal::Style;

const BERND: PersonId = PersonId::from_bytes([0xB0; 16]);
const ZONE: Tz = Tz::Europe__Berlin;

const EN: &str = include_str!("tests/night.en.txt");
const DE: &str = include_str!("tests/night.de.txt");
const IT: &str = include_str!("tests/night.it.txt");

/// Seconds after 04:10 in Berlin.
fn at(seconds: u64) -> Timestamp {
    sample::at(seconds)
}

fn entry(stream: StreamId, number: usize, at: Timestamp, by: Author, event: impl Into<Event>) -> Entry {
    let number = u64::try_from(number).expect("a small number");
    Entry {
        position: Position::from_raw(number + 1),
        stream,
        version: Version(number + 1),
        id: EventId([0; 16]),
        at,
        by,
        cause: Cause::Deadline,
        directory: Position::START,
        event: event.into(),
    }
}

/// Anna and the team are known; Bernd is gone since.
fn directory() -> Directory {
    let mut directory = Directory::default();
    let team = TeamDefined {
        name: "Sysadmins".into(),
        members: vec![sample::anna()],
        time_zone: None,
        handovers: Handovers::Silent,
        lead: None,
        test_pages: None,
    };
    let anna = sample::all().into_iter().find(|event| event.kind() == "person.defined").expect("a person");
    directory.apply(&entry(sample::anna().stream(), 0, at(0), Author::House, anna));
    directory.apply(&entry("team-sysadmin".into(), 1, at(0), Author::House, TeamEvent::Defined(team)));
    directory
}

fn text(text: &str) -> Sealed<String> {
    if text.is_empty() {
        return Sealed::Shut;
    }
    Sealed::new(KeyOwner::Alert(sample::alert()), text.to_owned())
}

fn rung(contact: &str, channel: ChannelKind) -> PageRung {
    PageRung {
        contact: contact.into(),
        channel,
        via: None,
        providers: Vec::new(),
        address: text("x"),
        after: Span::ZERO,
        attempts: 2,
        every: Span::from_minutes(2),
    }
}

fn page(page: u32, person: PersonId, name: &str, ladder: Vec<PageRung>) -> AlertEvent {
    AlertEvent::PageOrdered(Box::new(PageOrdered {
        page,
        person,
        name: Sealed::new(KeyOwner::Person(person), name.into()),
        language: Language::It,
        time_zone: "Europe/Rome".into(),
        ladder,
        skipped: Vec::new(),
    }))
}

fn started(attempt: u32, page: u32, rung: u32, repeat: bool, late: Option<Span>) -> AlertEvent {
    AlertEvent::AttemptStarted(AttemptStarted {
        attempt,
        page,
        rung,
        send: 1,
        via: None,
        repeat,
        late,
        timeout_at: at(60),
        node: "a".into(),
        boot: BootId(7),
    })
}

fn ended(attempt: u32, outcome: Outcome, detail: &str) -> AlertEvent {
    let receipt = (outcome == Outcome::Accepted).then(|| Receipt::ringing(format!("r{attempt}"), at(3_600)));
    AlertEvent::AttemptEnded(AttemptEnded {
        attempt,
        outcome,
        detail: text(detail),
        text: text(""),
        receipt,
        report_by: None,
        with: None,
        carries: Vec::new(),
    })
}

fn on_call(person: PersonId, offset: u32, until: u64) -> Called {
    let why = Why::OnCall { rota: "primary".into(), layer: 1, offset, from: at(0), until: at(until) };
    Called { person, why }
}

fn step(round: u32, step: u32, until: u64, called: Vec<Called>, late: Option<Span>) -> AlertEvent {
    let (until, passed_over) = (at(until), u32::from(late.is_some()));
    let entered = StepEntered { round, step, until, called, passed_over, late, acknowledgements: 1 };
    AlertEvent::StepEntered(entered)
}

/// Planned work, and several people.
fn together() -> Vec<(u64, AlertEvent)> {
    let taken = |kind| Taken {
        work: "7k3mq2xa".into(),
        kind,
        worker: BERND,
        name: text("Bernd"),
        what: text("new disks"),
        ends_at: at(7_200),
    };
    let why = Why::Work { work: "7k3mq2xa".into(), until: at(7_200) };
    let entered =
        |called| WorkEntered { works: vec![taken(WorkKind::Route)], called, until: at(4_100), late: None };
    vec![
        (4_500, AlertEvent::WorkEntered(Box::new(entered(vec![Called { person: BERND, why }])))),
        (4_500, AlertEvent::WorkEntered(Box::new(entered(Vec::new())))),
        (4_501, AlertEvent::HeldForWork(Box::new(taken(WorkKind::Hold)))),
        (4_502, AlertEvent::WorkMoved { until: at(10_800) }),
        (4_503, AlertEvent::WorkLeft { works: vec!["7k3mq2xa".into()] }),
        (4_504, AlertEvent::Joined { by: Author::Person(BERND), way: Way::Api, missing: 2 }),
        (4_505, AlertEvent::HandedOver { by: Author::Person(BERND), to: Handed::Team("sysadmin".into()) }),
        (4_506, AlertEvent::HandedOver { by: Author::House, to: Handed::Policy("network".into()) }),
    ]
}

/// What carriers let through: a text that waits, and goes out with others.
fn put_off() -> Vec<(u64, AlertEvent)> {
    let limit = PaceLimit { count: 1, span: Span::from_seconds(60) };
    let ended = |with, carries| {
        let (detail, text) = (text(""), text(""));
        let outcome = Outcome::Accepted;
        AlertEvent::AttemptEnded(AttemptEnded {
            report_by: None,
            attempt: 2,
            outcome,
            detail,
            text,
            receipt: None,
            with,
            carries,
        })
    };
    let other = |ordinal| AttemptId { alert: AlertId { ordinal, ..sample::alert() }, page: 1, attempt: 1 };
    vec![
        (4_507, AlertEvent::AttemptHeld(AttemptHeld { attempt: 2, until: at(4_567), limit })),
        (4_508, ended(Some(other(2)), Vec::new())),
        (4_509, ended(None, vec![other(2), other(3)])),
    ]
}

/// A night with everything in it, and when each thing happened.
fn story() -> Vec<(u64, AlertEvent)> {
    let mut story = night();
    let over = story.split_off(story.len() - 3);
    story.extend(together());
    story.extend(put_off());
    story.extend(over);
    story
}

fn night() -> Vec<(u64, AlertEvent)> {
    let anna = sample::anna();
    let by_anna = || Author::Person(anna);
    let member = |person| Called { person, why: Why::Member { team: "sysadmin".into() } };
    let named = |person| Called { person, why: Why::Named };
    let failed = |reason| Outcome::Failed { reason, retry_after: None };
    vec![
        (0, sample::raised()),
        (0, step(1, 1, 600, vec![on_call(anna, 0, 604_800)], None)),
        (
            0,
            page(
                1,
                anna,
                "Anna R.",
                vec![rung("push", ChannelKind::PUSHOVER), rung("sms", ChannelKind::SMS)],
            ),
        ),
        (0, started(1, 1, 1, false, None)),
        (1, ended(1, Outcome::Unknown(Reason::Timeout), "")),
        (3, started(2, 1, 1, true, None)),
        (4, ended(2, Outcome::Refused(Reason::Rejected), "user identifier is invalid")),
        (4, started(3, 1, 2, false, None)),
        (5, ended(3, failed(Reason::Throttled), "")),
        (7, started(4, 1, 2, false, Some(Span::from_seconds(75)))),
        (8, ended(4, Outcome::Accepted, "")),
        (9, AlertEvent::StatusReported { attempt: 4, status: DeliveryStatus::Sent, detail: None }),
        (10, AlertEvent::ReportOverdue { attempt: 4 }),
        (12, AlertEvent::StatusReported { attempt: 4, status: DeliveryStatus::Delivered, detail: None }),
        (40, AlertEvent::Repeated),
        (60, AlertEvent::SeverityChanged { severity: Severity::Warning }),
        (70, joined()),
        (75, AlertEvent::SymptomChanged { symptom: 2, severity: Severity::Critical }),
        (80, AlertEvent::SymptomCleared { symptom: 1, started_at: None }),
        (85, AlertEvent::Grown { problems: 24, severity: Severity::Critical }),
        (90, AlertEvent::Held { by: by_anna(), until: at(1_290), unless_joined: false, joins: 0 }),
        (1_290, AlertEvent::HoldEnded),
        (1_290, AlertEvent::StepEmpty { round: 1, step: 2, passed_over: 0 }),
        (1_300, AlertEvent::Escalated { by: Author::Token("owner".into()) }),
        (
            1_300,
            step(
                1,
                3,
                80_000,
                vec![on_call(BERND, 1, 604_800), member(anna), named(BERND)],
                Some(Span::from_seconds(720)),
            ),
        ),
        (1_300, page(2, BERND, "Bernd Groß", vec![rung("pager", ChannelKind::PAGER)])),
        (1_300, started(5, 2, 1, false, None)),
        (1_301, ended(5, failed(Reason::Expired), "")),
        (1_302, started(6, 2, 1, false, None)),
        (1_303, ended(6, failed(Reason::ProviderFault), "421 down")),
        (1_304, started(7, 2, 1, false, None)),
        (1_305, ended(7, Outcome::Unknown(Reason::Interrupted), "")),
        (1_306, AlertEvent::Reconsidered { called: vec![member(anna)], directory: Position::from_raw(20) }),
        (1_307, AlertEvent::PageWithdrawn { page: 2 }),
        (
            2_000,
            AlertEvent::FallbackEntered {
                called: vec![named(anna)],
                until: at(2_600),
                passed_over: 0,
                late: None,
            },
        ),
        (
            2_600,
            AlertEvent::FallbackEntered { called: Vec::new(), until: at(3_200), passed_over: 0, late: None },
        ),
        (2_700, AlertEvent::Acknowledged { by: by_anna(), way: Way::Link, until: Some(at(4_500)) }),
        (
            2_700,
            AlertEvent::RecallStarted {
                attempt: 4,
                timeout_at: at(2_715),
                node: "a".into(),
                boot: BootId(7),
            },
        ),
        (2_701, AlertEvent::RecallEnded { attempt: 4, outcome: Outcome::Unknown(Reason::Timeout) }),
        (
            2_703,
            AlertEvent::RecallStarted {
                attempt: 4,
                timeout_at: at(2_715),
                node: "a".into(),
                boot: BootId(7),
            },
        ),
        (2_704, AlertEvent::RecallEnded { attempt: 4, outcome: Outcome::Accepted }),
        (2_800, AlertEvent::Noted { by: by_anna(), text: text("the disk is full again") }),
        (2_900, AlertEvent::ClockCorrected { back: Span::from_seconds(3_600) }),
        (4_500, AlertEvent::AcknowledgementLapsed),
        (4_510, AlertEvent::Acknowledged { by: by_anna(), way: Way::Api, until: None }),
        (4_520, AlertEvent::Noted { by: by_anna(), text: Sealed::Shut }),
        (4_600, AlertEvent::Resolved { by: Author::Source("prometheus".into()), started_at: None }),
    ]
}

fn entries() -> Vec<Entry> {
    let by = || Author::Source("prometheus".into());
    let stream = sample::alert().stream();
    let entries = story().into_iter().enumerate();
    entries
        .map(|(number, (seconds, event))| entry(stream.clone(), number, at(seconds), by(), event))
        .collect()
}

/// One more problem, of those that [`sample`] knows.
fn joined() -> AlertEvent {
    let is_joined = |event: &Event| matches!(event, Event::Alert(AlertEvent::SymptomJoined(_)));
    match sample::all().into_iter().find(is_joined) {
        Some(Event::Alert(event)) => event,
        other => panic!("{other:?}"),
    }
}

fn drawn(locale: Locale) -> String {
    let lines = lines(&entries(), &directory(), locale, ZONE);
    let rows: Vec<Row<'_>> =
        lines.iter().map(|line| Row { at: line.at, kind: line.kind, text: &line.text }).collect();
    draw(&rows, Reader { locale, zone: ZONE }, Style::PLAIN)
}

#[test]
fn the_story_has_every_kind_of_event() {
    let told: std::collections::BTreeSet<_> = story().iter().map(|(_, event)| event.kind()).collect();
    let all = sample::KINDS.into_iter().filter(|kind| kind.starts_with("alert."));
    assert_eq!(told, all.collect());
}

#[test]
fn a_whole_night_reads_in_english() {
    assert_eq!(drawn(Locale::En), EN.trim_end());
}

#[test]
fn a_whole_night_reads_in_german() {
    assert_eq!(drawn(Locale::De), DE.trim_end());
}

#[test]
fn a_whole_night_reads_in_italian() {
    assert_eq!(drawn(Locale::It), IT.trim_end());
}

#[test]
fn where_there_are_several_providers_each_line_says_which() {
    let anna = sample::anna();
    let both = || vec!["twilio".into(), "kannel".into()];
    let ladder = vec![PageRung { providers: both(), ..rung("sms", ChannelKind::SMS) }];
    let over = |attempt, via: &str| match started(attempt, 1, 1, attempt > 1, None) {
        AlertEvent::AttemptStarted(started) => {
            AlertEvent::AttemptStarted(AttemptStarted { via: Some(via.into()), ..started })
        }
        other => other,
    };
    let passed_over = Outcome::Failed { reason: Reason::BreakerOpen, retry_after: None };
    let delivered = Some(text("30003: unreachable"));
    let story = [
        sample::raised(),
        page(1, anna, "Anna R.", ladder),
        over(1, "twilio"),
        ended(1, Outcome::Accepted, ""),
        AlertEvent::ReportOverdue { attempt: 1 },
        over(2, "kannel"),
        ended(2, passed_over, ""),
        AlertEvent::StatusReported { attempt: 1, status: DeliveryStatus::Undelivered, detail: delivered },
    ];
    let entries: Vec<Entry> = story
        .into_iter()
        .enumerate()
        .map(|(number, event)| entry(sample::alert().stream(), number + 1, at(0), Author::House, event))
        .collect();
    let drawn = |locale| {
        let lines = lines(&entries, &directory(), locale, chrono_tz::UTC);
        lines.into_iter().skip(2).map(|line| line.text).collect::<Vec<_>>()
    };
    assert_eq!(
        drawn(Locale::En),
        [
            "SMS by twilio to Anna Rossi (sms), attempt 1",
            "SMS by twilio to Anna Rossi: accepted by the provider",
            "SMS by twilio to Anna Rossi: no report that it arrived in time; it counts as not delivered",
            "SMS by kannel to Anna Rossi (sms), attempt 2: sent again because the first outcome is unknown",
            "SMS by kannel to Anna Rossi: not sent, the provider has failed several times in a row and was passed over",
            "SMS by twilio to Anna Rossi: the provider reports “undelivered (30003: unreachable)”",
        ]
    );
    assert_eq!(drawn(Locale::De)[0], "SMS über twilio an Anna Rossi (sms), Versuch 1");
    assert_eq!(drawn(Locale::It)[0], "SMS tramite twilio per Anna Rossi (sms), tentativo 1");
}

#[test]
fn lines_keep_the_moment_and_the_place_of_their_records() {
    let entries = entries();
    let lines = lines(&entries, &directory(), Locale::En, ZONE);
    let places = |line: &Line| (line.at, line.position);
    let expected: Vec<_> = entries.iter().map(|entry| (entry.at, entry.position)).collect();
    assert_eq!(lines.iter().map(places).collect::<Vec<_>>(), expected);
}

#[test]
fn whoever_has_no_name_any_more_goes_by_their_number() {
    let stranger = PersonId::from_bytes([0x5A; 16]);
    let entered = StepEntered {
        round: 1,
        step: 1,
        until: at(600),
        called: vec![Called { person: stranger, why: Why::Named }],
        passed_over: 0,
        late: None,
        acknowledgements: 1,
    };
    let entries = [entry("alert-x".into(), 0, at(0), Author::House, AlertEvent::StepEntered(entered))];
    let lines = lines(&entries, &Directory::default(), Locale::En, ZONE);
    assert!(lines[0].text.contains(&stranger.to_string()), "{lines:?}");
}

#[test]
fn a_test_page_says_for_whom_it_is_and_that_it_is_over() {
    let AlertEvent::Raised(mut raised) = sample::raised() else { panic!("an alert") };
    raised.occasion = Occasion::Test { person: sample::anna(), contact: None };
    raised.assignment = None;
    let over = AlertEvent::Resolved { by: Author::House, started_at: None };
    let stream = sample::alert().stream();
    let entries = [
        entry(stream.clone(), 0, at(0), Author::Token("owner".into()), AlertEvent::Raised(raised)),
        entry(stream, 1, at(600), Author::House, over),
    ];
    let texts: Vec<String> =
        lines(&entries, &directory(), Locale::De, ZONE).into_iter().map(|line| line.text).collect();
    assert_eq!(texts, ["Probealarm für Anna Rossi, angefordert von owner", "Der Probealarm ist beendet"]);
}

#[test]
fn an_alert_is_folded_up_to_a_moment_and_no_further() {
    let entries = entries();
    let before = at(0) - Span::from_seconds(1);
    assert_eq!(fold_at(&entries, before).phase(), &Phase::Unraised);
    assert_eq!(fold_at(&entries, at(599)).phase(), &Phase::Held { until: at(1_290) });
    assert_eq!(fold_at(&entries, at(0)).phase(), &Phase::Open { until: at(600) });
    let taken = Phase::Acknowledged { by: Author::Person(sample::anna()), until: None };
    assert_eq!(fold_at(&entries, at(4_599)).phase(), &taken);
    assert!(matches!(fold_at(&entries, at(4_600)).phase(), Phase::Resolved { .. }));
}

#[test]
fn a_night_with_two_offsets_has_a_heading_for_each() {
    let reader = Reader { locale: Locale::En, zone: ZONE };
    let moments = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"];
    let rows = moments.map(|moment| Row {
        at: Timestamp::parse_rfc3339(moment).expect("a moment"),
        kind: "repeated",
        text: "again",
    });
    let expected = "\
Sun 25 Oct, 02:30 CEST
02:30:00  ├─ · again
Sun 25 Oct, 02:30 CET
02:30:00  └─ · again";
    assert_eq!(draw(&rows, reader, Style::PLAIN), expected);
}

//! Routes against tables, and their times of the week against a reference that goes minute by minute.

mod hours;

use std::collections::BTreeMap;

use events::event::routes::{Route, RoutesEvent, TextTest, When};
use events::event::service::{ServiceDefined, ServiceEvent};
use events::event::signal::{Finding, Severity, Signal, Status};
use events::event::source::{SourceDefined, SourceEvent, SourceKind};
use events::{Author, Cause, Entry, Event, EventId, Position, Span, StreamId, Timestamp, Version};

use super::explain::{Verdict, explain};
use super::{Miss, Wanted};
use crate::directory::{Directory, ROUTES_STREAM};

/// Monday 2026-11-23, 12:00 UTC.
fn noon() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-23T12:00:00Z").expect("a moment")
}

fn define(directory: &mut Directory, stream: &str, event: impl Into<Event>) {
    directory.apply(&Entry {
        position: Position::from_raw(directory.position().as_raw() + 1),
        stream: StreamId::from(stream),
        version: Version(1),
        id: EventId([0; 16]),
        at: Timestamp::default(),
        by: Author::House,
        cause: Cause::Deadline,
        directory: Position::START,
        event: event.into(),
    });
}

fn source(kind: SourceKind, severities: &[(&str, Severity)]) -> SourceDefined {
    SourceDefined {
        kind,
        key_sha256: String::new(),
        key_file: "keys/a".into(),
        every: Some(Span::from_seconds(60)),
        grace: None,
        service: (kind == SourceKind::Heartbeat).then(|| "own".into()),
        flood_at: None,
        severities: words(severities),
    }
}

fn words(severities: &[(&str, Severity)]) -> BTreeMap<String, Severity> {
    severities.iter().map(|(word, severity)| ((*word).to_owned(), *severity)).collect()
}

/// A house with these routes; the service of each is called after its number.
fn house(routes: Vec<When>) -> Directory {
    let routes: Vec<Route> = (1..)
        .zip(routes)
        .map(|(number, when): (u32, When)| Route {
            when,
            service: number.to_string().as_str().into(),
            severities: BTreeMap::new(),
        })
        .collect();
    of_routes(routes)
}

fn of_routes(routes: Vec<Route>) -> Directory {
    let mut directory = Directory::default();
    for service in routes.iter().map(|route| route.service.as_str()).chain(["own"]) {
        let defined = ServiceDefined {
            name: service.to_owned(),
            policy: "default".into(),
            runbook: None,
            reference_only: false,
            group_within: None,
            group_again_after: None,
        };
        define(&mut directory, &format!("service-{service}"), ServiceEvent::Defined(defined));
    }
    let prometheus = SourceEvent::Defined(source(SourceKind::Alertmanager, &[]));
    define(&mut directory, "source-prometheus", prometheus);
    define(&mut directory, ROUTES_STREAM, RoutesEvent::Defined(routes));
    directory
}

fn signal(severity: Severity, labels: &[(&str, &str)]) -> Signal {
    Signal {
        status: Status::Firing,
        summary: "Disk FULL on db1".into(),
        severity,
        severity_said: None,
        labels: labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        details: [("description".to_owned(), "volume /var\nat 99%".to_owned())].into(),
        started_at: None,
        finding: None,
    }
}

fn route_of(directory: &Directory, source: &str, signal: &Signal, at: Timestamp) -> Option<u32> {
    directory.placed(&source.into(), signal, at).map(|placed| placed.route)
}

fn with(set: impl FnOnce(&mut When)) -> When {
    let mut when = When::default();
    set(&mut when);
    when
}

fn labels(of: &[(&str, &str)]) -> BTreeMap<String, String> {
    of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_condition_holds_or_does_not() {
    let shop = [("team", "shop"), ("host", "db12"), ("empty", "")];
    let equal = |of: &[(&str, &str)]| with(|when| when.labels = labels(of));
    let matching = |of: &[(&str, &str)]| with(|when| when.label_patterns = labels(of));
    let text = |text: TextTest| with(|when| when.text = Some(text));
    let contains = |words: &str| text(TextTest::Contains(words.to_owned()));
    let says = |pattern: &str| text(TextTest::Matches(pattern.to_owned()));
    let at_least = |least| with(|when| when.severity = Some(least));
    let one_of = |of: &[Severity]| with(|when| when.severities = of.to_vec());
    let from = |of: &[&str]| with(|when| when.sources = of.iter().map(|&name| name.into()).collect());
    let hours = |text: &str, zone: &str| {
        with(|when| {
            when.hours = vec![text.parse().expect("hours")];
            when.time_zone = Some(zone.to_owned());
        })
    };
    for (when, expected) in [
        (When::default(), true),
        (with(|when| when.source = Some("prometheus".into())), true),
        (with(|when| when.source = Some("cron".into())), false),
        (from(&["cron", "prometheus"]), true),
        (from(&["cron", "nagios"]), false),
        (equal(&[("team", "shop")]), true),
        (equal(&[("team", "sho")]), false),
        (equal(&[("team", "shop"), ("host", "db1")]), false),
        (equal(&[("absent", "")]), false),
        (matching(&[("host", "db[0-9]+")]), true),
        (matching(&[("host", "db[0-9]")]), false),
        (matching(&[("absent", "")]), true),
        (matching(&[("absent", ".+")]), false),
        (matching(&[("empty", ".*")]), true),
        (matching(&[("host", "db("), ("team", "shop")]), false),
        (at_least(Severity::Warning), true),
        (at_least(Severity::Error), true),
        (at_least(Severity::Critical), false),
        (one_of(&[Severity::Error]), true),
        (one_of(&[Severity::Info, Severity::Critical]), false),
        (contains("disk full"), true),
        (contains("VOLUME /VAR"), true),
        (contains("disk.full"), false),
        (says("^Disk .* db[0-9]$"), true),
        (says("^volume"), true),
        (says("^var"), false),
        (says("(unclosed"), false),
        (hours("Mon 11:00-13:00", "UTC"), true),
        (hours("Mon 11:00-12:00", "UTC"), false),
        (hours("Mon 12:00-12:01", "UTC"), true),
        (hours("Mon 13:00-14:00", "Europe/Berlin"), true),
        (hours("Sun 12:00-13:00", "UTC"), false),
        (hours("Mon 11:00-13:00", "Mars/Olympus"), false),
    ] {
        let directory = house(vec![when.clone()]);
        let found = route_of(&directory, "prometheus", &signal(Severity::Error, &shop), noon());
        assert_eq!(found.is_some(), expected, "{when:?}");
    }
}

#[test]
fn the_first_route_whose_conditions_all_hold_wins_and_each_says_why_not() {
    let directory = house(vec![
        with(|when| {
            when.source = Some("cron".into());
            when.labels = labels(&[("team", "shop")]);
            when.severity = Some(Severity::Critical);
        }),
        with(|when| when.label_patterns = labels(&[("host", "web.*")])),
        with(|when| when.labels = labels(&[("team", "shop")])),
        When::default(),
    ]);
    let signal = signal(Severity::Error, &[("team", "shop")]);
    let source = "prometheus".into();
    let explanation = explain(&directory, &source, &signal, noon());
    let verdicts: Vec<&Verdict<'_>> = explanation.routes.iter().map(|judged| &judged.verdict).collect();
    let host = Miss::Label { label: "host", wanted: Wanted::Matching("web.*"), found: None };
    assert_eq!(
        verdicts,
        [
            &Verdict::Missed(vec![Miss::Source, Miss::Severity]),
            &Verdict::Missed(vec![host]),
            &Verdict::Taken,
            &Verdict::NotAsked
        ]
    );
    assert_eq!(explanation.placed.map(|placed| (placed.route, placed.id.as_str())), Some((3, "3")));
}

#[test]
fn a_route_whose_service_is_gone_lets_the_next_one_take_it() {
    let mut directory = house(vec![When::default(), When::default()]);
    define(&mut directory, "service-1", ServiceEvent::Removed);
    let (source, signal) = ("prometheus".into(), signal(Severity::Error, &[]));
    let explanation = explain(&directory, &source, &signal, noon());
    assert_eq!(explanation.routes[0].verdict, Verdict::ServiceGone);
    assert_eq!(explanation.routes[1].verdict, Verdict::Taken);
    define(&mut directory, "service-2", ServiceEvent::Removed);
    let explanation = explain(&directory, &source, &signal, noon());
    assert!(explanation.placed.is_none());
    assert_eq!(explanation.routes[1].verdict, Verdict::ServiceGone);
}

#[test]
fn a_source_and_a_route_say_how_bad_their_words_are() {
    use Severity::{Critical, Error, Info, Warning};
    for (of_source, of_route, said, read, expected) in [
        (&[][..], &[][..], Some("P1"), Error, (Error, Error)),
        (&[("p1", Critical)], &[], Some("P1"), Error, (Critical, Critical)),
        (&[("p1", Critical)], &[], Some(" p1 "), Error, (Critical, Critical)),
        (&[("p1", Critical)], &[], Some("P2"), Error, (Error, Error)),
        (&[("p1", Critical)], &[], None, Error, (Error, Error)),
        (&[("error", Info)], &[], Some("P2"), Error, (Info, Info)),
        (&[("critical", Warning)], &[], None, Critical, (Warning, Warning)),
        (&[("p1", Critical)], &[("critical", Warning)], Some("P1"), Error, (Critical, Warning)),
        (&[("p1", Critical)], &[("p1", Info)], Some("P1"), Error, (Critical, Info)),
        (&[], &[("warning", Critical)], None, Warning, (Warning, Critical)),
        (&[], &[("schlimm", Critical)], Some("SCHLIMM"), Error, (Error, Critical)),
    ] {
        let mut directory = of_routes(vec![Route {
            when: When::default(),
            service: "shop".into(),
            severities: words(of_route),
        }]);
        let defined = SourceEvent::Defined(source(SourceKind::Alertmanager, of_source));
        define(&mut directory, "source-prometheus", defined);
        let signal = Signal { severity_said: said.map(str::to_owned), ..signal(read, &[]) };
        let (source, at) = ("prometheus".into(), noon());
        let explanation = explain(&directory, &source, &signal, at);
        let placed = explanation.placed.expect("a route").severity;
        assert_eq!((explanation.severity, placed), expected, "{said:?} {of_source:?} {of_route:?}");
        assert_eq!(directory.severity(&source, &signal, at), expected.1);
        let as_told = super::as_severe(&signal, expected.1);
        assert_eq!(as_told.severity, expected.1);
        assert!(as_told.severity == read || as_told.severity_said.is_some(), "what it was stays known");
    }
}

#[test]
fn routes_ask_for_the_severity_that_the_source_means() {
    let mut directory = house(vec![with(|when| when.severity = Some(Severity::Critical)), When::default()]);
    let disaster = Signal { severity_said: Some("Disaster".into()), ..signal(Severity::Error, &[]) };
    assert_eq!(route_of(&directory, "prometheus", &disaster, noon()), Some(2));
    let defined = source(SourceKind::Alertmanager, &[("disaster", Severity::Critical)]);
    define(&mut directory, "source-prometheus", SourceEvent::Defined(defined));
    assert_eq!(route_of(&directory, "prometheus", &disaster, noon()), Some(1));
    define(&mut directory, "source-prometheus", SourceEvent::Removed);
    assert_eq!(route_of(&directory, "prometheus", &disaster, noon()), Some(2));
}

#[test]
fn the_silence_of_a_heartbeat_asks_no_route() {
    let mut directory = house(vec![When::default()]);
    let beat = source(SourceKind::Heartbeat, &[("error", Severity::Critical)]);
    define(&mut directory, "source-beat", SourceEvent::Defined(beat));
    let finding = Some(Finding::Silence { last_at: None, every: Span::from_seconds(60) });
    let silence = Signal { finding, ..signal(Severity::Error, &[]) };
    let source = "beat".into();
    let explanation = explain(&directory, &source, &silence, noon());
    let placed = explanation.placed.expect("its own service");
    assert_eq!((placed.route, placed.id.as_str(), placed.severity), (0, "own", Severity::Critical));
    assert_eq!(explanation.routes[0].verdict, Verdict::NotAsked);
}

#[test]
fn changed_routes_count_at_once_and_a_copy_keeps_the_old_ones() {
    let mut directory = house(vec![with(|when| when.label_patterns = labels(&[("a", "b+")]))]);
    let signal = signal(Severity::Error, &[("a", "bb")]);
    assert_eq!(route_of(&directory, "prometheus", &signal, noon()), Some(1));
    let before = directory.clone();
    let route = Route { when: When::default(), service: "own".into(), severities: BTreeMap::new() };
    define(&mut directory, ROUTES_STREAM, RoutesEvent::Defined(vec![route]));
    let of = |directory: &Directory| {
        directory.placed(&"prometheus".into(), &signal, noon()).map(|placed| placed.id.to_string())
    };
    assert_eq!((of(&directory), of(&before)), (Some("own".to_owned()), Some("1".to_owned())));
}

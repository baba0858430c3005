use events::event::source::SourceEvent;
use events::{Cause, Entry, EventId, StreamId, Version};

use super::*;

const EVERY: Span = Span::from_seconds(60);
const GRACE: Span = Span::from_seconds(30);

fn at(seconds: u64) -> Timestamp {
    Timestamp::default() + Span::from_seconds(seconds)
}

/// A house in which somebody has changed the source so.
fn change(directory: &mut Directory, event: SourceEvent) {
    directory.apply(&Entry {
        position: Position::from_raw(directory.position().as_raw() + 1),
        stream: StreamId::from("source-dc"),
        version: Version(1),
        id: EventId([0; 16]),
        at: at(0),
        by: Author::Token("anna".into()),
        cause: Cause::Deadline,
        directory: Position::START,
        event: event.into(),
    });
}

fn heartbeat(every: Span) -> SourceEvent {
    SourceEvent::Defined(SourceDefined {
        kind: SourceKind::Heartbeat,
        key_sha256: String::new(),
        key_file: "k".to_owned(),
        every: Some(every),
        grace: Some(GRACE),
        service: Some("shop".into()),
        flood_at: None,
        severities: std::collections::BTreeMap::new(),
    })
}

fn directory() -> Directory {
    let mut directory = Directory::default();
    change(&mut directory, heartbeat(EVERY));
    directory
}

fn source() -> SourceId {
    "dc".into()
}

fn desk() -> Desk {
    Desk::new(BTreeSet::new(), &directory(), at(0))
}

/// Looks every second, as the monitor does, and says when it said what; the log takes it.
fn watch(desk: &mut Desk, seconds: std::ops::RangeInclusive<u64>) -> Vec<(u64, Status)> {
    let mut said = Vec::new();
    for second in seconds {
        for say in desk.look(at(second)) {
            desk.told(&say.source, say.status, true, at(second));
            said.push((second, say.status));
        }
    }
    said
}

#[test]
fn silence_is_said_once_after_its_time_and_its_end_with_the_next_beat() {
    let mut desk = desk();
    assert_eq!(watch(&mut desk, 1..=50), []);
    assert_eq!(desk.pulses()[0].state, PulseState::Waiting);
    desk.beat(&source(), at(50));
    assert_eq!(
        watch(&mut desk, 50..=139),
        [(50, Status::Resolved)],
        "nobody knows what was before the start"
    );
    assert_eq!((desk.pulses()[0].state, desk.pulses()[0].due_at), (PulseState::Alive, at(140)));
    assert_eq!(watch(&mut desk, 140..=400), [(140, Status::Firing)]);
    assert_eq!(desk.pulses()[0].state, PulseState::Silent);
    desk.beat(&source(), at(401));
    assert_eq!(watch(&mut desk, 401..=401), [(401, Status::Resolved)]);
    for second in 402..=3_000 {
        if second % 60 == 0 {
            desk.beat(&source(), at(second));
        }
        assert_eq!(watch(&mut desk, second..=second), [], "a beat is no event");
    }
}

#[test]
fn what_never_beat_is_silent_after_its_time_since_it_was_defined() {
    let mut empty = Desk::new(BTreeSet::new(), &Directory::default(), at(0));
    assert_eq!(watch(&mut empty, 1..=500), []);
    empty.configure(&directory(), at(500));
    assert_eq!(watch(&mut empty, 501..=590), [(590, Status::Firing)]);
}

#[test]
fn a_house_that_stood_still_gives_every_heartbeat_its_time_anew() {
    let mut desk = desk();
    desk.beat(&source(), at(10));
    assert_eq!(watch(&mut desk, 10..=20), [(10, Status::Resolved)]);
    assert_eq!(watch(&mut desk, 5_000..=5_089), [], "the machine slept");
    assert_eq!(watch(&mut desk, 5_090..=5_090), [(5_090, Status::Firing)]);
    assert_eq!(watch(&mut desk, 9_000..=9_500), [], "what is silent stays so");
    assert_eq!(desk.pulses()[0].state, PulseState::Silent);
}

#[test]
fn an_alert_that_was_open_when_the_house_stopped_is_silent_until_a_beat_comes() {
    let mut desk = Desk::new([source()].into(), &directory(), at(0));
    assert_eq!(desk.pulses()[0].state, PulseState::Silent);
    assert_eq!(watch(&mut desk, 1..=300), [], "the alert is there already");
    desk.beat(&source(), at(301));
    assert_eq!(watch(&mut desk, 301..=301), [(301, Status::Resolved)]);
    assert_eq!(desk.pulses()[0].state, PulseState::Alive);
}

#[test]
fn what_the_log_refuses_is_said_again_and_what_has_changed_meanwhile_is_said_instead() {
    let mut desk = desk();
    assert_eq!(watch(&mut desk, 1..=89), []);
    assert_eq!(desk.look(at(90)).len(), 1);
    assert_eq!(desk.look(at(91)), [], "it is on its way");
    desk.told(&source(), Status::Firing, false, at(92));
    assert_eq!(desk.look(at(93)), [], "not at once");
    let again: Vec<_> = (94..=102).flat_map(|second| desk.look(at(second))).collect();
    assert_eq!(again.iter().map(|say| say.status).collect::<Vec<_>>(), [Status::Firing]);
    desk.beat(&source(), at(103));
    assert_eq!(desk.look(at(103)), [], "one thing after the other");
    desk.told(&source(), Status::Firing, true, at(104));
    let end = desk.look(at(104));
    assert_eq!((end[0].status, end[0].last_at), (Status::Resolved, Some(at(103))));
}

#[test]
fn who_removes_a_heartbeat_or_expects_it_otherwise_ends_its_silence() {
    for (event, remains) in [(SourceEvent::Removed, false), (heartbeat(Span::from_seconds(600)), true)] {
        let (mut desk, mut house) = (desk(), directory());
        assert_eq!(watch(&mut desk, 1..=90), [(90, Status::Firing)]);
        change(&mut house, event);
        desk.configure(&house, at(91));
        let end = desk.look(at(91));
        assert_eq!((end[0].status, &end[0].by), (Status::Resolved, &Some(Author::Token("anna".into()))));
        desk.told(&source(), Status::Resolved, true, at(92));
        assert_eq!(watch(&mut desk, 92..=720), [], "the new time is ten minutes and a half");
        assert_eq!(desk.pulses().len(), usize::from(remains));
        let late = watch(&mut desk, 721..=721);
        assert_eq!(late, if remains { vec![(721, Status::Firing)] } else { vec![] });
        assert_eq!(desk.watched.is_empty(), !remains);
    }
}

#[test]
fn a_source_that_went_while_the_house_was_away_leaves_no_alert_behind() {
    let mut desk = Desk::new([source()].into(), &Directory::default(), at(0));
    assert_eq!(watch(&mut desk, 1..=5), [(1, Status::Resolved)]);
    assert!(desk.pulses().is_empty());
    desk.look(at(6));
    assert!(desk.watched.is_empty());
}

#[test]
fn a_beat_of_a_stranger_is_nothing() {
    let mut desk = desk();
    desk.beat(&"elsewhere".into(), at(5));
    assert_eq!(desk.pulses().len(), 1);
    assert_eq!(watch(&mut desk, 1..=89), []);
}

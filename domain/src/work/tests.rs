//! What can be planned, and what becomes of a plan.

use events::event::person::{ChannelKind, ContactMethod, PersonDefined, PersonEvent, Rung};
use events::event::work::{Scope, WorkKind, WorkPlanned, WorkSpan};
use events::{Author, Cause, Entry, EventId, KeyOwner, PersonId, Position, Sealed, Span, Timestamp, Version};

use super::{SPANS_MAX, WAIT_MAX, WHAT_CHARS_MAX, Work, WorkCommand, WorkRefusal, is_like};
use crate::aggregate::Aggregate;
use crate::directory::Directory;

const ANNA: PersonId = PersonId::from_bytes([1; 16]);

fn at(minutes: u64) -> Timestamp {
    Timestamp::from_micros(1_795_317_000_000_000) + Span::from_minutes(minutes)
}

fn span(from: u64, until: u64) -> WorkSpan {
    WorkSpan { from: at(from), until: at(until) }
}

fn anna(ladder: Vec<Rung>) -> Directory {
    let address = Sealed::new(KeyOwner::Person(ANNA), "7311".to_owned());
    let pager = ContactMethod { channel: ChannelKind::PAGER, via: None, address };
    let person = PersonDefined {
        slug: Sealed::new(KeyOwner::Person(ANNA), "anna".into()),
        name: Sealed::new(KeyOwner::Person(ANNA), "Anna".into()),
        language: events::event::Language::It,
        time_zone: "Europe/Rome".into(),
        contacts: [("pager".into(), pager)].into(),
        ladder,
    };
    let mut directory = Directory::default();
    directory.apply(&Entry {
        position: Position::from_raw(1),
        stream: ANNA.stream(),
        version: Version(1),
        id: EventId([0; 16]),
        at: at(0),
        by: Author::House,
        cause: Cause::Deadline,
        directory: Position::START,
        event: PersonEvent::Defined(person).into(),
    });
    directory
}

fn directory() -> Directory {
    let every = Span::from_minutes(1);
    anna(vec![Rung { contact: "pager".into(), after: Span::ZERO, attempts: 1, every }])
}

fn plan(spans: Vec<WorkSpan>) -> WorkPlanned {
    let labels = [("host".to_owned(), events::event::work::LabelMatch::Like("web-*".into()))];
    WorkPlanned {
        worker: ANNA,
        kind: WorkKind::Route,
        scope: Scope { labels: labels.into(), ..Scope::default() },
        spans,
        rule: None,
        wait: Span::from_minutes(5),
        what: Sealed::new(KeyOwner::Person(ANNA), "new disks".into()),
    }
}

fn ask(work: &mut Work, command: &WorkCommand, now: Timestamp) -> Result<(), WorkRefusal> {
    for event in work.decide(command, &directory(), now)? {
        work.evolve(&event, now);
    }
    Ok(())
}

fn planned(spans: Vec<WorkSpan>) -> Work {
    let mut work = Work::default();
    ask(&mut work, &WorkCommand::Plan(plan(spans)), at(0)).expect("a plan");
    work
}

#[test]
fn what_cannot_be_is_refused_with_the_reason() {
    let refused = |change: fn(&mut WorkPlanned)| {
        let mut planned = plan(vec![span(0, 60)]);
        change(&mut planned);
        let refused = Work::default().decide(&WorkCommand::Plan(planned), &directory(), at(10));
        refused.expect_err("a refusal")
    };
    assert_eq!(refused(|plan| plan.spans.clear()), WorkRefusal::SpansCount);
    assert_eq!(refused(|plan| plan.spans = vec![span(0, 1); SPANS_MAX + 1]), WorkRefusal::SpansCount);
    let backwards = WorkRefusal::Backwards { from: at(60), until: at(60) };
    assert_eq!(refused(|plan| plan.spans = vec![span(60, 60)]), backwards);
    assert_eq!(refused(|plan| plan.spans = vec![span(0, 10)]), WorkRefusal::Past { until: at(10) });
    assert_eq!(refused(|plan| plan.spans = vec![span(0, 31 * 24 * 60 + 1)]), WorkRefusal::TooLong);
    let overlaps = WorkRefusal::Overlaps { until: at(60), next: at(59) };
    assert_eq!(refused(|plan| plan.spans = vec![span(0, 60), span(59, 90)]), overlaps);
    assert_eq!(refused(|plan| plan.worker = PersonId::from_bytes([9; 16])), WorkRefusal::UnknownWorker);
    assert_eq!(refused(|plan| plan.wait = Span::ZERO), WorkRefusal::Wait);
    assert_eq!(refused(|plan| plan.wait = WAIT_MAX + Span::from_seconds(1)), WorkRefusal::Wait);
    assert_eq!(refused(|plan| plan.scope = Scope::default()), WorkRefusal::NoScope);
    let unknown = WorkRefusal::UnknownService("shop".into());
    assert_eq!(refused(|plan| plan.scope.services = vec!["shop".into()]), unknown);
    let unknown = WorkRefusal::UnknownSource("nagios".into());
    assert_eq!(refused(|plan| plan.scope.sources = vec!["nagios".into()]), unknown);
    assert_eq!(
        refused(|plan| plan.what = Sealed::new(KeyOwner::Person(ANNA), " ".to_owned())),
        WorkRefusal::What
    );
    assert_eq!(
        refused(|plan| {
            plan.what = Sealed::new(KeyOwner::Person(ANNA), "x".repeat(WHAT_CHARS_MAX + 1));
        }),
        WorkRefusal::What
    );
    let plan = WorkCommand::Plan(plan(vec![span(0, 60)]));
    let refused = Work::default().decide(&plan, &anna(Vec::new()), at(0));
    assert_eq!(refused, Err(WorkRefusal::UnreachableWorker));
}

#[test]
fn the_span_that_lasts_is_moved_until_it_has_ended_and_never_into_the_next() {
    let mut work = planned(vec![span(0, 60), span(120, 180)]);
    ask(&mut work, &WorkCommand::Move { until: at(90) }, at(59)).expect("moved");
    assert_eq!(work.spans(), [span(0, 90), span(120, 180)]);
    let overlaps = WorkRefusal::Overlaps { until: at(121), next: at(120) };
    assert_eq!(ask(&mut work, &WorkCommand::Move { until: at(121) }, at(60)), Err(overlaps));
    let past = WorkRefusal::Past { until: at(60) };
    assert_eq!(ask(&mut work, &WorkCommand::Move { until: at(60) }, at(60)), Err(past));
    // Between the two it is the next one that moves.
    ask(&mut work, &WorkCommand::Move { until: at(200) }, at(100)).expect("moved");
    assert_eq!(work.spans(), [span(0, 90), span(120, 200)]);
    assert_eq!(ask(&mut work, &WorkCommand::Move { until: at(300) }, at(200)), Err(WorkRefusal::Over));
}

#[test]
fn what_lasts_is_ended_and_what_comes_stays_until_all_is_cancelled() {
    let mut work = planned(vec![span(0, 60), span(120, 180)]);
    ask(&mut work, &WorkCommand::End, at(30)).expect("ended");
    assert_eq!((work.span_at(at(30)), work.next_turn(at(30))), (None, Some(at(120))));
    assert_eq!(work.span_at(at(29)), Some(span(0, 30)), "the past stays");
    assert_eq!(ask(&mut work, &WorkCommand::End, at(31)), Err(WorkRefusal::NotYet { from: at(120) }));
    ask(&mut work, &WorkCommand::Cancel, at(130)).expect("cancelled");
    assert_eq!(work.spans(), [span(0, 30), span(120, 130)]);
    assert_eq!(ask(&mut work, &WorkCommand::Cancel, at(131)), Err(WorkRefusal::Over));
    assert_eq!(ask(&mut Work::default(), &WorkCommand::End, at(0)), Err(WorkRefusal::Unplanned));
}

#[test]
fn a_star_stands_for_any_text() {
    for (text, pattern, fits) in [
        ("web-1", "web-*", true),
        ("web-1", "web-1", true),
        ("web-12", "web-1", false),
        ("web-1", "*", true),
        ("", "*", true),
        ("", "", true),
        ("a.b.c", "a*c", true),
        ("abc", "a*b*c*", true),
        ("ab", "a*ba", false),
        ("aba", "ab*ba", false),
        ("Web-1", "web-*", false),
        ("grün-1", "gr*n-*", true),
    ] {
        assert_eq!(is_like(text, pattern), fits, "{text} {pattern}");
    }
}

use events::event::alert::{Assignment, Raised};
use events::event::sample;
use events::event::signal::Severity;
use events::event::symptom::SymptomJoined;
use events::{Author, DedupKey, Sealed, SourceId, SymptomId};

use super::*;
use crate::view::Board;

fn source() -> SourceId {
    "prometheus".into()
}

fn alert(key: &str) -> AlertId {
    AlertId { symptom: SymptomId::derive(&source(), &key.into()), ordinal: 1 }
}

fn stamp(seconds: u64) -> Stamp {
    Stamp { now: at(seconds), newest: Position::from_raw(seconds) }
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::default() + Span::from_seconds(seconds)
}

fn raised(key: &str) -> AlertEvent {
    AlertEvent::Raised(Box::new(Raised {
        alert: alert(key),
        occasion: Occasion::Problem,
        source: source(),
        dedup_key: key.into(),
        severity: Severity::Error,
        signal: Sealed::Shut,
        assignment: None::<Assignment>,
        gathers: None,
    }))
}

fn joined(key: &str, symptom: u32) -> AlertEvent {
    AlertEvent::SymptomJoined(Box::new(SymptomJoined {
        symptom,
        source: source(),
        dedup_key: key.into(),
        severity: Severity::Error,
        signal: Sealed::Shut,
        route: 1,
    }))
}

fn resolved() -> AlertEvent {
    AlertEvent::Resolved { by: Author::House, started_at: None }
}

fn tally(problems: u32, whereabouts: Whereabouts, is_over: bool) -> Tally {
    Tally { problems, whereabouts, is_over, raised_at: at(0) }
}

fn read(ledger: &Ledger, seconds: u64) -> Reading {
    ledger.read(&Claims::default(), at(seconds), Position::from_raw(seconds))
}

#[test]
fn what_both_sides_know_agrees() {
    let mut ledger = Ledger::default();
    ledger.wrote(alert("a"), &raised("a"), stamp(0));
    ledger.wrote(alert("a"), &joined("b", 2), stamp(0));
    let waiting = tally(2, Whereabouts::Waiting, false);
    ledger.acts(alert("a"), None, &waiting, stamp(0));
    let reading = read(&ledger, 100);
    assert_eq!((reading.accepted, reading.difference, reading.under_way), (2, 0, 0));
    assert_eq!((reading.sums.of(Whereabouts::Waiting), reading.sums.of(Whereabouts::Joined)), (1, 1));
    assert_eq!(reading.longest_wait, Some((alert("a"), at(0))));
    assert_eq!(ledger.groups().collect::<Vec<_>>(), [(alert("a"), 2)]);

    ledger.acts(alert("a"), Some(&waiting), &tally(2, Whereabouts::Paged, true), stamp(1));
    ledger.wrote(alert("a"), &resolved(), stamp(1));
    let reading = read(&ledger, 100);
    assert_eq!((reading.sums.of(Whereabouts::Paged), reading.sums.total(), reading.difference), (1, 2, 0));
    assert!(ledger.is_settled() && ledger.groups().next().is_none() && reading.longest_wait.is_none());
}

#[test]
fn whichever_side_is_first_is_under_way_and_not_a_difference() {
    let mut ledger = Ledger::default();
    ledger.wrote(alert("a"), &raised("a"), stamp(0));
    ledger.acts(alert("b"), None, &tally(1, Whereabouts::Paged, false), stamp(0));
    let reading = read(&ledger, 29);
    assert_eq!((reading.accepted, reading.sums.total(), reading.under_way), (2, 1, 1));
    assert_eq!(reading.difference, 0);
}

#[test]
fn what_the_log_has_and_nobody_acts_on_is_looked_at_once_and_then_a_difference() {
    let mut ledger = Ledger::default();
    ledger.wrote(alert("a"), &raised("a"), stamp(0));
    assert!(ledger.forgotten(at(9), Position::from_raw(9)).is_empty());
    assert_eq!(ledger.forgotten(at(10), Position::from_raw(10)), [alert("a")]);
    assert!(ledger.forgotten(at(11), Position::from_raw(11)).is_empty(), "once");
    let reading = read(&ledger, 30);
    assert_eq!((reading.difference, reading.under_way), (1, 0));
    assert_eq!(reading.differences, [Difference::NotActedOn(alert("a"))]);

    ledger.acts(alert("a"), None, &tally(1, Whereabouts::Paged, false), stamp(40));
    assert_eq!(read(&ledger, 100).difference, 0, "it was mended");
}

#[test]
fn an_alert_that_is_over_in_one_place_only_is_a_difference() {
    for is_written in [true, false] {
        let mut ledger = Ledger::default();
        let paged = tally(1, Whereabouts::Paged, false);
        ledger.wrote(alert("a"), &raised("a"), stamp(0));
        ledger.acts(alert("a"), None, &paged, stamp(0));
        if is_written {
            ledger.wrote(alert("a"), &resolved(), stamp(1));
        } else {
            ledger.acts(alert("a"), Some(&paged), &Tally { is_over: true, ..paged }, stamp(1));
        }
        assert_eq!(read(&ledger, 31).difference, 1, "{is_written}");
    }
}

#[test]
fn what_nobody_wrote_and_somebody_acts_on_waits_for_the_views_but_not_for_ever() {
    let mut ledger = Ledger::default();
    ledger.acts(alert("a"), None, &tally(3, Whereabouts::Paged, false), stamp(50));
    let behind = Position::from_raw(49);
    assert_eq!(ledger.read(&Claims::default(), at(100), behind).difference, 0, "the views are behind");
    assert_eq!(ledger.read(&Claims::default(), at(350), behind).difference, 3, "they stand still");
    let reading = read(&ledger, 80);
    assert_eq!((reading.difference, reading.differences), (3, vec![Difference::ActedOnOnly(alert("a"))]));
}

#[test]
fn a_side_that_follows_is_never_late_however_long_it_goes_on() {
    let mut ledger = Ledger::default();
    ledger.wrote(alert("a"), &raised("a"), stamp(0));
    let mut before = None;
    for second in 1..200 {
        ledger.wrote(alert("a"), &joined("x", 2), stamp(second));
        let number = u32::try_from(second).expect("small");
        let after = tally(number, Whereabouts::Paged, false);
        ledger.acts(alert("a"), before.as_ref(), &after, stamp(second));
        before = Some(after);
        assert_eq!(read(&ledger, second).difference, 0, "{second}");
    }
    assert!(!ledger.is_settled());
    assert_eq!(read(&ledger, 230).difference, 1, "and then it stops");
}

#[test]
fn a_count_that_no_alert_explains_is_a_difference_too() {
    let mut ledger = Ledger::default();
    ledger.recover(alert("a"), &raised("a"));
    ledger.recover(alert("a"), &resolved());
    ledger.acts_anew(&HashMap::new(), Sums::default(), stamp(0));
    let reading = read(&ledger, 0);
    assert_eq!((reading.difference, reading.differences.len()), (1, 0));
    let mut rested = Sums::default();
    rested.add(&tally(1, Whereabouts::Paged, true));
    ledger.acts_anew(&HashMap::new(), rested, stamp(0));
    assert_eq!(read(&ledger, 0).difference, 0);
}

#[test]
fn a_start_compares_what_is_open() {
    let mut ledger = Ledger::default();
    for key in ["a", "b", "c"] {
        ledger.recover(alert(key), &raised(key));
    }
    let paged = tally(1, Whereabouts::Paged, false);
    let tallies = HashMap::from([(alert("a"), paged), (alert("b"), paged)]);
    ledger.acts_anew(&tallies, Sums::default(), stamp(0));
    assert_eq!(read(&ledger, 30).differences, [Difference::NotActedOn(alert("c"))]);
    ledger.sets_aside(alert("c"), None, at(0));
    let reading = read(&ledger, 30);
    assert_eq!((reading.accepted, reading.sums.of(Whereabouts::SetAside), reading.difference), (3, 1, 0));
}

#[test]
fn what_cannot_be_read_from_its_beginning_is_set_aside_and_counted() {
    let mut ledger = Ledger::default();
    ledger.sets_aside(alert("a"), None, at(0));
    ledger.sets_aside(alert("a"), None, at(0));
    ledger.wrote(alert("a"), &joined("b", 2), stamp(1));
    ledger.acts(alert("a"), None, &tally(1, Whereabouts::Paged, false), stamp(1));
    let reading = read(&ledger, 100);
    assert_eq!((reading.accepted, reading.sums.of(Whereabouts::SetAside), reading.difference), (1, 1, 0));
}

#[test]
fn a_house_that_stood_still_has_its_time_anew() {
    let mut ledger = Ledger::default();
    ledger.look(at(100));
    ledger.wrote(alert("a"), &raised("a"), stamp(100));
    ledger.look(at(101));
    ledger.look(at(1_000));
    assert_eq!(read(&ledger, 1_000).difference, 0, "nobody could do anything meanwhile");
    assert!(ledger.forgotten(at(1_009), Position::from_raw(1_009)).is_empty());
    (1_001..=1_030).for_each(|second| ledger.look(at(second)));
    assert_eq!(read(&ledger, 1_030).difference, 1);
}

#[test]
fn what_is_no_problem_is_not_counted() {
    let mut ledger = Ledger::default();
    let mut test = sample::raised();
    if let AlertEvent::Raised(raised) = &mut test {
        raised.occasion = Occasion::Test { person: events::PersonId::from_bytes([1; 16]), contact: None };
    }
    ledger.wrote(alert("a"), &test, stamp(0));
    ledger.wrote(alert("a"), &resolved(), stamp(0));
    assert_eq!(read(&ledger, 100), Reading::default());
}

fn claim(key: &str, into: Option<AlertId>) -> Claim {
    let dedup_key = DedupKey::from(key);
    Claim { source: source(), dedup_key, alert: into, at: at(0), newest: Position::from_raw(5) }
}

fn judge(claims: &mut Claims, ledger: &Ledger, seconds: u64, folded: u64) -> u64 {
    let pending = claims.to_judge();
    let judged = pending.judge(ledger, &Board::default(), at(seconds), Position::from_raw(folded));
    claims.judged(judged);
    claims.lost_count()
}

#[test]
fn what_was_answered_and_is_nowhere_is_lost_by_name() {
    let (mut ledger, mut claims) = (Ledger::default(), Claims::default());
    ledger.wrote(alert("a"), &raised("a"), stamp(0));
    ledger.acts(alert("a"), None, &tally(1, Whereabouts::Paged, false), stamp(0));
    claims.take(claim("a", Some(alert("a"))));
    claims.take(claim("joins", Some(alert("a"))));
    claims.take(claim("gone", None));
    assert_eq!(judge(&mut claims, &ledger, 29, 5), 0);
    assert_eq!(judge(&mut claims, &ledger, 30, 4), 0, "the views are behind");
    assert_eq!(judge(&mut claims, &ledger, 30, 5), 2);
    let reading = ledger.read(&claims, at(30), Position::from_raw(5));
    assert_eq!((reading.accepted, reading.sums.total(), reading.difference), (3, 1, 2));
    let lost: Vec<&str> = claims.lost().map(|lost| lost.dedup_key.as_str()).collect();
    assert!(lost.contains(&"gone") && lost.contains(&"joins"), "{lost:?}");

    claims.settle(&source(), &"gone".into());
    ledger.wrote(alert("joins"), &raised("joins"), stamp(40));
    claims.take(claim("joins", Some(alert("joins"))));
    assert_eq!(judge(&mut claims, &ledger, 41, 41), 0, "one is over, and the other came again and is there");
}

#[test]
fn what_was_over_before_anybody_looked_is_remembered() {
    let (mut ledger, mut claims) = (Ledger::default(), Claims::default());
    ledger.wrote(alert("a"), &raised("a"), stamp(0));
    claims.take(claim("a", Some(alert("a"))));
    claims.take(claim("guest", Some(alert("a"))));
    ledger.wrote(alert("a"), &resolved(), stamp(1));
    assert_eq!(judge(&mut claims, &ledger, 60, 60), 0);
    assert_eq!(claims.to_judge().in_parts().count(), 0);
}

#[test]
fn when_too_many_wait_the_rest_is_counted() {
    let mut claims = Claims::default();
    (0..=CLAIMS_MAX).for_each(|_| claims.take(claim("a", None)));
    assert_eq!(claims.unchecked(), 1);
    assert_eq!(claims.to_judge().in_parts().count(), CLAIMS_MAX / 512);
}

#[test]
fn every_name_means_one_bucket() {
    for whereabouts in Whereabouts::ALL {
        assert_eq!(Whereabouts::named(whereabouts.as_str()), Some(whereabouts));
    }
    assert_eq!(Whereabouts::named("lost"), None);
}

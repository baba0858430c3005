use events::event::Language;
use events::event::alert::{PageRung, Receipt};
use events::event::outcome::Reason;
use events::event::{Event, sample};
use events::{BootId, Sealed, Span};

use super::*;

const ANNA: PersonId = PersonId::from_bytes([1; 16]);

fn ordered() -> AlertEvent {
    let rung = |contact: &str, channel| PageRung {
        contact: contact.into(),
        channel,
        via: None,
        address: Sealed::Shut,
        after: Span::ZERO,
        attempts: 1,
        every: Span::ZERO,
        providers: Vec::new(),
    };
    AlertEvent::PageOrdered(Box::new(PageOrdered {
        page: 1,
        person: ANNA,
        name: Sealed::Shut,
        language: Language::En,
        time_zone: "UTC".to_owned(),
        ladder: vec![
            rung("push", ChannelKind::PUSHOVER),
            rung("sms", ChannelKind::SMS),
            rung("pager", ChannelKind::PAGER),
        ],
        skipped: Vec::new(),
    }))
}

fn started(attempt: u32, rung: u32) -> AlertEvent {
    AlertEvent::AttemptStarted(AttemptStarted {
        attempt,
        page: 1,
        rung,
        send: 1,
        via: None,
        repeat: false,
        late: None,
        timeout_at: sample::at(60),
        node: "a".into(),
        boot: BootId(1),
    })
}

fn ended(attempt: u32, outcome: Outcome, receipt: Option<&str>) -> AlertEvent {
    let rings_until = Some(sample::at(3_600));
    let receipt = receipt.map(|id| Receipt { id: id.to_owned(), rings_until, asked_until: None });
    let (detail, text) = (Sealed::Shut, Sealed::Shut);
    AlertEvent::AttemptEnded(AttemptEnded {
        attempt,
        outcome,
        detail,
        text,
        receipt,
        report_by: None,
        with: None,
        carries: Vec::new(),
    })
}

fn reached(events: &[AlertEvent]) -> Reached {
    let mut reached = Reached::default();
    for event in [sample::raised(), ordered()].iter().chain(events) {
        reached.apply(sample::alert(), event, sample::at(0));
    }
    reached
}

fn rings(reached: &Reached) -> Vec<&str> {
    reached.ringing(sample::at(1)).map(|(receipt, _)| receipt).collect()
}

fn texts(reached: &Reached) -> Vec<u32> {
    reached.texts(ANNA, &"sms".into()).map(|text| text.attempt.attempt).collect()
}

#[test]
fn what_was_taken_rings_until_it_is_recalled_over_or_silent() {
    let rang = [started(1, 1), ended(1, Outcome::Accepted, Some("r1"))];
    let ringing = reached(&rang);
    assert_eq!(rings(&ringing), ["r1"]);
    assert_eq!(ringing.with_receipt("r1")[0].person, ANNA);
    assert!(ringing.with_receipt("r2").is_empty());
    assert_eq!(ringing.ringing(sample::at(3_600)).count(), 0, "it has fallen silent");
    let recalled = AlertEvent::RecallStarted {
        attempt: 1,
        timeout_at: sample::at(60),
        node: "a".into(),
        boot: BootId(1),
    };
    for over in [recalled, AlertEvent::Resolved { by: Author::House, started_at: None }] {
        let mut silent = reached(&rang);
        silent.apply(sample::alert(), &over, sample::at(5));
        assert!(rings(&silent).is_empty() && silent.with_receipt("r1").is_empty(), "{over:?}");
    }
}

#[test]
fn one_receipt_may_ring_for_several_attempts() {
    let both = [
        started(1, 1),
        started(2, 1),
        ended(1, Outcome::Accepted, Some("r1")),
        ended(2, Outcome::Accepted, Some("r1")),
    ];
    let mut reached = reached(&both);
    assert_eq!(reached.with_receipt("r1").len(), 2);
    let recalled = AlertEvent::RecallStarted {
        attempt: 1,
        timeout_at: sample::at(60),
        node: "a".into(),
        boot: BootId(1),
    };
    reached.apply(sample::alert(), &recalled, sample::at(5));
    assert_eq!(reached.with_receipt("r1").len(), 1);
}

#[test]
fn what_nobody_has_read_cannot_be_answered() {
    let failed = Outcome::Failed { reason: Reason::Connection, retry_after: None };
    let reached = reached(&[
        started(1, 2),
        ended(1, failed, None),
        started(2, 2),
        ended(2, Outcome::Refused(Reason::Rejected), None),
        started(3, 2),
        ended(3, Outcome::Unknown(Reason::Timeout), None),
        started(4, 2),
        started(5, 3),
    ]);
    assert_eq!(texts(&reached), [4, 3], "the latest first; what may have arrived counts");
    assert_eq!(reached.texts(ANNA, &"other".into()).count(), 0);
}

#[test]
fn only_so_many_texts_are_remembered() {
    let many: Vec<AlertEvent> = (1..=300).map(|attempt| started(attempt, 2)).collect();
    let texts = texts(&reached(&many));
    assert_eq!((texts.len(), texts[0]), (TEXTS_KEPT_MAX, 300));
}

#[test]
fn what_it_says_it_shows_is_what_changes_it() {
    for event in sample::all() {
        let Event::Alert(event) = event else { continue };
        // Of what a provider reports, an answer matters.
        let event = match event {
            AlertEvent::StatusReported { attempt, .. } => answered(attempt),
            other => other,
        };
        // Each sample event is about attempt 3 of page 1 or 2, or about the alert.
        let rung = |attempt| started(attempt, 1);
        let mut changed = false;
        for number in 1..=9 {
            let both = [rung(number), ended(number, Outcome::Accepted, Some("r"))];
            for before in [&both[..1], &both] {
                let mut reached = reached(before);
                let was = format!("{reached:?}");
                reached.apply(sample::alert(), &event, sample::at(9));
                changed |= was != format!("{reached:?}");
            }
        }
        let is_same_again = event.kind() == "alert.raised";
        assert_eq!(changed || is_same_again, Reached::shows(event.kind()), "{}", event.kind());
    }
}

/// A page over a pager, by this gateway, with this handle; it can be answered until one hour later.
fn paged(attempt: u32, via: &str, handle: &str, with: Option<u32>) -> [AlertEvent; 2] {
    let AlertEvent::AttemptStarted(started) = started(attempt, 3) else { unreachable!("it was just made") };
    let AlertEvent::AttemptEnded(ended) = ended(attempt, Outcome::Accepted, Some(handle)) else {
        unreachable!("it was just made")
    };
    let receipt = Receipt { id: handle.to_owned(), rings_until: None, asked_until: Some(sample::at(3_600)) };
    let with = with.map(|attempt| AttemptId { alert: sample::alert(), page: 1, attempt });
    [
        AlertEvent::AttemptStarted(AttemptStarted { via: Some(via.into()), ..started }),
        AlertEvent::AttemptEnded(AttemptEnded { receipt: Some(receipt), with, ..ended }),
    ]
}

fn answered(attempt: u32) -> AlertEvent {
    AlertEvent::StatusReported { attempt, status: DeliveryStatus::Answered, detail: None }
}

#[test]
fn what_can_be_answered_is_asked_about_until_it_is_over_or_paging_begins_anew() {
    let page = reached(&paged(1, "main", "1 1", None));
    assert_eq!(rings(&page), ["1 1 main"]);
    assert_eq!(&*page.with_receipt("1 1 main")[0].handle, "1 1");
    assert_eq!(page.ringing(sample::at(3_600)).count(), 0, "long enough");
    let read = AlertEvent::StatusReported { attempt: 1, status: DeliveryStatus::Read, detail: None };
    let taken =
        AlertEvent::Acknowledged { by: Author::House, way: events::event::alert::Way::Link, until: None };
    for (event, is_asked) in [
        (read, true),
        (taken, true),
        (answered(2), true),
        (answered(1), false),
        (AlertEvent::AcknowledgementLapsed, false),
        (AlertEvent::HoldEnded, false),
        (AlertEvent::Resolved { by: Author::House, started_at: None }, false),
    ] {
        let mut reached = reached(&paged(1, "main", "1 1", None));
        reached.apply(sample::alert(), &event, sample::at(5));
        assert_eq!(!rings(&reached).is_empty(), is_asked, "{event:?}");
    }
    let kept = reached(&[started(1, 1), ended(1, Outcome::Accepted, Some("r1")), AlertEvent::HoldEnded]);
    assert_eq!(rings(&kept), ["r1"], "what rings is to be stopped whatever happens");
    assert!(Reached::shows("alert.status_reported"));
}

#[test]
fn two_gateways_may_give_the_same_handle_and_one_that_forgets_gives_it_anew() {
    let two = reached(&[paged(1, "main", "1 1", None), paged(2, "other", "1 1", None)].concat());
    assert_eq!(rings(&two), ["1 1 main", "1 1 other"]);
    let anew = reached(&[paged(1, "main", "1 1", None), paged(2, "main", "1 1", None)].concat());
    let attempts: Vec<u32> =
        anew.with_receipt("1 1 main").iter().map(|ringing| ringing.attempt.attempt).collect();
    assert_eq!(attempts, [2], "an answer is to the last page");
    let together = reached(&[paged(1, "main", "1 1", None), paged(2, "main", "1 1", Some(1))].concat());
    assert_eq!(together.with_receipt("1 1 main").len(), 2, "one message about both");
}

#[test]
fn what_a_program_or_a_call_may_be_recalled_by_is_not_asked_about() {
    let called = reached(&[started(1, 3), ended(1, Outcome::Accepted, Some("CA1"))]);
    assert!(rings(&called).is_empty());
}

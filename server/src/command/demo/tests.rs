//! What is told, from what the stand-ins received and what the house wrote down.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use domain::directory::Directory;
use events::event::Language;
use events::event::alert::{
    AlertEvent, AttemptStarted, Called, PageOrdered, PageRung, StepEntered, Way, Why,
};
use events::event::person::{ChannelKind, ContactMethod, PersonDefined, PersonEvent, Rung};
use events::event::policy::{PolicyDefined, PolicyEvent, Step, Target};
use events::event::sample;
use events::event::team::{Handovers, TeamDefined, TeamEvent};
use events::{
    Author, BootId, Cause, Entry, Event, EventId, KeyOwner, PersonId, Position, Sealed, Span, StreamId,
    Timestamp, Version,
};
use i18n::Locale;
use simulations::behaviour::Behaviour;
use simulations::ledger::{Answer, Call, Entry as Received, Provider};

use super::household;
use super::narrator::Narrator;
use super::upcoming::{Upcoming, What, upcoming};
use crate::reader::Reader;
use crate::terminal::{Style, width};
use crate::timeline::Line;

const ANNA: PersonId = PersonId::from_bytes([0xA0; 16]);
const BERND: PersonId = PersonId::from_bytes([0xB0; 16]);
const ANNAS_KEY: &str = "uQiRzpo4DXghDmr9QzzfQu27cmVRsG";
const LINK: &str = "http://127.0.0.1:40785/a/K7M2Q#q3mZ0bYx7Jt2Vw9Lc4Rk1A";

fn at(seconds: u64) -> Timestamp {
    sample::at(seconds)
}

fn narrator(locale: Locale) -> Narrator {
    let reader = Reader { locale, zone: Tz::Europe__Berlin };
    Narrator::new(reader, Style::PLAIN, at(0), &household::blueprint(at(0), "key"))
}

fn received(seconds: u64, provider: Provider, call: Call, destination: &str, text: &str) -> Received {
    Received {
        seq: 1,
        at_ms: u64::try_from(at(seconds).as_micros()).expect("after 1970") / 1_000,
        provider,
        call,
        destination: destination.to_owned(),
        text: text.to_owned(),
        fields: BTreeMap::new(),
        behaviour: Behaviour::Accept,
        processed: true,
        receipt: None,
        answer: Answer::default(),
    }
}

fn push(seconds: u64) -> Received {
    let text = "K7M2Q: 注文が失敗する\nWeb shop, critico, inizio 13:01";
    let fields = [("title", "K7M2Q 注文が失敗する"), ("url", LINK), ("url_title", "Ci penso io")];
    Received {
        fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        receipt: Some(format!("r{seconds}")),
        ..received(seconds, Provider::Pushover, Call::Send, ANNAS_KEY, text)
    }
}

#[test]
fn a_push_is_shown_as_it_was_received_with_its_link() {
    let mut narrator = narrator(Locale::En);
    let told = narrator.received(&push(6)).expect("a page is told");
    let expected = "\u{20}
  0:06  → Anna Rossi's phone rings (Pushover)
          ╭─ Pushover · Anna Rossi ─────────────────────────────── Italiano ─╮
          │ K7M2Q 注文が失敗する                                             │
          │ K7M2Q: 注文が失敗する                                            │
          │ Web shop, critico, inizio 13:01                                  │
          │ [ Ci penso io ]                                                  │
          │ http://127.0.0.1:40785/a/K7M2Q#q3mZ0bYx7Jt2Vw9Lc4Rk1A            │
          ╰──────────────────────────────────────────────────────────────────╯
          To take it in the browser:
          http://127.0.0.1:40785/a/K7M2Q#q3mZ0bYx7Jt2Vw9Lc4Rk1A";
    assert_eq!(told, expected.trim_start_matches(" \n"));
    assert_eq!((narrator.last_reached(), narrator.link()), (Some("anna"), Some(LINK)));
    let again = narrator.received(&push(40));
    assert_eq!(again.as_deref(), Some("  0:40  → Anna Rossi's phone rings (Pushover): the same text again"));
}

#[test]
fn a_phone_stops_ringing_when_its_last_emergency_is_cancelled() {
    let mut narrator = narrator(Locale::En);
    narrator.received(&push(0));
    narrator.received(&push(36));
    let cancel = |receipt| received(40, Provider::Pushover, Call::Cancel, receipt, "");
    assert_eq!(narrator.received(&cancel("r0")), None, "another one still rings");
    assert_eq!(
        narrator.received(&cancel("r36")).as_deref(),
        Some("  0:40  ✓ Anna Rossi's phone stops ringing: Pushover was told to cancel it")
    );
    assert_eq!(narrator.received(&cancel("r36")), None, "told once");
}

#[test]
fn what_reached_nobody_is_not_told() {
    let mut narrator = narrator(Locale::En);
    let refused = Received { processed: false, ..push(0) };
    assert_eq!(narrator.received(&refused), None);
    let strange = received(0, Provider::Twilio, Call::Send, "+15005550006", "hello");
    assert_eq!(narrator.received(&strange), None);
    let report = received(0, Provider::Twilio, Call::Report, "http://127.0.0.1/x", "");
    assert_eq!(narrator.received(&report), None);
    assert_eq!(narrator.last_reached(), None);
}

#[test]
fn a_text_cannot_move_the_terminal() {
    let mut narrator = narrator(Locale::En);
    let told = narrator.received(&received(0, Provider::Snpp, Call::Send, "7311", "a\u{1b}[2Jb\u{7}"));
    let told = told.expect("a page is told");
    assert!(told.contains("┃ a [2Jb") && !told.contains(['\u{1b}', '\u{7}']), "{told}");
}

#[test]
fn of_what_the_house_wrote_down_only_decisions_and_troubles_are_told() {
    let narrator = narrator(Locale::En);
    let line = |kind| {
        let text = "said by the house".to_owned();
        narrator.recorded(&Line { at: at(18), position: Position::START, kind, text })
    };
    assert_eq!(line("step_entered").as_deref(), Some("  0:18  ● said by the house"));
    assert_eq!(line("acknowledged").as_deref(), Some("  0:18  ✓ said by the house"));
    assert_eq!(line("attempt_failed").as_deref(), Some("  0:18  ✗ said by the house"));
    for kind in ["raised", "page_ordered", "attempt_started", "attempt_accepted", "recall_started"] {
        assert_eq!(line(kind), None, "{kind}");
    }
}

#[test]
fn nothing_is_wider_than_a_terminal_in_any_language() {
    for locale in Locale::ALL {
        let mut narrator = narrator(locale);
        let mut told = vec![narrator.opening(), narrator.plan(&directory(), at(0))];
        told.extend(narrator.received(&push(0)));
        let link = "d".repeat(22);
        let sms = format!("K7M2Q x\nIch übernehme: http://127.0.0.1:8080/a/K7M2Q#{link}");
        told.extend(narrator.received(&received(6, Provider::Twilio, Call::Send, "+491713920042", &sms)));
        told.push(narrator.takes_soon(at(18), "Bernd Lang", Span::from_seconds(4)));
        told.push(narrator.signal_taken(at(0)));
        for what in [
            What::Contact { person: ANNA, channel: ChannelKind::PAGER },
            What::Step { step: 2, people: vec![BERND] },
            What::Step { step: 3, people: vec![ANNA, BERND, ANNA] },
            What::Fallback { people: vec![ANNA] },
        ] {
            let next = Upcoming { at: at(654), what };
            told.push(narrator.countdown(Some(&next), true, &directory(), at(18)));
        }
        for line in told.iter().flat_map(|told| told.lines()) {
            assert!(width(line) <= 80, "{} columns: {line}", width(line));
        }
    }
}

#[test]
fn the_plan_says_who_is_reached_when() {
    let plan = narrator(Locale::De).plan(&directory(), at(0));
    let expected = "\u{20}
  Wenn niemand reagiert:
  0:00  Anna Rossi              Pushover → 0:06 SMS
  0:08  Bernd Lang              Pushover
  0:16  alle im Team Sysadmins";
    assert_eq!(plan, expected.trim_start_matches(" \n"));
}

#[test]
fn next_is_the_earliest_contact_or_step_and_nothing_once_somebody_has_it() {
    let directory = directory();
    let mut entries = vec![
        alert(0, sample::raised()),
        alert(0, step(1, 18)),
        alert(0, page(1, ANNA, &[0, 6])),
        alert(0, started(1, 1, 1)),
    ];
    let sms = What::Contact { person: ANNA, channel: ChannelKind::SMS };
    assert_eq!(upcoming(&entries, &directory), Some(Upcoming { at: at(6), what: sms }));

    entries.push(alert(6, started(2, 1, 2)));
    let second = What::Step { step: 2, people: vec![BERND] };
    let next = Upcoming { at: at(18), what: second };
    assert_eq!(upcoming(&entries, &directory), Some(next.clone()));
    let countdown = narrator(Locale::En).countdown(Some(&next), true, &directory, at(13));
    assert_eq!(countdown, "  step 2 (Bernd Lang) in 5 s", "nobody was reached whom Enter could stand for");

    let by = Author::Person(ANNA);
    entries.push(alert(7, AlertEvent::Acknowledged { by, way: Way::Terminal, until: None }));
    assert_eq!(upcoming(&entries, &directory), None);
}

fn entry(stream: StreamId, at: Timestamp, event: impl Into<Event>) -> Entry {
    Entry {
        position: Position::from_raw(1),
        stream,
        version: Version(1),
        id: EventId([0; 16]),
        at,
        by: Author::House,
        cause: Cause::Deadline,
        directory: Position::START,
        event: event.into(),
    }
}

fn alert(seconds: u64, event: AlertEvent) -> Entry {
    entry(sample::alert().stream(), at(seconds), event)
}

fn step(step: u32, until: u64) -> AlertEvent {
    let called = vec![Called { person: ANNA, why: Why::Named }];
    AlertEvent::StepEntered(StepEntered {
        round: 1,
        step,
        until: at(until),
        called,
        passed_over: 0,
        late: None,
        acknowledgements: 1,
    })
}

fn page(page: u32, person: PersonId, after: &[u64]) -> AlertEvent {
    let sealed = |text: &str| Sealed::new(KeyOwner::Person(person), text.to_owned());
    let rung = |(&after, channel): (&u64, _)| PageRung {
        contact: "contact".into(),
        channel,
        via: None,
        providers: Vec::new(),
        address: sealed("x"),
        after: Span::from_seconds(after),
        attempts: 1,
        every: Span::from_minutes(2),
    };
    AlertEvent::PageOrdered(Box::new(PageOrdered {
        page,
        person,
        name: sealed("Anna Rossi"),
        language: Language::It,
        time_zone: "Europe/Rome".into(),
        ladder: after.iter().zip([ChannelKind::PUSHOVER, ChannelKind::SMS]).map(rung).collect(),
        skipped: Vec::new(),
    }))
}

fn started(attempt: u32, page: u32, rung: u32) -> AlertEvent {
    AlertEvent::AttemptStarted(AttemptStarted {
        attempt,
        page,
        rung,
        send: 1,
        via: None,
        repeat: false,
        late: None,
        timeout_at: at(60),
        node: "a".into(),
        boot: BootId(7),
    })
}

/// Two people, their team, and the policy of the sample alert.
fn directory() -> Directory {
    let mut directory = Directory::default();
    let mut person = |id: PersonId, slug: &str, name: &str, contacts: &[(&str, ChannelKind, u64)]| {
        let sealed = |text: &str| Sealed::new(KeyOwner::Person(id), text.to_owned());
        let method = |&(name, channel, _): &(&str, _, _)| {
            (name.into(), ContactMethod { channel, address: sealed("x"), via: None })
        };
        let rung = |&(name, _, after): &(&str, _, u64)| Rung {
            contact: name.into(),
            after: Span::from_seconds(after),
            attempts: 1,
            every: Span::from_minutes(2),
        };
        let defined = PersonDefined {
            slug: sealed(slug),
            name: sealed(name),
            language: Language::It,
            time_zone: "Europe/Rome".into(),
            contacts: contacts.iter().map(method).collect(),
            ladder: contacts.iter().map(rung).collect(),
        };
        directory.apply(&entry(id.stream(), at(0), PersonEvent::Defined(defined)));
    };
    person(ANNA, "anna", "Anna Rossi", &[("push", ChannelKind::PUSHOVER, 0), ("sms", ChannelKind::SMS, 6)]);
    person(BERND, "bernd", "Bernd Lang", &[("push", ChannelKind::PUSHOVER, 0)]);
    let team = TeamDefined {
        name: "Sysadmins".into(),
        members: vec![ANNA, BERND],
        time_zone: None,
        handovers: Handovers::Silent,
        lead: None,
        test_pages: None,
    };
    directory.apply(&entry("team-sysadmin".into(), at(0), TeamEvent::Defined(team)));
    let step = |target| Step {
        page: vec![target],
        wait: household::STEP_WAIT,
        acknowledgements: 1,
        hand_over: None,
    };
    let policy = PolicyDefined {
        steps: vec![
            step(Target::Person(ANNA)),
            step(Target::Person(BERND)),
            step(Target::Team("sysadmin".into())),
        ],
        repeat: 0,
        fallback: Vec::new(),
        acknowledgement_lapses: None,
    };
    directory.apply(&entry("policy-default".into(), at(0), PolicyEvent::Defined(policy)));
    directory
}

//! Records: what a log gives back, whoever wrote it or changed it.
//!
//! Input of a body: a line `KIND SCHEMA`, then the body. Input of a change: which sample of an event, then three bytes
//! for each change: where, at which place, and what stands there.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use events::chain::Verifier;
use events::codec::{self, Texts};
use events::event::alert::AlertEvent;
use events::event::contact::ContactEvent;
use events::event::overrides::OverrideEvent;
use events::event::person::PersonEvent;
use events::event::sample;
use events::event::token::TokenEvent;
use events::event::work::WorkEvent;
use events::{
    BootId, DerivedKeys, Event, EventId, EventLog as _, Journal, MemoryLog, Position, Record, RecordHash,
    Recorded, Sealed, StreamId, Timestamp, Version,
};
use futures_util::FutureExt as _;

use super::claim::is_said;
use super::shape;

/// The history in which the golden files stand.
const STREAM: &str = "golden-1";

/// Reads a body as that of a record.
pub fn body(mut input: &[u8]) {
    let head = shape::lossy(shape::line(&mut input)).into_owned();
    let (kind, schema) = head.split_once(' ').unwrap_or((&head, "1"));
    let context = sample::context();
    let recorded = Recorded {
        position: Position::from_raw(1),
        stream: STREAM.into(),
        version: Version(1),
        record: Record {
            id: EventId([0; 16]),
            kind: kind.into(),
            schema: schema.parse().unwrap_or(1),
            at: context.at,
            node: "a".into(),
            boot: BootId(7),
            by: context.by,
            cause: context.cause,
            directory: context.directory,
            previous: RecordHash::default(),
            body: input.into(),
        },
    };
    let keys = DerivedKeys::default();
    let event = codec::read(&recorded, &keys, Texts::Open);
    assert_eq!(event, codec::read(&recorded, &keys, Texts::Open), "the same body is read the same twice");
    let event = match event {
        Ok(event) => event,
        Err(error) => return is_said(&error.to_string()),
    };
    assert_eq!(event.kind(), kind, "a record is what its kind says");
    let shut = codec::read(&recorded, &keys, Texts::Shut);
    assert_eq!(shut.as_ref().map(Event::kind), Ok(kind), "without its texts as well");

    let kept = keep(std::slice::from_ref(&event));
    let again = codec::read(&kept[0], &keys, Texts::Open);
    assert_eq!(again.as_ref(), Ok(&event), "what was read and is written reads the same");
    assert_eq!(keep(&[event])[0].record.body, kept[0].record.body, "and is written the same");
}

/// A history of these events, as a log holds it.
fn keep(events: &[Event]) -> Vec<Recorded> {
    let journal = Journal::new(MemoryLog::new(), DerivedKeys::default(), "a".into(), BootId(7));
    let stream = StreamId::from(STREAM);
    let context = sample::context();
    let appended = journal.append(&stream, sample::head(), &context, events).now_or_never();
    appended.expect("memory is there already").expect("an event can be written");
    let tail = journal.log().tail(Position::START, 10).now_or_never();
    tail.expect("memory is there already").expect("a log can be read")
}

/// A sample of each kind of event, in a history with another one after it.
static SAMPLES: LazyLock<Vec<Vec<Recorded>>> = LazyLock::new(|| {
    sample::all().into_iter().map(|event| keep(&[event, sample::raised().into()])).collect()
});

/// Changes a record behind the house's back.
pub fn tampered(input: &[u8]) {
    let Some((&which, changes)) = input.split_first() else { return };
    let before = &SAMPLES[usize::from(which) % SAMPLES.len()];
    let mut after = before.clone();
    for change in changes.chunks_exact(3) {
        tamper(&mut after[0], change[0], change[1], change[2]);
    }
    let mut verifier = Verifier::default();
    let whole = after.iter().all(|recorded| verifier.check(recorded).is_ok());
    assert_eq!(whole, after == *before, "a change is noticed, and nothing else is");

    let keys = DerivedKeys::default();
    let original = codec::read(&before[0], &keys, Texts::Open).expect("a sample can be read");
    match codec::read(&after[0], &keys, Texts::Open) {
        Ok(event) => {
            let written = texts(&original);
            let odd = texts(&event).into_iter().find(|text| !written.contains(text));
            assert_eq!(odd, None, "no text opens that nobody sealed");
            assert_eq!(event.kind(), &*after[0].record.kind, "a record is what its kind says");
            if !same_place(&before[0], &after[0]) {
                assert!(texts(&event).is_empty(), "no text opens in another place: {event:?}");
            }
        }
        Err(error) => is_said(&error.to_string()),
    }
}

/// Whether sealed texts are bound to the same place.
fn same_place(one: &Recorded, other: &Recorded) -> bool {
    let place = |it: &Recorded| (it.stream.clone(), it.version, it.record.node.clone(), it.record.boot);
    place(one) == place(other)
}

fn tamper(recorded: &mut Recorded, part: u8, at: u8, value: u8) {
    let record = &mut recorded.record;
    match part % 14 {
        0 => record.id.0[usize::from(at) % 16] = value,
        1 => record.kind = changed(record.kind.as_bytes(), at, value).as_str().into(),
        2 => record.schema = value.into(),
        3 => record.at = Timestamp::from_micros(record.at.as_micros() ^ i64::from(value) << (at % 48)),
        4 => record.node = changed(record.node.as_str().as_bytes(), at, value).as_str().into(),
        5 => record.boot = BootId(record.boot.0 ^ u64::from(value) << (at % 48)),
        6 => {
            let by = changed(record.by.to_string().as_bytes(), at, value);
            record.by = by.parse().unwrap_or(record.by.clone());
        }
        7 => {
            let cause = changed(record.cause.to_string().as_bytes(), at, value);
            record.cause = cause.parse().unwrap_or(record.cause.clone());
        }
        8 => record.directory = Position::from_raw(record.directory.as_raw() ^ u64::from(value)),
        9 => record.previous.0[usize::from(at) % 32] = value,
        10 => recorded.version = Version(value.into()),
        11 => recorded.stream = changed(recorded.stream.as_str().as_bytes(), at, value).as_str().into(),
        _ => {
            let mut body = record.body.to_vec();
            // A byte reaches no further than the beginning; the part says where it counts from.
            let from = usize::from(part) * body.len() / 256;
            if let Some(byte) = body.get_mut(from + usize::from(at)) {
                *byte = value;
            }
            record.body = body.into();
        }
    }
}

fn changed(text: &[u8], at: u8, value: u8) -> String {
    let mut bytes = text.to_vec();
    let at = usize::from(at) % (bytes.len() + 1);
    bytes.truncate(at.max(1));
    bytes.push(value);
    bytes.extend(text.iter().skip(at + 1));
    shape::lossy(&bytes).into_owned()
}

/// Every text in an event that was sealed and could be opened.
fn texts(event: &Event) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    let mut add = |text: &Sealed<String>| texts.extend(text.open().cloned());
    match event {
        Event::Alert(AlertEvent::PageOrdered(page)) => {
            add(&page.name);
            page.ladder.iter().for_each(|rung| add(&rung.address));
        }
        Event::Alert(AlertEvent::AttemptEnded(ended)) => {
            add(&ended.detail);
            add(&ended.text);
        }
        Event::Alert(AlertEvent::Noted { text, .. }) => add(text),
        Event::Alert(AlertEvent::Raised(raised)) => {
            texts.extend(raised.signal.open().map(|signal| format!("{signal:?}")));
        }
        Event::Person(PersonEvent::Defined(person)) => {
            add(&person.slug);
            add(&person.name);
            person.contacts.values().for_each(|contact| add(&contact.address));
        }
        Event::Override(OverrideEvent::Made(made)) => {
            texts.extend(made.reason.iter().filter_map(|reason| reason.open().cloned()));
        }
        Event::Work(WorkEvent::Planned(planned)) => add(&planned.what),
        Event::Alert(AlertEvent::HeldForWork(taken)) => {
            add(&taken.name);
            add(&taken.what);
        }
        Event::Alert(AlertEvent::WorkEntered(entered)) => {
            for taken in &entered.works {
                add(&taken.name);
                add(&taken.what);
            }
        }
        Event::Token(TokenEvent::Issued(issued)) => add(&issued.label),
        Event::Contact(ContactEvent::CodeSent(sent)) => {
            add(&sent.method.address);
            add(&sent.code);
        }
        Event::Contact(
            ContactEvent::Proved { method, .. }
            | ContactEvent::Failed { method, .. }
            | ContactEvent::Broke { method, .. }
            | ContactEvent::Unanswered { method, .. },
        ) => add(&method.address),
        Event::Alert(_)
        | Event::Person(_)
        | Event::Team(_)
        | Event::Rota(_)
        | Event::Policy(_)
        | Event::Service(_)
        | Event::Source(_)
        | Event::Override(_)
        | Event::Work(_)
        | Event::Token(_)
        | Event::Calendar(_)
        | Event::Contact(_)
        | Event::Change(_)
        | Event::Routes(_) => {}
    }
    texts
}

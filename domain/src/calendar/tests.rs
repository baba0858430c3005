use events::event::person::PersonEvent;
use events::event::rota::RotaEvent;
use events::{Cause, Event, EventId, PersonId, StreamId, Version};

use super::*;
use crate::blueprint::Blueprint;
use crate::directory::stream_of;
use crate::plan::imagined;

const SECRET: &str = "a secret that nobody guesses";

fn rota(name: &str) -> CalendarOf {
    CalendarOf::Rota(name.into())
}

fn opened(of: CalendarOf, secret: &str) -> CalendarOpened {
    CalendarOpened { of, secret_sha256: key_sha256(secret) }
}

/// A house with the rota `primary` and with Anna, who has the number 1.
fn house() -> Directory {
    let json = r#"{
        "people": { "anna": { "name": "Anna Rossi", "locale": "it", "time_zone": "Europe/Rome",
            "contacts": {}, "ladder": [] } },
        "rotas": { "primary": { "time_zone": "Europe/Berlin", "layers": [] } }
    }"#;
    let blueprint: Blueprint = serde_json::from_str(json).expect("a blueprint");
    imagined(&blueprint)
}

fn happened(directory: &mut Directory, stream: &StreamId, position: u64, event: impl Into<Event>) {
    directory.apply(&Entry {
        position: Position::from_raw(position),
        stream: stream.clone(),
        version: Version::NONE,
        id: EventId([0; 16]),
        at: Timestamp::default(),
        by: Author::House,
        cause: Cause::Deadline,
        directory: Position::START,
        event: event.into(),
    });
}

fn open(directory: &mut Directory, position: u64, of: &CalendarOf, secret: &str) {
    let stream = stream_of("calendar", name_of(of).as_str());
    happened(directory, &stream, position, CalendarEvent::Opened(opened(of.clone(), secret)));
}

fn shown<'d>(directory: &'d Directory, secret: &str) -> Option<&'d CalendarOf> {
    directory.calendars().with_secret(secret).map(|feed| &feed.of)
}

#[test]
fn a_calendar_is_opened_renewed_and_closed() {
    let (directory, now) = (house(), Timestamp::default());
    let mut calendar = Calendar::default();
    assert_eq!(
        calendar.decide(&CalendarCommand::Close, &directory, now),
        Err(CalendarRefusal::Unopened),
        "nothing to close"
    );
    for secret in ["one", "another"] {
        let wanted = opened(rota("primary"), secret);
        let events = calendar.decide(&CalendarCommand::Open(wanted.clone()), &directory, now);
        assert_eq!(events, Ok(vec![CalendarEvent::Opened(wanted.clone())]));
        calendar.evolve(&CalendarEvent::Opened(wanted.clone()), now);
        assert_eq!(calendar.opened(), Some(&wanted));
    }
    let events = calendar.decide(&CalendarCommand::Close, &directory, now);
    assert_eq!(events, Ok(vec![CalendarEvent::Closed]));
    calendar.evolve(&CalendarEvent::Closed, now);
    assert_eq!(calendar, Calendar::default());
}

#[test]
fn nobody_gets_a_calendar_of_what_is_not_there_nor_of_something_else() {
    let (directory, now) = (house(), Timestamp::default());
    let nobody = CalendarOf::Person(PersonId::from_bytes([9; 16]));
    for (of, refusal) in [
        (rota("secondary"), CalendarRefusal::UnknownRota("secondary".into())),
        (nobody, CalendarRefusal::UnknownPerson),
    ] {
        let command = CalendarCommand::Open(opened(of, SECRET));
        assert_eq!(Calendar::default().decide(&command, &directory, now), Err(refusal));
    }
    let other = Calendar { opened: Some(opened(rota("secondary"), "other")) };
    let command = CalendarCommand::Open(opened(rota("primary"), SECRET));
    assert_eq!(other.decide(&command, &directory, now), Err(CalendarRefusal::Taken));
}

#[test]
fn only_the_last_address_leads_anywhere() {
    let mut directory = house();
    let anna = CalendarOf::Person(*directory.people().keys().next().expect("Anna"));
    open(&mut directory, 100, &rota("primary"), "old");
    open(&mut directory, 101, &anna, "hers");
    open(&mut directory, 102, &rota("primary"), "new");
    assert_eq!(shown(&directory, "new"), Some(&rota("primary")));
    assert_eq!(shown(&directory, "hers"), Some(&anna));
    assert_eq!(shown(&directory, "old"), None);
    assert_eq!(shown(&directory, &key_sha256("new")), None, "the hash is no key");
    // What was taken in before does not come back.
    open(&mut directory, 100, &rota("primary"), "old");
    assert_eq!(shown(&directory, "old"), None);
    let stream = stream_of("calendar", name_of(&rota("primary")).as_str());
    happened(&mut directory, &stream, 103, CalendarEvent::Closed);
    assert_eq!(shown(&directory, "new"), None);
    assert_eq!(directory.calendars().open().len(), 1);
    open(&mut directory, 104, &rota("primary"), "newer");
    assert_eq!(shown(&directory, "newer"), Some(&rota("primary")));
}

#[test]
fn whoever_goes_takes_their_calendar_along_also_if_they_come_back() {
    let mut directory = house();
    let anna = *directory.people().keys().next().expect("Anna");
    let person = directory.people()[&anna].clone();
    let defined = directory.rotas()[&RotaId::from("primary")].clone();
    open(&mut directory, 100, &rota("primary"), "rota");
    open(&mut directory, 101, &CalendarOf::Person(anna), "person");
    let rota_stream = stream_of("rota", "primary");
    happened(&mut directory, &rota_stream, 102, RotaEvent::Removed);
    happened(&mut directory, &anna.stream(), 103, PersonEvent::Removed);
    happened(&mut directory, &rota_stream, 104, RotaEvent::Defined((*defined).clone()));
    happened(&mut directory, &anna.stream(), 105, PersonEvent::Defined((*person).clone()));
    assert_eq!((shown(&directory, "rota"), shown(&directory, "person")), (None, None));
    open(&mut directory, 106, &rota("primary"), "again");
    // A removal that was taken in before ends nothing that came later.
    happened(&mut directory, &rota_stream, 102, RotaEvent::Removed);
    assert_eq!(shown(&directory, "again"), Some(&rota("primary")));
}

#[test]
fn names_are_always_the_same_and_tell_things_apart() {
    assert_eq!(name_of(&rota("primary")), name_of(&rota("primary")));
    assert_ne!(name_of(&rota("primary")), name_of(&rota("secondary")));
    assert_eq!(name_of(&rota("primary")).as_str().len(), NAME_CHARS);
}

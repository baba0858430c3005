use events::event::person::PersonEvent;
use events::event::team::{TeamDefined, TeamEvent};
use events::{Author, Cause, Entry, Event, EventId, Position, Version};

use super::*;
use crate::agenda;
use crate::blueprint::Blueprint;
use crate::plan::imagined;
use crate::view::Board;

struct House {
    directory: Directory,
    contacts: Contacts,
    position: u64,
    now: Timestamp,
}

impl House {
    /// Anna with a pager and a phone, in a team that Bernd leads. It is a Monday, 08:00 in Berlin.
    fn new() -> Self {
        let json = r#"{
            "people": {
                "anna": { "name": "Anna", "locale": "de", "time_zone": "Europe/Berlin",
                    "contacts": { "pager": { "channel": "pager", "address": "7311", "via": null },
                                  "sms": { "channel": "sms", "address": "+4930111", "via": null } },
                    "ladder": [] },
                "bernd": { "name": "Bernd", "locale": "de", "time_zone": "Europe/Berlin",
                    "contacts": { "pager": { "channel": "pager", "address": "7312", "via": null } }, "ladder": [] }
            },
            "teams": { "ops": { "name": "Ops", "members": ["anna", "bernd"], "lead": "bernd" } }
        }"#;
        let blueprint: Blueprint = serde_json::from_str(json).expect("a blueprint");
        let now = Timestamp::parse_rfc3339("2026-11-23T07:00:00Z").expect("RFC 3339");
        Self { directory: imagined(&blueprint), contacts: Contacts::default(), position: 1_000, now }
    }

    fn person(&self, name: &str) -> PersonId {
        self.directory.person_called(name).expect("somebody").0
    }

    fn record(&mut self, stream: &StreamId, event: impl Into<Event>) {
        self.position += 1;
        self.directory.apply(&Entry {
            position: Position::from_raw(self.position),
            stream: stream.clone(),
            version: Version(1),
            id: EventId([0; 16]),
            at: self.now,
            by: Author::House,
            cause: Cause::Deadline,
            directory: Position::START,
            event: event.into(),
        });
    }

    fn ask(&mut self, command: &ContactCommand) -> Result<Vec<&'static str>, ContactRefusal> {
        let events = self.contacts.decide(command, &self.directory, self.now)?;
        for event in &events {
            self.contacts.evolve(event, self.now);
            let stream = Contacts::stream(self.person("anna"));
            self.record(&stream, event.clone());
        }
        Ok(events.iter().map(ContactEvent::kind).collect())
    }

    fn send(&mut self, code: &str) -> Result<Vec<&'static str>, ContactRefusal> {
        let person = self.person("anna");
        self.ask(&ContactCommand::SendCode { person, contact: "sms".into(), code: code.into() })
    }

    fn confirm(&mut self, code: &str) -> Result<Vec<&'static str>, ContactRefusal> {
        let person = self.person("anna");
        self.ask(&ContactCommand::Confirm { person, contact: "sms".into(), code: code.into() })
    }

    fn break_sms(&mut self) {
        let person = self.person("anna");
        let method = method_of(&self.directory, person, &"sms".into()).expect("a contact method");
        let alert = events::event::sample::alert();
        let sign = Sign::Fails(Failure::Refused(Reason::UnknownAddress));
        self.ask(&ContactCommand::See(Box::new(Seen { person, method, sign, alert }))).expect("no refusal");
    }

    fn pass(&mut self, minutes: u64) {
        self.now = self.now + Span::from_minutes(minutes);
    }

    fn standing(&self) -> &Standing {
        self.directory.standing(self.person("anna"), &"sms".into()).expect("a standing")
    }

    fn told(&self) -> Vec<(String, About)> {
        let tellings = agenda::tellings(&self.directory, &Board::default(), self.now);
        let named = |person| self.directory.slug(person).unwrap_or_default().to_owned();
        tellings.into_iter().map(|telling| (named(telling.person), telling.about)).collect()
    }

    fn test_pages(&mut self, every: Option<Span>) {
        let members = vec![self.person("anna")];
        let team = TeamDefined {
            name: "Ops".into(),
            members,
            time_zone: None,
            handovers: events::event::team::Handovers::Silent,
            lead: None,
            test_pages: every,
        };
        self.record(&"team-ops".into(), TeamEvent::Defined(team));
    }
}

use events::event::alert::About;

#[test]
fn a_code_that_comes_back_proves_and_verifies_and_counts_once() {
    let mut house = House::new();
    assert_eq!(house.confirm("482193"), Err(ContactRefusal::NoCode));
    assert_eq!(house.send("482193"), Ok(vec!["contact.code_sent"]));
    let told = house.told();
    assert!(
        matches!(&told[..], [(name, About::ContactCode { contact, .. })] if name == "anna" && contact.as_str() == "sms"),
        "{told:?}"
    );
    house.pass(1);
    assert_eq!(house.confirm("482193"), Ok(vec!["contact.proved"]));
    assert_eq!(house.standing().proved(), Some((house.now, Proof::Verified)));
    assert_eq!(house.standing().verified_at(), Some(house.now));
    assert_eq!(house.standing().counts_until(), Some(house.now + PROVED_WITHIN));
    assert_eq!(house.confirm("482193"), Err(ContactRefusal::NoCode), "once");
    assert_eq!(house.told(), [], "and it is not sent again");
}

#[test]
fn a_delivery_alone_does_not_count_before_the_person_has_shown_that_it_is_theirs() {
    let mut house = House::new();
    let person = house.person("anna");
    let method = method_of(&house.directory, person, &"sms".into()).expect("a contact method");
    let alert = events::event::sample::alert();
    let seen = Seen { person, method, sign: Sign::Works(Proof::Delivered), alert };
    house.ask(&ContactCommand::See(Box::new(seen))).expect("no refusal");
    assert!(house.standing().proved().is_some());
    assert_eq!(house.standing().counts_until(), None);
}

#[test]
fn a_code_counts_for_ten_minutes_and_five_mistakes() {
    let mut house = House::new();
    house.send("482193").expect("sent");
    house.pass(10);
    assert_eq!(house.confirm("482193"), Err(ContactRefusal::NoCode));
    house.send("482193").expect("sent");
    for _ in 0..CODE_TRIES_MAX {
        assert_eq!(house.confirm("111111"), Ok(vec!["contact.code_mistaken"]));
    }
    assert_eq!(house.confirm("482193"), Err(ContactRefusal::TooManyMistakes), "even the right one");
    house.send("555555").expect("sent");
    assert_eq!(house.confirm("482193"), Ok(vec!["contact.code_mistaken"]), "the one before ended");
    assert_eq!(house.confirm("555555"), Ok(vec!["contact.proved"]));
}

#[test]
fn nobody_is_pestered_with_codes() {
    let mut house = House::new();
    let first = house.now;
    for _ in 0..CODES_MAX {
        house.send("482193").expect("sent");
        house.pass(10);
    }
    assert_eq!(house.send("482193"), Err(ContactRefusal::TooManyCodes { again: first + CODES_WITHIN }));
    house.pass(30);
    assert!(house.send("482193").is_ok());
}

#[test]
fn a_code_is_worth_nothing_once_the_address_is_another() {
    let mut house = House::new();
    house.send("482193").expect("sent");
    let person = house.person("anna");
    let mut defined = PersonDefined::clone(&house.directory.people()[&person]);
    let contact = defined.contacts.get_mut("sms").expect("a contact");
    contact.address = Sealed::new(KeyOwner::Person(person), "+4930222".into());
    house.record(&person.stream(), PersonEvent::Defined(defined));
    assert_eq!(house.confirm("482193"), Err(ContactRefusal::NoCode));
    assert_eq!(house.told(), [], "nor is it sent to the new one");
    assert_eq!(
        house.ask(&ContactCommand::SendCode { person, contact: "fax".into(), code: "1".into() }),
        Err(ContactRefusal::Unknown)
    );
}

#[test]
fn a_broken_one_is_told_to_the_person_and_to_who_leads_the_team_for_an_hour() {
    let mut house = House::new();
    house.break_sms();
    let told = house.told();
    let expected = |name: &str, of: Option<&str>| {
        let (name, of) = (name.to_owned(), of.map(str::to_owned));
        told.iter().any(|(known, about)| {
            matches!(about, About::ContactBroken { of: whose, contact, .. }
                if *known == name && whose.as_ref().and_then(|whose| whose.open()).cloned() == of
                    && contact.as_str() == "sms")
        })
    };
    assert!(expected("anna", None) && expected("bernd", Some("Anna")), "{told:?}");
    assert_eq!(told.len(), 2);
    house.send("482193").expect("sent");
    assert_eq!(house.confirm("482193"), Ok(vec!["contact.proved", "contact.mended"]));
    assert_eq!(house.told(), [], "it works again: nothing to tell");
}

#[test]
fn a_test_page_that_nobody_answers_is_told_once_until_something_is_answered() {
    let mut house = House::new();
    let see = |house: &mut House, sign: Sign| {
        let person = house.person("anna");
        let method = method_of(&house.directory, person, &"sms".into()).expect("a contact method");
        let alert = events::event::sample::alert();
        house.ask(&ContactCommand::See(Box::new(Seen { person, method, sign, alert })))
    };
    assert_eq!(see(&mut house, Sign::Unanswered), Ok(vec!["contact.unanswered"]));
    let told = house.told();
    assert!(
        matches!(&told[..], [(name, About::ContactUnanswered { contact })]
            if name == "anna" && contact.as_str() == "sms"),
        "{told:?}"
    );
    assert_eq!(see(&mut house, Sign::Unanswered), Ok(vec![]), "the next day's");
    house.pass(61);
    assert_eq!(house.told(), [], "nor after an hour");
    assert_eq!(see(&mut house, Sign::Works(Proof::Delivered)), Ok(vec!["contact.proved"]));
    assert!(house.standing().unanswered_at().is_some(), "a text that arrived is no answer");
    assert_eq!(see(&mut house, Sign::Works(Proof::Acknowledged)), Ok(vec!["contact.proved"]));
    assert_eq!(house.standing().unanswered_at(), None);
    assert_eq!(see(&mut house, Sign::Unanswered), Ok(vec!["contact.unanswered"]), "it is news again");
    house.break_sms();
    assert_eq!(see(&mut house, Sign::Unanswered), Ok(vec![]), "that it is broken is told anyway");
}

#[test]
fn who_has_no_other_way_is_not_told_over_what_is_broken() {
    let mut house = House::new();
    let person = house.person("anna");
    let mut defined = PersonDefined::clone(&house.directory.people()[&person]);
    defined.ladder.retain(|rung| rung.contact.as_str() == "sms");
    house.record(&person.stream(), PersonEvent::Defined(defined));
    house.break_sms();
    let told: Vec<String> = house.told().into_iter().map(|(name, _)| name).collect();
    assert_eq!(told, ["bernd"]);
}

#[test]
fn test_pages_go_out_by_day_on_weekdays_once_a_day_until_all_is_proved() {
    let mut house = House::new();
    assert_eq!(agenda::test_pages(&house.directory, house.now), [], "nobody asked for them");
    house.test_pages(Some(Span::from_seconds(30 * 86_400)));
    let monday = house.now;
    let mut days: Vec<(u64, ContactId)> = Vec::new();
    for minutes in (0..7 * 24 * 60).step_by(30) {
        let now = monday + Span::from_minutes(minutes);
        for page in agenda::test_pages(&house.directory, now) {
            // 08:00 by the clock when the week began.
            let (day, hour) = ((minutes / 60 + 8) / 24, (minutes / 60 + 8) % 24);
            assert!((10..17).contains(&hour), "{hour}");
            if days.iter().all(|(known, _)| *known != day) {
                days.push((day, page.contact));
            }
        }
    }
    let on: Vec<u64> = days.iter().map(|(day, _)| *day).collect();
    assert_eq!(on, [0, 1, 2, 3, 4], "on Saturday and Sunday nobody");
    assert_ne!(days[0].1, days[1].1, "another one each day");

    let next = agenda::next(&house.directory, monday).expect("a moment");
    let page = agenda::test_pages(&house.directory, next).pop().expect("a test page is due then");
    house.now = next;
    let again = agenda::test_pages(&house.directory, next + Span::from_minutes(30)).pop();
    assert_eq!(again.map(|again| again.alert), Some(page.alert), "the same page, not a second one");
    for contact in ["sms", "pager"] {
        let person = house.person("anna");
        let method = method_of(&house.directory, person, &contact.into()).expect("a contact method");
        let proved = ContactEvent::Proved { method, by: Proof::Delivered };
        house.record(&Contacts::stream(person), proved);
    }
    assert_eq!(agenda::test_pages(&house.directory, next + Span::from_minutes(1)), [], "all is proved");
    let later = next + Span::from_seconds(30 * 86_400);
    let due = (0..4 * 24).any(|hours| {
        !agenda::test_pages(&house.directory, later + Span::from_minutes(hours * 60)).is_empty()
    });
    assert!(due, "and after thirty days they come again");
}

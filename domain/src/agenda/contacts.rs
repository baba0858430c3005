//! What people are told of contact methods: that one is broken, the code that proves one, and test pages by day.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;
use events::event::alert::About;
use events::event::person::PersonDefined;
use events::{AlertId, ContactId, DedupKey, PersonId, Sealed, Span, SymptomId, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{TOLD_WITHIN, telling};
use crate::alert::{TEST_SOURCE, Telling};
use crate::directory::Directory;
use crate::rota::wall;
use crate::standing::{Standing, has_another_way};

/// Test pages go out from 10:00 on, by the clock of whoever is paged.
const TESTS_FROM_HOUR: i64 = 10;
/// And before 16:00.
const TESTS_HOURS: i64 = 6;

/// A test page over one contact method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestPage {
    /// The alert that it becomes: one a day for each person.
    pub alert: AlertId,
    /// Who is paged.
    pub person: PersonId,
    /// By which contact method.
    pub contact: ContactId,
}

/// Whom to tell what of contact methods.
pub(super) fn tell(tellings: &mut Vec<Telling>, directory: &Directory, now: Timestamp) {
    for (person, contact, standing) in directory.standings() {
        if let Some(code) = standing.code(now) {
            let key = format!("contact {person} {contact} code {}", code.sent_at.as_micros());
            let (code, expires_at) = (code.code.clone(), code.expires_at);
            let about = About::ContactCode { contact: contact.clone(), code, expires_at };
            tellings.push(telling(&key, person, about));
        }
        let Some(defined) = directory.people().get(&person) else { continue };
        let method = defined.contacts.get(contact);
        let unanswered = standing.unanswered_at().filter(|&at| at + TOLD_WITHIN > now && method.is_some());
        if let Some(at) = unanswered.filter(|_| has_another_way(directory, person, defined, contact)) {
            let key = format!("contact {person} {contact} unanswered {}", at.as_micros());
            tellings.push(telling(&key, person, About::ContactUnanswered { contact: contact.clone() }));
        }
        let broken = standing.broken().filter(|broken| broken.since + TOLD_WITHIN > now);
        let Some((broken, method)) = broken.zip(method) else { continue };
        let about = |of: Option<Sealed<String>>| About::ContactBroken {
            of,
            contact: contact.clone(),
            channel: method.channel,
            why: broken.why,
        };
        let key = format!("contact {person} {contact} broke {}", broken.since.as_micros());
        if has_another_way(directory, person, defined, contact) {
            tellings.push(telling(&key, person, about(None)));
        }
        for lead in leads(directory, person) {
            tellings.push(telling(&format!("{key} {lead}"), lead, about(Some(defined.name.clone()))));
        }
    }
}

/// Who leads a team that somebody belongs to, without themselves.
fn leads(directory: &Directory, person: PersonId) -> BTreeSet<PersonId> {
    let teams = directory.teams().values().filter(|team| team.members.contains(&person));
    teams.filter_map(|team| team.lead).filter(|&lead| lead != person).collect()
}

/// The test pages whose time has come today.
pub fn tests(directory: &Directory, now: Timestamp) -> Vec<TestPage> {
    let due = tested(directory).filter_map(|(person, defined, every)| {
        let zone: Tz = defined.time_zone.parse().ok()?;
        let today = wall::shown(zone, now).date();
        let at = slot(person, zone, today)?;
        if now < at || at + TOLD_WITHIN <= now {
            return None;
        }
        let contact = unproved(directory, person, defined, every, at, today.num_days_from_ce())?;
        let key = DedupKey::from(format!("contact {person} {today}").as_str());
        let symptom = SymptomId::derive(&TEST_SOURCE.into(), &key);
        Some(TestPage { alert: AlertId { symptom, ordinal: 1 }, person, contact })
    });
    due.collect()
}

/// When the next test page may be due.
pub(super) fn next_test(directory: &Directory, now: Timestamp) -> Option<Timestamp> {
    let slots = tested(directory).filter_map(|(person, defined, _)| {
        let zone: Tz = defined.time_zone.parse().ok()?;
        let today = wall::shown(zone, now).date();
        // From a Friday to the Monday after it.
        let days = (0..=3).filter_map(|days| today.checked_add_days(Days::new(days)));
        days.filter_map(|day| slot(person, zone, day)).find(|&at| at > now)
    });
    slots.min()
}

/// Whom a team of theirs wants to be tested, and how often at least.
fn tested(directory: &Directory) -> impl Iterator<Item = (PersonId, &PersonDefined, Span)> {
    directory.people().iter().filter_map(|(&person, defined)| {
        let teams = directory.teams().values().filter(|team| team.members.contains(&person));
        let every = teams.filter_map(|team| team.test_pages).min()?;
        Some((person, &**defined, every))
    })
}

/// When somebody is tested on a day; never on a weekend. Each person has a time of their own, so that not everybody is
/// paged at the same moment.
fn slot(person: PersonId, zone: Tz, day: chrono::NaiveDate) -> Option<Timestamp> {
    if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        return None;
    }
    let digest = Sha256::digest(format!("{person} {day}"));
    let spread = i64::from(u16::from_be_bytes([digest[0], digest[1]])) % (TESTS_HOURS * 60);
    let at: NaiveDateTime = day.and_time(NaiveTime::MIN) + TimeDelta::minutes(TESTS_FROM_HOUR * 60 + spread);
    wall::first_instant(zone, at)
}

/// The contact method that is tested on a day: of those that have not proved themselves for long, another one each day.
fn unproved(
    directory: &Directory,
    person: PersonId,
    defined: &PersonDefined,
    every: Span,
    at: Timestamp,
    day: i32,
) -> Option<ContactId> {
    let on_ladder: BTreeSet<&ContactId> = defined.ladder.iter().map(|rung| &rung.contact).collect();
    let is_due = |contact: &&ContactId| {
        let is_readable =
            defined.contacts.get(*contact).is_some_and(|method| method.address.open().is_some());
        let standing = directory.standing(person, contact);
        let works = standing.filter(|standing| standing.broken().is_none());
        let proved = works.and_then(Standing::proved).map(|(proved_at, _)| proved_at);
        is_readable && proved.is_none_or(|proved_at| proved_at + every <= at)
    };
    let due: Vec<&ContactId> = on_ladder.into_iter().filter(is_due).collect();
    let place = usize::try_from(day).unwrap_or_default().checked_rem(due.len())?;
    due.get(place).map(|contact| (*contact).clone())
}

//! People: how they can be reached.

use super::Check;
use crate::blueprint::limit;
use crate::blueprint::mistake::What;
use crate::blueprint::nearest::nearest;
use crate::blueprint::place::Path;
use crate::blueprint::{ContactPlan, PersonPlan, RungPlan};

/// The digits of a phone number in E.164 form after the `+`. Source: ITU-T E.164 (at most 15); nobody can be called
/// at fewer than 8 from abroad.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

pub(super) fn check(check: &mut Check<'_>) {
    for (name, person) in &check.blueprint.people {
        self::person(check, &Path::of(["people", name]), person);
    }
}

fn person(check: &mut Check<'_>, path: &Path, person: &PersonPlan) {
    check.name(&path.key("name"), &person.name);
    check.time_zone(&path.key("time_zone"), &person.time_zone);
    let contacts = path.key("contacts");
    check.count(&contacts, person.contacts.len(), limit::CONTACTS_PER_PERSON_MAX);
    for (name, contact) in &person.contacts {
        check.id(&contacts.key(name), name);
        self::contact(check, &contacts.key(name), contact);
        let used = person.ladder.is_empty() || person.ladder.iter().any(|rung| rung.contact == *name);
        if !used {
            check.say(&contacts.key(name), What::ContactUnused { contact: name.clone() });
        }
    }
    let ladder = path.key("ladder");
    check.count(&ladder, person.ladder.len(), limit::RUNGS_PER_LADDER_MAX);
    for (at, rung) in person.ladder.iter().enumerate() {
        self::rung(check, &ladder.index(at), person, rung);
    }
}

fn contact(check: &mut Check<'_>, path: &Path, contact: &ContactPlan) {
    if let Some(wrong) = (check.addresses)(contact.channel, &contact.address) {
        check.say(&path.key(contact.channel.as_str()), wrong);
    }
    if let Some(via) = &contact.via {
        check.id(&path.key("via"), via);
    }
}

fn rung(check: &mut Check<'_>, path: &Path, person: &PersonPlan, rung: &RungPlan) {
    if !person.contacts.contains_key(&rung.contact) {
        let near = nearest(&rung.contact, person.contacts.keys().map(String::as_str)).map(str::to_owned);
        check.say(&path.key("contact"), What::UnknownContact { contact: rung.contact.clone(), near });
    }
    check.span(&path.key("after"), rung.after);
    check.span(&path.key("every"), rung.every);
    check.at_most(&path.key("attempts"), rung.attempts, limit::ATTEMPTS_PER_RUNG_MAX);
    if rung.attempts == 0 {
        check.say(&path.key("attempts"), What::Zero { field: "attempts", example: "1" });
    }
    if rung.attempts > 1 && rung.every.is_zero() {
        check.say(&path.key("every"), What::Zero { field: "every", example: "2m" });
    }
}

/// E.164 form and nothing more: `+`, then 8 to 15 digits of which the first is not 0.
pub fn is_phone_number(address: &str) -> bool {
    address.strip_prefix('+').is_some_and(|digits| {
        PHONE_DIGITS.contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

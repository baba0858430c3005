//! What the house tells a person, in a sentence: that their turn begins or is over, that their work ends, that a
//! contact method does not work.

use events::event::alert::{About, Handover};
use events::event::contact::Failure;
use events::event::outcome::Reason;
use events::{AlertId, Sealed, Timestamp};
use i18n::{Locale, Message as _, format, page};

use super::{NO_NAME, local_time};
use crate::line::Line;

/// A name in it has no more characters.
const NAME_CHARS_MAX: usize = 60;

/// What is told, for a reader in this zone near this moment.
pub fn message(locale: Locale, zone: &str, about: &About, near: Timestamp) -> String {
    let time = |moment: Timestamp| local_time(locale, zone, moment, near);
    match about {
        About::ShiftBegins(Handover { rota, until, others, open, asks, .. }) => {
            let (rota, until) = (rota.as_str(), time(*until));
            let said = match names(locale, others) {
                Some(others) if asks.is_some() => {
                    page::ShiftBeginsAsked { rota, until: &until, others: &others }.render(locale)
                }
                None => page::ShiftBegins { rota, until: &until }.render(locale),
                Some(others) => {
                    page::ShiftBeginsAfter { rota, until: &until, others: &others }.render(locale)
                }
            };
            format!("{said} {}", codes(locale, open))
        }
        About::ShiftEnds(Handover { rota, others, open, .. }) => {
            let rota = rota.as_str();
            let said = match names(locale, others) {
                None => page::ShiftEndsNobody { rota }.render(locale),
                Some(others) => page::ShiftEnds { rota, others: &others }.render(locale),
            };
            format!("{said} {}", codes(locale, open))
        }
        About::ShiftStays(Handover { rota, open, .. }) => {
            let said = page::ShiftStays { rota: rota.as_str() }.render(locale);
            format!("{said} {}", codes(locale, open))
        }
        About::WorkEnds { work, what, ends_at } => {
            let (what, until) = (named(what), time(*ends_at));
            page::WorkEnds { what: &what, until: &until, id: work.as_str() }.render(locale)
        }
        About::WorkOver { name, what, taken, open, .. } => {
            let (what, worker) = (named(what), named(name));
            let count = i64::from(*taken);
            let said = page::WorkTaken { what: &what, worker: &worker, count }.render(locale);
            format!("{said} {}", codes(locale, open))
        }
        About::ContactBroken { of, contact, why, .. } => {
            let (contact, why) = (contact.as_str(), failure(locale, *why));
            match of {
                None => page::ContactBroken { contact, why: &why }.render(locale),
                Some(of) => page::ContactBrokenOf { person: &named(of), contact, why: &why }.render(locale),
            }
        }
        About::ContactUnanswered { contact } => {
            page::ContactUnanswered { contact: contact.as_str() }.render(locale)
        }
        About::ContactCode { contact, code, expires_at } => {
            let (code, until) = (named(code), time(*expires_at));
            page::ContactCode { contact: contact.as_str(), code: &code, until: &until }.render(locale)
        }
    }
}

/// Why a contact method is broken, in a few words.
pub fn failure(locale: Locale, why: Failure) -> String {
    match why {
        Failure::Refused(Reason::UnknownAddress) => page::ContactUnknown.render(locale),
        Failure::Refused(_) => page::ContactRefused.render(locale),
        Failure::Undelivered => page::ContactUndelivered.render(locale),
    }
}

fn named(text: &Sealed<String>) -> String {
    let line = Line::new(text.open().map_or(NO_NAME, String::as_str)).cut(NAME_CHARS_MAX);
    if line.is_empty() { NO_NAME.to_owned() } else { line.to_string() }
}

/// People as a list; none when there are none.
fn names(locale: Locale, people: &[Sealed<String>]) -> Option<String> {
    let names: Vec<String> = people.iter().map(named).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| format::list(locale, &names))
}

fn codes(locale: Locale, open: &[AlertId]) -> String {
    if open.is_empty() {
        return page::NothingOpen.render(locale);
    }
    let codes: Vec<String> = open.iter().map(|alert| alert.code().to_string()).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    page::StillOpen { codes: &format::list(locale, &codes) }.render(locale)
}

#[cfg(test)]
mod tests {
    use events::event::sample;
    use events::{KeyOwner, PersonId};

    use super::*;

    fn sealed(text: &str) -> Sealed<String> {
        Sealed::new(KeyOwner::Person(PersonId::from_bytes([1; 16])), text.to_owned())
    }

    #[test]
    fn everything_is_said_in_every_language_and_fits_a_text_message() {
        let code = sample::alert().code();
        let handover = |others: &[&str], open: Vec<AlertId>| Handover {
            rota: "primary".into(),
            at: sample::at(0),
            until: sample::at(604_800),
            others: others.iter().map(|name| sealed(name)).collect(),
            open,
            asks: None,
        };
        let asked = Handover { asks: Some("7k3mq2xa".into()), ..handover(&["Anna"], Vec::new()) };
        let broken = |of: Option<&str>, why| About::ContactBroken {
            of: of.map(sealed),
            contact: "sms".into(),
            channel: events::event::person::ChannelKind::SMS,
            why,
        };
        let work_ends =
            About::WorkEnds { work: "7k3mq2xa".into(), what: sealed("new disks"), ends_at: sample::at(900) };
        let work_over = About::WorkOver {
            work: "7k3mq2xa".into(),
            name: sealed("Bernd"),
            what: Sealed::Shut,
            taken: 3,
            open: vec![sample::alert()],
        };
        for (about, english) in [
            (
                About::ShiftBegins(handover(&["Anna", "Bernd"], vec![sample::alert()])),
                format!("You are on call in primary until Sun 29 Nov, 04:10, after Anna and Bernd. Open: {code}."),
            ),
            (
                About::ShiftBegins(handover(&[], Vec::new())),
                "You are on call in primary until Sun 29 Nov, 04:10. Nothing is open.".to_owned(),
            ),
            (
                About::ShiftEnds(handover(&["Anna"], Vec::new())),
                "Your turn in primary is over, Anna is on call now. Nothing is open.".to_owned(),
            ),
            (
                About::ShiftEnds(handover(&[], Vec::new())),
                "Your turn in primary is over, and nobody is on call after you. Nothing is open.".to_owned(),
            ),
            (
                About::ShiftBegins(asked.clone()),
                "You are on call in primary until Sun 29 Nov, 04:10. Anna stays on call as well until you say that you have it. Nothing is open.".to_owned(),
            ),
            (
                About::ShiftStays(asked),
                "Your turn in primary is over, but you stay on call until whoever comes after you has taken over. Nothing is open.".to_owned(),
            ),
            (
                work_ends,
                "Your planned work \"new disks\" ends at 04:25; what still fires then goes to on call. If you need longer: hotpotato work extend 7k3mq2xa --by 30m".to_owned(),
            ),
            (
                work_over,
                format!("The planned work \"-\" of Bernd is over; it had taken 3 alerts. Open: {code}."),
            ),
            (
                broken(None, Failure::Refused(Reason::UnknownAddress)),
                "Your contact sms does not work: the provider does not know the address. It is skipped until it works again; check it, then: hotpotato contact verify".to_owned(),
            ),
            (
                broken(Some("Anna\r\nRossi"), Failure::Undelivered),
                "Contact sms of Anna Rossi does not work: nothing that was sent arrived. It is skipped until it works again.".to_owned(),
            ),
            (
                About::ContactUnanswered { contact: "sms".into() },
                "Nobody answered the test page over your contact sms. If it never came, check the contact, then: hotpotato contact verify".to_owned(),
            ),
            (
                About::ContactCode { contact: "sms".into(), code: sealed("482193"), expires_at: sample::at(600) },
                "482193 is the code for your contact sms, until 04:20. Confirm it: hotpotato contact confirm".to_owned(),
            ),
        ] {
            let said = |locale| message(locale, "Europe/Berlin", &about, sample::at(0));
            assert_eq!(said(Locale::En), english);
            for locale in Locale::ALL {
                assert!(i18n::gsm7::septets(&said(locale)).is_some(), "{}", said(locale));
            }
        }
    }
}

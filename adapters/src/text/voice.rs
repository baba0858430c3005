//! Words for a call: what a synthetic voice says right in each language.

use chrono::{Datelike as _, NaiveTime, Timelike as _};
use chrono_tz::Tz;
use domain::port::{Dispatch, Notice};
use events::{Code, Timestamp};
use i18n::{Locale, Message as _, page, voice};

use super::{Parts, Text};
use crate::line::{Line, cut};

/// Characters of a summary that are spoken: some twenty seconds.
pub const SUMMARY_CHARS_MAX: usize = 300;
/// Characters of a service's name that are spoken.
pub const NAME_CHARS_MAX: usize = 80;
/// Characters of all that is spoken before the keys are named: about a minute.
pub const CHARS_MAX: usize = 900;
/// What stands where something was left out. No sign: it would be read aloud.
const NO_MARK: &str = "";

/// Puts a notice into words that are heard. No link: nobody can tap what they hear. The keys are named by whoever
/// builds the call, after this.
pub fn voice(dispatch: &Dispatch, notice: &Notice) -> Text {
    let parts = Parts::new(dispatch, notice);
    let (locale, code) = (parts.locale, spelled(notice.code));
    let service = speakable(locale, parts.service.as_str(), NAME_CHARS_MAX);
    let summary = speakable(locale, parts.summary.as_str(), SUMMARY_CHARS_MAX);
    let when = spoken_time(locale, &dispatch.time_zone, notice.raised_at, dispatch.expires_at);
    let said = if notice.message.is_some() {
        voice::Told { text: &summary }.render(locale)
    } else if notice.test {
        voice::Test { code: &code }.render(locale)
    } else if notice.reference_only {
        voice::ReferenceOnly { code: &code, service: &service, when: &when }.render(locale)
    } else {
        let (service, severity, when) = (service.as_str(), parts.severity.as_str(), when.as_str());
        voice::Alert { code: &code, summary: &summary, service, severity, when }.render(locale)
    };
    let repeat = parts.repeat.then(|| page::Repeat.render(locale));
    let late = parts.late.as_deref().map(|span| page::Late { span }.render(locale));
    let work = parts.work.map(|work| speakable(locale, &work, SUMMARY_CHARS_MAX));
    let sentences = [Some(said), work, repeat, late].into_iter().flatten();
    let body = Line::new(&sentences.collect::<Vec<String>>().join(" "));
    Text { body: cut(body.as_str(), CHARS_MAX, NO_MARK, |_| 1), ..Text::default() }
}

/// A code as it is spelled, so that no voice takes it for a word or a number: `K, 7, M, 2, Q`.
pub fn spelled(code: Code) -> String {
    let letters: Vec<String> = code.to_string().chars().map(String::from).collect();
    letters.join(", ")
}

/// What can be said aloud of a text: no addresses, no end that doubles the sentence's own, bounded.
fn speakable(locale: Locale, text: &str, chars_max: usize) -> String {
    let link = voice::Link.render(locale);
    let is_address = |word: &str| word.contains("://") || word.starts_with("www.");
    let words = text.split(' ').map(|word| if is_address(word) { link.as_str() } else { word });
    let said = words.collect::<Vec<&str>>().join(" ");
    cut(said.trim_end_matches(['.', ' ']), chars_max, NO_MARK, |_| 1)
}

/// A moment in the person's zone with the words of the hour: `3 Uhr 10`; with the day on any other day than `near`.
fn spoken_time(locale: Locale, zone: &str, moment: Timestamp, near: Timestamp) -> String {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let local = moment.to_utc().with_timezone(&zone).naive_local();
    let time = hour(locale, local.time());
    if near.to_utc().with_timezone(&zone).date_naive() == local.date() {
        return time;
    }
    let month = voice::Month { number: local.month().into() }.render(locale);
    voice::Day { day: &local.day().to_string(), month: &month, time: &time }.render(locale)
}

fn hour(locale: Locale, time: NaiveTime) -> String {
    let hour = time.hour().to_string();
    if time.minute() == 0 {
        return voice::Hour { hour: &hour }.render(locale);
    }
    let minute = match locale {
        // `3:05` is "three oh five".
        Locale::En => format!("{:02}", time.minute()),
        Locale::De | Locale::It => time.minute().to_string(),
    };
    voice::Minute { hour: &hour, minute: &minute }.render(locale)
}

#[cfg(test)]
mod tests {
    use events::Span;
    use events::event::Language;
    use events::event::person::ChannelKind;

    use super::*;
    use crate::text::sample::{at, dispatch, notice};

    fn said(language: Language, notice: &Notice) -> String {
        voice(&dispatch(ChannelKind::VOICE, "+49", language, notice), notice).body
    }

    #[test]
    fn a_call_says_code_and_problem_then_where_and_since_when() {
        let notice = notice("Checkout answers 500.");
        for (language, expected) in [
            (
                Language::En,
                "This is Hot Potato. Alert K, 7, M, 2, Q. Checkout answers 500. Service Web shop, severity critical, since 3:10.",
            ),
            (
                Language::De,
                "Hier ist Hot Potato. Alarm K, 7, M, 2, Q. Checkout answers 500. Dienst Web shop, Schweregrad kritisch, seit 3 Uhr 10.",
            ),
            (
                Language::It,
                "Qui Hot Potato. Allarme K, 7, M, 2, Q. Checkout answers 500. Servizio Web shop, gravità: critico, inizio: ore 3 e 10.",
            ),
        ] {
            assert_eq!(said(language, &notice), expected);
        }
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        let near = at("2026-11-22T02:11:00Z");
        for (moment, expected) in [
            ("2026-11-22T02:10:00Z", ["3:10", "3 Uhr 10", "ore 3 e 10"]),
            ("2026-11-22T02:05:59Z", ["3:05", "3 Uhr 5", "ore 3 e 5"]),
            ("2026-11-22T02:00:00Z", ["3:00", "3 Uhr", "ore 3"]),
            ("2026-11-21T23:00:00Z", ["0:00", "0 Uhr", "ore 0"]),
            (
                "2026-11-21T22:59:00Z",
                ["November 21, 23:59", "21. November, 23 Uhr 59", "21 novembre, ore 23 e 59"],
            ),
        ] {
            for (locale, expected) in Locale::ALL.into_iter().zip(expected) {
                assert_eq!(spoken_time(locale, "Europe/Berlin", at(moment), near), expected);
            }
        }
        assert_eq!(spoken_time(Locale::En, "Nowhere", near, near), "2:11");
    }

    #[test]
    fn addresses_are_not_spelled_out() {
        let mut notice = notice("see https://wiki.example/a?b=c#d and www.example.com now");
        notice.runbook = Some("https://wiki.example/shop".to_owned());
        for language in [Language::En, Language::De, Language::It] {
            let text = said(language, &notice).to_lowercase();
            assert!(text.contains("see link and link now."), "{text}");
            assert!(!text.contains("://") && !text.contains("example"), "{text}");
        }
    }

    #[test]
    fn what_is_endless_or_dangerous_is_said_in_a_minute_and_on_one_line() {
        let mut notice = notice(&"disk\r\nfull\u{0} ".repeat(999));
        notice.service = Some("s\n".repeat(999));
        notice.repeat = true;
        notice.late = Some(Span::from_seconds(240));
        for language in [Language::En, Language::De, Language::It] {
            let text = said(language, &notice);
            assert!(text.chars().count() <= CHARS_MAX, "{text}");
            assert!(!text.contains(char::is_control) && text.contains("disk full disk"), "{text}");
            let late = ["4 min late.", "4 min zu spät.", "4 min di ritardo."];
            assert!(late.iter().any(|late| text.ends_with(late)), "{text}");
        }
    }

    #[test]
    fn references_and_tests_say_no_alert_text() {
        let mut notice = notice("secret thing");
        notice.reference_only = true;
        for language in [Language::En, Language::De, Language::It] {
            let text = said(language, &notice);
            assert!(text.contains("K, 7, M, 2, Q") && text.contains("Web shop"), "{text}");
            assert!(!text.contains("secret"), "{text}");
        }
        notice.test = true;
        assert!(said(Language::De, &notice).contains("Probeanruf"), "{notice:?}");
        assert!(!said(Language::De, &notice).contains("secret"), "{notice:?}");
    }
}

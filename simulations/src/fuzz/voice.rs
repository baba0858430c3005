//! What Twilio tells and asks during a call, and what it is told to do.
//!
//! Input: a line with the status of a call, one with who answered, one with keys, then what is wrong, in anybody's
//! words.

use adapters::channel::voice::callback::{Answerer, Key, call_status};
use adapters::channel::voice::twiml;
use adapters::text::voice;
use events::event::Language;
use events::event::outcome::DeliveryStatus;
use i18n::Locale;

use super::{shape, text};
use crate::stand_in::twilio::twiml::{self as heard, Verb};

const KEY_ADDRESS: &str = "https://house.example/callbacks/twilio/voice/key?attempt=a.1.1&x=<\"'>";

/// What is told, and what is said.
pub fn callback(mut input: &[u8]) {
    let status = shape::lossy(shape::line(&mut input)).into_owned();
    let answered_by = shape::lossy(shape::line(&mut input)).into_owned();
    let digits = shape::text(&mut input);
    let alert = shape::text(&mut input);

    let answerer = Answerer::read(Some(&answered_by));
    let machine = matches!(answerer, Answerer::Machine | Answerer::Fax);
    assert!(!machine || answered_by.starts_with("machine") || answered_by == "fax", "{answered_by:?}");
    let (reached, words) = answerer.status();
    assert_eq!(reached == DeliveryStatus::Delivered, answered_by == "human", "only a person is a person");
    assert_eq!(machine, !words.is_empty());
    if let Some((delivery, words)) = call_status(&status, answerer) {
        assert!(status.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{status:?}");
        assert!(delivery < DeliveryStatus::Delivered, "no status of a call says that a person heard it");
        assert_eq!(delivery == DeliveryStatus::Undelivered, !words.is_empty(), "what failed says why");
    }
    let key = Key::read(&digits);
    let trimmed = digits.trim();
    assert_eq!(key == Key::Take, trimmed == Key::TAKE, "nothing else takes an alert: {digits:?}");
    assert_eq!(key == Key::PassOn, trimmed == Key::PASS_ON, "nothing else passes it on: {digits:?}");

    let languages = [(Language::En, Locale::En), (Language::De, Locale::De), (Language::It, Locale::It)];
    for (language, locale) in languages {
        let spoken = |summary: &str, service: &str| {
            let (dispatch, notice) = text::plain(language, service, summary);
            voice(&dispatch, &notice).body
        };
        let strange = spoken(&alert, &digits);
        check_asked(locale, &strange, &spoken("Disk full", "Web shop"));
        let verbs = read(&twiml::said(locale, &strange));
        assert!(matches!(verbs.as_slice(), [Verb::Say { .. }, Verb::Hangup]), "{verbs:?}");
    }
}

/// Whatever stands in an alert is said; it commands nothing, and the key goes where it belongs.
fn check_asked(locale: Locale, alert: &str, plain: &str) {
    let (strange, plain) = (read(&asked(locale, alert)), read(&asked(locale, plain)));
    let shapes = |verbs: &[Verb]| verbs.iter().map(std::mem::discriminant).collect::<Vec<_>>();
    assert_eq!(shapes(&strange), shapes(&plain), "{alert:?} is no command");
    let gathers = strange.iter().filter_map(|verb| match verb {
        Verb::Gather { action, prompt } => Some((action, prompt)),
        Verb::Say { .. } | Verb::Pause(_) | Verb::Hangup => None,
    });
    for (action, prompt) in gathers {
        assert_eq!(action, KEY_ADDRESS);
        assert!(prompt.iter().all(|verb| matches!(verb, Verb::Say { .. } | Verb::Pause(_))), "{prompt:?}");
        assert_eq!(prompt.len(), 5, "the alert and the keys, twice: {prompt:?}");
    }
}

fn asked(locale: Locale, alert: &str) -> String {
    twiml::asked(locale, alert, true, KEY_ADDRESS)
}

/// As the stand-in reads it, which was written from Twilio's documentation.
fn read(document: &str) -> Vec<Verb> {
    heard::read(document).unwrap_or_else(|mistake| panic!("{mistake}: {document:?}"))
}

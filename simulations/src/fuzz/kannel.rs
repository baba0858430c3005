//! What a gateway in the style of Kannel answers, and what it tells later.
//!
//! Input of answers: a line `STATUS RETRY-AFTER`, then the body. Input of what comes later: a line with a type of
//! report, one with words of a network, one with the name of an alphabet, then anything at all as a query.

use adapters::channel::Secret;
use adapters::channel::kannel::callback::{self, NotBelieved};
use adapters::channel::kannel::incoming;
use adapters::channel::kannel::{KannelConfig, conclude};
use adapters::http::Request;
use adapters::link::LinkKey;
use adapters::text::Text;
use events::event::outcome::Outcome;
use events::{AlertId, AttemptId, SymptomId};

use super::claim::{is_one_line, is_within};
use super::provider::{check_report, response};
use super::shape;

/// The most that is kept of what a network said.
const WORDS_CHARS_MAX: usize = 200;
/// The longest number of a sender, and of a message.
const NUMBER_CHARS_MAX: usize = 32;
const ID_CHARS_MAX: usize = 64;

/// What a gateway answers to a message.
pub fn answer(input: &[u8]) {
    let response = response(input);
    let password = "s3&cret";
    let config = KannelConfig::new("modem", "http://k/", "house", Secret::new(password));
    let request = Request { url: "http://k/".to_owned(), basic: None, form: Vec::new() };
    let status = response.status;
    let report = conclude(&config, &request, &Text::default(), Ok(response.clone()));
    assert_eq!(report, conclude(&config, &request, &Text::default(), Ok(response)));
    check_report(&report);
    assert_eq!(report.receipt, None, "a gateway gives no number");
    assert!(!report.detail.contains(password), "{}", report.detail);
    assert!(report.outcome != Outcome::Accepted || (200..=299).contains(&status), "taken with 2xx only");
    assert!(
        !matches!(report.outcome, Outcome::Failed { .. }) || matches!(status, 429 | 503),
        "what may have been sent has not failed"
    );
}

/// What a gateway tells later: reports, and what people write.
pub fn callback(mut input: &[u8]) {
    let kind = shape::lossy(shape::line(&mut input)).into_owned();
    let words = shape::lossy(shape::line(&mut input)).into_owned();
    let charset = shape::lossy(shape::line(&mut input)).into_owned();
    let query = shape::lossy(input).into_owned();
    reported(&kind, &words, &query);
    written(&words, &charset, &query);
}

fn reported(kind: &str, words: &str, query: &str) {
    let key = LinkKey::new([7; 32]);
    let symptom = SymptomId::derive(&"prometheus".into(), &"79e8dde02c787fae".into());
    let attempt = AttemptId { alert: AlertId { symptom, ordinal: 1 }, page: 1, attempt: 2 };
    let right = callback::key(&key, "modem", &attempt);
    let about =
        |key: &str| format!("attempt={attempt}&key={key}&type={}&answer={}", encoded(kind), encoded(words));
    let read = |query: &str| callback::read(&key, "modem", query);
    match read(&about(&right)) {
        Ok(report) => {
            assert_eq!(report.attempt, attempt);
            assert_eq!(report.status, callback::delivery_status(kind), "{kind:?}");
            is_one_line(&report.words, "what a network said");
            is_within(&report.words, WORDS_CHARS_MAX, "what a network said");
        }
        Err(error) => {
            assert_eq!(error, NotBelieved::TooLong);
            assert!(about(&right).len() > callback::QUERY_BYTES_MAX);
        }
    }
    for at in 0..right.len() {
        let mut forged = right.clone().into_bytes();
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        assert!(read(&about(&shape::lossy(&forged))).is_err(), "a letter changed at {at}");
    }
    assert!(callback::read(&key, "other", &about(&right)).is_err(), "another channel");
    assert!(read(query).is_err() || query.contains(&right), "nobody guesses a key");
}

fn written(words: &str, charset: &str, query: &str) {
    let key = Secret::new("a-key-of-the-gateway");
    let rest = format!("text={}&charset={}&{query}", encoded(words), encoded(charset));
    assert!(incoming::read(&key, &rest).is_err() || rest.contains("key="), "nobody is heard without a key");
    let Ok(message) = incoming::read(&key, &format!("key=a-key-of-the-gateway&{rest}&from=%2B39")) else {
        return;
    };
    assert!(!message.from.is_empty(), "somebody wrote it");
    for (text, chars_max) in [
        (&message.from, NUMBER_CHARS_MAX),
        (&message.id, ID_CHARS_MAX),
        (&message.text, incoming::TEXT_CHARS_MAX),
    ] {
        assert!(!text.contains(char::is_control), "{text:?}");
        is_within(text, chars_max, "a part of a message");
    }
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| encoded + &format!("%{byte:02X}"))
}

//! What a gateway tells us later: was it told to, and what does it say?
//!
//! Kannel signs nothing. It asks for the address that we gave it with the message, so the address holds a key that
//! only the house can make, for this attempt alone.
//!
//! Source: Kannel's user guide 1.4.5, "SMS Delivery Reports" and the table of escape codes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use events::AttemptId;
use events::event::outcome::DeliveryStatus;
use subtle::ConstantTimeEq as _;

use crate::line::Line;
use crate::link::LinkKey;

/// What a report's key is for; no link in a page is signed for that.
const PURPOSE: &[u8] = b"hotpotato kannel report 1\0";
/// The longest query that is read. An address of ours has some 200 characters, and a receipt of a network no more.
pub const QUERY_BYTES_MAX: usize = 8 * 1024;
/// The most that is kept of what the network said.
const WORDS_CHARS_MAX: usize = 200;
/// What Kannel writes before the words of a network that took a message.
const TAKEN: &str = "ACK/";

/// The key in the address to which reports about an attempt go, over this channel.
pub fn key(links: &LinkKey, channel: &str, attempt: &AttemptId) -> String {
    URL_SAFE_NO_PAD.encode(links.sign(PURPOSE, &format!("{channel}\0{attempt}")))
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusReport {
    /// Which attempt.
    pub attempt: AttemptId,
    /// What became of it; none for what is no status that we know.
    pub status: Option<DeliveryStatus>,
    /// In the network's words, in one line; empty when it says nothing.
    pub words: String,
}

/// Why a report is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBelieved {
    /// The query is longer than [`QUERY_BYTES_MAX`].
    #[error("the address is too long: {QUERY_BYTES_MAX} bytes after the question mark are read")]
    TooLong,
    /// It is about no attempt.
    #[error("`attempt` names no attempt: use the address that was given with the message")]
    NoAttempt,
    /// The key is not the one for this attempt over this channel.
    #[error("`key` is not the one for this attempt: use the address that was given with the message")]
    WrongKey,
}

/// Reads a report out of the query of its address, `attempt=…&key=…&type=1&answer=…`.
///
/// A key proves that the report comes to the address that we gave, not when: the same one may come again.
///
/// # Errors
/// See [`NotBelieved`].
pub fn read(links: &LinkKey, channel: &str, query: &str) -> Result<StatusReport, NotBelieved> {
    if query.len() > QUERY_BYTES_MAX {
        return Err(NotBelieved::TooLong);
    }
    let fields = fields(query);
    let field = |name: &str| {
        let found = fields.iter().find(|(known, _)| known == name.as_bytes());
        found.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).unwrap_or_default()
    };
    let attempt: AttemptId = field("attempt").parse().map_err(|_| NotBelieved::NoAttempt)?;
    let right = key(links, channel, &attempt);
    if !bool::from(right.as_bytes().ct_eq(field("key").as_bytes())) {
        return Err(NotBelieved::WrongKey);
    }
    let answer = field("answer");
    let words = Line::new(answer.strip_prefix(TAKEN).unwrap_or(&answer)).cut(WORDS_CHARS_MAX);
    Ok(StatusReport { attempt, status: delivery_status(&field("type")), words: words.to_string() })
}

/// What a type of report means; `None` for what is none.
///
/// A status never goes backwards, but its reports may come in any order: keep the largest.
pub fn delivery_status(kind: &str) -> Option<DeliveryStatus> {
    Some(match kind {
        "1" => DeliveryStatus::Delivered,
        "2" | "16" => DeliveryStatus::Undelivered,
        "4" => DeliveryStatus::Queued,
        "8" => DeliveryStatus::Sent,
        _ => return None,
    })
}

/// The fields of a query, in order, as bytes: not everything that a gateway passes on is UTF-8. Broken escapes are
/// taken as they stand.
fn fields(query: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(a, b)| (decode(a), decode(b)))
        .collect()
}

fn decode(text: &str) -> Vec<u8> {
    let mut rest = text.as_bytes();
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = if first == b'%' { tail.get(..2).and_then(hex) } else { None };
        rest = if escaped.is_some() { &tail[2..] } else { tail };
        bytes.push(escaped.unwrap_or(if first == b'+' { b' ' } else { first }));
    }
    bytes
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    Some(digit(digits[0])? * 16 + digit(digits[1])?)
}

#[cfg(test)]
mod tests {
    use events::{AlertId, SymptomId};

    use super::*;

    const LINKS: LinkKey = LinkKey::new([7; 32]);

    fn attempt(number: u32) -> AttemptId {
        let symptom = SymptomId::derive(&"prometheus".into(), &"79e8dde02c787fae".into());
        AttemptId { alert: AlertId { symptom, ordinal: 1 }, page: 1, attempt: number }
    }

    fn query(rest: &str) -> String {
        format!("attempt={}&key={}&{rest}", attempt(2), key(&LINKS, "modem", &attempt(2)))
    }

    #[test]
    fn every_type_of_report_is_known() {
        for (kind, expected) in [
            ("1", Some(DeliveryStatus::Delivered)),
            ("2", Some(DeliveryStatus::Undelivered)),
            ("4", Some(DeliveryStatus::Queued)),
            ("8", Some(DeliveryStatus::Sent)),
            ("16", Some(DeliveryStatus::Undelivered)),
            ("0", None),
            ("3", None),
            ("32", None),
            ("01", None),
            ("-1", None),
            ("%25d", None),
            ("", None),
        ] {
            let report = read(&LINKS, "modem", &query(&format!("type={kind}&answer=")));
            let expected = StatusReport { attempt: attempt(2), status: expected, words: String::new() };
            assert_eq!(report, Ok(expected), "{kind}");
        }
    }

    /// As Kannel 1.4.5 asked for them.
    #[test]
    fn the_networks_words_are_kept_in_one_line() {
        for (answer, expected) in [
            ("ACK%2F", ""),
            ("NACK%2Fno+SMSC", "NACK/no SMSC"),
            (
                "id%3Aid1+sub%3A001+dlvrd%3A001+stat%3ADELIVRD+err%3A000+text%3A",
                "id:id1 sub:001 dlvrd:001 stat:DELIVRD err:000 text:",
            ),
            ("NACK%2F%0D%0A%00x%1B%5B2J", "NACK/ x [2J"),
            ("%FF%FE5%", "\u{fffd}\u{fffd}5%"),
            ("a%26type%3D1%23%27%22", "a&type=1#'\""),
        ] {
            let report = read(&LINKS, "modem", &query(&format!("type=2&answer={answer}")));
            let report = report.expect("believed");
            assert_eq!((report.status, &*report.words), (Some(DeliveryStatus::Undelivered), expected));
        }
        let long = read(&LINKS, "modem", &query(&format!("type=2&answer={}", "x".repeat(5_000))));
        assert_eq!(long.expect("believed").words.len(), WORDS_CHARS_MAX);
    }

    #[test]
    fn forged_reports_are_not_believed() {
        assert!(read(&LINKS, "modem", &query("type=1")).is_ok());
        let right = key(&LINKS, "modem", &attempt(2));
        assert_eq!(read(&LINKS, "other", &query("type=1")), Err(NotBelieved::WrongKey));
        assert_eq!(read(&LinkKey::new([8; 32]), "modem", &query("type=1")), Err(NotBelieved::WrongKey));
        for (attempt, key) in [
            (attempt(1), right.clone()),
            (attempt(22), right.clone()),
            (attempt(2), String::new()),
            (attempt(2), right[..21].to_owned()),
            (attempt(2), format!("{right}=")),
            (attempt(2), right.to_lowercase()),
            (attempt(2), "%00".to_owned()),
        ] {
            let query = format!("attempt={attempt}&key={key}&type=1");
            assert_eq!(read(&LINKS, "modem", &query), Err(NotBelieved::WrongKey), "{query}");
        }
        let twice = format!("key=x&{}", query("type=1"));
        assert_eq!(read(&LINKS, "modem", &twice), Err(NotBelieved::WrongKey), "the first of two counts");
        for query in ["", "attempt=", "attempt=x&type=1", "&&=&%", "type=1"] {
            assert_eq!(read(&LINKS, "modem", query), Err(NotBelieved::NoAttempt), "{query}");
        }
        let long = query(&format!("type=1&answer={}", "x".repeat(QUERY_BYTES_MAX)));
        assert_eq!(read(&LINKS, "modem", &long), Err(NotBelieved::TooLong));
    }

    #[test]
    fn a_key_belongs_to_one_attempt_and_is_no_token_of_a_link() {
        let right = key(&LINKS, "modem", &attempt(2));
        assert_eq!(right.len(), 22);
        assert_ne!(right, key(&LINKS, "modem", &attempt(3)));
        assert_ne!(right, key(&LINKS, "mode", &attempt(2)));
        let text = format!("modem\0{}", attempt(2));
        assert_ne!(right, URL_SAFE_NO_PAD.encode(LINKS.sign(b"hotpotato page link 1\0", &text)));
    }
}

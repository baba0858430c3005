//! What people write to the number of a gateway: was the house meant to be told, who wrote, and what?
//!
//! An `sms-service` of Kannel fetches an address that whoever runs the gateway writes into its configuration:
//! `…/callbacks/kannel/NAME/sms?key=KEY&from=%p&id=%I&charset=%C&text=%b`. What is answered goes back to the phone as a
//! message. A sender can be forged: who writes proves nothing, the key proves only that it is the gateway who asks.
//!
//! Source: Kannel's user guide 1.4.5, the table of escape codes, and what Kannel 1.4.5 sends.

use i18n::gsm7;
use subtle::ConstantTimeEq as _;

use super::callback::{QUERY_BYTES_MAX, fields};
use crate::channel::Secret;
use crate::line::Line;

/// The longest text that is read; a long message is joined by the gateway. What people answer is a few words.
pub const TEXT_CHARS_MAX: usize = 1_600;
/// The longest number or name of a sender that is kept.
const NUMBER_CHARS_MAX: usize = 32;
/// The longest number of a message that is kept; Kannel's have 36 characters.
const ID_CHARS_MAX: usize = 64;
/// How long a key is. Shorter ones could be guessed.
const KEY_CHARS: std::ops::RangeInclusive<usize> = 16..=128;
/// Digits of a number with its country: as few as the shortest have, as many as there may be. Source: ITU-T E.164,
/// section 6.2.1.
const NUMBER_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// A message that somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The sender's number, with `+` and its country where the network says both or may have meant them; else as the
    /// network says it.
    pub from: String,
    /// The words, in one line.
    pub text: String,
    /// The gateway's number for it, by which one that comes again is known; empty when it gives none.
    pub id: String,
}

/// Why a message is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// The query is longer than [`QUERY_BYTES_MAX`].
    #[error("the address is too long: {QUERY_BYTES_MAX} bytes after the question mark are read")]
    TooLong,
    /// The key is not the channel's.
    #[error("`key` is not what stands in this channel's incoming_key_file")]
    WrongKey,
    /// Nobody wrote it.
    #[error("`from` is missing: write from=%p into the get-url")]
    NoSender,
}

/// True for a key that can stand in an address, and in the configuration of a gateway, as it is.
pub fn is_key(key: &Secret) -> bool {
    let key = key.expose();
    KEY_CHARS.contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Reads a message out of the query of its address.
///
/// # Errors
/// See [`NotTaken`].
pub fn read(key: &Secret, query: &str) -> Result<Incoming, NotTaken> {
    if query.len() > QUERY_BYTES_MAX {
        return Err(NotTaken::TooLong);
    }
    let fields = fields(query);
    let bytes = |name: &str| {
        let found = fields.iter().find(|(known, _)| known == name.as_bytes());
        found.map_or(&[][..], |(_, value)| value.as_slice())
    };
    let line = |name: &str, chars_max| {
        let text: String = Line::new(&String::from_utf8_lossy(bytes(name))).to_string();
        text.chars().take(chars_max).collect::<String>()
    };
    let given = bytes("key");
    if key.expose().is_empty() || !bool::from(key.expose().as_bytes().ct_eq(given)) {
        return Err(NotTaken::WrongKey);
    }
    let from = line("from", NUMBER_CHARS_MAX);
    if from.is_empty() {
        return Err(NotTaken::NoSender);
    }
    let text = Line::new(&words(bytes("text"), &line("charset", ID_CHARS_MAX)));
    let text = text.as_str().chars().take(TEXT_CHARS_MAX).collect();
    Ok(Incoming { from: with_country(from), text, id: line("id", ID_CHARS_MAX) })
}

/// A number as people's contacts have it: networks leave the `+` out, or write `00`. One that begins with a single zero
/// lacks its country, which is nowhere to be found.
fn with_country(number: String) -> String {
    let digits = number.strip_prefix("00").unwrap_or(&number);
    let is_whole = NUMBER_DIGITS.contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    if is_whole { format!("+{digits}") } else { number }
}

/// The words of a message in the alphabet that the gateway names: UTF-8, `UTF-16BE` where the phone wrote more than the
/// GSM alphabet has, or `WINDOWS-1252`. What names none and is no UTF-8 is read as the last one.
fn words(bytes: &[u8], charset: &str) -> String {
    match charset.to_ascii_uppercase().as_str() {
        "UTF-16BE" | "UCS-2" | "UCS-2BE" => {
            let units: Vec<u16> = bytes
                .chunks(2)
                .map(|pair| u16::from_be_bytes([pair[0], *pair.get(1).unwrap_or(&0)]))
                .collect();
            String::from_utf16_lossy(&units)
        }
        "WINDOWS-1252" | "CP1252" | "ISO-8859-1" | "LATIN1" => windows_1252(bytes),
        _ => std::str::from_utf8(bytes).map_or_else(|_| windows_1252(bytes), str::to_owned),
    }
}

fn windows_1252(bytes: &[u8]) -> String {
    /// What stands from 0x80 to 0x9F. Source: the index windows-1252 of the WHATWG Encoding Standard.
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let letter = |&byte: &u8| match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        other => char::from(other),
    };
    bytes.iter().map(letter).collect()
}

/// What must stand beside an answer so that it arrives as it is: `2` where GSM-7 cannot say it. The value of
/// `X-Kannel-Coding`, which an `sms-service` with `accept-x-kannel-headers` listens to.
pub fn coding(answer: &str) -> &'static str {
    if gsm7::septets(answer).is_some() { "0" } else { "2" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Secret {
        Secret::new("k-7&=% +é")
    }

    const KEY: &str = "key=k-7%26%3D%25+%2B%C3%A9";

    fn text(text: &str, charset: &str) -> String {
        let query = format!("{KEY}&from=%2B393331234567&id=7&charset={charset}&text={text}");
        read(&key(), &query).expect("taken").text
    }

    /// As Kannel 1.4.5 asked for them.
    #[test]
    fn every_alphabet_of_a_gateway_is_read() {
        for (words, charset, expected) in [
            ("OK+4821+gr%C3%B6%C3%9Fe+%26+%23+x+y+%2B%2541", "UTF-8", "OK 4821 größe & # x y +%41"),
            ("ok", "", "ok"),
            ("%00O%00K%00+%04%14%01S", "UTF-16BE", "OK Дœ"),
            ("%00O%00K+%AC%D8%3D%DD%25%00%0D%00%0A%00x", "UTF-16BE", "OK€🔥 x"),
            ("OK+%80+%FC", "WINDOWS-1252", "OK € ü"),
            ("OK+%FC", "8-BIT", "OK ü"),
            ("OK+%FC", "UTF-8", "OK ü"),
            ("%00O%00", "utf-16be", "O"),
            ("%D8%3D", "UTF-16BE", "\u{fffd}"),
            ("+%0D%0AOK%00%1B%5B2J%0A.%0A+4821++", "UTF-8", "OK [2J . 4821"),
            ("", "UTF-8", ""),
            ("100%+%zz", "UTF-8", "100% %zz"),
        ] {
            assert_eq!(text(words, charset), expected, "{words} {charset}");
        }
        assert_eq!(text(&"x".repeat(5_000), "UTF-8").len(), TEXT_CHARS_MAX);
    }

    #[test]
    fn who_does_not_know_the_key_is_not_heard() {
        let rest = "from=%2B39&id=a-1&text=ok";
        let message = read(&key(), &format!("{KEY}&{rest}")).expect("taken");
        let expected = Incoming { from: "+39".into(), text: "ok".into(), id: "a-1".into() };
        assert_eq!(message, expected);
        for wrong in ["", "key=", "key", "key=k-7", "key=K-7%26%3D%25+%2B%C3%A9", &format!("key=x&{KEY}")] {
            assert_eq!(read(&key(), &format!("{wrong}&{rest}")), Err(NotTaken::WrongKey), "{wrong}");
        }
        assert_eq!(read(&Secret::new(""), &format!("key=&{rest}")), Err(NotTaken::WrongKey), "no key at all");
        assert_eq!(read(&key(), &format!("{KEY}&from=+&text=ok")), Err(NotTaken::NoSender));
        let long = format!("{KEY}&{rest}{}", "x".repeat(QUERY_BYTES_MAX));
        assert_eq!(read(&key(), &long), Err(NotTaken::TooLong));
    }

    #[test]
    fn everything_about_a_message_is_bounded() {
        let long = "9".repeat(500);
        let message = read(&key(), &format!("{KEY}&from={long}&id={long}&text=ok")).expect("taken");
        assert_eq!((message.from.len(), message.id.len()), (NUMBER_CHARS_MAX, ID_CHARS_MAX));
        let message = read(&key(), &format!("{KEY}&from=a%0D%0Ab%00&text=ok")).expect("taken");
        assert_eq!(message.from, "a b");
    }

    #[test]
    fn numbers_are_written_as_contacts_are() {
        for (said, number) in [
            ("%2B393331234567", "+393331234567"),
            ("393331234567", "+393331234567"),
            ("00393331234567", "+393331234567"),
            ("03331234567", "03331234567"),
            ("0003331234567", "0003331234567"),
            ("4321", "4321"),
            ("1234567890123456", "1234567890123456"),
            ("39333123456x", "39333123456x"),
            ("Vodafone", "Vodafone"),
        ] {
            let message = read(&key(), &format!("{KEY}&from={said}&text=ok")).expect("taken");
            assert_eq!(message.from, number, "{said}");
        }
    }

    #[test]
    fn a_key_is_long_and_means_the_same_everywhere() {
        for (key, is_good) in [
            ("0123456789abcdef", true),
            (&*"k".repeat(128), true),
            ("0123456789abcde", false),
            (&*"k".repeat(129), false),
            ("0123456789abcde%", false),
            ("0123456789abcde&", false),
            ("0123456789abcd\r\nx", false),
            ("0123456789abcdeé", false),
        ] {
            assert_eq!(is_key(&Secret::new(key)), is_good, "{key:?}");
        }
    }

    #[test]
    fn answers_say_which_alphabet_they_need() {
        assert_eq!((coding("Größe [5 €]"), coding("È tua"), coding("")), ("0", "2", "0"));
    }
}

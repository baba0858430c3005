//! What people answer to a text message.
//!
//! Input: the text.

use adapters::reply::grammar::{CHARS_MAX, MINUTES_MAX};
use adapters::reply::{Reply, Word, read};

use super::shape;

/// Reads an answer; an order is one in any case and between blanks, says its code, and is not taken out of a longer text.
pub fn text(input: &[u8]) {
    let text = shape::lossy(input);
    let reply = read(&text);
    let Reply::Order { word, code } = reply else { return };
    assert!(text.chars().count() <= CHARS_MAX, "{text:?}");
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    assert!(digits.contains(&code.to_string()), "{text:?} says nothing of {code}");
    if let Word::Extend { minutes } = word {
        assert!((1..=MINUTES_MAX).contains(&minutes), "{text:?}: {minutes}");
    }
    assert_ne!(read(&format!("xyz {text}")), reply, "every word must be known: {text:?}");
    assert_ne!(read(&format!("{text} not")), reply, "every word must be known: {text:?}");
    if text.is_ascii() && text.len() + 2 <= CHARS_MAX {
        assert_eq!(read(&format!(" {} ", text.to_uppercase())), reply, "{text:?}");
    }
}

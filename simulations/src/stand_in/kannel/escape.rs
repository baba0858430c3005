//! Escape codes in the addresses that Kannel fetches: the user guide's table "Parameters (Escape Codes)".

use std::fmt::Write as _;

/// What the codes stand for; empty where there is nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Codes<'a> {
    /// `%p`: who sent the message.
    pub sender: &'a str,
    /// `%P`: whom it was sent to.
    pub receiver: &'a str,
    /// `%a` and `%b`: its words, with blanks squeezed to one, and as they came.
    pub text: &'a str,
    /// `%I`: Kannel's own number for it.
    pub id: &'a str,
    /// `%d`: which report it is.
    pub kind: &'a str,
    /// `%A`: what the network said.
    pub answer: &'a str,
    /// `%F`: the network's number for it.
    pub foreign_id: &'a str,
}

impl Codes<'_> {
    /// Fills in an address. A code that is none of these stays as it stands; `%%` is one sign.
    pub fn fill(&self, pattern: &str) -> String {
        let mut filled = String::with_capacity(pattern.len());
        let mut rest = pattern.chars();
        while let Some(letter) = rest.next() {
            if letter != '%' {
                filled.push(letter);
                continue;
            }
            let words = || self.text.split_whitespace().map(encode).collect::<Vec<String>>().join("+");
            match rest.next() {
                Some('p') => filled.push_str(&encode(self.sender)),
                Some('P') => filled.push_str(&encode(self.receiver)),
                Some('a') => filled.push_str(&words()),
                Some('b') => filled.push_str(&encode(self.text)),
                Some('I') => filled.push_str(self.id),
                Some('d') => filled.push_str(self.kind),
                Some('A') => filled.push_str(&encode(self.answer)),
                Some('F') => filled.push_str(&encode(self.foreign_id)),
                Some('C') => filled.push_str("UTF-8"),
                Some('c') => filled.push('0'),
                Some('%') | None => filled.push('%'),
                Some(other) => {
                    filled.push('%');
                    filled.push(other);
                }
            }
        }
        filled
    }
}

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            other => write!(encoded, "%{other:02X}").expect("writing to a string cannot fail"),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_filled_in_and_what_they_stand_for_is_encoded() {
        let codes =
            Codes { text: " a  b&ü ", kind: "8", answer: "ACK/", receiver: "+39", ..Codes::default() };
        for (pattern, expected) in [
            ("http://x/?t=%d&r=%A&p=%P", "http://x/?t=8&r=ACK%2F&p=%2B39"),
            ("%a|%b", "a+b%26%C3%BC|+a++b%26%C3%BC+"),
            ("%%d%%20%z%", "%d%20%z%"),
            ("f=%F&i=%I", "f=&i="),
        ] {
            assert_eq!(codes.fill(pattern), expected);
        }
    }
}

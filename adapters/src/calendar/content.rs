//! Content lines: folded, escaped, and the way back. RFC 5545, section 3.1.

use super::mistake::Mistake;

/// A line has no more octets, without its end. Source: RFC 5545, section 3.1.
pub const LINE_OCTETS_MAX: usize = 75;
/// A calendar that is read has no more lines.
pub const LINES_COUNT_MAX: usize = 100_000;

/// Adds a line, folded; never within a character.
pub fn push(text: &mut String, line: &str) {
    let mut length = 0;
    for letter in line.chars() {
        if length + letter.len_utf8() > LINE_OCTETS_MAX {
            text.push_str("\r\n ");
            length = 1;
        }
        text.push(letter);
        length += letter.len_utf8();
    }
    text.push_str("\r\n");
}

/// A text as a value. Control characters, which no value may hold, become spaces. Source: section 3.3.11.
pub fn escaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => value.extend(['\\', letter]),
            '\n' => value.push_str("\\n"),
            letter if letter.is_control() => value.push(' '),
            letter => value.push(letter),
        }
    }
    value
}

/// The text that a value stands for.
pub fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(other) => text.push(other),
                None => {}
            },
            letter => text.push(letter),
        }
    }
    text
}

/// One line as it was before it was folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it begins in the file, from 1.
    pub number: usize,
    /// What it says something about, in capitals: `DTSTART`.
    pub name: String,
    /// Its parameters, names in capitals, values without quotes.
    pub parameters: Vec<(String, String)>,
    /// What it says.
    pub value: String,
}

impl Line {
    /// The value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The lines of a calendar. Ends of lines may be those of Windows or of Unix; empty lines are passed over.
///
/// # Errors
/// When there are too many, or one is no text or has no colon.
pub fn lines(text: &[u8]) -> Result<Vec<Line>, Mistake> {
    // Some programs fold within a character: so first come the lines, then the characters.
    let mut unfolded: Vec<(usize, Vec<u8>)> = Vec::new();
    for (number, line) in (1..).zip(text.split(|byte| *byte == b'\n')) {
        if number > LINES_COUNT_MAX {
            return Err(Mistake::TooManyLines);
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line, unfolded.last_mut()) {
            ([b' ' | b'\t', more @ ..], Some((_, begun))) => begun.extend_from_slice(more),
            ([], _) => {}
            _ => unfolded.push((number, line.to_owned())),
        }
    }
    let read = |(number, line): (usize, Vec<u8>)| {
        let line = String::from_utf8(line).map_err(|_| Mistake::NotText)?;
        parsed(number, &line).ok_or(Mistake::NoLine(number))
    };
    unfolded.into_iter().map(read).collect()
}

fn parsed(number: usize, line: &str) -> Option<Line> {
    let mut pieces = Vec::new();
    let (mut begins, mut is_quoted, mut colon) = (0, false, None);
    for (at, letter) in line.char_indices() {
        match letter {
            '"' => is_quoted = !is_quoted,
            ';' | ':' if !is_quoted => {
                pieces.push(&line[begins..at]);
                begins = at + 1;
                if letter == ':' {
                    colon = Some(at);
                    break;
                }
            }
            _ => {}
        }
    }
    let value = line[colon? + 1..].to_owned();
    let mut pieces = pieces.into_iter();
    let name = pieces.next()?;
    let is_name =
        !name.is_empty() && name.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-');
    let parameters = pieces
        .filter_map(|piece| piece.split_once('='))
        .map(|(name, value)| (name.to_ascii_uppercase(), value.trim_matches('"').to_owned()));
    is_name.then(|| Line { number, name: name.to_ascii_uppercase(), parameters: parameters.collect(), value })
}

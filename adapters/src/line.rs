//! One line of text: whatever comes from an alert can break no protocol.

use std::fmt;

use i18n::gsm7;

/// What stands for a character that a pager cannot show.
const UNSHOWN: &str = "?";

/// Text on one line: no line break, no control character, no invisible mark that turns the direction of the text,
/// no blanks at the ends and never two in a row. Every run of those is one blank. May be empty.
///
/// Protocols of lines, headers and logs take nothing else, so that a summary such as `"\r\nSEND\r\n"` stays a
/// summary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Line(String);

impl Line {
    /// Makes one line of any text.
    pub fn new(text: &str) -> Self {
        let mut line = String::with_capacity(text.len());
        for word in text.split(breaks).filter(|word| !word.is_empty()) {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        Self(line)
    }

    /// The line in printable ASCII, for pagers: German and Italian letters as people type them without their
    /// keyboard (`ü` as `ue`, `è` as `e'`), and `?` for what has no counterpart.
    #[must_use]
    pub fn ascii(&self) -> Self {
        let mut ascii = String::with_capacity(self.0.len());
        for character in gsm7::to_gsm7(&self.0).chars() {
            match character {
                ' '..='~' => ascii.push(character),
                _ => ascii.push_str(counterpart(character)),
            }
        }
        Self::new(&ascii)
    }

    /// The first characters of the line, unmarked.
    #[must_use]
    pub fn head(&self, chars: usize) -> Self {
        let end = self.0.char_indices().nth(chars).map_or(self.0.len(), |(at, _)| at);
        Self::new(&self.0[..end])
    }

    /// The line cut to at most `chars_max` characters, the cut marked by `..`; unmarked where the mark has no room.
    #[must_use]
    pub fn cut(&self, chars_max: usize) -> Self {
        Self::new(&cut(&self.0, chars_max, "..", |_| 1))
    }

    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True when nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Cuts a text to at most `max`, as `width` counts its characters, and marks the cut; each character of the mark
/// counts 1. No character is cut in half.
pub(crate) fn cut(text: &str, max: usize, mark: &str, width: impl Fn(char) -> usize) -> String {
    if text.chars().map(&width).sum::<usize>() <= max {
        return text.to_owned();
    }
    let mark_width = mark.chars().count();
    let (mark, room) = if mark_width <= max { (mark, max - mark_width) } else { ("", max) };
    let mut used = 0;
    let kept: String = text
        .chars()
        .take_while(|character| {
            used += width(*character);
            used <= room
        })
        .collect();
    format!("{}{mark}", kept.trim_end())
}

/// Says whether a character has no place in a line. The last ones turn the direction of what follows (Unicode's property
/// `Bidi_Control`), and the very last is a byte order mark.
fn breaks(character: char) -> bool {
    character.is_control()
        || character.is_whitespace()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

/// What stands in ASCII for a character that an SMS can say.
fn counterpart(character: char) -> &'static str {
    match character {
        'ä' | 'æ' => "ae",
        'ö' | 'ø' => "oe",
        'ü' => "ue",
        'Ä' | 'Æ' => "Ae",
        'Ö' | 'Ø' => "Oe",
        'Ü' => "Ue",
        'ß' => "ss",
        'à' => "a'",
        'è' | 'é' => "e'",
        'É' => "E'",
        'ì' => "i'",
        'ò' => "o'",
        'ù' => "u'",
        'å' => "aa",
        'Å' => "Aa",
        'ñ' => "n",
        'Ñ' => "N",
        'Ç' => "C",
        '€' => "EUR",
        '£' => "GBP",
        '¥' => "JPY",
        '¡' => "!",
        _ => UNSHOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_breaks() {
        for (text, expected) in [
            ("", ""),
            (" \r\n\t ", ""),
            ("disk full", "disk full"),
            ("disk full\r\nSEND\r\nQUIT", "disk full SEND QUIT"),
            ("a\u{0}b\u{1b}[31mc\u{7f}d\u{85}e\u{9f}f", "a b [31mc d e f"),
            ("a\u{2028}b\u{2029}c\u{b}d\u{c}e", "a b c d e"),
            ("user\u{202e}gpj.exe", "user gpj.exe"),
            ("disk\u{61c}1", "disk 1"),
            ("  two  blanks\u{a0}\u{a0}and more ", "two blanks and more"),
            ("Übung 🔥", "Übung 🔥"),
        ] {
            assert_eq!(Line::new(text).as_str(), expected, "{text:?}");
        }
    }

    #[test]
    fn no_character_of_unicode_breaks_a_line() {
        for character in
            (0..=0xffff_u32).chain(0x1_f500..0x1_f600).chain(0xe_0000..0xe_0100).filter_map(char::from_u32)
        {
            let line = Line::new(&format!("a{character}b"));
            assert!(!line.as_str().contains(char::is_control), "{character:?}");
            let ascii = line.ascii();
            assert!(ascii.as_str().bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{character:?}");
        }
    }

    #[test]
    fn pagers_read_letters_as_people_type_them() {
        for (text, expected) in [
            ("Größe läuft über", "Groesse laeuft ueber"),
            ("perché è già più", "perche' e' gia' piu'"),
            ("È “finito” – 5 €", "E' \"finito\" - 5 EUR"),
            ("Привет 🔥", "?????? ?"),
        ] {
            assert_eq!(Line::new(text).ascii().as_str(), expected);
        }
    }

    #[test]
    fn a_cut_is_marked() {
        for (chars_max, expected) in
            [(9, "disk full"), (8, "disk f.."), (7, "disk.."), (2, ".."), (1, "d"), (0, "")]
        {
            assert_eq!(Line::new("disk full").cut(chars_max).as_str(), expected);
        }
    }
}

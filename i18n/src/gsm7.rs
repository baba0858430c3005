//! The alphabet of text messages: what fits, how long it is, and how to make words fit.
//!
//! A text wholly in this alphabet has 160 characters in one SMS; a single character outside it makes the whole
//! text UCS-2, with 70. Source: 3GPP TS 23.038, sections 6.2.1 (default alphabet) and 6.2.1.1 (extension table);
//! lengths of concatenated messages: 3GPP TS 23.040, section 9.2.3.24.1.

/// Septets in a message that stands alone.
pub const SEPTETS_SINGLE_MAX: usize = 160;
/// Septets in each part of a longer message.
pub const SEPTETS_PART_MAX: usize = 153;
/// UTF-16 units in a message that stands alone and is not in the alphabet.
pub const UNITS_SINGLE_MAX: usize = 70;
/// UTF-16 units in each part of a longer message that is not in the alphabet.
pub const UNITS_PART_MAX: usize = 67;

/// What marks a text that was cut.
const CUT_MARK: &str = "..";

/// The default alphabet without letters and digits of ASCII. The escape itself is no character.
const DEFAULT: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";

/// The extension table; each of these is sent as two septets.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// Says whether a character is in the default alphabet (one septet).
pub fn is_default(character: char) -> bool {
    character.is_ascii_alphanumeric() || DEFAULT.contains(character)
}

/// Says whether a character is in the extension table (two septets).
pub fn is_extension(character: char) -> bool {
    EXTENSION.contains(character)
}

/// Counts the septets of a text; `None` if a character is outside the alphabet, which makes the text UCS-2.
pub fn septets(text: &str) -> Option<usize> {
    text.chars().map(septets_of).sum()
}

fn septets_of(character: char) -> Option<usize> {
    if is_default(character) {
        Some(1)
    } else if is_extension(character) {
        Some(2)
    } else {
        None
    }
}

/// Counts the messages that a text is sent as; 0 for an empty text.
///
/// A character that takes two places is never split between two parts.
pub fn segments(text: &str) -> usize {
    if septets(text).is_some() {
        parts(text.chars().filter_map(septets_of), SEPTETS_SINGLE_MAX, SEPTETS_PART_MAX)
    } else {
        parts(text.chars().map(char::len_utf16), UNITS_SINGLE_MAX, UNITS_PART_MAX)
    }
}

fn parts(widths: impl Iterator<Item = usize>, single_max: usize, part_max: usize) -> usize {
    let (mut total, mut full_count, mut used) = (0, 0, 0);
    for width in widths {
        total += width;
        if used + width > part_max {
            full_count += 1;
            used = 0;
        }
        used += width;
    }
    match total {
        0 => 0,
        _ if total <= single_max => 1,
        _ => full_count + 1,
    }
}

/// Replaces characters outside the alphabet that have a good counterpart in it; leaves all others as they are.
///
/// `“quoted” – È tardi…` becomes `"quoted" - E' tardi...`; Cyrillic stays Cyrillic.
pub fn to_gsm7(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        match counterpart(character) {
            Some(replacement) => result.push_str(replacement),
            None => result.push(character),
        }
    }
    result
}

/// What stands for a character outside the alphabet; may be nothing at all, as for a soft hyphen.
fn counterpart(character: char) -> Option<&'static str> {
    Some(match character {
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => "\"",
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | '`' | '´' => "'",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '•' | '·' => "-",
        '…' => "...",
        '\t' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => " ",
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => "",
        '→' => "->",
        '←' => "<-",
        '≥' => ">=",
        '≤' => "<=",
        '≠' => "!=",
        '≈' => "~",
        '±' => "+-",
        '×' => "x",
        '°' => "deg",
        'µ' | 'μ' => "u",
        '²' => "2",
        '³' => "3",
        _ => return letter(character),
    })
}

/// What stands for an accented letter outside the alphabet. Italian capitals keep their accent as an apostrophe,
/// as Italians type them.
fn letter(character: char) -> Option<&'static str> {
    Some(match character {
        'À' => "A'",
        'È' => "E'",
        'Ì' => "I'",
        'Ò' => "O'",
        'Ù' => "U'",
        'Á' | 'Â' | 'Ã' => "A",
        'á' | 'â' | 'ã' => "a",
        'Ê' | 'Ë' => "E",
        'ê' | 'ë' => "e",
        'Í' | 'Î' | 'Ï' => "I",
        'í' | 'î' | 'ï' => "i",
        'Ó' | 'Ô' | 'Õ' => "O",
        'ó' | 'ô' | 'õ' => "o",
        'Ú' | 'Û' => "U",
        'ú' | 'û' => "u",
        'Ý' => "Y",
        'ý' | 'ÿ' => "y",
        'ç' => "c",
        'Œ' => "OE",
        'œ' => "oe",
        'ẞ' => "SS",
        _ => return None,
    })
}

/// Cuts a text to at most `septets_max` septets, and marks the cut with `..`.
///
/// A text outside the alphabet is cut to what fits in the same room as UCS-2 (160 septets hold 70 UTF-16
/// units). No character is ever cut in half. Where not even the mark fits, there is none.
pub fn truncate(text: &str, septets_max: usize) -> String {
    if let Some(total) = septets(text) {
        return cut(text, total, septets_max, |character| septets_of(character).unwrap_or(2));
    }
    cut(text, text.encode_utf16().count(), septets_max.saturating_mul(7) / 16, char::len_utf16)
}

fn cut(text: &str, total: usize, max: usize, width: impl Fn(char) -> usize) -> String {
    if total <= max {
        return text.to_owned();
    }
    let mark = if max >= CUT_MARK.len() { CUT_MARK } else { "" };
    let room = max - mark.len();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alphabet_has_the_size_of_its_tables() {
        let default_count = (0..=0xffff_u32).filter_map(char::from_u32).filter(|c| is_default(*c)).count();
        let extension_count =
            (0..=0xffff_u32).filter_map(char::from_u32).filter(|c| is_extension(*c)).count();
        assert_eq!((default_count, extension_count), (127, 10), "128 places, one of which is the escape");
    }

    #[test]
    fn septets_count_extension_characters_twice() {
        for (text, expected) in [
            ("", Some(0)),
            ("abc", Some(3)),
            ("äöüßÄÖÜ", Some(7)),
            ("àèéìòùÉ", Some(7)),
            ("Ωñ¿£", Some(4)),
            ("[NO-LOG]", Some(10)),
            ("12 €", Some(5)),
            ("È", None),
            ("ç", None),
            ("`", None),
            ("“", None),
            ("\t", None),
            ("Привет", None),
            ("🔥", None),
        ] {
            assert_eq!(septets(text), expected, "{text:?}");
        }
    }

    #[test]
    fn segments_follow_the_limits_of_the_standard() {
        for (text, expected) in [
            (String::new(), 0),
            ("a".repeat(160), 1),
            ("a".repeat(161), 2),
            ("a".repeat(306), 2),
            ("a".repeat(307), 3),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            // 153 is odd: the last place of each part stays empty, so that no escape is separated.
            ("€".repeat(152), 2),
            ("€".repeat(153), 3),
            ("я".repeat(70), 1),
            ("я".repeat(71), 2),
            ("я".repeat(134), 2),
            ("я".repeat(135), 3),
            ("🔥".repeat(35), 1),
            ("🔥".repeat(66), 2),
            ("🔥".repeat(67), 3),
        ] {
            assert_eq!(segments(&text), expected, "{} characters of {text:.4}", text.chars().count());
        }
    }

    #[test]
    fn words_are_made_to_fit_where_they_allow_it() {
        for (text, expected) in [
            ("“a” ‘b’ „c“ «d» it’s", "\"a\" 'b' \"c\" \"d\" it's"),
            ("a–b—c…", "a-b-c..."),
            ("È À Ì Ò Ù É", "E' A' I' O' U' É"),
            ("mañana, naïve, façade", "mañana, naive, facade"),
            ("disk ≥ 90 %\u{a0}→ 38 °C", "disk >= 90 % -> 38 degC"),
            ("Übung [ä] €", "Übung [ä] €"),
            ("so\u{ad}ft \u{2068}x\u{2069}\u{61c}", "soft x"),
            ("Привет", "Привет"),
            ("日本 🔥", "日本 🔥"),
        ] {
            assert_eq!(to_gsm7(text), expected);
        }
    }

    #[test]
    fn every_counterpart_is_in_the_alphabet() {
        for character in (0..=0xffff_u32).filter_map(char::from_u32) {
            if let Some(replacement) = counterpart(character) {
                assert!(septets(replacement).is_some(), "{character:?} becomes {replacement:?}");
                assert!(septets_of(character).is_none(), "{character:?} needs no counterpart");
            }
        }
    }

    #[test]
    fn cut_is_marked_and_never_inside_a_character() {
        for (text, septets_max, expected) in [
            ("abcdef", 6, "abcdef"),
            ("abcdef", 5, "abc.."),
            ("ab  cd", 5, "ab.."),
            ("a€€€", 5, "a€.."),
            ("a€€€", 6, "a€.."),
            ("abc", 2, ".."),
            ("abc", 1, "a"),
            ("abc", 0, ""),
            ("äöüäöü", 4, "äö.."),
            ("яяяяя", 10, "яя.."),
            ("🔥🔥🔥", 12, "🔥.."),
            ("🔥🔥🔥", 10, "🔥.."),
            ("🔥🔥🔥", 9, ".."),
        ] {
            assert_eq!(truncate(text, septets_max), expected, "{text} to {septets_max}");
        }
        assert_eq!(segments(&truncate(&"я".repeat(99), SEPTETS_SINGLE_MAX)), 1);
        assert_eq!(septets(&truncate(&"[".repeat(99), SEPTETS_SINGLE_MAX)), Some(160));
    }
}

//! JSON as senders write it, looked into without building a tree.
//!
//! A [`Document`] is checked once as a whole. After that a [`Json`] is a stretch of its text, and asking for fields
//! or entries walks over that stretch once; what is not asked for costs no memory, and nothing recurses.

use std::borrow::Cow;
use std::fmt::Write;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{BODY_BYTES_MAX, DEPTH_MAX, SourceError};

/// A body that is text of a bearable size and depth, mended where the meaning is clear.
pub(super) struct Document<'a> {
    sent: &'a str,
    mended: Cow<'a, str>,
}

impl<'a> Document<'a> {
    /// Takes a body in. A byte order mark is skipped; see [`mended`] for what else is forgiven.
    pub fn open(body: &'a [u8]) -> Result<Self, SourceError> {
        if body.len() > BODY_BYTES_MAX {
            return Err(SourceError::TooLarge { bytes_count: body.len() });
        }
        let text =
            std::str::from_utf8(body).map_err(|error| SourceError::NotUtf8 { at: error.valid_up_to() })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim().is_empty() {
            return Err(SourceError::Empty);
        }
        Ok(Self { sent: text, mended: mended(text)? })
    }

    /// The value that the body is.
    pub fn root(&self) -> Result<Json<'_>, SourceError> {
        serde_json::from_str(&self.mended).map(Json).map_err(|error| {
            // Line and column are those of the text as it was sent.
            let error = serde_json::from_str::<IgnoredAny>(self.sent).err().unwrap_or(error);
            SourceError::NotJson { line: error.line(), column: error.column(), reason: error.to_string() }
        })
    }
}

/// The text with what scripts get wrong inside of strings put right: raw control characters (a variable with a
/// line break in it), backslashes that escape nothing (`C:\Windows`), halves of surrogate pairs. Outside of
/// strings nothing is changed.
fn mended(text: &str) -> Result<Cow<'_, str>, SourceError> {
    let bytes = text.as_bytes();
    let (mut depth, mut in_string) = (0_usize, false);
    let (mut mended, mut copied) = (String::new(), 0);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let mut length = 1;
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => match Escape::at_start(&bytes[at..]) {
                Escape::Sound(escape_length) => length = escape_length,
                wrong => {
                    mended.push_str(&text[copied..at]);
                    let half = matches!(wrong, Escape::Half);
                    mended.push_str(if half { "\\ufffd" } else { "\\\\" });
                    length = if half { 6 } else { 1 };
                    copied = at + length;
                }
            },
            0..0x20 if in_string => {
                mended.push_str(&text[copied..at]);
                // Writing to a string cannot fail.
                let _ = write!(mended, "\\u{byte:04x}");
                copied = at + 1;
            }
            b'{' | b'[' if !in_string => {
                depth += 1;
                if depth > DEPTH_MAX {
                    return Err(SourceError::TooDeep { at });
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += length;
    }
    if copied == 0 {
        return Ok(Cow::Borrowed(text));
    }
    mended.push_str(&text[copied..]);
    Ok(Cow::Owned(mended))
}

/// What a backslash in a string leads to.
enum Escape {
    /// An escape of so many bytes, or of two escapes that make up a pair.
    Sound(usize),
    /// One half of a surrogate pair, six bytes long.
    Half,
    /// Nothing that JSON knows.
    Unknown,
}

impl Escape {
    fn at_start(bytes: &[u8]) -> Self {
        match bytes.get(1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Self::Sound(2),
            Some(b'u') => match code_unit(bytes) {
                Some(0xd800..0xdc00) if matches!(code_unit(&bytes[6..]), Some(0xdc00..0xe000)) => {
                    Self::Sound(12)
                }
                Some(0xd800..0xe000) => Self::Half,
                Some(_) => Self::Sound(6),
                None => Self::Unknown,
            },
            _ => Self::Unknown,
        }
    }
}

/// The number in `\u0000`, when the bytes start with such an escape.
fn code_unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |unit, &digit| {
        let digit = char::from(digit).to_digit(16).and_then(|digit| u16::try_from(digit).ok())?;
        Some(unit << 4 | digit)
    })
}

/// One value in a [`Document`].
#[derive(Clone, Copy)]
pub(super) struct Json<'a>(&'a RawValue);

impl<'a> Json<'a> {
    /// What it is, in words for an error message.
    pub fn kind(self) -> &'static str {
        match self.first() {
            b'{' => "an object",
            b'[' => "a list",
            b'"' => "text",
            b'n' => "null",
            b't' | b'f' => "true or false",
            _ => "a number",
        }
    }

    pub fn is_null(self) -> bool {
        self.first() == b'n'
    }

    pub fn is_list(self) -> bool {
        self.first() == b'['
    }

    pub fn is_object(self) -> bool {
        self.first() == b'{'
    }

    /// The values of these fields, the last one where a name stands twice; `None` when it is not an object.
    pub fn pick<const N: usize>(self, names: [&str; N]) -> Option<[Option<Json<'a>>; N]> {
        let mut found = [None; N];
        self.each_field(|name, value| {
            if let Some(at) = names.iter().position(|&wanted| wanted == name) {
                found[at] = Some(value);
            }
        })?;
        Some(found)
    }

    /// Hands over every field in order; `None` when it is not an object.
    pub fn each_field(self, field: impl FnMut(Cow<'a, str>, Json<'a>)) -> Option<()> {
        if !self.is_object() {
            return None;
        }
        serde_json::Deserializer::from_str(self.0.get()).deserialize_map(Fields(field)).ok()
    }

    /// The first entries of a list in order, at most `count_max`; `None` when it is not a list.
    pub fn entries(self, count_max: usize) -> Option<Vec<Json<'a>>> {
        Some(self.part(0, count_max)?.entries)
    }

    /// The entries of a list from a place on, at most `count_max`, and where it goes on; `None` when it is not a list.
    pub fn part(self, from: usize, count_max: usize) -> Option<Part<'a>> {
        if !self.is_list() {
            return None;
        }
        serde_json::Deserializer::from_str(self.0.get()).deserialize_seq(Entries { from, count_max }).ok()
    }

    /// The value as text: numbers, `true` and `false` as they were written, objects and lists as JSON without
    /// white space; `None` for null.
    pub fn text(self) -> Option<Cow<'a, str>> {
        let raw = self.0.get();
        match self.first() {
            b'n' => None,
            b'"' => serde_json::from_str::<Text<'a>>(raw).ok().map(|text| text.0),
            b'{' | b'[' => Some(compact(raw)),
            _ => Some(Cow::Borrowed(raw)),
        }
    }

    fn first(self) -> u8 {
        self.0.get().as_bytes().first().copied().unwrap_or(b'n')
    }
}

/// The JSON without white space between its parts.
fn compact(raw: &str) -> Cow<'_, str> {
    let (mut in_string, mut escaped) = (false, false);
    let mut keep = |letter: char| {
        let kept = in_string || !letter.is_ascii_whitespace();
        in_string ^= letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        kept
    };
    Cow::Owned(raw.chars().filter(|&letter| keep(letter)).collect())
}

/// Text that is borrowed where it has no escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

struct Fields<F>(F);

impl<'a, F: FnMut(Cow<'a, str>, Json<'a>)> Visitor<'a> for Fields<F> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry::<Text<'a>, &'a RawValue>()? {
            (self.0)(name.0, Json(value));
        }
        Ok(())
    }
}

/// Some entries of a list.
pub(super) struct Part<'a> {
    pub entries: Vec<Json<'a>>,
    /// The place of the first entry after them, when there is one.
    pub goes_on_at: Option<usize>,
}

struct Entries {
    from: usize,
    count_max: usize,
}

impl<'a> Visitor<'a> for Entries {
    type Value = Part<'a>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        for _ in 0..self.from {
            if list.next_element::<IgnoredAny>()?.is_none() {
                return Ok(Part { entries, goes_on_at: None });
            }
        }
        while entries.len() < self.count_max {
            let Some(entry) = list.next_element::<&'a RawValue>()? else {
                return Ok(Part { entries, goes_on_at: None });
            };
            entries.push(Json(entry));
        }
        let is_more = list.next_element::<IgnoredAny>()?.is_some();
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Part { entries, goes_on_at: is_more.then_some(self.from + self.count_max) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(body: &str) -> Option<String> {
        Document::open(body.as_bytes()).expect("opens").root().expect("is JSON").text().map(Cow::into_owned)
    }

    #[test]
    fn numbers_stay_as_they_were_written() {
        for number in ["1.10", "-0", "1e999", "123456789012345678901234567890"] {
            assert_eq!(text_of(number).as_deref(), Some(number));
        }
        assert_eq!(text_of(" null "), None);
        assert_eq!(text_of("true").as_deref(), Some("true"));
    }

    #[test]
    fn objects_and_lists_lose_their_white_space_but_not_that_of_their_texts() {
        let pretty = "{ \"a b\" : [ 1,\n 2 ], \"c\" : \"\\\" d \\\\\" , \"e\" : { } }";
        assert_eq!(text_of(pretty).as_deref(), Some(r#"{"a b":[1,2],"c":"\" d \\","e":{}}"#));
    }

    #[test]
    fn what_scripts_get_wrong_inside_of_strings_is_mended() {
        let cases = [
            ("\"a\nb\"", "a\nb"),
            ("\"a\u{1}b\"", "a\u{1}b"),
            (r#""C:\Windows\ö""#, "C:\\Windows\\ö"),
            (r#""a\ud800b""#, "a\u{fffd}b"),
            (r#""\udc00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
            (r#""\uD83D\uDD25""#, "🔥"),
            (r#""\u12""#, "\\u12"),
            (r#""\\ud800\n""#, "\\ud800\n"),
        ];
        for (body, expected) in cases {
            assert_eq!(text_of(body).as_deref(), Some(expected), "{body}");
        }
    }

    #[test]
    fn sound_bodies_are_not_copied() {
        assert!(matches!(mended(r#"{"a":"\ud83d\udd25 \n [[["}"#), Ok(Cow::Borrowed(_))));
    }

    #[test]
    fn the_last_of_two_fields_with_one_name_counts() {
        let document = Document::open(br#"{"a":1,"b":2,"a":3}"#).expect("opens");
        let [a, c] = document.root().expect("is JSON").pick(["a", "c"]).expect("an object");
        assert_eq!(a.and_then(Json::text).as_deref(), Some("3"));
        assert!(c.is_none());
    }

    #[test]
    fn a_long_list_is_read_in_parts() {
        let document = Document::open(b"[1,2,3,4,5]").expect("opens");
        let list = document.root().expect("is JSON");
        let part = |from| {
            let part = list.part(from, 2).expect("a list");
            let entries: Vec<_> = part.entries.into_iter().filter_map(Json::text).collect();
            (entries.join(" "), part.goes_on_at)
        };
        assert_eq!(part(0), ("1 2".to_owned(), Some(2)));
        assert_eq!(part(2), ("3 4".to_owned(), Some(4)));
        assert_eq!(part(4), ("5".to_owned(), None));
        assert_eq!(part(3), ("4 5".to_owned(), None), "exactly two are left");
        assert_eq!(part(9), (String::new(), None));
    }
}

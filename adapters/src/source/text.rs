//! Text as it may stand in a signal: cleaned and cut to size.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::json::Json;
use super::{
    DETAIL_CHARS_MAX, DETAILS_CHARS_MAX, DETAILS_COUNT_MAX, LABEL_CHARS_MAX, LABELS_CHARS_MAX,
    LABELS_COUNT_MAX, NAME_CHARS_MAX,
};

/// Stands where text was cut off.
const MARK: char = '…';
/// Tells the reader how many labels had no room.
const LABELS_LEFT_OUT: &str = "labels_left_out";
/// Tells the reader how many details had no room.
const DETAILS_LEFT_OUT: &str = "details_left_out";

/// Control characters, and what breaks a line or turns its direction: all by which a text can pretend to be
/// another one where it is shown.
pub(super) fn is_kept_out(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// The text as one line of at most `chars_max` characters (at least 1): white space around it is gone, what is kept
/// out is a space.
pub(super) fn line(text: &str, chars_max: usize) -> String {
    let text = trimmed(text);
    if is_plain(text, chars_max) {
        return text.to_owned();
    }
    let mut after_gap = false;
    let letters = text.chars().filter_map(|letter| {
        let gap = is_kept_out(letter);
        let again = gap && after_gap;
        after_gap = gap;
        (!again).then_some(if gap { ' ' } else { letter })
    });
    cut(letters, chars_max)
}

/// The text with its line breaks and tabs, of at most `chars_max` characters (at least 1): every line ends with
/// `\n`, anything else that is kept out is a space.
pub(super) fn lines(text: &str, chars_max: usize) -> String {
    let text = trimmed(text);
    if is_plain(text, chars_max) {
        return text.to_owned();
    }
    let mut after_return = false;
    let letters = text.chars().filter_map(|letter| {
        let again = letter == '\n' && after_return;
        after_return = letter == '\r';
        match letter {
            '\n' if again => None,
            '\r' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\n' | '\t' => Some(letter),
            _ if is_kept_out(letter) => Some(' '),
            _ => Some(letter),
        }
    });
    cut(letters, chars_max)
}

/// The text without what has no place at its ends.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_whitespace() || is_kept_out(letter))
}

/// Most texts are short and printable ASCII, and need no second look.
fn is_plain(text: &str, chars_max: usize) -> bool {
    text.len() <= chars_max && text.bytes().all(|byte| matches!(byte, 0x20..0x7f))
}

fn cut(letters: impl Iterator<Item = char>, chars_max: usize) -> String {
    let (mut text, mut last) = (String::new(), 0);
    for (count, letter) in letters.enumerate() {
        if count == chars_max {
            text.truncate(last);
            text.push(MARK);
            break;
        }
        last = text.len();
        text.push(letter);
    }
    text
}

/// The value as a line of at most `chars_max` characters; `None` when there is nothing to read in it.
pub(super) fn filled_line(value: Option<Json<'_>>, chars_max: usize) -> Option<String> {
    let line = line(&value?.text()?, chars_max);
    (!line.is_empty()).then_some(line)
}

/// Named texts that stay under the limits of labels or details. What has no room is counted.
pub(super) struct Texts {
    kept: BTreeMap<String, String>,
    clean: fn(&str, usize) -> String,
    count_max: usize,
    value_chars_max: usize,
    chars_left: usize,
    left_out: u64,
}

impl Texts {
    /// No labels yet.
    pub fn labels() -> Self {
        Self {
            kept: BTreeMap::new(),
            clean: line,
            count_max: LABELS_COUNT_MAX,
            value_chars_max: LABEL_CHARS_MAX,
            chars_left: LABELS_CHARS_MAX,
            left_out: 0,
        }
    }

    /// No details yet. Two places are kept free for the counts of what was left out.
    pub fn details() -> Self {
        Self {
            kept: BTreeMap::new(),
            clean: lines,
            count_max: DETAILS_COUNT_MAX - 2,
            value_chars_max: DETAIL_CHARS_MAX,
            chars_left: DETAILS_CHARS_MAX - 2 * (NAME_CHARS_MAX + 20),
            left_out: 0,
        }
    }

    /// Adds every field of an object except nulls. Hands back a value that is something else than an object.
    pub fn put_fields<'a>(&mut self, fields: Option<Json<'a>>) -> Option<Cow<'a, str>> {
        let fields = fields?;
        let done = fields.each_field(|name, value| {
            if let Some(value) = value.text() {
                self.put(&name, &value);
            }
        });
        if done.is_some() { None } else { fields.text() }
    }

    /// Adds one text; a later one takes the place of an earlier one.
    pub fn put(&mut self, name: &str, value: &str) {
        let name = line(name, NAME_CHARS_MAX);
        let name_chars = name.chars().count();
        let has_place = self.kept.len() < self.count_max || self.kept.contains_key(&name);
        if name.is_empty() || !has_place || self.chars_left <= name_chars {
            self.left_out += 1;
            return;
        }
        let value = (self.clean)(value, self.value_chars_max.min(self.chars_left - name_chars));
        self.chars_left -= name_chars + value.chars().count();
        self.kept.insert(name, value);
    }

    /// Adds one text unless there is one with that name.
    pub fn put_missing(&mut self, name: &str, value: &str) {
        if !self.kept.contains_key(name) {
            self.put(name, value);
        }
    }

    /// Adds what `others` has and this has not, at most `chars_max` characters of it.
    pub fn put_copies(&mut self, others: &Self, chars_max: usize) {
        let before = self.chars_left;
        self.chars_left = before.min(chars_max);
        let share = self.chars_left;
        others.kept.iter().for_each(|(name, value)| self.put_missing(name, value));
        self.chars_left = before - (share - self.chars_left);
    }

    /// What was added, by name.
    pub fn kept(&self) -> &BTreeMap<String, String> {
        &self.kept
    }

    /// The text with this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.kept.get(name).map(String::as_str)
    }

    /// All in one line: `alertname=DiskLow, instance=db1`.
    pub fn joined(&self, chars_max: usize) -> String {
        let joined: Vec<_> = self.kept.iter().map(|(name, value)| format!("{name}={value}")).collect();
        line(&joined.join(", "), chars_max)
    }
}

/// Labels and details as they stand in a signal; the details say how many of both had no room.
pub(super) fn finished(
    labels: Texts,
    mut details: Texts,
) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    for (name, count) in [(LABELS_LEFT_OUT, labels.left_out), (DETAILS_LEFT_OUT, details.left_out)] {
        if count > 0 {
            details.kept.insert(name.to_owned(), count.to_string());
        }
    }
    (labels.kept, details.kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line(" disk\r\nfull \u{202e}\u{1b}[31m now\n", 100), "disk full  [31m now");
        assert_eq!(line("\u{0}\n", 100), "");
        assert_eq!(line("a\u{61c}b\u{200e}c\u{200f}d", 100), "a b c d");
    }

    #[test]
    fn line_breaks_and_tabs_stay_in_details() {
        assert_eq!(lines("a\r\nb\rc\n\n\td\u{7}e\n", 100), "a\nb\nc\n\n\td e");
        assert_eq!(lines("\u{0}\n a\u{202e}", 100), "a");
    }

    #[test]
    fn what_is_too_long_is_cut_with_a_mark() {
        assert_eq!(line("grüße", 5), "grüße");
        assert_eq!(line("grüße!", 5), "grüß…");
        assert_eq!(line("ab", 1), "…");
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let (mut labels, mut details) = (Texts::labels(), Texts::details());
        for count in 0..LABELS_COUNT_MAX + 3 {
            labels.put(&format!("label{count}"), "x");
        }
        for count in 0..10 {
            details.put(&format!("detail{count}"), &"y".repeat(10_000));
        }
        let (labels, details) = finished(labels, details);
        assert_eq!(labels.len(), LABELS_COUNT_MAX);
        assert_eq!(details[LABELS_LEFT_OUT], "3");
        assert_eq!(details[DETAILS_LEFT_OUT], "6");
        assert_eq!(details["detail0"].chars().count(), DETAIL_CHARS_MAX);
        assert!(details["detail3"].ends_with(MARK));
    }

    #[test]
    fn a_later_text_takes_the_place_of_an_earlier_one() {
        let mut labels = Texts::labels();
        labels.put("a", "1");
        labels.put("a", "2");
        labels.put_missing("a", "3");
        labels.put_missing("b", "4");
        assert_eq!(labels.joined(100), "a=2, b=4");
    }
}

//! Calendars that anybody may have written.
//!
//! Input: the file.

use adapters::calendar::content::LINES_COUNT_MAX;
use adapters::calendar::mistake::Mistake;
use adapters::calendar::read::{HAPPENINGS_MAX, Happening, read};
use adapters::calendar::write::{Calendar, Shift, write};
use chrono_tz::Tz;
use events::{Span, Timestamp};
use i18n::Locale;

/// What is longer is no shift, and telling all changes of clocks in ten thousand years takes long.
const LENGTH_MAX: Span = Span::from_seconds(366 * 86_400);
/// More cannot be said of an event than its file holds.
const LINE_OCTETS_MAX: usize = 75;

/// Reads a calendar, and what is written of it.
pub fn file(input: &[u8]) {
    let (from, until) = (at("2026-03-01T00:00:00Z"), at("2027-03-01T00:00:00Z"));
    let reading = match read(input, Tz::Europe__Berlin, from, until) {
        Ok(reading) => reading,
        Err(mistake) => return said(&mistake, input),
    };
    assert!(reading.happenings.len() <= HAPPENINGS_MAX);
    assert!(reading.happenings.is_sorted_by_key(|one| one.from), "in order");
    let lines = input.split(|byte| *byte == b'\n').count();
    for one in &reading.happenings {
        assert!(one.from < one.until && one.from < until && from < one.until, "{one:?} is in the span");
        assert!((1..=lines).contains(&one.line), "{one:?} stands in the file");
        assert!(one.summary.len() <= input.len() && one.uid.len() <= input.len() + 20);
    }
    let again = read(input, Tz::Europe__Berlin, from, until);
    assert_eq!(again.as_ref(), Ok(&reading), "the same every time");
    written(&reading.happenings, (from, until));
}

/// What is written is folded, and reads as it was meant.
fn written(happenings: &[Happening], (from, until): (Timestamp, Timestamp)) {
    let shifts: Vec<Shift> = (happenings.iter())
        .filter(|one| one.until.since(one.from) <= LENGTH_MAX)
        .map(|one| Shift {
            rota: "primary".into(),
            person: one.uid.clone(),
            from: one.from,
            until: one.until,
            decided_at: from,
            summary: one.summary.clone(),
            description: Some(one.uid.clone()),
        })
        .collect();
    let calendar = Calendar { name: "primary".to_owned(), zone: Tz::Australia__Lord_Howe, shifts };
    let text = write(&calendar);
    assert!(text.split("\r\n").all(|line| line.len() <= LINE_OCTETS_MAX), "every line is folded");
    assert!(!text.replace("\r\n", "").contains(char::is_control), "nothing breaks a line");
    let read = read(text.as_bytes(), Tz::UTC, from, until);
    let read = read.unwrap_or_else(|mistake| panic!("{mistake} in {text}"));
    let of_shift = |shift: &Shift| (shift.from, shift.until, shown(&shift.summary), shift.uid());
    let of_read = |one: &Happening| (one.from, one.until, shown(&one.summary), one.uid.clone());
    let mut expected: Vec<_> = calendar.shifts.iter().map(of_shift).collect();
    let mut found: Vec<_> = read.happenings.iter().map(of_read).collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected, "{text}");
}

/// Control characters are no part of a calendar.
fn shown(text: &str) -> String {
    let visible = |letter: char| if letter.is_control() && letter != '\n' { ' ' } else { letter };
    text.chars().map(visible).collect::<String>().trim().to_owned()
}

/// A mistake has a line of the file, and words in every language.
fn said(mistake: &Mistake, input: &[u8]) {
    let line = match mistake {
        Mistake::TooLarge | Mistake::NotText | Mistake::TooManyLines | Mistake::NotACalendar => 1,
        Mistake::NoLine(line)
        | Mistake::Unbalanced(line)
        | Mistake::TooManyEvents(line)
        | Mistake::TooMuchHappens(line)
        | Mistake::Value { line, .. }
        | Mistake::UnknownZone { line, .. }
        | Mistake::NoStart { line, .. }
        | Mistake::Backwards { line, .. }
        | Mistake::NotRead { line, .. } => *line,
    };
    let lines = input.split(|byte| *byte == b'\n').count();
    assert!((1..=lines.min(LINES_COUNT_MAX)).contains(&line), "{mistake} is in the file");
    for locale in Locale::ALL {
        assert!(!mistake.say(locale).is_empty());
    }
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).expect("RFC 3339")
}

//! A text in parts, for a pager that shows less than the text has.
//!
//! Each part begins with the text's first word, by which the page is known, and its number:
//! `K7M2Q 1/3 Disk full on …`, `K7M2Q 2/3 …`. So whoever reads a part knows what it belongs to, and what is missing.

use crate::line::Line;

/// A text has no more parts: as many as a pager of 80 characters needs for what a usual pager of 240 shows. One digit.
pub const PARTS_MAX: usize = 4;

/// ` 1/4 `, what stands between the first word and the part's own text.
const NUMBER_CHARS: usize = 5;
/// A part has at least so much text of its own; else only the beginning of the text is sent.
const ROOM_CHARS_MIN: usize = 5;

/// A text in parts of at most `chars_max` characters of ASCII; one part, as it is, when it fits. Breaks at blanks
/// where that is possible. What does not fit in [`PARTS_MAX`] parts is cut, and the cut marked.
pub fn parts(text: &Line, chars_max: usize) -> Vec<Line> {
    broken(text, chars_max).0
}

/// Says whether nothing of a text is cut, in as many parts as it may have.
pub fn fits(text: &Line, chars_max: usize) -> bool {
    broken(text, chars_max).1
}

/// The parts of a text, and whether nothing was cut.
fn broken(text: &Line, chars_max: usize) -> (Vec<Line>, bool) {
    let text = text.ascii();
    if text.is_empty() {
        return (Vec::new(), true);
    }
    let head = text.as_str().split(' ').next().unwrap_or_default();
    let room = chars_max.saturating_sub(head.len() + NUMBER_CHARS);
    let is_one = text.as_str().len() <= chars_max;
    if is_one || room < ROOM_CHARS_MIN {
        return (vec![text.cut(chars_max)], is_one);
    }
    let mut rest = text.as_str()[head.len()..].trim_start();
    let mut pieces = Vec::new();
    while pieces.len() + 1 < PARTS_MAX && rest.len() > room {
        let (piece, more) = rest.split_at(broken_at(rest, room));
        pieces.push(Line::new(piece));
        rest = more.trim_start();
    }
    let is_whole = rest.len() <= room;
    pieces.push(Line::new(rest).cut(room));
    let count = pieces.len();
    let numbered = |(at, piece): (usize, &Line)| Line::new(&format!("{head} {}/{count} {piece}", at + 1));
    (pieces.iter().enumerate().map(numbered).collect(), is_whole)
}

/// Where a text of more than `room` characters is broken: at the last blank, or in the middle of a word that has no
/// room at all.
fn broken_at(text: &str, room: usize) -> usize {
    // A blank just behind the room counts as well.
    text[..=room].rfind(' ').filter(|at| *at > 0).unwrap_or(room)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, chars_max: usize) -> Vec<String> {
        parts(&Line::new(text), chars_max).iter().map(Line::to_string).collect()
    }

    #[test]
    fn a_text_that_fits_is_one_part_without_a_number() {
        assert_eq!(said("K7M2Q disk full", 15), ["K7M2Q disk full"]);
        assert_eq!(said("", 15), [""; 0]);
    }

    #[test]
    fn parts_begin_with_the_code_and_break_at_blanks() {
        assert_eq!(
            said("K7M2Q Disk full on db1 / Web shop since 03:10", 30),
            ["K7M2Q 1/2 Disk full on db1 /", "K7M2Q 2/2 Web shop since 03:10"]
        );
        // The blank that stands just behind the room.
        assert_eq!(
            said("K7M2Q abcdefghi jklmnopqr st", 20),
            ["K7M2Q 1/3 abcdefghi", "K7M2Q 2/3 jklmnopqr", "K7M2Q 3/3 st"]
        );
        // A word that has no room.
        assert_eq!(said("K7M2Q abcdefghijklmnopq", 20), ["K7M2Q 1/2 abcdefghij", "K7M2Q 2/2 klmnopq"]);
    }

    #[test]
    fn what_is_too_much_is_cut_and_the_cut_is_marked() {
        let text = format!("K7M2Q {}", "word ".repeat(99));
        let parts = said(&text, 40);
        assert_eq!(parts.len(), PARTS_MAX);
        assert!(parts.iter().all(|part| part.len() <= 40), "{parts:?}");
        assert!(parts[3].starts_with("K7M2Q 4/4 word") && parts[3].ends_with(".."), "{parts:?}");
        assert!(!fits(&Line::new(&text), 40));
        // No room for anything but the beginning.
        assert_eq!(said("abcdefghijklmnop qrstuv", 20), ["abcdefghijklmnop q.."]);
        assert!(!fits(&Line::new("abcdefghijklmnop qrstuv"), 20));
    }

    #[test]
    fn nothing_is_lost_between_parts_whatever_the_pager_shows() {
        let text =
            "K7M2Q Disk full on db1.example / Web shop since 03:10 / OK: https://pager.example/a/K7M2Q";
        for chars_max in 20..=100 {
            let parts = said(text, chars_max);
            assert!((1..=PARTS_MAX).contains(&parts.len()), "{chars_max}: {parts:?}");
            assert!(parts.iter().all(|part| part.len() <= chars_max && part.starts_with("K7M2Q ")));
            let own: String = parts
                .iter()
                .map(|part| part.split(' ').skip(if parts.len() == 1 { 1 } else { 2 }).collect::<String>())
                .collect();
            let whole: String = text.split(' ').skip(1).collect();
            assert_eq!(own == whole, fits(&Line::new(text), chars_max), "{chars_max}: {parts:?}");
        }
        assert!(!fits(&Line::new(text), 30) && fits(&Line::new(text), 40));
    }

    #[test]
    fn nothing_in_a_text_makes_a_second_line_of_a_part() {
        let text =
            format!("K7M2Q \r\nSEND\r\n.\r\n\u{0}\u{1b}\u{2}\u{3}\u{4}\"quoted\" {}", "Größe ".repeat(40));
        for part in said(&text, 60) {
            assert!(part.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{part:?}");
        }
    }
}

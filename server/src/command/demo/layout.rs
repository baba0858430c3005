//! Lines that fit a terminal of 80 columns: text that is broken between words, and boxes around it.

use events::{Span, Timestamp};

use crate::terminal::{Paint, Style, width};

/// No line is wider.
pub(super) const COLUMNS: usize = 78;
/// Where sentences begin: after the time and the symbol.
pub(super) const INDENT: usize = 10;

/// Breaks a text between words into lines of at most `columns`. A word that is longer gets a line of its own.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && width(&line) + 1 + width(word) > columns {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// Breaks a text into lines of at most `columns`, whatever its words are: for places with a right edge.
fn fit(text: &str, columns: usize) -> Vec<String> {
    wrap(text, columns).iter().flat_map(|line| chop(line, columns)).collect()
}

fn chop(line: &str, columns: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for letter in line.chars() {
        let wide = width(letter.encode_utf8(&mut [0; 4]));
        if used + wide > columns {
            pieces.push(String::new());
            used = 0;
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(letter);
        }
        used += wide;
    }
    pieces
}

/// The time since `start` as minutes and seconds, right-aligned: `  0:06`.
pub(super) fn clock(at: Timestamp, start: Timestamp) -> String {
    minutes(at.since(start))
}

/// A span as minutes and seconds, right-aligned: `  0:06`.
pub(super) fn minutes(span: Span) -> String {
    let seconds = span.as_seconds();
    format!("{:>3}:{:02}", seconds / 60, seconds % 60)
}

/// A sentence with what stands before it, broken so that it stays right of that.
pub(super) fn sentence(head: &str, text: &str) -> String {
    let lines = wrap(text, COLUMNS.saturating_sub(INDENT));
    let gap = " ".repeat(INDENT);
    format!("{head}{}", lines.join(&format!("\n{gap}")))
}

/// What a box holds, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A line that stands out.
    Heading(String),
    /// Text.
    Body(String),
    /// A button and where it leads.
    Button {
        /// What it says.
        label: String,
        /// Where it leads.
        link: String,
    },
}

/// A box on a device: its names at the top, what it shows inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Device {
    /// What it is, at the upper left.
    pub(super) name: String,
    /// In which language, at the upper right.
    pub(super) language: String,
    /// A pager has heavy corners, a phone round ones.
    pub(super) is_heavy: bool,
    /// What it shows.
    pub(super) parts: Vec<Part>,
}

/// The corners, the sides and the lid of a box.
struct Frame {
    corners: [&'static str; 4],
    side: &'static str,
    lid: &'static str,
}

const ROUND: Frame = Frame { corners: ["╭", "╮", "╰", "╯"], side: "│", lid: "─" };
const HEAVY: Frame = Frame { corners: ["┏", "┓", "┗", "┛"], side: "┃", lid: "━" };

impl Device {
    /// The box as lines, right of the sentences' beginning.
    pub(super) fn draw(&self, style: Style) -> String {
        let inner = COLUMNS - INDENT - 4;
        let frame = if self.is_heavy { HEAVY } else { ROUND };
        let [upper_left, upper_right, lower_left, lower_right] = frame.corners;
        let grey = |text: &str| style.paint(Paint::Grey, text);
        let names = width(&self.name) + width(&self.language);
        let lid = frame.lid.repeat((inner + 2).saturating_sub(names + 6));
        let mut lines = vec![format!(
            "{} {} {} {} {}",
            grey(&format!("{upper_left}{}", frame.lid)),
            self.name,
            grey(&lid),
            grey(&self.language),
            grey(&format!("{}{upper_right}", frame.lid)),
        )];
        for (paint, text) in self.rows(inner) {
            let padding = " ".repeat(inner.saturating_sub(width(&text)));
            let side = grey(frame.side);
            lines.push(format!("{side} {}{padding} {side}", style.paint(paint, &text)));
        }
        lines.push(grey(&format!("{lower_left}{}{lower_right}", frame.lid.repeat(inner + 2))));
        let gap = " ".repeat(INDENT);
        lines.iter().map(|line| format!("{gap}{line}")).collect::<Vec<_>>().join("\n")
    }

    fn rows(&self, inner: usize) -> Vec<(Paint, String)> {
        let painted = |paint, text: &str| fit(text, inner).into_iter().map(move |line| (paint, line));
        let rows = |part: &Part| -> Vec<(Paint, String)> {
            match part {
                Part::Heading(text) => painted(Paint::Bold, text).collect(),
                Part::Body(text) => painted(Paint::Plain, text).collect(),
                Part::Button { label, link } => {
                    let label = format!("[ {label} ]");
                    painted(Paint::Bold, &label).chain(painted(Paint::Grey, link)).collect()
                }
            }
        };
        self.parts.iter().flat_map(rows).collect()
    }
}

/// How wide the branches of a drawn timeline are at each level.
const BRANCHES: [&str; 4] = ["├─ ", "└─ ", "│  ", "   "];
/// The time and the gap after it.
const TIME_COLUMNS: usize = 10;

/// Breaks the lines of a drawn timeline, as [`crate::timeline::ladder::draw`] gives them, so that its trunk goes on
/// through them.
pub(super) fn fold_drawn(drawn: &str) -> String {
    drawn.lines().map(fold_line).collect::<Vec<_>>().join("\n")
}

fn fold_line(line: &str) -> String {
    let seen = visible(line);
    let letters: String = seen.iter().map(|(_, letter)| letter).collect();
    if width(&letters) <= COLUMNS {
        return line.to_owned();
    }
    let mut at = TIME_COLUMNS;
    let mut gap = " ".repeat(TIME_COLUMNS);
    while let Some(branch) = seen.get(at..at + 3) {
        let branch: String = branch.iter().map(|(_, letter)| letter).collect();
        if !BRANCHES.contains(&branch.as_str()) {
            break;
        }
        gap.push_str(if matches!(branch.as_str(), "├─ " | "│  ") { "│  " } else { "   " });
        at += 3;
    }
    // The symbol and a space.
    gap.push_str("  ");
    at += 2;
    let (head, text) = line.split_at(seen.get(at).map_or(line.len(), |(start, _)| *start));
    let lines = wrap(text, COLUMNS.saturating_sub(at));
    format!("{head}{}", lines.join(&format!("\n{gap}")))
}

/// The letters of a painted line without its colours, each with the byte at which it stands.
fn visible(line: &str) -> Vec<(usize, char)> {
    let mut is_colour = false;
    let shown = |&(_, letter): &(usize, char)| {
        let was_colour = is_colour;
        is_colour = if is_colour { letter != 'm' } else { letter == '\u{1b}' };
        !was_colour && !is_colour
    };
    line.char_indices().filter(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_and_lines_within_their_columns() {
        let text = "Bereitschaftsplanänderung, 東京 und\nmehr http://127.0.0.1:8080/a/K7M2Q#token";
        let lines = wrap(text, 26);
        let expected =
            ["Bereitschaftsplanänderung,", "東京 und", "mehr", "http://127.0.0.1:8080/a/K7M2Q#token"];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_box_has_straight_edges_whatever_is_in_it() {
        let device = Device {
            name: "SMS · Jörg 東京".to_owned(),
            language: "Deutsch".to_owned(),
            is_heavy: false,
            parts: vec![
                Part::Heading("K7M2Q 注文が失敗する".to_owned()),
                Part::Body(format!("u\u{308}ber\n{}\n", "東".repeat(60))),
                Part::Button { label: "Ich übernehme".to_owned(), link: "x".repeat(200) },
            ],
        };
        let drawn = device.draw(Style::PLAIN);
        let widths: Vec<usize> = drawn.lines().map(width).collect();
        assert!(widths.iter().all(|&width| width == COLUMNS), "{widths:?}\n{drawn}");
        assert_eq!(drawn.matches('東').count(), 61, "nothing is lost: {drawn}");
    }

    #[test]
    fn the_trunk_goes_on_through_broken_lines() {
        let long = "word ".repeat(20);
        let drawn = format!(
            "Sun 22 Nov, 04:10 CET\n04:10:00  ├─ ● {long}\n04:10:00  │  └─ → {long}\n04:10:00  │     ✓ {long}\n04:10:01  └─ ✓ {long}"
        );
        let folded = fold_drawn(&drawn);
        assert!(folded.lines().all(|line| width(line) <= COLUMNS), "{folded}");
        let starts: Vec<String> = folded
            .lines()
            .map(|line| line.chars().take(20).collect::<String>().trim_end().to_owned())
            .collect();
        let expected = [
            "Sun 22 Nov, 04:10 CE",
            "04:10:00  ├─ ● word",
            "          │    word",
            "04:10:00  │  └─ → wo",
            "          │       wo",
            "04:10:00  │     ✓ wo",
            "          │       wo",
            "04:10:01  └─ ✓ word",
            "               word",
        ];
        assert_eq!(starts, expected, "{folded}");
    }

    #[test]
    fn colours_take_no_room() {
        let painted = "\u{1b}[90m04:10:00\u{1b}[0m  ├─ \u{1b}[31m●\u{1b}[0m word word";
        let letters: String = visible(painted).into_iter().map(|(_, letter)| letter).collect();
        assert_eq!(letters, "04:10:00  ├─ ● word word");
        let long = painted.replace("word word", &"word ".repeat(20));
        let folded = fold_drawn(&long);
        assert!(folded.starts_with("\u{1b}[90m04:10:00\u{1b}[0m  ├─ \u{1b}[31m●\u{1b}[0m word"), "{folded}");
        assert!(
            folded.lines().nth(1).is_some_and(|line| line.starts_with("          │    word")),
            "{folded}"
        );
    }

    #[test]
    fn spans_read_as_minutes_and_seconds() {
        assert_eq!(minutes(Span::from_seconds(6)), "  0:06");
        assert_eq!(minutes(Span::from_seconds(605)), " 10:05");
    }
}

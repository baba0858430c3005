//! What stands in the terminal: the one place that prints, with colour, width and tables.

use std::io::{self, IsTerminal as _, Write as _};

/// The columns of a table stand this far apart.
const GAP: &str = "  ";

/// Whether the terminal gets colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    colour: bool,
}

/// What a colour says. Never said by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    /// As the terminal has it.
    Plain,
    /// Nobody has it; it did not work.
    Red,
    /// Somebody is being reached.
    Amber,
    /// Somebody has it.
    Green,
    /// It is over; beside the point.
    Grey,
    /// A heading.
    Bold,
}

impl Style {
    /// No colour at all.
    #[cfg(test)]
    pub(crate) const PLAIN: Self = Self { colour: false };

    /// Colour on a terminal that wants it: `no_color` is the value of `NO_COLOR`, `term` that of `TERM`.
    ///
    /// Source: <https://no-color.org>.
    pub(crate) fn choose(is_terminal: bool, no_color: Option<&str>, term: Option<&str>) -> Self {
        let refused = no_color.is_some_and(|value| !value.is_empty()) || term == Some("dumb");
        Self { colour: is_terminal && !refused }
    }

    /// The text in a colour, where there is colour.
    pub(crate) fn paint(self, paint: Paint, text: &str) -> String {
        let code = match paint {
            Paint::Plain => return text.to_owned(),
            Paint::Red => "31",
            Paint::Amber => "33",
            Paint::Green => "32",
            Paint::Grey => "90",
            Paint::Bold => "1",
        };
        if self.colour && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// True when a person sees what is printed.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Prints a text and ends its line. A reader who has gone away (`| head`) is no fault.
pub(crate) fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.trim_end_matches('\n').as_bytes());
    let _ = out.write_all(b"\n");
    let _ = out.flush();
}

/// Says a sentence on standard error.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", text.trim_end_matches('\n'));
}

/// A text that a terminal shows on one line and obeys in nothing: control characters become spaces.
pub(crate) fn clean(text: &str) -> String {
    let harmful = |letter: char| {
        letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|letter| if harmful(letter) { ' ' } else { letter }).collect()
}

/// How many columns a text takes: letters with a mark of their own and East Asian ones counted as terminals do.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(letter_width).sum()
}

/// Source: Unicode Standard Annex 11 (wide and full-width blocks) and the blocks of combining marks.
const fn letter_width(letter: char) -> usize {
    match letter {
        '\u{300}'..='\u{36f}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{200b}'..='\u{200f}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// One field of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    text: String,
    paint: Paint,
}

impl Cell {
    /// A text.
    pub(crate) fn text(text: &str) -> Self {
        Self { text: clean(text), paint: Paint::Plain }
    }

    /// The same in a colour.
    pub(crate) fn painted(self, paint: Paint) -> Self {
        Self { paint, ..self }
    }
}

/// Rows under a head, in aligned columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    head: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows yet.
    pub(crate) const fn new(head: Vec<String>) -> Self {
        Self { head, rows: Vec::new() }
    }

    /// Adds a row with as many fields as the head has.
    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// The table as text, one row on each line.
    pub(crate) fn render(&self, style: Style) -> String {
        let widths: Vec<usize> = (0..self.head.len()).map(|column| self.column_width(column)).collect();
        let head: Vec<Cell> = self.head.iter().map(|text| Cell::text(text).painted(Paint::Bold)).collect();
        let mut lines = vec![line(&head, &widths, style)];
        lines.extend(self.rows.iter().map(|row| line(row, &widths, style)));
        lines.join("\n")
    }

    fn column_width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| width(&cell.text));
        cells.chain(self.head.get(column).map(|text| width(text))).max().unwrap_or(0)
    }
}

/// One row, without spaces at its end.
fn line(cells: &[Cell], widths: &[usize], style: Style) -> String {
    let mut line = String::new();
    let mut owed = String::new();
    for (cell, column) in cells.iter().zip(widths) {
        let padding = " ".repeat(column.saturating_sub(width(&cell.text)));
        if !cell.text.is_empty() {
            line.push_str(&std::mem::take(&mut owed));
            line.push_str(&style.paint(cell.paint, &cell.text));
        }
        owed.push_str(&padding);
        owed.push_str(GAP);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(vec!["Name".into(), "Wo".into(), "Was".into()]);
        table.row(vec![Cell::text("Jörg Müßig"), Cell::text("Straße"), Cell::text("a")]);
        table.row(vec![Cell::text("Zoë"), Cell::text(""), Cell::text("b")]);
        table.row(vec![Cell::text("東京"), Cell::text("é"), Cell::text("ab\u{1b}[31m")]);
        table
    }

    #[test]
    fn columns_stay_aligned_with_letters_of_any_width() {
        let expected = "\
Name        Wo      Was
Jörg Müßig  Straße  a
Zoë                 b
東京        é       ab [31m";
        assert_eq!(table().render(Style::PLAIN), expected);
    }

    #[test]
    fn a_letter_with_its_mark_beside_it_takes_one_column() {
        assert_eq!(width("u\u{308}ber"), width("über"));
        assert_eq!(width("日本"), 4);
    }

    #[test]
    fn colour_is_for_terminals_that_want_it() {
        for (is_terminal, no_color, term, expected) in [
            (true, None, Some("xterm"), true),
            (true, Some(""), None, true),
            (true, Some("1"), Some("xterm"), false),
            (true, None, Some("dumb"), false),
            (false, None, Some("xterm"), false),
        ] {
            assert_eq!(Style::choose(is_terminal, no_color, term).colour, expected, "{no_color:?} {term:?}");
        }
    }

    #[test]
    fn colour_does_not_move_columns() {
        let mut table = Table::new(vec!["A".into(), "B".into()]);
        table.row(vec![Cell::text("open").painted(Paint::Red), Cell::text("x")]);
        let painted = table.render(Style { colour: true });
        assert_eq!(painted, "\u{1b}[1mA\u{1b}[0m     \u{1b}[1mB\u{1b}[0m\n\u{1b}[31mopen\u{1b}[0m  x");
    }
}

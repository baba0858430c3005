//! The terminal of the demo: lines that stay, and on a terminal one below them that is written again and again.

use std::io::{self, IsTerminal as _, Write as _};

use crate::terminal::{Style, is_terminal};

/// Goes to the beginning of the line and clears it.
const CLEAR: &str = "\r\u{1b}[K";
/// Goes one line up.
const UP: &str = "\u{1b}[A";
/// Long lines are cut at the terminal's edge, and are not.
const CUT: [&str; 2] = ["\u{1b}[?7l", "\u{1b}[?7h"];

/// Where the demo writes. Dropping it clears the live line.
#[derive(Debug)]
pub(super) struct Screen {
    style: Style,
    is_terminal: bool,
    is_gone: bool,
    live: String,
}

impl Screen {
    /// Standard output, as it is.
    pub(super) fn open(environment: &dyn Fn(&str) -> Option<String>) -> Self {
        let (no_color, term) = (environment("NO_COLOR"), environment("TERM"));
        let style = Style::choose(is_terminal(), no_color.as_deref(), term.as_deref());
        // A terminal that cannot move its cursor gets no live line.
        let is_terminal = is_terminal() && term.as_deref() != Some("dumb");
        Self { style, is_terminal, is_gone: false, live: String::new() }
    }

    /// Whether there is colour.
    pub(super) const fn style(&self) -> Style {
        self.style
    }

    /// Whether there is a live line.
    pub(super) const fn is_live(&self) -> bool {
        self.is_terminal
    }

    /// Whether nobody reads any more (`| head`).
    pub(super) const fn is_gone(&self) -> bool {
        self.is_gone
    }

    /// Writes lines that stay.
    pub(super) fn say(&mut self, lines: &str) {
        let clear = if self.live.is_empty() { "" } else { CLEAR };
        let live = self.live.clone();
        self.write(&format!("{clear}{lines}\n{}", shown(&live)));
    }

    /// Writes the live line again if it has changed; an empty one clears it.
    pub(super) fn live(&mut self, line: &str) {
        if self.is_terminal && line != self.live {
            self.write(&format!("{CLEAR}{}", shown(line)));
            line.clone_into(&mut self.live);
        }
    }

    /// Tidies up after Enter, which the terminal itself has shown as a line's end below the live line.
    pub(super) fn entered(&mut self) {
        if self.is_terminal && io::stdin().is_terminal() {
            let below = if self.live.is_empty() { UP.to_owned() } else { format!("{UP}{CLEAR}") };
            let live = self.live.clone();
            self.write(&format!("{below}{}", shown(&live)));
        }
    }

    fn write(&mut self, text: &str) {
        let mut out = io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        if let Err(error) = written {
            tracing::info!(%error, "nobody reads the demo any more");
            self.is_gone = true;
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.live("");
    }
}

/// A live line, cut at the terminal's edge instead of broken: a broken one could not be cleared.
fn shown(live: &str) -> String {
    let [cut, whole] = CUT;
    if live.is_empty() { String::new() } else { format!("{cut}{live}{whole}") }
}

//! A timeline drawn for a terminal: the time, a trunk of what happened to the alert, and branching off it the pages
//! and what became of each attempt.
//!
//! ```text
//! Sun 22 Nov, 04:10 CET
//! 04:10:00  ├─ ● Step 1, round 1: paging Anna
//! 04:10:00  │  └─ → Paging Anna
//! 04:10:00  │     → Pushover to Anna (push), attempt 1
//! 04:10:01  │     ✓ Pushover to Anna: accepted by the provider
//! 04:12:20  └─ ✓ Anna has it (link in the page)
//! ```

use chrono::{NaiveDate, Offset as _, TimeZone as _};
use events::Timestamp;

use crate::reader::Reader;
use crate::terminal::{Paint, Style, clean};
use crate::timeline::local;

/// One line of a timeline, from here or from the server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    /// When.
    pub(crate) at: Timestamp,
    /// As [`super::Line::kind`].
    pub(crate) kind: &'a str,
    /// The sentence.
    pub(crate) text: &'a str,
}

/// Draws the whole timeline, one thing on each line, a heading wherever the day or the zone's offset changes.
pub(crate) fn draw(rows: &[Row<'_>], reader: Reader, style: Style) -> String {
    let mut lines = Vec::new();
    let mut day = None;
    for (index, row) in rows.iter().enumerate() {
        let today = day_of(row.at, reader);
        if day.replace(today) != Some(today) {
            lines.push(style.paint(Paint::Bold, &reader.moment(row.at)));
        }
        let branches = branches(rows, index);
        lines.push(drawn(row, &branches, reader, style));
    }
    lines.join("\n")
}

/// One line alone, for a timeline that is still being written.
pub(crate) fn draw_one(row: &Row<'_>, reader: Reader, style: Style) -> String {
    drawn(row, "", reader, style)
}

fn drawn(row: &Row<'_>, branches: &str, reader: Reader, style: Style) -> String {
    let time = local(row.at, reader.zone).time().format("%H:%M:%S").to_string();
    let (symbol, paint) = sign(row.kind);
    format!(
        "{}  {branches}{} {}",
        style.paint(Paint::Grey, &time),
        style.paint(paint, symbol),
        clean(row.text)
    )
}

/// The box characters before a row.
fn branches(rows: &[Row<'_>], index: usize) -> String {
    let depth = rows.get(index).map_or(0, |row| depth(row.kind));
    let mut branches = String::new();
    for level in 0..depth {
        branches.push_str(if goes_on(rows, index, level) { "│  " } else { "   " });
    }
    if depth < DEPTH_OF_ATTEMPTS {
        branches.push_str(if goes_on(rows, index, depth) { "├─ " } else { "└─ " });
    }
    branches
}

/// True when a later row stands at this level before one that is nearer to the trunk.
fn goes_on(rows: &[Row<'_>], index: usize, level: usize) -> bool {
    let next = rows.iter().skip(index + 1).map(|row| depth(row.kind)).find(|&depth| depth <= level);
    next == Some(level)
}

/// What hangs on a page, and draws no branch of its own.
const DEPTH_OF_ATTEMPTS: usize = 2;

/// How far from the trunk: 0 for what happens to the alert, 1 for pages, 2 for attempts.
fn depth(kind: &str) -> usize {
    let starts = |prefix: &str| kind.starts_with(prefix);
    if starts("attempt_") || starts("status_") || starts("report_") || starts("recall_") {
        DEPTH_OF_ATTEMPTS
    } else {
        usize::from(starts("page_"))
    }
}

/// The symbol and colour of a kind.
fn sign(kind: &str) -> (&'static str, Paint) {
    match kind {
        "raised" | "step_empty" | "fallback_entered" | "acknowledgement_lapsed" | "work_left" => {
            ("●", Paint::Red)
        }
        "step_entered" | "escalated" | "reconsidered" | "hold_ended" | "work_entered" | "handed_over" => {
            ("●", Paint::Amber)
        }
        "page_ordered" | "attempt_started" => ("→", Paint::Amber),
        "attempt_accepted" | "status_delivered" | "recall_ended" => ("✓", Paint::Plain),
        "attempt_refused" | "attempt_failed" | "attempt_not_sent" | "status_undelivered"
        | "report_overdue" | "recall_failed" => ("✗", Paint::Red),
        "attempt_unknown" => ("?", Paint::Red),
        "acknowledged" | "joined" => ("✓", Paint::Green),
        "held" | "held_for_work" | "attempt_held" => ("‖", Paint::Grey),
        "resolved" => ("■", Paint::Grey),
        _ => ("·", Paint::Grey),
    }
}

fn day_of(at: Timestamp, reader: Reader) -> (NaiveDate, i32) {
    let utc = at.to_utc().naive_utc();
    let offset = reader.zone.offset_from_utc_datetime(&utc).fix().local_minus_utc();
    (local(at, reader.zone).date(), offset)
}

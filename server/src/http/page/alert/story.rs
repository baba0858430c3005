//! The timeline on the page of an alert: the newest first, as much of it as a phone should load.

use chrono::TimeZone as _;
use i18n::web;
use maud::{Markup, html};

use super::super::{shown, within};
use super::AlertPage;
use crate::timeline::{self, Line};

/// The lines on one page have so many bytes of markup together.
const LINES_BYTES_MAX: usize = 22_000;

/// One sentence is cut after so many characters.
const LINE_CHARS_MAX: usize = 600;

impl AlertPage<'_> {
    pub(super) fn story(&self) -> Markup {
        let lines =
            timeline::lines(&self.history.entries, &self.directory, self.reader.locale, self.reader.zone);
        let newest = within(LINES_BYTES_MAX, lines.iter().rev().map(|line| self.line(line)));
        let left_out = i64::try_from(lines.len() - newest.len()).unwrap_or(i64::MAX);
        html! {
            section #timeline data-live {
                h2 { (self.reader.say(&web::Timeline)) " " small { (self.reader.zone.name()) } }
                ol.story {
                    @for line in &newest { (line) }
                }
                @if left_out > 0 { p.left-out { (self.reader.say(&web::LinesEarlier { count: left_out })) } }
            }
        }
    }

    fn line(&self, line: &Line) -> Markup {
        html! { li class=(class(line.kind)) { (self.when(line)) bdi { (shown(&line.text, LINE_CHARS_MAX)) } } }
    }

    /// When, to the second on the day of reading.
    fn when(&self, line: &Line) -> Markup {
        let zone = self.reader.zone;
        let local = zone.from_utc_datetime(&line.at.to_utc().naive_utc());
        let today = zone.from_utc_datetime(&self.reader.now.to_utc().naive_utc());
        let text = if local.date_naive() == today.date_naive() {
            local.format("%H:%M:%S").to_string()
        } else {
            self.reader.time_without_zone(line.at)
        };
        self.reader.moment(line.at, &text)
    }
}

/// What a line is about, for its dot: somebody is being reached, somebody has it, it went wrong, it is over.
fn class(kind: &str) -> &'static str {
    match kind {
        "raised" | "acknowledgement_lapsed" | "step_empty" | "hold_ended" | "work_left" => "open",
        "acknowledged" | "joined" => "taken",
        "resolved" => "over",
        "attempt_refused" | "attempt_failed" | "attempt_unknown" | "attempt_not_sent"
        | "status_undelivered" | "report_overdue" | "recall_failed" => "failed",
        "step_entered" | "fallback_entered" | "page_ordered" | "attempt_started" | "attempt_accepted"
        | "status_delivered" | "escalated" | "work_entered" | "handed_over" => "reaching",
        _ => "",
    }
}

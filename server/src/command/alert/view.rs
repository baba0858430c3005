//! One alert as the server tells it, and how a terminal shows it.

use std::collections::BTreeMap;

use events::Timestamp;
use i18n::{Message as _, command as message, format};
use serde::Deserialize;

use crate::command::alerts::{HoldTerms, moment, severity, state};
use crate::command::session::Session;
use crate::terminal::{Paint, clean, width};
use crate::timeline::ladder::{self, Row};

/// One alert.
#[derive(Debug, Deserialize)]
pub(in crate::command) struct View {
    /// The five characters that name it.
    pub(in crate::command) code: String,
    /// `open`, `held`, `acknowledged`, `resolved` or `unraised`.
    pub(in crate::command) state: String,
    /// What happened.
    pub(in crate::command) timeline: Vec<TimelineLine>,
    id: String,
    summary: Option<String>,
    service: Option<String>,
    service_name: Option<String>,
    severity: String,
    raised_at: Option<String>,
    acknowledged_by: Option<String>,
    until: Option<String>,
    #[serde(default)]
    hold: Option<HoldTerms>,
    runbook: Option<String>,
    labels: Option<BTreeMap<String, String>>,
    details: Option<BTreeMap<String, String>>,
    #[serde(default)]
    paged: Vec<String>,
    #[serde(default)]
    changes: Vec<Changed>,
}

/// Something that was changed elsewhere before it.
#[derive(Debug, Deserialize)]
struct Changed {
    at: String,
    source: String,
    summary: String,
}

/// One line of its timeline.
#[derive(Debug, Deserialize)]
pub(in crate::command) struct TimelineLine {
    /// When.
    pub(in crate::command) at: String,
    /// As [`crate::timeline::Line::kind`].
    pub(in crate::command) kind: String,
    text: String,
}

impl TimelineLine {
    /// The line for drawing.
    pub(in crate::command) fn row(&self) -> Row<'_> {
        let at = Timestamp::parse_rfc3339(&self.at).unwrap_or_default();
        Row { at, kind: &self.kind, text: &self.text }
    }
}

impl View {
    /// True when it did not exist at the moment asked for.
    pub(in crate::command) fn is_unraised(&self) -> bool {
        self.state == "unraised"
    }

    /// What is wrong, the facts, and the timeline.
    pub(in crate::command) fn draw(&self, session: &Session) -> String {
        let style = session.style;
        let title = format!("{}  {}", self.code, clean(self.summary.as_deref().unwrap_or_default()));
        let mut lines = vec![style.paint(Paint::Bold, title.trim_end())];
        let facts = self.facts(session);
        let widest = facts.iter().map(|(label, ..)| width(label)).max().unwrap_or(0);
        for (label, value, paint) in facts {
            let gap = " ".repeat(widest - width(&label) + 2);
            lines.push(format!(
                "{}{gap}{}",
                style.paint(Paint::Grey, &label),
                style.paint(paint, &clean(&value))
            ));
        }
        let rows: Vec<Row<'_>> = self.timeline.iter().map(TimelineLine::row).collect();
        lines.push(String::new());
        lines.push(ladder::draw(&rows, session.reader, style));
        lines.join("\n")
    }

    /// What there is to say, each with its label.
    fn facts(&self, session: &Session) -> Vec<(String, String, Paint)> {
        let locale = session.locale();
        let (state, paint) = state(&self.state, locale);
        let list = |things: &[String]| {
            let things: Vec<&str> = things.iter().map(String::as_str).collect();
            format::list(locale, &things)
        };
        let labels: Vec<String> =
            self.labels.iter().flatten().map(|(label, value)| format!("{label}={value}")).collect();
        let mut facts = vec![
            (message::ColumnState.render(locale), state, paint),
            (message::ColumnSeverity.render(locale), severity(&self.severity, locale), Paint::Plain),
        ];
        let optional = [
            (message::ColumnPerson.render(locale), self.acknowledged_by.clone()),
            (message::ColumnHold.render(locale), self.hold.as_ref().map(|hold| hold.say(locale))),
            (message::ColumnUntil.render(locale), self.until.as_deref().map(|at| moment(session, at))),
            (message::ColumnService.render(locale), self.service_with_name()),
            (message::ColumnSince.render(locale), self.raised_at.as_deref().map(|at| moment(session, at))),
            (message::ColumnPaged.render(locale), Some(list(&self.paged))),
            (message::ColumnRunbook.render(locale), self.runbook.clone()),
            (message::ColumnLabels.render(locale), Some(labels.join(", "))),
            (message::ColumnId.render(locale), Some(self.id.clone())),
        ];
        let given = |(label, value): (String, Option<String>)| {
            value.filter(|value| !value.is_empty()).map(|value| (label, value, Paint::Plain))
        };
        facts.extend(optional.into_iter().filter_map(given));
        let changes = self.changes.iter().map(|changed| {
            let told = format!("{}  {} ({})", moment(session, &changed.at), changed.summary, changed.source);
            (message::ColumnChanges.render(locale), told, Paint::Plain)
        });
        facts.extend(changes);
        let details = self.details.iter().flatten();
        facts.extend(details.map(|(name, value)| (clean(name), value.clone(), Paint::Plain)));
        facts
    }

    fn service_with_name(&self) -> Option<String> {
        let service = self.service.as_deref()?;
        Some(match self.service_name.as_deref().filter(|name| *name != service) {
            Some(name) => format!("{name} ({service})"),
            None => service.to_owned(),
        })
    }
}

//! `hotpotato ledger`: what was accepted, and what became of it.

use std::collections::BTreeMap;

use clap::ValueEnum;
use i18n::{Locale, Message as _, command, ledger as message};
use serde::Deserialize;

use super::alerts::dated;
use super::session::{Session, print_json};
use super::{Done, Failure};
use crate::client::Request;
use crate::terminal::{self, Cell, Paint, Table};

/// What became of an accepted problem, as the server counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Bucket {
    /// Somebody who is on call was sent a page.
    Paged,
    /// Belongs to another problem's alert.
    Joined,
    /// Planned work has sent it to whoever does the work.
    Rerouted,
    /// Planned work holds it.
    HeldForWork,
    /// Somebody put it off.
    Held,
    /// Somebody took it before a page had gone out.
    Acknowledged,
    /// It has nobody to page.
    Nobody,
    /// It cannot be replayed, and was set aside.
    SetAside,
    /// No page has gone out yet.
    Waiting,
}

impl Bucket {
    /// As the server writes it.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Paged => "paged",
            Self::Joined => "joined",
            Self::Rerouted => "rerouted",
            Self::HeldForWork => "held_for_work",
            Self::Held => "held",
            Self::Acknowledged => "acknowledged",
            Self::Nobody => "nobody",
            Self::SetAside => "set_aside",
            Self::Waiting => "waiting",
        }
    }
}

/// The order of the lines.
const LINES: [&str; 10] = [
    "paged",
    "joined",
    "rerouted",
    "held_for_work",
    "held",
    "acknowledged",
    "over",
    "nobody",
    "set_aside",
    "waiting",
];

/// The ledger as the server tells it.
#[derive(Debug, Deserialize)]
struct Told {
    accepted: u64,
    whereabouts: BTreeMap<String, u64>,
    under_way: u64,
    difference: u64,
    #[serde(default)]
    differences: Vec<ToldDifference>,
    longest_wait: Option<ToldAlert>,
    alerts: Option<Vec<ToldAlert>>,
}

/// Something that does not agree.
#[derive(Debug, Deserialize)]
struct ToldDifference {
    kind: String,
    code: Option<String>,
    source: Option<String>,
    dedup_key: Option<String>,
    at: Option<String>,
}

/// One alert.
#[derive(Debug, Deserialize)]
struct ToldAlert {
    code: String,
    summary: Option<String>,
    service: Option<String>,
    since: String,
    problems: Option<u32>,
    #[serde(default)]
    works: Vec<ToldWork>,
}

/// Planned work that took it.
#[derive(Debug, Deserialize)]
struct ToldWork {
    id: String,
    what: Option<String>,
}

/// Prints the ledger; refused when it does not agree.
pub(super) async fn run(session: &Session, bucket: Option<Bucket>) -> Done {
    let client = session.client()?;
    let request = Request::get(&["ledger"]).with("in", bucket.map(|bucket| bucket.as_str().to_owned()));
    let (json, told) = session.ask::<Told>(&client, request).await?;
    if session.is_json() {
        print_json(&json);
    } else {
        terminal::print(&match &told.alerts {
            Some(alerts) => listed(session, alerts),
            None => counts(session, &told),
        });
    }
    if told.difference == 0 {
        return Ok(());
    }
    let locale = session.locale();
    let count = i64::try_from(told.difference).unwrap_or(i64::MAX);
    let mut lines = vec![message::Differs { count }.render(locale)];
    lines.extend(told.differences.iter().map(|difference| differs(session, difference)));
    Err(Failure::Said(lines.join("\n")))
}

fn counts(session: &Session, told: &Told) -> String {
    let locale = session.locale();
    let mut table =
        Table::new(vec![message::ColumnBecame.render(locale), message::ColumnCount.render(locale)]);
    let mut row = |what: String, count: u64, paint: Paint| {
        table.row(vec![Cell::text(&what).painted(paint), Cell::text(&count.to_string()).painted(paint)]);
    };
    row(message::Accepted.render(locale), told.accepted, Paint::Bold);
    for name in LINES {
        let count = told.whereabouts.get(name).copied().unwrap_or_default();
        if count > 0 || matches!(name, "paged" | "joined" | "rerouted" | "held_for_work" | "waiting") {
            row(whereabouts(name, locale), count, Paint::Plain);
        }
    }
    if told.under_way > 0 {
        row(message::UnderWay.render(locale), told.under_way, Paint::Plain);
    }
    let paint = if told.difference == 0 { Paint::Green } else { Paint::Red };
    row(message::Difference.render(locale), told.difference, paint);
    let mut drawn = table.render(session.style);
    if let Some(alert) = &told.longest_wait {
        let (code, since) = (alert.code.as_str(), dated(session, &alert.since));
        let summary = terminal::clean(alert.summary.as_deref().unwrap_or_default());
        let line = message::LongestWait { code, summary: &summary, since: &since }.render(locale);
        drawn = format!("{drawn}\n{line}");
    }
    if told.difference == 0 {
        drawn = format!("{drawn}\n{}", message::Agrees.render(locale));
    }
    drawn
}

fn whereabouts(name: &str, locale: Locale) -> String {
    match name {
        "paged" => message::Paged.render(locale),
        "joined" => message::Joined.render(locale),
        "rerouted" => message::Rerouted.render(locale),
        "held_for_work" => message::HeldForWork.render(locale),
        "held" => message::Held.render(locale),
        "acknowledged" => message::Acknowledged.render(locale),
        "over" => message::Over.render(locale),
        "nobody" => message::Nobody.render(locale),
        "set_aside" => message::SetAside.render(locale),
        _ => message::Waiting.render(locale),
    }
}

fn listed(session: &Session, alerts: &[ToldAlert]) -> String {
    let locale = session.locale();
    if alerts.is_empty() {
        return message::Empty.render(locale);
    }
    let mut table = Table::new(vec![
        command::ColumnCode.render(locale),
        command::ColumnSince.render(locale),
        message::ColumnProblems.render(locale),
        command::ColumnService.render(locale),
        command::ColumnWork.render(locale),
        command::ColumnSummary.render(locale),
    ]);
    for alert in alerts {
        let work = |work: &ToldWork| match &work.what {
            Some(what) => format!("{} ({what})", work.id),
            None => work.id.clone(),
        };
        let works: Vec<String> = alert.works.iter().map(work).collect();
        table.row(vec![
            Cell::text(&alert.code),
            Cell::text(&dated(session, &alert.since)),
            Cell::text(&alert.problems.map_or_else(String::new, |problems| problems.to_string())),
            Cell::text(alert.service.as_deref().unwrap_or_default()),
            Cell::text(&works.join(", ")),
            Cell::text(alert.summary.as_deref().unwrap_or_default()),
        ]);
    }
    table.render(session.style)
}

fn differs(session: &Session, difference: &ToldDifference) -> String {
    let locale = session.locale();
    let clean = |text: &Option<String>| terminal::clean(text.as_deref().unwrap_or("-"));
    let code = clean(&difference.code);
    match difference.kind.as_str() {
        "not_written" => {
            let (source, key) = (clean(&difference.source), clean(&difference.dedup_key));
            let at = difference.at.as_deref().map_or_else(String::new, |at| dated(session, at));
            message::NotWritten { source: &source, key: &key, at: &at }.render(locale)
        }
        "not_acted_on" => message::NotActedOn { code: &code }.render(locale),
        _ => message::ActedOnOnly { code: &code }.render(locale),
    }
}

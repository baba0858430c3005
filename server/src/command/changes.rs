//! `hotpotato changes`: who changed what, when, and why.

use i18n::{Message as _, change as message, command, words};
use serde::Deserialize;

use super::Done;
use super::alerts::{dated, moment};
use super::overrides::{Leg, what};
use super::session::{Session, print_json};
use crate::client::Request;
use crate::reader::Moment;
use crate::terminal::{self, Cell, Paint, Table};

/// Stands where a field said nothing.
const NOTHING: &str = "–";

/// Which changes.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) name: Option<String>,
    pub(super) from: Option<Moment>,
    pub(super) to: Option<Moment>,
    pub(super) limit: Option<u32>,
}

/// What the server tells.
#[derive(Debug, Deserialize)]
struct Told {
    changes: Vec<Change>,
    more: bool,
    unreadable: i64,
}

#[derive(Debug, Deserialize)]
struct Change {
    at: String,
    by: Option<String>,
    kind: String,
    name: Option<String>,
    did: String,
    differences: Vec<Difference>,
    details: Option<Details>,
    reason: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Difference {
    field: String,
    was: Option<String>,
    now: Option<String>,
}

/// What there is to say of an override, of planned work or of a token.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Details {
    legs: Vec<Leg>,
    worker: Option<String>,
    only: Option<Only>,
    role: Option<String>,
    person: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

/// Which alerts planned work takes.
#[derive(Debug, Deserialize)]
struct Only {
    services: Vec<String>,
    sources: Vec<String>,
    labels: Vec<String>,
}

/// Prints who changed what, newest first.
pub(super) async fn run(session: &Session, wanted: Wanted) -> Done {
    let text = |moment: Option<Moment>| moment.map(|moment| moment.resolve(session.reader.zone).to_string());
    let client = session.client()?;
    let request = Request::get(&["changes"]).with("of", wanted.name);
    let request = request.with("from", text(wanted.from)).with("to", text(wanted.to));
    let request = request.with("limit", wanted.limit.map(|limit| limit.to_string()));
    let (json, told) = session.ask::<Told>(&client, request).await?;
    if session.is_json() {
        print_json(&json);
        return Ok(());
    }
    let locale = session.locale();
    if told.changes.is_empty() {
        terminal::print(&message::Empty.render(locale));
    } else {
        terminal::print(&draw(session, &told.changes));
    }
    if told.more {
        terminal::print(&session.style.paint(Paint::Grey, &message::More.render(locale)));
    }
    if told.unreadable > 0 {
        let line = message::Unreadable { count: told.unreadable }.render(locale);
        terminal::print(&session.style.paint(Paint::Amber, &line));
    }
    Ok(())
}

fn draw(session: &Session, changes: &[Change]) -> String {
    let locale = session.locale();
    let mut table = Table::new(vec![
        message::ColumnWhen.render(locale),
        message::ColumnWho.render(locale),
        command::ColumnWhat.render(locale),
        message::ColumnDetails.render(locale),
        command::ColumnWhy.render(locale),
    ]);
    for change in changes {
        let erased = || words::Erased.render(locale);
        table.row(vec![
            Cell::text(&dated(session, &change.at)),
            Cell::text(&change.by.clone().unwrap_or_else(erased)),
            Cell::text(&did(session, change)),
            Cell::text(&details(session, change)),
            Cell::text(change.reason.as_deref().unwrap_or_default()),
        ]);
    }
    table.render(session.style)
}

/// What somebody did to which thing.
fn did(session: &Session, change: &Change) -> String {
    let locale = session.locale();
    let kind = match change.kind.as_str() {
        "person" => words::KindPerson.render(locale),
        "team" => words::KindTeam.render(locale),
        "rota" => words::KindRota.render(locale),
        "policy" => words::KindPolicy.render(locale),
        "service" => words::KindService.render(locale),
        "source" => words::KindSource.render(locale),
        "routes" => words::KindRoutes.render(locale),
        "override" => words::KindOverride.render(locale),
        "work" => words::KindWork.render(locale),
        "token" => message::KindToken.render(locale),
        "calendar" => message::KindCalendar.render(locale),
        other => other.to_owned(),
    };
    // There is one list of routes: it has no name.
    let thing = match &change.name {
        _ if change.kind == "routes" => kind,
        Some(name) => format!("{kind} {name}"),
        None => format!("{kind} {}", words::Erased.render(locale)),
    };
    let thing = thing.as_str();
    match change.did.as_str() {
        "added" => message::Added { thing }.render(locale),
        "removed" => message::Removed { thing }.render(locale),
        "made" => message::Made { thing }.render(locale),
        "accepted" => message::Accepted { thing }.render(locale),
        "declined" => message::Declined { thing }.render(locale),
        "planned" => message::Planned { thing }.render(locale),
        "moved" => message::Moved { thing }.render(locale),
        "ended" => message::Ended { thing }.render(locale),
        "cancelled" => message::Cancelled { thing }.render(locale),
        "issued" => message::Issued { thing }.render(locale),
        "revoked" => message::Revoked { thing }.render(locale),
        "opened" => message::Opened { thing }.render(locale),
        "closed" => message::Closed { thing }.render(locale),
        _ => message::Changed { thing }.render(locale),
    }
}

/// How it differs from before, or what was decided.
fn details(session: &Session, change: &Change) -> String {
    let locale = session.locale();
    let difference = |difference: &Difference| {
        let Difference { field, was, now } = difference;
        if was.is_none() && now.is_none() {
            return field.clone();
        }
        let said = |value: &Option<String>| match value.as_deref() {
            None | Some("") => NOTHING.to_owned(),
            Some(value) => value.to_owned(),
        };
        format!("{field}: {} → {}", said(was), said(now))
    };
    let mut said: Vec<String> = change.differences.iter().map(difference).collect();
    let Some(Details { legs, worker, only, role, person, from, to }) = &change.details else {
        return said.join("; ");
    };
    let during = |what: &str, from: &str, to: &str| {
        message::During { what, from: &moment(session, from), until: &moment(session, to) }.render(locale)
    };
    said.extend(legs.iter().map(|leg| during(&what(session, leg), &leg.from, &leg.to)));
    let scope = only.iter().flat_map(|only| only.services.iter().chain(&only.sources).chain(&only.labels));
    let role = role.as_ref().map(|role| message::Role { role }.render(locale));
    let about: Vec<String> =
        worker.iter().cloned().chain(scope.cloned()).chain(role).chain(person.clone()).collect();
    let about = about.join(", ");
    match (from, to) {
        (Some(from), Some(to)) => said.push(during(&about, from, to)),
        (None, Some(to)) => {
            let until = message::Until { until: &moment(session, to) }.render(locale);
            said.push([about, until].join(", "));
        }
        _ if about.is_empty() => {}
        _ => said.push(about),
    }
    said.join("; ")
}

//! `hotpotato shifts`: who is on call when, from a server or from files.

use std::path::PathBuf;

use adapters::calendar::write::write;
use adapters::clock::HouseClock;
use chrono::DateTime;
use chrono_tz::Tz;
use clap::ValueEnum;
use domain::blueprint::check::Completeness;
use domain::blueprint::{Blueprint, PersonPlan, default};
use domain::directory::Directory;
use domain::plan::imagined;
use domain::port::Clock as _;
use events::Timestamp;
use i18n::{Message as _, command as message, format};
use serde_json::json;

use super::alerts::say_when_known;
use super::session::{Session, print_json};
use super::{Done, Failure, Language, configuration};
use crate::calendar::of_rota;
use crate::client::Request;
use crate::reader::Moment;
use crate::shifts::{LISTED_DEFAULT, LISTED_MAX, Line, lines};
use crate::terminal::{self, Cell, Paint, Table};

/// How shifts are said.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Output {
    /// For people, for programs, or for calendars.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    pub(super) language: Language,
    /// The time zone of every time that is asked for, such as Europe/Berlin; otherwise TZ or the machine's.
    #[arg(long, value_name = "ZONE")]
    zone: Option<Tz>,
}

/// For people, for programs, or for calendars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Aligned columns.
    Table,
    /// JSON.
    Json,
    /// iCalendar, RFC 5545.
    Ics,
}

impl Output {
    /// True for a calendar.
    pub(super) fn is_calendar(self) -> bool {
        self.format == Format::Ics
    }

    /// The same as for other commands.
    pub(super) const fn usual(self) -> super::Output {
        let format = match self.format {
            Format::Table | Format::Ics => super::Format::Table,
            Format::Json => super::Format::Json,
        };
        super::Output { format, language: self.language, zone: self.zone }
    }
}

/// Which shifts.
pub(super) struct Wanted<'a> {
    pub(super) rota: &'a str,
    pub(super) from: Option<Moment>,
    pub(super) to: Option<Moment>,
    /// As they were known then.
    pub(super) known_at: Option<Moment>,
    /// Files to read instead of asking a server.
    pub(super) files: &'a [PathBuf],
    /// As a calendar.
    pub(super) is_calendar: bool,
}

/// Prints the shifts of a rota.
pub(super) async fn run(session: &Session, wanted: &Wanted<'_>) -> Done {
    let locale = session.locale();
    let resolve = |moment: Option<Moment>| moment.map(|moment| moment.resolve(session.reader.zone));
    let (from, to, known_at) = (resolve(wanted.from), resolve(wanted.to), resolve(wanted.known_at));
    let shifts: Vec<Line> = if wanted.files.is_empty() {
        let client = session.client()?;
        let path = ["rotas", wanted.rota, "shifts"];
        let text = |moment: Option<Timestamp>| moment.map(|moment| moment.to_string());
        let request = Request::get(&path).with("from", text(from)).with("to", text(to));
        let request = request.with("known_at", text(known_at));
        if wanted.is_calendar {
            terminal::print(&client.text(request.with("format", Some("ics".to_owned()))).await?);
            return Ok(());
        }
        session.ask(&client, request).await?.1
    } else {
        let from = from.unwrap_or_else(|| HouseClock::start().now());
        let to = to.unwrap_or(from + LISTED_DEFAULT);
        if to <= from {
            return Err(Failure::Said(message::ShiftsBackwards.render(locale)));
        }
        if to.since(from) > LISTED_MAX {
            return Err(Failure::Said(message::ShiftsTooLong.render(locale)));
        }
        let directory = of_files(session, wanted.files)?;
        let unknown =
            || Failure::Said(message::UnknownRota { rota: &terminal::clean(wanted.rota) }.render(locale));
        if wanted.is_calendar {
            let calendar = of_rota(&directory, &wanted.rota.into(), locale, (from, to));
            terminal::print(&write(&calendar.ok_or_else(unknown)?));
            return Ok(());
        }
        lines(&directory, wanted.rota, from, to).ok_or_else(unknown)?
    };
    if session.is_json() {
        print_json(&json!(shifts));
        return Ok(());
    }
    say_when_known(session, known_at);
    if shifts.is_empty() {
        terminal::print(&message::NobodyOnCall.render(locale));
    } else {
        terminal::print(&draw(session, &shifts));
    }
    Ok(())
}

/// The house that files describe, also when they hold only a part of it: whoever has a turn is a person.
fn of_files(session: &Session, files: &[PathBuf]) -> Result<Directory, Failure> {
    let examined = configuration::read(files, Completeness::Part, session.locale());
    if examined.mistakes > 0 {
        examined.said.iter().for_each(|line| terminal::complain(line));
        let failed = message::CheckFailed { mistakes: examined.mistakes };
        return Err(Failure::Said(failed.render(session.locale())));
    }
    let mut blueprint: Blueprint = examined.reading.blueprint;
    let layers = blueprint.rotas.values().flat_map(|rota| &rota.layers);
    let members = layers.flat_map(|layer| &layer.members).flat_map(|member| member.people.clone());
    for person in members.collect::<Vec<_>>() {
        blueprint.people.entry(person.clone()).or_insert_with(|| PersonPlan {
            name: person,
            locale: events::event::Language::En,
            time_zone: default::TIME_ZONE.to_owned(),
            contacts: std::collections::BTreeMap::new(),
            ladder: Vec::new(),
        });
    }
    Ok(imagined(&blueprint))
}

fn draw(session: &Session, shifts: &[Line]) -> String {
    let locale = session.locale();
    let mut table = Table::new(vec![
        message::ColumnFrom.render(locale),
        message::ColumnUntil.render(locale),
        message::ColumnPerson.render(locale),
        message::ColumnWhy.render(locale),
    ]);
    let mut before: Option<&Line> = None;
    for shift in shifts {
        // Several people of one shift stand under its times.
        let is_same = before.is_some_and(|before| before.start == shift.start);
        let time = |text: &str| if is_same { String::new() } else { local(session, text) };
        let person = match (&shift.name, &shift.person) {
            (Some(name), _) | (None, Some(name)) => Cell::text(name),
            (None, None) => Cell::text(&message::NobodyOnCall.render(locale)).painted(Paint::Red),
        };
        let why = match (&shift.by_override, shift.layer) {
            (Some(id), _) => message::ShiftOverride { id }.render(locale),
            (None, Some(layer)) => message::ShiftLayer { layer: i64::from(layer) }.render(locale),
            (None, None) => String::new(),
        };
        table.row(vec![
            Cell::text(&time(&shift.start)),
            Cell::text(&time(&shift.end)),
            person,
            Cell::text(&why),
        ]);
        before = Some(shift);
    }
    table.render(session.style)
}

/// A local time of the rota, with its offset.
fn local(session: &Session, text: &str) -> String {
    DateTime::parse_from_rfc3339(text).map_or_else(
        |_| text.to_owned(),
        |moment| {
            format!("{} {}", format::date_time(session.locale(), &moment.naive_local()), moment.format("%:z"))
        },
    )
}

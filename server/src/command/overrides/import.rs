//! `hotpotato override import`: who stands in, as a calendar says it.
//!
//! Everything is looked at before anything is done. What a calendar asks for is held against who is on call as it is: what
//! is so already is passed over, so that the same calendar may be imported again.

use std::path::Path;

use adapters::calendar::fetch::{FETCH_TIMEOUT, fetch, is_address};
use adapters::calendar::read::{CALENDAR_BYTES_MAX, Reading, read};
use adapters::clock::HouseClock;
use adapters::http;
use chrono_tz::Tz;
use domain::overrides::OVERRIDE_MAX;
use domain::port::Clock as _;
use events::Timestamp;
use i18n::{Locale, Message as _, calendar as message, command};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::session::{Session, print_json};
use super::super::{Done, Failure};
use super::Told;
use crate::client::{Client, Request};
use crate::shifts::Line;
use crate::terminal;

mod plan;

use plan::{Plan, Planner};

/// Which calendar, and what to do with it.
pub(super) struct Wanted<'a> {
    pub(super) rota: &'a str,
    /// A file, or an address.
    pub(super) calendar: &'a str,
    /// Whose turns are taken; those of whoever is on call when none.
    pub(super) of: Option<&'a str>,
    pub(super) is_dry_run: bool,
}

/// What of the configuration matters here.
#[derive(Debug, Deserialize)]
struct Configuration {
    people: std::collections::BTreeMap<String, Person>,
    rotas: std::collections::BTreeMap<String, Rota>,
}

#[derive(Debug, Deserialize)]
struct Person {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Rota {
    time_zone: String,
}

/// Imports a calendar.
pub(super) async fn run(session: &Session, wanted: &Wanted<'_>) -> Done {
    let locale = session.locale();
    let client = session.client()?;
    let (_, configuration) = session.ask::<Configuration>(&client, Request::get(&["configuration"])).await?;
    let unknown = || {
        let rota = terminal::clean(wanted.rota);
        Failure::Said(command::UnknownRota { rota: &rota }.render(locale))
    };
    let rota = configuration.rotas.get(wanted.rota).ok_or_else(unknown)?;
    if let Some(of) = wanted.of.filter(|of| !configuration.people.contains_key(*of)) {
        let person = terminal::clean(of);
        return Err(Failure::Said(command::UnknownPerson { person: &person }.render(locale)));
    }
    let bytes = calendar(wanted.calendar, locale).await?;
    let now = HouseClock::start().now();
    let zone = rota.time_zone.parse().unwrap_or(Tz::UTC);
    let reading = read(&bytes, zone, now, now + OVERRIDE_MAX);
    let reading = reading.map_err(|mistake| Failure::Said(mistake.say(locale)))?;
    let plan = planned(session, &client, wanted, &configuration, &reading, now).await?;
    if !session.is_json() {
        say(session, &plan, &reading);
    }
    let made = if wanted.is_dry_run { Vec::new() } else { make(session, &client, &plan).await? };
    if session.is_json() {
        print_json(&json!({
            "overrides": plan.overrides.iter().map(|one| one.body(wanted.rota)).collect::<Vec<_>>(),
            "known": plan.known.len(),
            "over": reading.over,
            "later": reading.later,
            "made": made,
        }));
    } else if wanted.is_dry_run {
        terminal::print(&command::DryRun.render(locale));
    } else {
        terminal::print(&message::Imported { overrides: count(made.len()) }.render(locale));
    }
    Ok(())
}

/// The calendar's text.
async fn calendar(name: &str, locale: Locale) -> Result<Vec<u8>, Failure> {
    if is_address(name) {
        let client = http::Client::new(FETCH_TIMEOUT, 0);
        let client = client.map_err(|error| Failure::Said(error.to_string()))?;
        return fetch(&client, name).await.map_err(|error| Failure::Said(error.say(locale)));
    }
    file(Path::new(name)).map_err(|error| {
        let (file, why) = (terminal::clean(name), error.to_string());
        Failure::Said(message::FileUnreadable { file: &file, why: &why }.render(locale))
    })
}

/// No more than a calendar may have is read, and one byte that shows that there is more.
fn file(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let bytes_max = u64::try_from(CALENDAR_BYTES_MAX).unwrap_or(u64::MAX);
    std::fs::File::open(path)?.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

async fn planned(
    session: &Session,
    client: &Client,
    wanted: &Wanted<'_>,
    configuration: &Configuration,
    reading: &Reading,
    now: Timestamp,
) -> Result<Plan, Failure> {
    let locale = session.locale();
    let until =
        reading.happenings.iter().map(|one| one.until).max().unwrap_or(now).min(now + OVERRIDE_MAX.times(2));
    let shifts = if until > now {
        let path = ["rotas", wanted.rota, "shifts"];
        let request = Request::get(&path).with("from", Some(now.to_string()));
        session.ask::<Vec<Line>>(client, request.with("to", Some(until.to_string()))).await?.1
    } else {
        Vec::new()
    };
    let request = Request::get(&["overrides"]).with("rota", Some(wanted.rota.to_owned()));
    let (_, overrides) = session.ask::<Vec<Told>>(client, request).await?;
    let legs = overrides.into_iter().filter(|told| told.state == "in_force").flat_map(|told| told.legs);
    let planner = Planner {
        rota: wanted.rota,
        people: configuration.people.iter().map(|(slug, person)| (&**slug, &*person.name)).collect(),
        of: wanted.of,
        shifts: &shifts,
        in_force: legs.filter(|leg| leg.rota.as_deref() == Some(wanted.rota)).collect(),
        now,
        session,
    };
    planner.plan(&reading.happenings).map_err(|mistakes| {
        for sentence in &mistakes {
            terminal::complain(&terminal::clean(sentence));
        }
        Failure::Said(message::ImportRefused { mistakes: count(mistakes.len()) }.render(locale))
    })
}

fn say(session: &Session, plan: &Plan, reading: &Reading) {
    let locale = session.locale();
    for one in &plan.overrides {
        for leg in &one.legs {
            let (from, until) = (session.reader.moment(leg.from), session.reader.moment(leg.until));
            let line = match &leg.of {
                Some(of) => message::ImportFor { by: &one.by, of, from: &from, until: &until }.render(locale),
                None => message::ImportAlso { by: &one.by, from: &from, until: &until }.render(locale),
            };
            terminal::print(&terminal::clean(&line));
        }
    }
    for (by, from, until) in &plan.known {
        let (from, until) = (session.reader.moment(*from), session.reader.moment(*until));
        let line = message::ImportKnown { by, from: &from, until: &until }.render(locale);
        terminal::print(&terminal::clean(&line));
    }
    let summary = message::ImportSummary {
        overrides: count(plan.overrides.len()),
        known: count(plan.known.len()),
        over: count(reading.over),
        later: count(reading.later),
    };
    terminal::print(&summary.render(locale));
}

/// Makes one override after the other. They were all looked at before; what fails now, such as the log, fails for a while.
async fn make(session: &Session, client: &Client, plan: &Plan) -> Result<Vec<Value>, Failure> {
    let mut made = Vec::new();
    for one in &plan.overrides {
        let mut body = one.body(&plan.rota);
        body["reason"] = message::ImportReason { uid: &one.uid }.render(session.locale()).into();
        match session.ask::<Told>(client, Request::post(&["overrides"]).body(body)).await {
            Ok((json, _)) => made.push(json),
            Err(failure) => {
                let reason = failure.say(session.locale());
                let (done, total) = (count(made.len()), count(plan.overrides.len()));
                let broken = message::ImportBroken { done, total, reason: &reason };
                return Err(Failure::Said(broken.render(session.locale())));
            }
        }
    }
    Ok(made)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

//! Contact methods: which have proved that they reach somebody, which are broken, and the codes that prove them.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::access::About;
use domain::coverage::{AHEAD, thin};
use domain::directory::Directory;
use domain::providers::Providers;
use domain::standing::{CODE_DIGITS, CODE_TRIES_MAX, ContactCommand, ContactRefusal, Contacts, Standing};
use events::event::contact::{Failure, Proof};
use events::event::outcome::Reason;
use events::event::person::ContactMethod;
use events::{Author, ContactId, PersonId, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Caller, Narrow};
use crate::http::App;
use crate::http::problem::Problem;

/// There are so many codes: a million.
const CODES: u32 = 1_000_000;

/// Whose contact methods.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    person: Option<String>,
    #[serde(default)]
    broken: bool,
}

/// What somebody read on their phone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    code: String,
}

/// `GET /api/v1/contacts`, of one `person` or of everybody; with `broken=true` those that do not work.
pub async fn list(_caller: Caller, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let directory = app.house.directory();
    let now = app.house.now();
    let only = wanted.person.as_deref().map(|slug| person(&directory, slug)).transpose()?;
    let people = directory.people().iter().filter(|(id, _)| only.is_none_or(|only| only == **id));
    let mut shown: Vec<(String, Value)> = Vec::new();
    for (&id, defined) in people {
        let slug = directory.slug(id).map_or_else(|| id.to_string(), str::to_owned);
        for (contact, method) in &defined.contacts {
            let standing = directory.standing(id, contact);
            if wanted.broken && !directory.is_broken(id, contact) {
                continue;
            }
            shown.push((slug.clone(), show(&slug, contact, method, standing, now)));
        }
    }
    shown.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(Json(shown.into_iter().map(|(_, shown)| shown).collect()))
}

/// `POST /api/v1/contacts/{person}/{contact}/verify`: sends a code over it.
pub async fn verify(
    narrow: Narrow,
    State(app): State<App>,
    Path((slug, contact)): Path<(String, String)>,
) -> Answer {
    let (person, contact, by) = own(&narrow, &app, &slug, &contact)?;
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|error| Problem::unavailable(error.to_string()))?;
    let code = format!("{:0width$}", u32::from_be_bytes(bytes) % CODES, width = CODE_DIGITS);
    let command = ContactCommand::SendCode { person, contact: contact.clone(), code };
    let position = app.house.decide::<Contacts>(&person.to_string(), command, app.provenance(by)).await?;
    app.house.published().wait_for(position).await;
    let directory = app.house.directory();
    let code = directory.standing(person, &contact).and_then(|standing| standing.code(app.house.now()));
    Ok(Json(json!({
        "person": slug, "contact": contact, "sent": true,
        "expires_at": code.map(|code| code.expires_at.to_string()),
    })))
}

/// `POST /api/v1/contacts/{person}/{contact}/confirm` with the code that came over it.
pub async fn confirm(
    narrow: Narrow,
    State(app): State<App>,
    Path((slug, contact)): Path<(String, String)>,
    confirmation: Result<Json<Confirmation>, JsonRejection>,
) -> Answer {
    let Json(Confirmation { code }) =
        confirmation.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let (person, contact, by) = own(&narrow, &app, &slug, &contact)?;
    // As people type it: with a blank or a dash in the middle.
    let code: String = code.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    if code.len() != CODE_DIGITS || !code.bytes().all(|digit| digit.is_ascii_digit()) {
        let sentence = format!("a code has {CODE_DIGITS} digits: type it as it came over the contact method");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence).with("reason", "no_code".into()));
    }
    let command = ContactCommand::Confirm { person, contact: contact.clone(), code };
    let position = app.house.decide::<Contacts>(&person.to_string(), command, app.provenance(by)).await?;
    app.house.published().wait_for(position).await;
    let (directory, now) = (app.house.directory(), app.house.now());
    let standing = directory.standing(person, &contact);
    // A code that was right is awaited no more.
    if let Some(code) = standing.and_then(|standing| standing.code(now)) {
        let left = CODE_TRIES_MAX.saturating_sub(code.mistakes);
        let sentence = format!(
            "this is not the code that was sent last: {left} tries are left; `hotpotato contact verify` sends another"
        );
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence)
            .with("reason", "mistaken".into())
            .with("tries_left", left.into()));
    }
    let defined = directory.people().get(&person).and_then(|defined| defined.contacts.get(&contact));
    let defined = defined.ok_or_else(unknown)?;
    Ok(Json(show(&slug, &contact, defined, standing, now)))
}

/// `GET /api/v1/coverage`: the spans of the next 14 days in which a step hangs by a thread.
pub async fn coverage(_caller: Caller, State(app): State<App>) -> Answer {
    let directory = app.house.directory();
    let from = app.house.now();
    let until = from + AHEAD;
    let slug = |person: PersonId| directory.slug(person).map_or_else(|| person.to_string(), str::to_owned);
    let spans = thin(&directory, &providers(&app), from, until);
    let spans = spans.into_iter().map(|thin| {
        json!({
            "policy": thin.policy, "step": thin.step,
            "from": thin.from.to_string(), "to": thin.until.to_string(),
            "people": thin.people.into_iter().map(slug).collect::<Vec<_>>(),
        })
    });
    Ok(Json(json!({
        "from": from.to_string(), "to": until.to_string(), "thin": spans.collect::<Vec<_>>(),
    })))
}

/// The configured channels, and on whom each depends.
fn providers(app: &App) -> Providers {
    let mut providers = Providers::default();
    for channel in &app.channels {
        providers.add(channel.kind, channel.id.clone());
        if let Some(on) = &channel.depends_on {
            providers.depends(channel.id.clone(), on.clone());
        }
    }
    providers
}

fn unknown() -> Problem {
    Problem::not_found(ContactRefusal::Unknown.to_string()).with("reason", "unknown".into())
}

fn person(directory: &Directory, slug: &str) -> Result<PersonId, Problem> {
    let nobody = || Problem::not_found(format!("there is nobody called {slug:?}: see `hotpotato export`"));
    directory.person_called(slug).map(|(person, _)| person).ok_or_else(nobody)
}

/// Whose contact method it is, and by whom something is asked of it, if they may.
fn own(
    narrow: &Narrow,
    app: &App,
    slug: &str,
    contact: &str,
) -> Result<(PersonId, ContactId, Author), Problem> {
    let directory = app.house.directory();
    let person = person(&directory, slug)?;
    let by = narrow.about(About::Person(Some(person)), "somebody's contact method")?;
    let contact = ContactId::from(contact);
    let is_there =
        directory.people().get(&person).is_some_and(|person| person.contacts.contains_key(&contact));
    if is_there { Ok((person, contact, by)) } else { Err(unknown()) }
}

fn show(
    slug: &str,
    contact: &ContactId,
    method: &ContactMethod,
    standing: Option<&Standing>,
    now: Timestamp,
) -> Value {
    let moment = |at: Timestamp| at.to_string();
    let proved = standing.and_then(Standing::proved);
    let broken = standing.and_then(Standing::broken);
    let counts_until = standing.and_then(Standing::counts_until);
    let state = if broken.is_some() {
        "broken"
    } else if counts_until.is_some_and(|until| now < until) {
        "proved"
    } else {
        "unproved"
    };
    json!({
        "person": slug, "contact": contact, "channel": method.channel.as_str(), "via": method.via,
        "state": state,
        "verified_at": standing.and_then(Standing::verified_at).map(moment),
        "proved_at": proved.map(|(at, _)| moment(at)),
        "proved_by": proved.map(|(_, by)| match by {
            Proof::Delivered => "delivered",
            Proof::Acknowledged => "acknowledged",
            Proof::Verified => "code",
        }),
        "counts_until": counts_until.map(moment),
        "unanswered_since": standing.and_then(Standing::unanswered_at).map(moment),
        "failures": standing.map_or(0, |standing| standing.failures().count()),
        "broken_since": broken.map(|broken| moment(broken.since)),
        "broken_why": broken.map(|broken| match broken.why {
            Failure::Refused(Reason::UnknownAddress) => "unknown_address",
            Failure::Refused(_) => "refused",
            Failure::Undelivered => "undelivered",
        }),
    })
}

//! Answers to text messages, over whichever provider they come.
//!
//! A number alone proves nothing, since senders can be forged: what counts is the code that stood in one message to that
//! number. Whoever is not known is not answered at all.

use std::collections::BTreeSet;

use actors::alert::Declined;
use adapters::reply::{Reply, ReplyCode, Word, read};
use adapters::text::locale;
use domain::alert::{Order, Refusal};
use domain::directory::Directory;
use domain::view::CardState;
use domain::view::reached::Texted;
use events::event::alert::Way;
use events::event::outcome::DeliveryStatus;
use events::event::person::ChannelKind;
use events::{AlertId, AttemptId, Author, ContactId, PersonId};
use i18n::{Locale, Message as _, reply as say};

use crate::http::App;

mod talk;
mod work;

pub use talk::Talks;

/// Somebody whose number it is.
#[derive(Clone, Debug)]
struct Writer {
    person: PersonId,
    contact: ContactId,
    locale: Locale,
    time_zone: String,
}

/// A text message that has the code.
#[derive(Clone, Debug)]
struct Found {
    writer: Writer,
    text: Texted,
    stage: Stage,
}

/// How an alert stands to a message about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The message is of the present paging.
    Live,
    /// Paging has begun anew since.
    Earlier,
    /// The alert is over.
    Over,
}

/// What became of an order to one alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    Done,
    Over,
    Impossible,
    Failed,
}

/// Hears what somebody writes, does it, and says what they are to be answered; none when they are not to be.
///
/// `from` is the sender's number in E.164 form, as the provider says it.
pub async fn hear(app: &App, from: &str, text: &str) -> Option<String> {
    let now = app.house.now();
    let writers = writers(&app.house.directory(), from);
    let locale = writers.first()?.locale;
    if app.talks.is_stopped(from, now) {
        tracing::warn!("a number that has offered too many wrong codes is not heard");
        return None;
    }
    let helpful = |answer: String| app.talks.may_help(from, now).then_some(answer);
    let (word, code) = match read(text) {
        Reply::Order { word, code } => (word, code),
        Reply::WithoutCode => return helpful(say::WithoutCode.render(locale)),
        Reply::Help | Reply::Unknown => return helpful(say::Help.render(locale)),
        Reply::Stop => return None,
    };
    if app.talks.is_under_attack(now) {
        tracing::warn!("so many wrong codes come in that none is taken for a while");
        return helpful(say::Failed.render(locale));
    }
    let found = found(app, &writers, code);
    if found.is_empty() {
        app.talks.wrong(from, now);
        return helpful(say::WrongCode.render(locale));
    }
    let live: Vec<&Found> = found.iter().filter(|found| found.stage == Stage::Live).collect();
    let meant = match (&*live, word) {
        // Work may go on after the message that it ends is over.
        ([], Word::Extend { .. }) => found.iter().collect(),
        ([], _) => return helpful(void(&found, locale)),
        _ => live,
    };
    let Some(writer) = one(&meant) else { return helpful(say::Ambiguous.render(locale)) };
    let answer = match word {
        Word::Extend { minutes } => work::extend(app, writer, &meant, minutes, now).await,
        Word::Take | Word::Escalate | Word::Done => order(app, writer, &meant, word).await,
    };
    app.talks.may_answer(from, now).then_some(answer)
}

/// Everybody who has this number as a contact for text messages.
fn writers(directory: &Directory, number: &str) -> Vec<Writer> {
    let people = directory.people().iter();
    people
        .flat_map(|(person, defined)| {
            let is_theirs = |(_, contact): &(&ContactId, &events::event::person::ContactMethod)| {
                contact.channel == ChannelKind::SMS
                    && contact.address.open().is_some_and(|address| address == number)
            };
            defined.contacts.iter().filter(is_theirs).map(|(contact, _)| Writer {
                person: *person,
                contact: contact.clone(),
                locale: locale(defined.language),
                time_zone: defined.time_zone.clone(),
            })
        })
        .collect()
}

/// The messages to these people, by this number, that have the code.
fn found(app: &App, writers: &[Writer], code: ReplyCode) -> Vec<Found> {
    let board = app.house.published().board();
    let reached = board.reached();
    let mut found = Vec::new();
    for writer in writers {
        for text in reached.texts(writer.person, &writer.contact) {
            if app.links.key.reply_code(&text.lead) != code {
                continue;
            }
            let stage = match reached.generation(text.attempt.alert) {
                Some(generation) if generation == text.generation => Stage::Live,
                Some(_) => Stage::Earlier,
                None => Stage::Over,
            };
            found.push(Found { writer: writer.clone(), text: text.clone(), stage });
        }
    }
    found
}

/// Who is meant by the code; none when two messages share it that are not about the same.
fn one<'a>(meant: &[&'a Found]) -> Option<&'a Writer> {
    let first = *meant.first()?;
    let about = |lead: AttemptId| -> BTreeSet<AlertId> {
        meant.iter().filter(|found| found.text.lead == lead).map(|found| found.text.attempt.alert).collect()
    };
    let is_alike = |other: &&Found| {
        other.writer.person == first.writer.person && about(other.text.lead) == about(first.text.lead)
    };
    meant.iter().all(is_alike).then_some(&first.writer)
}

/// What is said of messages that count no more.
fn void(found: &[Found], locale: Locale) -> String {
    let earlier: Vec<&Found> = found.iter().filter(|found| found.stage == Stage::Earlier).collect();
    if earlier.is_empty() {
        let all: Vec<&Found> = found.iter().collect();
        say::Over { codes: &codes(alerts(&all)) }.render(locale)
    } else {
        say::Earlier { codes: &codes(alerts(&earlier)) }.render(locale)
    }
}

fn alerts(found: &[&Found]) -> BTreeSet<AlertId> {
    found.iter().map(|found| found.text.attempt.alert).collect()
}

/// Codes of alerts, as a list that fits into a text message.
fn codes(alerts: impl IntoIterator<Item = AlertId>) -> String {
    const CODES_MAX: usize = 5;
    let all: Vec<String> = alerts.into_iter().map(|alert| alert.code().to_string()).collect();
    let more = all.len().saturating_sub(CODES_MAX);
    let named = all.get(..CODES_MAX).unwrap_or(&all).join(", ");
    if more == 0 { named } else { format!("{named} +{more}") }
}

/// Does what somebody wants of alerts, and says what became of it.
async fn order(app: &App, writer: &Writer, meant: &[&Found], word: Word) -> String {
    let by = Author::Person(writer.person);
    let mut came: Vec<(Came, AlertId)> = Vec::new();
    for alert in alerts(meant) {
        let order = match word {
            Word::Escalate => Order::Escalate { by: by.clone() },
            Word::Done => Order::Resolve { by: by.clone() },
            Word::Take | Word::Extend { .. } => Order::Acknowledge { by: by.clone(), way: Way::Reply },
        };
        let answer = app.house.order(alert, order, app.provenance(by.clone())).await;
        came.push((answer.map_or_else(|declined| why(&declined), |_| Came::Done), alert));
    }
    is_read(app, meant).await;
    let of = |wanted: Came| {
        let fitting: Vec<AlertId> =
            came.iter().filter(|(came, _)| *came == wanted).map(|(_, alert)| *alert).collect();
        (!fitting.is_empty()).then_some(fitting)
    };
    if of(Came::Failed).is_some() {
        return say::Failed.render(writer.locale);
    }
    if let Some(done) = of(Came::Done) {
        return said(app, word, &done, writer.locale);
    }
    match of(Came::Over) {
        Some(over) => say::Over { codes: &codes(over) }.render(writer.locale),
        None => say::Impossible { codes: &codes(alerts(meant)) }.render(writer.locale),
    }
}

fn said(app: &App, word: Word, done: &[AlertId], locale: Locale) -> String {
    let codes = codes(done.iter().copied());
    let codes = codes.as_str();
    let is_taken = |alert: &AlertId| {
        let board = app.house.published().board();
        board.card(*alert).is_none_or(|card| matches!(card.state, CardState::Acknowledged(_)))
    };
    match word {
        Word::Escalate => say::Escalated { codes }.render(locale),
        Word::Done => say::Resolved { codes }.render(locale),
        Word::Take | Word::Extend { .. } if done.iter().all(is_taken) => say::Taken { codes }.render(locale),
        Word::Take | Word::Extend { .. } => say::Joined { codes }.render(locale),
    }
}

fn why(declined: &Declined) -> Came {
    match declined {
        Declined::Refused(Refusal::AlreadyResolved | Refusal::NotRaised) => Came::Over,
        Declined::Refused(_) => Came::Impossible,
        Declined::Unavailable { .. } | Declined::Busy | Declined::Quarantined { .. } => Came::Failed,
    }
}

/// A message that was answered was read.
async fn is_read(app: &App, meant: &[&Found]) {
    for found in meant {
        let AttemptId { alert, attempt, .. } = found.text.attempt;
        let order = Order::ReportStatus { attempt, status: DeliveryStatus::Read, detail: String::new() };
        if let Err(declined) = app.house.order(alert, order, app.provenance(Author::House)).await {
            tracing::debug!(%declined, "that a message was read is not recorded");
        }
    }
}

//! `hotpotato alerts`: the open alerts.

use adapters::clock::HouseClock;
use domain::port::Clock as _;
use events::Timestamp;
use i18n::{Locale, Message as _, change, command as message, words};
use serde::Deserialize;

use super::Done;
use super::session::{Session, print_json};
use crate::client::Request;
use crate::terminal::{self, Cell, Paint, Table};

/// An open alert as the server tells it.
#[derive(Debug, Deserialize)]
pub(super) struct Card {
    code: String,
    summary: Option<String>,
    service: Option<String>,
    severity: String,
    state: String,
    until: Option<String>,
    hold: Option<HoldTerms>,
    raised_at: String,
}

/// On which terms somebody put an alert off.
#[derive(Debug, Deserialize)]
pub(super) struct HoldTerms {
    /// Who.
    by: String,
    /// After how many more problems it goes on; 0 when that is no reason.
    pub(super) unless_joined: i64,
}

impl HoldTerms {
    /// Who put it off, unless what.
    pub(super) fn say(&self, locale: Locale) -> String {
        let person = self.by.as_str();
        match self.unless_joined {
            0 => message::HoldTerms { person }.render(locale),
            count => message::HoldTermsUnlessJoined { person, count }.render(locale),
        }
    }
}

/// Prints the open alerts.
pub(super) async fn run(session: &Session) -> Done {
    let client = session.client()?;
    let (json, cards) = session.ask::<Vec<Card>>(&client, Request::get(&["alerts"])).await?;
    if session.is_json() {
        print_json(&json);
    } else if cards.is_empty() {
        terminal::print(&message::AlertsEmpty.render(session.locale()));
    } else {
        terminal::print(&board(session, &cards));
    }
    Ok(())
}

/// Alerts as a table.
pub(super) fn board(session: &Session, cards: &[Card]) -> String {
    let locale = session.locale();
    let mut table = Table::new(vec![
        message::ColumnCode.render(locale),
        message::ColumnState.render(locale),
        message::ColumnSeverity.render(locale),
        message::ColumnSince.render(locale),
        message::ColumnService.render(locale),
        message::ColumnSummary.render(locale),
    ]);
    for card in cards {
        let (mut state, paint) = state(&card.state, locale);
        if let Some(until) = &card.until {
            let until = moment(session, until);
            state = message::HeldState { state: &state, until: &until }.render(locale);
        }
        if let Some(hold) = &card.hold {
            state = format!("{state} ({})", hold.say(locale));
        }
        table.row(vec![
            Cell::text(&card.code),
            Cell::text(&state).painted(paint),
            Cell::text(&severity(&card.severity, locale)),
            Cell::text(&moment(session, &card.raised_at)),
            Cell::text(card.service.as_deref().unwrap_or_default()),
            Cell::text(card.summary.as_deref().unwrap_or_default()),
        ]);
    }
    table.render(session.style)
}

/// A state in words, with its colour.
pub(super) fn state(state: &str, locale: Locale) -> (String, Paint) {
    match state {
        "open" => (words::StateOpen.render(locale), Paint::Red),
        "held" => (words::StateHeld.render(locale), Paint::Amber),
        "acknowledged" => (words::StateAcknowledged.render(locale), Paint::Green),
        "resolved" => (words::StateResolved.render(locale), Paint::Grey),
        other => (other.to_owned(), Paint::Plain),
    }
}

/// A severity in words.
pub(super) fn severity(severity: &str, locale: Locale) -> String {
    match severity {
        "critical" => words::SeverityCritical.render(locale),
        "error" => words::SeverityError.render(locale),
        "warning" => words::SeverityWarning.render(locale),
        "info" => words::SeverityInfo.render(locale),
        other => other.to_owned(),
    }
}

/// A moment in the reader's zone; as the server wrote it when it is none.
pub(super) fn moment(session: &Session, text: &str) -> String {
    Timestamp::parse_rfc3339(text).map_or_else(|| text.to_owned(), |at| session.reader.moment(at))
}

/// A moment that may be years ago, in the reader's zone; as the server wrote it when it is none.
pub(super) fn dated(session: &Session, text: &str) -> String {
    Timestamp::parse_rfc3339(text).map_or_else(|| text.to_owned(), |at| session.reader.dated(at))
}

/// The line above an answer that says what was known at an earlier moment.
pub(super) fn known_at(session: &Session, at: &str) -> String {
    let line = change::KnownAt { when: &dated(session, at) }.render(session.locale());
    session.style.paint(Paint::Bold, &line)
}

/// Prints the same above an answer that does not say so itself; nothing when the moment is not past.
pub(super) fn say_when_known(session: &Session, at: Option<Timestamp>) {
    if let Some(at) = at.filter(|at| *at < HouseClock::start().now()) {
        terminal::print(&known_at(session, &at.to_string()));
    }
}

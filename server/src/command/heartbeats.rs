//! `hotpotato heartbeats`: when each was heard, when it is due, and which are silent.

use i18n::{Message as _, command, format, heartbeat as message};
use serde::Deserialize;

use super::Done;
use super::alerts::dated;
use super::session::{Session, print_json};
use crate::client::Request;
use crate::terminal::{self, Cell, Paint, Table};

/// A heartbeat as the server tells it.
#[derive(Debug, Deserialize)]
struct Told {
    source: String,
    service: Option<String>,
    state: State,
    last_at: Option<String>,
    due_at: String,
    every_seconds: u64,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Waiting,
    Alive,
    Silent,
}

/// Prints them by name.
pub(super) async fn run(session: &Session) -> Done {
    let client = session.client()?;
    let (json, told) = session.ask::<Vec<Told>>(&client, Request::get(&["heartbeats"])).await?;
    if session.is_json() {
        print_json(&json);
        return Ok(());
    }
    let locale = session.locale();
    if told.is_empty() {
        terminal::print(&message::Empty.render(locale));
        return Ok(());
    }
    let mut table = Table::new(vec![
        message::ColumnSource.render(locale),
        command::ColumnService.render(locale),
        command::ColumnState.render(locale),
        message::ColumnEvery.render(locale),
        message::ColumnLast.render(locale),
        message::ColumnDue.render(locale),
    ]);
    for heartbeat in &told {
        let state = match heartbeat.state {
            State::Waiting => Cell::text(&message::Waiting.render(locale)),
            State::Alive => Cell::text(&message::Alive.render(locale)),
            State::Silent => Cell::text(&message::Silent.render(locale)).painted(Paint::Red),
        };
        table.row(vec![
            Cell::text(&heartbeat.source),
            Cell::text(heartbeat.service.as_deref().unwrap_or_default()),
            state,
            Cell::text(&format::span(locale, heartbeat.every_seconds)),
            Cell::text(&heartbeat.last_at.as_deref().map_or_else(String::new, |at| dated(session, at))),
            Cell::text(&dated(session, &heartbeat.due_at)),
        ]);
    }
    terminal::print(&table.render(session.style));
    Ok(())
}

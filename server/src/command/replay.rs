//! `hotpotato replay`: the open alerts, or one alert, as they were.

use i18n::{Message as _, command as message};
use serde::Deserialize;

use super::Done;
use super::alert;
use super::alerts::{Card, board, moment};
use super::session::{Session, print_json};
use crate::client::Request;
use crate::reader::Moment;
use crate::terminal::{self, Paint};

/// The open alerts at a moment.
#[derive(Debug, Deserialize)]
struct Replayed {
    at: String,
    alerts: Vec<Card>,
}

/// Prints one alert or all open ones, as they were at a moment.
pub(super) async fn run(session: &Session, alert: Option<&str>, at: Option<Moment>) -> Done {
    let at = at.map(|at| at.resolve(session.reader.zone).to_string());
    let client = session.client()?;
    if let Some(alert) = alert {
        return alert::show(session, &client, alert, at).await;
    }
    let (json, replayed) = session.ask::<Replayed>(&client, Request::get(&["replay"]).with("at", at)).await?;
    if session.is_json() {
        print_json(&json);
        return Ok(());
    }
    let locale = session.locale();
    let heading = message::ReplayAt { when: &moment(session, &replayed.at) }.render(locale);
    terminal::print(&session.style.paint(Paint::Bold, &heading));
    if replayed.alerts.is_empty() {
        terminal::print(&message::AlertsEmpty.render(locale));
    } else {
        terminal::print(&board(session, &replayed.alerts));
    }
    Ok(())
}

//! `hotpotato channels`: the configured channels, whether their providers would take a page, and which are passed over.

use i18n::{Message as _, channel as message, command, words};
use serde::Deserialize;

use super::Done;
use super::alerts::dated;
use super::session::{Session, print_json};
use crate::client::Request;
use crate::terminal::{self, Cell, Paint, Table};

/// A channel as the server tells it.
#[derive(Debug, Deserialize)]
struct Told {
    channel: String,
    kind: String,
    sound: Option<bool>,
    words: Option<String>,
    asked_at: Option<String>,
    certificate_expires_at: Option<String>,
    breaker: ToldBreaker,
}

/// How its provider has answered lately.
#[derive(Debug, Deserialize)]
struct ToldBreaker {
    open_since: Option<String>,
    tried_again_at: Option<String>,
}

/// Prints them in their order.
pub(super) async fn run(session: &Session) -> Done {
    let client = session.client()?;
    let (json, told) = session.ask::<Vec<Told>>(&client, Request::get(&["channels"])).await?;
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
        message::ColumnChannel.render(locale),
        message::ColumnKind.render(locale),
        command::ColumnState.render(locale),
        message::ColumnAsked.render(locale),
        message::ColumnCertificate.render(locale),
        message::ColumnBreaker.render(locale),
    ]);
    for channel in &told {
        let moment =
            |moment: &Option<String>| moment.as_deref().map_or_else(String::new, |at| dated(session, at));
        let state = match channel.sound {
            Some(true) => Cell::text(&message::Sound.render(locale)),
            Some(false) => {
                let words = channel.words.clone().unwrap_or_else(|| words::Erased.render(locale));
                Cell::text(&words).painted(Paint::Red)
            }
            None => Cell::text(&message::NotAsked.render(locale)),
        };
        let breaker = match &channel.breaker.open_since {
            Some(_) => {
                let (since, next) =
                    (moment(&channel.breaker.open_since), moment(&channel.breaker.tried_again_at));
                let said = message::BreakerOpen { since: &since, next: &next }.render(locale);
                Cell::text(&said).painted(Paint::Red)
            }
            None => Cell::text(&message::BreakerClosed.render(locale)),
        };
        table.row(vec![
            Cell::text(&channel.channel),
            Cell::text(&channel.kind),
            state,
            Cell::text(&moment(&channel.asked_at)),
            Cell::text(&moment(&channel.certificate_expires_at)),
            breaker,
        ]);
    }
    terminal::print(&table.render(session.style));
    Ok(())
}

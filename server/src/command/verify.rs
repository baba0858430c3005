//! `hotpotato verify`: proves the log unbroken.

use i18n::{Message as _, command as message};
use serde::Deserialize;

use super::session::{Session, print_json};
use super::{Done, Failure};
use crate::client::{PATIENT_TIMEOUT, Request};
use crate::terminal;

/// What the server found.
#[derive(Debug, Deserialize)]
struct Verified {
    records: i64,
    streams: i64,
    broken: Option<Broken>,
    /// What is wrong with the files themselves.
    #[serde(default)]
    damage: Vec<String>,
}

/// The first bad record.
#[derive(Debug, Deserialize)]
struct Broken {
    position: u64,
    stream: String,
    what: String,
}

/// Says that the log is whole, or names the first bad record.
pub(super) async fn run(session: &Session) -> Done {
    let client = session.client()?;
    let request = Request::get(&["verify"]).within(PATIENT_TIMEOUT);
    let (json, verified) = session.ask::<Verified>(&client, request).await?;
    if session.is_json() {
        print_json(&json);
    }
    let locale = session.locale();
    if let Some(Broken { position, stream, what }) = &verified.broken {
        let position = position.to_string();
        let broken = message::VerifyBroken { position: &position, stream, what };
        return Err(Failure::Said(terminal::clean(&broken.render(locale))));
    }
    if !verified.damage.is_empty() {
        let damaged = message::VerifyDamaged { what: &verified.damage.join("; ") };
        return Err(Failure::Said(terminal::clean(&damaged.render(locale))));
    }
    if !session.is_json() {
        let (records, streams) = (verified.records, verified.streams);
        terminal::print(&message::VerifyOk { records, streams }.render(locale));
    }
    Ok(())
}

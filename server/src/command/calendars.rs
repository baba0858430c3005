//! `hotpotato calendar …`: feeds for calendar programs.

use clap::Subcommand;
use i18n::{Message as _, calendar as message};
use serde::Deserialize;
use serde_json::{Value, json};

use super::alerts::moment;
use super::session::{Session, print_json};
use super::{Done, Failure, Output};
use crate::client::{ClientError, Request};
use crate::terminal::{self, Cell, Table};

/// What can be done about calendars.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Give a rota or a person a secret address for calendar programs. The one before ends.
    #[command(
        after_help = "Examples:\n  hotpotato calendar open primary\n  hotpotato calendar open --person anna"
    )]
    Open {
        /// The rota.
        #[arg(required_unless_present = "person")]
        rota: Option<String>,
        /// A person instead: their shifts in every rota.
        #[arg(long, value_name = "NAME", conflicts_with = "rota")]
        person: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// List the open calendars. Their addresses are not known any more.
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Close a calendar: its address leads nowhere any more.
    Close {
        /// Its name, as `calendar list` shows it.
        id: String,
        #[command(flatten)]
        output: Output,
    },
}

impl Action {
    /// How it is answered.
    pub(super) const fn output(&self) -> Output {
        match self {
            Self::Open { output, .. } | Self::List { output } | Self::Close { output, .. } => *output,
        }
    }
}

/// A calendar as the server tells it.
#[derive(Debug, Deserialize)]
struct Told {
    id: String,
    rota: Option<String>,
    person: Option<String>,
    opened_at: String,
    address: Option<String>,
}

/// Does what is asked about calendars.
pub(super) async fn run(session: &Session, action: &Action) -> Done {
    match action {
        Action::Open { rota, person, .. } => open(session, rota.as_deref(), person.as_deref()).await,
        Action::List { .. } => list(session).await,
        Action::Close { id, .. } => close(session, id).await,
    }
}

async fn open(session: &Session, rota: Option<&str>, person: Option<&str>) -> Done {
    let client = session.client()?;
    let request = Request::post(&["calendars"]).body(json!({ "rota": rota, "person": person }));
    let (json, told) = session.ask::<Told>(&client, request).await?;
    if session.is_json() {
        print_json(&json);
        return Ok(());
    }
    let url = terminal::clean(told.address.as_deref().unwrap_or_default());
    terminal::print(&message::Opened { id: &told.id, url: &url }.render(session.locale()));
    terminal::complain(&message::KeepSecret.render(session.locale()));
    Ok(())
}

async fn list(session: &Session) -> Done {
    let client = session.client()?;
    let (json, told) = session.ask::<Vec<Told>>(&client, Request::get(&["calendars"])).await?;
    if session.is_json() {
        print_json(&json);
    } else if told.is_empty() {
        terminal::print(&message::Empty.render(session.locale()));
    } else {
        terminal::print(&draw(session, &told));
    }
    Ok(())
}

async fn close(session: &Session, id: &str) -> Done {
    let fits = !id.is_empty() && id.chars().all(|letter| letter.is_ascii_alphanumeric());
    let unknown = || Failure::Said(message::Unknown { id: &terminal::clean(id) }.render(session.locale()));
    if !fits {
        return Err(unknown());
    }
    let client = session.client()?;
    let path = ["calendars", id];
    let asked = session.ask::<Value>(&client, Request::delete(&path)).await;
    let (json, _) = asked.map_err(|failure| match failure {
        Failure::Client(ClientError::Refused { status: 404, .. }) => unknown(),
        other => other,
    })?;
    if session.is_json() {
        print_json(&json);
    } else {
        let id = json["id"].as_str().unwrap_or(id);
        terminal::print(&message::Closed { id: &terminal::clean(id) }.render(session.locale()));
    }
    Ok(())
}

fn draw(session: &Session, all: &[Told]) -> String {
    let locale = session.locale();
    let mut table = Table::new(vec![
        message::ColumnCalendar.render(locale),
        message::ColumnOf.render(locale),
        message::ColumnSince.render(locale),
    ]);
    for told in all {
        let of = match (&told.rota, &told.person) {
            (Some(rota), _) => message::OfRota { rota }.render(locale),
            (None, person) => {
                message::OfPerson { person: person.as_deref().unwrap_or_default() }.render(locale)
            }
        };
        let since = moment(session, &told.opened_at);
        table.row(vec![Cell::text(&told.id), Cell::text(&of), Cell::text(&since)]);
    }
    table.render(session.style)
}

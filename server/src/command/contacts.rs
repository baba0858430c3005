//! `hotpotato contact …`: which contact methods reach somebody, and the codes that prove it.

use adapters::text::failure;
use clap::Subcommand;
use events::event::contact::Failure as Why;
use events::event::outcome::Reason;
use i18n::{Message as _, contact as message, format};
use serde::Deserialize;
use serde_json::{Value, json};

use super::alerts::{dated, moment};
use super::session::{Session, print_json};
use super::{Done, Failure, Output};
use crate::client::{ClientError, Request};
use crate::terminal::{self, Cell, Paint, Table};

/// What can be done about contact methods.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// List contact methods: verified, last proved, broken.
    #[command(
        after_help = "Examples:\n  hotpotato contact list\n  hotpotato contact list anna\n  hotpotato contact list --broken"
    )]
    List {
        /// Only this person's.
        person: Option<String>,
        /// Only those that do not work.
        #[arg(long)]
        broken: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Send a code over a contact method, to prove that it reaches the person.
    #[command(after_help = "Example:\n  hotpotato contact verify anna sms")]
    Verify {
        /// Whose.
        person: String,
        /// Which, by its name in the configuration.
        contact: String,
        #[command(flatten)]
        output: Output,
    },
    /// Type the code that came: the contact method is proved.
    #[command(after_help = "Example:\n  hotpotato contact confirm anna sms 482193")]
    Confirm {
        /// Whose.
        person: String,
        /// Which, by its name in the configuration.
        contact: String,
        /// The code.
        code: String,
        #[command(flatten)]
        output: Output,
    },
    /// Say when, within 14 days, a step depends on people of whom nobody has two proved contact methods.
    Coverage {
        #[command(flatten)]
        output: Output,
    },
}

impl Action {
    /// How it is answered.
    pub(super) const fn output(&self) -> Output {
        match self {
            Self::List { output, .. }
            | Self::Verify { output, .. }
            | Self::Confirm { output, .. }
            | Self::Coverage { output } => *output,
        }
    }
}

/// A contact method as the server tells it.
#[derive(Debug, Deserialize)]
struct Told {
    person: String,
    contact: String,
    channel: String,
    state: String,
    verified_at: Option<String>,
    proved_at: Option<String>,
    broken_since: Option<String>,
    broken_why: Option<String>,
}

/// A code on its way.
#[derive(Debug, Deserialize)]
struct Sent {
    expires_at: Option<String>,
}

/// Spans in which a step hangs by a thread.
#[derive(Debug, Deserialize)]
struct Coverage {
    thin: Vec<Thin>,
}

#[derive(Debug, Deserialize)]
struct Thin {
    policy: String,
    step: u64,
    from: String,
    to: String,
    people: Vec<String>,
}

/// Does what is asked about contact methods.
pub(super) async fn run(session: &Session, action: &Action) -> Done {
    match action {
        Action::List { person, broken, .. } => list(session, person.as_deref(), *broken).await,
        Action::Verify { person, contact, .. } => verify(session, person, contact).await,
        Action::Confirm { person, contact, code, .. } => confirm(session, person, contact, code).await,
        Action::Coverage { .. } => coverage(session).await,
    }
}

async fn list(session: &Session, person: Option<&str>, broken: bool) -> Done {
    let client = session.client()?;
    let request = Request::get(&["contacts"])
        .with("person", person.map(str::to_owned))
        .with("broken", broken.then(|| "true".to_owned()));
    let (json, told) = session.ask::<Vec<Told>>(&client, request).await?;
    if session.is_json() {
        print_json(&json);
    } else if told.is_empty() && broken {
        terminal::print(&message::NoneBroken.render(session.locale()));
    } else if told.is_empty() {
        terminal::print(&message::None.render(session.locale()));
    } else {
        terminal::print(&draw(session, &told));
    }
    Ok(())
}

async fn verify(session: &Session, person: &str, contact: &str) -> Done {
    let client = session.client()?;
    let path = ["contacts", person, contact, "verify"];
    let asked = session.ask::<Sent>(&client, Request::post(&path)).await;
    let (json, sent) = asked.map_err(|failure| explain(session, person, contact, failure))?;
    if session.is_json() {
        print_json(&json);
        return Ok(());
    }
    let until = moment(session, &sent.expires_at.unwrap_or_default());
    let (person, contact) = (terminal::clean(person), terminal::clean(contact));
    let said = message::CodeSent { person: &person, contact: &contact, until: &until };
    terminal::print(&said.render(session.locale()));
    Ok(())
}

async fn confirm(session: &Session, person: &str, contact: &str, code: &str) -> Done {
    let client = session.client()?;
    let path = ["contacts", person, contact, "confirm"];
    let asked = session.ask::<Value>(&client, Request::post(&path).body(json!({ "code": code }))).await;
    let (json, _) = asked.map_err(|failure| explain(session, person, contact, failure))?;
    if session.is_json() {
        print_json(&json);
        return Ok(());
    }
    let (person, contact) = (terminal::clean(person), terminal::clean(contact));
    terminal::print(&message::Confirmed { person: &person, contact: &contact }.render(session.locale()));
    Ok(())
}

async fn coverage(session: &Session) -> Done {
    let client = session.client()?;
    let (json, told) = session.ask::<Coverage>(&client, Request::get(&["coverage"])).await?;
    let locale = session.locale();
    if session.is_json() {
        print_json(&json);
    } else if told.thin.is_empty() {
        terminal::print(&message::Covered.render(locale));
    } else {
        let mut table = Table::new(vec![
            message::ColumnStep.render(locale),
            message::ColumnFrom.render(locale),
            message::ColumnTo.render(locale),
            message::ColumnPeople.render(locale),
        ]);
        for thin in &told.thin {
            let step = format!("{} {}", thin.policy, thin.step);
            let people: Vec<&str> = thin.people.iter().map(String::as_str).collect();
            table.row(vec![
                Cell::text(&step),
                Cell::text(&moment(session, &thin.from)),
                Cell::text(&moment(session, &thin.to)),
                Cell::text(&format::list(locale, &people)),
            ]);
        }
        terminal::print(&message::Thin.render(locale));
        terminal::print(&table.render(session.style));
    }
    Ok(())
}

/// What the server's refusal means for somebody who named this person and contact method.
fn explain(session: &Session, person: &str, contact: &str, failure: Failure) -> Failure {
    let locale = session.locale();
    let (person, contact) = (terminal::clean(person), terminal::clean(contact));
    let Failure::Client(ClientError::Refused { problem, .. }) = &failure else { return failure };
    match problem.reason.as_str() {
        "unknown" => Failure::Said(message::Unknown { person: &person, contact: &contact }.render(locale)),
        "mistaken" => Failure::Said(message::Mistaken { person: &person, contact: &contact }.render(locale)),
        "no_code" => Failure::Said(message::NoCode { person: &person, contact: &contact }.render(locale)),
        "too_many_codes" => Failure::Said(message::TooManyCodes.render(locale)),
        "too_many_mistakes" => {
            Failure::Said(message::TooManyMistakes { person: &person, contact: &contact }.render(locale))
        }
        _ => failure,
    }
}

fn draw(session: &Session, all: &[Told]) -> String {
    let locale = session.locale();
    let mut table = Table::new(vec![
        message::ColumnPerson.render(locale),
        message::ColumnContact.render(locale),
        message::ColumnChannel.render(locale),
        message::ColumnVerified.render(locale),
        message::ColumnProved.render(locale),
        message::ColumnState.render(locale),
    ]);
    let at = |at: Option<&String>| at.map_or_else(|| "-".to_owned(), |at| dated(session, at));
    for told in all {
        let state = match told.state.as_str() {
            "broken" => {
                let why = match told.broken_why.as_deref() {
                    Some("unknown_address") => Why::Refused(Reason::UnknownAddress),
                    Some("undelivered") => Why::Undelivered,
                    _ => Why::Refused(Reason::Rejected),
                };
                let (since, why) = (at(told.broken_since.as_ref()), failure(locale, why));
                let said = message::StateBroken { since: &since, why: &why }.render(locale);
                Cell::text(&said).painted(Paint::Red)
            }
            "proved" => Cell::text(&message::StateProved.render(locale)),
            _ => Cell::text(&message::StateUnproved.render(locale)),
        };
        table.row(vec![
            Cell::text(&told.person),
            Cell::text(&told.contact),
            Cell::text(&told.channel),
            Cell::text(&at(told.verified_at.as_ref())),
            Cell::text(&at(told.proved_at.as_ref())),
            state,
        ]);
    }
    table.render(session.style)
}

//! `hotpotato token …`: who is let in, as what, and until when.

use std::str::FromStr;

use clap::Subcommand;
use events::Span;
use events::event::token::Role;
use i18n::{Message as _, command, token as message};
use serde::Deserialize;
use serde_json::{Value, json};

use super::alerts::moment;
use super::session::{Session, print_json};
use super::{Done, Failure, Output};
use crate::client::{ClientError, Request};
use crate::reader::{Moment, read_span};
use crate::terminal::{self, Cell, Paint, Table, clean};

/// What can be done about tokens.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Issue a token. Prints its secret, this once, and nothing else, on standard output.
    #[command(
        after_help = "Roles: read looks; respond works with alerts; team:NAME arranges that team as well; owner does everything.\n\nExamples:\n  hotpotato token issue --role read wall display > wall.token\n  hotpotato token issue --role respond --person anna --expires 90d Anna\\'s phone\n  hotpotato token issue --role team:sysadmin --expires 2027-01-01T00:00:00Z rota planning"
    )]
    Issue {
        /// What it allows: read, respond, team:NAME or owner.
        #[arg(long, value_name = "ROLE", value_parser = role)]
        role: Role,
        /// Whose it is: what it does counts as done by this person.
        #[arg(long)]
        person: Option<String>,
        /// After how long it expires, or when: 90d, or 2027-01-01T00:00:00Z. Never when nothing is said.
        #[arg(long, value_name = "SPAN|TIME")]
        expires: Option<Expiry>,
        /// What it is for.
        #[arg(required = true)]
        label: Vec<String>,
        #[command(flatten)]
        output: Output,
    },
    /// List the tokens that let somebody in, oldest first.
    List {
        /// Also those that let nobody in any more.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Revoke a token: it lets nobody in from now on.
    #[command(after_help = "Example:\n  hotpotato token revoke k7m2q3xy")]
    Revoke {
        /// Its name, as `token list` shows it.
        id: String,
        #[command(flatten)]
        output: Output,
    },
}

impl Action {
    /// How it is answered.
    pub(super) const fn output(&self) -> Output {
        match self {
            Self::Issue { output, .. } | Self::List { output, .. } | Self::Revoke { output, .. } => *output,
        }
    }
}

fn role(text: &str) -> Result<Role, &'static str> {
    Role::read(text).ok_or("write read, respond, team:NAME or owner")
}

/// When a token expires, as somebody wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    /// After so long.
    After(Span),
    /// At this moment.
    At(Moment),
}

/// The text is neither a length of time nor a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a length of time such as 90d, or a moment such as 2027-01-01T00:00:00Z")]
pub(super) struct NotAnExpiry;

impl FromStr for Expiry {
    type Err = NotAnExpiry;

    fn from_str(text: &str) -> Result<Self, NotAnExpiry> {
        let moment = || text.parse().map(Self::At).map_err(|_| NotAnExpiry);
        read_span(text).map_or_else(moment, |span| Ok(Self::After(span)))
    }
}

/// A token as the server tells it.
#[derive(Debug, Deserialize)]
struct Told {
    id: String,
    state: String,
    role: String,
    label: Option<String>,
    person: Option<String>,
    expires_at: Option<String>,
    /// Only when it was issued just now.
    #[serde(default)]
    secret: Option<String>,
}

/// Does what is asked about tokens.
pub(super) async fn run(session: &Session, action: &Action) -> Done {
    match action {
        Action::Issue { role, person, expires, label, .. } => {
            let mut body = json!({ "role": role.to_string(), "label": label.join(" "), "person": person });
            match expires {
                Some(Expiry::After(span)) => body["expires_in_seconds"] = span.as_seconds().into(),
                Some(Expiry::At(at)) => {
                    body["expires_at"] = at.resolve(session.reader.zone).to_string().into();
                }
                None => {}
            }
            issue(session, body).await
        }
        Action::List { all, .. } => list(session, *all).await,
        Action::Revoke { id, .. } => revoke(session, id).await,
    }
}

async fn issue(session: &Session, body: Value) -> Done {
    let client = session.client()?;
    let (json, told) = session.ask::<Told>(&client, Request::post(&["tokens"]).body(body)).await?;
    let secret = told.secret.as_deref().ok_or_else(|| client.misunderstood())?;
    if session.is_json() {
        print_json(&json);
        return Ok(());
    }
    terminal::complain(&issued(session, &told));
    terminal::print(secret);
    Ok(())
}

/// What was issued, in words.
fn issued(session: &Session, told: &Told) -> String {
    let locale = session.locale();
    let Told { id, role, .. } = told;
    let label = label(told);
    let mut said = vec![message::Issued { id, label: &label, role: &clean(role) }.render(locale)];
    if let Some(person) = &told.person {
        said.push(message::IssuedFor { person: &clean(person) }.render(locale));
    }
    said.push(match &told.expires_at {
        Some(until) => message::IssuedUntil { until: &moment(session, until) }.render(locale),
        None => message::IssuedForGood { id }.render(locale),
    });
    said.push(message::ShownOnce.render(locale));
    said.join(" ")
}

async fn list(session: &Session, all: bool) -> Done {
    let client = session.client()?;
    let request = Request::get(&["tokens"]).with("all", all.then(|| "true".to_owned()));
    let (json, told) = session.ask::<Vec<Told>>(&client, request).await?;
    if session.is_json() {
        print_json(&json);
    } else if told.is_empty() {
        terminal::print(&message::Empty.render(session.locale()));
    } else {
        terminal::print(&draw(session, &told));
    }
    Ok(())
}

async fn revoke(session: &Session, id: &str) -> Done {
    let fits = !id.is_empty() && id.chars().all(|letter| letter.is_ascii_alphanumeric());
    let unknown = || Failure::Said(message::Unknown { id: &clean(id) }.render(session.locale()));
    if !fits {
        return Err(unknown());
    }
    let client = session.client()?;
    let path = ["tokens", id];
    let asked = session.ask::<Told>(&client, Request::delete(&path)).await;
    let (json, told) = asked.map_err(|failure| match failure {
        Failure::Client(ClientError::Refused { status: 404, .. }) => unknown(),
        other => other,
    })?;
    if session.is_json() {
        print_json(&json);
    } else {
        let said = message::Revoked { id: &told.id, label: &label(&told) };
        terminal::print(&said.render(session.locale()));
    }
    Ok(())
}

/// What a token is for; its name where that cannot be read any more.
fn label(told: &Told) -> String {
    clean(told.label.as_ref().unwrap_or(&told.id))
}

fn draw(session: &Session, all: &[Told]) -> String {
    let locale = session.locale();
    let mut table = Table::new(vec![
        message::ColumnToken.render(locale),
        command::ColumnState.render(locale),
        message::ColumnRole.render(locale),
        command::ColumnPerson.render(locale),
        command::ColumnUntil.render(locale),
        message::ColumnLabel.render(locale),
    ]);
    for told in all {
        let (state, paint) = match told.state.as_str() {
            "revoked" => (message::StateRevoked.render(locale), Paint::Grey),
            "expired" => (message::StateExpired.render(locale), Paint::Grey),
            "person_gone" => (message::StatePersonGone.render(locale), Paint::Grey),
            _ => (message::StateInForce.render(locale), Paint::Green),
        };
        let until = told.expires_at.as_ref().map(|until| moment(session, until)).unwrap_or_default();
        table.row(vec![
            Cell::text(&told.id),
            Cell::text(&state).painted(paint),
            Cell::text(&told.role),
            Cell::text(told.person.as_deref().unwrap_or_default()),
            Cell::text(&until),
            Cell::text(told.label.as_deref().unwrap_or_default()),
        ]);
    }
    table.render(session.style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_a_length_of_time_or_a_moment() {
        let day = Span::from_seconds(86_400);
        assert_eq!("1d".parse(), Ok(Expiry::After(day)));
        assert!(matches!("2027-01-01T00:00:00Z".parse(), Ok(Expiry::At(Moment::Exact(_)))));
        assert!(matches!("2027-01-01".parse(), Ok(Expiry::At(Moment::Wall(_)))));
        for text in ["", "soon", "0d", "90", "-1d"] {
            assert_eq!(text.parse::<Expiry>(), Err(NotAnExpiry), "{text:?}");
        }
    }
}

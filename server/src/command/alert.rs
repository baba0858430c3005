//! `hotpotato alert …`: one alert, and what people do about it.

mod view;

use adapters::clock::HouseClock;
use clap::Subcommand;
use domain::port::Clock as _;
use events::Span;
use i18n::{Message as _, command as message, format};
use serde::Deserialize;
use serde_json::{Value, json};

use super::alerts::{HoldTerms, moment};
use super::session::{Session, print_json};
use super::{Done, Failure, Output};
use crate::client::{Client, ClientError, Problem, Request};
use crate::reader::{Until, read_span};
use crate::terminal;

pub(super) use view::{TimelineLine, View};

/// What can be done about an alert.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Show it with its timeline.
    #[command(after_help = "Example:\n  hotpotato alert show K7M2Q")]
    Show {
        #[command(flatten)]
        target: Target,
    },
    /// Take it: nobody else is paged.
    #[command(after_help = "Example:\n  hotpotato alert ack K7M2Q")]
    Ack {
        #[command(flatten)]
        target: Target,
    },
    /// Say that the problem is over.
    #[command(after_help = "Example:\n  hotpotato alert resolve K7M2Q")]
    Resolve {
        #[command(flatten)]
        target: Target,
    },
    /// Pass it on to the next step now.
    #[command(after_help = "Example:\n  hotpotato alert escalate K7M2Q")]
    Escalate {
        #[command(flatten)]
        target: Target,
    },
    /// Hand it over: from now on it escalates by another policy, or everybody in a team is paged.
    #[command(
        group(clap::ArgGroup::new("to").args(["policy", "team"]).required(true)),
        after_help = "Examples:\n  hotpotato alert hand-over K7M2Q --policy network\n  hotpotato alert hand-over K7M2Q --team sysadmin"
    )]
    HandOver {
        #[command(flatten)]
        target: Target,
        /// By this policy, from its first step.
        #[arg(long)]
        policy: Option<String>,
        /// To everybody in this team.
        #[arg(long)]
        team: Option<String>,
    },
    /// Page nobody about it for a while, unless it becomes critical.
    #[command(
        group(clap::ArgGroup::new("how_long").args(["span", "until"]).required(true)),
        after_help = "Examples:\n  hotpotato alert hold K7M2Q --for 20m\n  hotpotato alert hold K7M2Q --until 07:30 --unless-joined"
    )]
    Hold {
        #[command(flatten)]
        target: Target,
        /// For how long, such as 20m or 1h30m; a day at most.
        #[arg(long = "for", value_name = "SPAN", value_parser = span)]
        span: Option<Span>,
        /// Until then: 07:30 in your zone, the next time clocks show it, or a moment as elsewhere; a day at most.
        #[arg(long, value_name = "TIME")]
        until: Option<Until>,
        /// Page as well once so many more problems have joined it; one when no number is given.
        #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1", value_parser = clap::value_parser!(u32).range(1..=2000))]
        unless_joined: Option<u32>,
    },
    /// End a hold: paging begins again now.
    #[command(after_help = "Example:\n  hotpotato alert unhold K7M2Q")]
    Unhold {
        #[command(flatten)]
        target: Target,
    },
    /// Write something down in its timeline.
    #[command(after_help = "Example:\n  hotpotato alert note K7M2Q \"the disk is full again\"")]
    Note {
        #[command(flatten)]
        target: Target,
        /// What to write down.
        #[arg(required = true)]
        text: Vec<String>,
    },
}

/// Which alert, and how it is answered.
#[derive(Debug, clap::Args)]
pub(super) struct Target {
    /// The alert's id or code.
    id: String,
    #[command(flatten)]
    output: Output,
}

/// What a server can be asked to do with an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Acknowledge,
    Resolve,
    Escalate,
    HandOver,
    Hold,
    Unhold,
    Note,
}

impl Verb {
    /// The last part of the address.
    const fn path(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Resolve => "resolve",
            Self::Escalate => "escalate",
            Self::HandOver => "hand-over",
            Self::Hold => "hold",
            Self::Unhold => "unhold",
            Self::Note => "notes",
        }
    }
}

/// What the server says after it did something.
#[derive(Debug, Deserialize)]
struct Summary {
    code: String,
    until: Option<String>,
    hold: Option<HoldTerms>,
}

impl Action {
    /// What is asked of the server, and with which body; nothing for somebody who only looks.
    fn order(&self, session: &Session) -> Option<(Verb, Option<Value>)> {
        match self {
            Self::Show { .. } => None,
            Self::Ack { .. } => Some((Verb::Acknowledge, None)),
            Self::Resolve { .. } => Some((Verb::Resolve, None)),
            Self::Escalate { .. } => Some((Verb::Escalate, None)),
            Self::HandOver { policy, team, .. } => {
                Some((Verb::HandOver, Some(json!({ "policy": policy, "team": team }))))
            }
            Self::Hold { span, until, unless_joined, .. } => {
                let until = until.map(|until| until.resolve(session.reader.zone, HouseClock::start().now()));
                let body = json!({
                    "for_seconds": span.map(Span::as_seconds),
                    "until": until.map(|until| until.to_string()),
                    "unless_joined": unless_joined.unwrap_or_default(),
                });
                Some((Verb::Hold, Some(body)))
            }
            Self::Unhold { .. } => Some((Verb::Unhold, None)),
            Self::Note { text, .. } => Some((Verb::Note, Some(json!({ "text": text.join(" ") })))),
        }
    }

    const fn target(&self) -> &Target {
        match self {
            Self::Show { target }
            | Self::Ack { target }
            | Self::Resolve { target }
            | Self::Escalate { target }
            | Self::HandOver { target, .. }
            | Self::Hold { target, .. }
            | Self::Unhold { target }
            | Self::Note { target, .. } => target,
        }
    }

    /// How it is answered.
    pub(super) const fn output(&self) -> Output {
        self.target().output
    }
}

fn span(text: &str) -> Result<Span, String> {
    read_span(text).ok_or_else(|| "give a length of time, such as 20m, 1h30m or 90s".to_owned())
}

/// Does what is asked about the alert.
pub(super) async fn run(session: &Session, action: &Action) -> Done {
    let id = action.target().id.as_str();
    let client = session.client()?;
    let Some((verb, body)) = action.order(session) else { return show(session, &client, id, None).await };
    let (json, summary) = act(session, &client, id, verb, body).await?;
    if session.is_json() {
        print_json(&json);
    } else {
        terminal::print(&terminal::clean(&done(session, verb, &summary)));
    }
    Ok(())
}

/// Prints one alert with its timeline, now or as it was.
pub(super) async fn show(session: &Session, client: &Client, id: &str, at: Option<String>) -> Done {
    let (json, view) = get(session, client, id, at).await?;
    if session.is_json() {
        print_json(&json);
        return Ok(());
    }
    if view.is_unraised() {
        let sentence = message::NotYetRaised { code: &view.code }.render(session.locale());
        return Err(Failure::Said(sentence));
    }
    terminal::print(&view.draw(session));
    Ok(())
}

/// One alert, now or as it was.
pub(super) async fn get(
    session: &Session,
    client: &Client,
    id: &str,
    at: Option<String>,
) -> Result<(Value, View), Failure> {
    let path = ["alerts", checked(session, id)?];
    let zone = Some(session.reader.zone.name().to_owned());
    let request = Request::get(&path).with("at", at).with("zone", zone);
    session.ask(client, request).await.map_err(|failure| explain(session, id, failure))
}

async fn act(
    session: &Session,
    client: &Client,
    id: &str,
    verb: Verb,
    body: Option<Value>,
) -> Result<(Value, Summary), Failure> {
    let path = ["alerts", checked(session, id)?, verb.path()];
    let to = body.as_ref().and_then(|body| body["policy"].as_str().or(body["team"].as_str()));
    let named = to.unwrap_or_default().to_owned();
    let request = Request::post(&path);
    let request = match body {
        Some(body) => request.body(body),
        None => request,
    };
    session.ask(client, request).await.map_err(|failure| match &failure {
        Failure::Client(ClientError::Refused { problem, .. }) if problem.reason == "nobody_there" => {
            Failure::Said(message::NobodyThere { name: &terminal::clean(&named) }.render(session.locale()))
        }
        _ => explain(session, id, failure),
    })
}

/// An id or a code as somebody typed it: letters, digits and dashes, so that it stays one part of an address.
fn checked<'a>(session: &Session, id: &'a str) -> Result<&'a str, Failure> {
    let fits = !id.is_empty() && id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if fits { Ok(id) } else { Err(unknown(session, id)) }
}

fn unknown(session: &Session, id: &str) -> Failure {
    Failure::Said(message::UnknownAlert { id: &terminal::clean(id) }.render(session.locale()))
}

/// What the server's refusal means for somebody who typed `id`.
fn explain(session: &Session, id: &str, failure: Failure) -> Failure {
    let Failure::Client(ClientError::Refused { status, problem }) = &failure else { return failure };
    let Problem { reason, candidates, .. } = &**problem;
    let locale = session.locale();
    if *status == 404 {
        unknown(session, id)
    } else if !candidates.is_empty() {
        let ids: Vec<&str> = candidates.iter().map(String::as_str).collect();
        let ids = format::list(locale, &ids);
        Failure::Said(message::CodeShared { code: id, ids: &ids }.render(locale))
    } else if reason == "already_resolved" {
        Failure::Said(message::AlreadyResolved { code: id }.render(locale))
    } else if reason == "not_held" {
        Failure::Said(message::NotHeld { code: id }.render(locale))
    } else if reason == "held_by_work" {
        Failure::Said(message::HeldByWork { code: id }.render(locale))
    } else {
        failure
    }
}

/// What was done, in one sentence.
fn done(session: &Session, verb: Verb, summary: &Summary) -> String {
    let (locale, code) = (session.locale(), summary.code.as_str());
    let until = summary.until.as_deref().map(|until| moment(session, until));
    match (verb, until.as_deref()) {
        (Verb::Acknowledge, Some(until)) => message::AcknowledgedUntil { code, until }.render(locale),
        (Verb::Acknowledge, None) => message::Acknowledged { code }.render(locale),
        (Verb::Resolve, _) => message::Resolved { code }.render(locale),
        (Verb::Escalate, _) => message::Escalated { code }.render(locale),
        (Verb::HandOver, _) => message::HandedOver { code }.render(locale),
        (Verb::Hold, until) => {
            let until = until.unwrap_or_default();
            match summary.hold.as_ref().map_or(0, |hold| hold.unless_joined) {
                0 => message::Held { code, until }.render(locale),
                count => message::HeldUnlessJoined { code, until, count }.render(locale),
            }
        }
        (Verb::Unhold, _) => message::Unheld { code }.render(locale),
        (Verb::Note, _) => message::Noted { code }.render(locale),
    }
}

//! `hotpotato override …`: who stands in for whom, or is on call as well.

use clap::Subcommand;
use i18n::{Message as _, command as message};
use serde::Deserialize;
use serde_json::{Value, json};

use super::alerts::{moment, say_when_known};
use super::session::{Session, print_json};
use super::{At, Done, Failure, Output};
use crate::client::{ClientError, Request};
use crate::reader::Moment;
use crate::terminal::{self, Cell, Paint, Table};

mod import;

/// What can be done about overrides.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Let somebody stand in for somebody, or be on call as well.
    #[command(
        group(clap::ArgGroup::new("instead").args(["by", "nobody"])),
        after_help = "Examples:\n  hotpotato override add primary --for anna --by bernd --from 2026-12-24T18:00 --to 2026-12-25T09:00\n  hotpotato override add primary --also callum --to 2026-12-01T09:00\n  hotpotato override add primary --for anna --nobody --to 2026-12-01T09:00"
    )]
    Add {
        /// The rota.
        rota: String,
        /// Whose turn it is.
        #[arg(long = "for", value_name = "PERSON", required_unless_present = "also", requires = "instead")]
        of: Option<String>,
        /// Who is on call for them.
        #[arg(long, value_name = "PERSON", requires = "of")]
        by: Option<String>,
        /// Nobody is on call for them.
        #[arg(long, requires = "of")]
        nobody: bool,
        /// Who is on call as well.
        #[arg(long, value_name = "PERSON", conflicts_with_all = ["of", "by", "nobody"])]
        also: Option<String>,
        #[command(flatten)]
        when: When,
        /// Whoever is to stand in must agree first.
        #[arg(long, requires = "by")]
        ask: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Swap turns: one stands in for the other, and the other for the one. The other must agree.
    #[command(
        after_help = "Example:\n  hotpotato override swap primary --person anna --from 2026-12-21T09:00 --to 2026-12-28T09:00 --with bernd --their-from 2026-12-28T09:00 --their-to 2027-01-04T09:00"
    )]
    Swap {
        /// The rota.
        rota: String,
        /// Who gives their turn away.
        #[arg(long)]
        person: String,
        #[command(flatten)]
        when: When,
        /// Who takes it, and must agree.
        #[arg(long)]
        with: String,
        /// When the turn begins that is taken for it.
        #[arg(long, value_name = "TIME")]
        their_from: Moment,
        /// When it ends.
        #[arg(long, value_name = "TIME")]
        their_to: Moment,
        #[command(flatten)]
        output: Output,
    },
    /// Put everybody in a team on call, in each of its rotas.
    #[command(after_help = "Example:\n  hotpotato override all-hands sysadmin --to 2026-12-01T18:00")]
    AllHands {
        /// The team.
        team: String,
        #[command(flatten)]
        when: When,
        #[command(flatten)]
        output: Output,
    },
    /// Agree for whoever was asked.
    Accept {
        #[command(flatten)]
        which: Which,
    },
    /// Say no for whoever was asked.
    Decline {
        #[command(flatten)]
        which: Which,
    },
    /// Take an override back from now on.
    Remove {
        #[command(flatten)]
        which: Which,
    },
    /// Make overrides of the events in a calendar: each event's title is who stands in. Prints the plan first.
    #[command(
        after_help = "The same calendar may be imported again: what is so already is passed over.\n\nExamples:\n  hotpotato override import primary holidays.ics --dry-run\n  hotpotato override import primary https://calendar.example/secret.ics --for anna"
    )]
    Import {
        /// The rota.
        rota: String,
        /// An iCalendar file, or its address.
        #[arg(value_name = "FILE|URL")]
        calendar: String,
        /// Whose turns are taken; those of whoever is on call when nothing is said.
        #[arg(long = "for", value_name = "PERSON")]
        of: Option<String>,
        /// Only print the plan.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        output: Output,
    },
    /// List present and coming overrides; with --at in the past, as they were known then.
    List {
        /// Only those of this rota.
        rota: Option<String>,
        /// Also those that are over.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        output: Output,
    },
}

/// From when until when, and why.
#[derive(Debug, clap::Args)]
pub(super) struct When {
    /// From when; now when nothing is said.
    #[arg(long, value_name = "TIME")]
    from: Option<Moment>,
    /// Until when.
    #[arg(long, value_name = "TIME")]
    to: Moment,
    /// Why, in your words.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Which override.
#[derive(Debug, clap::Args)]
pub(super) struct Which {
    /// Its name, as `override list` shows it.
    id: String,
    #[command(flatten)]
    output: Output,
}

impl Action {
    /// How it is answered.
    pub(super) const fn output(&self) -> Output {
        match self {
            Self::Add { output, .. }
            | Self::Swap { output, .. }
            | Self::AllHands { output, .. }
            | Self::Import { output, .. }
            | Self::List { output, .. } => *output,
            Self::Accept { which } | Self::Decline { which } | Self::Remove { which } => which.output,
        }
    }
}

/// An override as the server tells it.
#[derive(Debug, Deserialize)]
struct Told {
    id: String,
    state: String,
    legs: Vec<Leg>,
    asks: Option<String>,
    reason: Option<String>,
    #[serde(default)]
    overruled_by: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Leg {
    rota: Option<String>,
    team: Option<String>,
    pub(super) from: String,
    pub(super) to: String,
    #[serde(rename = "for")]
    of: Option<String>,
    by: Option<String>,
    also: Option<String>,
}

/// Does what is asked about overrides.
pub(super) async fn run(session: &Session, action: &Action) -> Done {
    match action {
        Action::Add { rota, of, by, nobody, also, when, ask, .. } => {
            let leg = json!({ "rota": rota, "for": of, "by": by, "nobody": nobody, "also": also });
            let asks = if *ask { by.as_deref() } else { None };
            make(session, vec![spanned(session, leg, when)], asks, when).await
        }
        Action::Swap { rota, person, when, with, their_from, their_to, .. } => {
            let first = spanned(session, json!({ "rota": rota, "for": person, "by": with }), when);
            let text = |moment: &Moment| moment.resolve(session.reader.zone).to_string();
            let second = json!({
                "rota": rota, "for": with, "by": person, "from": text(their_from), "to": text(their_to),
            });
            make(session, vec![first, second], Some(with), when).await
        }
        Action::AllHands { team, when, .. } => {
            make(session, vec![spanned(session, json!({ "team": team }), when)], None, when).await
        }
        Action::Import { rota, calendar, of, dry_run, .. } => {
            let of = of.as_deref();
            import::run(session, &import::Wanted { rota, calendar, of, is_dry_run: *dry_run }).await
        }
        Action::Accept { which } => decide(session, &which.id, "accept").await,
        Action::Decline { which } => decide(session, &which.id, "decline").await,
        Action::Remove { which } => decide(session, &which.id, "remove").await,
        Action::List { rota, all, at, .. } => list(session, rota.clone(), *all, *at).await,
    }
}

fn spanned(session: &Session, mut leg: Value, when: &When) -> Value {
    let text = |moment: Moment| moment.resolve(session.reader.zone).to_string();
    if let Some(from) = when.from {
        leg["from"] = text(from).into();
    }
    leg["to"] = text(when.to).into();
    leg
}

async fn make(session: &Session, legs: Vec<Value>, asks: Option<&str>, when: &When) -> Done {
    let client = session.client()?;
    let body = json!({ "legs": legs, "asks": asks, "reason": when.reason });
    let request = Request::post(&["overrides"]).body(body);
    let (json, told) = session.ask::<Told>(&client, request).await?;
    say(session, &json, &told);
    Ok(())
}

async fn decide(session: &Session, id: &str, verb: &str) -> Done {
    let fits = !id.is_empty() && id.chars().all(|letter| letter.is_ascii_alphanumeric());
    let unknown = || {
        let id = terminal::clean(id);
        Failure::Said(message::UnknownOverride { id: &id }.render(session.locale()))
    };
    if !fits {
        return Err(unknown());
    }
    let client = session.client()?;
    let path = ["overrides", id, verb];
    let asked = session.ask::<Told>(&client, Request::post(&path)).await;
    let (json, told) = asked.map_err(|failure| match failure {
        Failure::Client(ClientError::Refused { status: 404, .. }) => unknown(),
        other => other,
    })?;
    say(session, &json, &told);
    Ok(())
}

async fn list(session: &Session, rota: Option<String>, all: bool, at: At) -> Done {
    let at = at.at.map(|at| at.resolve(session.reader.zone));
    let client = session.client()?;
    let request = Request::get(&["overrides"]).with("rota", rota).with("all", all.then(|| "true".to_owned()));
    let request = request.with("at", at.map(|at| at.to_string()));
    let (json, told) = session.ask::<Vec<Told>>(&client, request).await?;
    if session.is_json() {
        print_json(&json);
        return Ok(());
    }
    say_when_known(session, at);
    if told.is_empty() {
        terminal::print(&message::OverridesEmpty.render(session.locale()));
    } else {
        terminal::print(&draw(session, &told));
    }
    Ok(())
}

fn say(session: &Session, json: &Value, told: &Told) {
    if session.is_json() {
        print_json(json);
    } else {
        terminal::print(&draw(session, std::slice::from_ref(told)));
    }
}

fn draw(session: &Session, all: &[Told]) -> String {
    let locale = session.locale();
    let mut table = Table::new(vec![
        message::ColumnOverride.render(locale),
        message::ColumnState.render(locale),
        message::ColumnFrom.render(locale),
        message::ColumnUntil.render(locale),
        message::ColumnWhat.render(locale),
    ]);
    for told in all {
        let (state, paint) = state(session, told);
        let mut once = Some((Cell::text(&told.id), Cell::text(&state).painted(paint)));
        for leg in &told.legs {
            let (id, state) = once.take().unwrap_or_else(|| (Cell::text(""), Cell::text("")));
            let (from, to) = (moment(session, &leg.from), moment(session, &leg.to));
            table.row(vec![id, state, Cell::text(&from), Cell::text(&to), Cell::text(&what(session, leg))]);
        }
    }
    let mut drawn = table.render(session.style);
    for told in all {
        if let Some(reason) = &told.reason {
            let line =
                message::OverrideReason { id: &told.id, text: &terminal::clean(reason) }.render(locale);
            drawn = format!("{drawn}\n{line}");
        }
        if !told.overruled_by.is_empty() {
            let ids: Vec<&str> = told.overruled_by.iter().map(String::as_str).collect();
            let ids = i18n::format::list(locale, &ids);
            drawn =
                format!("{drawn}\n{}", message::OverrideOverruled { id: &told.id, ids: &ids }.render(locale));
        }
    }
    drawn
}

fn state(session: &Session, told: &Told) -> (String, Paint) {
    let locale = session.locale();
    match told.state.as_str() {
        "asked" => {
            let person = told.asks.as_deref().unwrap_or_default();
            (message::OverrideAsked { person }.render(locale), Paint::Amber)
        }
        "over" => (message::OverrideOver.render(locale), Paint::Grey),
        _ => (message::OverrideInForce.render(locale), Paint::Green),
    }
}

/// What is different, in words.
pub(super) fn what(session: &Session, leg: &Leg) -> String {
    let locale = session.locale();
    let rota = leg.rota.as_deref().unwrap_or_default();
    match (&leg.team, &leg.also, leg.of.as_deref(), leg.by.as_deref()) {
        (Some(team), ..) => message::OverrideAllHands { team }.render(locale),
        (_, Some(also), ..) => message::OverrideAlso { person: also, rota }.render(locale),
        (_, _, Some(of), Some(by)) => message::OverrideFor { by, of, rota }.render(locale),
        (_, _, of, _) => message::OverrideNobody { of: of.unwrap_or_default(), rota }.render(locale),
    }
}

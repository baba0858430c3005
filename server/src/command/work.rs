//! `hotpotato work …`: planned work, whose alerts go first to whoever is doing it.

use clap::Subcommand;
use events::Span;
use i18n::{Message as _, command as message, format};
use serde::Deserialize;
use serde_json::{Value, json};

use super::alerts::{dated, moment, say_when_known};
use super::session::{Session, print_json};
use super::{At, Done, Failure, Output};
use crate::client::{ClientError, Request};
use crate::reader::{Moment, read_span};
use crate::terminal::{self, Cell, Paint, Table};

mod preview;

/// What can be done about planned work.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Plan work, from now on or from a moment ahead: what it is about goes to the worker first.
    #[command(
        group(clap::ArgGroup::new("end").args(["to", "span"]).required(true)),
        after_help = "Examples:\n  hotpotato work start \"new disks\" --worker anna --service shop --for 2h\n  hotpotato work start \"patch night\" --worker bernd --label host=web-* --from 2026-11-29T22:00 --to 2026-11-30T06:00 --repeat \"FREQ=MONTHLY;BYDAY=-1SU\"\n  hotpotato work start \"move to rack 4\" --worker anna --source nagios --for 30m --hold"
    )]
    Start {
        /// What is being done.
        what: Option<String>,
        /// Who does it.
        #[arg(long, visible_alias = "person", value_name = "PERSON")]
        worker: String,
        #[command(flatten)]
        scope: Scope,
        /// From when; now when nothing is said.
        #[arg(long, value_name = "TIME")]
        from: Option<Moment>,
        /// Until when.
        #[arg(long, visible_alias = "until", value_name = "TIME")]
        to: Option<Moment>,
        /// For how long, such as 2h or 1h30m.
        #[arg(long = "for", value_name = "SPAN", value_parser = span)]
        span: Option<Span>,
        /// How long the worker has before on call is paged as well; 5m when nothing is said.
        #[arg(long, value_name = "SPAN", value_parser = span)]
        wait: Option<Span>,
        /// Page nobody before the end, unless an alert is critical.
        #[arg(long)]
        hold: bool,
        /// Repeat it by an RFC 5545 rule, on the wall clock in your zone.
        #[arg(long, value_name = "RULE")]
        repeat: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Let it end later: what lasts now, or else what comes next.
    #[command(
        group(clap::ArgGroup::new("end").args(["to", "by"]).required(true)),
        after_help = "Examples:\n  hotpotato work extend 7k3mq2xa --by 30m\n  hotpotato work extend 7k3mq2xa --to 2026-11-22T18:00"
    )]
    Extend {
        /// Its name, as `work list` shows it.
        id: String,
        /// Until when.
        #[arg(long, visible_alias = "until", value_name = "TIME")]
        to: Option<Moment>,
        /// How much later than planned, such as 30m.
        #[arg(long, visible_alias = "for", value_name = "SPAN", value_parser = span)]
        by: Option<Span>,
        #[command(flatten)]
        output: Output,
    },
    /// End what lasts now: what still fires goes to on call at once.
    End {
        #[command(flatten)]
        which: Which,
    },
    /// End it, and take back what is still to come.
    Cancel {
        #[command(flatten)]
        which: Which,
    },
    /// Show it, and the alerts that it has taken.
    Show {
        #[command(flatten)]
        which: Which,
    },
    /// List the planned work that lasts or is to come; with --at in the past, as it was known then.
    List {
        /// Also what is over.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        output: Output,
    },
    /// Show which alerts of the last days it would have taken, and which of them somebody had acted on.
    #[command(after_help = "Example:\n  hotpotato work preview --label host=web-* --days 90")]
    Preview {
        #[command(flatten)]
        scope: Scope,
        /// How many days back; 30 when nothing is said.
        #[arg(long, value_name = "N")]
        days: Option<u32>,
        #[command(flatten)]
        output: Output,
    },
}

/// Which alerts: those that fit everything that is said.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
pub(super) struct Scope {
    /// Alerts of this service; may be given several times, for any of them.
    #[arg(long = "service", value_name = "SERVICE")]
    services: Vec<String>,
    /// Alerts from this source; may be given several times, for any of them.
    #[arg(long = "source", value_name = "SOURCE")]
    sources: Vec<String>,
    /// Alerts with this label, such as host=web-* or env!=prod; may be given several times, for all of them.
    #[arg(long = "label", value_name = "NAME=PATTERN")]
    labels: Vec<String>,
}

impl Scope {
    fn add_to(&self, mut body: Value) -> Value {
        body["services"] = json!(self.services);
        body["sources"] = json!(self.sources);
        body["labels"] = json!(self.labels);
        body
    }
}

/// Which work.
#[derive(Debug, clap::Args)]
pub(super) struct Which {
    /// Its name, as `work list` shows it.
    id: String,
    #[command(flatten)]
    output: Output,
}

impl Action {
    /// How it is answered.
    pub(super) const fn output(&self) -> Output {
        match self {
            Self::Start { output, .. }
            | Self::Extend { output, .. }
            | Self::List { output, .. }
            | Self::Preview { output, .. } => *output,
            Self::End { which } | Self::Cancel { which } | Self::Show { which } => which.output,
        }
    }
}

fn span(text: &str) -> Result<Span, String> {
    read_span(text).ok_or_else(|| "give a length of time, such as 20m, 1h30m or 90s".to_owned())
}

/// Planned work as the server tells it.
#[derive(Debug, Deserialize)]
struct Told {
    id: String,
    state: String,
    kind: Option<String>,
    worker: Option<String>,
    what: Option<String>,
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    services: Vec<String>,
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    spans_to_come: i64,
    ends_at: String,
    #[serde(default)]
    taken: Vec<Alert>,
}

#[derive(Debug, Deserialize)]
struct Alert {
    code: String,
    state: String,
}

/// Does what is asked about planned work.
pub(super) async fn run(session: &Session, action: &Action) -> Done {
    match action {
        Action::Start { .. } => start(session, action).await,
        Action::Extend { id, to, by, .. } => {
            let to = to.map(|to| to.resolve(session.reader.zone).to_string());
            let body = json!({ "to": to, "by_seconds": by.map(Span::as_seconds) });
            ask(session, id, Some("extend"), Some(body)).await
        }
        Action::End { which } => ask(session, &which.id, Some("end"), None).await,
        Action::Cancel { which } => ask(session, &which.id, Some("cancel"), None).await,
        Action::Show { which } => ask(session, &which.id, None, None).await,
        Action::List { all, at, .. } => list(session, *all, *at).await,
        Action::Preview { scope, days, .. } => preview::run(session, scope, *days).await,
    }
}

async fn start(session: &Session, action: &Action) -> Done {
    let Action::Start { what, worker, scope, from, to, span, wait, hold, repeat, .. } = action else {
        return Ok(());
    };
    let text = |moment: Moment| moment.resolve(session.reader.zone).to_string();
    let what = what.clone().unwrap_or_else(|| message::WorkUnsaid.render(session.locale()));
    let body = json!({
        "worker": worker,
        "what": what,
        "kind": if *hold { "hold" } else { "route" },
        "from": from.map(text),
        "to": to.map(text),
        "for_seconds": span.map(Span::as_seconds),
        "wait_seconds": wait.map(Span::as_seconds),
        "rule": repeat,
        "zone": session.reader.zone.name(),
    });
    let client = session.client()?;
    let request = Request::post(&["work"]).body(scope.add_to(body));
    let (json, told) = session.ask::<Told>(&client, request).await?;
    say(session, &json, &told);
    Ok(())
}

async fn ask(session: &Session, id: &str, verb: Option<&str>, body: Option<Value>) -> Done {
    let unknown = || {
        let id = terminal::clean(id);
        Failure::Said(message::UnknownWork { id: &id }.render(session.locale()))
    };
    if id.is_empty() || !id.chars().all(|letter| letter.is_ascii_alphanumeric()) {
        return Err(unknown());
    }
    let client = session.client()?;
    let (path, short) = (["work", id, verb.unwrap_or_default()], ["work", id]);
    let request = match (verb, body) {
        (None, _) => Request::get(&short),
        (Some(_), None) => Request::post(&path),
        (Some(_), Some(body)) => Request::post(&path).body(body),
    };
    let (json, told) = session.ask::<Told>(&client, request).await.map_err(|failure| match failure {
        Failure::Client(ClientError::Refused { status: 404, .. }) => unknown(),
        other => other,
    })?;
    say(session, &json, &told);
    Ok(())
}

async fn list(session: &Session, all: bool, at: At) -> Done {
    let at = at.at.map(|at| at.resolve(session.reader.zone));
    let client = session.client()?;
    let request = Request::get(&["work"]).with("all", all.then(|| "true".to_owned()));
    let request = request.with("at", at.map(|at| at.to_string()));
    let (json, told) = session.ask::<Vec<Told>>(&client, request).await?;
    if session.is_json() {
        print_json(&json);
        return Ok(());
    }
    say_when_known(session, at);
    if told.is_empty() {
        terminal::print(&message::WorkEmpty.render(session.locale()));
    } else {
        terminal::print(&draw(session, &told));
    }
    Ok(())
}

fn say(session: &Session, json: &Value, told: &Told) {
    if session.is_json() {
        print_json(json);
        return;
    }
    let locale = session.locale();
    let mut drawn = draw(session, std::slice::from_ref(told));
    if !told.taken.is_empty() {
        let open: Vec<&str> = told
            .taken
            .iter()
            .filter(|alert| alert.state != "resolved")
            .map(|alert| alert.code.as_str())
            .collect();
        let count = i64::try_from(told.taken.len()).unwrap_or(i64::MAX);
        let open = if open.is_empty() { "-".to_owned() } else { format::list(locale, &open) };
        drawn = format!("{drawn}\n{}", message::WorkTaken { count, open: &open }.render(locale));
    }
    terminal::print(&drawn);
}

fn draw(session: &Session, all: &[Told]) -> String {
    let locale = session.locale();
    let mut table = Table::new(vec![
        message::ColumnWork.render(locale),
        message::ColumnState.render(locale),
        message::ColumnWorker.render(locale),
        message::ColumnFrom.render(locale),
        message::ColumnUntil.render(locale),
        message::ColumnScope.render(locale),
        message::ColumnWhat.render(locale),
    ]);
    for told in all {
        let (state, paint) = state(session, told);
        let time = |text: &Option<String>| text.as_deref().map_or_else(String::new, |at| moment(session, at));
        table.row(vec![
            Cell::text(&told.id),
            Cell::text(&state).painted(paint),
            Cell::text(&terminal::clean(told.worker.as_deref().unwrap_or("-"))),
            Cell::text(&time(&told.from)),
            Cell::text(&time(&told.to)),
            Cell::text(&terminal::clean(&scope(told))),
            Cell::text(&terminal::clean(told.what.as_deref().unwrap_or("-"))),
        ]);
    }
    let mut drawn = table.render(session.style);
    for told in
        all.iter().filter(|told| told.spans_to_come > 0 && told.state == "on" || told.spans_to_come > 1)
    {
        let until = dated(session, &told.ends_at);
        let line = message::WorkRepeats { id: &told.id, count: told.spans_to_come, until: &until };
        drawn = format!("{drawn}\n{}", line.render(locale));
    }
    drawn
}

fn state(session: &Session, told: &Told) -> (String, Paint) {
    let locale = session.locale();
    let is_hold = told.kind.as_deref() == Some("hold");
    match told.state.as_str() {
        "on" if is_hold => (message::WorkHolds.render(locale), Paint::Amber),
        "on" => (message::WorkOn.render(locale), Paint::Green),
        "planned" => (message::WorkPlanned.render(locale), Paint::Bold),
        _ => (message::WorkOver.render(locale), Paint::Grey),
    }
}

fn scope(told: &Told) -> String {
    let all = told.services.iter().chain(&told.sources).chain(&told.labels);
    all.map(String::as_str).collect::<Vec<_>>().join(", ")
}

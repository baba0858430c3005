//! `hotpotato route test`: where a signal would go, and why.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use adapters::clock::HouseClock;
use adapters::source::BODY_BYTES_MAX;
use clap::Subcommand;
use domain::blueprint::ServicePlan;
use domain::blueprint::check::Completeness;
use domain::directory::Directory;
use domain::plan::imagined;
use domain::port::Clock as _;
use events::Timestamp;
use events::event::signal::{Severity, Status};
use i18n::{Message as _, command, route as message};
use serde_json::json;

use super::alerts::{moment, severity as in_words};
use super::session::{Session, print_json};
use super::{At, Done, Failure, Output, configuration};
use crate::client::Request;
use crate::routing::{Answer, Asked, Missed, Question, Routed, Said, Unanswered, answer};
use crate::terminal::{self, Cell, Paint, Table};

/// What can be asked about routes.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Say where a signal would go, and for each route why it takes it or not. Takes nothing, and pages nobody.
    #[command(
        after_help = "With --file it needs no server and goes by the files, else by the house as it is.\n\nExamples:\n  hotpotato route test --source prometheus alert.json\n  hotpotato route test --source prometheus alert.json --file house.yaml --at 2026-12-24T23:30\n  hotpotato route test --source cron --label team=payments --severity P1 --text \"disk full\""
    )]
    Test(Box<Options>),
}

/// What would be said, by whom and when.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// What the source would send, as it sends it; - reads standard input.
    #[arg(value_name = "FILE", conflicts_with_all = ["labels", "severity", "text", "description"])]
    body: Option<PathBuf>,
    /// The source, as the configuration names it.
    #[arg(long)]
    source: String,
    /// Without a file: a label.
    #[arg(long = "label", value_name = "NAME=VALUE")]
    labels: Vec<String>,
    /// Without a file: how bad the source calls it.
    #[arg(long, value_name = "WORD")]
    severity: Option<String>,
    /// Without a file: what is wrong.
    #[arg(long, visible_alias = "summary")]
    text: Option<String>,
    /// Without a file: more about it.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Configuration files to go by instead of a server.
    #[arg(long = "file", value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    pub(super) output: Output,
}

impl Action {
    /// How it wants to be answered.
    pub(super) const fn output(&self) -> Output {
        let Self::Test(options) = self;
        options.output
    }
}

/// Prints where it would go.
pub(super) async fn run(session: &Session, action: &Action) -> Done {
    let Action::Test(options) = action;
    let question = question(session, options)?;
    let answer = if options.files.is_empty() {
        let client = session.client()?;
        let request = Request::post(&["routes", "test"]).body(json!(question));
        session.ask::<Answer>(&client, request).await?.1
    } else {
        by_files(session, &options.files, &question)?
    };
    if session.is_json() {
        print_json(&json!(answer));
    } else {
        terminal::print(&draw(session, &answer));
    }
    if answer.signals.iter().any(|routed| routed.service.is_none()) {
        return Err(Failure::Said(message::Nowhere.render(session.locale())));
    }
    Ok(())
}

fn question(session: &Session, options: &Options) -> Result<Question, Failure> {
    let mut labels = BTreeMap::new();
    for label in &options.labels {
        let bad = || Failure::Coded {
            code: super::EXIT_USAGE,
            sentence: message::BadLabel { text: label }.render(session.locale()),
        };
        let (name, value) = label.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(bad)?;
        labels.insert(name.to_owned(), value.to_owned());
    }
    let body = options.body.as_deref().map(|file| read(session, file)).transpose()?;
    Ok(Question {
        source: options.source.clone(),
        at: options.at.at.map(|at| at.resolve(session.reader.zone).to_string()),
        body: body.map(Into::into),
        summary: options.text.clone(),
        description: options.description.clone(),
        severity: options.severity.clone(),
        labels,
    })
}

/// The body in a file, as far as a source could send it.
fn read(session: &Session, file: &Path) -> Result<String, Failure> {
    let bytes_max = u64::try_from(BODY_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut body = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(bytes_max).read_to_end(&mut body)
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(bytes_max).read_to_end(&mut body))
    };
    let unreadable = |why: String| {
        let file = file.display().to_string();
        Failure::Said(message::BodyUnreadable { file: &file, why: &why }.render(session.locale()))
    };
    read.map_err(|error| unreadable(error.to_string()))?;
    String::from_utf8(body).map_err(|error| unreadable(error.utf8_error().to_string()))
}

fn by_files(session: &Session, files: &[PathBuf], question: &Question) -> Result<Answer, Failure> {
    let locale = session.locale();
    let directory = of_files(session, files)?;
    let named = question.at.as_deref().and_then(Timestamp::parse_rfc3339);
    let at = named.unwrap_or_else(|| HouseClock::start().now());
    answer(&directory, question, at).map_err(|error| match error {
        Unanswered::NoSource(source) => {
            let known: Vec<&str> = directory.sources().keys().map(events::SourceId::as_str).collect();
            let known = known.join(", ");
            Failure::Said(message::UnknownSource { source: &source, known: &known }.render(locale))
        }
        Unanswered::Malformed(_) | Unanswered::Twice => {
            let why = error.to_string();
            Failure::Said(message::BodyWrong { source: &question.source, why: &why }.render(locale))
        }
    })
}

/// The house that files describe, also when they hold only a part of it: where a route leads is a service.
fn of_files(session: &Session, files: &[PathBuf]) -> Result<Directory, Failure> {
    let examined = configuration::read(files, Completeness::Part, session.locale());
    if examined.mistakes > 0 {
        examined.said.iter().for_each(|line| terminal::complain(line));
        let failed = command::CheckFailed { mistakes: examined.mistakes };
        return Err(Failure::Said(failed.render(session.locale())));
    }
    let mut blueprint = examined.reading.blueprint;
    for route in &blueprint.routes {
        blueprint.services.entry(route.service.clone()).or_insert_with(|| ServicePlan {
            name: route.service.clone(),
            policy: String::new(),
            runbook: None,
            reference_only: false,
            group_within: None,
            group_again_after: None,
        });
    }
    Ok(imagined(&blueprint))
}

fn draw(session: &Session, answer: &Answer) -> String {
    let heading = format!("{}, {}", terminal::clean(&answer.source), moment(session, &answer.at));
    let mut parts = vec![session.style.paint(Paint::Bold, &heading)];
    parts.extend(answer.signals.iter().map(|routed| signal(session, routed)));
    if answer.signals.is_empty() {
        parts.push(message::Nothing.render(session.locale()));
    }
    parts.join("\n\n")
}

fn signal(session: &Session, routed: &Routed) -> String {
    let locale = session.locale();
    let mut lines = vec![session.style.paint(Paint::Bold, &terminal::clean(&routed.summary))];
    if routed.status == Status::Resolved {
        lines.push(message::Over { key: &terminal::clean(&routed.dedup_key) }.render(locale));
    }
    lines.push(message::SeveritySteps { severity: &steps(session, routed) }.render(locale));
    if routed.route == Some(0) {
        lines.push(message::GoesOwn.render(locale));
    }
    let mut table = Table::new(vec![
        message::ColumnRoute.render(locale),
        message::ColumnWhen.render(locale),
        command::ColumnService.render(locale),
        message::ColumnAnswer.render(locale),
    ]);
    for asked in &routed.routes {
        let when = match asked.when.as_slice() {
            [] => message::Everything.render(locale),
            when => when.join(", "),
        };
        let paint = if asked.verdict == Said::Taken { Paint::Green } else { Paint::Plain };
        table.row(vec![
            Cell::text(&asked.route.to_string()),
            Cell::text(&when),
            Cell::text(&asked.service),
            Cell::text(&verdict(session, asked)).painted(paint),
        ]);
    }
    if !routed.routes.is_empty() {
        lines.push(table.render(session.style));
    }
    lines.push(goes(session, routed));
    lines.join("\n")
}

/// From the source's word to ours, without what stays the same.
fn steps(session: &Session, routed: &Routed) -> String {
    let severity = &routed.severity;
    let mut steps: Vec<String> =
        severity.said.iter().map(|said| format!("\"{}\"", terminal::clean(said))).collect();
    let mut last = None;
    for step in [severity.read, severity.of_source, severity.becomes] {
        if last.replace(step) != Some(step) {
            steps.push(said(session, step));
        }
    }
    steps.join(" → ")
}

fn said(session: &Session, severity: Severity) -> String {
    in_words(severity.as_str(), session.locale())
}

fn verdict(session: &Session, asked: &Asked) -> String {
    let locale = session.locale();
    match asked.verdict {
        Said::Taken => message::Taken.render(locale),
        Said::NotAsked => message::NotAsked.render(locale),
        Said::ServiceGone => message::ServiceGone.render(locale),
        Said::Missed => {
            let misses: Vec<String> = asked.misses.iter().map(|missed| miss(session, missed)).collect();
            misses.join("; ")
        }
    }
}

fn miss(session: &Session, missed: &Missed) -> String {
    let locale = session.locale();
    let wanted = &terminal::clean(&missed.wanted);
    let found = &terminal::clean(missed.found.as_deref().unwrap_or_default());
    let label = &terminal::clean(missed.label.as_deref().unwrap_or_default());
    match missed.condition.as_str() {
        "source" => message::MissedSource { wanted, found }.render(locale),
        "severity" => message::MissedSeverity { wanted, found }.render(locale),
        "label" if missed.found.is_none() => message::MissedLabelAbsent { label, wanted }.render(locale),
        "label" => message::MissedLabel { label, wanted, found }.render(locale),
        "hours" => message::MissedHours { wanted, found }.render(locale),
        _ => message::MissedText { wanted }.render(locale),
    }
}

fn goes(session: &Session, routed: &Routed) -> String {
    let locale = session.locale();
    let Some(service) = &routed.service else {
        return session.style.paint(Paint::Red, &message::Nowhere.render(locale));
    };
    let severity = &said(session, routed.severity.becomes);
    let goes = match routed.policy.as_deref().filter(|policy| !policy.is_empty()) {
        Some(policy) => message::Goes { service, policy, severity }.render(locale),
        None => message::GoesSomehow { service, severity }.render(locale),
    };
    session.style.paint(Paint::Bold, &goes)
}

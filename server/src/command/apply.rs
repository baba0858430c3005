//! `hotpotato apply`: makes the house match the files. The plan comes first.

use std::path::PathBuf;

use domain::blueprint::check::Completeness;
use i18n::{Message as _, command as message, words};
use serde::Deserialize;
use serde_json::Value;

use super::session::{Session, print_json};
use super::{Done, Failure, configuration};
use crate::client::{Client, ClientError, Request};
use crate::terminal::{self, Paint, clean};

/// What the server would change, or has changed.
#[derive(Debug, Deserialize)]
struct Plan {
    changes: Vec<Change>,
}

/// One thing that becomes different.
#[derive(Debug, Deserialize)]
struct Change {
    how: How,
    kind: String,
    name: String,
    #[serde(default)]
    fields: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum How {
    Added,
    Changed,
    Removed,
}

/// Says what is wrong with the files, else prints the plan and carries it out.
pub(super) async fn run(session: &Session, files: &[PathBuf], dry_run: bool) -> Done {
    let locale = session.locale();
    let examined = configuration::read(files, Completeness::Whole, locale);
    examined.said.iter().for_each(|line| terminal::complain(line));
    if examined.mistakes > 0 {
        return Err(Failure::Said(message::CheckFailed { mistakes: examined.mistakes }.render(locale)));
    }
    let blueprint = serde_json::to_value(&examined.reading.blueprint);
    let blueprint = blueprint.map_err(|error| Failure::Said(error.to_string()))?;
    let client = session.client()?;
    let (planned, plan) = post(session, &client, &blueprint, true).await?;
    if !session.is_json() {
        print_plan(session, &plan);
    }
    if dry_run || plan.changes.is_empty() {
        if session.is_json() {
            print_json(&planned);
        } else if !plan.changes.is_empty() {
            terminal::print(&message::DryRun.render(locale));
        }
        return Ok(());
    }
    let (applied, _) = post(session, &client, &blueprint, false).await?;
    if session.is_json() {
        print_json(&applied);
    } else {
        terminal::print(&message::Applied.render(locale));
    }
    Ok(())
}

async fn post(
    session: &Session,
    client: &Client,
    blueprint: &Value,
    dry_run: bool,
) -> Result<(Value, Plan), Failure> {
    let request = Request::post(&["configuration"]).with("dry_run", Some(dry_run.to_string()));
    let answer = session.ask(client, request.body(blueprint.clone())).await;
    if let Err(Failure::Client(ClientError::Refused { problem, .. })) = &answer {
        problem.mistakes.iter().for_each(|mistake| terminal::complain(&clean(mistake)));
    }
    answer
}

fn print_plan(session: &Session, plan: &Plan) {
    let locale = session.locale();
    if plan.changes.is_empty() {
        return terminal::print(&message::PlanEmpty.render(locale));
    }
    for change in &plan.changes {
        terminal::print(&planned(session, change));
    }
    let count = |how| {
        i64::try_from(plan.changes.iter().filter(|change| change.how == how).count()).unwrap_or(i64::MAX)
    };
    let (added, changed, removed) = (count(How::Added), count(How::Changed), count(How::Removed));
    terminal::print(&message::PlanSummary { added, changed, removed }.render(locale));
}

/// One line of the plan.
fn planned(session: &Session, change: &Change) -> String {
    let locale = session.locale();
    let kind = match change.kind.as_str() {
        "person" => words::KindPerson.render(locale),
        "team" => words::KindTeam.render(locale),
        "rota" => words::KindRota.render(locale),
        "policy" => words::KindPolicy.render(locale),
        "service" => words::KindService.render(locale),
        "source" => words::KindSource.render(locale),
        "routes" => words::KindRoutes.render(locale),
        other => clean(other),
    };
    let (kind, name) = (kind.as_str(), if change.kind == "routes" { "" } else { change.name.as_str() });
    let (said, paint) = match change.how {
        How::Added => (message::PlanAdded { kind, name }.render(locale), Paint::Green),
        How::Changed => (message::PlanChanged { kind, name }.render(locale), Paint::Amber),
        How::Removed => (message::PlanRemoved { kind, name }.render(locale), Paint::Red),
    };
    let said = session.style.paint(paint, clean(&said).trim_end());
    if change.fields.is_empty() { said } else { format!("{said} ({})", clean(&change.fields.join(", "))) }
}

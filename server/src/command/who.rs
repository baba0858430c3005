//! `hotpotato who`: who would be paged, in order, and why.

use i18n::{Message as _, command as message, format, words};
use serde::Deserialize;

use super::Done;
use super::alerts::{known_at, moment};
use super::session::{Session, print_json};
use crate::client::Request;
use crate::reader::Moment;
use crate::terminal::{self, Cell, Paint, Table};

/// Who would be paged about one thing.
#[derive(Debug, Deserialize)]
struct Answer {
    at: String,
    /// When what it says was known.
    known_at: String,
    of: String,
    kind: String,
    steps: Vec<Step>,
    #[serde(default)]
    fallback: Vec<Person>,
    #[serde(default)]
    work: Vec<Work>,
}

/// Planned work that comes before step 1.
#[derive(Debug, Deserialize)]
struct Work {
    id: String,
    kind: String,
    name: Option<String>,
    what: Option<String>,
    until: String,
    only: Only,
}

/// Which alerts of the service.
#[derive(Debug, Deserialize)]
struct Only {
    sources: Vec<String>,
    labels: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Step {
    #[serde(rename = "step")]
    number: u64,
    wait_seconds: Option<u64>,
    people: Vec<Person>,
    #[serde(default)]
    acknowledgements: Option<i64>,
    #[serde(default)]
    hand_over: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Person {
    #[serde(rename = "person")]
    slug: Option<String>,
    name: Option<String>,
    #[serde(flatten)]
    why: Why,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
enum Why {
    Named,
    OnCall {
        rota: String,
        layer: i64,
        #[serde(default)]
        offset: i64,
        from: String,
        until: String,
    },
    Override {
        rota: String,
        #[serde(rename = "override")]
        id: String,
        of: Option<String>,
        from: String,
        until: String,
    },
    AllHands {
        #[serde(rename = "override")]
        id: String,
        team: String,
        until: String,
    },
    Work {
        work: String,
        until: String,
    },
    Member {
        team: String,
    },
}

/// One thing or all services.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Answers {
    All(Vec<Answer>),
    One(Box<Answer>),
}

/// Prints who would be paged about one thing, or about every service.
pub(super) async fn run(session: &Session, name: Option<String>, at: Option<Moment>) -> Done {
    let at = at.map(|at| at.resolve(session.reader.zone).to_string());
    let client = session.client()?;
    let request = Request::get(&["who"]).with("of", name).with("at", at.clone());
    let (json, answers) = session.ask::<Answers>(&client, request).await?;
    if session.is_json() {
        print_json(&json);
        return Ok(());
    }
    let answers = match answers {
        Answers::All(answers) => answers,
        Answers::One(answer) => vec![*answer],
    };
    // Only what is past is known otherwise than now.
    if let Some(answer) = answers.iter().find(|answer| at.as_ref() == Some(&answer.known_at)) {
        terminal::print(&known_at(session, &answer.known_at));
    }
    let drawn: Vec<String> = answers.iter().map(|answer| draw(session, answer)).collect();
    if drawn.is_empty() {
        terminal::print(&message::NobodyOnCall.render(session.locale()));
    } else {
        terminal::print(&drawn.join("\n\n"));
    }
    Ok(())
}

fn draw(session: &Session, answer: &Answer) -> String {
    let locale = session.locale();
    let kind = match answer.kind.as_str() {
        "rota" => words::KindRota.render(locale),
        "team" => words::KindTeam.render(locale),
        _ => words::KindService.render(locale),
    };
    let heading = format!("{} ({kind}), {}", terminal::clean(&answer.of), moment(session, &answer.at));
    let mut heading = session.style.paint(Paint::Bold, &heading);
    for work in &answer.work {
        heading = format!("{heading}\n{}", session.style.paint(Paint::Amber, &planned(session, work)));
    }
    let table =
        if answer.kind == "service" { Some(escalation(session, answer)) } else { people(session, answer) };
    match table {
        Some(table) => format!("{heading}\n{}", table.render(session.style)),
        None => format!("{heading}\n{}", message::NobodyOnCall.render(locale)),
    }
}

fn planned(session: &Session, work: &Work) -> String {
    let locale = session.locale();
    let erased = words::Erased.render(locale);
    let said = |text: &Option<String>| terminal::clean(text.as_deref().unwrap_or(&erased));
    let (what, person, until) = (said(&work.what), said(&work.name), moment(session, &work.until));
    let id = work.id.as_str();
    let line = if work.kind == "hold" {
        message::WhoHold { id, what: &what, person: &person, until: &until }.render(locale)
    } else {
        message::WhoWork { id, what: &what, person: &person, until: &until }.render(locale)
    };
    let only: Vec<&str> = work.only.sources.iter().chain(&work.only.labels).map(String::as_str).collect();
    if only.is_empty() {
        return line;
    }
    let scope = terminal::clean(&only.join(", "));
    format!("{line} {}", message::WhoWorkOnly { scope: &scope }.render(locale))
}

/// The steps of a service's policy and its fallback.
fn escalation(session: &Session, answer: &Answer) -> Table {
    let locale = session.locale();
    let mut table = Table::new(vec![
        message::ColumnStep.render(locale),
        message::ColumnPerson.render(locale),
        message::ColumnWhy.render(locale),
        message::ColumnWait.render(locale),
    ]);
    for step in &answer.steps {
        let number = Cell::text(&step.number.to_string());
        let wait = step.wait_seconds.map_or_else(String::new, |seconds| format::span(locale, seconds));
        if let Some(policy) = &step.hand_over {
            let over = message::WhoHandOver { policy }.render(locale);
            table.row(vec![number, Cell::text(&over), Cell::text(""), Cell::text("")]);
            continue;
        }
        if step.people.is_empty() {
            let nobody = Cell::text(&message::NobodyOnCall.render(locale)).painted(Paint::Red);
            table.row(vec![number, nobody, Cell::text(""), Cell::text("")]);
            continue;
        }
        // The step's number and wait stand beside its first person only.
        let wait = match step.acknowledgements.filter(|&wanted| wanted > 1) {
            Some(wanted) => format!("{wait}, {}", message::WhoWanted { wanted }.render(locale)),
            None => wait,
        };
        let mut once = Some((number, Cell::text(&wait)));
        for person in &step.people {
            let (number, wait) = once.take().unwrap_or_else(|| (Cell::text(""), Cell::text("")));
            let why = why(session, &person.why, Some(step.number));
            table.row(vec![number, Cell::text(&name(session, person)), Cell::text(&why), wait]);
        }
    }
    let mut heading = Some(message::Fallback.render(locale));
    for person in &answer.fallback {
        let step = Cell::text(&heading.take().unwrap_or_default());
        let why = match &person.why {
            Why::Named => message::WhyFallback.render(locale),
            other => why(session, other, None),
        };
        table.row(vec![step, Cell::text(&name(session, person)), Cell::text(&why), Cell::text("")]);
    }
    table
}

/// The people of a rota or a team; none when there are none.
fn people(session: &Session, answer: &Answer) -> Option<Table> {
    let locale = session.locale();
    let mut table = Table::new(vec![message::ColumnPerson.render(locale), message::ColumnWhy.render(locale)]);
    let people: Vec<&Person> = answer.steps.iter().flat_map(|step| &step.people).collect();
    for person in &people {
        table.row(vec![Cell::text(&name(session, person)), Cell::text(&why(session, &person.why, None))]);
    }
    (!people.is_empty()).then_some(table)
}

fn name(session: &Session, person: &Person) -> String {
    let known = person.name.clone().or_else(|| person.slug.clone());
    known.unwrap_or_else(|| words::Erased.render(session.locale()))
}

fn why(session: &Session, why: &Why, step: Option<u64>) -> String {
    let locale = session.locale();
    match why {
        Why::Named => {
            let step = i64::try_from(step.unwrap_or_default()).unwrap_or_default();
            message::WhyNamed { step }.render(locale)
        }
        Why::OnCall { rota, layer, offset: 0, from, until } => {
            let (from, until) = (moment(session, from), moment(session, until));
            message::WhyRota { rota, layer: *layer, from: &from, until: &until }.render(locale)
        }
        Why::OnCall { rota, offset, .. } => message::WhyNext { rota, number: *offset }.render(locale),
        Why::Override { rota, id, of, from, until } => {
            let (from, until) = (moment(session, from), moment(session, until));
            match of {
                Some(of) => message::WhyFor { of, rota, id, from: &from, until: &until }.render(locale),
                None => message::WhyAlso { rota, id, from: &from, until: &until }.render(locale),
            }
        }
        Why::AllHands { id, team, until } => {
            message::WhyAllHands { team, id, until: &moment(session, until) }.render(locale)
        }
        Why::Work { work, until } => {
            message::WhyWork { id: work, until: &moment(session, until) }.render(locale)
        }
        Why::Member { team } => message::WhyTeam { team }.render(locale),
    }
}

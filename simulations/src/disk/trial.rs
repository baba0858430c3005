//! One fault from beginning to end: the story while something fails, then a clean start on what it left.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;

use super::DiskError;
use super::Plan;
use super::call::Call;
use super::finding::{Course, Finding, Wrong};
use super::house::{House, PERSON, Started};
use super::point::{Count, Lasting, Place, Point};
use super::story::Story;
use super::tracer::Tracer;
use crate::moment;

/// How long an alert may take to be paged after a clean start.
const PAGE_WAIT_MAX: Duration = Duration::from_secs(20);
/// How much of what the house printed is shown when something went wrong.
const SHOWN_LINES: usize = 30;

/// Counts what a place does when nothing fails.
pub(super) async fn count(plan: &Plan, place: Place, folder: PathBuf) -> Result<Vec<Count>, DiskError> {
    let mut house = House::build(&plan.hot_potato, folder).await?;
    let tracer = Tracer::new(place, None, house.folder());
    let mut story = Story::default();
    run(&mut house, &tracer, &mut story, false).await?;
    if story.failed_at_ms.is_some() || !story.defects.is_empty() {
        let printed = last_lines(&house.printed());
        return Err(DiskError::Clean(format!("{place}: {:?}\n{printed}", story.defects)));
    }
    let counts = Call::ALL.map(|call| Count { place, call, calls: tracer.count(call) });
    Ok(counts.into_iter().filter(|count| count.calls > 0).collect())
}

/// Lets one call fail and finds out what comes of it.
pub(super) async fn run_point(plan: &Plan, point: Point, folder: PathBuf) -> Result<Finding, DiskError> {
    let mut house = House::build(&plan.hot_potato, folder).await?;
    let tracer = Tracer::new(point.place, Some(point), house.folder());
    let mut story = Story::default();
    let began_at_ms = moment::unix_ms();
    let started = run(&mut house, &tracer, &mut story, point.lasting == Lasting::FromThenOn).await?;
    let injected = tracer.injected().map(|injected| injected.line);
    match started {
        Started::Hangs => story.wrong(Wrong::Hang, "it neither starts nor ends"),
        Started::Ended(status) => {
            story.failed_at(began_at_ms);
            explained(&mut story, &house, status.success());
        }
        Started::Ready => {
            if let Some(status) = story.ended {
                explained(&mut story, &house, status.success());
            }
        }
    }
    story.hear_alarm(&house).await;
    house.kill().await;
    let course = match (&injected, started, story.ended, story.failed_at_ms) {
        (None, ..) => Course::NotReached,
        (_, Started::Ended(_), ..) => Course::NotStarted,
        (_, _, Some(_), _) => Course::Ended,
        (_, _, None, Some(_)) => Course::TurnedAway,
        (_, _, None, None) => Course::Unnoticed,
    };
    start_again(&mut house, &mut story).await?;
    let printed = house.printed();
    if printed.contains("panicked at") {
        story.wrong(Wrong::Panic, "a thread panicked");
    }
    let printed = (!story.defects.is_empty()).then(|| last_lines(&printed));
    Ok(Finding { point, injected, course, alarm_ms: story.alarm_ms, defects: story.defects, printed })
}

/// Starts the house, lives through the story if it is ready, and ends it.
async fn run(
    house: &mut House,
    tracer: &Tracer,
    story: &mut Story,
    is_lasting: bool,
) -> Result<Started, DiskError> {
    let command = tracer.launch(house.program());
    let started = house.start(command).await?;
    if started != Started::Ready {
        return Ok(started);
    }
    let held = match house.pid() {
        Some(pid) => tracer.attach(pid).await?,
        None => None,
    };
    story.live(house, is_lasting).await;
    if story.ended.is_none() {
        // The alarm, before the house is gone that should sound it.
        story.hear_alarm(house).await;
        if house.end().await.is_none() {
            story.wrong(Wrong::Hang, "it does not end when it is asked to");
        }
    }
    drop(held);
    Ok(started)
}

/// An end that nobody asked for says which file, and fails.
fn explained(story: &mut Story, house: &House, is_success: bool) {
    if is_success {
        story.wrong(Wrong::Unexplained, "it ended by itself, with success");
    }
    let printed = house.printed();
    let names_a_file = |line: &str| {
        line.contains("ERROR")
            && ["data directory", "log.sqlite", "keys.sqlite", "link.key", "owner.token", "/data"]
                .iter()
                .any(|name| line.contains(name))
    };
    let says_more = |line: &str| line.contains("nothing is written any more until the next start");
    if !printed.lines().any(|line| names_a_file(line) || says_more(line)) {
        story.wrong(Wrong::Unexplained, "no error names a file");
    }
}

/// A clean start on what the fault left: nothing that was answered 2xx is lost, and the house works.
async fn start_again(house: &mut House, story: &mut Story) -> Result<(), DiskError> {
    let command = Command::new(house.program());
    let started = house.start(command).await?;
    if started != Started::Ready {
        story.wrong(Wrong::Unsound, format!("it does not start again: {started:?}"));
        return Ok(());
    }
    match house.cli(&["verify"]).await {
        Some((true, _)) => {}
        Some((false, said)) => story.wrong(Wrong::Unsound, format!("verify: {said}")),
        None => story.wrong(Wrong::Hang, "verify did not end"),
    }
    for alert in story.accepted.clone() {
        let answer = house.get(&format!("/api/v1/alerts/{}", alert.id)).await;
        let super::house::Answer::Said { status: 200, body } = answer else {
            story.wrong(Wrong::False2xx, format!("{:?} is gone: {answer:?}", alert.summary));
            continue;
        };
        let shown: Value = serde_json::from_str(&body).unwrap_or_default();
        let state = shown["state"].as_str().unwrap_or_default();
        if !alert.states.contains(&state) || shown["summary"] != alert.summary {
            let wanted = alert.states.join(" or ");
            story.wrong(Wrong::False2xx, format!("{:?} is {state}, not {wanted}", alert.summary));
        }
        if state == "open" && house.page(PERSON, alert.summary, PAGE_WAIT_MAX).await.is_none() {
            story.wrong(Wrong::False2xx, format!("nobody was paged for {:?}", alert.summary));
        }
    }
    works(house, story).await;
    if !house.end().await.is_some_and(|status| status.success()) {
        story.wrong(Wrong::Unsound, "after a clean start it does not end well");
    }
    Ok(())
}

/// Takes a configuration and a new alert, and pages.
async fn works(house: &House, story: &mut Story) {
    let applied = house.cli(&["apply", "house.yaml"]).await;
    if !matches!(applied, Some((true, _))) {
        return story.wrong(Wrong::Unsound, format!("apply fails after a clean start: {applied:?}"));
    }
    let answer = house.signal(&json!({ "summary": "disk replaced", "dedup_key": "after" })).await;
    if !answer.is(200) || house.page(PERSON, "disk replaced", PAGE_WAIT_MAX).await.is_none() {
        story.wrong(Wrong::Unsound, format!("a new alert is not paged after a clean start: {answer:?}"));
    }
    let health = house.get("/healthz").await;
    if !health.is(200) {
        story.wrong(Wrong::Unsound, format!("not well after a clean start: {health:?}"));
    }
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n")
}

//! `hotpotato send-test-page`: a real page, labelled as a test, and what becomes of it.

use std::collections::BTreeSet;
use std::time::Duration;

use i18n::{Message as _, command as message};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval};

use super::alert::{self, TimelineLine, View};
use super::session::{Session, print_json};
use super::{Done, Failure};
use crate::client::{Client, ClientError, Request};
use crate::terminal;
use crate::timeline::ladder;

/// How often the server is asked what became of the page.
const ASK_EVERY: Duration = Duration::from_millis(500);
/// After so many questions without anything new (20 s), while no attempt is under way, nothing more is expected soon.
const QUIET_QUESTIONS_MAX: u32 = 40;
/// An attempt ends after 15 s at the latest; after so many questions (60 s) without anything new something is wrong,
/// and nobody waits for ever.
const STUCK_QUESTIONS_MAX: u32 = 120;

/// The alert that the test became.
#[derive(Debug, Deserialize)]
struct Sent {
    id: String,
    code: String,
}

/// Sends the page and shows what becomes of each attempt.
pub(super) async fn run(session: &Session, person: &str, contact: Option<&str>) -> Done {
    let locale = session.locale();
    let client = session.client()?;
    let mut body = json!({ "person": person });
    if let Some(contact) = contact {
        body["contact"] = contact.into();
    }
    let request = Request::post(&["test-pages"]).body(body);
    let sent = session.ask::<Sent>(&client, request).await;
    let (_, sent) = sent.map_err(|failure| explain(session, person, contact, failure))?;
    if !session.is_json() {
        terminal::print(&message::TestPageSent { person: &terminal::clean(person) }.render(locale));
    }
    let (json, view) = follow(session, &client, &sent.id, contact.is_some()).await?;
    if session.is_json() {
        print_json(&json);
    } else if view.state != "resolved" {
        terminal::print(&message::TestPageLater { code: &sent.code }.render(locale));
    }
    if view.timeline.iter().any(was_taken) {
        return Ok(());
    }
    let person = terminal::clean(person);
    Err(Failure::Said(message::TestPageNotTaken { person: &person }.render(locale)))
}

/// What the server's refusal means for somebody who named this person and contact method.
fn explain(session: &Session, person: &str, contact: Option<&str>, failure: Failure) -> Failure {
    let Failure::Client(ClientError::Refused { status: 404, problem }) = &failure else { return failure };
    let (person, locale) = (terminal::clean(person), session.locale());
    Failure::Said(match contact {
        _ if problem.reason != "unreachable" => message::UnknownPerson { person: &person }.render(locale),
        None => message::PersonUnreachable { person: &person }.render(locale),
        Some(contact) => {
            let contact = terminal::clean(contact);
            message::ContactUnreachable { person: &person, contact: &contact }.render(locale)
        }
    })
}

/// Asks again and again, printing what is new, until the test is over or nothing more is expected soon. A test of
/// one contact method has one send: once it has arrived, or was refused and went to nobody else, nothing more is expected.
async fn follow(
    session: &Session,
    client: &Client,
    id: &str,
    is_single: bool,
) -> Result<(Value, View), Failure> {
    let mut shown = 0;
    let mut quiet_questions = 0;
    let mut questions = interval(ASK_EVERY);
    questions.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        questions.tick().await;
        let (json, view) = alert::get(session, client, id, None).await?;
        for line in view.timeline.iter().skip(shown).filter(|line| is_about_an_attempt(line)) {
            if !session.is_json() {
                terminal::print(&ladder::draw_one(&line.row(), session.reader, session.style));
            }
        }
        quiet_questions = if view.timeline.len() > shown { 0 } else { quiet_questions + 1 };
        shown = view.timeline.len();
        let patience = if is_under_way(&view.timeline) { STUCK_QUESTIONS_MAX } else { QUIET_QUESTIONS_MAX };
        let last = view.timeline.iter().rfind(|line| is_about_an_attempt(line));
        let is_through = is_single && last.is_some_and(is_final);
        if view.state == "resolved" || is_through || quiet_questions >= patience {
            return Ok((json, view));
        }
    }
}

fn is_about_an_attempt(line: &TimelineLine) -> bool {
    let kinds = ["attempt_", "status_", "report_", "recall_", "acknowledged"];
    kinds.iter().any(|kind| line.kind.starts_with(kind))
}

fn is_final(line: &TimelineLine) -> bool {
    matches!(line.kind.as_str(), "attempt_refused" | "status_delivered" | "status_undelivered")
}

fn was_taken(line: &TimelineLine) -> bool {
    matches!(line.kind.as_str(), "attempt_accepted" | "status_delivered" | "acknowledged")
}

/// True while more attempts were started than ended.
fn is_under_way(timeline: &[TimelineLine]) -> bool {
    let ends = BTreeSet::from([
        "attempt_accepted",
        "attempt_refused",
        "attempt_failed",
        "attempt_not_sent",
        "attempt_unknown",
        "attempt_held",
    ]);
    let count = |is_it: &dyn Fn(&str) -> bool| timeline.iter().filter(|line| is_it(&line.kind)).count();
    count(&|kind| kind == "attempt_started") > count(&|kind| ends.contains(kind))
}

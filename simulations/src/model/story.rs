//! A path through the model, told for people.

use events::event::alert::AlertEvent;

use super::action::{Action, Fate};
use super::history::History;
use super::house::START;
use super::node::{UnderWay, Verdict, name};
use super::state::State;

/// One line for each action of the path.
pub fn tell(path: &[(State, Option<Action>)]) -> Vec<String> {
    let steps = path.windows(2).filter_map(|pair| {
        let [(before, Some(action)), (after, _)] = pair else { return None };
        let second = after.now.since(START);
        Some(format!("{second:>8}  {}{}", line(before, *action, after), aftermath(before, after)))
    });
    steps.collect()
}

fn line(before: &State, action: Action, after: &State) -> String {
    match action {
        Action::Signal(node) => format!("the source tells {}: it {}", called(node), decision(after, node)),
        Action::Acknowledge(node) => {
            format!("Anna tells {} that she takes it: it {}", called(node), decision(after, node))
        }
        Action::Tick(node) => format!("{} does what is due: it {}", called(node), decision(after, node)),
        Action::Follow(node) => format!("{} reads the log", called(node)),
        Action::Append(node) => {
            format!("{}'s append {}{}", called(node), answer(before, node), posted(before, after, node))
        }
        Action::LoseRequest(node) => {
            format!("{}'s append is lost on its way{}", called(node), posted(before, after, node))
        }
        Action::LoseReply(node) => {
            let answer = answer(before, node);
            format!(
                "{}'s append {answer}, but the answer is lost{}",
                called(node),
                posted(before, after, node)
            )
        }
        Action::Send(node, fate) => sent(before, node, fate),
        Action::Expire(node) => {
            let attempt = before.nodes[node].queue[0].attempt;
            let decision = decision(after, node);
            format!(
                "{}'s channel holds attempt {attempt} back, it waited too long: it {decision}",
                called(node)
            )
        }
        Action::Answer(node, place) => {
            let UnderWay { attempt, answer, is_recall, .. } = before.nodes[node].under_way[place];
            let told = told(attempt, is_recall, answer);
            format!("{}'s channel hears that {told}: it {}", called(node), decision(after, node))
        }
        Action::LoseAnswer(node, place) => {
            let attempt = before.nodes[node].under_way[place].attempt;
            format!("the provider's answer to attempt {attempt} of {} is lost", called(node))
        }
        Action::GiveUp(node, place) => {
            let UnderWay { attempt, is_recall, .. } = before.nodes[node].under_way[place];
            let told = told(attempt, is_recall, None);
            format!("{}'s channel finds that {told}: it {}", called(node), decision(after, node))
        }
        Action::Arrive(place) => {
            let packet = &before.slow[place];
            format!("attempt {} of {} reaches the provider late", packet.attempt, called(packet.node))
        }
        Action::Land(_) => {
            format!("the append of an ended process reaches the log, now at v{}", after.log.version())
        }
        Action::Crash(node) => format!("{} crashes", called(node)),
        Action::Restart(node) => format!("{} starts again and reads the log", called(node)),
        Action::Pause(node) => format!("{} stands still", called(node)),
        Action::Resume(node) => format!("{} goes on", called(node)),
        Action::Pass => "time has passed".to_owned(),
    }
}

fn called(node: usize) -> String {
    format!("node {}", name(node))
}

fn decision(after: &State, node: usize) -> String {
    match &after.nodes[node].doing {
        None => "has nothing to write".to_owned(),
        Some(doing) => format!("decides {}", records(&doing.wanted, doing.wanted.before().version())),
    }
}

/// The events of the last append, which stand after `version`.
fn records(history: &History, version: usize) -> String {
    let events = history.last().events.iter();
    let events: Vec<String> = events.map(event).collect();
    format!("v{}..{}: {}", version + 1, history.version(), events.join(", "))
}

fn event(event: &AlertEvent) -> String {
    let kind = event.kind().trim_start_matches("alert.");
    match event {
        AlertEvent::AttemptStarted(started) => {
            let repeat = if started.repeat { ", a repeat" } else { "" };
            format!(
                "{kind} {} (page {}, rung {}, send {}{repeat})",
                started.attempt, started.page, started.rung, started.send
            )
        }
        AlertEvent::AttemptEnded(ended) => format!("{kind} {} ({:?})", ended.attempt, ended.outcome),
        AlertEvent::RecallStarted { attempt, .. } => format!("{kind} {attempt}"),
        AlertEvent::RecallEnded { attempt, outcome } => format!("{kind} {attempt} ({outcome:?})"),
        _ => kind.to_owned(),
    }
}

/// What the log makes of a node's append.
fn answer(before: &State, node: usize) -> &'static str {
    let Some(doing) = &before.nodes[node].doing else { return "is none" };
    if doing.wanted.before().version() == before.log.version() {
        "is written"
    } else if doing.wanted.is_prefix_of(&before.log) {
        "is there already"
    } else {
        "comes second"
    }
}

fn posted(before: &State, after: &State, node: usize) -> String {
    let (had, has) = (before.nodes[node].queue.len(), &after.nodes[node].queue);
    let posts = has.get(had..).unwrap_or_default().iter();
    let posts: Vec<String> = posts
        .map(|post| format!("; its channel gets attempt {} to {}", post.attempt, post.address))
        .collect();
    let again = match (&before.nodes[node].doing, &after.nodes[node].doing) {
        (Some(had), Some(has)) if had.wanted == has.wanted => "; it will append the same again".to_owned(),
        (Some(_), Some(_)) => format!("; it reads the log and {}", decision(after, node)),
        (_, None) | (None, Some(_)) => String::new(),
    };
    format!("{}{again}", posts.concat())
}

fn sent(before: &State, node: usize, fate: Fate) -> String {
    let post = &before.nodes[node].queue[0];
    let what = if post.is_recall { "the recall of attempt" } else { "attempt" };
    let what = format!("{}'s channel sends {what} {}", called(node), post.attempt);
    match fate {
        Fate::Taken if post.repeat => format!("{what}, labelled a repeat: it reaches the provider"),
        Fate::Taken => format!("{what}: it reaches the provider"),
        Fate::Slow => format!("{what}: it is slow"),
        Fate::Failed => format!("{what}: the provider has a fault"),
        Fate::Refused => format!("{what}: the provider refuses it"),
    }
}

fn told(attempt: u32, is_recall: bool, verdict: Option<Verdict>) -> String {
    let what = if is_recall { "the recall of attempt" } else { "attempt" };
    let became = match verdict {
        Some(Verdict::Accepted) => "was accepted",
        Some(Verdict::Refused) => "was refused",
        Some(Verdict::Failed) => "failed",
        Some(Verdict::Expired) => "was not sent",
        Some(Verdict::Timeout) | None => "was not answered in time",
    };
    format!("{what} {attempt} {became}")
}

fn aftermath(before: &State, after: &State) -> String {
    let duplicate = after.has_duplicate() && !before.has_duplicate();
    if duplicate { " — the second time for one planned send".to_owned() } else { String::new() }
}

//! A path through the model, told for people.

use events::event::alert::AlertEvent;

use super::action::{Action, Fate};
use super::history::History;
use super::house::START;
use super::node::{Asked, Reply, Reported, Verdict, name};
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
        Action::Look(node, place) => {
            let reported = told(before.nodes[node].inbox[place]);
            format!("{} looks at the report {reported}: it {}", called(node), decision(after, node))
        }
        Action::Tick(node) => format!("{} does what is due: it {}", called(node), decision(after, node)),
        Action::Follow(node) => format!("{} reads the log", called(node)),
        Action::Write(node) => {
            let reply = after.nodes[node].doing.as_ref().and_then(|doing| doing.reply);
            let reply = match reply {
                Some(Reply::Done) => format!("is written, {}", records(&after.log, before.log.version())),
                Some(Reply::AlreadyDone) => "is there already".to_owned(),
                Some(Reply::WrongVersion) | None => "is refused: another wrote first".to_owned(),
            };
            format!("{}'s append {reply}", called(node))
        }
        Action::Hear(node) => format!("{} hears from the log{}", called(node), posted(before, after, node)),
        Action::LoseRequest(node) => {
            format!("{}'s append is lost on its way{}", called(node), posted(before, after, node))
        }
        Action::LoseReply(node) => {
            format!("the log's answer to {} is lost{}", called(node), posted(before, after, node))
        }
        Action::Send(node, fate) => sent(before, node, fate, after),
        Action::Answer(node, place) => {
            let attempt = before.nodes[node].under_way[place].attempt;
            format!("{}'s channel hears what became of attempt {attempt}", called(node))
        }
        Action::GiveUp(node, place) => {
            let attempt = before.nodes[node].under_way[place].attempt;
            format!("{}'s channel waits no longer for the answer to attempt {attempt}", called(node))
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

fn posted(before: &State, after: &State, node: usize) -> String {
    let (had, has) = (before.nodes[node].queue.len(), &after.nodes[node].queue);
    let posts = has.get(had..).unwrap_or_default().iter();
    let posts: Vec<String> =
        posts.map(|post| format!("attempt {} to {}", post.attempt, post.address)).collect();
    let again = after.nodes[node].doing.as_ref().map(|doing| match doing.asked {
        Asked::Signal | Asked::Acknowledge | Asked::Report(_) | Asked::Tick if doing.again > 0 => {
            "; it will append the same again".to_owned()
        }
        Asked::Signal | Asked::Acknowledge | Asked::Report(_) | Asked::Tick => {
            format!("; it {}", decision(after, node))
        }
    });
    let posts =
        if posts.is_empty() { String::new() } else { format!("; its channel gets {}", posts.join(", ")) };
    format!("{posts}{}", again.unwrap_or_default())
}

fn sent(before: &State, node: usize, fate: Fate, after: &State) -> String {
    let post = &before.nodes[node].queue[0];
    let what = if post.is_recall { "the recall of attempt" } else { "attempt" };
    let what = format!("{}'s channel sends {what} {}", called(node), post.attempt);
    if after.nodes[node].inbox.len() > before.nodes[node].inbox.len() {
        return format!("{}'s channel holds attempt {} back: it waited too long", called(node), post.attempt);
    }
    match fate {
        Fate::Taken if post.repeat => format!("{what}, labelled a repeat: it reaches the provider"),
        Fate::Taken => format!("{what}: it reaches the provider"),
        Fate::Slow => format!("{what}: it is slow"),
        Fate::Failed => format!("{what}: the provider has a fault"),
        Fate::Refused => format!("{what}: the provider refuses it"),
    }
}

fn told(reported: Reported) -> String {
    let what = if reported.is_recall { "that the recall of attempt" } else { "that attempt" };
    let became = match reported.verdict {
        Verdict::Accepted => "was accepted",
        Verdict::Refused => "was refused",
        Verdict::Failed => "failed",
        Verdict::Expired => "was not sent",
        Verdict::Timeout => "was not answered",
    };
    format!("{what} {} {became}", reported.attempt)
}

fn aftermath(before: &State, after: &State) -> String {
    let duplicate = after.has_duplicate() && !before.has_duplicate();
    if duplicate { " — the second time for one planned send".to_owned() } else { String::new() }
}

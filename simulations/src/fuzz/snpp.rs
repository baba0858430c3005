//! A dialogue with a pager gateway that may say anything.
//!
//! Input: a line with the login (empty for none), one with the pager's number, one with the message, then all that
//! the gateway says. The message's length says which of levels 2 and 3 is asked for, and how much the pager shows.

use adapters::channel::snpp::dialogue::{Choice, Dialogue, REPLY_LINES_MAX, Step};
use adapters::channel::snpp::{LINE_BYTES_MAX, Login, SnppConfig, encode, hear};
use adapters::channel::{Secret, snpp};
use adapters::text::{PAGER_PARTS_MAX, Text};
use domain::port::Report;
use events::event::outcome::{Outcome, Reason};
use events::event::signal::Severity;
use futures_util::FutureExt as _;

use super::claim::{is_one_line, is_within};
use super::shape;

/// The most that a report keeps of what a gateway said.
const DETAIL_CHARS_MAX: usize = 500;
/// How everything begins that is said to a gateway, but for the lines of a text.
const COMMANDS: [&str; 13] = [
    "SITE JQUEUE YES",
    "LOGI ",
    "2WAY",
    "LEVE 3",
    "ALER 1",
    "PAGE ",
    "DATA",
    "MESS ",
    "ACKR 1",
    "RTYP MULTICHOICE",
    "MCRE 0",
    "RESE",
    "SEND",
];
/// The most that is said of one part: every command once, but for two choices, and once more without two-way.
const SAID_MAX: usize = 2 * COMMANDS.len() + 8;

/// Leads a dialogue to its end.
pub fn dialogue(mut input: &[u8]) {
    let login = shape::text(&mut input);
    let pager = shape::text(&mut input);
    let body = shape::text(&mut input);
    let mut config = SnppConfig::new("pager.example:444");
    if !login.is_empty() {
        let (id, password) = login.split_once(' ').map_or((&*login, None), |(id, word)| (id, Some(word)));
        config.login = Some(Login { id: id.to_owned(), password: password.map(Secret::new) });
    }
    let text = Text { body, ..Text::default() };
    config.two_way = text.body.len() % 2 == 1;
    config.alert = text.body.len() % 3 == 1;
    config.queue = config.alert;
    config.levels = if config.alert { vec![(Severity::Critical, 3)] } else { Vec::new() };
    config.chars_max = [config.chars_max, 40, 2_000][text.body.len() % 7 % 3];
    let offered = [Choice::new(Choice::TAKE, &text.body), Choice::new(Choice::ESCALATE, &text.body)];
    let choices = if config.two_way { &offered[..] } else { &[] };
    let Some(dialogue) = encode(&config, &pager, &text, Severity::Critical, choices) else {
        let unshown = |text: &str| text.chars().all(|letter| !('!'..='~').contains(&letter));
        assert!(unshown(&pager) || unshown(&text.body), "whoever has a number and a text is paged");
        return;
    };
    let (said, report) = lead(dialogue, input);
    check_said(&said, config.login.is_some());
    let sent_count = said.iter().filter(|line| *line == "SEND").count();
    check_report(&report, sent_count, said.last().is_some_and(|line| line == "SEND"));
}

/// Gives what was said and what became of it.
fn lead(mut dialogue: Dialogue, mut gateway: &[u8]) -> (Vec<String>, Report) {
    let mut said: Vec<String> = Vec::new();
    let mut listened = 0;
    loop {
        let heard = hear(&mut gateway).now_or_never().expect("bytes are there already");
        let line = match heard {
            Ok(line) => line,
            Err((reason, words)) => {
                assert!(matches!(reason, Reason::Connection | Reason::Nonsense), "{reason:?}");
                return (said, dialogue.lost(reason, &words));
            }
        };
        assert!(
            u64::try_from(line.len()).is_ok_and(|bytes| bytes < snpp::LINE_BYTES_MAX),
            "{LINE_BYTES_MAX}"
        );
        match dialogue.hear(&line) {
            Step::Listen => {
                listened += 1;
                assert!(listened < REPLY_LINES_MAX, "a gateway that never ends is left");
            }
            Step::Say(line) => {
                listened = 0;
                said.push(line.to_string());
            }
            Step::SayAll(lines) => {
                listened = 0;
                let end = lines.iter().position(|line| line.as_str() == ".");
                assert_eq!(end, Some(lines.len() - 1), "a dot ends the text, and nothing in it does");
                let is_stuffed = |line: &&adapters::line::Line| !line.as_str().starts_with('.');
                assert!(lines[..lines.len() - 1].iter().all(|line| {
                    is_one_line(line.as_str(), "a line of a text");
                    is_stuffed(&line) || line.as_str().starts_with("..")
                }));
            }
            Step::End(report) => return (said, report),
        }
    }
}

/// Only commands are said, and nothing in one of them is another one.
fn check_said(said: &[String], logs_in: bool) {
    assert!(said.len() <= SAID_MAX * PAGER_PARTS_MAX, "a dialogue ends: {said:?}");
    for (at, line) in said.iter().enumerate() {
        is_one_line(line, "what is said to a gateway");
        let is_login = line.starts_with("LOGI");
        assert!(!is_login || (logs_in && at == 0), "{line:?}");
        // A login that is only blanks leaves nothing after the command.
        assert!(line == "LOGI" || COMMANDS.iter().any(|command| line.starts_with(command)), "{line:?}");
        assert!(line == "SEND" || !line.starts_with("SEND"), "{line:?}");
        assert!(is_login || line.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{line:?}");
    }
}

fn check_report(report: &Report, sent_count: usize, is_just_sent: bool) {
    is_one_line(&report.detail, "what a gateway said");
    is_within(&report.detail, DETAIL_CHARS_MAX, "what a gateway said");
    match report.outcome {
        Outcome::Accepted | Outcome::Unknown(_) => assert!(sent_count > 0, "nothing was sent: {report:?}"),
        Outcome::Refused(_) => assert!(sent_count <= 1, "half of it is there: {report:?}"),
        Outcome::Failed { reason, .. } => {
            let is_faulty = sent_count == 1 && is_just_sent && reason == Reason::ProviderFault;
            assert!(sent_count == 0 || is_faulty, "it may have been sent: {report:?}");
        }
    }
}

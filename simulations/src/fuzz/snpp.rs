//! A dialogue with a pager gateway that may say anything.
//!
//! Input: a line with the login (empty for none), one with the pager's number, one with the message, then all that
//! the gateway says.

use adapters::channel::snpp::dialogue::{Dialogue, REPLY_LINES_MAX, Step};
use adapters::channel::snpp::{LINE_BYTES_MAX, Login, SnppConfig, encode, hear};
use adapters::channel::{Secret, snpp};
use adapters::text::Text;
use domain::port::Report;
use events::event::outcome::{Outcome, Reason};
use futures_util::FutureExt as _;

use super::claim::{is_one_line, is_within};
use super::shape;

/// The most that a report keeps of what a gateway said.
const DETAIL_CHARS_MAX: usize = 500;
/// What is said to a gateway at most: the login, the pager, the message, and that it is to be sent.
const COMMANDS: [&str; 4] = ["LOGI ", "PAGE ", "MESS ", "SEND"];

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
    let Some(dialogue) = encode(&config, &pager, &text) else {
        let unshown = |text: &str| text.chars().all(|letter| !('!'..='~').contains(&letter));
        assert!(unshown(&pager) || unshown(&text.body), "whoever has a number and a text is paged");
        return;
    };
    let (said, report) = lead(dialogue, input);
    check_said(&said, config.login.is_some());
    check_report(&report, said.last().is_some_and(|line| line == "SEND"));
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
                assert!(said.len() <= COMMANDS.len(), "a dialogue ends: {said:?}");
            }
            Step::End(report) => return (said, report),
        }
    }
}

/// Each command is said once and in order, and nothing in it is another one.
fn check_said(said: &[String], logs_in: bool) {
    let expected = COMMANDS.iter().skip(usize::from(!logs_in));
    for (line, command) in said.iter().zip(expected) {
        is_one_line(line, "what is said to a gateway");
        // A login that is only blanks leaves nothing after the command.
        let is_known = line.starts_with(command) || matches!(&**line, "LOGI" | "SEND");
        assert!(is_known && (*command != "SEND" || line == "SEND"), "{line:?}: {command}");
        assert!(
            line.starts_with("LOGI") || line.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
            "{line:?}"
        );
    }
}

fn check_report(report: &Report, sent: bool) {
    is_one_line(&report.detail, "what a gateway said");
    is_within(&report.detail, DETAIL_CHARS_MAX, "what a gateway said");
    match report.outcome {
        Outcome::Accepted | Outcome::Unknown(_) => assert!(sent, "nothing was sent: {report:?}"),
        Outcome::Refused(_) => {}
        Outcome::Failed { reason, .. } => {
            assert!(!sent || reason == Reason::ProviderFault, "it may have been sent: {report:?}");
        }
    }
}

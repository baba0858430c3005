//! A dialogue with a paging terminal that may say anything.
//!
//! Input: a line with the password (empty for none), one with the pager's number, one with the message, then all that
//! the terminal says; a zero byte is a silence. The message's length says whether a modem dials first, and how much the
//! pager shows.

use adapters::channel::Secret;
use adapters::channel::tap::dialogue::{GOODBYE, HELLOS_MAX, LOGINS_MAX, RESENDS_MAX, Step};
use adapters::channel::tap::{TapConfig, encode};
use adapters::line::Line;
use adapters::text::{PAGER_PARTS_MAX, Text};
use domain::port::Report;
use events::event::outcome::{Outcome, Reason};

use super::claim::{is_one_line, is_within};
use super::shape;

/// The most that a report keeps of what a terminal said.
const DETAIL_CHARS_MAX: usize = 500;
/// A part of 2,000 characters at most has no more blocks, without the pager's number.
const BLOCKS_MAX: usize = 10;
/// So many letters may stand for one that a pager cannot show.
const COUNTERPART_CHARS_MAX: usize = 3;
const MODEM: [&str; 2] = ["ATZ", "ATDT5559000"];
const STX: u8 = 0x02;

/// Leads a dialogue to its end.
pub fn dialogue(mut input: &[u8]) {
    let password = shape::text(&mut input);
    let pager = shape::text(&mut input);
    let body = shape::text(&mut input);
    let mut config = TapConfig::new("terminal-server.example:4001");
    config.password = (!password.is_empty()).then(|| Secret::new(&password));
    if body.len() % 2 == 1 {
        config.dial = MODEM.map(Line::new).to_vec();
    }
    config.chars_max = [config.chars_max, 40, 2_000][body.len() % 3];
    let text = Text { body, ..Text::default() };
    let Some(mut dialogue) = encode(&config, &pager, &text) else {
        let unshown = |text: &str| text.chars().all(|letter| !('!'..='~').contains(&letter));
        assert!(unshown(&pager) || unshown(&text.body), "whoever has a number and a text is paged");
        return;
    };
    let mut said: Vec<Vec<u8>> = Vec::new();
    let mut step = dialogue.begin();
    let report = loop {
        match step {
            Step::Listen => {}
            Step::Say(words) => said.push(words),
            Step::End(report) => break report,
        }
        let Some((byte, rest)) = input.split_first() else {
            break dialogue.lost(Reason::Connection, "the connection was ended");
        };
        input = rest;
        step = if *byte == 0 { dialogue.silent() } else { dialogue.hear(*byte) };
    };
    check_said(&said, BLOCKS_MAX + pager.len() * COUNTERPART_CHARS_MAX / 250);
    check_report(&report, &said);
}

/// Everything that is said is a command to the modem, a word of the protocol or a sound block.
fn check_said(said: &[Vec<u8>], blocks_max: usize) {
    let tries = usize::try_from(HELLOS_MAX + LOGINS_MAX).unwrap_or_default() + MODEM.len() + 1;
    let blocks = blocks_max * usize::try_from(RESENDS_MAX + 1).unwrap_or_default();
    assert!(said.len() <= tries + blocks * PAGER_PARTS_MAX, "a dialogue ends: {}", said.len());
    for words in said {
        assert!(words.ends_with(b"\r") && words.is_ascii(), "{words:?}");
        let (body, _) = words.split_at(words.len() - 1);
        if body.first() == Some(&STX) {
            check_block(body);
        } else if body != [GOODBYE[0]] {
            let text = body.strip_prefix(b"\x1bPG1").unwrap_or(body);
            assert!(text.iter().all(|byte| (b' '..=b'~').contains(byte)), "{words:?}");
        }
    }
}

fn check_block(block: &[u8]) {
    assert!(block.len() < 256, "a block has 256 characters: {}", block.len());
    let (summed, sum) = block.split_at(block.len() - 3);
    let total: u32 = summed.iter().map(|byte| u32::from(*byte)).sum();
    let expected = [8, 4, 0].map(|shift| 0x30 + (total >> shift) % 16);
    assert!(sum.iter().zip(expected).all(|(said, digit)| u32::from(*said) == digit), "{block:?}");
    let (info, end) = summed[1..].split_at(summed.len() - 2);
    assert!(matches!(end, [0x03 | 0x17 | 0x1f]), "{block:?}");
    assert!(info.iter().all(|byte| *byte == b'\r' || (b' '..=b'~').contains(byte)), "{block:?}");
}

fn check_report(report: &Report, said: &[Vec<u8>]) {
    is_one_line(&report.detail, "what a terminal said");
    is_within(&report.detail, DETAIL_CHARS_MAX, "what a terminal said");
    let is_sent = said.iter().any(|words| words.first() == Some(&STX));
    match report.outcome {
        Outcome::Accepted | Outcome::Unknown(_) => assert!(is_sent, "nothing was sent: {report:?}"),
        Outcome::Refused(_) | Outcome::Failed { .. } => {}
    }
}

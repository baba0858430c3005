//! What becomes of a program that was given a page.
//!
//! Input: a line with how it ended (`code N`, `signal N`, `late`, `missing`), one with what it said on its standard
//! error, then its standard output.

use std::io::{Error, ErrorKind};
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use adapters::channel::data::Telling;
use adapters::channel::exec::{Ended, classify, conclude};
use adapters::text::Text;
use events::Timestamp;
use events::event::outcome::{Outcome, Reason};
use serde_json::json;

use super::claim::{is_one_line, is_within};
use super::shape;

/// The most that is kept of what a program said.
const DETAIL_CHARS_MAX: usize = 500;
/// The longest handle that is taken.
const RECEIPT_CHARS_MAX: usize = 128;
/// The longest that a program may make us wait, in seconds.
const RETRY_AFTER_SECONDS_MAX: u64 = 86_400;

/// What a program's end means.
pub fn outcome(mut input: &[u8]) {
    let head = shape::lossy(shape::line(&mut input)).into_owned();
    let errors = shape::text(&mut input).into_bytes();
    let ended = ended(&head, &errors, input);
    let report = classify(&ended);
    assert_eq!(report, classify(&ended));
    is_one_line(&report.detail, "what a program said");
    is_within(&report.detail, DETAIL_CHARS_MAX, "what a program said");
    if let Outcome::Failed { retry_after: Some(wait), .. } = report.outcome {
        assert!(wait.as_seconds() <= RETRY_AFTER_SECONDS_MAX, "nobody waits for ever");
    }
    match &ended {
        Ended::NotStarted(_) => {
            assert_ne!(report.outcome, Outcome::Accepted, "what never ran has paged nobody");
        }
        Ended::TimedOut { .. } => assert_eq!(report.outcome, Outcome::Unknown(Reason::Timeout)),
        Ended::ByItself { status, output, .. } => {
            let is_verdict = String::from_utf8_lossy(output).contains("outcome");
            assert!(status.success() || is_verdict || report.outcome != Outcome::Accepted, "{head}");
            assert!(!status.success() || is_verdict || report.outcome == Outcome::Accepted, "{head}");
        }
    }

    let text = Text { title: "title".to_owned(), body: "body".to_owned(), ..Text::default() };
    let now = Timestamp::from_micros(1);
    for (kind, text) in [("page", Some(text)), ("recall", None)] {
        let telling = Telling { told: json!({ "type": kind }), id: "id".to_owned(), text };
        let report = conclude(&telling, &ended, now);
        assert!(kind == "page" || report.receipt.is_none(), "a recall is not recalled");
        if let Some(receipt) = &report.receipt {
            assert_eq!(report.outcome, Outcome::Accepted, "only what was taken can be recalled");
            is_one_line(&receipt.id, "a receipt");
            is_within(&receipt.id, RECEIPT_CHARS_MAX, "a receipt");
            assert!(!receipt.id.is_empty() && receipt.rings_until.is_some_and(|until| until > now));
        }
        let may_have_come = matches!(report.outcome, Outcome::Accepted | Outcome::Unknown(_));
        assert_eq!(!report.text.is_empty(), kind == "page" && may_have_come, "the record says what was said");
    }
}

fn ended(head: &str, errors: &[u8], output: &[u8]) -> Ended {
    let (word, number) = head.split_once(' ').unwrap_or((head, ""));
    let number: u8 = number.trim().parse().unwrap_or(0);
    // As wait(2) packs them.
    let status = match word {
        "late" => return Ended::TimedOut { errors: errors.to_vec() },
        "missing" => {
            let kinds = [ErrorKind::NotFound, ErrorKind::PermissionDenied, ErrorKind::OutOfMemory];
            let kind = kinds[usize::from(number) % kinds.len()];
            return Ended::NotStarted(Error::new(kind, String::from_utf8_lossy(errors).into_owned()));
        }
        "signal" => i32::from(number & 0x7f).max(1),
        _ => i32::from(number) << 8,
    };
    let (output, errors) = (output.to_vec(), errors.to_vec());
    Ended::ByItself { status: ExitStatus::from_raw(status), output, errors }
}

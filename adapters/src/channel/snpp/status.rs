//! What became of a two-way page: asked with `MSTA`, by the tag and the pass code that it was given. Without any
//! socket. Source: RFC 1861, sections 4.6.9 and 4.6.10.
//!
//! ```text
//! Greeting ──220──► [Login] ──250──► Status ──888──► Answered
//!                   LOGI id          MSTA 32199 4391
//! ```
//!
//! Some gateways know the question only in a two-way transaction: when they say no, `2WAY` is said, and it is asked
//! once more.

use std::fmt;

use domain::port::{Answer, News};
use events::Timestamp;
use events::event::outcome::DeliveryStatus;

use super::dialogue::{Choice, REPLY_LINES_MAX};
use super::reply::{Reply, command};
use crate::line::Line;
use crate::reply::{self, Word};

/// The longest tag and pass code that are taken. Ours: gateways use a few digits.
const TAG_CHARS_MAX: usize = 64;
/// Of an answer in words no more is kept.
const ANSWER_CHARS_MAX: usize = 200;

/// The handle of a two-way page: `32199 4391`, its tag and its pass code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageTag {
    tag: Line,
    pass: Line,
}

impl MessageTag {
    /// The handle in a reply to `SEND`: `960 32199 4391 OK, Message QUEUED for Delivery`.
    pub(super) fn read(reply: &Reply) -> Option<Self> {
        let rest = reply.words.get(3..).filter(|_| matches!(reply.code, 800..=999))?;
        Self::parse_words(rest.split_ascii_whitespace())
    }

    /// The handle as a receipt has it.
    pub fn parse(receipt: &str) -> Option<Self> {
        let words = receipt.split_ascii_whitespace();
        (words.clone().count() == 2).then(|| Self::parse_words(words)).flatten()
    }

    fn parse_words<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut word = || {
            let word = words.next()?;
            let is_handle = (1..=TAG_CHARS_MAX).contains(&word.len())
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
            is_handle.then(|| Line::new(word))
        };
        Some(Self { tag: word()?, pass: word()? })
    }
}

impl fmt::Display for MessageTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.tag, self.pass)
    }
}

/// What became of a two-way page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// How far it is.
    pub stage: Stage,
    /// Since when, as the gateway says; none when it does not say it with its zone.
    pub at: Option<Timestamp>,
    /// What the gateway said, in one line.
    pub words: String,
}

/// How far a two-way page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It waits at the gateway.
    Queued,
    /// It is on the pager.
    Delivered,
    /// The person has read it.
    Read,
    /// The person has answered, in these words where they are none that were offered.
    Answered(Answer, String),
    /// It did not reach the pager in time, and will not.
    Expired,
    /// The gateway does not know it, or not any more.
    Forgotten,
}

impl Status {
    /// What follows from it.
    pub fn news(self) -> News {
        let far = |status| News { status: Some(status), ..News::default() };
        match self.stage {
            Stage::Queued => far(DeliveryStatus::Queued),
            Stage::Delivered => far(DeliveryStatus::Delivered),
            Stage::Read => far(DeliveryStatus::Read),
            Stage::Answered(answer, detail) => News { answer: Some(answer), detail, ..News::default() },
            Stage::Expired => News { detail: self.words, expired: true, ..far(DeliveryStatus::Undelivered) },
            Stage::Forgotten => News { expired: true, ..News::default() },
        }
    }
}

/// What to do after a line was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The reply goes on: hear the next line.
    Listen,
    /// Say this.
    Say(Line),
    /// This is what became of it; none when the gateway did not tell.
    End(Option<Status>),
}

/// How far the question is: which reply is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Greeting,
    Login,
    Status,
    TwoWay,
    StatusAgain,
}

/// A question about one page. Prints nothing, because a login may stand in it.
#[derive(Clone)]
pub struct Question {
    login: Option<Line>,
    tag: MessageTag,
    turn: Turn,
    lines_count: u32,
}

impl Question {
    /// A question about the page with this handle.
    pub const fn new(login: Option<Line>, tag: MessageTag) -> Self {
        Self { login, tag, turn: Turn::Greeting, lines_count: 0 }
    }

    /// Hears one line of the gateway, without its line end.
    pub fn hear(&mut self, line: &[u8]) -> Step {
        let Some(reply) = Reply::read(line) else { return Step::End(None) };
        if !reply.last {
            self.lines_count += 1;
            return if self.lines_count < REPLY_LINES_MAX { Step::Listen } else { Step::End(None) };
        }
        self.lines_count = 0;
        match (self.turn, reply.code) {
            (Turn::Greeting, 200..=299) => match self.login.clone() {
                Some(login) => self.say(Turn::Login, command("LOGI", &login)),
                None => self.ask(Turn::Status),
            },
            (Turn::Login, 200..=299 | 500) => self.ask(Turn::Status),
            (Turn::Status, 500..=599) => self.say(Turn::TwoWay, Line::new("2WAY")),
            (Turn::TwoWay, 200..=299) => self.ask(Turn::StatusAgain),
            (Turn::Status | Turn::StatusAgain, _) => Step::End(status(&reply)),
            (Turn::Greeting | Turn::Login | Turn::TwoWay, _) => Step::End(None),
        }
    }

    fn ask(&mut self, turn: Turn) -> Step {
        self.say(turn, Line::new(&format!("MSTA {}", self.tag)))
    }

    const fn say(&mut self, turn: Turn, line: Line) -> Step {
        self.turn = turn;
        Step::Say(line)
    }
}

/// What a reply to `MSTA` says: the code, then a sequence number, a moment, and words.
fn status(reply: &Reply) -> Option<Status> {
    let said = Line::new(reply.words.get(3..).unwrap_or_default());
    let mut words = said.as_str().split(' ').skip(1).peekable();
    let moment = words.next().unwrap_or_default();
    let zone = words.next_if(|word| is_zone(word)).unwrap_or_default();
    let rest = words.collect::<Vec<&str>>().join(" ");
    let stage = match reply.code {
        960 => Stage::Queued,
        860 | 861 | 880 => Stage::Delivered,
        870 | 881 => Stage::Read,
        888 => choice(&rest),
        889 => answer(&rest),
        780 => Stage::Expired,
        550 => Stage::Forgotten,
        _ => return None,
    };
    Some(Status {
        stage,
        at: moment_of(&format!("{moment}{zone}")),
        words: Line::new(&reply.words).to_string(),
    })
}

/// The answer that has this code, with or without its zero; of another code all that was said.
fn choice(words: &str) -> Stage {
    let number = |text: &str| text.trim_start_matches('0').to_owned();
    let code = number(words.split(' ').next().unwrap_or_default());
    if code == number(Choice::TAKE) {
        Stage::Answered(Answer::Take, String::new())
    } else if code == number(Choice::ESCALATE) {
        Stage::Answered(Answer::Escalate, String::new())
    } else {
        answer(words)
    }
}

/// An answer in words. They are understood as those of a text message are: only where each of them is known.
fn answer(words: &str) -> Stage {
    let said = Line::new(words).cut(ANSWER_CHARS_MAX).to_string();
    match reply::word(&said) {
        Some(Word::Take) => Stage::Answered(Answer::Take, said),
        Some(Word::Escalate) => Stage::Answered(Answer::Escalate, said),
        Some(Word::Done | Word::Extend { .. }) | None => Stage::Answered(Answer::Words, said),
    }
}

fn is_zone(word: &str) -> bool {
    word.strip_prefix(['+', '-']).is_some_and(|hours| {
        (1..=4).contains(&hours.len()) && hours.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// `261122031000+0100`, or with the hours only, `+1`. Source: RFC 1861, section 4.5.6.
fn moment_of(text: &str) -> Option<Timestamp> {
    let (digits, zone) = text.split_at_checked(12)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !is_zone(zone) {
        return None;
    }
    let two = |at: usize| &digits[at..at + 2];
    let (sign, hours) = zone.split_at(1);
    let (hours, minutes) = if hours.len() > 2 { hours.split_at(hours.len() - 2) } else { (hours, "00") };
    Timestamp::parse_rfc3339(&format!(
        "20{}-{}-{}T{}:{}:{}{sign}{hours:0>2}:{minutes}",
        two(0),
        two(2),
        two(4),
        two(6),
        two(8),
        two(10)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was said, and what was learnt; the dialogue must come to an end.
    fn heard(login: Option<&str>, replies: &[&str]) -> (Vec<String>, Option<Status>) {
        let tag = MessageTag::parse("32199 4391").expect("a handle");
        let mut question = Question::new(login.map(Line::new), tag);
        let mut said = Vec::new();
        for reply in replies {
            match question.hear(reply.as_bytes()) {
                Step::Listen => {}
                Step::Say(line) => said.push(line.to_string()),
                Step::End(status) => return (said, status),
            }
        }
        panic!("no end after {said:?}");
    }

    fn stage(reply: &str) -> Option<Stage> {
        heard(None, &["220 ready", reply]).1.map(|status| status.stage)
    }

    fn answered(answer: Answer, words: &str) -> Stage {
        Stage::Answered(answer, words.to_owned())
    }

    #[test]
    fn every_status_is_what_the_rfc_says() {
        for (reply, expected) in [
            ("960 1 261122031000+0100 Message Queued; Awaiting Delivery", Some(Stage::Queued)),
            ("860 2 261122031000+0100 Delivered, Awaiting Read Confirmation", Some(Stage::Delivered)),
            ("861 2 261122031000+0100 Delivered, Awaiting Reply (MCR)", Some(Stage::Delivered)),
            ("870 3 261122031000+0100 Delivered, Read, Awaiting Reply (MCR)", Some(Stage::Read)),
            ("880 3 261122031000+0100 Message Delivered (No Reply Pending)", Some(Stage::Delivered)),
            ("881 3 261122031000 Message Delivered and Read by Recipient", Some(Stage::Read)),
            ("888 4 261122031000+1 01 MCR Reply Received", Some(answered(Answer::Take, ""))),
            ("888 4 261122031000 +1 1 MCR Reply Received", Some(answered(Answer::Take, ""))),
            ("888 4 261122031000+1 02 MCR Reply Received", Some(answered(Answer::Escalate, ""))),
            ("888 4 261122031000+1 03 MCR", Some(answered(Answer::Words, "03 MCR"))),
            ("888 4 261122031000+1 010 MCR", Some(answered(Answer::Words, "010 MCR"))),
            ("889 4 261122031000+1 ok, bitte", Some(answered(Answer::Take, "ok, bitte"))),
            ("889 4 261122031000+1 OK on my way", Some(answered(Answer::Words, "OK on my way"))),
            ("889 4 261122031000+1 not ok", Some(answered(Answer::Words, "not ok"))),
            ("889 4 261122031000+1 Ci penso io", Some(answered(Answer::Take, "Ci penso io"))),
            ("889 4 261122031000+1 esc", Some(answered(Answer::Escalate, "esc"))),
            ("889 4 261122031000+1 done", Some(answered(Answer::Words, "done"))),
            ("780 5 261122031000+1 MESSAGE EXPIRED Before Delivery!", Some(Stage::Expired)),
            ("421 Gateway Service Unavailable", None),
            ("250 what?", None),
            ("888", Some(answered(Answer::Words, ""))),
        ] {
            assert_eq!(stage(reply), expected, "{reply}");
        }
    }

    #[test]
    fn a_gateway_that_wants_two_way_first_is_asked_again() {
        let (said, status) =
            heard(Some("house s3cret"), &["220", "250", "550 2WAY only", "250 ok", "881 1 x read"]);
        assert_eq!(said, ["LOGI house s3cret", "MSTA 32199 4391", "2WAY", "MSTA 32199 4391"]);
        assert_eq!(status.map(|status| status.stage), Some(Stage::Read));
        let (_, status) =
            heard(None, &["220", "550 unknown tag", "250 ok", "550 Unknown or Illegal Message_Tag"]);
        assert_eq!(status.map(|status| status.stage), Some(Stage::Forgotten));
        // hfaxd knows neither.
        assert_eq!(heard(None, &["220", "500 no", "500 no"]).1, None);
        assert_eq!(heard(Some("x"), &["220", "550 wrong password"]).1, None);
        assert_eq!(heard(None, &["SSH-2.0"]).1, None);
        assert_eq!(heard(None, &vec!["220-more"; 500]).1, None);
    }

    #[test]
    fn what_follows_from_a_status_is_what_it_says() {
        let news = |reply: &str| heard(None, &["220 ready", reply]).1.expect("a status").news();
        assert_eq!(news("870 3 x Read").status, Some(DeliveryStatus::Read));
        assert_eq!(news("960 3 x Queued"), News { status: Some(DeliveryStatus::Queued), ..News::default() });
        let taken = news("888 3 x 01 Reply");
        assert_eq!((taken.answer, taken.expired, taken.status), (Some(Answer::Take), false, None));
        let late = news("780 5 x MESSAGE EXPIRED\u{1b}[2J Before Delivery!");
        assert_eq!((late.status, late.expired), (Some(DeliveryStatus::Undelivered), true));
        assert_eq!(late.detail, "780 5 x MESSAGE EXPIRED [2J Before Delivery!");
        let (_, gone) = heard(None, &["220", "550 unknown", "250", "550 unknown"]);
        assert_eq!(gone.map(Status::news), Some(News { expired: true, ..News::default() }));
        let long = news(&format!("889 4 x {}", "ü".repeat(900)));
        assert!(long.detail.chars().count() <= ANSWER_CHARS_MAX && long.answer == Some(Answer::Words));
    }

    #[test]
    fn moments_are_read_where_their_zone_is_said() {
        for (text, expected) in [
            ("261122031000+0100", Some("2026-11-22T02:10:00Z")),
            ("261122031000+1", Some("2026-11-22T02:10:00Z")),
            ("261122031000-0600", Some("2026-11-22T09:10:00Z")),
            ("261122031000-6", Some("2026-11-22T09:10:00Z")),
            ("261122031000", None),
            ("269922031000+1", None),
            ("today", None),
            ("äöüäöüäöüäöü+1", None),
        ] {
            let expected = expected.map(|text| Timestamp::parse_rfc3339(text).expect("a moment"));
            assert_eq!(moment_of(text), expected, "{text}");
        }
    }

    #[test]
    fn only_two_plain_words_are_a_handle() {
        assert!(MessageTag::parse("32199 4391").is_some());
        for receipt in ["", "1", "1 2 3", "1 2\r\nQUIT", "\" '", "1 \u{0}", ". .\r\n."] {
            let parsed = MessageTag::parse(receipt).map(|tag| tag.to_string());
            assert!(parsed.as_deref().is_none_or(|tag| tag == ". ."), "{receipt:?}: {parsed:?}");
        }
        assert_eq!(MessageTag::parse(&format!("1 {}", "2".repeat(65))), None);
    }
}

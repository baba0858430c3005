//! What is said to an SNPP gateway, line by line, and what its replies mean. Without any socket.
//!
//! ```text
//! Greeting ──220──► [Login] ──250──► Pager ──250──► Message ──250──► Send ──250──► Accepted
//!                   LOGI id          PAGE 7311      MESS K7M2Q …     SEND
//! ```
//!
//! Before `PAGE` may come what is asked for beyond level 1: `2WAY`, `SITE JQUEUE YES`, `LEVE 0`, `ALER 1`; the text may go as `DATA`;
//! before `SEND` come `ACKR`, `RTYP` and `MCRE` in a two-way transaction. A gateway that does not know one of these is
//! paged without it, and not asked for it again. A pager that takes no two-way page is paged as any other, after `RESE`.
//! A text in parts is one transaction after the other.
//!
//! Until `SEND` is said nothing is sent: whatever breaks before has certainly failed. From then on only a reply
//! tells; and once one part is there and another is not, nobody knows. Replies, from RFC 1861, section 4.2: 2xx done,
//! 354 go on, 4xx the connection ends, 5xx failed, 7xx a two-way page failed, 8xx and 9xx a two-way page was delivered
//! or queued.

use std::collections::{BTreeSet, VecDeque};

use domain::port::Report;
use events::event::alert::Receipt;
use events::event::outcome::{Outcome, Reason};

use super::reply::{Reply, command};
use super::status::MessageTag;
use crate::channel::said;
use crate::line::Line;

/// The most lines of one reply.
pub const REPLY_LINES_MAX: u32 = 100;
/// The longest line that is said, without its end. RFC 1861 names no limit; RFC 821, whose form it takes over, has 512
/// bytes with the end for a command. A longer text goes as `DATA`, in lines.
pub const SAID_CHARS_MAX: usize = 510;

/// The longest answer that a two-way pager offers. The RFC names no limit; the buttons of pagers have little room.
const CHOICE_CHARS_MAX: usize = 15;

/// An answer that a two-way pager offers. Source: RFC 1861, section 4.6.7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// By which it is known when it comes back.
    pub code: &'static str,
    /// What the pager shows.
    pub words: Line,
}

impl Choice {
    /// The code of whoever has it.
    pub const TAKE: &str = "01";
    /// The code of whoever wants others to be paged.
    pub const ESCALATE: &str = "02";

    /// An answer in these words, as far as a pager can show them.
    pub fn new(code: &'static str, words: &str) -> Self {
        Self { code, words: Line::new(words).ascii().cut(CHOICE_CHARS_MAX) }
    }
}

/// What a page asks of a gateway beyond level 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// The service level, 0 to 11. Source: RFC 1861, section 4.5.3.
    pub level: Option<u8>,
    /// That the pager beeps whatever its usual setting. Source: RFC 1861, section 4.5.4.
    pub alert: bool,
    /// That the gateway answers once it has queued the page, and not when its modem is through. Source: `HylaFAX`, hfaxd(8).
    pub queue: bool,
    /// What the person can answer; nothing where the page goes one way. Source: RFC 1861, section 4.6.
    pub choices: Vec<Choice>,
}

/// What is said, and what its reply is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verb {
    Greeting,
    Login,
    TwoWay,
    Queue,
    Level,
    Alert,
    Reset,
    Pager,
    Data,
    Text,
    Message,
    ReadAck,
    ReplyType,
    Choice,
    Send,
}

impl Verb {
    /// A page is sent without it where it is not known.
    const fn is_extra(self) -> bool {
        matches!(
            self,
            Self::TwoWay
                | Self::Queue
                | Self::Level
                | Self::Alert
                | Self::ReadAck
                | Self::ReplyType
                | Self::Choice
                | Self::Data
        )
    }

    /// It has a meaning only in a two-way transaction.
    const fn is_two_way(self) -> bool {
        matches!(self, Self::TwoWay | Self::ReadAck | Self::ReplyType | Self::Choice)
    }
}

/// What to do after a line was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The reply goes on: hear the next line.
    Listen,
    /// Say this.
    Say(Line),
    /// Say these lines, one after the other; the last is a single dot.
    SayAll(Vec<Line>),
    /// It is known what became of the page; nothing is left to say but goodbye.
    End(Report),
}

/// One page on its way through a gateway. Prints nothing, because a login may stand in it.
#[derive(Clone)]
pub struct Dialogue {
    pager: Line,
    extras: Extras,
    /// What is still to be said of the present message, in order.
    ahead: VecDeque<(Verb, Line)>,
    /// The messages that come after the present one.
    messages: VecDeque<Line>,
    /// The present message.
    message: Line,
    /// What was said last.
    verb: Verb,
    lines_count: u32,
    /// What the gateway does not know.
    unknown: BTreeSet<Verb>,
    /// A two-way transaction has begun.
    is_two_way: bool,
    /// Messages that the gateway has taken.
    taken: usize,
}

impl Dialogue {
    /// A dialogue that sends messages to a pager, at least one. The login is `id` or `id password`.
    pub fn new(login: Option<Line>, pager: Line, messages: Vec<Line>, extras: Extras) -> Self {
        let mut messages = VecDeque::from(messages);
        let message = messages.pop_front().unwrap_or_default();
        let mut dialogue = Self {
            pager,
            extras,
            ahead: VecDeque::new(),
            messages,
            message,
            verb: Verb::Greeting,
            lines_count: 0,
            unknown: BTreeSet::new(),
            is_two_way: false,
            taken: 0,
        };
        dialogue.plan();
        if let Some(login) = login {
            dialogue.ahead.push_front((Verb::Login, command("LOGI", &login)));
        }
        dialogue
    }

    /// Hears one line of the gateway, without its line end, in whatever encoding.
    pub fn hear(&mut self, line: &[u8]) -> Step {
        let Some(reply) = Reply::read(line) else { return Step::End(self.nonsense(line)) };
        if !reply.last {
            self.lines_count += 1;
            return if self.lines_count < REPLY_LINES_MAX {
                Step::Listen
            } else {
                Step::End(self.nonsense(line))
            };
        }
        self.lines_count = 0;
        match reply.code {
            200..=299 | 800..=999 => self.go_on(&reply),
            354 if self.verb == Verb::Data => self.say_text(),
            // A gateway of level 1 that knows no logins.
            500 if self.verb == Verb::Login => self.go_on(&reply),
            500..=529 | 531..=599 | 700..=799 if self.verb.is_extra() => self.go_without(),
            // The pager may still take a page that cannot be answered.
            500..=529 | 531..=553 | 700..=799 if self.is_two_way && self.verb == Verb::Pager => {
                self.go_one_way()
            }
            _ => Step::End(self.refused(&reply)),
        }
    }

    /// What it means that no more is heard, for the reason given.
    pub fn lost(&self, reason: Reason, words: &str) -> Report {
        let outcome = if self.verb == Verb::Send {
            Outcome::Unknown(reason)
        } else {
            self.ended(Outcome::Failed { reason, retry_after: None })
        };
        said(outcome, words)
    }

    /// What is to be said of the present message. Only the last one can be answered: by then the person has read all.
    fn plan(&mut self) {
        let is_asked = |verb: &Verb| {
            let is_wanted = match verb {
                Verb::Queue => self.extras.queue,
                Verb::Level => self.extras.level.is_some(),
                Verb::Alert => self.extras.alert,
                Verb::TwoWay | Verb::ReadAck | Verb::ReplyType | Verb::Choice => {
                    !self.extras.choices.is_empty()
                        && self.messages.is_empty()
                        && !self.unknown.contains(&Verb::TwoWay)
                }
                Verb::Data => command("MESS", &self.message).as_str().len() > SAID_CHARS_MAX,
                _ => true,
            };
            is_wanted && !self.unknown.contains(verb)
        };
        let text = if is_asked(&Verb::Data) {
            (Verb::Data, Line::new("DATA"))
        } else {
            (Verb::Message, command("MESS", &self.message))
        };
        let mut turns = vec![
            (Verb::TwoWay, Line::new("2WAY")),
            (Verb::Queue, Line::new("SITE JQUEUE YES")),
            (Verb::Level, Line::new(&format!("LEVE {}", self.extras.level.unwrap_or_default()))),
            (Verb::Alert, Line::new("ALER 1")),
            (Verb::Pager, command("PAGE", &self.pager)),
            text,
            (Verb::ReadAck, Line::new("ACKR 1")),
            (Verb::ReplyType, Line::new("RTYP MULTICHOICE")),
        ];
        let choice =
            |Choice { code, words }: &Choice| (Verb::Choice, Line::new(&format!("MCRE {code} {words}")));
        turns.extend(self.extras.choices.iter().map(choice));
        turns.push((Verb::Send, Line::new("SEND")));
        self.ahead = turns.into_iter().filter(|(verb, _)| is_asked(verb)).collect();
    }

    fn go_on(&mut self, reply: &Reply) -> Step {
        match self.verb {
            Verb::TwoWay => self.is_two_way = true,
            Verb::Send => {
                self.taken += 1;
                let Some(next) = self.messages.pop_front() else { return Step::End(self.accepted(reply)) };
                self.message = next;
                self.plan();
            }
            _ => {}
        }
        self.say_next()
    }

    fn say_next(&mut self) -> Step {
        let Some((verb, line)) = self.ahead.pop_front() else {
            return Step::End(self.lost(Reason::Nonsense, "there is nothing left to say"));
        };
        self.verb = verb;
        Step::Say(line)
    }

    /// The gateway does not know what was said last, or does not take it now.
    fn go_without(&mut self) -> Step {
        let unknown = self.verb;
        self.unknown.insert(unknown);
        if unknown == Verb::Data {
            self.ahead.push_front((Verb::Message, command("MESS", &self.message)));
        }
        self.ahead.retain(|(verb, _)| *verb != unknown && (unknown != Verb::TwoWay || !verb.is_two_way()));
        self.say_next()
    }

    fn go_one_way(&mut self) -> Step {
        self.is_two_way = false;
        self.unknown.insert(Verb::TwoWay);
        self.plan();
        self.verb = Verb::Reset;
        Step::Say(Line::new("RESE"))
    }

    /// The message in lines, each with a dot more where it begins with one. Source: RFC 1861, section 4.4.1, and RFC 821,
    /// section 4.5.2.
    fn say_text(&mut self) -> Step {
        self.verb = Verb::Text;
        let mut lines = Vec::new();
        let mut rest = self.message.as_str();
        while !rest.is_empty() {
            let room = SAID_CHARS_MAX - 1;
            let at = if rest.len() <= room {
                rest.len()
            } else {
                rest[..=room].rfind(' ').filter(|at| *at > 0).unwrap_or(room)
            };
            let (line, more) = rest.split_at(at);
            let dot = if line.starts_with('.') { "." } else { "" };
            lines.push(Line::new(&format!("{dot}{line}")));
            rest = more.trim_start();
        }
        lines.push(Line::new("."));
        Step::SayAll(lines)
    }

    fn accepted(&self, reply: &Reply) -> Report {
        let tag = MessageTag::read(reply).filter(|_| self.is_two_way);
        let receipt = tag.map(|tag| Receipt::of(tag.to_string()));
        Report { receipt, ..said(Outcome::Accepted, &reply.words) }
    }

    /// A reply that ends the dialogue without success. 554 is a technical failure; a 550 means what was just said:
    /// the login, the pager or the message; after `SEND` it is the gateway's own.
    fn refused(&self, reply: &Reply) -> Report {
        let outcome = match (reply.code, self.verb) {
            (400..=499 | 554, _) | (500..=599, Verb::Greeting) | (550, Verb::Send) => {
                Outcome::Failed { reason: Reason::ProviderFault, retry_after: None }
            }
            (530, _) | (500..=599, Verb::Login) => Outcome::Refused(Reason::Unauthorized),
            (550, Verb::Pager) => Outcome::Refused(Reason::UnknownAddress),
            (500..=599 | 700..=799, _) => Outcome::Refused(Reason::Rejected),
            _ => return self.lost(Reason::Nonsense, &reply.words),
        };
        said(self.ended(outcome), &reply.words)
    }

    /// An outcome, unless some of the parts are there already: then nobody knows what the person has read.
    const fn ended(&self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Refused(reason) | Outcome::Failed { reason, .. } if self.taken > 0 => {
                Outcome::Unknown(reason)
            }
            Outcome::Accepted | Outcome::Refused(_) | Outcome::Failed { .. } | Outcome::Unknown(_) => outcome,
        }
    }

    fn nonsense(&self, line: &[u8]) -> Report {
        self.lost(Reason::Nonsense, &String::from_utf8_lossy(line))
    }
}

#[cfg(test)]
mod tests;

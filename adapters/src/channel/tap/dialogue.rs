//! What is said to a paging terminal, and what its answers mean. Without any socket. Source: TAP 1.8, section 3.
//!
//! ```text
//! [Modem] ──CONNECT──► Hello ──ID=──► Login ──ACK──► Ready ──ESC [ p──► Page ──ACK──► Goodbye ──► Accepted
//!  ATDT…               CR             ESC PG1                           block         EOT
//! ```
//!
//! A page is the terminal's once it has acknowledged the page's last block. Before that block was said, whatever
//! breaks has certainly failed; while its answer is awaited, nobody knows. What was sent in parts and broke in between
//! is unknown as well: it has to come again, as a repeat.

use std::time::Duration;

use domain::port::Report;
use events::Span;
use events::event::outcome::{Outcome, Reason};

use super::block::CR;
use super::ear::{Ear, Heard};
use crate::channel::said;
use crate::line::Line;

/// `t1`: the time between two attempts to be asked `ID=`. Source of this and the next three: TAP 1.8, section 7.
pub const HELLO_INTERVAL: Duration = Duration::from_secs(2);
/// `n1`: so often we ask to be asked.
pub const HELLOS_MAX: u32 = 3;
/// `t3`: a terminal answers a logon or a block within this time. A send may take no longer than that altogether, so a
/// block whose answer does not come is not said again: what became of it is unknown, and the core decides.
pub const REPLY_TIMEOUT: Duration = Duration::from_secs(10);
/// `n2`: a block is said again so often when it was not understood.
pub const RESENDS_MAX: u32 = 3;
/// `n3`: a terminal asks `ID=` again so often.
pub const LOGINS_MAX: u32 = 3;
/// How long we listen, after we have said that this was all, for a late rejection. Ours: the standard names no time.
pub const GOODBYE_TIMEOUT: Duration = Duration::from_secs(2);
/// A terminal says no more than this in one call. Ours: messages are a few lines.
pub const HEARD_BYTES_MAX: usize = 16_384;
/// So many lines of what a terminal said are kept.
const WORDS_MAX: usize = 4;
/// When a line that is still being dialled should be asked for again.
const DIALLING_RETRY: Span = Span::from_seconds(1);

/// Says that there are no more pages: `EOT CR`.
pub const GOODBYE: &[u8] = b"\x04\r";
/// The terminal has a fault of its own.
const FAULT: Outcome = Outcome::Failed { reason: Reason::ProviderFault, retry_after: None };
/// `PG` for paging, `1` for a program that speaks the protocol.
const SERVICE: &str = "\u{1b}PG1";

/// How far the dialogue is: what is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// An answer of the modem to the command of this number.
    Modem(usize),
    Hello,
    Login,
    Ready,
    Page {
        page: usize,
        block: usize,
    },
    Goodbye,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Hear more.
    Listen,
    /// Say this.
    Say(Vec<u8>),
    /// It is known what became of the page.
    End(Report),
}

/// Pages on their way through a paging terminal. Prints nothing, because a password may stand in it.
#[derive(Clone)]
pub struct Dialogue {
    modem: Vec<Line>,
    password: Option<Line>,
    /// The blocks of each page, or part of a page.
    pages: Vec<Vec<Vec<u8>>>,
    stage: Stage,
    ear: Ear,
    /// How often what was said last was said.
    said_count: u32,
    heard_bytes: usize,
    /// Pages that the terminal has taken.
    taken: usize,
    /// The response code of what it said last, and its words.
    code: Option<u16>,
    words: Vec<String>,
}

impl Dialogue {
    /// A dialogue that sends these pages in one call; one without any only logs on and off. The modem's commands come first, the last of them
    /// dials; none when the terminal is at the other end of the connection.
    pub fn new(modem: Vec<Line>, password: Option<Line>, pages: Vec<Vec<Vec<u8>>>) -> Self {
        let stage = if modem.is_empty() { Stage::Hello } else { Stage::Modem(0) };
        Self {
            modem,
            password,
            pages,
            stage,
            ear: Ear::default(),
            said_count: 0,
            heard_bytes: 0,
            taken: 0,
            code: None,
            words: Vec::new(),
        }
    }

    /// What is said first.
    pub fn begin(&mut self) -> Step {
        match self.stage {
            Stage::Modem(command) => self.say_to_modem(command),
            _ => self.say_hello(),
        }
    }

    /// Goes on where an earlier call was still being dialled.
    pub fn rejoin(&mut self) -> Step {
        self.stage = Stage::Modem(self.modem.len().saturating_sub(1));
        Step::Listen
    }

    /// Says whether the modem has dialled and not answered.
    pub fn is_dialling(&self) -> bool {
        matches!(self.stage, Stage::Modem(command) if command + 1 == self.modem.len())
    }

    /// How long an answer may take.
    pub const fn patience(&self) -> Duration {
        match self.stage {
            Stage::Hello => HELLO_INTERVAL,
            Stage::Goodbye => GOODBYE_TIMEOUT,
            Stage::Modem(_) | Stage::Login | Stage::Ready | Stage::Page { .. } => REPLY_TIMEOUT,
        }
    }

    /// Hears one byte.
    pub fn hear(&mut self, byte: u8) -> Step {
        self.heard_bytes += 1;
        if self.heard_bytes > HEARD_BYTES_MAX {
            return Step::End(self.lost(Reason::Nonsense, "the terminal talks without an end"));
        }
        let Some(heard) = self.ear.hear(byte) else { return Step::Listen };
        if let Heard::Line(line) = &heard {
            self.note(line);
        }
        match self.stage {
            Stage::Modem(command) => self.hear_modem(command, &heard),
            Stage::Hello if heard == Heard::Id => self.say_login(),
            Stage::Login => self.hear_login(&heard),
            Stage::Hello | Stage::Ready => self.hear_before_pages(&heard),
            Stage::Page { page, block } => self.hear_answer(page, block, &heard),
            Stage::Goodbye => self.hear_goodbye(&heard),
        }
    }

    /// The answer did not come in time.
    pub fn silent(&mut self) -> Step {
        match self.stage {
            Stage::Hello if self.said_count < HELLOS_MAX => self.say_hello(),
            Stage::Goodbye => Step::End(self.accepted()),
            Stage::Hello => Step::End(self.lost(Reason::Timeout, "the terminal did not ask who is there")),
            _ => Step::End(self.lost(Reason::Timeout, "no answer in time")),
        }
    }

    /// What it means that no more is heard, for the reason given.
    pub fn lost(&self, reason: Reason, words: &str) -> Report {
        let may_be_there = match self.stage {
            Stage::Goodbye => return self.accepted(),
            Stage::Page { page, block } => self.is_last(page, block),
            Stage::Modem(_) | Stage::Hello | Stage::Login | Stage::Ready => false,
        };
        if may_be_there {
            return said(Outcome::Unknown(reason), words);
        }
        let retry_after = self.is_dialling().then_some(DIALLING_RETRY).filter(|_| reason == Reason::Timeout);
        self.ended(Outcome::Failed { reason, retry_after }, words)
    }

    fn hear_modem(&mut self, command: usize, heard: &Heard) -> Step {
        let dialled = command + 1 == self.modem.len();
        match heard {
            // The terminal is already there: the modem was connected before we came.
            Heard::Id => self.say_login(),
            Heard::Line(line) if dialled && line.starts_with("CONNECT") => self.say_hello(),
            Heard::Line(line) if !dialled && line == "OK" => self.say_to_modem(command + 1),
            Heard::Line(line) if is_no_call(line) => {
                Step::End(self.ended(Outcome::Failed { reason: Reason::Connection, retry_after: None }, line))
            }
            _ => Step::Listen,
        }
    }

    fn hear_login(&mut self, heard: &Heard) -> Step {
        match heard {
            Heard::Ack => {
                self.stage = Stage::Ready;
                Step::Listen
            }
            Heard::GoAhead => self.say_first(),
            Heard::Nak | Heard::Id if self.said_count < LOGINS_MAX => self.say_login(),
            Heard::Nak | Heard::Id | Heard::Rs => {
                Step::End(self.refused(Outcome::Refused(Reason::Unauthorized)))
            }
            Heard::Disconnect | Heard::Line(_) => self.hear_before_pages(heard),
        }
    }

    fn hear_before_pages(&mut self, heard: &Heard) -> Step {
        match heard {
            Heard::GoAhead if self.stage == Stage::Ready => self.say_first(),
            Heard::Disconnect => Step::End(self.refused(FAULT)),
            Heard::Id | Heard::Ack | Heard::Nak | Heard::Rs | Heard::GoAhead | Heard::Line(_) => Step::Listen,
        }
    }

    fn hear_answer(&mut self, page: usize, block: usize, heard: &Heard) -> Step {
        match heard {
            Heard::Ack if !self.is_last(page, block) => self.say_block(page, block + 1),
            Heard::Ack => {
                self.taken += 1;
                if page + 1 < self.pages.len() { self.say_block(page + 1, 0) } else { self.say_goodbye() }
            }
            Heard::Nak if self.said_count <= RESENDS_MAX => self.say_block(page, block),
            Heard::Rs => Step::End(self.refused(Outcome::Refused(Reason::Rejected))),
            Heard::Disconnect if self.is_taken_by_code() && self.is_last(page, block) => {
                self.taken += 1;
                let is_all = self.taken == self.pages.len();
                Step::End(if is_all { self.accepted() } else { self.refused(FAULT) })
            }
            Heard::Disconnect if !self.is_refused_by_code() && self.is_last(page, block) => {
                Step::End(said(Outcome::Unknown(Reason::ProviderFault), &self.words("the terminal hung up")))
            }
            Heard::Nak | Heard::Disconnect => Step::End(self.refused(FAULT)),
            Heard::Id | Heard::GoAhead | Heard::Line(_) => Step::Listen,
        }
    }

    /// A terminal may find out only now that it does not know the pager. Source: TAP 1.8, section 3, step 10b.
    fn hear_goodbye(&mut self, heard: &Heard) -> Step {
        match heard {
            Heard::Rs if self.pages.len() == 1 => {
                self.taken = 0;
                Step::End(self.refused(Outcome::Refused(Reason::Rejected)))
            }
            Heard::Rs => Step::End(self.refused(Outcome::Refused(Reason::Rejected))),
            Heard::Disconnect => Step::End(self.accepted()),
            Heard::Id | Heard::Ack | Heard::Nak | Heard::GoAhead | Heard::Line(_) => Step::Listen,
        }
    }

    fn say_to_modem(&mut self, command: usize) -> Step {
        let Some(line) = self.modem.get(command).map(|line| format!("{line}\r")) else {
            return self.say_hello();
        };
        self.go(Stage::Modem(command));
        Step::Say(line.into_bytes())
    }

    fn say_hello(&mut self) -> Step {
        self.go(Stage::Hello);
        Step::Say(vec![CR])
    }

    fn say_login(&mut self) -> Step {
        self.go(Stage::Login);
        let password = self.password.as_ref().map_or("", Line::as_str);
        Step::Say(format!("{SERVICE}{password}\r").into_bytes())
    }

    /// The first block, or that there is none.
    fn say_first(&mut self) -> Step {
        if self.pages.is_empty() { self.say_goodbye() } else { self.say_block(0, 0) }
    }

    fn say_block(&mut self, page: usize, block: usize) -> Step {
        self.go(Stage::Page { page, block });
        let bytes = self.pages.get(page).and_then(|blocks| blocks.get(block)).cloned();
        bytes.map_or_else(|| Step::End(self.lost(Reason::Nonsense, "there is nothing to say")), Step::Say)
    }

    fn say_goodbye(&mut self) -> Step {
        // What it said to the page stays its answer.
        self.stage = Stage::Goodbye;
        Step::Say(GOODBYE.to_vec())
    }

    /// What is said now is awaited in this stage; what was heard before answers something else.
    fn go(&mut self, stage: Stage) {
        self.said_count = if self.stage == stage { self.said_count + 1 } else { 1 };
        self.stage = stage;
        self.code = None;
        self.words.clear();
    }

    /// A line of a message sequence; the first of each message begins with its response code.
    fn note(&mut self, line: &str) {
        let code = line.get(..3).filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()));
        let ends = line.get(3..).is_none_or(|rest| rest.is_empty() || rest.starts_with(' '));
        if let Some(code) = code.filter(|_| ends).and_then(|code| code.parse().ok()) {
            self.code = Some(code);
        }
        if self.words.len() < WORDS_MAX {
            self.words.push(line.to_owned());
        }
    }

    fn words(&self, otherwise: &str) -> String {
        if self.words.is_empty() { otherwise.to_owned() } else { self.words.join(" / ") }
    }

    fn is_last(&self, page: usize, block: usize) -> bool {
        self.pages.get(page).is_none_or(|blocks| block + 1 >= blocks.len())
    }

    /// 2yz: an operation was performed. Source: TAP 1.8, appendix A.
    fn is_taken_by_code(&self) -> bool {
        self.code.is_some_and(|code| code / 100 == 2)
    }

    /// 5yz: it was not; and the two that say that there is no more room in this call.
    fn is_refused_by_code(&self) -> bool {
        self.code.is_some_and(|code| code / 100 == 5 || matches!(code, 112 | 113))
    }

    fn accepted(&self) -> Report {
        said(Outcome::Accepted, &self.words("taken"))
    }

    /// The terminal said no: for the reason that its code gives, or for what it means without one.
    fn refused(&self, without_code: Outcome) -> Report {
        let failed = |reason| Outcome::Failed { reason, retry_after: None };
        // Source: TAP 1.8, appendix A.
        let outcome = match self.code {
            Some(509) => Outcome::Refused(Reason::Unauthorized),
            Some(510 | 511) => Outcome::Refused(Reason::UnknownAddress),
            Some(504 | 505 | 507 | 508 | 513 | 515 | 517) => Outcome::Refused(Reason::Rejected),
            Some(112 | 113 | 516) => failed(Reason::Throttled),
            Some(501 | 502 | 503 | 506 | 512 | 514) => failed(Reason::ProviderFault),
            _ => without_code,
        };
        self.ended(outcome, &self.words("no"))
    }

    /// An outcome, unless some of the parts are there already: then nobody knows what the person has read.
    fn ended(&self, outcome: Outcome, words: &str) -> Report {
        let outcome = match outcome {
            Outcome::Refused(reason) | Outcome::Failed { reason, .. } if self.taken > 0 => {
                Outcome::Unknown(reason)
            }
            Outcome::Accepted | Outcome::Refused(_) | Outcome::Failed { .. } | Outcome::Unknown(_) => outcome,
        };
        said(outcome, words)
    }
}

/// What a modem says when there will be no call. Source: ITU-T V.250, table 1.
fn is_no_call(line: &str) -> bool {
    ["BUSY", "NO CARRIER", "NO DIALTONE", "NO DIAL TONE", "NO ANSWER", "ERROR"]
        .iter()
        .any(|word| line.starts_with(word))
}

#[cfg(test)]
mod tests;

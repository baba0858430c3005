//! The dialogue of one call, without the connection: TAP 1.8, section 3, and a modem of the Hayes kind before it.

use super::TapOptions;
use super::block::{self, BLOCK_CHARS_MAX, Block};

/// A block may be broken so often: n2 of the standard.
const RESENDS_MAX: u32 = 3;
/// A line before the logon has no more characters.
const LINE_CHARS_MAX: usize = 1_000;

const ACK: &str = "\u{6}\r";
const NAK: &str = "\u{15}\r";
const RS: &str = "\u{1e}\r";
const DISCONNECT: &str = "\u{1b}\u{4}\r";
const GO_AHEAD: &str = "\u{1b}[p\r";

/// What a connection does next.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Hears more.
    Listen,
    /// Says this.
    Say(String),
    /// Says this when the modem has connected.
    Connect(String),
    /// Asks whether this page may be taken, then says what [`Session::taken`] or [`Session::refused`] gives.
    Page {
        /// The first field.
        pager: String,
        /// The others.
        message: String,
    },
    /// Says this, and the call is over.
    HangUp(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nobody has called yet: a modem may be spoken to.
    Idle,
    /// `ID=` was said.
    Asked,
    /// Blocks are awaited.
    Open,
}

/// One call.
#[derive(Debug)]
pub struct Session<'a> {
    options: &'a TapOptions,
    stage: Stage,
    heard: Vec<u8>,
    /// What came in earlier blocks of the transaction.
    transaction: Vec<u8>,
    broken: u32,
    /// A modem has dialled.
    pub has_modem: bool,
    /// The password, as it was said.
    pub password: String,
}

impl<'a> Session<'a> {
    pub fn new(options: &'a TapOptions) -> Self {
        Self {
            options,
            stage: Stage::Idle,
            heard: Vec::new(),
            transaction: Vec::new(),
            broken: 0,
            has_modem: false,
            password: String::new(),
        }
    }

    /// Says whether an answer to `ID=` is awaited.
    pub fn is_asking(&self) -> bool {
        self.stage == Stage::Asked
    }

    /// The next call over the same line.
    pub fn hung_up(&mut self) {
        let has_modem = self.has_modem;
        *self = Self { has_modem, ..Self::new(self.options) };
    }

    /// Hears one byte; of its eighth bit nothing counts but, if it is asked for, that the parity is even.
    pub fn hear(&mut self, byte: u8) -> Step {
        let is_broken = self.options.even_parity && byte.count_ones() % 2 == 1;
        // What is not understood breaks the block that it is in.
        let byte = if is_broken { b'?' } else { byte & 0x7f };
        if byte == b'\n' && self.heard.is_empty() {
            return Step::Listen;
        }
        if byte != b'\r' || self.is_in_block() {
            if self.heard.len() < LINE_CHARS_MAX {
                self.heard.push(byte);
            }
            return Step::Listen;
        }
        let line = std::mem::take(&mut self.heard);
        match self.stage {
            Stage::Idle => self.idle(&line),
            Stage::Asked => self.logon(&line),
            Stage::Open => self.open(&line),
        }
    }

    /// A carriage return in a block ends a field; the one after the checksum ends the block.
    fn is_in_block(&self) -> bool {
        let end = self.heard.iter().position(|byte| matches!(byte, 0x03 | 0x17 | 0x1f));
        self.stage == Stage::Open
            && self.heard.first() == Some(&0x02)
            && self.heard.len() < LINE_CHARS_MAX
            && end.is_none_or(|end| self.heard.len() < end + 4)
    }

    fn idle(&mut self, line: &[u8]) -> Step {
        let command = String::from_utf8_lossy(line).trim().to_ascii_uppercase();
        if command.starts_with("ATD") {
            self.has_modem = true;
            self.stage = Stage::Asked;
            return Step::Connect("\r\nCONNECT 1200\r\nID=".to_owned());
        }
        if command.starts_with("AT") {
            self.has_modem = true;
            let value = match command.as_str() {
                "AT+FCLASS=?" => "\r\n0,1\r\n",
                "AT+FCLASS?" => "\r\n0\r\n",
                _ => "",
            };
            return Step::Say(format!("{value}\r\nOK\r\n"));
        }
        if command.is_empty() && !self.has_modem {
            self.stage = Stage::Asked;
            return Step::Say("ID=".to_owned());
        }
        Step::Listen
    }

    fn logon(&mut self, line: &[u8]) -> Step {
        if line.is_empty() {
            return Step::Listen;
        }
        let text = String::from_utf8_lossy(line).into_owned();
        let Some(service) = text.strip_prefix('\u{1b}') else {
            return Step::HangUp(format!("508 Manual operation is not supported\r{DISCONNECT}"));
        };
        let Some(password) = service.strip_prefix("PG1") else {
            return Step::HangUp(format!("508 Service not supported\r{DISCONNECT}"));
        };
        if self.options.password.as_deref().is_some_and(|wanted| wanted != password) {
            return Step::HangUp(format!("509 Invalid password\r{DISCONNECT}"));
        }
        password.clone_into(&mut self.password);
        self.stage = Stage::Open;
        Step::Say(format!("110 1.8\r114 Stand-in paging terminal\r{ACK}{GO_AHEAD}"))
    }

    fn open(&mut self, line: &[u8]) -> Step {
        if line == b"\x04" {
            return Step::HangUp(format!("115 Goodbye\r{DISCONNECT}"));
        }
        if line.first() != Some(&0x02) {
            return if line.is_empty() {
                Step::Listen
            } else {
                Step::Say(format!("502 Unexpected characters\r{NAK}"))
            };
        }
        match block::open(line) {
            Block::Broken => {
                self.broken += 1;
                if self.broken > RESENDS_MAX {
                    return Step::HangUp(format!("503 Too many checksum errors\r{DISCONNECT}"));
                }
                Step::Say(format!("514 Checksum error, or more than {BLOCK_CHARS_MAX} characters\r{NAK}"))
            }
            Block::Sound(info, end) => {
                self.broken = 0;
                self.transaction.extend(info);
                if end != 0x03 {
                    return Step::Say(format!("211 Go on\r{ACK}"));
                }
                self.transaction()
            }
        }
    }

    fn transaction(&mut self) -> Step {
        let mut fields = block::fields(&std::mem::take(&mut self.transaction)).into_iter();
        let pager = fields.next().unwrap_or_default();
        let message = fields.collect::<Vec<String>>().join("\n");
        Step::Page { pager, message }
    }

    /// Says why a page is none, if it is none.
    pub fn mistake(&self, pager: &str, message: &str) -> Option<String> {
        let chars_max = self.options.message_chars_max;
        if pager.is_empty() || !pager.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Some("510 Illegal Pager ID".to_owned());
        }
        if self.options.pagers.as_ref().is_some_and(|pagers| !pagers.contains(pager)) {
            return Some("511 Invalid Pager ID".to_owned());
        }
        (message.chars().count() > chars_max)
            .then(|| format!("517 {chars_max} character maximum, message rejected"))
    }

    /// What is said of a page that is taken.
    pub fn taken() -> String {
        format!("211 Page accepted\r{ACK}")
    }

    /// What is said of a page that is not.
    pub fn refused(words: &str) -> String {
        format!("{words}\r{RS}")
    }

    /// What is said when the call is over for a fault of the terminal's.
    pub fn failed(words: &str) -> String {
        format!("{words}\r{DISCONNECT}")
    }
}

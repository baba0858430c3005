//! Pagers behind a paging terminal that speaks TAP, formerly IXO or PET, reached over TCP: a terminal server whose
//! serial line ends at the terminal, or at a modem that dials it. Source: Telocator Alphanumeric Protocol, version 1.8.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use domain::port::{Dispatch, Errand, Report};
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, Notify};

use super::snpp::number_mistake;
use super::{
    Means, Medium, Plan, Provider, RateLimit, Secret, TIMEOUT_DEFAULT, Underway, Usage, machine,
    nothing_to_recall, said, with_text,
};
use crate::boot::BootError;
use crate::boot::table::Table;
use crate::http::ClientError;
use crate::line::Line;
use crate::link::Links;
use crate::probe::Probe;
use crate::text::{self, PAGER_CHARS_MAX_DEFAULT, Text};

pub mod block;
pub mod dialogue;
pub mod ear;
mod kept;

use block::{Parity, blocks};
use dialogue::{Dialogue, GOODBYE, Step};
use kept::{Call, Kept, ROUNDS_MAX};

/// A line carries one call at a time.
pub const CONNECTIONS_MAX: usize = 1;
/// A modem is told no more before it dials, and to dial. Ours.
pub const MODEM_COMMANDS_MAX: usize = 8;
/// The longest command to a modem. Source: ITU-T V.250 has it take at least 40 characters; usual ones take 80 or more.
pub const MODEM_COMMAND_CHARS_MAX: usize = 80;
/// The longest password. The standard has six characters, and says that systems differ.
pub const PASSWORD_CHARS_MAX: usize = 32;
/// How long the goodbye may take, once the outcome is known.
const GOODBYE_TIMEOUT: Duration = Duration::from_millis(200);
const READ_BYTES: usize = 512;

/// How the house knows it.
pub static MEDIUM: Medium = Medium {
    kind: ChannelKind::PAGER,
    provider: "tap",
    example: "\"7311\"",
    mistake: number_mistake,
    options: &["address", "password_file", "dial", "parity", "chars_max"],
    read,
};

fn read(table: &mut Table<'_>) -> Result<Arc<dyn Plan>, BootError> {
    let mut config = TapConfig::new(&table.host_and_port("address", "\"terminal-server.example:4001\"")?);
    config.password = table.secret("password")?;
    let commands = table.list("dial");
    if let Some(surplus) = commands.get(MODEM_COMMANDS_MAX) {
        return surplus.parsed("at most 8 commands", "[\"ATZ\", \"ATDT5559000\"]", |_| None);
    }
    for command in commands {
        let line = command.parsed("a modem's command", "[\"ATZ\", \"ATDT5559000\"]", |text| {
            let is_command = (1..=MODEM_COMMAND_CHARS_MAX).contains(&text.len())
                && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
            is_command.then(|| Line::new(text))
        })?;
        config.dial.push(line);
    }
    if let Some(parity) = table.given("parity") {
        config.parity = parity.parsed("\"none\" or \"even\"", "\"even\"", |text| match text {
            "none" => Some(Parity::None),
            "even" => Some(Parity::Even),
            _ => None,
        })?;
    }
    table.timeout(&mut config.timeout)?;
    table.chars_max(&mut config.chars_max)?;
    table.rate(&mut config.rate)?;
    Ok(Arc::new(config))
}

/// How a house uses a paging terminal.
#[derive(Clone, Debug)]
pub struct TapConfig {
    /// Host and port of the terminal server, `terminal-server.example:4001`.
    pub address: String,
    /// The password that the terminal asks for, if it does.
    pub password: Option<Secret>,
    /// What a modem is told, one command after the other; the last one dials. Empty where none is on the line.
    pub dial: Vec<Line>,
    /// What is written as the eighth bit.
    pub parity: Parity,
    /// How long the whole call may take; but a modem may go on dialling.
    pub timeout: Duration,
    /// How fast we send.
    pub rate: RateLimit,
    /// Characters that its pagers show.
    pub chars_max: usize,
}

impl TapConfig {
    /// The usual configuration of the terminal at this address.
    pub fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            password: None,
            dial: Vec::new(),
            parity: Parity::None,
            timeout: TIMEOUT_DEFAULT,
            rate: RateLimit { per_second: 1.0, burst: 3 },
            chars_max: PAGER_CHARS_MAX_DEFAULT,
        }
    }
}

impl Plan for TapConfig {
    fn start(&self, means: &Means) -> Result<Arc<dyn Provider>, ClientError> {
        Ok(Arc::new(Tap::new(self.clone(), means.links.clone())))
    }

    fn depends_on(&self) -> Option<String> {
        machine(&self.address)
    }
}

/// A paging terminal as a channel.
#[derive(Debug)]
pub struct Tap {
    config: TapConfig,
    links: Links,
    kept: Kept,
    /// Whoever is talking holds the line.
    line: Mutex<()>,
    /// A page wants the line.
    wanted: Notify,
}

impl Tap {
    /// The channel with this configuration.
    pub fn new(config: TapConfig, links: Links) -> Self {
        Self { config, links, kept: Kept::default(), line: Mutex::default(), wanted: Notify::new() }
    }

    async fn page(&self, address: &str, text: &Text) -> Report {
        let Some(mut dialogue) = encode(&self.config, address, text) else {
            return said(
                Outcome::Refused(Reason::UnknownAddress),
                "the pager has no number, or the page no text",
            );
        };
        self.wanted.notify_waiters();
        let _line = self.line.lock().await;
        let mut call = self.kept.take().await;
        let talk = self.talk(&mut dialogue, &mut call);
        let report = match tokio::time::timeout(self.config.timeout, talk).await {
            Ok(report) => {
                part(call, self.config.parity).await;
                report
            }
            Err(_) if dialogue.is_dialling() => {
                if call.is_some_and(|call| self.kept.keep(call)) {
                    dialogue.lost(Reason::Timeout, "the modem is still dialling; the call is kept")
                } else {
                    dialogue.lost(Reason::Connection, "the modem dials and dials; it was hung up")
                }
            }
            Err(_) => dialogue.lost(Reason::Timeout, "no answer in time"),
        };
        conclude(&self.config, text, report)
    }

    /// Logs on, and says at once that this was all. A page that comes meanwhile has the line: we hang up, and try again.
    async fn greet(&self) -> Report {
        loop {
            let line = self.line.lock().await;
            let greeted = tokio::select! {
                biased;
                () = self.wanted.notified() => None,
                report = self.call_for_nothing() => Some(report),
            };
            drop(line);
            if let Some(report) = greeted {
                return conclude(&self.config, &Text::default(), report);
            }
        }
    }

    async fn call_for_nothing(&self) -> Report {
        let mut dialogue = Dialogue::new(self.config.dial.clone(), password(&self.config), Vec::new());
        let mut call = self.kept.take().await;
        for _ in 0..=ROUNDS_MAX {
            match tokio::time::timeout(self.config.timeout, self.talk(&mut dialogue, &mut call)).await {
                Ok(report) => {
                    part(call, self.config.parity).await;
                    return report;
                }
                Err(_) if dialogue.is_dialling() => {}
                Err(_) => break,
            }
        }
        dialogue.lost(Reason::Timeout, "no answer in time")
    }

    /// Leads a dialogue over the call that is still being dialled, or over one of its own, up to the moment when it is
    /// known what became of the page.
    async fn talk(&self, dialogue: &mut Dialogue, call: &mut Option<Call>) -> Report {
        let (mut step, call) = match call {
            Some(call) => (dialogue.rejoin(), call),
            None => match TcpStream::connect(&self.config.address).await {
                Ok(stream) => (dialogue.begin(), call.insert(Call::new(stream))),
                Err(error) => return dialogue.lost(Reason::Connection, &error.to_string()),
            },
        };
        let mut bytes = [0; READ_BYTES];
        let mut heard = VecDeque::new();
        loop {
            match step {
                Step::Listen => {}
                Step::Say(words) => {
                    if let Err(error) = call.stream.write_all(&self.config.parity.seal(&words)).await {
                        return dialogue.lost(Reason::Connection, &error.to_string());
                    }
                }
                Step::End(report) => return report,
            }
            if let Some(byte) = heard.pop_front() {
                step = dialogue.hear(byte);
                continue;
            }
            step = match tokio::time::timeout(dialogue.patience(), call.stream.read(&mut bytes)).await {
                Err(_) => dialogue.silent(),
                Ok(Ok(0)) => return dialogue.lost(Reason::Connection, "the connection was ended"),
                Ok(Ok(count)) => {
                    heard.extend(&bytes[..count]);
                    Step::Listen
                }
                Ok(Err(error)) => return dialogue.lost(Reason::Connection, &error.to_string()),
            };
        }
    }
}

impl Provider for Tap {
    fn probe(&self) -> Underway<'_, Option<Probe>> {
        Box::pin(async move { Some(Probe::of_dialogue(self.greet().await)) })
    }

    fn usage(&self) -> Usage {
        let TapConfig { rate, timeout, .. } = self.config;
        Usage { rate, connections_max: CONNECTIONS_MAX, timeout, reports_within: None }
    }

    fn send<'a>(&'a self, dispatch: &'a Dispatch) -> Underway<'a, Report> {
        Box::pin(async move {
            match prepare(&self.config, &self.links, dispatch) {
                Ok(text) => self.page(&dispatch.address, &text).await,
                Err(report) => report,
            }
        })
    }

    fn announce<'a>(&'a self, address: &'a str, text: &'a Text) -> Underway<'a, Report> {
        Box::pin(async move {
            let message =
                Line::new(&text.body).ascii().cut(self.config.chars_max.max(PAGER_CHARS_MAX_DEFAULT));
            self.page(address, &Text { body: message.to_string(), ..Text::default() }).await
        })
    }
}

/// Puts a dispatch into words.
///
/// # Errors
/// What is to be reported when there is nothing to send.
pub fn prepare(config: &TapConfig, links: &Links, dispatch: &Dispatch) -> Result<Text, Report> {
    match &dispatch.errand {
        Errand::Page(notice) => {
            Ok(text::pager(dispatch, notice, &links.address_without_token(notice), config.chars_max))
        }
        Errand::Recall { .. } => Err(nothing_to_recall()),
    }
}

/// The dialogue that pages somebody; `None` when there is no number or no text.
pub fn encode(config: &TapConfig, address: &str, text: &Text) -> Option<Dialogue> {
    let pager = Line::new(address).ascii();
    let parts = text::parts(&Line::new(&text.body), config.chars_max);
    if pager.is_empty() || parts.is_empty() {
        return None;
    }
    let transactions = parts.into_iter().map(|part| blocks(&[pager.clone(), part])).collect();
    Some(Dialogue::new(config.dial.clone(), password(config), transactions))
}

/// The password, as it is said.
fn password(config: &TapConfig) -> Option<Line> {
    config.password.as_ref().map(|password| Line::new(password.expose()).ascii().cut(PASSWORD_CHARS_MAX))
}

/// What became of a page whose dialogue ended so.
pub fn conclude(config: &TapConfig, text: &Text, report: Report) -> Report {
    let detail = config.password.as_ref().map(|password| password.strike(&report.detail));
    with_text(Report { detail: detail.unwrap_or(report.detail), ..report }, text)
}

/// Says goodbye and hangs up: the end of the connection drops the line. What becomes of that changes nothing.
async fn part(call: Option<Call>, parity: Parity) {
    if let Some(mut call) = call {
        let goodbye = async {
            call.stream.write_all(&parity.seal(GOODBYE)).await?;
            call.stream.shutdown().await
        };
        let _ = tokio::time::timeout(GOODBYE_TIMEOUT, goodbye).await;
    }
}

#[cfg(test)]
mod tests;

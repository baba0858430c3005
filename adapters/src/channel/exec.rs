//! Pages through a program of the operators' choice.
//!
//! ```text
//! the house ──► one JSON object, then the end, on its standard input
//!           ◄── one JSON object on its standard output, or its exit code alone
//! ```
//!
//! Which program that is stands in the boot file only: whoever may edit contacts says an address and which of these
//! channels it belongs to, and the address travels in the JSON, never in the arguments. No shell is involved.

use std::ffi::OsString;
use std::fmt;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use domain::alert::limit::RINGS_MAX;
use domain::blueprint::mistake::What;
use domain::port::{Clock, Dispatch, Report};
use events::event::alert::Receipt;
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use events::{Span, Timestamp};
use rustix::fs::{Access, access};
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use super::data::{self, Telling};
use super::{Means, Medium, Plan, Provider, RateLimit, TIMEOUT_DEFAULT, Underway, Usage, said, with_text};
use crate::boot::BootError;
use crate::boot::table::Table;
use crate::http::ClientError;
use crate::line::Line;
use crate::link::Links;
use crate::probe::{Ill, Probe};
use crate::text::Text;

/// Programs at once: enough for a storm, few enough for a small machine.
pub const CONNECTIONS_MAX: usize = 4;
/// The most that is kept of what a program says on either output; the rest is read and thrown away.
pub const OUTPUT_BYTES_MAX: usize = 16 * 1024;
/// Characters of an address.
pub const ADDRESS_CHARS_MAX: usize = 255;
/// Words of a command, and variables of its environment.
const WORDS_MAX: usize = 64;
/// The longest handle that we take.
const RECEIPT_CHARS_MAX: usize = 128;
/// The longest wait that we let a program ask for.
const RETRY_AFTER_SECONDS_MAX: u64 = 86_400;
/// How long the outputs are read once the program has ended: what it left running may hold them open.
const GRACE: Duration = Duration::from_millis(250);
/// Where programs are looked for by other programs, when the house itself was started without such a list.
const PATH_DEFAULT: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// Everybody may write it. Source of both: POSIX, `sys/stat.h`.
const OTHERS_WRITE: u32 = 0o0002;
/// In this folder everybody keeps what is theirs.
const STICKY: u32 = 0o1000;
const EXAMPLE: &str = "\"room 7\"";
const KIND: ChannelKind = ChannelKind::named("exec");

/// How the house knows it.
pub static MEDIUM: Medium = Medium {
    kind: KIND,
    provider: "exec",
    example: EXAMPLE,
    mistake,
    options: &["command", "environment", "probe"],
    read,
};

/// What is wrong with an address, if anything is: what it means, the program alone knows.
fn mistake(address: &str) -> Option<What> {
    let is_sound = (1..=ADDRESS_CHARS_MAX).contains(&address.chars().count())
        && !address.trim().is_empty()
        && !address.contains(char::is_control);
    (!is_sound).then(|| What::AddressForm { channel: KIND, address: address.to_owned(), example: EXAMPLE })
}

fn read(table: &mut Table<'_>) -> Result<Arc<dyn Plan>, BootError> {
    let words = table.list("command");
    let Some(program) = words.first() else {
        return Err(table.missing("command", "[\"/usr/local/bin/page\", \"--loud\"]"));
    };
    program.parsed("the whole path of a program", "[\"/usr/local/bin/page\"]", |text| {
        let path = Path::new(text);
        let is_plain =
            path.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
        (path.is_absolute() && is_plain && path.file_name().is_some() && !text.contains('\0')).then_some(())
    })?;
    if words.len() > WORDS_MAX || words.iter().any(|word| word.text.contains('\0')) {
        return Err(table.unusable("command", "at most 64 words, and no NUL in them"));
    }
    let mut config = ExecConfig::new(words.into_iter().map(|word| word.text).collect());
    let variables = table.list("environment");
    if variables.len() > WORDS_MAX {
        return Err(table.unusable("environment", "at most 64 variables"));
    }
    for variable in variables {
        // The value may be a secret: what is wrong is said without it.
        let Some((name, value)) = variable.text.split_once('=').filter(|(name, value)| {
            let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            is_name && !name.is_empty() && !value.contains('\0')
        }) else {
            return Err(table.unusable("environment", "each variable as \"NAME=value\""));
        };
        config.environment.push((name.to_owned(), value.to_owned()));
    }
    if let Some(given) = table.given("probe") {
        config.probe = given.parsed("true or false", "true", |text| text.parse().ok())?;
    }
    table.timeout(&mut config.timeout)?;
    table.rate(&mut config.rate)?;
    Ok(Arc::new(config))
}

/// How a house uses a program.
#[derive(Clone)]
pub struct ExecConfig {
    /// The program's whole path, and its arguments.
    pub command: Vec<String>,
    /// What it finds in its environment beside `PATH`.
    pub environment: Vec<(String, String)>,
    /// It can be asked whether it would take a page.
    pub probe: bool,
    /// How long it may run.
    pub timeout: Duration,
    /// How often it is started.
    pub rate: RateLimit,
}

impl ExecConfig {
    /// The usual configuration of this command.
    pub const fn new(command: Vec<String>) -> Self {
        Self {
            command,
            environment: Vec::new(),
            probe: false,
            timeout: TIMEOUT_DEFAULT,
            rate: RateLimit { per_second: 10.0, burst: 20 },
        }
    }
}

impl fmt::Debug for ExecConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ExecConfig").field("program", &self.command.first()).finish_non_exhaustive()
    }
}

impl Plan for ExecConfig {
    fn start(&self, means: &Means) -> Result<Arc<dyn Provider>, ClientError> {
        Ok(Arc::new(Exec::new(self.clone(), means)))
    }
}

/// A program as a channel.
#[derive(Clone)]
pub struct Exec {
    config: ExecConfig,
    path: OsString,
    links: Links,
    clock: Arc<dyn Clock>,
}

impl Exec {
    /// The channel with this configuration.
    pub fn new(config: ExecConfig, means: &Means) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_else(|| PATH_DEFAULT.into());
        Self { config, path, links: means.links.clone(), clock: Arc::clone(&means.clock) }
    }

    async fn tell(&self, address: &str, mut telling: Telling, now: Timestamp) -> Report {
        if mistake(address).is_some() {
            return said(
                Outcome::Refused(Reason::UnknownAddress),
                "the address is empty, too long, or not one line",
            );
        }
        telling.told["data"]["address"] = Value::from(address);
        conclude(&telling, &self.run(&telling.told).await, now)
    }

    /// Starts the program and tells it this.
    async fn run(&self, told: &Value) -> Ended {
        let input = format!("{told}\n");
        match self.command().spawn() {
            Ok(child) => run(child, input.into_bytes(), self.config.timeout).await,
            Err(error) => Ended::NotStarted(error),
        }
    }

    /// Looks whether the program could be started, and asks it, where it can be asked.
    async fn look(&self) -> Probe {
        if let Err(ill) = soundness(Path::new(self.config.command.first().map_or("", String::as_str))) {
            return Probe::ill(ill);
        }
        if !self.config.probe {
            return Probe::SOUND;
        }
        let ended = self.run(&data::probe(self.clock.now())).await;
        Probe::of_dialogue(classify(&ended))
    }

    fn command(&self) -> Command {
        let words = &self.config.command;
        let mut command = Command::new(words.first().map_or("", String::as_str));
        command
            .args(words.iter().skip(1))
            .env_clear()
            .env("PATH", &self.path)
            .envs(self.config.environment.iter().map(|(name, value)| (name, value)))
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A group of its own, so that it ends with everything that it has started.
            .process_group(0)
            .kill_on_drop(true);
        command
    }
}

impl fmt::Debug for Exec {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Exec").field("config", &self.config).finish_non_exhaustive()
    }
}

/// Whether a program can be started by us, and replaced only by those who should.
fn soundness(program: &Path) -> Result<(), Ill> {
    let at =
        |path: &Path, error: &dyn fmt::Display| format!("{}: {error}", Line::new(&path.to_string_lossy()));
    let look = |path: &Path| std::fs::metadata(path).map_err(|error| Ill::Unfit(at(path, &error)));
    if !look(program)?.is_file() {
        return Err(Ill::Unfit(at(program, &"it is no file")));
    }
    access(program, Access::EXEC_OK).map_err(|error| Ill::Unauthorized(at(program, &error)))?;
    for path in [Some(program), program.parent()].into_iter().flatten() {
        let mode = look(path)?.permissions().mode();
        // In a folder like /tmp nobody replaces what belongs to others.
        let is_sticky = path != program && mode & STICKY != 0;
        if mode & OTHERS_WRITE != 0 && !is_sticky {
            return Err(Ill::Unfit(at(path, &"everybody on this machine may write it: chmod o-w")));
        }
    }
    Ok(())
}

impl Provider for Exec {
    fn probe(&self) -> Underway<'_, Option<Probe>> {
        Box::pin(async move { Some(self.look().await) })
    }

    fn usage(&self) -> Usage {
        let ExecConfig { rate, timeout, .. } = self.config;
        Usage { rate, connections_max: CONNECTIONS_MAX, timeout, reports_within: None }
    }

    fn send<'a>(&'a self, dispatch: &'a Dispatch) -> Underway<'a, Report> {
        Box::pin(async move {
            let now = self.clock.now();
            self.tell(&dispatch.address, data::telling(&self.links, dispatch, now), now).await
        })
    }

    fn announce<'a>(&'a self, address: &'a str, text: &'a Text) -> Underway<'a, Report> {
        Box::pin(async move {
            let now = self.clock.now();
            self.tell(address, data::announcement(text, now), now).await
        })
    }
}

/// What became of a program.
#[derive(Debug)]
pub enum Ended {
    /// It could not be started.
    NotStarted(std::io::Error),
    /// It took too long, and was ended.
    TimedOut {
        /// What it said on its standard error.
        errors: Vec<u8>,
    },
    /// It ended by itself.
    ByItself {
        /// How.
        status: ExitStatus,
        /// What it said on its standard output.
        output: Vec<u8>,
        /// What it said on its standard error.
        errors: Vec<u8>,
    },
}

/// Everything that a program has started. Ends it when it is dropped, whatever happened before.
#[derive(Debug)]
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            // Nobody is left in most cases, and that is no error. A number is not given to another process while
            // anybody of the group is alive.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

async fn run(mut child: Child, input: Vec<u8>, timeout: Duration) -> Ended {
    let group = Group(child.id().and_then(|id| Pid::from_raw(id.cast_signed())));
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let status = {
        let give = async {
            if let Some(mut stdin) = stdin {
                // It need not read to the end, or at all.
                let _ = stdin.write_all(&input).await;
            }
        };
        let talk = async { tokio::join!(give, keep(stdout, &mut output), keep(stderr, &mut errors)) };
        tokio::pin!(talk);
        let wait = async {
            let mut is_silent = false;
            loop {
                tokio::select! {
                    status = child.wait() => break (status, is_silent),
                    _ = &mut talk, if !is_silent => is_silent = true,
                }
            }
        };
        match tokio::time::timeout(timeout, wait).await {
            Ok((status, true)) => Some(status),
            Ok((status, false)) => {
                let _ = tokio::time::timeout(GRACE, talk).await;
                Some(status)
            }
            Err(_elapsed) => None,
        }
    };
    drop(group);
    match status {
        Some(Ok(status)) => Ended::ByItself { status, output, errors },
        Some(Err(error)) => Ended::NotStarted(error),
        None => {
            // Killed just now: this only takes it off the system's list.
            let _ = tokio::time::timeout(GRACE, child.wait()).await;
            Ended::TimedOut { errors }
        }
    }
}

/// Reads to the end and keeps the last [`OUTPUT_BYTES_MAX`] bytes or a little more.
async fn keep(pipe: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut pipe) = pipe else { return };
    let mut piece = [0; 4_096];
    while let Ok(read @ 1..) = pipe.read(&mut piece).await {
        kept.extend_from_slice(&piece[..read]);
        if kept.len() > 2 * OUTPUT_BYTES_MAX {
            kept.drain(..kept.len() - OUTPUT_BYTES_MAX);
        }
    }
}

/// What a program says about a page.
#[derive(Debug, Deserialize)]
struct Verdict {
    outcome: Word,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    receipt: Option<String>,
    #[serde(default)]
    retry_after: Option<u64>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Accepted,
    Refused,
    Failed,
    Unknown,
}

/// What became of what was told at a moment. A program that gives a receipt is told when nobody needs the page any
/// more, for as long as anything may ring.
pub fn conclude(telling: &Telling, ended: &Ended, told_at: Timestamp) -> Report {
    let report = classify(ended);
    let Some(text) = &telling.text else { return Report { receipt: None, ..report } };
    let is_page = telling.told["type"] == "page" && report.outcome == Outcome::Accepted;
    let receipt = report.receipt.filter(|_| is_page);
    let receipt = receipt.map(|receipt| Receipt { rings_until: Some(told_at + RINGS_MAX), ..receipt });
    with_text(Report { receipt, ..report }, text)
}

/// What a program's end means. Its own verdict counts, whatever its exit code; without one, the exit code. Source of
/// the codes from 64 on: `sysexits.h`.
///
/// | end | outcome |
/// | --- | --- |
/// | not there, or not to be executed | refused: there is no such channel |
/// | no room to start it | failed |
/// | too slow | unknown |
/// | `{"outcome":"accepted"}`, `refused`, `failed`, `unknown` | that |
/// | 0 | accepted |
/// | 64, 65, 78 (usage, data, configuration) | refused |
/// | 67, 68 (no such user, no such host) | refused: the address is unknown |
/// | 77 (no permission) | refused: our account is unknown |
/// | 69, 75 (unavailable, try later) | failed |
/// | any other code, or a signal | unknown: it may have paged before |
pub fn classify(ended: &Ended) -> Report {
    let (status, output, errors) = match ended {
        Ended::NotStarted(error) => {
            let is_there =
                !matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::PermissionDenied);
            let outcome = if is_there {
                Outcome::Failed { reason: Reason::ProviderFault, retry_after: None }
            } else {
                Outcome::Refused(Reason::NoChannel)
            };
            return said(outcome, &format!("the program cannot be started: {error}"));
        }
        Ended::TimedOut { errors } => {
            return said(Outcome::Unknown(Reason::Timeout), &last_line(errors));
        }
        Ended::ByItself { status, output, errors } => (status, output, errors),
    };
    if let Some(verdict) = verdict(output) {
        let words = if verdict.detail.trim().is_empty() { last_line(errors) } else { verdict.detail };
        let seconds = verdict.retry_after.map(|seconds| seconds.min(RETRY_AFTER_SECONDS_MAX));
        let outcome = match verdict.outcome {
            Word::Accepted => Outcome::Accepted,
            Word::Refused => Outcome::Refused(Reason::Rejected),
            Word::Failed => Outcome::Failed {
                reason: Reason::ProviderFault,
                retry_after: seconds.map(Span::from_seconds),
            },
            Word::Unknown => Outcome::Unknown(Reason::ProviderFault),
        };
        let receipt = verdict.receipt.filter(|receipt| is_receipt(receipt));
        let receipt = receipt.map(Receipt::of);
        return Report { receipt, ..said(outcome, &words) };
    }
    let outcome = match status.code() {
        Some(0) => Outcome::Accepted,
        Some(64 | 65 | 78) => Outcome::Refused(Reason::Rejected),
        Some(67 | 68) => Outcome::Refused(Reason::UnknownAddress),
        Some(77) => Outcome::Refused(Reason::Unauthorized),
        Some(69 | 75) => Outcome::Failed { reason: Reason::ProviderFault, retry_after: None },
        Some(_) | None => Outcome::Unknown(Reason::ProviderFault),
    };
    let words = last_line(errors);
    let words = match outcome {
        Outcome::Accepted => words,
        _ if words.is_empty() => status.to_string(),
        _ => format!("{status}: {words}"),
    };
    said(outcome, &words)
}

/// The verdict in what a program printed: all of it, or its last line.
fn verdict(output: &[u8]) -> Option<Verdict> {
    if let Ok(verdict) = serde_json::from_slice(output) {
        return Some(verdict);
    }
    let text = String::from_utf8_lossy(output);
    serde_json::from_str(text.lines().rev().find(|line| !line.trim().is_empty())?).ok()
}

fn last_line(errors: &[u8]) -> String {
    let text = String::from_utf8_lossy(errors);
    let mut lines = text.lines().rev().map(Line::new);
    lines.find(|line| !line.is_empty()).unwrap_or_default().to_string()
}

fn is_receipt(receipt: &str) -> bool {
    (1..=RECEIPT_CHARS_MAX).contains(&receipt.chars().count()) && !receipt.contains(char::is_control)
}

#[cfg(test)]
mod tests;

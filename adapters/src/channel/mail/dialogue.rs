//! One mail's way to the server.
//!
//! ```text
//! connect ── EHLO ── STARTTLS ── AUTH ── MAIL ── RCPT ── DATA ── the mail itself ── QUIT
//! └───────────── whatever breaks here: certainly not sent ─────┘└ here: unknown
//! ```

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use domain::port::Report;
use events::event::outcome::{Outcome, Reason};
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt};
use lettre::transport::smtp::extension::ClientId;

use super::{MailConfig, Tls};
use crate::channel::said;
use crate::http::chain;
use crate::probe::{Probe, expires_at};

/// How long the goodbye may take, once the outcome is known.
const GOODBYE_TIMEOUT: Duration = Duration::from_millis(200);

/// How far a dialogue has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Step {
    /// No greeting yet.
    Connect,
    /// From the open connection to the protected one.
    Protect,
    /// Saying who we are.
    LogIn,
    /// Saying whom it is from.
    From,
    /// Saying whom it is for.
    Recipient,
    /// Asking whether it may come now.
    Data,
    /// The mail itself, up to the answer to its end.
    Content,
}

const STEPS: [Step; 7] =
    [Step::Connect, Step::Protect, Step::LogIn, Step::From, Step::Recipient, Step::Data, Step::Content];

/// Hands a mail to the server.
pub(super) async fn deliver(config: &MailConfig, to: &Address, message: &[u8]) -> Report {
    let at = AtomicU8::new(Step::Connect as u8);
    let talked = tokio::time::timeout(config.timeout, talk(config, to, message, &at)).await;
    let words = outcome(config, &at, talked);
    words.map_or_else(|report| report, |words| said(Outcome::Accepted, &words))
}

/// Connects, logs in where that is configured, and says goodbye.
pub(super) async fn greet(config: &MailConfig) -> Probe {
    let at = AtomicU8::new(Step::Connect as u8);
    let talked = tokio::time::timeout(config.timeout, async {
        let mut connection = open(config, &at).await?;
        let certificate = if config.tls == Tls::None { None } else { connection.peer_certificate().ok() };
        connection.command(Noop).await?;
        part(connection).await;
        Ok(certificate.and_then(|certificate| expires_at(&certificate)))
    })
    .await;
    match outcome(config, &at, talked) {
        Ok(certificate_expires_at) => Probe { ill: None, certificate_expires_at },
        Err(report) => Probe::of_dialogue(report),
    }
}

/// What was talked about, or what it means that it came to nothing.
fn outcome<T>(
    config: &MailConfig,
    at: &AtomicU8,
    talked: Result<Result<T, Error>, tokio::time::error::Elapsed>,
) -> Result<T, Report> {
    let fault = match talked {
        Ok(Ok(talked)) => return Ok(talked),
        Ok(Err(error)) => error.into(),
        Err(_elapsed) => Fault::Silence,
    };
    let report = classify(reached(at), &fault);
    let password = config.login.as_ref().map(|login| &login.password);
    let detail = password.map_or_else(|| report.detail.clone(), |password| password.strike(&report.detail));
    Err(Report { detail, ..report })
}

fn reached(at: &AtomicU8) -> Step {
    STEPS.get(usize::from(at.load(Ordering::Relaxed))).copied().unwrap_or(Step::Content)
}

/// A connection that is protected, and on which we are known, as far as either is configured.
async fn open(config: &MailConfig, at: &AtomicU8) -> Result<AsyncSmtpConnection, Error> {
    let reach = |step: Step| at.store(step as u8, Ordering::Relaxed);
    let own_name = ClientId::Domain(config.helo.clone());
    let tls = || TlsParameters::new_rustls(config.host.clone());
    let at_once = if config.tls == Tls::Always { Some(tls()?) } else { None };
    let address = (config.host.as_str(), config.port);
    let timeout = Some(config.timeout);
    let mut connection =
        AsyncSmtpConnection::connect_tokio1(address, timeout, &own_name, at_once, None).await?;
    if config.tls == Tls::Start {
        reach(Step::Protect);
        connection.starttls(tls()?, &own_name).await?;
    }
    if let Some(login) = &config.login {
        reach(Step::LogIn);
        let credentials = Credentials::new(login.name.clone(), login.password.expose().to_owned());
        connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
    }
    reach(Step::From);
    Ok(connection)
}

async fn talk(config: &MailConfig, to: &Address, message: &[u8], at: &AtomicU8) -> Result<String, Error> {
    let reach = |step: Step| at.store(step as u8, Ordering::Relaxed);
    let mut connection = open(config, at).await?;
    connection.command(Mail::new(Some(config.from.email.clone()), vec![])).await?;
    reach(Step::Recipient);
    connection.command(Rcpt::new(to.clone(), vec![])).await?;
    reach(Step::Data);
    connection.command(Data).await?;
    reach(Step::Content);
    let answer = connection.command(content(message)).await?;
    part(connection).await;
    let words: Vec<&str> = answer.message().collect();
    Ok(format!("{} {}", answer.code(), words.join(" ")))
}

/// A mail as it goes over the line, with its end. Its own lines that begin with a dot get one more. Source: RFC 5321,
/// section 4.5.2.
///
/// It is written in one piece: the library writes the end apart, which on a plain connection waits until the server's
/// system has confirmed the mail itself, for 40 ms and more.
pub fn content(message: &[u8]) -> String {
    let message = String::from_utf8_lossy(message);
    let stuffed = if message.starts_with('.') { format!(".{message}") } else { message.into_owned() };
    let mut content = stuffed.replace("\r\n.", "\r\n..");
    if !content.ends_with("\r\n") {
        content.push_str("\r\n");
    }
    content.push_str(".\r\n");
    content
}

/// Says goodbye. What becomes of that changes nothing.
async fn part(mut connection: AsyncSmtpConnection) {
    let _ = tokio::time::timeout(GOODBYE_TIMEOUT, connection.quit()).await;
}

/// What went wrong in a dialogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The server said no: its code and words.
    Answer(u16, String),
    /// It said what nobody understands, or nothing whole.
    Nonsense(String),
    /// It cannot do what is asked of it: no `STARTTLS`, or no way of logging in that we know.
    Unable(String),
    /// No connection, or it broke.
    Connection(String),
    /// It said nothing in time.
    Silence,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let words = chain(&error).to_string();
        if let Some(code) = error.status() {
            // The library's own words before the server's say the code already.
            let words = std::error::Error::source(&error).map_or(words, ToString::to_string);
            Self::Answer(u16::from(code), words)
        } else if error.is_timeout() {
            Self::Silence
        } else if error.is_response() && !words.contains("incomplete response") {
            Self::Nonsense(words)
        } else if error.is_client() {
            Self::Unable(words)
        } else {
            Self::Connection(words)
        }
    }
}

/// What a fault at a step means.
///
/// | fault | outcome |
/// | --- | --- |
/// | 4yz | failed: to be tried again |
/// | 5yz to a login, 530 and 535 anywhere | refused: our account is unknown |
/// | 550, 551, 553 to the recipient, or its `5.1.x` | refused: the address is unknown |
/// | any other 5yz | refused, in the server's words |
/// | it cannot protect the connection, or let us log in | refused |
/// | silence, a break or nonsense before the mail itself | failed |
/// | the same after it | unknown |
pub fn classify(step: Step, fault: &Fault) -> Report {
    let lost = |reason| {
        if step == Step::Content {
            Outcome::Unknown(reason)
        } else {
            Outcome::Failed { reason, retry_after: None }
        }
    };
    match fault {
        Fault::Answer(code @ 500..=599, words) => {
            said(Outcome::Refused(refusal(step, *code, words)), &format!("{code} {words}"))
        }
        Fault::Answer(code @ 400..=499, words) => {
            let reason = Reason::ProviderFault;
            said(Outcome::Failed { reason, retry_after: None }, &format!("{code} {words}"))
        }
        Fault::Answer(code, words) => said(lost(Reason::Nonsense), &format!("{code} {words}")),
        Fault::Nonsense(words) => said(lost(Reason::Nonsense), words),
        Fault::Unable(words) if step == Step::LogIn => said(Outcome::Refused(Reason::Unauthorized), words),
        Fault::Unable(words) => said(Outcome::Refused(Reason::Rejected), words),
        Fault::Connection(words) => said(lost(Reason::Connection), words),
        Fault::Silence => said(lost(Reason::Timeout), ""),
    }
}

/// Why a server says no. Source of the codes: RFC 5321, section 4.2; RFC 4954, section 6; RFC 3463, section 3.2.
fn refusal(step: Step, code: u16, words: &str) -> Reason {
    let enhanced = words.split_whitespace().next().filter(|word| word.starts_with("5."));
    match (step, code, enhanced) {
        (Step::LogIn, _, _) | (_, 530 | 535, _) => Reason::Unauthorized,
        (Step::Recipient, _, Some(enhanced)) if enhanced.starts_with("5.1.") => Reason::UnknownAddress,
        (Step::Recipient, 550 | 551 | 553, None) => Reason::UnknownAddress,
        _ => Reason::Rejected,
    }
}

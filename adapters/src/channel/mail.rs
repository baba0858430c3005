//! Pages as mail, handed to one SMTP server.
//!
//! Sources: RFC 5321 (SMTP), RFC 5322 (messages), RFC 3834 (automatic mail), RFC 8314 (TLS).

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::blueprint::mistake::What;
use domain::port::{Clock, Dispatch, Errand, Report};
use events::event::alert::Receipt;
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use lettre::Address;
use lettre::message::Mailbox;

use super::{
    Means, Medium, Plan, Provider, RateLimit, Secret, TIMEOUT_DEFAULT, Underway, Usage, machine,
    nothing_to_recall, said, with_text,
};
use crate::boot::BootError;
use crate::boot::table::Table;
use crate::http::{ClientError, use_our_cryptography};
use crate::link::Links;
use crate::probe::Probe;
use crate::text::{self, Text};

pub mod dialogue;
pub mod letter;

use letter::{Letter, Thread};

/// Connections at once: one mail each.
pub const CONNECTIONS_MAX: usize = 2;
/// Characters of an address. Source: RFC 5321, section 4.5.3.1.3, a path of 256 with its brackets.
pub const ADDRESS_CHARS_MAX: usize = 254;
/// Characters before the `@`. Source: RFC 5321, section 4.5.3.1.1.
const LOCAL_CHARS_MAX: usize = 64;
/// Characters of one label of a domain. Source: RFC 1035, section 2.3.4.
const LABEL_CHARS_MAX: usize = 63;
const EXAMPLE: &str = "\"anna@example.org\"";

/// How the house knows it.
pub static MEDIUM: Medium = Medium {
    kind: ChannelKind::MAIL,
    provider: "smtp",
    example: EXAMPLE,
    mistake,
    options: &["server", "tls", "username", "password_file", "from", "helo"],
    read,
};

/// What is wrong with an address, if anything is: neither quotes nor brackets nor anything beyond ASCII.
fn mistake(address: &str) -> Option<What> {
    let form =
        || What::AddressForm { channel: ChannelKind::MAIL, address: address.to_owned(), example: EXAMPLE };
    let is_sound = address.len() <= ADDRESS_CHARS_MAX
        && address.rsplit_once('@').is_some_and(|(local, domain)| is_local(local) && is_domain(domain));
    (!is_sound).then(form)
}

/// A dot-string. Source: RFC 5321, section 4.1.2; RFC 5322, section 3.2.3.
fn is_local(local: &str) -> bool {
    let is_atom = |atom: &str| {
        let takes = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
        !atom.is_empty() && atom.bytes().all(takes)
    };
    local.len() <= LOCAL_CHARS_MAX && local.split('.').all(is_atom)
}

fn is_domain(domain: &str) -> bool {
    domain.split('.').all(|label| {
        let takes = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=LABEL_CHARS_MAX).contains(&label.len())
            && label.bytes().all(takes)
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}

fn read(table: &mut Table<'_>) -> Result<Arc<dyn Plan>, BootError> {
    let server = table.required("server", "\"smtp.example:587\"")?;
    let (host, port) = server.parsed("a host and a port", "\"smtp.example:587\"", |text| {
        let (host, port) = text.rsplit_once(':')?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let is_host = host.parse::<IpAddr>().is_ok() || is_domain(host);
        Some((host.to_owned(), port.parse::<u16>().ok()?)).filter(|_| is_host)
    })?;
    let from = table.required("from", "\"Hot Potato <pages@example.org>\"")?;
    let from =
        from.parsed("a mail address, with a name before it or without", "\"pages@example.org\"", |text| {
            let mailbox: Mailbox = text.parse().ok()?;
            let is_one_line = !text.contains(char::is_control);
            (is_one_line && mistake(mailbox.email.as_ref()).is_none()).then_some(mailbox)
        })?;
    let mut config = MailConfig::new(&host, port, from);
    if let Some(given) = table.given("tls") {
        config.tls =
            given.parsed("\"starttls\", \"tls\" or \"none\"", "\"starttls\"", |text| match text {
                "starttls" => Some(Tls::Start),
                "tls" => Some(Tls::Always),
                "none" => Some(Tls::None),
                _ => None,
            })?;
    }
    if let Some(given) = table.given("helo") {
        config.helo = given.parsed("the name of this machine", "\"pager.example.org\"", |text| {
            is_domain(text).then(|| text.to_owned())
        })?;
    }
    config.login = match (table.given("username"), table.secret("password")?) {
        (None, None) => None,
        (Some(name), Some(password)) => Some(Login { name: name.text, password }),
        (Some(_), None) => return Err(table.missing("password_file", "\"smtp.password\"")),
        (None, Some(_)) => return Err(table.missing("username", "\"hotpotato\"")),
    };
    if config.login.is_some() && config.tls == Tls::None && !is_loopback(&config.host) {
        return Err(table.unusable(
            "tls",
            "with \"none\" the password would go in the clear; write \"starttls\" or \"tls\"",
        ));
    }
    table.timeout(&mut config.timeout)?;
    table.rate(&mut config.rate)?;
    Ok(Arc::new(config))
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// TLS after `STARTTLS`, and no mail without it.
    Start,
    /// TLS from the first byte.
    Always,
    /// None.
    None,
}

/// Who we are at a server.
#[derive(Clone, Debug)]
pub struct Login {
    /// The name.
    pub name: String,
    /// The password.
    pub password: Secret,
}

/// How a house uses an SMTP server.
#[derive(Clone)]
pub struct MailConfig {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// Who we are there; nobody in particular when nothing is said.
    pub login: Option<Login>,
    /// Whom mails come from; reports that one could not be delivered go there.
    pub from: Mailbox,
    /// What we call this machine.
    pub helo: String,
    /// How long the whole dialogue may take.
    pub timeout: Duration,
    /// How fast we send.
    pub rate: RateLimit,
}

impl MailConfig {
    /// The usual configuration of this server.
    pub fn new(host: &str, port: u16, from: Mailbox) -> Self {
        Self {
            host: host.to_owned(),
            port,
            tls: if is_loopback(host) { Tls::None } else { Tls::Start },
            login: None,
            helo: from.email.domain().to_owned(),
            from,
            timeout: TIMEOUT_DEFAULT,
            rate: RateLimit { per_second: 2.0, burst: 20 },
        }
    }
}

impl fmt::Debug for MailConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MailConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

impl Plan for MailConfig {
    fn start(&self, means: &Means) -> Result<Arc<dyn Provider>, ClientError> {
        Ok(Arc::new(Mail::new(self.clone(), means)))
    }

    fn depends_on(&self) -> Option<String> {
        machine(&format!("{}:{}", self.host, self.port))
    }
}

/// An SMTP server as a channel.
#[derive(Clone)]
pub struct Mail {
    config: MailConfig,
    links: Links,
    clock: Arc<dyn Clock>,
}

impl Mail {
    /// The channel with this configuration.
    pub fn new(config: MailConfig, means: &Means) -> Self {
        use_our_cryptography();
        Self { config, links: means.links.clone(), clock: Arc::clone(&means.clock) }
    }

    async fn deliver(&self, address: &str, letter: &Letter) -> Report {
        let to = if mistake(address).is_none() { address.parse::<Address>().ok() } else { None };
        let Some(to) = to else {
            return said(Outcome::Refused(Reason::UnknownAddress), "this cannot be a mail address");
        };
        let message = match letter.encode(&self.config.from, &to) {
            Ok(message) => message,
            Err(error) => return said(Outcome::Refused(Reason::Rejected), &error.to_string()),
        };
        let report = dialogue::deliver(&self.config, &to, &message).await;
        let receipt = (report.outcome == Outcome::Accepted).then(|| Receipt::of(letter.id.clone()));
        with_text(Report { receipt, ..report }, &letter.text)
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Mail").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Provider for Mail {
    fn probe(&self) -> Underway<'_, Option<Probe>> {
        Box::pin(async move { Some(dialogue::greet(&self.config).await) })
    }

    fn usage(&self) -> Usage {
        let MailConfig { rate, timeout, .. } = self.config;
        Usage { rate, connections_max: CONNECTIONS_MAX, timeout, reports_within: None }
    }

    fn send<'a>(&'a self, dispatch: &'a Dispatch) -> Underway<'a, Report> {
        Box::pin(async move {
            let Errand::Page(notice) = &dispatch.errand else { return nothing_to_recall() };
            let text = text::mail(dispatch, notice, &self.links.link(dispatch.attempt.alert, notice));
            let letter = Letter {
                id: dispatch.attempt.to_string(),
                thread: Some(Thread(dispatch.attempt.alert.to_string())),
                language: text::locale(dispatch.language),
                at: self.clock.now(),
                text,
            };
            self.deliver(&dispatch.address, &letter).await
        })
    }

    fn announce<'a>(&'a self, address: &'a str, text: &'a Text) -> Underway<'a, Report> {
        Box::pin(async move {
            let at = self.clock.now();
            let letter = Letter {
                id: format!("announcement.{}", at.as_micros()),
                thread: None,
                language: i18n::Locale::default(),
                at,
                text: text.clone(),
            };
            self.deliver(address, &letter).await
        })
    }
}

#[cfg(test)]
mod tests;

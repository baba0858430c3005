//! Pagers behind an SNPP gateway. Source: RFC 1861.

use std::sync::Arc;
use std::time::Duration;

use domain::blueprint::limit::ID_CHARS_MAX;
use domain::blueprint::mistake::What;
use domain::port::{Dispatch, Errand, Report};
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::{
    Means, Medium, Plan, Provider, RateLimit, Secret, TIMEOUT_DEFAULT, Underway, Usage, nothing_to_recall,
    said, with_text,
};
use crate::boot::BootError;
use crate::boot::table::Table;
use crate::http::ClientError;
use crate::line::Line;
use crate::link::Links;
use crate::text::{self, PAGER_CHARS_MAX_DEFAULT, Text};

pub mod dialogue;

use dialogue::{Dialogue, Step};

/// Gateways are small, and a pager gets one message at a time anyway.
pub const CONNECTIONS_MAX: usize = 1;
/// The longest line of a reply.
pub const LINE_BYTES_MAX: u64 = 2_048;
/// How long the goodbye may take, once the outcome is known.
const GOODBYE_TIMEOUT: Duration = Duration::from_millis(200);

type Stream = BufReader<TcpStream>;

/// How the house knows it.
pub static MEDIUM: Medium = Medium {
    kind: ChannelKind::PAGER,
    provider: "snpp",
    example: "\"7311\"",
    mistake: number_mistake,
    options: &["address", "login", "password_file", "chars_max"],
    read,
};

/// What is wrong with a pager's number, if anything is. It must fit in one command: some visible ASCII without
/// spaces. Source: RFC 1861, section 4.5.1.
pub(crate) fn number_mistake(number: &str) -> Option<What> {
    let fits =
        (1..=ID_CHARS_MAX).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_graphic());
    (!fits).then(|| What::PagerForm { address: number.to_owned() })
}

fn read(table: &mut Table<'_>) -> Result<Arc<dyn Plan>, BootError> {
    let mut config = SnppConfig::new(&table.host_and_port("address", "\"pager.example:444\"")?);
    let password = table.secret("password")?;
    config.login = table.given("login").map(|login| Login { id: login.text, password });
    table.timeout(&mut config.timeout)?;
    table.chars_max(&mut config.chars_max)?;
    table.rate(&mut config.rate)?;
    Ok(Arc::new(config))
}

/// Who we are at a gateway.
#[derive(Clone, Debug)]
pub struct Login {
    /// The name.
    pub id: String,
    /// The password, if it asks for one.
    pub password: Option<Secret>,
}

/// How a house uses an SNPP gateway.
#[derive(Clone, Debug)]
pub struct SnppConfig {
    /// Host and port, `pager.example:444`.
    pub address: String,
    /// Who we are there; nobody in particular when nothing is said.
    pub login: Option<Login>,
    /// How long the whole dialogue may take.
    pub timeout: Duration,
    /// How fast we send.
    pub rate: RateLimit,
    /// Characters that its pagers show.
    pub chars_max: usize,
}

impl SnppConfig {
    /// The usual configuration of the gateway at this address.
    pub fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            login: None,
            timeout: TIMEOUT_DEFAULT,
            rate: RateLimit { per_second: 1.0, burst: 3 },
            chars_max: PAGER_CHARS_MAX_DEFAULT,
        }
    }
}

impl Plan for SnppConfig {
    fn start(&self, means: &Means) -> Result<Arc<dyn Provider>, ClientError> {
        Ok(Arc::new(Snpp::new(self.clone(), means.links.clone())))
    }
}

/// An SNPP gateway as a channel.
#[derive(Clone, Debug)]
pub struct Snpp {
    config: SnppConfig,
    links: Links,
}

impl Snpp {
    /// The channel with this configuration.
    pub const fn new(config: SnppConfig, links: Links) -> Self {
        Self { config, links }
    }

    /// How it is configured.
    pub const fn config(&self) -> &SnppConfig {
        &self.config
    }

    async fn page(&self, address: &str, text: &Text) -> Report {
        let Some(mut dialogue) = encode(&self.config, address, text) else {
            return said(
                Outcome::Refused(Reason::UnknownAddress),
                "the pager has no number, or the page no text",
            );
        };
        let talk = tokio::time::timeout(self.config.timeout, talk(&self.config.address, &mut dialogue)).await;
        let report = match talk {
            Ok((report, stream)) => {
                part(stream).await;
                report
            }
            Err(_) => dialogue.lost(Reason::Timeout, "no reply in time"),
        };
        conclude(&self.config, text, report)
    }
}

impl Provider for Snpp {
    fn usage(&self) -> Usage {
        let SnppConfig { rate, timeout, .. } = self.config;
        Usage { rate, connections_max: CONNECTIONS_MAX, timeout }
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
            let message = Line::new(&text.body).ascii().cut(self.config.chars_max);
            self.page(address, &Text { body: message.to_string(), ..Text::default() }).await
        })
    }
}

/// Puts a dispatch into words.
///
/// # Errors
/// What is to be reported when there is nothing to send.
pub fn prepare(config: &SnppConfig, links: &Links, dispatch: &Dispatch) -> Result<Text, Report> {
    match &dispatch.errand {
        Errand::Page(notice) => {
            Ok(text::pager(dispatch, notice, &links.address_without_token(notice), config.chars_max))
        }
        Errand::Recall { .. } => Err(nothing_to_recall()),
    }
}

/// What became of a page whose dialogue ended so.
pub fn conclude(config: &SnppConfig, text: &Text, report: Report) -> Report {
    let password = config.login.as_ref().and_then(|login| login.password.as_ref());
    let detail = password.map_or(report.detail.clone(), |password| password.strike(&report.detail));
    with_text(Report { detail, ..report }, text)
}

/// The dialogue that pages somebody; `None` when there is no number or no text.
pub fn encode(config: &SnppConfig, address: &str, text: &Text) -> Option<Dialogue> {
    let (pager, message) = (Line::new(address).ascii(), Line::new(&text.body).ascii());
    let login = config.login.as_ref().map(|login| {
        let password = login.password.as_ref().map_or("", |password| password.expose());
        Line::new(&format!("{} {password}", login.id))
    });
    (!pager.is_empty() && !message.is_empty()).then(|| Dialogue::new(login, pager, message))
}

/// Leads a dialogue over a connection of its own, up to the moment when it is known what became of the page. Gives
/// the connection back if it still stands.
async fn talk(address: &str, dialogue: &mut Dialogue) -> (Report, Option<Stream>) {
    let mut stream = match TcpStream::connect(address).await {
        Ok(stream) => BufReader::new(stream),
        Err(error) => return (dialogue.lost(Reason::Connection, &error.to_string()), None),
    };
    loop {
        let heard = match hear(&mut stream).await {
            Ok(line) => line,
            Err((reason, words)) => return (dialogue.lost(reason, &words), None),
        };
        match dialogue.hear(&heard) {
            Step::Listen => {}
            Step::Say(line) => {
                if let Err(error) = say(&mut stream, &line).await {
                    return (dialogue.lost(Reason::Connection, &error.to_string()), None);
                }
            }
            Step::End(report) => return (report, Some(stream)),
        }
    }
}

/// Says goodbye. What becomes of that changes nothing.
async fn part(stream: Option<Stream>) {
    if let Some(mut stream) = stream {
        let _ = tokio::time::timeout(GOODBYE_TIMEOUT, say(&mut stream, &Line::new("QUIT"))).await;
    }
}

async fn say(stream: &mut Stream, line: &Line) -> std::io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await?;
    stream.flush().await
}

/// Reads one line of a gateway without its end; of at most [`LINE_BYTES_MAX`] bytes with it.
///
/// # Errors
/// Why no whole line came, and in which words: the connection ended or broke, or the line is too long.
pub async fn hear(stream: &mut (impl AsyncBufRead + Unpin)) -> Result<Vec<u8>, (Reason, String)> {
    let mut line = Vec::new();
    let read = stream.take(LINE_BYTES_MAX).read_until(b'\n', &mut line).await;
    match (read, line.pop()) {
        (Err(error), _) => Err((Reason::Connection, error.to_string())),
        (Ok(_), Some(b'\n')) => {
            line.pop_if(|byte| *byte == b'\r');
            Ok(line)
        }
        (Ok(_), Some(_)) if line.len() as u64 + 1 >= LINE_BYTES_MAX => {
            Err((Reason::Nonsense, "a reply of endless length".to_owned()))
        }
        (Ok(_), _) => Err((Reason::Connection, "the gateway ended the connection".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use events::event::Language;
    use events::event::person::ChannelKind;

    use super::*;
    use crate::channel::stand_in::{self, Then};
    use crate::link::LinkKey;
    use crate::text::sample::{dispatch, notice};

    const READY: &str = "220 SNPP Gateway Ready\r\n";
    const OK: &str = "250 OK\r\n";

    fn channel(address: &str) -> Snpp {
        let links = Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) };
        Snpp::new(SnppConfig { timeout: Duration::from_secs(2), ..SnppConfig::new(address) }, links)
    }

    fn to_pager() -> Dispatch {
        dispatch(
            ChannelKind::PAGER,
            "7311\r\nSEND",
            Language::De,
            &notice("Größe\r\nSEND\r\nPAGE 1\r\n.\r\nQUIT"),
        )
    }

    async fn outcome(replies: &[&str], then: Then) -> Outcome {
        let server = stand_in::lines(replies, then).await;
        let report = channel(&server.address.to_string()).send(&to_pager()).await;
        let sent = matches!(report.outcome, Outcome::Accepted | Outcome::Unknown(_));
        assert_eq!(!report.text.is_empty(), sent, "{report:?}");
        report.outcome
    }

    #[tokio::test]
    async fn page_goes_out_and_nothing_in_it_is_a_command() {
        let server =
            stand_in::lines(&[READY, OK, OK, "250 Message Sent Successfully\r\n"], Then::Close).await;
        let report = channel(&server.address.to_string()).send(&to_pager()).await;
        assert_eq!(report.outcome, Outcome::Accepted);
        assert_eq!(report.detail, "250 Message Sent Successfully");
        assert!(report.text.ends_with("/a/K7M2Q"), "{report:?}");
        let heard = server.heard().await;
        let lines: Vec<&str> = heard.split("\r\n").collect();
        assert_eq!(
            (lines[0], lines[2], lines[3], lines[4]),
            ("PAGE 7311 SEND", "SEND", "QUIT", ""),
            "{heard}"
        );
        assert!(lines[1].starts_with("MESS K7M2Q Groesse SEND PAGE 1 . QUIT / Web shop seit "), "{heard}");
        assert_eq!(lines.len(), 5, "{heard}");
    }

    #[tokio::test]
    async fn trouble_before_send_has_failed_and_after_it_is_unknown() {
        let failed = |reason| Outcome::Failed { reason, retry_after: None };
        let endless = "2".repeat(5_000);
        let mut cases = tokio::task::JoinSet::new();
        for (replies, then, expected) in [
            (&[][..], Then::Hang, failed(Reason::Timeout)),
            (&[READY, OK], Then::Hang, failed(Reason::Timeout)),
            (&[READY, OK], Then::Close, failed(Reason::Connection)),
            (&[READY, "250 half a li"], Then::Close, failed(Reason::Connection)),
            (&[&endless], Then::Hang, failed(Reason::Nonsense)),
            (&["\u{0}\u{1}\u{2}\r\n"], Then::Hang, failed(Reason::Nonsense)),
            (&[READY, OK, OK], Then::Hang, Outcome::Unknown(Reason::Timeout)),
            (&[READY, OK, OK], Then::Close, Outcome::Unknown(Reason::Connection)),
            (&[READY, OK, OK, &endless], Then::Hang, Outcome::Unknown(Reason::Nonsense)),
            (&[READY, OK, OK, "what?\n"], Then::Hang, Outcome::Unknown(Reason::Nonsense)),
            (&[READY, "550 no such pager\n"], Then::Hang, Outcome::Refused(Reason::UnknownAddress)),
        ] {
            let replies: Vec<String> = replies.iter().map(|reply| (*reply).to_owned()).collect();
            cases.spawn(async move {
                let replies: Vec<&str> = replies.iter().map(String::as_str).collect();
                assert_eq!(outcome(&replies, then).await, expected, "{replies:?}");
            });
        }
        cases.join_all().await;
        let nobody = stand_in::closed().await.to_string();
        for address in [nobody.as_str(), "no-such-host.invalid:444", "no address"] {
            let report = channel(address).send(&to_pager()).await;
            assert_eq!(report.outcome, failed(Reason::Connection), "{address}");
        }
    }

    #[tokio::test]
    async fn a_pager_without_a_number_is_refused() {
        let mut dispatch = to_pager();
        dispatch.address = "\r\n".to_owned();
        let report = channel("127.0.0.1:1").send(&dispatch).await;
        assert_eq!(report.outcome, Outcome::Refused(Reason::UnknownAddress));
    }

    #[tokio::test]
    async fn announcement_is_cut_to_what_a_pager_shows() {
        let server = stand_in::lines(&[READY, OK, OK, OK], Then::Close).await;
        let text = Text::announcement("[NO-LOG]", &format!("[NO-LOG] {}", "ü".repeat(999)));
        let report = channel(&server.address.to_string()).announce("7311", &text).await;
        assert_eq!(report.outcome, Outcome::Accepted);
        assert_eq!(report.text.len(), PAGER_CHARS_MAX_DEFAULT);
    }
}

//! Pagers behind an SNPP gateway, with what it offers of levels 2 and 3. Source: RFC 1861.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::blueprint::limit::ID_CHARS_MAX;
use domain::blueprint::mistake::What;
use domain::port::{Clock, Dispatch, Errand, News, Report};
use events::Span;
use events::event::alert::Receipt;
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use events::event::signal::Severity;
use i18n::{Locale, Message as _, page};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::{
    Means, Medium, Plan, Provider, RateLimit, Secret, TIMEOUT_DEFAULT, Underway, Usage, machine,
    nothing_to_recall, said, with_text,
};
use crate::boot::BootError;
use crate::boot::table::Table;
use crate::http::ClientError;
use crate::line::Line;
use crate::link::Links;
use crate::probe::{Ill, Probe};
use crate::text::{self, PAGER_CHARS_MAX_DEFAULT, Text};

pub mod dialogue;
mod reply;
pub mod status;

use dialogue::{Choice, Dialogue, Extras, Step};
use status::{MessageTag, Question, Status};

/// Gateways are small, and a pager gets one message at a time anyway.
pub const CONNECTIONS_MAX: usize = 1;
/// The longest line of a reply.
pub const LINE_BYTES_MAX: u64 = 2_048;
/// The most that is kept of a reply that is no welcome.
const REPLY_CHARS_MAX: usize = 200;
/// So long a two-way page is asked about. Whoever has not answered by then has been reached some other way, or has not.
pub const ASKED_FOR: Span = Span::from_minutes(60);
/// How long the goodbye may take, once the outcome is known.
const GOODBYE_TIMEOUT: Duration = Duration::from_millis(200);

type Stream = BufReader<TcpStream>;

/// How the house knows it.
pub static MEDIUM: Medium = Medium {
    kind: ChannelKind::PAGER,
    provider: "snpp",
    example: "\"7311\"",
    mistake: number_mistake,
    options: &[
        "address",
        "login",
        "password_file",
        "chars_max",
        "level_critical",
        "level_error",
        "level_warning",
        "level_info",
        "alert",
        "queue",
        "two_way",
    ],
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
    for (severity, option) in LEVEL_OPTIONS {
        if let Some(level) = table.given(option) {
            let level = level.parsed("a service level from 0 to 11", "0", |text| {
                text.parse().ok().filter(|level| *level <= LEVEL_MAX)
            })?;
            config.levels.push((severity, level));
        }
    }
    let wanted =
        [("alert", &mut config.alert), ("queue", &mut config.queue), ("two_way", &mut config.two_way)];
    for (option, wanted) in wanted {
        if let Some(given) = table.given(option) {
            *wanted = given.parsed("true or false", "true", |text| text.parse().ok())?;
        }
    }
    table.rate(&mut config.rate)?;
    Ok(Arc::new(config))
}

/// The least urgent service level. Source: RFC 1861, section 4.5.3.
const LEVEL_MAX: u8 = 11;
/// How each severity's service level is called in the boot configuration.
const LEVEL_OPTIONS: [(Severity, &str); 4] = [
    (Severity::Critical, "level_critical"),
    (Severity::Error, "level_error"),
    (Severity::Warning, "level_warning"),
    (Severity::Info, "level_info"),
];

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
    /// The service level of each severity that has one; the others have the gateway's usual one.
    pub levels: Vec<(Severity, u8)>,
    /// Pagers beep whatever their usual setting.
    pub alert: bool,
    /// The gateway answers once a page is queued, as `HylaFAX` can.
    pub queue: bool,
    /// Pages are two-way where the gateway and the pager can: they say whether they arrived, and can be answered.
    pub two_way: bool,
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
            levels: Vec::new(),
            alert: false,
            queue: false,
            two_way: false,
        }
    }
}

impl Plan for SnppConfig {
    fn start(&self, means: &Means) -> Result<Arc<dyn Provider>, ClientError> {
        Ok(Arc::new(Snpp::new(self.clone(), means.links.clone(), Arc::clone(&means.clock))))
    }

    fn depends_on(&self) -> Option<String> {
        machine(&self.address)
    }
}

/// An SNPP gateway as a channel.
pub struct Snpp {
    config: SnppConfig,
    links: Links,
    clock: Arc<dyn Clock>,
    /// How many pages are on their way.
    under_way: watch::Sender<usize>,
}

impl fmt::Debug for Snpp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Snpp").field("config", &self.config).finish_non_exhaustive()
    }
}

/// A page on its way, until it is dropped.
struct UnderWay<'a>(&'a watch::Sender<usize>);

impl<'a> UnderWay<'a> {
    fn begin(pages: &'a watch::Sender<usize>) -> Self {
        pages.send_modify(|count| *count += 1);
        Self(pages)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

impl Snpp {
    /// The channel with this configuration. The clock says until when a two-way page is asked about.
    pub fn new(config: SnppConfig, links: Links, clock: Arc<dyn Clock>) -> Self {
        Self { config, links, clock, under_way: watch::Sender::new(0) }
    }

    /// How it is configured.
    pub const fn config(&self) -> &SnppConfig {
        &self.config
    }

    /// Asks what became of a two-way page, by its receipt. None when nothing was learnt.
    pub async fn query(&self, receipt: &str) -> Option<Status> {
        let question = Question::new(login(&self.config), MessageTag::parse(receipt)?);
        tokio::time::timeout(self.config.timeout, ask(&self.config.address, question)).await.ok().flatten()
    }

    async fn page(&self, address: &str, text: &Text, severity: Severity, choices: &[Choice]) -> Report {
        let _under_way = UnderWay::begin(&self.under_way);
        let Some(mut dialogue) = encode(&self.config, address, text, severity, choices) else {
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
        let asked_until = Some(self.clock.now() + ASKED_FOR);
        let receipt = report.receipt.map(|receipt| Receipt { asked_until, ..receipt });
        conclude(&self.config, text, Report { receipt, ..report })
    }
}

impl Provider for Snpp {
    fn probe(&self) -> Underway<'_, Option<Probe>> {
        Box::pin(async move {
            let asked = tokio::time::timeout(self.config.timeout, greet(&self.config)).await;
            let ill = asked.unwrap_or_else(|_| Err(Ill::Unreachable("no reply in time".to_owned()))).err();
            Some(Probe { ill, ..Probe::SOUND })
        })
    }

    fn usage(&self) -> Usage {
        let SnppConfig { rate, timeout, .. } = self.config;
        Usage { rate, connections_max: CONNECTIONS_MAX, timeout, reports_within: None }
    }

    fn send<'a>(&'a self, dispatch: &'a Dispatch) -> Underway<'a, Report> {
        Box::pin(async move {
            match prepare(&self.config, &self.links, dispatch) {
                Ok(text) => {
                    let choices = choices(&self.config, dispatch);
                    self.page(&dispatch.address, &text, severity(dispatch), &choices).await
                }
                Err(report) => report,
            }
        })
    }

    fn announce<'a>(&'a self, address: &'a str, text: &'a Text) -> Underway<'a, Report> {
        Box::pin(async move {
            let message =
                Line::new(&text.body).ascii().cut(self.config.chars_max.max(PAGER_CHARS_MAX_DEFAULT));
            let text = Text { body: message.to_string(), ..Text::default() };
            // Nobody asks what was answered to it.
            self.page(address, &text, Severity::Critical, &[]).await
        })
    }

    /// Small gateways have one line: a question gives way to a page.
    fn ask<'a>(&'a self, receipt: &'a str) -> Underway<'a, Option<News>> {
        Box::pin(async move {
            let mut under_way = self.under_way.subscribe();
            let status = tokio::select! {
                biased;
                _ = under_way.wait_for(|count| *count > 0) => None,
                status = self.query(receipt) => status,
            };
            let news = status?.news();
            let detail = without_password(&self.config, &news.detail);
            Some(News { detail, ..news })
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

/// What can be answered to a page, in the person's language; nothing where pages go one way. Of a test, or of what the
/// house tells somebody, there is no next step.
pub fn choices(config: &SnppConfig, dispatch: &Dispatch) -> Vec<Choice> {
    let locale: Locale = text::locale(dispatch.language);
    let take = || Choice::new(Choice::TAKE, &page::PagerTake.render(locale));
    let escalate = || Choice::new(Choice::ESCALATE, &page::PagerEscalate.render(locale));
    match &dispatch.errand {
        Errand::Page(notice) if config.two_way && (notice.test || notice.message.is_some()) => vec![take()],
        Errand::Page(_) if config.two_way => vec![take(), escalate()],
        Errand::Page(_) | Errand::Recall { .. } => Vec::new(),
    }
}

fn without_password(config: &SnppConfig, words: &str) -> String {
    let password = config.login.as_ref().and_then(|login| login.password.as_ref());
    password.map_or_else(|| words.to_owned(), |password| password.strike(words))
}

/// What became of a page whose dialogue ended so.
pub fn conclude(config: &SnppConfig, text: &Text, report: Report) -> Report {
    let detail = without_password(config, &report.detail);
    with_text(Report { detail, ..report }, text)
}

/// How urgent a dispatch is.
pub fn severity(dispatch: &Dispatch) -> Severity {
    match &dispatch.errand {
        Errand::Page(notice) => notice.severity,
        Errand::Recall { .. } => Severity::Info,
    }
}

/// The dialogue that pages somebody; `None` when there is no number or no text.
pub fn encode(
    config: &SnppConfig,
    address: &str,
    text: &Text,
    severity: Severity,
    choices: &[Choice],
) -> Option<Dialogue> {
    let pager = Line::new(address).ascii();
    let messages = text::parts(&Line::new(&text.body), config.chars_max);
    let level = config.levels.iter().find(|(of, _)| *of == severity).map(|(_, level)| *level);
    let extras = Extras { level, alert: config.alert, queue: config.queue, choices: choices.to_vec() };
    let is_page = !pager.is_empty() && !messages.is_empty();
    is_page.then(|| Dialogue::new(login(config), pager, messages, extras))
}

/// Who we are at a gateway, as it is said there.
fn login(config: &SnppConfig) -> Option<Line> {
    config.login.as_ref().map(|login| {
        let password = login.password.as_ref().map_or("", |password| password.expose());
        Line::new(&format!("{} {password}", login.id))
    })
}

/// Leads a question over a connection of its own.
async fn ask(address: &str, mut question: Question) -> Option<Status> {
    let mut stream = BufReader::new(TcpStream::connect(address).await.ok()?);
    loop {
        match question.hear(&hear(&mut stream).await.ok()?) {
            status::Step::Listen => {}
            status::Step::Say(line) => say(&mut stream, &[line]).await.ok()?,
            status::Step::End(status) => {
                part(Some(stream)).await;
                return status;
            }
        }
    }
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
        let lines = match dialogue.hear(&heard) {
            Step::Listen => continue,
            Step::Say(line) => vec![line],
            Step::SayAll(lines) => lines,
            Step::End(report) => return (report, Some(stream)),
        };
        if let Err(error) = say(&mut stream, &lines).await {
            return (dialogue.lost(Reason::Connection, &error.to_string()), None);
        }
    }
}

/// Connects, logs in where that is configured, and says goodbye.
async fn greet(config: &SnppConfig) -> Result<(), Ill> {
    let unreachable = |error: std::io::Error| Ill::Unreachable(error.to_string());
    let mut stream = BufReader::new(TcpStream::connect(&config.address).await.map_err(unreachable)?);
    welcome(&mut stream).await?;
    if let Some(login) = login(config) {
        say(&mut stream, &[Line::new(&format!("LOGI {login}"))]).await.map_err(unreachable)?;
        welcome(&mut stream).await?;
    }
    part(Some(stream)).await;
    Ok(())
}

/// Hears whether we are welcome. 500 is what a gateway of level 1 says, which knows no logins.
async fn welcome(stream: &mut Stream) -> Result<(), Ill> {
    let heard = hear(stream).await.map_err(|(_, words)| Ill::Unreachable(words))?;
    let said = Line::new(&String::from_utf8_lossy(&heard)).cut(REPLY_CHARS_MAX).to_string();
    match said.get(..3) {
        Some("500") => Ok(()),
        Some(code) if code.starts_with('2') => Ok(()),
        Some(code) if code.starts_with('5') => Err(Ill::Unauthorized(said)),
        Some(_) | None => Err(Ill::Unfit(said)),
    }
}

/// Says goodbye. What becomes of that changes nothing.
async fn part(stream: Option<Stream>) {
    if let Some(mut stream) = stream {
        let _ = tokio::time::timeout(GOODBYE_TIMEOUT, say(&mut stream, &[Line::new("QUIT")])).await;
    }
}

async fn say(stream: &mut Stream, lines: &[Line]) -> std::io::Result<()> {
    let mut said = String::new();
    for line in lines {
        said.push_str(line.as_str());
        said.push_str("\r\n");
    }
    stream.write_all(said.as_bytes()).await?;
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
mod tests;

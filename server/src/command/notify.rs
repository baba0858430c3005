//! `hotpotato notify …`: what Nagios, Icinga and scripts call. Sends one signal, and does not lose it.
//!
//! ```text
//! arguments, macros ─► body ─► spool (durable) ─► the servers in turn ─► out of the spool
//! ```
//!
//! Whatever is to be sent is put into the spool first, behind what waits there: so the order holds by itself, and a kill
//! at any moment loses nothing that was put in. What no server takes stays, and a process in the background goes on
//! trying.

mod background;
mod entry;
mod flush;
mod said;
mod servers;
mod spool;

use std::path::{Path, PathBuf};
use std::time::Duration;

use adapters::clock::HouseClock;
use clap::{Args, Subcommand};
use events::{Span, Timestamp};
use i18n::{Locale, Message as _, notify as message};

use super::session::Session;
use super::{Done, EXIT_KEPT, EXIT_REFUSED, EXIT_UNREACHABLE, EXIT_USAGE, Failure, Language, environment};
use crate::client::{ClientError, URL_DEFAULT};
use crate::reader::read_span;
use crate::terminal;
use entry::{Entry, Key};
use flush::{Tally, flush, lock};
use said::{Said, Unsaid, loose_pair, pair, value};
use servers::{Outcome, Servers, addresses};
use spool::{Name, Spool, Unkept};

/// Where signals are kept when nobody says where, and the directory is there.
const SPOOL_DEFAULT: &str = "/var/spool/hotpotato";
/// Where they are kept otherwise, in the user's home.
const SPOOL_AT_HOME: &str = ".local/state/hotpotato/spool";

/// The end of a problem waits so long for its beginning, of which another process may be telling at the same time.
const GRACE: Duration = Duration::from_millis(300);

/// What is to be sent.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Options {
    #[command(subcommand)]
    form: Option<Form>,
    /// What is wrong, in one line.
    #[arg(long, value_name = "TEXT", value_parser = value(), allow_hyphen_values = true)]
    summary: Option<String>,
    /// Which problem it is, so that its end can be told.
    #[arg(long, value_name = "KEY", value_parser = value(), allow_hyphen_values = true)]
    key: Option<String>,
    /// Whether it is there or over: firing, resolved.
    #[arg(long, value_name = "STATUS", value_parser = value())]
    status: Option<String>,
    /// How bad it is: critical, error, warning, info.
    #[arg(long, value_name = "SEVERITY", value_parser = value())]
    severity: Option<String>,
    /// A label that routes match on.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair())]
    label: Vec<(String, String)>,
    /// Something more to know.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair())]
    detail: Vec<(String, String)>,
    /// Read Nagios's macros, from --macro and the environment (NAGIOS_…).
    #[arg(long, conflicts_with_all = ["icinga", "summary", "status", "severity", "detail"])]
    nagios: bool,
    /// Read Icinga's macros, from --macro, the environment, and the letters of Icinga's own scripts (-l, -e, -s, …).
    #[arg(long, conflicts_with_all = ["summary", "status", "severity", "detail"])]
    icinga: bool,
    /// One macro, such as HOSTNAME=db1. Counts more than the environment.
    #[arg(long = "macro", value_name = "NAME=VALUE", value_parser = pair())]
    macros: Vec<(String, String)>,
    #[command(flatten)]
    letters: Letters,
    /// The file with the source's key.
    #[arg(
        long,
        value_name = "FILE",
        help = "The file with the source's key; otherwise HOTPOTATO_KEY_FILE or HOTPOTATO_KEY"
    )]
    key_file: Option<PathBuf>,
    #[command(flatten)]
    keeping: Keeping,
    #[command(flatten)]
    errand: Errand,
    #[command(flatten)]
    pub(super) language: Language,
}

/// What is done without a signal.
#[derive(Debug, Args)]
struct Errand {
    /// Only send what is kept: for a timer.
    #[arg(long, conflicts_with_all = ["summary", "key", "nagios", "icinga"])]
    flush: bool,
    /// Go on in the background.
    #[arg(long, hide = true)]
    follow_up: bool,
}

/// Where signals are kept, and for how long a server is tried.
#[derive(Debug, Args)]
struct Keeping {
    /// The servers, separated by commas.
    #[arg(
        long,
        value_name = "URL,…",
        help = "The servers, separated by commas: the first that answers takes it; otherwise HOTPOTATO_URL"
    )]
    server: Option<String>,
    /// Where signals are kept until a server has taken them.
    #[arg(
        long,
        value_name = "DIR",
        help = "Where signals are kept until a server has taken them; otherwise HOTPOTATO_SPOOL"
    )]
    spool: Option<PathBuf>,
    /// How long all of it may take. Nagios ends a command after 30 seconds.
    #[arg(long, value_name = "SPAN", default_value = "20s", value_parser = span)]
    within: Duration,
    /// Start nobody in the background who sends what is kept: a timer calls --flush.
    #[arg(long)]
    no_background: bool,
}

/// Other ways to say it.
#[derive(Debug, Subcommand)]
enum Form {
    /// Understand the arguments of PagerDuty's pd-nagios.
    #[command(name = "pd-nagios")]
    PdNagios(PdNagios),
}

/// The arguments of `pd-nagios`.
///
/// Source: <https://github.com/PagerDuty/pdagent-integrations>, `bin/pd-nagios`.
#[derive(Debug, Args)]
struct PdNagios {
    /// The source's key.
    #[arg(
        short = 'k',
        long,
        value_name = "KEY",
        value_parser = value(),
        allow_hyphen_values = true,
        help = "The source's key. Others on this machine can see it: leave it out and set HOTPOTATO_KEY_FILE"
    )]
    service_key: Option<String>,
    /// The notification's type, such as PROBLEM.
    #[arg(short = 't', long, value_name = "TYPE", value_parser = value())]
    event_type: String,
    /// What it is about: host or service.
    #[arg(short = 'n', long, value_name = "host|service", value_parser = value())]
    notification_type: String,
    /// Which problem it is; otherwise host and service say so.
    #[arg(short = 'i', long, value_name = "KEY", value_parser = value(), allow_hyphen_values = true)]
    incident_key: Option<String>,
    /// A macro, such as HOSTNAME=db1.
    #[arg(short = 'f', long = "field", value_name = "NAME=VALUE", value_parser = loose_pair(), allow_hyphen_values = true)]
    fields: Vec<(String, String)>,
    /// Taken and not used.
    #[arg(short = 'c', long, value_parser = value(), hide = true, allow_hyphen_values = true)]
    client: Option<String>,
    /// Taken and not used.
    #[arg(short = 'u', long, value_parser = value(), hide = true, allow_hyphen_values = true)]
    client_url: Option<String>,
}

/// The letters by which Icinga calls its own notification scripts, so that only the program's name must be changed.
///
/// Source: Icinga 2.13, `/etc/icinga2/scripts/mail-service-notification.sh`.
#[derive(Debug, Args)]
struct Letters {
    #[arg(short = '4', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    address: Option<String>,
    #[arg(short = '6', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    address6: Option<String>,
    #[arg(short = 'b', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    author: Option<String>,
    #[arg(short = 'c', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    comment: Option<String>,
    #[arg(short = 'd', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    date: Option<String>,
    #[arg(short = 'e', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    service_name: Option<String>,
    #[arg(short = 'f', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    from: Option<String>,
    #[arg(short = 'i', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    web_url: Option<String>,
    #[arg(short = 'l', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    host_name: Option<String>,
    #[arg(short = 'n', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    host_display_name: Option<String>,
    #[arg(short = 'o', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    output: Option<String>,
    #[arg(short = 'r', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    recipient: Option<String>,
    #[arg(short = 's', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    state: Option<String>,
    #[arg(short = 't', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    kind: Option<String>,
    #[arg(short = 'u', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    service_display_name: Option<String>,
    #[arg(short = 'v', hide = true, requires = "icinga", value_parser = value(), allow_hyphen_values = true)]
    to_syslog: Option<String>,
}

fn span(text: &str) -> Result<Duration, String> {
    let span = read_span(text).filter(|span| *span >= Span::from_seconds(1));
    span.map(Duration::from).ok_or_else(|| "give a length of time, such as 20s or 1m".to_owned())
}

/// Sends what is said, or what is kept.
pub(super) async fn run(session: &Session, options: &Options) -> Done {
    let locale = session.locale();
    let now = HouseClock::start().started_at();
    let folder = spool_folder(options.keeping.spool.as_deref());
    let said = match &options.form {
        None if options.errand.flush || options.errand.follow_up => None,
        None => Some((said::said(options, std::env::vars_os(), now), None)),
        Some(Form::PdNagios(pd_nagios)) => {
            Some((said::of_pd_nagios(pd_nagios, now), pd_nagios.service_key.clone()))
        }
    };
    let Some((said, given_key)) = said else {
        let mut servers = options.keeping.servers()?;
        let spool = folder.as_deref().map(Spool::open);
        let folder = folder.as_deref().map(|folder| folder.display().to_string()).unwrap_or_default();
        let unusable =
            |kept: &str| usage(message::Unclear { why: &format!("{folder}: {kept}") }.render(locale));
        let no_folder = message::NoFolder.render(locale);
        let spool =
            spool.ok_or_else(|| unusable(&no_folder))?.map_err(|error| unusable(&error.to_string()))?;
        if options.errand.follow_up {
            background::follow(&spool, &mut servers).await;
            return Ok(());
        }
        return send_what_waits(&spool, &mut servers, options.keeping.within, now, locale).await;
    };
    let Said { tongue, body, may_be_ahead } = said.map_err(|unsaid| usage(unsaid.say(locale)))?;
    let key =
        key(options.key_file.as_deref(), given_key).ok_or_else(|| usage(message::NoKey.render(locale)))?;
    let entry = Entry { tongue, key, noticed_at: now, body };
    Sending { locale, keeping: &options.keeping, folder, now, may_be_ahead }.send(&entry).await
}

fn usage(sentence: String) -> Failure {
    Failure::Coded { code: EXIT_USAGE, sentence }
}

impl Keeping {
    /// The servers that are named here, else those that the environment names.
    fn servers(&self) -> Result<Servers, ClientError> {
        let list = self.server.clone().or_else(|| environment("HOTPOTATO_URL")).unwrap_or_default();
        let mut urls = addresses(&list)?;
        if urls.is_empty() {
            urls = addresses(URL_DEFAULT)?;
        }
        Servers::new(urls)
    }
}

/// The source's key: a file that is named, else one given (as `pd-nagios` does), else the environment's.
fn key(file: Option<&Path>, given: Option<String>) -> Option<Key> {
    let filled =
        |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let of_file = |file: PathBuf| Key::File(std::path::absolute(&file).unwrap_or(file));
    let named = file.map(Path::to_owned);
    named
        .map(of_file)
        .or_else(|| filled(given).map(Key::Text))
        .or_else(|| filled(environment("HOTPOTATO_KEY_FILE")).map(PathBuf::from).map(of_file))
        .or_else(|| filled(environment("HOTPOTATO_KEY")).map(Key::Text))
}

/// Where signals are kept: as somebody says, in the system's place if it is there, else at home.
fn spool_folder(named: Option<&Path>) -> Option<PathBuf> {
    let variable = |name| environment(name).filter(|text| !text.trim().is_empty()).map(PathBuf::from);
    let usual = || Path::new(SPOOL_DEFAULT).is_dir().then(|| PathBuf::from(SPOOL_DEFAULT));
    let named = named.map(Path::to_owned).or_else(|| variable("HOTPOTATO_SPOOL"));
    named.or_else(usual).or_else(|| variable("HOME").map(|home| home.join(SPOOL_AT_HOME)))
}

impl Unsaid {
    fn say(&self, locale: Locale) -> String {
        match self {
            Self::Nothing => message::NothingSaid.render(locale),
            Self::NoHost => message::NoHost.render(locale),
            Self::Unclear(why) => message::Unclear { why }.render(locale),
        }
    }
}

/// What became of the signal that we were called for.
enum Fate {
    Taken,
    Kept,
    Refused { file: PathBuf, why: String },
}

/// One signal on its way.
struct Sending<'a> {
    locale: Locale,
    keeping: &'a Keeping,
    folder: Option<PathBuf>,
    now: Timestamp,
    may_be_ahead: bool,
}

impl Sending<'_> {
    async fn send(&self, entry: &Entry) -> Done {
        let spool = match self.open() {
            Ok(spool) => spool,
            Err(kept) => return self.send_unkept(entry, None, &kept).await,
        };
        spool.tidy(self.now);
        match spool.keep(entry) {
            Ok(name) => self.send_kept(&spool, &name).await,
            Err(unkept) => self.send_unkept(entry, Some(&spool), &self.say_unkept(&unkept)).await,
        }
    }

    fn open(&self) -> Result<Spool, String> {
        let folder = self.folder.as_deref().ok_or_else(|| message::NoFolder.render(self.locale))?;
        Spool::open(folder).map_err(|error| error.to_string())
    }

    fn say_unkept(&self, unkept: &Unkept) -> String {
        match unkept {
            Unkept::Full(count) => message::Full { number: number(*count) }.render(self.locale),
            Unkept::Failed(error) => error.to_string(),
        }
    }

    /// Sends what waits, and with it the one that we were called for.
    async fn send_kept(&self, spool: &Spool, name: &Name) -> Done {
        let mut tally = Tally::default();
        // The address is looked at only now: a signal is not lost because of it.
        let mut servers = match self.keeping.servers() {
            Ok(servers) => servers,
            Err(error) => return self.end(spool, name, &tally, &error.say(self.locale)),
        };
        let work = async {
            if self.may_be_ahead {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "whoever was called before us is not to be overtaken"
                )]
                tokio::time::sleep(GRACE).await;
            }
            if let Ok(_sending) = lock(spool).await {
                flush(spool, &mut servers, self.now, &mut tally).await;
            }
        };
        let is_late = tokio::time::timeout(self.keeping.within, work).await.is_err();
        let why = if is_late { say_late(&tally, self.locale) } else { String::new() };
        self.end(spool, name, &tally, &why)
    }

    fn end(&self, spool: &Spool, name: &Name, tally: &Tally, why: &str) -> Done {
        tell(tally, Some(name), spool, self.locale);
        let fate = fate(spool, name, tally);
        let done = match &fate {
            Fate::Taken => Ok(()),
            Fate::Kept => {
                Err(Failure::Coded { code: EXIT_KEPT, sentence: self.say_kept(spool, name, tally, why) })
            }
            Fate::Refused { file, why } => {
                let file = file.display().to_string();
                let sentence = message::Refused { file: &file, why }.render(self.locale);
                Err(Failure::Coded { code: EXIT_REFUSED, sentence })
            }
        };
        if !self.keeping.no_background && spool.waiting().is_ok_and(|names| !names.is_empty()) {
            let started = background::start(spool.folder(), self.keeping.server.as_deref());
            if let Err(error) = started {
                terminal::complain(&message::Alone { why: &error.to_string() }.render(self.locale));
            }
        }
        done
    }

    fn say_kept(&self, spool: &Spool, name: &Name, tally: &Tally, why: &str) -> String {
        let folder = spool.folder().display().to_string();
        let before = spool.waiting().unwrap_or_default().iter().filter(|other| *other < name).count();
        match (&tally.away, &tally.key_refused) {
            (Some(why), _) => message::Kept { folder: &folder, why }.render(self.locale),
            (None, Some(why)) => message::KeptForKey { folder: &folder, why }.render(self.locale),
            (None, None) if before > 0 => {
                message::KeptBehind { folder: &folder, number: number(before) }.render(self.locale)
            }
            (None, None) => message::Kept { folder: &folder, why }.render(self.locale),
        }
    }

    /// What cannot be kept is sent as it is: after what waits, if there is time, but rather out of order than not at all.
    async fn send_unkept(&self, entry: &Entry, spool: Option<&Spool>, kept: &str) -> Done {
        let folder = self.folder.as_deref().map(|folder| folder.display().to_string()).unwrap_or_default();
        let mut servers = self.keeping.servers()?;
        let mut tally = Tally::default();
        if let Some(spool) = spool {
            let first = async {
                let _sending = lock(spool).await;
                flush(spool, &mut servers, self.now, &mut tally).await;
            };
            let is_through = tokio::time::timeout(self.keeping.within / 2, first).await.is_ok();
            tell(&tally, None, spool, self.locale);
            // Now there may be room.
            if is_through && let Ok(name) = spool.keep(entry) {
                return self.send_kept(spool, &name).await;
            }
        }
        let sent = servers.offer(entry.tongue, &entry.key, &entry.body);
        let outcome = tokio::time::timeout(self.keeping.within / 2, sent).await;
        let outcome = outcome.unwrap_or_else(|_| Outcome::Away(message::Silent.render(self.locale)));
        match outcome {
            Outcome::Taken => {
                terminal::complain(&terminal::clean(
                    &message::Unkept { folder: &folder, kept }.render(self.locale),
                ));
                Ok(())
            }
            Outcome::Away(why)
            | Outcome::KeyRefused(why)
            | Outcome::Undecided(why)
            | Outcome::Refused(why) => {
                let sentence = message::Lost { folder: &folder, why: &why, kept }.render(self.locale);
                Err(Failure::Coded { code: EXIT_UNREACHABLE, sentence })
            }
        }
    }
}

/// Why time was up.
fn say_late(tally: &Tally, locale: Locale) -> String {
    if tally.is_our_turn { message::Silent.render(locale) } else { message::Busy.render(locale) }
}

fn fate(spool: &Spool, name: &Name, tally: &Tally) -> Fate {
    if let Some((_, file, why)) = tally.refused.iter().find(|(refused, _, _)| refused == name) {
        return Fate::Refused { file: file.clone(), why: why.clone() };
    }
    if spool.path(name).exists() {
        return Fate::Kept;
    }
    // Another process has sent it, or seen it refused.
    let file = spool.refused(name);
    if !file.exists() {
        return Fate::Taken;
    }
    let why = std::fs::read_to_string(file.with_extension("reason")).unwrap_or_default();
    Fate::Refused { file, why: why.trim().to_owned() }
}

/// Says what became of others than the one that we were called for.
fn tell(tally: &Tally, ours: Option<&Name>, spool: &Spool, locale: Locale) {
    let mut sentences = Vec::new();
    for (_, file, why) in tally.refused.iter().filter(|(name, _, _)| Some(name) != ours) {
        let file = file.display().to_string();
        sentences.push(message::RefusedEarlier { file: &file, why }.render(locale));
    }
    for (file, why) in &tally.unreadable {
        let file = file.display().to_string();
        sentences.push(message::Unreadable { file: &file, why }.render(locale));
    }
    if tally.removed_count > 0 {
        let folder = spool.folder().display().to_string();
        let removed = message::RefusedOnesRemoved { folder: &folder, number: number(tally.removed_count) };
        sentences.push(removed.render(locale));
    }
    for sentence in sentences {
        terminal::complain(&terminal::clean(&sentence));
    }
}

/// `--flush`: says how many were sent. Waits, when another process is sending.
async fn send_what_waits(
    spool: &Spool,
    servers: &mut Servers,
    within: Duration,
    now: Timestamp,
    locale: Locale,
) -> Done {
    let mut tally = Tally::default();
    spool.tidy(now);
    let work = async {
        if let Ok(_sending) = lock(spool).await {
            flush(spool, servers, now, &mut tally).await;
        }
    };
    let is_late = tokio::time::timeout(within, work).await.is_err();
    tell(&tally, None, spool, locale);
    let waiting = spool.waiting().unwrap_or_default().len();
    if waiting > 0 {
        let late = is_late.then(|| say_late(&tally, locale));
        let why = tally.away.or(tally.key_refused).or(late).unwrap_or_default();
        let folder = spool.folder().display().to_string();
        let sentence = message::StillWaiting { folder: &folder, number: number(waiting), why: &why };
        return Err(Failure::Coded { code: EXIT_KEPT, sentence: sentence.render(locale) });
    }
    terminal::print(&message::Flushed { number: i64::from(tally.sent_count) }.render(locale));
    if tally.refused.is_empty() {
        return Ok(());
    }
    // They were said above.
    Err(Failure::Coded { code: EXIT_REFUSED, sentence: String::new() })
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

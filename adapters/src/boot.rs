//! What a node must know before it can read its log: `hotpotato.toml` and the environment.
//!
//! Every option can also be given as an environment variable, which then counts: the option's path in upper case,
//! joined by `_`, after `HOTPOTATO_`; what is neither letter nor digit becomes `_`. Lists are separated by commas.
//!
//! | option | variable |
//! | --- | --- |
//! | `listen` | `HOTPOTATO_LISTEN` |
//! | `public_url` | `HOTPOTATO_PUBLIC_URL` |
//! | `data_dir` | `HOTPOTATO_DATA_DIR` |
//! | `probe_every` | `HOTPOTATO_PROBE_EVERY` |
//! | `log.url` | `HOTPOTATO_LOG_URL` |
//! | `watch.url_file`, `watch.every` | `HOTPOTATO_WATCH_URL_FILE`, `HOTPOTATO_WATCH_EVERY` |
//! | `operators.pushover`, `.sms`, … | `HOTPOTATO_OPERATORS_PUSHOVER`, … |
//! | `channels.pushover.token_file`, `.base_url`, … | `HOTPOTATO_CHANNELS_PUSHOVER_TOKEN_FILE`, … |
//! | `channels.sms.twilio-main.from`, … | `HOTPOTATO_CHANNELS_SMS_TWILIO_MAIN_FROM`, … |
//! | `channels.pager.snpp-main.address`, … | `HOTPOTATO_CHANNELS_PAGER_SNPP_MAIN_ADDRESS`, … |
//!
//! A secret never stands in the file: there is `token_file`, whose path counts from the file that names it (from the
//! working directory when a variable names it), or the secret itself in a variable, such as
//! `HOTPOTATO_CHANNELS_PUSHOVER_TOKEN`. A channel with a name of its own must have a table in the file, since its name
//! and its place among the others come from there; one that is called as its kind needs none.

mod channels;
mod file;
mod option;
pub mod pace;
pub mod table;
mod watch;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use domain::blueprint::check::is_id;
use domain::blueprint::mistake::Severity;
use events::event::person::ChannelKind;
use events::{ChannelId, Span};

use crate::bounded_file;
use crate::channel::{address_mistake, kinds, media};
use crate::configuration::quantity;
use crate::line::Line;
use file::File;
use option::Options;

pub use channels::ChannelPlan;
pub use option::Given;
pub use watch::{WATCH_EVERY_DEFAULT, WatchPlan};

/// Bytes of the configuration file: 1 MiB.
pub const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Bytes of a secret's file.
pub const SECRET_BYTES_MAX: u64 = 16 * 1024;
/// Where a node listens when nothing is said: on this machine only.
pub const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
/// How seldom and how often providers can be asked: weekly to every minute.
const PROBE_EVERY: std::ops::RangeInclusive<Span> = Span::from_minutes(1)..=Span::from_minutes(7 * 24 * 60);
/// How often providers are asked when nothing is said: daily.
pub const PROBE_EVERY_DEFAULT: Span = Span::from_minutes(24 * 60);
/// Where a node keeps its data when nothing is said.
pub const DATA_DIR_DEFAULT: &str = "/var/lib/hotpotato";

/// What a secret's file holds; none when that is more than [`SECRET_BYTES_MAX`].
pub type SecretFiles<'a> = &'a dyn Fn(&Path) -> std::io::Result<Option<Vec<u8>>>;

/// How a node starts.
#[derive(Clone, Debug)]
pub struct BootConfiguration {
    /// Where it listens.
    pub listen: SocketAddr,
    /// How people reach it from outside, without a slash at the end; where it listens when nothing is said.
    pub public_url: Option<String>,
    /// Where it keeps its data.
    pub data_dir: PathBuf,
    /// Where its log is.
    pub log: LogConfiguration,
    /// Who is paged directly when the log itself fails, in order of channels.
    pub operators: Vec<Operator>,
    /// Every channel, in the order of the file.
    pub channels: Vec<ChannelPlan>,
    /// How often providers are asked whether they would take a page; never when nobody wants that.
    pub probe_every: Option<Span>,
    /// Who is to notice when the house itself is silent; none when nobody watches it.
    pub watch: Option<WatchPlan>,
    /// What is probably not meant so, in English, for the log.
    pub warnings: Vec<String>,
}

/// Where the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogConfiguration {
    /// In the data directory.
    Embedded,
}

/// Somebody who is paged when the log fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// The kind of channel.
    pub channel: ChannelKind,
    /// The address there.
    pub address: String,
    /// Which configured channel of that kind; the first one when nothing is said.
    pub via: Option<ChannelId>,
}

/// Why a node cannot start with this configuration. `place` is a file with line and column, or a variable.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// The file cannot be read.
    #[error("{file} cannot be read: {why}; check the path given to --config")]
    Unreadable {
        /// The file.
        file: String,
        /// The system's words.
        why: String,
    },
    /// The file is not what it should be: not TOML, or with an option that does not exist.
    #[error("{place}: {why}")]
    Malformed {
        /// Where.
        place: String,
        /// The parser's words.
        why: String,
    },
    /// An option cannot have this value.
    #[error("{place}: {option} is {text:?}, but must be {expected}, such as {example}")]
    BadValue {
        /// Where.
        place: String,
        /// Which option.
        option: String,
        /// As it is written.
        text: String,
        /// What it must be.
        expected: &'static str,
        /// What it could be.
        example: &'static str,
    },
    /// A secret stands in the file.
    #[error(
        "{place}: secrets do not stand in this file: write {option} into a file of its own and name that as {option}_file, or set {variable}"
    )]
    SecretInFile {
        /// Where.
        place: String,
        /// Which option.
        option: String,
        /// The variable that could hold it.
        variable: String,
    },
    /// A secret's file cannot be read.
    #[error("{place}: {option} cannot be read from {file}: {why}")]
    SecretUnreadable {
        /// Where.
        place: String,
        /// Which option.
        option: String,
        /// The secret's file.
        file: String,
        /// The system's words, or ours.
        why: String,
    },
    /// An option must be given.
    #[error("{place}: {option} is missing; add it, such as {option} = {example}, or set {variable}")]
    Missing {
        /// Where.
        place: String,
        /// Which option.
        option: String,
        /// What it could be.
        example: &'static str,
        /// The variable that could hold it.
        variable: String,
    },
    /// Part of the language, but not built.
    #[error("{place}: {what} is not built yet; {remedy}")]
    NotBuilt {
        /// Where.
        place: String,
        /// What.
        what: String,
        /// What to do.
        remedy: &'static str,
    },
}

/// The environment, as far as it is ours.
pub fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with(option::PREFIX))
        .collect()
}

impl BootConfiguration {
    /// Reads a file, or none, and the environment.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place and a remedy.
    pub fn load(path: Option<&Path>, environment: &BTreeMap<String, String>) -> Result<Self, BootError> {
        let Some(path) = path else { return Self::read(Path::new(""), "", environment) };
        let unreadable = |why: String| BootError::Unreadable { file: path.display().to_string(), why };
        let bytes =
            bounded_file::read(path, FILE_BYTES_MAX).map_err(|error| unreadable(error.to_string()))?;
        let bytes = bytes.ok_or_else(|| unreadable(format!("it has more than {FILE_BYTES_MAX} bytes")))?;
        let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8".to_owned()))?;
        Self::read(path, &text, environment)
    }

    /// Reads a text as that of the file at `path`. Touches the disk only for secrets.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place and a remedy.
    pub fn read(path: &Path, text: &str, environment: &BTreeMap<String, String>) -> Result<Self, BootError> {
        Self::read_with(path, text, environment, &|file| bounded_file::read(file, SECRET_BYTES_MAX))
    }

    /// As [`BootConfiguration::read`], without touching the disk: `secrets` gives what a secret's file holds, and none
    /// when that is more than [`SECRET_BYTES_MAX`].
    ///
    /// # Errors
    /// The first thing that is wrong, with its place and a remedy.
    pub fn read_with(
        path: &Path,
        text: &str,
        environment: &BTreeMap<String, String>,
        secrets: SecretFiles<'_>,
    ) -> Result<Self, BootError> {
        let options = Options::of(path, text, environment, secrets);
        let file: File = options.parse()?;
        let listen = match options.given(file.listen, &["listen"]) {
            Some(given) => {
                given.parsed("an address and a port", "\"127.0.0.1:8080\"", |text| text.parse().ok())?
            }
            None => LISTEN_DEFAULT,
        };
        let public_url =
            options.given(file.public_url, &["public_url"]).map(|given| given.url()).transpose()?;
        let data_dir = options.given(file.data_dir, &["data_dir"]);
        let data_dir = data_dir.map_or_else(|| PathBuf::from(DATA_DIR_DEFAULT), |given| given.path());
        if let Some(url) = options.given(file.log.url, &["log", "url"]) {
            return Err(foreign_log(&url));
        }
        let mut boot = Self {
            listen,
            public_url,
            data_dir,
            log: LogConfiguration::Embedded,
            operators: Vec::new(),
            channels: channels::channels(&options)?,
            probe_every: match options.given(file.probe_every, &["probe_every"]) {
                Some(given) if given.text == "never" => None,
                Some(given) => {
                    Some(given.parsed("a length of time from 1m to 7d, or never", "\"24h\"", |text| {
                        quantity::span(text).filter(|span| PROBE_EVERY.contains(span))
                    })?)
                }
                None => Some(PROBE_EVERY_DEFAULT),
            },
            watch: watch::read(&options, file.watch)?,
            warnings: Vec::new(),
        };
        let mut addresses = file.operators;
        for kind in kinds() {
            let own = addresses.remove(kind.as_str()).unwrap_or_default();
            for given in options.list(own, &["operators", kind.as_str()]) {
                let operator = operator(kind, &given, &boot.channels)?;
                boot.operators.push(operator);
            }
        }
        if let Some((unknown, values)) = addresses.pop_first() {
            let at = values.first().map_or(0, |value| value.span().start);
            return Err(channels::unknown_kind(&options, &unknown, at));
        }
        boot.warn();
        Ok(boot)
    }

    fn warn(&mut self) {
        let serves = |operator: &Operator| {
            let mut of_kind = self.channels.iter().filter(|channel| channel.kind == operator.channel);
            of_kind.any(|channel| operator.via.as_ref().is_none_or(|via| *via == channel.id))
        };
        let mut warnings: Vec<String> = Vec::new();
        for operator in self.operators.iter().filter(|operator| !serves(operator)) {
            let via = operator.via.as_ref().map_or_else(String::new, |via| format!(" called {via}"));
            let channel = operator.channel.as_str();
            warnings.push(format!(
                "no {channel} channel{via} is configured, so the operator {} cannot be paged; add [channels.{channel}]",
                operator.address
            ));
        }
        if self.operators.is_empty() {
            warnings.push(
                "no operators are configured, so nobody is paged when the log fails; add [operators]".into(),
            );
        }
        if self.channels.is_empty() {
            warnings
                .push("no channels are configured, so nobody can be paged; add [channels.pushover]".into());
        }
        self.warnings = warnings;
    }
}

fn foreign_log(url: &Given) -> BootError {
    let scheme = url.text.split(':').next().unwrap_or_default();
    BootError::NotBuilt {
        place: url.place.clone(),
        what: format!("a log at {}:", Line::new(scheme)),
        remedy: "remove the url; the log is then in data_dir",
    }
}

/// An address, with a channel of its kind after an `@` where one is meant: `7311@snpp-main`.
fn operator(kind: ChannelKind, given: &Given, channels: &[ChannelPlan]) -> Result<Operator, BootError> {
    let known = |via: &str| channels.iter().any(|channel| channel.kind == kind && channel.id.as_str() == via);
    let split = given.text.rsplit_once('@');
    let split = split.filter(|(_, via)| known(via) || kind == ChannelKind::PAGER);
    let (address, via) = split.map_or((given.text.as_str(), None), |(address, via)| (address, Some(via)));
    let medium = media(kind).next();
    let wrong = address_mistake(kind, address).filter(|what| what.severity() == Severity::Mistake);
    if wrong.is_some()
        || address.is_empty()
        || !address.bytes().all(|byte| byte.is_ascii_graphic())
        || via.is_some_and(|via| !is_id(via))
    {
        return Err(BootError::BadValue {
            place: given.place.clone(),
            option: given.option.clone(),
            text: given.text.clone(),
            expected: "an address of that channel",
            example: medium.map_or("", |medium| medium.example),
        });
    }
    Ok(Operator { channel: kind, address: address.to_owned(), via: via.map(Into::into) })
}

#[cfg(test)]
mod tests;

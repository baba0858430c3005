//! What `hotpotato` can be asked to do.
//!
//! Exit codes: 0 done; 1 refused or not found, said in one sentence on standard error; 2 wrong usage; 3 the server
//! cannot be reached; 4 a signal is kept, and sent later.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono_tz::Tz;
use clap::{Args, Parser, Subcommand, ValueEnum};
use i18n::Locale;

use crate::client::ClientError;
use crate::reader::{self, Moment, Reader};
use crate::terminal;

mod alert;
mod alerts;
mod apply;
mod calendars;
mod changes;
mod channels;
mod check;
mod configuration;
mod contacts;
mod demo;
mod export;
mod heartbeats;
mod ledger;
mod notify;
mod overrides;
mod replay;
mod routes;
mod serve;
mod session;
mod shifts;
mod test_page;
mod tokens;
mod verify;
mod who;
mod work;

use session::Session;

/// Refused or not found.
const EXIT_REFUSED: u8 = 1;
/// Wrong usage.
const EXIT_USAGE: u8 = 2;
/// The server cannot be reached.
const EXIT_UNREACHABLE: u8 = 3;
/// No server has taken the signal yet; it is kept, and sent later.
const EXIT_KEPT: u8 = 4;

/// Called by this name, the program understands the arguments of `PagerDuty`'s tool.
const PD_NAGIOS: &str = "pd-nagios";

const AFTER_HELP: &str = "\
Commands that talk to a server find it at HOTPOTATO_URL (default http://127.0.0.1:8080),
with the bearer token in HOTPOTATO_TOKEN or in the file that HOTPOTATO_TOKEN_FILE names.
The first owner's token is in owner.token in the server's data directory.

Exit codes: 0 done; 1 refused or not found; 2 wrong usage; 3 the server cannot be reached;
4 a signal is kept, and sent later.

Example, on the machine that serves:
  export HOTPOTATO_TOKEN_FILE=/var/lib/hotpotato/owner.token
  hotpotato apply house.yaml
  hotpotato who";

/// Hot Potato: reaches the person on call, and does not let go until somebody has it.
#[derive(Debug, Parser)]
#[command(name = "hotpotato", version, after_help = AFTER_HELP, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a node.
    #[command(
        after_help = "Every option of the file can also be set in the environment, such as HOTPOTATO_LISTEN.\n\nExample:\n  hotpotato serve --config hotpotato.toml"
    )]
    Serve {
        /// The boot configuration: address, data directory, channels.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Watch the house at work: three people, stand-in phones, one alert. Needs no account, file or network.
    #[command(after_help = "Examples:\n  hotpotato demo\n  hotpotato demo --lang de --port 9000")]
    Demo {
        /// The port of the web page on this machine; otherwise 8080, or a free one if that is taken.
        #[arg(long)]
        port: Option<u16>,
        #[command(flatten)]
        language: Language,
    },
    #[command(flatten)]
    Task(Task),
}

/// What is done once and over.
#[derive(Debug, Subcommand)]
enum Task {
    /// Read configuration files and say every mistake, with file, line and a remedy. Needs no server.
    #[command(after_help = "Example:\n  hotpotato check people.yaml house.yaml")]
    Check {
        /// YAML, JSON (.json) or TOML (.toml); together they are one configuration, or a part of one.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
    /// Make the house match configuration files. Prints the plan first.
    #[command(after_help = "Example:\n  hotpotato apply house.yaml --dry-run")]
    Apply {
        /// YAML, JSON (.json) or TOML (.toml); together they are the whole configuration.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Only print the plan.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Print configuration files that `apply` turns into the same house.
    #[command(after_help = "Example:\n  hotpotato export > house.yaml")]
    Export {
        /// How it is written.
        #[arg(long, value_enum, default_value_t = export::FileFormat::Yaml)]
        format: export::FileFormat,
        #[command(flatten)]
        language: Language,
    },
    /// List the open alerts.
    #[command(after_help = "Example:\n  hotpotato alerts --format json | jq -r '.[].code'")]
    Alerts {
        #[command(flatten)]
        output: Output,
    },
    /// Look at one alert, or do something about it.
    #[command(
        subcommand_value_name = "ACTION",
        subcommand_help_heading = "Actions",
        after_help = "Wherever an ID is asked for, the alert's code will do.\n\nExample:\n  hotpotato alert ack K7M2Q"
    )]
    Alert {
        #[command(subcommand)]
        action: alert::Action,
    },
    /// Say who would be paged, in order, and why; for a moment in the past, as it was known then.
    #[command(after_help = "Examples:\n  hotpotato who\n  hotpotato who shop --at 2026-12-24T22:00")]
    Who {
        /// A rota, a team or a service; every service when nothing is said.
        #[arg(value_name = "ROTA|TEAM|SERVICE")]
        name: Option<String>,
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        output: Output,
    },
    /// Say who is on call when, from a server or from files.
    #[command(
        after_help = "Examples:\n  hotpotato shifts primary --from 2026-12-01 --to 2027-01-01\n  hotpotato shifts primary --known-at 2026-11-20T18:00\n  hotpotato shifts primary --file house.yaml --format json\n  hotpotato shifts primary --format ics > primary.ics"
    )]
    Shifts {
        /// The rota.
        rota: String,
        /// From when; now when nothing is said.
        #[arg(long, value_name = "TIME")]
        from: Option<Moment>,
        /// Until when; four weeks when nothing is said.
        #[arg(long, value_name = "TIME")]
        to: Option<Moment>,
        /// As they were known at this moment: what was decided later does not count.
        #[arg(long, value_name = "TIME", conflicts_with = "files")]
        known_at: Option<Moment>,
        /// Configuration files to read instead of asking a server.
        #[arg(long = "file", value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        output: shifts::Output,
    },
    /// Let somebody stand in for somebody, or see who does.
    #[command(subcommand_value_name = "ACTION", subcommand_help_heading = "Actions")]
    Override {
        #[command(subcommand)]
        action: overrides::Action,
    },
    /// Plan work, so that the alerts it causes go first to whoever is doing it, or see what is planned.
    #[command(subcommand_value_name = "ACTION", subcommand_help_heading = "Actions")]
    Work {
        #[command(subcommand)]
        action: work::Action,
    },
    /// Let a person or a program in with a token, or take that back.
    #[command(subcommand_value_name = "ACTION", subcommand_help_heading = "Actions")]
    Token {
        #[command(subcommand)]
        action: tokens::Action,
    },
    /// Give a rota or a person a feed for calendar programs, or take it away.
    #[command(subcommand_value_name = "ACTION", subcommand_help_heading = "Actions")]
    Calendar {
        #[command(subcommand)]
        action: calendars::Action,
    },
    /// List the heartbeats: when each was heard, when it is due, and which are silent.
    #[command(
        after_help = "Example:\n  hotpotato heartbeats --format json | jq -r '.[] | select(.state == \"silent\").source'"
    )]
    Heartbeats {
        #[command(flatten)]
        output: Output,
    },
    /// Say what became of every problem that was accepted; exit code 1 when something is unaccounted for.
    #[command(after_help = "Examples:\n  hotpotato ledger\n  hotpotato ledger --in waiting")]
    Ledger {
        /// List the open alerts that are counted there, the oldest first, 100 at most.
        #[arg(long = "in", value_name = "WHERE", value_enum)]
        bucket: Option<ledger::Bucket>,
        #[command(flatten)]
        output: Output,
    },
    /// Say which channels are configured, and whether their providers would take a page.
    Channels {
        #[command(flatten)]
        output: Output,
    },
    /// See which contact methods reach somebody, and prove them by a code.
    #[command(subcommand_value_name = "ACTION", subcommand_help_heading = "Actions")]
    Contact {
        #[command(subcommand)]
        action: contacts::Action,
    },
    /// Say who changed the configuration, what, when and why: newest first.
    #[command(
        after_help = "Examples:\n  hotpotato changes\n  hotpotato changes primary --from 2026-11-01 --limit 200"
    )]
    Changes {
        /// Only what is about this person, team, rota, policy, service, source, override, planned work or token.
        name: Option<String>,
        /// From when; from the beginning when nothing is said.
        #[arg(long, value_name = "TIME")]
        from: Option<Moment>,
        /// Until when; until now when nothing is said.
        #[arg(long, value_name = "TIME")]
        to: Option<Moment>,
        /// How many, 1000 at most; 50 when nothing is said.
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
        #[command(flatten)]
        output: Output,
    },
    /// Ask where signals go, and why.
    #[command(subcommand_value_name = "ACTION", subcommand_help_heading = "Actions")]
    Route {
        #[command(subcommand)]
        action: routes::Action,
    },
    /// Show the open alerts, or one alert with its timeline, as they were.
    #[command(
        after_help = "Examples:\n  hotpotato replay --at 2026-11-22T03:20\n  hotpotato replay --alert K7M2Q --at 2026-11-22T02:20:00Z"
    )]
    Replay {
        /// Only this alert, with its timeline.
        #[arg(long, value_name = "ID")]
        alert: Option<String>,
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        output: Output,
    },
    /// Prove the log unbroken, or name the first bad record.
    #[command(after_help = "Example:\n  hotpotato verify && echo whole")]
    Verify {
        #[command(flatten)]
        output: Output,
    },
    /// Send one signal, as Nagios, Icinga and scripts do. Keeps it on disk while no server takes it.
    #[command(
        after_help = "Exit codes: 0 a server has taken it; 1 the server does not understand it, and it is set aside; 2 wrong usage;\n3 no server took it and it could not be kept either; 4 it is kept, and sent later.\n\nExamples:\n  hotpotato notify --key-file backup.key --summary \"backup failed\" --key backup --severity critical\n  hotpotato notify --key-file backup.key --key backup --status resolved\n  hotpotato notify --nagios --key-file nagios.key --macro HOSTNAME=db1 --macro NOTIFICATIONTYPE=PROBLEM\n  hotpotato notify --flush"
    )]
    Notify(Box<notify::Options>),
    /// Send a real page, labelled as a test, and show what becomes of it.
    #[command(after_help = "Examples:\n  hotpotato send-test-page anna\n  hotpotato send-test-page anna sms")]
    SendTestPage {
        /// The person's name in the configuration.
        person: String,
        /// Only this contact method; the whole ladder when nothing is said.
        contact: Option<String>,
        #[command(flatten)]
        output: Output,
    },
}

/// In which language.
#[derive(Clone, Copy, Debug, Args)]
struct Language {
    /// The language; otherwise the environment decides.
    #[arg(
        long,
        value_name = "en|de|it",
        help = "The language; otherwise HOTPOTATO_LANG, LC_ALL, LC_MESSAGES or LANG decides"
    )]
    lang: Option<Locale>,
}

/// How something is said.
#[derive(Clone, Copy, Debug, Args)]
struct Output {
    /// For people, or for programs.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    language: Language,
    /// The time zone of every time, such as Europe/Berlin; otherwise TZ or the machine's.
    #[arg(long, value_name = "ZONE")]
    zone: Option<Tz>,
}

/// For people, or for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Aligned columns.
    Table,
    /// JSON.
    Json,
}

/// As when.
#[derive(Clone, Copy, Debug, Args)]
struct At {
    /// At this moment: 2026-11-22T03:10:00Z, or 2026-11-22T03:10 in your zone. Now when nothing is said.
    #[arg(long, value_name = "TIME")]
    at: Option<Moment>,
}

/// Why a command did not do what was asked.
#[derive(Debug)]
enum Failure {
    /// The server's part.
    Client(ClientError),
    /// In words already.
    Said(String),
    /// In words already, or said before where there are none, and with an exit code of its own.
    Coded {
        /// The exit code.
        code: u8,
        /// The words.
        sentence: String,
    },
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl Failure {
    const fn exit_code(&self) -> u8 {
        match self {
            Self::Client(ClientError::Unreachable { .. }) => EXIT_UNREACHABLE,
            Self::Client(_) | Self::Said(_) => EXIT_REFUSED,
            Self::Coded { code, .. } => *code,
        }
    }

    fn say(&self, locale: Locale) -> String {
        match self {
            Self::Client(error) => error.say(locale),
            Self::Said(sentence) | Self::Coded { sentence, .. } => sentence.clone(),
        }
    }
}

/// What a command comes to.
type Done = Result<(), Failure>;

/// Reads the command line and does what it asks for.
pub(crate) fn main() -> ExitCode {
    match Arguments::parse_from(arguments(std::env::args_os())).command {
        Command::Serve { config } => {
            on(&mut tokio::runtime::Builder::new_multi_thread(), serve::run(config.as_deref()))
        }
        Command::Demo { port, language } => {
            on(&mut tokio::runtime::Builder::new_multi_thread(), demo::run(language.lang, port))
        }
        Command::Task(task) => on(&mut tokio::runtime::Builder::new_current_thread(), run(task)),
    }
}

/// The command line; of a program that is called `pd-nagios`, the one it stands for.
fn arguments(line: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut line: Vec<OsString> = line.collect();
    let name = line.first().and_then(|program| Path::new(program).file_name());
    if name.is_some_and(|name| name == PD_NAGIOS) {
        line.splice(1..1, ["notify", PD_NAGIOS].map(OsString::from));
    }
    line
}

fn on(runtime: &mut tokio::runtime::Builder, work: impl Future<Output = ExitCode>) -> ExitCode {
    match runtime.enable_all().build() {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => {
            terminal::complain(&format!("the program cannot start: {error}"));
            ExitCode::from(EXIT_REFUSED)
        }
    }
}

/// Does a task, and says why if it cannot.
async fn run(task: Task) -> ExitCode {
    let (output, language) = manner(&task);
    let session = Session::new(output, language);
    let done = match task {
        Task::Check { files, .. } => check::run(&session, &files),
        Task::Apply { files, dry_run, .. } => apply::run(&session, &files, dry_run).await,
        Task::Export { format, .. } => export::run(&session, format).await,
        Task::Alerts { .. } => alerts::run(&session).await,
        Task::Alert { action } => alert::run(&session, &action).await,
        Task::Who { name, at, .. } => who::run(&session, name, at.at).await,
        Task::Shifts { rota, from, to, known_at, files, output } => {
            let is_calendar = output.is_calendar();
            let wanted = shifts::Wanted { rota: &rota, from, to, known_at, files: &files, is_calendar };
            shifts::run(&session, &wanted).await
        }
        Task::Override { action } => overrides::run(&session, &action).await,
        Task::Work { action } => work::run(&session, &action).await,
        Task::Token { action } => tokens::run(&session, &action).await,
        Task::Calendar { action } => calendars::run(&session, &action).await,
        Task::Channels { .. } => channels::run(&session).await,
        Task::Heartbeats { .. } => heartbeats::run(&session).await,
        Task::Ledger { bucket, .. } => ledger::run(&session, bucket).await,
        Task::Contact { action } => contacts::run(&session, &action).await,
        Task::Changes { name, from, to, limit, .. } => {
            changes::run(&session, changes::Wanted { name, from, to, limit }).await
        }
        Task::Route { action } => routes::run(&session, &action).await,
        Task::Replay { alert, at, .. } => replay::run(&session, alert.as_deref(), at.at).await,
        Task::Verify { .. } => verify::run(&session).await,
        Task::Notify(options) => notify::run(&session, &options).await,
        Task::SendTestPage { person, contact, .. } => {
            test_page::run(&session, &person, contact.as_deref()).await
        }
    };
    let Err(failure) = done else { return ExitCode::SUCCESS };
    let sentence = failure.say(session.locale());
    if !sentence.is_empty() {
        terminal::complain(&terminal::clean(&sentence));
    }
    ExitCode::from(failure.exit_code())
}

/// How a task wants to be answered.
fn manner(task: &Task) -> (Option<Output>, Option<Locale>) {
    match task {
        Task::Check { output, .. }
        | Task::Apply { output, .. }
        | Task::Alerts { output }
        | Task::Who { output, .. }
        | Task::Channels { output }
        | Task::Heartbeats { output }
        | Task::Ledger { output, .. }
        | Task::Changes { output, .. }
        | Task::Replay { output, .. }
        | Task::Verify { output }
        | Task::SendTestPage { output, .. } => (Some(*output), output.language.lang),
        Task::Alert { action } => {
            let output = action.output();
            (Some(output), output.language.lang)
        }
        Task::Shifts { output, .. } => (Some(output.usual()), output.language.lang),
        Task::Calendar { action } => {
            let output = action.output();
            (Some(output), output.language.lang)
        }
        Task::Contact { action } => {
            let output = action.output();
            (Some(output), output.language.lang)
        }
        Task::Override { action } => {
            let output = action.output();
            (Some(output), output.language.lang)
        }
        Task::Route { action } => {
            let output = action.output();
            (Some(output), output.language.lang)
        }
        Task::Work { action } => {
            let output = action.output();
            (Some(output), output.language.lang)
        }
        Task::Token { action } => {
            let output = action.output();
            (Some(output), output.language.lang)
        }
        Task::Export { language, .. } => (None, language.lang),
        Task::Notify(options) => (None, options.language.lang),
    }
}

/// What the environment holds under a name.
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The reader as the command line and the machine tell.
fn reader_of(output: Option<Output>, language: Option<Locale>) -> Reader {
    let localtime = reader::localtime();
    Reader {
        locale: reader::language(language, &environment),
        zone: reader::zone(output.and_then(|output| output.zone), &environment, localtime.as_deref()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_kind_of_failure_has_its_exit_code() {
        let url = || "http://127.0.0.1:1/".to_owned();
        for (failure, code) in [
            (Failure::Client(ClientError::Unreachable { url: url() }), 3),
            (Failure::Client(ClientError::Refused { status: 404, problem: Box::default() }), 1),
            (Failure::Client(ClientError::Strange { url: url(), status: 502 }), 1),
            (Failure::Client(ClientError::TokenRefused), 1),
            (Failure::Client(ClientError::UrlInvalid { url: url() }), 1),
            (Failure::Said("no".to_owned()), 1),
            (Failure::Coded { code: 4, sentence: String::new() }, 4),
        ] {
            assert_eq!(failure.exit_code(), code, "{failure:?}");
        }
    }

    #[test]
    fn called_by_another_name_it_is_another_program() {
        let of = |line: &[&str]| -> Vec<OsString> { arguments(line.iter().map(OsString::from)) };
        let expected: Vec<OsString> =
            ["/usr/bin/pd-nagios", "notify", "pd-nagios", "-t", "PROBLEM"].map(OsString::from).into();
        assert_eq!(of(&["/usr/bin/pd-nagios", "-t", "PROBLEM"]), expected);
        assert_eq!(
            of(&["hotpotato", "pd-nagios"]),
            [OsString::from("hotpotato"), OsString::from("pd-nagios")]
        );
    }

    #[test]
    fn wrong_usage_is_two() {
        for line in [
            &["hotpotato"][..],
            &["hotpotato", "check"],
            &["hotpotato", "alert", "hold", "K7M2Q", "--for", "soon"],
            &["hotpotato", "alert", "hold", "K7M2Q"],
            &["hotpotato", "alert", "hold", "K7M2Q", "--until", "25:00"],
            &["hotpotato", "alert", "hold", "K7M2Q", "--for", "1h", "--until", "07:30"],
            &["hotpotato", "who", "--at", "yesterday"],
            &["hotpotato", "route", "test"],
            &["hotpotato", "route", "test", "--source", "cron", "body.json", "--text", "full"],
            &["hotpotato", "override", "add", "primary", "--to", "2026-11-23T09:00"],
            &["hotpotato", "override", "add", "primary", "--for", "anna", "--to", "2026-11-23T09:00"],
            &["hotpotato", "override", "add", "primary", "--for", "anna", "--by", "bernd"],
            &[
                "hotpotato",
                "override",
                "add",
                "p",
                "--for",
                "a",
                "--by",
                "b",
                "--nobody",
                "--to",
                "2026-11-23",
            ],
            &["hotpotato", "token", "issue", "--role", "admin", "x"],
            &["hotpotato", "token", "issue", "--role", "team:", "x"],
            &["hotpotato", "token", "issue", "--role", "read"],
            &["hotpotato", "token", "issue", "x"],
            &["hotpotato", "token", "issue", "--role", "read", "--expires", "soon", "x"],
            &["hotpotato", "alerts", "--zone", "Mars/Olympus"],
            &["hotpotato", "alerts", "--lang", "fr"],
            &["hotpotato", "alerts", "--format", "xml"],
            &["hotpotato", "alerts", "--format", "ics"],
            &["hotpotato", "calendar", "open"],
            &["hotpotato", "calendar", "open", "primary", "--person", "anna"],
        ] {
            let error = Arguments::try_parse_from(line).expect_err("wrong usage");
            assert_eq!(error.exit_code(), 2, "{line:?}");
        }
    }

    #[test]
    fn every_command_of_the_contract_is_understood() {
        for line in [
            "serve --config hotpotato.toml",
            "demo",
            "demo --port 8080 --lang it",
            "shifts primary --format ics",
            "calendar open primary",
            "calendar open --person anna --format json",
            "calendar list",
            "heartbeats --format json",
            "ledger",
            "ledger --in held-for-work --format json",
            "contact list anna --broken --format json",
            "contact verify anna sms --lang de",
            "contact confirm anna sms 482193",
            "contact coverage",
            "calendar close K7M2Q3RS",
            "override import primary a.ics --for anna --dry-run",
            "check a.yaml b.toml",
            "apply a.yaml --dry-run",
            "export",
            "export --format json",
            "alerts --format json",
            "alert show K7M2Q",
            "alert ack K7M2Q --lang de",
            "alert resolve K7M2Q",
            "alert escalate K7M2Q",
            "alert hold K7M2Q --for 20m",
            "alert hold K7M2Q --until 07:30 --unless-joined",
            "alert hold K7M2Q --until 2026-11-23T07:30 --unless-joined 3 --format json",
            "alert unhold K7M2Q",
            "alert note K7M2Q the disk is full",
            "route test --source prometheus body.json --file house.yaml --at 2026-11-22T03:10 --format json",
            "route test --source cron --label team=payments --label a=b=c --severity P1 --text full --lang it",
            "who",
            "who shop --at 2026-11-22T03:10",
            "shifts primary",
            "shifts primary --from 2026-11-01 --to 2026-12-01T09:00 --file a.yaml --file b.yaml --format json",
            "override add primary --for anna --by bernd --from 2026-11-22T18:00 --to 2026-11-23T09:00 --ask",
            "override add primary --for anna --nobody --to 2026-11-23T09:00 --reason away",
            "override add primary --also callum --to 2026-11-23T09:00",
            "override swap primary --person anna --from 2026-12-21 --to 2026-12-28 --with bernd --their-from 2026-12-28 --their-to 2027-01-04",
            "override all-hands sysadmin --to 2026-11-23T09:00",
            "override accept K7M2Q3XY",
            "override decline K7M2Q3XY",
            "override remove K7M2Q3XY",
            "override list primary --all --format json",
            "token issue --role read wall display",
            "token issue --role team:sysadmin --person anna --expires 90d --format json planning",
            "token issue --role owner --expires 2027-01-01T00:00:00Z backup",
            "token list --all --format json",
            "token revoke k7m2q3xy",
            "replay --alert K7M2Q --at 2026-11-22T02:10:00Z --zone Europe/Rome",
            "replay",
            "verify",
            "send-test-page anna",
            "send-test-page anna sms",
            "notify --summary disk --key db1/disk --severity critical --label team=db --key-file k --lang de",
            "notify --key db1/disk --status resolved --spool s --within 5s --no-background",
            "notify --nagios --macro HOSTNAME=db1",
            "notify --icinga -l db1 -e disk -s CRITICAL",
            "notify pd-nagios -n service -k R123 -t PROBLEM -f HOSTNAME=db1",
            "notify --flush",
        ] {
            let line = std::iter::once("hotpotato").chain(line.split(' '));
            let parsed = Arguments::try_parse_from(line.clone());
            assert!(parsed.is_ok(), "{:?}: {:?}", line.collect::<Vec<_>>(), parsed.err());
        }
    }
}

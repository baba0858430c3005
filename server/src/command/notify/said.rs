//! What the arguments and the environment say, as a body.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

use adapters::source::{DETAIL_CHARS_MAX, Received, SourceError, generic, nagios};
use clap::builder::{OsStringValueParser, TypedValueParser};
use events::Timestamp;
use events::event::signal::Status;
use serde_json::json;

use super::entry::Tongue;
use super::{Letters, Options, PdNagios};

/// More is not read of one value: the server keeps no more either.
const VALUE_CHARS_MAX: usize = DETAIL_CHARS_MAX + 1;

/// What is sent to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// What it is written in.
    pub(super) tongue: Tongue,
    /// The body.
    pub(super) body: String,
    /// True when it ends a problem that somebody may be about to tell: monitoring systems run a program for each
    /// notification, and do not wait for the one before.
    pub(super) may_be_ahead: bool,
}

/// Why nothing can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unsaid {
    /// Nothing was said.
    Nothing,
    /// No macro says which host it is about.
    NoHost,
    /// In the words of the reader.
    Unclear(String),
}

/// A text of the command line or the environment. Plugins write what they like: what is not UTF-8 is taken for Latin-1.
pub(super) fn text(raw: &OsStr) -> String {
    let text =
        raw.to_str().map_or_else(|| raw.as_bytes().iter().copied().map(char::from).collect(), str::to_owned);
    if text.chars().nth(VALUE_CHARS_MAX).is_some() {
        text.chars().take(VALUE_CHARS_MAX).collect()
    } else {
        text
    }
}

/// A value that may be any text.
pub(super) fn value() -> impl TypedValueParser<Value = String> {
    OsStringValueParser::new().map(|raw| text(&raw))
}

/// A value `NAME=VALUE`.
pub(super) fn pair() -> impl TypedValueParser<Value = (String, String)> {
    OsStringValueParser::new().try_map(|raw| {
        let text = text(&raw);
        let pair = text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        pair.ok_or("write it as NAME=VALUE")
    })
}

/// A value `NAME=VALUE`, or what means nothing and is no reason to send nothing.
pub(super) fn loose_pair() -> impl TypedValueParser<Value = (String, String)> {
    OsStringValueParser::new().map(|raw| {
        let text = text(&raw);
        text.split_once('=')
            .map_or((text.clone(), String::new()), |(name, value)| (name.to_owned(), value.to_owned()))
    })
}

/// What plain arguments, or Nagios's or Icinga's macros say.
pub(super) fn said(
    options: &Options,
    environment: impl Iterator<Item = (OsString, OsString)>,
    now: Timestamp,
) -> Result<Said, Unsaid> {
    if !options.icinga && options.letters.macros().next().is_some() {
        return Err(Unsaid::Unclear("-l, -e, -s and the other letters need --icinga".to_owned()));
    }
    if !options.nagios && !options.icinga {
        return plain(options, now);
    }
    let mut macros = BTreeMap::new();
    for (name, value) in environment {
        let Some(name) = name.to_str() else { continue };
        // Nagios exports with a prefix. Icinga exports what its configuration says, and that is usually bare names.
        let is_theirs = name.starts_with(if options.nagios { "NAGIOS_" } else { "ICINGA_" });
        if let Some(known) =
            nagios::macro_named(name).filter(|known| is_theirs || options.icinga && *known == name)
        {
            macros.insert(known.to_owned(), text(&value));
        }
    }
    if options.icinga {
        macros.extend(options.letters.macros());
    }
    for (name, value) in &options.macros {
        if let Some(known) = nagios::macro_named(name) {
            macros.insert(known.to_owned(), value.clone());
        }
    }
    notice(&nagios::Notice {
        macros,
        labels: options.label.iter().cloned().collect(),
        dedup_key: options.key.clone(),
        object: None,
        happened_at: now,
    })
}

/// What arguments in the style of `pd-nagios` say.
pub(super) fn of_pd_nagios(options: &PdNagios, now: Timestamp) -> Result<Said, Unsaid> {
    let mut macros = BTreeMap::new();
    for (name, value) in &options.fields {
        if let Some(known) = nagios::macro_named(name) {
            macros.insert(known.to_owned(), value.clone());
        }
    }
    macros.insert("NOTIFICATIONTYPE".to_owned(), options.event_type.clone());
    notice(&nagios::Notice {
        macros,
        labels: BTreeMap::new(),
        dedup_key: options.incident_key.clone(),
        object: Some(options.notification_type.clone()),
        happened_at: now,
    })
}

/// The macros as a body, if they say anything: the server would refuse it later, when nobody reads the answer.
fn notice(notice: &nagios::Notice) -> Result<Said, Unsaid> {
    let body = notice.body();
    match nagios::read(body.as_bytes()) {
        Ok(delivery) => {
            let is_over = |received: &Received| received.signal.status == Status::Resolved;
            let may_be_ahead = delivery.signals.iter().any(is_over);
            Ok(Said { tongue: Tongue::Nagios, body, may_be_ahead })
        }
        Err(SourceError::FieldWrong { .. }) => Err(Unsaid::NoHost),
        Err(error) => Err(Unsaid::Unclear(error.to_string())),
    }
}

/// The signal in the house's own shape.
fn plain(options: &Options, now: Timestamp) -> Result<Said, Unsaid> {
    if options.summary.is_none() && options.key.is_none() {
        return Err(Unsaid::Nothing);
    }
    let object = |pairs: &[(String, String)]| json!(pairs.iter().cloned().collect::<BTreeMap<_, _>>());
    let mut body = json!({ "labels": object(&options.label), "details": object(&options.detail) });
    for (name, value) in [
        ("summary", &options.summary),
        ("dedup_key", &options.key),
        ("status", &options.status),
        ("severity", &options.severity),
    ] {
        if let Some(value) = value {
            body[name] = json!(value);
        }
    }
    let delivery =
        generic::read(body.to_string().as_bytes()).map_err(|error| Unsaid::Unclear(error.to_string()))?;
    // One that comes late is known by its beginning. An end needs none: clocks differ.
    if delivery.signals.iter().any(|received| received.signal.status == Status::Firing) {
        body["started_at"] = json!(now.to_string());
    }
    // Scripts do one thing after the other.
    Ok(Said { tongue: Tongue::Generic, body: body.to_string(), may_be_ahead: false })
}

impl Letters {
    /// The macros that the letters stand for: about the service when one is named.
    fn macros(&self) -> impl Iterator<Item = (String, String)> {
        let is_of_service = self.service_name.is_some();
        let own = |service, host| if is_of_service { service } else { host };
        [
            ("HOSTADDRESS", self.address.as_ref().or(self.address6.as_ref())),
            ("NOTIFICATIONAUTHORNAME", self.author.as_ref()),
            ("NOTIFICATIONCOMMENT", self.comment.as_ref()),
            ("LONGDATETIME", self.date.as_ref()),
            ("SERVICENAME", self.service_name.as_ref()),
            ("HOSTNAME", self.host_name.as_ref()),
            ("HOSTDISPLAYNAME", self.host_display_name.as_ref()),
            (own("SERVICEOUTPUT", "HOSTOUTPUT"), self.output.as_ref()),
            (own("SERVICESTATE", "HOSTSTATE"), self.state.as_ref()),
            ("NOTIFICATIONTYPE", self.kind.as_ref()),
            ("SERVICEDISPLAYNAME", self.service_display_name.as_ref()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.clone())))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use serde_json::Value;

    use super::*;

    #[derive(Debug, clap::Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    fn now() -> Timestamp {
        Timestamp::parse_rfc3339("2026-11-22T07:17:27.625Z").expect("a moment")
    }

    fn of(arguments: &[&str], environment: &[(&str, &[u8])]) -> Result<(Tongue, Value), Unsaid> {
        let line = std::iter::once(&"notify").chain(arguments);
        let options = Line::try_parse_from(line).expect("arguments").options;
        let environment = environment
            .iter()
            .map(|(name, value)| (OsString::from(name), OsStr::from_bytes(value).to_owned()));
        let said = match &options.form {
            Some(super::super::Form::PdNagios(options)) => of_pd_nagios(options, now()),
            None => said(&options, environment, now()),
        }?;
        Ok((said.tongue, serde_json::from_str(&said.body).expect("JSON")))
    }

    #[test]
    fn plain_arguments_become_a_signal() {
        let arguments = [
            "--summary",
            "-- disk \"full\"\n$(id)",
            "--key",
            "db1/disk",
            "--severity",
            "critical",
            "--label",
            "team=db=2",
            "--detail",
            "text=a\nb",
        ];
        let expected = json!({
            "labels": { "team": "db=2" }, "details": { "text": "a\nb" }, "summary": "-- disk \"full\"\n$(id)",
            "dedup_key": "db1/disk", "severity": "critical", "started_at": now().to_string(),
        });
        assert_eq!(of(&arguments, &[]), Ok((Tongue::Generic, expected)));
        let over = of(&["--key", "db1/disk", "--status", "resolved"], &[]).expect("a signal").1;
        assert_eq!(
            over,
            json!({ "labels": {}, "details": {}, "dedup_key": "db1/disk", "status": "resolved" })
        );
        assert_eq!(of(&[], &[]), Err(Unsaid::Nothing));
        assert!(
            matches!(of(&["--key", "x"], &[]), Err(Unsaid::Unclear(why)) if why.contains("`summary` is missing"))
        );
    }

    #[test]
    fn nagios_exports_its_macros_and_arguments_count_more() {
        let environment: [(&str, &[u8]); 6] = [
            ("NAGIOS_NOTIFICATIONTYPE", b"PROBLEM"),
            ("NAGIOS_HOSTNAME", b"db1"),
            ("NAGIOS_SERVICEOUTPUT", b"Ger\xe4t"),
            ("NAGIOS_USER1", b"s3cret"),
            ("HOSTNAME", b"this machine"),
            ("NAGIOS__SERVICEPASSWORD", b"s3cret"),
        ];
        let arguments = [
            "--nagios",
            "--macro",
            "SERVICEDESC=disk /var",
            "--macro",
            "NAGIOS_HOSTNAME=db2",
            "--label",
            "a=b",
        ];
        let expected = json!({
            "macros": { "HOSTNAME": "db2", "NOTIFICATIONTYPE": "PROBLEM", "SERVICEDESC": "disk /var", "SERVICEOUTPUT": "Gerät" },
            "happened_at": now().to_string(), "labels": { "a": "b" },
        });
        assert_eq!(of(&arguments, &environment), Ok((Tongue::Nagios, expected)));
        assert_eq!(of(&["--nagios"], &environment[4..]), Err(Unsaid::NoHost));
    }

    #[test]
    fn icinga_exports_bare_names_or_uses_the_letters_of_its_own_scripts() {
        let environment: [(&str, &[u8]); 3] =
            [("HOSTNAME", b"db1"), ("SERVICENAME", b"disk"), ("PATH", b"/bin")];
        let macros = of(&["--icinga"], &environment).expect("a signal").1["macros"].clone();
        assert_eq!(macros, json!({ "HOSTNAME": "db1", "SERVICENAME": "disk" }));
        let letters = [
            "--icinga",
            "-4",
            "10.0.0.1",
            "-6",
            "",
            "-b",
            "",
            "-c",
            "-x",
            "-d",
            "2026-11-22 07:19:53 +0000",
            "-e",
            "disk",
            "-i",
            "",
            "-l",
            "db1",
            "-n",
            "db1",
            "-o",
            "- 3% free",
            "-r",
            "x@y",
            "-s",
            "CRITICAL",
            "-t",
            "PROBLEM",
            "-u",
            "Disk",
            "-v",
            "true",
            "-f",
            "z@y",
        ];
        let macros = of(&letters, &[]).expect("a signal").1["macros"].clone();
        assert_eq!(
            macros,
            json!({
                "HOSTADDRESS": "10.0.0.1", "HOSTDISPLAYNAME": "db1", "HOSTNAME": "db1",
                "LONGDATETIME": "2026-11-22 07:19:53 +0000", "NOTIFICATIONAUTHORNAME": "", "NOTIFICATIONCOMMENT": "-x",
                "NOTIFICATIONTYPE": "PROBLEM", "SERVICEDISPLAYNAME": "Disk", "SERVICENAME": "disk",
                "SERVICEOUTPUT": "- 3% free", "SERVICESTATE": "CRITICAL",
            })
        );
        let of_host = of(&["--icinga", "-l", "db1", "-s", "DOWN", "-o", "gone"], &[]).expect("a signal").1;
        assert_eq!(
            of_host["macros"],
            json!({ "HOSTNAME": "db1", "HOSTOUTPUT": "gone", "HOSTSTATE": "DOWN" })
        );
    }

    #[test]
    fn arguments_of_pd_nagios_are_understood() {
        let arguments = [
            "pd-nagios",
            "-n",
            "service",
            "-k",
            "R123",
            "-t",
            "PROBLEM",
            "-f",
            "SERVICEDESC=disk",
            "-f",
            "HOSTNAME=db1",
            "-f",
            "SERVICESTATE=CRITICAL",
            "-f",
            "SERVICEOUTPUT=a=b",
            "-f",
            "nonsense",
            "-i",
            "given",
            "-c",
            "node1",
            "-u",
            "https://x",
        ];
        let expected = json!({
            "macros": {
                "HOSTNAME": "db1", "NOTIFICATIONTYPE": "PROBLEM", "SERVICEDESC": "disk", "SERVICEOUTPUT": "a=b",
                "SERVICESTATE": "CRITICAL",
            },
            "happened_at": now().to_string(), "dedup_key": "given", "object": "service",
        });
        assert_eq!(of(&arguments, &[]), Ok((Tongue::Nagios, expected)));
    }

    #[test]
    fn a_value_is_read_so_far() {
        let long = "ü".repeat(VALUE_CHARS_MAX + 1);
        assert_eq!(text(OsStr::new(&long)).chars().count(), VALUE_CHARS_MAX);
        assert_eq!(
            text(OsStr::from_bytes(&vec![0xfc; VALUE_CHARS_MAX + 1])).chars().count(),
            VALUE_CHARS_MAX
        );
    }
}

//! Notifications of Nagios and Icinga: the macros with which they run a command, as `hotpotato notify` posts them.
//!
//! ```json
//! {
//!   "macros": { "NOTIFICATIONTYPE": "PROBLEM", "HOSTNAME": "db1", "SERVICEDESC": "disk /var", "SERVICESTATE": "CRITICAL" },
//!   "labels": { "team": "db" },
//!   "happened_at": "2026-11-22T07:14:09.123456Z"
//! }
//! ```
//!
//! What they mean is read here, on the server, so that a newer server understands more without a change at the senders.
//!
//! **Which problem it is:** the host, and `!` and the service where there is one, as Icinga itself names services. Not
//! `SERVICEPROBLEMID`: a recovery that was lost would leave its alert open for ever, since the next problem has another
//! number and its recovery ends only that one; and the numbers begin again when Nagios loses its retention file.
//!
//! **What a notification means:**
//!
//! | type | means |
//! | --- | --- |
//! | `PROBLEM` | it is there |
//! | `RECOVERY` | it is over |
//! | `ACKNOWLEDGEMENT` | somebody has it, with a note by whom and why |
//! | `FLAPPINGSTART` | it is there, with a note: until it ends, they tell nothing more of it |
//! | `FLAPPINGSTOP`, `FLAPPINGEND`, `FLAPPINGDISABLED` | a note, and what the state says: the recovery in between was not told |
//! | `DOWNTIMESTART` | a note; it holds nothing |
//! | `DOWNTIMEEND`, `DOWNTIMECANCELLED`, `DOWNTIMEREMOVED` | a note, and what the state says, for the same reason |
//! | `CUSTOM` | it is there, with a note: somebody wants others to hear of it |
//! | anything else | what the state says |
//!
//! Sources: <https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/macrolist.html>,
//! <https://icinga.com/docs/icinga-2/latest/doc/03-monitoring-basics/#notification-runtime-macros>, and what both sent
//! when they ran: `tests/fixtures/nagios.jsonl`, `icinga2.jsonl`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use events::Span;
use events::event::signal::{Severity, Signal, Status};
use events::id::DedupKey;
use events::time::Timestamp;
use serde_json::json;

use super::json::{Document, Json};
use super::text::{Texts, finished, line, lines};
use super::{Deed, Delivery, NOTE_CHARS_MAX, Received, Remark, SUMMARY_CHARS_MAX, SourceError, meaning};

/// What stands before the names of macros in the environment.
const PREFIXES: [&str; 2] = ["NAGIOS_", "ICINGA_"];

/// They count whole seconds. A problem that began so shortly before its notification began with it: else one that ended
/// and came back within a second would look like the old one arriving late.
const FRESH_MAX: Span = Span::from_seconds(60);

/// The macros that mean something here. No others are sent or read: custom variables and `$USERn$` often hold passwords.
pub const MACROS: [&str; 48] = [
    "HOSTACTIONURL",
    "HOSTADDRESS",
    "HOSTALIAS",
    "HOSTATTEMPT",
    "HOSTDISPLAYNAME",
    "HOSTDOWNTIME",
    "HOSTGROUPNAME",
    "HOSTGROUPNAMES",
    "HOSTNAME",
    "HOSTNOTESURL",
    "HOSTOUTPUT",
    "HOSTPERFDATA",
    "HOSTPROBLEMID",
    "HOSTSTATE",
    "HOSTSTATEID",
    "HOSTSTATETYPE",
    "LASTHOSTSTATE",
    "LASTHOSTSTATECHANGE",
    "LASTSERVICESTATE",
    "LASTSERVICESTATECHANGE",
    "LONGDATETIME",
    "LONGHOSTOUTPUT",
    "LONGSERVICEOUTPUT",
    "MAXHOSTATTEMPTS",
    "MAXSERVICEATTEMPTS",
    "NOTIFICATIONAUTHOR",
    "NOTIFICATIONAUTHORALIAS",
    "NOTIFICATIONAUTHORNAME",
    "NOTIFICATIONCOMMENT",
    "NOTIFICATIONISESCALATED",
    "NOTIFICATIONTYPE",
    "CONTACTNAME",
    "SERVICEACTIONURL",
    "SERVICEATTEMPT",
    "SERVICEDESC",
    "SERVICEDISPLAYNAME",
    "SERVICEDOWNTIME",
    "SERVICEGROUPNAME",
    "SERVICEGROUPNAMES",
    "SERVICENAME",
    "SERVICENOTESURL",
    "SERVICEOUTPUT",
    "SERVICEPERFDATA",
    "SERVICEPROBLEMID",
    "SERVICESTATE",
    "SERVICESTATEID",
    "SERVICESTATETYPE",
    "TIMET",
];

/// The macro that a name means, with or without `NAGIOS_` or `ICINGA_` before it or `$` around it, in any letters.
pub fn macro_named(name: &str) -> Option<&'static str> {
    let name = name.trim().trim_matches('$').to_ascii_uppercase();
    let bare = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(&name);
    MACROS.into_iter().find(|known| *known == bare)
}

/// What one run of a notification command has to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// The macros by their names in [`MACROS`].
    pub macros: BTreeMap<String, String>,
    /// Labels of the caller's own, which routes match on.
    pub labels: BTreeMap<String, String>,
    /// The problem's name, where the caller does not want the usual one.
    pub dedup_key: Option<String>,
    /// `host` where it is about the host although a service is named.
    pub object: Option<String>,
    /// When the command ran.
    pub happened_at: Timestamp,
}

impl Notice {
    /// The body, as [`read`] reads it.
    pub fn body(&self) -> String {
        let mut body = json!({ "macros": self.macros, "happened_at": self.happened_at.to_string() });
        if !self.labels.is_empty() {
            body["labels"] = json!(self.labels);
        }
        for (name, value) in [("dedup_key", &self.dedup_key), ("object", &self.object)] {
            if let Some(value) = value {
                body[name] = json!(value);
            }
        }
        body.to_string()
    }
}

/// Reads one body, as posted to `/integrations/nagios/{key}`: the object above, or the macros alone.
///
/// # Errors
///
/// Any [`SourceError`]; `FieldWrong` when nothing tells what it is about.
pub fn read(body: &[u8]) -> Result<Delivery, SourceError> {
    let document = Document::open(body)?;
    let root = document.root()?;
    let Some([inner, labels, dedup_key, object, happened_at]) =
        root.pick(["macros", "labels", "dedup_key", "object", "happened_at"])
    else {
        return Err(SourceError::NotAnObject {
            found: root.kind(),
            expected: "an object with `macros`, such as HOSTNAME",
        });
    };
    let mut macros = Macros::default();
    let source = inner.unwrap_or(root);
    let done = source.each_field(|name, value| macros.put(&name, value));
    if done.is_none() {
        return Err(SourceError::FieldWrong {
            field: "macros".to_owned(),
            found: source.kind(),
            expected: "an object of macros, such as HOSTNAME",
        });
    }
    let is_of_host = object.and_then(Json::text).is_some_and(|word| word.trim().eq_ignore_ascii_case("host"));
    let moment = happened_at.and_then(Json::text).and_then(|text| meaning::moment(&text));
    let notification = Notification::of(macros, is_of_host, moment);
    let given = dedup_key.and_then(Json::text).and_then(|key| meaning::dedup_key(&key));
    notification.delivery(given, labels)
}

/// The macros that are known, without those that are blank or were not filled in.
#[derive(Default)]
struct Macros<'a>(BTreeMap<&'static str, Cow<'a, str>>);

impl<'a> Macros<'a> {
    fn put(&mut self, name: &str, value: Json<'a>) {
        let Some((name, text)) = macro_named(name).zip(value.text()) else { return };
        let is_unfilled = text.len() > 2
            && text.starts_with('$')
            && text.ends_with('$')
            && !text.contains(char::is_whitespace);
        if !text.trim().is_empty() && !is_unfilled {
            self.0.insert(name, text);
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|text| text.trim())
    }

    fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.get(name))
    }
}

/// Why a command was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Problem,
    Recovery,
    Acknowledgement,
    FlappingStart,
    FlappingEnd,
    DowntimeStart,
    DowntimeEnd,
    Custom,
    Unknown,
}

impl Type {
    /// Nagios writes `FLAPPINGSTART`, Icinga also `FlappingStart`.
    fn of(word: &str) -> Self {
        let letters: String = word.chars().filter(char::is_ascii_alphabetic).collect();
        match letters.to_ascii_uppercase().as_str() {
            "PROBLEM" => Self::Problem,
            "RECOVERY" => Self::Recovery,
            "ACKNOWLEDGEMENT" | "ACKNOWLEDGMENT" => Self::Acknowledgement,
            "FLAPPINGSTART" => Self::FlappingStart,
            "FLAPPINGSTOP" | "FLAPPINGEND" | "FLAPPINGDISABLED" => Self::FlappingEnd,
            "DOWNTIMESTART" => Self::DowntimeStart,
            "DOWNTIMEEND" | "DOWNTIMESTOP" | "DOWNTIMECANCELLED" | "DOWNTIMECANCELED" | "DOWNTIMEREMOVED" => {
                Self::DowntimeEnd
            }
            "CUSTOM" => Self::Custom,
            _ => Self::Unknown,
        }
    }
}

/// True for the states in which nothing is wrong; `None` for no state.
fn is_fine(state: Option<&str>) -> Option<bool> {
    state.map(|state| matches!(state.to_ascii_uppercase().as_str(), "OK" | "UP" | "0"))
}

fn severity(state: &str) -> Severity {
    match state.to_ascii_uppercase().as_str() {
        "CRITICAL" | "DOWN" => Severity::Critical,
        "WARNING" => Severity::Warning,
        // Also UNKNOWN, and UNREACHABLE: nobody can say how bad it is.
        _ => Severity::default(),
    }
}

/// One notification.
struct Notification<'a> {
    macros: Macros<'a>,
    kind: Type,
    is_of_service: bool,
    happened_at: Option<Timestamp>,
}

impl<'a> Notification<'a> {
    fn of(macros: Macros<'a>, is_of_host: bool, happened_at: Option<Timestamp>) -> Self {
        let kind = Type::of(macros.get("NOTIFICATIONTYPE").unwrap_or_default());
        let is_of_service = !is_of_host && macros.first(&["SERVICEDESC", "SERVICENAME"]).is_some();
        let moment = |name| macros.get(name).and_then(long_moment);
        let happened_at = happened_at.or_else(|| moment("TIMET")).or_else(|| moment("LONGDATETIME"));
        Self { macros, kind, is_of_service, happened_at }
    }

    /// The macro of the service, or of the host: `*` stands for `SERVICE` or `HOST`.
    fn own(&self, name: &str) -> Option<&str> {
        let object = if self.is_of_service { "SERVICE" } else { "HOST" };
        self.macros.get(&name.replace('*', object))
    }

    fn host(&self) -> Option<&str> {
        self.macros.first(&["HOSTNAME", "HOSTALIAS", "HOSTDISPLAYNAME", "HOSTADDRESS"])
    }

    fn service(&self) -> Option<&str> {
        self.macros.first(&["SERVICEDESC", "SERVICENAME"]).filter(|_| self.is_of_service)
    }

    fn state(&self) -> Option<&str> {
        self.own("*STATE").or_else(|| self.own("*STATEID"))
    }

    fn output(&self) -> Option<&str> {
        self.own("*OUTPUT")
    }

    fn delivery(&self, given: Option<DedupKey>, labels: Option<Json<'_>>) -> Result<Delivery, SourceError> {
        let dedup_key = given.or_else(|| self.dedup_key()).ok_or_else(|| SourceError::FieldWrong {
            field: "macros.HOSTNAME".to_owned(),
            found: "missing",
            expected: "the name of the host",
        })?;
        let mut delivery = Delivery::default();
        let remark = |deed| Remark { dedup_key: dedup_key.clone(), deed };
        if self.kind == Type::Acknowledgement {
            delivery.remarks.push(remark(Deed::Acknowledged));
        }
        delivery.remarks.extend(self.note().map(|text| remark(Deed::Noted(text))));
        if let Some(status) = self.status() {
            let signal = self.signal(status, &dedup_key, labels);
            delivery.signals.push(Received { dedup_key, signal });
        }
        Ok(delivery)
    }

    fn dedup_key(&self) -> Option<DedupKey> {
        match (self.host(), self.service()) {
            (Some(host), Some(service)) => meaning::dedup_key(&format!("{host}!{service}")),
            (Some(name), None) | (None, Some(name)) => meaning::dedup_key(name),
            (None, None) => self.output().map(|output| meaning::derived_key([output])),
        }
    }

    /// What it says about the problem, if anything.
    fn status(&self) -> Option<Status> {
        let by_state = is_fine(self.state()).map(|fine| if fine { Status::Resolved } else { Status::Firing });
        match self.kind {
            Type::Problem | Type::FlappingStart | Type::Custom => Some(Status::Firing),
            Type::Recovery => Some(Status::Resolved),
            Type::Acknowledgement | Type::DowntimeStart => None,
            Type::FlappingEnd => by_state,
            Type::DowntimeEnd => {
                by_state.filter(|status| *status == Status::Resolved || !self.is_told_later())
            }
            Type::Unknown => Some(by_state.unwrap_or(Status::Firing)),
        }
    }

    /// True while another downtime goes on, and while they have not made up their mind.
    fn is_told_later(&self) -> bool {
        let is_in_downtime = ["HOSTDOWNTIME", "SERVICEDOWNTIME"].iter().any(|name| {
            self.macros.get(name).and_then(|depth| depth.parse::<f64>().ok()).is_some_and(|depth| depth > 0.0)
        });
        is_in_downtime || self.own("*STATETYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("SOFT"))
    }

    /// What the timeline keeps of it: `ACKNOWLEDGEMENT, alice: on it`.
    fn note(&self) -> Option<String> {
        if matches!(self.kind, Type::Problem | Type::Recovery | Type::Unknown) {
            return None;
        }
        let author =
            self.macros.first(&["NOTIFICATIONAUTHORALIAS", "NOTIFICATIONAUTHORNAME", "NOTIFICATIONAUTHOR"]);
        let author = author.map(|author| format!(", {author}")).unwrap_or_default();
        let words = self.macros.get("NOTIFICATIONCOMMENT").or_else(|| self.output());
        let words = words.map(|words| format!(": {words}")).unwrap_or_default();
        let word = self.macros.get("NOTIFICATIONTYPE").unwrap_or_default();
        let note = lines(&format!("{}{author}{words}", line(word, SUMMARY_CHARS_MAX)), NOTE_CHARS_MAX);
        (!note.is_empty()).then_some(note)
    }

    fn signal(&self, status: Status, dedup_key: &DedupKey, own_labels: Option<Json<'_>>) -> Signal {
        let (mut labels, mut details) = (Texts::labels(), Texts::details());
        self.put_labels(&mut labels);
        if let Some(odd) = labels.put_fields(own_labels) {
            details.put_missing("labels", &odd);
        }
        self.put_details(&mut details);
        let (labels, details) = finished(labels, details);
        let summary = line(&self.summary(), SUMMARY_CHARS_MAX);
        let summary = if summary.is_empty() { dedup_key.to_string() } else { summary };
        let started_at = self.started_at().filter(|_| status == Status::Firing);
        let severity = self.severity();
        // What is all right has no word for how bad it is.
        let state = self.state().filter(|state| is_fine(Some(state)) != Some(true)).unwrap_or_default();
        let severity_said = meaning::severity_said(state, severity);
        Signal { status, summary, severity, severity_said, labels, details, started_at, finding: None }
    }

    /// `db1 / disk /var CRITICAL: 3% free`; the state where the plugin does not name it itself.
    fn summary(&self) -> String {
        let names: Vec<&str> = self.host().into_iter().chain(self.service()).collect();
        let output = self.output().and_then(|output| output.lines().next()).unwrap_or_default();
        let state = if self.kind == Type::FlappingStart { Some("FLAPPING") } else { self.state() };
        let is_named =
            |state: &&str| !output.to_ascii_uppercase().contains(state.to_ascii_uppercase().as_str());
        let state = state.filter(is_named).map(|state| format!(" {state}")).unwrap_or_default();
        let comment = self.macros.get("NOTIFICATIONCOMMENT").filter(|_| self.kind == Type::Custom);
        let words: Vec<&str> = comment.into_iter().chain((!output.is_empty()).then_some(output)).collect();
        let head = format!("{}{state}", names.join(" / "));
        let parts = [head, words.join(" – ")];
        parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(": ")
    }

    fn severity(&self) -> Severity {
        let state = self.state().unwrap_or_default();
        let is_all_right = is_fine(Some(state)) == Some(true);
        let last = self.macros.get(if self.is_of_service { "LASTSERVICESTATE" } else { "LASTHOSTSTATE" });
        match (self.kind, last) {
            // What flaps is all right at times.
            (Type::FlappingStart, Some(last)) if is_all_right && is_fine(Some(last)) == Some(false) => {
                severity(last)
            }
            (Type::FlappingStart, _) if is_all_right => Severity::Warning,
            (Type::Custom, _) if is_all_right => Severity::Info,
            _ => severity(state),
        }
    }

    /// When the problem began. What is no `PROBLEM` counts from its own moment, so that it is never taken for an older
    /// one that comes late.
    fn started_at(&self) -> Option<Timestamp> {
        let changed = if self.is_of_service { "LASTSERVICESTATECHANGE" } else { "LASTHOSTSTATECHANGE" };
        let changed = self.macros.get(changed).and_then(meaning::moment);
        match (self.happened_at, changed) {
            (Some(happened), Some(changed))
                if self.kind == Type::Problem && happened.since(changed) >= FRESH_MAX =>
            {
                Some(changed)
            }
            (Some(happened), _) => Some(happened),
            (None, changed) => changed.filter(|_| self.kind == Type::Problem),
        }
    }

    fn put_labels(&self, labels: &mut Texts) {
        let of_service = |names: &[&str]| self.macros.first(names).filter(|_| self.is_of_service);
        for (name, value) in [
            ("host", self.host()),
            ("service", self.service()),
            ("hostgroups", self.macros.first(&["HOSTGROUPNAMES", "HOSTGROUPNAME"])),
            ("servicegroups", of_service(&["SERVICEGROUPNAMES", "SERVICEGROUPNAME"])),
            ("contact", self.macros.get("CONTACTNAME")),
        ] {
            if let Some(value) = value {
                labels.put(name, value);
            }
        }
    }

    fn put_details(&self, details: &mut Texts) {
        let long = if self.is_of_service { "LONGSERVICEOUTPUT" } else { "LONGHOSTOUTPUT" };
        // Nagios writes line breaks as two characters there.
        let long = self.macros.get(long).map(|text| text.replace("\\n", "\n"));
        let output: Vec<&str> = self.output().into_iter().chain(long.as_deref()).collect();
        let attempts = if self.is_of_service { "MAXSERVICEATTEMPTS" } else { "MAXHOSTATTEMPTS" };
        let attempts = self.own("*ATTEMPT").zip(self.macros.get(attempts));
        let attempts = attempts.map(|(attempt, max)| format!("{attempt}/{max}"));
        let output = (!output.is_empty()).then(|| output.join("\n"));
        for (name, value) in [
            ("output", output.as_deref()),
            ("state", self.state()),
            ("address", self.macros.get("HOSTADDRESS")),
            ("comment", self.macros.get("NOTIFICATIONCOMMENT")),
            ("notes_url", self.own("*NOTESURL").or_else(|| self.macros.get("HOSTNOTESURL"))),
            ("action_url", self.own("*ACTIONURL").or_else(|| self.macros.get("HOSTACTIONURL"))),
            ("attempt", attempts.as_deref()),
            ("problem_id", self.own("*PROBLEMID").filter(|id| *id != "0")),
            ("performance_data", self.own("*PERFDATA")),
        ] {
            if let Some(value) = value {
                details.put(name, value);
            }
        }
    }
}

/// A moment, also as Icinga writes it: `2026-11-22 07:19:53 +0000`.
fn long_moment(text: &str) -> Option<Timestamp> {
    meaning::moment(text).or_else(|| {
        let (day, rest) = text.split_once(' ')?;
        let (time, offset) = rest.split_once(' ')?;
        meaning::moment(&format!("{day}T{time}{offset}"))
    })
}

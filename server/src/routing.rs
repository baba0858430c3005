//! Where signals would go, and why: for the API and for the command line, which reads files without a server.

use std::collections::BTreeMap;

use actors::monitor::{SILENCE_KEY, Say};
use adapters::source::{Delivery, Received, SourceError, generic, opsgenie};
use chrono::Datelike as _;
use chrono_tz::Tz;
use domain::directory::Directory;
use domain::rota::wall::shown;
use domain::routing::explain::{Explanation, Judged, Verdict, explain};
use domain::routing::{Miss, Wanted};
use events::event::routes::{TextTest, When};
use events::event::signal::{Severity, Status};
use events::event::source::{SourceDefined, SourceKind};
use events::{SourceId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What is wrong when nobody says it.
const SUMMARY_DEFAULT: &str = "test";

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    /// Who would say it.
    pub(crate) source: String,
    /// When, in RFC 3339; now when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<String>,
    /// What it would send, as it sends it: JSON, or a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Value>,
    /// Without a body: what is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) summary: Option<String>,
    /// Without a body: more about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// Without a body: how bad the source calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) severity: Option<String>,
    /// Without a body.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) labels: BTreeMap<String, String>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unanswered {
    /// No source has this name.
    #[error("there is no source {0:?}")]
    NoSource(String),
    /// There is a body, and there are labels or the like.
    #[error("send either a `body`, or what it would say: `summary`, `description`, `severity`, `labels`")]
    Twice,
    /// The source could not send this.
    #[error(transparent)]
    Malformed(#[from] SourceError),
}

/// Where signals would go.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// When they would be taken.
    pub(crate) at: String,
    /// Who would say them.
    pub(crate) source: String,
    /// In the order of the body.
    pub(crate) signals: Vec<Routed>,
}

/// Where one signal would go, and why.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Routed {
    /// What the source calls the problem.
    pub(crate) dedup_key: String,
    /// Whether it is there.
    pub(crate) status: Status,
    /// What is wrong.
    pub(crate) summary: String,
    /// What routes match on.
    pub(crate) labels: BTreeMap<String, String>,
    /// How bad it is.
    pub(crate) severity: Steps,
    /// Every route in order.
    pub(crate) routes: Vec<Asked>,
    /// The one that takes it; 0 when none had to, since its source has a service of its own.
    pub(crate) route: Option<u32>,
    /// The service; none when it would go nowhere.
    pub(crate) service: Option<String>,
    /// Its name for people.
    pub(crate) service_name: Option<String>,
    /// How it escalates.
    pub(crate) policy: Option<String>,
}

/// How bad it is, from the source's word to ours.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Steps {
    /// What the source calls it; none when it is our word, or none was said.
    pub(crate) said: Option<String>,
    /// As what it is read.
    pub(crate) read: Severity,
    /// By the source's map; what routes ask for.
    pub(crate) of_source: Severity,
    /// By the route's map: what the alert would have.
    pub(crate) becomes: Severity,
}

/// One route.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// Its number, from 1.
    pub(crate) route: u32,
    /// What it asks for; everything when empty.
    pub(crate) when: Vec<String>,
    /// Where it leads.
    pub(crate) service: String,
    /// What it says.
    pub(crate) verdict: Said,
    /// The conditions that do not hold.
    pub(crate) misses: Vec<Missed>,
}

/// What a route says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Said {
    /// Some condition does not hold.
    Missed,
    /// It takes it.
    Taken,
    /// It would, but its service is gone.
    ServiceGone,
    /// An earlier one takes it.
    NotAsked,
}

/// A condition that does not hold.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Missed {
    /// Which: `source`, `severity`, `label`, `hours` or `text`.
    pub(crate) condition: String,
    /// Of which label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<String>,
    /// What the route asks for.
    pub(crate) wanted: String,
    /// What there is; none when the label is not there.
    pub(crate) found: Option<String>,
}

/// Says where what a source says would go.
pub(crate) fn answer(directory: &Directory, asked: &Question, at: Timestamp) -> Result<Answer, Unanswered> {
    let found = directory.sources().get_key_value(asked.source.as_str());
    let (source, defined) = found.ok_or_else(|| Unanswered::NoSource(asked.source.clone()))?;
    let signals = signals(source, defined, asked, at)?;
    let signals = signals.iter().map(|received| routed(directory, source, received, at)).collect();
    Ok(Answer { at: at.to_string(), source: asked.source.clone(), signals })
}

fn signals(
    source: &SourceId,
    defined: &SourceDefined,
    asked: &Question,
    at: Timestamp,
) -> Result<Vec<Received>, Unanswered> {
    let is_described = asked.summary.is_some()
        || asked.description.is_some()
        || asked.severity.is_some()
        || !asked.labels.is_empty();
    let delivery = match &asked.body {
        Some(_) if is_described => return Err(Unanswered::Twice),
        Some(Value::String(text)) => adapters::source::read(defined.kind, text.as_bytes())?,
        Some(body) => adapters::source::read(defined.kind, body.to_string().as_bytes())?,
        // All that a heartbeat has to say is that it is silent.
        None if defined.kind == SourceKind::Heartbeat => {
            let every = defined.every.unwrap_or_default();
            let say =
                Say { source: source.clone(), status: Status::Firing, last_at: Some(at), every, by: None };
            return Ok(vec![Received { dedup_key: SILENCE_KEY.into(), signal: say.signal() }]);
        }
        None => described(defined.kind, asked)?,
    };
    Ok(delivery.signals)
}

/// What is said in our own words, read as a source of this kind would be.
fn described(kind: SourceKind, asked: &Question) -> Result<Delivery, SourceError> {
    let summary = asked.summary.as_deref().filter(|summary| !summary.trim().is_empty());
    let mut body = json!({ "summary": summary.unwrap_or(SUMMARY_DEFAULT), "labels": asked.labels });
    if let Some(description) = &asked.description {
        body["details"] = json!({ "description": description });
    }
    if let Some(severity) = &asked.severity {
        body["severity"] = severity.as_str().into();
    }
    let mut delivery = generic::read(body.to_string().as_bytes())?;
    // Its priorities are nobody else's severities.
    let priority = asked.severity.as_ref().filter(|_| kind == SourceKind::Opsgenie);
    if let Some(priority) = priority {
        for received in &mut delivery.signals {
            received.signal.severity = opsgenie::severity(priority);
        }
    }
    Ok(delivery)
}

fn routed(directory: &Directory, source: &SourceId, received: &Received, at: Timestamp) -> Routed {
    let signal = &received.signal;
    let Explanation { severity, routes, placed } = explain(directory, source, signal, at);
    let asked = |judged: Judged<'_>| {
        let (verdict, misses) = match judged.verdict {
            Verdict::Missed(misses) => (Said::Missed, misses),
            Verdict::ServiceGone => (Said::ServiceGone, Vec::new()),
            Verdict::Taken => (Said::Taken, Vec::new()),
            Verdict::NotAsked => (Said::NotAsked, Vec::new()),
        };
        let when = &judged.route.when;
        Asked {
            route: judged.number,
            when: conditions(when),
            service: judged.route.service.to_string(),
            verdict,
            misses: misses.iter().map(|miss| missed(miss, when, source, received, (severity, at))).collect(),
        }
    };
    Routed {
        dedup_key: received.dedup_key.to_string(),
        status: signal.status,
        summary: signal.summary.clone(),
        labels: signal.labels.clone(),
        severity: Steps {
            said: signal.severity_said.clone(),
            read: signal.severity,
            of_source: severity,
            becomes: placed.as_ref().map_or(severity, |placed| placed.severity),
        },
        routes: routes.into_iter().map(asked).collect(),
        route: placed.as_ref().map(|placed| placed.route),
        service: placed.as_ref().map(|placed| placed.id.to_string()),
        service_name: placed.as_ref().map(|placed| placed.service.name.clone()),
        policy: placed.as_ref().map(|placed| placed.service.policy.to_string()),
    }
}

fn missed(
    miss: &Miss<'_>,
    when: &When,
    source: &SourceId,
    received: &Received,
    (severity, at): (Severity, Timestamp),
) -> Missed {
    let (condition, label, wanted, found) = match *miss {
        Miss::Source => ("source", None, sources(when), Some(source.to_string())),
        Miss::Severity => ("severity", None, severities(when), Some(severity.as_str().to_owned())),
        Miss::Label { label, wanted, found } => {
            let wanted = match wanted {
                Wanted::Equal(value) => value.to_owned(),
                Wanted::Matching(pattern) => format!("~ {pattern}"),
            };
            ("label", Some(label.to_owned()), wanted, found.map(str::to_owned))
        }
        Miss::Hours => ("hours", None, hours(when), local(when, at)),
        Miss::Text => ("text", None, text(when), Some(received.signal.summary.clone())),
    };
    Missed { condition: condition.to_owned(), label, wanted, found }
}

/// What a route asks for, one condition each, as `route test` and the list of changes say it.
pub(crate) fn conditions(when: &When) -> Vec<String> {
    let mut said = Vec::new();
    if when.wanted_sources().next().is_some() {
        said.push(format!("source {}", sources(when)));
    }
    said.extend(when.labels.iter().map(|(label, value)| format!("{label}={value}")));
    said.extend(when.label_patterns.iter().map(|(label, pattern)| format!("{label}=~{pattern}")));
    if when.severity.is_some() || !when.severities.is_empty() {
        said.push(format!("severity {}", severities(when)));
    }
    if when.text.is_some() {
        said.push(format!("text {}", text(when)));
    }
    if !when.hours.is_empty() {
        said.push(format!("hours {}", hours(when)));
    }
    said
}

fn sources(when: &When) -> String {
    when.wanted_sources().map(SourceId::as_str).collect::<Vec<_>>().join(", ")
}

fn severities(when: &When) -> String {
    let least = when.severity.map(|least| format!(">= {}", least.as_str()));
    let named = when.severities.iter().map(|severity| severity.as_str().to_owned());
    least.into_iter().chain(named).collect::<Vec<_>>().join(", ")
}

fn text(when: &When) -> String {
    match &when.text {
        Some(TextTest::Contains(words)) => words.clone(),
        Some(TextTest::Matches(pattern)) => format!("~ {pattern}"),
        None => String::new(),
    }
}

fn hours(when: &When) -> String {
    let spans: Vec<String> = when.hours.iter().map(ToString::to_string).collect();
    format!("{} {}", spans.join(", "), when.time_zone.as_deref().unwrap_or_default())
}

/// What clocks in the route's zone show.
fn local(when: &When, at: Timestamp) -> Option<String> {
    let zone: Tz = when.time_zone.as_deref()?.parse().ok()?;
    let wall = shown(zone, at);
    Some(format!("{} {}", wall.weekday(), wall.format("%Y-%m-%d %H:%M")))
}

#[cfg(test)]
mod tests;

//! What is sent to the house, and what it understands.

mod alertmanager;
mod generic;
mod goalert;
mod hostile;
mod nagios;
mod oncall;
mod opsgenie;
mod pagerduty;

use std::collections::BTreeMap;
use std::path::Path;

use adapters::source::{Delivery, Received};
use events::event::signal::{Severity, Signal, Status};
use events::time::Timestamp;

/// Every body in the fixtures: of captured requests the body alone, of other files each line or the whole.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the fixtures are there")
        .map(|entry| entry.expect("the fixtures can be listed").path())
        .collect();
    paths.sort();
    let mut bodies = Vec::new();
    for path in paths {
        let name = path.file_name().expect("it is a file").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("it is text");
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            bodies.extend(text.lines().take(3).map(|line| (name.clone(), line.as_bytes().to_vec())));
        } else {
            bodies.push((name, body_of(&text)));
        }
    }
    bodies
}

/// The body of a captured request; the whole text when it is none.
fn body_of(text: &str) -> Vec<u8> {
    let request: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    request.get("body").map_or_else(|| text.as_bytes().to_vec(), |body| body.to_string().into_bytes())
}

fn fixture(name: &str) -> Vec<u8> {
    let all = fixtures();
    all.into_iter().find(|(file, _)| file == name).expect("there is such a fixture").1
}

fn texts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A firing error without labels and details.
fn signal(key: &str, summary: &str) -> Received {
    Received {
        dedup_key: key.into(),
        signal: Signal {
            status: Status::Firing,
            summary: summary.to_owned(),
            severity: Severity::Error,
            labels: BTreeMap::new(),
            details: BTreeMap::new(),
            started_at: None,
            severity_said: None,
            finding: None,
        },
    }
}

fn delivery<const N: usize>(signals: [Received; N]) -> Delivery {
    Delivery { signals: signals.into(), ..Delivery::default() }
}

fn moment(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).expect("the moment is written correctly")
}

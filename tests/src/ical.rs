//! Calendars as another program reads and writes them: Python's `icalendar`, from the Debian package
//! `python3-icalendar`.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;

/// A calendar as that program reads it.
#[derive(Debug, Deserialize)]
pub struct Calendar {
    /// What it is called.
    pub name: String,
    /// What is to be done with it.
    pub method: String,
    /// Every offset of every zone that it brings along.
    pub zones: std::collections::BTreeMap<String, Vec<String>>,
    /// What happens.
    pub events: Vec<Event>,
}

/// An event; its moments in UTC, by the calendar's own zones.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Event {
    /// What makes it the same in every version.
    pub uid: String,
    /// Its title.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// Its version.
    pub stamp: String,
    /// The zone in which it is written; none when in UTC.
    pub zone: Option<String>,
    /// From when.
    pub start: String,
    /// Until when.
    pub end: String,
}

/// Reads a calendar.
///
/// # Panics
/// When it cannot be read.
pub fn read(text: &str) -> Calendar {
    let read = run("read", text.as_bytes());
    serde_json::from_slice(&read).unwrap_or_else(|error| panic!("{error} after {text}"))
}

/// Writes events with local times; the script says what each of them has.
///
/// # Panics
/// When they cannot be written.
pub fn write(events: &Value) -> String {
    String::from_utf8(run("write", events.to_string().as_bytes())).expect("a text")
}

fn run(how: &str, input: &[u8]) -> Vec<u8> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/ical.py");
    // Debian's own Python: another one in the path does not know Debian's packages.
    let mut child = Command::new("/usr/bin/python3")
        .arg(script)
        .arg(how)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python starts");
    child.stdin.take().expect("an input").write_all(input).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(input)
    );
    output.stdout
}

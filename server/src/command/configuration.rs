//! Configuration files as commands read them: `check` and `apply` say mistakes in the same way.

use std::path::PathBuf;

use adapters::clock::HouseClock;
use adapters::configuration::{Reading, examine, say};
use domain::blueprint::check::Completeness;
use domain::blueprint::mistake::{Mistake, Severity};
use domain::port::Clock as _;
use i18n::Locale;
use serde_json::{Value, json};

/// What files hold, and what is wrong with them.
pub(super) struct Examined {
    /// What was read.
    pub(super) reading: Reading,
    /// What is wrong, one line each, in the order of the files.
    pub(super) said: Vec<String>,
    /// How many of these are mistakes.
    pub(super) mistakes: i64,
    /// How many are only warnings.
    pub(super) warnings: i64,
}

/// Reads files and says everything that is wrong with them.
pub(super) fn read(files: &[PathBuf], completeness: Completeness, locale: Locale) -> Examined {
    let reading = examine(files, completeness).looking_ahead(HouseClock::start().now());
    let said = reading.mistakes.iter().map(|mistake| say(mistake, locale)).collect();
    let count = |wanted| {
        let found = reading.mistakes.iter().filter(|mistake| mistake.severity == wanted).count();
        i64::try_from(found).unwrap_or(i64::MAX)
    };
    let (mistakes, warnings) = (count(Severity::Mistake), count(Severity::Warning));
    Examined { reading, said, mistakes, warnings }
}

impl Examined {
    /// What is wrong, for programs.
    pub(super) fn to_json(&self) -> Value {
        let mistakes = self.reading.mistakes.iter().zip(&self.said);
        mistakes.map(|(mistake, text)| as_json(mistake, text)).collect()
    }
}

fn as_json(mistake: &Mistake, text: &str) -> Value {
    let severity = match mistake.severity {
        Severity::Mistake => "mistake",
        Severity::Warning => "warning",
    };
    let place = mistake.place.as_ref();
    json!({
        "severity": severity,
        "file": place.map(|place| &*place.file),
        "line": place.map(|place| place.line),
        "column": place.map(|place| place.column),
        "path": mistake.path.to_string(),
        "text": text,
    })
}

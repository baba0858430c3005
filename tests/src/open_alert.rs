//! An alert that is open, as the house lists it.

use serde_json::Value;

/// An open alert, as `alerts --format json` lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAlert {
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// What is wrong.
    pub summary: String,
    /// Which service it belongs to.
    pub service: String,
    /// How bad it is.
    pub severity: String,
    /// `open`, `acknowledged`, `held`.
    pub state: String,
    /// Since when, in milliseconds since 1970-01-01 UTC.
    pub raised_at_ms: i64,
}

impl OpenAlert {
    /// Reads one entry of the list.
    ///
    /// # Panics
    /// When it is not what the contract promises.
    pub fn read(value: &Value) -> Self {
        let raised_at = chrono::DateTime::parse_from_rfc3339(&text(value, "raised_at"));
        Self {
            id: text(value, "id"),
            code: text(value, "code"),
            summary: text(value, "summary"),
            service: text(value, "service"),
            severity: text(value, "severity"),
            state: text(value, "state"),
            raised_at_ms: raised_at.expect("`raised_at` is a moment").timestamp_millis(),
        }
    }
}

/// A field that must be text.
///
/// # Panics
/// When it is not.
pub fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("`{name}` is no text in {value}")).to_owned()
}

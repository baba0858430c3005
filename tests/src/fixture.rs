//! What the real programs have sent: `tests/fixtures`.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The body of one captured request, such as `am-webhook-001-hook.json`.
///
/// # Panics
/// When there is none.
pub fn body(name: &str) -> Value {
    let path = folder().join(name);
    let text = std::fs::read_to_string(&path);
    let text = text.unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()));
    let mut request: Value = serde_json::from_str(&text).expect("a fixture is JSON");
    // What was written after documentation is the body alone.
    if request.get("method").is_some() { request["body"].take() } else { request }
}

/// The names of all captured bodies that begin like this, in order.
///
/// # Panics
/// When there are none.
pub fn names(start: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("the fixtures can be listed");
    let names = entries.map(|entry| entry.expect("the fixtures can be listed").file_name());
    let mut names: Vec<String> =
        names.filter_map(|name| name.into_string().ok()).filter(|name| name.starts_with(start)).collect();
    names.sort();
    assert!(!names.is_empty(), "there are no fixtures {start}…");
    names
}

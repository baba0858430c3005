//! `GoAlert`'s generic API: what posted there posts here when its address is changed.
//!
//! The fields stand in the address, in a form, or in a JSON object, which counts before the others.
//!
//! Source: <https://github.com/target/goalert/blob/master/genericapi/handler.go>.

use events::event::signal::{Severity, Signal, Status};

use super::json::{Document, Json};
use super::text::{Texts, finished, line};
use super::{Delivery, Received, SUMMARY_CHARS_MAX, SourceError, meaning};

/// So many fields of a form are read.
const FORM_FIELDS_MAX: usize = 1_000;

/// What a request says, wherever it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    summary: String,
    details: String,
    action: String,
    dedup: String,
    token: String,
    meta: Vec<(String, String)>,
}

impl Fields {
    /// Takes in a field of an address or a form: the first with a name counts, as there. `meta` may come several times,
    /// each `name=value`.
    pub fn put(&mut self, name: &str, value: &str) {
        let field = match name {
            "summary" => &mut self.summary,
            "details" => &mut self.details,
            "action" => &mut self.action,
            "dedup" => &mut self.dedup,
            "token" => &mut self.token,
            "meta" => {
                if let Some((name, value)) = value.split_once('=') {
                    self.meta.push((name.to_owned(), value.to_owned()));
                }
                return;
            }
            _ => return,
        };
        if field.is_empty() {
            value.clone_into(field);
        }
    }

    /// Takes in a form as browsers and scripts write it; what is no UTF-8 of it is replaced.
    pub fn put_form(&mut self, form: &[u8]) {
        for pair in form.split(|&byte| byte == b'&').take(FORM_FIELDS_MAX) {
            let at = pair.iter().position(|&byte| byte == b'=').unwrap_or(pair.len());
            let (name, value) = (&pair[..at], pair.get(at + 1..).unwrap_or_default());
            self.put(&decoded(name), &decoded(value));
        }
    }

    /// Takes in a JSON object.
    ///
    /// # Errors
    ///
    /// Any [`SourceError`].
    pub fn put_json(&mut self, body: &[u8]) -> Result<(), SourceError> {
        let document = Document::open(body)?;
        let root = document.root()?;
        let Some([summary, details, action, dedup, meta]) =
            root.pick(["summary", "details", "action", "dedup", "meta"])
        else {
            return Err(SourceError::NotAnObject {
                found: root.kind(),
                expected: "an object with `summary`, as GoAlert's generic API takes it",
            });
        };
        for (field, value) in [
            (&mut self.summary, summary),
            (&mut self.details, details),
            (&mut self.action, action),
            (&mut self.dedup, dedup),
        ] {
            if let Some(text) = value.and_then(Json::text) {
                *field = text.into_owned();
            }
        }
        meta.and_then(|meta| {
            meta.each_field(|name, value| {
                if let Some(value) = value.text() {
                    self.meta.push((name.into_owned(), value.into_owned()));
                }
            })
        });
        Ok(())
    }

    /// The key that came with them; empty when none did.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// What they mean. `meta` becomes labels. Without `dedup` the key is a hash of `summary` and `details`, so a problem
    /// that ends has to be sent with the same two.
    ///
    /// # Errors
    ///
    /// `FieldWrong` for a `summary` that is missing where it is needed.
    pub fn delivery(&self) -> Result<Delivery, SourceError> {
        let given = meaning::dedup_key(&self.dedup);
        let is_over = self.action == "close";
        let mut summary = line(&self.summary, SUMMARY_CHARS_MAX);
        if summary.is_empty() {
            let key = given.as_ref().filter(|_| is_over);
            summary = key.map(ToString::to_string).ok_or_else(|| SourceError::FieldWrong {
                field: "summary".to_owned(),
                found: "missing",
                expected: "what is wrong, in one line of text",
            })?;
        }
        let dedup_key =
            given.unwrap_or_else(|| meaning::derived_key([self.summary.as_str(), self.details.as_str()]));
        let (mut labels, mut details) = (Texts::labels(), Texts::details());
        for (name, value) in &self.meta {
            labels.put(name, value);
        }
        if !self.details.trim().is_empty() {
            details.put("details", &self.details);
        }
        let severity = labels.get("severity").map_or_else(Severity::default, meaning::severity);
        let severity_said = labels.get("severity").and_then(|word| meaning::severity_said(word, severity));
        let (labels, details) = finished(labels, details);
        let status = if is_over { Status::Resolved } else { Status::Firing };
        let signal = Signal {
            status,
            summary,
            severity,
            severity_said,
            labels,
            details,
            started_at: None,
            finding: None,
        };
        Ok(Delivery { signals: vec![Received { dedup_key, signal }], ..Delivery::default() })
    }
}

/// Text of a form: `+` is a space, `%2F` a byte.
fn decoded(text: &[u8]) -> String {
    let digit =
        |at: usize| char::from(*text.get(at)?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let escaped = if byte == b'%' { digit(at + 1).zip(digit(at + 2)) } else { None };
        bytes.push(match (byte, escaped) {
            (_, Some((high, low))) => high << 4 | low,
            (b'+', None) => b' ',
            (byte, None) => byte,
        });
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads one JSON body.
///
/// # Errors
///
/// Any [`SourceError`]; `FieldWrong` for a `summary` that is missing where it is needed.
pub fn read(body: &[u8]) -> Result<Delivery, SourceError> {
    let mut fields = Fields::default();
    fields.put_json(body)?;
    fields.delivery()
}
